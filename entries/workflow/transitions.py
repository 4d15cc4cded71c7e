"""The way of an entry to the public and back: what steps there are, and who may take which when.

Whatever takes a step (a button, a list action, a command) takes it here, and is refused
here with the reason.
"""

from dataclasses import dataclass

from django.conf import settings
from django.dispatch import Signal
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from entries.models import Entry
from entries.workflow.models import Step
from records.versions import snapshots

DRAFT, REVIEW, PUBLISHED, WITHDRAWN = Entry.Status
ONLY_FOR = {
    "change": _("Your role does not include this."),
    "curate": _("Only curators and editors may do this."),
    "publish": _("Only editors may do this."),
}


class Refused(Exception):
    """A step that the entry's state or the person's role forbids. Its text is the reason."""


# Sent with the request of somebody who asks for a step that their role does not include.
forbidden = Signal()


# --- Who may do what -----------------------------------------------------------


def has_right(user, right, entry):
    """Whether the person's roles give a right over entries of this kind (`entries.roles`)."""
    names = entry._meta
    return user.has_perm(f"{names.app_label}.{right}_{names.model_name}")


def may_change(user, entry):
    """Curators change everything, contributors their own drafts."""
    own_draft = entry.status == DRAFT and entry.author_id == user.pk
    return has_right(user, "curate", entry) or (own_draft and has_right(user, "change", entry))


def may_delete(user, entry):
    """What was public is withdrawn, not deleted: somebody may hold its address."""
    if entry.was_public and not user.is_superuser:
        return False
    return may_change(user, entry) and has_right(user, "delete", entry)


def changed_last(user, entry):
    """Whether a second pair of eyes is wanting, this person having made the last change."""
    return settings.FOUR_EYES and entry.changed_by_id == user.pk


# --- The steps -----------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A step that takes an entry from one status to another, for those who have the right."""

    name: str  # in addresses and list actions
    action: Step.Action
    before: Entry.Status
    after: Entry.Status
    right: str
    label: str
    explanation: str
    note_label: str = _("Note")
    note_required: bool = False

    def fits(self, entry):
        """Whether the entry stands where this step begins."""
        return entry.status == self.before and (self is not CONFIRM or entry.awaits_second_look)

    def refusal(self, user, entry):
        """Why this person may not take the step with the entry as it is; None if they may."""
        if not has_right(user, self.right, entry):
            return ONLY_FOR[self.right]
        if not self.fits(entry):
            names = {"status": entry.get_status_display(), "before": self.before.label}
            if self is CONFIRM and entry.status == self.before:
                return _("No change of it awaits a second look.")
            return _("Its status is “%(status)s”; this is for “%(before)s”.") % names
        if self is SEND and not may_change(user, entry):
            return _("It is somebody else’s draft.")
        if self in (PUBLISH, CONFIRM) and changed_last(user, entry):
            return _("You made the last change yourself: somebody else has to look at it.")
        if self is PUBLISH and not entry.themes.all():
            return _("It is filed under no theme.")
        return None


SEND = Move(
    "send",
    Step.Action.SENT,
    DRAFT,
    REVIEW,
    "change",
    _("Send to review"),
    _("Curators and editors find it on their desk. From now on only they can change it."),
)
RETURN = Move(
    "return",
    Step.Action.RETURNED,
    REVIEW,
    DRAFT,
    "curate",
    _("Return with a note"),
    _("It becomes a draft again. Whoever wrote it finds it on their desk, with your note."),
    note_label=_("What is to be done"),
    note_required=True,
)
PUBLISH = Move(
    "publish",
    Step.Action.PUBLISHED,
    REVIEW,
    PUBLISHED,
    "publish",
    _("Publish"),
    _("Everyone can read it at once."),
    note_label=_("Public note, shown on its page without your name"),
)
CONFIRM = Move(
    "confirm",
    Step.Action.CONFIRMED,
    PUBLISHED,
    PUBLISHED,
    "curate",
    _("Confirm after a second look"),
    _("It was changed after publication. You say that it is right as it stands."),
)
WITHDRAW = Move(
    "withdraw",
    Step.Action.WITHDRAWN,
    PUBLISHED,
    WITHDRAWN,
    "publish",
    _("Withdraw"),
    _("Its address stays, and says that it was withdrawn, why, and where to go instead."),
    note_label=_("Why it is withdrawn: public, without your name"),
    note_required=True,
)
RESTORE = Move(
    "restore",
    Step.Action.RESTORED,
    WITHDRAWN,
    DRAFT,
    "curate",
    _("Restore to draft"),
    _("It can be changed, reviewed and published again. Until then its address says what it did."),
)
MOVES = {move.name: move for move in (SEND, RETURN, PUBLISH, CONFIRM, WITHDRAW, RESTORE)}


def take(move, entry, user, note="", see_instead=""):
    """Take a step with the entry as it stands now in the database, or raise `Refused`.

    Returns the entry. What others did since the caller read it counts.
    """
    comment = ": ".join(filter(None, [str(capfirst(move.action.label)), note]))
    with snapshots.revision(user, comment):
        entry = type(entry).objects.select_for_update().get(pk=entry.pk)
        if reason := move.refusal(user, entry):
            raise Refused(reason)
        _take(move, entry, note, see_instead)
        record(move.action, entry, user, note)
    return entry


def _take(move, entry, note, see_instead):
    changes = {"status": move.after}
    if move in (PUBLISH, CONFIRM):
        changes |= {"last_reviewed": timezone.now(), "awaits_second_look": False}
    if move == PUBLISH:
        changes |= {"withdrawn_reason": "", "see_instead": ""}
    if move == WITHDRAW:
        changes |= {
            "withdrawn_reason": note,
            "see_instead": see_instead,
            "awaits_second_look": False,
        }
    if move in (PUBLISH, WITHDRAW):
        # To the public these are changes; the other steps leave what it sees as it is.
        changes["updated"] = timezone.now()
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.save(update_fields=[*changes, "first_published"])


def record(action, entry, user, note=""):
    Step.objects.create(entry=entry, action=action, user=user, note=note)


def written(entry, user, note="", new=False):
    """Note who wrote or changed the entry. A change of what is public awaits a second look."""
    with snapshots.revision(user, note):
        entry.changed_by = user
        if new:
            entry.author = user
            record(Step.Action.DRAFTED, entry, user)
        fields = ["author", "changed_by", "awaits_second_look"]
        if entry.is_public:
            entry.awaits_second_look = True
            record(Step.Action.CHANGED, entry, user, note)
            # Also where only a link was changed: the page says something else now.
            fields.append("updated")
        entry.save(update_fields=fields)
