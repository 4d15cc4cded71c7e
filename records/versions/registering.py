"""Of what versions are kept, and when one is made.

Whatever saves or deletes a record (the admin, a command, the shell), what it said before can
be brought back. Past `revision` a save keeps what it finds; within one, whoever opens it says
which records it is about to change.
"""

from contextlib import contextmanager
from contextvars import Context

import reversion
from django.apps import apps
from django.db.models.signals import pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _

from records.versions.snapshots import Snapshot, Versioned, fields_of, rows_of, versions_of


def register_all():
    """Register every model that declares `versioned`."""
    for model in apps.get_models():
        if hasattr(model, "versioned"):
            register(model)


def register(model):
    """Keep versions of the model's records, with their rows, and with what they are part of."""
    rows = rows_of(model)
    for row in (relation.related_model for relation in rows):
        if not reversion.is_registered(row):
            _register(row)
    if reversion.is_registered(model):  # as a row of another
        reversion.unregister(model)
    follow = [*(row.get_accessor_name() for row in rows), *Versioned.of(model).part_of]
    _register(model, follow)
    pre_save.connect(keep_before, sender=model)
    pre_delete.connect(keep_before, sender=model)


def _register(model, follow=()):
    reversion.register(model, fields=[field.name for field in fields_of(model)], follow=follow)


@contextmanager
def revision(user=None, comment="", changing=None):
    """Make one version of each record that is saved within. All of it is saved, or nothing.

    The record `changing` is kept as it is found; within another revision that one has seen to
    it. Comments of revisions within revisions stand one below the other.
    """
    is_outermost = not reversion.is_active()
    with reversion.create_revision():
        if is_outermost and changing is not None:
            keep_as_found(changing)
        if user is not None:
            reversion.set_user(user)
        if comment:
            reversion.set_comment("\n".join(filter(None, [reversion.get_comment(), comment])))
        yield


def keep_before(sender, instance, raw=False, **kwargs):
    """Keep what a save or a deletion finds, unless a revision is under way: see there."""
    if not (raw or reversion.is_active()):
        keep_as_found(instance)


def keep_as_found(record):
    """Make a version of what is stored, where the last version says something else.

    So what was loaded by a command, or changed by one, can be brought back too. The same of
    what the record is part of, and of what it is about to be part of.
    """
    model = type(record)
    new = record.pk is None
    stored = None if new else model._base_manager.filter(pk=record.pk).first()
    if stored is not None:
        _keep(stored)
    for field in map(model._meta.get_field, Versioned.of(model).part_of):
        keys = {getattr(each, field.attname) for each in (stored, record) if each is not None}
        for owner in field.related_model._base_manager.filter(pk__in=keys - {None}):
            keep_as_found(owner)


def _keep(stored):
    last = versions_of(type(stored), stored.pk).first()
    if last is not None and Snapshot.of_version(last) == Snapshot.of(stored):
        return
    # In a context of its own: a revision that is under way is saved at its end only.
    Context().run(_make_version, stored, is_first=last is None)


def _make_version(stored, is_first):
    with reversion.create_revision():
        if is_first:
            reversion.set_date_created(getattr(stored, "updated", timezone.now()))
        reversion.set_comment(_("As it was found before the next change."))
        reversion.add_to_revision(stored)
