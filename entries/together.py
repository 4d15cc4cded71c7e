"""What entries are related to, brought for many of them at once.

A relation costs one query for the keys, and each related record is made once for all the entries
that have it, where Django's own prefetch makes a queryset for each entry and its records anew.
What comes is read as always (`entry.themes.all()`) or, faster, with `entry.related("themes")`.
"""

from collections import defaultdict
from functools import cache
from itertools import islice
from operator import attrgetter

from django.db import connection
from django.db.models import ForeignKey, ManyToOneRel
from django.db.models.query import ModelIterable
from taggit.managers import TaggableManager

from records.among import AMONG
from records.memory import remembered, remembered_each

AT_ONCE = 500


class Brought(list):
    """The related records of an entry, where Django's prefetch would leave a queryset of them."""

    model = None

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

    def put(self, entry, records):
        brought = self.brought(records) if records else self.none
        try:
            entry._prefetched_objects_cache[self.name] = brought
        except AttributeError:
            entry._prefetched_objects_cache = {self.name: brought}

    def records(self):
        """The related records in their order, each with what is told of it where it is named."""
        records = self.target._default_manager.all()
        if isinstance(self.field, TaggableManager):
            return records.order_by("name")
        return records.as_related() if hasattr(records, "as_related") else records

    def found(self, keys, known):
        """{key: (place, record)} of the related records with these keys, and perhaps of more."""
        if not self.is_small:
            return placed(self.records().filter(pk__in=keys))
        if self.name not in known:
            known[self.name] = remembered(
                ("related", self.model, self.name), lambda: placed(self.records()), weight=300_000
            )
        return known[self.name]


def keys_of(entries):
    return [entry.pk for entry in entries]


def placed(records):
    return {record.pk: (place, record) for place, record in enumerate(records)}


class ToOne(Relation):
    def bring(self, entries, known):
        name = self.field.attname
        keys = {key for entry in entries if (key := getattr(entry, name)) is not None}
        found = known.setdefault(self.name, {})
        if missing := sorted(keys - found.keys()):
            name_here = ("related", self.model, self.name)
            records = remembered_each(name_here, missing, self.found_one, weight=10_000)
            found.update((record.pk, record) for record in records)
        for entry in entries:
            key = getattr(entry, name)
            if key is None or key in found:
                entry._state.fields_cache[self.name] = found.get(key)

    def found_one(self, keys):
        return {record.pk: record for record in self.records().filter(pk__in=keys)}


class ToMany(Relation):
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
        near, far = (through._meta.get_field(name).column for name in (near, far))
        # Asked so often and so plain that Django's way to it would cost more than the answer.
        self.pairs = f"SELECT {near}, {far} FROM {through._meta.db_table} WHERE {near}"

    def bring(self, entries, known):
        far = defaultdict(list)
        with connection.cursor() as cursor:
            condition, keys = AMONG[connection.vendor]
            cursor.execute(f"{self.pairs} {condition}", [keys(keys_of(entries))])
            for entry, key in cursor.fetchall():
                far[entry].append(key)
        found = self.found({key for keys in far.values() for key in keys}, known) if far else {}
        for entry in entries:
            keys = far.get(entry.pk, ())
            in_order = sorted([found[key] for key in keys if key in found]) if keys else ()
            self.put(entry, [record for _place, record in in_order])


class Rows(Relation):
    """What belongs to one entry alone: its links."""

    def bring(self, entries, known):
        name, rows = self.field.field.attname, defaultdict(list)
        found = self.records().filter(**{f"{self.field.field.name}__among": keys_of(entries)})
        # Ordered by the database, they would have it go through the whole table in that order.
        in_order = found.query.get_meta().ordering == ["pk"]
        found = sorted(found.order_by(), key=attrgetter("pk")) if in_order else found
        for row in found:
            rows[getattr(row, name)].append(row)
        for entry in entries:
            for row in rows[entry.pk]:
                row._state.fields_cache[self.field.field.name] = entry
            self.put(entry, rows[entry.pk])


@cache
def relation(model, name):
    field = model._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return ToOne(model, name)
    return (Rows if isinstance(field, ManyToOneRel) else ToMany)(model, name)


class Together(ModelIterable):
    """Goes through a queryset of entries and brings their relations, some hundred entries at once."""

    names = ()

    def __iter__(self):
        entries, known = super().__iter__(), {}
        while some := list(islice(entries, AT_ONCE)):
            for name in self.names:
                relation(self.queryset.model, name).bring(some, known)
            yield from some


@cache
def bringing(names):
    """The iterable class of a queryset that brings these relations."""
    return type("Together", (Together,), {"names": names})
