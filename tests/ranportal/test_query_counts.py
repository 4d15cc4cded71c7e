"""How many queries a page costs: a fixed number, however much the portal holds.

Counted where nothing is remembered, as for who is signed in; and of what has been seen before.
"""

from sys import getsizeof

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from markupsafe import Markup

from entries.links.models import Link
from entries.models import Country
from lessons.models import Question, Uptake
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal.api.written import Kept
from records import memory
from tests.made import KINDS, make
from tests.pages import content_of
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def add_of_each_kind(numbers):
    themes = list(Theme.objects.in_tree_order())
    group = WorkingGroup.objects.get(slug="ran-health")
    paper = Paper.objects.get(slug="key-themes-of-the-ran-mental-health-working-group")
    meeting = Meeting.objects.first()
    countries = Country.objects.filter(code__in=["DK", "SE", "NL"])
    for number in numbers:
        places = [themes[number % len(themes)], themes[-1 - number % len(themes)]]
        common = {"themes": places, "tags": ["training", "trauma"], "source": paper}
        made = {kind: make(kind, f"Number {number}", **common) for kind in KINDS}
        for kind, entry in made.items():
            url = f"https://example.org/{number}"
            Link.objects.create(url=url, **{kind._meta.model_name: entry})
            if hasattr(entry, "countries"):
                entry.countries.set(countries)
            if hasattr(entry, "groups"):
                entry.groups.set([group])
        made[Practice].presented_at.set([meeting])
        Uptake.objects.create(question=made[Question], meeting=meeting)
        Uptake.objects.create(question=made[Question], paper=made[Paper])
        Paper.objects.filter(pk=made[Paper].pk).update(meeting=meeting)
        Meeting.objects.filter(pk=made[Meeting].pk).update(foreseen_in=paper)


COSTS = {
    "/": 26,
    "/about/": 4,
    "/map/": 21,
    "/timeline/": 4,
    "/countries/": 4,
    "/lessons/": 12,
    "/practices/": 18,
    "/questions/": 15,
    "/meetings/": 21,
    "/papers/": 20,
    "/search/?q=training": 26,
    "/practices/?country=DK&country=NL&theme=mental-health-and-multi-agency-working&tag=training": 19,
    "/meetings/?year=2018&group=ran-h-sc&sort=title": 20,
    "/lessons.csv": 7,
    "/practices.csv": 9,
    "/questions.csv": 10,
    "/meetings.csv": 11,
    "/papers.csv": 11,
    "/themes/mental-health-and-multi-agency-working/": 46,
    "/themes/working-with-youth-and-families/": 36,
    "/themes/working-with-children/": 32,
    "/groups/ran-health/": 19,
    "/lessons/traits-of-lone-actors/": 25,
    "/practices/channel/": 26,
    "/meetings/enhancing-cooperation-the-hague-2023/": 32,
    "/papers/key-themes-of-the-ran-mental-health-working-group/": 33,
}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        content_of(client.get(address))
    return len(queries)


def test_a_page_costs_the_same_queries_with_five_more_entries_of_each_kind(client):
    add_of_each_kind(range(25))
    assert {address: queries_of(client, address) for address in COSTS} == COSTS
    add_of_each_kind(range(25, 30))
    assert {address: queries_of(client, address) for address in COSTS} == COSTS


def test_an_entry_of_which_little_is_known_costs_no_query_of_its_own(client):
    """Its list says other things of it: what was printed, that there is no date."""
    printed = {"date_as_printed": "spring", "groups_as_printed": "H&SC"}
    little = {Practice: {"programme": "EX"}, Meeting: printed, Paper: printed}
    lists = {kind: f"{kind.kind.list_url}?q=sparse" for kind in KINDS}

    def costs():
        return {kind: queries_of(client, address) for kind, address in lists.items()}

    for kind in KINDS:
        make(kind, "Sparse one", themes=[], **little.get(kind, {}))
    alone = costs()
    for kind in KINDS:
        for number in range(3):
            make(kind, f"Sparse and {number}", themes=[], **little.get(kind, {}))
    assert costs() == alone


SEEN = {
    "/": 0,
    "/lessons/": 0,
    "/practices/": 0,
    "/meetings/?year=2018&group=ran-h-sc&sort=title": 0,
    "/themes/working-with-children/": 0,
    "/lessons/traits-of-lone-actors/": 1,
    "/practices/channel/": 1,
    "/api/v1/papers/": 0,
    "/search/?q=children": 2,
    "/search/?q=submarines": 0,
    "/search/?q=mentel+prisom": 2,
}


def test_what_has_been_seen_before_costs_hardly_a_query(client):
    with memory.during("a version of the content"):
        for address in SEEN:
            content_of(client.get(address))
        assert {address: queries_of(client, address) for address in SEEN} == SEEN


def test_what_is_remembered_takes_no_more_bytes_than_it_says(client):
    """Or whoever asks for many things fills the memory beyond its budget."""
    with memory.during("another version of the content"):
        for address in (*SEEN, "/lessons/?q=nothing+of+the+sort", "/practices/?tag=training"):
            content_of(client.get(address))
        kept = memory.newest.values
    assert {type(found.value) for found in kept.values()} >= {int, dict, Kept, Markup}
    sizes = {
        key: getsizeof(found.value.row if type(found.value) is Kept else found.value)
        for key, found in kept.items()
    }
    too_light = {
        key: (size, kept[key].weight) for key, size in sizes.items() if size > kept[key].weight
    }
    assert too_light == {}
