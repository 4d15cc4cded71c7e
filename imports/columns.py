"""A spreadsheet read by the columns that the portal's own lists have: what goes out comes back.

Each row is a proposal: a new entry, or the changes of one that its identifier, address or slug
names. Whatever is wrong is named with row and column; the row's good siblings stay importable.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from taggit.models import Tag

from entries.columns import addresses, columns_of, parts
from entries.formats.csv import written
from entries.links.models import Link
from entries.models import Country, kinds
from meetings.groups import WorkingGroup
from records import dates
from records.fields import LinesField
from themes.models import Theme

KEYS = ("identifier", "url", "slug")
BY_SLUG = {"themes": Theme, "groups": WorkingGroup}


class Problem(Exception):
    """A cell that cannot be taken in. Its text says why."""


def letter(number):
    """The column as a spreadsheet calls it: A, B … AA."""
    name = ""
    while number >= 0:
        name = chr(65 + number % 26) + name
        number = number // 26 - 1
    return name


class Table:
    """The rows of a spreadsheet beside what the portal has."""

    def __init__(self, cells, numbers, name=""):
        self.name = name.casefold()
        self.headers = [cell.strip() for cell in cells[0]]
        self.rows = list(zip(numbers[1:], cells[1:], strict=True))
        self.model = self._model()
        self.kind = self.model.kind
        self.columns = {column.header: column for column in columns_of(self.model)}
        self.known = {}
        for entry in self.model.objects.for_page():
            self.known[str(entry.identifier)] = self.known[entry.slug] = entry
        self.seen, self.vocabulary = set(), {}

    @property
    def unknown(self):
        """Columns that no list of the portal has, with their letters."""
        return [(letter(i), h) for i, h in enumerate(self.headers) if h and h not in self.columns]

    def _model(self):
        """The kind whose list has most of the headers; an address tells it for sure."""
        for _, cells in self.rows:
            for cell in cells:
                path = urlsplit(cell).path.strip("/").split("/")
                found = [
                    model for model in kinds() if model.kind.path == path[0] and len(path) == 2
                ]
                if found:
                    return found[0]

        def shared(model):
            headers = {column.header for column in columns_of(model)}
            # Where headers leave it open, the name of the file may tell.
            return len(headers & set(self.headers)) + 0.5 * (model.kind in self.name)

        return max(kinds(), key=shared)

    def read(self):
        """(row number, entry or None, {field: (before, after, value)}, [problems]) of each row."""
        for number, cells in self.rows:
            row = {
                h: (letter(i), c)
                for i, (h, c) in enumerate(zip(self.headers, cells, strict=False))
                if h
            }
            problems = []
            entry = self._entry(row, problems)
            changes = {} if entry is False else self._changes(row, entry, problems)
            yield number, entry or None, changes, [f"row {number}, {text}" for text in problems]

    def _entry(self, row, problems):
        for key in KEYS:
            at, cell = row.get(key, ("", ""))
            value = urlsplit(cell).path.strip("/").split("/")[-1] if key == "url" else cell.strip()
            if not value:
                continue
            if value in self.seen:
                problems.append(f"column {at}: {value} stands in an earlier row already")
                return False
            self.seen.add(value)
            if value in self.known:
                entry = self.known[value]
                self.seen |= {str(entry.identifier), entry.slug}
                return entry
            if key != "slug":
                problems.append(f"column {at}: the portal has no {self.kind} {value}")
                return False
        return None

    def _changes(self, row, entry, problems):
        changes = {}
        for header, (at, cell) in row.items():
            column = self.columns.get(header)
            if (
                column is None
                or not column.field
                or column.field == "identifier"
                or not cell.strip()
            ):
                continue
            told = written(column.read(entry)) if entry is not None else ""
            before = written(column.kept(entry)) if entry is not None else ""
            if _same(cell, before) or _same(cell, told):
                continue
            try:
                changes[column.field] = (before, cell, self._value(column, cell))
            except Problem as problem:
                problems.append(f"column {at} ({header}): {problem}")
        if self.model.dated_by in changes:
            changes |= self._said_by_date(row, entry, changes[self.model.dated_by][1])
        return changes

    def _said_by_date(self, row, entry, cell):
        """How precise a date is and when it ends, where no cell of the row says these."""
        read = date_in(cell)
        said = {"date_precision": read.precision}
        if is_more_or_less_than_a_day(read):
            said["end_date"] = read.last_day.isoformat()
        changes = {}
        for name in (name for name in said if name in self.columns):
            before = written(self.columns[name].kept(entry)) if entry is not None else ""
            if not row.get(name, ("", ""))[1].strip() and said[name] != before:
                changes[name] = (before, said[name], said[name])
        return changes

    # --- Cells

    def _value(self, column, cell):
        """What the form of the kind would have been given for the cell."""
        if cell.startswith("\x1b"):
            raise Problem("a formula; give what it comes to")
        if column.field == "links":
            return self._addresses(addresses(cell))
        if column.field == "tags":
            self._all(Tag, "name", parts(cell), "tag")
            return parts(cell)
        field = self.model._meta.get_field(column.field)
        if column.field == "countries":
            return self._all(Country, "code", [part.upper() for part in parts(cell)], "country")
        if column.field in BY_SLUG or field.many_to_many:
            return self._all(field.related_model, "slug", parts(cell), field.verbose_name)
        if field.many_to_one:
            return self._all(field.related_model, "slug", [cell.strip()], field.verbose_name)[0]
        if isinstance(field, LinesField):
            return cell if "\n" in cell else "\n".join(parts(cell))
        if isinstance(field, models.DateField):
            return self._day(column, cell)
        try:
            field.clean(cell.strip() if isinstance(field, models.CharField) else cell, None)
        except ValidationError as error:
            raise Problem(" ".join(error.messages)) from None
        return cell

    def _addresses(self, found):
        wrong = []
        for address in found:
            try:
                Link._meta.get_field("url").clean(address, None)
            except ValidationError:
                wrong.append(address)
        if wrong:
            raise Problem(f"no address: {', '.join(wrong)}")
        return found

    def _day(self, column, cell):
        read = date_in(cell)
        if read is None:
            raise Problem(f"“{cell[:40]}” is no date; give 2019-03-13")
        if is_more_or_less_than_a_day(read) and column.field not in (
            self.model.dated_by,
            "end_date",
        ):
            raise Problem(f"“{cell[:40]}” is no day; give 2019-03-13")
        day = read.last_day if column.field == "end_date" else read.first_day
        return day.isoformat()

    def _all(self, model, name, values, called):
        if (model, name) not in self.vocabulary:
            self.vocabulary[model, name] = dict(model.objects.values_list(name, "pk"))
        known = self.vocabulary[model, name]
        unknown = [value for value in values if value not in known]
        if unknown:
            raise Problem(f"unknown {called}: {', '.join(unknown)}")
        return [known[value] for value in values]


def date_in(cell):
    return dates.whole(cell.strip().removesuffix(" 00:00:00"))


def is_more_or_less_than_a_day(read):
    return read.is_range or read.precision != dates.DAY


def _same(cell, before):
    return re.sub(r"\s+", " ", cell).strip() == re.sub(r"\s+", " ", before).strip()
