"""A list as CSV."""

import csv
import re
from datetime import datetime, time
from io import StringIO
from itertools import chain, islice
from string import ascii_letters, digits

from django.http import HttpResponse
from django.utils.functional import cached_property

from entries.formats.base import EntryFormat

# What a spreadsheet takes for the start of a formula (OWASP, 'CSV Injection'), also behind
# the spaces and quotes that some skip.
FORMULA = re.compile(r"[\s\"]*[=+\-@＝＋－＠]|[\t\r\n]")
# What most cells begin with, if they are not empty.
HARMLESS = frozenset(["", *ascii_letters, *digits])
AT_ONCE = 100  # rows


def neutralised(cell):
    """The cell as text that no spreadsheet runs as a formula."""
    text = cell if type(cell) is str else written(cell)
    return f"'{text}" if text and not text[0].isalnum() and FORMULA.match(text) else text


def written(cell):
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell)


def column(values):
    """The cells of a column, neutralised: of most a look at the first sign is enough."""
    try:
        return [text if text[:1] in HARMLESS else neutralised(text) for text in values]
    except TypeError:  # a number, a date, nothing
        return ["" if value is None else neutralised(value) for value in values]


def lines(rows):
    """The rows as lines of a CSV, many at once, after the mark that tells a spreadsheet it is UTF-8."""
    rows, mark = iter(rows), "\ufeff"
    while some := list(islice(rows, AT_ONCE)):
        columns = [column(values) for values in zip(*some, strict=True)]
        file = StringIO(newline="")
        csv.writer(file).writerows(zip(*columns, strict=True))
        yield mark + file.getvalue()
        mark = ""


def as_csv(filename, rows, **headers):
    """A table that is no list of entries, as a download."""
    headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return HttpResponse(lines(rows), content_type=EntryCSV.content_type, headers=headers)


class Table(EntryFormat):
    """A list as a table, by the `columns` of its kind."""

    columns = ()
    brought = "for_table"

    def row(self, entry):
        """The cells of an entry; the address of its page in full."""
        page, *others = [read(entry) for read in self.readers]
        return [self.root + page, *others]

    @cached_property
    def readers(self):
        return [column.read for column in self.columns]

    @cached_property
    def root(self):
        return self.request.build_absolute_uri("/")[:-1]

    @property
    def headers(self):
        return [column.header for column in self.columns]


class EntryCSV(Table):
    """A list as CSV."""

    content_type = "text/csv; charset=utf-8"
    extension = "csv"

    def chunks(self, entries):
        return lines(chain([self.headers], map(self.row, entries)))
