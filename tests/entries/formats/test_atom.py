"""The feeds, read as a feed reader reads them, and what a list page offers to take away."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from entries.formats.base import FORMATS
from entries.models import kinds
from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import KINDS, every_kind, make
from tests.pages import Page, content_of, listed, open_page, text_of
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

NEW = "/new.atom"

FEEDS = [*(f"/{kind._meta.model_name}s.atom" for kind in KINDS), NEW]


def read_feed(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(content_of(response))
    assert not feed.bozo, f"{address}: {feed.get('bozo_exception')}"
    assert feed.version == "atom10"
    return feed


def path(address):
    """What follows the host."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
    return parts._replace(scheme="", netloc="").geturl()


def paths(feed):
    return [path(entry.link) for entry in feed.entries]


def moment(parsed):
    return datetime(*parsed[:6], tzinfo=UTC)


def link(feed, rel):
    return next(link.href for link in feed.feed.links if link.rel == rel)


def date_entry(entry, first_published, updated):
    """Give the entry these dates; saving it would set them to now."""
    dates = {"first_published": first_published, "updated": updated}
    type(entry).objects.filter(pk=entry.pk).update(**dates)


# --- The feed of a list --------------------------------------------------------------


@every_kind
@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=-updated",
        "theme=mental-health-and-multi-agency-working",
        "tag=training&tag=trauma",
        "source=key-themes-of-the-ran-mental-health-working-group&theme=lone-actors",
        "q=mental+health",
    ],
)
def test_a_feed_holds_the_very_entries_of_its_page_in_the_same_order(client, kind, query):
    feed = read_feed(client, f"{list_address(kind, 'atom')}?{query}")
    entries = listed(client, f"{list_address(kind)}?{query}")
    assert paths(feed) == entries
    assert feed.feed.subtitle.startswith(f"{len(entries)} {kind._meta.model_name}")


def test_a_feed_is_narrowed_by_the_filters_of_its_kind(client):
    feed = read_feed(client, "/practices.atom", country="DK", sort="-name")
    danish = Practice.objects.filter(countries="DK").order_by("-name")
    assert paths(feed) == [practice.get_absolute_url() for practice in danish]
    assert feed.feed.title == "Practices: Denmark – RAN Mental Health knowledge portal"
    assert feed.feed.subtitle == "3 practices in Denmark, all of them, in the order of the list."


@every_kind
def test_a_feed_leads_to_its_page_and_to_itself(client, kind):
    query = "?theme=lone-actors&sort=-updated"
    feed = read_feed(client, list_address(kind, "atom") + query)
    assert path(link(feed, "self")) == list_address(kind, "atom") + query
    assert path(link(feed, "alternate")) == list_address(kind) + query


def test_the_id_of_a_feed_does_not_depend_on_how_its_address_was_written(client):
    ids = {
        read_feed(client, f"/practices.atom?{query}").feed.id
        for query in ("country=DK&theme=lone-actors", "sort=&theme=lone-actors&country=DK")
    }
    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


@pytest.mark.django_db
def test_the_dates_of_a_feed_are_those_of_its_entries(client):
    theme = Theme.objects.create(title="Dated", slug="dated")
    published, updated = (
        datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC),
        datetime(2024, 7, 8, 9, 10, 11, tzinfo=UTC),
    )
    later = updated + timedelta(days=1)
    date_entry(make(Practice, "One", [theme]), published, updated)
    date_entry(make(Practice, "Two", [theme]), published, later)
    for address in ("/practices.atom?theme=dated", "/new.atom?theme=dated"):
        feed = read_feed(client, address)
        by_link = {path(entry.link): entry for entry in feed.entries}
        one = by_link["/practices/one/"]
        assert moment(one.published_parsed) == published
        assert moment(one.updated_parsed) == updated
        last = max(model.objects.latest("updated").updated for model in (Practice, *kinds()))
        assert later <= moment(feed.feed.updated_parsed) <= last


@pytest.mark.django_db
def test_an_entry_of_a_feed_says_our_wording_where_it_is_filed_and_whose_it_is(client):
    theme = Theme.objects.create(title="Told", slug="told")
    group = WorkingGroup.objects.create(name="RAN TOLD", slug="ran-told")
    paper = make(Paper, "A source", themes=[theme])
    paper.groups.set([group])
    make(
        Practice,
        "Told & <shown>",
        [theme],
        ["zeal", "care"],
        slug="told-practice",
        description="Holds for 36 % & <b>more</b>.\n\nA second paragraph.",
        content_language="de",
        source=paper,
    )
    [entry] = read_feed(client, "/practices.atom", theme="told").entries
    assert entry.title == "Told & <shown>"
    assert entry.link == "http://testserver/practices/told-practice/"
    assert entry.id == Practice.objects.get(slug="told-practice").identifier.urn
    assert entry.summary == (
        "<p>Holds for 36 % &amp; &lt;b&gt;more&lt;/b&gt;.</p>\n\n<p>A second paragraph.</p>"
    )
    assert entry.summary_detail.language == "de"
    assert {tag.term for tag in entry.tags} == {"Told", "zeal", "care"}
    assert entry.author == "RAN Mental Health knowledge portal"


@pytest.mark.django_db
def test_an_entry_that_the_source_says_nothing_of_has_no_summary(client):
    theme = Theme.objects.create(title="Silent", slug="silent")
    make(Practice, "Named only", [theme])
    for address in ("/practices.atom", NEW):
        [entry] = read_feed(client, address, theme="silent").entries
        assert "summary" not in entry


@pytest.mark.django_db
def test_an_entry_whose_source_is_not_public_is_the_portals_own(client):
    theme = Theme.objects.create(title="Own", slug="own")
    paper = make(Paper, "A draft", themes=[theme], status="draft")
    paper.groups.set([WorkingGroup.objects.create(name="RAN DRAFT", slug="ran-draft")])
    make(Lesson, "Taken from a draft.", [theme], source=paper)
    [entry] = read_feed(client, "/lessons.atom", theme="own").entries
    assert entry.author == "RAN Mental Health knowledge portal"


@pytest.mark.django_db
@every_kind
def test_no_feed_holds_a_draft(client, kind):
    for status in ("draft", "review"):
        make(kind, f"Wolpertinger {status}", status=status)
    make(kind, "A unicorn")
    for address in (list_address(kind, "atom"), NEW):
        content = content_of(client.get(address)).decode()
        assert "A unicorn" in content
        assert "Wolpertinger" not in content


@pytest.mark.django_db
@every_kind
def test_characters_that_xml_cannot_hold_do_not_break_a_feed(client, kind):
    tag = Tag.objects.create(name="soft\x0bbreak", slug="soft-break")
    name = "Pasted\x0bfrom \x1felsewhere\uffff"
    entry = make(kind, name, slug="pasted", tags=[tag])
    for address in (list_address(kind, "atom"), NEW):
        feed = read_feed(client, address, tag="soft-break")
        [read] = feed.entries
        assert path(read.link) == entry.get_absolute_url()
        assert read.title.split()[-3:] == ["Pasted", "from", "elsewhere"]
        assert "soft break" in [tag.term for tag in read.tags]


@pytest.mark.django_db
@every_kind
def test_a_feed_without_entries_says_so(client, kind):
    Theme.objects.create(title="Empty", slug="empty")
    feed = read_feed(client, list_address(kind, "atom"), theme="empty")
    assert feed.entries == []
    assert feed.feed.subtitle.startswith(f"0 {kind._meta.verbose_name_plural} about Empty")


@pytest.mark.parametrize("address", [*FEEDS, "/meetings.ics"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("them=lone-actors", "Unknown parameter: them. The nearest known one is theme."),
        ("theme=lone-actors&page=2", "Unknown parameter: page."),
        ("theme=nowhere", "Theme: “nowhere” is not known here."),
        ("q=a%00b", "Null characters are not allowed."),
    ],
)
def test_what_a_feed_does_not_know_it_refuses_by_name(client, address, query, said):
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert said in response.content.decode()


@pytest.mark.django_db
@every_kind
def test_a_feed_takes_no_more_queries_for_more_entries(client, kind):
    theme = Theme.objects.create(title="Many", slug="many")
    paper = make(Paper, "The source", themes=[theme])
    addresses = [f"{address}?theme=many" for address in (list_address(kind, "atom"), NEW)]

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            content_of(client.get(address))
        return len(captured)

    make(kind, "First", [theme], ["one"], source=paper)
    for address in addresses:  # what a process asks once, such as the numbers of content types
        queries(address)
    few = [queries(address) for address in addresses]
    for number in range(12):
        make(kind, f"Number {number}", [theme], ["one", f"tag {number}"], source=paper)
    assert [queries(address) for address in addresses] == few


# --- What is new ---------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_new_comes_newest_first_whatever_its_kind(client):
    theme = Theme.objects.create(title="Fresh", slug="fresh")
    now = timezone.now().replace(microsecond=0)
    for age, kind in enumerate([Question, Paper, Lesson, Meeting, Practice]):
        entry = make(kind, f"Aged {age}", [theme])
        # Changed in the opposite order: that an old entry was corrected makes it not new.
        date_entry(entry, now - timedelta(minutes=age), now + timedelta(minutes=age))
    feed = read_feed(client, NEW, theme="fresh")
    assert [entry.title for entry in feed.entries] == [
        "Question: Aged 0",
        "Paper: Aged 1",
        "Lesson: Aged 2",
        "Meeting: Aged 3",
        "Practice: Aged 4",
    ]
    assert paths(read_feed(client, NEW))[:5] == paths(feed)


@pytest.mark.django_db
def test_what_is_new_is_the_newest_hundred_and_says_so(client):
    newer = [make(Lesson, f"Newer {number}") for number in range(98)]
    newest = [make(Practice, "Newest"), make(Paper, "Newest")]
    for entry in newest:
        date_entry(entry, timezone.now() + timedelta(hours=1), timezone.now())
    feed = read_feed(client, NEW)
    expected = {entry.get_absolute_url() for entry in (*newer, *newest)}
    assert len(feed.entries) == len(expected) == 100
    assert set(paths(feed)) == expected
    assert set(paths(feed)[:2]) == {entry.get_absolute_url() for entry in newest}
    assert feed.feed.subtitle == (
        "The newest entries of every kind, 100 at most; this feed holds 100."
    )


def test_what_is_new_can_be_followed_for_a_theme_or_a_tag(client):
    for name, value in (("theme", "lone-actors"), ("tag", "trauma")):
        feed = read_feed(client, NEW, **{name: value})
        expected = [
            address
            for kind in kinds()
            for address in listed(client, f"{list_address(kind)}?{name}={value}")
        ]
        assert expected
        assert sorted(paths(feed)) == sorted(expected)
    assert feed.feed.title == "New: trauma – RAN Mental Health knowledge portal"
    assert feed.feed.id != read_feed(client, NEW).feed.id


@pytest.mark.django_db
def test_a_reader_that_asks_again_is_told_when_nothing_is_new(client):
    first = client.get(NEW)
    again = client.get(NEW, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make(Lesson, "Something new.")
    assert client.get(NEW, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_every_page_leads_to_what_is_new(pages):
    for page in pages.values():
        [head] = [link for link in page.root.findall("head/link") if link.get("href") == NEW]
        assert (head.get("rel"), head.get("type")) == ("alternate", "application/atom+xml")
        footer = page.root.find("body/footer")
        assert NEW in [link.get("href") for link in footer.iter("a")]


def test_a_theme_leads_to_what_is_new_below_it(client):
    page = open_page(client, reverse("theme-detail", args=["lone-actors"]))
    address = f"{NEW}?theme=lone-actors"
    assert page.links()["Follow this theme in a feed reader"] == address
    heads = {link.get("href"): link.get("title") for link in page.root.findall("head/link")}
    assert heads[address] == "New: Lone actors"


# --- Take this list with you ---------------------------------------------------------


def offered(page):
    """{address: text} of the section."""
    section = page.main.find(".//details[@class='take']")
    return {link.get("href"): text_of(link) for link in section.iter("a")}


@every_kind
@pytest.mark.parametrize("query", ["", "?q=mental&theme=lone-actors&tag=training&sort=-updated"])
def test_a_list_offers_itself_in_every_format_with_its_filters(client, kind, query):
    page = open_page(client, list_address(kind) + query)
    addresses = [f"{urlsplit(address).path}" for address in offered(page)]
    plural = list_address(kind).strip("/")
    assert {urlsplit(address).query for address in offered(page)} == {query.strip("?")}
    assert f"/{plural}.csv" in addresses
    assert f"/{plural}.atom" in addresses
    assert ("/meetings.ics" in addresses) == (kind is Meeting)
    for address in offered(page):
        assert client.get(address).status_code == 200, address


@every_kind
def test_the_head_of_a_list_names_the_same_formats_with_their_types(client, kind):
    page = open_page(client, list_address(kind) + "?theme=lone-actors")
    types = {format_.content_type for format_ in FORMATS}
    heads = {
        link.get("href"): link
        for link in page.root.findall("head/link")
        if link.get("rel") == "alternate" and link.get("href") != NEW
    }
    assert heads.keys() >= offered(page).keys()
    for address in offered(page):
        head = heads[address]
        assert head.get("type") in types
        assert head.get("title").endswith(page.sentence)
        assert client.get(address)["Content-Type"].partition(";")[0] == head.get("type"), address


def test_the_words_say_what_each_format_is_good_for(client):
    texts = " · ".join(offered(open_page(client, "/meetings/")).values())
    for words in (
        "Excel a workbook, for Excel and LibreOffice",
        "CSV for scripts and statistics",
        "Atom for a feed reader",
        "iCal for your calendar (upcoming only)",
    ):
        assert words in texts


def test_what_could_not_be_read_of_an_address_is_not_asked_of_the_formats(client):
    page = Page(client.get("/practices/?country=ZZ&country=DK&tag=training&sort=up&page=1"))
    assert {urlsplit(address).query for address in offered(page)} == {"tag=training"}
