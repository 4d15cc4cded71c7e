"""The pictures tell what their tables and the lists tell, whatever the portal holds."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from entries import places as drawing
from entries.models import Country
from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal.charts import timeline
from tests.made import KINDS, draft, make, make_theme
from tests.pages import Page, open_page, text_of
from themes.models import Absence, Theme

pytestmark = pytest.mark.usefixtures("unchanged_db")


def marks(cell):
    """How many entries a cell draws: its marks, or the number on its bar."""
    drawn = [link for link in cell.iter("a") if link.find("use") is not None]
    bars = [
        int(text_of(link.find("text"))) for link in cell.iter("a") if link.get("class") == "bar"
    ]
    return len(drawn) + sum(bars)


def drawn(page):
    """{theme: marks of each kind} as the map draws them."""
    rows = [row for row in page.main.iter("tr") if row.get("id", "").startswith("place-")]
    cells = {row.get("id").removeprefix("place-"): row.findall("td") for row in rows}
    return {slug: [marks(cell) for cell in row] or [0] * len(KINDS) for slug, row in cells.items()}


def in_numbers(page):
    """The same from the table of numbers below the map, by the title of the theme."""
    table = next(t for t in page.main.iter("table") if t.get("class") == "numbers")
    return [
        [int(text_of(cell)) for cell in row.findall("td")] for row in table.find("tbody").iter("tr")
    ]


def in_csv(client):
    rows = csv.DictReader(StringIO(client.get("/map.csv").content.decode("utf-8-sig")))
    plurals = [str(kind.kind.plural) for kind in KINDS]
    return [[int(row[name]) for name in [*plurals, "all"]] for row in rows]


def grow_tree():
    """Two main themes, one with a subtheme, one with a subtheme that has a section."""
    first, second = make_theme("First"), make_theme("Second")
    below = make_theme("Below the first", parent=first)
    middle = make_theme("Below the second", parent=second)
    return [first, second, below, middle, make_theme("A section", parent=middle)]


filed = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sets(st.integers(0, 4), max_size=2), st.booleans()),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filed)
@example([(Lesson, {0, 4}, True)] * 5)  # so many in one cell do not come by chance
def test_map_table_and_file_tell_the_same_numbers_of_any_corpus(client, empty_db, entries):
    with transaction.atomic():
        grow_and_compare(client, entries)
        transaction.set_rollback(True)


def grow_and_compare(client, entries):
    themes = grow_tree()
    for number, (kind, places, is_public) in enumerate(entries):
        made = make if is_public else draft
        made(kind, f"Number {number}", themes=[themes[place] for place in places])
    page = open_page(client, "/map/")
    counts = {
        theme.slug: [kind.objects.published().filter(themes=theme).count() for kind in KINDS]
        for theme in Theme.objects.in_tree_order()
    }
    shown = drawn(page)
    assert {slug: row for slug, row in counts.items() if any(row)}.items() <= shown.items()
    assert not any(sum(row) for slug, row in shown.items() if not sum(counts[slug]))
    numbers = in_numbers(page)
    assert [row[:-1] for row in numbers] == list(shown.values())
    assert [row[-1] for row in numbers] == [sum(row) for row in shown.values()]
    assert in_csv(client) == numbers
    # Every entry is somewhere, those under no theme too.
    links = set(page.links().values()) | {link.get("href") for link in page.main.iter("a")}
    for kind in KINDS:
        assert {entry.get_absolute_url() for entry in kind.objects.published()} <= links, kind


@pytest.mark.django_db
def test_from_25_entries_on_a_cell_is_a_bar_with_the_number_that_opens_the_list(client):
    ethics = Theme.objects.filter(slug="ethics")
    here = Lesson.objects.filter(themes__in=ethics)
    while (count := here.count()) < 24:
        make(Lesson, f"Lesson {count}", themes=ethics)
    page = open_page(client, "/map/")
    assert drawn(page)["ethics"][0] == 24
    assert not [link for link in page.main.iter("a") if link.get("class") == "bar"]
    # More than stand on the theme's page: each mark leads to a page of its own.
    strip = open_page(client, "/themes/ethics/").main.find(".//nav[@class='strip']")
    marks_of_lessons = {a.get("href") for a in strip.iter("a") if a.get("class") == "lesson"}
    assert marks_of_lessons == {lesson.get_absolute_url() for lesson in here}
    make(Lesson, "One more", themes=ethics)
    page, count = open_page(client, "/map/"), 25
    assert drawn(page)["ethics"][0] == count
    (bar,) = [link for link in page.main.iter("a") if link.get("class") == "bar"]
    assert bar.get("href") == "/lessons/?theme=ethics"
    assert text_of(bar.find("title")) == f"All {count} lessons"


@pytest.mark.once
def test_a_blank_says_why_it_is_blank(client):
    rows = {
        row.get("id"): [text_of(cell) for cell in row.findall("td")]
        for row in open_page(client, "/map/").main.iter("tr")
        if row.get("id")
    }
    online = Absence.objects.get()
    assert rows[f"place-{online.theme.slug}"][1] == "source says none"
    assert rows["place-mental-health-in-prison"][1] == ("1 practice filed elsewhere under “prison”")
    assert rows["place-groomers"][1] == ""
    page = open_page(client, "/map/")
    assert "No practices are filed in 6 of the 12 places" in page.text
    blanks = csv.DictReader(StringIO(client.get("/map.csv").content.decode("utf-8-sig")))
    blanks = {row["url"].split("/")[-2]: row["practices: blank"] for row in blanks}
    assert blanks["groomers"] == "none filed"
    assert blanks[online.theme.slug] == f"the source says none: {online.text}"
    assert blanks["mental-health-in-prison"] == "1 filed elsewhere under “prison”"


@pytest.mark.once
def test_the_numbers_of_the_map_open_lists_that_hold_them(client):
    table = next(
        t for t in open_page(client, "/map/").main.iter("table") if t.get("class") == "numbers"
    )
    for row in list(table.find("tbody").iter("tr"))[:6]:
        for cell in row.iter("a"):
            listed = Page(client.get(cell.get("href")))
            assert int(listed.sentence.split()[0]) >= int(text_of(cell))


@pytest.mark.django_db
@pytest.mark.once
def test_a_map_of_very_many_marks_draws_its_fullest_cells_as_bars(client, monkeypatch):
    monkeypatch.setattr(drawing, "MOST_DRAWN", 30)
    cells = [
        svg
        for svg in open_page(client, "/map/").main.iter("svg")
        if svg.get("class") == "dots" and svg.get("role") == "group"
    ]
    drawn = [len(list(cell.iter("use"))) for cell in cells]
    bars = [marks(cell) for cell in cells if cell.find("a").get("class") == "bar"]
    assert 0 < sum(drawn) <= 30
    assert min(bars) > max(drawn)


@pytest.mark.django_db
def test_a_month_is_not_a_day_and_a_year_no_month(client):
    make(Meeting, "On a day", start_date=date(2031, 5, 4), end_date=date(2031, 5, 5))
    make(Paper, "In a month", date=date(2031, 5, 1), date_precision="month")
    make(Paper, "In a year", date=date(2028, 1, 1), date_precision="year")
    page = open_page(client, "/timeline/")
    rows = {row.get("id"): row for row in page.main.iter("tr") if row.get("id")}
    may = rows["year-2031"].findall("td")[4]
    assert [text_of(text) for text in may.iter("text")] == ["4", ""]
    assert [text_of(title) for title in may.iter("title")] == [
        "4–5 May 2031, Meeting: On a day",
        "May 2031, Paper: In a month",
    ]
    january, *_others, year_only, _all = rows["year-2028"].findall("td")
    assert not list(january.iter("a"))
    assert [link.get("href") for link in year_only.iter("a")] == ["/papers/in-a-year/"]
    assert "year-2029" in rows  # of which nothing is known


@pytest.mark.django_db
def test_a_full_month_is_a_number_and_of_many_undated_the_first_are_named(client, monkeypatch):
    for number in range(13):
        day = date(2031, 3, 1 + number)
        make(Meeting, f"In March {number}", start_date=day, end_date=day)
    monkeypatch.setattr(timeline, "MOST_UNDATED", 2)
    for number in range(3):
        make(Paper, f"Undated {number}")
    page = open_page(client, "/timeline/")
    march = page.main.find(".//tr[@id='year-2031']").findall("td")[2]
    assert [(text_of(a), a.get("href")) for a in march.iter("a")] == [
        ("13 meetings", "/meetings/?year=2031")
    ]
    named = page.main.findall(".//ul[@class='links plain']//a")
    undated = sum(not one.iso_date for kind in (Meeting, Paper) for one in kind.objects.all())
    assert len(named) == 2
    assert f"And {undated - 2} more, which stand in the lists." in page.text


def test_the_timeline_and_its_numbers_hold_every_meeting_and_paper_once(client):
    page = open_page(client, "/timeline/")
    addresses = [
        link.get("href")
        for link in page.main.iter("a")
        if link.get("class") in ("meeting", "paper")
    ]
    undated = [link.get("href") for link in page.main.findall(".//ul[@class='links plain']//a")]
    every = [entry.get_absolute_url() for kind in (Meeting, Paper) for entry in kind.objects.all()]
    assert sorted(addresses + undated) == sorted(every)
    for row in page.main.iter("tr"):
        if row.get("id"):
            numbers = [int(text_of(link).split()[0]) for link in row.findall("td")[-1].iter("a")]
            assert sum(numbers) == len([link for link in row.iter("a") if link.get("class")])


@pytest.mark.django_db
@pytest.mark.once
def test_tiles_and_table_of_the_countries_tell_the_same_as_the_lists(client):
    make(Practice, "Far away").countries.set(Country.objects.filter(code="AU"))
    page = open_page(client, "/countries/")
    table = {link.get("href"): int(text_of(link)) for link in page.main.find(".//table").iter("a")}
    tiles = {
        link.get("href"): int(text_of(link).split()[0])
        for tile in page.main.findall(".//ul[@class='tiles']/li")
        for link in tile.iter("a")
    }
    assert tiles.items() <= table.items()
    assert {address for address in table if address not in tiles} == {"/practices/?country=AU"}
    for address, count in table.items():
        assert open_page(client, address).sentence.startswith(f"{count} "), address


@pytest.mark.parametrize("address", ["/countries/", "/map/"])
def test_countries_stand_as_people_sort_them_on_either_engine(empty_db, client, address):
    Theme.objects.create(slug="t", title="T")
    for code, name in (("ZW", "Zimbabwe"), ("AX", "Åland Islands"), ("AU", "Australia")):
        Country.objects.update_or_create(code=code, defaults={"name": name})
        make(Practice, f"In {code}").countries.set([code])
    names = ["Åland Islands", "Australia", "Zimbabwe"]
    text = open_page(client, address).text
    assert sorted(names, key=text.rindex) == names


@pytest.mark.once
def test_the_map_crosses_themes_with_countries(client):
    table = next(
        t for t in open_page(client, "/map/").main.iter("table") if "crossing" in t.get("class")
    )
    for link in list(table.iter("a")):
        if "country=" in link.get("href"):
            listed = open_page(client, link.get("href"))
            assert int(text_of(link).split()[0]) <= int(listed.sentence.split()[0])


@pytest.mark.django_db
def test_a_tag_of_a_theme_that_nobody_else_carries_leads_nowhere(client):
    theme = Theme.objects.get(slug="groomers")
    Theme.objects.filter(pk=theme.pk).update(subject=Tag.objects.create(name="nowhere else"))
    row = next(
        r for r in open_page(client, "/map/").main.iter("tr") if r.get("id") == "place-groomers"
    )
    assert not list(row.findall("td")[1].iter("a"))
