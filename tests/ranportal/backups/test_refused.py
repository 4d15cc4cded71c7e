"""What `restore` refuses, leaving everything as it was."""

import random
from collections import Counter
from contextlib import closing
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from ranportal.backups import engines
from tests.backups import alter, opened_up, refusal, run
from tests.elsewhere import manage
from tests.stored import stored


def test_content_is_not_replaced_unless_that_is_asked_for(backup):
    said = refusal("restore", backup)
    assert said.startswith("The database has content: entries: 131, themes: 18, accounts: 0, ")
    assert "Nothing was changed." in said
    assert "add --replace" in said


def test_an_account_alone_is_content_already(backup):
    call_command("flush", interactive=False, verbosity=0)
    User.objects.create_user("curator")
    assert "entries: 0, themes: 0, accounts: 1" in refusal("restore", backup)


@pytest.mark.once
def test_a_truncated_file_is_named_as_such(backup):
    whole = backup.read_bytes()
    for length in (0, 2, 100, len(whole) // 2, len(whole) - 100, len(whole) - 1):
        backup.write_bytes(whole[:length])
        said = refusal("restore", backup, "--replace")
        assert said.startswith(f"{backup} is damaged or incomplete ("), length


@pytest.mark.once
def test_a_damaged_file_is_named_as_such(backup):
    whole, before, chance = backup.read_bytes(), stored(), random.Random(4)
    outcomes = Counter()
    for place in chance.sample(range(len(whole)), 300):
        damaged = bytearray(whole)
        damaged[place] ^= chance.randrange(1, 256)
        backup.write_bytes(damaged)
        with pytest.raises(CommandError) as error:
            run("restore", backup)
        # Some bytes of a zip, such as the years it names, mean nothing to anyone.
        said = [word for word in ("damaged", "has content") if word in str(error.value)]
        outcomes.update(said)
    assert outcomes.total() == 300
    assert outcomes["damaged"] > 250
    assert stored() == before
    backup.write_bytes(whole)
    assert "has content" in refusal("restore", backup)


@pytest.mark.once
def test_a_table_that_does_not_agree_with_its_checksum_is_named(backup):
    with opened_up(backup) as (_manifest, members):
        assert b'"level": 1' in members["themes.theme.jsonl"]
        members["themes.theme.jsonl"] = members["themes.theme.jsonl"].replace(
            b'"level": 1', b'"level": 2'
        )
    said = refusal("restore", backup, "--replace")
    assert said.startswith(f"{backup} is damaged or incomplete (themes.theme does not agree")
    with opened_up(backup) as (_manifest, members):
        del members["themes.theme.jsonl"]
    assert "damaged or incomplete" in refusal("restore", backup, "--replace")


@pytest.mark.once
def test_another_kind_of_file_is_named_as_such(backup):
    backup.write_text("Dear colleague,")
    assert "is not a backup of this portal" in refusal("restore", backup, "--replace")
    for member in ("letter.xml", "manifest.json"):
        with ZipFile(backup, "w") as archive:
            archive.writestr(member, '{"format": "a letter"}')
        assert "is not a backup of this portal" in refusal("restore", backup, "--replace")


@pytest.mark.once
def test_a_file_that_is_missing_or_none_is_named(db, tmp_path):
    missing = tmp_path / "missing.zip"
    assert refusal("restore", missing) == f"{missing} could not be read: No such file or directory."
    assert refusal("restore", tmp_path) == f"{tmp_path} could not be read: Is a directory."


@pytest.mark.once
def test_a_file_of_another_format_is_refused_with_the_way_out(backup):
    with opened_up(backup) as (manifest, _members):
        manifest["format_version"] = 2
    said = refusal("restore", backup, "--replace")
    assert "has format 2; this version of the portal reads format 1." in said
    assert "Restore it with the version that made it" in said


@pytest.mark.once
def test_a_file_of_other_migrations_is_refused_with_the_way_out(backup):
    with opened_up(backup) as (manifest, _members):
        ours = manifest["migrations"]["themes"]
        manifest["migrations"] |= {"themes": "0999_later", "polls": "0001_initial"}
    said = refusal("restore", backup, "--replace")
    assert "made by another version of the portal" in said
    assert f"themes is at 0999_later in the file, at {ours} here" in said
    assert "polls is at 0001_initial in the file, at nothing here" in said
    assert "'manage.py migrate'" in said


@pytest.mark.once
def test_a_database_that_was_not_migrated_is_refused_with_the_way_out(backup, tmp_path):
    for command in (["backup", tmp_path / "other.zip"], ["restore", backup]):
        done = manage(tmp_path / "new.sqlite3", *command)
        assert done.returncode == 1
        assert "Run 'manage.py migrate' first" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "other.zip").exists()


REFUSED_ROWS = {
    "a theme that is not there": ("themes.absence", b'"theme": ', b'"theme": 99'),
    "a level that cannot be": ("themes.theme", b'"level": 1', b'"level": 7'),
    "no address": ("entries.link", b'"url": "', b'"url": null, "was": "'),
    "longer than its column": ("themes.theme", b'"slug": "', b'"slug": "' + b"x" * 200),
}


@pytest.mark.parametrize("what", REFUSED_ROWS)
def test_rows_that_the_database_refuses_leave_everything_as_it_was(backup, what):
    if what == "longer than its column" and connection.vendor == "sqlite":
        pytest.skip("SQLite takes texts of any length")
    alter(backup, *REFUSED_ROWS[what])
    said = refusal("restore", backup, "--replace")
    assert said.startswith("The database refused: ")
    assert said.endswith("It is as it was before.")


# As a vacuum does that somebody asked for, and as whoever writes.
AT_WORK = ["SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE"]


@pytest.mark.postgresql
@pytest.mark.parametrize("mode", AT_WORK)
def test_a_restore_that_is_never_alone_says_so_and_when_to_come_again(backup, monkeypatch, mode):
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    with closing(connection.copy()) as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute(f"LOCK TABLE themes_theme IN {mode} MODE")
        said = refusal("restore", backup, "--replace")
        other.rollback()
    assert "nobody wrote and the database did not tidy up" in said
    assert said.endswith("It is as it was before: try again in a minute.")


def test_rows_that_the_database_does_not_keep_as_they_are_leave_everything_as_it_was(backup):
    alter(backup, "themes.theme", b'"slug": ', b'"colour": "red", "slug": ')
    said = refusal("restore", backup, "--replace")
    assert said.startswith("The database did not keep themes.theme as it is in the file.")
    assert said.endswith("It is as it was before.")
