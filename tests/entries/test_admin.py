"""The lists of entries in the admin: found, filtered, published and withdrawn together."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from entries.links.models import Link
from lessons.models import Lesson
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from tests.desk import change_url, page_url, person
from tests.made import KINDS, draft, every_kind, make, make_group, make_theme
from tests.pages import text_of
from themes.models import Theme

pytestmark = pytest.mark.django_db


# --- Publishing ----------------------------------------------------------------------


@pytest.mark.once
@every_kind
def test_publish_makes_public_what_it_can_and_names_the_rest_with_the_reason(desk, kind):
    theme = make_theme()
    ready = [make(kind, f"Ready {n}", [theme], status="review") for n in (1, 2)]
    public = make(kind, "Seen", [theme], status="published")
    homeless = [
        make(kind, f"Homeless <b>{n}</b>", slug=f"homeless-{n}", status="review", themes=())
        for n in (1, 2)
    ]
    asked = text_of(desk.act(kind, "publish", *ready, public, *homeless))
    assert asked.count("It names no source: nobody can check what it says.") == 2
    assert kind.objects.published().count() == 1
    knowing = {"_perform": "Publish", "knowingly": "on"}
    response = desk.act(kind, "publish", *ready, public, *homeless, **knowing)
    text = text_of(response)
    assert f"Published: 2 {kind._meta.verbose_name_plural}." in text
    assert "Its status is “published”; this is for “in review”. Seen" in text
    reason = "“Publish” was refused: It is filed under no theme."
    assert f"{reason} Homeless <b>1</b> ; Homeless <b>2</b>" in text
    assert change_url(homeless[0]) in response.content.decode()
    published = kind.objects.published()
    assert {*published} == {*ready, public}
    assert all(entry.first_published for entry in published)
    assert LogEntry.objects.filter(change_message="Published.").count() == 2


@pytest.mark.once
@every_kind
def test_withdrawing_from_the_list_asks_why_and_takes_out_what_it_can(desk, kind):
    theme = make_theme()
    public = make(kind, "Seen", [theme], status="published")
    unseen = draft(kind, "Unseen", [theme])
    asked = text_of(desk.act(kind, "withdraw", public, unseen))
    assert "Why it is withdrawn" in asked
    assert "Unseen Its status is “draft”; this is for “published”." in asked
    more = {"_perform": "Withdraw", "note": "It was wrong.", "see_instead": "/about/"}
    text = text_of(desk.act(kind, "withdraw", public, unseen, **more))
    assert f"Withdrawn: 1 {kind._meta.verbose_name}." in text
    assert not kind.objects.published().exists()
    first = public.first_published
    public.refresh_from_db()
    assert (public.status, public.first_published) == ("withdrawn", first)
    assert (public.withdrawn_reason, public.see_instead) == ("It was wrong.", "/about/")


def test_the_list_shows_the_status_and_what_is_missing(desk):
    draft(Lesson, "A lesson")
    text = text_of(desk.open(page_url(Lesson, "changelist")))
    assert "A lesson draft no theme no source" in text


# --- Lists ---------------------------------------------------------------------------


@every_kind
def test_entries_are_found_by_status_theme_source_and_tag(desk, kind):
    theme, source = make_theme(), draft(Paper, "The overview paper")
    make(kind, "Wanted", [theme], ["trauma"], source=source, status="published")
    draft(kind, "Other")
    tag = Tag.objects.get()
    url = page_url(kind, "changelist")
    for query in (
        {"status__exact": "published"},
        {"theme": theme.slug},
        {"source__id__exact": source.pk},
        {"tags__id__exact": tag.pk},
        {"q": "wanted"},
        {"q": "trauma"},
    ):
        text = text_of(desk.open(url, **query))
        assert "Wanted" in text, query
        assert "Other" not in text, query
    text = text_of(desk.open(url, theme="-"))
    assert "Other" in text
    assert "Wanted" not in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"theme": "unknown"}, 302),
        ({"theme": "\x00"}, 400),
        ({"status__exact": "\x00"}, 400),
        ({"status__exact": "unknown"}, 200),
        ({"tags__id__exact": "unknown"}, 200),
        ({"countries__code__exact": "\x00"}, 400),
        ({"start_date__year": "99999"}, 302),
        ({"start_date__year": "x"}, 302),
        ({"p": "x"}, 200),
        ({"p": "9999999"}, 200),
        ({"o": "99.-99.x"}, 200),
        ({"unknown": "1"}, 302),
        ({"source__title": "x"}, 400),
    ],
)
def test_a_list_asked_for_nonsense_shows_itself_or_names_the_problem(desk, query, status):
    draft(Meeting, "A meeting", start_date=date(2023, 3, 28), end_date=date(2023, 3, 28))
    response = desk.client.get(page_url(Meeting, "changelist"), query)
    assert response.status_code == status
    if status == 302:
        assert "A meeting" in text_of(desk.open(response.url))


@pytest.mark.once
@pytest.mark.parametrize(
    "model", [*KINDS, Theme, WorkingGroup, Link, Tag], ids=lambda m: m.__name__
)
def test_the_queries_of_a_list_do_not_grow_with_its_rows(desk, model):
    source, theme = draft(Paper, "A source"), make_theme("A theme")
    url = page_url(model, "changelist")

    def add(number):
        themes = [make_theme(f"Theme {number}", theme), theme]
        fields = {"source": source, "tags": [f"tag {number}"], "themes": themes}
        if model in KINDS:
            entry = draft(model, f"Row {number}", **fields)
            if hasattr(entry, "countries"):
                entry.countries.set(["BE", "NL"])
            if hasattr(entry, "groups"):
                entry.groups.add(make_group(f"Group {number}"))
        elif model is WorkingGroup:
            make_group(f"Row {number}", predecessor=make_group(f"Before {number}"))
        elif model is Link:
            for kind in KINDS:
                owner = {kind._meta.model_name: draft(kind, f"Row {number}", **fields)}
                Link.objects.create(url=f"https://example.org/{number}", **owner)
        else:
            draft(Lesson, f"Row {number}", **fields)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            response = desk.open(url)
        rows = response.context["cl"].result_count
        return rows, len(captured)

    add(1)
    desk.open(url)
    few, before = queries()
    for number in range(2, 9):
        add(number)
    many, after = queries()
    assert many >= few + 7
    assert after == before


def test_contacts_are_marked_as_for_curators_only(desk):
    text = text_of(desk.open(page_url(Meeting, "add")))
    assert "As printed. For curators only, never shown to the public. One a line." in text


@pytest.mark.parametrize(
    "query", ["text__regex=^(a%2B)%2B$", "text__iregex=(", "pk__range=1", "created__iso_year=-1"]
)
def test_an_address_asks_a_list_of_the_admin_only_for_what_it_offers(query):
    desk = person("contributor")
    make(Lesson, "a" * 34 + "!", status="draft", author=desk.user)
    answer = desk.client.get(f"{page_url(Lesson, 'changelist')}?{query}")
    assert answer.status_code == 400
    assert "a" * 34 not in answer.content.decode()
