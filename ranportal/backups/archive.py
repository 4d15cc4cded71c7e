"""The whole portal in one file, and back, between either engine.

The file is a zip: each table is a member of JSON lines, and `manifest.json` tells the
format, the migrations the tables are at, and each table's rows, checksum and last number
given. It holds no times and no sizes of its own: the same content makes the same file,
byte for byte, whichever engine it stands on.
"""

import json
from base64 import b64encode
from contextlib import contextmanager
from datetime import datetime
from datetime import time as time_of_day
from hashlib import sha256
from itertools import islice
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import CommandError
from django.core.management.sql import emit_post_migrate_signal
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Collate

from entries.models import kinds
from ranportal.backups.engines import engine, execute, last_number, quote
from ranportal.backups.files import replacing
from themes.models import Theme

FORMAT = "RAN Mental Health knowledge portal: backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 1000

# Every database numbers its own; the file names them, and a restore leaves them in place,
# so that a portal which runs meanwhile goes on with the numbers it knows.
NAMED = {
    ContentType: ["app_label", "model"],
    Permission: ["content_type__app_label", "content_type__model", "codename"],
}
# Who is signed in: not in the file, and over with a restore.
VISITS = {"sessions.session", "usersessions.usersession"}
# What migrations put into an empty database: not yet content.
PREPARED = {"entries.country", "auth.group", "auth.group_permissions"}


def stored_models():
    """The models whose tables are in the file. Those the database keeps itself are not."""
    left_out = VISITS | {model._meta.label_lower for model in NAMED}
    return [model for label, model in tables().items() if label not in left_out]


def tables():
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return dict(sorted(found.items()))


def summary(counts):
    """What a state holds, in words, from {label: rows}."""
    entries = sum(counts[kind._meta.label_lower] for kind in kinds())
    themes = counts[Theme._meta.label_lower]
    accounts = counts[get_user_model()._meta.label_lower]
    versions = counts["reversion.version"]
    return (
        f"entries: {entries:,}, themes: {themes:,}, accounts: {accounts:,}, versions:"
        f" {versions:,} ({sum(counts.values()):,} rows in {len(counts)} tables)"
    )


def migrations():
    """The last migration of each app, all of them applied."""
    executor = MigrationExecutor(connection)
    last = executor.loader.graph.leaf_nodes()
    if executor.migration_plan(last):
        raise CommandError(
            "The database is not up to date with this version of the portal. Run 'manage.py"
            " migrate' first; to back it up as it is, use the version of the portal it was made by."
        )
    return dict(last)


# --- Rows as lines ---------------------------------------------------------------


class Encoder(DjangoJSONEncoder):
    def default(self, value):
        if isinstance(value, datetime | time_of_day):  # Django cuts microseconds off
            return value.isoformat()
        if isinstance(value, bytes | memoryview):  # a piece of a file, as `to_python` reads it
            return b64encode(value).decode()
        return super().default(value)


class Numbers:
    """The numbers of content types and permissions in this database, and their names."""

    def __init__(self):
        self.names, self.numbers = {}, {}
        for model, path in NAMED.items():
            rows = model._base_manager.values_list("pk", *path)
            self.names[model] = {number: name for number, *name in rows}
            self.numbers[model] = {
                tuple(name): number for number, name in self.names[model].items()
            }

    def name(self, model, number):
        return self.names[model].get(number)

    def number(self, model, name):
        """The number of that name, given now if it has none: of an app that has been removed."""
        known, name = self.numbers[model], tuple(name)
        if name not in known:
            if model is Permission:
                *content_type, codename = name
                values = {
                    "content_type_id": self.number(ContentType, content_type),
                    "codename": codename,
                    "name": codename,
                }
            else:
                values = dict(zip(NAMED[model], name, strict=True))
            known[name] = model._base_manager.create(**values).pk
        return known[name]


def lines(model):
    """Each row as one line of JSON, in the order of the primary key."""
    fields = model._meta.local_concrete_fields
    names = [field.name for field in fields]
    named = [(n, field.related_model) for n, field in enumerate(fields) if refers_by_name(field)]
    numbers = Numbers() if named else None
    # Letters in the same order on every engine.
    text = isinstance(model._meta.pk, models.CharField)
    order = Collate("pk", engine().collation) if text else "pk"
    rows = models.QuerySet(model).order_by(order).values_list(*(f.attname for f in fields))
    for row in rows.iterator(ROWS_AT_ONCE):
        values = list(row)
        for n, target in named:
            values[n] = values[n] and numbers.name(target, values[n])
        line = json.dumps(
            dict(zip(names, values, strict=True)),
            cls=Encoder,
            ensure_ascii=False,
            sort_keys=True,  # PostgreSQL does not keep the order within JSON
        )
        yield f"{line}\n".encode()


def refers_by_name(field):
    return field.is_relation and field.related_model in NAMED


class Tally:
    """Counts lines that pass, and sums them up."""

    def __init__(self):
        self.rows, self.digest = 0, sha256()

    def through(self, lines):
        for line in lines:
            self.rows += 1
            self.digest.update(line)
            yield line

    def run(self, lines):
        for _line in self.through(lines):
            pass
        return self

    @property
    def found(self):
        return {"rows": self.rows, "sha256": self.digest.hexdigest()}


# --- Backup ----------------------------------------------------------------------


def back_up(path, say):
    """Write everything into a file that is there whole, and proven readable, or not at all."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise CommandError(f"{path} is not a file: name one.")
    say(f"Backing up into {path}.")
    try:
        with replacing(path) as file:
            with engine().snapshot():
                write(file)
            manifest = Backup(file, path).check()
    except OSError as error:
        raise CommandError(
            f"The backup could not be written to {path}: {error.strerror or error}. Nothing was"
            " left there; a file of that name is as it was."
        ) from error
    except DatabaseError as error:
        raise CommandError(f"The database could not be read: {error}".strip()) from error
    say(
        f"Backed up and read back: {summary(rows_of(manifest))}."
        " The file holds all accounts: only you can read it, keep it so."
    )


def write(file):
    found = {}
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, "migrations": migrations()}
    with ZipFile(file, "w") as archive:
        for model in stored_models():
            tally, label = Tally(), model._meta.label_lower
            with archive.open(member(f"{label}.jsonl"), "w", force_zip64=True) as table:
                for line in tally.through(lines(model)):
                    table.write(line)
            found[label] = tally.found | {"last_number": last_number(model)}
        text = json.dumps(manifest | {"tables": found}, indent=1)
        archive.writestr(member(MANIFEST), f"{text}\n")


def member(name):
    """A file within the zip, the same whenever and wherever it was made."""
    info = ZipInfo(name)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
    return info


# --- What a file says ------------------------------------------------------------

LARGEST_MANIFEST = 1_000_000  # bytes: a hundred for each table
LONGEST_LINE = 100_000_000  # of a row with a file in it


class Backup:
    """A file opened for reading. What is wrong with it is said before anything else happens."""

    def __init__(self, file, path):
        self.path = path
        file.seek(0)
        start = file.read(2)
        if start and start != b"PK":
            raise self.foreign()
        with self.damage_named():
            self.archive = ZipFile(file)
            if MANIFEST not in self.archive.namelist():
                raise self.foreign()
            with self.archive.open(MANIFEST) as manifest:
                text = manifest.read(LARGEST_MANIFEST + 1)
            if len(text) > LARGEST_MANIFEST:
                raise ValueError("its manifest is far too large")
            self.manifest = json.loads(text)
        if not isinstance(self.manifest, dict) or self.manifest.get("format") != FORMAT:
            raise self.foreign()

    def foreign(self):
        return CommandError(
            f"{self.path} is not a backup of this portal, or is damaged beyond recognition."
        )

    @contextmanager
    def damage_named(self):
        try:
            yield
        except CommandError:
            raise
        except Exception as error:  # wrong bytes in a zip raise whatever its parts can
            what = str(error)[:200] or type(error).__name__
            raise CommandError(
                f"{self.path} is damaged or incomplete ({what}). Use another backup."
            ) from error

    def check(self):
        """Read every line, and return the manifest they agree with."""
        version = self.manifest.get("format_version")
        if version != FORMAT_VERSION:
            raise CommandError(
                f"{self.path} has format {version}; this version of the portal reads format"
                f" {FORMAT_VERSION}. Restore it with the version that made it, then update."
            )
        with self.damage_named():
            check_words(self.manifest)
        for label, expected in self.manifest["tables"].items():
            with self.damage_named():
                found = Tally().run(self.lines(label)).found
                if not found.items() <= expected.items():
                    raise ValueError(f"{label} does not agree with its checksum")
        return self.manifest

    def check_fits(self):
        """Refuse the tables of another version of the portal, naming the way out."""
        theirs, ours = self.manifest["migrations"], migrations()
        differing = [
            f"{app} is at {theirs.get(app, 'nothing')} in the file,"
            f" at {ours.get(app, 'nothing')} here"
            for app in sorted(theirs | ours)
            if theirs.get(app) != ours.get(app)
        ]
        labels = {model._meta.label_lower for model in stored_models()}
        if not differing and labels != set(self.manifest["tables"]):
            differing = sorted(labels ^ set(self.manifest["tables"]))
        if differing:
            raise CommandError(
                f"{self.path} was made by another version of the portal: {'; '.join(differing)}."
                " Restore it with the version that made it, then update the portal and run"
                " 'manage.py migrate'."
            )

    def lines(self, label):
        with self.archive.open(f"{label}.jsonl") as table:
            while line := table.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise ValueError(f"a row of {label} is far too long")
                yield line

    def rows(self, label):
        return map(json.loads, self.lines(label))


def check_words(manifest):
    """Refuse a manifest that is not written as `write` does."""
    texts = isinstance(manifest["migrations"], dict) and manifest["migrations"].items()
    if not all(isinstance(text, str) for pair in texts for text in pair):
        raise ValueError("its migrations are no names")
    for label, table in manifest["tables"].items():
        rows, digest, last = table["rows"], table["sha256"], table["last_number"]
        numbers = (rows, last or 0)
        if not all(type(n) is int and 0 <= n < 2**63 - 1 for n in numbers) or len(digest) != 64:
            raise ValueError(f"what it says of {label} is not as it should be")


def rows_of(manifest):
    return {label: table["rows"] for label, table in manifest["tables"].items()}


# --- Restore ---------------------------------------------------------------------


def restore(path, replace, say):
    """Make the database what the file holds, in one transaction or not at all."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} could not be read: {error.strerror}.") from error
    with file:
        backup = Backup(file, path)
        manifest = backup.check()
        say(f"{path} is whole: {summary(rows_of(manifest))}.")
        try:
            with transaction.atomic(durable=True):
                backup.check_fits()
                engine().lock([*tables().values()])
                make_room(replace, say)
                load(backup)
                compare(manifest)
                # As after a migration: what the portal itself keeps (the roles, the names of
                # countries, the search) as this version of it has them.
                emit_post_migrate_signal(0, False, connection.alias)
        except DatabaseError as error:
            raise CommandError(
                f"The database refused: {str(error).strip()}\nIt is as it was before."
            ) from error
    say("Restored, and every table read back and compared. Everyone has to sign in again.")


def make_room(replace, say):
    stored = stored_models()
    counts = {model._meta.label_lower: model._base_manager.count() for model in stored}
    if any(rows for label, rows in counts.items() if label not in PREPARED):
        if not replace:
            raise CommandError(
                f"The database has content: {summary(counts)}. Nothing was changed. To lose that"
                " and have the file's content instead, add --replace."
            )
        say(f"Replacing what the database has: {summary(counts)}.")
    # In any order: foreign keys are checked at the end of the transaction on both engines.
    for model in [*stored, *(table for label, table in tables().items() if label in VISITS)]:
        execute(f"DELETE FROM {quote(model)}")


def load(backup):
    numbers = Numbers()
    for model in stored_models():
        label = model._meta.label_lower
        try:
            insert(model, backup.rows(label), numbers)
        except DatabaseError:
            raise
        except Exception as error:  # a row that is none raises whatever its fields can
            raise CommandError(
                f"{backup.path} has a row of {label} that cannot be read"
                f" ({type(error).__name__}: {str(error)[:200]}). The database is as it was before."
            ) from error
        last = backup.manifest["tables"][label]["last_number"]
        if last is not None:
            engine().continue_after(model, last)
    connection.check_constraints()


def insert(model, rows, numbers):
    """Past `save` and `bulk_create`, which would date every entry's last change today."""
    fields = model._meta.local_concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model)} ({columns}) VALUES ({marks})"

    def stored(field, value):
        if value is not None and refers_by_name(field):
            return numbers.number(field.related_model, value)
        return field.get_db_prep_save(field.to_python(value), connection)

    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            values = [[stored(field, row[field.name]) for field in fields] for row in batch]
            cursor.executemany(statement, values)


def compare(manifest):
    """Read back what the database has now, before it is made lasting."""
    for model in stored_models():
        label = model._meta.label_lower
        found = Tally().run(lines(model)).found
        if not found.items() <= manifest["tables"][label].items():
            raise CommandError(
                f"The database did not keep {label} as it is in the file. It is as it was before."
            )
