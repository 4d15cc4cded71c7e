"""The second factor: who owes it, how it is set up, used and lost."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import totp
from tests.pages import Page
from tests.signing_in import (
    SECOND_FACTOR,
    SIGN_IN,
    errors,
    is_in,
    log,
    make_person,
    recovery_codes,
    set_up_app,
    sign_in,
    type_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- The second factor ---------------------------------------------------------------


def addresses_of_the_admin():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{name}_{page}") for page in ("changelist", "add"))
    yield from (reverse(f"admin:{name}") for name in ("index", "autocomplete", "jsi18n"))
    yield "/admin/nothing/"


@pytest.mark.parametrize("role", ["curator", "editor", "superuser"])
def test_who_can_change_what_is_public_is_led_to_a_second_factor_before_anything_else(
    client, second_factor_required, role
):
    make_person(role=role)
    sign_in(client)
    for address in addresses_of_the_admin():
        led = (302, SECOND_FACTOR)
        # A file that was sent cannot be given back: that is said instead.
        told = (403, None) if address == "/admin/imports/import/add/" else led
        read, written = client.get(address), client.post(address)
        assert (read.status_code, read.get("Location")) == led, address
        if written.status_code != 405:  # where nothing can be written at all
            assert (written.status_code, written.get("Location")) == told, address
    page = Page(client.get(SECOND_FACTOR))
    assert page.headings == ["Second factor"]
    assert "Your account can change what is public, so it needs a second factor" in page.text
    set_up_app(client)
    assert is_in(client)
    assert "Your account can change what is public" not in Page(client.get(SECOND_FACTOR)).text


@pytest.mark.parametrize("codename", ["change_theme", "change_link", "change_user", "add_synonym"])
def test_a_role_of_another_cut_needs_one_too_where_it_reaches_the_public(
    client, second_factor_required, codename
):
    anna = make_person(role="contributor")
    anna.user_permissions.add(Permission.objects.get(codename=codename))
    sign_in(client)
    assert client.get("/admin/")["Location"] == SECOND_FACTOR


def test_who_only_drafts_may_have_a_second_factor_and_need_not(client, second_factor_required):
    make_person(role="contributor")
    sign_in(client)
    assert is_in(client)
    set_up_app(client)
    assert is_in(client)


def test_who_has_to_set_one_up_may_still_sign_out(client, second_factor_required):
    make_person()
    sign_in(client)
    assert client.post("/admin/logout/")["Location"] == SIGN_IN
    assert not Session.objects.exists()


def test_whoever_has_a_second_factor_is_asked_for_it_whatever_the_setting_says(client):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    client = Client()
    assert sign_in(client)["Location"] == f"{SECOND_FACTOR}authenticate/"
    assert not is_in(client)
    response = client.post(f"{SECOND_FACTOR}authenticate/", {"code": totp.code(key)})
    assert response["Location"] == "/admin/"
    assert is_in(client)


def test_the_page_that_was_asked_for_is_not_forgotten_over_the_second_factor(client):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    client = Client()
    type_in(client, next="/admin/lessons/lesson/")
    response = client.post(f"{SECOND_FACTOR}authenticate/", {"code": totp.code(key)})
    assert response["Location"] == "/admin/lessons/lesson/"


def test_a_code_is_taken_once(client):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    used = totp.code(key)
    answers = []
    for client in (Client(), Client()):
        sign_in(client)
        answers.append(client.post(f"{SECOND_FACTOR}authenticate/", {"code": used}))
    assert answers[0]["Location"] == "/admin/"
    assert errors(answers[1]) == ["Incorrect code."]


@pytest.mark.parametrize("minutes_off", [-0.5, 0.5])
def test_a_clock_may_be_half_a_minute_off_and_no_more(client, minutes_off, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # or half a minute ends before the code is sent
    make_person()
    sign_in(client)
    key = set_up_app(client)
    for offset, lets_in in ((4 * minutes_off, False), (minutes_off, True)):
        client = Client()
        sign_in(client)
        typed = totp.code_at(key, now + 60 * offset)
        answer = client.post(f"{SECOND_FACTOR}authenticate/", {"code": typed})
        assert ("Location" in answer) == lets_in


@pytest.mark.parametrize("spelt", ["{0}", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_a_code_is_used_up_for_as_long_as_a_slow_clock_would_show_it(client, spelt):
    """Also that which set the app up, and whatever forgets what was counted."""
    make_person()
    sign_in(client)
    page = Page(client.get(f"{SECOND_FACTOR}totp/activate/"))
    key = page.texts(".//code")[0]
    used = totp.code_at(key, time.time())
    client.post(f"{SECOND_FACTOR}totp/activate/", {"code": used})
    cache.clear()
    client = Client()
    sign_in(client)
    answer = client.post(f"{SECOND_FACTOR}authenticate/", {"code": spelt.format(used)})
    assert errors(answer) == ["This code was used already: wait for the next one."]
    assert not is_in(client)
    assert log()[-1] == "sign-in refused: anna, wrong code"


def test_the_database_alone_makes_no_code(client):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    codes = recovery_codes(client)
    kept = str([*Authenticator.objects.values_list("data", flat=True)])
    assert key not in kept
    for typed in codes:
        assert typed not in kept
    session = {**Session.objects.get().get_decoded()}
    assert key not in str(session)


def test_under_another_secret_key_an_app_counts_as_lost_and_nothing_fails(client, settings):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another one"
    client = Client()
    sign_in(client)
    code = totp.code(key)
    answer = client.post(f"{SECOND_FACTOR}authenticate/", {"code": code})
    assert errors(answer) == ["Incorrect code."]
    settings.SECRET_KEY_FALLBACKS = [old]
    answer = client.post(f"{SECOND_FACTOR}authenticate/", {"code": code})
    assert answer["Location"] == "/admin/"


def test_each_recovery_code_lets_in_once(client):
    make_person()
    sign_in(client)
    set_up_app(client)
    first, second, *others = recovery_codes(client)
    assert len(others) == 8
    client = Client()
    sign_in(client)
    assert "Location" in client.post(f"{SECOND_FACTOR}authenticate/", {"code": first})
    assert first not in recovery_codes(client)
    client = Client()
    sign_in(client)
    again = client.post(f"{SECOND_FACTOR}authenticate/", {"code": first})
    assert errors(again) == ["Incorrect code."]
    assert "Location" in client.post(f"{SECOND_FACTOR}authenticate/", {"code": second})
    assert log()[-1] == "signed in: anna, password + recovery code"


def test_a_session_that_was_open_before_has_to_show_the_second_factor_too(
    client, second_factor_required, settings
):
    make_person()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    key = set_up_app(client)
    response = elsewhere.get("/admin/lessons/lesson/")
    address = f"{SECOND_FACTOR}reauthenticate/?next=%2Fadmin%2Flessons%2Flesson%2F"
    assert response["Location"] == address
    response = elsewhere.post(address, {"code": totp.code(key)})
    assert response["Location"] == "/admin/lessons/lesson/"
    assert is_in(elsewhere)


def test_whoever_removes_the_only_second_factor_has_to_set_up_another(
    client, second_factor_required
):
    make_person()
    sign_in(client)
    set_up_app(client)
    assert client.post(f"{SECOND_FACTOR}totp/deactivate/")["Location"] == SECOND_FACTOR
    assert client.get("/admin/")["Location"] == SECOND_FACTOR


def test_a_stolen_session_alone_shows_no_recovery_codes_and_adds_no_passkey(client):
    """What changes the way in asks again who it is, once the sign-in is minutes old."""
    make_person()
    sign_in(client)
    set_up_app(client)
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] -= 600
    session.save()
    page = Page(client.get(f"{SECOND_FACTOR}recovery-codes/", follow=True))
    assert page.headings == ["Confirm that it is you"]
    assert page.main.find(".//pre") is None
    response = client.get(f"{SECOND_FACTOR}webauthn/add/", follow=True)
    assert Page(response).headings == ["Confirm that it is you"]


def test_a_superuser_takes_a_lost_second_factor_off(client):
    make_person("chief")
    make_person()
    sign_in(client)
    set_up_app(client)
    chief = Client()
    sign_in(chief, "chief")
    anna = User.objects.get(username="anna")
    typed = {"action": "remove_second_factor", "_selected_action": [anna.pk]}
    response = chief.post("/admin/auth/user/", typed, follow=True)
    assert "The second factor of 1 account was removed." in response.content.decode()
    assert sign_in(Client())["Location"] == "/admin/"
    assert "way of signing in changed: anna, second factor removed, by chief" in log()
