from django import forms
from django.contrib import admin
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from entries.admin import FILED, EntryAdmin, EntryForm
from entries.workflow.admin import HISTORY
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting, Paper
from records.admin import PROVENANCE, BoundedRows, FormFields, RecordAdmin, RecordForm
from records.naming import NamedAdmin, NamedForm
from records.printed import PrintedDateField, PrintedDatesForm

# --- Working groups ----------------------------------------------------------


class WorkingGroupForm(NamedForm, RecordForm):
    slug_from = "name"
    rules_shown_at = {"workinggroup_not_its_own_predecessor": "predecessor"}

    class Meta:
        help_texts = {
            "aliases": _("Every other way a source prints the name of this very group, one a line.")
        }


class ChairInline(BoundedRows, FormFields, admin.TabularInline):
    model = Chair
    autocomplete_fields = ["country"]
    extra = 0
    fields = [
        "name",
        "affiliation",
        "country",
        "country_as_printed",
        "current",
        "role_as_printed",
        "position",
    ]


@admin.register(WorkingGroup)
class WorkingGroupAdmin(NamedAdmin, RecordAdmin):
    form = WorkingGroupForm
    autocomplete_fields = ["predecessor", "source"]
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (_("Our wording"), {"fields": ["description", "history"]}),
        (
            _("As printed"),
            {
                "description": _("Exactly what the source prints, slips included."),
                "fields": ["aliases", "as_printed", "as_printed_is_public"],
            },
        ),
        (_("Readings"), {"fields": ["group_type", "established", "predecessor"]}),
        PROVENANCE,
    ]
    inlines = [ChairInline]
    list_display = ["name", "group_type", "established", "predecessor"]
    list_select_related = ["predecessor"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "aliases", "slug"]


# --- Meetings ----------------------------------------------------------------


class MeetingForm(PrintedDatesForm, EntryForm):
    first, last = "start_date", "end_date"

    class Meta:
        field_classes = {"start_date": PrintedDateField, "end_date": PrintedDateField}

    rules_shown_at = {
        "meeting_ends_after_start": "end_date",
        "meeting_precision_agrees_with_date": "date_precision",
        "meeting_hours_in_order": "end_time",
    }


@admin.register(Meeting)
class MeetingAdmin(EntryAdmin):
    form = MeetingForm
    followed_by = {
        "meetings.paper": "meeting",
        "practices.practice": "presented_at",
        "meetings.meeting": None,
    }
    autocomplete_fields = [*EntryAdmin.autocomplete_fields, "groups", "countries", "foreseen_in"]
    date_hierarchy = "start_date"
    fieldsets = [
        (None, {"fields": ["title", "slug"]}),
        (
            _("Our wording"),
            {
                "description": _("Faithful, in our own words. A list has one statement a line."),
                "fields": [
                    "description",
                    "objectives",
                    "conclusions",
                    "conclusions_from",
                    "call_for_participants",
                    "content_language",
                ],
            },
        ),
        (
            _("As printed"),
            {
                "description": _("Exactly what the source prints, slips included."),
                "fields": [
                    "heading_as_printed",
                    ("groups_as_printed", "date_as_printed"),
                    "registration_deadline_as_printed",
                    "as_printed",
                    "as_printed_is_public",
                ],
            },
        ),
        (
            _("Readings"),
            {
                "description": _("What the portal reads in what is printed; empty if not stated."),
                "fields": [
                    ("meeting_type", "is_joint"),
                    "groups",
                    ("start_date", "end_date", "date_precision"),
                    ("start_time", "end_time", "time_zone"),
                    ("city", "venue"),
                    "countries",
                    "languages",
                    "organisers",
                    ("foreseen_in", "foreseen_certainty"),
                ],
            },
        ),
        (
            _("Taking part"),
            {"fields": ["registration_url", "registration_deadline", "contacts"]},
        ),
        FILED,
        PROVENANCE,
        HISTORY,
    ]
    list_display = ["title", "publication", "held", "filed_under", "changed"]
    list_filter = [
        *EntryAdmin.list_filter,
        "meeting_type",
        "is_joint",
        ("groups", admin.RelatedOnlyFieldListFilter),
        ("countries", admin.RelatedOnlyFieldListFilter),
    ]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = [
        "title",
        "heading_as_printed",
        "description",
        "city",
        "as_printed",
        "slug",
        "tags__name",
    ]

    @admin.display(description=_("first day"), ordering="start_date")
    def held(self, meeting):
        return meeting.iso_date


# --- Papers ------------------------------------------------------------------


class PaperForm(PrintedDatesForm, EntryForm):
    is_own_source = forms.BooleanField(
        label=_("It is itself the source"),
        required=False,
        help_text=_("What is said of the paper here was taken from the paper."),
    )

    class Meta:
        field_classes = {"date": PrintedDateField}

    rules_shown_at = {"paper_precision_agrees_with_date": "date_precision"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # It stands among the sources to choose from.
            del self.fields["is_own_source"]

    @cached_property
    def changed_data(self):
        """Of the record."""
        return [name for name in super().changed_data if name != "is_own_source"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_own_source") and cleaned.get("source"):
            self.add_error("source", _("Choose a source, or say that it is its own: not both."))
        return cleaned


@admin.register(Paper)
class PaperAdmin(EntryAdmin):
    form = PaperForm
    followed_by = {
        "lessons.lesson": "source",
        "lessons.question": "source",
        "practices.practice": "source",
        "meetings.paper": None,
    }
    autocomplete_fields = [*EntryAdmin.autocomplete_fields, "groups", "countries", "meeting"]
    date_hierarchy = "date"
    fieldsets = [
        (None, {"fields": ["title", "title_note", "slug"]}),
        (
            _("Our wording"),
            {
                "description": _("Faithful, in our own words. A list has one statement a line."),
                "fields": ["summary", "key_points", "content_language"],
            },
        ),
        (
            _("As printed"),
            {
                "description": _("Exactly what the source prints, slips included."),
                "fields": [
                    "heading_as_printed",
                    ("groups_as_printed", "date_as_printed"),
                    "authors",
                    "publisher",
                    "topics",
                    "as_printed",
                    "as_printed_is_public",
                ],
            },
        ),
        (
            _("Readings"),
            {
                "description": _(
                    "What the portal reads in what is printed; empty if not stated. A date is no"
                    " more precise than its source."
                ),
                "fields": [
                    "paper_type",
                    "groups",
                    ("date", "date_precision", "date_of"),
                    "countries",
                    "language",
                    ("meeting", "meeting_certainty"),
                ],
            },
        ),
        FILED,
        PROVENANCE,
        HISTORY,
    ]
    list_display = ["title", "publication", "dated", "paper_type", "filed_under"]
    list_filter = [
        *EntryAdmin.list_filter,
        "paper_type",
        ("groups", admin.RelatedOnlyFieldListFilter),
        ("countries", admin.RelatedOnlyFieldListFilter),
    ]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = [
        "title",
        "heading_as_printed",
        "summary",
        "publisher",
        "as_printed",
        "slug",
        "tags__name",
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [
            (title, options | {"fields": [*options["fields"], "is_own_source"]})
            if options is PROVENANCE[1] and obj is None
            else (title, options)
            for title, options in fieldsets
        ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("is_own_source"):
            obj.source = obj
            obj.save(update_fields=["source"])

    @admin.display(description=_("date"), ordering="date")
    def dated(self, paper):
        return paper.iso_date
