from django.utils.translation import gettext_lazy as _

from entries.facets import Facet
from entries.filters import EntryFilter, Sort
from lessons.models import Lesson, Question

ORDERS = {
    "filed": (_("In the order of the source"), ["pk"]),
    "-updated": (_("Last changed"), ["-updated"]),
}


class LessonFilter(EntryFilter):
    sort = Sort(ORDERS)

    class Meta:
        model = Lesson
        fields = []


class QuestionFilter(EntryFilter):
    state = Facet(
        "state",
        label=_("State"),
        help_text=_("Whether work on the question has begun."),
        phrase=_("(%s)"),
        choices=Question.State.choices,
    )
    sort = Sort(ORDERS)

    class Meta:
        model = Question
        fields = []
