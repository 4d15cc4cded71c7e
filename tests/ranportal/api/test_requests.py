"""How the API is asked: pages, problems, limits, other sites, caches, queries."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.throttling import AnonRateThrottle

from entries.links.models import Link
from entries.models import Country
from lessons.models import Lesson, Question, Uptake
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.api import HOST, api, ask, ask_all, problem
from tests.made import every_kind, make
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


# --- Pages ---------------------------------------------------------------------------


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


# --- Problems ------------------------------------------------------------------------


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


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/lessons/", "/api/v1/themes/ethics/", "/api/v1/schema"]
)
def test_whatever_would_change_something_is_refused(client, method, address):
    response = getattr(client, method)(address)
    assert "not allowed" in problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_who_accepts_no_json_is_told_so(client):
    for address in ("/api/v1/", "/api/v1/lessons/", "/api/v1/themes/ethics/"):
        assert problem(client.get(address, headers={"accept": "text/csv"}), 406)


def test_a_problem_is_json_also_for_who_asks_for_yaml(client):
    response = client.get("/api/v1/schema", {"x": 1}, headers={"accept": "application/yaml"})
    assert problem(response, 400) == "Unknown parameter: x."


@pytest.mark.django_db
def test_an_error_of_the_portal_itself_is_a_problem_without_details(client, monkeypatch):
    def fail(self):
        raise RuntimeError("a secret")

    monkeypatch.setattr("ranportal.api.views.Entries.get_queryset", fail)
    client.raise_request_exception = False
    detail = problem(client.get("/api/v1/lessons/"), 500)
    assert detail == "Something went wrong on the portal's side."


# --- Limits, other sites, caches -----------------------------------------------------


@pytest.fixture
def three_a_minute(db, monkeypatch):
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


@pytest.mark.parametrize("address", ["/", "/lessons/", "/curators/sign-in/"])
def test_scripts_on_other_sites_may_not_read_the_rest_of_the_portal(client, address):
    response = client.get(address, headers={"origin": "https://example.org"})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/lessons/?sort=filed", "/api/v1/themes/ethics/"])
def test_an_answer_that_has_not_changed_is_not_sent_again(client, address):
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Lesson.objects.update(text="Changed.")
    Theme.objects.update(introduction="Changed.")
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


# --- Queries -------------------------------------------------------------------------


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


@pytest.mark.django_db
@every_kind
def test_a_list_takes_as_many_queries_however_many_entries_it_shows(client, kind):
    for number in range(2):
        full(kind, number)
    address = f"{api(kind)}?tag=shared"
    queries_of(client, address)  # what a process asks once, such as the numbers of content types
    few = queries_of(client, address)
    for number in range(2, 8):
        full(kind, number)
    assert ask(client, address)["count"] == 8
    # Of a visitor's, most of these are remembered; in a transaction, as here, nothing is.
    assert queries_of(client, address) == few <= 30
    assert queries_of(client, api(kind) + "?page_size=100") <= 30


@pytest.mark.django_db
def test_a_list_of_themes_takes_as_many_queries_however_many_it_shows(client):
    assert queries_of(client, "/api/v1/themes/?page_size=100") == 5
    assert queries_of(client, "/api/v1/themes/?page_size=1&page=18") <= 5


@pytest.mark.django_db
def test_the_first_address_and_the_schema_ask_the_database_nothing(client):
    assert queries_of(client, "/api/v1/") == 0
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("api-schema"))
        client.get(reverse("api-docs"))
    assert len(queries) == 0
