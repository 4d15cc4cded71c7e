"""Getting in: by whom, how often, with what, for how long; and what of it is written down."""

import logging
import re
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import FileField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.models import Lesson
from ranportal import settings as production
from ranportal.accounts import sessions
from ranportal.accounts.models import AccessLine
from tests import totp
from tests.portal import Page, make

pytestmark = pytest.mark.django_db

SIGN_IN = "/curators/sign-in/"
SECOND_FACTOR = "/curators/second-factor/"
PASSWORD = "a long enough password"
ROLES = ["contributor", "curator", "editor", "superuser"]


def make_person(name="anna", role="superuser", password=PASSWORD, **fields):
    if role == "superuser":
        return User.objects.create_superuser(name, password=password, **fields)
    person = User.objects.create_user(name, password=password, is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=role))
    return person


def type_in(client, username="anna", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": username, "password": password, **more})


def sign_in(client, username="anna"):
    response = type_in(client, username)
    assert response.status_code == 302, Page(response).text
    return response


def set_up_app(client):
    """Set up an app for codes as its owner does; return its key."""
    page = Page(client.get(f"{SECOND_FACTOR}totp/activate/"))
    key = page.texts(".//code")[0]
    response = client.post(f"{SECOND_FACTOR}totp/activate/", {"code": totp.code(key)})
    assert response["Location"] == f"{SECOND_FACTOR}recovery-codes/"
    return key


def recovery_codes(client):
    return Page(client.get(f"{SECOND_FACTOR}recovery-codes/")).main.find(".//pre").text.split()


def errors(response):
    return Page(response).texts(".//ul[@class='errorlist nonfield']/li") + Page(response).texts(
        ".//ul[@class='errorlist']/li"
    )


def is_in(client):
    return client.get("/admin/").status_code == 200


def log():
    """What the access log says, the oldest first."""
    return [
        f"{line.get_what_display()}: {line.username or '?'}, {line.detail}"
        for line in reversed(AccessLine.objects.all())
    ]


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture(autouse=True)
def committed(monkeypatch):
    """What waits for a commit happens at once: the transaction of a test has none."""
    monkeypatch.setattr(transaction, "on_commit", lambda function, **kwargs: function())


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    settings.MFA_RATE_LIMITS = {}


@pytest.fixture
def second_factor_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


# --- The door ------------------------------------------------------------------


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
    assert is_in(bert)


def test_the_account_that_a_command_creates_gets_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--no-input", username="anna", email="anna@example.org")
    sign_in(client)
    assert is_in(client)


# --- Passwords -----------------------------------------------------------------


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


# --- Limits --------------------------------------------------------------------


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


# --- The second factor ---------------------------------------------------------


def addresses_of_the_admin():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{name}_{page}") for page in ("changelist", "add"))
    yield from (reverse(f"admin:{name}") for name in ("index", "autocomplete", "jsi18n"))
    yield "/admin/nothing/"


@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_who_can_publish_is_led_to_a_second_factor_before_anything_else(
    client, second_factor_required, role
):
    make_person(role=role)
    sign_in(client)
    for address in addresses_of_the_admin():
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer["Location"]) == (302, SECOND_FACTOR), address
    page = Page(client.get(SECOND_FACTOR))
    assert page.headings == ["Second factor"]
    assert "Your account can publish, so it needs a second factor" in page.text
    set_up_app(client)
    assert is_in(client)
    assert "Your account can publish" not in Page(client.get(SECOND_FACTOR)).text


@pytest.mark.parametrize("role", ["contributor", "curator"])
def test_who_cannot_publish_may_have_a_second_factor_and_need_not(
    client, second_factor_required, role
):
    make_person(role=role)
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
    assert page.main.find(".//pre") is None or "*" in page.main.find(".//pre").text
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
    assert "way of signing in changed: anna, second factor removed by chief" in log()


# --- How long it lasts ---------------------------------------------------------


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


def test_no_session_lasts_longer_than_twelve_hours(client, monkeypatch):
    make_person()
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
    assert page.headings == ["Your session has ended"]
    assert page.texts(".//pre") == ["An hour’s work, <b>every</b> word of it."]
    link = page.links()["Sign in, in a new tab"]
    assert type_in(client, next=link.partition("next=")[2])["Location"] == (
        "/admin/lessons/lesson/add/"
    )


def test_a_form_for_the_admin_from_nobody_leads_to_the_door(client):
    response = client.post("/admin/lessons/lesson/add/", {"text": "Some words"})
    assert response["Location"].startswith("/admin/login/")


# --- What is written down ------------------------------------------------------


def test_the_log_tells_who_came_how_and_from_where_and_who_was_refused(client, caplog):
    caplog.set_level(logging.INFO, "ranportal.access")
    make_person()
    type_in(client, password="wrong")
    sign_in(client)
    client.post("/curators/sign-out/")
    assert log() == [
        "sign-in refused: anna, wrong password",
        "signed in: anna, password",
        "signed out: anna, ",
    ]
    assert AccessLine.objects.latest("at").network == "127.0.0.0/24"
    assert caplog.messages == [
        "sign-in refused: anna, wrong password, from 127.0.0.0/24",
        "signed in: anna, password, from 127.0.0.0/24",
        "signed out: anna, -, from 127.0.0.0/24",
    ]


def test_the_log_holds_nothing_that_was_typed_or_is_secret(client, caplog, limits):
    caplog.set_level(logging.DEBUG)
    make_person()
    mistyped = "my password, where the name belongs"
    type_in(client, mistyped, PASSWORD)
    type_in(client, password="almost the right one")
    sign_in(client)
    key = set_up_app(client)
    codes = recovery_codes(client)
    client = Client()
    sign_in(client)
    for code in ("424242", codes[0]):
        client.post(f"{SECOND_FACTOR}authenticate/", {"code": code})
    typed = {"oldpassword": "not it either", "password1": "x", "password2": "y"}
    client.post("/curators/password/", typed)
    written = "\n".join(
        [*caplog.messages, *map(str, AccessLine.objects.values_list()), *log()]
    ).lower()
    secrets = [mistyped, PASSWORD, "almost", "not it", key, "424242", *codes]
    secrets += [client.session.session_key, client.cookies["sessionid"].value]
    for secret in secrets:
        assert secret.lower() not in written
    assert log()[0] == "sign-in refused: ?, no account of that name"
    assert [line for line in log() if "added" in line] == [
        "way of signing in changed: anna, added: code of an app",
        "way of signing in changed: anna, added: recovery code",
    ]
    assert log()[-1] == "sign-in refused: anna, wrong password"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
    ],
)
def test_the_log_keeps_of_an_address_its_network_only(client, address, network):
    make_person()
    client.post(SIGN_IN, {"login": "anna", "password": "wrong"}, REMOTE_ADDR=address)
    assert AccessLine.objects.get().network == network


def test_a_line_of_the_log_cannot_be_forged(client, caplog):
    caplog.set_level(logging.INFO, "ranportal.access")
    User.objects.create_user("anna\nsigned in: chief", password=PASSWORD)
    type_in(client, "anna\nsigned in: chief", "wrong")
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]


def test_a_refused_permission_is_told_and_written_down(client):
    make_person(role="contributor")
    sign_in(client)
    response = client.post("/admin/auth/user/add/?token=secret", {"username": "eve"})
    assert response.status_code == 403
    assert Page(response).headings == ["This is not open to you"]
    assert log()[-1] == "permission refused: anna, POST /admin/auth/user/add/"


def test_a_transition_that_the_role_forbids_is_written_down(client):
    anna = make_person(role="contributor")
    sign_in(client)
    lesson = make(Lesson, "A draft", status="draft", author=anna)
    address = f"/admin/lessons/lesson/{lesson.pk}/transition/publish/"
    response = client.post(address, {"_perform": "", "note": ""}, follow=True)
    assert "Only editors may do this." in response.content.decode()
    assert log()[-1] == f"permission refused: anna, POST {address}"


@pytest.mark.parametrize("role", ["contributor", "curator", "editor"])
def test_only_superusers_read_the_log(client, role):
    make_person(role=role)
    sign_in(client)
    assert client.get("/admin/accounts/accessline/").status_code == 403
    assert b"Access log" not in client.get("/admin/").content


def test_nobody_changes_the_log(client):
    make_person()
    sign_in(client)
    line = AccessLine.objects.get()
    page = client.get("/admin/accounts/accessline/")
    assert b"password" in page.content
    for address in ("add/", f"{line.pk}/delete/"):
        assert client.get(f"/admin/accounts/accessline/{address}").status_code == 403
    typed = {"what": "out", "username": "bert"}
    assert client.post(f"/admin/accounts/accessline/{line.pk}/change/", typed).status_code == 403
    typed = {"action": "delete_selected", "_selected_action": [line.pk], "post": "yes"}
    client.post("/admin/accounts/accessline/", typed)
    assert AccessLine.objects.get(pk=line.pk).username == "anna"


def test_the_admin_shows_nobody_what_a_second_factor_is_made_of(client):
    make_person()
    sign_in(client)
    key = set_up_app(client)
    for model in admin.site._registry:
        page = client.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        )
        assert key not in page.content.decode()
    assert client.get("/admin/mfa/authenticator/").status_code == 404


# --- Forms ---------------------------------------------------------------------


def test_a_form_that_another_site_sends_is_refused_with_a_page():
    make_person()
    client = Client(enforce_csrf_checks=True)
    for address in (SIGN_IN, "/curators/sign-out/", "/admin/logout/"):
        response = client.post(address, {"login": "anna", "password": PASSWORD})
        assert response.status_code == 403
        assert "This form is no longer good" in response.content.decode()
    assert not is_in(client)


def test_the_portal_takes_no_files(client):
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
