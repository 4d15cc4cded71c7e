from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Addresses")

    def ready(self):
        from records import content
        from records.versions.registering import register_all

        pre_migrate.connect(content.take_down, sender=self)
        post_migrate.connect(content.put_up, sender=self)
        register_all()
