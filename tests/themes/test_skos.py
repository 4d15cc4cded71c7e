"""The theme tree as a vocabulary (SKOS), in both of its forms."""

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from meetings.models import Paper
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SITE = "http://testserver"


# --- The theme tree ------------------------------------------------------------------


def vocabulary(client, extension, content_type, syntax):
    response = client.get(f"/themes.{extension}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    return Graph().parse(data=response.content, format=syntax)


@pytest.fixture
def turtle(client):
    return vocabulary(client, "ttl", "text/turtle; charset=utf-8", "turtle")


def concept(theme):
    return URIRef(f"{SITE}{theme.get_absolute_url()}")


def test_every_theme_is_a_concept_known_by_its_permanent_address(turtle):
    themes = list(Theme.objects.select_related("parent", "source"))
    assert set(turtle.subjects(RDF.type, SKOS.Concept)) == {concept(theme) for theme in themes}
    (tree,) = turtle.subjects(RDF.type, SKOS.ConceptScheme)
    assert tree == URIRef(f"{SITE}/#themes")
    for theme in themes:
        about = concept(theme)
        assert turtle.value(about, SKOS.prefLabel) == Literal(theme.title, lang="en")
        introduction = Literal(theme.introduction, lang="en") if theme.introduction else None
        assert turtle.value(about, SKOS.definition) == introduction
        assert turtle.value(about, SKOS.inScheme) == tree
        assert turtle.value(about, DCTERMS.source) == concept(theme.source)


def test_the_vocabulary_has_the_shape_of_the_tree(turtle):
    (tree,) = turtle.subjects(RDF.type, SKOS.ConceptScheme)
    pairs = {
        (concept(theme), concept(theme.parent)) for theme in Theme.objects.exclude(parent=None)
    }
    assert set(turtle.subject_objects(SKOS.broader)) == pairs
    assert {(b, a) for a, b in turtle.subject_objects(SKOS.narrower)} == pairs
    tops = {concept(theme) for theme in Theme.objects.filter(parent=None)}
    assert set(turtle.objects(tree, SKOS.hasTopConcept)) == tops
    assert set(turtle.subjects(SKOS.topConceptOf, tree)) == tops


def test_the_notations_give_the_order_in_which_the_tree_is_read(turtle):
    notations = {
        about: [int(number) for number in notation.split(".")]
        for about, notation in turtle.subject_objects(SKOS.notation)
    }
    in_order = [concept(theme) for theme in Theme.objects.in_tree_order()]
    assert sorted(notations, key=notations.get) == in_order


# What rdflib's own reader of JSON-LD still uses.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_both_forms_of_the_vocabulary_say_the_same(client, turtle):
    as_json = vocabulary(client, "jsonld", "application/ld+json", "json-ld")
    assert isomorphic(as_json, turtle)


def test_a_theme_whose_source_is_a_draft_does_not_tell_of_it(client):
    Paper.objects.update(status="draft")
    graph = vocabulary(client, "ttl", "text/turtle; charset=utf-8", "turtle")
    assert list(graph.subject_objects(DCTERMS.source)) == []


def test_the_vocabulary_takes_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/themes.ttl")
