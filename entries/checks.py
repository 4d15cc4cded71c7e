"""What somebody who publishes an entry should know of it, beside what its workflow asks."""

import re
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entries.duplicates import like
from entries.links.health import State
from entries.workflow.reviewing import Check

MOST_WORDS = 8  # in a row that are the source's and not marked as such


def longest_run(ours, theirs):
    """The longest run of words that our wording shares with theirs."""
    a, b = (re.findall(r"\w+", text.casefold()) for text in (ours, theirs))
    found = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    return a[found.a : found.a + found.size]


def checks_of(entry):
    if not entry.tags.exists():
        yield Check(_("It has no tag."))
    for each in like(entry):
        yield Check(_("There may be one already: %s.") % each.why, (each.entry,))
    shared = longest_run(entry.text, entry.as_printed) if entry.as_printed else []
    if len(shared) > MOST_WORDS:
        yield Check(
            _("%(number)d words in a row are the source’s: “%(words)s”.")
            % {"number": len(shared), "words": " ".join(shared[:40])}
        )
    links = links_of(entry)
    if untested := [link for link in links if link.health.state == State.UNCHECKED]:
        text = ngettext(
            "%d address was never tested.", "%d addresses were never tested.", len(untested)
        )
        yield Check(text % len(untested))
    for link in links:
        if link.health.state == State.DEAD:
            yield Check(_("This address is dead: %s") % link.short)


def links_of(entry):
    """Its links, each with how its address is."""
    return entry.links.order_by("pk").with_health()
