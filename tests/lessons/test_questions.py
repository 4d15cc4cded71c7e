"""Open questions and what took them up."""

import pytest

from lessons.models import Question
from meetings.models import Meeting, Paper
from tests.desk import change_url, errors_in, lines, page_url, values_in
from tests.made import draft

pytestmark = pytest.mark.once


def test_a_question_names_what_took_it_up(desk):
    meeting, paper = draft(Meeting, "A meeting"), draft(Paper, "A paper")
    question = draft(Question, "How is trust built?")
    url = change_url(question)
    desk.saved(
        url,
        state="taken-up",
        **lines("uptakes", {"meeting": str(meeting.pk)}, {"paper": str(paper.pk)}),
    )
    assert {uptake.entry for uptake in question.uptakes.all()} == {meeting, paper}
    both = lines("uptakes", {"meeting": str(meeting.pk), "paper": str(paper.pk), "note": "Kept."})
    for typed in (both, lines("uptakes", {"note": "Kept."})):
        response = desk.refused(page_url(Question, "add"), text="Another", **typed)
        assert errors_in(response) == {"uptakes-0-meeting": ["Name one meeting or one paper."]}
        assert values_in(response)[0]["uptakes-0-note"] == "Kept."


def test_a_question_that_was_taken_up_is_not_open(desk):
    paper = draft(Paper, "A paper")
    question = draft(Question, "Who trains the trainers?")
    url = change_url(question)
    desk.saved(url, state="open", **lines("uptakes", {"paper": str(paper.pk)}))
    question.refresh_from_db()
    assert question.state == "taken-up"
    assert desk.open(page_url(Question, "history", question.pk)).context["is_ahead"] is False
    response = desk.refused(url, state="open")
    assert "it is not plainly open" in errors_in(response)["state"][0]
    question.uptakes.all().delete()
    desk.saved(url, state="open")
    question.refresh_from_db()
    assert question.state == "open"
