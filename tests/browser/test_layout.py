"""How pages lay themselves out: on narrow and wide screens, and on paper."""

from io import BytesIO

from django.db.models import F, Value
from django.db.models.functions import Concat
from playwright.sync_api import expect
from pypdf import PdfReader
from taggit.models import Tag

from briefings.models import Situation
from entries.glossary.models import Term
from entries.links.models import Link
from entries.models import kinds
from entries.search.models import documents_of
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from practices.models import Practice
from tests.browser.pages import PAGES
from tests.made import NAME_FIELDS
from themes.models import Theme

COMPOUND = (
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzgebungsverfahrensordnungsamt"
)
ADDRESS = f"https://example.org/{'a' * 150}/?b={'c' * 60}"


def test_neither_a_long_compound_nor_an_address_widens_a_page(open_page):
    lengthen_everything()
    page = open_page(320)
    for address in [*PAGES.values(), f"/search/?q={COMPOUND}", f"/practices/?q={COMPOUND}"]:
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths == [320, 320], address


def lengthen_everything():
    for kind in kinds():
        document = documents_of(kind)
        names = {NAME_FIELDS[kind]: COMPOUND, document.text: f"{COMPOUND} {ADDRESS}"}
        kind.objects.update(**names, as_printed=ADDRESS, as_printed_is_public=True)
    Practice.objects.update(country_as_printed=COMPOUND[:80], organisation=COMPOUND)
    Theme.objects.update(title=COMPOUND, introduction=ADDRESS)
    Situation.objects.update(title=COMPOUND, occasion=COMPOUND)
    Link.objects.update(note=COMPOUND)
    for model, name in ((Tag, "name"), (WorkingGroup, "name"), (Term, "term")):
        model.objects.update(
            **{name: Concat(Value(COMPOUND), F("pk"), output_field=model._meta.get_field(name))}
        )


def test_facets_are_folded_on_a_narrow_screen(open_page):
    page = open_page(375)
    page.goto("/practices/")
    facets = page.get_by_role("complementary", name="Filters")
    expect(facets.get_by_role("link", name="Denmark")).to_be_hidden()
    first = page.locator(".listed").first
    assert first.bounding_box()["y"] < 900  # what was looked for is on the first screen
    facets.get_by_text("Filter this list").click()
    expect(facets.get_by_role("link", name="Denmark")).to_be_visible()


def test_facets_stand_open_beside_the_results_on_a_wide_screen(page):
    page.goto("/practices/")
    facets = page.get_by_role("complementary", name="Filters")
    expect(facets.get_by_role("link", name="Denmark")).to_be_visible()
    expect(facets.get_by_text("Filter this list")).to_be_hidden()
    results = page.locator(".listed").first.bounding_box()
    assert facets.bounding_box()["x"] + facets.bounding_box()["width"] <= results["x"]


def test_paper_is_white_also_for_those_who_read_in_the_dark(open_page):
    page = open_page(scheme="dark")
    page.goto("/meetings/?country=nowhere")
    page.emulate_media(media="print")
    background = "element => getComputedStyle(element).backgroundColor"
    assert page.locator("body").evaluate(background) == "rgb(255, 255, 255)"
    assert page.locator("main").evaluate("main => getComputedStyle(main).color") == "rgb(0, 0, 0)"


def test_a_situation_answers_on_one_screen_of_a_phone(open_page):
    page = open_page(375)
    page.set_viewport_size({"width": 375, "height": 812})
    for situation in Situation.objects.published():
        page.goto(situation.get_absolute_url())
        last = page.locator("#known .listed").last.bounding_box()
        assert last["y"] + last["height"] <= 812, situation


def paper(page, address):
    """The pages that the address prints."""
    page.goto(address)
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages


def text_on(sheets):
    return " ".join(word for sheet in sheets for word in sheet.extract_text().split())


def test_a_situation_and_its_briefing_are_two_pages_of_paper(page):
    for situation in Situation.objects.published():
        assert len(paper(page, situation.get_absolute_url())) == 2, situation
    child = "situations/child-returns-from-a-conflict-zone"
    for address in (f"/{child}/", f"/briefing/?e={child}"):
        sheets = paper(page, address)
        assert len(sheets) == 2
        # Folded above.
        assert "Professionals can do effective work with radicalised children" in text_on(sheets)


def test_a_list_of_several_pages_prints_whole_from_any_of_them(page):
    text = text_on(paper(page, "/lessons/?page=2"))
    assert "58 lessons" in text
    for lesson in Lesson.objects.published():
        assert "".join(lesson.text.split()[:8]) in "".join(text.split()), lesson
    assert "page 2 of 3" not in text
    expect(page.locator(".listed")).to_have_count(20)  # on the screen again
