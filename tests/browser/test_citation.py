"""The citation on an entry's page: copied with a button, or selected where there is none."""

import pytest

from lessons.models import Lesson
from meetings.models import Paper
from tests.browser.looks import wrong_in_every_look


@pytest.fixture
def address(corpus):
    return Lesson.objects.first().get_absolute_url()


def open_citation(page, address):
    page.goto(address)
    page.get_by_text("Cite this entry").click()


def copy_button(page):
    return page.get_by_role("button", name="Copy citation")


def selection(page):
    return page.evaluate("getSelection().toString()")


@pytest.mark.parametrize("key", [None, "Enter", " "])
def test_the_button_copies_the_citation_and_says_so(page, address, key):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_citation(page, address)
    status = page.locator(".cite [role=status]")
    assert status.text_content() == ""
    if key is None:
        copy_button(page).click()
    else:
        copy_button(page).focus()
        page.keyboard.press(key)
    status.get_by_text("Citation copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation").text_content()
    assert address in copied


@pytest.mark.parametrize("clipboard", ["undefined", "{writeText: () => Promise.reject()}"])
def test_where_the_clipboard_is_out_of_reach_the_citation_is_selected(page, address, clipboard):
    out_of_reach = f"Object.defineProperty(navigator, 'clipboard', {{get: () => ({clipboard})}})"
    with page.add_init_script(out_of_reach):
        open_citation(page, address)
        copy_button(page).click()
        page.get_by_text("Selected: copy it with your keyboard").wait_for()
        assert selection(page) == page.locator(".citation").text_content()


def test_without_script_there_is_no_button_and_one_click_selects_the_citation(
    page_without_script, address
):
    page = page_without_script
    open_citation(page, address)
    assert page.locator(".citation").is_visible()
    assert not page.locator("button[data-copies]").is_visible()
    page.locator(".citation").click()
    assert selection(page) == page.locator(".citation").text_content()


def test_the_description_for_machines_is_not_run_and_breaks_no_policy(page, corpus):
    Lesson.objects.filter(slug=Lesson.objects.first().slug).update(
        text="</script><script>document.title = 'broken out'</script>"
    )
    page.goto(Lesson.objects.first().get_absolute_url())
    assert page.title() != "broken out"
    assert page.locator("script[type='application/ld+json']").count() == 1


def test_axe_finds_nothing_where_the_citation_stands_open(page):
    for entry in (Lesson.objects.first(), Paper.objects.first()):
        open_citation(page, entry.get_absolute_url())
        assert wrong_in_every_look(page) == {}
