"""What somebody who publishes an entry should know of it, beside what its workflow asks."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entries.duplicates import like
from entries.links.health import State
from entries.workflow.reviewing import Check

MOST_READ = 100_000  # words of either text
MOST_WORDS = 8  # in a row that are the source's and not marked as such


def longest_run(ours, theirs):
    """The longest run of words that our wording shares with theirs.

    By all runs of theirs at once (a suffix automaton): linear, however long they are.
    """
    a, b = (re.findall(r"\w+", text.casefold())[:MOST_READ] for text in (ours, theirs))
    nexts, shorter = _runs_of(b) if a else ([{}], [])
    at = length = longest = end = 0
    for number, word in enumerate(a, 1):
        while at and word not in nexts[at]:
            at, length = shorter[at]
        if word in nexts[at]:
            at, length = nexts[at][word], length + 1
        if length > longest:
            longest, end = length, number
    return a[end - longest : end]


def _runs_of(words):
    """An automaton that knows every run of the words: (what follows, the next shorter run of each state)."""
    nexts, links, lengths, last = [{}], [-1], [0], 0
    for word in words:
        nexts.append({})
        links.append(0)
        lengths.append(lengths[last] + 1)
        new, state, last = len(nexts) - 1, last, len(nexts) - 1
        while state != -1 and word not in nexts[state]:
            nexts[state][word] = new
            state = links[state]
        if state == -1:
            continue
        there = nexts[state][word]
        if lengths[there] == lengths[state] + 1:
            links[new] = there
            continue
        copy = len(nexts)
        nexts.append(dict(nexts[there]))
        links.append(links[there])
        lengths.append(lengths[state] + 1)
        while state != -1 and nexts[state].get(word) == there:
            nexts[state][word] = copy
            state = links[state]
        links[there] = links[new] = copy
    return nexts, [(link, lengths[link]) for link in links]


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
