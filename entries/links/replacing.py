"""One address in the place of another, at every entry that has it: with one note, and a version of
each entry."""

from dataclasses import dataclass
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entries.links.models import Link
from entries.workflow import transitions
from records.versions.registering import revision

MOST = 200  # links of one run


class ReplaceForm(forms.Form):
    url = forms.URLField(
        label=gettext_lazy("The new address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vTextField"}),
    )
    note = forms.CharField(
        label=gettext_lazy("What you change, and why"),
        max_length=500,
        help_text=gettext_lazy("Public at entries that are public, without your name."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    # Of what the preview has shown.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@dataclass
class Replacement:
    """What becomes of one link; `refusal` says why nothing does."""

    link: Link
    url: str
    refusal: str | None = None

    @property
    def entry(self):
        return self.link.entry


def links_to(check):
    links = Link.objects.filter(url__in=check.told.values("url")).select_related(*Link.owners)
    return links.order_by("pk")[:MOST]


def replacements(check, user, url):
    """What would become of every link to the address."""
    return [judged(link, user, url) for link in links_to(check)]


def judged(link, user, url):
    """A place within the page, such as that of a PDF, is kept."""
    _page, sign, place = link.url.partition("#")
    new = Replacement(link, url if "#" in url else f"{url}{sign}{place}")
    if not transitions.may_change(user, link.entry):
        new.refusal = _("You may not change this entry.")
    elif link.entry.links.exclude(pk=link.pk).filter(url=new.url).exists():
        new.refusal = _("This entry has this address already.")
    elif new.url == link.url:
        new.refusal = _("It is this address.")
    return new


def digest_of(found):
    """Of what a preview has shown, so that nothing else is replaced than that."""
    rows = [(each.link.pk, each.link.url, each.url) for each in found if not each.refusal]
    return sha256(repr(rows).encode()).hexdigest()


def replace(found, user, note):
    """Replace what can be; return what was, and what was refused after all."""
    done, refused = [], []
    for each in found:
        if each.refusal is None:
            each.refusal = _replaced(each, user, note)
        (refused if each.refusal else done).append(each)
    return done, refused


def _replaced(each, user, note):
    """Why it was not; None if it was."""
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(pk=each.link.pk, url=each.link.url).first()
        if link is None:
            return _("Somebody has changed this link meanwhile.")
        with revision(user, changing=link):
            link.url = each.url
            try:
                link.full_clean()
            except ValidationError as error:
                return " ".join(error.messages)
            link.save()
            transitions.note_change(link.entry, user, note)
    return None
