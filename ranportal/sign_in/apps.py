from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInConfig(AppConfig):
    name = "ranportal.sign_in"
    verbose_name = _("Signing in")

    def ready(self):
        from ranportal.sign_in import log, second_factor, sessions  # noqa: F401 (their receivers)
