from pathlib import Path

from django.core.management.base import BaseCommand

from ranportal.backups import archive as backups


class Command(BaseCommand):
    help = "Makes the database what a file written by 'backup' holds, on either engine."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="lose the content that the database has"
        )

    def handle(self, *args, file, replace, verbosity, **options):
        backups.restore(file, replace, self.stdout.write if verbosity else lambda text: None)
