"""An ordered selection of entries that any reader makes: it lives in an address and nowhere else.

`e=lessons/…&e=practices/…` names entries as their pages' addresses do; `e=themes/…` and
`e=situations/…` stand for all the entries they hold. Former slugs are followed.
"""

import re
from dataclasses import dataclass

from django import forms
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from briefings.models import Situation
from entries.kinds import Kind
from entries.models import kinds
from records.models import FormerSlug
from themes.models import Theme

MOST = 60  # entries
MOST_NAMED = 200  # values of `e` that are looked at
MOST_WHOLE = 4  # themes and situations among them, each of which costs queries
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Withdrawn:
    """An entry that was public when it was chosen; its place says that it is not any more."""

    kind: Kind
    slug: str
    reason: str

    def __str__(self):
        said = _("this %(kind)s was withdrawn") % {"kind": self.kind.name}
        reason = self.reason.strip().rstrip(".")
        return ": ".join(filter(None, [reference_to(self), said, reason])) + "."


class References(forms.Field):
    """Several values of one parameter: those that look like the address of a record."""

    widget = forms.MultipleHiddenInput

    def to_python(self, values):
        return [value.strip().strip("/") for value in (values or [])[:MOST_NAMED] if value.strip()]


class SelectionForm(forms.Form):
    """What the address of a briefing holds."""

    e = References(required=False)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=LONGEST_TITLE,
        error_messages={"max_length": _("A title has at most 120 signs.")},
    )


class Selection:
    """What `references` name, in their order, each once: at most MOST entries.

    `chosen` are the entries, and a `Withdrawn` in the place of each that is none any more;
    `problems` are the sentences that name what else was asked for.
    """

    def __init__(self, references):
        self.models = {model.kind.path: model for model in kinds()}
        self.problems = []
        self.whole = 0
        pairs = dict.fromkeys(
            pair for reference in dict.fromkeys(references) for pair in self._pairs(reference)
        )
        self.chosen = self._found([*pairs][:MOST])
        if left_out := max(len(pairs) - MOST, 0):
            self.problems.append(
                ngettext(
                    "A briefing holds at most %(most)d entries: %(left_out)d more was named and is left out. Take some out, or make two briefings.",
                    "A briefing holds at most %(most)d entries: %(left_out)d more were named and are left out. Take some out, or make two briefings.",
                    left_out,
                )
                % {"most": MOST, "left_out": left_out}
            )

    def _pairs(self, reference):
        """(path, slug) of the entry, or of each entry of the theme or situation."""
        match = re.fullmatch(r"([a-z]+)/([-a-zA-Z0-9_]{1,120})", reference)
        path, slug = match.groups() if match else ("", "")
        if path in ("themes", "situations"):
            self.whole += 1
            if self.whole > MOST_WHOLE:
                self._miss(reference, _("too many whole themes and situations at once"))
                return []
            return getattr(self, f"_of_{path}")(reference, slug)
        if path not in self.models:
            self._miss(reference, _("no such entry is known"))
            return []
        return [(path, slug)]

    def _of_themes(self, reference, slug):
        slug = present_slug(Theme, slug)
        if not Theme.objects.filter(slug=slug).exists():
            self._miss(reference, _("no such theme is known"))
            return []
        return [
            (path, each)
            for path, model in self.models.items()
            for each in model.objects.published()
            .in_branch(slug)
            .values_list("slug", flat=True)[: MOST + 1]
        ]

    def _of_situations(self, reference, slug):
        slug = present_slug(Situation, slug)
        situation = Situation.objects.published().for_page().filter(slug=slug).first()
        if situation is None:
            self._miss(reference, _("no such situation is known"))
            return []
        return [(entry.kind.path, entry.slug) for entry in situation.entries]

    def _found(self, pairs):
        found = {}
        for path, model in self.models.items():
            asked = [slug for each, slug in pairs if each == path]
            if asked:
                found |= {(path, slug): entry for slug, entry in of_model(model, asked).items()}
        chosen = []
        for path, slug in pairs:
            entry = found.get((path, slug))
            if entry is None:
                self._miss(f"{path}/{slug}", _("no such entry is known"))
                continue
            if not entry.is_public:
                entry = Withdrawn(entry.kind, entry.slug, entry.withdrawn_reason)
            if entry not in chosen:
                chosen.append(entry)
        return chosen

    def _miss(self, reference, reason):
        self.problems.append(f"{Truncator(reference).chars(80)}: {reason}.")


def present_slug(model, slug):
    return FormerSlug.present(model._meta.label_lower, [slug]).get(slug, slug)


def of_model(model, slugs):
    """{slug as asked for: entry} of those that are, or once were, public."""
    former = FormerSlug.present(model._meta.label_lower, slugs)
    present = {slug: former.get(slug, slug) for slug in slugs}
    entries = model.objects.filter(slug__in=present.values(), first_published__isnull=False)
    by_slug = {entry.slug: entry for entry in entries.for_display()}
    return {asked: by_slug[slug] for asked, slug in present.items() if slug in by_slug}


def reference_to(entry):
    return f"{entry.kind.path}/{entry.slug}"


def query_of(chosen, title=""):
    """The query string of a briefing of these entries."""
    pairs = [("e", reference_to(each)) for each in chosen]
    return urlencode([*pairs, ("title", title)] if title else pairs)
