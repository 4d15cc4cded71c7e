"""Records as the API writes them. What a source is silent on is null or an empty list."""

from operator import attrgetter, methodcaller

from django.db import models
from django.utils.functional import cached_property
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from records.fields import LinesField


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

    def to_representation(self, path):
        return self.context["request"].build_absolute_uri(path)


class Lines(serializers.ListField):
    child = serializers.CharField()


class Row(serializers.Serializer):
    """Fields of which an empty text becomes null: a source that is silent says nothing."""

    @cached_property
    def writers(self):
        """Of each field its name, what reads its value of a record, and what writes that.

        The framework finds it out anew for every field of every record, which took longer than
        to bring the records.
        """
        return [
            (field.field_name, reading(field), WRITE.get(type(field), field.to_representation))
            for field in self._readable_fields
        ]

    def to_representation(self, instance):
        row = {}
        for name, read, write in self.writers:
            value = read(instance)
            row[name] = None if value is None or value == "" else write(value)
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


def itself(record):
    return record


def iso(moment):
    return moment.astimezone(get_default_timezone()).isoformat()


# What writes the values of the commonest fields.
WRITE = {
    serializers.CharField: str,
    serializers.SlugField: str,
    serializers.URLField: str,
    serializers.UUIDField: str,
    serializers.DateTimeField: iso,
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
        return super().to_representation(record) if record.public_source else None


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
