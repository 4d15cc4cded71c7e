"""Passwords that somebody else set: whoever gets one replaces it before anything else."""

from allauth.account.signals import password_changed
from allauth.core import context
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

from ranportal.accounts.log import log_line
from ranportal.accounts.models import GivenPassword, What

GIVEN = "password_is_given"


def is_given(request):
    return request.session.get(GIVEN, False)


@receiver(user_logged_in)
def look(request, user, **kwargs):
    if GivenPassword.objects.filter(user=user).exists():
        request.session[GIVEN] = True


@receiver(password_changed)
def replace(request, user, **kwargs):
    GivenPassword.objects.filter(user=user).delete()
    request.session.pop(GIVEN, None)


def note_given(request, user):
    """Note that whoever asks has set the user's password; one's own is one's own."""
    if user == request.user:
        return
    text = _("password set by {name}").format(name=request.user)
    log_line(request, What.ACCOUNT, user, text)
    GivenPassword.objects.filter(user=user).delete()
    if user.has_usable_password():
        GivenPassword.objects.create(user=user)


class SetPassword(AdminPasswordChangeForm):
    def save(self, commit=True):
        user = super().save(commit)
        note_given(context.request, user)
        return user
