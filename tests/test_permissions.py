"""Who may open and do what: every role at every address, and visitors who guess addresses."""

from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from entries.links.models import Link
from entries.models import Country
from entries.search.models import Synonym
from lessons.models import Lesson
from meetings.models import Meeting, Paper, WorkingGroup
from ranportal.accounts.models import AccessLine
from records.models import FormerSlug
from records.versions.snapshots import versions_of
from tests.portal import KINDS, addresses, content_of, list_address, make, page_addresses
from tests.roles import ROLES, STAFF, person
from tests.test_admin import change_url, lines, page_url, values_in
from tests.test_workflow import addresses_of
from themes.models import Theme

pytestmark = pytest.mark.django_db

# --- Every role at every address of the admin --------------------------------------------

LOOK, ADD, CHANGE, DELETE = "look", "add", "change", "delete"
EVERYTHING = (LOOK, ADD, CHANGE, DELETE)
VOCABULARY = [Theme, WorkingGroup, Synonym, Tag]
KEPT = [Country, FormerSlug]
PEOPLE = [User, Group, AccessLine]


def each(models, *rights):
    return {model: {*rights} for model in models}


# What each role may do with a record that is somebody else's: of the entries, a draft.
RIGHTS = {
    "nobody": {},
    "contributor": {
        **each(KINDS, LOOK, ADD),
        **each([*VOCABULARY, *KEPT, Link], LOOK),
    },
    "curator": {
        **each([*KINDS, Link], *EVERYTHING),
        **each([*VOCABULARY, *KEPT], LOOK),
    },
    "editor": {
        **each([*KINDS, Link, *VOCABULARY], *EVERYTHING),
        **each(KEPT, LOOK),
    },
    "superuser": {
        **each([*KINDS, Link, *VOCABULARY, User, Group], *EVERYTHING),
        **each([*KEPT, AccessLine], LOOK),
    },
}


def one_of(model):
    if model in KINDS:
        return make(model, "Somebody’s draft", status="draft")
    if model is Link:
        draft = make(Lesson, "A draft with a link", status="draft")
        return Link.objects.create(url="https://example.org/", lesson=draft)
    made = {
        Theme: {"slug": "of-its-own", "title": "Of its own"},
        WorkingGroup: {"slug": "of-its-own", "name": "Of its own"},
        Tag: {"slug": "of-its-own", "name": "of its own"},
        Synonym: {"term": "of its own", "others": ["its own"]},
        FormerSlug: {"model": "x.y", "slug": "a", "current_slug": "b"},
        Group: {"name": "readers"},
        User: {"username": "somebody"},
    }
    if model in made:
        return model.objects.create(**made[model])
    return model.objects.first()


def test_no_model_of_the_admin_is_forgotten_here():
    assert {*admin.site._registry} == {*KINDS, Link, *VOCABULARY, *KEPT, *PEOPLE}


@pytest.mark.parametrize("model", [*admin.site._registry], ids=lambda model: model.__name__)
@pytest.mark.parametrize("role", STAFF)
def test_each_role_opens_what_is_its_own_and_nothing_else(role, model):
    desk = person(role)
    rights = RIGHTS[role].get(model, set())
    record = one_of(model)
    versioned = hasattr(admin.site.get_model_admin(model), "restore_view")

    def status(page, *args):
        return desk.client.get(page_url(model, page, *args)).status_code

    def opens(right):
        return 200 if right in rights else 403

    assert status("changelist") == opens(LOOK)
    assert status("change", record.pk) == opens(LOOK)
    assert status("history", record.pk) == opens(LOOK)
    assert status("add") == opens(ADD)
    assert status("delete", record.pk) == opens(DELETE)
    if versioned:
        record.save()  # so that there is a version
        version = versions_of(model, record.pk).first().pk
        assert status("version", record.pk, version) == opens(LOOK)
        assert status("restore", record.pk, version) == opens(CHANGE)
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
    desk.client.post(page_url(model, "delete", record.pk), {"post": "yes"})
    desk.act(model, "delete_selected", record, post="yes")
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


# --- Guessing the address of what is not public ------------------------------------------

SECRET = "Unspokenly"
HIDDEN = ["draft", "review", "withdrawn"]


def hide(kind, status):
    """An entry that is not public, related to what is."""
    fields = {"start_date": "2030-05-04", "end_date": "2030-05-04"} if kind is Meeting else {}
    entry = make(
        kind,
        f"{SECRET} kept",
        tags=["training"],
        slug="unspokenly-kept",
        source=Paper.objects.published().first(),
        as_printed=f"{SECRET} printed.",
        **fields,
    )
    kind.objects.filter(pk=entry.pk).update(status=status)
    if status != "withdrawn":
        kind.objects.filter(pk=entry.pk).update(first_published=None)
    Link.objects.create(url=f"https://example.org/{SECRET}", **{kind._meta.model_name: entry})
    if hasattr(entry, "groups"):
        entry.groups.set(WorkingGroup.objects.all())
    if hasattr(entry, "countries"):
        entry.countries.set(["NL"])
    entry.refresh_from_db()
    return entry


@pytest.fixture(params=[*product(KINDS, HIDDEN)], ids=lambda it: f"{it[0].__name__}-{it[1]}")
def hidden(request):
    return hide(*request.param)


def test_its_own_addresses_tell_a_visitor_nothing(hidden):
    answers = {410} if hidden.status == "withdrawn" else {404}
    for address in addresses_of(hidden):
        response = Client().get(address)
        assert {response.status_code} == answers, address
        assert SECRET not in content_of(response).decode()
        assert {Client().head(address).status_code} == answers


@pytest.mark.parametrize("status", HIDDEN)
def test_no_list_file_feed_search_or_page_tells_a_visitor_of_it(status):
    hidden = [hide(kind, status) for kind in KINDS]
    queries = ["", f"?q={SECRET.lower()}", "?tag=training"]
    theme = hidden[0].themes.get()
    places = {
        *(f"{address}{query}" for address in addresses(of_records=False) for query in queries),
        f"{theme.get_absolute_url()}?",
        *(f"{list_address(kind)}?theme={theme.slug}&sort=title" for kind in KINDS),
        *(above.get_absolute_url() for above in theme.lineage),
        *(group.get_absolute_url() for group in WorkingGroup.objects.all()),
        hidden[0].source.get_absolute_url(),
    }
    client = Client()
    opened = 0
    for address in places:
        response = client.get(address)
        content = content_of(response).decode(errors="replace")
        assert SECRET not in content, address
        assert not [entry for entry in hidden if entry.get_absolute_url() in content], address
        if "q=" not in address or response.status_code == 400:
            assert hidden[0].slug not in content, address
        opened += response.status_code == 200
    assert opened > 60


def test_the_api_knows_nobody_and_so_tells_an_editor_no_more(hidden):
    client = person("editor").client
    kind = hidden.kind
    answer = client.get(reverse(f"{kind}-detail-api", args=[hidden.slug]))
    assert answer.status_code == (410 if hidden.status == "withdrawn" else 404)
    listed = client.get(reverse(f"{kind}-api"), {"q": SECRET.lower()})
    assert listed.json()["count"] == 0
    for name in ("list", "csv", "ris", "bib", "atom"):
        content = content_of(client.get(reverse(f"{kind}-{name}"))).decode()
        assert SECRET not in content, name


def test_its_page_is_open_to_staff_only(hidden):
    for role in ROLES:
        assert person(role).client.get(hidden.get_absolute_url()).status_code == 200
    outsider = person("nobody")
    User.objects.filter(pk=outsider.user.pk).update(is_staff=False)
    assert outsider.client.get(hidden.get_absolute_url()).status_code in (404, 410)


def test_what_is_public_does_not_name_it_where_it_hangs_on_it(hidden):
    """A lesson whose source, a paper whose meeting, a question whose uptake is not public."""
    kind = hidden.kind
    public = make(Lesson, "Said aloud", source=hidden if kind == "paper" else None)
    if kind == "meeting":
        paper = make(Paper, "Of it", meeting=hidden)
        practice = make(next(k for k in KINDS if k.__name__ == "Practice"), "Shown there")
        practice.presented_at.add(hidden)
        others = [public, paper, practice]
    else:
        others = [public]
    for entry in others:
        for address in addresses_of(entry):
            response = Client().get(address)
            if response.status_code == 200:
                assert SECRET not in content_of(response).decode(), address
                assert hidden.slug not in content_of(Client().get(address)).decode(), address


def test_every_public_page_is_as_it_was_before_there_was_a_draft(answers):
    """What nobody may see changes nothing: no count, no facet, no link."""
    for kind in KINDS:
        make(kind, "Unseen", status="draft", tags=["training"])
    client = Client()
    for address in page_addresses():
        _response, before = answers[address]
        assert client.get(address).content == before, address
