from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """What a line of the access log tells of."""

    SIGNED_IN = "in", _("signed in")
    SIGNED_OUT = "out", _("signed out")
    REFUSED = "refused", _("sign-in refused")
    FORBIDDEN = "forbidden", _("permission refused")
    CHANGED = "changed", _("way of signing in changed")
    ACCOUNT = "account", _("account changed")


class AccessLine(models.Model):
    """One line of the access log: written by `log.py`, changed by nobody."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    what = models.CharField(_("what"), max_length=10, choices=What)
    # The name as it was then: the line outlives the account, and its renaming.
    username = models.CharField(
        _("who"),
        max_length=150,
        blank=True,
        help_text=_("Empty where no account has the name that was typed."),
    )
    detail = models.CharField(_("how"), max_length=200, blank=True)
    network = models.CharField(
        _("from where"),
        max_length=45,
        blank=True,
        help_text=_("The network only: of the address the last part is left out."),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("line of the access log")
        verbose_name_plural = _("access log")

    def __str__(self):
        return f"{self.get_what_display()}: {self.username or '?'}"


class GivenPassword(models.Model):
    """Somebody else set the account's password: it opens nothing until its owner replaces it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("password to be replaced")
        verbose_name_plural = _("passwords to be replaced")
        default_permissions = ()

    def __str__(self):
        return str(self.user)
