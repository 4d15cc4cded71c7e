import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from imports.reader import account_of
from imports.reading.block import Unreadable
from imports.reading.isolated import read_file
from imports.readings.groups import Groups
from imports.recipe import recipes


class Command(BaseCommand):
    help = "Reads a document and shows what would become of each of its blocks."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="changes nothing")
        parser.add_argument(
            "--json", action="store_true", help="the whole account, as JSON on standard output"
        )
        parser.add_argument(
            "--recipe", choices=sorted(recipes()), default="", help="instead of the one guessed"
        )
        parser.add_argument("--language", default="", help="of the document, as a code: en")

    def handle(self, file, dry_run, recipe, language, **options):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        self.say(f"Reading {file.name} …")
        try:
            document = read_file(data, file.name)
        except Unreadable as reason:
            raise CommandError(str(reason)) from None
        account = account_of(document, Groups(_groups()), recipe, language)
        if options["json"]:
            json.dump(account.as_dict(), sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        self.say(f"{len(account.proposals)} proposals, {len(account.unread)} blocks left over.")

    def say(self, text):
        self.stderr.write(text, self.style.NOTICE)


def _groups():
    """The portal's groups; a portal without a database yet has none."""
    try:
        from meetings.models import WorkingGroup

        return list(WorkingGroup.objects.values_list("name", "aliases"))
    except DatabaseError:
        return []
