"""Somebody else's spreadsheet, empty cells, every fault by its name, and many rows at once."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from imports import queue
from imports.models import Import, Proposal
from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.snapshots import versions_of
from tests.desk import change_url, page_url, person
from tests.made import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db):
    return person("curator")


def as_csv(*rows):
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(*rows):
    book, kept = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def take(name, data, **fields):
    made, _new = Import.of_file(name, data, **fields)
    call_command("worker", once=True)
    made.refresh_from_db()
    assert made.state == "read", made.refusal
    return made


def changes(proposal):
    return proposal.details["changes"]


@pytest.mark.once
def test_what_somebody_elses_column_is_is_said_once_and_remembered(curator):
    rows = [["Titel", "Land", "Beschreibung", "Farbe"], ["Nachtbuch", "Denmark", "Text.", "rot"]]
    made = take("practices.csv", as_csv(*rows))
    assert "column A: the portal has no column “Titel”; say below what it is" in made.notes
    assert not made.proposals.exists()
    assert made.blocks.get(position=1).fate == "left over"
    page = curator.open(change_url(made))
    assert "Column B, “Land”" in text_of(page)
    said = {"column_A": "title", "column_B": "country_codes", "column_C": "description"}
    curator.saved(change_url(made), **said, column_D="")
    call_command("worker", once=True)
    [proposal] = made.proposals.all()
    assert proposal.details["values"]["name"] == "Nachtbuch"
    made.refresh_from_db()
    assert "column B: “Land” is read as country_codes" in made.notes
    assert "column D: “Farbe” is left out, as it was said" in made.notes
    other = take("more practices.csv", as_csv(["Beschreibung", "TITEL"], ["Anderes.", "Tagbuch"]))
    assert other.proposals.get().details["values"] == {
        "name": "Tagbuch",
        "description": "Anderes.",
    }
    curator.act(Proposal, "accept", proposal)
    assert [country.code for country in Practice.objects.get(name="Nachtbuch").countries.all()] == [
        "DK"
    ]


@pytest.mark.once
def test_rows_of_another_kind_are_read_again_as_what_the_curator_says(curator):
    made = take("list.csv", as_csv(["title", "slug"], ["A day of work", ""]))
    assert made.recipe != "paper"
    curator.saved(change_url(made), recipe="paper")
    call_command("worker", once=True)
    assert made.proposals.get().kind == "paper"


@pytest.mark.once
def test_an_empty_cell_keeps_what_there_is_unless_it_is_to_clear(curator):
    practice = make(Practice, "Kept", scope="local", programme="Erasmus+", tags=["one"])
    practice.countries.set(["DK"])
    rows = [
        ["identifier", "title", "scope", "programme", "country_codes", "tags"],
        [str(practice.identifier), "", "", "Horizon", "", ""],
    ]
    made = take("practices.csv", as_csv(*rows))
    assert set(changes(made.proposals.get())) == {"programme"}
    assert "column C (scope): empty cells leave what there is, in row 2" in made.notes
    curator.saved(change_url(made), clears="True")
    call_command("worker", once=True)
    proposal = made.proposals.get()
    assert set(changes(proposal)) == {"scope", "programme", "countries", "tags"}
    assert proposal.details["problems"] == [
        "row 2, column B (title): it cannot be empty; what there is stays"
    ]
    curator.act(Proposal, "accept", proposal)
    practice.refresh_from_db()
    assert (practice.name, practice.scope, practice.programme) == ("Kept", "", "Horizon")
    assert not practice.countries.exists()
    assert not practice.tags.exists()


@pytest.mark.once
def test_what_is_exported_clears_nothing_when_it_comes_back():
    for model in (Lesson, Meeting, Paper, Practice):
        response = Client().get(f"/{model.kind.path}.csv")
        made = take(f"{model.kind.path}.csv", b"".join(response.streaming_content), clears=True)
        assert not made.proposals.exists(), made.proposals.values_list("details", flat=True)


@pytest.mark.once
def test_a_cleared_date_takes_its_precision_along(curator):
    meeting = make(Meeting, "Dated", start_date="2019-04-10", end_date="2019-04-11")
    paper = make(Paper, "Dated too", date="2019-04-01", date_precision="month")
    for entry, column in ((meeting, "start_date"), (paper, "date")):
        rows = [["identifier", column], [str(entry.identifier), ""]]
        made = take(f"{entry.kind.path}.csv", as_csv(*rows), clears=True)
        page = curator.act(Proposal, "accept", made.proposals.get())
        assert "accepted" in text_of(page)
        entry.refresh_from_db()
        assert entry.iso_date == ""


FAULTS = [
    ("colour", "red", "column A: the portal has no column “colour”; say below what it is"),
    ("country_codes", "DK; QQ", "row 2, column A (country_codes): unknown country: QQ"),
    ("theme_slugs", "nowhere", "row 2, column A (theme_slugs): unknown themes: nowhere"),
    ("tags", "of nobody", "row 2, column A (tags): unknown tag: of nobody"),
    ("scope", "lunar", "row 2, column A (scope): unknown scope: lunar; give one of local, "),
    ("programme", "x" * 101, "row 2, column A (programme): 101 characters; there is room for 100"),
    ("programme", "=1+1", "row 2, column A (programme): a formula; give what it comes to"),
    ("start_year", "soon", "row 2, column A (start_year): "),
    ("links", "a blue book", "row 2, column A (links): no address: a blue book"),
    ("source_slug", "no-paper", "row 2, column A (source_slug): unknown source: no-paper"),
    ("title", "Second", "column C: “title” comes a second time; only the first is read"),
    ("identifier", "0-0", "row 2, column A: the portal has no practice 0-0"),
]


@pytest.mark.once
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize(("header", "cell", "named"), FAULTS, ids=lambda value: str(value)[:20])
def test_each_fault_is_named_with_row_and_column_and_its_siblings_come_in(
    write, header, cell, named
):
    rows = [[header, "description", "title"], [cell, "Text.", "Night log"], ["", "Other.", "Good"]]
    made = take("practices.csv" if write is as_csv else "practices.xlsx", write(*rows))
    assert any(note.startswith(named) for note in made.notes), made.notes
    good = made.proposals.get(number=3)
    assert good.details["values"] == {"description": "Other."} | (
        {"name": "Good"} if header != "title" else {}
    )
    if header not in ("identifier", "title"):
        sibling = made.proposals.get(number=2).details["values"]
        assert sibling == {"description": "Text.", "name": "Night log"}


@pytest.mark.once
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_state_a_day_and_a_key_that_comes_twice_are_named_too(write):
    ending = "csv" if write is as_csv else "xlsx"
    made = take(f"q.{ending}", write(["text", "state"], ["Who?", "lost"]), recipe="question")
    assert "row 2, column B (state): unknown state: lost; give one of open, " in "".join(made.notes)
    rows = [["title", "start_date", "slug"], ["A", "31 June 2019", "a-1"], ["B", "2019", "a-1"]]
    notes = take(f"meetings.{ending}", write(*rows)).notes
    assert "row 2, column B (start_date): “31 June 2019” is no date; give 2019-03-13" in notes
    assert "row 3, column C: a-1 stands in an earlier row already" in notes


@pytest.mark.once
def test_what_is_wrong_in_many_rows_is_told_once_and_countries_go_by_any_of_their_names():
    rows = [["title", "country_codes"], ["A", "Germany, UK"], ["B", "Atlantis"], ["C", "Atlantis"]]
    made = take("practices.csv", as_csv(*rows))
    assert made.proposals.get(number=2).details["values"]["countries"] == ["DE", "GB"]
    assert made.notes == [
        "row 3, column B (country_codes): unknown country: Atlantis; the same in row 4"
    ]


@pytest.mark.once
def test_columns_that_were_sorted_apart_change_nothing():
    one, two = make(Practice, "One"), make(Practice, "Two")
    rows = [
        ["identifier", "slug", "description"],
        [str(one.identifier), two.slug, "Of whom?"],
        ["", "", "", "astray"],
    ]
    made = take("practices.csv", as_csv(*rows))
    assert not made.proposals.exists()
    assert "were the columns sorted apart?" in made.notes[0]
    assert "row 3, “astray” stands beyond the last column" in made.notes


@pytest.mark.once
def test_a_column_that_is_only_told_says_which_one_to_change():
    practice = Practice.objects.filter(countries__code="NL").first()
    rows = [
        ["identifier", "country_codes", "countries"],
        [str(practice.identifier), "NL", "Denmark"],
    ]
    made = take("practices.csv", as_csv(*rows))
    assert (
        "row 2, column C (countries): this column is only told; change country_codes" in made.notes
    )
    rows = [["identifier", "countries"], [str(practice.identifier), "Denmark"]]
    [proposal] = take("practices-2.csv", as_csv(*rows)).proposals.all()
    assert proposal.details["values"]["countries"] == ["DK"]


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        "title;city;country_codes\nVår dag;Malmö;SE\n".encode("cp1252"),
        "title\tcity\tcountry_codes\r\nVår dag\tMalmö\tSE\r\n".encode("utf-16"),
        "title,city,country_codes\r\n'=Vår dag,Malmö,SE\r\n".encode("utf-8-sig"),
        "title\tcity\tcountry_codes\nVår dag\tMalmö\tSE\n".encode("utf-16-be"),
    ],
    ids=["Windows-1252", "UTF-16", "guarded", "UTF-16 without a mark"],
)
def test_a_table_is_read_in_its_encoding_and_dialect(data):
    made = take("meetings.csv", data)
    [proposal] = made.proposals.all()
    assert proposal.details["values"]["title"].endswith("Vår dag")
    assert proposal.details["values"]["city"] == "Malmö"
    assert any("Windows-1252" in note for note in made.notes) == (b"\xf6" in data[:40])


@pytest.mark.once
def test_a_new_paper_may_name_itself_as_its_source(curator):
    rows = [["title", "slug", "source_slug", "source_page"], ["A paper", "a-paper", "a-paper", "1"]]
    made = take("papers.csv", as_csv(*rows))
    assert made.notes == []
    curator.act(Proposal, "accept", made.proposals.get())
    paper = Paper.objects.get(slug="a-paper")
    assert (paper.source, paper.source_page) == (paper, "1")


@pytest.mark.once
def test_cells_that_are_only_formatted_are_no_rows_and_a_stray_one_is_told():
    book, kept = Workbook(), BytesIO()
    book.active.append(["title", "description"])
    book.active.append(["Night log", "Text."])
    book.active["A20000"].number_format = "0.00"
    book.active["XFD1048576"] = "astray"
    book.save(kept)
    made = take("practices.xlsx", kept.getvalue())
    assert made.proposals.get().title == "Night log"
    assert "nothing there was read" in made.notes[0]


@pytest.mark.once
def test_the_command_tells_of_a_table_what_the_desk_would_and_changes_nothing(tmp_path, capfd):
    practice, path = Practice.objects.first(), tmp_path / "practices.csv"
    path.write_bytes(
        as_csv(
            ["identifier", "title", "start_year", "country_codes"],
            [str(practice.identifier), "Renamed", "soon", ""],
            ["", "Night log", "2014", "DK"],
        )
    )
    call_command("import_file", path, dry_run=True, json=True)
    account = json.loads(capfd.readouterr().out)
    assert [block["fate"] for block in account["blocks"]] == [
        "introduction",
        "proposal",
        "proposal",
    ]
    renamed, new = account["proposals"]
    assert renamed["updates"] == str(practice.identifier)
    assert renamed["fields"] == {"name": "Renamed"}
    assert renamed["problems"][0].startswith("column C (start_year): ")
    assert (new["title"], new["countries"], new["updates"]) == ("Night log", ["DK"], None)
    assert not Import.objects.exists()


# --- Many at once, and the way back


def many(number=40):
    rows = [[f"Practice {n}", "Text."] for n in range(number)]
    return take("practices.csv", as_csv(["title", "description"], *rows))


def test_many_are_accepted_by_the_worker_and_taken_back_while_the_page_tells_how_far_it_is(curator):
    made, before = many(), Practice.objects.count()
    made.proposals.filter(number=9).update(details={"changes": {}, "values": {}, "updates": False})
    page = curator.act(Proposal, "accept", *made.proposals.all())
    assert "The worker accepts them, one after the other: 40 wait." in text_of(page)
    page = curator.open(change_url(made))
    assert "40 of 40 are still to be accepted" in text_of(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    call_command("worker", once=True)
    assert Practice.objects.count() == before + 39
    page = curator.open(change_url(made))
    assert "These could not be accepted:" in text_of(page)
    assert 'http-equiv="refresh"' not in page.content.decode()
    worked = Practice.objects.get(name="Practice 3")
    curator.saved(change_url(worked), description="Our own words.")
    curator.client.post(page_url(Import, "undo", made.pk))
    call_command("worker", once=True)
    assert Practice.objects.count() == before + 1
    assert "These stay" in text_of(curator.open(change_url(made)))


@pytest.mark.once
def test_what_waits_for_the_worker_is_not_done_for_whoever_may_not_any_more(curator):
    made = many()
    curator.act(Proposal, "accept", *made.proposals.all())
    curator.user.groups.clear()
    call_command("worker", once=True)
    assert {*made.proposals.values_list("state", flat=True)} == {"open"}
    assert "Your account may not add practices." in made.proposals.first().details["refused"]


def test_an_error_of_ours_opens_the_proposal_again_and_the_others_go_on(curator, monkeypatch):
    made, accept = many(), queue.accept

    def fails_once(proposal, user):
        if proposal.number == 5:
            raise RuntimeError("of ours")
        accept(proposal, user)

    monkeypatch.setattr(queue, "accept", fails_once)
    curator.act(Proposal, "accept", *made.proposals.all())
    call_command("worker", once=True)
    assert made.proposals.filter(state="accepted").count() == 39
    assert "that is our fault" in made.proposals.get(state="open").details["refused"]


def test_a_row_that_changed_an_entry_is_undone_with_its_links_and_tags(curator):
    practice = make(Practice, "Changed", description="As it was.", tags=["one", "two"])
    practice.links.create(url="https://example.org/was")
    rows = [
        ["identifier", "description", "tags", "links"],
        [str(practice.identifier), "Otherwise.", "one", "https://example.org/is"],
    ]
    made = take("practices.csv", as_csv(*rows))
    curator.act(Proposal, "accept", made.proposals.get())
    practice.refresh_from_db()
    assert practice.description == "Otherwise."
    curator.client.post(page_url(Import, "undo", made.pk))
    practice = Practice.objects.get(pk=practice.pk)
    assert practice.description == "As it was."
    assert {*practice.tags.names()} == {"one", "two"}
    assert practice.links.get().url == "https://example.org/was"
    assert made.proposals.get().state == "open"
    assert "Import undone" in versions_of(Practice, practice.pk)[0].revision.comment


@pytest.mark.once
def test_a_row_whose_entry_was_changed_since_stays(curator):
    lesson = make(Lesson, "As it was.")
    rows = [["identifier", "text"], [str(lesson.identifier), "By the table."]]
    made = take("lessons.csv", as_csv(*rows))
    curator.act(Proposal, "accept", made.proposals.get())
    curator.saved(change_url(lesson), text="By hand.", change_note="Said better.")
    page = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "It stays, somebody has worked on it" in text_of(page)
    lesson.refresh_from_db()
    assert lesson.text == "By hand."


def test_a_row_whose_entry_was_changed_past_every_version_stays(curator):
    lesson = make(Lesson, "As it was.")
    rows = [["identifier", "text"], [str(lesson.identifier), "By the table."]]
    made = take("lessons.csv", as_csv(*rows))
    curator.act(Proposal, "accept", made.proposals.get())
    Lesson.objects.filter(pk=lesson.pk).update(text="By a command.")
    page = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "It stays" in text_of(page)
    lesson.refresh_from_db()
    assert lesson.text == "By a command."


@pytest.mark.once
def test_the_worker_takes_no_draft_back_for_whoever_may_not_any_more(curator):
    made, before = many(), Practice.objects.count()
    curator.act(Proposal, "accept", *made.proposals.all())
    call_command("worker", once=True)
    curator.client.post(page_url(Import, "undo", made.pk))
    curator.user.groups.clear()
    call_command("worker", once=True)
    assert Practice.objects.count() == before + 40
    assert {*made.proposals.values_list("state", flat=True)} == {"accepted"}


@pytest.mark.once
def test_nothing_is_accepted_of_a_table_that_is_about_to_be_read_again(curator):
    made = take("practices.csv", as_csv(["title", "description"], ["Night log", "Text."]))
    old = made.proposals.get()
    curator.saved(change_url(made), clears="True")
    page = curator.act(Proposal, "accept", old)
    assert "about to be read again" in text_of(page)
    assert not Practice.objects.filter(name="Night log").exists()
    call_command("worker", once=True)
    curator.act(Proposal, "accept", made.proposals.get())
    assert Practice.objects.filter(name="Night log").exists()


@pytest.mark.once
def test_slugs_that_nobody_has_are_looked_up_once_and_not_row_by_row():
    asked = []
    for number in (2, 30):
        rows = [[f"Practice {n}", f"new-{number}-{n}"] for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            made = take("practices.csv", as_csv(["title", "slug"], *rows))
        assert made.proposals.count() == number
        asked.append([each for each in queries if each["sql"].startswith("SELECT")])
    assert len(asked[0]) == len(asked[1])


@pytest.mark.once
def test_the_list_of_imports_counts_what_is_decided_in_one_query(curator):
    asked = []
    for number in (1, 3):
        for n in range(number):
            made = take(
                "p.csv", as_csv(["title"], [f"One {number} {n}"], [f"Another {number} {n}"])
            )
        curator.act(Proposal, "reject", made.proposals.first())
        with CaptureQueriesContext(connection) as queries:
            page = curator.open(page_url(Import, "changelist"))
        assert "1 / 2" in text_of(page)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.once
def test_a_former_slug_still_names_its_entry(curator):
    practice = make(Practice, "Renamed since", slug="as-it-was")
    curator.saved(change_url(practice), slug="as-it-is", change_note="Renamed.")
    made = take("practices.csv", as_csv(["slug", "description"], ["as-it-was", "New words."]))
    assert made.proposals.get().entry == practice


@pytest.mark.once
def test_an_address_with_a_bracket_astray_is_a_fault_of_its_row_and_not_of_the_portal():
    rows = [["url", "title"], ["http://[to come]", "Night log"], ["", "Good"]]
    made = take("practices.csv", as_csv(*rows))
    assert "row 2, column A: the portal has no practice http://[to come]" in made.notes
    assert made.proposals.get().title == "Good"
