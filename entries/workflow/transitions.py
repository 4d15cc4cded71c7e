"""The way of a record to the public and back: the transitions, and who may make which when.

Whatever makes a transition (a button, a list action, a command) makes it here, and is
refused here with the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.dispatch import Signal
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from entries.workflow.models import LoggedTransition, ReviewedRecord
from entries.workflow.permissions import has_permission
from records.versions.registering import revision
from records.versions.snapshots import Snapshot

Action, Status = LoggedTransition.Action, ReviewedRecord.Status
ONLY_FOR = {
    "change": _("Your role does not include this."),
    "curate": _("Only curators and editors may do this."),
    "publish": _("Only editors may do this."),
}


class Refused(Exception):
    """A transition that the record's state or the person's role forbids. Its text is the reason."""


# Sent with the request of somebody who asks for a transition that their role does not include.
forbidden = Signal()


# --- Who may do what -----------------------------------------------------------


def may_change(user, record):
    """Curators change everything, contributors their own drafts."""
    own_draft = record.status == Status.DRAFT and record.author_id == user.pk
    return has_permission(user, "curate", record) or (
        own_draft and has_permission(user, "change", record)
    )


def may_delete(user, record):
    """What was public is withdrawn, not deleted: somebody may hold its address."""
    if record.was_public and not user.is_superuser:
        return False
    return may_change(user, record) and has_permission(user, "delete", record)


# --- Conditions: why not, or nothing ---------------------------------------------


def second_look_is_due(user, record):
    if record.awaits_second_look or record.is_due_for_review:
        return None
    return _("No change of it awaits a second look.")


def one_may_change_it(user, record):
    return None if may_change(user, record) else _("It is somebody else’s draft.")


def others_changed_it(user, record):
    """A second pair of eyes is wanting where this person made the last change."""
    if settings.FOUR_EYES and record.changed_by_id == user.pk:
        return _("You made the last change yourself: somebody else has to look at it.")
    return None


def others_changed_it_since(user, record):
    """The same, of a change after publication: what is only due again anybody may look at."""
    return others_changed_it(user, record) if record.awaits_second_look else None


def nothing_is_lacking(user, record):
    return record.lacks_to_be_public()


# --- Effects: what becomes of the record, beside its status ------------------------


def look_is_taken(record, **answers):
    days = settings.REVIEW_AFTER.get(record._meta.model_name)
    return {
        "last_reviewed": timezone.now(),
        "awaits_second_look": False,
        "review_on": timezone.localdate() + timedelta(days=days) if days else None,
    }


def public_sees_it(**answers):
    """To the public this is a change; the other transitions leave what it sees as it is."""
    return {"updated": timezone.now()}


def farewell_is_said(note, see_instead, **answers):
    return {
        "withdrawn_reason": note,
        "see_instead": see_instead,
        "awaits_second_look": False,
    }


def farewell_is_taken_back(**answers):
    return {"withdrawn_reason": "", "see_instead": ""}


# --- The transitions ---------------------------------------------------------------


@dataclass(frozen=True)
class Transition:
    """Takes a record from one status to another, for those who have the permission."""

    name: str  # in addresses and list actions
    action: Action
    source: Status
    target: Status
    permission: str
    label: str
    explanation: str
    occasion: Callable | None = None  # the condition without which nobody thinks of it
    conditions: tuple[Callable, ...] = ()
    effects: tuple[Callable, ...] = ()
    note_label: str = _("Note")
    note_required: bool = False
    asks: tuple[str, ...] = ()  # what has to be answered beside the note

    def fits(self, user, record):
        """Whether the record stands where this transition begins."""
        return record.status == self.source and not (self.occasion and self.occasion(user, record))

    def refusal(self, user, record):
        """Why this person may not make it with the record as it is; None if they may."""
        if not has_permission(user, self.permission, record):
            return ONLY_FOR[self.permission]
        if record.status != self.source:
            names = {"status": record.get_status_display(), "source": self.source.label}
            return _("Its status is “%(status)s”; this is for “%(source)s”.") % names
        conditions = filter(None, (self.occasion, *self.conditions))
        return next(filter(None, (condition(user, record) for condition in conditions)), None)

    def doubt(self, record):
        """What whoever makes it has to know, and to say that they know; None for most."""
        return record.doubt_before_publishing() if "knowingly" in self.asks else None

    def perform(self, record, user, note="", see_instead="", knowingly=False, seen=None):
        """Make the transition with the record as it stands now in the database, or raise `Refused`.

        Returns the record. What others did since the caller read it counts: `seen` is the digest
        of what the person was shown, and nothing else is published or returned.
        """
        comment = ": ".join(filter(None, [str(capfirst(self.action.label)), note]))
        with revision(user, comment, changing=record):
            record = type(record).objects.select_for_update().filter(pk=record.pk).first()
            if record is None:
                raise Refused(_("It was deleted meanwhile."))
            if seen is not None and Snapshot.of(record).digest != seen:
                raise Refused(_("Somebody changed it after this page was shown."))
            if reason := self.refusal(user, record):
                raise Refused(reason)
            if not knowingly and (doubt := self.doubt(record)):
                raise Refused(doubt)
            changes = {"status": self.target}
            for effect in self.effects:
                changes |= effect(record=record, note=note, see_instead=see_instead)
            for name, value in changes.items():
                setattr(record, name, value)
            record.save(update_fields=[*changes, "first_published"])
            note_transition(self.action, record, user, note)
        return record


SEND = Transition(
    "send",
    Action.SENT,
    Status.DRAFT,
    Status.REVIEW,
    "change",
    _("Send to review"),
    _("Curators and editors find it on their desk. From now on only they can change it."),
    conditions=(one_may_change_it,),
)
RETURN = Transition(
    "return",
    Action.RETURNED,
    Status.REVIEW,
    Status.DRAFT,
    "curate",
    _("Return with a note"),
    _("It becomes a draft again. Whoever wrote it finds it on their desk, with your note."),
    note_label=_("What is to be done"),
    note_required=True,
)
PUBLISH = Transition(
    "publish",
    Action.PUBLISHED,
    Status.REVIEW,
    Status.PUBLISHED,
    "publish",
    _("Publish"),
    _("Everyone can read it at once."),
    conditions=(others_changed_it, nothing_is_lacking),
    effects=(look_is_taken, farewell_is_taken_back, public_sees_it),
    note_label=_("Public note, shown on its page without your name"),
    asks=("knowingly",),
)
CONFIRM = Transition(
    "confirm",
    Action.CONFIRMED,
    Status.PUBLISHED,
    Status.PUBLISHED,
    "curate",
    _("Confirm after a second look"),
    _(
        "It was changed after publication, or is due for review. You say that it is right as it stands."
    ),
    occasion=second_look_is_due,
    conditions=(others_changed_it_since,),
    effects=(look_is_taken,),
)
WITHDRAW = Transition(
    "withdraw",
    Action.WITHDRAWN,
    Status.PUBLISHED,
    Status.WITHDRAWN,
    "publish",
    _("Withdraw"),
    _("Its address stays, and says that it was withdrawn, why, and where to go instead."),
    effects=(farewell_is_said, public_sees_it),
    note_label=_("Why it is withdrawn: public, without your name"),
    note_required=True,
    asks=("see_instead",),
)
RESTORE = Transition(
    "restore",
    Action.RESTORED,
    Status.WITHDRAWN,
    Status.DRAFT,
    "curate",
    _("Restore to draft"),
    _("It can be changed, reviewed and published again. Until then its address says what it did."),
)
TRANSITIONS = {each.name: each for each in (SEND, RETURN, PUBLISH, CONFIRM, WITHDRAW, RESTORE)}


# --- The log -----------------------------------------------------------------------


def note_transition(action, record, user, note=""):
    LoggedTransition.objects.create(record=record, action=action, user=user, note=note)


def note_alone(record, user, note):
    """Keep the note of a save that changed nothing: no date moves, nobody has to look again."""
    with revision(user, note):
        note_transition(Action.CHANGED, record, user, note)


def note_mending(record, user, note, signs):
    """Note that a reviewer mended punctuation alone: who made the last change stays who it was."""
    with revision(user, " ".join(filter(None, [note, _("Punctuation alone: %d signs.") % signs]))):
        if record.is_public:
            note_transition(Action.CHANGED, record, user, note)
            record.save(update_fields=["updated"])
        else:
            note_transition(Action.MENDED, record, user, _("%d signs") % signs)


def note_change(record, user, note="", new=False):
    """Note who wrote or changed the record. A change of what is public awaits a second look."""
    with revision(user, note):
        record.changed_by = user
        if new:
            record.author = user
            note_transition(Action.DRAFTED, record, user)
        fields = ["author", "changed_by", "awaits_second_look"]
        if record.is_public:
            record.awaits_second_look = True
            note_transition(Action.CHANGED, record, user, note)
            # Also where only a row was changed: the page says something else now.
            fields.append("updated")
        record.save(update_fields=fields)
