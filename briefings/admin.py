from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from briefings.models import Choice, Situation
from entries.workflow.admin import HISTORY, ReviewedAdmin
from records.admin import PortalForm, RecordRows


class ChoiceForm(PortalForm):
    rules_shown_at = {
        "choice_is_one_entry": "part",
        **{f"choice_of_{kind}_once": kind for kind in Choice.kinds},
    }


class ChoiceInline(RecordRows):
    model = Choice
    form = ChoiceForm
    fields = ["part", "position", *Choice.kinds]
    autocomplete_fields = Choice.kinds
    max_num = 60


@admin.register(Situation)
class SituationAdmin(ReviewedAdmin):
    fieldsets = [
        (None, {"fields": ["title", "slug", "position"]}),
        (
            _("What it is about"),
            {
                "description": _(
                    "A situation selects and orders entries. It claims nothing that they do not say."
                ),
                "fields": ["audience", "occasion", "introduction", "limits", "emergency"],
            },
        ),
        (
            _("Notes on its parts"),
            {
                "description": _(
                    "Where a part is empty: “The sources name nobody here; the nearest is …”."
                ),
                "fields": [f"{part}_note" for part in Situation.Part],
            },
        ),
        HISTORY,
    ]
    inlines = [ChoiceInline]
    list_display = ["title", "publication", "audience", "position", "changed"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "audience", "occasion", "introduction", "slug"]
