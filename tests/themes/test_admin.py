"""The tree of themes, kept in the admin."""

import re

import pytest
from django.urls import reverse

from lessons.models import Lesson
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.models import FormerSlug
from tests.desk import change_url, errors_in, lines, page_url, values_in
from tests.made import draft, make_theme
from tests.pages import text_of
from themes.models import Absence, Theme

LONG = "word " * 2000


# --- Themes --------------------------------------------------------------------------


@pytest.fixture
def tree(desk):
    """Two branches whose positions are all the same, as when nobody has set them."""
    themes = {}
    for name, parent in (
        ("Work", None),
        ("Profiles", None),
        ("Prisons", "Work"),
        ("Groomers", "Profiles"),
        ("Remand", "Prisons"),
    ):
        themes[name] = make_theme(name, themes.get(parent))
    return themes


def test_the_themes_are_listed_as_a_tree(desk, tree):
    response = desk.open(page_url(Theme, "changelist"))
    rows = re.findall(r'class="level-(\d)">(\w+)<', response.content.decode())
    assert rows == [
        ("1", "Work"),
        ("2", "Prisons"),
        ("3", "Remand"),
        ("1", "Profiles"),
        ("2", "Groomers"),
    ]


def test_a_theme_counts_the_entries_of_its_branch_and_leads_to_them(desk, tree):
    draft(Lesson, "Twice filed", [tree["Prisons"], tree["Remand"]])
    draft(Lesson, "Once filed", [tree["Remand"]])
    draft(Lesson, "Elsewhere", [tree["Groomers"]])
    html = desk.open(page_url(Theme, "changelist")).content.decode()
    list_url = page_url(Lesson, "changelist")
    assert re.findall(rf'<a href="{list_url}\?theme=(\w+)">(\d)<', html) == [
        ("work", "2"),
        ("prisons", "2"),
        ("remand", "2"),
        ("profiles", "1"),
        ("groomers", "1"),
    ]
    text = text_of(desk.open(list_url, theme="work"))
    assert "2 lessons" in text
    assert "Elsewhere" not in text


def test_themes_are_offered_in_the_order_of_the_tree(desk, tree):
    found = desk.open(
        reverse("admin:autocomplete"),
        app_label="lessons",
        model_name="lesson",
        field_name="themes",
        term="",
    ).json()["results"]
    assert [row["text"] for row in found] == ["Work", "Prisons", "Remand", "Profiles", "Groomers"]


@pytest.mark.parametrize("term", ["", "trauma", "\x00", LONG])
@pytest.mark.parametrize(
    "field", ["themes", "tags", "source", "groups", "countries", "presented_at"]
)
def test_every_relation_can_be_searched(desk, field, term):
    kind = Practice if field == "presented_at" else Meeting
    where = {"app_label": kind._meta.app_label, "model_name": kind._meta.model_name}
    response = desk.open(reverse("admin:autocomplete"), **where, field_name=field, term=term)
    assert "results" in response.json()


@pytest.mark.parametrize(
    ("theme", "parent", "message"),
    [
        ("Work", "Work", "A theme cannot hang below itself."),
        ("Work", "Prisons", "A theme cannot hang below itself."),
        ("Work", "Remand", "A theme cannot hang below itself."),
        ("Work", "Profiles", "The tree has three levels at most"),
        ("Groomers", "Remand", "The tree has three levels at most"),
    ],
)
def test_a_theme_stays_in_a_tree_of_three_levels(desk, tree, theme, parent, message):
    url = change_url(tree[theme])
    response = desk.refused(url, parent=str(tree[parent].pk), title="Renamed")
    errors = errors_in(response)
    assert errors.keys() == {"parent"}
    assert message in errors["parent"][0]
    assert values_in(response)[0]["title"] == "Renamed"


def test_a_theme_moves_with_what_hangs_below_it(desk, tree):
    desk.saved(change_url(tree["Prisons"]), parent=str(tree["Profiles"].pk), slug="in-prison")
    remand = Theme.objects.get(slug="remand")
    assert remand.path == "Profiles > Prisons > Remand"
    assert FormerSlug.objects.get().current_slug == "in-prison"


def test_what_a_source_says_is_missing_is_noted_with_the_theme(desk, tree):
    paper = draft(Paper, "The overview paper")
    row = {
        "kind": "practice",
        "text": "None included.",
        "source": str(paper.pk),
        "source_page": "6",
    }
    desk.saved(change_url(tree["Work"]), **lines("absences", row))
    absence = Absence.objects.get()
    assert (absence.theme.slug, absence.kind, absence.source) == ("work", "practice", paper)
    desk.saved(change_url(tree["Work"]), **{"absences-0-text": "None were included."})
    typed = lines("absences", row | {"source": "", "kind": "theme"})
    response = desk.refused(change_url(tree["Prisons"]), **typed)
    assert errors_in(response).keys() == {"absences-0-source", "absences-0-kind"}
    assert values_in(response)[0]["absences-0-text"] == "None included."


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"position": "-1"}, "position"),
        ({"position": "99999"}, "position"),
        ({"position": "9" * 40}, "position"),
        ({"title": LONG}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"parent": "none"}, "parent"),
    ],
)
def test_a_wrong_value_of_a_theme_is_a_message_at_its_field(desk, typed, field):
    typed = {"title": "A theme", "introduction": "Kept."} | typed
    response = desk.refused(page_url(Theme, "add"), **typed)
    assert errors_in(response).keys() == {field}
    assert values_in(response)[0]["introduction"] == "Kept."
