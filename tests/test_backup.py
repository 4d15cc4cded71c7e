"""`manage.py backup` and `manage.py restore`: the whole portal in one file, and back."""

import json
import os
import random
import re
import resource
import shutil
import stat
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from io import StringIO
from pathlib import Path
from string import ascii_letters
from zipfile import ZipFile

import pytest
import reversion
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from reversion.models import Version
from taggit.models import TaggedItem

from entries.links.models import Link
from entries.models import kinds
from entries.search.index import indexes
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Meeting
from practices.models import Practice
from ranportal.backups import archive as backups
from records.models import FormerSlug
from tests.elsewhere import manage, succeeds
from tests.portal import make, stored
from themes.models import Theme

PASSWORD = "a long enough passphrase"
TO_THE_MICROSECOND = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)


# --- What the tests are made of ------------------------------------------------


@pytest.fixture
def portal(transactional_db):
    """The corpus, and of everything else that a portal in use has at least one."""
    editor = User.objects.create_user("editor", "editor@example.org", PASSWORD, is_staff=True)
    editor.groups.add(Group.objects.get(name="editor"))
    editor.user_permissions.add(Permission.objects.get(codename="view_logentry"))
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    lesson = Lesson.objects.first()
    for text in ("first wording", "second wording"):
        with reversion.create_revision():
            reversion.set_user(editor)
            lesson.text = text
            lesson.save()
    with reversion.create_revision():
        gone = make(Lesson, "the last of the lessons", tags=["Grün", "日本"])
    gone.delete()
    LoggedTransition.objects.create(
        record=lesson, user=editor, action="changed", note="Ä “note”\n\u2028\t\\"
    )
    LogEntry.objects.create(
        user=editor,
        object_id=lesson.pk,
        content_type=ContentType.objects.get_for_model(Lesson),
        action_flag=CHANGE,
    )
    practice = Practice.objects.first()
    practice.slug = "renamed"
    practice.save()
    Meeting.objects.update(updated=TO_THE_MICROSECOND)
    return editor


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of the corpus. Tests of `restore` alone need no more: they can be rolled back."""
    path = tmp_path_factory.mktemp("backups") / "portal.zip"
    with django_db_blocker.unblock():
        run("backup", path)
    return path


@pytest.fixture
def backup(made_once, db, tmp_path):
    return shutil.copy(made_once, tmp_path / "portal.zip")


def run(*arguments, **options):
    """What a command says."""
    output = StringIO()
    call_command(*map(str, arguments), stdout=output, **options)
    return output.getvalue()


def refusal(*arguments, **options):
    """Why a command ends with an error, having left the database as it was."""
    before = stored()
    with pytest.raises(CommandError) as error:
        run(*arguments, **options)
    assert error.value.returncode == 1
    assert stored() == before
    return str(error.value)


def different(before, after):
    """The tables that differ."""
    assert before.keys() == after.keys()
    return {table for table in before if before[table] != after[table]}


def vandalise():
    """Delete, change and add, everywhere a little."""
    FormerSlug.objects.all().delete()
    Link.objects.all().delete()
    Version.objects.all().delete()
    LoggedTransition.objects.all().delete()
    User.objects.all().delete()
    Lesson.objects.order_by("pk").last().delete()
    Practice.objects.update(name="overwritten by mistake")
    Theme.objects.update(position=F("position") + 1)
    make(Lesson, "not in the backup", tags=["new"])
    Group.objects.get(name="editor").permissions.clear()


@contextmanager
def opened_up(path):
    """The members of a backup, to be changed, written again as its writer does."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    yield manifest, members
    members["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def alter(path, label, old, new):
    """Change a table within a backup, and its checksum with it."""
    with opened_up(path) as (manifest, members):
        content = members[f"{label}.jsonl"]
        assert old in content
        members[f"{label}.jsonl"] = content = content.replace(old, new, 1)
        manifest["tables"][label]["sha256"] = sha256(content).hexdigest()


def noise(length):
    """Text that no compression makes smaller by much."""
    return "".join(random.Random(4).choices(ascii_letters, k=length)).encode()


# --- There and back ------------------------------------------------------------


def test_a_backup_goes_to_the_other_engine_and_back_and_is_the_same_to_the_byte(
    portal, elsewhere, tmp_path
):
    here, there, again, back = (tmp_path / f"{name}.zip" for name in ("a", "b", "c", "d"))
    run("backup", here)

    succeeds(manage(elsewhere, "restore", here))
    succeeds(manage(elsewhere, "backup", there))

    vandalise()
    run("restore", there, "--replace")
    run("backup", again)

    succeeds(manage(elsewhere, "restore", again, "--replace"))
    succeeds(manage(elsewhere, "backup", back))

    assert here.read_bytes() == there.read_bytes() == again.read_bytes() == back.read_bytes()


def test_a_restore_brings_every_row_of_every_table_back(portal, tmp_path):
    before = stored()
    run("backup", tmp_path / "portal.zip")
    assert different(before, stored()) == set()

    vandalise()
    changed = different(before, stored())
    assert {"lessons_lesson", "lessons_lessondocument", "auth_user", "reversion_version"} < changed

    run("restore", tmp_path / "portal.zip", "--replace")
    assert different(before, stored()) == set()
    connection.check_constraints()


def test_what_was_counted_and_what_was_done_is_said_in_sentences(portal, tmp_path):
    path = tmp_path / "portal.zip"
    counted = r"entries: 131, themes: 18, accounts: 1, versions: \d+ \([\d,]+ rows in \d+ tables\)"
    assert re.fullmatch(
        rf"Backing up into {path}\.\nBacked up and read back: {counted}\. The file holds all"
        r" accounts: only you can read it, keep it so\.\n",
        run("backup", path),
    )
    Lesson.objects.first().delete()
    fewer = counted.replace("131", "130")
    assert re.fullmatch(
        rf"{path} is whole: {counted}\.\nReplacing what the database has: {fewer}\.\n"
        r"Restored, and every table read back and compared\. Everyone has to sign in again\.\n",
        run("restore", path, "--replace"),
    )
    assert run("backup", path, verbosity=0) == ""
    assert run("restore", path, "--replace", verbosity=0) == ""


def test_every_table_is_in_the_file_or_known_to_be_left_out(portal, tmp_path):
    run("backup", tmp_path / "portal.zip")
    with ZipFile(tmp_path / "portal.zip") as archive:
        in_file = {name.removesuffix(".jsonl") for name in archive.namelist()}
    labels = {model._meta.db_table: label for label, model in backups.tables().items()}
    left_out = {
        table
        for table in connection.introspection.table_names()
        if labels.get(table) not in in_file and not re.search(r"document(_[a-z]+)?$", table)
    }
    assert left_out == {
        "auth_permission",
        "django_content_type",
        "django_migrations",
        "django_session",
    }


def test_the_tables_of_a_backup_can_be_read_without_the_portal(portal, tmp_path):
    run("backup", tmp_path / "portal.zip")
    with ZipFile(tmp_path / "portal.zip") as archive:
        meetings = [json.loads(line) for line in archive.open("meetings.meeting.jsonl")]
        logged = [json.loads(line) for line in archive.open("entries.loggedtransition.jsonl")]
    assert {meeting["updated"] for meeting in meetings} == {"2024-02-29T23:59:59.123456+00:00"}
    assert [(line["content_type"], line["user"]) for line in logged] == [
        (["lessons", "lesson"], portal.pk)
    ]


def test_rights_and_history_are_found_where_content_types_have_other_numbers(portal, tmp_path):
    lesson = Lesson.objects.get(text="second wording")
    rights = portal.get_all_permissions()
    assert {"lessons.publish_lesson", "admin.view_logentry"} <= rights
    before = ContentType.objects.get_for_model(Lesson).pk
    run("backup", tmp_path / "portal.zip")

    ContentType.objects.all().delete()
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0)  # makes them anew
    assert ContentType.objects.get_for_model(Lesson).pk != before
    run("restore", tmp_path / "portal.zip", "--replace")

    assert User.objects.get(username="editor").get_all_permissions() == rights
    assert [logged.record for logged in LoggedTransition.objects.all()] == [lesson]
    assert [log.get_edited_object() for log in LogEntry.objects.all()] == [lesson]
    versions = Version.objects.get_for_object(lesson)[:2]
    assert [version.field_dict["text"] for version in versions] == [
        "second wording",
        "first wording",
    ]
    run("backup", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "portal.zip").read_bytes()


def test_what_is_written_of_an_app_that_was_removed_comes_along(portal, tmp_path):
    removed = ContentType.objects.create(app_label="polls", model="poll")
    permission = Permission.objects.create(
        content_type=removed, codename="vote_poll", name="vote_poll"
    )
    Group.objects.create(name="voters").permissions.add(permission)
    run("backup", tmp_path / "portal.zip")
    removed.delete()
    run("restore", tmp_path / "portal.zip", "--replace")
    [permission] = Group.objects.get(name="voters").permissions.all()
    assert permission.natural_key() == ("vote_poll", "polls", "poll")


def test_versions_hold_no_number_of_a_content_type():
    """Inside their JSON a restore could not put it right."""
    named = {ContentType, Permission}
    unused = {TaggedItem}  # each kind has taggings of its own
    for model in {*reversion.get_registered_models()} - unused:
        fields = reversion.revisions._get_options(model).fields
        targets = {model._meta.get_field(name).related_model for name in fields}
        assert not targets & named, model


def test_a_number_once_given_is_not_given_again_after_a_restore(portal, tmp_path):
    """Or a new lesson would have the versions of one that was deleted."""
    last = Version.objects.get_deleted(Lesson).get().object_id
    run("backup", tmp_path / "portal.zip")
    call_command("flush", interactive=False, verbosity=0)
    assert Lesson.objects.count() == 0
    run("restore", tmp_path / "portal.zip")
    assert make(Lesson, "a new lesson").pk == int(last) + 1


# --- After a restore -----------------------------------------------------------


def found(text):
    return {kind: [e.pk for e in kind.objects.published().search(text)] for kind in kinds()}


@pytest.mark.parametrize("index", ["standing", "taken down"])
def test_the_search_is_right_straight_after_a_restore(portal, tmp_path, index):
    searches = ["trauma", "“mental health” train", "Denmark", "second wording"]
    before = {text: found(text) for text in searches}
    assert all(any(hits.values()) for hits in before.values())
    run("backup", tmp_path / "portal.zip")

    vandalise()
    make(Practice, "trauma second")
    if index == "taken down":  # as by a migration that was interrupted
        for each in indexes("default"):
            each.take_down()
        Practice.objects.update(description="quokka")
    assert {text: found(text) for text in searches} != before
    run("restore", tmp_path / "portal.zip", "--replace")

    assert {text: found(text) for text in searches} == before
    assert not any(found("overwritten mistake").values())
    assert not any(found("quokka").values())
    make(Lesson, "a wombat came by")
    assert any(found("wombat").values())


def test_people_sign_in_after_a_restore_with_their_password_and_recovery_code(
    portal, tmp_path, client
):
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    run("backup", tmp_path / "portal.zip")
    call_command("flush", interactive=False, verbosity=0)
    run("restore", tmp_path / "portal.zip")

    assert User.objects.get(username="editor").check_password(PASSWORD)
    address = reverse("account_login")
    wrong = client.post(address, {"login": "editor", "password": "a wrong passphrase"})
    assert wrong.status_code == 200
    client.post(address, {"login": "editor", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": codes[3]})
    assert client.session["_auth_user_id"] == str(portal.pk)
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_restore_signs_everyone_out(portal, tmp_path, client):
    client.force_login(portal)
    assert client.get(reverse("admin:index")).status_code == 200
    run("backup", tmp_path / "portal.zip")
    with ZipFile(tmp_path / "portal.zip") as archive:
        everything = b"".join(map(archive.read, archive.namelist()))
    assert client.session.session_key.encode() not in everything
    run("restore", tmp_path / "portal.zip", "--replace")
    assert client.get(reverse("admin:index")).status_code == 302


# --- What is refused -----------------------------------------------------------


def test_content_is_not_replaced_unless_that_is_asked_for(backup):
    said = refusal("restore", backup)
    assert said.startswith("The database has content: entries: 131, themes: 18, accounts: 0, ")
    assert "Nothing was changed." in said
    assert "add --replace" in said


def test_an_account_alone_is_content_already(backup):
    call_command("flush", interactive=False, verbosity=0)
    User.objects.create_user("curator")
    assert "entries: 0, themes: 0, accounts: 1" in refusal("restore", backup)


def test_a_truncated_file_is_named_as_such(backup):
    whole = backup.read_bytes()
    for length in (0, 2, 100, len(whole) // 2, len(whole) - 100, len(whole) - 1):
        backup.write_bytes(whole[:length])
        said = refusal("restore", backup, "--replace")
        assert said.startswith(f"{backup} is damaged or incomplete ("), length


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


def test_another_kind_of_file_is_named_as_such(backup):
    backup.write_text("Dear colleague,")
    assert "is not a backup of this portal" in refusal("restore", backup, "--replace")
    for member in ("letter.xml", "manifest.json"):
        with ZipFile(backup, "w") as archive:
            archive.writestr(member, '{"format": "a letter"}')
        assert "is not a backup of this portal" in refusal("restore", backup, "--replace")


def test_a_file_that_is_missing_or_none_is_named(db, tmp_path):
    missing = tmp_path / "missing.zip"
    assert refusal("restore", missing) == f"{missing} could not be read: No such file or directory."
    assert refusal("restore", tmp_path) == f"{tmp_path} could not be read: Is a directory."


def test_a_file_of_another_format_is_refused_with_the_way_out(backup):
    with opened_up(backup) as (manifest, _members):
        manifest["format_version"] = 2
    said = refusal("restore", backup, "--replace")
    assert "has format 2; this version of the portal reads format 1." in said
    assert "Restore it with the version that made it" in said


def test_a_file_of_other_migrations_is_refused_with_the_way_out(backup):
    with opened_up(backup) as (manifest, _members):
        ours = manifest["migrations"]["themes"]
        manifest["migrations"] |= {"themes": "0999_later", "polls": "0001_initial"}
    said = refusal("restore", backup, "--replace")
    assert "made by another version of the portal" in said
    assert f"themes is at 0999_later in the file, at {ours} here" in said
    assert "polls is at 0001_initial in the file, at nothing here" in said
    assert "'manage.py migrate'" in said


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


def test_rows_that_the_database_does_not_keep_as_they_are_leave_everything_as_it_was(backup):
    alter(backup, "themes.theme", b'"slug": ', b'"colour": "red", "slug": ')
    said = refusal("restore", backup, "--replace")
    assert said.startswith("The database did not keep themes.theme as it is in the file.")
    assert said.endswith("It is as it was before.")


# --- The file ------------------------------------------------------------------


def test_the_file_is_its_owners_alone_even_if_the_one_before_was_not(portal, tmp_path):
    path = tmp_path / "portal.zip"
    path.touch(mode=0o644)
    path.chmod(0o644)
    run("backup", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


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


def test_a_full_disk_is_named_and_leaves_the_file_of_before(backup, elsewhere, tmp_path):
    alter(backup, "themes.theme", b'"introduction": "', b'"introduction": "' + noise(200_000))
    succeeds(manage(elsewhere, "restore", backup))
    folder = tmp_path / "backups"
    folder.mkdir()
    path = folder / "portal.zip"
    path.write_text("the backup of yesterday")

    limit = (100_000, 100_000)  # bytes; no file may grow beyond
    done = manage(
        elsewhere,
        "backup",
        path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: The backup could not be written to {path}: File too large."
        " Nothing was left there; a file of that name is as it was.\n"
    )
    assert [*folder.iterdir()] == [path]
    assert path.read_text() == "the backup of yesterday"


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
    """Someone who writes over and over meanwhile, each time in a transaction."""
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

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while not written and not errors:
            time.sleep(0.001)
        yield written
    finally:
        over.set()
        thread.join()
    assert errors == []


def test_a_backup_is_of_one_moment_while_others_write_and_do_not_wait(portal, tmp_path):
    log, theme = LogEntry.objects.get(), Theme.objects.first()

    def write(number):
        """Keep the first table of the file and its last in step."""
        LogEntry.objects.filter(pk=log.pk).update(object_repr=number)
        Theme.objects.filter(pk=theme.pk).update(introduction=number)

    with writer_beside(write) as written:
        for _time in range(10):
            before = len(written)
            run("backup", tmp_path / "portal.zip")
            assert len(written) > before + 1
            with ZipFile(tmp_path / "portal.zip") as archive:
                [first] = map(json.loads, archive.open("admin.logentry.jsonl"))
                last = {t["id"]: t for t in map(json.loads, archive.open("themes.theme.jsonl"))}
            assert first["object_repr"] == last[theme.pk]["introduction"]


def test_who_saves_during_a_restore_waits_and_is_stored_after_it(portal, tmp_path):
    run("backup", tmp_path / "portal.zip")
    themes = Theme.objects.count()

    def write(number):
        Theme.objects.create(title=number, slug=f"number-{number}", position=number)

    with writer_beside(write) as written:
        run("restore", tmp_path / "portal.zip", "--replace")
        after = len(written)
        while len(written) < after + 3:
            time.sleep(0.001)
    added = Theme.objects.filter(slug__startswith="number-").order_by("position")
    stands = [*added.values_list("position", flat=True)]
    assert stands == written[-len(stands) :]
    assert 3 <= len(stands) < len(written)
    assert Theme.objects.count() == themes + len(stands)
