from allauth.account.views import PasswordChangeView
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from ranportal.accounts.log import log_line
from ranportal.accounts.models import What


class PasswordChange(PasswordChangeView):
    """Of those who have a password: who signs in with a passkey alone is told who gives one."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_usable_password():
            text = _("You sign in without a password. If you need one, ask a superuser.")
            messages.info(request, text)
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class EndSessionForm(ManageUserSessionsForm):
    session = forms.ModelChoiceField(UserSession.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        here = self.request.session.session_key
        own = UserSession.objects.filter(user=self.request.user).exclude(session_key=here)
        self.fields["session"].queryset = own

    def save(self, request):
        get_adapter().end_sessions([self.cleaned_data["session"]])
        log_line(request, What.SIGNED_OUT, request.user, _("a session elsewhere was ended"))


class Sessions(ListUserSessionsView):
    """Where the person is signed in, and the way to end it there."""

    form_class = EndSessionForm
