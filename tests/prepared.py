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
    folder = os.environ.get("PREPARED")
    return Path(folder) / name if folder else None


def copy(source, target):
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def prepare(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.sqlite3*"):
        old.unlink()
    portal, settings = folder / CORPUS, "--settings=tests.settings"
    succeeds(manage(portal, "migrate", "--verbosity=0", settings))
    copy(portal, folder / MIGRATED)
    succeeds(manage(portal, "load_corpus", settings))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
