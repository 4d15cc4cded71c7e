"""Another portal than that of the tests: an SQLite file, worked on by processes of its own."""

import json
import os
import subprocess
import sys

from django.core.management import execute_from_command_line


def manage(database, *arguments, **options):
    """What a command of `manage.py` came to, on an SQLite file."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        **options,
    )


def manage_in_turn(database, *commands):
    """The same of several commands, one after the other in one process: the first that fails ends it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.elsewhere", json.dumps(commands, default=str)],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
    )


def succeeds(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    for words in json.loads(sys.argv[1]):
        execute_from_command_line(["manage.py", *words])
