"""The same query is the same list, in the same order, in whatever format it is asked for."""

import csv
import io

import bibtexparser
import feedparser
import pytest
import rispy
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from entries.facets import Facet
from lessons.filters import LessonFilter, QuestionFilter
from meetings.filters import MeetingFilter, PaperFilter
from practices.filters import PracticeFilter
from tests.pages import listed
from tests.soak import soak, times

FILTERSETS = [LessonFilter, PracticeFilter, QuestionFilter, MeetingFilter, PaperFilter]

SEARCHES = [
    "mental",
    "training",
    "radicalisation -prison",
    '"mental health"',
    "MAW",
    "famil",
    "zzz",
]


def read_page(client, address, query):
    return [f"http://testserver{path}" for path in listed(client, f"{address}?{query.urlencode()}")]


def read_csv(body):
    return [row["url"] for row in csv.DictReader(io.StringIO(body.removeprefix("\ufeff")))]


def read_ris(body):
    """The address in the portal; a paper's document has one of its own."""
    records = rispy.loads(body) if body.strip() else []
    ours = [[url for url in record["urls"] if "://testserver/" in url] for record in records]
    assert all(len(urls) == 1 for urls in ours)
    return [url for urls in ours for url in urls]


def read_bibtex(body):
    """By the key: the address may be that of a paper's document."""
    keys = [entry.key.partition("-") for entry in bibtexparser.parse_string(body).entries]
    return [f"http://testserver/{kind}s/{slug}/" for kind, _hyphen, slug in keys]


def read_atom(body):
    return [entry.link for entry in feedparser.parse(body).entries]


READERS = {"csv": read_csv, "ris": read_ris, "bib": read_bibtex, "atom": read_atom}


def read_api(client, address, query):
    found, address = [], f"{address}?{query.urlencode()}&page_size=100"
    while address:
        page = client.get(address).json()
        found += [row["url"] for row in page["results"]]
        address = page["next"]
    return found


@st.composite
def queries(draw, filterset_class):
    """Any combination of the parameters of a kind, with values that occur and some that do not."""
    query = QueryDict(mutable=True)
    offered = {facet["name"]: facet["options"] for facet in filterset_class().facets}
    for name, filter_ in filterset_class().filters.items():
        if isinstance(filter_, Facet):
            occurring = [option.value for option in offered.get(name, [])]
            values = occurring * 3 + [value for value, label in filter_.choices[:5]]
            few = st.lists(st.sampled_from(values), max_size=2, unique=True)
            query.setlist(name, draw(st.one_of(st.just([]), st.just([]), few)))
        elif name == "sort":
            query.setlist(name, draw(st.lists(st.sampled_from([*filter_.orders]), max_size=1)))
        elif name == "q":
            query.setlist(name, draw(st.lists(st.sampled_from(SEARCHES), max_size=1)))
    return query


@soak
@pytest.mark.usefixtures("unchanged_db")
@pytest.mark.parametrize("filterset_class", FILTERSETS, ids=lambda one: one.__name__)
def test_a_query_gives_the_same_entries_in_the_same_order_in_every_format(client, filterset_class):
    kind = filterset_class._meta.model._meta.model_name
    seen = set()

    @settings(max_examples=times(6, 100))
    @given(queries(filterset_class))
    def the_same_everywhere(query):
        page = read_page(client, reverse(f"{kind}-list"), query)
        seen.add(len(page))
        for extension, read in READERS.items():
            address = reverse(f"{kind}-{extension}")
            body = client.get(f"{address}?{query.urlencode()}").getvalue().decode()
            assert read(body) == page, f"{address}?{query.urlencode()}"
        assert read_api(client, reverse(f"{kind}-api"), query) == page, query.urlencode()

    the_same_everywhere()
    # Whole lists, empty ones and some in between: the queries did tell entries apart.
    assert len(seen) >= 3
    assert 0 in seen
