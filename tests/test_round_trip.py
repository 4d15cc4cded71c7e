"""A dump of the portal moves between the engines without losing anything."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from entries.models import kinds

CONTENT = ["themes", "entries", "meetings", "practices", "lessons", "taggit"]


def manage(database, *arguments):
    """Run a command on an SQLite file of its own, in a process of its own."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        check=True,
        capture_output=True,
    )


def dump(path):
    call_command("dumpdata", *CONTENT, output=str(path))
    return path.read_text()


@pytest.mark.django_db
def test_a_dump_from_sqlite_to_this_engine_and_back_loses_nothing(empty_db, tmp_path):
    first, there, back = (tmp_path / name for name in ("first.json", "there.json", "back.json"))

    manage(tmp_path / "one.sqlite3", "migrate", "--verbosity=0")
    manage(tmp_path / "one.sqlite3", "load_corpus")
    manage(tmp_path / "one.sqlite3", "dumpdata", *CONTENT, f"--output={first}")

    call_command("loaddata", str(first), verbosity=0)
    assert [kind.objects.count() for kind in kinds()] == [58, 16, 27, 21, 9]
    assert dump(there) == first.read_text()

    manage(tmp_path / "two.sqlite3", "migrate", "--verbosity=0")
    manage(tmp_path / "two.sqlite3", "loaddata", str(there))
    manage(tmp_path / "two.sqlite3", "dumpdata", *CONTENT, f"--output={back}")
    assert back.read_text() == first.read_text()
