"""A briefing is gathered from page to page, and its address is all there is of it."""

from playwright.sync_api import expect


def holds(page, number):
    expect(page.locator(".to-briefing .count")).to_have_text(str(number))


def test_entries_are_added_from_page_to_page_counted_and_opened_as_one_briefing(page):
    page.goto("/lessons/")
    assert page.locator(".to-briefing").is_hidden()
    added = page.locator("a.add").first
    added.click()
    expect(added).to_have_text("In the briefing")
    assert added.get_attribute("aria-pressed") == "true"
    holds(page, 1)
    page.goto("/practices/")
    second = page.locator("a.add").nth(1)
    second.focus()
    page.keyboard.press("Space")
    holds(page, 2)
    second.click()
    holds(page, 1)
    second.click()
    page.locator(".to-briefing").click()
    expect(page.locator("main h2")).to_have_text(["Lessons", "Practices", "Sources"])
    page.get_by_text("Take out").first.click()
    holds(page, 1)
    # What the privacy notice says is kept, and nothing beside it.
    assert page.context.cookies() == []
    assert page.evaluate("[Object.keys(sessionStorage), localStorage.length]") == [["briefing"], 0]


def test_without_script_add_to_briefing_opens_a_briefing(page_without_script):
    page_without_script.goto("/lessons/")
    page_without_script.locator("a.add").first.click()
    expect(page_without_script.locator(".briefed")).to_have_count(1)


def test_practices_ticked_in_their_list_are_compared(page):
    page.goto("/practices/")
    for number in (0, 2):
        page.locator("input[name=p]").nth(number).check()
    page.get_by_role("button", name="Compare the ticked ones").click()
    expect(page.locator("table.comparison thead th")).to_have_count(2)
