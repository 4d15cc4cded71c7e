"""Who uses the portal's admin in the tests."""

import re

from playwright.sync_api import expect


def sign_in(page, username, password):
    """Sign in by the form, as somebody whom no second factor is asked for."""
    page.goto("/curators/sign-in/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def choose(page, field, words):
    """Type into an autocomplete field and take the first that it offers."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    option = page.locator(".select2-results__option--highlighted", has_text=words)
    option.click()
    expect(page.locator(f".field-{field} .select2-selection")).to_contain_text(words)


def save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()
