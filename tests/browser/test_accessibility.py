"""What a machine can tell of WCAG 2.2 AA; of every type of page in every look: `test_every_page.py`."""

from lessons.models import Lesson
from tests.browser.looks import every_width, violations_in_every_colour


@every_width
def test_axe_finds_nothing_in_opened_facets(open_page, width):
    page = open_page(width)
    page.goto("/practices/?country=DK")
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    assert violations_in_every_colour(page) == {}


@every_width
def test_axe_finds_nothing_where_the_words_of_a_source_stand_beside_ours(open_page, width):
    Lesson.objects.filter(slug="traits-of-lone-actors").update(as_printed="Their own words.")
    page = open_page(width)
    page.goto("/lessons/traits-of-lone-actors/")
    assert violations_in_every_colour(page) == {}
