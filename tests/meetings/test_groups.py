"""Working groups, their chairs and their page."""

import pytest

from entries.models import Country
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting
from tests.desk import change_url, errors_in, lines, page_url, values_in
from tests.made import make, make_group
from tests.pages import open_page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- Groups, questions, tags ---------------------------------------------------------


def test_a_group_is_kept_with_its_names_and_chairs(desk):
    country = Country.objects.get(pk="NL")
    desk.saved(
        page_url(WorkingGroup, "add"),
        name="RAN MENTAL HEALTH",
        aliases="RAN HEALTH\r\nRAN Mental Health working group",
        established="2021",
        **lines("chairs", {"name": "A. Chair", "country": "NL", "current": "on", "position": "1"}),
    )
    group = WorkingGroup.objects.get(slug="ran-mental-health")
    assert group.aliases == ["RAN HEALTH", "RAN Mental Health working group"]
    assert [(chair.name, chair.country) for chair in group.chairs.all()] == [("A. Chair", country)]
    found = desk.open(page_url(WorkingGroup, "changelist"), q="ran health")
    assert "1 working group" in text_of(found)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"established": "21"}, "established"),
        ({"aliases": "a\x00b"}, "aliases"),
        ({"predecessor": "self"}, "predecessor"),
        ({"predecessor": "successor"}, "predecessor"),
        (
            lines("chairs", {"name": "A. Chair", "country": "XX", "position": "1"}),
            "chairs-0-country",
        ),
    ],
)
def test_a_wrong_value_of_a_group_is_a_message_at_its_field(desk, typed, field):
    group = make_group()
    later = make_group("RAN LATER", predecessor=group)
    pks = {"self": str(group.pk), "successor": str(later.pk)}
    typed = {name: pks.get(value, value) for name, value in typed.items()}
    response = desk.refused(change_url(group), history="Kept.", **typed)
    assert errors_in(response).keys() == {field}
    assert values_in(response)[0]["history"] == "Kept."


def test_a_chair_is_named_once(desk):
    group = make_group()
    Chair.objects.create(group=group, name="A. Chair")
    row = {"chairs-TOTAL_FORMS": "2", "chairs-1-name": "A. Chair", "chairs-1-position": "2"}
    response = desk.refused(change_url(group), **row)
    assert "Please correct the duplicate data" in text_of(response)


# --- Entries -------------------------------------------------------------------------


def test_a_group_shows_its_history_its_chairs_and_its_meetings_and_papers(client):
    page = open_page(client, "/groups/ran-health/")
    assert page.headings == ["RAN HEALTH"]
    assert page.facts == {"Established": "2020", "Established from": "RAN H&SC"}
    assert "RAN MENTAL HEALTH" in page.text
    assert "Catherine Grandsard, University of Paris 8 Vincennes-Saint-Denis" in page.text
    group = WorkingGroup.objects.get(slug="ran-health")
    shown = [*group.meetings.all(), *group.papers.all()]
    assert page.entries == [entry.get_absolute_url() for entry in shown]
    earlier = open_page(client, "/groups/ran-h-sc/")
    assert earlier.facts["Succeeded by"] == "RAN HEALTH"
    assert (
        "René Zegerius, Netherlands printed: NL in the past printed: co-chaired by" in earlier.text
    )
    assert "In 2020, RAN HEALTH was established from RAN H&SC." in earlier.text
    assert "say no more" not in earlier.text


def test_a_group_of_very_many_meetings_shows_the_first_and_leads_to_all(client):
    group = make_group("RAN MANY")
    for number in range(25):
        make(Meeting, f"Meeting {number}").groups.add(group)
    page = open_page(client, group.get_absolute_url())
    assert page.entries == [entry.get_absolute_url() for entry in group.meetings.all()[:20]]
    link = page.main.find(".//p[@class='all']/a")
    assert (text_of(link), link.get("href")) == (
        "All 25 meetings",
        f"/meetings/?group={group.slug}",
    )
    assert open_page(client, link.get("href")).text.count("25 meetings")


def test_what_is_no_working_group_is_not_called_one(client):
    page = open_page(client, "/groups/ran-policy-practice/")
    assert page.texts(".//p[@class='kind-line']") == ["Event series"]
    assert "The sources name it and say no more about it." in page.text
