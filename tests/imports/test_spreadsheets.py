"""What the portal exports it takes back; what is wrong in a table is named with row and column."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import Workbook
from taggit.models import Tag

from imports.models import Import, Proposal
from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.snapshots import versions_of
from tests.desk import change_url, person
from tests.made import draft, every_kind, make
from tests.pages import read_csv, text_of

pytestmark = pytest.mark.django_db


def take(name, data):
    made, _new = Import.of_file(name, data)
    call_command("worker", once=True)
    made.refresh_from_db()
    return made


def exported(path):
    response = Client().get(path)
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.once
@pytest.mark.parametrize("kind", ["lessons", "questions", "practices", "meetings", "papers"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_comes_back_without_a_change(kind, ending):
    made = take(f"{kind}.{ending}", exported(f"/{kind}.{ending}"))
    assert made.state == "read", made.refusal
    assert not made.proposals.exists(), made.proposals.values_list("details", flat=True)
    assert "say what the portal says already" in made.notes[-1]


def test_a_changed_cell_is_shown_and_changes_the_entry_with_a_version():
    curator = person("curator")
    lesson = Lesson.objects.first()
    text = exported("/lessons.csv").decode()
    line = next(line for line in text.splitlines(keepends=True) if lesson.slug in line)
    made = take(
        "one.csv",
        (
            text.splitlines(keepends=True)[0] + line.replace(lesson.text[:12], "Changed here")
        ).encode(),
    )
    [proposal] = made.proposals.all()
    assert proposal.entry == lesson
    assert "Changed here" in text_of(curator.open(change_url(proposal)))
    page = curator.act(Proposal, "accept", proposal)
    assert [str(m) for m in page.context["messages"]] == ["1 accepted as drafts."]
    lesson.refresh_from_db()
    assert lesson.text.startswith("Changed here")
    assert lesson.awaits_second_look
    assert "Imported from one.csv" in versions_of(Lesson, lesson.pk)[0].revision.comment


@pytest.mark.once
@every_kind
def test_changed_addresses_are_shown_added_and_taken_away(kind):
    curator, entry = person("curator"), make(kind, "With addresses")
    for url in ("https://example.org/stays", "https://example.org/goes"):
        entry.links.create(url=url, note="Read on the page")
    cell = '"https://example.org/new; https://example.org/stays"'
    row = f"identifier;links\n{entry.identifier};{cell}\n"
    [proposal] = take(f"{kind.kind.path}.csv", row.encode()).proposals.all()
    page = text_of(curator.open(change_url(proposal)))
    assert "https://example.org/new" in page
    curator.act(Proposal, "accept", proposal)
    links = set(entry.links.values_list("url", "note"))
    assert links == {
        ("https://example.org/stays", "Read on the page"),
        ("https://example.org/new", ""),
    }


@pytest.mark.once
def test_a_semicolon_within_a_tag_or_an_address_parts_neither_on_the_way_out_and_in(client):
    curator = person("curator")
    practice = make(Practice, "Goes out and in", tags=["one, two; three"])
    Tag.objects.create(name="four")
    practice.links.create(url="https://example.org/a;b=1.pdf")
    rows = read_csv(client.get("/practices.csv"))
    [row] = [row for row in rows if row["slug"] == practice.slug]
    assert row["links"] == "https://example.org/a;b=1.pdf"
    cells = [row["identifier"], f"{row['tags']}; four", f"{row['links']};https://example.org/c;d"]
    text = "identifier\ttags\tlinks\n" + "\t".join(cells)
    [proposal] = take("practices.csv", text.encode()).proposals.all()
    curator.act(Proposal, "accept", proposal)
    assert {*practice.tags.names()} == {"one, two; three", "four"}
    urls = {"https://example.org/a;b=1.pdf", "https://example.org/c;d"}
    assert {*practice.links.values_list("url", flat=True)} == urls


@pytest.mark.once
def test_what_is_no_address_is_named_with_row_and_column():
    practice = Practice.objects.first()
    cell = '"https://example.org/new; the blue book"'
    row = f"identifier;links\n{practice.identifier};{cell}\n"
    made = take("practices.csv", row.encode())
    assert "row 2, column B (links): no address: the blue book" in made.notes
    assert not made.proposals.exists()


@pytest.mark.once
def test_a_row_shows_what_the_entry_keeps_though_the_public_is_not_told_of_it():
    curator, paper = person("curator"), draft(Paper, "A draft")
    practice = Practice.objects.first()
    Practice.objects.filter(pk=practice.pk).update(
        source=paper, as_printed="As the draft prints it.", as_printed_is_public=False
    )
    row = f"identifier;as_printed\n{practice.identifier};Printed otherwise.\n"
    [proposal] = take("practices.csv", row.encode()).proposals.all()
    assert proposal.details["changes"]["as_printed"] == [
        "As the draft prints it.",
        "Printed otherwise.",
    ]
    Practice.objects.filter(pk=practice.pk).update(as_printed="Changed meanwhile.")
    page = curator.act(Proposal, "accept", proposal)
    assert "The entry was changed since the file was read." in text_of(page)
    practice.refresh_from_db()
    assert practice.as_printed == "Changed meanwhile."
    other = Paper.objects.filter(status="published").first()
    row = f"identifier;source_slug\n{practice.identifier};{other.slug}\n"
    [proposal] = take("practices-2.csv", row.encode()).proposals.all()
    assert proposal.details["changes"]["source"] == [paper.slug, other.slug]


@pytest.mark.once
def test_an_export_of_what_is_told_in_part_comes_back_without_a_change():
    practice = Practice.objects.first()
    practice.presented_at.set(
        [Meeting.objects.filter(status="published").first(), draft(Meeting, "Not told")]
    )
    made = take("practices.csv", exported("/practices.csv"))
    assert not made.proposals.exists(), made.proposals.values_list("details", flat=True)


@pytest.mark.once
def test_the_row_of_an_entry_that_was_deleted_since_makes_no_other():
    curator = person("curator")
    lesson = make(Lesson, "To be deleted", status="draft")
    row = f"identifier;text\n{lesson.identifier};Changed here\n"
    [proposal] = take("lessons.csv", row.encode()).proposals.all()
    lesson.delete()
    page = curator.act(Proposal, "accept", proposal)
    assert "The entry was deleted since the file was read." in text_of(page)
    assert not Lesson.objects.filter(text="Changed here").exists()


def test_a_row_without_a_key_creates_a_draft():
    curator = person("curator")
    made = take(
        "new.csv", "title;country_codes;description\nNight log;DK;A short form.\n".encode("utf-16")
    )
    [proposal] = made.proposals.all()
    assert proposal.kind == "practice"
    curator.act(Proposal, "accept", proposal)
    practice = Practice.objects.get(name="Night log")
    assert (practice.status, practice.description) == ("draft", "A short form.")
    assert [country.code for country in practice.countries.all()] == ["DK"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2019-04", ("2019-04-01", "2019-04-30", "month")),
        ("2019", ("2019-01-01", "2019-12-31", "year")),
        ("10-11 April 2018", ("2018-04-10", "2018-04-11", "day")),
        ("2019-03-13", ("2019-03-13", "2019-03-13", "day")),
    ],
)
def test_a_date_is_taken_no_more_precisely_than_the_sheet_gives_it(cell, days):
    editor = person("editor")
    for model, column, name in ((Meeting, "start_date", "meetings"), (Paper, "date", "papers")):
        made = take(f"{name}.csv", f"title,{column}\nDated so,{cell}\n".encode())
        [proposal] = made.proposals.all()
        editor.act(Proposal, "accept", proposal)
        entry = model.objects.get(title="Dated so")
        said = [str(getattr(entry, column)), entry.date_precision]
        assert said == [days[0], days[2]]
        if model is Meeting:
            assert str(entry.end_date) == days[1]


@pytest.mark.once
def test_a_day_that_is_at_odds_with_what_stays_is_refused_in_words():
    editor = person("editor")
    paper = make(Paper, "Of a month", date="2019-04-01", date_precision="month")
    meeting = make(Meeting, "Of a day", start_date="2019-04-10", end_date="2019-04-11")
    for entry, rows, reason in (
        (paper, "date,date_precision\n{},2019-05-13,month\n", "does not agree with the date"),
        (meeting, "start_date\n{},2019-05-13\n", "A meeting cannot end before it begins."),
    ):
        sheet = "identifier," + rows.format(entry.identifier)
        [proposal] = take(f"{entry.kind.path}.csv", sheet.encode()).proposals.all()
        assert reason in text_of(editor.act(Proposal, "accept", proposal))
    sheet = f"identifier,registration_deadline\n{meeting.identifier},2019-03\n"
    assert "“2019-03” is no day" in "".join(take("meetings.csv", sheet.encode()).notes)


@pytest.mark.once
def test_every_problem_is_named_with_row_and_column_and_good_cells_stay():
    rows = [
        "title\tcountry_codes\tstart_year\ttheme_slugs\tcolour\tslug\ttags",
        "Good\tDK\t2014\tlone-actors\tred\tgood-one",
        "Bad country\tQQ\t2014\tlone-actors\t\t",
        "Bad theme\tDE\t2014\tnowhere\t\t",
        "Bad year\tDE\tsoon\t\t\t",
        "=1+1\tDE\t2014\t\t\t",
        "Again\tDE\t2014\t\t\tgood-one",
        "Bad tag\tDE\t2014\t\t\t\tno tag of ours",
    ]
    made = take("rows.tsv", "\n".join(rows).encode("cp1252"))
    told = "\n".join(made.notes)
    assert "column E: the portal has no column “colour”" in told
    assert "row 3, column B (country_codes): unknown country: QQ" in told
    assert "row 4, column D (theme_slugs): unknown themes: nowhere" in told
    assert "row 5, column C (start_year)" in told
    assert "row 6, column A (title): a formula" in told
    assert "row 7, column F: good-one stands in an earlier row already" in told
    assert "row 8, column G (tags): unknown tag: no tag of ours" in told
    assert [p.title for p in made.proposals.all()] == [
        "Good",
        "Bad country",
        "Bad theme",
        "Bad year",
        "",
        "Bad tag",
    ]
    assert made.proposals.get(title="Bad country").details["values"]["start_year"] == "2014"


@pytest.mark.once
def test_a_formula_of_a_workbook_is_none_of_its_values():
    book, kept = Workbook(), BytesIO()
    book.active.append(["title", "description"])
    book.active.append(["=1+1", "Text"])
    book.save(kept)
    made = take("book.xlsx", kept.getvalue())
    assert "row 2, column A (title): a formula; give what it comes to" in made.notes
