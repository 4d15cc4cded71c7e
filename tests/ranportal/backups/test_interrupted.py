"""kill -9 in the middle of a save, a backup and a restore: the old state or the new, never half.

Real processes on this engine are stopped, looked at, and killed. Every other kill comes at
any moment; the rest wait until the process has come to the middle: until a transaction
that writes is open, or half a file is there. Half of those come there and then, half a while later.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from reversion.models import Revision, Version
from taggit.models import Tag

from entries.links.models import Link
from lessons.models import Lesson
from meetings.models import Paper
from ranportal.backups import archive as backups
from ranportal.backups.engines import engine
from tests.made import make
from tests.soak import soak, times
from tests.stored import stored
from themes.models import Theme

pytestmark = soak
KILLS = times(4, 100)


# --- Processes, and how they are killed ----------------------------------------------


class Workers:
    """Starts processes that work on the test database, and kills them."""

    def __init__(self):
        self.chance = random.Random(9)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.worker"],
            env=os.environ | {"DATABASE_URL": address_of_test_database()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def tell(self, *words):
        self.process.stdin.write(f"{json.dumps([str(word) for word in words])}\n")

    def start(self, *words):
        """Return the number of the process, once it has begun."""
        self.tell(*words)
        return int(self.heard().removeprefix("started "))

    def heard(self):
        line = self.process.stdout.readline()
        assert line not in ("", "failed\n"), "a worker failed; it says why on stderr"
        return line.strip()

    def rest(self):
        """What a process says until its end."""
        self.tell("wait")
        lines = [self.heard()]
        while not lines[-1].startswith("ended "):
            lines.append(self.heard())
        return lines

    def run(self, *words):
        """How long a process takes that nobody interrupts, in seconds."""
        started = time.monotonic()
        self.start(*words)
        assert self.rest()[-1] == "ended 0"
        return time.monotonic() - started

    def kill(self, pid, kill, takes, in_the_middle, lasts):
        """Kill it within as long as it takes, or as its middle lasts; return whether that was in the
        middle, and what it said.
        """
        if kill % 2:
            stop(pid)
            while not in_the_middle() and state_of(pid) != ENDED:
                self.go_on(pid, 0.002)
            if kill % 4 == 3:
                self.go_on(pid, self.chance.uniform(0, lasts))
        else:
            self.go_on(pid, self.chance.uniform(0, takes))
        hit = in_the_middle()
        os.kill(pid, signal.SIGKILL)
        said = self.rest()
        wait_until_nobody_is_connected()
        return hit, said

    def go_on(self, pid, seconds):
        os.kill(pid, signal.SIGCONT)
        time.sleep(seconds)
        stop(pid)

    def close(self):
        self.process.communicate()


STOPPED, ENDED = "T", "Z"  # as the system calls a process that nobody has waited for yet


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


def stop(pid):
    """Return once it does stand: what the system does for it just then, it does to the end."""
    os.kill(pid, signal.SIGSTOP)
    while state_of(pid) not in (STOPPED, ENDED):
        time.sleep(0.001)


def address_of_test_database():
    """For DATABASE_URL."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings['NAME']}").geturl()


def writing():
    """Whether another process has a transaction open that writes."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                assert str(error) == "database is locked"  # noqa: PT017
                return True
            return False
    return others_connected("backend_xid IS NOT NULL") > 0


def others_connected(which="backend_type = 'client backend'"):
    """How many of PostgreSQL's processes work for another one of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND {which}"
        )
        return cursor.fetchone()[0]


def wait_until_nobody_is_connected():
    """What PostgreSQL was told before a kill it does after it."""
    while connection.vendor == "postgresql" and others_connected():
        time.sleep(0.002)


@pytest.fixture
def workers(transactional_db):
    User.objects.create_superuser("curator")
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture
def show(capsys):
    """Says how often what was hit, whatever pytest captures."""

    def show(text):
        with capsys.disabled():
            sys.stdout.write(f"\n    {connection.vendor}: {text}\n")

    return show


def kills(*wanted):
    """The numbers of the kills: more than usual while of something that is wanted there was none,
    which chance decides.
    """
    for kill in range(5 * KILLS):
        if kill >= KILLS and all(any(each) for each in wanted):
            return
        yield kill


# --- What is looked at after each kill -----------------------------------------------


def check_integrity():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
            connection.check_constraints()
        else:
            for model in backups.tables().values():
                for key in model._meta.concrete_fields:
                    if key.is_relation:
                        cursor.execute(orphans(key))
                        assert cursor.fetchone()[0] == 0, key


def orphans(key):
    """The statement that counts the rows whose foreign key leads nowhere."""
    return (
        f"SELECT count(*) FROM {key.model._meta.db_table} a WHERE {key.column} IS NOT NULL AND"
        f" NOT EXISTS (SELECT 1 FROM {key.related_model._meta.db_table} b"
        f" WHERE b.{key.target_field.column} = a.{key.column})"
    )


def state():
    """All rows, what the search knows, and the numbers that are given next."""
    check_integrity()
    numbers = {label: number(model) for label, model in backups.tables().items()}
    rows = stored()
    del rows["content_version"], rows["content_change"]  # never the same twice
    return rows, numbers


def number(model):
    return engine().last_number(model) if model._meta.auto_field else None


# --- The three -----------------------------------------------------------------------


def test_a_save_that_is_killed_is_stored_whole_or_not_at_all_and_none_before_it_is_lost(
    workers, show
):
    lesson = make(Lesson, "text 0", tags=["even"], status="draft")
    Tag.objects.create(name="odd", slug="odd")
    Link.objects.create(lesson=lesson, url="https://example.org/", note="note 0")
    hits, halted, acknowledged = [], [], 0
    for kill in kills(hits, halted):
        pid = workers.start("save", lesson.pk)
        acknowledged = int(workers.heard().removeprefix("saved "))
        hit, said = workers.kill(pid, kill, 0.4, writing, 0.01)
        for line in said[:-1]:
            acknowledged = max(acknowledged, int(line.removeprefix("saved ")))

        check_integrity()
        lesson.refresh_from_db()
        stands = int(lesson.text.removeprefix("text "))
        # One more may be stored than it came to say.
        assert acknowledged <= stands <= acknowledged + 1
        assert lesson.tags.get().name == ("odd" if stands % 2 else "even")
        assert lesson.links.get().note == f"note {stands}"
        assert [*Lesson.objects.search(f"“text {stands}”")] == [lesson]
        assert LogEntry.objects.count() == stands
        last = Version.objects.get_for_object(lesson).first()
        assert last.field_dict["text"] == f"text {stands}"
        notes = [version.field_dict.get("note") for version in last.revision.version_set.all()]
        assert f"note {stands}" in notes
        hits.append(hit)
        halted.append(hit and stands == acknowledged)
    show(
        f"{stands} saves, {len(hits)} kills, {sum(hits)} within a transaction, {sum(halted)} of which"
        " left the old state; none half, none lost"
    )
    assert sum(hits) >= KILLS // 4
    assert any(halted)
    assert Revision.objects.count() >= stands


def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(workers, show, tmp_path):
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    call_command("backup", files[0], verbosity=0)
    states = [state()]
    Theme.objects.update(introduction="rewritten")
    make(Paper, "another paper", tags=["another"])
    Lesson.objects.filter(choice=None).order_by("pk").last().delete()
    call_command("backup", files[1], verbosity=0)
    states.append(state())
    assert states[0] != states[1]

    hits, given_up = [], []
    takes, now = workers.run("restore", files[0], "--replace"), 0
    assert state() == states[0]
    for kill in kills(hits, given_up):
        before, wanted = now, 1 - now
        pid = workers.start("restore", files[wanted], "--replace")
        hit, _said = workers.kill(pid, kill, 1.5 * takes, writing, takes)
        found = state()
        assert found in states
        now = states.index(found)
        hits.append(hit)
        given_up.append(now == before)
    show(
        f"{len(hits)} kills of a restore, {sum(hits)} within its transaction: {sum(given_up)} times"
        f" the old state, {given_up.count(False)} times the new, never half"
    )
    assert sum(hits) >= KILLS // 4
    assert any(given_up)
    workers.run("restore", files[1 - now], "--replace")
    assert state() == states[1 - now]


def test_a_backup_that_is_killed_leaves_the_old_file_or_the_new(workers, show, tmp_path):
    path = tmp_path / "portal.zip"
    call_command("backup", path, verbosity=0)
    old = path.read_bytes()
    Theme.objects.update(introduction="rewritten")
    before = state()
    takes = workers.run("backup", path)
    new = path.read_bytes()
    assert new != old

    def half_written():
        return any(tmp_path.glob(".portal.zip.*.part"))

    hits, found = [], []
    for kill in kills(hits):
        there_before = (old, new, None)[kill % 3]
        with suppress(FileNotFoundError):
            path.unlink()
        if there_before:
            path.write_bytes(there_before)
        for part in tmp_path.glob(".*.part"):
            part.unlink()
        pid = workers.start("backup", path)
        hit, _said = workers.kill(pid, kill, 1.5 * takes, half_written, takes)
        assert hit == half_written()
        hits.append(hit)
        there = path.read_bytes() if path.exists() else None
        assert there in (there_before, new)
        found.append("new" if there == new else "old")
    assert state() == before
    show(
        f"{len(hits)} kills of a backup, {sum(hits)} while it was writing: {found.count('old')} times"
        f" the old file or none, {found.count('new')} times the new, never half"
    )
    assert sum(hits) >= KILLS // 4
    workers.run("backup", path)
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == new
