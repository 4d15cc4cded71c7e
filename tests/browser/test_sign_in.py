"""Getting in with a second factor, as people do it: an app for codes, a passkey, a recovery code."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import expect

from ranportal.accounts.models import AccessLine
from tests import totp
from tests.browser.looks import wrong_in_every_look

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def anna(corpus, settings):
    """An account that has to have a second factor."""
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()
    return User.objects.create_superuser("anna", "", PASSWORD)


@pytest.fixture
def key_of_anna(page):
    """A device that holds passkeys and knows its owner, as phones and laptops do."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devices, made["authenticatorId"]
    devices.detach()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).click()


def type_in(page):
    page.goto("/admin/")
    heading(page, "Sign in")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def stand_in_the_admin(page):
    expect(page).to_have_url(re.compile("/admin/$"))


def sign_out(page):
    press(page, "Log out")
    heading(page, "Sign in")


def set_up_app(page):
    """From the password to the admin, with an app set up; return its key and recovery codes."""
    type_in(page)
    heading(page, "Second factor")
    press(page, "Set up an app", role="link")
    key = page.locator("code").inner_text()
    code = page.get_by_role("img", name="The key as a QR code")
    assert code.evaluate("image => image.naturalWidth") > 100, "the policy has stopped the image"
    page.get_by_label("Authenticator code").fill(totp.code(key))
    press(page, "Set it up")
    heading(page, "Recovery codes")
    codes = page.locator("pre").inner_text().split()
    press(page, "Kept. To the admin", role="link")
    stand_in_the_admin(page)
    return key, codes


def set_up_passkey(page):
    type_in(page)
    heading(page, "Second factor")
    press(page, "Add a passkey", role="link")
    page.get_by_label("Name").fill("Laptop")
    press(page, "Add it")
    heading(page, "Recovery codes")


def test_an_app_is_set_up_and_its_code_lets_in(page):
    key, codes = set_up_app(page)
    assert len(codes) == 10
    sign_out(page)
    type_in(page)
    heading(page, "Second factor")
    page.get_by_label("Code").fill("000000")
    press(page, "Sign in")
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    page.get_by_label("Code").fill(totp.code(key))
    press(page, "Sign in")
    stand_in_the_admin(page)


def test_a_recovery_code_lets_in_once(page):
    _, codes = set_up_app(page)
    for _ in range(2):
        sign_out(page)
        type_in(page)
        page.get_by_label("Code").fill(codes.pop())
        press(page, "Sign in")
        stand_in_the_admin(page)
    press(page, "Second factor", role="link")
    expect(page.get_by_text("8 are left.")).to_be_visible()


def test_a_passkey_lets_in_without_a_password(page, key_of_anna):
    set_up_passkey(page)
    press(page, "Kept. To the admin", role="link")
    sign_out(page)
    press(page, "Sign in with a passkey")
    stand_in_the_admin(page)
    assert AccessLine.objects.first().detail == "passkey"


def test_a_passkey_lets_in_after_the_password_to_the_page_that_was_asked_for(page, key_of_anna):
    set_up_passkey(page)
    press(page, "Sign out anna")
    page.goto("/admin/lessons/lesson/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    press(page, "Use a passkey")
    expect(page).to_have_url(re.compile("/admin/lessons/lesson/$"))


def test_the_page_that_was_asked_for_is_reached_by_a_passkey_alone(page, key_of_anna):
    set_up_passkey(page)
    press(page, "Sign out anna")
    page.goto("/admin/lessons/lesson/")
    press(page, "Sign in with a passkey")
    expect(page).to_have_url(re.compile("/admin/lessons/lesson/$"))


def test_a_passkey_of_nobody_here_does_not_get_in_and_is_written_down(page, key_of_anna, anna):
    set_up_passkey(page)
    press(page, "Sign out anna")
    anna.authenticator_set.all().delete()
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    heading(page, "Sign in")
    assert str(AccessLine.objects.first()) == "sign-in refused: ?"
    assert AccessLine.objects.first().detail == "passkey not accepted"


def test_a_device_that_does_not_answer_is_told_in_words(page, key_of_anna):
    devices, device = key_of_anna
    type_in(page)
    press(page, "Add a passkey", role="link")
    known = {"authenticatorId": device, "isUserVerified": False}
    devices.send("WebAuthn.setUserVerified", known)
    press(page, "Add it")
    expect(page.get_by_role("alert")).to_have_text(re.compile("The device did not answer"))
    known["isUserVerified"] = True
    devices.send("WebAuthn.setUserVerified", known)
    press(page, "Add it")
    heading(page, "Recovery codes")


def test_passkeys_are_renamed_and_removed(page, key_of_anna):
    set_up_passkey(page)
    press(page, "Second factor", role="link")
    press(page, "Rename or remove", role="link")
    expect(page.get_by_role("heading", name="Laptop")).to_be_visible()
    press(page, "Rename", role="link")
    page.get_by_label("Name").fill("Old laptop")
    press(page, "Rename")
    expect(page.get_by_role("heading", name="Old laptop")).to_be_visible()
    press(page, "Remove", role="link")
    press(page, "Remove")
    page.goto("/admin/")
    heading(page, "Second factor")


def test_every_page_fits_reads_well_and_keeps_the_policy(page, key_of_anna):
    """A breach of the Content-Security-Policy is an error that `page` reports."""

    def look(words):
        heading(page, words)
        assert wrong_in_every_look(page) == {}, words

    page.goto("/admin/")
    look("Sign in")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill("wrong")
    press(page, "Sign in")
    expect(page.get_by_text("are not correct")).to_be_visible()
    look("Sign in")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    look("Second factor")
    press(page, "Set up an app", role="link")
    look("Set up an app for codes")
    key = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(totp.code(key))
    press(page, "Set it up")
    look("Recovery codes")
    press(page, "Make new ones", role="link")
    look("New recovery codes")
    for address, words in {
        "second-factor/": "Second factor",
        "second-factor/totp/deactivate/": "Remove the app for codes",
        "second-factor/webauthn/": "Passkeys",
        "second-factor/webauthn/add/": "Add a passkey",
        "second-factor/reauthenticate/": "Confirm that it is you",
        "confirm/": "Confirm that it is you",
        "password/": "Change the password",
        "sign-out/": "Sign out",
        "not-active/": "This account is not active",
    }.items():
        page.goto(f"/curators/{address}")
        look(words)
    page.goto("/curators/second-factor/webauthn/add/")
    press(page, "Add it")
    heading(page, "Second factor")
    for address, words in {
        "": "Passkeys",
        "reauthenticate/": "Confirm that it is you",
    }.items():
        page.goto(f"/curators/second-factor/webauthn/{address}")
        look(words)
    page.goto("/curators/second-factor/webauthn/")
    press(page, "Rename", role="link")
    look("Rename a passkey")
    page.goto("/curators/second-factor/webauthn/")
    press(page, "Remove", role="link")
    look("Remove a passkey")
    press(page, "Sign out anna")
    page.goto("/curators/sign-up/")
    look("Accounts are made by the curators")
    type_in(page)
    look("Second factor")
