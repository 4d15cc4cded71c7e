from django.apps import AppConfig
from django.apps import apps as installed
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate, pre_save
from django.utils.translation import gettext_lazy as _


def load_countries(sender, using, apps=installed, **kwargs):
    """Bring the table of countries in line with the names of ISO 3166.

    Runs after every migration and flush, so that an update of django-countries arrives
    with the next deployment.
    """
    from django_countries import countries

    Country = apps.get_model("entries", "Country")
    known = dict(Country.objects.using(using).values_list("code", "name"))
    Country.objects.using(using).bulk_create(
        # Only those that differ: every row written makes search documents anew.
        [Country(code=code, name=name) for code, name in countries if known.get(code) != name],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=["code"],
    )


class EntriesConfig(AppConfig):
    name = "entries"
    verbose_name = _("Links and countries")

    def ready(self):
        from taggit.models import Tag

        from entries import duplicates, tags
        from entries.many.renaming import note_renaming, number_of_pages
        from entries.search import functions, index
        from records.naming import pages_with_name, renamed
        from records.versions.registering import register

        connection_created.connect(functions.give_sqlite)
        pre_migrate.connect(index.take_down, sender=self)
        post_migrate.connect(index.put_up, sender=self)
        post_migrate.connect(duplicates.put_up, sender=self)
        post_migrate.connect(load_countries, sender=self)
        pre_save.connect(tags.keep_former_slug, sender=Tag)
        pages_with_name.connect(number_of_pages)
        renamed.connect(note_renaming)
        register(Tag)
