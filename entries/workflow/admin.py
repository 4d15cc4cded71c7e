"""The steps of `entries.workflow` in the admin: buttons on an entry's form, and list actions."""

from collections import defaultdict
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, path, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from entries.workflow import transitions
from entries.workflow.models import Step
from records.versions.conflicts import LookedAtForm


def validate_destination(value):
    """An address here, as a path at which there is something, or elsewhere."""
    if not value.startswith("/"):
        URLValidator(["http", "https"])(value)
        return
    try:
        match = resolve(value.partition("#")[0].partition("?")[0])
    except Resolver404:
        match = None
    model = getattr(getattr(match and match.func, "view_class", None), "model", None)
    slug = match and match.kwargs.get("slug")
    if match and model and slug:
        public = getattr(model.objects, "published", model.objects.all)()
        match = match if public.filter(slug=slug).exists() else None
    if match is None or "admin" in match.namespaces:
        raise ValidationError(_("The portal has no such address."))


class StepForm(LookedAtForm):
    """What is asked before a step is taken."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}))
    see_instead = forms.CharField(
        label=_("Where to go instead"),
        required=False,
        max_length=500,
        validators=[validate_destination],
        help_text=_("A path of this portal such as /lessons/, or a whole address. May be empty."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args, move, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = move.note_label
        self.fields["note"].required = move.note_required
        if move is not transitions.WITHDRAW:
            del self.fields["see_instead"]


class SteppingAdmin:
    """The admin of entries that go their way by steps."""

    # --- Who may do what

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or transitions.may_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or transitions.may_delete(request.user, obj))

    def has_curate_permission(self, request):
        return transitions.has_right(request.user, "curate", self.model)

    def has_publish_permission(self, request):
        return transitions.has_right(request.user, "publish", self.model)

    # --- From the list

    def get_actions(self, request):
        """Every step that the person's role knows; each entry may still refuse it."""
        actions = super().get_actions(request)
        for move in transitions.MOVES.values():
            if transitions.has_right(request.user, move.right, self.model):
                step = partial(self._step_with_selected, move=move)
                actions[move.name] = (step, move.name, move.label)
        return actions

    def _step_with_selected(self, model_admin, request, queryset, move):
        if move.note_required:
            return self._asked(request, queryset, move)
        self.take_step(request, queryset, move)
        return None

    # --- From the form

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def step_view(self, request, object_id, step):
        """The page that asks before a step is taken with one entry."""
        entry, move = self.get_object(request, unquote(object_id)), transitions.MOVES.get(step)
        if entry is None or move is None:
            raise Http404
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        answer = self._asked(request, [entry], move, entry.found)
        return answer or redirect(entry.admin_url)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and obj.pk:
            context["moves"] = [
                {
                    "label": move.label,
                    "url": self._step_url(obj, move),
                    "refusal": move.refusal(request.user, obj),
                }
                for move in transitions.MOVES.values()
                if move.fits(obj)
            ]
            context["steps"] = Step.objects.of(obj).select_related("user").order_by("-pk")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _step_url(self, entry, move):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return reverse(name, args=[entry.pk, move.name])

    # --- Both

    def _asked(self, request, entries, move, found=None):
        """The page that asks for a note; nothing once it is answered and the step taken."""
        if not transitions.has_right(request.user, move.right, self.model):
            transitions.forbidden.send(type(self), request=request)
        answered = "_take" in request.POST
        form = StepForm(request.POST if answered else None, move=move, found=found)
        if answered and form.is_valid():
            self.take_step(request, entries, move, **form.cleaned_data)
            return None
        judged = [(entry, move.refusal(request.user, entry)) for entry in entries]
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "opts": self.opts,
            "move": move,
            "form": form,
            "possible": [entry for entry, refusal in judged if not refusal],
            "refused": [(entry, refusal) for entry, refusal in judged if refusal],
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/entry_step.html", context)

    def take_step(self, request, entries, move, **answers):
        """Take the step with each that allows it, and name the others with the reason."""
        taken, refused = [], defaultdict(list)
        for entry in entries:
            try:
                taken.append(transitions.take(move, entry, request.user, **answers))
            except transitions.Refused as reason:
                refused[str(reason)].append(entry)
        done = capfirst(move.action.label)
        for entry in taken:
            self.log_change(request, entry, f"{done}.")
        if taken:
            kind = model_ngettext(self.opts, len(taken))
            self.message_user(request, f"{done}: {len(taken)} {kind}.", messages.SUCCESS)
        for reason, those in refused.items():
            links = ((entry.admin_url, entry) for entry in those)
            named = format_html_join("; ", '<a href="{}">{}</a>', links)
            text = format_html(_("“{}” was refused: {} {}"), move.label, reason, named)
            self.message_user(request, text, messages.ERROR)
