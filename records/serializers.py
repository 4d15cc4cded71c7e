"""Records as the API writes them. What a source is silent on is null or an empty list."""

from datetime import date
from functools import partial
from operator import attrgetter, methodcaller

from django.db import models
from django.utils.functional import cached_property
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from records.fields import LinesField
from records.memory import remembered


class Address(serializers.URLField):
    """The address of a record's page, in full."""

    def __init__(self, source="get_absolute_url", **kwargs):
        kwargs.setdefault("help_text", _("The permanent address of its page."))
        super().__init__(source=source, **kwargs)

    def get_attribute(self, record):
        """What the method says; the framework would look into how each may be called."""
        *before, method = self.source_attrs
        for name in before:
            record = getattr(record, name)
        return getattr(record, method)()

    @cached_property
    def in_full(self):
        return self.context["request"].build_absolute_uri

    def to_representation(self, path):
        return self.in_full(path)


class Lines(serializers.ListField):
    child = serializers.CharField()


class Row(serializers.Serializer):
    """Fields of which an empty text becomes null: a source that is silent says nothing."""

    @cached_property
    def portal(self):
        """The address that every other begins with: what is remembered of a row is told under it."""
        return self.context["request"].build_absolute_uri("/")

    @cached_property
    def writers(self):
        """Of each field its name, what reads its value of a record, and what writes that.

        The framework finds it out anew for every field of every record, which took longer than
        to bring the records.
        """
        return [
            (field.field_name, reading(field), writing(field)) for field in self._readable_fields
        ]

    def to_representation(self, instance):
        row = {}
        for name, read, write in self.writers:
            value = read(instance)
            row[name] = write(value) if value or (value is not None and value != "") else None
        return row


def reading(field):
    """What reads the value of a field of a record."""
    if field.source == "*":
        return itself
    if isinstance(field, serializers.ListSerializer):
        return methodcaller("related", field.source)
    if type(field).get_attribute is not serializers.Field.get_attribute:
        return field.get_attribute
    return attrgetter(field.source)


def writing(field):
    """What writes a value that is said."""
    if type(field) is serializers.ListSerializer:
        write = field.child.to_representation
        return lambda records: [write(record) for record in records]
    return WRITE.get(type(field), field.to_representation)


def itself(value):
    return value


def iso(moment):
    return moment.astimezone(get_default_timezone()).isoformat()


# What writes the values of the commonest fields: they are what their columns hold.
WRITE = {
    serializers.BooleanField: bool,
    serializers.CharField: str,
    serializers.ChoiceField: itself,
    serializers.DateField: date.isoformat,
    serializers.DateTimeField: iso,
    serializers.IntegerField: int,
    serializers.SlugField: str,
    serializers.URLField: str,
    serializers.UUIDField: str,
    Lines: list,
}


class ModelRow(Row, serializers.ModelSerializer):
    """A row with fields of a model."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        LinesField: Lines
    }

    def build_standard_field(self, field_name, model_field):
        """As a field that is only read: what it is, without what it would accept."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        kept = {name: kwargs[name] for name in ("label", "help_text", "choices") if name in kwargs}
        is_text = isinstance(model_field, models.CharField | models.TextField)
        return field_class, kept | {
            "allow_null": model_field.null or (is_text and model_field.blank)
        }


class SourceSerializer(Row):
    """The paper that a record was taken from, and the page in it."""

    url = Address("public_source.get_absolute_url")
    slug = serializers.SlugField(source="public_source.slug")
    title = serializers.CharField(source="public_source.title")
    page = serializers.CharField(
        source="source_page",
        allow_null=True,
        help_text=_("As one would cite it: 7, 12–13, or the heading on a web page."),
    )

    def to_representation(self, record):
        """Of many records the same."""
        source = record.public_source
        if source is None:
            return None
        key = ("source", source.pk, record.source_page, self.portal)
        return remembered(key, partial(super().to_representation, record))


class RecordSerializer(ModelRow):
    """What every record has: an address that never breaks, and a source."""

    url = Address()
    slug = serializers.SlugField(
        help_text=_("The last part of the address. A former one redirects to the present one.")
    )
    source = SourceSerializer(source="*", allow_null=True)
    as_printed = serializers.CharField(
        source="public_as_printed",
        allow_null=True,
        help_text=_("The original wording, where an editor has released it."),
    )

    class Meta:
        extra_kwargs = {
            "identifier": {"help_text": _("The same in every installation, and for good.")},
        }
