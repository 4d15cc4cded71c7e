"""Ways round the rules of the desk, each of them closed."""

import time
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from records.versions.differences import lines_between, words_between
from records.versions.snapshots import deleted, versions_of
from tests.portal import make
from tests.roles import person
from tests.test_admin import change_url, page_url, text_of, values_in
from themes.models import Theme

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2024, 2, 29, tzinfo=UTC)


def go_back(desk, page):
    """Open the page of a restore or a recovery, give a note, and send it."""
    return desk.client.post(page, values_in(desk.open(page))[0] | {"note": "Back."}, follow=True)


def test_whoever_restores_a_link_has_changed_its_entry():
    curator, editor = person("curator"), person("editor")
    lesson = make(Lesson, "With a link", status="review", author=curator.user)
    link = Link.objects.create(lesson=lesson, url="https://example.org/first")
    for desk, address in ((editor, "of-editor"), (curator, "first")):
        desk.saved(change_url(link), url=f"https://example.org/{address}")
    version = versions_of(Link, link.pk)[1]
    assert "of-editor" in version.serialized_data
    go_back(editor, page_url(Link, "restore", link.pk, version.pk))
    lesson.refresh_from_db()
    assert lesson.changed_by == editor.user
    page = page_url(Lesson, "transition", lesson.pk, "publish")
    assert "You made the last change yourself" in text_of(editor.open(page))


def test_a_link_of_a_public_entry_that_is_recovered_is_on_record_and_awaits_a_second_look():
    curator = person("curator")
    lesson = make(Lesson, "Public")
    link = Link.objects.create(lesson=lesson, url="https://example.org/")
    curator.client.post(page_url(Link, "delete", link.pk), {"post": "yes"})
    Lesson.objects.update(awaits_second_look=False, updated=LONG_AGO)
    go_back(curator, page_url(Link, "recover", deleted(Link).first().pk))
    lesson.refresh_from_db()
    assert lesson.links.count() == 1
    assert lesson.awaits_second_look
    assert lesson.updated > LONG_AGO
    assert "A link was restored" in LoggedTransition.objects.of(lesson).last().note


def test_a_link_that_is_saved_as_it_was_changes_nothing():
    curator = person("curator")
    lesson = make(Lesson, "Public")
    link = Link.objects.create(lesson=lesson, url="https://example.org/")
    curator.saved(change_url(link))
    assert not LoggedTransition.objects.of(lesson).exists()


def test_an_entry_comes_back_although_its_authors_account_is_gone():
    contributor, curator = person("contributor"), person("curator")
    draft = make(Lesson, "Left behind", status="draft", author=contributor.user)
    curator.saved(change_url(draft), source_page="7")
    curator.client.post(page_url(Lesson, "delete", draft.pk), {"post": "yes"})
    User.objects.get(pk=contributor.user.pk).delete()
    go_back(curator, page_url(Lesson, "recover", deleted(Lesson).first().pk))
    assert Lesson.objects.get(slug="left-behind").author is None


def test_what_was_public_comes_back_through_those_who_publish():
    curator, editor, boss = person("curator"), person("editor"), person("superuser")
    lesson = make(Lesson, "Public")
    curator.saved(change_url(lesson), source_page="7", change_note="Why.")
    boss.client.post(page_url(Lesson, "delete", lesson.pk), {"post": "yes"})
    page = page_url(Lesson, "recover", deleted(Lesson).first().pk)
    assert curator.client.get(page).status_code == 403
    assert curator.client.post(page, {"note": "Back."}).status_code == 403
    go_back(editor, page)
    assert Lesson.objects.filter(slug="public").exists()


def test_no_version_takes_the_last_theme_off_a_public_entry():
    curator = person("curator")
    lesson = make(Lesson, "Public", status="draft", author=curator.user)
    lesson.themes.clear()
    curator.saved(change_url(lesson), source_page="7")
    bare = versions_of(Lesson, lesson.pk).first()
    lesson.themes.add(Theme.objects.first())
    lesson.status = "published"
    lesson.save()
    answer = go_back(curator, page_url(Lesson, "restore", lesson.pk, bare.pk))
    assert "As it was it cannot be public. It is filed under no theme." in text_of(answer)
    assert lesson.themes.count() == 1


@pytest.mark.parametrize(
    "query", ["text__regex=^(a%2B)%2B$", "text__iregex=(", "pk__range=1", "created__iso_year=-1"]
)
def test_an_address_asks_a_list_of_the_admin_only_for_what_it_offers(query):
    desk = person("contributor")
    make(Lesson, "a" * 34 + "!", status="draft", author=desk.user)
    began = time.monotonic()
    answer = desk.client.get(f"{page_url(Lesson, 'changelist')}?{query}")
    assert answer.status_code in (302, 400)
    assert time.monotonic() - began < 10


def test_texts_that_are_the_same_all_over_are_compared_at_once():
    began = time.monotonic()
    pieces = words_between("a " * 1998, "b " + "a " * 1997)
    assert "".join(text for kind, text in pieces if kind != "out") == "b " + "a " * 1997
    assert [*lines_between(["same"] * 8000, ["other", *["same"] * 7999])]
    assert time.monotonic() - began < 10
