"""What a machine can tell of WCAG 2.2 AA, on every type of page in every look."""

from axe_playwright_python.sync_playwright import Axe

from lessons.models import Lesson
from tests.browser.pages import every_page

# Everything axe knows, its best practices too; the size of targets it leaves out unless told.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def violations(page):
    return [
        f"{found['id']}: {node['html']}"
        for found in Axe().run(page, options=OPTIONS).response["violations"]
        for node in found["nodes"]
    ]


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
