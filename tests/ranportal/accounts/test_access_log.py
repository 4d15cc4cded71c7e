"""What is written down of who gets in."""

import logging

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from lessons.models import Lesson
from ranportal.accounts.models import AccessLine
from tests.made import make
from tests.pages import Page
from tests.signing_in import (
    PASSWORD,
    SECOND_FACTOR,
    SIGN_IN,
    log,
    make_person,
    recovery_codes,
    set_up_app,
    sign_in,
    type_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- What is written down ------------------------------------------------------------


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
