"""Forms that know what a record said when they were opened.

They carry it, sealed. When a form is sent, the record is read again; if it says something else
now, nothing is done with it before the person has looked.
"""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.versions.snapshots import Snapshot

# What a form sends beside its fields: the seal, and the buttons of an edit conflict.
OPENED_WITH, OVER, TOGETHER = "opened_with", "_over", "_together"
AGAIN = "_again"  # what a browser had kept, to be looked over
SALT = "what a form was opened with"
NOT_YET = "not-yet"


def seal(snapshot):
    return signing.dumps(snapshot.data, salt=SALT, compress=True)


def unseal(model, text):
    """The snapshot that was sealed; None if this is none."""
    try:
        return Snapshot(model, *signing.loads(text or "", salt=SALT))
    except signing.BadSignature:
        return None


def says_the_same(opened, found):
    return opened is not None and opened.says == found.says


class OpenedWith(forms.CharField):
    """Carries the snapshot. Nothing of it is the person's to change."""

    widget = forms.HiddenInput

    def __init__(self, snapshot):
        super().__init__(required=False, initial=seal(snapshot))

    def has_changed(self, initial, data):
        return False


class SeenForm(forms.Form):
    """Asks before something is done with a record as it was when the page was opened.

    `found` is what the record says now; None where nothing has to have been seen. If the page
    showed something else, the form has an error, and carries what the record says now.
    """

    required_css_class = "required"

    def __init__(self, *args, found=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        if found is not None:
            self.fields[OPENED_WITH] = OpenedWith(found)

    @property
    def seen(self):
        """The digest of what was looked at: for whoever looks once more under a lock."""
        return self.found.digest if self.found is not None else None

    def clean(self):
        cleaned = super().clean()
        opened = cleaned.pop(OPENED_WITH, None)
        if self.found is None or says_the_same(unseal(self.found.model, opened), self.found):
            return cleaned
        self.data = self.data.copy()
        self.data[self.add_prefix(OPENED_WITH)] = seal(self.found)
        raise ValidationError(
            _("It was changed after you opened this page. Please look at it once more.")
        )


class VersionedForm(forms.ModelForm):
    """Refuses to save over what its person has not seen, unless they say so."""

    can_be_put_in_again = True

    def __init__(self, *args, instance=None, **kwargs):
        # First: what the form shows is never older than what it says it shows.
        self.found = Snapshot.of(instance) if instance is not None and instance.pk else None
        super().__init__(*args, instance=instance, **kwargs)
        if self.found is not None:
            self.fields[OPENED_WITH] = OpenedWith(self.found)

    def clean(self):
        cleaned = super().clean()
        if not self._may_be_saved():
            self.add_error(None, ValidationError(_("Nothing is saved yet."), code=NOT_YET))
        return cleaned

    def _may_be_saved(self):
        if TOGETHER in self.data or AGAIN in self.data:  # to be looked at first
            return False
        if self.found is None:
            return True
        # Over only what the person was shown: yet another save may have come between.
        return self.data.get(OVER) == self.found.digest or says_the_same(
            unseal(self.found.model, self.data.get(OPENED_WITH)), self.found
        )
