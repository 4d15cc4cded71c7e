"""Whatever visitors send, nothing grows in the database, and nobody waits for who writes to it."""

import sqlite3
import time
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from entries.links.models import Link
from lessons.models import Lesson
from ranportal.accounts import log
from ranportal.accounts.models import AccessLine
from tests.desk import change_url, values_in
from tests.signing_in import make_person, sign_in, type_in
from tests.soak import soak, times
from tests.stored import stored


@pytest.mark.django_db
def test_challenges_for_passkeys_leave_no_session_behind():
    for _ in range(80):
        client = Client()
        asked = client.get(
            reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"}
        )
        assert asked.json()["request_options"]["publicKey"]["challenge"]
        assert client.session["mfa.webauthn.state"]["challenge"], "it is known when it comes back"
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_session_is_a_row_from_signing_in_to_signing_out(client):
    make_person()
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    before = client.session.session_key
    sign_in(client)
    assert [session.pk for session in Session.objects.all()] == [client.session.session_key]
    assert client.session.session_key != before
    client.post(reverse("account_logout"))
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_what_visitors_ask_for_and_send_leaves_every_table_as_it_was():
    before = stored()
    client = Client()
    for path in ("/", "/search/?q=nothing", "/lessons.csv", "/no/such/page", "/admin/"):
        client.get(path)
        client.post(path, {"text": "x" * 1000})
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    assert stored() == before


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["one account", "many names"])
def test_refusals_fill_no_table(client, monkeypatch, who, caplog):
    monkeypatch.setattr(log, "MOST_OF_ONE", 5)
    monkeypatch.setattr(log, "MOST_OF_ALL", 8)
    caplog.set_level("INFO", "ranportal.access")
    for number in range(12):
        make_person(f"person{number}")
        type_in(client, "person0" if who == "one account" else f"person{number}", "wrong")
    assert AccessLine.objects.count() == (5 if who == "one account" else 8)
    assert len(caplog.messages) == 12, "the server's own log has them all"


@pytest.mark.django_db
def test_what_an_account_may_not_do_fills_no_table(client, monkeypatch):
    monkeypatch.setattr(log, "MOST_OF_ONE", 5)
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    for _ in range(12):
        assert client.get("/admin/auth/user/").status_code == 403
    assert AccessLine.objects.filter(what="forbidden").count() == 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no lock for all writers")
def test_visitors_do_not_wait_while_somebody_writes(transactional_db):
    client = Client()
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as writer:
        writer.isolation_level = None
        writer.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:  # who waits, waits for longer than all of it takes
            cursor.execute("PRAGMA busy_timeout = 120000")
        started = time.monotonic()
        for path in ("/", "/search/?q=children", "/lessons.csv", "/new.atom", "/no/such/page"):
            client.get(path)
        client.get(reverse("mfa_login_webauthn"))
        assert type_in(client, "nobody", "wrong").status_code == 200
        assert time.monotonic() - started < 90
        writer.execute("ROLLBACK")


@soak
@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("rows", times([3000], [401, 3000]))
def test_a_form_with_more_rows_than_anyone_types_is_refused_unread(client, rows):
    client.force_login(User.objects.create_superuser("curator"))
    page = change_url(Lesson.objects.filter(links=None).first())
    typed = values_in(client.get(page))[0] | {"links-0-url": "https://example.org/0"}
    response = client.post(page, typed | {"links-TOTAL_FORMS": str(rows), "_save": "Save"})
    assert "at most 400" in response.content.decode()
    assert len(response.context["inline_admin_formsets"][0].formset.forms) <= 401
    assert not Link.objects.filter(url="https://example.org/0").exists()
