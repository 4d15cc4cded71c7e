"""From draft to public and back: who may make which transition when, and what is made of it."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from entries.links.models import Link
from entries.models import Entry
from entries.workflow import transitions
from entries.workflow.models import LoggedTransition
from entries.workflow.transitions import TRANSITIONS
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.conflicts import OPENED_WITH, seal
from records.versions.snapshots import Sheet
from tests.portal import KINDS, Page, make, open_page
from tests.roles import STAFF, person
from tests.test_admin import change_url, errors_in, lines, page_url, text_of, values_in
from themes.models import Theme

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def transition_url(entry, name):
    return page_url(type(entry), "transition", entry.pk, name)


def press(desk, entry, name, **typed):
    """Open the page of the transition, answer it, and return the page that follows."""
    url = transition_url(entry, name)
    values, _ = values_in(desk.open(url))
    return desk.client.post(url, values | typed | {"_perform": "Yes"}, follow=True)


def logged(entry):
    return [*LoggedTransition.objects.of(entry).values_list("action", "user__username", "note")]


def again(entry):
    """The entry as it is stored now."""
    return type(entry).objects.get(pk=entry.pk)


# --- Who may make which transition when ------------------------------------------------------

EVERYBODY = {"contributor", "curator", "editor", "superuser"}
CURATORS = EVERYBODY - {"contributor"}
EDITORS = CURATORS - {"curator"}

# Where an entry may stand, seen from whoever opens it, and who may make which transition from there.
ALLOWED = {
    "own draft": {"send": EVERYBODY},
    "draft of another": {"send": CURATORS},
    "in review": {"return": CURATORS, "publish": EDITORS},
    "in review, changed by oneself": {"return": CURATORS},
    "in review without a theme": {"return": CURATORS},
    "published": {"withdraw": EDITORS},
    "published, changed by another": {"withdraw": EDITORS, "confirm": CURATORS},
    "published, changed by oneself": {"withdraw": EDITORS},
    "withdrawn": {"restore": CURATORS},
}

LEADS_TO = {
    "send": "review",
    "return": "draft",
    "publish": "published",
    "confirm": "published",
    "withdraw": "withdrawn",
    "restore": "draft",
}


def entry_at(state, user, kind=Lesson):
    other = person("curator", f"somebody else {User.objects.count()}").user
    entry = make(kind, f"An entry {kind.objects.count()}", status="published")
    words = state.replace(",", "").split()
    entry.status = {"own": "draft", "in": "review"}.get(words[0], words[0])
    entry.author = user if "own" in words else other
    entry.changed_by = user if words[0] == "own" or "oneself" in words else other
    entry.awaits_second_look = words[0] == "published" and "changed" in words
    if entry.status in ("draft", "review"):
        entry.first_published = None
    entry.save()
    if "without" in words:
        entry.themes.clear()
    return entry


@pytest.mark.parametrize(
    ("role", "state"), [*product(STAFF, ALLOWED)], ids=lambda value: value.replace(" ", "-")
)
def test_a_transition_is_made_where_role_and_state_allow_it_and_else_refused_with_the_reason(
    role, state
):
    desk = person(role)
    may = {name for name, roles in ALLOWED[state].items() if role in roles}
    entry = entry_at(state, desk.user)
    if role != "nobody":
        form = desk.open(change_url(entry)).content.decode()
        assert {
            name for name in TRANSITIONS if f'href="{transition_url(entry, name)}"' in form
        } == may
    for name in TRANSITIONS:
        entry = entry_at(state, desk.user)
        url = transition_url(entry, name)
        if name in may:
            press(desk, entry, name, note="A note.")
            assert again(entry).status == LEADS_TO[name]
            assert logged(entry) == [(TRANSITIONS[name].action, desk.user.username, "A note.")]
            continue
        before = type(entry).objects.filter(pk=entry.pk).values().get()
        answered = {"_perform": "Yes", "note": "A note.", OPENED_WITH: seal(Sheet.of(entry))}
        response = desk.client.post(url, answered, follow=True)
        assert type(entry).objects.filter(pk=entry.pk).values().get() == before
        assert logged(entry) == []
        if role == "nobody":
            assert {response.status_code, desk.client.get(url).status_code} == {403}
        else:
            reason = refusal(name, role, state)
            assert reason in text_of(desk.open(url)), name
            assert reason in text_of(response), name


def refusal(name, role, state):
    if name in ("publish", "withdraw") and role not in EDITORS:
        return "Only editors may do this."
    if name in ("return", "confirm", "restore") and role not in CURATORS:
        return "Only curators and editors may do this."
    if name == "send" and state == "draft of another":
        return "It is somebody else’s draft."
    if (name, state) == ("confirm", "published"):
        return "No change of it awaits a second look."
    if state == "in review without a theme" and name == "publish":
        return "It is filed under no theme."
    if "oneself" in state and name in ("publish", "confirm") and name in CONDITIONS_FROM[state]:
        return "You made the last change yourself: somebody else has to look at it."
    return "Its status is"


CONDITIONS_FROM = {
    "in review, changed by oneself": ("publish",),
    "published, changed by oneself": ("confirm",),
}


@every_kind
def test_every_kind_goes_the_whole_way_and_each_transition_is_logged(kind):
    writer, curator = person("contributor", "anna"), person("curator", "bela")
    editor, other = person("editor", "carla"), person("editor", "dan")
    theme = Theme.objects.in_tree_order().first()
    name = {Lesson: "text", Question: "text", Practice: "name"}.get(kind, "title")
    writer.saved(page_url(kind, "add"), **{name: "Whole way"}, slug="way", themes=[str(theme.pk)])
    entry = kind.objects.get(slug="way")
    public = Client()

    press(writer, entry, "send", note="Please look.")
    press(curator, entry, "return", note="The page is missing.")
    writer.saved(change_url(entry), source_page="7")
    press(writer, entry, "send")
    assert public.get(entry.get_absolute_url()).status_code == 404
    press(editor, entry, "publish", note="New from the autumn meeting.")
    assert "Whole way" in open_page(public, entry.get_absolute_url()).text
    curator.saved(change_url(entry), source_page="8", change_note="Page 8, not 7.")
    press(editor, entry, "confirm")
    press(other, entry, "withdraw", note="Said twice.", see_instead="/about/")
    assert public.get(entry.get_absolute_url()).status_code == 410
    press(curator, entry, "restore")

    assert logged(entry) == [
        ("drafted", "anna", ""),
        ("sent", "anna", "Please look."),
        ("returned", "bela", "The page is missing."),
        ("sent", "anna", ""),
        ("published", "carla", "New from the autumn meeting."),
        ("changed", "bela", "Page 8, not 7."),
        ("confirmed", "carla", ""),
        ("withdrawn", "dan", "Said twice."),
        ("restored", "bela", ""),
    ]
    text = text_of(writer.open(change_url(entry)))
    assert "Returned by bela" in text
    assert "The page is missing." in text


def test_a_team_of_one_publishes_its_own_work_where_the_setting_allows_it(settings):
    settings.FOUR_EYES = False
    desk = person("editor")
    for state, name in (
        ("in review, changed by oneself", "publish"),
        ("published, changed by oneself", "confirm"),
    ):
        entry = entry_at(state, desk.user)
        assert reverse("admin:index") in press(desk, entry, name).content.decode()
        assert logged(entry) == [(TRANSITIONS[name].action, "the editor", "")]


@pytest.mark.parametrize("name", ["return", "withdraw"])
def test_a_transition_that_owes_a_reason_is_not_made_without_one(name):
    desk = person("editor")
    entry = entry_at({"return": "in review", "withdraw": "published"}[name], desk.user)
    page = press(desk, entry, name, note="  ")
    assert page.context["form"].errors == {"note": ["This field is required."]}
    assert logged(entry) == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/nowhere/", "The portal has no such address."),
        ("/lessons/no-such-lesson/", "The portal has no such address."),
        ("//example.org/", "The portal has no such address."),
        ("javascript:alert(1)", "Enter a valid URL."),
        ("lessons", "Enter a valid URL."),
        ("/" + "a" * 500, "at most 500 characters"),
    ],
)
def test_where_to_go_instead_has_to_be_an_address(address, message):
    desk = person("editor")
    entry = entry_at("published", desk.user)
    page = press(desk, entry, "withdraw", note="Said twice.", see_instead=address)
    assert message in " ".join(page.context["form"].errors["see_instead"])
    assert values_in(page)[0]["note"] == "Said twice."
    assert again(entry).is_public


def test_what_was_changed_since_the_page_was_opened_is_not_published_unseen():
    desk = person("editor")
    entry = entry_at("in review", desk.user)
    url = transition_url(entry, "publish")
    values, _ = values_in(desk.open(url))
    Lesson.objects.filter(pk=entry.pk).update(text="Something else altogether.")
    page = desk.client.post(url, values | {"_perform": "Yes", "note": "My note."})
    assert "It was changed after you opened this page." in text_of(page)
    assert not again(entry).is_public
    values, _ = values_in(page)
    assert values["note"] == "My note."
    desk.client.post(url, values | {"_perform": "Yes"})
    assert again(entry).is_public


@pytest.mark.parametrize("unknown", ["delete", "Publish", "x"])
def test_an_unknown_transition_is_not_found(unknown):
    desk = person("editor")
    entry = entry_at("in review", desk.user)
    assert desk.client.get(transition_url(entry, unknown)).status_code == 404


def test_a_transition_of_several_entries_names_those_it_was_refused_for():
    desk = person("editor")
    ready, own = (
        entry_at(state, desk.user) for state in ("in review", "in review, changed by oneself")
    )
    text = text_of(desk.act(Lesson, "publish", ready, own))
    assert "Published: 1 lesson." in text
    assert f"You made the last change yourself: somebody else has to look at it. {own}" in text
    assert (again(ready).status, again(own).status) == ("published", "review")

    asked = desk.act(Lesson, "return", own, ready)
    values, _ = values_in(asked)
    desk.client.post(page_url(Lesson, "changelist"), values | {"_selected_action": [own.pk]})
    assert again(own).status == "review", "a note is owed"
    desk.act(Lesson, "return", own, _perform="Yes", note="Not yet.")
    assert logged(own) == [("returned", "the editor", "Not yet.")]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("contributor", ["send"]),
        ("curator", ["send", "return", "confirm", "restore"]),
        ("editor", [*TRANSITIONS]),
    ],
)
def test_the_list_offers_the_transitions_that_a_role_knows(role, offered):
    desk = person(role)
    entry = entry_at("in review", desk.user)
    html = desk.open(page_url(Lesson, "changelist")).content.decode()
    assert [name for name in TRANSITIONS if f'<option value="{name}">' in html] == offered
    if "publish" not in offered:
        desk.act(Lesson, "publish", entry)
        assert again(entry).status == "review"


# --- Past the transitions ------------------------------------------------------------------


@every_kind
def test_no_form_sets_the_status(kind):
    desk = person("superuser")
    entry = make(kind, "A draft", status="draft")
    forged = {
        "status": "published",
        "first_published": "2020-01-01",
        "changed_by": "",
        "author": "",
    }
    desk.saved(change_url(entry), **forged)
    name = {Lesson: "text", Question: "text", Practice: "name"}.get(kind, "title")
    desk.saved(page_url(kind, "add"), **{name: "Another"}, **forged, slug="another")
    for each in (again(entry), kind.objects.get(slug="another")):
        assert (each.status, each.first_published) == ("draft", None)
    assert kind.objects.get(slug="another").changed_by == desk.user


@pytest.mark.parametrize("state", [*ALLOWED])
def test_a_contributor_changes_own_drafts_and_nothing_else(state):
    desk = person("contributor")
    entry = entry_at(state, desk.user)
    if state == "own draft":
        desk.saved(change_url(entry), text="Other words.")
        assert again(entry).text == "Other words."
        return
    assert "Save" not in desk.open(change_url(entry)).content.decode().partition("<form")[2]
    values = {"text": "Other words.", "slug": entry.slug, "change_note": "Mine."}
    empty = lines("links")
    answer = desk.client.post(change_url(entry), values | empty | {"_save": "Save"})
    assert answer.status_code == 403
    assert again(entry).text == entry.text


@pytest.mark.parametrize("role", ["curator", "editor", "superuser"])
@pytest.mark.parametrize("state", [*ALLOWED])
def test_curators_and_editors_change_everything(role, state):
    desk = person(role)
    entry = entry_at(state, desk.user)
    link = {"url": "https://example.org/", "role": "page"}
    note = {"change_note": "A better wording."} if entry.is_public else {}
    desk.saved(change_url(entry), text="Other words.", **note, **lines("links", link))
    assert again(entry).text == "Other words."
    assert again(entry).changed_by == desk.user
    assert again(entry).status == entry.status
    assert entry.links.count() == 1


@every_kind
def test_a_change_of_a_public_entry_needs_a_note_is_live_at_once_and_awaits_a_second_look(kind):
    desk, other = person("curator"), person("curator", "other")
    entry = make(kind, "Said first")
    first = entry.first_published
    response = desk.refused(change_url(entry), as_printed="Said now.")
    assert errors_in(response) == {"change_note": ["This field is required."]}
    desk.saved(change_url(entry), as_printed="Said now.", change_note="The source, word for word.")

    page = open_page(Client(), entry.get_absolute_url())
    assert "Said now." in page.text
    assert "The source, word for word." in page.text
    assert "the curator" not in page.text
    entry = again(entry)
    assert entry.awaits_second_look
    assert (entry.first_published, entry.last_reviewed) == (first, None)
    for waiting in (desk, other):
        assert str(entry) in pile(waiting, "Changed after publication: a second look is due")
    press(desk, entry, "confirm")
    assert again(entry).awaits_second_look, "it was the curator's own change"
    press(other, entry, "confirm")
    assert not again(entry).awaits_second_look
    assert again(entry).last_reviewed is not None
    assert "Last reviewed" in open_page(Client(), entry.get_absolute_url()).text


def test_only_a_tag_changed_is_a_change_too():
    desk = person("curator")
    entry = make(Lesson, "A lesson")
    tag = Tag.objects.first()
    desk.saved(change_url(entry), tags=[str(tag.pk)], change_note="Filed better.")
    assert again(entry).awaits_second_look
    assert logged(entry) == [("changed", "the curator", "Filed better.")]


def test_a_link_changed_on_its_own_page_is_a_change_of_its_entry():
    desk = person("curator")
    public, other = make(Lesson, "A lesson"), make(Practice, "A practice")
    desk.saved(
        page_url(Link, "add"), url="https://example.org/a", role="page", lesson=str(public.pk)
    )
    link = Link.objects.get(url="https://example.org/a")
    desk.saved(change_url(link), lesson="", practice=str(other.pk))
    desk.client.post(page_url(Link, "delete", link.pk), {"post": "yes"})
    assert [note for _, _, note in logged(public)] == [
        "A link was added or changed: example.org/a.",
        "A link went to another entry: example.org/a.",
    ]
    assert [note for _, _, note in logged(other)] == [
        "A link was added or changed: example.org/a.",
        "A link was removed: example.org/a.",
    ]
    for entry in (again(public), again(other)):
        assert (entry.awaits_second_look, entry.changed_by) == (True, desk.user)
    several = [Link.objects.create(url=f"https://example.org/{n}", lesson=public) for n in range(2)]
    desk.act(Link, "delete_selected", *several, post="yes")
    assert len(logged(public)) == 4


def test_the_way_to_the_public_is_the_same_for_commands():
    contributor, editor = person("contributor").user, person("editor").user
    lesson = make(Lesson, "A lesson", status="review")
    with pytest.raises(transitions.Refused, match="Only editors may do this"):
        transitions.PUBLISH.perform(lesson, contributor)
    stale = again(lesson)
    assert transitions.PUBLISH.perform(lesson, editor).is_public
    with pytest.raises(transitions.Refused, match="Its status is “published”"):
        transitions.PUBLISH.perform(stale, editor)


# --- Withdrawn -----------------------------------------------------------------------


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def withdrawn(request):
    fields = {"start_date": "2020-05-04", "end_date": "2020-05-04"}
    fields = fields if request.param is Meeting else {}
    entry = make(request.param, "Once said", slug="once-said", **fields)
    transitions.WITHDRAW.perform(
        entry, person("editor").user, "It says <twice> the same.", "/about/"
    )
    return again(entry)


def addresses_of(entry):
    """Everywhere an entry is by itself: its page, its files, the API."""
    kind = entry.kind
    formats = ["ris", "bib", "jsonld", *(["ics"] if kind == "meeting" else [])]
    yield entry.get_absolute_url()
    yield from (reverse(f"{kind}-detail-{name}", args=[entry.slug]) for name in formats)
    yield reverse(f"{kind}-detail-api", args=[entry.slug])


def test_a_withdrawn_entry_answers_410_with_the_reason_in_every_format_and_the_api(withdrawn):
    client = Client()
    *pages, api = addresses_of(withdrawn)
    for address in pages:
        response = client.get(address)
        assert response.status_code == 410, address
        page = Page(response)
        assert page.headings == [f"This {withdrawn._meta.verbose_name} was withdrawn"]
        assert "It says <twice> the same." in page.text
        assert page.links()["/about/"] == "/about/"
        assert "Once said" not in page.text
    response = client.get(api)
    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": f"This {withdrawn._meta.verbose_name} was withdrawn. It says <twice> the same."
        " See instead: /about/",
        "instance": api,
    }


def test_a_former_address_leads_to_the_one_that_says_why(withdrawn):
    curator = person("curator")
    former = [*addresses_of(withdrawn)]
    curator.saved(change_url(withdrawn), slug="said-otherwise")
    for address, present in zip(former, addresses_of(again(withdrawn)), strict=True):
        response = Client().get(address)
        assert (response.status_code, response.url) == (301, present)
        assert Client().get(present).status_code == 410


def test_staff_see_a_withdrawn_entry_and_that_it_is_one(withdrawn):
    page = open_page(person("contributor").client, withdrawn.get_absolute_url())
    assert "Once said" in page.text
    assert "Not public (withdrawn): only staff can open this page." in page.text
    assert "It says <twice> the same." in page.text


def test_a_restored_entry_stays_gone_until_it_is_published_again(withdrawn):
    curator, editor = person("curator"), person("editor", "another editor")
    first = withdrawn.first_published
    for name, who in (("restore", curator), ("send", curator)):
        press(who, withdrawn, name)
        assert Client().get(withdrawn.get_absolute_url()).status_code == 410
    press(editor, withdrawn, "publish")
    page = open_page(Client(), withdrawn.get_absolute_url())
    assert "Once said" in page.text
    assert "It says <twice> the same." in page.text, "the note of the withdrawal is public"
    entry = again(withdrawn)
    assert (entry.first_published, entry.withdrawn_reason, entry.see_instead) == (first, "", "")


def test_an_entry_that_was_never_public_is_not_found(withdrawn):
    draft = make(type(withdrawn), "Never said", slug="never-said", status="draft")
    assert {Client().get(address).status_code for address in addresses_of(draft)} == {404}


@pytest.mark.parametrize("status", ["draft", "review", "published", "withdrawn"])
def test_only_a_superuser_deletes_what_was_once_public(status):
    for role in ("contributor", "curator", "editor", "superuser"):
        desk = person(role, f"{role} who deletes")
        kept = make(Lesson, f"Kept {role}")
        Lesson.objects.filter(pk=kept.pk).update(status=status)
        answer = desk.client.post(page_url(Lesson, "delete", kept.pk), {"post": "yes"})
        assert answer.status_code == (302 if role == "superuser" else 403)
        assert Lesson.objects.filter(pk=kept.pk).exists() == (role != "superuser")


def test_drafts_are_deleted_by_who_may_change_them_with_their_links():
    contributor, curator = person("contributor"), person("curator")
    for desk, state, gone in (
        (contributor, "own draft", True),
        (contributor, "draft of another", False),
        (curator, "draft of another", True),
        (curator, "in review", True),
    ):
        entry = entry_at(state, desk.user)
        Link.objects.create(url="https://example.org/", lesson=entry)
        desk.client.post(page_url(Lesson, "delete", entry.pk), {"post": "yes"})
        assert Lesson.objects.filter(pk=entry.pk).exists() != gone
        desk.act(Lesson, "delete_selected", entry, post="yes")
        assert Lesson.objects.filter(pk=entry.pk).exists() != gone


# --- The entry's page ----------------------------------------------------------------


def test_the_page_of_an_entry_keeps_its_dates_apart_and_tells_its_public_changes():
    editor, curator = person("editor", "eva").user, person("curator", "kim").user
    entry = make(Lesson, "A lesson", status="review")
    transitions.note_transition(
        LoggedTransition.Action.RETURNED, entry, editor, "An internal note."
    )
    transitions.PUBLISH.perform(entry, editor)
    entry = again(entry)
    now = timezone.now()
    Lesson.objects.filter(pk=entry.pk).update(
        first_published=now - timedelta(days=400), last_reviewed=now - timedelta(days=30)
    )
    transitions.note_change(again(entry), curator, "A figure corrected.")
    transitions.note_change(again(entry), curator, "And another.")
    text = open_page(Client(), entry.get_absolute_url()).text
    dates = [now - timedelta(days=days) for days in (400, 0, 30)]
    first, changed, reviewed = (f"{timezone.localtime(day):%-d %B %Y}" for day in dates)
    line = f"First published {first} · Last changed {changed} · Last reviewed {reviewed}"
    assert line in text
    assert f"What was changed here {changed}: And another. {changed}: A figure corrected." in text
    for hidden in ("An internal note.", "eva", "kim"):
        assert hidden not in text


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_what_is_not_public_is_previewed_from_its_form(status):
    desk = person("contributor")
    entry = make(Practice, "A practice")
    Practice.objects.filter(pk=entry.pk).update(status=status)
    html = desk.open(change_url(entry)).content.decode()
    link = re.search(r'href="([^"]+)" class="viewsitelink">(.*?)<', html)
    assert link[2] == "Preview"
    page = open_page(desk.client, entry.get_absolute_url())
    assert desk.client.get(link[1]).url.endswith(entry.get_absolute_url())
    assert page.headings == ["A practice"]
    assert "only staff can open this page" in page.text
    assert "A practice" not in Client().get(entry.get_absolute_url()).content.decode()


# --- The desk ------------------------------------------------------------------------


def piles(desk):
    """{title: what is in the pile} as the desk shows it."""
    html = desk.open(reverse("admin:index")).content.decode()
    found = re.findall(r'<section class="[^"]*pile[^"]*">.*?</section>', html, re.S)
    texts = [re.sub(r"<[^>]*>", " ", section.replace("</h2>", "|")) for section in found]
    parts = [" ".join(text.split()).partition("|") for text in texts]
    return {re.sub(r" \d+\+?\s*$", "", title).strip(): said.strip() for title, _, said in parts}


def pile(desk, title):
    return piles(desk)[title]


def test_the_desk_shows_each_person_what_waits_for_them():
    writer, curator, editor = person("contributor"), person("curator"), person("editor")
    draft, sent, back = (make(Lesson, f"{n} entry", status="draft") for n in ("My", "Sent", "Back"))
    for entry in (draft, sent, back):
        transitions.note_change(entry, writer.user, new=True)
    transitions.SEND.perform(sent, writer.user)
    transitions.SEND.perform(back, writer.user)
    transitions.RETURN.perform(back, curator.user, "One more sentence, please.")
    own = make(Meeting, "Own entry", status="review", changed_by=editor.user)

    seen = piles(writer)
    assert "Waiting for your review" not in seen
    assert "Changed after publication: a second look is due" not in seen
    assert "My entry" in seen["Your drafts"]
    assert "Back entry" not in seen["Your drafts"]
    assert "Back entry" in seen["Sent back to you"]
    assert "One more sentence, please." in seen["Sent back to you"]

    seen = piles(editor)
    assert "Lesson Sent entry the contributor" in seen["Waiting for your review"]
    assert str(own) not in seen["Waiting for your review"]
    assert seen["Your drafts"] == seen["Sent back to you"] == "Nothing."
    assert "Own entry" in pile(curator, "Waiting for your review")
    week = seen["This week"]
    assert "Back entry Returned by the curator" in week
    assert week.count("Back entry") == 1, "the last of each"


def test_the_desk_of_the_week_forgets_what_is_older_and_what_is_deleted():
    desk = person("editor")
    old, gone, new = (make(Lesson, f"{name} lesson") for name in ("Old", "Gone", "New"))
    for entry in (old, gone, new):
        transitions.note_change(entry, desk.user, "Changed.")
    LoggedTransition.objects.of(old).update(at=timezone.now() - timedelta(days=8))
    gone.delete()
    week = pile(desk, "This week")
    assert "New lesson" in week
    assert "Old lesson" not in week
    assert "Gone lesson" not in week


def test_the_gaps_lead_to_lists_of_as_many_entries():
    desk = person("curator")
    for kind in KINDS:
        bare = make(kind, "Lacks everything", status="draft")
        bare.themes.clear()
        withdrawn = make(kind, "Was withdrawn", slug="was")
        withdrawn.themes.clear()
        kind.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    html = desk.open(reverse("admin:index")).content.decode()
    section = re.search(r"Gaps to fill.*?</section>", html, re.S)[0].replace("&amp;", "&")
    gaps = re.findall(r'<a href="([^"]+)">(\d+) ', section)
    assert len(gaps) == 15
    for url, count in gaps:
        response = desk.open(url)
        shown = [entry for entry in response.context["cl"].queryset if entry.slug != "was"]
        assert len(shown) == int(count), url


def test_the_desk_costs_the_same_queries_however_much_waits():
    desk = person("superuser")

    def fill(number):
        for kind in KINDS:
            for n, status in enumerate(Entry.Status.values):
                entry = make(kind, f"Number {number}", slug=f"n-{number}-{n}")
                transitions.note_change(entry, desk.user, "Changed.", new=True)
                kind.objects.filter(pk=entry.pk).update(status=status)
            back = make(kind, "Back", slug=f"back-{number}", status="review", author=desk.user)
            transitions.RETURN.perform(back, desk.user, "Again.")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert "Number" in text_of(desk.open(reverse("admin:index")))
        return len(queries)

    fill(0)
    cost()
    few = cost()
    for number in range(1, 14):
        fill(number)
    assert cost() == few
    assert few <= 50
    assert "All such lessons" in pile(desk, "Your drafts")


# --- One entry after the other -----------------------------------------------------------


def save_and_add(desk, page, next_kind, **typed):
    """Save the form and return the address of the next one."""
    values, _ = values_in(desk.open(page))
    response = desk.client.post(page, values | typed | {"_next": next_kind._meta.label_lower})
    assert response.status_code == 302, errors_in(response)
    return response.url


def test_a_meeting_its_paper_lessons_and_questions_follow_one_another():
    desk = person("contributor")
    theme, tag = Theme.objects.in_tree_order().first(), Tag.objects.first()
    common = {"themes": [str(theme.pk)], "tags": [str(tag.pk)]}
    url = save_and_add(
        desk,
        page_url(Meeting, "add"),
        Paper,
        title="The autumn meeting",
        countries=["NL"],
        send_to_review="on",
        **common,
    )
    meeting = Meeting.objects.get(title="The autumn meeting")
    values, _ = values_in(desk.open(url))
    assert {name: values[name] for name in ("meeting", "countries", *common)} == {
        "meeting": str(meeting.pk),
        "countries": ["NL"],
        **common,
    }
    url = save_and_add(desk, url, Lesson, title="What it concluded")
    paper = Paper.objects.get(title="What it concluded")
    values, _ = values_in(desk.open(url))
    assert (values["source"], values["source_page"]) == (str(paper.pk), "")
    url = save_and_add(desk, url, Lesson, text="One lesson.", source_page="3")
    values, _ = values_in(desk.open(url))
    assert (values["source"], values["source_page"], values["text"]) == (str(paper.pk), "3", "")
    url = save_and_add(desk, url, Question, text="Another lesson.")
    desk.saved(url, text="A question?")
    question = Question.objects.get(text="A question?")
    assert (question.source, question.source_page) == (paper, "3")
    filed = [meeting, paper, *Lesson.objects.filter(source=paper), question]
    assert len(filed) == 5
    for entry in map(again, filed):
        assert (entry.status, entry.author) == ("review", desk.user)
        assert [*entry.themes.all()] == [theme]
        assert [*entry.tags.all()] == [tag]


def test_what_can_come_next_depends_on_the_kind_and_on_what_one_may_add():
    desk = person("contributor")
    html = desk.open(page_url(Meeting, "add")).content.decode()
    assert re.findall(r'name="_next" value="(.*?)"', html) == [
        "meetings.paper",
        "practices.practice",
        "meetings.meeting",
    ]
    before = Meeting.objects.count()
    values, _ = values_in(desk.open(page_url(Meeting, "add")))
    typed = {"title": "A meeting", "_next": "auth.user"}
    response = desk.client.post(page_url(Meeting, "add"), values | typed)
    assert response.url == page_url(Meeting, "changelist")
    assert Meeting.objects.count() == before + 1


def test_sent_when_saved_is_sent_and_can_be_left_out():
    desk = person("contributor")
    desk.saved(page_url(Lesson, "add"), text="Kept for later.")
    lesson = Lesson.objects.get(text="Kept for later.")
    assert lesson.status == "draft"
    response = desk.saved(change_url(lesson), send_to_review="on")
    assert again(lesson).status == "review"
    assert "Sent to review: 1 lesson." in text_of(desk.open(response.url))
    html = person("curator").open(change_url(lesson)).content.decode()
    assert "send_to_review" not in html


# --- The roles -----------------------------------------------------------------------


def test_every_migration_gives_the_roles_what_is_theirs_and_leaves_other_groups_alone():
    curators, others = Group.objects.get(name="curator"), Group.objects.create(name="others")
    before = {*curators.permissions.all()}
    publish = Permission.objects.get(codename="publish_lesson")
    curators.permissions.set([publish])
    others.permissions.set([publish])
    Group.objects.get(name="editor").delete()
    call_command("migrate", verbosity=0)
    assert {*curators.permissions.all()} == before
    assert [*others.permissions.all()] == [publish]
    assert publish in Group.objects.get(name="editor").permissions.all()
