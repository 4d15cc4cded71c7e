"""What was decided of many proposals at once: the worker does it, one proposal after the other.

Each is accepted or taken back whole, in a transaction of its own; what cannot be is open again and
says why. A worker that is killed leaves the rest to the next one.
"""

import logging
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imports.accepting import NotAccepted, accept
from imports.models import Proposal
from imports.undoing import done_by, stop, take_back_what_was_filed, undo_one

logger = logging.getLogger(__name__)
State = Proposal.State
AT_ONCE = 30  # proposals that a page decides itself
PIECE = 1  # second of the worker


def accept_later(proposals, user):
    """Let the worker accept them; how many there are."""
    waiting = proposals.exclude(state__in=(*Proposal.DONE, *Proposal.WAITING))
    return waiting.update(state=State.ACCEPTING, decided=timezone.now(), decided_by=user)


@transaction.atomic
def undo_later(made, user):
    """Let the worker take back what came of an import; what was filed beside is at once."""
    stop(made)
    kept = take_back_what_was_filed(made, user)
    done_by(made).order_by().update(state=State.UNDOING, decided_by=user)
    return kept


def decide_next():
    """Do as many as fit in a moment; say how many, None if none waits."""
    if not Proposal.objects.filter(state__in=Proposal.WAITING).exists():
        return None
    done, until = 0, monotonic() + PIECE
    while monotonic() < until and _decide_one():
        done += 1
    return _("%d proposals") % done if done else None


def _decide_one():
    with transaction.atomic():
        waiting = Proposal.objects.select_related("of", "decided_by")
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        proposal = (
            waiting.filter(state=State.UNDOING).order_by("-pk").first()
            or waiting.filter(state=State.ACCEPTING).order_by("pk").first()
        )
        if proposal is None:
            return False
        done_as = _undo if proposal.state == State.UNDOING else _accept
        try:
            with transaction.atomic():
                done_as(proposal)
        except NotAccepted as reason:
            _put_back(proposal, refused=str(reason))
        except (OperationalError, InterfaceError):  # the database is away: it waits for it
            raise
        except Exception:
            logger.exception("Proposal %s could not be decided.", proposal.pk)
            _put_back(
                proposal,
                refused=_(
                    "The portal failed at it: that is our fault, not yours. Tell whoever runs it."
                ),
            )
    return True


def _accept(proposal):
    if proposal.decided_by is None:
        raise NotAccepted(_("Whoever accepted it has no account any more."))
    accept(proposal, proposal.decided_by)


def _undo(proposal):
    if proposal.decided_by is None or undo_one(proposal, proposal.decided_by) is not None:
        _put_back(proposal, stays=True)


def _put_back(proposal, **why):
    """As it was before the worker took it, with the reason."""
    stored = Proposal.objects.get(pk=proposal.pk)
    if stored.state == State.UNDOING:
        stored.state = State.UPDATED if stored.is_update else State.ACCEPTED
    else:
        stored.state = State.OPEN
    stored.details |= why
    stored.save(update_fields=["state", "details"])
