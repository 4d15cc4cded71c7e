"""allauth's forms by which someone shows who they are; what they refuse is logged."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ranportal.accounts.log import log_line
from ranportal.accounts.models import What
from ranportal.accounts.second_factor import use_code


class Logged:
    def full_clean(self):
        super().full_clean()
        codes = [error.code for errors in self.errors.as_data().values() for error in errors]
        reasons = [self.reasons()[code] for code in codes if code in self.reasons()]
        if reasons:
            log_line(context.request, What.REFUSED, self.whose_account(), reasons[0])

    def whose_account(self):
        return self.user

    def reasons(self):
        """The words for what allauth names by codes; other errors are no refusals."""
        return {
            "username_password_mismatch": _("wrong password"),
            "incorrect_password": _("wrong password"),
            "enter_current_password": _("wrong password"),
            "incorrect_code": _("wrong code"),
            "too_many_login_attempts": _("too many attempts"),
        }


class SignIn(Logged, LoginForm):
    def whose_account(self):
        users = get_user_model().objects
        return users.filter(username__iexact=self.cleaned_data.get("login", "")).first()

    def reasons(self):
        if self.whose_account():
            return super().reasons()
        return super().reasons() | {"username_password_mismatch": _("no account of that name")}


class ConfirmByPassword(Logged, ReauthenticateForm):
    pass


class ChangePassword(Logged, ChangePasswordForm):
    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("That is the password you have: choose another."))
        return password


class CodeOnce(Logged):
    def clean_code(self):
        code = super().clean_code()
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and not use_code(self.authenticator, code):
            text = _("This code was used already: wait for the next one.")
            raise forms.ValidationError(text, code="incorrect_code")
        return code


class SecondFactorByCode(CodeOnce, AuthenticateForm):
    pass


class ConfirmByCode(CodeOnce, ReauthenticateByCodeForm):
    pass


class LoggedPasskey(Logged):
    def reasons(self):
        # A credential that is no JSON at all counts too.
        return super().reasons() | dict.fromkeys(
            ("incorrect_code", "invalid"), _("passkey not accepted")
        )


class SignInByPasskey(LoggedPasskey, LoginWebAuthnForm):
    pass


class SecondFactorByPasskey(LoggedPasskey, AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskey(LoggedPasskey, ReauthenticateWebAuthnForm):
    pass


class AddPasskey(AddWebAuthnForm):
    """allauth's, with the choice that most want made, and in our words."""

    passwordless = forms.BooleanField(
        label=gettext_lazy("It signs you in alone"),
        help_text=gettext_lazy(
            "Without the password; your device asks for your finger, face or PIN instead."
        ),
        required=False,
        initial=True,
    )
