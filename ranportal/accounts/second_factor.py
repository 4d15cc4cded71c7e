"""Who has to show a second factor (a passkey, or the code of an app), and whether they did."""

import string
import time

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from entries.workflow.models import reviewed_models

SET_UP = "second_factor_set_up"
TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


# --- Who, and whether -----------------------------------------------------------


def is_required_of(user):
    """Of whoever can change what is public, or accounts: of all who may more than look and draft."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    drafted = {model._meta.label_lower for model in reviewed_models()}
    for permission in user.get_all_permissions():
        app, _dot, codename = permission.partition(".")
        verb, _line, model = codename.partition("_")
        drafts = verb in ("add", "change", "delete") and f"{app}.{model}" in drafted
        if verb != "view" and not drafts:
            return True
    return False


def is_set_up_by(user):
    return is_mfa_enabled(user, TYPES)


def shown_at(request):
    """When it was last shown in this session; None if it was not.

    A session that was open before the set-up has still to show it.
    """
    shown = get_authentication_records(request, request.user)
    times = [way["at"] for way in shown if way["method"] == "mfa"]
    return max([*times, *filter(None, [request.session.get(SET_UP)])], default=None)


def address_to_show_it(request):
    ways = get_adapter().get_reauthentication_methods(request.user)
    address = next(way["url"] for way in ways if way["id"].startswith("mfa_reauthenticate"))
    return f"{address}?{urlencode({'next': request.get_full_path()})}"


def address_to_set_it_up():
    return reverse("mfa_index")


def require_fresh(request):
    """Lead whoever has a second factor, and has not shown it lately, to do so, and back.

    A form that was sent is given back by `ranportal.unsaved`.
    """
    last = shown_at(request)
    fresh = last and time.time() - last < account_settings.REAUTHENTICATION_TIMEOUT
    if not fresh and is_set_up_by(request.user):
        raise ImmediateHttpResponse(redirect(address_to_show_it(request)))


# --- Codes of an app --------------------------------------------------------------


def use_code(authenticator, code):
    """Whether the code was not used yet; from now on it is, also by another process.

    allauth remembers a code for half a minute. With its tolerance for clocks that are not
    right, a code opens longer than that.
    """
    code = code.translate(str.maketrans("", "", string.punctuation + string.whitespace))
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    with transaction.atomic():
        stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        now = int(time.time())
        used = {old: at for old, at in stored.data.get("used", {}).items() if now - at < lasts}
        if code in used:
            return False
        stored.data["used"] = used | {code: now}
        stored.save(update_fields=["data"])
    return True


@receiver(authenticator_added)
def set_up(request, authenticator, **kwargs):
    request.session[SET_UP] = time.time()
    if authenticator.type == Authenticator.Type.TOTP:
        # The form that sets an app up does not know what will be stored.
        use_code(authenticator, request.POST.get("code", ""))
