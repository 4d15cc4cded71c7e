"""Brings a version back.

Not reversion's own `revert`: it writes past `save`, so an address that it brings back would
redirect from nowhere, and it reverts whatever else was saved together with the record.
"""

import reversion
from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from records.versions.registering import keep_as_found, revision
from records.versions.snapshots import (
    Versioned,
    last_name_of,
    model_of,
    own_rows_of,
    piece_of,
    pieces_of,
    read,
    rows_among,
    rows_of,
)


class Restoring:
    """Makes a record say what a version of it says.

    `record` is the record, `recovered` whether it was gone, and `left_out` names what
    cannot come back because what it points to is gone or another's. A record that has a say
    in it defines `prepare_restore`, which makes the record fit to be saved again and returns
    what it had to leave out.
    """

    def __init__(self, version):
        self.version = version
        self.model = model_of(version)
        self.left_out = []
        self.old = self._read_object(read(version))
        stored = self.model._base_manager.filter(pk=self.old.object.pk)
        self.record = stored.first()
        self.recovered = self.record is None
        self.record = self.record or self.old.object

    def restore(self):
        """Raise ValidationError where the rules of the table forbid what the version says."""
        with revision():
            if not self.recovered:
                self._take_values()
            keep_as_found(self.record)
            if not self._let_go_of_what_is_gone(self.record):
                raise ValidationError(", ".join(self.left_out))
            if hasattr(self.record, "prepare_restore"):
                self.left_out += self.record.prepare_restore()
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
        held, stays = read(self.version)["fields"], Versioned.of(self.model).stays
        for field in self.model._meta.local_fields:
            if field.name in held and field.name not in stays:
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

    def _leave_out(self, field, key):
        self.left_out.append(f"{field.verbose_name}: {last_name_of(field.related_model, key)}")

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
        wanted = rows_among(pieces_of(self.version), relation, self.record.pk)
        for row in rows.filter(**{relation.field.name: self.record}):
            piece = piece_of(row)
            if piece in wanted:
                wanted.remove(piece)
            else:
                row.delete()
        for piece in wanted:
            row = self._read_object(piece).object
            if rows.filter(pk=row.pk).exists():
                row.pk = None  # it belongs to another record now, which keeps it
            if self._let_go_of_what_is_gone(row) and is_whole(row):
                row.save(force_insert=True)


def is_whole(row):
    """Whether the row still says something without what it pointed to."""
    try:
        row.validate_constraints()
    except ValidationError:
        return False
    return True
