"""Accounts, and how their owners get in."""

from django.contrib.auth.models import Group, User
from django.urls import reverse

from ranportal.accounts.models import AccessLine
from tests import totp
from tests.pages import Page

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
    """Asked of the page of the admin that takes the least: one guard stands before all of them."""
    return client.get(reverse("admin:jsi18n")).status_code == 200


def log():
    """What the access log says, the oldest first."""
    return [
        f"{line.get_what_display()}: {line.username or '?'}, {line.detail}"
        for line in reversed(AccessLine.objects.all())
    ]
