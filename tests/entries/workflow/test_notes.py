"""Internal notes: the staff call each other by name, and nobody else ever reads them."""

import pytest
from django.contrib.auth.models import Permission

from briefings.models import Situation
from entries.workflow.notes import Note
from lessons.models import Lesson
from tests.desk import page_url, person
from tests.made import draft, make
from tests.pages import text_of
from tests.transitions import notes_url, pile, write_note

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_who_is_called_finds_it_on_the_desk_until_they_answer_or_tick_it_off():
    anna, bela = person("contributor", "anna"), person("curator", "bela.b")
    lesson, situation = draft(Lesson, "A draft"), Situation.objects.first()
    write_note(anna, lesson, "@Bela.b, please check the page. Mail a@bela.b is no call.")
    write_note(anna, situation, "Whom to involve, @bela.b?")
    assert "anna, 0 minutes ago @Bela.b, please check the page." in pile(bela, "You are called")
    assert pile(anna, "You are called") == ""
    said = text_of(bela.open(notes_url(lesson)))
    assert "@bela.b: is waited for" in said
    write_note(bela, lesson, "Done, @anna.")
    bela.client.post(notes_url(situation), {"_answered": "1"})
    assert pile(bela, "You are called") == ""
    assert "Done, @anna." in pile(anna, "You are called")
    assert "Internal notes (2)" in text_of(bela.open(lesson.admin_url))
    assert "Done, @anna." in text_of(bela.open(page_url(Lesson, "review", lesson.pk)))


@pytest.mark.once
@pytest.mark.parametrize("name", ["nobody.here", "the.guest"])
def test_a_name_that_nobody_has_who_may_look_is_said_and_the_note_given_back(name):
    person("nobody", "the.guest")
    anna, lesson = person("contributor", "anna"), draft(Lesson, "A draft")
    page = write_note(anna, lesson, f"Could @{name} look?")
    assert f"Nobody who may look at it is called @{name}." in text_of(page)
    assert f"Could @{name} look?" in page.content.decode()
    assert not Note.objects.exists()


def test_names_that_differ_in_a_letter_or_in_its_case_alone_are_other_people():
    ida, capital = person("curator", "ıda"), person("curator", "IDA")
    small, anna = person("curator", "ida"), person("contributor", "anna")
    lesson = draft(Lesson, "A draft")
    for name in ("ıda", "IDA", "ida", "Ida"):
        write_note(anna, lesson, f"For {name}: @{name}.")
    assert {pile(desk, "You are called").count("For ") for desk in (ida, capital)} == {1}
    assert pile(small, "You are called").count("For ") == 2, "nobody else is called Ida"


@pytest.mark.once
def test_staff_without_a_role_read_and_write_none():
    guest, lesson = person("nobody"), make(Lesson, "A lesson")
    write_note(person("curator"), lesson, "Internal.")
    assert guest.client.get(notes_url(lesson)).status_code == 403
    assert write_note(guest, lesson, "Mine.").status_code == 403
    assert Note.objects.count() == 1


@pytest.mark.once
def test_who_was_called_and_may_look_no_more_is_not_told_what_was_written():
    anna, bela = person("curator", "anna"), person("curator", "bela")
    lesson = draft(Lesson, "A draft")
    write_note(anna, lesson, "@bela, this is for the staff.")
    assert "this is for the staff" in pile(bela, "You are called")
    bela.user.groups.clear()
    bela.user.user_permissions.add(Permission.objects.get(codename="view_situation"))
    assert pile(bela, "You are called") == ""
