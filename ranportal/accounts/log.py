"""The access log: every sign-in and every refusal, without a secret.

A line stands in the database, where superusers read it in the admin, and goes to the
logger `ranportal.access`, which whoever is in the admin cannot reach. Nothing that was
typed is kept: no password, no code, and a name only if an account has it, for people type
passwords where the name belongs.
"""

import ipaddress
import logging
from contextlib import suppress
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from entries.formats.text import printable
from entries.workflow.transitions import forbidden
from ranportal.accounts.models import AccessLine, What
from ranportal.waiting import waiting_at_most

logger = logging.getLogger("ranportal.access")
TOLD = 5  # changes of an account, at the next sign-in

# Refusals of an hour that stand in the database; further ones go to the logger alone.
MOST_OF_ONE, MOST_OF_ALL = 60, 600
WAIT_MILLISECONDS = 200  # for the database, while somebody else writes


def log_line(request, what, user=None, detail=""):
    line = AccessLine(
        what=what,
        username=user.get_username() if user else "",
        detail=printable(str(detail))[:200],  # PostgreSQL holds no NUL
        network=network(request),
    )
    if what not in (What.REFUSED, What.FORBIDDEN):
        line.save()
    elif not is_flood(line):
        save_without_waiting(line)
    write(line.get_what_display(), line.username or "-", line.detail or "-", line.network or "-")


def is_flood(line):
    """Whether there have been enough such refusals lately: a database must not fill with them."""
    lately = AccessLine.objects.filter(what=line.what, at__gt=timezone.now() - timedelta(hours=1))
    of_one = lately.filter(username=line.username).order_by()[:MOST_OF_ONE]
    return of_one.count() == MOST_OF_ONE or lately.order_by()[:MOST_OF_ALL].count() == MOST_OF_ALL


def save_without_waiting(line):
    """Keep the line, unless somebody else writes: who is refused does not wait for that."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        line.save()
        return
    try:
        with waiting_at_most(WAIT_MILLISECONDS):
            line.save()
    except OperationalError:
        logger.warning("The next line is in no database: it was being written to.")


def write(what, who, detail, where):
    """Write to the logger alone; a name or path with a line break stays one line."""
    logger.info("%s: %s, %s, from %s", what, *(ascii(text)[1:-1] for text in (who, detail, where)))


def turned_away(request):
    """Tell of an attempt that was not even read: a flood of them must not fill the database."""
    write(What.REFUSED.label, "-", _("too many attempts"), network(request))


def network(request):
    """The network a request comes from."""
    with suppress(PermissionDenied):
        return network_of(get_adapter().get_client_ip(request))
    return ""


def network_of(address):
    """Of an address the part that names a household."""
    with suppress(ValueError):  # an address that is none, as in a test
        address = ipaddress.ip_address(address)
        address = getattr(address, "ipv4_mapped", None) or address
        if address.is_unspecified:
            return ""
        prefix = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network((address, prefix), strict=False))
    return ""


# --- What is told by signals ---------------------------------------------------


@receiver(user_logged_in)
def signed_in(request, user, **kwargs):
    words = ways()
    used = [
        words[entry.get("type", entry["method"])]
        for entry in get_authentication_records(request, user)
    ]
    tell_what_others_did(request, user)
    log_line(request, What.SIGNED_IN, user, " + ".join(used))
    tidy(request)


def tell_what_others_did(request, user):
    """Since the account was last signed in to: its owner may not know of it."""
    own = AccessLine.objects.filter(username=user.get_username())
    last = own.filter(what=What.SIGNED_IN).order_by("pk").last()
    done = own.filter(what=What.ACCOUNT, pk__gt=last.pk if last else 0)
    for line in reversed(done[:TOLD]):
        when = date_format(timezone.localtime(line.at), "j F Y, H:i")
        text = _("Your account was changed on {when}: {what}. If you know nothing of it, ask.")
        messages.warning(request, text.format(when=when, what=line.detail))


def tidy(request):
    """Drop what is no longer kept, so that nobody has to remember a command for it."""
    AccessLine.objects.filter(at__lt=timezone.now() - settings.ACCESS_LOG_KEPT).delete()
    request.session.clear_expired()


@receiver(user_logged_out)
def signed_out(request, user, **kwargs):
    if user:
        log_line(request, What.SIGNED_OUT, user)


@receiver(forbidden)
def refused_permission(request, **kwargs):
    log_line(request, What.FORBIDDEN, request.user, f"{request.method} {request.path}")


@receiver(password_changed)
def changed_password(request, user, **kwargs):
    log_line(request, What.CHANGED, user, _("password changed"))


@receiver(authenticator_added)
def added(request, user, authenticator, **kwargs):
    log_line(request, What.CHANGED, user, _("added: {way}").format(way=ways()[authenticator.type]))


@receiver(authenticator_removed)
def removed(request, user, authenticator, **kwargs):
    log_line(
        request, What.CHANGED, user, _("removed: {way}").format(way=ways()[authenticator.type])
    )


@receiver(authenticator_reset)
def made_anew(request, user, authenticator, **kwargs):
    log_line(
        request, What.CHANGED, user, _("made anew: {way}").format(way=ways()[authenticator.type])
    )


def ways():
    """The words for what allauth's records and authenticators name by codes."""
    return {
        "password": _("password"),
        "totp": _("code of an app"),
        "recovery_codes": _("recovery code"),
        "webauthn": _("passkey"),
    }
