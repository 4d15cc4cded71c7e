"""Links placed at their entries."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from entries.links.checking import follow_links
from entries.links.health import LinkCheck, LinkHealth
from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Meeting, Paper
from tests.desk import change_url, errors_in, lines, page_url, person, values_in
from tests.made import KINDS, draft, every_kind, make, make_theme
from tests.pages import text_of

pytestmark = pytest.mark.django_db


# --- Links ---------------------------------------------------------------------------


ADDRESS = "https://example.org/node/7"


@pytest.fixture
def waiting(desk):
    """An address that its paper keeps until somebody finds its entry."""
    paper = draft(Paper, "The overview paper")
    return Link.objects.create(url=ADDRESS, role="unassigned", paper=paper, source_page="9")


def test_the_links_not_yet_assigned_come_first_and_can_be_filtered(desk, waiting):
    lesson = draft(Lesson, "A lesson on trust")
    Link.objects.create(url="https://example.org/a.pdf", lesson=lesson)
    text = text_of(desk.open(page_url(Link, "changelist")))
    assert text.index("example.org/node/7") < text.index("example.org/a.pdf")
    assert "not yet assigned (1)" in text
    assert "Paper: The overview paper none 9" in text
    assert "Lesson: A lesson on trust" in text
    text = text_of(desk.open(page_url(Link, "changelist"), role__exact="unassigned"))
    assert "example.org/node/7" in text
    assert "a.pdf" not in text
    text = text_of(desk.open(page_url(Link, "changelist"), belongs_to="lesson"))
    assert "example.org/node/7" not in text


def key_of(entry):
    return f"{entry.kind}-{entry.pk}"


@pytest.mark.once
@every_kind
def test_a_link_is_placed_by_choosing_its_entry_its_role_and_why(desk, waiting, kind):
    entry = draft(kind, "Its entry")
    placed = {"role": "page", "certainty": "probable", "entry": key_of(entry)}
    response = desk.refused(change_url(waiting), **placed)
    assert errors_in(response) == {
        "note": ["Say what the reading rests on: why is it the entry’s?"]
    }
    assert "Its entry" in text_of(response)
    desk.saved(change_url(waiting), **placed, note="Its title is on the page.")
    waiting.refresh_from_db()
    assert waiting.entry == entry
    assert (waiting.role, waiting.certainty, waiting.source_page) == ("page", "probable", "9")
    assert waiting.note == "Its title is on the page."


def offered(desk, **asked):
    return desk.open(reverse("admin:entries_link_owners"), **asked).json()


def test_one_box_finds_entries_of_every_kind_by_their_words(desk):
    theme = make_theme()
    found = [make(kind, f"Quokkas as a {kind.kind}", [theme]) for kind in KINDS]
    make(Lesson, "Something else", [theme])
    groups = offered(desk, term="quokkas")["results"]
    rows = [row for group in groups for row in group["children"]]
    assert {row["id"] for row in rows} == {key_of(entry) for entry in found}
    assert {row["text"] for row in rows} == {str(entry) for entry in found}
    assert {"Lessons", "Papers"} <= {group["text"] for group in groups}
    for number in range(9):
        draft(Lesson, f"Quokka number {number}")
    answer = offered(desk, term="quokka number")
    assert (len(answer["results"][0]["children"]), answer["pagination"]["more"]) == (8, True)
    answer = offered(desk, term="quokka number", page="2")
    assert (len(answer["results"][0]["children"]), answer["pagination"]["more"]) == (1, False)


@pytest.mark.parametrize("asked", [{"term": "\x00"}, {"term": "x" * 300}, {"page": "0"}])
def test_what_cannot_be_searched_for_offers_nothing(desk, asked):
    draft(Lesson, "A lesson")
    assert offered(desk, **asked) == {"results": [], "pagination": {"more": False}}


@pytest.mark.once
def test_the_box_answers_those_only_whose_role_may_look(db):
    address = reverse("admin:entries_link_owners")
    assert person("contributor").client.get(address).status_code == 200
    assert person("nobody").client.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_link_of_no_entry_is_refused(desk, waiting):
    for role in ("page", "unassigned"):
        response = desk.refused(change_url(waiting), role=role, certainty="certain", entry="")
        assert errors_in(response).keys() - {"note"} == {"entry"}
        assert "A link belongs to exactly one entry: choose it" in text_of(response)


@pytest.mark.once
@pytest.mark.parametrize("key", ["lesson-x", "lesson-999999", "user-1", "x", "lesson-\x00", "-"])
def test_what_the_box_never_offered_is_refused_and_nothing_moves(desk, waiting, key):
    response = desk.refused(change_url(waiting), entry=key, role="page", note="Mine.")
    assert "There is no such entry" in str(errors_in(response)["entry"])
    assert Link.objects.get().paper == waiting.paper


def test_a_link_with_its_entry_needs_a_role(desk, waiting):
    lesson = draft(Lesson, "A lesson")
    response = desk.refused(change_url(waiting), entry=key_of(lesson))
    assert errors_in(response) == {"role": ["Say what it is to the entry that you chose."]}


def test_an_entry_has_an_address_once(desk, waiting):
    lesson = draft(Lesson, "A lesson")
    Link.objects.create(url=ADDRESS, lesson=lesson)
    message = ["This entry has this address already."]
    placed = {"role": "page", "certainty": "certain", "note": "Says so.", "entry": key_of(lesson)}
    response = desk.refused(change_url(waiting), **placed)
    assert errors_in(response) == {"url": message}
    twice = lines("links", {"url": "https://a.example/"}, {"url": "https://a.example/"})
    response = desk.refused(page_url(Lesson, "add"), text="Another", **twice)
    assert errors_in(response) == {"links-1-url": message}
    typed = {"links-TOTAL_FORMS": "2", "links-1-url": ADDRESS}
    response = desk.refused(change_url(lesson), **typed)
    assert errors_in(response) == {"links-1-url": message}


def test_where_two_placed_it_at_once_the_second_sees_where_it_went(desk, waiting):
    """The box stands for five relations: an edit conflict tells of them as of any other."""
    mine, theirs = draft(Lesson, "My choice"), draft(Lesson, "Their choice")
    page = desk.open(change_url(waiting))
    values, _ = values_in(page)
    placed = {"role": "page", "certainty": "certain", "note": "Says so."}
    desk.saved(change_url(waiting), **placed, entry=key_of(theirs))
    sent = values | placed | {"entry": key_of(mine), "_save": "Save"}
    answer = desk.client.post(change_url(waiting), sent)
    assert "Their choice" in text_of(answer)
    assert Link.objects.get().entry == theirs
    # Put together where only the note was mine, the link stays where they placed it.
    sent = values | {"note": "Only a note.", "_together": "Yes"}
    answer = desk.client.post(change_url(waiting), sent)
    assert values_in(answer)[0]["entry"] == key_of(theirs)


def test_only_a_paper_keeps_links_not_yet_assigned(desk):
    row = lines("links", {"url": ADDRESS, "role": "unassigned"})
    response = desk.refused(page_url(Lesson, "add"), text="A lesson", **row)
    assert "Select a valid choice. unassigned" in errors_in(response)["links-0-role"][0]
    desk.saved(page_url(Paper, "add"), title="A paper", **row)
    paper = Paper.objects.get()
    assert [*Link.objects.unassigned()] == [*paper.links.all()] != []
    assert [link.certainty for link in Link.objects.all()] == [""]
    response = desk.refused(change_url(paper), **{"links-0-role": "page"})
    assert errors_in(response) == {
        "links-0-certainty": ["Say how sure it is that the address is the entry’s."],
        "links-0-note": ["Say what the reading rests on: why is it the entry’s?"],
    }
    sure = {"links-0-role": "page", "links-0-certainty": "probable"}
    response = desk.refused(change_url(paper), **sure)
    assert errors_in(response).keys() == {"links-0-note"}
    desk.saved(change_url(paper), **sure, **{"links-0-note": "Its title is on the page."})
    assert not Link.objects.unassigned().exists()


@pytest.mark.once
@pytest.mark.parametrize("url", ["", "no address", "javascript:alert(1)", "https://a.b/\x00"])
def test_a_wrong_address_is_a_message_at_its_row(desk, url):
    row = lines("links", {"url": url, "note": "Something."})
    response = desk.refused(page_url(Lesson, "add"), text="A lesson", **row)
    assert errors_in(response).keys() == {"links-0-url"}
    assert values_in(response)[0]["links-0-note"] == "Something."


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Link, "url"),
        (Meeting, "registration_url"),
        (LinkCheck, "address"),
        (LinkCheck, "moved_to"),
        (LinkHealth, "moved_to"),
    ],
    ids=str,
)
def test_no_way_of_writing_makes_a_link_of_what_a_browser_would_run(empty_db, model, field):
    meeting = make(Meeting, "Public")
    Link.objects.create(url=ADDRESS, meeting=meeting)
    follow_links()
    row = model.objects.get()
    for address in ("javascript:alert(1)", " JavaScript:alert(1)//http://", "data:text/html,x"):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{field: address})
    model.objects.filter(pk=row.pk).update(**{field: "HTTPS://example.org/8"})


def test_a_link_that_is_saved_as_it_was_changes_nothing():
    curator = person("curator")
    lesson = make(Lesson, "Public")
    link = Link.objects.create(lesson=lesson, url="https://example.org/")
    curator.saved(change_url(link))
    assert not LoggedTransition.objects.of(lesson).exists()
