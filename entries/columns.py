"""The columns of a list: one table for each kind, for CSV, workbooks and imports alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from operator import attrgetter

from django.utils.timezone import get_default_timezone

from entries.models import sorted_as_people_do
from entries.together import told_of


@dataclass(frozen=True)
class Column:
    """A column of a list: its header, and how an entry fills a cell of it.

    A cell is a text, a number, a date, a time or a truth value; None or an empty text where the
    source is silent. `field` names the field of the kind that it holds, so that what goes out can
    come back; a column without one is only told. `stored` fills the cell with all that is kept there,
    where the public is told less: a curator sees what a change would replace. A `reading` may be given
    as a document prints it (a city, a type, the authors); sentences wait for our own wording.
    """

    header: str
    read: Callable
    field: str | None = None
    stored: Callable | None = None
    is_reading: bool = False

    def kept(self, entry):
        return (self.stored or self.read)(entry)


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
    return Column(name, lambda entry: "\n".join(getattr(entry, name)), name)


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

    def read(entry):
        value = getattr(entry, name)
        here = value and value.astimezone(get_default_timezone())
        return here.replace(tzinfo=None, microsecond=0) if value else None

    return Column(name, read)


def public_source(entry, name):
    source = entry.public_source
    return getattr(source, name) if source else ""


def slugs(records):
    return joined([record.slug for record in records])


def codes(countries):
    return joined([country.code for country in countries])


def paths(themes):
    return joined([theme.path for theme in themes])


def of_related(header, name, tell, field=None):
    """What is told of related records together."""
    return Column(header, lambda entry: told_of(entry.related(name), tell), field)


URL = Column("url", lambda entry: entry.get_absolute_url())
COUNTRY_CODES = of_related("country_codes", "countries", codes, "countries")
COUNTRIES = of_related("countries", "countries", joined)
GROUPS = of_related("groups", "groups", joined)
GROUPS_PRINTED = reading(plain("groups_as_printed", "groups_printed"))
GROUP_SLUGS = of_related("group_slugs", "groups", slugs, "groups")
THEMES = of_related("themes", "themes", paths)
TAGS = of_related("tags", "tags", lambda tags: joined(sorted_as_people_do(tags)), "tags")
SOURCE = Column("source", lambda entry: public_source(entry, "title"))
SOURCE_PAGE = plain("source_page")
LINKS = Column(
    "links", lambda entry: joined_addresses(link.url for link in entry.related("links")), "links"
)
# In the order of `links`, one for each; where a link has moved, to where.
LINK_STATES = Column(
    "link_states",
    lambda entry: joined_addresses(
        " ".join(filter(None, (link.health.state, link.health.moved_to)))
        for link in entry.related("links")
    ),
)
# What every kind has beside these, behind its own.
LAST = (
    Column("identifier", lambda entry: str(entry.identifier), "identifier"),
    plain("slug"),
    Column(
        "source_slug", lambda entry: public_source(entry, "slug"), "source", stored_slug("source")
    ),
    of_related("theme_slugs", "themes", slugs, "themes"),
    Column("as_printed", attrgetter("public_as_printed"), "as_printed", attrgetter("as_printed")),
    plain("content_language"),
    moment("first_published"),
    moment("updated"),
    LINK_STATES,
    moment("worded"),
)
