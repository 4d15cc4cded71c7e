from entries.views import EntryDetail, EntryList
from lessons.filters import LessonFilter, QuestionFilter
from lessons.models import Lesson, Question


class LessonList(EntryList):
    model = Lesson
    filterset_class = LessonFilter


class LessonDetail(EntryDetail):
    model = Lesson


class QuestionList(EntryList):
    model = Question
    filterset_class = QuestionFilter


class QuestionDetail(EntryDetail):
    model = Question
