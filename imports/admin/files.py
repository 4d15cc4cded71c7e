"""Files on the desk: taken in, their account, undone."""

from collections import Counter
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from entries.models import kinds
from imports import accepting
from imports.formats.isolated import LARGEST
from imports.models import Block, Import, Proposal
from imports.recipes.recipe import recipes
from imports.storing import read_import, take
from records.admin import PortalAdmin


def recipe_choices():
    return [
        ("", _("Let the portal guess")),
        *((name, each.label) for name, each in recipes().items()),
    ]


class ImportForm(forms.ModelForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a Word file, a saved web page, a text or a spreadsheet; up to 20 MB."),
    )
    recipe = forms.ChoiceField(label=_("Recipe"), required=False, choices=recipe_choices)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file has %(size)d MB; the portal reads up to %(most)d MB."),
                params={"size": file.size // 1_000_000, "most": LARGEST // 1_000_000},
            )
        self.kept = file.read()
        return file


@admin.register(Import)
class ImportAdmin(PortalAdmin):
    autocomplete_fields = ["source"]
    view_on_site = False
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
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
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
                    _(
                        'It stays, somebody has worked on it or something refers to it: <a href="{}">{}</a>'
                    ),
                    entry.admin_url,
                    entry,
                )
                self.message_user(request, text, messages.WARNING)
        return redirect(made.get_absolute_url())

    def read_view(self, request, pk):
        """Read the file now, where no worker does."""
        made = self._import(request, pk, "change")
        if request.method == "POST":
            taken = take(pk)
            if taken is not None:
                read_import(taken)
            elif made.state != Import.State.READ:
                self.message_user(request, _("It is being read already."), messages.WARNING)
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
