"""Proposals on the desk: what each would become, and the decision."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from entries.checks import MOST_WORDS, longest_run
from entries.models import kinds
from imports import accepting
from imports.duplicates import differences
from imports.models import Proposal
from imports.queue import AT_ONCE, accept_later
from records.admin import KnownValueFilter, PortalAdmin
from records.versions.differences import words_between

MOST = 200  # that one page accepts or updates


class ProposalForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: [(m.kind, m.kind.name) for m in kinds()]
    )
    accept = forms.BooleanField(label=_("Accept as a draft when saved"), required=False)


class DuplicateFilter(KnownValueFilter):
    title = _("in the portal already")
    parameter_name = "known"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def narrowed(self, queryset, value):
        known = queryset.exclude(state__in=Proposal.DONE)
        return known.filter(object_id__isnull=value == "no")


def _changes(proposal):
    """What a row of a spreadsheet changes, field by field and word by word."""
    rows = proposal.details.get("changes", {})
    return [
        {"name": _label(proposal.model, name), "pieces": words_between(before, after)}
        for name, (before, after) in rows.items()
    ]


def _label(model, name):
    """What a field is called; rows, such as the links, by what they are rows of."""
    field = model._meta.get_field(name)
    return field.verbose_name if field.concrete else field.related_model._meta.verbose_name_plural


@admin.register(Proposal)
class ProposalAdmin(PortalAdmin):
    form = ProposalForm
    view_on_site = False
    actions = ["accept", "accept_as_another", "update_entry", "skip", "reject", "reopen"]
    autocomplete_fields = ["countries", "groups", "themes"]
    change_form_template = "admin/imports/proposal.html"
    list_display = [
        "number",
        "told_kind",
        "__str__",
        "read",
        "page",
        "certainty",
        "decision",
        "same",
    ]
    list_display_links = ["__str__"]
    list_filter = ["state", "kind", "certainty", DuplicateFilter, "of"]
    list_per_page = 200
    list_select_related = ["of"]
    search_fields = ["title", "as_printed"]
    fieldsets = [
        (_("What it becomes"), {"fields": ["kind", "title", "wording"]}),
        (
            _("Readings"),
            {
                "description": _("Beside what is printed, never in its place."),
                "fields": [
                    ("start", "end"),
                    ("precision", "date_as_printed"),
                    "countries",
                    "groups",
                    "certainty",
                ],
            },
        ),
        (_("Where it is filed"), {"fields": ["theme_as_printed", "themes"]}),
        (_("Addresses"), {"fields": ["links", "probable_links"]}),
        (_("As printed"), {"fields": ["as_printed", "page"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("countries", "entry")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        decided = obj is not None and obj.state in (*Proposal.DONE, *Proposal.WAITING)
        return not decided and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and "changes" in obj.details:
            fieldsets = []  # what a row says is corrected in the table
        if obj is not None and self.has_change_permission(request, obj):
            return [*fieldsets, (_("Decision"), {"fields": ["accept"]})]
        return fieldsets

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= {
                "entry": obj.entry,
                "changes": _changes(obj),
                "differences": differences(obj) if obj.is_duplicate and obj.entry else [],
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        proposal = form.instance
        run = longest_run(proposal.wording, proposal.as_printed)
        if len(run) > MOST_WORDS:
            text = _("%(number)d words in a row are the document’s own: “%(words)s”.")
            shown = {"number": len(run), "words": Truncator(" ".join(run)).words(14)}
            self.message_user(request, text % shown, messages.WARNING)
        if form.cleaned_data.get("accept"):
            self._each(request, [proposal], accepting.accept, _("accepted as drafts"))

    # --- Decisions

    @admin.action(description=_("Accept as drafts"), permissions=["change"])
    def accept(self, request, queryset):
        if queryset.count() > AT_ONCE:
            text = _("The worker accepts them, one after the other: %d wait.")
            self.message_user(request, text % accept_later(queryset, request.user))
            return
        self._each(request, queryset, accepting.accept, _("accepted as drafts"))

    @admin.action(description=_("Accept though the portal has it already"), permissions=["change"])
    def accept_as_another(self, request, queryset):
        self._each(request, queryset, accepting.accept_as_another, _("accepted as drafts"))

    @admin.action(description=_("Update the entry that there is"), permissions=["change"])
    def update_entry(self, request, queryset):
        self._each(request, queryset, accepting.update, _("used to update entries"))

    @admin.action(description=_("Skip for now"), permissions=["change"])
    def skip(self, request, queryset):
        self._decide(request, queryset, Proposal.State.SKIPPED)

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject(self, request, queryset):
        self._decide(request, queryset, Proposal.State.REJECTED)

    @admin.action(description=_("Open the decision again"), permissions=["change"])
    def reopen(self, request, queryset):
        self._decide(request, queryset, Proposal.State.OPEN)

    @transaction.atomic
    def _decide(self, request, queryset, state):
        done = 0
        decided = (*Proposal.DONE, Proposal.State.UNDOING)
        undecided = queryset.exclude(state__in=decided)
        for proposal in undecided.select_for_update(of=("self",)):  # the worker may be at it
            accepting.decide(proposal, request.user, state)
            done += 1
        self.message_user(request, f"{done}: {state.label}")

    def _each(self, request, proposals, decide, done_as):
        if len(proposals) > MOST:
            text = _("Choose up to %d at a time: each of them is compared and saved.")
            self.message_user(request, text % MOST, messages.ERROR)
            return
        done = 0
        for proposal in proposals:
            try:
                decide(proposal, request.user)
                done += 1
            except accepting.NotAccepted as reason:
                link = format_html(
                    '<a href="{}">{}</a>: {}', proposal.get_absolute_url(), proposal, str(reason)
                )
                self.message_user(request, link, messages.ERROR)
        if done:
            self.message_user(request, f"{done} {done_as}.")

    # --- columns

    @admin.display(description=_("kind"), ordering="kind")
    def told_kind(self, proposal):
        return proposal.model.kind.name

    @admin.display(description=_("readings"))
    def read(self, proposal):
        if "changes" in proposal.details:
            wrong = format_html_join(
                "",
                '<br><span class="missing">{}</span>',
                ((t,) for t in proposal.details.get("problems", ())),
            )
            return format_html("{}{}", ", ".join(proposal.details["changes"]), wrong)
        countries = ", ".join(country.name for country in proposal.countries.all())
        dates = " – ".join(dict.fromkeys(filter(None, [proposal.start, proposal.end])))
        return " · ".join(filter(None, [dates, countries]))

    @admin.display(description=_("decision"), ordering="state")
    def decision(self, proposal):
        refused = proposal.details.get("refused")
        if refused and proposal.state == Proposal.State.OPEN:
            return format_html('<span class="missing">{}</span>', refused)
        return proposal.get_state_display()

    @admin.display(description=_("entry"))
    def same(self, proposal):
        if proposal.entry is None:
            return ""
        word = _("has it already") if proposal.is_duplicate else _("draft")
        return format_html('<a href="{}">{}</a>', proposal.entry.admin_url, word)
