"""The API, asked as a script asks it; the pages are what its answers are held against."""

import json
from urllib.parse import unquote, urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.throttling import AnonRateThrottle

from entries.links.models import Link
from entries.models import Country, kinds
from lessons.models import Lesson, Question, Uptake
from meetings.models import Meeting, Paper, WorkingGroup
from practices.models import Practice
from records.models import FormerSlug
from tests.portal import KINDS, list_address, listed, make, open_page
from themes.models import Absence, Theme

PROBLEM = "application/problem+json"
HOST = "http://testserver"
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)

pytestmark = pytest.mark.django_db


def api(record_or_kind):
    """The address in the API of what has this address as a page."""
    if isinstance(record_or_kind, type):
        return f"/api/v1{list_address(record_or_kind)}"
    return f"/api/v1{record_or_kind.get_absolute_url()}"


def ask(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, f"{address}: {response.content.decode()}"
    assert response["Content-Type"] == "application/json"
    return response.json()


def ask_all(client, address):
    """The results of a list, following `next` from page to page."""
    results = []
    while address:
        page = ask(client, address)
        results += page["results"]
        address = page["next"]
    assert len(results) == page["count"]
    return results


def problem(response, status):
    """What is wrong, in the words of an answer that has to be a problem of RFC 9457."""
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    told = response.json()
    assert told.keys() == {"type", "title", "status", "detail", "instance"}
    assert told["type"] == "about:blank"
    assert told["title"] == response.reason_phrase
    assert told["status"] == status
    assert unquote(told["instance"]) == response.wsgi_request.path
    return told["detail"]


# --- The same as the pages -------------------------------------------------------------

QUERIES = {
    Practice: ["", "country=DK", "country=DK&country=NL", "scope=national&sort=-name", "q=family"],
    Meeting: ["", "when=past&year=2018&sort=date", "theme=working-methods", "sort=title"],
    Paper: ["", "kind=conclusions", "sort=date", "country=NL&q=cooperation"],
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


def test_a_theme_says_what_the_source_says_is_missing(client):
    absence = Absence.objects.get()
    theme = ask(client, api(absence.theme))
    [told] = theme["absences"]
    assert (told["kind"], told["text"]) == ("practice", absence.text)
    assert told["source"]["page"] == absence.source_page


def test_the_first_address_lists_all_others(client):
    addresses = ask(client, "/api/v1/")
    lists = [*(f"{kind._meta.model_name}s" for kind in kinds()), "themes"]
    assert list(addresses) == [*lists, "schema", "docs"]
    for name in lists:
        assert ask(client, addresses[name])["count"]
    assert client.get(addresses["schema"]).json()["openapi"] == "3.1.0"
    assert open_page(client, addresses["docs"]).headings == ["API"]


# --- What an entry says ----------------------------------------------------------------


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
        }
    ]
    assert told["first_published"]
    assert told["updated"]


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
    assert told["kind"] == "cross-cutting"
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
    *("withdrawn_reason", "see_instead"),
}
RENAMED = {
    "name": "title",
    "meeting_type": "type",
    "paper_type": "type",
    "source_page": "source",
    "foreseen_certainty": "foreseen_in",
    "meeting_certainty": "meeting",
}


@every_kind
def test_no_public_field_of_a_kind_is_forgotten(client, kind):
    told = ask(client, api(make(kind))).keys()
    fields = {field.name for field in [*kind._meta.fields, *kind._meta.many_to_many]} - PRIVATE
    assert {RENAMED.get(name, name) for name in fields} - told == set()
    assert PRIVATE & told == set()


# --- What is not public ----------------------------------------------------------------


def everything(client):
    """All that the API says, list by list and entry by entry, as one text."""
    texts = []
    for address in [*map(api, KINDS), "/api/v1/themes/"]:
        for entry in ask_all(client, f"{address}?page_size=100"):
            texts.append(json.dumps(entry))
            texts.append(client.get(f"{address}{entry['slug']}/").content.decode())
    return "\n".join(texts)


def test_no_contact_is_ever_told_that_is_not_public(client):
    make(Practice, contact="hidden@example.org")
    event = Meeting.objects.get(start_date="2023-11-28")
    assert event.contacts
    said = everything(client)
    assert "hidden@example.org" not in said
    for contact in event.contacts:
        assert contact not in said
        assert json.dumps(contact)[1:-1] not in said


@pytest.mark.parametrize("status", ["draft", "review"])
@pytest.mark.parametrize("user", [None, "staff"])
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


# --- Addresses -------------------------------------------------------------------------


@every_kind
def test_a_former_slug_leads_to_the_present_one(client, kind):
    entry = make(kind)
    former = api(entry)
    entry.slug = "renamed"
    entry.save()
    response = client.get(former)
    assert (response.status_code, response["Location"]) == (301, api(entry))
    assert ask(client, response["Location"])["slug"] == "renamed"


def test_a_former_slug_of_a_theme_leads_to_the_present_one(client):
    FormerSlug.rename("themes.theme", "morals", "ethics")
    response = client.get("/api/v1/themes/morals/")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/themes/ethics/")


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client):
    response = client.get("/api/v1/practices?country=DK")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/practices/?country=DK")


# --- Pages -----------------------------------------------------------------------------


def test_a_list_comes_in_pages_of_the_size_asked_for(client):
    first = ask(client, "/api/v1/lessons/")
    assert (len(first["results"]), first["previous"]) == (20, None)
    page = ask(client, "/api/v1/lessons/", page=2, page_size=5, theme="mental-health-profiles")
    assert len(page["results"]) == 5
    assert page["previous"] == (f"{HOST}/api/v1/lessons/?page_size=5&theme=mental-health-profiles")
    slugs = [entry["slug"] for entry in ask_all(client, "/api/v1/lessons/?page_size=7")]
    assert len(set(slugs)) == len(slugs) == Lesson.objects.count()


def test_a_list_without_a_match_is_a_page_without_results(client):
    page = ask(client, "/api/v1/practices/", q="xyzzy")
    assert page == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("page_size=101", "page_size: a page holds 100 at most."),
        ("page_size=0", "page_size: give a whole number from 1 on."),
        ("page_size=many", "page_size: give a whole number from 1 on."),
        ("page=-1", "page: give a whole number from 1 on."),
        ("page=last", "page: give a whole number from 1 on."),
        ("page=", "page: give a whole number from 1 on."),
        ("page=%00", "page: give a whole number from 1 on."),
        (f"page={'9' * 5000}", "page: give a whole number from 1 on."),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_by_name(client, query, detail):
    assert problem(client.get(f"/api/v1/lessons/?{query}"), 400) == detail


def test_a_page_behind_the_last_says_how_many_there_are(client):
    response = client.get("/api/v1/lessons/?page=99&page_size=20")
    assert problem(response, 404) == "This list has no such page: it has 3 in all."


# --- Problems --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name", "near"),
    [
        ("/api/v1/practices/", "countri", "country"),
        ("/api/v1/meetings/", "pagesize", "page_size"),
        ("/api/v1/questions/", "status", "state"),
        ("/api/v1/papers/", "format", "sort"),
        ("/api/v1/themes/", "Page", "page"),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(client, address, name, near):
    expected = f"Unknown parameter: {name}. The nearest known one is {near}."
    assert problem(client.get(address, {name: "x"}), 400) == expected


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/themes/ethics/", "/api/v1/schema"])
def test_where_no_parameter_is_known_any_is_refused(client, address):
    assert problem(client.get(address, {"q": "x"}), 400) == "Unknown parameter: q."


@every_kind
def test_an_unknown_value_is_refused_and_named(client, kind):
    for name in ("theme", "tag", "source", "sort"):
        detail = problem(client.get(api(kind), {name: "no-such-thing"}), 400)
        assert "“no-such-thing” is not" in detail


@pytest.mark.parametrize("value", ["x" * 10_000, "\0", "\ufffd", "' OR 1=1 --", "<script>"])
@every_kind
def test_a_hostile_value_is_refused_in_a_few_words(client, kind, value):
    for name in ("theme", "tag", "sort"):
        assert len(problem(client.get(api(kind), {name: value}), 400)) < 300


def test_more_parameters_than_anyone_needs_are_a_problem(client):
    query = urlencode([("theme", number) for number in range(1001)])
    assert problem(client.get(f"/api/v1/lessons/?{query}"), 400)


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v1/nowhere/", "/api/v2/lessons/", "/api/v1/lessons/a%0Ab/", "/api/v1/%00"],
)
def test_an_unknown_address_says_where_to_look(client, address):
    assert "/api/v1/docs" in problem(client.get(address), 404)


def test_an_unknown_slug_is_named(client):
    response = client.get("/api/v1/practices/nobody-knows/")
    assert problem(response, 404) == "There is no practice with the slug nobody-knows."
    assert problem(client.get("/api/v1/schema.xml"), 404)


def test_a_page_that_does_not_exist_is_still_a_page(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/lessons/", "/api/v1/themes/ethics/", "/api/v1/schema"]
)
def test_whatever_would_change_something_is_refused(client, method, address):
    response = getattr(client, method)(address)
    assert "not allowed" in problem(response, 405)
    assert response["Allow"] == "GET, HEAD"


def test_who_accepts_no_json_is_told_so(client):
    for address in ("/api/v1/", "/api/v1/lessons/", "/api/v1/themes/ethics/"):
        assert problem(client.get(address, headers={"accept": "text/csv"}), 406)


def test_a_problem_is_json_also_for_who_asks_for_yaml(client):
    response = client.get("/api/v1/schema", {"x": 1}, headers={"accept": "application/yaml"})
    assert problem(response, 400) == "Unknown parameter: x."


def test_an_error_of_the_portal_itself_is_a_problem_without_details(client, monkeypatch):
    def fail(self):
        raise RuntimeError("a secret")

    monkeypatch.setattr("ranportal.api.views.Entries.get_queryset", fail)
    client.raise_request_exception = False
    detail = problem(client.get("/api/v1/lessons/"), 500)
    assert detail == "Something went wrong on the portal's side."


# --- Limits, other sites, caches -------------------------------------------------------


@pytest.fixture
def three_a_minute(monkeypatch):
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "3/minute"})
    cache.clear()
    yield
    cache.clear()


def test_who_asks_too_often_is_told_when_to_come_back(client, three_a_minute):
    for _ in range(3):
        ask(client, "/api/v1/")
    response = client.get("/api/v1/lessons/")
    assert "throttled" in problem(response, 429)
    assert 0 < int(response["Retry-After"]) <= 60
    assert client.get("/lessons/").status_code == 200
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_nobody_gets_around_the_limit_by_naming_another_address(client, three_a_minute):
    answers = [
        client.get("/api/v1/", headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
        for number in range(4)
    ]
    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/api/v1/lessons/", 200), ("/api/v1/schema", 200), ("/api/v1/nowhere/", 404)],
)
def test_scripts_on_other_sites_may_read_the_api(client, address, status):
    response = client.get(address, headers={"origin": "https://example.org"})
    assert response.status_code == status
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_scripts_on_other_sites_may_only_read(client):
    headers = {"origin": "https://example.org", "access-control-request-method": "GET"}
    response = client.options("/api/v1/lessons/", headers=headers)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD"


@pytest.mark.parametrize("address", ["/", "/lessons/", "/lessons.csv", "/curators/sign-in/"])
def test_scripts_on_other_sites_may_not_read_the_rest_of_the_portal(client, address):
    response = client.get(address, headers={"origin": "https://example.org"})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("address", ["/api/v1/lessons/?sort=filed", "/api/v1/themes/ethics/"])
def test_an_answer_that_has_not_changed_is_not_sent_again(client, address):
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Lesson.objects.update(text="Changed.")
    Theme.objects.update(introduction="Changed.")
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


# --- Queries ---------------------------------------------------------------------------


def full(kind, number):
    """An entry with everything that leads to other tables."""
    entry = make(kind, f"{kind.__name__} {number}", themes=Theme.objects.filter(level=3)[:2])
    entry.tags.set([f"tag {number}", "shared"])
    entry.source = Paper.objects.filter(source__isnull=False)[number]
    if hasattr(entry, "countries"):
        entry.countries.set(Country.objects.all()[number : number + 2])
    if hasattr(entry, "groups"):
        entry.groups.set(WorkingGroup.objects.all()[:2])
    if kind is Practice:
        entry.presented_at.set(Meeting.objects.all()[number : number + 2])
    if kind is Meeting:
        entry.foreseen_in = Paper.objects.all()[number]
        entry.practices.set(Practice.objects.all()[number : number + 2])
        make(Paper, f"Paper of meeting {number}", meeting=entry)
        Uptake.objects.create(question=Question.objects.all()[number], meeting=entry)
    if kind is Paper:
        entry.meeting = Meeting.objects.all()[number]
        make(Meeting, f"Foreseen {number}", foreseen_in=entry)
    if kind is Question:
        Uptake.objects.create(question=entry, meeting=Meeting.objects.all()[number])
        Uptake.objects.create(question=entry, paper=Paper.objects.all()[number])
    entry.save()
    Link.objects.create(url=f"https://example.org/{number}", **{entry.kind: entry})
    return entry


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        ask(client, address)
    return len(queries)


@every_kind
def test_a_list_takes_as_many_queries_however_many_entries_it_shows(client, kind):
    full(kind, 0)
    address = f"{api(kind)}?tag=shared"
    one = queries_of(client, address)
    for number in range(1, 6):
        full(kind, number)
    assert ask(client, address)["count"] == 6
    assert queries_of(client, address) == one <= 25
    assert queries_of(client, api(kind) + "?page_size=100") <= 25


def test_a_list_of_themes_takes_as_many_queries_however_many_it_shows(client):
    assert queries_of(client, "/api/v1/themes/?page_size=100") == 4
    assert queries_of(client, "/api/v1/themes/?page_size=1&page=18") <= 4


def test_the_first_address_and_the_schema_ask_the_database_nothing(client):
    assert queries_of(client, "/api/v1/") == 0
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("api-schema"))
        client.get(reverse("api-docs"))
    assert len(queries) == 0
