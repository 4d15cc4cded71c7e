import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from ranportal.accounts.log import log_line
from ranportal.accounts.models import What


class AccountAdapter(DefaultAccountAdapter):
    """How the portal differs from allauth's ways."""

    def is_open_for_signup(self, request):
        """Accounts are made by superusers, in the admin."""
        return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """Ask nobody again who has shown a moment ago who they are, as by signing in."""
        shown = get_authentication_records(context.request, context.request.user)
        if shown and time.time() - shown[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def respond_user_inactive(self, request, user):
        log_line(request, What.REFUSED, user, _("the account is not active"))
        return super().respond_user_inactive(request, user)


class SecondFactorAdapter(DefaultMFAAdapter):
    def generate_authenticator_name(self, user, type):
        """The name offered for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey {number}").format(number=number)
