"""What a curator says of blocks that no recipe read: what they are, they and all like them."""

from django.db import transaction

from entries.models import Country
from imports.models import Block, Proposal
from imports.readings import references
from imports.readings.groups import Groups
from imports.readings.words import Reader, printed
from imports.storing import digest_of
from meetings.groups import WorkingGroup

Fate = Block.Fate
READ = 2_000  # characters of a block that are read for its date, place and group


def like(block):
    """The blocks left over that look as this one does, in the same file: it among them."""
    same = {name: getattr(block, name) for name in ("of", "role", "level", "marker", "fate")}
    return Block.objects.filter(**same)


@transaction.atomic
def become(blocks, kind):
    """Make a proposal of each block; return the proposals."""
    made = []
    for block in blocks:
        last = block.of.proposals.order_by("-number").values_list("number", flat=True).first() or 0
        proposal = _read(block, kind, last + 1)
        block.fate, block.proposal = Fate.PROPOSAL, proposal
        block.save(update_fields=["fate", "proposal"])
        made.append(proposal)
    return made


@transaction.atomic
def set_aside(blocks, fate):
    """Say of blocks that they are furniture or an introduction."""
    for block in blocks:
        block.fate, block.proposal = fate, None
        block.save(update_fields=["fate", "proposal"])


@transaction.atomic
def join(blocks):
    """Make each block a part of the proposal before it; return how many found one."""
    joined = 0
    for block in sorted(blocks, key=lambda each: each.position):
        before = Block.objects.filter(
            of=block.of, position__lt=block.position, proposal__isnull=False
        )
        nearest = before.order_by("-position").first()
        if nearest is None or nearest.proposal.state in (
            *Proposal.DONE,
            *Proposal.WAITING,
        ):
            continue
        proposal = nearest.proposal
        proposal.as_printed = f"{proposal.as_printed} {printed(block.text)}"
        proposal.normal = digest_of(proposal.as_printed)
        proposal.save(update_fields=["as_printed", "normal"])
        block.fate, block.proposal = Fate.PART, proposal
        block.save(update_fields=["fate", "proposal"])
        joined += 1
    return joined


def _read(block, kind, number):
    """A proposal of the kind that the curator named, with what can be read of the words."""
    text = block.text.strip().removeprefix(block.marker).strip()
    readable = Reader().read(text[:READ].replace("\t", ", "))
    language = block.of.language or "en"
    proposal = Proposal(
        of=block.of,
        number=number,
        kind=kind,
        page=block.page,
        as_printed=printed(text),
        normal=digest_of(text),
    )
    countries, groups = [], []
    if kind == "practice":
        found = references.practice(readable, language)
        proposal.title, countries = found.name[:400], found.countries
        proposal.details = {"country_as_printed": found.place} if found.place else {}
    elif kind in ("meeting", "paper"):
        rows = WorkingGroup.objects.values_list("name", "aliases")
        found = references.event(readable, Groups(rows), language, kind == "paper")
        proposal.title, countries, groups = found.title[:400], found.countries, found.groups
        proposal.details = {"heading_as_printed": found.head}
        if found.date:
            proposal.start, proposal.end = found.date.start, found.date.end
            proposal.precision = found.date.precision
            proposal.date_as_printed = found.date.printed[:100]
    proposal.links = [address for address, _ in block.links]
    proposal.save()
    proposal.countries.set(Country.objects.filter(code__in=countries))
    proposal.groups.set(WorkingGroup.objects.filter(name__in=groups))
    return proposal
