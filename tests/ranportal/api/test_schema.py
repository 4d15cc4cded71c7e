"""The API's description, held against the standard and against the API itself."""

import json
from collections import defaultdict

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import given, settings
from schemathesis import checks
from taggit.models import Tag

from entries.models import kinds
from meetings.groups import WorkingGroup
from meetings.models import Paper
from ranportal.wsgi import application
from tests.soak import soak, times
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def description(client):
    return client.get(reverse("api-schema")).json()


# --- What it says --------------------------------------------------------------------


def test_the_description_is_valid_and_written_without_a_warning(tmp_path):
    call_command("spectacular", file=str(tmp_path / "out"), validate=True, fail_on_warn=True)
    assert (tmp_path / "out").read_text().startswith("openapi: 3.1.0\n")


def test_the_description_is_the_same_in_every_form(client, description):
    yaml_type = "application/yaml; charset=utf-8"
    asked = client.get("/api/v1/schema", headers={"accept": "application/yaml"})
    for response in (asked, client.get("/api/v1/schema.yaml")):
        assert response["Content-Type"] == yaml_type
        assert yaml.safe_load(response.content) == description
    named = client.get("/api/v1/schema.json")
    assert named["Content-Type"] == "application/json"
    assert json.loads(named.content) == description


def test_every_list_and_every_entry_is_described(description):
    paths = [f"/api/v1/{kind._meta.model_name}s/" for kind in kinds()] + ["/api/v1/themes/"]
    assert list(description["paths"]) == [
        "/api/v1/",
        *(path + end for path in paths for end in ("", "{slug}/")),
    ]


def test_every_parameter_says_what_it_means_and_what_it_takes(description):
    choices = {}
    for path, operations in description["paths"].items():
        for parameter in operations["get"].get("parameters", []):
            assert len(parameter["description"]) > 10, (path, parameter["name"])
            schema = parameter["schema"]
            choices[path, parameter["name"]] = schema.get("items", schema).get("enum")
    assert choices["/api/v1/practices/", "scope"] == ["local", "national"]
    assert choices["/api/v1/practices/", "sort"] == ["name", "-name", "-updated"]
    assert choices["/api/v1/questions/", "state"] == ["open", "taken-up", "answered"]
    assert choices["/api/v1/meetings/", "when"] == ["upcoming", "past"]
    assert "handbook" in choices["/api/v1/papers/", "type"]
    assert choices["/api/v1/papers/", "theme"] is None


def test_every_field_of_an_answer_is_described_as_always_there(description):
    for name, schema in description["components"]["schemas"].items():
        assert set(schema["properties"]) == set(schema["required"]), name


# --- What it promises ----------------------------------------------------------------


# As the API would answer, without asking it: no test has a database yet.
rendered = OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True))
schema = schemathesis.openapi.from_dict(json.loads(rendered))
schema.app = application

# Lists differ by their parameters: two that have all sorts of them, and in `make soak` every one.
some = schema.include(path_regex=times(r"/v1/($|meetings|practices|themes)", "."))

modest = settings(max_examples=times(4, 50))


@pytest.fixture
def one_connection(db):
    """A request leaves the test's connection open, as in Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# Compressed answers would not be understood: nothing unpacks them on this short way.
HEADERS = {"Accept-Encoding": "identity"}


@soak
@some.parametrize()
@modest
@pytest.mark.usefixtures("one_connection")
def test_no_answer_fails_or_is_not_described(case):
    # Which slugs are known is not described; those that are, are asked for below.
    excluded = [checks.positive_data_acceptance]
    # A parameter that is sent empty, as forms do, is not given, though no list of values has it.
    sent = (case.query or {}).values()
    if any(value in ("", None) or (isinstance(value, list) and "" in value) for value in sent):
        excluded.append(checks.negative_data_rejection)
    case.call_and_validate(headers=HEADERS, excluded_checks=excluded)


def known_values():
    """What the portal understands of parameters whose values depend on what it holds."""
    papers = Paper.objects.published()
    return {
        "theme": slugs_of(Theme.objects),
        "tag": slugs_of(Tag.objects),
        "source": slugs_of(papers),
        "group": slugs_of(WorkingGroup.objects),
        "country": ["DK", "NL", "DE", "MT"],
        "programme": ["Erasmus+"],
        "year": ["2016", "2019", "2023"],
    }


def slugs_of(records):
    return list(records.values_list("slug", flat=True))


@soak
def test_every_request_that_keeps_to_the_description_succeeds(description, one_connection):
    lists = {f"/api/v1/{kind._meta.model_name}s/": kind.objects.published() for kind in kinds()}
    lists["/api/v1/themes/"] = Theme.objects
    known = known_values()
    for path, operations in description["paths"].items():
        for parameter in operations["get"].get("parameters", []):
            values = parameter["schema"].get("items", parameter["schema"])
            if parameter["name"] == "slug":
                values["enum"] = slugs_of(lists[path.removesuffix("{slug}/")])
            elif parameter["name"] in known:
                values["enum"] = known[parameter["name"]]
            elif parameter["name"] == "page":
                values["maximum"] = 1

    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    answers = defaultdict(set)
    for operation in schema.get_all_operations():

        @given(operation.ok().as_strategy())
        @modest
        def succeed(case):
            response = case.call_and_validate(headers=HEADERS)
            answers[case.operation.path].add(response.status_code)

        succeed()
    assert answers == {path: {200} for path in description["paths"]}
