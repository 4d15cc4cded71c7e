from pathlib import Path

from django.core.management.base import BaseCommand

from ranportal.backups import archive as backups


class Command(BaseCommand):
    help = "Writes the whole portal, versions and accounts included, into one file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to; a file there is replaced")

    def handle(self, *args, file, verbosity, **options):
        backups.back_up(file, self.stdout.write if verbosity else lambda text: None)
