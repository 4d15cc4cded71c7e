from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from themes.models import Theme

CORPUS = settings.BASE_DIR / "fixtures" / "corpus"


class Command(BaseCommand):
    help = "Loads the corpus of fixtures/corpus. A second load brings it back to what is shipped."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are themes already"
        )

    def handle(self, *args, if_empty, **options):
        if if_empty and Theme.objects.exists():
            self.stdout.write("The portal has content already: the corpus is left as it is.")
            return
        files = sorted(CORPUS.glob("*.yaml"))
        call_command("loaddata", *files, verbosity=0)
        self.stdout.write(f"The corpus is loaded from {len(files)} files.")
