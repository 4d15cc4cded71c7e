from entries.views import EntryDetail, EntryList
from lessons.columns import LESSON_COLUMNS, QUESTION_COLUMNS
from lessons.filters import LessonFilter, QuestionFilter
from lessons.models import Lesson, Question


class LessonList(EntryList):
    model = Lesson
    filterset_class = LessonFilter
    columns = LESSON_COLUMNS


class LessonDetail(EntryDetail):
    model = Lesson


class QuestionList(EntryList):
    model = Question
    filterset_class = QuestionFilter
    columns = QUESTION_COLUMNS


class QuestionDetail(EntryDetail):
    model = Question
