"""The file of a backup, and who writes beside it."""

import json
import os
import resource
import stat
import threading
import time
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from ranportal.backups import archive as archives
from ranportal.backups.archive import lines
from tests.backups import noise, refusal, run
from themes.models import Theme


@pytest.mark.once
def test_the_file_is_its_owners_alone_even_if_the_one_before_was_not(portal, tmp_path):
    path = tmp_path / "portal.zip"
    path.touch(mode=0o644)
    path.chmod(0o644)
    run("backup", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.once
def test_a_folder_that_is_missing_or_closed_is_named(portal, tmp_path):
    missing = tmp_path / "missing" / "portal.zip"
    assert refusal("backup", missing) == (
        f"The backup could not be written to {missing}: No such file or directory."
        " Nothing was left there; a file of that name is as it was."
    )
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):  # root may write anywhere but there
        closed = Path("/proc")
    assert refusal("backup", closed / "portal.zip").startswith("The backup could not be written to")
    assert "is not a file: name one." in refusal("backup", tmp_path)


@contextmanager
def files_of_at_most(size):
    """The operating system lets this process write no file beyond as many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.once
def test_a_full_disk_is_named_and_leaves_the_file_of_before(transactional_db, tmp_path):
    Theme.objects.filter(level=1).update(introduction=noise(200_000).decode())
    path = tmp_path / "portal.zip"
    path.write_text("the backup of yesterday")
    with files_of_at_most(100_000):
        assert refusal("backup", path) == (
            f"The backup could not be written to {path}: File too large."
            " Nothing was left there; a file of that name is as it was."
        )
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_text() == "the backup of yesterday"


@pytest.mark.once
def test_what_a_killed_backup_left_is_taken_away_by_the_next_and_no_other(portal, tmp_path):
    left, others, running = (
        tmp_path / name
        for name in (".portal.zip.abc.part", ".other.zip.abc.part", ".portal.zip.def.part")
    )
    for path in (left, others, running):
        path.write_text("half a backup")
    with running.open() as file:
        flock(file, LOCK_EX)
        run("backup", tmp_path / "portal.zip")
    assert not left.exists()
    assert others.exists()
    assert running.exists()


@contextmanager
def writer_beside(write):
    """Someone who writes over and over meanwhile, each time in a transaction.

    Yields the numbers of what they have written, and a function that waits until they are so many.
    """
    written, over, errors = [], threading.Event(), []

    def work():
        try:
            while not over.is_set():
                with transaction.atomic():
                    write(len(written) + 1)
                written.append(len(written) + 1)
                time.sleep(0.001)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def wait_for(number):
        while len(written) < number and thread.is_alive():
            time.sleep(0.001)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        wait_for(1)
        yield written, wait_for
    finally:
        over.set()
        thread.join()
    assert errors == []


def test_a_backup_is_of_one_moment_while_others_write_and_do_not_wait(
    portal, tmp_path, monkeypatch
):
    log, theme = LogEntry.objects.get(), Theme.objects.first()

    def write(number):
        """Keep the first table of the file and its last in step."""
        LogEntry.objects.filter(pk=log.pk).update(object_repr=number)
        Theme.objects.filter(pk=theme.pk).update(introduction=number)

    with writer_beside(write) as (written, wait_for):

        def lines_meanwhile(model):
            """The next table comes when something was written after this one."""
            yield from lines(model)
            wait_for(before + 2)

        monkeypatch.setattr(archives, "lines", lines_meanwhile)
        for _time in range(10):
            before = len(written)
            run("backup", tmp_path / "portal.zip")
            assert len(written) >= before + 2
            with ZipFile(tmp_path / "portal.zip") as archive:
                [first] = map(json.loads, archive.open("admin.logentry.jsonl"))
                last = {t["id"]: t for t in map(json.loads, archive.open("themes.theme.jsonl"))}
            assert first["object_repr"] == last[theme.pk]["introduction"]


def test_who_saves_during_a_restore_waits_and_is_stored_after_it(portal, tmp_path):
    run("backup", tmp_path / "portal.zip")
    themes = Theme.objects.count()

    def write(number):
        Theme.objects.create(title=number, slug=f"number-{number}", position=number)

    with writer_beside(write) as (written, wait_for):
        run("restore", tmp_path / "portal.zip", "--replace")
        wait_for(len(written) + 3)
    added = Theme.objects.filter(slug__startswith="number-").order_by("position")
    stands = [*added.values_list("position", flat=True)]
    assert stands == written[-len(stands) :]
    assert 3 <= len(stands) < len(written)
    assert Theme.objects.count() == themes + len(stands)
