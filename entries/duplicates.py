"""The same statement, meeting, paper or practice twice: found by what two of the same would share.

Words count without case, accents, spaces and signs. An index on each kind's table holds them in
that form; it is no field of a model, since it follows from what is stored, as the search's index does.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connections, transaction
from django.db.models import Count, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext_lazy as _

from entries.links.models import Link
from entries.models import Entry, kinds
from entries.search.functions import Likeness, likeness, postgresql_functions
from entries.search.index import VERSION

NAME, PRINTED, ADDRESS = _("the same words"), _("the same printed words"), _("the same address")
MOST = 20  # entries, or lists of them, that are named
MOST_READ = 500  # entries of those lists


# --- Found -----------------------------------------------------------------------


@dataclass
class Alike:
    """An entry that may be another one once more, and why it seems so."""

    entry: Entry
    why: str


def alike(model, name="", year="", as_printed="", addresses=(), besides=None):
    """The entries of a kind that share their words, their printed words or an address with these.

    Where both tell a year it has to be the same: a meeting is held every year.
    """
    entries = model.objects.all() if besides is None else model.objects.exclude(pk=besides)
    found = {}
    if like := likeness(name):
        named = entries.annotate(like=Likeness(model.name_field)).filter(like=like)
        for entry in named.filter(may_be_of(model, year))[:MOST]:
            found.setdefault(entry.pk, Alike(entry, NAME))
    if like := likeness(as_printed):
        for entry in entries.annotate(like=Likeness("as_printed")).filter(like=like)[:MOST]:
            found.setdefault(entry.pk, Alike(entry, PRINTED))
    if addresses:
        links = Link.objects.filter(url__in=addresses).exclude(role=Link.Role.UNASSIGNED)
        for entry in entries.filter(pk__in=links.values(model.kind))[:MOST]:
            found.setdefault(entry.pk, Alike(entry, ADDRESS))
    return [*found.values()]


def like(entry):
    """The other entries of its kind that may be the same as this one."""
    own = [link.url for link in entry.links.all() if link.role == Link.Role.DOCUMENT]
    return alike(
        type(entry),
        getattr(entry, entry.name_field),
        year_of(entry),
        entry.as_printed,
        own,
        besides=entry.pk,
    )


def year_of(entry):
    day = entry.dated_by and getattr(entry, entry.dated_by)
    return str(day)[:4] if day else ""


def may_be_of(model, year):
    """The condition that an entry is not known to be of another year."""
    if not (model.dated_by and year.isdecimal() and int(year)):
        return Q()
    return Q(**{f"{model.dated_by}__isnull": True}) | Q(**{f"{model.dated_by}__year": int(year)})


def all_alike(model):
    """Lists of entries of a kind that say the same in the same year, withdrawn ones left out."""
    each = model.objects.order_by().exclude(status=model.Status.WITHDRAWN)
    each = each.annotate(like=Likeness(model.name_field))
    same = ["like"]
    if model.dated_by:
        each = each.annotate(year=Coalesce(ExtractYear(model.dated_by), 0))
        same.append("year")
    several = each.values(*same).annotate(number=Count("pk")).filter(number__gt=1, like__gt="")
    shared = [tuple(row[name] for name in same) for row in several.order_by(*same)[:MOST]]
    together = {key: [] for key in shared}
    kept = each.filter(like__in={like for like, *_year in shared})
    for entry in kept.order_by("pk")[:MOST_READ]:
        key = tuple(getattr(entry, name) for name in same)
        if key in together:
            together[key].append(entry)
    return [entries for entries in together.values() if len(entries) > 1]


# --- The index ---------------------------------------------------------------------


def wanted(connection):
    """{name: statement} of the indexes, each name with a digest of how words are read."""
    read = postgresql_functions() if connection.vendor == "postgresql" else VERSION
    digest = sha256(repr(read).encode()).hexdigest()[:8]
    return {
        f"likeness_{digest}_{table}_{column}": (
            f"CREATE INDEX likeness_{digest}_{table}_{column} ON {table}"
            f" (portal_likeness({column}))"
        )
        for model in kinds()
        for table in (model._meta.db_table,)
        for column in (model.name_field, "as_printed")
    }


def put_up(sender, using, **kwargs):
    """After migrations, which on SQLite lose it with the table: make what is missing or other."""
    connection = connections[using]
    standing = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
    }[connection.vendor]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(standing)
        present = {name for (name,) in cursor.fetchall() if name.startswith("likeness_")}
        statements = wanted(connection)
        for name in present - statements.keys():
            cursor.execute(f"DROP INDEX {name}")
        for name in statements.keys() - present:
            cursor.execute(statements[name])
