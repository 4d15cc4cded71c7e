from django.urls import path

from entries.urls import kind_urls
from meetings import views

urlpatterns = [
    *kind_urls(views.MeetingList, views.MeetingDetail, views.MeetingICS),
    *kind_urls(views.PaperList, views.PaperDetail),
    path(
        "meetings/<slug:slug>.ics",
        views.MeetingDetailICS.as_view(),
        name="meeting-detail-ics",
    ),
    path("groups/<slug:slug>/", views.WorkingGroupDetail.as_view(), name="workinggroup-detail"),
]
