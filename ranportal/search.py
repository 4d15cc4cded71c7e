"""The search over all kinds together."""

from difflib import get_close_matches

from django import forms
from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from entries.filters import LONGEST_SEARCH, tag_choices
from entries.formats.base import with_query
from entries.models import kinds
from entries.search.expressions import Found
from entries.search.models import Synonym
from entries.search.query import STOP_WORDS, parse, words_of
from meetings.models import WorkingGroup
from ranportal.views import counted_tree
from records.metadata import described
from themes.models import Theme

HITS_OF_A_KIND = 4
NEAR = 0.8  # of the letters of a word, in the order of those of a suggestion
FEW = 6  # fewer hits than this, and each word is offered by itself
# The portal's own words, for suggestions, are read from this many entries of a kind.
VOCABULARY_ENTRIES = 3000
VOCABULARY_SECONDS = 600


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": _("This is too long to search for: give up to 200 signs.")},
    )


class Search(TemplateView):
    """The best hits of each kind, and the themes and groups of that name."""

    template_name = "search.html"

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        query = parse(text, Synonym.objects.rows())
        context = super().get_context_data(**kwargs, form=form, search_text=text, query=query)
        context["described"] = described_search(self.request, text)
        if text:
            context["results"] = [hits(kind, query) for kind in kinds()]
            context["silent"] = [
                row["kind"].plural for row in context["results"] if not row["count"]
            ]
            context["total"] = sum(result["count"] for result in context["results"])
            context["themes"] = named_like(query, Theme.objects.with_lineage().in_tree_order())
            context["groups"] = named_like(query, WorkingGroup.objects.all())
            few = context["total"] < FEW and query.parts[1:]
            context["parts"] = [part for part in query.parts if is_found(part)] if few else []
        if not context.get("total"):
            context["tree"] = counted_tree()
            context["suggestion"] = suggestion(query)
            nearest = [hits(kind, query.any_part()) for kind in kinds()] if query.parts[1:] else []
            context["nearest"] = [result for result in nearest if result["count"]]
        return context


def described_search(request, text):
    path = with_query(reverse("search"), urlencode({"q": text}) if text else "")
    name = _("Search: %(text)s") % {"text": text} if text else _("Search")
    return described(request, "SearchResultsPage", path, name)


def hits(model, query):
    """How many entries of the kind answer the query, and the best with the words marked."""
    found = model.objects.published().matching(query)
    best = found.for_display() if query else found
    if query:
        marked = {"query": query, "column": 1, "words": 48}
        best = best.annotate(found_text=Found("document__document", model.search_text, **marked))
    return {"kind": model.kind, "count": found.count(), "hits": best[:HITS_OF_A_KIND]}


def named_like(query, records):
    """The records whose name, or another name of theirs, holds every word of the query."""

    def holds(record):
        words = words_of(" ".join([str(record), *getattr(record, "aliases", [])]))
        return all(
            any(
                all(any(word.startswith(part) for word in words) for part in phrase.words)
                for alternative in clause
                for phrase in alternative
            )
            for clause in query.clauses
        )

    return [record for record in records if holds(record)] if query else []


def vocabulary():
    """The words of tags, themes and entries that the public can read."""

    def words():
        texts = [name for _slug, name in tag_choices(None)]
        texts += Theme.objects.values_list("title", flat=True)
        for kind in kinds():
            entries = kind.objects.published().order_by("-pk")
            fields = [name for name in (kind.search_title, kind.search_text) if name]
            texts += map(" ".join, entries.values_list(*fields)[:VOCABULARY_ENTRIES])
        return {word for text in texts for word in words_of(text) if len(word) > 3}

    return cache.get_or_set("search-vocabulary", words, VOCABULARY_SECONDS)


def suggestion(query):
    """The text with the words that occur nowhere replaced by the nearest that do, if any is near."""
    words = words_of(query.text)
    nearest = [nearest_known(word) for word in words] if query else words
    return " ".join(nearest) if tuple(nearest) != words else None


def nearest_known(word):
    known = vocabulary()
    if word in known or word in STOP_WORDS or is_found(word):
        return word
    return next(iter(get_close_matches(word, known, n=1, cutoff=NEAR)), word)


def is_found(text):
    """Whether any entry answers the text, in whatever form its words stand there."""
    return any(kind.objects.published().search(text).exists() for kind in kinds())


class OpenSearch(TemplateView):
    """The description by which a browser offers this search (OpenSearch 1.1)."""

    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, site=self.request.build_absolute_uri("/")[:-1])
