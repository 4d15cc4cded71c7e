"""The columns of a list: one table for each kind, for CSV, workbooks and imports alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from operator import attrgetter

from django.utils.timezone import get_default_timezone

from entries.models import sorted_as_people_do
from entries.together import told_of
from records.addresses import each_address
from records.moments import on_clocks


@dataclass(frozen=True)
class Column:
    """A column of a list: its header, and how an entry fills a cell of it.

    A cell is a text, a number, a date, a time or a truth value; None or an empty text where the
    source is silent. `field` names the field of the kind that it holds, so that what goes out can
    come back; a column without one is only told. `stored` fills the cell with all that is kept there,
    where the public is told less: a curator sees what a change would replace. A `reading` may be given
    as a document prints it (a city, a type, the authors); sentences wait for our own wording.
    `read_many` fills the cells of many entries, where that takes less than one after the other.
    """

    header: str
    read: Callable
    field: str | None = None
    stored: Callable | None = None
    is_reading: bool = False
    read_many: Callable | None = None

    def cells(self, entries):
        return self.read_many(entries) if self.read_many else list(map(self.read, entries))

    def kept(self, entry):
        return (self.stored or self.read)(entry)


def of_many(header, read_many, field=None, stored=None):
    return Column(header, lambda entry: read_many([entry])[0], field, stored, read_many=read_many)


def columns_of(model):
    """The columns of a kind, as `columns.py` of its app has them."""
    return import_module(f"{model._meta.app_config.name}.columns").COLUMNS[model.kind]


# A semicolon within a value, where another stands between the values.
SEMICOLON = "\N{FULLWIDTH SEMICOLON}"


def joined(values):
    """Several short values in one cell, each of them in one piece."""
    return "; ".join([str(value).replace(";", SEMICOLON) for value in values])


def parts(cell):
    """The values that were joined in a cell, or typed in it with semicolons or line breaks."""
    values = (part.strip() for part in re.split(r"[;\n]", cell))
    return [value.replace(SEMICOLON, ";") for value in values if value]


def joined_addresses(urls):
    """Addresses as they are; none has a space in it."""
    return "; ".join(urls)


def addresses(cell):
    """The addresses in a cell; a semicolon within one is its own."""
    found = (part.strip() for part in re.split(r";(?=\s|$|https?://)|\n", cell))
    return [address for address in found if address]


def plain(name, header=None):
    """A field as it is: a text, a number, a date."""
    return Column(header or name, attrgetter(name), name)


def lines(name):
    """A list of texts, one a line, as the form of the admin has it."""
    values = attrgetter(name)
    return of_many(
        name,
        lambda entries: ["\n".join(lines) if lines else "" for lines in map(values, entries)],
        name,
    )


def reading(column):
    return replace(column, is_reading=True)


def slug_of(name):
    """The slug of another entry, while that is public."""

    def read(entry):
        other = getattr(entry, name)
        return other.slug if other and other.is_public else ""

    return Column(f"{name}_slug", read, name, stored_slug(name))


def certainty_of(name):
    """How sure the reading is that ties the entry to another: none where no tie is told."""
    field = f"{name.removesuffix('_in')}_certainty"

    def read(entry):
        other = getattr(entry, name)
        return getattr(entry, field) if other and other.is_public else ""

    return Column(field, read, field, attrgetter(field))


def stored_slug(name):
    """The slug of another entry, public or not."""
    return lambda entry: getattr(getattr(entry, name), "slug", "")


def moment(name):
    """A moment in the time of the portal, which workbooks hold without its zone."""

    def read_many(entries):
        return on_clocks(map(attrgetter(name), entries), get_default_timezone())

    return of_many(name, read_many)


def public_source(header, name, *others):
    """What is told of the source, which many entries share."""

    def read_many(entries):
        of_source = {entry.source_id: entry for entry in entries}
        sources = {key: entry.public_source for key, entry in of_source.items()}
        told = {key: getattr(source, name) if source else "" for key, source in sources.items()}
        return [told[entry.source_id] for entry in entries]

    return of_many(header, read_many, *others)


def pages_of(entries):
    """The addresses of the pages of entries, which are of one kind."""
    return each_address(entries[0].kind.view_name("detail"), [entry.slug for entry in entries])


def slugs(records):
    return joined([record.slug for record in records])


def codes(countries):
    return joined([country.code for country in countries])


def paths(themes):
    return joined([theme.path for theme in themes])


def addresses_of(links):
    return joined_addresses([link.url for link in links])


def states_of(links):
    """In the order of the links, one for each; where a link has moved, to where."""
    states = [(link.health.state, link.health.moved_to) for link in links]
    return joined_addresses([" ".join(filter(None, state)) for state in states])


def of_related(header, name, tell, field=None):
    """What is told of related records together."""
    return of_many(
        header,
        lambda entries: [told_of(entry.related(name), tell) for entry in entries],
        field,
    )


URL = of_many("url", pages_of)
COUNTRY_CODES = of_related("country_codes", "countries", codes, "countries")
COUNTRIES = of_related("countries", "countries", joined)
GROUPS = of_related("groups", "groups", joined)
GROUPS_PRINTED = reading(plain("groups_as_printed", "groups_printed"))
GROUP_SLUGS = of_related("group_slugs", "groups", slugs, "groups")
THEMES = of_related("themes", "themes", paths)
TAGS = of_related("tags", "tags", lambda tags: joined(sorted_as_people_do(tags)), "tags")
SOURCE = public_source("source", "title")
SOURCE_PAGE = plain("source_page")
LINKS = of_related("links", "links", addresses_of, "links")
LINK_STATES = of_related("link_states", "links", states_of)
# What every kind has beside these, behind its own.
LAST = (
    Column("identifier", lambda entry: str(entry.identifier), "identifier"),
    plain("slug"),
    public_source("source_slug", "slug", "source", stored_slug("source")),
    of_related("theme_slugs", "themes", slugs, "themes"),
    Column("as_printed", attrgetter("public_as_printed"), "as_printed", attrgetter("as_printed")),
    plain("content_language"),
    moment("first_published"),
    moment("updated"),
    LINK_STATES,
    moment("worded"),
)
