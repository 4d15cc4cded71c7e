from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from entries.admin import FILED, EntryAdmin, EntryForm
from entries.workflow.admin import HISTORY
from lessons.models import Lesson, Question, Uptake
from records.admin import PROVENANCE, PortalForm, RecordRows


class TextForm(EntryForm):
    slug_from = "text"


class TextAdmin(EntryAdmin):
    """A lesson or a question: a text without a title."""

    form = TextForm
    followed_by = {"lessons.lesson": None, "lessons.question": None}
    list_display = ["__str__", "publication", "filed_under", "taken_from", "changed"]
    search_fields = ["text", "as_printed", "slug", "tags__name"]


WORDING = (
    _("Our wording"),
    {
        "description": _(
            "One statement, faithful in our own words: its qualifiers, figures and addressees"
            " included, nothing added."
        ),
        "fields": ["text", "in_short", "content_language"],
    },
)
ADDRESS = (
    _("Address"),
    {
        "description": _("Left empty, the slug is made of the text’s first words."),
        "fields": ["slug"],
    },
)
AS_PRINTED = (_("As printed"), {"fields": ["as_printed", "as_printed_is_public"]})


@admin.register(Lesson)
class LessonAdmin(TextAdmin):
    fieldsets = [
        WORDING,
        (_("Reading"), {"fields": ["study"]}),
        FILED,
        PROVENANCE,
        AS_PRINTED,
        ADDRESS,
        HISTORY,
    ]


class UptakeForm(PortalForm):
    rules_shown_at = {"uptake_by_one_entry": "meeting"}


class UptakeInline(RecordRows):
    model = Uptake
    form = UptakeForm
    autocomplete_fields = ["meeting", "paper"]
    fields = ["meeting", "paper", "certainty", "note"]
    verbose_name = _("meeting or paper")
    verbose_name_plural = _("Taken up by")


@admin.register(Question)
class QuestionAdmin(TextAdmin):
    list_display = ["__str__", "publication", "state", "filed_under", "taken_from", "changed"]
    list_filter = [*TextAdmin.list_filter[:3], "state", *TextAdmin.list_filter[3:]]
    fieldsets = [
        WORDING,
        (
            _("Readings"),
            {
                "description": _(
                    "Whether work has begun on it; below, name the meeting or paper that did."
                ),
                "fields": ["state"],
            },
        ),
        FILED,
        PROVENANCE,
        AS_PRINTED,
        ADDRESS,
        HISTORY,
    ]
    inlines = [UptakeInline, *TextAdmin.inlines]
