"""Entries as the API writes them. A kind adds its own fields between FIRST and LAST."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from taggit.models import Tag

from entries.links.health import State
from entries.links.models import Link
from entries.models import Country
from records.models import Certainty
from records.serializers import Address, ModelRow, RecordSerializer, Row
from themes.serializers import ThemeReference

FIRST = ["url", "slug", "identifier", "title"]
LAST = [
    "themes",
    "tags",
    "source",
    "as_printed",
    "links",
    "content_language",
    "first_published",
    "updated",
    "worded",
]


class PublicOnly(serializers.ListSerializer):
    """Leaves out the rows that come out as None."""

    def to_representation(self, data):
        rows = map(self.child.to_representation, data)
        return [row for row in rows if row is not None]


class EntryReference(Row):
    """Another entry; null, or left out of a list, while it is not public."""

    url = Address()
    slug = serializers.SlugField()
    kind = serializers.CharField(help_text=_("Meeting, paper, practice, lesson or question."))
    title = serializers.CharField(source="heading")

    class Meta:
        list_serializer_class = PublicOnly

    def to_representation(self, entry):
        return super().to_representation(entry) if entry.is_public else None


class CertaintyField(serializers.ChoiceField):
    def __init__(self, **kwargs):
        super().__init__(Certainty.choices, help_text=_("How sure the portal is of it."), **kwargs)


class ReadingSerializer(Row):
    """A tie to another entry that the portal reads: a subclass adds `entry` and `certainty`."""

    class Meta:
        list_serializer_class = PublicOnly

    def to_representation(self, reading):
        row = super().to_representation(reading)
        return row if row["entry"] else None


class CountrySerializer(ModelRow):
    """A country of ISO 3166-1."""

    class Meta:
        model = Country
        fields = ["code", "name"]


class TagSerializer(ModelRow):
    """A tag: the portal's own reading, not a word of the source."""

    class Meta:
        model = Tag
        fields = ["slug", "name"]


class LinkSerializer(ModelRow):
    """An address printed in the source, how sure it is that it belongs to the entry, and how it is."""

    state = serializers.ChoiceField(
        State.choices,
        source="health.state",
        help_text=_("Whether it answers: checked once a week. Refused is not dead."),
    )
    state_since = serializers.DateField(
        source="health.since",
        allow_null=True,
        help_text=_("The day of the check that found it so."),
    )
    moved_to = serializers.CharField(
        source="health.moved_to",
        allow_null=True,
        help_text=_("Where it leads for good. Null unless it has moved."),
    )
    archived_copy = serializers.URLField(
        source="archived", help_text=_("The copy nearest to the day that it was printed.")
    )

    class Meta:
        model = Link
        fields = [
            "url",
            "role",
            "certainty",
            "source_page",
            "note",
            "state",
            "state_since",
            "moved_to",
            "archived_copy",
        ]
        extra_kwargs = {"certainty": {"help_text": _("Null for an address not yet assigned.")}}


class EntrySerializer(RecordSerializer):
    """What every kind of entry has. Expects an entry as `for_page` brings it."""

    title = serializers.CharField(
        source="heading",
        help_text=_("As printed; of a lesson or a question, its first words."),
    )
    themes = ThemeReference(many=True, help_text=_("Where it is filed."))
    tags = serializers.SerializerMethodField(help_text=_("The portal's own reading."))
    links = LinkSerializer(many=True)

    class Meta(RecordSerializer.Meta):
        extra_kwargs = RecordSerializer.Meta.extra_kwargs | {
            "content_language": {"help_text": _("Of our wording, as a language code.")}
        }

    @extend_schema_field(TagSerializer(many=True))
    def get_tags(self, entry):
        return [{"slug": tag.slug, "name": tag.name} for tag in entry.tags_in_order]
