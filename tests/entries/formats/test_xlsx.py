"""Every list as a workbook, as openpyxl reads it."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from entries.formats import xlsx
from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import KINDS, make
from tests.pages import content_of, read_csv

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def workbook(client, address):
    response = client.get(address)
    assert response.status_code == 200, content_of(response)
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return load_workbook(BytesIO(content_of(response)))


def rows(book):
    heads, *others = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in others]


def row_of(client, entry):
    address = list_address(type(entry), "xlsx")
    return next(row for row in rows(workbook(client, address)) if row["slug"] == entry.slug)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_the_columns_and_rows_of_the_csv(client, kind):
    book = workbook(client, list_address(kind, "xlsx"))
    in_csv = list(read_csv(client.get(list_address(kind, "csv"))))
    assert book.sheetnames == [kind.kind.plural.capitalize(), "About this file"]
    found = rows(book)
    assert [*found[0]] == [*in_csv[0]]
    assert [row["url"] for row in found] == [row["url"] for row in in_csv]
    assert (
        len({row["identifier"] for row in found}) == len(found) == kind.objects.published().count()
    )


@pytest.mark.django_db
def test_cells_have_types_of_their_own(client):
    meeting = make(
        Meeting,
        start_date=date(2026, 3, 10),
        end_date=date(2026, 3, 11),
        start_time=time(9, 30),
        is_joint=True,
        source_page="7",
        objectives=["One; two", "Three"],
    )
    row = row_of(client, meeting)
    assert row["start_date"].date() == date(2026, 3, 10)
    assert (row["start_time"], row["is_joint"]) == (time(9, 30), True)
    assert row["source_page"] == "7", "a page is a text: 12–13 would be a date"
    assert row["objectives"] == "One; two\nThree"
    assert row["city"] is None
    assert abs(row["updated"] - datetime.now()).total_seconds() < 86_400  # noqa: DTZ005


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-", "@SUM(A1)", "007", "1/2", "a\x0bb"])
def test_a_text_is_a_text_as_it_was_written(client, text):
    practice = make(Practice, "Elsewhere", description=text)
    book = workbook(client, list_address(Practice, "xlsx"))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    [cells] = [
        row for row in sheet.iter_rows(min_row=2) if row[heads.index("slug")].value == practice.slug
    ]
    cell = cells[heads.index("description")]
    assert (cell.value, cell.data_type) == (text.replace("\x0b", " "), "s")


@pytest.mark.django_db
def test_the_sheet_of_a_practice_is_there_and_its_contact_where_it_may_be(client):
    sheet = {"organisation": "A clinic", "start_year": 2014, "key_themes": ["Exit", "Families"]}
    practice = make(Practice, contact="someone@example.org", **sheet)
    row = row_of(client, practice)
    assert (row["organisation"], row["start_year"]) == ("A clinic", 2014)
    assert row["key_themes"] == "Exit\nFamilies"
    assert row["contact"] is None
    practice.contact_is_public = True
    practice.save()
    assert row_of(client, practice)["contact"] == "someone@example.org"


@pytest.mark.django_db
def test_a_workbook_says_what_it_is(client, settings):
    settings.CONTENT_LICENCE = "CC-BY-4.0"
    book = workbook(client, "/practices.xlsx?country=DK")
    about = dict(book["About this file"].iter_rows(values_only=True))
    count = Practice.objects.filter(countries__code="DK").count()
    assert about["Rows"] == count
    assert about["Selection"] == f"{count} practice{'s' * (count != 1)} in Denmark"
    assert about["Address"] == "http://testserver/practices/?country=DK"
    assert about["Licence of the wording"] == "CC-BY-4.0"


@pytest.mark.django_db
def test_a_list_too_long_for_a_workbook_leads_to_the_csv(client, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    response = client.get("/lessons.xlsx?tag=training")
    assert response.status_code == 400
    assert "http://testserver/lessons.csv?tag=training" in response.content.decode()


@pytest.mark.django_db
def test_a_source_that_is_a_draft_is_not_told(client):
    draft = make(Paper, "Not yet said", status="draft")
    lesson = make(Lesson, "A lesson", source=draft)
    row = row_of(client, lesson)
    assert (row["source"], row["source_slug"]) == (None, None)
