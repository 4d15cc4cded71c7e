from uuid import UUID

import yaml
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.pyyaml import SafeLoader  # in C where there is one
from django.db import IntegrityError, transaction

from records.models import Record
from themes.models import Theme

CORPUS = settings.BASE_DIR / "fixtures" / "corpus"


class Command(BaseCommand):
    help = "Loads the corpus of fixtures/corpus. A second load brings it back to what is shipped."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are themes already"
        )

    def handle(self, *args, if_empty, **options):
        has_content = Theme.objects.exists()
        if if_empty and has_content:
            self.stdout.write("The portal has content already: the corpus is left as it is.")
            return
        files = sorted(CORPUS.glob("*.yaml"))
        with transaction.atomic():
            if has_content:
                self._rename_back(files)
            call_command("loaddata", *files, verbosity=0)
        self.stdout.write(f"The corpus is loaded from {len(files)} files.")

    def _rename_back(self, files):
        """Fixtures know a record by its slug: one renamed since is told by its identifier."""
        rows = [row for file in files for row in yaml.load(file.read_text(), SafeLoader)]
        shipped = {
            UUID(row["fields"]["identifier"]): row["fields"]["slug"]
            for row in rows
            if "identifier" in row["fields"]
        }
        for model in filter(is_record, apps.get_models()):
            for record in model.objects.filter(identifier__in=shipped):
                slug = shipped[record.identifier]
                if record.slug != slug:
                    self._rename(record, slug)

    def _rename(self, record, slug):
        present, record.slug = record.slug, slug
        try:
            record.save(update_fields=["slug"])
        except (ValidationError, IntegrityError) as error:
            name = record._meta.verbose_name
            raise CommandError(
                f"The {name} “{present}” is shipped as “{slug}”, an address that another {name}"
                " has or had. Rename that one first. Nothing was loaded."
            ) from error


def is_record(model):
    return issubclass(model, Record)
