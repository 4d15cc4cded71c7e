from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import translation


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Addresses")

    def ready(self):
        from records import content
        from records.versions.registering import register_all

        pre_migrate.connect(content.take_down, sender=self)
        post_migrate.connect(content.put_up, sender=self)
        register_all()
        # English falls back to catalogs of English that say nothing, one of each app's: all of them
        # asked in turn for each word of a page, they cost a tenth of it.
        if settings.LANGUAGE_CODE.startswith("en"):
            translation(settings.LANGUAGE_CODE)._fallback = None
