"""What a machine can tell of WCAG 2.2 AA, on every type of page in every look."""

from lessons.models import Lesson
from tests.browser.pages import every_page, violations


@every_page
def test_axe_finds_nothing(page_in_every_look, address):
    page_in_every_look.goto(address)
    assert violations(page_in_every_look) == []


def test_axe_finds_nothing_in_opened_facets(page_in_every_look):
    page_in_every_look.goto("/practices/?country=DK")
    for details in page_in_every_look.locator("details").all():
        details.evaluate("details => details.open = true")
    assert violations(page_in_every_look) == []


def test_axe_finds_nothing_where_the_words_of_a_source_stand_beside_ours(page_in_every_look):
    Lesson.objects.filter(slug="traits-of-lone-actors").update(as_printed="Their own words.")
    page_in_every_look.goto("/lessons/traits-of-lone-actors/")
    assert violations(page_in_every_look) == []
