"""The search over all kinds together."""

from dataclasses import dataclass
from functools import partial

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from briefings.models import Situation
from entries.filters import LONGEST_SEARCH
from entries.formats.base import with_query
from entries.kinds import Kind
from entries.models import kinds, listed_of
from entries.search.marking import Marker, stands_for
from entries.search.models import Synonym
from entries.search.normalise import words_of
from entries.search.query import parse
from entries.search.ranking import best_of, is_found
from entries.search.suggestions import Vocabulary, suggestion
from meetings.groups import WorkingGroup
from ranportal.views import counted_tree
from records.addresses import address
from records.memory import remembered
from records.metadata import described
from themes.models import Theme

HITS_OF_A_KIND = 4
MOST_THEMES = 6
FEW = 6  # fewer hits than this, and each part is asked for by itself
PARTS = 6


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": _("This is too long to search for: give up to 200 signs.")},
    )


class Search(TemplateView):
    """The best hits of each kind, and the themes and groups that answer too.

    Whatever is asked costs a bounded number of queries: the query has a bounded number of
    words, and of what it is made of PARTS are asked for by themselves.
    """

    template_name = "search.html"
    read_parameters = ("q",)

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        thesaurus = Synonym.objects.thesaurus()
        has = partial(is_found_anywhere, thesaurus=thesaurus)
        query = parse(text, thesaurus)
        others = dict.fromkeys([Theme, WorkingGroup, Situation], MOST_THEMES)
        answers = best_of(dict.fromkeys(kinds(), HITS_OF_A_KIND) | others, query)
        results = hits(answers, query) if text else []
        total = sum(result.count for result in results)
        several = query.parts[1:]
        asked = query.parts[: PARTS * (total < FEW)]
        if total or is_one(query):  # what all of them together find, each of them finds
            is_there = dict.fromkeys(asked, any(answer.count for answer in answers.values()))
        else:
            is_there = {part: has(part) for part in asked}
        unknown = [part for part, there in is_there.items() if not there]
        nearest = nearest_hits(query.any_part(but=unknown)) if several and not total else []
        return super().get_context_data(
            **kwargs,
            described=described_search(self.request, text),
            form=form,
            search_text=text,
            query=query,
            results=results,
            total=total,
            silent=[result.kind.plural for result in results if not result.count],
            themes=found(Theme.objects.with_lineage, answers[Theme]),
            groups=found(WorkingGroup.objects.all, answers[WorkingGroup]),
            situations=found(Situation.objects.published, answers[Situation]),
            parts=[part for part, there in is_there.items() if there] if several else [],
            unknown=unknown,
            stood_for=stood_for(query, is_there, [*results, *nearest]),
            suggestion=None if total else suggested(query, has),
            nearest=nearest,
            tree=[] if total else remembered("counted tree", counted_tree, weight=200_000),
        )


def suggested(query, has):
    return suggestion(query, Vocabulary(kinds(), Theme.objects.all()), has)


def described_search(request, text):
    path = with_query(address("search"), urlencode({"q": text}) if text else "")
    name = _("Search: %(text)s") % {"text": text} if text else _("Search")
    return described(request, "SearchResultsPage", path, name)


@dataclass
class Hits:
    """How many entries of a kind answer a query, and the best of them, the words marked."""

    kind: Kind
    count: int
    best: list


def hits(answers, query):
    """How many entries of each kind answer the query, and the best with the words marked."""
    best = listed_of({kind: answers[kind].keys for kind in kinds()})
    marker = Marker(query)
    return [
        Hits(
            kind.kind,
            answers[kind].count,
            [entry.as_found(marker.marked(entry.text)) for entry in entries],
        )
        for kind, entries in best.items()
    ]


def nearest_hits(query):
    """The same of whatever answers any part."""
    answers = best_of(dict.fromkeys(kinds(), HITS_OF_A_KIND), query)
    return [result for result in hits(answers, query) if result.count]


def found(records, answer):
    """The records that answer, the best first; mostly none does."""
    by_key = records().in_bulk(answer.keys) if answer.keys else {}
    return [by_key[key] for key in answer.keys if key in by_key]


def is_one(query):
    """Whether all that was typed is one part: then what the query finds is what that finds."""
    return len(query.parts) == 1 and words_of(query.parts[0]) == words_of(query.text)


def stood_for(query, parts, results):
    """The parts of which only another word of the same stem was found, each with that."""
    explained = {*query.added, *query.broadened}
    words = [part for part in parts if words_of(part) == (part,) and part not in explained]
    if not words:
        return {}
    texts = [f"{entry.heading} {entry.text}" for result in results for entry in result.best]
    others = {word: stands_for(word, texts) for word in words}
    return {word: found for word, found in others.items() if found}


def is_found_anywhere(text, thesaurus):
    """Whether any record answers the text, in whatever form its words stand there."""
    return is_found([*kinds(), Theme, WorkingGroup, Situation], parse(text, thesaurus))


class OpenSearch(TemplateView):
    """The description by which a browser offers this search (OpenSearch 1.1)."""

    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, site=self.request.build_absolute_uri("/")[:-1])
