"""The API, asked as a script asks it; the pages are what its answers are held against."""

import json

import pytest
from django.contrib.auth.models import User

from entries.links.models import Link
from entries.models import kinds
from lessons.models import Lesson, Question, Uptake
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.models import FormerSlug
from tests.addresses import list_address
from tests.api import HOST, api, ask, ask_all, problem
from tests.made import KINDS, every_kind, make
from tests.pages import listed, open_page
from themes.models import Absence, Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


# --- The same as the pages -----------------------------------------------------------


QUERIES = {
    Practice: ["", "country=DK", "country=DK&country=NL", "scope=national&sort=-name", "q=family"],
    Meeting: ["", "when=past&year=2018&sort=date", "theme=working-methods", "sort=title"],
    Paper: ["", "type=conclusions", "sort=date", "country=NL&q=cooperation"],
    Lesson: ["", "theme=mental-health-profiles", "tag=trauma&sort=-updated", 'q="mental health"'],
    Question: ["", "state=open", "state=taken-up&state=answered", "theme=ethics", "q=children"],
}


@pytest.mark.parametrize(
    ("kind", "query"), [(kind, query) for kind, queries in QUERIES.items() for query in queries]
)
def test_a_list_holds_the_entries_of_its_page_in_the_same_order(client, kind, query):
    on_pages = listed(client, f"{list_address(kind)}?{query}")
    in_api = [entry["url"] for entry in ask_all(client, f"{api(kind)}?{query}")]
    assert in_api == [HOST + address for address in on_pages]
    assert in_api


@every_kind
def test_every_entry_has_an_answer_of_its_own_that_is_the_one_in_the_list(client, kind):
    entries = ask_all(client, f"{api(kind)}?page_size=100")
    assert len(entries) == kind.objects.published().count()
    for entry in entries[:10]:
        assert ask(client, f"/api/v1{entry['url'].removeprefix(HOST)}") == entry


def test_the_themes_come_in_the_order_of_the_tree(client):
    themes = ask_all(client, "/api/v1/themes/?page_size=7")
    tree = list(Theme.objects.with_lineage().in_tree_order())
    assert [theme["path"] for theme in themes] == [theme.path for theme in tree]
    assert [theme["url"] for theme in themes] == [HOST + theme.get_absolute_url() for theme in tree]
    slugs = {theme["slug"] for theme in themes}
    assert all(theme["parent"] in slugs for theme in themes if theme["level"] > 1)
    assert {theme["parent"] for theme in themes if theme["level"] == 1} == {None}


@pytest.mark.django_db
def test_a_theme_says_what_the_source_says_is_missing(client):
    absence = Absence.objects.get()
    theme = ask(client, api(absence.theme))
    [told] = theme["absences"]
    assert (told["kind"], told["text"]) == ("practice", absence.text)
    assert told["source"]["page"] == absence.source_page
    assert told["meeting"] == {
        "url": HOST + absence.meeting.get_absolute_url(),
        "title": absence.meeting.title,
    }
    Meeting.objects.filter(pk=absence.meeting.pk).update(status="withdrawn")
    assert ask(client, api(absence.theme))["absences"][0]["meeting"] is None


def test_the_first_address_lists_all_others(client):
    addresses = ask(client, "/api/v1/")
    lists = [*(f"{kind._meta.model_name}s" for kind in kinds()), "themes"]
    assert list(addresses) == [*lists, "schema", "docs"]
    for name in lists:
        assert ask(client, addresses[name])["count"]
    assert client.get(addresses["schema"]).json()["openapi"] == "3.1.0"
    assert open_page(client, addresses["docs"]).headings == ["API"]


# --- What an entry says --------------------------------------------------------------


@pytest.mark.django_db
def test_a_practice_says_all_that_its_page_shows(client):
    theme = Theme.objects.get(slug="ethics")
    meeting = make(Meeting, "A public meeting")
    source = Paper.objects.get(date="2023-11-20")
    practice = make(
        Practice,
        "Exit",
        themes=[theme],
        tags=["trauma", "mentoring"],
        description="Helps people leave.",
        country_as_printed="Danmark",
        scope="local",
        organisation="Town of Aarhus",
        target_audiences=["families", "schools"],
        start_year=2007,
        contact="exit@example.org",
        contact_is_public=True,
        source=source,
        source_page="3",
    )
    practice.countries.set(["DK"])
    practice.presented_at.set([meeting, make(Meeting, "A draft", status="draft")])
    Link.objects.create(practice=practice, url="https://example.org/exit", certainty="probable")

    told = ask(client, api(practice))
    assert told["url"] == f"{HOST}/practices/exit/"
    assert (told["slug"], told["title"]) == ("exit", "Exit")
    assert told["countries"] == [{"code": "DK", "name": "Denmark"}]
    assert (told["country_as_printed"], told["scope"]) == ("Danmark", "local")
    assert told["target_audiences"] == ["families", "schools"]
    assert (told["start_year"], told["end_year"]) == (2007, None)
    assert told["contact"] == "exit@example.org"
    assert told["presented_at"] == [
        {
            "url": f"{HOST}/meetings/a-public-meeting/",
            "slug": "a-public-meeting",
            "kind": "meeting",
            "title": "A public meeting",
        }
    ]
    assert [(theme["slug"], theme["title"], theme["path"]) for theme in told["themes"]] == [
        (theme.slug, theme.title, theme.path)
    ]
    assert [tag["name"] for tag in told["tags"]] == ["mentoring", "trauma"]
    assert told["source"] == {
        "url": HOST + source.get_absolute_url(),
        "slug": source.slug,
        "title": source.title,
        "page": "3",
    }
    assert told["links"] == [
        {
            "url": "https://example.org/exit",
            "role": "document",
            "certainty": "probable",
            "source_page": None,
            "note": None,
            "state": "unchecked",
            "state_since": None,
            "moved_to": None,
            "archived_copy": "https://web.archive.org/web/20231120/https://example.org/exit",
        }
    ]
    assert told["first_published"]
    assert told["updated"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("date", "precision", "told"),
    [
        ("2021-01-01", "year", "2021"),
        ("2019-04-01", "month", "2019-04"),
        ("2019-03-13", "day", "2019-03-13"),
        (None, "", None),
    ],
)
def test_the_date_of_a_paper_is_no_more_precise_than_it_was_printed(client, date, precision, told):
    printed = "Spring of a year"
    paper = make(Paper, date=date, date_precision=precision, date_as_printed=printed)
    answer = ask(client, api(paper))
    assert (answer["date"], answer["date_precision"]) == (told, precision or None)
    assert answer["date_as_printed"] == printed


def test_a_meeting_has_its_days_and_hours_as_read_and_as_printed(client):
    told = ask(client, api(Meeting.objects.get(start_date="2023-11-28")))
    assert (told["start_date"], told["end_date"]) == ("2023-11-28", "2023-11-28")
    assert (told["start_time"], told["end_time"], told["time_zone"]) == ("09:00", "15:00", "CET")
    assert told["date_as_printed"] == "Tuesday 28 November 2023"
    assert (told["type"], told["is_joint"]) == ("cross-cutting", False)
    assert told["foreseen_in"]["certainty"] == "probable"


def test_a_question_and_the_meeting_that_took_it_up_name_each_other(client):
    [question] = ask_all(client, f"{api(Question)}?state=taken-up")
    for uptake in question["uptakes"]:
        meeting = ask(client, f"/api/v1{uptake['entry']['url'].removeprefix(HOST)}")
        [back] = meeting["uptakes"]
        assert back["entry"]["slug"] == question["slug"]
        assert back["certainty"] == uptake["certainty"] == "probable"


def test_a_paper_and_the_meeting_it_reports_name_each_other(client):
    paper = ask(client, api(Paper.objects.get(date="2023-11-20")))
    meeting = ask(client, f"/api/v1{paper['meeting']['entry']['url'].removeprefix(HOST)}")
    assert paper["slug"] in [reading["entry"]["slug"] for reading in meeting["papers"]]


@pytest.mark.django_db
@every_kind
def test_what_the_source_is_silent_on_is_null_or_an_empty_list(client, kind):
    told = ask(client, api(make(kind)))
    assert "" not in told.values()
    assert told["source"] is None
    assert (told["as_printed"], told["links"]) == (None, [])


# Of each kind, what is for curators only, and what the API calls by another name.
PRIVATE = {
    *("id", "status", "created", "contacts", "contact_is_public"),
    *("author", "changed_by", "last_reviewed", "awaits_second_look"),
    *("withdrawn_reason", "see_instead", "as_printed_is_public", "review_on"),
}

RENAMED = {
    "name": "title",
    "meeting_type": "type",
    "paper_type": "type",
    "source_page": "source",
    "foreseen_certainty": "foreseen_in",
    "meeting_certainty": "meeting",
}


@pytest.mark.django_db
@every_kind
def test_no_public_field_of_a_kind_is_forgotten(client, kind):
    told = ask(client, api(make(kind))).keys()
    fields = {field.name for field in [*kind._meta.fields, *kind._meta.many_to_many]} - PRIVATE
    assert {RENAMED.get(name, name) for name in fields} - told == set()
    assert PRIVATE & told == set()


# --- What is not public --------------------------------------------------------------


def everything(client):
    """All that the API says, list by list and entry by entry, as one text."""
    texts = []
    for address in [*map(api, KINDS), "/api/v1/themes/"]:
        for entry in ask_all(client, f"{address}?page_size=100"):
            texts.append(json.dumps(entry))
            texts.append(client.get(f"{address}{entry['slug']}/").content.decode())
    return "\n".join(texts)


@pytest.mark.django_db
def test_no_contact_is_ever_told_that_is_not_public(client):
    make(Practice, contact="hidden@example.org")
    event = Meeting.objects.get(start_date="2023-11-28")
    assert event.contacts
    said = everything(client)
    assert "hidden@example.org" not in said
    for contact in event.contacts:
        assert contact not in said
        assert json.dumps(contact)[1:-1] not in said


@pytest.mark.django_db
@pytest.mark.parametrize(("user", "status"), [(None, "draft"), ("staff", "review")])
def test_no_word_of_what_is_not_published_is_ever_told(client, user, status):
    """Not in a list, nor at its own address, nor where a public entry refers to it."""
    if user:
        client.force_login(User.objects.create_superuser(user))
    hidden = {
        kind: make(kind, f"Xyzzy {kind.__name__}", status=status, slug=f"xyzzy-{kind.__name__}")
        for kind in KINDS
    }
    meeting = make(Meeting, "A meeting", source=hidden[Paper], foreseen_in=hidden[Paper])
    paper = make(Paper, "A paper", meeting=hidden[Meeting])
    question = make(Question, "A question")
    practice = make(Practice, "A practice")
    practice.presented_at.set([hidden[Meeting]])
    hidden[Practice].presented_at.set([meeting])
    Paper.objects.filter(pk=hidden[Paper].pk).update(meeting=meeting)
    Meeting.objects.filter(pk=hidden[Meeting].pk).update(foreseen_in=paper)
    Uptake.objects.create(question=question, meeting=hidden[Meeting])
    Uptake.objects.create(question=question, paper=hidden[Paper])
    Uptake.objects.create(question=hidden[Question], meeting=meeting)
    Theme.objects.filter(slug="ethics").update(source=hidden[Paper])

    said = everything(client)
    assert "A meeting" in said
    assert "xyzzy" not in said.lower()
    for entry in hidden.values():
        assert client.get(api(entry)).status_code == 404
    for kind in KINDS:
        assert ask(client, api(kind), q="xyzzy")["count"] == 0
        response = client.get(api(kind), {"source": "xyzzy-Paper"})
        assert "is not known" in problem(response, 400)
    told = ask(client, api(meeting))
    assert (told["source"], told["foreseen_in"]) == (None, None)
    assert told["papers"] == told["practices"] == told["uptakes"] == []
    assert ask(client, api(question))["uptakes"] == []


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/lessons/", "/api/v1/nowhere/"])
def test_no_visitor_gets_a_cookie(client, address):
    assert client.get(address).cookies == {}


# --- Addresses -----------------------------------------------------------------------


@pytest.mark.django_db
@every_kind
def test_a_former_slug_leads_to_the_present_one(client, kind):
    entry = make(kind)
    former = api(entry)
    entry.slug = "renamed"
    entry.save()
    response = client.get(former)
    assert (response.status_code, response["Location"]) == (301, api(entry))
    assert ask(client, response["Location"])["slug"] == "renamed"


@pytest.mark.django_db
def test_a_former_slug_of_a_theme_leads_to_the_present_one(client):
    FormerSlug.rename("themes.theme", "morals", "ethics")
    response = client.get("/api/v1/themes/morals/")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/themes/ethics/")


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client):
    response = client.get("/api/v1/practices?country=DK")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/practices/?country=DK")
