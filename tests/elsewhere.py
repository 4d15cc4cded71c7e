"""Another portal than that of the tests: an SQLite file, worked on by processes of its own."""

import os
import subprocess
import sys


def manage(database, *arguments, **options):
    """What a command of `manage.py` came to, on an SQLite file."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        **options,
    )


def succeeds(done):
    assert done.returncode == 0, done.stderr
    return done.stdout
