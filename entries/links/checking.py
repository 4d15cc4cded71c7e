"""Checks of addresses: which is due, what came of asking, and what that means.

An address is dead only after three failures, each at least three days after the one before, and
only while the portal knows that it is online itself. Whatever is done is done from the table, one
address at a time, so that a worker or a command that is killed leaves nothing undone.
"""

import math
import time
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entries.links.asking import Asking, Found, Later
from entries.links.fetching import LONGEST, NotAsked, Target, Transport
from entries.links.health import LinkAnswer, LinkCheck, LinkHealth, LinkHost, State
from entries.links.models import Link
from records import content

ALIVE, FAILED = timedelta(days=7), timedelta(days=3)  # until the next check
FAILURES = 3
OFFLINE = timedelta(hours=6)
LEASE = timedelta(minutes=10)  # no check takes longer: its worker was killed
LONGEST_REST = timedelta(days=7)
ALSO_THERE = 2  # other addresses that end on the same page: it is none of them
AT_ONCE = 500  # new addresses of links that are taken in
SEEN = {}  # by this process: the version of the content at which every link was known


# --- The addresses of links -------------------------------------------------------------


def follow_links():
    """Know every address that a link has, and forget those that none has; whether any was new."""
    known = LinkHealth.objects.values("url")
    new = Link.objects.exclude(url__in=known).order_by("url").values_list("url", flat=True)
    new = [*new.distinct()[:AT_ONCE]]
    for url in new:
        address, host = known_as(url)
        check, _new = LinkCheck.objects.get_or_create(address=address, defaults={"host": host})
        state, moved_to, since = check.shown
        LinkHealth.objects.get_or_create(
            url=url,
            defaults={"check_of": check, "state": state, "moved_to": moved_to, "since": since},
        )
    LinkHealth.objects.exclude(url__in=Link.objects.values("url")).delete()
    LinkCheck.objects.filter(told__isnull=True, held_as="").delete()
    LinkHost.objects.filter(free__lt=timezone.now() - timedelta(days=1)).delete()
    return bool(new)


def follow_changes():
    """The same, at no cost where the content is what it was when nothing new was found."""
    version = content.version()
    if version is not None and version == SEEN.get("version"):
        return False
    any_new = follow_links()
    SEEN["version"] = None if any_new else version
    return any_new


def known_as(url):
    """The spelling under which an address is checked, and its host: one for all that differ only
    in what no server is told, such as the place on the page."""
    try:
        target = Target.of(url)
    except NotAsked:
        return url, ""
    written = str(target)
    return (written if len(written) <= LONGEST else url), target.host


def end_what_was_held():
    """The word of a curator counts until its day."""
    over = LinkCheck.objects.filter(held_until__lt=timezone.localdate())
    if not over.exists():  # without the lock that a writer takes
        return
    with transaction.atomic():
        for check in over.select_for_update():
            LinkAnswer.keep(check, "held", _("The word of a curator counted until here."))
            check.held_as, check.held_until, check.held_on, check.held_by = "", None, None, None
            check.save(update_fields=["held_as", "held_until", "held_on", "held_by"])
            check.settle()


# --- One check --------------------------------------------------------------------------


def check_when_allowed():
    """The job of the worker; nothing where the portal is told to ask nobody."""
    return check_next() if settings.CHECK_LINKS else None


def check_next(transport=None):
    """Check the address that is due longest; say in a line what came of it, None if none is due."""
    end_what_was_held()
    follow_changes()  # however many checks are due: what is new waits behind none of them
    check = take_next()
    if check is None:
        return None
    transport = transport or Transport()
    try:
        found = Asking(transport, wait_for, rest).ask(check.address)
    except Later as later:
        free = LinkHost.objects.filter(name=str(later)).values_list("free", flat=True)
        LinkCheck.objects.filter(pk=check.pk).update(due=free.first() or timezone.now())
        return f"{check.address}: {_('its host wants to be left alone for a while')}"
    if found.fate == "failed" and not (found.answered or is_online(check, transport)):
        be_offline(check)
        return f"{check.address}: {_('no answer, and nobody else answers: the portal is offline')}"
    kept = record(check.pk, doubted(check, found))
    state = kept.get_state_display() if kept else _("no link leads there any more")
    return f"{check.address}: {state}. {found.said}"


def be_offline(check):
    """Try another address in a while, and this one after the others: its site may be gone."""
    now = timezone.now()
    LinkCheck.objects.filter(pk=check.pk).update(due=now + OFFLINE)
    LinkCheck.objects.filter(due__lte=now).update(due=now + LEASE)


def take_next():
    """What is due longest of the hosts that may be asked now, marked as begun."""
    now = timezone.now()
    resting = LinkHost.objects.filter(free__gt=now).values("name")
    due = LinkCheck.objects.filter(due__lte=now).exclude(host__in=resting).order_by("due", "pk")
    with transaction.atomic():
        check = due.select_for_update(skip_locked=True).first()
        if check is not None:
            LinkCheck.objects.filter(pk=check.pk).update(due=now + LEASE)
    return check


def wait_for(host):
    """Wait until it is this process's turn to ask the host."""
    wait = LinkHost.turn(host)
    if wait is None:
        raise Later(host)
    time.sleep(wait.total_seconds())


def rest(host, retry_after):
    """Leave a host alone as long as it asks, in seconds or until a time."""
    now = timezone.now()
    try:
        until = now + timedelta(seconds=float(retry_after))
    except (ValueError, OverflowError):
        try:
            until = parsedate_to_datetime(retry_after)
        except (ValueError, IndexError, TypeError):
            return
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
    LinkHost.rest(host, min(until, now + LONGEST_REST))


def is_online(check, transport):
    """Whether somebody else answers: has done just now, or does when asked again."""
    others = LinkCheck.objects.exclude(host=check.host)
    if others.filter(answered__gte=timezone.now() - LEASE).exists():
        return True
    for other in others.filter(answered__isnull=False).order_by("-answered")[:2]:
        asking = Asking(transport, wait_for, rest)
        try:
            asking.ask(other.address)
        except Later:
            continue
        if asking.answered:
            LinkCheck.objects.filter(pk=other.pk).update(answered=timezone.now())
            return True
    return False


def doubted(check, found):
    """Several addresses that all end on one page have not each moved there: it is a farewell."""
    if found.fate != "works" or not found.ends_at:
        return found
    there = LinkCheck.objects.filter(ends_at=found.ends_at[:500])
    beside = there.exclude(pk=check.pk).exclude(address=found.ends_at)
    if beside.count() < ALSO_THERE:
        return found
    said = _("It leads to a page where many others end: %s") % found.ends_at
    farewell = Found("failed", said, ends_at=found.ends_at, answered=True, is_farewell=True)
    for pk in beside.filter(failures=0).values_list("pk", flat=True):
        record(pk, farewell)  # it was thought to have moved there
    return farewell


# --- What it means ----------------------------------------------------------------------


@transaction.atomic
def record(pk, found):
    """Keep what came of a check. Only where the state changes anything is told to visitors.

    None where the last link was removed while its address was asked.
    """
    check = LinkCheck.objects.select_for_update().filter(pk=pk).first()
    if check is None:
        return None
    now = timezone.now()
    check.checked, check.said, check.ends_at = now, found.said[:300], found.ends_at[:500]
    if found.answered:
        check.answered = now
    state, moved_to = means(check, found, now)
    if (state, moved_to) != (check.state, check.moved_to):
        check.state, check.moved_to, check.since = state, moved_to, timezone.localdate()
    check.due = now + (FAILED if check.failures and state != State.DEAD else ALIVE)
    check.save()
    LinkAnswer.keep(check, found.fate, found.said)
    check.settle()
    return check


def means(check, found, now):
    """The state of an address, and where it moved to, after what was found."""
    if found.fate == "failed":
        if check.failed is None or now - check.failed >= FAILED:
            check.failures, check.failed = min(check.failures + 1, FAILURES), now
        if check.failures >= FAILURES:
            return State.DEAD, ""
        if found.is_farewell and check.state == State.MOVED:
            return State.UNCHECKED, ""
        return check.state, check.moved_to
    check.failures, check.failed = 0, None
    if found.fate == "refused":
        return State.REFUSED, ""
    if found.fate == "not asked":
        return State.UNCHECKED, ""
    if found.moved_to and len(found.moved_to) <= 500:
        return State.MOVED, found.moved_to
    return State.WORKS, ""


def seconds_until_next():
    """How long until anything is due; None if nothing is within a minute."""
    soon = timezone.now() + timedelta(minutes=1)
    first = LinkCheck.objects.filter(due__lte=soon).order_by("due").first()
    if first is None:
        return None
    free = LinkHost.objects.filter(name=first.host).values_list("free", flat=True).first()
    wait = max(first.due, free or first.due) - timezone.now()
    return None if wait > timedelta(minutes=1) else max(0.1, math.ceil(wait.total_seconds()))
