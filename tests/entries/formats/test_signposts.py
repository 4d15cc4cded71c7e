"""Signposts: the headers by which machines find an entry's descriptions."""

import re

import pytest

from entries.links.models import Link
from meetings.groups import WorkingGroup
from meetings.models import Paper
from tests.made import KINDS, make
from tests.metadata import TYPES

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

SITE = "http://testserver"


# --- Signposts -----------------------------------------------------------------------


SIGNPOST = re.compile(r'<([^<>\s]+)>; rel="([a-z-]+)"(?:; type="([a-z+/.-]+)")?')


def signposts(response):
    """[(relation, address, type)] of the header, all of which must be of the known form."""
    header = response["Link"]
    assert SIGNPOST.sub("", header).replace(", ", "") == ""
    return [(relation, address, media) for address, relation, media in SIGNPOST.findall(header)]


@pytest.mark.parametrize("kind", KINDS)
def test_signposts_lead_from_an_entry_to_its_address_its_descriptions_and_its_list(client, kind):
    entry = kind.objects.published().first()
    address = f"{SITE}{entry.get_absolute_url()}"
    found = signposts(client.get(address))
    assert [each for each in found if each[0] == "cite-as"] == [("cite-as", address, "")]
    assert ("collection", f"{SITE}/{entry.kind}s/", "") in found
    assert ("type", f"https://schema.org/{TYPES[kind]}", "") in found
    files = [(url, media) for relation, url, media in found if relation == "describedby"]
    assert [media for url, media in files] == [
        "application/x-research-info-systems",
        "application/x-bibtex",
        "application/ld+json",
    ]
    for url, media in files:
        response = client.get(url)
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == media


@pytest.mark.django_db
def test_signposts_lead_to_a_papers_own_document_and_to_its_group(client):
    paper = make(Paper, "Signposted")
    paper.groups.set(WorkingGroup.objects.filter(slug="ran-exit"))
    Link.objects.create(url="https://x.test/a b’s<1>.pdf", paper=paper)
    Link.objects.create(url="https://x.test/perhaps.pdf", certainty="probable", paper=paper)
    Link.objects.create(url="https://x.test/later.pdf", role="unassigned", paper=paper)
    found = signposts(client.get(paper.get_absolute_url()))
    assert [each for each in found if each[0] == "item"] == [
        ("item", "https://x.test/a%20b%E2%80%99s%3C1%3E.pdf", "application/pdf")
    ]
    assert ("author", f"{SITE}/groups/ran-exit/", "") in found


def test_no_signpost_claims_a_licence_that_nobody_stated(client):
    for kind in KINDS:
        found = signposts(client.get(kind.objects.published().first().get_absolute_url()))
        assert "license" not in [relation for relation, address, media in found]
