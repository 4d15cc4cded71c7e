"""A list as CSV."""

import csv
import re

from entries.formats.base import EntryFormat

# What a spreadsheet takes for the start of a formula (OWASP, 'CSV Injection'), also behind
# the spaces and quotes that some skip.
FORMULA = re.compile(r"[\s\"]*[=+\-@＝＋－＠]|[\t\r\n]")


class Echo:
    """A file whose `write` gives the line back, for the csv module to stream."""

    def write(self, line):
        return line


def neutralised(cell):
    """The cell as text that no spreadsheet runs as a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def joined(values):
    return "; ".join(str(value) for value in values)


# The columns that several kinds share: each a header and how an entry fills the cell.
SHARED_COLUMNS = {
    "country_codes": lambda entry: joined(country.code for country in entry.countries.all()),
    "countries": lambda entry: joined(entry.countries.all()),
    "groups": lambda entry: joined(entry.groups.all()),
    "themes": lambda entry: joined(theme.path for theme in entry.themes.all()),
    "tags": lambda entry: joined(sorted(tag.name for tag in entry.tags.all())),
    "source": lambda entry: entry.public_source.title if entry.public_source else "",
    "links": lambda entry: joined(link.url for link in entry.links.all()),
}


class EntryCSV(EntryFormat):
    """A list as CSV. `columns` names its header; `own_columns` gives cells that no other kind has.

    A column is a shared one, one of `own_columns`, or else a field of the model.
    """

    content_type = "text/csv; charset=utf-8"
    extension = "csv"
    columns = ()
    own_columns = {}

    def cell(self, column, entry):
        if column == "url":
            return self.request.build_absolute_uri(entry.get_absolute_url())
        reader = self.own_columns.get(column) or SHARED_COLUMNS.get(column)
        return reader(entry) if reader else getattr(entry, column)

    def chunks(self, entries):
        writer = csv.writer(Echo())
        # The mark tells a spreadsheet that the file is UTF-8.
        yield "\ufeff" + writer.writerow(self.columns)
        for entry in entries:
            yield writer.writerow([neutralised(self.cell(name, entry)) for name in self.columns])
