"""Open questions and what took them up."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from lessons.models import Question, Uptake
from meetings.models import Meeting, Paper
from tests.api import ask
from tests.desk import change_url, errors_in, lines, page_url, values_in
from tests.made import draft, make
from tests.pages import open_page, read_csv

# --- At the desk -----------------------------------------------------------------------


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


# --- However it is written -------------------------------------------------------------


def in_bulk(question, paper, tmp_path):
    Uptake.objects.bulk_create([Uptake(question=question, paper=paper)])


def opened_again(question, paper, tmp_path):
    question.uptakes.create(paper=paper)
    Question.objects.filter(pk=question.pk).update(state="open")


def moved(question, paper, tmp_path):
    uptake = make(Question, "Another").uptakes.create(paper=paper)
    Uptake.objects.filter(pk=uptake.pk).update(question=question)


def by_a_fixture(question, paper, tmp_path):
    """The uptake before the question, as a dump in another order has them."""
    path = tmp_path / "taken.json"
    call_command("dumpdata", "lessons.question", pks=str(question.pk), output=path, verbosity=0)
    [row] = json.loads(path.read_text())
    fields = {"question": question.pk, "paper": paper.pk, "certainty": "certain", "note": ""}
    uptake = {"model": "lessons.uptake", "pk": 9_999, "fields": fields}
    path.write_text(json.dumps([uptake, row | {"fields": row["fields"] | {"state": "open"}}]))
    call_command("loaddata", path, verbosity=0)


def by_plain_sql(question, paper, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lessons_uptake (question_id, paper_id, certainty, note)"
            " VALUES (%s, %s, 'certain', '')",
            [question.pk, paper.pk],
        )
        cursor.execute("UPDATE lessons_question SET state = 'open' WHERE id = %s", [question.pk])


@pytest.mark.parametrize("written", [in_bulk, opened_again, moved, by_a_fixture, by_plain_sql])
def test_a_question_that_was_taken_up_is_shown_as_open_nowhere(empty_db, client, written, tmp_path):
    question, paper = make(Question, "Who asks?"), make(Paper, "An answer")
    written(question, paper, tmp_path)
    page = open_page(client, question.get_absolute_url())
    assert page.texts(".//span[@class='state state-taken-up']") == ["Taken up"]
    assert "open question" not in page.text.lower()
    assert question.get_absolute_url() not in open_page(client, "/questions/", state="open").entries
    [row] = [row for row in read_csv(client.get("/questions.csv")) if "Who asks?" in row.values()]
    assert "taken-up" in row.values()
    assert "open" not in row.values()
    assert ask(client, f"/api/v1/questions/{question.slug}/")["state"] == "taken-up"
