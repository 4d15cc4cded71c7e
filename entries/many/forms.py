"""Forms that ask, once for all of them, before something is done with many entries."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from entries.many.changing import seal, unseal

PUBLIC_NOTE = _("Public: it stands on the page of each with the date, without your name.")


class ManyForm(forms.Form):
    """Asks for one note, and knows what the page showed of the entries."""

    required_css_class = "required"

    note = forms.CharField(
        label=_("What you change, and why"),
        help_text=PUBLIC_NOTE,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, entries=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = entries
        # The note closes every form, whatever fields a form adds.
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    @property
    def note_alone(self):
        """The note, where the page itself places the other fields."""
        return [self["note"]]

    @cached_property
    def seal(self):
        return seal(self.entries)

    @property
    def seen(self):
        return unseal(self.data.get("seen"))
