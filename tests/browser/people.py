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
