"""The way back: an import is undone as long as nobody has worked on what came of it.

Drafts are deleted; an entry that was changed says again what it said before.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from entries.workflow import transitions
from entries.workflow.models import LoggedTransition
from imports.filing import let_addresses_go, take_absences_back
from imports.models import Proposal
from records.versions.registering import revision
from records.versions.restoring import Restoring
from records.versions.snapshots import Snapshot, versions_of

State = Proposal.State


def worked_on(entry):
    """Whether somebody did anything with a draft since it was imported."""
    if entry.status != entry.Status.DRAFT or entry.was_public:
        return True
    done = LoggedTransition.objects.of(entry)
    return done.count() > 1 or versions_of(type(entry), entry.pk).count() > 1


def done_by(made):
    """The proposals of an import of which something came, the last one first."""
    return made.proposals.filter(state__in=Proposal.DONE).order_by("-number")


@transaction.atomic
def undo(made, user):
    """Take back all of an import that can be; return the entries that stay, with the absences."""
    stop(made)
    kept = take_back_what_was_filed(made, user)
    for proposal in done_by(made).select_for_update():
        if (entry := undo_one(proposal, user)) is not None:
            kept.append(entry)
    return kept


def take_back_what_was_filed(made, user):
    """Absences and addresses; the absences that stay are returned."""
    let_addresses_go(made, user)
    return take_absences_back(made, user)


def stop(made):
    """What the worker has not yet accepted is open again, and what was refused is told no more."""
    made.proposals.filter(state=State.ACCEPTING).update(state=State.OPEN)
    for proposal in made.proposals.filter(details__has_key="refused"):
        del proposal.details["refused"]
        proposal.save(update_fields=["details"])


def undo_one(proposal, user):
    """Take back what came of a proposal; the entry, where it stays."""
    drafts = [*filter(None, (_also(proposal), proposal.entry))]
    if proposal.details.get("updates"):
        if proposal.entry is not None and not _says_what_it_said(proposal, user):
            return proposal.entry
    else:
        stay = [
            each for each in drafts if worked_on(each) or not transitions.may_delete(user, each)
        ]
        if stay or not _taken_back(proposal.of, drafts, user):
            return (stay or drafts)[-1]
        proposal.entry = None
    proposal.state, proposal.decided, proposal.decided_by = State.OPEN, None, None
    if proposal.is_update:
        del proposal.details["updates"]
    proposal.details.pop("version", None)
    proposal.details.pop("stays", None)
    proposal.save()
    return None


def _says_what_it_said(proposal, user):
    """Bring back the version before the import's; whether that is the last and can be undone."""
    entry = proposal.entry
    versions = versions_of(type(entry), entry.pk)[:2]
    last = [version.pk for version in versions]
    if len(last) < 2 or last[0] != proposal.details.get("version"):
        return False
    if Snapshot.of(entry) != Snapshot.of_version(versions[0]):  # changed past every version
        return False
    if not transitions.may_change(user, entry):
        return False
    note = _("Import undone")
    try:
        with transaction.atomic(), revision(user, note):
            restoring = Restoring(versions[1])
            restoring.restore()
            record = restoring.record
            if restoring.left_out or (record.is_public and record.lacks_to_be_public()):
                raise ValidationError("")
            transitions.note_change(record, user, note if record.is_public else "")
    except ValidationError:
        return False
    return True


def _taken_back(made, drafts, user):
    """Delete the drafts of a proposal, all or none; whether nothing else refers to them."""
    try:
        with transaction.atomic():
            if made.source in drafts:
                made.source = None
                made.save(update_fields=["source"])
            for draft in drafts:
                with revision(user, _("Import undone"), changing=draft):
                    draft.delete()
    except ProtectedError:
        return False
    return True


def _also(proposal):
    """The paper that came of the same proposal as its meeting."""
    if proposal.details.get("also") != "paper" or proposal.entry is None:
        return None
    return proposal.entry.papers.first()
