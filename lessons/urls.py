from entries.urls import kind_urls
from lessons import views

urlpatterns = [
    *kind_urls(views.LessonList, views.LessonDetail),
    *kind_urls(views.QuestionList, views.QuestionDetail),
]
