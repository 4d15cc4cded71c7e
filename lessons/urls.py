from django.urls import path

from lessons import views

urlpatterns = [
    path("lessons/", views.LessonList.as_view(), name="lesson-list"),
    path("lessons.csv", views.LessonCSV.as_view(), name="lesson-csv"),
    path("lessons/<slug:slug>/", views.LessonDetail.as_view(), name="lesson-detail"),
    path("questions/", views.QuestionList.as_view(), name="question-list"),
    path("questions.csv", views.QuestionCSV.as_view(), name="question-csv"),
    path("questions/<slug:slug>/", views.QuestionDetail.as_view(), name="question-detail"),
]
