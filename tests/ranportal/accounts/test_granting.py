"""Rights and passwords given by one person to another: on record, told, and asked for again."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.test import Client

from ranportal.accounts.models import AccessLine
from tests import totp
from tests.desk import Desk, change_url, page_url, values_in
from tests.pages import Page, text_of
from tests.signing_in import (
    PASSWORD,
    SECOND_FACTOR,
    is_in,
    log,
    make_person,
    set_up_app,
    sign_in,
    type_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OTHER = "another long password"


@pytest.fixture
def chief(client):
    make_person("chief")
    sign_in(client, "chief")
    return Desk(client)


def changed():
    """What the access log says of accounts that were changed."""
    return [line.partition(": ")[2] for line in log() if line.startswith("account changed")]


def age(client, seconds=600):
    """Let whatever was shown in the session have been shown so long ago."""
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] -= seconds
    session["second_factor_set_up"] = session.get("second_factor_set_up", 0) - seconds
    session.save()


def test_every_right_that_is_given_or_taken_is_on_record(chief):
    anna = make_person(role="contributor")
    editor, contributor = (Group.objects.get(name=name) for name in ("editor", "contributor"))
    permission = Permission.objects.get(codename="add_tag")
    chief.saved(change_url(anna), is_superuser="on", groups=[editor.pk])
    chief.saved(change_url(anna), username="anne", user_permissions=[permission.pk])
    values = values_in(chief.open(change_url(anna)))[0]
    for name in ("is_superuser", "is_staff", "is_active"):
        values.pop(name)
    chief.client.post(change_url(anna), values | {"_save": "Save"})
    assert changed() == [
        "anna, superuser status: yes, by chief",
        f"anna, groups + {editor}, by chief",
        f"anna, groups − {contributor}, by chief",
        "anne, renamed, was anna, by chief",
        f"anne, user permissions + {permission}, by chief",
        "anne, active: no, by chief",
        "anne, staff status: no, by chief",
        "anne, superuser status: no, by chief",
    ]


def test_accounts_made_and_deleted_and_their_passwords_are_on_record(chief):
    typed = {"username": "ben", "password1": PASSWORD, "password2": PASSWORD}
    chief.saved(page_url(User, "add"), usable_password="true", **typed)
    made = User.objects.get(username="ben")
    address = f"/admin/auth/user/{made.pk}/password/"
    chief.client.post(address, {"usable_password": "true", "password1": OTHER, "password2": OTHER})
    chief.client.post(page_url(User, "delete", made.pk), {"post": "yes"})
    anna = make_person()
    chief.act(User, "delete_selected", anna, post="yes")
    assert not User.objects.exclude(username="chief").exists()
    assert changed() == [
        "ben, account made, by chief",
        "ben, password set by chief",
        "ben, password set by chief",
        "ben, account deleted, by chief",
        "anna, account deleted, by chief",
    ]


def test_a_role_that_is_changed_is_on_record_with_each_who_has_it(chief):
    anna = make_person(role="editor")
    group = Group.objects.create(name="{translators}")
    anna.groups.add(group)
    permission = Permission.objects.get(codename="add_tag")
    chief.saved(change_url(group), permissions=[permission.pk])
    chief.client.post(page_url(Group, "delete", group.pk), {"post": "yes"})
    assert sorted(changed()) == [
        "anna, {translators}: + add_tag, by chief",
        "anna, {translators}: deleted, by chief",
        "chief, {translators}: + add_tag, by chief",
        "chief, {translators}: deleted, by chief",
    ]


def test_an_account_saved_as_it_was_is_not_on_record(chief):
    anna = make_person(role="editor")
    chief.saved(change_url(anna), first_name="Anna")
    chief.saved(change_url(Group.objects.get(name="editor")))
    assert changed() == []


def test_whoever_is_concerned_is_told_at_the_next_sign_in_and_not_again(chief):
    anna = make_person(role="contributor")
    sign_in(Client())
    chief.saved(change_url(anna), is_superuser="on")
    told = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        told.append(client.get("/admin/").content.decode())
    assert re.search(r"changed on .*: superuser status: yes, by chief\. If you know", told[0])
    assert "superuser status: yes, by chief" not in told[1]


def test_a_password_that_somebody_else_set_opens_nothing_but_the_page_to_replace_it(chief):
    anna = make_person(role="contributor")
    typed = {"usable_password": "true", "password1": OTHER, "password2": OTHER}
    chief.client.post(f"/admin/auth/user/{anna.pk}/password/", typed)
    client = Client()
    type_in(client, password=OTHER)
    for address in ("/admin/", "/admin/lessons/lesson/add/", "/lessons/"):
        assert client.get(address)["Location"] == "/curators/password/"
    assert "Somebody else set this password" in Page(client.get("/curators/password/")).text
    new = {"oldpassword": OTHER, "password1": OTHER, "password2": OTHER}
    answer = client.post("/curators/password/", new)
    assert "That is the password you have: choose another." in Page(answer).text
    assert not is_in(client)
    mine = {"password1": PASSWORD, "password2": PASSWORD}
    client.post("/curators/password/", new | mine)
    assert is_in(client)
    client = Client()
    sign_in(client)
    assert is_in(client)


def test_whoever_changes_the_own_password_in_the_admin_has_nothing_to_replace(chief):
    own = User.objects.get(username="chief")
    typed = {"usable_password": "true", "password1": OTHER, "password2": OTHER}
    chief.client.post(f"/admin/auth/user/{own.pk}/password/", typed)
    client = Client()
    type_in(client, "chief", OTHER)
    assert is_in(client)


@pytest.mark.parametrize(
    "page", ["user/{anna}/change/", "user/add/", "user/{anna}/password/", "user/{anna}/delete/"]
)
def test_accounts_are_opened_by_who_showed_the_second_factor_a_moment_ago(client, page):
    make_person("chief")
    anna = make_person(role="contributor")
    sign_in(client, "chief")
    key = set_up_app(client)
    address = f"/admin/auth/{page.format(anna=anna.pk)}"
    assert client.get(address).status_code == 200
    age(client)
    asked = client.get(address)["Location"]
    assert asked.startswith(f"{SECOND_FACTOR}reauthenticate/?next=")
    assert client.post(asked, {"code": totp.code(key)})["Location"] == address
    assert client.get(address).status_code == 200


def test_a_form_that_gives_a_right_is_given_back_until_the_second_factor_is_shown(client):
    make_person("chief")
    anna = make_person(role="contributor")
    sign_in(client, "chief")
    key = set_up_app(client)
    desk = Desk(client)
    values = values_in(desk.open(change_url(anna)))[0]
    age(client)
    sent = client.post(change_url(anna), values | {"is_superuser": "on", "_save": "Save"})
    page = Page(sent)
    assert page.headings == ["Something is asked of you first"]
    anna.refresh_from_db()
    assert not anna.is_superuser
    [asked] = [a for a in page.links().values() if a.startswith(f"{SECOND_FACTOR}reauthenticate/")]
    client.post(asked, {"code": totp.code(key)})
    client.post(change_url(anna), values_in(sent)[0] | {"_save": "Save"})
    anna.refresh_from_db()
    assert anna.is_superuser


def test_no_password_waits_anywhere(client):
    make_person("chief")
    anna = make_person(role="contributor")
    sign_in(client, "chief")
    set_up_app(client)
    age(client)
    typed = {"usable_password": "true", "password1": OTHER, "password2": OTHER}
    for address in (f"/admin/auth/user/{anna.pk}/password/", page_url(User, "add")):
        answer = client.post(address, {"username": "ben", **typed})
        assert Page(answer).headings == ["Something is asked of you first"]
        assert OTHER not in answer.content.decode()
    assert OTHER not in str([session.get_decoded() for session in Session.objects.all()])
    assert not User.objects.filter(username="ben").exists()


# --- Sessions ----------------------------------------------------------------------------


def test_a_person_sees_where_they_are_signed_in_and_ends_it_there(client):
    make_person(role="contributor")
    make_person("other", role="contributor")
    elsewhere, others = Client(HTTP_USER_AGENT="A browser elsewhere"), Client()
    sign_in(elsewhere)
    sign_in(others, "other")
    sign_in(client)
    page = Page(client.get("/curators/sessions/"))
    assert "A browser elsewhere" in page.text
    assert "127.0.0.0" in page.text
    buttons = [button.get("value") for button in page.main.iter("button") if button.get("name")]
    assert len(buttons) == 1, "of the others, and of one's own elsewhere"
    answer = client.post("/curators/sessions/", {"session": buttons[0]}, follow=True)
    assert "A browser elsewhere" not in text_of(Page(answer).main)
    assert (is_in(client), is_in(elsewhere), is_in(others)) == (True, False, True)
    assert "signed out: anna, a session elsewhere was ended" in log()


def test_nobody_ends_the_session_of_somebody_else(client):
    make_person(role="contributor")
    make_person("other", role="contributor")
    others = Client()
    sign_in(others, "other")
    sign_in(client)
    for number in range(50):
        client.post("/curators/sessions/", {"session": number})
    assert is_in(others)
    assert AccessLine.objects.filter(what="out").count() == 0
