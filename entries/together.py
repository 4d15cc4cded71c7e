"""What entries are related to, brought for many of them at once.

A relation costs one query for the keys, and each related record is made once for all the entries
that have it, where Django's own prefetch makes a queryset for each entry and its records anew.
What comes is read as always (`entry.themes.all()`) or, faster, with `entry.related("themes")`.
"""

from collections import defaultdict
from functools import cache
from itertools import islice
from operator import attrgetter

from django.db import connection, connections
from django.db.models import BooleanField, ForeignKey, ManyToOneRel, TextField
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from django.utils.functional import cached_property
from taggit.managers import TaggableManager

from records.among import AMONG
from records.memory import Of, records_in, remembered, remembered_each
from records.prepared import Prepared

AT_ONCE = 500
MOST_KNOWN = 2000  # records of a relation that a file keeps for its next entries
# How each engine writes several keys as one text: '7,12'.
COMBINED = {"sqlite": "GROUP_CONCAT({})", "postgresql": "STRING_AGG({}::text, ',')"}


class Brought(list):
    """The related records of an entry, where Django's prefetch would leave a queryset of them.

    Entries with the same ones share them, and what is `told` of them together.
    """

    model = None

    def __init__(self, records=()):
        super().__init__(records)
        self.told = {}

    def all(self):
        return self

    def count(self):
        return len(self)

    def __getattr__(self, verb):
        """Any further verb of a queryset asks the database."""
        if verb.isdigit():  # a template tries a place in the list as a name first
            raise AttributeError(verb)
        keys = [record.pk for record in self]
        return getattr(self.model._default_manager.filter(pk__in=keys), verb)


def told_of(records, tell):
    """What `tell` says of related records: once, where several entries share them."""
    try:
        told = records.told
    except AttributeError:
        return tell(records)
    if tell not in told:
        told[tell] = tell(records)
    return told[tell]


class Relation:
    """A relation of a model of entries, by its name."""

    def __init__(self, model, name):
        self.model, self.name = model, name
        self.field = model._meta.get_field(name)
        self.target = self.field.related_model
        # Few records that nearly every page names: all of them are known at once.
        self.is_small = not hasattr(self.target, "kind") and not isinstance(
            self.field, ManyToOneRel
        )
        self.brought = type("Brought", (Brought,), {"model": self.target})
        self.none = self.brought()
        self.key = f"{model._meta.db_table}.{model._meta.pk.column}"  # of an entry, as SQL
        self.carried = f"{name}_carried"  # where an entry has it that was asked for with this

    def put(self, entry, brought):
        try:
            entry._prefetched_objects_cache[self.name] = brought
        except AttributeError:
            entry._prefetched_objects_cache = {self.name: brought}

    def records(self):
        """The related records in their order, each with what is told of it where it is named."""
        records = self.target._default_manager.all()
        if isinstance(self.field, TaggableManager):
            return records.order_by("name")
        return records.as_related() if self.tells else records

    @cached_property
    def tells(self):
        """Whether more is told of what is named than a name: by an entry, not by a row of its own."""
        records = self.target._default_manager.all()
        return hasattr(records, "as_related") and hasattr(self.model, "kind")

    @cached_property
    def of_all(self):
        return Of(told_by(self.records()))

    @cached_property
    def with_keys(self):
        """The related records with these keys, in their order."""
        return Prepared(lambda keys: self.records().filter(pk__among=keys))

    def found(self, keys, known):
        """{key: (place, record)} of the related records with these keys, and perhaps of more."""
        if not self.is_small:
            return placed(self.with_keys([*keys]))
        of_all_kinds = ("related", self.target, self.tells)
        if of_all_kinds not in known:
            known[of_all_kinds] = remembered(
                of_all_kinds, lambda: placed(self.records()), weight=300_000, of=self.of_all
            )
        return known[of_all_kinds]


def keys_of(entries):
    return [entry.pk for entry in entries]


def placed(records):
    return {record.pk: (place, record) for place, record in enumerate(records)}


def told_by(queryset):
    """The tables of all records that a queryset brings, and of what they are related to."""
    named = (told_by(each.records()) for _via, each in named_by(queryset))
    return records_in(str(queryset.query)).union(*named)


def named_by(queryset):
    """The relations that a queryset brings with its records, and those one step further, each with
    the name of the relation that leads to it."""
    for name in getattr(queryset._iterable_class, "names", ()):
        first, _, further = name.partition("__")
        yield "", (each := relation(queryset.model, first))
        if further:
            yield first, relation(each.target, further)


def of_each(queryset):
    """What a record of a queryset tells of: the record itself and those that a foreign key names,
    none else of their tables; and anything in the tables of what else it is related to."""
    own, keys = queryset.model._meta.db_table, []
    tables = records_in(str(queryset.query)) - {own}
    for via, each in named_by(queryset):
        told = told_by(each.records())
        if isinstance(each, ToOne):
            table = each.target._meta.db_table
            keys.append((via, table, each.field.attname))
            told -= {table}
        tables |= told

    def of(record):
        named = [
            (table, getattr(row, key))
            for via, table, key in keys
            for row in (record.related(via) if via else (record,))
        ]
        return Of(tables, ((own, record.pk), *named))

    return of


class ToOne(Relation):
    @cached_property
    def of(self):
        return of_each(self.records())

    def bring(self, entries, known):
        name = self.field.attname
        keys = {key for entry in entries if (key := getattr(entry, name)) is not None}
        name_here = ("related", self.model, self.name)
        found = known.setdefault(name_here, {})
        if len(found) > MOST_KNOWN:
            found.clear()
        if missing := sorted(keys - found.keys()):
            records = remembered_each(name_here, missing, self.found_one, 10_000, self.of)
            found.update((record.pk, record) for record in records)
        for entry in entries:
            key = getattr(entry, name)
            if key is None or key in found:
                entry._state.fields_cache[self.name] = found.get(key)

    def found_one(self, keys):
        return {record.pk: record for record in self.with_keys(keys)}


class ToMany(Relation):
    carried_as = TextField()

    def __init__(self, model, name):
        super().__init__(model, name)
        field = self.field
        if isinstance(field, TaggableManager):
            through, near, far = field.through, "content_object", "tag"
        elif field.concrete:
            through = field.remote_field.through
            near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
        else:
            through = field.through
            near, far = field.field.m2m_reverse_field_name(), field.field.m2m_field_name()
        self.near, self.far = (through._meta.get_field(name).column for name in (near, far))
        self.table, self.key_of = through._meta.db_table, self.target._meta.pk.to_python

    def carry(self, vendor):
        """What an entry is related to, as SQL within a question for entries: '7,12'."""
        combined = COMBINED[vendor].format(self.far)
        return f"(SELECT {combined} FROM {self.table} WHERE {self.near} = {self.key})"

    def put_carried(self, entries, known):
        self.put_pairs(entries, [entry.__dict__[self.carried] for entry in entries], known)

    def put_pairs(self, entries, far, known):
        """Give the entries what they are related to: of each its keys, as '7,12', or None."""
        alike = dict.fromkeys(filter(None, far))
        keys = {each: [self.key_of(key) for key in each.split(",")] for each in alike}
        found = self.found({key for own in keys.values() for key in own}, known) if alike else {}
        for each, own in keys.items():
            in_order = sorted([found[key] for key in own if key in found])
            alike[each] = self.brought([record for _place, record in in_order])
        for entry, each in zip(entries, far, strict=True):
            self.put(entry, alike[each] if each else self.none)


def bring_pairs(wanted):
    """What entries are related to by tables of pairs, in one query for all of these tables:
    `wanted` are the relations, each with its entries and what is known of them."""
    # Asked so often and so plain that Django's way to it would cost more than the answer.
    condition, written = AMONG[connection.vendor]
    combined = COMBINED[connection.vendor]
    sql = " UNION ALL ".join(
        f"SELECT {number}, {each.near}, {combined.format(each.far)} FROM {each.table}"
        f" WHERE {each.near} {condition} GROUP BY {each.near}"
        for number, (each, _entries, _known) in enumerate(wanted)
    )
    pairs = [{} for _each in wanted]
    with connection.cursor() as cursor:
        cursor.execute(sql, [written(keys_of(entries)) for _each, entries, _known in wanted])
        for number, near, far in cursor.fetchall():
            pairs[number][near] = far
    for (each, entries, known), far in zip(wanted, pairs, strict=True):
        each.put_pairs(entries, [far.get(key) for key in keys_of(entries)], known)


class Rows(Relation):
    """What belongs to one entry alone: its links."""

    carried_as = BooleanField()

    @cached_property
    def of_entries(self):
        def rows(keys):
            found = self.records().filter(**{f"{self.field.field.name}__among": keys})
            # Ordered by the database, they would have it go through the whole table in that order.
            return found.order_by() if self.by_key else found

        return Prepared(rows)

    @cached_property
    def by_key(self):
        return self.target._meta.ordering in ([], ["pk"])

    def carry(self, vendor):
        """Whether an entry has any, as SQL within a question for entries."""
        table, column = self.target._meta.db_table, self.field.field.column
        return f"EXISTS (SELECT 1 FROM {table} WHERE {column} = {self.key})"

    def bring(self, entries, known):
        name, rows = self.field.field.attname, defaultdict(list)
        having = [entry for entry in entries if entry.__dict__.get(self.carried, True)]
        found = self.of_entries(keys_of(having)) if having else ()
        for row in sorted(found, key=attrgetter("pk")) if self.by_key else found:
            rows[getattr(row, name)].append(row)
        for entry in entries:
            own = rows.get(entry.pk, ())
            for row in own:
                row._state.fields_cache[self.field.field.name] = entry
            self.put(entry, self.brought(own) if own else self.none)


@cache
def relation(model, name):
    field = model._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return ToOne(model, name)
    return (Rows if isinstance(field, ManyToOneRel) else ToMany)(model, name)


@cache
def relations(model, names):
    return [relation(model, name) for name in dict.fromkeys(n.partition("__")[0] for n in names)]


def bring(*groups):
    """The relations of entries, and what is one step further: `uptakes__meeting`.

    A group is a model, the names of its relations, some entries, and what is known of the records
    that several of them name: it is kept for those that come after.
    """
    pairs, others = [], []
    for model, names, entries, known in groups:
        for each in relations(model, names):
            if not isinstance(each, ToMany):
                others.append((each, entries, known))
            elif entries and each.carried in entries[0].__dict__:
                each.put_carried(entries, known)
            else:
                pairs.append((each, entries, known))
    if pairs:
        bring_pairs(pairs)
    for each, entries, known in others:
        each.bring(entries, known)
    for _model, names, entries, _known in groups:
        for name in names:
            first, _, further = name.partition("__")
            rows = [row for entry in entries for row in entry.related(first)] if further else ()
            if rows:
                relation(type(rows[0]), further).bring(rows, {})


class Together(ModelIterable):
    """Goes through a queryset of entries and brings their relations, some hundred entries at once."""

    names = ()

    @classmethod
    def carrying(cls, queryset):
        """The queryset whose entries carry what they are related to by tables of pairs, and
        whether they have rows of their own: two questions fewer, for one that is longer."""
        vendor = connections[queryset.db].vendor
        carried = {
            each.carried: RawSQL(each.carry(vendor), (), each.carried_as)
            for each in relations(queryset.model, cls.names)
            if not isinstance(each, ToOne)
        }
        return queryset.annotate(**carried)

    @classmethod
    def complete(cls, model, entries, known):
        bring((model, cls.names, entries, known))

    def __iter__(self):
        entries, known = super().__iter__(), {}
        while some := list(islice(entries, AT_ONCE)):
            self.complete(self.queryset.model, some, known)
            yield from some


@cache
def bringing(names):
    """The iterable class of a queryset that brings these relations."""
    return type("Together", (Together,), {"names": names})
