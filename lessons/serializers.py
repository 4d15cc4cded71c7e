from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from entries.serializers import (
    FIRST,
    LAST,
    CertaintyField,
    EntryReference,
    EntrySerializer,
    ReadingSerializer,
)
from lessons.models import Lesson, Question


class LessonSerializer(EntrySerializer):
    """One 'lesson learned or recommendation'."""

    class Meta(EntrySerializer.Meta):
        model = Lesson
        fields = [*FIRST, "text", "in_short", "study", *LAST]


class UptakeSerializer(ReadingSerializer):
    """A meeting or paper that took a question up."""

    entry = EntryReference(help_text=_("The meeting or paper."))
    certainty = CertaintyField()
    note = serializers.CharField(allow_null=True, help_text=_("What the reading rests on."))


class QuestionSerializer(EntrySerializer):
    """One item of 'What needs to be further explored?'."""

    uptakes = UptakeSerializer(many=True, help_text=_("What took it up."))

    class Meta(EntrySerializer.Meta):
        model = Question
        fields = [*FIRST, "text", "in_short", "state", "uptakes", *LAST]
