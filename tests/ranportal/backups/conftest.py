"""A portal in use, and a backup of the corpus."""

import shutil

import pytest
import reversion
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localdate

from entries.links import checking
from entries.links.asking import Found
from entries.links.health import LinkCheck, LinkHost
from entries.workflow.models import LoggedTransition
from imports.models import Import
from lessons.models import Lesson
from meetings.models import Meeting
from practices.models import Practice
from tests.backups import PASSWORD, TO_THE_MICROSECOND, run
from tests.made import make


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
    checking.follow_links()
    check = LinkCheck.objects.first()
    checking.record(check.pk, Found("refused", "It answers 403.", answered=True))
    LinkCheck.objects.filter(pk=check.pk).update(
        held_as="works", held_reason="I looked.", held_until=localdate(), held_by=editor
    )
    LinkHost.turn(check.host)
    Import.of_file("every byte.txt", bytes(range(256)), editor)
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
