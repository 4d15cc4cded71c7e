from django.urls import path

from meetings import views

urlpatterns = [
    path("meetings/", views.MeetingList.as_view(), name="meeting-list"),
    path("meetings.csv", views.MeetingCSV.as_view(), name="meeting-csv"),
    path("meetings/<slug:slug>/", views.MeetingDetail.as_view(), name="meeting-detail"),
    path("papers/", views.PaperList.as_view(), name="paper-list"),
    path("papers.csv", views.PaperCSV.as_view(), name="paper-csv"),
    path("papers/<slug:slug>/", views.PaperDetail.as_view(), name="paper-detail"),
    path("groups/<slug:slug>/", views.WorkingGroupDetail.as_view(), name="workinggroup-detail"),
]
