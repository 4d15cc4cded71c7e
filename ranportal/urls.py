from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView, TemplateView

from entries.glossary.views import Glossary
from entries.unapi import UnAPI
from entries.workflow.batch import FromSource
from ranportal import health, search, views
from ranportal.charts import views as charts
from ranportal.desk import Desk, ShortLink, Week
from ranportal.everything import Everything
from ranportal.feeds import NewEntries
from ranportal.replacing import FindAndReplace
from ranportal.sitemaps import SITEMAPS
from ranportal.sources import ThemeSources
from themes import skos

admin.site.login = secure_admin_login(admin.site.login)

SITEMAP = {"sitemaps": SITEMAPS}
# They only read: another method is refused as such, whatever token a form would need.
index, sitemap = csrf_exempt(require_safe(index)), csrf_exempt(require_safe(sitemap))
ROBOTS = TemplateView.as_view(template_name="robots.txt", content_type="text/plain; charset=utf-8")

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("search/", search.Search.as_view(), name="search"),
    # Most of what is asked for comes first: each address before is tried, twice for a new page.
    path("themes/<slug:slug>/", views.ThemeDetail.as_view(), name="theme-detail"),
    path("api/v1/", include("ranportal.api.urls")),
    # Before the kinds, since a comparison stands among the practices.
    path("", include("briefings.urls")),
    path("", include("lessons.urls")),
    path("", include("practices.urls")),
    path("", include("meetings.urls")),
    path("new.atom", NewEntries.as_view(), name="new"),
    path("opensearch.xml", search.OpenSearch.as_view(), name="opensearch"),
    path("unapi", UnAPI.as_view(), name="unapi"),
    path("map/", charts.MapPage.as_view(), name="map"),
    path("map.csv", charts.MapCSV.as_view(), name="map-csv"),
    path("timeline/", charts.TimelinePage.as_view(), name="timeline"),
    path("countries/", charts.CountriesPage.as_view(), name="countries"),
    path("about/how-sure/", views.HowSure.as_view(), name="how-sure"),
    path("accessibility/", views.Accessibility.as_view(), name="accessibility"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("glossary/", Glossary.as_view(), name="glossary"),
    path("about/", views.About.as_view(), name="about"),
    path("themes.ttl", skos.TurtleVocabulary.as_view(), name="themes-ttl"),
    path("themes.jsonld", skos.JSONLDVocabulary.as_view(), name="themes-jsonld"),
    path("themes/<slug:slug>.ttl", skos.ThemeTurtle.as_view(), name="theme-detail-ttl"),
    path("themes/<slug:slug>/sources/", ThemeSources.as_view(), name="theme-sources"),
    path("sitemap.xml", index, SITEMAP | {"sitemap_url_name": "sitemap"}, name="sitemap-index"),
    path("sitemap-<slug:section>.xml", sitemap, SITEMAP, name="sitemap"),
    path("health/", health.Health.as_view(), name="health"),
    path("ready/", health.Ready.as_view(), name="ready"),
    path("ready/primary/", health.ReadyPrimary.as_view(), name="ready-primary"),
    path("robots.txt", ROBOTS, name="robots"),
    path("curators/", include("ranportal.accounts.urls")),
    # One way in and out, and one to a new password, with the same limits for all.
    path("admin/logout/", logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.admin_view(Desk.as_view())),
    path("admin/week/", admin.site.admin_view(Week.as_view()), name="week"),
    path(
        "admin/review/source/<int:pk>/",
        admin.site.admin_view(FromSource.as_view()),
        name="review-source",
    ),
    path("admin/everything/", admin.site.admin_view(Everything.as_view()), name="everything"),
    path("admin/replace/", admin.site.admin_view(FindAndReplace.as_view()), name="replace"),
    path(
        "admin/r/<str:content_type_id>/<path:object_id>/",
        admin.site.admin_view(ShortLink.as_view()),
    ),
    path("admin/", admin.site.urls),
]
handler400 = "ranportal.api.problems.bad_request"
handler404 = "ranportal.api.problems.not_found"
handler500 = "ranportal.api.problems.server_error"
