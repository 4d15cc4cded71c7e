"""What a record says at one moment: its fields, its relations and the rows that belong to it.

An entry has its links and tags, a question its uptakes, a theme its absences, a group its
chairs. Versions hold snapshots; forms carry one of what they were opened with.
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from operator import itemgetter

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import models
from reversion import is_registered
from reversion.models import Version
from taggit.models import ItemBase, Tag


@dataclass(frozen=True)
class Versioned:
    """Declared by a model as `versioned`: versions of its records are kept, and this is how."""

    # Fields that tell who did something with the record, and when, not what the record says.
    bookkeeping: tuple[str, ...] = ()
    # Fields that a version which is brought back leaves as they are; bookkeeping among them.
    stays: tuple[str, ...] = ()
    # Foreign keys to the records of whose versions this one is a part.
    part_of: tuple[str, ...] = ()

    @classmethod
    def of(cls, model):
        """What the model declared; the defaults for a model that is not ours."""
        return getattr(model, "versioned", cls())


# --- Of what a snapshot is made --------------------------------------------------


@cache
def fields_of(model):
    """The fields that a snapshot holds: all but the time of the last save, and tags (rows)."""
    relations = [
        field
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]
    fields = [field for field in model._meta.local_fields if not getattr(field, "auto_now", False)]
    return fields + relations


@cache
def rows_of(model):
    """The relations whose rows belong to a record and are deleted with it."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.one_to_many and relation.on_delete is models.CASCADE
    ]


def is_tagging(relation):
    """Whether the rows are what ties tags to entries: the entry's own, and a value of it."""
    return issubclass(relation.related_model, ItemBase)


def own_rows_of(model):
    """Those whose rows are its own, the ties of a tag being those of its entries."""
    return [] if model is Tag else rows_of(model)


def lists_of(model):
    """Those whose rows are read and written as a list of the record."""
    return [relation for relation in rows_of(model) if not is_tagging(relation)]


@dataclass
class Snapshot:
    """What a record says, as JSON has it: its values and its lists of rows."""

    model: type[models.Model]
    key: int | str
    values: dict  # {field: value}; of a relation the keys
    rows: dict  # {relation: [[key, {field: value}], …]}

    @classmethod
    def of(cls, record):
        """Of the fields as this instance has them, of relations and rows as they are stored."""
        model = type(record)
        records = [record]
        for relation in own_rows_of(model):
            records += relation.related_model._base_manager.filter(**{relation.field.name: record})
        pieces = [piece_of(each) for each in records]
        return cls._made(model, pieces[0], pieces)

    @classmethod
    def of_version(cls, version):
        return cls._made(model_of(version), read(version), pieces_of(version))

    @classmethod
    def _made(cls, model, own, pieces):
        values, rows = own["fields"], {}
        for relation in own_rows_of(model):
            found = rows_among(pieces, relation, own["pk"])
            if is_tagging(relation):
                values["tags"] = [row["fields"]["tag"] for row in found]
            else:
                rows[relation.get_accessor_name()] = [
                    [row["pk"], without(row["fields"], relation.field.name)] for row in found
                ]
        for field in model._meta.local_many_to_many:
            if field.name in values:
                values[field.name] = sorted(values[field.name])
        return cls(model, own["pk"], values, rows)

    @property
    def data(self):
        """All that a snapshot of the model can be made of again."""
        return [self.key, self.values, self.rows]

    @cached_property
    def says(self):
        """All but the bookkeeping, as (values, rows)."""
        aside = Versioned.of(self.model).bookkeeping
        return {n: v for n, v in self.values.items() if n not in aside}, self.rows

    @cached_property
    def digest(self):
        return sha256(repr(self.says).encode()).hexdigest()


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


# --- Pieces: one row of a table each, as JSON has it -------------------------------


def piece_of(record):
    names = [field.name for field in fields_of(type(record))]
    return json.loads(serializers.serialize("json", [record], fields=names))[0]


def read(version):
    return json.loads(version.serialized_data)[0]


def pieces_of(version):
    """Everything that was saved together with the version, itself included."""
    return [read(each) for each in version.revision.version_set.all()]


def rows_among(pieces, relation, key):
    """Those of the pieces that are rows of the record with this key, in their order."""
    label, owner = relation.related_model._meta.label_lower, relation.field.name
    rows = [p for p in pieces if p["model"] == label and p["fields"].get(owner) == key]
    return sorted(rows, key=itemgetter("pk"))


# --- Versions ----------------------------------------------------------------------


def model_of(version):
    return ContentType.objects.get_for_id(version.content_type_id).model_class()


def versions_of(model, key):
    """The versions of one record, the last one first."""
    versions = Version.objects.get_for_object_reference(model, key)
    return versions.select_related("revision__user").prefetch_related("revision__version_set")


def deleted(model):
    """The last versions of the records that are gone, the last one first."""
    return Version.objects.get_deleted(model).select_related("revision").order_by("-pk")


def last_name_of(model, key):
    """What a record that is gone was called; its key where nothing of it was kept."""
    last = versions_of(model, key).first() if is_registered(model) else None
    return last.object_repr if last else key
