"""The theme tree as a vocabulary that other catalogues can use (SKOS)."""

import json

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views import View
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from records.parameters import RefusesUnknown
from records.views import RecordDetail
from themes.metadata import theme_tree
from themes.models import Theme

LANGUAGE = "en"  # of what themes are called and introduced in


def scheme(request):
    """The tree as a graph in which each theme is known by its permanent address."""
    graph = Graph(bind_namespaces="none")
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    tree = URIRef(theme_tree(request))
    graph.add((tree, RDF.type, SKOS.ConceptScheme))
    title = _("Themes of the RAN Mental Health knowledge portal")
    graph.add((tree, DCTERMS.title, Literal(title, lang=LANGUAGE)))
    graph.add((tree, SKOS.prefLabel, Literal(title, lang=LANGUAGE)))
    for number, theme in enumerate(Theme.objects.select_related("source").nested(), 1):
        concept = add_branch(graph, tree, theme, str(number), request)
        graph.add((tree, SKOS.hasTopConcept, concept))
        graph.add((concept, SKOS.topConceptOf, tree))
    return graph


def add_branch(graph, tree, theme, notation, request):
    """Add a theme and all below it; the notation (2.1) tells its place in the order of reading."""
    concept = URIRef(request.build_absolute_uri(theme.get_absolute_url()))
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, tree))
    graph.add((concept, SKOS.prefLabel, Literal(theme.title, lang=LANGUAGE)))
    graph.add((concept, SKOS.notation, Literal(notation)))
    if theme.introduction:
        graph.add((concept, SKOS.definition, Literal(theme.introduction, lang=LANGUAGE)))
    if theme.public_source:
        source = URIRef(request.build_absolute_uri(theme.public_source.get_absolute_url()))
        graph.add((concept, DCTERMS.source, source))
    for number, child in enumerate(theme.below, 1):
        narrower = add_branch(graph, tree, child, f"{notation}.{number}", request)
        graph.add((concept, SKOS.narrower, narrower))
        graph.add((narrower, SKOS.broader, concept))
    return concept


class Vocabulary(RefusesUnknown, View):
    content_type = None
    syntax = None

    def get(self, request):
        # In JSON-LD too, the names of the vocabularies are shortened.
        text = scheme(request).serialize(format=self.syntax, auto_compact=True)
        return HttpResponse(self.ordered(text), content_type=self.content_type)

    def ordered(self, text):
        """The same text from every process: a graph has no order of its own."""
        return text


class TurtleVocabulary(Vocabulary):
    content_type = "text/turtle; charset=utf-8"
    syntax = "turtle"


class ThemeTurtle(RefusesUnknown, RecordDetail):
    """A theme as the vocabulary has it."""

    model = Theme

    def render_to_response(self, context):
        concept = URIRef(self.request.build_absolute_uri(self.object.get_absolute_url()))
        text = scheme(self.request).cbd(concept).serialize(format=TurtleVocabulary.syntax)
        return HttpResponse(text, content_type=TurtleVocabulary.content_type)


class JSONLDVocabulary(Vocabulary):
    content_type = "application/ld+json"
    syntax = "json-ld"

    def ordered(self, text):
        return json.dumps(in_order(json.loads(text)), ensure_ascii=False, indent=1)


def in_order(value):
    if isinstance(value, dict):
        return {key: in_order(part) for key, part in sorted(value.items())}
    if isinstance(value, list):
        return sorted(map(in_order, value), key=json.dumps)
    return value
