from entries.formats.csv import EntryCSV
from entries.views import EntryDetail, EntryList
from lessons.filters import LessonFilter, QuestionFilter
from lessons.models import Lesson, Question


class LessonList(EntryList):
    model = Lesson
    filterset_class = LessonFilter


class LessonCSV(EntryCSV):
    model = Lesson
    filterset_class = LessonFilter
    columns = (
        "url",
        "text",
        "themes",
        "tags",
        "source",
        "source_page",
    )


class LessonDetail(EntryDetail):
    model = Lesson


class QuestionList(EntryList):
    model = Question
    filterset_class = QuestionFilter


class QuestionCSV(EntryCSV):
    model = Question
    filterset_class = QuestionFilter
    columns = (
        "url",
        "text",
        "state",
        "themes",
        "tags",
        "source",
        "source_page",
    )


class QuestionDetail(EntryDetail):
    model = Question
