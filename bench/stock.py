"""Django's own ModelAdmin over the portal's tables, under the portal's own server: a yardstick.

With the same columns, filters, searched fields and rows on the form, and nothing else.
"""

from django.contrib import admin
from django.urls import path

from entries.links.models import Link
from practices.models import Practice
from ranportal.urls import *  # noqa: F403
from ranportal.urls import urlpatterns

site = admin.AdminSite(name="stock")


class Links(admin.TabularInline):
    model = Link
    extra = 0


@admin.register(Practice, site=site)
class StockPractices(admin.ModelAdmin):
    inlines = [Links]
    list_display = ["name", "status", "programme", "source", "updated"]
    list_filter = [
        *("status", "awaits_second_look", "themes", "scope", "collection_status"),
        ("source", admin.RelatedOnlyFieldListFilter),
        ("tags", admin.RelatedOnlyFieldListFilter),
        ("countries", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["source"]
    prepopulated_fields = {"slug": ["name"]}
    raw_id_fields = ["source", "themes", "countries", "presented_at"]
    search_fields = ["name", "description", "programme", "organisation", "as_printed", "slug"]
    search_fields += ["tags__name"]


urlpatterns = [path("stock/", site.urls), *urlpatterns]
