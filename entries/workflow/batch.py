"""All that waits in review from one source, decided at once with one note."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from entries.workflow import transitions
from entries.workflow.permissions import has_permission
from entries.workflow.waiting import curated, from_source
from records.versions.snapshots import Snapshot

OFFERED = {name: transitions.TRANSITIONS[name] for name in ("publish", "return")}


class BatchForm(forms.Form):
    """Which of them, each as it was when the page was opened, what is done, and the one note."""

    required_css_class = "required"
    chosen = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    transition = forms.ChoiceField(
        label=_("What is done with them"), choices=[(n, t.label) for n, t in OFFERED.items()]
    )
    note = forms.CharField(
        label=_("Note for all of them"),
        required=False,
        help_text=_(
            "Published with it, it is public, without your name. To return them it is owed."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    knowingly = forms.BooleanField(
        label=_("I know what is said of each, and publish them all the same"), required=False
    )

    def __init__(self, *args, records, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(key, str(each)) for key, each in records.items()]
        self.fields["chosen"].error_messages["invalid_choice"] = _(
            "One of them was changed after you opened this page, or waits no more. Look once more."
        )

    def clean(self):
        cleaned = super().clean()
        returned = cleaned.get("transition") == transitions.RETURN.name
        if returned and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what is to be done."))
        return cleaned


def key_of(record, digest):
    """What the page shows of a record: another one as soon as it says something else."""
    return f"{record._meta.label_lower}:{record.pk}:{digest[:16]}"


class FromSource(FormView):
    """Each is asked for its own permission and conditions; what became of it is named."""

    form_class = BatchForm
    template_name = "admin/review_source.html"

    def dispatch(self, request, *args, **kwargs):
        if not curated(request.user):
            raise PermissionDenied
        paper = curated(request.user)[0]._meta.get_field("source").related_model
        self.source = paper.objects.filter(pk=kwargs["pk"]).first()
        if self.source is None:
            raise Http404
        found = from_source(request.user, self.source)
        self.digests = {record: Snapshot.of(record).digest for record in found}
        self.records = {key_of(record, self.digests[record]): record for record in found}
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        every = {"chosen": [*self.records]}
        return super().get_form_kwargs() | {"records": self.records, "initial": every}

    def form_valid(self, form):
        chosen = OFFERED[form.cleaned_data["transition"]]
        answers = {name: form.cleaned_data[name] for name in ("note", "knowingly")}
        records = [self.records[key] for key in form.cleaned_data["chosen"]]
        user = self.request.user
        if not all(has_permission(user, chosen.permission, record) for record in records):
            transitions.forbidden.send(type(self), request=self.request)
        outcomes = [
            outcome(self.request, record, chosen, answers | {"seen": self.digests[record]})
            for record in records
        ]
        return self.render_to_response(self.get_context_data(form=None, outcomes=outcomes))

    def get_context_data(self, **kwargs):
        rows = []
        if kwargs.get("form", True) is not None:
            user = self.request.user
            rows = [
                {
                    "record": record,
                    "key": key,
                    "url": record.admin_page("review"),
                    "refusal": transitions.PUBLISH.refusal(user, record),
                    "checks": admin.site.get_model_admin(type(record)).checks(record),
                }
                for key, record in self.records.items()
            ]
        return super().get_context_data(
            **admin.site.each_context(self.request),
            title=_("In review from: %s") % self.source,
            source=self.source,
            rows=rows,
            **kwargs,
        )


def outcome(request, record, transition, answers):
    try:
        transition.perform(record, request.user, **answers)
    except transitions.Refused as reason:
        return {"record": record, "refused": str(reason)}
    done = capfirst(transition.action.label)
    admin.site.get_model_admin(type(record)).log_change(request, record, f"{done}.")
    return {"record": record, "done": done}
