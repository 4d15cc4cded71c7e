"""What the portal tells search engines."""

from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons.models import Lesson
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import KINDS, make
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOST = "http://testserver"

SPACE = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def read_xml(client, address):
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert response["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)


def sitemap(client):
    """{address: day of its last change} of all pages that the sitemaps name."""
    found = {}
    for part in read_xml(client, "/sitemap.xml").findall("sitemap/loc", SPACE):
        for page in read_xml(client, part.text.removeprefix(HOST)).findall("url", SPACE):
            address = page.findtext("loc", None, SPACE)
            assert address not in found
            found[address] = page.findtext("lastmod", None, SPACE)
    return {address.removeprefix(HOST): day for address, day in found.items()}


def change(entry, *moment):
    type(entry).objects.filter(pk=entry.pk).update(updated=datetime(*moment, 12, tzinfo=UTC))


def test_the_sitemap_names_every_public_page_and_no_other(client, pages):
    assert sitemap(client).keys() == pages.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_sitemap_names_no_draft(client, kind):
    make(kind, "Drafted", status="draft")
    make(kind, "Reviewed", status="review")
    shown = make(kind, "Shown")
    addresses = sitemap(client)
    assert shown.get_absolute_url() in addresses
    assert not [address for address in addresses if "drafted" in address or "reviewed" in address]


def test_a_page_is_as_new_as_the_newest_that_it_shows(client):
    main = Theme.objects.create(title="Main", slug="main")
    below = Theme.objects.create(title="Below", slug="below", parent=main)
    group = WorkingGroup.objects.create(name="RAN NEW", slug="ran-new")
    lesson, practice = make(Lesson, "Old", [main]), make(Practice, "New", [below])
    meeting, paper = make(Meeting, "Older", [below]), make(Paper, "Newer", [main])
    for entry in (meeting, paper):
        entry.groups.set([group])
    change(lesson, 2031, 1, 1)
    change(meeting, 2031, 1, 2)
    change(paper, 2031, 1, 3)
    change(practice, 2031, 1, 4)
    days = sitemap(client)
    assert days["/lessons/old/"] == days["/lessons/"] == "2031-01-01"
    assert days["/meetings/"] == "2031-01-02"
    assert days["/groups/ran-new/"] == days["/papers/"] == days["/about/"] == "2031-01-03"
    assert days["/themes/below/"] == days["/themes/main/"] == days["/"] == "2031-01-04"


def test_a_draft_makes_no_page_newer(client):
    theme = Theme.objects.create(title="Quiet", slug="quiet")
    group = WorkingGroup.objects.create(name="RAN QUIET", slug="ran-quiet")
    draft = make(Meeting, "Drafted", [theme], status="draft")
    draft.groups.set([group])
    change(draft, 2031, 1, 1)
    days = sitemap(client)
    assert days["/themes/quiet/"] is None
    assert days["/groups/ran-quiet/"] is None
    assert days["/"] < "2031"


def test_an_empty_portal_has_a_sitemap(client, empty_db):
    assert sitemap(client).keys() == {
        *("/", "/about/", "/map/", "/timeline/", "/countries/", "/accessibility/", "/privacy/"),
        *("/about/how-sure/", "/situations/", "/glossary/"),
        *map(list_address, KINDS),
    }


def test_more_entries_take_no_more_queries(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            sitemap(client)
        return len(captured)

    few = queries()
    for kind in KINDS:
        for number in range(5):
            make(kind, f"Number {number}")
    assert queries() == few


@pytest.mark.parametrize(
    "address", ["/sitemap-nothing.xml", "/sitemap-pages.xml?p=2", "/sitemap-pages.xml?p=x"]
)
def test_a_sitemap_that_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


# --- robots.txt ----------------------------------------------------------------------


def robots(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode().splitlines()


def test_robots_are_told_where_the_sitemap_is_and_that_all_pages_are_open(client):
    rules = RobotFileParser()
    rules.parse(robots(client))
    assert rules.site_maps() == [HOST + reverse("sitemap-index")]
    assert all(rules.can_fetch("any", HOST + address) for address in sitemap(client))
    assert not rules.can_fetch("any", HOST + reverse("admin:index"))
    assert not rules.can_fetch("any", f"{HOST}/search/?q=trauma")


def test_robots_are_kept_from_combined_filters_but_not_from_feeds(client):
    lines = robots(client)
    assert {"User-agent: *", "Disallow: /*?*&", "Disallow: /*?sort=", "Allow: /*.atom"} <= set(
        lines
    )
