"""How much one answer holds and one question may ask, in numbers: a slip of a zero is seen here."""

import pytest

from entries.search.models import Synonym
from entries.search.query import parse
from lessons.models import Lesson
from tests.addresses import list_address
from tests.desk import person
from tests.made import every_kind, make
from tests.pages import listed, open_page
from tests.transitions import piles, press
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORD = "wolfsbane"


def lessons(count, status="published", **fields):
    return [make(Lesson, f"{WORD} {number}", status=status, **fields) for number in range(count)]


def test_a_list_shows_twenty_entries_of_a_page(client):
    lessons(25)
    assert len(open_page(client, "/lessons/", q=WORD).entries) == 20
    assert len(listed(client, f"/lessons/?q={WORD}")) == 25


def test_the_search_shows_the_four_best_of_a_kind_and_leads_to_the_rest(client):
    lessons(9)
    page = open_page(client, "/search/", q=WORD)
    assert len(page.entries) == 4
    assert page.links()["All 9 lessons, to filter or take away"] == f"/lessons/?q={WORD}"


def test_the_search_names_six_themes_at_most(client):
    for number in range(9):
        Theme.objects.create(title=f"On {WORD} {number}", slug=f"{WORD}-{number}")
    named = open_page(client, "/search/", q=WORD).main.find(
        ".//section[@class='named search-part']"
    )
    assert len(named.findall(".//li")) == 6


@pytest.mark.parametrize(("length", "is_read"), [(200, True), (201, False)])
@every_kind
def test_two_hundred_signs_are_searched_for_and_no_more(client, kind, length, is_read):
    query = {"q": "w" * length}
    for page in (
        open_page(client, "/search/", **query),
        open_page(client, list_address(kind), **query),
    ):
        assert ("too long" in page.text or "at most 200" in page.text) != is_read
    for name in ("csv", "ris", "bib", "atom", "api"):
        answer = client.get(list_address(kind, name), query)
        assert answer.status_code == (200 if is_read else 400), name


def test_of_a_long_question_twenty_four_words_are_looked_for(db):
    query = parse(" ".join(f"w{number}" for number in range(60)), Synonym.objects.thesaurus())
    assert len(query.clauses) == 24


def test_a_pile_of_the_desk_shows_ten_and_leads_to_the_rest():
    desk = person("curator")
    lessons(14, status="review")
    said = piles(desk)["Waiting for your review"]
    assert said.count(f"Lesson {WORD}") == 10
    assert "All such lessons" in said


def test_the_week_of_the_desk_shows_the_last_thirty():
    desk = person("editor")
    for lesson in lessons(32, status="review"):
        press(desk, lesson, "return", note="Not yet.")
    assert piles(desk)["This week"].count(WORD) == 30
