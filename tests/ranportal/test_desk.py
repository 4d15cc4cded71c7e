"""The desk shows each person what waits for them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entries.models import Entry
from entries.workflow import transitions
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Meeting
from tests.desk import change_url, person
from tests.made import KINDS, make
from tests.pages import text_of
from tests.transitions import pile, piles
from themes.models import Theme

pytestmark = pytest.mark.django_db


# --- The desk ------------------------------------------------------------------------


@pytest.mark.once
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
    assert {"Your drafts", "Sent back to you"}.isdisjoint(seen)
    said = text_of(editor.open(reverse("admin:index")))
    assert "Nothing here: You are called · Changed after publication: a second look is due" in said
    assert "Sent back to you · Your drafts · Yours, in review" in said
    assert said.count("Nothing here:") == 1
    assert "Sent entry" in piles(writer)["Yours, in review"]
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


@pytest.mark.once
def test_what_is_lacking_leads_to_lists_of_as_many_entries():
    desk = person("curator")
    for kind in KINDS:
        bare = make(kind, "Lacks everything", status="draft")
        bare.themes.clear()
        withdrawn = make(kind, "Was withdrawn", slug="was")
        withdrawn.themes.clear()
        kind.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    html = desk.open(reverse("admin:index")).content.decode()
    section = re.search(r"What is lacking.*?</section>", html, re.S)[0].replace("&amp;", "&")
    lists = re.findall(r'<a href="([^"]+)">(\d+) ', section)
    assert len(lists) == 21, "one kind of record for each, and links to be placed"
    for url, count in lists:
        response = desk.open(url)
        found = response.context["cl"].queryset
        shown = [record for record in found if getattr(record, "slug", "") != "was"]
        assert len(shown) == int(count), url


@pytest.mark.once
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
    for number in range(1, 11):
        fill(number)
    assert cost() == few
    assert few <= 80, few
    assert "All such lessons" in pile(desk, "Your drafts")


def test_the_week_is_told_in_full_themes_groups_and_tags_too():
    desk = person("editor")
    lesson = make(Lesson, "A lesson")
    for number in range(3):
        transitions.note_change(lesson, desk.user, f"Change {number}.")
    theme = Theme.objects.first()
    desk.saved(change_url(theme), title="A new title", change_note="Clearer.")
    assert "Theme A new title Changed by the editor" in pile(desk, "This week")
    said = text_of(desk.open(reverse("week")))
    for number in range(3):
        assert f"Change {number}." in said
    assert "Theme A new title Changed by the editor" in said
    assert person("nobody").client.get(reverse("week")).status_code == 403
