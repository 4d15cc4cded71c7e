"""The pages without a mouse."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.soak import soak, times

# Where the focus goes, and that it leaves the page.
WATCH = """() => {
    window.walked = [];
    addEventListener("focusin", ({ target }) => {
        const style = getComputedStyle(target);
        walked.push({
            address: target.getAttribute("href"),
            marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        });
    });
    addEventListener("focusout", ({ relatedTarget }) => relatedTarget || walked.push(null));
}"""


def walk(page):
    """Hold Tab down until the page ends; what it led to, one after the other."""
    page.evaluate(WATCH)
    for _ in range(50):
        for _ in range(10):
            page.keyboard.down("Tab")
        walked = page.evaluate("walked")
        if None in walked:
            page.keyboard.up("Tab")
            return walked[: walked.index(None)]
    return pytest.fail("The page has no end.")


def addresses_in(page, selector):
    """Of the links that are not folded away."""
    links = page.locator(f"{selector} a").all()
    return [link.get_attribute("href") for link in links if link.is_visible()]


def test_every_facet_and_chip_is_reached_in_the_order_of_the_page(page):
    page.goto("/practices/?country=DK&country=DE")
    walked = [focus["address"] for focus in walk(page) if focus["address"]]
    for selector in (".chips", ".facet", ".sorts", ".listing"):
        addresses = addresses_in(page, selector)
        assert addresses
        start = walked.index(addresses[0])
        assert walked[start : start + len(addresses)] == addresses


def test_facets_folded_on_a_narrow_screen_are_opened_by_the_keyboard(open_page):
    page = open_page(375)
    page.goto("/practices/")
    facets = [link.get_attribute("href") for link in page.locator(".facet a").all()]
    assert not {focus["address"] for focus in walk(page)} & set(facets)
    page.locator(".fold summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("a:focus")).to_have_attribute("href", facets[0])
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_be_visible()
    assert page.url.endswith(facets[0])
    # The choices stay open, so that another can be made.
    expect(page.locator(".facet a.selected")).to_be_visible()


def test_the_filters_can_be_passed_over(page):
    page.goto("/practices/")
    skip = page.get_by_role("link", name="Skip to results")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#results').contains(document.activeElement)")


def test_every_mark_of_the_map_is_reached_and_says_what_it_leads_to(page):
    page.goto("/map/")
    walked = [focus["address"] for focus in walk(page)]
    marks = page.locator(".map .dots a").all()
    assert len(marks) == 133  # one for each entry in each of its places
    addresses = [mark.get_attribute("href") for mark in marks]
    assert [address for address in walked if address in set(addresses)][: len(marks)] == addresses
    for mark in marks[:5]:
        assert mark.locator("title").text_content().partition(": ")[2]


WALKED = [
    "/practices/?country=DK",
    "/",
    "/themes/ethics/",
    "/practices/compare/?p=channel&p=legato",
    "/briefing/?e=situations/support-online",
]
IN_THE_DARK = times(WALKED[:1], WALKED)


@soak
@pytest.mark.parametrize(
    ("address", "scheme"), [*product(WALKED, ["light"]), *product(IN_THE_DARK, ["dark"])]
)
def test_whatever_has_the_focus_shows_it(open_page, address, scheme):
    page = open_page(scheme=scheme)
    page.goto(address)
    walked = walk(page)
    assert len(walked) > 10
    assert [focus["address"] for focus in walked if not focus["marked"]] == []
