"""What must hold on every type of page: each is opened once, and looked at in every way."""

from playwright.sync_api import expect

from tests.browser.looks import overhang, seen, wrong_in_every_look
from tests.browser.pages import every_page
from tests.soak import soak


@soak
@every_page
def test_on_wide_and_narrow_screens_by_the_keyboard_and_on_paper(look, address):
    page, response = look(address)
    assert wrong_in_every_look(page) == {}
    assert overhang(seen(page, width=320)) == []
    seen(page)
    the_first_tab_leads_past_the_navigation(page)
    page.emulate_media(media="print")
    the_content_stays_and_the_navigation_goes(page, address, response)


def the_first_tab_leads_past_the_navigation(page):
    page.keyboard.press("Tab")
    skip = page.locator("a:focus")
    expect(skip).to_have_text("Skip to content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    if page.locator("main :is(a, input, button, summary)").count():  # a text may have none
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def the_content_stays_and_the_navigation_goes(page, address, response):
    expect(page.locator("h1")).to_be_visible()
    navigation = page.locator("nav, form, .facets, .skip")
    expect(navigation.filter(visible=True)).to_have_count(0)
    provenance = page.locator(".provenance:not(.nearest-entries *)")
    expect(provenance.filter(visible=False)).to_have_count(0)
    of_an_entry = response.ok and address.split("/")[1] in ("lessons", "practices", "themes")
    has_none = "country=SE" in address or "/compare/" in address  # no entry, or a table of them
    if of_an_entry and not has_none:
        assert provenance.count()
