"""From draft to public and back: who may make which transition when, and what is made of it."""

from itertools import product

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from taggit.models import Tag

from entries.links.models import Link
from entries.workflow import transitions
from entries.workflow.transitions import TRANSITIONS
from lessons.models import Lesson, Question
from practices.models import Practice
from records.versions.forms import OPENED_WITH, seal
from records.versions.snapshots import Snapshot
from tests.desk import STAFF, change_url, errors_in, lines, page_url, person, values_in
from tests.made import NAME_FIELDS, every_kind, make
from tests.pages import open_page, text_of
from tests.soak import SOAK, soak
from tests.transitions import again, entry_at, logged, pile, press, transition_url
from themes.models import Theme

pytestmark = pytest.mark.django_db


# --- Who may make which transition when ----------------------------------------------


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


# A superuser may what an editor may: in `make soak` that is seen of every state too.
ROLES = [role for role in STAFF if SOAK or role != "superuser"]


@soak
@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "state"), [*product(ROLES, ALLOWED)], ids=lambda value: value.replace(" ", "-")
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
    before = type(entry).objects.filter(pk=entry.pk).values().get()
    for name in sorted(
        TRANSITIONS, key=may.__contains__
    ):  # what is refused leaves the entry as it is
        if name in may:
            entry = entry_at(state, desk.user)
            press(desk, entry, name, note="A note.")
            assert again(entry).status == LEADS_TO[name]
            assert logged(entry) == [(TRANSITIONS[name].action, desk.user.username, "A note.")]
            continue
        url = transition_url(entry, name)
        answered = {"_perform": "Yes", "note": "A note.", OPENED_WITH: seal(Snapshot.of(entry))}
        response = desk.client.post(url, answered)
        assert type(entry).objects.filter(pk=entry.pk).values().get() == before
        assert logged(entry) == []
        if role == "nobody":
            assert {response.status_code, desk.client.get(url).status_code} == {403}
        else:
            reason = refusal(name, role, state)
            assert reason in told(desk.client, response), name
            if role in ("contributor", "editor"):  # the others are told no other reasons
                assert reason in text_of(desk.open(url)), name


def told(client, response):
    """The message that the next page would show, without asking for that page."""
    [message] = get_messages(response.wsgi_request)
    del client.cookies["messages"]
    return str(message)


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


@pytest.mark.once
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


@pytest.mark.once
def test_a_team_of_one_publishes_its_own_work_where_the_setting_allows_it(settings):
    settings.FOUR_EYES = False
    desk = person("editor")
    for state, name in (
        ("in review, changed by oneself", "publish"),
        ("published, changed by oneself", "confirm"),
    ):
        entry = entry_at(state, desk.user)
        assert press(desk, entry, name).url == change_url(entry)
        assert logged(entry) == [(TRANSITIONS[name].action, "the editor", "")]


@pytest.mark.once
@pytest.mark.parametrize("name", ["return", "withdraw"])
def test_a_transition_that_owes_a_reason_is_not_made_without_one(name):
    desk = person("editor")
    entry = entry_at({"return": "in review", "withdraw": "published"}[name], desk.user)
    page = press(desk, entry, name, note="  ")
    assert page.context["form"].errors == {"note": ["This field is required."]}
    assert logged(entry) == []


@pytest.mark.once
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


@pytest.mark.once
@pytest.mark.parametrize("unknown", ["delete", "publishing", "x"])
def test_an_unknown_transition_is_not_found(unknown):
    desk = person("editor")
    entry = entry_at("in review", desk.user)
    assert desk.client.get(transition_url(entry, unknown)).status_code == 404


@pytest.mark.once
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


@pytest.mark.once
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


# --- Past the transitions ------------------------------------------------------------


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
@every_kind
def test_a_change_of_a_public_entry_needs_a_note_is_live_at_once_and_awaits_a_second_look(kind):
    desk, other = person("curator"), person("curator", "other")
    entry = make(kind, "Said first")
    first = entry.first_published
    said_now = {NAME_FIELDS[kind]: "Said now."}
    response = desk.refused(change_url(entry), **said_now)
    assert errors_in(response) == {"change_note": ["This field is required."]}
    desk.saved(change_url(entry), **said_now, change_note="The source, word for word.")

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


@pytest.mark.once
def test_only_a_tag_changed_is_a_change_too():
    desk = person("curator")
    entry = make(Lesson, "A lesson")
    tag = Tag.objects.first()
    desk.saved(change_url(entry), tags=[str(tag.pk)], change_note="Filed better.")
    assert again(entry).awaits_second_look
    assert logged(entry) == [("changed", "the curator", "Filed better.")]


@pytest.mark.once
def test_a_link_changed_on_its_own_page_is_a_change_of_its_entry():
    desk = person("curator")
    public, other = make(Lesson, "A lesson"), make(Practice, "A practice")
    desk.saved(
        page_url(Link, "add"), url="https://example.org/a", role="page", entry=f"lesson-{public.pk}"
    )
    link = Link.objects.get(url="https://example.org/a")
    desk.saved(change_url(link), entry=f"practice-{other.pk}")
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
    with pytest.raises(transitions.Refused, match="It names no source"):
        transitions.PUBLISH.perform(lesson, editor)
    assert transitions.PUBLISH.perform(lesson, editor, knowingly=True).is_public
    with pytest.raises(transitions.Refused, match="Its status is “published”"):
        transitions.PUBLISH.perform(stale, editor)


@pytest.mark.once
@every_kind
def test_what_names_no_source_is_published_only_by_who_says_to_know_it(kind):
    desk = person("editor")
    entry = make(kind, "Without a source", status="review")
    page = press(desk, entry, "publish", knowingly="")
    assert "It names no source: nobody can check what it says." in text_of(page)
    assert page.context["form"].errors == {"knowingly": ["This field is required."]}
    assert not again(entry).is_public
    press(desk, entry, "publish")
    assert again(entry).is_public
    sourced = entry_at("in review", desk.user, kind)
    form = desk.open(transition_url(sourced, "publish")).context["form"]
    assert "knowingly" not in form.fields
