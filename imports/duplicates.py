"""What the portal says already: the same statement, meeting, paper or practice twice is one."""

from entries.links.models import Link
from entries.models import kinds
from imports.models import Proposal
from imports.readings.words import normal


class Known:
    """The entries that there are, by what two of the same would share."""

    def __init__(self):
        self.by_title, self.by_name, self.by_text, self.by_address = {}, {}, {}, {}
        for model in kinds():
            for entry in model.objects.all():
                if model.kind in ("meeting", "paper"):
                    day = str(
                        getattr(entry, "start_date", None) or getattr(entry, "date", None) or ""
                    )
                    self.by_title[model.kind, normal(entry.title), day[:4]] = entry
                elif model.kind == "practice":
                    self.by_name[normal(entry.name)] = entry
                if entry.as_printed:
                    self.by_text[normal(entry.as_printed)] = entry
        accepted = Proposal.objects.filter(state="accepted").exclude(normal="")
        accepted = accepted.prefetch_related("entry")
        self.accepted = {proposal.normal: proposal for proposal in accepted}
        links = Link.objects.exclude(role=Link.Role.UNASSIGNED)
        for link in links.select_related(*Link.owners):
            self.by_address[link.url] = link.entry

    def find(self, proposal):
        """The entry that says what the proposal would; None if there is none."""
        before = self.accepted.get(proposal.normal)
        if before and before.entry is not None and before.entry.kind == proposal.kind:
            return before.entry
        if proposal.kind == "practice" and (entry := self.by_name.get(normal(proposal.title))):
            return entry
        if entry := self.by_title.get((proposal.kind, normal(proposal.title), proposal.start[:4])):
            return entry
        entry = self.by_text.get(normal(proposal.as_printed))
        for address in proposal.links:
            entry = entry or self.by_address.get(address)
        return entry if entry is not None and entry.kind == proposal.kind else None


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
