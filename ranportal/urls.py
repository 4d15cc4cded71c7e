from django.contrib import admin
from django.urls import include, path

from ranportal import views
from ranportal.feeds import NewEntries

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("new.atom", NewEntries.as_view(), name="new"),
    path("about/", views.About.as_view(), name="about"),
    path("themes/<slug:slug>/", views.ThemeDetail.as_view(), name="theme-detail"),
    path("", include("lessons.urls")),
    path("", include("practices.urls")),
    path("", include("meetings.urls")),
    path("admin/", admin.site.urls),
]
