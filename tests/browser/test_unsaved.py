"""Nothing typed is lost: two tabs, a page that was closed, a session that ended."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from lessons.models import Lesson
from tests.browser.people import choose, save, sign_in
from tests.desk import change_url

WORDS = "Write down, once a week, what has been learned."
ADD = "/admin/lessons/lesson/add/"


@pytest.fixture
def desk(page):
    User.objects.create_superuser("curator", "", "curate-this")
    sign_in(page, "curator", "curate-this")
    return page


def text(page):
    return page.get_by_label("Text:", exact=True)


def offer(page):
    return page.locator(".unsaved-offer")


def kept(page):
    page.wait_for_load_state()
    # What is typed is kept every second: a clock of the page's own that begins now rings after that.
    page.evaluate("new Promise((rings) => setTimeout(rings, 1100))")
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('unsaved '))")


def again_in_a_new_tab(desk, address):
    """The tab is closed as a crash would, and the form opened in another."""
    assert kept(desk)
    tab = desk.context.new_page()
    desk.close()
    tab.goto(address)
    return tab


def test_what_was_typed_and_not_saved_is_offered_back_with_rows_and_choices_and_saved_once(desk):
    desk.goto(ADD)
    text(desk).fill(WORDS)
    choose(desk, "themes", "Lone actors")
    desk.get_by_text("Add another Link").click()
    desk.locator("#id_links-0-url").fill("https://example.org/learned.pdf")
    tab = again_in_a_new_tab(desk, ADD)
    expect(offer(tab)).to_contain_text("Something that you typed into this form was not saved")
    expect(text(tab)).to_have_value("")
    offer(tab).get_by_role("button", name="Put it in again").click()
    expect(tab.locator(".put-in-again")).to_contain_text("Nothing is saved yet")
    expect(text(tab)).to_have_value(WORDS)
    expect(tab.locator(".field-themes .select2-selection")).to_contain_text("Lone actors")
    expect(tab.locator("#id_links-0-url")).to_have_value("https://example.org/learned.pdf")
    save(tab)
    expect(tab.locator(".messagelist .success")).to_contain_text("was added successfully")
    lesson = Lesson.objects.get(text=WORDS)
    assert lesson.links.get().url == "https://example.org/learned.pdf"
    assert kept(tab) == []
    tab.goto(ADD)
    expect(text(tab)).to_have_value("")
    expect(offer(tab)).to_have_count(0)


def test_what_was_kept_goes_over_nothing_that_others_saved_since(desk):
    lesson = Lesson.objects.first()
    desk.goto(change_url(lesson))
    text(desk).fill(WORDS)
    assert kept(desk)
    Lesson.objects.filter(pk=lesson.pk).update(source_page="4711")
    tab = again_in_a_new_tab(desk, change_url(lesson))
    offer(tab).get_by_role("button", name="Put it in again").click()
    expect(tab.locator(".edit-conflict")).to_contain_text("Somebody saved this while you were")
    expect(text(tab)).to_have_value(WORDS)


def test_what_is_thrown_away_does_not_come_again(desk):
    desk.goto(ADD)
    text(desk).fill(WORDS)
    tab = again_in_a_new_tab(desk, ADD)
    offer(tab).get_by_role("button", name="Throw it away").click()
    assert kept(tab) == []
    tab.reload()
    expect(text(tab)).to_have_value("")
    expect(offer(tab)).to_have_count(0)


def test_what_is_kept_goes_with_a_deliberate_sign_out_and_after_seven_days(desk):
    desk.goto(ADD)
    text(desk).fill(WORDS)
    [key] = kept(desk)
    desk.goto("/admin/")
    aged = "([key]) => { const old = JSON.parse(localStorage.getItem(key)); old.at -= 7 * 864e5;"
    aged += " localStorage.setItem(key, JSON.stringify(old)); }"
    desk.evaluate(aged, [key])
    desk.goto("/admin/")
    assert kept(desk) == []
    desk.goto(ADD)
    text(desk).fill(WORDS)
    assert kept(desk)
    desk.get_by_role("button", name="Log out").click()
    expect(desk).to_have_url(re.compile("/curators/sign-in/"))
    assert kept(desk) == []


def test_nobody_is_offered_what_somebody_else_typed(desk):
    desk.goto(ADD)
    text(desk).fill(WORDS)
    assert kept(desk)
    Session.objects.all().delete()  # it ended: nobody signed out
    User.objects.create_superuser("other", "", "curate-that")
    sign_in(desk, "other", "curate-that")
    desk.goto(ADD)
    expect(text(desk)).to_have_value("")
    expect(offer(desk)).to_have_count(0)


def test_nothing_is_kept_of_forms_that_have_passwords(desk):
    desk.goto("/curators/password/")
    desk.get_by_label("Current Password").fill("curate-this")
    assert kept(desk) == []
    desk.goto("/admin/auth/user/add/")
    desk.get_by_label("Username:").fill("new-colleague")
    assert kept(desk) == []


def test_signed_out_in_another_tab_the_form_is_given_back_and_saved_after_signing_in(desk):
    desk.goto(ADD)
    text(desk).fill(WORDS)
    other = desk.context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Log out").click()
    expect(other).to_have_url(re.compile("/curators/sign-in/"))
    save(desk)
    expect(desk.locator("h1")).to_have_text("You are not signed in any more")
    expect(desk.get_by_label("Text", exact=True)).to_have_value(WORDS)
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Sign in, in a new tab").click()
    tab = opened.value
    tab.get_by_label("Username").fill("curator")
    tab.get_by_label("Password").fill("curate-this")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab).to_have_url(re.compile(ADD))
    token = "document.querySelector('form.unsaved [name=csrfmiddlewaretoken]').value"
    before = desk.evaluate(token)
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.wait_for_function(f"before => {token} !== before", arg=before)
    desk.get_by_role("button", name="Send it again").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("was added successfully")
    assert Lesson.objects.filter(text=WORDS).count() == 1
