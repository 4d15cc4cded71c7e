"""Pages beside a record's form: when something is to be done with it, and what the staff say of it."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entries.workflow import notes, schedule, transitions
from entries.workflow.forms import TransitionForm
from entries.workflow.permissions import has_permission
from records.admin import RecordAdmin, could_be_key
from records.versions.snapshots import Snapshot

FARTHEST = timedelta(days=5 * 366)


class ReviewDateForm(forms.Form):
    review_on = forms.DateField(
        label=_("Due for review on"),
        required=False,
        help_text=_("From that day on it stands on the desk of curators. Empty: on no day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "vDateField"}),
    )


class ScheduleForm(TransitionForm):
    """What is asked before a transition, and when it is to be made."""

    at = forms.DateTimeField(
        label=_("When"),
        help_text=_("In the time of the portal, Brussels."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    field_order = ["at"]

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("That is past: give a time to come."))
        if at > timezone.now() + FARTHEST:
            raise ValidationError(_("At most five years from now."))
        return at


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=4000,
        help_text=_("For the staff alone. “@name” calls somebody: they find it on their desk."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class PlanningAdmin(RecordAdmin):
    """Of `entries.workflow.admin.ReviewedAdmin`: its pages for dates and for internal notes."""

    def get_urls(self):
        at = {"dates": self.dates_view, "notes": self.notes_view}
        own = [
            path(
                f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=self._name(name)
            )
            for name, view in at.items()
        ]
        return own + super().get_urls()

    def _beside(self, request, template, record, title, **context):
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": record,
            "object": record,
        }
        return TemplateResponse(request, f"admin/{template}.html", context)

    # --- Dates

    def dates_view(self, request, object_id):
        record = self._record(request, object_id)
        may_curate = has_permission(request.user, "curate", record)
        date_form = ReviewDateForm(
            request.POST if "_review" in request.POST else None,
            initial={"review_on": record.review_on},
        )
        offers = self._offers(request, record, schedule.OFFERED, ScheduleForm)
        if request.method == "POST":
            if not may_curate:
                raise PermissionDenied(transitions.ONLY_FOR["curate"])
            if self._date_set(request, record, date_form, offers):
                return redirect(self._url("dates", record.pk))
        return self._beside(
            request,
            "dates",
            record,
            _("Dates: %s") % record,
            date_form=date_form,
            may_curate=may_curate,
            may_publish=self.has_publish_permission(request),
            offers=offers,
            scheduled=self._unsettled(record).select_related("user"),
        )

    def _unsettled(self, record):
        return schedule.ScheduledTransition.objects.of(record).unsettled()

    def _offers(self, request, record, offered, form_class):
        """Each transition that fits the record, with its form, and why it cannot be made if so."""
        offers = []
        for name, transition in offered.items():
            if not transition.fits(request.user, record):
                continue
            form = form_class(
                request.POST if f"_{name}" in request.POST else None,
                prefix=name,
                transition=transition,
                doubts=bool(transition.doubt(record)),
                found=Snapshot.of(record),
            )
            if form.is_bound and not has_permission(request.user, transition.permission, record):
                transitions.forbidden.send(type(self), request=request)
            refusal = transition.refusal(request.user, record)
            offers.append({"transition": transition, "form": form, "refusal": refusal})
        return offers

    def _date_set(self, request, record, date_form, offers):
        """Whether what was sent is done."""
        if date_form.is_bound and date_form.is_valid():
            day = date_form.cleaned_data["review_on"]
            self.model.objects.filter(pk=record.pk).update(review_on=day)
            self.message_user(request, _("The day of review is set."), messages.SUCCESS)
            return True
        if key := request.POST.get("_give_up"):
            return self._given_up(request, record, key)
        for offer in offers:
            if offer["form"].is_bound and not offer["refusal"] and offer["form"].is_valid():
                return self._scheduled(request, record, offer)
        return False

    def _given_up(self, request, record, key):
        """Also whoever set it and may publish no more takes it off their desk."""
        found, State = self._unsettled(record), schedule.ScheduledTransition.State
        known = could_be_key(schedule.ScheduledTransition, key)
        each = found.filter(pk=key).first() if known else None
        own = each is not None and each.user == request.user
        if not (own or self.has_publish_permission(request)):
            raise PermissionDenied(transitions.ONLY_FOR["publish"])
        # Unless the worker was quicker.
        if each and found.filter(pk=key, state=each.state).update(state=State.GIVEN_UP):
            waited = each.state == State.WAITING
            text = _("It is given up.") if waited else _("Ticked off.")
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, _("It waits no more."), messages.WARNING)
        return True

    def _scheduled(self, request, record, offer):
        answers = offer["form"].cleaned_data
        try:
            with transaction.atomic():
                schedule.ScheduledTransition.objects.create(
                    record=record,
                    transition=offer["transition"].name,
                    user=request.user,
                    digest=offer["form"].found.digest,
                    **answers,
                )
        except IntegrityError:
            offer["form"].add_error("at", _("A time is set already: give that one up first."))
            return False
        self.message_user(request, _("The time is set."), messages.SUCCESS)
        return True

    # --- Notes

    def notes_view(self, request, object_id):
        record = self._record(request, object_id)
        form = NoteForm(request.POST if "_write" in request.POST else None)
        if "_answered" in request.POST:
            notes.answer(record, request.user)
            self.message_user(request, _("Ticked off."), messages.SUCCESS)
            return redirect(self._url("notes", record.pk))
        if form.is_bound and form.is_valid():
            try:
                notes.write(record, request.user, form.cleaned_data["text"])
                self.message_user(request, _("The note is kept."), messages.SUCCESS)
                return redirect(self._url("notes", record.pk))
            except ValidationError as error:
                form.add_error("text", error)
        found = notes.Note.objects.of(record).select_related("user")
        return self._beside(
            request,
            "notes",
            record,
            _("Internal notes: %s") % record,
            form=form,
            notes=found.prefetch_related("calls__user").order_by("-pk"),
            is_called=notes.Call.objects.waiting_for(request.user)
            .filter(note__in=notes.Note.objects.of(record))
            .exists(),
        )
