from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "ranportal.accounts"
    verbose_name = _("Signing in")

    def ready(self):
        from ranportal.accounts import groups, log, passwords, second_factor, sessions  # noqa: F401

        # When `auth` is told, all apps that stand before it have their permissions.
        post_migrate.connect(groups.keep_roles, sender=installed.get_app_config("auth"))
