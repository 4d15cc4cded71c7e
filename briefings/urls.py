from django.urls import path

from briefings import comparison, views

urlpatterns = [
    path("situations/", views.SituationList.as_view(), name="situation-list"),
    path("situations/<slug:slug>/", views.SituationDetail.as_view(), name="situation-detail"),
    path(
        "situations/<slug:slug>.docx", views.SituationDocx.as_view(), name="situation-detail-docx"
    ),
    path("briefing/", views.BriefingPage.as_view(), name="briefing"),
    path("briefing.docx", views.BriefingDocx.as_view(), name="briefing-docx"),
    path("practices/compare/", comparison.Comparison.as_view(), name="comparison"),
    path("practices/compare.csv", comparison.ComparisonCSV.as_view(), name="comparison-csv"),
]
