"""What is written twice is named: by its words, its printed words and its addresses."""

import pytest

from entries.duplicates import all_alike, like
from entries.links.models import Link
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from tests.desk import page_url
from tests.made import draft
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def named(entry):
    return [(str(each.entry), str(each.why)) for each in like(entry)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Écoute the staff, “always”.", "ecoute the Staff always"),
        ("Multi-agency work needs time", "Multi agency work   needs time!"),
        ("Straße und Maß", "STRASSE UND MASS"),
        ("co\u00adoperate at 7 o’clock", "cooperate at 7 o'clock"),
    ],
)
def test_words_are_the_same_under_case_accents_spaces_and_signs(empty_db, one, other):
    first, second = draft(Lesson, one, slug="a"), draft(Lesson, other, slug="b")
    assert named(second) == [(str(first), "the same words")]
    assert all_alike(Lesson) == [[first, second]]


def test_other_words_another_kind_and_no_words_are_not_the_same(empty_db):
    lesson = draft(Lesson, "Trust takes time")
    draft(Lesson, "Trust takes no time")
    draft(Question, "Trust takes time")
    for slug in "ab":
        draft(Lesson, "", slug=slug)
    assert named(lesson) == []
    assert all_alike(Lesson) == []


def test_a_meeting_of_the_same_name_is_the_same_only_in_the_same_year(empty_db):
    first, second, third = (
        draft(Meeting, "Plenary", slug=f"p-{n}", start_date=day)
        for n, day in enumerate(("2019-05-01", "2020-05-01", "2020-06-01"))
    )
    second, third = (Meeting.objects.get(pk=each.pk) for each in (second, third))
    assert named(second) == [(str(third), "the same words")]
    assert all_alike(Meeting) == [[second, third]]
    assert first.pk


def test_a_name_of_many_years_hides_none_that_is_there_twice(empty_db):
    """More of one name than are named: twenty plenaries, one a year, and a second one of 2019."""
    for year in range(1999, 2020):
        draft(Meeting, "Plenary", slug=f"p-{year}", start_date=f"{year}-05-01")
    for number in range(25):
        for year in (2018, 2019):
            draft(Meeting, f"Board {number}", slug=f"b-{number}-{year}", start_date=f"{year}-01-01")
    first = Meeting.objects.get(slug="p-2019")
    second = draft(Meeting, "plenary!", slug="second", start_date="2019-10-01")
    second.refresh_from_db()
    assert named(second) == [(str(first), "the same words")]
    assert all_alike(Meeting) == [[first, second]]


def test_printed_words_and_addresses_tell_the_same_too(empty_db):
    printed = draft(Paper, "One title", as_printed="As it stands there.")
    linked = draft(Paper, "Another title")
    third = draft(Paper, "A third title", as_printed="as it stands THERE")
    for paper in (linked, third):
        Link.objects.create(url="https://example.org/a.pdf", paper=paper)
    assert named(third) == [
        (str(printed), "the same printed words"),
        (str(linked), "the same address"),
    ]


def test_saving_names_what_is_like_it_and_saves_all_the_same(desk):
    there = draft(Lesson, "Trust takes time")
    desk.saved(page_url(Lesson, "add"), text="Trust takes time.", slug="again")
    page = desk.open(page_url(Lesson, "changelist"))
    assert Lesson.objects.filter(slug="again").exists()
    assert "There may be one already: Trust takes time (the same words)" in text_of(page)
    assert f'href="{there.admin_url}"' in page.content.decode()
