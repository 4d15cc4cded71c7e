"""The account of an import: each block of the file with its fate, and what it would become."""

from dataclasses import asdict, dataclass, field
from functools import cached_property

from imports.fates import ABSENCE, CERTAIN, LEFT_OVER, PART, PROPOSAL
from imports.readings import words
from records import dates


@dataclass
class Proposed:
    """What one or more blocks would become: a kind, readings, and the words they rest on."""

    number: int
    kind: str
    title: str = ""
    as_printed: str = ""
    page: int | None = None
    date: dates.Reading | None = None
    countries: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    links: list = field(default_factory=list)  # (address, certainty)
    theme: tuple = ()
    certainty: str = CERTAIN
    fields: dict = field(default_factory=dict)  # what only its kind has

    def as_dict(self):
        reading, is_meeting = self.date, self.kind == "meeting"
        ends = reading and (reading.is_range or is_meeting)
        return {
            "number": self.number,
            "kind": self.kind,
            "title": self.title or None,
            "as_printed": self.as_printed,
            "page": self.page,
            "start": reading.start if reading else None,
            "end": reading.end if ends else None,
            "precision": reading.precision if reading else None,
            "date_as_printed": reading.printed if reading else None,
            "countries": self.countries,
            "groups": self.groups,
            "links": [address for address, _ in self.links],
            "theme": " > ".join(self.theme) or None,
            "certainty": self.certainty,
            "fields": {name: value for name, value in self.fields.items() if value},
        }


class Account:
    """Blocks in their order with their fates, and proposals; it adds up by itself."""

    def __init__(self, document, recipe, language, groups):
        self.document, self.recipe, self.language = document, recipe, language
        self.groups = groups
        self.fates = [(LEFT_OVER, None)] * len(document.blocks)
        self.proposals, self.notes = [], list(document.notes)
        self.absences = {}  # {index of the block: (theme as a path, kind that is missing)}
        self.title, self.date = document.title, None

    @cached_property
    def text(self):
        return "\n".join(block.text for block in self.document.blocks)

    @cached_property
    def reader(self):
        return words.Reader(self.text)

    def set(self, index, fate, proposal=None):
        self.fates[index] = (fate, proposal.number if proposal else None)

    def note_absence(self, index, theme, kind):
        """The block says that something is missing, and there is where."""
        self.set(index, ABSENCE)
        self.absences[index] = (tuple(theme), kind)

    def propose(self, index, kind, **readings):
        """A new proposal made of the block."""
        block = self.document.blocks[index]
        proposal = Proposed(
            len(self.proposals) + 1,
            kind,
            **{"as_printed": words.printed(block.body), "page": block.page} | readings,
        )
        proposal.links += [(address, CERTAIN) for address, _ in block.links]
        self.proposals.append(proposal)
        self.set(index, PROPOSAL, proposal)
        return proposal

    def add(self, index, proposal, line=False):
        """Make the block a part of a proposal; `line` begins a new line of its wording."""
        block = self.document.blocks[index]
        text = words.printed(block.text if line and block.marker else block.body)
        glue = "\n" if line or proposal.as_printed[-1:] in "-\u2010\u00ad" else " "
        proposal.as_printed = f"{proposal.as_printed}{glue}{text}" if proposal.as_printed else text
        proposal.links += [(address, CERTAIN) for address, _ in block.links]
        self.set(index, PART, proposal)

    def read(self, text):
        return self.reader.read(text)

    @property
    def unread(self):
        return [
            block
            for block, (fate, _) in zip(self.document.blocks, self.fates, strict=True)
            if fate == LEFT_OVER
        ]

    def readings(self):
        """All that was concluded, plain enough to leave the process that reads; see `restore`."""
        return {
            "recipe": self.recipe.name,
            "language": self.language,
            "title": self.title,
            "notes": self.notes,
            "fates": self.fates,
            "absences": [[index, *absence] for index, absence in self.absences.items()],
            "proposals": [asdict(proposal) for proposal in self.proposals],
        }

    def restore(self, readings):
        self.title, self.notes = readings["title"], readings["notes"]
        self.fates = [tuple(fate) for fate in readings["fates"]]
        self.absences = {index: (tuple(theme), kind) for index, theme, kind in readings["absences"]}
        self.proposals = [
            Proposed(**row | {"date": row["date"] and dates.Reading(**row["date"])})
            for row in readings["proposals"]
        ]
        return self

    def as_dict(self):
        blocks = []
        told = zip(self.document.blocks, self.fates, strict=True)
        for index, (block, (fate, number)) in enumerate(told):
            row = {"page": block.page, "text": block.text, "fate": fate, "proposal": number}
            if fate == LEFT_OVER and (
                found := dates.dates(self.read(block.text), self.language or "en")
            ):
                row["dates"] = [
                    {"start": r.start, "end": r.end, "precision": r.precision, "printed": r.printed}
                    for r in found
                ]
            if index in self.absences:
                theme, kind = self.absences[index]
                row |= {"theme": " > ".join(theme) or None, "kind": kind}
            blocks.append(row)
        return {
            "recipe": self.recipe.name,
            "language": self.language or None,
            "format": self.document.format,
            "title": self.title or None,
            "notes": self.notes,
            "blocks": blocks,
            "proposals": [proposal.as_dict() for proposal in self.proposals],
        }
