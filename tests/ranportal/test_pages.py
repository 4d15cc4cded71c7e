"""The pages, read as a visitor reads them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from briefings.models import Situation
from entries.links.models import Link
from entries.models import kinds
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import make
from tests.pages import Page, open_page, text_of
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


# --- Every page ----------------------------------------------------------------------


def test_every_public_page_has_one_heading_and_a_title_of_its_own(pages):
    titles = {}
    for address, page in pages.items():
        assert len(page.headings) == 1, address
        assert page.headings[0], address
        titles[address] = page.title
    situations = Situation.objects.published().count()
    assert len(titles) == 10 + situations + 5 + 18 + 7 + 58 + 16 + 27 + 21 + 9
    times = Counter(titles.values())
    assert [address for address, title in titles.items() if times[title] > 1] == []


def test_every_page_says_what_the_portal_is_and_leads_to_every_kind(pages):
    for address, page in pages.items():
        links = {link.get("href") for link in page.root.iter("a")}
        assert links >= {list_address(kind) for kind in kinds()} | {"/", "/about/"}, address
        assert "not a service of the European Commission" in text_of(page.root.find("body/footer"))


# --- Home and about ------------------------------------------------------------------


def test_home_asks_what_you_face_and_has_the_map_with_every_theme_and_every_count(client):
    page = open_page(client, "/")
    assert page.headings == ["What are you facing?"]
    assert page.texts(".//ul[@class='legend']/li")[:5] == [
        "58 lessons",
        "16 practices",
        "27 questions",
        "21 meetings",
        "9 papers",
    ]
    themes = [row.find("th/a").get("href") for row in page.main.iter("tr") if row.get("id")]
    assert themes == [theme.get_absolute_url() for theme in Theme.objects.in_tree_order()]


@pytest.mark.django_db
def test_home_names_the_next_meetings_first_and_else_the_latest(client):
    page = open_page(client, "/")
    assert "No upcoming meeting is known" in page.text
    today = timezone.localdate()
    for name, days in (("Later", 30), ("Sooner", 3), ("Today", 0), ("Yesterday", -1)):
        day = today + timedelta(days=days)
        make(Meeting, name, start_date=day, end_date=day)
    page = open_page(client, "/")
    assert "No upcoming meeting is known" not in page.text
    meetings = page.main.find(".//section[@aria-labelledby='meetings-heading']")
    shown = [text_of(item) for item in meetings.iter("li")]
    assert [line.endswith(" upcoming") for line in shown] == [True] * 3 + [False] * 3
    assert [line.split()[3] for line in shown[:4]] == ["Today", "Sooner", "Later", "Yesterday"]


def test_every_common_tag_on_the_first_page_leads_to_entries(client):
    links = open_page(client, "/").links(".//section[@aria-labelledby='tags-heading']")
    assert len(links) == 16
    for tag, address in links.items():
        page = Page(client.get(address))
        assert tag in page.sentence
        assert page.entries


def test_about_says_where_it_comes_from_and_that_it_is_independent(client):
    page = open_page(client, "/about/")
    assert "The portal is independent." in page.text
    assert "Visitors get no cookie" in page.text
    for paper in Paper.objects.filter(source=F("pk")):
        assert page.links()[paper.title] == paper.get_absolute_url()
    for group in WorkingGroup.objects.all():
        assert page.links()[group.name] == group.get_absolute_url()
    assert "Chairs, according to the overview paper" in page.text
    assert (
        "Sergej Erdelja, Croatia printed: HR in the past printed: co-chaired by – RAN H&SC"
        in page.text
    )
    surnames = ("Jiménez González", "Grandsard", "Erdelja", "Zegerius")  # those in office first
    assert sorted(surnames, key=page.text.index) == list(surnames)
    unassigned = Link.objects.unassigned().count()
    assert f"{unassigned} addresses printed in the sources are not yet assigned" in page.text


# --- Addresses -----------------------------------------------------------------------


def test_a_page_that_does_not_exist_offers_ways_on(client):
    for address in ("/nothing/", "/lessons/nothing/", "/themes/nothing/", "/groups/nothing/"):
        page = open_page(client, address, status=404)
        assert page.headings == ["This page does not exist"]
        assert {list_address(kind) for kind in kinds()} <= set(page.links().values())


@pytest.mark.django_db
def test_an_error_of_ours_is_admitted_on_a_page_that_needs_no_database(client, monkeypatch):
    def fail(self):
        raise ZeroDivisionError

    monkeypatch.setattr("ranportal.views.About.get_context_data", fail)
    client.raise_request_exception = False
    page = open_page(client, "/about/", status=500)
    assert page.headings == ["Something went wrong here"]
    assert "/" in page.links().values()


@pytest.mark.django_db
def test_a_page_that_has_not_changed_is_not_sent_again(client):
    for address in ("/", "/practices/?country=DK", "/themes/ethics/", "/practices/channel/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    Practice.objects.filter(slug="channel").update(description="Changed.")
    changed = client.get("/practices/channel/", headers={"If-None-Match": first["ETag"]})
    assert "Changed." in Page(changed).text


# --- Accessibility and privacy -------------------------------------------------------


@pytest.mark.django_db
def test_the_accessibility_statement_says_what_falls_short_and_where_to_report_it(client, settings):
    page = open_page(client, "/accessibility/")
    assert "What is known to fall short" in page.texts(".//h2")
    assert "Tell whoever runs this installation" in page.text
    settings.CONTACT_EMAIL = "portal@example.org"
    assert "mailto:portal@example.org" in open_page(client, "/accessibility/").links().values()


@pytest.mark.django_db
def test_the_privacy_notice_tells_how_long_the_access_log_is_kept(client, settings):
    settings.ACCESS_LOG_KEPT = timedelta(days=17)
    page = open_page(client, "/privacy/")
    assert "are kept in an access log for 17 days" in page.text
    foot = {link.get("href") for link in page.root.find("body/footer").iter("a")}
    assert {"/accessibility/", "/privacy/"} <= foot


# --- Print ---------------------------------------------------------------------------


def test_a_list_is_shown_whole_to_be_printed_with_its_date_its_address_and_its_sources(client):
    whole = open_page(client, "/lessons/", page="all")
    assert len(whole.entries) == 58
    assert not whole.main.findall(".//nav[@class='pages']")
    printed = whole.texts(".//p[@class='on-paper small']")[0]
    assert printed.startswith("Printed on ")
    assert printed.endswith("/lessons/?page=all")
    sources = whole.texts(".//section[@class='on-paper print-sources']/ul/li")
    assert any(source.startswith("Overview paper: Key themes of the RAN") for source in sources)
    narrowed = open_page(client, "/lessons/", page="all", theme="ethics")
    assert narrowed.sentence.startswith(f"{len(narrowed.entries)} lessons about Ethics")


@pytest.mark.django_db
def test_a_list_too_long_to_print_whole_says_so(client, monkeypatch):
    monkeypatch.setattr("entries.views.EntryList.at_once", 10)
    page = open_page(client, "/lessons/", page="all")
    assert len(page.entries) == 10
    assert "These are the first 10 of 58." in page.text
