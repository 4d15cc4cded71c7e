"""Words as practitioners type them, and the shipped thesaurus that leads them on."""

from itertools import chain

import pytest

from entries.models import kinds
from entries.search.models import Synonym
from entries.search.normalise import words_of
from meetings.models import Paper
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("unchanged_db")


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
        ("Suomi", "Finland"),
        ("Den Haag", "The Hague"),
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
        ("Gefängnis", "prison"),
        ("vankila", "prison"),
        ("école", "schools"),
    ],
)
def test_a_narrower_word_leads_to_its_broader_one(client, typed, broader):
    response = client.get("/search/", {"q": typed})
    shown = f"“{typed.lower()}”: shown is also what is filed under {broader}."
    assert shown in text_of(response)
    assert found(f'"{broader}"') <= found(typed)
    assert found(typed)


@pytest.mark.parametrize(
    "typed",
    ["suicide", "refugees", "asylum", "imam", "self-harm", "conspiracy", "incels"],
)
def test_where_the_corpus_is_silent_the_page_says_so(client, typed):
    page = text_of(client.get("/search/", {"q": typed}))
    assert f"The portal holds nothing on “{typed}”" in page


@pytest.mark.parametrize(
    ("typed", "others"), [("medication", "medical"), ("interpreter", "interpret")]
)
def test_another_word_of_the_same_stem_is_not_passed_off_as_the_one_typed(client, typed, others):
    page = text_of(client.get("/search/", {"q": typed}))
    assert f"has the word “{typed}”: what is shown has “{others}”." in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["unemployed", "guideline", "interpreting"])
def test_a_form_of_the_word_is_the_word(client, typed):
    response = client.get("/search/", {"q": typed})
    assert response.context_data["total"]
    assert response.context_data["stood_for"] == {}


@pytest.mark.django_db
def test_a_part_with_a_hyphen_is_asked_for_as_it_was_typed(client):
    response = client.get("/search/", {"q": "de-radicalisation programme"})
    assert response.context_data["unknown"] == []
    assert "de-radicalisation" in response.context_data["parts"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("depresion", "depression"),
        ("childen returning from syria", "children returning from syria"),
        ("proffesional boundries", "professional boundaries"),
        ("kinderr", None),
    ],
)
def test_a_slip_is_asked_back_even_where_its_beginning_is_known(client, slip, meant):
    assert client.get("/search/", {"q": slip}).context_data["suggestion"] == meant


@pytest.mark.django_db
def test_a_group_is_found_by_who_chairs_it(client):
    response = client.get("/search/", {"q": "Jiménez Gonzalez"})
    assert [group.slug for group in response.context_data["groups"]] == ["ran-health"]
    assert response.context_data["unknown"] == []


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
