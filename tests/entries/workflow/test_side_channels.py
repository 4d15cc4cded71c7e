"""What only unpublished entries have is unknown to the public, by whatever way it is asked for.

Each test publishes the entries in the end and finds what it did not find before: so it asks in
the right place.
"""

import pytest
from django.test import Client
from django.utils import timezone

from practices.models import Practice
from tests.addresses import addresses, list_address
from tests.made import KINDS, every_kind, make
from tests.pages import open_page, said_in

pytestmark = pytest.mark.django_db
FILES = ("csv", "ris", "bib", "atom", "api")
# A word, a tag and a programme that stand nowhere else in the portal.
WORD, TAG, PROGRAMME = "wolfsbane", "monkshood", "Aconite Fund"


WAYS = ("draft", "review", "withdrawn")


@pytest.fixture
def unpublished():
    """Of each kind one that is not public in each way, all that have the word."""
    return [each for way in WAYS for each in unpublished_as(way, slug=f"about-{WORD}-{way}")]


def unpublished_as(status, slug):
    """An entry of each kind that is not public, and alone in its word and its tag."""
    name = f"About {WORD}"
    entries = [make(kind, name, tags=[TAG], status="draft", slug=slug) for kind in KINDS]
    Practice.objects.filter(slug=slug).update(programme=PROGRAMME)
    first = timezone.now() if status == "withdrawn" else None
    for entry in entries:
        type(entry).objects.filter(pk=entry.pk).update(status=status, first_published=first)
    return entries


def publish(entries):
    for entry in entries:
        entry.refresh_from_db()
        entry.status = "published"
        entry.save()


def refusals(client, kind, **query):
    """What each format of a list says that will not have the query: {format: text}."""
    answers = {name: client.get(list_address(kind, name), query) for name in FILES}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        FILES, 400
    )
    return {name: said_in(answer) for name, answer in answers.items()}


@pytest.mark.once
@every_kind
def test_a_tag_that_only_they_have_is_unknown_and_then_finds_its_entry(client, unpublished, kind):
    page = open_page(client, list_address(kind), tag=TAG)
    assert f"Tag: “{TAG}” is not known here." in page.text
    assert page.sentence.startswith(f"{kind.objects.published().count()} ")
    assert TAG not in page.facets["Tag"]
    for said in refusals(client, kind, tag=TAG).values():
        assert f"“{TAG}” is not known here." in said
    publish(unpublished)
    page = open_page(client, list_address(kind), tag=TAG)
    published = [each.get_absolute_url() for each in unpublished if type(each) is kind]
    assert sorted(page.entries) == sorted(published)
    assert len(published) == len(WAYS)


@pytest.mark.once
def test_a_programme_that_only_they_have_is_unknown_and_then_finds_its_practice(
    client, unpublished
):
    page = open_page(client, "/practices/", programme=PROGRAMME)
    assert f"Programme: “{PROGRAMME}” is not known here." in page.text
    for said in refusals(client, Practice, programme=PROGRAMME).values():
        assert f"“{PROGRAMME}” is not known here." in said
    publish(unpublished)
    assert {*open_page(client, "/practices/", programme=PROGRAMME).entries} == {
        f"/practices/about-{WORD}-{way}/" for way in WAYS
    }


@pytest.mark.parametrize(
    ("typed", "meant"), [("wofsbane", WORD), ("monshood", TAG)], ids=["word", "tag"]
)
def test_a_slip_of_the_pen_is_not_mended_with_their_words(client, unpublished, typed, meant):
    assert meant not in open_page(client, "/search/", q=typed).text
    publish(unpublished)
    assert f"Did you mean {meant}" in open_page(client, "/search/", q=typed).text


def test_their_words_are_offered_nowhere_as_part_of_a_search(client, unpublished):
    asked, offered = f"{WORD} trauma", f"/search/?q={WORD}"
    unknown = f"The portal holds nothing on “{WORD}”"
    page = open_page(client, "/search/", q=asked)
    assert (offered in page.links().values(), unknown in page.text) == (False, True)
    publish(unpublished)
    page = open_page(client, "/search/", q=asked)
    assert (offered in page.links().values(), unknown in page.text) == (True, False)


@pytest.mark.once
def test_no_address_without_a_slug_knows_their_words_or_sends_another_validator(db):
    """Neither what lists everything, nor the description of the API, nor a header."""
    client = Client()
    unpublished = {way: unpublished_as(way, slug=f"about-{WORD}-{way}") for way in WAYS}
    hidden = {address: client.get(address) for address in addresses(of_records=False)}
    for address, answer in hidden.items():
        said = said_in(answer).lower()
        assert not [word for word in (WORD, TAG, PROGRAMME.lower()) if word in said], address
    # Written anew for each, with the moment in it.
    anew = [".docx", ".xlsx"]
    for ways in (("draft", "review"), ("withdrawn",)):
        for entry in [entry for way in ways for entry in unpublished[way]]:
            type(entry).objects.filter(pk=entry.pk).delete()
        # That of a feed never goes back: what was public once and is deleted moves it.
        anew += [".atom"] if "withdrawn" in ways else []
        for address, before in hidden.items():
            if not address.endswith(tuple(anew)):
                after = client.get(address)
                for name in ("ETag", "Last-Modified", "Content-Length"):
                    assert after.get(name) == before.get(name), (address, name)


@pytest.mark.once
def test_staff_see_no_more_of_them_in_the_lists_than_everybody(admin_client):
    for way in WAYS:
        unpublished_as(way, slug=f"about-{WORD}-{way}")
    for kind in KINDS:
        page = open_page(admin_client, list_address(kind), tag=TAG)
        assert f"Tag: “{TAG}” is not known here." in page.text
        for said in refusals(admin_client, kind, tag=TAG).values():
            assert f"“{TAG}” is not known here." in said
