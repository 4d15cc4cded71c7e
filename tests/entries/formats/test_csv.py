"""The lists as CSV, read back by Python's own reader and compared with the pages."""

import csv
from datetime import date
from io import StringIO
from itertools import product

import pytest

from entries.links.models import Link
from entries.models import Country
from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import NAME_FIELDS, every_kind, make
from tests.pages import content_of, listed, open_page, read_csv
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

SITE = "http://testserver"

HEADERS = {
    Practice: "url, title, country_codes, countries, programme, scope, themes, tags, description,"
    " collection_status, source, source_page, links",
    Meeting: "url, title, groups, groups_printed, start_date, end_date, city, country_codes,"
    " countries, languages, themes, tags, description, source, source_page, links",
    Paper: "url, title, type, groups, groups_printed, date, date_precision, country_codes,"
    " countries, topics, themes, tags, summary, source, source_page, links",
    Lesson: "url, text, themes, tags, source, source_page",
    Question: "url, text, state, themes, tags, source, source_page",
}
# What every kind has beside these, so that what goes out can come back.
LAST = (
    "identifier, slug, source_slug, theme_slugs, as_printed, content_language, first_published,"
    " updated, link_states, worded"
)


def rows(client, kind, **query):
    return list(read_csv(client.get(list_address(kind, "csv"), query)))


def row_of(client, entry):
    address = SITE + entry.get_absolute_url()
    return next(row for row in rows(client, type(entry)) if row["url"] == address)


# --- The file ------------------------------------------------------------------------


@every_kind
def test_the_columns_are_those_that_were_promised(client, kind):
    reader = read_csv(client.get(list_address(kind, "csv")))
    first, last = HEADERS[kind].split(", "), LAST.split(", ")
    assert reader.fieldnames[: len(first)] == first
    assert reader.fieldnames[-len(last) :] == last
    assert len(set(reader.fieldnames)) == len(reader.fieldnames)
    for row in reader:
        assert None not in row  # no cell beyond the last header
        assert None not in row.values()


@every_kind
def test_a_file_without_rows_still_has_its_headers(client, kind):
    response = client.get(list_address(kind, "csv"), {"theme": "groomers", "tag": "schools"})
    reader = read_csv(response)
    assert list(reader) == []
    assert reader.fieldnames[0] == "url"


@every_kind
def test_the_file_is_streamed_in_utf_8_under_the_name_of_the_kind(client, kind):
    response = client.get(list_address(kind, "csv"))
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    name = kind._meta.verbose_name_plural
    assert response["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    content = content_of(response)
    assert content.startswith(b"\xef\xbb\xbf")  # by which a spreadsheet knows UTF-8
    assert content.endswith(b"\r\n")


@pytest.mark.django_db
def test_letters_beyond_ascii_come_through(client):
    titles = {row["title"] for row in rows(client, Practice)}
    assert {"ChamäLION", Practice.objects.get(name__startswith="Entr").name} <= titles
    make(Practice, "Łódź – „Żółw” 🐢 Δ")
    assert "Łódź – „Żółw” 🐢 Δ" in {row["title"] for row in rows(client, Practice)}


@pytest.mark.django_db
@every_kind
def test_all_rows_are_there_however_many_pages_the_list_has(client, kind):
    for number in range(45):
        make(kind, f"Number {number}")
    found = rows(client, kind)
    assert len(found) == kind.objects.count() > 45
    assert len({row["url"] for row in found}) == len(found)


# --- The cells -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_practice_is_written_out_whole(client):
    practice = make(
        Practice,
        "Open door",
        themes=Theme.objects.filter(slug__in=["working-with-children", "ethics"]),
        tags=["training", "ethics"],
        programme="Erasmus+",
        scope="local",
        description='First line,\nsecond "line"; with marks.',
        collection_status="in-process",
        source=Paper.objects.get(slug="key-themes-of-the-ran-mental-health-working-group"),
        source_page="6",
    )
    practice.countries.set(Country.objects.filter(code__in=["SE", "DK"]))
    for path in ("one", "two"):
        Link.objects.create(url=f"https://example.org/{path}", practice=practice)
    assert (
        row_of(client, practice).items()
        >= {
            "url": f"{SITE}/practices/open-door/",
            "title": "Open door",
            "country_codes": "DK; SE",
            "countries": "Denmark; Sweden",
            "programme": "Erasmus+",
            "scope": "local",
            "themes": "Mental health and multi-agency working > Working with youth and families"
            " > Working with children; Professionalisation and support of the mental health"
            " professional in P/CVE > Ethics",
            "tags": "ethics; training",
            "description": 'First line,\nsecond "line"; with marks.',
            "collection_status": "in-process",
            "source": "Key themes of the RAN Mental Health working group (formerly Health & Social"
            " Care)",
            "source_page": "6",
            "links": "https://example.org/one; https://example.org/two",
        }.items()
    )


@pytest.mark.django_db
def test_a_meeting_is_written_with_its_groups_days_and_languages(client):
    meeting = make(
        Meeting,
        "Round table",
        start_date=date(2024, 2, 28),
        end_date=date(2024, 2, 29),
        city="Zagreb",
        languages=["en", "hr"],
        groups_as_printed="RAN H&SC-POL",
    )
    meeting.groups.set(WorkingGroup.objects.filter(slug__in=["ran-h-sc", "ran-police"]))
    row = row_of(client, meeting)
    assert (row["start_date"], row["end_date"]) == ("2024-02-28", "2024-02-29")
    assert (row["groups"], row["groups_printed"]) == ("RAN H&SC; RAN POLICE", "RAN H&SC-POL")
    assert (row["city"], row["languages"]) == ("Zagreb", "en; hr")
    assert row["countries"] == row["source"] == row["links"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("precision", "day", "written"),
    [
        ("year", date(2021, 1, 1), "2021"),
        ("month", date(2019, 4, 1), "2019-04"),
        ("day", date(2019, 3, 13), "2019-03-13"),
        ("", None, ""),
    ],
)
def test_the_date_of_a_paper_is_as_precise_as_it_was_printed(client, precision, day, written):
    paper = make(Paper, "A report", date=day, date_precision=precision, topics=["One", "Two"])
    row = row_of(client, paper)
    assert (row["date"], row["date_precision"]) == (written, precision)
    assert row["topics"] == "One; Two"


def test_a_question_is_written_with_its_state(client):
    states = {row["state"] for row in rows(client, Question)}
    assert states == {"open", "taken-up"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "\u00a0=1+1",
        '"=1+1',
        '"" @x',
        "＝1+1",
        '=HYPERLINK("http://example.org","x")',
    ],
)
@every_kind
def test_no_cell_is_run_as_a_formula(client, kind, text):
    entry = make(kind, text, slug="formula", tags=["=tag"], source_page="@page")
    row = row_of(client, entry)
    name = "text" if kind in (Lesson, Question) else "title"
    # Behind the apostrophe the text is what it was; a line break ends as the reader reads it.
    assert row[name] == f"'{text}"
    assert (row["tags"], row["source_page"]) == ("'=tag", "'@page")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["1 + 1 = 2", "P/CVE", "'quoted'", "“=”", "a\n=b", "36 %"])
def test_a_cell_that_is_no_formula_stays_as_it_is(client, text):
    assert row_of(client, make(Lesson, text, slug="plain"))["text"] == text


@pytest.mark.django_db
@every_kind
def test_quotation_marks_stand_where_pythons_own_writer_sets_them(client, kind):
    make(kind, 'He said "no", then\n"=yes";\r\n', slug="quoted", tags=["a, b"], source_page='"')
    text = content_of(client.get(list_address(kind, "csv"))).decode("utf-8-sig")
    written = StringIO(newline="")
    csv.writer(written).writerows(csv.reader(StringIO(text, newline="")))
    assert text == written.getvalue()
    assert 'He said ""no"", then' in text


# --- The same as on the page ---------------------------------------------------------


QUERIES = {
    Practice: ["", "country=DK", "country=DK&country=DE&sort=-name", "programme=Erasmus%2B",
               "scope=local&tag=multi-agency-working", "country=SE", "sort=-updated",
               "theme=working-with-youth-and-families&tag=families"],
    Meeting: ["", "year=2018&year=2019", "group=ran-h-sc&sort=date", "when=past&sort=title",
              "when=upcoming", "country=NL", "theme=mental-health-profiles&sort=-updated"],
    Paper: ["", "year=2021", "type=issue", "sort=date", "sort=title", "country=NL",
            "group=ran-health&theme=mental-health-and-multi-agency-working"],
    Lesson: ["", "theme=mental-health-and-multi-agency-working", "tag=training&sort=-updated",
             "source=key-themes-of-the-ran-mental-health-working-group", "theme=ethics&tag=trauma"],
    Question: ["", "state=open", "state=open&state=taken-up&sort=-updated", "tag=prison",
               "theme=lone-actors&theme=groomers"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "query"),
    [pair for kind, queries in QUERIES.items() for pair in product([kind], queries)],
    ids=lambda value: value or "all" if isinstance(value, str) else value.__name__,
)
def test_page_and_file_hold_the_same_entries_in_the_same_order(client, kind, query):
    written = read_csv(client.get(f"{list_address(kind, 'csv')}?{query}"))
    addresses = [row["url"].removeprefix(SITE) for row in written]
    assert addresses == listed(client, f"{list_address(kind)}?{query}")


def test_the_page_leads_to_the_file_of_what_it_shows(client):
    page = open_page(client, "/practices/", country="DK", sort="-name", page="1")
    address = next(link for link in page.links().values() if ".csv" in link)
    written = read_csv(client.get(address))
    assert [row["url"].removeprefix(SITE) for row in written] == page.entries


def test_the_page_leads_to_a_file_even_where_it_left_a_part_of_its_address_out(client):
    page = open_page(client, "/practices/", country="nowhere", scope="national", sort="bogus")
    address = next(link for link in page.links().values() if ".csv" in link)
    written = read_csv(client.get(address))
    assert [row["url"].removeprefix(SITE) for row in written] == page.entries
    assert len(page.entries) == 2


def test_the_names_of_the_cells_agree_with_the_entries(client):
    for kind, name in NAME_FIELDS.items():
        column = "text" if name == "text" else "title"
        written = [row[column] for row in rows(client, kind)]
        assert sorted(written) == sorted(kind.objects.values_list(name, flat=True))
