"""Files on the desk: taken in, their account, undone."""

from collections import Counter
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from entries.checks import MOST_WORDS, longest_run
from entries.models import kinds
from imports import accepting, filing, queue, undoing
from imports.admin.forms import COLUMN, AbsenceForm, ImportForm, recipe_choices, table_form
from imports.models import Block, Import, Proposal
from imports.recipes.recipe import recipes
from imports.storing import read_import, take
from records.admin import PortalAdmin

State = Proposal.State


@admin.register(Import)
class ImportAdmin(PortalAdmin):
    autocomplete_fields = ["source"]
    view_on_site = False
    change_form_template = "admin/imports/import.html"
    list_display = ["name", "title", "told_state", "told_recipe", "account", "created", "user"]
    list_filter = ["state", "recipe"]
    list_select_related = ["user"]
    search_fields = ["name", "title"]

    def get_queryset(self, request):
        undecided = Count("proposals", filter=Q(proposals__state=State.OPEN))
        return super().get_queryset(request).annotate(told=Count("proposals"), undecided=undecided)

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            kwargs |= {"form": ImportForm}
        elif obj.is_table:
            kwargs |= {"form": table_form(obj)}
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["file", "recipe"]})]
        if obj.is_table:
            columns = [name for name in table_form(obj).declared_fields if COLUMN in name]
            fieldsets = [(None, {"fields": ["recipe", "clears"]})]
            text = _("What you say is remembered for every table to come.")
            named = (_("Columns of others"), {"fields": columns, "description": text})
            return [*fieldsets, named] if columns else fieldsets
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
        if obj.is_table:
            form.remember()
        again = {"recipe", "language", "clears"} & set(form.changed_data) or any(
            name.startswith(COLUMN) for name in form.changed_data
        )
        if again and obj.proposals.exclude(state=Proposal.State.OPEN).exists():
            stored = Import.objects.get(pk=obj.pk)
            obj.recipe, obj.language, obj.clears = stored.recipe, stored.language, stored.clears
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
            deciding = _waiting(obj)
            context |= {
                "waits": obj.waits,
                "looks_again": obj.waits or deciding,
                "deciding": deciding,
                "fates": _fates(obj),
                "left": obj.blocks.filter(fate=Block.Fate.LEFT_OVER)[:40],
                "absences": obj.blocks.filter(fate=Block.Fate.ABSENCE).select_related("absence"),
                "addresses": filing.unassigned(obj).count(),
                "decisions": _decisions(obj),
                "refused": obj.proposals.filter(details__has_key="refused", state=State.OPEN)[:20],
                "stay": obj.proposals.filter(details__has_key="stays", state__in=Proposal.DONE)[
                    :20
                ],
                "proposals_url": f"{reverse('admin:imports_proposal_changelist')}?of__id__exact={obj.pk}",
                "blocks_url": f"{reverse('admin:imports_block_changelist')}?of__id__exact={obj.pk}",
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        views = {
            "file": self.file_view,
            "undo": self.undo_view,
            "read": self.read_view,
            "addresses": self.addresses_view,
            "absence/<int:block>": self.absence_view,
        }
        named = [
            path(
                f"<int:pk>/{route}/",
                self.admin_site.admin_view(view),
                name=f"imports_import_{route.split('/')[0]}",
            )
            for route, view in views.items()
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
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def undo_view(self, request, pk):
        made = self._import(request, pk, "change")
        if request.method == "POST":
            if undoing.done_by(made).count() > queue.AT_ONCE:
                kept = queue.undo_later(made, request.user)
                text = _("The worker takes the drafts back that nobody has worked on.")
            else:
                kept = undoing.undo(made, request.user)
                text = _("The drafts of this import that nobody has worked on are gone.")
            self.message_user(request, text)
            for entry in kept:
                text = format_html(
                    _(
                        "It stays, somebody has worked on it or something refers to it, or you may not"
                        ' change it: <a href="{}">{}</a>'
                    ),
                    _page_of(entry),
                    entry,
                )
                self.message_user(request, text, messages.WARNING)
        return redirect(made.get_absolute_url())

    def read_view(self, request, pk):
        """Do now what waits, where no worker does: read the file, or decide some proposals."""
        made = self._import(request, pk, "change")
        if request.method == "POST" and _waiting(made):
            queue.decide_next()
        elif request.method == "POST":
            taken = take(pk)
            if taken is not None:
                read_import(taken)
            elif made.state != Import.State.READ:
                self.message_user(request, _("It is being read already."), messages.WARNING)
        return redirect(made.get_absolute_url())

    # --- What a document says beside its proposals

    def addresses_view(self, request, pk):
        """Keep the addresses that nothing assigns with the paper."""
        made = self._import(request, pk, "change")
        if request.method == "POST":
            try:
                number = filing.keep_addresses(made, request.user)
            except accepting.NotAccepted as reason:
                self.message_user(request, str(reason), messages.ERROR)
            else:
                text = _("%d addresses stay with the paper, not yet assigned.")
                self.message_user(request, text % number)
        return redirect(made.get_absolute_url())

    def absence_view(self, request, pk, block):
        """File under its theme what the document says is missing there."""
        made = self._import(request, pk, "change")
        block = made.blocks.filter(pk=block, fate=Block.Fate.ABSENCE, absence=None).first()
        if block is None:
            raise Http404
        if not request.user.has_perm("themes.change_theme"):
            raise PermissionDenied
        if made.source is None:
            text = _("Choose the paper that the document is, and save: absences name it.")
            self.message_user(request, text, messages.ERROR)
            return redirect(made.get_absolute_url())
        initial = AbsenceForm.initial_of(block)
        form = AbsenceForm(request.POST or None, block=block, initial=initial)
        if form.is_valid():
            filing.file_absence(block, form.save(commit=False), request.user)
            self._warn_of_words(request, block.wording, block.text)
            return redirect(made.get_absolute_url())
        context = {
            **self.admin_site.each_context(request),
            "title": _("What is missing"),
            "opts": self.opts,
            "import": made,
            "printed": block,
            "form": form,
        }
        return TemplateResponse(request, "admin/imports/absence.html", context)

    def _warn_of_words(self, request, ours, printed):
        run = longest_run(ours, printed)
        if len(run) > MOST_WORDS:
            text = _("%(number)d words in a row are the document’s own: “%(words)s”.")
            shown = {"number": len(run), "words": Truncator(" ".join(run)).words(14)}
            self.message_user(request, text % shown, messages.WARNING)

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
        if made.is_table:
            rows = [model.kind.plural for model in kinds() if model.kind == made.recipe]
            return _("spreadsheet of %s") % rows[0] if rows else ""
        return recipes()[made.recipe].label if made.recipe in recipes() else ""

    @admin.display(description=_("decided"))
    def account(self, made):
        return f"{made.told - made.undecided} / {made.told}"


def _page_of(kept):
    """Where an entry is changed, or the theme of an absence."""
    if hasattr(kept, "admin_url"):
        return kept.admin_url
    return reverse("admin:themes_theme_change", args=[kept.theme_id])


def _waiting(made):
    """How far the worker is with what was decided of many: None where nothing waits."""
    waiting = made.proposals.filter(state__in=Proposal.WAITING)
    number = waiting.count()
    if not number:
        return None
    all_of_it = made.proposals.count()
    undoes = waiting.filter(state=State.UNDOING).exists()
    return {"number": number, "done": all_of_it - number, "all": all_of_it, "undoes": undoes}


def _fates(made):
    """How many blocks have which fate; together they are all there are."""
    numbers = Counter(made.blocks.order_by().values_list("fate", flat=True))
    url = f"{reverse('admin:imports_block_changelist')}?of__id__exact={made.pk}&fate__exact="
    order = [Block.Fate.LEFT_OVER, *(fate for fate in Block.Fate if fate != Block.Fate.LEFT_OVER)]
    return [
        {"name": fate.label, "number": numbers[fate], "url": url + fate.value} for fate in order
    ]


def _decisions(made):
    """How many of each kind are decided how; what was never decided so has no column."""
    rows = Counter(made.proposals.order_by().values_list("kind", "state"))
    met = {state for _kind, state in rows}
    always = (State.OPEN, State.ACCEPTED, State.REJECTED, State.SKIPPED)
    states = [state for state in State if state in always or state in met]
    table = []
    for model in kinds():
        numbers = [rows[str(model.kind), state] for state in states]
        if sum(numbers):
            table.append({"name": model.kind.plural, "numbers": numbers, "total": sum(numbers)})
    return {"states": [state.label for state in states], "rows": table}
