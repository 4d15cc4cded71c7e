"""Backups made, altered and restored."""

import json
import random
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from string import ascii_letters
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db.models import F
from reversion.models import Version

from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from practices.models import Practice
from records.models import FormerSlug
from tests.made import make
from tests.stored import stored
from themes.models import Theme

PASSWORD = "a long enough passphrase"

TO_THE_MICROSECOND = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)


def run(*arguments, **options):
    """What a command says."""
    output = StringIO()
    call_command(*map(str, arguments), stdout=output, **options)
    return output.getvalue()


def refusal(*arguments, **options):
    """Why a command ends with an error, having left the database as it was."""
    before = stored()
    with pytest.raises(CommandError) as error:
        run(*arguments, **options)
    assert error.value.returncode == 1
    assert stored() == before
    return str(error.value)


def different(before, after):
    """The tables that differ."""
    assert before.keys() == after.keys()
    return {table for table in before if before[table] != after[table]}


def vandalise():
    """Delete, change and add, everywhere a little."""
    FormerSlug.objects.all().delete()
    Link.objects.all().delete()
    Version.objects.all().delete()
    LoggedTransition.objects.all().delete()
    User.objects.all().delete()
    Lesson.objects.filter(choice=None).order_by("pk").last().delete()
    Practice.objects.update(name="overwritten by mistake")
    Theme.objects.update(position=F("position") + 1)
    make(Lesson, "not in the backup", tags=["new"])
    Group.objects.get(name="editor").permissions.clear()


@contextmanager
def opened_up(path):
    """The members of a backup, to be changed, written again as its writer does."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    yield manifest, members
    members["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def alter(path, label, old, new):
    """Change a table within a backup, and its checksum with it."""
    with opened_up(path) as (manifest, members):
        content = members[f"{label}.jsonl"]
        assert old in content
        members[f"{label}.jsonl"] = content = content.replace(old, new, 1)
        manifest["tables"][label]["sha256"] = sha256(content).hexdigest()


def noise(length):
    """Text that no compression makes smaller by much."""
    return "".join(random.Random(4).choices(ascii_letters, k=length)).encode()
