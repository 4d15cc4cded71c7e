"""Who may open and do what: every role at every address of the admin."""

from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from briefings.models import Situation
from entries.glossary.models import Term
from entries.links.health import LinkCheck
from entries.links.models import Link
from entries.models import Country
from entries.search.models import Synonym
from imports.models import Block, Import, Proposal
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from ranportal.accounts.models import AccessLine
from records.models import FormerSlug
from records.versions.snapshots import versions_of
from tests.desk import ROLES, STAFF, change_url, lines, page_url, person, values_in
from tests.made import KINDS, make, one_of
from tests.soak import SOAK, soak
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- Every role at every address of the admin ----------------------------------------


LOOK, ADD, CHANGE, DELETE = "look", "add", "change", "delete"

EVERYTHING = (LOOK, ADD, CHANGE, DELETE)

VOCABULARY = [Theme, WorkingGroup, Synonym, Tag, Term]

REVIEWED = [*KINDS, Situation]

KEPT = [Country, FormerSlug]

IMPORTS = [Import, Proposal, Block]

PEOPLE = [User, Group, AccessLine]


def each(models, *rights):
    return {model: {*rights} for model in models}


# What each role may do with a record that is somebody else's: of the entries, a draft.
RIGHTS = {
    "nobody": {},
    "contributor": {
        **each(REVIEWED, LOOK, ADD),
        **each([*VOCABULARY, *KEPT, Link, LinkCheck], LOOK),
    },
    "curator": {
        **each([*REVIEWED, Link], *EVERYTHING),
        **each([*VOCABULARY, *KEPT, Block], LOOK),
        **each([Import], *EVERYTHING),
        **each([Proposal, LinkCheck], LOOK, CHANGE),
    },
    "editor": {
        **each([*REVIEWED, Link, *VOCABULARY], *EVERYTHING),
        **each([*KEPT, Block], LOOK),
        **each([Import], *EVERYTHING),
        **each([Proposal, LinkCheck], LOOK, CHANGE),
    },
    "superuser": {
        **each([*REVIEWED, Link, *VOCABULARY, User, Group], *EVERYTHING),
        **each([*KEPT, AccessLine, Block], LOOK),
        **each([Import], *EVERYTHING),
        **each([Proposal, LinkCheck], LOOK, CHANGE),
    },
}


def test_no_model_of_the_admin_is_forgotten_here():
    assert {*admin.site._registry} == {
        *REVIEWED,
        Link,
        LinkCheck,
        *VOCABULARY,
        *KEPT,
        *PEOPLE,
        *IMPORTS,
    }


# Of what a superuser may do whatever there is with, every page is opened in `test_admin.py`.
PAIRS = [
    (role, model)
    for role, model in product(STAFF, admin.site._registry)
    if SOAK or role != "superuser" or RIGHTS[role].get(model) != {*EVERYTHING}
]


@soak
@pytest.mark.parametrize(("role", "model"), PAIRS, ids=lambda each: getattr(each, "__name__", each))
def test_each_role_opens_what_is_its_own_and_nothing_else(empty_db, role, model):
    desk = person(role)
    rights = RIGHTS[role].get(model, set())
    record = one_of(model)
    versioned = hasattr(admin.site.get_model_admin(model), "restore_view")

    def status(page, *args):
        return desk.client.get(page_url(model, page, *args)).status_code

    def opens(right):
        return 200 if right in rights else 403

    # Who may send a form may open it: what asks first, and what names the errors, is the same page.
    if role != "superuser":  # who opens all of them in `test_admin.py`
        assert status("history", record.pk) == opens(LOOK)
    if DELETE not in rights:
        assert status("changelist") == opens(LOOK)
        assert status("delete", record.pk) == 403
    if CHANGE not in rights:
        assert status("change", record.pk) == opens(LOOK)
    if ADD not in rights:
        assert status("add") == 403
    if versioned:
        record.save()  # so that there is a version
        version = versions_of(model, record.pk).first().pk
        assert status("version", record.pk, version) == opens(LOOK)
        if CHANGE not in rights:
            assert status("restore", record.pk, version) == 403
        url = page_url(model, "restore", record.pk, version)
        answer = desk.client.post(url, {"note": "Back."}).status_code
        assert (answer == 403) == (CHANGE not in rights)

    answer = desk.client.post(page_url(model, "add"), {"_save": "Save"})
    assert (answer.status_code == 403) == (ADD not in rights)
    stored = model.objects.filter(pk=record.pk).values()
    before = stored.get()
    answer = desk.client.post(page_url(model, "change", record.pk), {"_save": "Save"})
    assert (answer.status_code == 403) == (CHANGE not in rights)
    if CHANGE not in rights:
        assert stored.get() == before
    answered = {"post": "yes", "_perform": "Yes", "note": "Nobody uses it."}
    desk.client.post(page_url(model, "delete", record.pk), answered)
    deleted = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    answer = desk.client.post(page_url(model, "changelist"), deleted)
    assert DELETE not in rights or answer.status_code == 302
    assert stored.exists() == (DELETE not in rights)


@pytest.mark.parametrize(("role", "kind"), [*product(ROLES, KINDS)], ids=str)
def test_whatever_the_role_links_and_uptakes_go_with_their_entry(role, kind):
    """A contributor has no right over links but by the drafts of their own."""
    desk = person(role)
    entry = make(kind, "Own draft", status="draft", author=desk.user)
    row = {"url": "https://example.org/a", "role": "page"}
    desk.saved(change_url(entry), **lines("links", row))
    assert entry.links.count() == 1
    values, _ = values_in(desk.open(change_url(entry)))
    desk.client.post(change_url(entry), values | {"links-0-DELETE": "on", "_save": "Save"})
    assert entry.links.count() == 0


def test_a_contributor_reaches_no_link_of_others():
    desk = person("contributor")
    link = one_of(Link)
    for page in ("change", "delete"):
        forged = {"url": "https://evil.example/", "role": "page", "post": "yes", "_save": "Save"}
        assert desk.client.post(page_url(Link, page, link.pk), forged).status_code == 403
    desk.act(Link, "delete_selected", link, post="yes")
    assert Link.objects.get(pk=link.pk).url == "https://example.org/"


@pytest.mark.parametrize("role", ["visitor", "no staff", "nobody"])
def test_whoever_has_no_role_finds_the_admin_closed(role):
    client = Client()
    if role != "visitor":
        client = person("nobody").client
        User.objects.update(is_staff=role == "nobody")
    entry = make(Lesson, "A draft", status="draft")
    for page in ("changelist", "add"):
        answer = client.get(page_url(Lesson, page))
        assert answer.status_code == (403 if role == "nobody" else 302)
    for name in ("send", "publish"):
        answer = client.post(page_url(Lesson, "transition", entry.pk, name), {"_perform": "Yes"})
        assert answer.status_code == (403 if role == "nobody" else 302)
    desk = client.get(reverse("admin:index"))
    if role == "nobody":
        assert desk.status_code == 403
        assert "ask a superuser" in desk.content.decode()
        assert "A draft" not in desk.content.decode()
    else:
        assert desk.url.startswith(reverse("admin:login"))
    where = {"app_label": "lessons", "model_name": "lesson", "field_name": "source"}
    answer = client.get(reverse("admin:autocomplete"), where)
    assert answer.status_code == (403 if role == "nobody" else 302)
    entry.refresh_from_db()
    assert entry.status == "draft"


def test_an_action_is_no_way_round_a_right():
    contributor, curator = person("contributor"), person("curator")
    entry = make(Lesson, "A lesson")
    for desk, action in product((contributor, curator), ("withdraw", "delete_selected")):
        answer = desk.act(Lesson, action, entry, post="yes", _perform="Yes", note="Gone.")
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        assert "Withdrawn" not in " ".join(said)
        entry.refresh_from_db()
        assert entry.is_public
