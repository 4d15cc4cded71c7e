"""The columns of a spreadsheet: which of ours each is, by its header or because a curator said so.

What a curator said of somebody else's column is remembered, for every table to come.
"""

import re
from dataclasses import dataclass

from django.db import transaction

from entries.columns import Column, columns_of
from imports.models import ForeignColumn

LEFT_OUT = ""
# Columns that tell in words what another holds by its keys: read as that where it is missing.
IN_WORDS = {
    "countries": "country_codes",
    "themes": "theme_slugs",
    "groups": "group_slugs",
    "source": "source_slug",
}


def folded(header):
    """A header, however it is written: 'Country codes' and 'country_codes' are one."""
    return re.sub(r"[\W_]+", "_", header.casefold()).strip("_")[:200]


def letter(number):
    """The column as a spreadsheet calls it: A, B … AA."""
    name = ""
    while number >= 0:
        name = chr(65 + number % 26) + name
        number = number // 26 - 1
    return name


@dataclass
class Heading:
    """A column of the table, and the column of ours that it is; None where it is none."""

    at: str
    header: str
    column: Column | None = None
    is_foreign: bool = True
    is_left_out: bool = False
    is_again: bool = False  # another column of the table is that one already


class Headings:
    """The columns of a table of one kind."""

    def __init__(self, model, headers):
        self.model = model
        self.columns = {column.header: column for column in columns_of(model)}
        spelled = {folded(name): name for name in self.columns}
        called = {folded(name): other for name, other in _called(model, self.columns)}
        said = dict(ForeignColumn.objects.filter(kind=model.kind).values_list("header", "column"))
        self.all, taken = [], set()
        here = {folded(header) for header in headers}
        for number, header in enumerate(headers):
            heading = Heading(letter(number), header)
            self.all.append(heading)
            name, known = folded(header), said.get(folded(header))
            if name in spelled:
                heading.column, heading.is_foreign = self.columns[spelled[name]], False
                if spelled[name] in IN_WORDS and folded(IN_WORDS[spelled[name]]) not in here:
                    heading.column = self.columns.get(IN_WORDS[spelled[name]], heading.column)
            elif known == LEFT_OUT:
                heading.is_left_out = True
            elif header and (known or called.get(name)):
                heading.column = self.columns.get(known or called[name])
            if heading.column is not None and heading.column.header in taken:
                heading.is_again, heading.column = True, None
            elif heading.column is not None:
                taken.add(heading.column.header)

    @property
    def fitting(self):
        return sum(heading.column is not None for heading in self.all)

    def told(self):
        """What a curator should know of the columns."""
        for heading in self.all:
            at = f"column {heading.at}"
            if heading.is_again:
                yield f"{at}: “{heading.header}” comes a second time; only the first is read"
            elif heading.is_left_out:
                yield f"{at}: “{heading.header}” is left out, as it was said"
            elif not heading.header:
                continue
            elif heading.column is None:
                yield f"{at}: the portal has no column “{heading.header}”; say below what it is"
            elif heading.is_foreign:
                yield f"{at}: “{heading.header}” is read as {heading.column.header}"

    def to_choose_from(self):
        return [name for name, column in self.columns.items() if column.field]


def _called(model, columns):
    """What the form of the kind calls the fields of the columns."""
    for column in columns.values():
        if column.field and hasattr(field := model._meta.get_field(column.field), "verbose_name"):
            yield str(field.verbose_name), column.header


@transaction.atomic
def remember(model, said):
    """What columns of others are in ours, {header: our header}; an empty one is left out."""
    for header, column in said.items():
        ForeignColumn.objects.update_or_create(
            kind=model.kind, header=folded(header), defaults={"column": column}
        )
