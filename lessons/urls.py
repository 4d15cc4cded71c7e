from entries.urls import kind_urls
from lessons import views

urlpatterns = [
    *kind_urls(views.LessonList, views.LessonDetail, views.LessonCSV),
    *kind_urls(views.QuestionList, views.QuestionDetail, views.QuestionCSV),
]
