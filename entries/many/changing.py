"""One change made to many entries: to each by itself, as on its own form, or refused with the reason."""

from dataclasses import dataclass, field

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from entries.workflow import transitions
from records.versions.differences import Reader
from records.versions.registering import revision
from records.versions.snapshots import Snapshot

MOST = 200  # entries at once: what a person can look through, and the database does in seconds
SALT = "what many entries said"


@dataclass
class Outcome:
    """What became of one entry: what differs now, or why nothing does."""

    entry: models.Model
    differences: list = field(default_factory=list)
    refusal: str = ""

    @property
    def is_changed(self):
        return bool(self.differences)


# --- What a page showed of the entries -----------------------------------------------


def key_of(entry):
    return f"{entry._meta.label_lower}:{entry.pk}"


def digest(snapshot):
    return snapshot.digest[:16]


def seal(entries):
    """What the entries say now, for a page to send back with what is to be done with them."""
    said = {key_of(entry): digest(Snapshot.of(entry)) for entry in entries}
    return signing.dumps(said, salt=SALT, compress=True)


def unseal(text):
    """{key: digest} of what the page showed; nothing of a page that was tampered with."""
    try:
        return signing.loads(text or "", salt=SALT)
    except signing.BadSignature:
        return {}


# --- Changing ------------------------------------------------------------------------


def change_many(entries, user, note, change, seen):
    """Let `change` change each of the entries that may be changed, a version of each.

    It returns what it changed beside what the entry says, as Differences: no date moves for that.

    `seen` is what the person was shown of them: who saved one since is not overwritten.
    """
    return _each(entries, user, note, change, seen)


def preview(entries, user, change):
    """What `change_many` would do: it is done, and taken back."""
    with transaction.atomic():
        outcomes = _each(entries, user, "", change)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def _each(entries, user, note, change, seen=None):
    readers = {}
    outcomes = []
    for entry in entries:
        reader = readers.setdefault(type(entry), Reader(type(entry)))
        try:
            with revision(user, changing=entry):
                differences = _changed(entry, user, note, change, seen, reader)
            outcomes.append(Outcome(entry, differences))
        except transitions.Refused as reason:
            outcomes.append(Outcome(entry, refusal=str(reason)))
    return outcomes


def _changed(entry, user, note, change, seen, reader):
    record = type(entry).objects.select_for_update().filter(pk=entry.pk).first()
    if record is None:
        raise transitions.Refused(_("It was deleted meanwhile."))
    if not transitions.may_change(user, record):
        raise transitions.Refused(_("You may not change it as it stands."))
    before = Snapshot.of(record)
    if seen is not None and seen.get(key_of(record)) != digest(before):
        raise transitions.Refused(_("Somebody changed it after this page was shown."))
    try:
        beside = change(record) or []
        differences = reader.differing(before, Snapshot.of(record))
        if differences:
            check(record, {each.name for each in differences})
    except ValidationError as error:
        raise transitions.Refused(" ".join(error.messages)) from error
    if differences:
        record.save()
        transitions.note_change(record, user, note)
    elif beside:
        record.save(update_fields=[each.name for each in beside])
    return differences + beside


def check(record, changed):
    """Raise what forbids the record to be as it is now; what was so before is not asked about."""
    record.clean_fields({field.name for field in record._meta.fields} - changed)
    record.clean()
    record.validate_constraints()
    if record.is_public and (lacking := record.lacks_to_be_public()):
        raise ValidationError(lacking)
