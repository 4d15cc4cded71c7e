"""The pages without a mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import every_page

FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return {
        address: document.activeElement.getAttribute("href"),
        marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        end: document.activeElement === document.body,
    };
}"""


def walk(page):
    """Press Tab until the page ends, and yield what each press led to."""
    for _ in range(500):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["end"]:
            return
        yield focus
    pytest.fail("The page has no end.")


def addresses_in(page, selector):
    return [link.get_attribute("href") for link in page.locator(f"{selector} a").all()]


@every_page
def test_the_first_tab_leads_past_the_navigation(page, address):
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_facet_and_chip_is_reached_in_the_order_of_the_page(page):
    page.goto("/practices/?country=DK&country=DE")
    walked = [focus["address"] for focus in walk(page)]
    for selector in (".chips", ".facets", ".sorts", ".items"):
        addresses = addresses_in(page, selector)
        assert addresses
        start = walked.index(addresses[0])
        assert walked[start : start + len(addresses)] == addresses


def test_facets_folded_on_a_narrow_screen_are_opened_by_the_keyboard(open_page):
    page = open_page(375)
    page.goto("/practices/")
    facets = addresses_in(page, ".facets")
    assert not {focus["address"] for focus in walk(page)} & set(facets)
    page.locator(".facets summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["address"] == facets[0]
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_be_visible()
    assert page.url.endswith(facets[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/practices/?country=DK", "/themes/ethics/"])
def test_whatever_has_the_focus_shows_it(open_page, address, scheme):
    page = open_page(scheme=scheme)
    page.goto(address)
    walked = list(walk(page))
    assert len(walked) > 10
    assert [focus["address"] for focus in walked if not focus["marked"]] == []
