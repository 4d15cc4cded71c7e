"""What kind of statement a lesson or a question is: only what is read and recorded."""

import pytest

from lessons.models import Lesson, Question
from meetings.models import Paper
from tests.made import make
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def standing(client, entry):
    [line] = open_page(client, entry.get_absolute_url()).texts(".//p[@class='small soft standing']")
    return line.removesuffix(" What this means")


def test_a_lesson_says_what_kind_of_statement_it_is(client):
    lesson = Lesson.objects.get(slug="traits-of-lone-actors")
    assert standing(client, lesson) == (
        "Lesson or recommendation of RAN HEALTH Working Group, in one paper, undated,"
        " no study is named; our wording."
    )
    key_point = Lesson.objects.get(slug="focus-on-intention-of-behaviour")
    assert standing(client, key_point) == (
        "Lesson or recommendation of RAN Mental Health Working Group, in one paper,"
        " 20 November 2023, no study is named; our wording."
    )
    question = Question.objects.get(slug="unique-profile-of-lone-actors")
    assert standing(client, question) == (
        "Open question of RAN HEALTH Working Group, in one paper, undated; our wording."
    )


def test_nothing_is_said_of_studies_where_nobody_could_look(client):
    unread = Lesson.objects.get(slug="cooperation-of-both-sectors-widely-felt")
    assert "study" not in standing(client, unread)
    of_nobody = make(Lesson, "Trust needs time.")
    assert standing(client, of_nobody) == "Lesson or recommendation; our wording."
    of_a_draft = make(Lesson, "Time needs trust.", source=make(Paper, "Hidden", status="draft"))
    assert standing(client, of_a_draft) == "Lesson or recommendation; our wording."


def test_the_words_of_the_line_are_explained(client):
    page = open_page(client, "/about/how-sure/")
    assert page.headings == ["How sure is it?"]
    for word in ("No study is named", "In one paper", "Our wording", "‘probable’"):
        assert word in page.text
