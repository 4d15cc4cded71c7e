"""The forms of what goes through review."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from entries.workflow import transitions
from records.admin import RecordForm
from records.previewing import PREVIEW
from records.versions.forms import SeenForm


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


class TransitionForm(SeenForm):
    """What is asked before a transition is made."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}))
    see_instead = forms.CharField(
        label=_("Where to go instead"),
        required=False,
        max_length=500,
        validators=[validate_destination],
        help_text=_("A path of this portal such as /lessons/, or a whole address. May be empty."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    knowingly = forms.BooleanField(label=_("I know, and publish it all the same"))

    def __init__(self, *args, transition, doubts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = transition.note_label
        self.fields["note"].required = transition.note_required
        if "see_instead" not in transition.asks:
            del self.fields["see_instead"]
        if not doubts:
            del self.fields["knowingly"]


class ReviewedForm(RecordForm):
    """Fields that are no part of the record say what is to be done with what was typed."""

    change_note = forms.CharField(
        label=_("What you change, and why"),
        help_text=_("Public: it stands on the page with the date, without your name."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    send_to_review = forms.BooleanField(label=_("Send to review when saved"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.is_public:
            del self.fields["change_note"]
        elif PREVIEW in self.data:
            self.fields["change_note"].required = False
        if self.instance.status != transitions.SEND.source:
            del self.fields["send_to_review"]

    @cached_property
    def changed_data(self):
        """Of the record."""
        return [
            name for name in super().changed_data if name not in ("change_note", "send_to_review")
        ]
