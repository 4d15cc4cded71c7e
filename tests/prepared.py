"""The databases that tests on SQLite begin with, made once for several runs side by side.

    python -m tests.prepared FOLDER

makes one as `migrate` leaves it and one with the corpus. A run of the suite that is told the folder
(PREPARED=FOLDER) copies them; any other makes its own.
"""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.elsewhere import manage, succeeds

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
    portal, settings = folder / "making.sqlite3", "--settings=tests.settings"
    for name, command in ((MIGRATED, ["migrate", "--verbosity=0"]), (CORPUS, ["load_corpus"])):
        succeeds(manage(portal, *command, settings))
        copy(portal, folder / f"{name}.part")
        (folder / f"{name}.part").rename(folder / name)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
