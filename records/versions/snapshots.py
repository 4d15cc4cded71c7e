"""Every change is a version, and every version can come back.

django-reversion keeps the versions. A version of a record holds its fields, its
relations and the rows that belong to it: an entry with its links and tags, a question
with its uptakes, a theme with its absences, a group with its chairs.

Not reversion's own `revert`: it writes past `save`, so a slug that it brings back would
redirect from nowhere, and it reverts whatever else was saved together with the record.
"""

import json
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_save, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Version
from taggit.models import ItemBase, Tag

from records.models import FormerSlug, Record

# --- What a version holds ------------------------------------------------------


@cache
def fields_of(model):
    """The fields that a version holds: all but the time of the last save, and tags (rows)."""
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


# The foreign keys by which a model's records belong to others.
_owners = {}


def register(model, owners=()):
    """Keep versions of the model's records, with their rows, and of their owners with them."""
    for row in (relation.related_model for relation in rows_of(model)):
        if not reversion.is_registered(row):
            _register(row)
    _register(model, [*(row.get_accessor_name() for row in rows_of(model)), *owners])
    _owners[model] = owners
    pre_save.connect(keep_before, sender=model)
    post_save.connect(note_saved, sender=model)
    pre_delete.connect(keep_before, sender=model)


def _register(model, follow=()):
    reversion.register(model, fields=[field.name for field in fields_of(model)], follow=follow)


@dataclass
class Sheet:
    """What a record says at one moment, as JSON has it: its values and its lists of rows."""

    model: type[models.Model]
    key: int | str
    values: dict  # {field: value}; of a relation the keys
    rows: dict  # {relation: [[key, {field: value}], …]}

    @classmethod
    def of(cls, record):
        """As the record is stored now, whatever the instance says."""
        model = type(record)
        records = [model._base_manager.get(pk=record.pk)]
        for relation in own_rows_of(model):
            records += relation.related_model._base_manager.filter(**{relation.field.name: record})
        pieces = [_piece(each) for each in records]
        return cls._made(model, pieces[0], pieces)

    @classmethod
    def of_version(cls, version):
        return cls._made(model_of(version), _read(version), pieces_of(version))

    @classmethod
    def _made(cls, model, own, pieces):
        values, rows = own["fields"], {}
        for relation in own_rows_of(model):
            found = _rows_among(pieces, relation, own["pk"])
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
        return [self.key, self.values, self.rows]

    @property
    def says(self):
        """All but the bookkeeping: who did something with the record, and when."""
        aside = getattr(self.model, "bookkeeping", ())
        return {n: v for n, v in self.values.items() if n not in aside}, self.rows


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


def _piece(record):
    names = [field.name for field in fields_of(type(record))]
    return json.loads(serializers.serialize("json", [record], fields=names))[0]


def _read(version):
    return json.loads(version.serialized_data)[0]


def _rows_among(pieces, relation, key):
    """Those of the pieces that are rows of the record with this key, in their order."""
    label, owner = relation.related_model._meta.label_lower, relation.field.name
    rows = [p for p in pieces if p["model"] == label and p["fields"].get(owner) == key]
    return sorted(rows, key=itemgetter("pk"))


def model_of(version):
    return ContentType.objects.get_for_id(version.content_type_id).model_class()


def pieces_of(version):
    """Everything that was saved together with the version, itself included."""
    return [_read(each) for each in version.revision.version_set.all()]


def versions_of(model, key):
    """The versions of one record, the last one first."""
    versions = Version.objects.get_for_object_reference(model, key)
    return versions.select_related("revision__user").prefetch_related("revision__version_set")


def deleted(model):
    """The last versions of the records that are gone, the last one first."""
    return Version.objects.get_deleted(model).select_related("revision").order_by("-pk")


# --- Keeping ---------------------------------------------------------------------

# The records of the present revision that were kept as they were found.
_kept = ContextVar("kept", default=None)


@contextmanager
def revision(user=None, comment=""):
    """Make one version of each record that is saved within. All of it is saved, or nothing."""
    with reversion.create_revision():
        if user is not None:
            reversion.set_user(user)
        if comment:
            said = filter(None, [reversion.get_comment(), comment])
            reversion.set_comment("\n".join(said))
        outermost = _kept.set(set()) if _kept.get() is None else None
        try:
            yield
        finally:
            if outermost:
                _kept.reset(outermost)


def keep_before(sender, instance, raw=False, **kwargs):
    """Whoever saves or deletes a record, in the admin or past it, what it said is kept."""
    if raw:
        return
    keep_as_found(instance)
    if owners := _owners[sender]:
        stored = sender._base_manager.filter(pk=instance.pk).first()
        for record in filter(None, [stored, instance]):
            for owner in filter(None, (getattr(record, name) for name in owners)):
                keep_as_found(owner)


def note_saved(sender, instance, **kwargs):
    """What a revision has saved already is not as it was found, nor is what it adds."""
    if _kept.get() is not None:
        _kept.get().add((sender, instance.pk))


def keep_as_found(record):
    """Make a version of what is stored, where the last version says something else.

    So what was loaded by a command, or changed by one, can be brought back too.
    """
    found = (type(record), record.pk)
    kept = _kept.get()
    if record.pk is None or (kept is not None and found in kept):
        return
    if kept is not None:
        kept.add(found)
    stored = type(record)._base_manager.filter(pk=record.pk).first()
    if stored is None:
        return
    last = versions_of(*found).first()
    if last is None or Sheet.of_version(last) != Sheet.of(stored):
        # In a context of its own: a revision that is under way is saved at its end only.
        Context().run(_keep, stored, last)


def _keep(stored, last):
    with reversion.create_revision():
        if last is None:
            reversion.set_date_created(getattr(stored, "updated", timezone.now()))
        reversion.set_comment(_("As it was found before the next change."))
        reversion.add_to_revision(stored)


def last_name_of(model, key):
    """What a record that is gone was called; its key where nothing of it was kept."""
    last = versions_of(model, key).first() if reversion.is_registered(model) else None
    return last.object_repr if last else key


# --- Bringing back -----------------------------------------------------------------


class Restoring:
    """Makes a record say what a version of it says.

    `record` is the record, `recovered` whether it was gone, and `left_out` names what
    cannot come back because what it points to is gone. Raises ValidationError where the
    rules of the table forbid what the version says.
    """

    def __init__(self, version):
        self.version = version
        self.model = model_of(version)
        self.left_out = []
        self.old = self._read_object(_read(version))
        stored = self.model._base_manager.filter(pk=self.old.object.pk)
        self.record = stored.first()
        self.recovered = self.record is None
        self.record = self.record or self.old.object

    def restore(self):
        with revision():
            if self.recovered:
                FormerSlug.release(self.model._meta.label_lower, getattr(self.record, "slug", ""))
            else:
                self._take_values()
            if not self._let_go_of_what_is_gone(self.record):
                raise ValidationError(", ".join(self.left_out))
            if isinstance(self.record, Record):
                self._settle_slug()
            self._check()
            self.record.save(force_insert=self.recovered)
            self._restore_relations()
            for relation in rows_of(self.model) if self.recovered else own_rows_of(self.model):
                self._restore_rows(relation)
            reversion.add_to_revision(self.record)

    def _read_object(self, piece):
        try:
            return next(iter(serializers.deserialize("python", [piece], ignorenonexistent=True)))
        except serializers.base.DeserializationError as error:
            message = _("This version is of a time when the portal was made otherwise: %(error)s")
            raise ValidationError(message, params={"error": error}) from error

    def _take_values(self):
        """The status of an entry and what goes with it stay as they are."""
        state = getattr(self.model, "state_fields", ())
        held = _read(self.version)["fields"]
        for field in self.model._meta.local_fields:
            if field.name in held and field.name not in state:
                setattr(self.record, field.attname, getattr(self.old.object, field.attname))

    def _let_go_of_what_is_gone(self, record):
        """Clear every foreign key whose target is gone; whether the record can do without."""
        complete = True
        for field in record._meta.local_fields:
            key = getattr(record, field.attname)
            if not field.is_relation or key is None:
                continue
            if not field.related_model._base_manager.filter(pk=key).exists():
                self._leave_out(field, key)
                setattr(record, field.attname, None)
                complete = complete and field.null
        return complete

    def _is_whole(self, row):
        """Whether the row still says something without what it pointed to."""
        try:
            row.validate_constraints()
        except ValidationError:
            return False
        return True

    def _leave_out(self, field, key):
        self.left_out.append(f"{field.verbose_name}: {last_name_of(field.related_model, key)}")

    def _settle_slug(self):
        """Where the slug is another record's now, the record keeps its own or gets a new one."""
        record, slug = self.record, self.record.slug
        others = self.model._base_manager.filter(slug=slug).exclude(pk=record.pk)
        former = FormerSlug.objects.filter(model=self.model._meta.label_lower, slug=slug)
        own = record.stored.values_list("slug", flat=True).first()
        if others.exists() or former.exclude(current_slug=own or "").exists():
            self.left_out.append(f"{self.model._meta.get_field('slug').verbose_name}: {slug}")
            record.slug = own or f"{slug[:100]}-{record.pk}"

    def _check(self):
        self.record.clean()
        self.record.validate_unique()
        self.record.validate_constraints()

    def _restore_relations(self):
        for name, keys in self.old.m2m_data.items():
            field = self.model._meta.get_field(name)
            there = field.related_model._base_manager.in_bulk(keys)
            for key in keys:
                if key not in there:
                    self._leave_out(field, key)
            getattr(self.record, name).set(there)

    def _restore_rows(self, relation):
        """Leave the rows that are as they were, delete the others, write what is missing."""
        rows = relation.related_model._base_manager
        wanted = _rows_among(pieces_of(self.version), relation, self.record.pk)
        for row in rows.filter(**{relation.field.name: self.record}):
            piece = _piece(row)
            if piece in wanted:
                wanted.remove(piece)
            else:
                row.delete()
        for piece in wanted:
            row = self._read_object(piece).object
            if rows.filter(pk=row.pk).exists():
                row.pk = None  # it belongs to another record now, which keeps it
            if self._let_go_of_what_is_gone(row) and self._is_whole(row):
                row.save(force_insert=True)
