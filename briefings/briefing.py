"""A briefing: what was chosen, part by part, each statement with a numbered note of its source."""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from briefings.selection import Withdrawn, query_of, reference_to
from entries.formats.citation import Citation

# As the pages come out in print: the head and the foot count as words too.
WORDS_OF_A_PAGE = 620
WORDS_OF_A_NOTE = 40
WORDS_OF_THE_HEAD = 150


@dataclass
class Statement:
    """An entry with the number of its note; `up` is the query string with it further up.

    What was withdrawn since has neither number nor citation.
    """

    entry: object
    number: int | None = None
    citation: Citation | None = None
    up: str = ""
    without: str = ""

    @property
    def reference(self):
        return reference_to(self.entry)

    @property
    def title(self):
        """The entry's title; empty where it has none of its own but its first words."""
        heading = self.entry.heading
        is_beginning = self.entry.text.startswith(heading.removesuffix("…"))
        return "" if self.entry.text and is_beginning else heading


@dataclass
class Section:
    heading: str
    statements: list
    note: str = ""
    up: str = ""


class Briefing:
    """The content of a briefing, for its page, for print and for a document alike."""

    def __init__(self, title, parts, request, introduction=(), origin=""):
        """`parts` are (heading, note, entries); `introduction` is a list of paragraphs.

        `origin` says whose selection and title it is, where they are not the portal's.
        """
        self.title, self.introduction = title, [text for text in introduction if text]
        self.origin = origin or _("RAN Mental Health knowledge portal")
        numbers, noted = count(1), {}
        self.sections = []
        for heading, note, entries in parts:
            statements = []
            for entry in entries:
                if isinstance(entry, Withdrawn):
                    statements.append(Statement(entry))
                    continue
                key = entry.kind, entry.pk
                if key not in noted:  # chosen for two parts, it has one note
                    citation = entry.citation_class(entry, request)
                    noted[key] = Statement(entry, next(numbers), citation)
                statements.append(noted[key])
            self.sections.append(Section(str(heading), statements, note))
        self.notes = list(noted.values())

    @cached_property
    def pages(self):
        """About how many A4 pages it takes in print."""
        texts = [*self.introduction, *(section.note for section in self.sections)]
        texts += [f"{note.title} {note.entry.text}" for note in self.notes]
        words = sum(len(text.split()) for text in texts) + WORDS_OF_A_NOTE * len(self.notes)
        return math.ceil((words + WORDS_OF_THE_HEAD) / WORDS_OF_A_PAGE)


def briefing_of(selection, title, request):
    """The briefing of a reader's selection: by kind, the kinds in the order of their first entry.

    Each statement and each part knows the address in which it stands one place further up.
    """
    groups = {}
    for entry in selection.chosen:
        groups.setdefault(entry.kind, []).append(entry)
    parts = [(capfirst(kind.plural), "", group) for kind, group in groups.items()]
    if title:
        origin = _(
            "a reader’s own title and selection, in the wording of the RAN Mental Health knowledge portal"
        )
    else:
        origin = _(
            "a reader’s own selection, in the wording of the RAN Mental Health knowledge portal"
        )
    briefing = Briefing(title or _("Briefing"), parts, request, selection.problems, origin)
    order = list(groups.values())
    for place, (section, group) in enumerate(zip(briefing.sections, order, strict=True)):
        if place:
            section.up = query_of(flat(swapped(order, place)), title)
        for number, statement in enumerate(section.statements):
            rest = [entry for entry in flat(order) if entry != statement.entry]
            statement.without = query_of(rest, title)
            if number:
                moved = [*order[:place], swapped(group, number), *order[place + 1 :]]
                statement.up = query_of(flat(moved), title)
    return briefing


def swapped(rows, place):
    """The rows with the one at the place before the one that stood before it."""
    return [*rows[: place - 1], rows[place], rows[place - 1], *rows[place + 1 :]]


def flat(groups):
    return [entry for group in groups for entry in group]
