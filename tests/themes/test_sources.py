"""The page that shows where the statements of a theme come from."""

import pytest

from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal import sources
from tests.made import make
from tests.pages import open_page, text_of
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def rows(page, heading):
    section = page.section(heading)
    return [[text_of(cell) for cell in row] for row in section.find(".//tbody")]


def test_every_statement_of_a_theme_stands_with_its_paper_page_meeting_and_practices(
    empty_db, client
):
    theme = Theme.objects.create(slug="t", title="T")
    meeting = make(Meeting, "A meeting")
    paper = make(Paper, "A paper", meeting=meeting, meeting_certainty="probable")
    practice = make(Practice, "A practice")
    practice.presented_at.set([meeting])
    hidden = make(Practice, "Hidden", status="draft")
    hidden.presented_at.set([meeting])
    make(Lesson, "First said", source=paper, source_page="7")
    make(Lesson, "Second said")
    page = open_page(client, f"/themes/{theme.slug}/sources/")
    first, second = sorted(rows(page, "Lessons 2"))
    assert first[0] == "First said"
    assert "A paper, p. 7" in first[1]
    assert "A meeting" in first[2]
    assert "probable" in first[2]
    assert first[3] == "A practice"
    assert second[1:] == ["No source is recorded.", "not stated", "not stated"]
    assert "None is filed here." in text_of(page.section("Questions 0"))


def test_a_matrix_that_leaves_entries_out_says_so(empty_db, client, monkeypatch):
    monkeypatch.setattr(sources, "MOST", 2)
    Theme.objects.create(slug="t", title="T")
    for number in range(2):
        make(Lesson, f"Lesson {number}")
        make(Meeting, f"Meeting {number}")
    said = "Of some kinds only the first 2 are shown here"
    assert said not in open_page(client, "/themes/t/sources/").text
    make(Lesson, "One more")
    page = open_page(client, "/themes/t/sources/")
    assert f"{said}: lessons." in page.text
    [matrix] = [table for table in page.main.iter("table") if "by-page" in table.get("class")]
    assert len(list(matrix.iter("a"))) == 4


def test_the_matrix_shows_what_stands_together_on_each_page_of_a_paper(empty_db, client):
    theme = Theme.objects.create(slug="t", title="T")
    paper = make(Paper, "A paper")
    lesson = make(Lesson, "On ten", source=paper, source_page="10")
    meeting = make(Meeting, "On two", source=paper, source_page="2–3")
    practice = make(Practice, "On two as well", source=paper, source_page="2–3")
    make(Lesson, "Not public", source=paper, source_page="2–3", status="draft")
    page = open_page(client, f"/themes/{theme.slug}/sources/")
    table = next(t for t in page.main.iter("table") if "by-page" in t.get("class"))
    matrix = {
        text_of(row.find("th")).removeprefix("Source: "): [
            [link.get("href") for link in cell.iter("a")] for cell in row.findall("td")
        ]
        for row in table.find("tbody")
    }
    own = paper.get_absolute_url()
    assert list(matrix.items()) == [
        (
            "A paper, p. 2–3",
            [[], [practice.get_absolute_url()], [], [meeting.get_absolute_url()], []],
        ),
        ("A paper, p. 10", [[lesson.get_absolute_url()], [], [], [], []]),
        ("No source is recorded.", [[], [], [], [], [own]]),
    ]
    assert text_of(table.find(".//a/title")) == "Practice: On two as well"


def test_where_no_paper_names_a_meeting_that_is_said_once(client):
    page = open_page(client, "/themes/lone-actors/sources/")
    assert page.text.count("for none of these does the paper say which meeting") == 2
    assert "not stated" not in page.text


def test_the_page_of_each_theme_leads_there(client):
    page = open_page(client, "/themes/lone-actors/")
    assert page.links()["Where it comes from"] == "/themes/lone-actors/sources/"
    assert len(rows(open_page(client, "/themes/lone-actors/sources/"), "Lessons 3")) == 3
