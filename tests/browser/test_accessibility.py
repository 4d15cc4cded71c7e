"""What a machine can tell of WCAG 2.2 AA; of every type of page in every look: `test_every_page.py`."""

from lessons.models import Lesson
from tests.browser.looks import wrong_in_every_look


def test_axe_finds_nothing_in_opened_facets(page):
    page.goto("/practices/?country=DK")
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    assert wrong_in_every_look(page) == {}


def test_axe_finds_nothing_where_the_words_of_a_source_stand_beside_ours(page):
    Lesson.objects.filter(slug="traits-of-lone-actors").update(as_printed="Their own words.")
    page.goto("/lessons/traits-of-lone-actors/")
    assert wrong_in_every_look(page) == {}
