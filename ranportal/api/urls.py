from django.urls import path

from lessons.filters import LessonFilter, QuestionFilter
from lessons.serializers import LessonSerializer, QuestionSerializer
from meetings.filters import MeetingFilter, PaperFilter
from meetings.serializers import MeetingSerializer, PaperSerializer
from practices.filters import PracticeFilter
from practices.serializers import PracticeSerializer
from ranportal.api import views


def kind_paths(filterset_class, serializer_class):
    model = serializer_class.Meta.model
    kind = model.kind
    same = {"model": model, "serializer_class": serializer_class}
    list_view = views.EntryList.as_view(filterset_class=filterset_class, **same)
    detail_view = views.EntryDetail.as_view(**same)
    return [
        path(f"{kind.path}/", list_view, name=kind.view_name("api")),
        path(f"{kind.path}/<slug:slug>/", detail_view, name=kind.view_name("detail-api")),
    ]


urlpatterns = [
    path("", views.Root.as_view(), name="api"),
    *kind_paths(LessonFilter, LessonSerializer),
    *kind_paths(PracticeFilter, PracticeSerializer),
    *kind_paths(QuestionFilter, QuestionSerializer),
    *kind_paths(MeetingFilter, MeetingSerializer),
    *kind_paths(PaperFilter, PaperSerializer),
    path("themes/", views.ThemeList.as_view(), name="theme-api"),
    path("themes/<slug:slug>/", views.ThemeDetail.as_view(), name="theme-detail-api"),
    path("docs", views.Docs.as_view(), name="api-docs"),
    path("schema", views.Schema.as_view(), name="api-schema"),
    path("schema.<slug:format>", views.Schema.as_view(), name="api-schema-as"),
]
