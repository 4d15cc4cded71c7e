"""The public page of what is typed: shown, and nothing of it saved."""

import pytest
from django.contrib.admin.models import LogEntry
from reversion.models import Version

from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from tests.desk import change_url, lines, page_url, person, values_in
from tests.made import draft, make
from tests.pages import text_of
from themes.models import Theme

pytestmark = pytest.mark.django_db
COUNTED = (Lesson, Version, LoggedTransition, LogEntry)


def preview(desk, page, **typed):
    values, _ = values_in(desk.open(page))
    before = [model.objects.count() for model in COUNTED]
    answer = desk.client.post(page, values | typed | {"_preview": "1"})
    assert [model.objects.count() for model in COUNTED] == before
    return answer


def test_a_new_entry_is_seen_as_its_page_would_be_and_is_not_there():
    desk, theme = person("contributor"), Theme.objects.in_tree_order().last()
    link = lines("links", {"url": "https://example.org/seen", "role": "page"})
    answer = preview(
        desk, page_url(Lesson, "add"), text="Only typed.", themes=[str(theme.pk)], **link
    )
    said = text_of(answer)
    assert "Only typed." in said
    assert theme.title in said
    assert "example.org/seen" in said
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert not Lesson.objects.filter(text="Only typed.").exists()


def test_a_preview_says_nothing_of_a_saving_that_was_undone():
    desk = person("contributor")
    draft(Lesson, "Said twice")
    preview(desk, page_url(Lesson, "add"), text="Said twice", send_to_review="on")
    said = text_of(desk.open(page_url(Lesson, "changelist")))
    assert "There may be one already" not in said
    assert "Sent to review" not in said


def test_a_public_entry_is_previewed_without_a_note_and_stays_as_it_is():
    desk, lesson = person("curator"), make(Lesson, "As it was.")
    answer = preview(desk, change_url(lesson), text="As it may be.")
    assert "As it may be." in text_of(answer)
    stored = Lesson.objects.get(pk=lesson.pk)
    assert (stored.text, stored.awaits_second_look) == ("As it was.", False)
    assert 'name="_preview"' in desk.open(change_url(lesson)).content.decode()


def test_what_cannot_be_saved_is_not_previewed_and_the_form_says_why():
    desk, lesson = person("curator"), make(Lesson, "As it was.")
    answer = preview(desk, change_url(lesson), slug="")
    assert "Please correct the error" in text_of(answer)


@pytest.mark.parametrize("model", [Theme, WorkingGroup])
def test_a_theme_and_a_group_are_previewed_too(model):
    desk, record = person("editor"), model.objects.first()
    name = "title" if model is Theme else "name"
    assert "Another name" in text_of(preview(desk, change_url(record), **{name: "Another name"}))
    assert "Another name" not in str(model.objects.get(pk=record.pk))


def test_who_may_not_change_a_record_gets_no_preview_of_changes():
    desk, lesson = person("contributor"), draft(Lesson, "Somebody else’s")
    answer = desk.client.post(change_url(lesson), {"text": "Mine", "_preview": "1"})
    assert answer.status_code == 403
