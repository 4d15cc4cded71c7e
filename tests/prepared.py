"""The databases that tests on SQLite begin with, made once for several runs side by side.

    python -m tests.prepared FOLDER

makes one as `migrate` leaves it and one with the corpus. A run of the suite that is told the folder
(PREPARED=FOLDER) copies them; any other makes its own.
"""

import os
import sqlite3
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

MIGRATED, CORPUS = "migrated.sqlite3", "corpus.sqlite3"


def prepared(name):
    """The path of one that was made for this run, or None."""
    path = Path(os.environ.get("PREPARED", "")) / name
    return path if "PREPARED" in os.environ and path.exists() else None


def copy(source, target):
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def prepare(folder):
    """Each is there once it is whole."""
    portal = folder / "making.sqlite3"
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{portal}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    django.setup()
    for name, command in ((MIGRATED, "migrate"), (CORPUS, "load_corpus")):
        call_command(command, verbosity=0, stdout=StringIO())
        copy(portal, folder / f"{name}.part")
        (folder / f"{name}.part").rename(folder / name)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
