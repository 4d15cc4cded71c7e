"""The portal stands: one page of each sort opens and says what it is for, in a few seconds.

Not a proof of any of them; what runs before every commit and finds what is broken outright.
"""

import csv
import json
from io import StringIO

import pytest
from django.urls import reverse

from tests.addresses import list_address
from tests.made import KINDS, NAME_FIELDS, every_kind
from tests.pages import content_of, open_page
from themes.models import Theme

pytestmark = pytest.mark.usefixtures("unchanged_db")


def first(kind):
    return kind.objects.published().order_by("slug").first()


def fetched(client, address, content_type):
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"].startswith(content_type)
    return content_of(response).decode("utf-8-sig")


def test_the_home_page_leads_to_every_main_theme(client):
    links = open_page(client, "/").links()
    for theme in Theme.objects.filter(parent=None):
        assert theme.get_absolute_url() in links.values()


@every_kind
def test_a_list_leads_to_a_page_that_is_headed_by_its_entry(client, kind):
    listing = open_page(client, list_address(kind))
    assert listing.entries
    page = open_page(client, listing.entries[0])
    entry = kind.objects.get(slug=listing.entries[0].split("/")[-2])
    assert page.headings == [getattr(entry, NAME_FIELDS[kind])]


def test_a_theme_has_its_title_and_lists_what_is_filed_under_it(client):
    theme = Theme.objects.get(slug="mental-health-profiles")
    page = open_page(client, theme.get_absolute_url())
    assert page.headings == [theme.title]
    assert page.links()


def test_a_search_finds_a_practice_by_a_word_of_its_name(client):
    page = open_page(client, reverse("search"), q="Augsburg")
    assert "/practices/augsburg-network-prevention-of-radicalisation/" in page.links().values()


@every_kind
def test_each_format_of_a_list_holds_its_first_entry(client, kind):
    entry = first(kind)
    text = fetched(client, list_address(kind, "csv"), "text/csv")
    assert len([*csv.DictReader(StringIO(text))]) == kind.objects.published().count()
    types = {
        "csv": "text/csv",
        "ris": "application/x-research-info-systems",
        "bib": "application/x-bibtex",
    }
    for extension, content_type in (types | {"atom": "application/atom+xml"}).items():
        assert entry.get_absolute_url() in fetched(
            client, list_address(kind, extension), content_type
        )


def test_the_api_names_every_kind(client):
    root = json.loads(fetched(client, reverse("api"), "application/json"))
    addresses = json.dumps(root)
    for kind in KINDS:
        listing = json.loads(fetched(client, list_address(kind, "api"), "application/json"))
        assert listing["count"] == kind.objects.published().count()
        assert list_address(kind, "api") in addresses


def test_the_desk_opens_and_leads_to_every_kind(admin_client):
    response = admin_client.get(reverse("admin:index"))
    assert response.status_code == 200
    for kind in KINDS:
        listing = reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_changelist")
        assert listing in response.content.decode()
