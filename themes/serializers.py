"""Records as the API writes them. What a source is silent on is null or an empty list."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from themes.fields import LinesField
from themes.models import Absence, Theme


class Lines(serializers.ListField):
    child = serializers.CharField()

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**kwargs)


class Address(serializers.URLField):
    """The permanent address of a record's page."""

    def __init__(self, **kwargs):
        kwargs = {"source": "get_absolute_url", "help_text": _("Permanent address of the page.")} | (
            kwargs
        )
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, path):
        return self.context["request"].build_absolute_uri(path)


class Row(serializers.Serializer):
    """Something with fields, of which an empty text is null: the source does not state it."""

    def to_representation(self, instance):
        row = super().to_representation(instance)
        return {name: None if value == "" else value for name, value in row.items()}


class ModelRow(Row, serializers.ModelSerializer):
    """A row whose fields are those of a model."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        LinesField: Lines
    }

    def build_standard_field(self, field_name, model_field):
        """As a description of what is read: there is nothing to validate."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.CharField | models.TextField) and model_field.blank:
            kwargs["allow_null"] = True
        return field_class, kwargs


class SourceRow(Row):
    """Where a record was taken from: the paper and the page in it."""

    url = Address(source="public_source.get_absolute_url")
    slug = serializers.SlugField(source="public_source.slug")
    title = serializers.CharField(source="public_source.title")
    page = serializers.CharField(
        source="source_page",
        allow_null=True,
        help_text=_("As one would cite it: 7, 12–13, or the heading on a web page."),
    )

    def to_representation(self, record):
        return super().to_representation(record) if record.public_source else None


class Source(SourceRow):
    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)


class RecordRow(ModelRow):
    """What every public record has: an address that never breaks, and a source."""

    url = Address()
    source = Source()


class ThemeReference(Row):
    url = Address()
    slug = serializers.SlugField()
    title = serializers.CharField()
    path = serializers.CharField(help_text=_("The way down the tree: A > B > C."))


class AbsenceRow(ModelRow):
    """What a source says is missing from a theme: an absence is a finding too."""

    source = Source()

    class Meta:
        model = Absence
        fields = ["kind", "text", "source"]


class ThemeRow(RecordRow):
    """A node of the tree under which every entry is filed."""

    path = ThemeReference().fields["path"]
    parent = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, help_text=_("Slug of the theme above; null for a main theme.")
    )
    absences = AbsenceRow(many=True)

    class Meta:
        model = Theme
        fields = [
            "url",
            "slug",
            "title",
            "path",
            "level",
            "parent",
            "position",
            "introduction",
            "absences",
            "source",
            "as_printed",
        ]
