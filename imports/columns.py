"""A spreadsheet read by the columns that the portal's own lists have: what goes out comes back.

Each row is a proposal: a new entry, or the changes of one that its identifier, address or slug
names. Whatever is wrong is named with row and column; the row's good siblings stay importable.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from entries.formats.csv import written
from entries.models import kinds
from imports.cells import ITSELF, Cells, Problem, date_in, is_more_or_less_than_a_day
from imports.headers import IN_WORDS, Headings
from records.models import FormerSlug

KEYS = ("identifier", "url", "slug")
# What the portal tells of an entry and nobody types: it may be another by now.
MOVING = ("url", "first_published", "updated", "worded", "link_states")
MOST_NAMED = 20  # rows that a remark names


@dataclass
class Row:
    """What a row says: `changes` are {field: (before, after, value for the form)}."""

    number: int
    entry: object = None
    changes: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def says_the_same(self):
        return self.entry is not None and not self.changes and not self.problems

    @property
    def named_problems(self):
        return [f"row {self.number}, {text}" for text in self.problems]


class Table:
    """The rows of a spreadsheet beside what the portal has."""

    def __init__(self, cells, numbers, name="", kind="", clears=False):
        self.name, self.clears = name.casefold(), clears
        self.headers = [cell.strip() for cell in cells[0]]
        self.rows = list(zip(numbers[1:], cells[1:], strict=True))
        self.model = next((each for each in kinds() if each.kind == kind), None) or self._model()
        self.headings = Headings(self.model, self.headers)
        self.columns = {h.column.header: h.column for h in self.headings.all if h.column}
        self.cells, self.stays = Cells(self.model), defaultdict(list)
        self.known, self.seen = {}, set()
        for entry in self.model.objects.for_page():
            self.known[str(entry.identifier)] = self.known[entry.slug] = entry
        former = FormerSlug.objects.filter(model=self.model._meta.label_lower)
        self.former = dict(former.values_list("slug", "current_slug"))

    def _model(self):
        """The kind whose list has most of the headers; an address tells it for sure."""
        for _, cells in self.rows:
            for cell in cells:
                path = _path_of(cell)
                found = [
                    model for model in kinds() if model.kind.path == path[0] and len(path) == 2
                ]
                if found:
                    return found[0]
        # Where headers leave it open, the name of the file may tell.
        return max(
            kinds(),
            key=lambda model: (
                Headings(model, self.headers).fitting + 0.5 * (model.kind in self.name)
            ),
        )

    def read(self):
        """Each row beside what the portal has."""
        for number, cells in self.rows:
            found = {}
            for index, heading in enumerate(self.headings.all):
                if heading.column is not None:
                    cell = cells[index] if index < len(cells) else ""
                    found[heading.column.header] = (heading, cell)
            row = Row(number)
            beyond = [cell for cell in cells[len(self.headers) :] if cell.strip()]
            if beyond:
                row.problems.append(f"“{beyond[0][:40]}” stands beyond the last column")
            entry = self._entry(found, row)
            if entry is not False:
                row.entry = entry
                self._change(found, row)
            yield row

    def remarks(self):
        """What is no fault and should be known: once all rows are read."""
        for (at, header), numbers in sorted(self.stays.items()):
            rows = named_rows(numbers)
            yield f"column {at} ({header}): empty cells leave what there is, in row {rows}"

    # --- Which entry

    def _entry(self, found, row):
        """The entry that the keys name; None if there are none, False if they cannot be followed."""
        entry = None
        for key in KEYS:
            heading, cell = found.get(key, (None, ""))
            value = cell.strip()
            if key == "url":
                value = _path_of(value)[-1]
            if not value:
                continue
            named = self.known.get(value) or self.known.get(self.former.get(value))
            if entry is not None:
                if named is not None and named is not entry:
                    row.problems.append(
                        f"column {heading.at} ({key}): {value} is another {self.model.kind} than the"
                        " one that the row names before; were the columns sorted apart?"
                    )
                    return False
                continue
            if value in self.seen:
                row.problems.append(
                    f"column {heading.at}: {value} stands in an earlier row already"
                )
                return False
            self.seen.add(value)
            if named is not None:
                entry = named
                self.seen |= {str(entry.identifier), entry.slug}
            elif key != "slug":
                row.problems.append(
                    f"column {heading.at}: the portal has no {self.model.kind} {value}"
                )
                return False
        return entry

    # --- What it changes

    def _change(self, found, row):
        for header, (heading, cell) in found.items():
            column = heading.column
            told = written(column.read(row.entry)) if row.entry is not None else ""
            at = f"column {heading.at} ({header})"
            if not column.field:
                if self._is_lost(header, cell, told, found):
                    where = f"; change {IN_WORDS[header]}" if header in IN_WORDS else ""
                    row.problems.append(f"{at}: this column is only told{where}")
                continue
            before = written(column.kept(row.entry)) if row.entry is not None else ""
            if column.field == "identifier" or _same(cell, before) or _same(cell, told):
                continue
            try:
                if cell.strip():
                    value = self._value(column, cell, found)
                elif self.clears and told.strip():
                    value = self.cells.nothing(column)
                else:
                    if told.strip():
                        self.stays[heading.at, header].append(row.number)
                    continue
                row.changes[column.field] = (before, cell, value)
            except Problem as problem:
                row.problems.append(f"{at}: {problem}")
        if self.model.dated_by in row.changes:
            self._follow_the_date(found, row)
        if row.entry is None:
            self._need(found, row)

    def _is_lost(self, header, cell, told, found):
        """Whether a cell says something that no field of the entry takes in."""
        if header in MOVING or not cell.strip() or _same(cell, told):
            return False
        own = found.get(IN_WORDS.get(header), (None, ""))[1]
        return bool(told) or not own.strip()

    def _value(self, column, cell, found):
        """A new paper may be the source of what is said of it: no list has its slug yet."""
        own, slug = found.get("slug", (None, ""))[1].strip(), cell.strip()
        is_paper = self.model._meta.get_field("source").related_model is self.model
        if column.field == "source" and is_paper and slug == own and slug not in self.known:
            return ITSELF
        return self.cells.value(column, cell)

    def _follow_the_date(self, found, row):
        """How precise a date is and when it ends, where no cell of the row says these."""
        cell = row.changes[self.model.dated_by][1]
        if cell.strip():
            read = date_in(cell)
            said = {"date_precision": read.precision}
            if is_more_or_less_than_a_day(read):
                said["end_date"] = read.last_day.isoformat()
        else:
            said = dict.fromkeys(("date_precision", "end_date"), "")
        columns = {
            name: column
            for name, column in self.headings.columns.items()
            if name in said and (cell.strip() or self.model._meta.get_field(name).blank)
        }
        for name in columns:
            before = written(columns[name].kept(row.entry)) if row.entry is not None else ""
            if not found.get(name, (None, ""))[1].strip() and said[name] != before:
                row.changes[name] = (before, said[name], said[name])

    def _need(self, found, row):
        """A new entry that has not what every one of its kind has."""
        name = self.model.name_field
        if not row.changes or self.model._meta.get_field(name).blank or name in row.changes:
            return
        column = next(c for c in self.headings.columns.values() if c.field == name)
        heading = found.get(column.header, (None, ""))[0]
        if heading is None or not found[column.header][1].strip():
            at = f"column {heading.at} ({column.header}): " if heading else ""
            row.problems.append(f"{at}a new {self.model.kind.name} needs a {column.header}")


def _path_of(cell):
    try:
        return urlsplit(cell).path.strip("/").split("/")
    except ValueError:  # such as 'http://[to come]'
        return [cell]


def named_rows(numbers):
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return ", ".join(map(str, numbers[:MOST_NAMED])) + more


def _same(cell, before):
    return re.sub(r"\s+", " ", cell).strip() == re.sub(r"\s+", " ", before).strip()
