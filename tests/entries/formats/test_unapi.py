"""Zotero collects the entries of a page by unAPI: the very RIS file, tags and all."""

import re
from xml.etree import ElementTree

import pytest
import rispy
from django.urls import reverse

from lessons.models import Lesson
from tests.addresses import list_address
from tests.made import draft, every_kind, make
from tests.pages import content_of, open_page

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def collected(client, address):
    """What Zotero is led to from a page, by the steps of its translator 'unAPI'."""
    page = open_page(client, address)
    [server] = page.root.findall(".//link[@rel='unapi-server']")
    formats = ElementTree.fromstring(content_of(client.get(server.get("href"))))
    assert [each.get("name") for each in formats] == ["ris", "bibtex"]
    for each in page.root.findall(".//abbr[@class='unapi-id']"):
        file = client.get(f"{server.get('href')}?id={each.get('title')}&format=ris", follow=True)
        yield from rispy.loads(content_of(file).decode())


@pytest.mark.django_db
@every_kind
def test_an_entry_is_collected_from_its_page_with_its_tags(client, kind):
    make(kind, "To be collected", tags=["trauma", "child returnees"])
    [found] = collected(client, f"/{kind.kind.path}/to-be-collected/")
    assert found["keywords"] == ["child returnees", "trauma"]
    assert found["title"] == "To be collected"


@pytest.mark.django_db
@every_kind
def test_a_list_is_collected_as_it_is_shown(client, kind):
    found = [each["id"] for each in collected(client, list_address(kind))]
    shown = client.get(list_address(kind)).context_data["page_obj"]
    assert found == [f"{kind.kind}-{entry.slug}" for entry in shown] != []


def test_what_is_not_public_is_not_collected(client, admin_client):
    draft(Lesson, "Hidden")
    answer = client.get("/unapi?id=lessons/hidden&format=ris", follow=True)
    assert answer.status_code == 404
    assert not open_page(admin_client, "/lessons/hidden/").root.findall(
        ".//abbr[@class='unapi-id']"
    )


@pytest.mark.parametrize(
    "query", ["id=lessons/x&format=mods", "id=../x&format=ris", "id=nothing/x&format=ris", "id=x"]
)
def test_what_cannot_be_read_is_refused_in_words(client, query):
    answer = client.get(f"{reverse('unapi')}?{query}")
    assert answer.status_code == 400
    assert re.search(
        "id such as practices/anchor-work|Nothing is kept under", answer.content.decode()
    )
