"""What a statement says in short, in plain words."""

import pytest

from lessons.models import Lesson
from tests.desk import change_url, errors_in
from tests.made import draft
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_what_a_lesson_says_in_short_stands_beside_the_full_wording_on_its_page(client):
    lesson = Lesson.objects.get(slug="triangulated-risk-assessment")
    page = open_page(client, lesson.get_absolute_url())
    assert lesson.text in page.text
    assert f"In short: {lesson.in_short}" in page.text
    plain = Lesson.objects.get(slug="more-training-on-lone-actors")
    assert "In short" not in open_page(client, plain.get_absolute_url()).text


def test_in_short_is_twenty_words_at_most(desk):
    lesson = draft(Lesson, "Trust needs time, and agencies may not have it.")
    url = change_url(lesson)
    response = desk.refused(url, in_short="word " * 21)
    assert errors_in(response) == {
        "in_short": ["At most 20 words, please: these are 21."],
    }
    desk.saved(url, in_short="word " * 20)
