from django.urls import path

from practices import views

urlpatterns = [
    path("practices/", views.PracticeList.as_view(), name="practice-list"),
    path("practices.csv", views.PracticeCSV.as_view(), name="practice-csv"),
    path("practices/<slug:slug>/", views.PracticeDetail.as_view(), name="practice-detail"),
]
