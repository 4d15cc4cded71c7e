from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from entries.serializers import (
    FIRST,
    LAST,
    CertaintyField,
    CountrySerializer,
    EntryReference,
    EntrySerializer,
    ReadingSerializer,
)
from meetings.models import Meeting, Paper
from records.serializers import Address, Row


class WorkingGroupReference(Row):
    """A working group under the name it has now or last had."""

    url = Address()
    slug = serializers.SlugField()
    name = serializers.CharField()


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d$"})
class HourField(serializers.TimeField):
    """A time of the day to the minute; JSON Schema's own would need a known time zone."""

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", allow_null=True, help_text=_("As 09:00."), **kwargs)


class TakenUpSerializer(ReadingSerializer):
    """A question that a meeting took up."""

    entry = EntryReference(source="question")
    certainty = CertaintyField()
    note = serializers.CharField(allow_null=True, help_text=_("What the reading rests on."))


class PaperOfMeetingSerializer(ReadingSerializer):
    """A paper that reports a meeting."""

    entry = EntryReference(source="*")
    certainty = CertaintyField(source="meeting_certainty")


class ReportedMeetingSerializer(ReadingSerializer):
    """The meeting that a paper reports."""

    entry = EntryReference(source="meeting")
    certainty = CertaintyField(source="meeting_certainty")


class ForeseenInSerializer(ReadingSerializer):
    """The paper that announced a meeting."""

    entry = EntryReference(source="foreseen_in")
    certainty = CertaintyField(source="foreseen_certainty")


class ForeseenMeetingSerializer(ReadingSerializer):
    """A meeting that a paper announced."""

    entry = EntryReference(source="*")
    certainty = CertaintyField(source="foreseen_certainty")


class MeetingSerializer(EntrySerializer):
    """A meeting or event, with what was announced before it and concluded after it."""

    type = serializers.ChoiceField(
        Meeting.Type.choices,
        source="meeting_type",
        allow_null=True,
        help_text=_("Type of meeting."),
    )
    groups = WorkingGroupReference(many=True)
    start_time = HourField()
    end_time = HourField()
    countries = CountrySerializer(many=True)
    papers = PaperOfMeetingSerializer(many=True, help_text=_("Papers that report it."))
    practices = EntryReference(many=True, help_text=_("Practices presented at it."))
    uptakes = TakenUpSerializer(many=True, help_text=_("Questions it took up."))
    foreseen_in = ForeseenInSerializer(source="*", allow_null=True)

    class Meta(EntrySerializer.Meta):
        extra_kwargs = EntrySerializer.Meta.extra_kwargs | {
            "date_precision": {"help_text": _("Of a month or a year the days are its own.")},
            "conclusions_from": {"help_text": _("Null for the meeting's own.")},
        }
        model = Meeting
        fields = [
            *FIRST,
            "heading_as_printed",
            "type",
            "is_joint",
            "groups",
            "groups_as_printed",
            "start_date",
            "end_date",
            "date_precision",
            "date_as_printed",
            "start_time",
            "end_time",
            "time_zone",
            "city",
            "countries",
            "venue",
            "languages",
            "organisers",
            "description",
            "objectives",
            "conclusions",
            "conclusions_from",
            "call_for_participants",
            "registration_url",
            "registration_deadline",
            "registration_deadline_as_printed",
            "papers",
            "practices",
            "uptakes",
            "foreseen_in",
            *LAST,
        ]


class PaperSerializer(EntrySerializer):
    """A document: what a meeting, an expert or the working group wrote."""

    type = serializers.ChoiceField(
        Paper.Type.choices, source="paper_type", allow_null=True, help_text=_("Type of paper.")
    )
    groups = WorkingGroupReference(many=True)
    date = serializers.CharField(
        source="iso_date",
        allow_null=True,
        help_text=_("No more precise than it was printed: 2021, 2019-04 or 2019-03-13."),
    )
    countries = CountrySerializer(many=True)
    meeting = ReportedMeetingSerializer(source="*", allow_null=True)
    foresees = ForeseenMeetingSerializer(many=True, help_text=_("Meetings that it announced."))

    class Meta(EntrySerializer.Meta):
        extra_kwargs = EntrySerializer.Meta.extra_kwargs | {
            "short_title": {"help_text": _("How the portal's pages call it, if not by its title.")}
        }
        model = Paper
        fields = [
            *FIRST,
            "short_title",
            "title_note",
            "heading_as_printed",
            "type",
            "groups",
            "groups_as_printed",
            "authors",
            "publisher",
            "date",
            "date_precision",
            "date_of",
            "date_as_printed",
            "countries",
            "language",
            "topics",
            "summary",
            "key_points",
            "meeting",
            "foresees",
            *LAST,
        ]
