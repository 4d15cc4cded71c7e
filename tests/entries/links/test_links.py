"""Links placed at their entries."""

import pytest

from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from practices.models import Practice
from tests.desk import change_url, errors_in, lines, page_url, person, values_in
from tests.made import draft, every_kind, make
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


@every_kind
def test_a_link_is_placed_by_choosing_its_entry_and_its_role(desk, waiting, kind):
    entry = draft(kind, "Its entry")
    owner = kind._meta.model_name
    desk.saved(change_url(waiting), role="page", certainty="probable", **{owner: str(entry.pk)})
    waiting.refresh_from_db()
    assert waiting.entry == entry
    assert (waiting.role, waiting.certainty, waiting.source_page) == ("page", "probable", "9")


def test_a_link_of_two_entries_is_refused_at_both(desk, waiting):
    lesson, practice = draft(Lesson, "A lesson"), draft(Practice, "Vivat")
    response = desk.refused(
        change_url(waiting),
        role="page",
        certainty="certain",
        lesson=str(lesson.pk),
        practice=str(practice.pk),
    )
    message = ["A link belongs to exactly one entry: keep one and clear the others."]
    assert errors_in(response) == {"lesson": message, "practice": message, "paper": message}
    shown, _ = values_in(response)
    assert (shown["lesson"], shown["practice"]) == (str(lesson.pk), str(practice.pk))
    response = desk.refused(
        page_url(Link, "add"), url=ADDRESS, lesson=str(lesson.pk), practice=str(practice.pk)
    )
    assert errors_in(response) == {"lesson": message, "practice": message}


def test_a_link_of_no_entry_is_refused(desk, waiting):
    for role in ("page", "unassigned"):
        response = desk.refused(change_url(waiting), role=role, certainty="certain", paper="")
        assert errors_in(response).keys() == {"paper"}
        assert "A link belongs to exactly one entry: choose it" in text_of(response)


def test_a_link_with_its_entry_needs_a_role(desk, waiting):
    lesson = draft(Lesson, "A lesson")
    response = desk.refused(change_url(waiting), lesson=str(lesson.pk))
    assert errors_in(response) == {"role": ["Say what it is to the entry that you chose."]}
    response = desk.refused(change_url(waiting), lesson=str(lesson.pk), paper="")
    assert errors_in(response).keys() == {"role"}


def test_an_entry_has_an_address_once(desk, waiting):
    lesson = draft(Lesson, "A lesson")
    Link.objects.create(url=ADDRESS, lesson=lesson)
    message = ["This entry has this address already."]
    placed = {"role": "page", "certainty": "certain", "lesson": str(lesson.pk)}
    response = desk.refused(change_url(waiting), **placed)
    assert errors_in(response) == {"url": message}
    twice = lines("links", {"url": "https://a.example/"}, {"url": "https://a.example/"})
    response = desk.refused(page_url(Lesson, "add"), text="Another", **twice)
    assert errors_in(response) == {"links-1-url": message}
    typed = {"links-TOTAL_FORMS": "2", "links-1-url": ADDRESS}
    response = desk.refused(change_url(lesson), **typed)
    assert errors_in(response) == {"links-1-url": message}


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
        "links-0-certainty": ["Say how sure it is that the address is the entry’s."]
    }
    desk.saved(change_url(paper), **{"links-0-role": "page", "links-0-certainty": "probable"})
    assert not Link.objects.unassigned().exists()


@pytest.mark.parametrize("url", ["", "no address", "javascript:alert(1)", "https://a.b/\x00"])
def test_a_wrong_address_is_a_message_at_its_row(desk, url):
    row = lines("links", {"url": url, "note": "Something."})
    response = desk.refused(page_url(Lesson, "add"), text="A lesson", **row)
    assert errors_in(response).keys() == {"links-0-url"}
    assert values_in(response)[0]["links-0-note"] == "Something."


def test_a_link_that_is_saved_as_it_was_changes_nothing():
    curator = person("curator")
    lesson = make(Lesson, "Public")
    link = Link.objects.create(lesson=lesson, url="https://example.org/")
    curator.saved(change_url(link))
    assert not LoggedTransition.objects.of(lesson).exists()
