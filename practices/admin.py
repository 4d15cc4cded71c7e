from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from entries.admin import FILED, EntryAdmin, EntryForm
from entries.workflow.admin import HISTORY
from practices.models import Practice
from records.admin import PROVENANCE


class PracticeForm(EntryForm):
    slug_from = "name"
    rules_shown_at = {"practice_ends_after_start": "end_year"}


@admin.register(Practice)
class PracticeAdmin(EntryAdmin):
    form = PracticeForm
    followed_by = {"practices.practice": None}
    autocomplete_fields = [*EntryAdmin.autocomplete_fields, "countries", "presented_at"]
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (
            _("Our wording"),
            {
                "description": _("What the practice does, in our own words. Empty: not stated."),
                "fields": ["description", "content_language"],
            },
        ),
        (
            _("As printed"),
            {
                "description": _("Exactly what the source prints, slips included."),
                "fields": ["country_as_printed", "as_printed", "as_printed_is_public"],
            },
        ),
        (
            _("Readings"),
            {
                "description": _(
                    "What the portal reads in it. A programme such as Erasmus+ is not a country."
                ),
                "fields": ["countries", "programme", "scope", "collection_status"],
            },
        ),
        FILED,
        (
            _("Sheet of the RAN Collection"),
            {
                "classes": ["collapse"],
                "description": _("As far as a source says it; the rest stays empty."),
                "fields": [
                    ("organisation", "organisation_type"),
                    "target_audiences",
                    "key_themes",
                    "agencies",
                    ("start_year", "end_year"),
                    "deliverables",
                    "evidence",
                    "sustainability",
                    "presented_at",
                    "linked_initiatives",
                ],
            },
        ),
        (
            _("Contact"),
            {
                "classes": ["collapse"],
                "description": _("For curators only, unless you show it to the public."),
                "fields": ["contact", "contact_is_public"],
            },
        ),
        PROVENANCE,
        HISTORY,
    ]
    list_display = ["name", "publication", "where", "filed_under", "changed"]
    list_filter = [
        *EntryAdmin.list_filter,
        ("countries", admin.RelatedOnlyFieldListFilter),
        "scope",
        "collection_status",
    ]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = [
        "name",
        "description",
        "programme",
        "organisation",
        "as_printed",
        "slug",
        "tags__name",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("countries")

    @admin.display(description=_("country or programme"))
    def where(self, practice):
        names = [country.name for country in practice.related("countries")]
        return ", ".join(filter(None, [*names, practice.programme]))
