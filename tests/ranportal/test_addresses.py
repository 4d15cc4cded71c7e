"""Addresses as they come out of mails, programs and memories."""

import time

import pytest

from ranportal.lost import meant
from tests.pages import content_of, open_page

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


@pytest.mark.parametrize(
    "address",
    [
        "/practices/Anchor-Work/",
        "/practices/anchor-work/.",
        "/practices/anchor-work).",
        "/Practices/anchor-work/",
        "/practices/anchor-work/%E2%80%9D",
        "/practices/anchor-work%20",
        "/practices/anchor-work/%C2%A0*",
        "/practices/anchor-work/%E2%80%8B",
    ],
)
def test_an_address_from_a_mail_leads_on(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/practices/anchor-work/"


def test_the_longest_address_of_signs_alone_is_read_once():
    began = time.thread_time()
    assert meant(f"/{'.' * 60_000}a") is None
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("address", ["/Practices/nobody-knows/", "/nothing."])
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.django_db
def test_an_address_cut_off_in_a_mail_is_asked_back(client, settings):
    settings.CONTACT_EMAIL = "help@example.org"
    page = open_page(client, "/practices/anchor-wo/", status=404)
    links = page.links()
    assert links["Anchor work"] == "/practices/anchor-work/"
    assert links["All practices"] == "/practices/"
    assert page.main.find(".//input[@name='q']").get("value") == "anchor wo"
    [letter] = [link for link in links.values() if link.startswith("mailto:")]
    assert "practices%2Fanchor-wo%2F" in letter
    assert "No practice that the public can read has this address." in page.text
    settings.CONTACT_EMAIL = ""
    unknown = open_page(client, "/handouts/prison/", status=404)
    assert not [link for link in unknown.links().values() if link.startswith("mailto:")]
    assert unknown.main.find(".//input[@name='q']").get("value") == "prison"


@pytest.mark.parametrize(
    "address",
    ["/map.csv", "/themes.ttl", "/themes.jsonld", "/themes/ethics.ttl", "/practices/channel.ris"],
)
def test_a_file_that_takes_no_parameter_refuses_one_and_lets_by_what_programs_add(client, address):
    assert client.get(f"{address}?utm_source=mail&fbclid=1&_=2").status_code == 200
    assert client.get(f"{address}?_ga=1&gbraid=2&ttclid=3&mtm_campaign=4").status_code == 200
    refused = client.get(f"{address}?theme=ethics")
    assert (refused.status_code, content_of(refused)) == (400, b"Unknown parameter: theme.\n")


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-pages.xml"])
def test_a_sitemap_is_only_read(enforcing_client, address):
    response = enforcing_client.post(address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_the_index_of_the_sitemaps_is_dated(client):
    assert "Last-Modified" in client.get("/sitemap.xml")


def test_the_api_says_which_methods_it_knows(client):
    response = client.options("/api/v1/lessons/")
    assert (response.status_code, response["Allow"]) == (200, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "address", ["/", "/lessons/", "/lessons.csv", "/meetings.ics", "/themes.ttl"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
def test_a_method_that_an_address_does_not_know_is_refused_as_http_says(
    enforcing_client, address, method
):
    response = enforcing_client.generic(method, address)
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response["Allow"].split(", "))


@pytest.fixture
def enforcing_client():
    from django.test import Client

    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    "address",
    ["/lessons.csv", "/lessons.xlsx", "/papers.ris", "/new.atom", "/themes.ttl", "/unapi"],
)
def test_the_script_of_another_site_may_read_what_machines_read(client, address):
    response = client.get(address, headers={"origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    page = client.get("/lessons/", headers={"origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in page


def test_the_script_of_another_site_may_ask_whether_what_it_has_is_the_newest(client):
    asked = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    response = client.options("/lessons.csv", headers=asked)
    assert "if-none-match" in response["Access-Control-Allow-Headers"]
    assert "authorization" not in response["Access-Control-Allow-Headers"]


def test_a_theme_is_told_in_turtle_to_who_asks_for_it(client):
    from rdflib import SKOS, Graph, URIRef

    response = client.get("/themes/ethics/", headers={"accept": "text/turtle"})
    assert (response.status_code, response["Location"]) == (303, "/themes/ethics.ttl")
    graph = Graph().parse(data=content_of(client.get("/themes/ethics.ttl")), format="turtle")
    theme = URIRef("http://testserver/themes/ethics/")
    assert str(graph.value(theme, SKOS.prefLabel)) == "Ethics"
    assert client.get("/themes/ethics/", headers={"accept": "text/html,*/*"}).status_code == 200
    whole = Graph().parse(data=content_of(client.get("/themes.ttl")), format="turtle")
    [scheme] = whole.subjects(predicate=SKOS.hasTopConcept, unique=True)
    assert "Themes of the RAN" in whole.value(scheme, SKOS.prefLabel)
