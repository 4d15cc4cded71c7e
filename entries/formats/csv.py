"""A list as CSV."""

import re
from datetime import datetime, time
from itertools import islice
from operator import methodcaller
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
MARK = "\ufeff"  # tells a spreadsheet that it is UTF-8


def neutralised(cell):
    """The cell as text that no spreadsheet runs as a formula."""
    text = cell if type(cell) is str else written(cell)
    return f"'{text}" if text and not text[0].isalnum() and FORMULA.match(text) else text


WRITTEN = {
    type(None): lambda nothing: "",
    bool: lambda cell: "true" if cell else "false",
    datetime: methodcaller("isoformat", "T", "seconds"),
    time: lambda cell: f"{cell:%H:%M}",
}


def written(cell):
    return WRITTEN.get(type(cell), str)(cell)


def column(values):
    """The cells of a column: neutralised, and as RFC 4180 has them.

    As Python's own writer writes them, which looks at each letter by itself and takes several times
    as long: here of most cells a look at the first sign is enough.
    """
    try:
        together = "".join(values)
    except TypeError:  # a number, a date, nothing
        return column([written(value) for value in values])
    if not together:
        return values
    cells = [text if text[:1] in HARMLESS else neutralised(text) for text in values]
    return [quoted(cell) for cell in cells] if has_separators(together) else cells


def has_separators(text):
    return "," in text or '"' in text or "\n" in text or "\r" in text


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if has_separators(text) else text


def in_lines(columns):
    """Some rows as lines of a CSV, given column by column."""
    rows = zip(*map(column, columns), strict=True)
    return "\r\n".join([*map(",".join, rows), ""])


def as_csv(filename, rows, **headers):
    """A table that is no list of entries, as a download."""
    headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    text = MARK + in_lines(zip(*rows, strict=True))
    return HttpResponse(text, content_type=EntryCSV.content_type, headers=headers)


class Table(EntryFormat):
    """A list as a table, by the `columns` of its kind."""

    columns = ()
    brought = "for_table"

    def some_at_once(self, entries):
        """The cells of some entries after the other, each time column by column; the address of
        an entry's page is told in full."""
        while some := list(islice(entries, AT_ONCE)):
            pages, *others = [column.cells(some) for column in self.columns]
            for entry in some:
                entry.let_go()
            yield [[self.root + page for page in pages], *others]

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
        yield MARK + in_lines([[header] for header in self.headers])
        yield from map(in_lines, self.some_at_once(entries))
