"""Accounts outside the three roles: a right given alone, a group of one's own, no staff at all."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from entries.workflow.transitions import TRANSITIONS
from lessons.models import Lesson
from tests.desk import change_url, page_url, person, values_in
from tests.made import KINDS, make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
RIGHTS = ("view", "add", "change", "delete")


def rights(*names):
    found = Permission.objects.filter(codename__in=names, content_type__app_label="lessons")
    assert found.count() == len(names)
    return found


def stands(entry):
    return type(entry).objects.filter(pk=entry.pk).values_list("status", "text").first()


@pytest.mark.parametrize("given", ["to the person", "by a group"])
@pytest.mark.parametrize("right", RIGHTS)
def test_a_right_alone_opens_lessons_and_no_other_kind(right, given):
    desk = person("nobody")
    if given == "to the person":
        desk.user.user_permissions.set(rights(f"{right}_lesson"))
    else:
        group = Group.objects.create(name="of its own")
        group.permissions.set(rights(f"{right}_lesson"))
        desk.user.groups.add(group)
    for kind in KINDS:
        expected = 200 if (kind, right) in ((Lesson, "view"), (Lesson, "change")) else 403
        assert desk.client.get(page_url(kind, "changelist")).status_code == expected, kind
        expected = 200 if (kind, right) == (Lesson, "add") else 403
        assert desk.client.get(page_url(kind, "add")).status_code == expected, kind


@pytest.mark.parametrize("status", ["draft", "review", "published", "withdrawn"])
def test_all_four_rights_of_django_alone_neither_change_nor_move_what_is_another_persons(status):
    desk = person("nobody")
    desk.user.user_permissions.set(rights(*(f"{right}_lesson" for right in RIGHTS)))
    lesson = make(Lesson, "Somebody’s words")
    Lesson.objects.filter(pk=lesson.pk).update(status=status)
    before = stands(lesson)
    changed = {"text": "Overwritten.", "slug": lesson.slug, "_save": "Save", "change_note": "Why."}
    assert desk.client.post(change_url(lesson), changed).status_code == 403
    desk.client.post(page_url(Lesson, "delete", lesson.pk), {"post": "yes"})
    chosen, answered = {"_selected_action": [lesson.pk]}, {"_perform": "Yes", "note": "Why."}
    act = page_url(Lesson, "changelist")
    desk.client.post(act, chosen | {"action": "delete_selected", "post": "yes"})
    for name in TRANSITIONS:
        desk.client.post(page_url(Lesson, "transition", lesson.pk, name), answered)
        desk.client.post(act, chosen | answered | {"action": name})
    assert stands(lesson) == before


@pytest.mark.parametrize("status", ["review", "published", "withdrawn"])
def test_what_a_contributor_has_sent_is_theirs_to_change_no_longer(status):
    desk = person("contributor")
    lesson = make(Lesson, "My words", author=desk.user)
    Lesson.objects.filter(pk=lesson.pk).update(status=status, changed_by=desk.user)
    changed = {"text": "Overwritten.", "slug": lesson.slug, "_save": "Save", "change_note": "Why."}
    assert desk.client.post(change_url(lesson), changed).status_code == 403
    desk.client.post(page_url(Lesson, "delete", lesson.pk), {"post": "yes"})
    assert stands(lesson) == (status, "My words")


def test_whoever_looks_only_is_offered_no_button_and_saves_nothing():
    desk = person("nobody")
    desk.user.user_permissions.set(rights("view_lesson"))
    lesson = make(Lesson, "Somebody’s words", status="draft", author=desk.user)
    page = desk.open(change_url(lesson))
    assert 'name="_save"' not in page.content.decode()
    sent = values_in(page)[0] | {"text": "Overwritten.", "_save": "Save"}
    assert desk.client.post(change_url(lesson), sent).status_code == 403
    assert stands(lesson) == ("draft", "Somebody’s words")


@pytest.mark.parametrize("lacks", ["is_staff", "is_active"])
@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_a_role_without_staff_or_with_a_closed_account_opens_nothing(role, lacks):
    desk = person(role)
    User.objects.filter(pk=desk.user.pk).update(**{lacks: False})
    hidden = make(Lesson, "Unspoken", status="draft")
    for address in (
        reverse("admin:index"),
        page_url(Lesson, "changelist"),
        change_url(hidden),
        page_url(Lesson, "transition", hidden.pk, "send"),
    ):
        answer = desk.client.get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith("/admin/login/"), address
    answer = desk.client.get(hidden.get_absolute_url())
    assert answer.status_code == 404
    assert "Unspoken" not in answer.content.decode()


def test_a_right_taken_away_counts_from_the_next_click():
    desk = person("editor")
    lesson = make(Lesson, "In review", status="review")
    assert desk.client.get(page_url(Lesson, "transition", lesson.pk, "publish")).status_code == 200
    desk.user.groups.clear()
    answer = desk.client.post(
        page_url(Lesson, "transition", lesson.pk, "publish"), {"_perform": "Yes"}
    )
    assert answer.status_code == 403
    assert stands(lesson) == ("review", "In review")


def test_nobody_gives_themselves_a_right_or_a_role():
    desk = person("editor")
    sent = {"username": "the editor", "is_superuser": "on", "is_staff": "on", "_save": "Save"}
    assert desk.client.post(change_url(desk.user), sent).status_code == 403
    group = Group.objects.get(name="editor")
    assert desk.client.post(change_url(group), {"name": "editor"}).status_code == 403
    desk.user.refresh_from_db()
    assert not desk.user.is_superuser
    assert [each.name for each in desk.user.groups.all()] == ["editor"]
