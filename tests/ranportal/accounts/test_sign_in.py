"""Getting in: by whom, how often, with what, for how long; and what of it is written down."""

import re
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import FileField
from django.test import Client
from django.utils import timezone

from ranportal import settings as production
from ranportal.accounts import sessions
from ranportal.accounts.models import AccessLine
from tests import totp
from tests.desk import person
from tests.pages import Page, text_of
from tests.signing_in import (
    PASSWORD,
    ROLES,
    SECOND_FACTOR,
    SIGN_IN,
    errors,
    is_in,
    log,
    make_person,
    set_up_app,
    sign_in,
    type_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- The door ------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_curator_signs_in_by_name_and_password_and_stands_in_the_admin(client, role):
    make_person(role=role)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == f"{SIGN_IN}?next=%2Fadmin%2F"
    assert sign_in(client)["Location"] == "/admin/"
    assert is_in(client)


def test_a_name_is_known_in_whatever_case(client):
    make_person()
    assert type_in(client, "ANNA").status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    make_person()
    wrong, unknown = (errors(type_in(client, name, "wrong")) for name in ("anna", "nobody"))
    assert wrong == unknown == ["The username and/or password you specified are not correct."]
    assert not is_in(client)


def test_an_account_that_is_not_active_does_not_get_in(client):
    make_person(is_active=False)
    response = client.post(SIGN_IN, {"login": "anna", "password": PASSWORD}, follow=True)
    assert Page(response).headings == ["This account is not active"]
    assert log() == ["sign-in refused: anna, the account is not active"]
    assert not is_in(client)


def test_an_account_without_staff_rights_is_told_that_the_admin_is_not_for_it(client):
    User.objects.create_user("anna", password=PASSWORD)
    response = client.post(SIGN_IN, {"login": "anna", "password": PASSWORD}, follow=True)
    assert response.status_code == 403
    assert Page(response).headings == ["This is not open to you"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_can_sign_up(client, method):
    typed = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    response = getattr(client, method)("/curators/sign-up/", typed)
    assert Page(response).headings == ["Accounts are made by the curators"]
    assert not User.objects.exists()


def test_what_needs_a_mail_server_has_no_address(client):
    for address in ("password/reset/", "email/", "confirm-email/", "login/code/"):
        assert client.get(f"/curators/{address}").status_code == 404


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\0"],
)
def test_signing_in_leads_to_no_other_site(client, wanted):
    make_person()
    assert type_in(client, next=wanted)["Location"] == "/admin/"


def test_signing_in_leads_to_the_page_that_was_asked_for(client):
    make_person()
    asked = "/admin/lessons/lesson/?q=trauma"
    page = Page(client.get(asked, follow=True))
    hidden = page.main.find(".//form[@method='post']/input[@name='next']")
    assert type_in(client, next=hidden.get("value"))["Location"] == asked


def test_signing_out_ends_the_session(client):
    make_person()
    sign_in(client)
    assert client.post("/admin/logout/")["Location"] == SIGN_IN
    assert not is_in(client)
    assert not Session.objects.exists()


def test_a_superuser_makes_an_account_that_gets_in(client):
    make_person("chief")
    sign_in(client, "chief")
    typed = {"username": "bert", "usable_password": "true"}
    typed |= {"password1": PASSWORD, "password2": PASSWORD, "_save": ""}
    change = client.post("/admin/auth/user/add/", typed)["Location"]
    editors = Group.objects.get(name="editor").pk
    typed = {"username": "bert", "is_active": "on", "is_staff": "on", "groups": [editors]}
    typed |= {"date_joined_0": "2024-01-01", "date_joined_1": "10:00:00"}
    assert client.post(change, typed)["Location"] == "/admin/auth/user/"
    bert = Client()
    sign_in(bert, "bert")
    own = {"oldpassword": PASSWORD, "password1": "one of my own", "password2": "one of my own"}
    assert bert.post("/curators/password/", own).status_code == 302
    assert is_in(bert)


def test_the_account_that_a_command_creates_gets_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--no-input", username="anna", email="anna@example.org")
    sign_in(client)
    assert is_in(client)


# --- Passwords -----------------------------------------------------------------------


def test_a_password_is_kept_as_an_argon2_hash(settings):
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    assert make_person().password.startswith("argon2$argon2id$")


def test_an_older_hash_becomes_an_argon2_hash_when_its_owner_signs_in(client, settings):
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS[1:]
    anna = make_person()
    assert anna.password.startswith("pbkdf2_sha256$")
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    sign_in(client)
    anna.refresh_from_db()
    assert anna.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("weak", ["short pass", "anna.example", "210987654321", "qwertyqwerty"])
def test_a_weak_password_is_refused_with_the_reason(client, weak):
    make_person(email="anna.example@example.org")
    sign_in(client)
    typed = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    reasons = errors(client.post("/curators/password/", typed))
    assert re.match("(This|The) password is (too|entirely)", reasons[0])


def test_a_new_password_ends_every_other_session(client):
    make_person()
    elsewhere = Client()
    for each in (client, elsewhere):
        sign_in(each)
    changed = {"oldpassword": PASSWORD} | dict.fromkeys(("password1", "password2"), PASSWORD[::-1])
    assert client.get("/admin/password_change/")["Location"] == "/curators/password/"
    assert client.post("/curators/password/", changed).status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)
    assert "way of signing in changed: anna, password changed" in log()


# --- Limits --------------------------------------------------------------------------


def test_whoever_signs_in_without_a_password_is_told_so_where_it_would_be_changed():
    answer = person("editor").client.get("/admin/password_change/", follow=True)
    assert answer.status_code == 200
    assert "You sign in without a password. If you need one, ask a superuser." in text_of(answer)


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, limits):
    make_person()
    make_person("bert")
    for _ in range(5):
        assert "not correct" in errors(type_in(client, password="wrong"))[0]
    assert errors(type_in(client)) == ["Too many failed login attempts. Try again later."]
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert errors(type_in(elsewhere)) == ["Too many failed login attempts. Try again later."]
    sign_in(client, "bert")
    cache.clear()  # as five minutes do
    sign_in(elsewhere)


def test_one_address_may_not_try_many_names(client, limits):
    for number in range(10):
        assert "not correct" in errors(type_in(client, f"name-{number}", "wrong"))[0]
    assert "Too many" in errors(type_in(client, "one-more", "wrong"))[0]
    assert "not correct" in errors(type_in(Client(REMOTE_ADDR="203.0.113.7"), "x", "wrong"))[0]


def test_a_flood_of_attempts_is_turned_away_with_a_page(client, limits, caplog):
    for _ in range(30):
        assert type_in(client, password="wrong").status_code == 200
    response = type_in(client, password="wrong")
    assert response.status_code == 429
    assert Page(response).headings == ["Too many attempts"]
    assert AccessLine.objects.count() == 30
    assert "sign-in refused: -, too many attempts, from 127.0.0.0/24" in caplog.messages
    assert client.get(SIGN_IN).status_code == 200


def test_signing_in_often_is_no_failed_attempt(client, limits):
    make_person()
    for _ in range(12):
        sign_in(Client())


def test_the_codes_of_an_app_cannot_be_guessed_at_leisure(client, limits):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    client = Client()
    sign_in(client)
    for _ in range(5):
        response = client.post(f"{SECOND_FACTOR}authenticate/", {"code": "000000"})
        assert errors(response) == ["Incorrect code."]
    response = client.post(f"{SECOND_FACTOR}authenticate/", {"code": totp.code(key)})
    assert errors(response) == ["Too many failed login attempts. Try again later."]
    assert not is_in(client)
    assert log()[-2:] == [
        "sign-in refused: anna, wrong code",
        "sign-in refused: anna, too many attempts",
    ]


def test_behind_a_proxy_its_word_for_the_address_counts_and_no_other(client, limits, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        forged = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"}
        response = client.post(SIGN_IN, {"login": f"x{number}", "password": "x"}, headers=forged)
    assert "Too many" in errors(response)[0]
    assert {line.network for line in AccessLine.objects.all()} == {"203.0.113.0/24"}


# --- How long it lasts ---------------------------------------------------------------


def test_only_who_signs_in_is_given_a_session_and_it_is_kept_from_scripts_and_other_sites(client):
    make_person()
    assert client.get(SIGN_IN).cookies.keys() == {"csrftoken"}
    assert not Session.objects.exists()
    cookies = sign_in(client).cookies
    assert cookies["sessionid"]["max-age"] == ""  # gone with the browser
    for cookie in cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"


def test_a_session_ends_two_hours_after_its_last_use(client):
    make_person()
    sign_in(client)
    end = Session.objects.get().expire_date
    assert timedelta(minutes=119) < end - timezone.now() <= timedelta(hours=2)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_using_a_session_puts_its_end_off_without_writing_at_every_request(client, monkeypatch):
    make_person()
    sign_in(client)
    end = Session.objects.get().expire_date
    assert is_in(client)
    assert Session.objects.get().expire_date == end
    soon = time.time() + 7 * 60
    monkeypatch.setattr(sessions.time, "time", lambda: soon)
    assert is_in(client)
    assert Session.objects.get().expire_date > end


@pytest.mark.parametrize(
    ("role", "minutes"), [("contributor", 120), ("curator", 120), ("editor", 30), ("superuser", 30)]
)
def test_a_session_that_is_not_used_ends_sooner_where_it_can_publish(
    client, monkeypatch, role, minutes
):
    make_person(role=role)
    sign_in(client)
    last = time.time()
    for later, stays in ((minutes - 1, True), (2 * minutes - 2, True), (3 * minutes, False)):
        monkeypatch.setattr(sessions.time, "time", lambda at=last + later * 60: at)
        assert is_in(client) == stays


def test_no_session_lasts_longer_than_twelve_hours(client, monkeypatch):
    make_person(role="curator")
    sign_in(client)
    began = time.time()
    for minutes in range(0, 12 * 60, 90):
        monkeypatch.setattr(sessions.time, "time", lambda at=began + minutes * 60: at)
        assert is_in(client)
    monkeypatch.setattr(sessions.time, "time", lambda: began + 12 * 60 * 60 + 1)
    assert not is_in(client)
    assert not Session.objects.exists()
    assert log()[-1] == "signed out: anna, "


def test_signing_in_tidies_up_sessions_that_have_ended_and_old_lines_of_the_log(client):
    make_person()
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    AccessLine.objects.update(at=timezone.now() - timedelta(days=181))
    sign_in(Client())
    assert Session.objects.count() == AccessLine.objects.count() == 1


def test_a_form_that_outlived_its_session_shows_what_was_typed(client):
    make_person()
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    typed = {"text": "An hour’s work, <b>every</b> word of it.", "password1": "a pass phrase"}
    page = Page(client.post("/admin/lessons/lesson/add/", typed | {"status": "draft"}))
    assert page.headings == ["You are not signed in any more"]
    assert page.texts(".//textarea") == ["An hour’s work, <b>every</b> word of it."]
    link = page.links()["Sign in, in a new tab"]
    assert type_in(client, next=link.partition("next=")[2])["Location"] == (
        "/admin/lessons/lesson/add/"
    )


def test_a_form_for_the_admin_from_nobody_shows_the_door(client):
    page = Page(client.post("/admin/lessons/lesson/add/", {"text": "Some words"}))
    assert page.links()["Sign in, in a new tab"].startswith("/admin/login/")


# --- Forms ---------------------------------------------------------------------------


def test_a_form_that_another_site_sends_is_refused_with_a_page():
    make_person()
    client = Client(enforce_csrf_checks=True)
    for address in (SIGN_IN, "/curators/sign-out/", "/admin/logout/"):
        response = client.post(address, {"login": "anna", "password": PASSWORD})
        assert response.status_code == 403
        assert "This form is no longer good" in response.content.decode()
    assert not is_in(client)


def test_files_are_taken_at_no_page_but_that_of_imports(client):
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, FileField)]
    make_person()
    sign_in(client)
    page = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", "text/html")
    for address in ("/admin/lessons/lesson/add/", "/curators/password/"):
        assert client.post(address, {"text": page}).status_code == 400


def test_a_form_of_more_than_two_megabytes_is_refused_with_a_page(client):
    make_person()
    sign_in(client)
    response = client.post("/admin/lessons/lesson/add/", {"text": "x" * 2_000_001})
    assert response.status_code == 400
    assert Page(response).headings == ["This request could not be read"]
