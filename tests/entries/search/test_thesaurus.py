"""Words as practitioners type them, and the shipped thesaurus that leads them on."""

from itertools import chain

import pytest

from entries.models import kinds
from entries.search.models import Synonym
from entries.search.normalise import words_of
from meetings.models import Paper
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def found(text):
    return {str(entry) for kind in kinds() for entry in kind.objects.published().search(text)}


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("kids", "children"),
        ("teenager", "adolescents"),
        ("jail", "detention"),
        ("prisoner", "inmates"),
        ("foster carers", "foster parents"),
        ("autistic", "autism spectrum disorder"),
        ("data protection", "GDPR"),
        ("medical secrecy", "confidentiality"),
        ("intervision", "peer-to-peer supervision"),
        ("helpline", "hotline"),
        ("addiction", "substance abuse"),
        ("lone wolf", "lone actors"),
        ("case manager", "case worker"),
        ("Finnish", "Finland"),
        ("Dutch", "The Netherlands"),
        ("British", "United Kingdom"),
        ("Danish", "Denmark"),
        ("German", "Germany"),
        ("French", "France"),
        ("Australian", "Australia"),
    ],
)
def test_a_word_of_practice_finds_what_the_word_of_the_portal_finds(typed, same):
    assert set() != found(f'"{same}"') <= found(typed)


@pytest.mark.parametrize(
    ("typed", "broader"),
    [
        ("psychosis", "mental illness"),
        ("delusional", "mental illness"),
        ("clinic", "mental health services"),
        ("psychiatrist", "mental health professionals"),
        ("doctors", "health workers"),
        ("cannabis", "substance abuse"),
        ("jihadism", "Islamist extremism"),
        ("neo-nazis", "right-wing extremism"),
        ("mum", "parents"),
        ("toddlers", "children"),
        ("TRAP-18", "risk assessment"),
        ("compassion fatigue", "practitioner well-being"),
    ],
)
def test_a_narrower_word_leads_to_its_broader_one(client, typed, broader):
    response = client.get("/search/", {"q": typed})
    shown = f"“{' '.join(words_of(typed))}”: shown is also what is filed under {broader}."
    assert shown in text_of(response)
    assert found(f'"{broader}"') <= found(typed)
    assert found(typed)


@pytest.mark.parametrize(
    "typed",
    ["suicide", "refugees", "asylum", "imam", "self-harm", "conspiracy", "incels"],
)
def test_where_the_corpus_is_silent_the_page_says_so(client, typed):
    page = text_of(client.get("/search/", {"q": typed}))
    assert f"The portal holds nothing on “{' '.join(words_of(typed))}”" in page


def test_nothing_is_said_to_be_missing_that_a_theme_speaks_of(client):
    page = text_of(client.get("/search/", {"q": "depression"}))
    assert "The portal holds nothing on" not in page
    assert "Mental health profiles" in page


def test_a_question_is_found_by_the_words_that_tell(client):
    question = "how could I set up a multi-agency team that includes health"
    assert Paper.objects.get(slug="handbook-multi-agency-structure-2016").title in found(question)


def test_no_word_of_the_thesaurus_stands_in_two_rows():
    rows = Synonym.objects.values_list("term", "others", "narrower")
    words = [words_of(word) for term, *lists in rows for word in (term, *chain(*lists))]
    assert [word for word in words if words.count(word) > 1] == []
