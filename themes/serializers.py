"""Themes as the API writes them, and what a source says is missing from them."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from records.memory import remembered
from records.serializers import Address, ModelRow, RecordSerializer, Row, SourceSerializer
from themes.models import Absence, Theme


class ThemeReference(Row):
    """A theme, where something is filed."""

    url = Address()
    slug = serializers.SlugField()
    title = serializers.CharField()
    path = serializers.CharField(help_text=_("The way down the tree: A > B > C."))

    def to_representation(self, theme):
        """Few themes, each of many entries."""
        key = ("theme reference", theme.pk, self.portal)
        return remembered(key, partial(super().to_representation, theme))


class MissingFromSerializer(Row):
    """The meeting that an absence speaks of."""

    url = Address("meeting.get_absolute_url")
    title = serializers.CharField(source="meeting.title")

    def to_representation(self, absence):
        is_told = absence.meeting and absence.meeting.is_public
        return super().to_representation(absence) if is_told else None


class AbsenceSerializer(ModelRow):
    """What a source says is missing from a theme: an absence is a finding too."""

    meeting = MissingFromSerializer(source="*", allow_null=True)
    source = SourceSerializer(source="*", allow_null=True)

    class Meta:
        model = Absence
        fields = ["kind", "text", "meeting", "source"]
        extra_kwargs = {
            "kind": {"help_text": _("The kind of entry that is missing, such as practice.")}
        }


class ThemeSerializer(RecordSerializer):
    """A node of the tree under which every entry is filed."""

    path = serializers.CharField(help_text=_("The way down the tree: A > B > C."))
    parent = serializers.SlugRelatedField(
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text=_("The slug of the theme above it; null for a main theme."),
    )
    subject = serializers.SlugRelatedField(
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text=_("The slug of the tag that says what the theme is about."),
    )
    absences = AbsenceSerializer(many=True)

    class Meta(RecordSerializer.Meta):
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
            "subject",
            "absences",
            "source",
            "as_printed",
        ]
