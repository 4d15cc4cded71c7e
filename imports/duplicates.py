"""What the portal says already: the same statement, meeting, paper or practice twice is one."""

from entries.duplicates import alike
from imports.models import Proposal
from imports.readings.words import normal


def known(proposal):
    """The entry that says what the proposal would; None if there is none."""
    before = Proposal.objects.filter(state="accepted", normal=proposal.normal).exclude(normal="")
    for accepted in before.prefetch_related("entry"):
        if accepted.entry is not None and accepted.entry.kind == proposal.kind:
            return accepted.entry
    found = alike(
        proposal.model,
        proposal.title,
        proposal.start[:4],
        proposal.as_printed,
        proposal.links,
    )
    return found[0].entry if found else None


def differences(proposal):
    """What the proposal says of the entry that there is, and the entry does not: (name, its, ours)."""
    entry, rows = proposal.entry, []
    pairs = [
        ("title", getattr(entry, "title", getattr(entry, "name", "")), proposal.title),
        ("date", _day(entry), proposal.start),
        ("page", entry.source_page, proposal.page),
        ("as printed", entry.as_printed, proposal.as_printed),
    ]
    for name, theirs, ours in pairs:
        if ours and normal(str(theirs or "")) != normal(str(ours)):
            rows.append((name, theirs, ours))
    addresses = set(entry.links.values_list("url", flat=True))
    rows += [("address", "", address) for address in proposal.links if address not in addresses]
    return rows


def _day(entry):
    value = getattr(entry, "start_date", None) or getattr(entry, "iso_date", "")
    return str(value or "")
