import base64
import hashlib
import hmac
import logging
import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from ranportal.accounts.log import log_line
from ranportal.accounts.models import What

logger = logging.getLogger("ranportal.access")


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

    def get_client_ip(self, request):
        """That of no machine where no server took the request, as in a command."""
        return super().get_client_ip(request) if request.META else "0.0.0.0"

    def respond_user_inactive(self, request, user):
        log_line(request, What.REFUSED, user, _("the account is not active"))
        return super().respond_user_inactive(request, user)


def derived_key(secret_key, purpose):
    return hmac.digest(secret_key.encode(), purpose.encode(), hashlib.sha256)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted, by a key that is not in the database."""

    def generate_authenticator_name(self, user, type):
        """The name offered for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    @property
    def box(self):
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        derived = (derived_key(key, "secrets of second factors") for key in keys)
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])

    def encrypt(self, text):
        return self.box.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The secret; where the key is another than it was encrypted with, one nobody knows.

        So the app of whoever set it up is refused, as if it were lost, and no page fails.
        """
        try:
            return self.box.decrypt(encrypted_text).decode()
        except InvalidToken:
            logger.error(
                "a second factor was encrypted with another SECRET_KEY: it has to be reset"
            )
            unknown = derived_key(settings.SECRET_KEY, f"instead of {encrypted_text}")
            return base64.b32encode(unknown[:20]).decode()
