"""The desk of imports: the file, its account, the decisions."""

from collections import Counter

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entries.models import kinds
from imports import accepting, deciding
from imports.duplicates import differences
from imports.models import Block, Import, Proposal
from imports.readings.words import longest_run
from imports.recipe import recipes
from imports.storing import read_import
from records.admin import PortalAdmin, ReadOnlyAdmin

RUN = 8  # so many words in a row may be the document's own


def recipe_choices():
    return [
        ("", _("Let the portal guess")),
        *((name, each.label) for name, each in recipes().items()),
    ]


class ImportForm(forms.ModelForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a Word file, a saved web page or a text; up to 20 MB."),
    )
    recipe = forms.ChoiceField(label=_("Recipe"), required=False, choices=recipe_choices)

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.kept = file.read()
        return file


@admin.register(Import)
class ImportAdmin(PortalAdmin):
    autocomplete_fields = ["source"]
    change_form_template = "admin/imports/import.html"
    list_display = ["name", "title", "told_state", "told_recipe", "account", "created", "user"]
    list_filter = ["state", "recipe"]
    list_select_related = ["user"]
    search_fields = ["name", "title"]

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            kwargs |= {"form": ImportForm}
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["file", "recipe"]})]
        return [(None, {"fields": ["title", "source", "recipe", "language"]})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "recipe":
            return forms.ChoiceField(
                label=_("Recipe"),
                required=False,
                choices=recipe_choices,
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # --- Taking a file in, and reading it again

    def save_form(self, request, form, change):
        if change:
            return super().save_form(request, form, change)
        file = form.cleaned_data["file"]
        made, form.is_new = Import.of_file(
            file.name, form.kept, request.user, recipe=form.cleaned_data["recipe"]
        )
        form.instance = made
        return made

    def save_model(self, request, obj, form, change):
        if not change:
            if not form.is_new:
                text = _("This very file was imported already, on %(day)s: here it is.")
                self.message_user(
                    request, text % {"day": f"{obj.created:%d %B %Y}"}, messages.WARNING
                )
            return
        again = {"recipe", "language"} & set(form.changed_data)
        if again and obj.proposals.exclude(state=Proposal.State.OPEN).exists():
            stored = Import.objects.get(pk=obj.pk)
            obj.recipe, obj.language = stored.recipe, stored.language
            text = _(
                "It was not read again: some of its proposals are decided. Undo the import first."
            )
            self.message_user(request, text, messages.ERROR)
        elif again:
            obj.state, obj.refusal = Import.State.WAITING, ""
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        if change:
            super().save_related(request, form, formsets, change)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(obj.get_absolute_url())

    # --- The account

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= {
                "waits": obj.state in (Import.State.WAITING, Import.State.READING),
                "fates": _fates(obj),
                "left": obj.blocks.filter(fate=Block.Fate.LEFT_OVER)[:40],
                "absences": obj.blocks.filter(fate=Block.Fate.ABSENCE),
                "decisions": _decisions(obj),
                "proposals_url": f"{reverse('admin:imports_proposal_changelist')}?of__id__exact={obj.pk}",
                "blocks_url": f"{reverse('admin:imports_block_changelist')}?of__id__exact={obj.pk}",
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        views = [("file", self.file_view), ("undo", self.undo_view), ("read", self.read_view)]
        named = [
            path(
                f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"imports_import_{name}"
            )
            for name, view in views
        ]
        return [*named, *super().get_urls()]

    def _import(self, request, pk, permission):
        if not getattr(self, f"has_{permission}_permission")(request):
            raise PermissionDenied
        found = Import.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def file_view(self, request, pk):
        """The file as it came, to keep and never to show."""
        made = self._import(request, pk, "view")
        response = HttpResponse(made.data(), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{_quoted(made.name)}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def undo_view(self, request, pk):
        made = self._import(request, pk, "change")
        if request.method == "POST":
            kept = accepting.undo(made, request.user)
            self.message_user(
                request, _("The drafts of this import that nobody has worked on are gone.")
            )
            for entry in kept:
                text = format_html(
                    _('It stays, somebody has worked on it: <a href="{}">{}</a>'),
                    entry.admin_url,
                    entry,
                )
                self.message_user(request, text, messages.WARNING)
        return redirect(made.get_absolute_url())

    def read_view(self, request, pk):
        """Read the file now, where no worker does."""
        made = self._import(request, pk, "change")
        if request.method == "POST" and made.state != Import.State.READ:
            read_import(made)
        return redirect(made.get_absolute_url())

    def get_deleted_objects(self, objs, request):
        """Its blocks and proposals go with it; by themselves they stay. Drafts stay."""
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        own = {str(model._meta.verbose_name) for model in (Block, Proposal)}
        return found, counts, {name for name in needed if str(name) not in own}, protected

    # --- columns

    @admin.display(description=_("state"), ordering="state")
    def told_state(self, made):
        return made.get_state_display()

    @admin.display(description=_("recipe"), ordering="recipe")
    def told_recipe(self, made):
        return recipes()[made.recipe].label if made.recipe in recipes() else ""

    @admin.display(description=_("decided"))
    def account(self, made):
        states = Counter(made.proposals.values_list("state", flat=True))
        total = states.total()
        return f"{total - states[Proposal.State.OPEN]} / {total}"


def _quoted(name):
    from urllib.parse import quote

    return quote(name)


def _fates(made):
    """How many blocks have which fate; together they are all there are."""
    numbers = Counter(made.blocks.order_by().values_list("fate", flat=True))
    url = f"{reverse('admin:imports_block_changelist')}?of__id__exact={made.pk}&fate__exact="
    order = [Block.Fate.LEFT_OVER, *(fate for fate in Block.Fate if fate != Block.Fate.LEFT_OVER)]
    return [
        {"name": fate.label, "number": numbers[fate], "url": url + fate.value} for fate in order
    ]


def _decisions(made):
    rows = Counter(made.proposals.order_by().values_list("kind", "state"))
    table = []
    for model in kinds():
        numbers = [rows[str(model.kind), state] for state in Proposal.State]
        if sum(numbers):
            table.append({"name": model.kind.plural, "numbers": numbers, "total": sum(numbers)})
    return {"states": [state.label for state in Proposal.State], "rows": table}


class ProposalForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: [(m.kind, m.kind.name) for m in kinds()]
    )
    accept = forms.BooleanField(label=_("Accept as a draft when saved"), required=False)


class DuplicateFilter(admin.SimpleListFilter):
    title = _("in the portal already")
    parameter_name = "known"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            known = queryset.exclude(state=Proposal.State.ACCEPTED)
            return known.filter(object_id__isnull=self.value() == "no")
        return queryset


@admin.register(Proposal)
class ProposalAdmin(PortalAdmin):
    form = ProposalForm
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
        return super().get_queryset(request).prefetch_related("countries")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        decided = obj is not None and obj.state == Proposal.State.ACCEPTED
        return not decided and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and self.has_change_permission(request, obj):
            return [*fieldsets, (_("Decision"), {"fields": ["accept"]})]
        return fieldsets

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= {
                "entry": obj.entry,
                "differences": differences(obj) if obj.is_duplicate and obj.entry else [],
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        proposal = form.instance
        run = longest_run(proposal.wording, proposal.as_printed)
        if len(run) > RUN:
            text = _("%(number)d words in a row are the document’s own: “%(words)s”.")
            shown = {"number": len(run), "words": Truncator(" ".join(run)).words(14)}
            self.message_user(request, text % shown, messages.WARNING)
        if form.cleaned_data.get("accept"):
            self._each(request, [proposal], accepting.accept, _("accepted as drafts"))

    # --- Decisions

    @admin.action(description=_("Accept as drafts"), permissions=["change"])
    def accept(self, request, queryset):
        self._each(request, queryset, accepting.accept, _("accepted as drafts"))

    @admin.action(description=_("Accept though the portal has it already"), permissions=["change"])
    def accept_as_another(self, request, queryset):
        self._each(
            request,
            queryset,
            lambda p, user: accepting.accept(p, user, again=True),
            _("accepted as drafts"),
        )

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

    def _decide(self, request, queryset, state):
        done = 0
        for proposal in queryset.exclude(state=Proposal.State.ACCEPTED):
            accepting.decide(proposal, request.user, state)
            done += 1
        self.message_user(request, f"{done}: {state.label}")

    def _each(self, request, proposals, decide, done_as):
        done = 0
        for proposal in proposals:
            try:
                decide(proposal, request.user)
                done += 1
            except accepting.Refused as reason:
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
        countries = ", ".join(country.name for country in proposal.countries.all())
        dates = " – ".join(dict.fromkeys(filter(None, [proposal.start, proposal.end])))
        return " · ".join(filter(None, [dates, countries]))

    @admin.display(description=_("decision"), ordering="state")
    def decision(self, proposal):
        return proposal.get_state_display()

    @admin.display(description=_("entry"))
    def same(self, proposal):
        if proposal.entry is None:
            return ""
        word = _("has it already") if proposal.is_duplicate else _("draft")
        return format_html('<a href="{}">{}</a>', proposal.entry.admin_url, word)


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    actions = [
        *(f"become_{kind}" for kind in ("lesson", "practice", "question", "meeting", "paper")),
        *(f"all_become_{kind}" for kind in ("lesson", "practice", "question", "meeting", "paper")),
        "join",
        "introduction",
        "furniture",
        "left_over",
    ]
    list_display = ["position", "told", "page", "role", "told_fate", "proposal"]
    list_display_links = None
    list_filter = ["fate", "role", "of"]
    list_per_page = 200
    list_select_related = ["proposal", "of"]
    search_fields = ["text"]

    def has_decide_permission(self, request):
        return request.user.has_perm("imports.change_proposal")

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if not self.has_decide_permission(request):
            return {}
        for model in kinds():
            kind = str(model.kind)
            actions[f"become_{kind}"] = (
                _becomes(kind),
                f"become_{kind}",
                _("It is a %(kind)s") % {"kind": model.kind.name},
            )
            label = _("It and all like it are %(kinds)s") % {"kinds": model.kind.plural}
            actions[f"all_become_{kind}"] = (_all_become(kind), f"all_become_{kind}", label)
        return actions

    @admin.action(description=_("Part of the proposal before it"), permissions=["decide"])
    def join(self, request, queryset):
        self.message_user(request, _("%d joined.") % deciding.join(_undecided(queryset)))

    @admin.action(description=_("Introduction"), permissions=["decide"])
    def introduction(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.INTRODUCTION)

    @admin.action(description=_("Furniture: drop it"), permissions=["decide"])
    def furniture(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.FURNITURE)

    @admin.action(description=_("Left over"), permissions=["decide"])
    def left_over(self, request, queryset):
        deciding.set_aside(_undecided(queryset), Block.Fate.LEFT_OVER)

    # --- columns

    @admin.display(description=_("as printed"))
    def told(self, block):
        return Truncator(block.text).words(60)

    @admin.display(description=_("fate"), ordering="fate")
    def told_fate(self, block):
        return block.get_fate_display()


def _undecided(queryset):
    """Those that belong to no proposal: what a proposal is made of is changed on its own page."""
    return queryset.filter(proposal=None)


def _becomes(kind):
    def action(model_admin, request, queryset):
        made = deciding.become(_undecided(queryset), kind)
        _tell(model_admin, request, len(made))

    return action


def _all_become(kind):
    def action(model_admin, request, queryset):
        chosen = {block.pk: block for block in _undecided(queryset)}
        for block in list(chosen.values()):
            chosen |= {other.pk: other for other in deciding.like(block).filter(proposal=None)}
        blocks = sorted(chosen.values(), key=lambda block: block.position)
        _tell(model_admin, request, len(deciding.become(blocks, kind)))

    return action


def _tell(model_admin, request, number):
    text = ngettext("%d proposal was made.", "%d proposals were made.", number)
    model_admin.message_user(request, text % number)
