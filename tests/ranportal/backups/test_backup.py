"""`manage.py backup` and `manage.py restore`: the whole portal in one file, and back."""

import json
import re
from zipfile import ZipFile

import pytest
import reversion
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from reversion.models import Version
from taggit.models import TaggedItem

from entries.models import kinds
from entries.search.index import indexes
from entries.workflow.models import LoggedTransition
from imports.models import Import
from lessons.models import Lesson
from practices.models import Practice
from ranportal.backups import archive as backups
from tests.backups import PASSWORD, different, run, vandalise
from tests.elsewhere import manage_in_turn, succeeds
from tests.made import make
from tests.stored import stored

# --- There and back ------------------------------------------------------------------


@pytest.mark.postgresql
def test_a_backup_goes_to_the_other_engine_and_back_and_is_the_same_to_the_byte(
    portal, elsewhere, tmp_path
):
    here, there, again, back = (tmp_path / f"{name}.zip" for name in ("a", "b", "c", "d"))
    run("backup", here)

    succeeds(manage_in_turn(elsewhere, ["restore", here], ["backup", there]))

    vandalise()
    run("restore", there, "--replace")
    run("backup", again)

    succeeds(manage_in_turn(elsewhere, ["restore", again, "--replace"], ["backup", back]))

    assert here.read_bytes() == there.read_bytes() == again.read_bytes() == back.read_bytes()


def test_a_restore_brings_every_row_of_every_table_back(portal, tmp_path):
    before = stored()
    run("backup", tmp_path / "portal.zip")
    assert different(before, stored()) == set()

    vandalise()
    changed = different(before, stored())
    assert {
        "lessons_lesson",
        "lessons_lessonsearchdocument",
        "auth_user",
        "reversion_version",
    } < changed

    run("restore", tmp_path / "portal.zip", "--replace")
    # What was kept under the version of before is not what it is now.
    assert different(before, stored()) == {"content_change", "content_version"}
    connection.check_constraints()


@pytest.mark.once
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
        if labels.get(table) not in in_file
        and not re.search(r"document(_[a-z]+)?$|^portal_lexemes$", table)
    }
    assert left_out == {
        "auth_permission",
        "content_change",
        "content_version",
        "django_content_type",
        "django_migrations",
        "django_session",
        "usersessions_usersession",
    }


def test_a_file_that_was_imported_comes_back_with_every_byte(portal, tmp_path):
    run("backup", tmp_path / "portal.zip")
    Import.objects.all().delete()
    run("restore", tmp_path / "portal.zip", "--replace")
    assert Import.objects.get(name="every byte.txt").data() == bytes(range(256))


@pytest.mark.once
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


@pytest.mark.once
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


# --- After a restore -----------------------------------------------------------------


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


@pytest.mark.once
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


@pytest.mark.once
def test_a_restore_signs_everyone_out(portal, tmp_path, client):
    client.force_login(portal)
    assert client.get(reverse("admin:index")).status_code == 200
    run("backup", tmp_path / "portal.zip")
    with ZipFile(tmp_path / "portal.zip") as archive:
        everything = b"".join(map(archive.read, archive.namelist()))
    assert client.session.session_key.encode() not in everything
    run("restore", tmp_path / "portal.zip", "--replace")
    assert client.get(reverse("admin:index")).status_code == 302
