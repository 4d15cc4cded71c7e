"""What `entries.workflow` is in the admin: buttons on a record's form, list actions, notes of changes."""

from collections import defaultdict
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from entries.workflow import mending, transitions
from entries.workflow.forms import ReviewedForm, TransitionForm
from entries.workflow.models import LoggedTransition
from entries.workflow.notes import Note
from entries.workflow.permissions import has_permission
from entries.workflow.reviewing import ReviewPageAdmin
from entries.workflow.schedule import ScheduledTransition
from records.admin import KnownValueFilter
from records.versions.snapshots import Snapshot

HISTORY = (
    _("History"),
    {
        "classes": ["collapse"],
        "fields": [("created", "updated"), ("first_published", "last_reviewed")],
    },
)
CHANGE_NOTE = (
    _("This page is public: what you change is public at once"),
    {"fields": ["change_note"]},
)


class DueFilter(KnownValueFilter):
    """By the day on which a record is to be looked at again."""

    title = _("review")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("now", _("Due")), ("later", _("Due later")), ("-", _("No day set"))]

    def narrowed(self, queryset, value):
        today = timezone.localdate()
        chosen = {
            "now": {"status": "published", "review_on__lte": today},
            "later": {"review_on__gt": today},
            "-": {"review_on": None},
        }
        return queryset.filter(**chosen[value])


class ReviewedAdmin(ReviewPageAdmin):
    """The admin of records that are drafted, reviewed, published and withdrawn."""

    form = ReviewedForm
    change_form_template = "admin/reviewed_form.html"
    list_filter = ["status", "awaits_second_look", DueFilter]
    readonly_fields = ["created", "updated", "first_published", "last_reviewed"]

    # --- Who may do what

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or transitions.may_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or transitions.may_delete(request.user, obj))

    def has_curate_permission(self, request):
        return has_permission(request.user, "curate", self.model)

    def has_publish_permission(self, request):
        return has_permission(request.user, "publish", self.model)

    # --- Saving

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        asks = obj and obj.is_public and self.has_change_permission(request, obj)
        return [CHANGE_NOTE, *fieldsets] if asks else fieldsets

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record, typed = form.instance, form.cleaned_data
        if not change or form.has_changed() or any(rows.has_changed() for rows in formsets):
            note = typed.get("change_note", "")
            self._note_change(request, record, note, new=not change)
        elif note := typed.get("change_note"):
            transitions.note_alone(record, request.user, note)
        if typed.get("send_to_review"):
            self.perform(request, [record], transitions.SEND)

    def _note_change(self, request, record, note, new):
        """Of somebody who reviews it, a comma is no change that takes the right to publish."""
        reviewed = record.status == record.Status.REVIEW or record.awaits_second_look
        may_mend = not new and reviewed and self.has_publish_permission(request)
        signs = mending.mended(record, request.user) if may_mend else None
        if signs is None:
            transitions.note_change(record, request.user, note, new=new)
            return
        transitions.note_mending(record, request.user, note, signs)
        text = _("Only punctuation was mended (%(signs)d of at most %(most)d signs).")
        counted = {"signs": signs, "most": mending.MOST_SIGNS}
        self.message_user(request, text % counted, messages.INFO)

    def why_not_changed(self, request, record):
        """The last thing that somebody did with it, and who may change it since."""
        if not has_permission(request.user, "change", self.model):
            return super().why_not_changed(request, record)
        last = LoggedTransition.objects.of(record).select_related("user").last()
        since = _("Its status is “%(status)s”: curators and editors change it.") % {
            "status": record.get_status_display()
        }
        if last is None or last.user is None:
            return since
        what = _("%(who)s did this on %(when)s: %(what)s.") % {
            "who": last.user,
            "when": date_format(timezone.localtime(last.at), "DATETIME_FORMAT"),
            "what": last.get_action_display(),
        }
        return f"{what} {since}"

    # --- Versions

    def is_public(self, record):
        return record.is_public

    def may_recover(self, request, record):
        """What was public when it was deleted is so again at once: for those who publish."""
        allowed = super().may_recover(request, record)
        return allowed and (not record.is_public or self.has_publish_permission(request))

    def after_restoring(self, request, record, note, before=None):
        if record.is_public and (lacking := record.lacks_to_be_public()):
            text = _("As it was it cannot be public. %(lacking)s")
            raise ValidationError(text, params={"lacking": lacking})
        transitions.note_change(record, request.user, note)

    # --- Transitions from the list

    def get_actions(self, request):
        """Every transition that the person's role knows; each record may still refuse it."""
        actions = super().get_actions(request)
        for name, each in transitions.TRANSITIONS.items():
            if has_permission(request.user, each.permission, self.model):
                action = partial(self._perform_with_selected, transition=each)
                actions[name] = (action, name, each.label)
        return actions

    def _perform_with_selected(self, model_admin, request, queryset, transition):
        if transition.note_required or any(map(transition.doubt, queryset)):
            return self._asked(request, queryset, transition)
        self.perform(request, queryset, transition)
        return None

    # --- Transitions from the form

    def get_urls(self):
        view = self.admin_site.admin_view(self.transition_view)
        route = "<path:object_id>/transition/<slug:name>/"
        return [path(route, view, name=self._name("transition")), *super().get_urls()]

    def transition_view(self, request, object_id, name):
        """The page that asks before a transition is made with one record."""
        record = self.get_object(request, unquote(object_id))
        transition = transitions.TRANSITIONS.get(name)
        if record is None or transition is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        answer = self._asked(request, [record], transition, Snapshot.of(record))
        return answer or redirect(record.admin_url)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        stored = obj is not None and obj.pk is not None
        context["offered"] = [
            {
                "label": each.label,
                "url": self._transition_url(obj, each),
                "refusal": each.refusal(request.user, obj),
            }
            for each in transitions.TRANSITIONS.values()
            if stored and each.fits(request.user, obj)
        ]
        waits = stored and obj.waits_for_review
        context["review_url"] = obj.admin_page("review") if waits else None
        if stored:
            context["notes"] = Note.objects.of(obj)
            context["scheduled"] = ScheduledTransition.objects.of(obj).waiting()
        logged = LoggedTransition.objects.of(obj) if stored else LoggedTransition.objects.none()
        context["past"] = logged.select_related("user").order_by("-pk")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _transition_url(self, record, transition):
        return reverse(f"admin:{self._name('transition')}", args=[record.pk, transition.name])

    # --- Both

    def _asked(self, request, records, transition, found=None):
        """The page that asks for a note; nothing once it is answered and the transition made."""
        if not has_permission(request.user, transition.permission, self.model):
            transitions.forbidden.send(type(self), request=request)
        answered = "_perform" in request.POST
        judged = [(record, transition.refusal(request.user, record)) for record in records]
        possible = [(record, transition.doubt(record)) for record, no in judged if not no]
        form = TransitionForm(
            request.POST if answered else None,
            transition=transition,
            doubts=any(doubt for _record, doubt in possible),
            found=found,
        )
        if answered and form.is_valid():
            self.perform(request, records, transition, **form.cleaned_data, seen=form.seen)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": transition.label,
            "opts": self.opts,
            "transition": transition,
            "form": form,
            "possible": possible,
            "refused": [(record, refusal) for record, refusal in judged if refusal],
            # From a list; whoever chose all of it ticked only those of its first page.
            "selected": [record.pk for record in records]
            if ACTION_CHECKBOX_NAME in request.POST
            else [],
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/transition.html", context)

    def perform(self, request, records, transition, **answers):
        """Make the transition with each that allows it, and name the others with the reason."""
        made, refused = [], defaultdict(list)
        for record in records:
            try:
                made.append(transition.perform(record, request.user, **answers))
            except transitions.Refused as reason:
                refused[str(reason)].append(record)
        done = capfirst(transition.action.label)
        for record in made:
            self.log_change(request, record, f"{done}.")
        if made:
            kind = model_ngettext(self.opts, len(made))
            self.message_user(request, f"{done}: {len(made)} {kind}.", messages.SUCCESS)
        for reason, those in refused.items():
            links = ((record.admin_url, record) for record in those)
            named = format_html_join("; ", '<a href="{}">{}</a>', links)
            text = format_html(_("“{}” was refused: {} {}"), transition.label, reason, named)
            self.message_user(request, text, messages.ERROR)

    # --- Columns

    def get_list_display(self, request):
        return [*super().get_list_display(request), "due"]

    @admin.display(description=_("review on"), ordering="review_on", empty_value="")
    def due(self, record):
        return record.review_on and date_format(record.review_on, "j M Y")

    @admin.display(description=_("status"), ordering="status")
    def publication(self, record):
        return format_html(
            '<span class="status status-{}">{}</span>', record.status, record.get_status_display()
        )

    @admin.display(description=_("last changed"), ordering="updated")
    def changed(self, record):
        return date_format(timezone.localtime(record.updated), "j M Y")
