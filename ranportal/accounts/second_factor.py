"""Who has to show a second factor (a passkey, or the code of an app), and whether they did."""

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.http import urlencode

from entries.workflow.models import reviewed_models
from entries.workflow.transitions import has_permission

SET_UP = "second_factor_set_up"
TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required_of(user):
    """Of editors, superusers, and of whomever else may publish."""
    return settings.REQUIRE_SECOND_FACTOR and any(
        has_permission(user, "publish", model) for model in reviewed_models()
    )


def is_set_up_by(user):
    return is_mfa_enabled(user, TYPES)


def was_shown(request):
    """Whether in this session; one that was open before the set-up has still to show it."""
    shown = get_authentication_records(request, request.user)
    return request.session.get(SET_UP, False) or any(way["method"] == "mfa" for way in shown)


@receiver(authenticator_added)
def set_up(request, **kwargs):
    request.session[SET_UP] = True


def address_to_show_it(request):
    ways = get_adapter().get_reauthentication_methods(request.user)
    address = next(way["url"] for way in ways if way["id"].startswith("mfa_reauthenticate"))
    return f"{address}?{urlencode({'next': request.get_full_path()})}"


def address_to_set_it_up():
    return reverse("mfa_index")
