"""What each theme itself holds: the places of the map, a cell for each kind, a mark for each
entry. What is blank says why."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import reduce
from html import escape
from operator import or_

from django.db.models import Count, F, Q
from django.utils.functional import cached_property

from entries.kinds import Kind
from entries.models import kinds
from entries.sets import sets_of
from themes.models import Absence, Theme

PITCH = 28  # px from mark to mark: each is 24 wide, as large as a finger needs
MOST_MARKS = 24  # in a cell; from the next one on it is a bar with the number
# In a picture, or nobody sees more in it and a phone waits: beyond, the fullest cells are bars.
MOST_DRAWN = 250
BAR = 160


@dataclass
class Mark:
    """An entry drawn at `x`."""

    entry: object
    number: int | str
    x: int

    @property
    def middle(self):
        return self.x + 12

    @cached_property
    def drawn(self):
        kind, heading = self.entry.kind, escape(self.entry.heading)
        return (
            f"<title>{self.number} {kind.label}: {heading}</title>"
            f'<use href="#{kind}" x="{self.x}"/><text x="{self.middle}" y="16">{self.number}</text>'
        )

    @cached_property
    def link(self):
        return self.leading_to(self.entry.get_absolute_url())

    @property
    def link_in_page(self):
        """The mark as a link to where its entry stands on the same page."""
        return self.leading_to(f"#{self.entry.kind}-{self.entry.slug}")

    @property
    def link_here(self):
        """The mark on the page of its entry."""
        return self.leading_to(self.entry.get_absolute_url(), ' aria-current="page"')

    def leading_to(self, address, current=""):
        return f'<a class="{self.entry.kind}" href="{address}"{current}>{self.drawn}</a>'


@dataclass
class Cell:
    """What a place holds of a kind: the marks of its entries, or none and why."""

    kind: Kind
    address: str
    count: int = 0
    marks: list[Mark] = field(default_factory=list)
    absence: object = None
    elsewhere: dict = field(default_factory=dict)

    @property
    def counted(self):
        return self.kind.counted(self.count)

    @property
    def width(self):
        return max(PITCH * len(self.marks) - 4, 0) or BAR


def in_a_row(entries, first=1):
    """The entries as marks, numbered from `first`."""
    return [Mark(entry, first + place, PITCH * place) for place, entry in enumerate(entries)]


def most_in_a_cell(counts):
    """How many marks are drawn in a cell at most, for MOST_DRAWN in all."""
    most = drawn = 0
    for count, cells in sorted(Counter(counts).items()):
        drawn += count * cells
        if drawn > MOST_DRAWN:
            break
        most = count
    return min(most, MOST_MARKS)


@dataclass
class Row:
    """A theme with what is filed under it itself, not below it."""

    theme: Theme
    cells: list[Cell]

    @property
    def count(self):
        return sum(cell.count for cell in self.cells)

    @property
    def is_place(self):
        """Whether entries are filed here, where no further theme divides them."""
        return bool(self.count) and self.theme.level != Theme.Level.MAIN


class Places:
    """What some themes hold, or the tree and what no theme holds, counted in few queries."""

    def __init__(self, themes):
        self.themes = themes
        self.by_kind = {model.kind: Filed(model, themes) for model in kinds()}
        self.rows = [self.row(theme, {}) for theme in themes]

    def row(self, theme, entries):
        """A theme with what it holds of each kind, drawn where its entries are given by kind."""
        cells, number = [], 1
        for kind, filed in self.by_kind.items():
            cell = filed.cell(theme, entries.get(kind, ()), number)
            number += cell.count
            cells.append(cell)
        return Row(theme, cells)

    def drawn(self, themes):
        """The rows of these themes with their marks."""
        most = most_in_a_cell(
            filed.counts.get(theme.pk, 0) for filed in self.by_kind.values() for theme in themes
        )
        few = {kind: filed.few(themes, most) for kind, filed in self.by_kind.items()}
        return [
            self.row(theme, {kind: filed[theme.pk] for kind, filed in few.items()})
            for theme in themes
        ]

    @cached_property
    def places(self):
        return [row for row in self.rows if row.is_place]

    def at(self, theme):
        """The row of a theme; None where it is not among these."""
        return next((row for row in self.rows if row.theme.pk == theme.pk), None)

    @cached_property
    def tallies(self):
        """{theme: {kind: how many its branch holds, an entry once for each theme in it}}"""
        tallies = defaultdict(Counter)
        for row in self.rows:
            for above in row.theme.lineage:
                tallies[above.pk].update({cell.kind: cell.count for cell in row.cells})
        return tallies

    def explain_blanks(self, rows):
        """Say of every blank in these whether the source says so, or where else to look."""
        absences = {
            (absence.theme_id, absence.kind): absence for absence in Absence.objects.all_told()
        }
        for row in (row for row in rows if row.is_place):
            for cell in row.cells:
                if not cell.count:
                    key = (row.theme.pk, cell.kind)
                    cell.absence = absences.get(key)
                    cell.elsewhere = self.elsewhere(cell.kind, row.theme.subject)
        return rows

    def elsewhere(self, kind, subject):
        """How many of the kind carry the tag that says what a place is about."""
        count = self.by_kind[kind].tagged(subject) if subject else 0
        return {"tag": subject, "count": count} if count else {}


class Map(Places):
    """The map of what is known: every theme, its blanks explained, and what its page says of it."""

    def __init__(self):
        super().__init__(Theme.objects.select_related("subject").whole_tree())
        self.rows = self.explain_blanks(self.drawn(self.themes))
        full = {row.theme.pk for row in self.rows if row.count}
        above = {theme.pk for row in self.rows if row.count for theme in row.theme.lineage}
        # The rows worth drawing: whatever holds entries, and the headings above.
        self.shown = [row for row in self.rows if row.theme.pk in full | above]
        self.totals = [{"kind": kind, "count": filed.total} for kind, filed in self.by_kind.items()]
        self.total = sum(row["count"] for row in self.totals)

    def blanks(self):
        """The kinds that are missing somewhere, each with the places that hold none of it."""
        missing = [
            {"kind": kind, "rows": [row for row in self.places if not row.cells[at].count]}
            for at, kind in enumerate(self.by_kind)
        ]
        return [row for row in missing if row["rows"]]

    def unfiled(self):
        """The kinds that have entries under no theme, with how many, and the first of them."""
        return [
            {
                "kind": kind,
                "count": filed.counts[None],
                "entries": list(filed.published.filter(themes=None)[:MOST_MARKS]),
            }
            for kind, filed in self.by_kind.items()
            if filed.counts.get(None)
        ]


class Filed:
    """The published entries of a kind by the themes they are filed under themselves."""

    def __init__(self, model, themes):
        self.kind, self.published = model.kind, model.objects.published()
        self.sets = sets_of(model)
        self.counts = self.counted(themes)

    def few(self, themes, most):
        """{theme: its entries} of these themes, where they are not more than so many."""
        few = [theme for theme in themes if 0 < self.counts.get(theme.pk, 0) <= most]
        # Of each no more than a mark says of it: its address and its name.
        entries = self.at(few).only("slug", self.kind.model.name_field) if few else ()
        filed = defaultdict(list)
        for entry in entries:
            filed[entry.filed_at].append(entry)
        return filed

    def counted(self, themes):
        """{theme: count}, and under None what no theme holds."""
        if self.sets is None:
            filed = self.published.annotate(filed_at=F("themes"))
            at_these = Q(filed_at__in=[theme.pk for theme in themes]) | Q(filed_at=None)
            filed = filed.filter(at_these).order_by()
            return dict(filed.values_list("filed_at").annotate(Count("pk")))
        filed = self.sets.having("themes__slug")
        unfiled = self.sets.all & ~reduce(or_, filed.values(), 0)
        at = {theme.pk: filed[theme.slug] for theme in themes if theme.slug in filed}
        return {theme: here.bit_count() for theme, here in (at | {None: unfiled}).items() if here}

    def at(self, themes):
        """The entries filed under these themes, of which each has few."""
        filed = self.published.annotate(filed_at=F("themes"))
        filed = filed.filter(filed_at__in=[theme.pk for theme in themes])
        if self.sets is None:
            return filed
        having = self.sets.having("themes__slug")
        here = reduce(or_, (having.get(theme.slug, 0) for theme in themes), 0)
        return filed.filter(pk__among=self.sets.keys_of(here))

    def cell(self, theme, entries, first):
        address = f"{self.kind.list_url}?theme={theme.slug}"
        count = self.counts.get(theme.pk, 0)
        return Cell(self.kind, address, count, in_a_row(entries, first))

    @cached_property
    def total(self):
        return self.published.count() if self.sets is None else self.sets.all.bit_count()

    def tagged(self, tag):
        """How many of the kind have the tag, wherever filed."""
        if self.sets is None:
            return self.by_tag.get(tag.pk, 0)
        return self.sets.having("tags__slug").get(tag.slug, 0).bit_count()

    @cached_property
    def by_tag(self):
        return dict(self.published.order_by().values_list("tags").annotate(Count("pk")))
