"""What pages say of themselves to search engines, catalogues and reference managers."""

import json
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from entries.links.models import Link
from lessons.models import Lesson, Question
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.made import KINDS, make
from tests.metadata import TYPES, canonical, described, entry_page, meta, values
from tests.pages import content_of, open_page
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

SITE = "http://testserver"

# What schema.org, or those who read it, ask for beside name and address.
REQUIRED = {
    "WebSite": {"description", "potentialAction"},
    "AboutPage": set(),
    "CollectionPage": {"mainEntity", "isPartOf"},
    "DefinedTerm": {"inDefinedTermSet"},
    "Organization": set(),
    "CreativeWork": {"datePublished", "dateModified", "isPartOf", "isBasedOn", "about"},
    "Question": {"datePublished", "dateModified", "isPartOf", "isBasedOn", "about"},
    "Event": {"startDate", "endDate", "about", "description"},
    "Report": {"sdDatePublished", "about", "description"},
    "Book": {"sdDatePublished", "about", "description"},
    "WebPage": {"sdDatePublished", "about"},
    "DefinedTermSet": {"hasDefinedTerm", "isPartOf"},
    "Dataset": {"description", "isPartOf"},
}


# --- Every page ----------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_describes_itself_under_its_own_address(pages):
    kinds_of_pages = set()
    for address, page in pages.items():
        data = described(page)
        assert data["@context"] == "https://schema.org"
        assert data["@id"] == data["url"] == canonical(page) == f"{SITE}{address}"
        assert data["name"]
        assert data.keys() >= REQUIRED[data["@type"]], address
        assert not {"", None} & set(values(data)), f"{address}: something empty is told"
        kinds_of_pages.add(data["@type"])
    assert kinds_of_pages == REQUIRED.keys()


def test_every_page_has_what_is_shown_where_it_is_shared(pages):
    for address, page in pages.items():
        data = described(page)
        assert meta(page, "og:title") == [data["name"]]
        assert meta(page, "og:url") == [f"{SITE}{address}"]
        assert meta(page, "og:type") == ["website"]
        assert meta(page, "og:site_name") == ["RAN Mental Health knowledge portal"]
        assert len(meta(page, "og:description")) == ("description" in data)


@pytest.mark.parametrize(("asked", "name"), [("", "Search"), ("?q=a+%26+b", "Search: a & b")])
def test_the_results_of_a_search_have_an_address_of_their_own(client, asked, name):
    page = open_page(client, f"/search/{asked}")
    assert (described(page)["@type"], described(page)["name"]) == ("SearchResultsPage", name)
    assert canonical(page) == described(page)["url"] == f"{SITE}/search/{asked}"


def test_a_page_that_does_not_exist_has_no_address_of_its_own(client):
    page = open_page(client, "/lessons/there-is-none/", status=404)
    assert page.root.findall(".//head/link[@rel='canonical']") == []
    assert page.root.findall(".//script[@type='application/ld+json']") == []


@pytest.mark.django_db
def test_no_text_can_leave_the_block_it_is_described_in(client):
    text = "</script><script>alert(1)</script> <!-- & ' \" <b>"
    lesson = make(Lesson, text, slug="hostile")
    response = client.get(lesson.get_absolute_url())
    assert b"<script>" not in response.content
    assert b"</script><" not in response.content.split(b'ld+json">')[1].split(b"</script>")[0]
    assert described(entry_page(client, lesson))["description"] == text


@pytest.mark.django_db
def test_nobodys_contact_is_told_to_machines(client):
    practice = make(Practice, "With a contact", contact="hidden@x.test", contact_is_public=True)
    meeting = make(Meeting, "With contacts", contacts=["hidden@x.test"])
    for entry in (practice, meeting):
        for extension in ("jsonld", "ris", "bib"):
            address = reverse(f"{entry.kind}-detail-{extension}", args=[entry.slug])
            response = client.get(address)
            assert response.status_code == 200, address
            said = content_of(response).decode()
            assert str(entry) in said
            assert "hidden" not in said
        assert "hidden" not in json.dumps(described(entry_page(client, entry)))


# --- Entries -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_says_what_it_is_about(client, kind):
    entry = kind.objects.published().first()
    data = described(entry_page(client, entry))
    assert data["@type"] == TYPES[kind]
    assert data["name"] == (entry.text if kind in (Lesson, Question) else entry.heading)
    assert data["description"] == entry.text
    assert data["keywords"] == [tag.name for tag in entry.tags_in_order]
    assert [(each["@type"], each["@id"], each["name"]) for each in data["about"]] == [
        ("DefinedTerm", f"{SITE}{theme.get_absolute_url()}", theme.title)
        for theme in entry.themes.in_tree_order()
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_file_of_an_entry_says_what_its_page_says(client, kind):
    entry = kind.objects.published().last()
    response = client.get(reverse(f"{entry.kind}-detail-jsonld", args=[entry.slug]))
    assert response["Content-Type"] == "application/ld+json"
    assert response.json() == described(entry_page(client, entry))


def test_a_lesson_says_where_it_is_from_and_when_it_was_last_changed(client):
    lesson = Lesson.objects.get(slug="five-steps-to-a-multi-agency-structure")
    data = described(entry_page(client, lesson))
    title = "Key themes of the RAN Mental Health working group (formerly Health & Social Care)"
    assert data["isBasedOn"] == {
        "@type": "Report",
        "@id": f"{SITE}/papers/key-themes-of-the-ran-mental-health-working-group/",
        "name": title,
        "author": [
            {"@type": "Organization", "@id": f"{SITE}/groups/ran-health/", "name": "RAN HEALTH"}
        ],
    }
    assert data["citation"] == f"{title}, p. 7"
    assert data["creator"] == {
        "@type": "Organization",
        "@id": f"{SITE}/",
        "name": "RAN Mental Health knowledge portal",
    }
    assert "author" not in data, "the group did not say it in these words"
    assert datetime.fromisoformat(data["dateModified"]) == lesson.updated.replace(microsecond=0)
    assert datetime.fromisoformat(data["datePublished"]) <= lesson.first_published


def test_an_event_says_when_and_where_and_whose_it_is(client):
    meeting = Meeting.objects.get(slug="enhancing-cooperation-the-hague-2023")
    data = described(entry_page(client, meeting))
    assert (data["startDate"], data["endDate"]) == ("2023-03-28", "2023-03-29")
    assert data["location"]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "The Hague",
        "addressCountry": ["NL"],
    }
    assert [each["name"] for each in data["organizer"]] == ["RAN HEALTH"]
    assert not {"author", "datePublished", "isBasedOn"} & set(data), "an event is no work"


@pytest.mark.django_db
def test_an_event_without_a_place_says_nothing_of_one(client):
    data = described(entry_page(client, make(Meeting, "Somewhere")))
    assert not {"location", "startDate", "endDate", "organizer", "subjectOf"} & set(data)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("precision", "day", "told"),
    [
        ("day", "2019-03-13", "2019-03-13"),
        ("month", "2019-04-01", "2019-04"),
        ("year", "2021-01-01", "2021"),
    ],
)
def test_a_paper_says_its_date_no_more_precisely_than_it_was_printed(client, precision, day, told):
    paper = make(Paper, "Dated", date=date.fromisoformat(day), date_precision=precision)
    page = entry_page(client, paper)
    assert described(page)["datePublished"] == told
    assert "dateModified" not in described(page), "the record was changed, not the paper"
    assert meta(page, "citation_publication_date") == [told.replace("-", "/")]


@pytest.mark.django_db
def test_a_paper_names_the_meeting_it_surely_reports_once_that_is_public(client):
    meeting = make(Meeting, "Reported")
    paper = make(Paper, "Report", meeting=meeting)
    assert described(entry_page(client, paper))["recordedAt"]["name"] == "Reported"
    for changed in ({"meeting_certainty": "probable"}, {"meeting": make(Meeting, status="draft")}):
        Paper.objects.filter(pk=paper.pk).update(meeting_certainty="certain")
        Paper.objects.filter(pk=paper.pk).update(**changed)
        assert "recordedAt" not in described(entry_page(client, paper))


@pytest.mark.django_db
def test_a_source_that_is_a_draft_is_not_told_of(client):
    draft = make(Paper, "Not yet said", status="draft", authors=["Nobody yet"])
    for kind in KINDS:
        entry = make(kind, f"From a draft {kind.__name__}", source=draft, source_page="3")
        response = client.get(entry.get_absolute_url())
        assert b"Not yet said" not in response.content
        assert b"Nobody yet" not in response.content
        assert "not-yet-said" not in response["Link"]


def test_a_practice_says_which_countries_it_is_found_in(client):
    practice = Practice.objects.get(slug="anchor-work")
    assert described(entry_page(client, practice))["spatialCoverage"] == ["Finland"]


# --- Papers, for indexes of papers ---------------------------------------------------


@pytest.mark.django_db
def test_a_paper_says_what_indexes_of_papers_and_zotero_read(client):
    paper = make(
        Paper,
        "On “trauma” & care",
        slug="on-trauma",
        authors=["Doe, Jane"],
        groups_as_printed="RAN EXIT",
        publisher="Home Affairs",
        language="en",
        tags=["trauma", "care"],
    )
    for name, certainty in (("sure", "certain"), ("perhaps", "probable")):
        Link.objects.create(url=f"https://x.test/{name}.pdf", certainty=certainty, paper=paper)
    page = entry_page(client, paper)
    assert meta(page, "citation_title") == ["On “trauma” & care"]
    assert meta(page, "citation_author") == ["Doe, Jane", "RAN EXIT,"]
    assert meta(page, "citation_publication_date") == []
    assert meta(page, "citation_technical_report_institution") == ["Home Affairs"]
    assert meta(page, "citation_language") == ["en"]
    assert sorted(meta(page, "citation_keywords")) == ["care", "trauma"]
    assert meta(page, "citation_abstract_html_url") == [f"{SITE}/papers/on-trauma/"]
    assert meta(page, "citation_pdf_url") == ["https://x.test/sure.pdf"]


@pytest.mark.django_db
def test_a_person_who_wrote_a_paper_is_no_organisation(client):
    paper = make(
        Paper, "By three", authors=["Doe, Jane", "Smith & Sons, London"], groups_as_printed="EXIT"
    )
    assert described(entry_page(client, paper))["author"] == [
        {"@type": "Person", "name": "Doe, Jane"},
        {"@type": "Organization", "name": "Smith & Sons, London"},
        {"@type": "Organization", "name": "EXIT"},
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("licence", ["", "CC-BY-4.0"])
def test_a_licence_is_told_of_the_portals_own_wordings_alone(client, settings, licence):
    settings.CONTENT_LICENCE = licence
    own = described(entry_page(client, Lesson.objects.published().first()))
    assert own.get("license", "") == (licence and f"https://spdx.org/licenses/{licence}.html")
    for kind in (Paper, Meeting):
        assert "license" not in described(entry_page(client, kind.objects.published().first()))


# --- Lists ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "one_address"),
    [
        ("", ""),
        ("?sort=-name", ""),
        ("?page=1", ""),
        ("?utm_source=letter&country=DK", "?country=DK"),
        ("?country=FI&country=DK&country=FI", "?country=DK&country=FI"),
        ("?tag=training&country=GB&sort=name", "?country=GB&tag=training"),
        ("?country=Atlantis", ""),
        ("?q=+mental+health+", "?q=mental+health"),
    ],
)
def test_a_selection_has_one_address_however_it_was_asked_for(client, asked, one_address):
    page = open_page(client, f"/practices/{asked}")
    found = canonical(page)
    assert found.startswith(f"{SITE}/practices/")
    assert parse_qs(urlsplit(found).query) == parse_qs(one_address.removeprefix("?"))
    assert canonical(open_page(client, found.removeprefix(SITE))) == found


def test_a_further_page_of_a_list_has_its_own_address(client):
    page = open_page(client, "/lessons/?sort=-updated&page=2")
    assert canonical(page) == f"{SITE}/lessons/?page=2"
    assert described(page)["mainEntity"]["itemListElement"][0]["position"] == 21


def test_a_list_names_the_entries_of_its_page_in_their_order(client):
    page = open_page(client, "/practices/", country=["DK"])
    data = described(page)
    assert data["name"] == "3 practices in Denmark"
    assert data["mainEntity"]["numberOfItems"] == 3
    items = data["mainEntity"]["itemListElement"]
    assert [item["url"].removeprefix(SITE) for item in items] == page.entries
    assert [item["position"] for item in items] == [1, 2, 3]


def test_an_empty_list_says_that_it_is_empty(client):
    data = described(open_page(client, "/practices/", country=["MT"]))
    assert data["mainEntity"] == {"@type": "ItemList", "numberOfItems": 0}


# --- Themes and groups ---------------------------------------------------------------


def test_a_theme_is_a_term_of_the_tree(client):
    theme = Theme.objects.get(slug="lone-actors")
    data = described(open_page(client, theme.get_absolute_url()))
    assert data["@type"] == "DefinedTerm"
    assert data["description"] == theme.introduction
    assert data["inDefinedTermSet"]["@id"] == f"{SITE}/#themes"


def test_a_group_is_an_organisation_without_its_persons(client):
    group = WorkingGroup.objects.get(slug="ran-health")
    data = described(open_page(client, group.get_absolute_url()))
    assert (data["@type"], data["foundingDate"]) == ("Organization", "2020")
    assert data["alternateName"] == group.aliases
    told = json.dumps(data, ensure_ascii=False)
    assert not [chair.name for chair in group.chairs.all() if chair.name in told]


def test_the_first_page_says_how_the_portal_is_searched(client):
    action = described(open_page(client, "/"))["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
