import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Count

from imports.fates import LEFT_OVER
from imports.formats.block import Unreadable
from imports.models import Import
from imports.reader import account_of, read_account
from imports.recipes.recipe import recipes
from imports.storing import read_import
from imports.storing_tables import account_of_table
from meetings.groups import WorkingGroup

BAR = 40  # signs wide


class Command(BaseCommand):
    help = "Reads a document or spreadsheet; what it would become waits on the desk."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only shows it: changes nothing")
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
        self.drawn = 0
        self.say(f"Reading {file.name} …")
        if not dry_run:
            self._store(data, file.name, recipe, language)
            return
        try:
            document, account = read_account(
                data, file.name, _groups(), recipe, language, self.advance
            )
        except Unreadable as reason:
            raise CommandError(str(reason)) from None
        told = account.as_dict() if account else _of_table(document, file.name)
        if options["json"]:
            json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        left = sum(block["fate"] == LEFT_OVER for block in told["blocks"])
        self.say(f"{len(told['proposals'])} proposals, {left} blocks left over.")

    def _store(self, data, name, recipe, language):
        made, new = Import.of_file(name, data, recipe=recipe, language=language)
        if not new:
            raise CommandError(f"This very file was imported already: {made}, number {made.pk}.")
        made = read_import(made, self.advance)
        if made.state == Import.State.REFUSED:
            raise CommandError(made.refusal)
        fates = made.blocks.order_by().values_list("fate").annotate(number=Count("pk"))
        for fate, number in sorted(fates):
            self.say(f"{number:6} {fate}")
        self.say(f"{made.proposals.count()} proposals wait on the desk, import {made.pk}.")

    def say(self, text):
        self.stderr.write(text, self.style.NOTICE)

    def advance(self, done, whole):
        """Draw the bar of pages or rows, where it has grown."""
        length = BAR * done // whole
        if length > self.drawn:
            self.drawn = length
            bar = f"\r[{'.' * length:{BAR}}] {done} of {whole}"
            self.stderr.write(bar, self.style.NOTICE, ending="\n" * (done == whole))


def _of_table(document, name):
    """A spreadsheet beside what the portal has; without a database its rows alone."""
    try:
        return account_of_table(document, name)
    except DatabaseError:
        return account_of(document).as_dict()


def _groups():
    """The portal's groups; a portal without a database yet has none."""
    try:
        return list(WorkingGroup.objects.values_list("name", "aliases"))
    except DatabaseError:
        return []
