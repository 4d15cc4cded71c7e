"""Entries written in the admin: what is typed is kept, what is wrong is said at its field."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from taggit.models import Tag

from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.models import FormerSlug
from tests.desk import change_url, errors_in, lines, page_url, values_in
from tests.history import versions
from tests.made import NAME_FIELDS, draft, every_kind, make, make_theme
from tests.pages import text_of

LONG = "word " * 2000

NUL_MESSAGE = "Null characters are not allowed."


# --- Writing -------------------------------------------------------------------------


# What a curator could type into each kind's form, and how it is stored.
TYPED = {
    Lesson: {"text": "Build trust first. It takes time.", "as_printed": "Trust!"},
    Question: {"text": "How can trust be built?", "state": "taken-up"},
    Practice: {
        "name": "Vivat",
        "description": "A programme.",
        "country_as_printed": "Hungary",
        "programme": "Erasmus+",
        "scope": "local",
        "organisation": "An association",
        "target_audiences": "Families\r\nTeachers",
        "start_year": "2015",
        "end_year": "2016",
        "contact": "Somebody",
        "collection_status": "included",
    },
    Meeting: {
        "title": "A meeting in The Hague",
        "heading_as_printed": "RAN HEALTH: A meeting",
        "meeting_type": "event",
        "start_date": "2023-03-28",
        "end_date": "2023-03-29",
        "date_as_printed": "28-29 March 2023",
        "start_time": "09:30:00",
        "end_time": "16:00:00",
        "city": "The Hague",
        "languages": "en\r\nde",
        "objectives": "Exchange\r\n\r\n  Learn  ",
        "registration_url": "https://example.org/register",
        "contacts": "Somebody, somebody example.org",
    },
    Paper: {
        "title": "Paper I",
        "summary": "What it says.",
        "date": "2019-04-01",
        "date_precision": "month",
        "date_as_printed": "April 2019",
        "key_points": "One\r\nTwo",
        "language": "en",
    },
}

STORED = {
    Practice: {"target_audiences": ["Families", "Teachers"], "start_year": 2015, "end_year": 2016},
    Meeting: {"languages": ["en", "de"], "objectives": ["Exchange", "Learn"]},
    Paper: {"key_points": ["One", "Two"], "iso_date": "2019-04"},
}


@every_kind
def test_an_entry_is_added_with_everything_typed(desk, kind):
    theme, tag = make_theme(), Tag.objects.create(name="child returnees")
    source = draft(Paper, "The overview paper")
    desk.saved(
        page_url(kind, "add"),
        **TYPED[kind],
        slug="its-slug",
        themes=[str(theme.pk)],
        tags=[str(tag.pk)],
        source=str(source.pk),
        source_page="7",
        **lines("links", {"url": "https://example.org/a.pdf", "role": "document", "note": "N."}),
    )
    entry = kind.objects.get(slug="its-slug")
    assert [*entry.themes.all()] == [theme]
    assert [*entry.tags.all()] == [tag]
    assert (entry.source, entry.source_page) == (source, "7")
    assert (entry.status, entry.author.username) == ("draft", "admin")
    assert [(link.url, link.certainty, link.note) for link in entry.links.all()] == [
        ("https://example.org/a.pdf", "certain", "N.")
    ]
    plain = {name: value for name, value in TYPED[kind].items() if name not in LISTS_AND_DATES}
    assert {name: str(getattr(entry, name)) for name in plain} == plain
    expected = STORED.get(kind, {})
    assert {name: getattr(entry, name) for name in expected} == expected


LISTS_AND_DATES = {"target_audiences", "languages", "objectives", "contacts", "key_points"}


@every_kind
def test_saving_a_form_that_nobody_touched_changes_nothing(desk, kind):
    theme = make_theme()
    entry = make(kind, "An entry", [theme], ["a tag", "another"], status="published")
    Link.objects.create(url="https://example.org/", **{kind._meta.model_name: entry})
    before = kind.objects.values().get()
    desk.saved(change_url(entry), change_note="Only looked at.")
    assert kind.objects.values().get() == before
    assert {tag.name for tag in entry.tags.all()} == {"a tag", "another"}
    assert [*entry.themes.all()] == [theme]
    assert entry.links.count() == 1
    assert LogEntry.objects.get().get_change_message() == "No fields changed."
    logged = LoggedTransition.objects.get()
    assert (logged.action, logged.note) == ("changed", "Only looked at.")
    assert versions(entry)[0].revision.comment == "Only looked at."


@pytest.mark.once
@every_kind
def test_taking_the_last_theme_from_a_public_entry_is_an_error_and_nothing_typed_is_lost(
    desk, kind
):
    tag, source = Tag.objects.create(name="trauma"), draft(Paper, "The overview paper")
    typed = TYPED[kind] | {
        "change_note": "Filed nowhere.",
        "slug": "its-slug",
        "themes": [],
        "tags": [str(tag.pk)],
        "source": str(source.pk),
        "source_page": "12–13",
        **lines("links", {"url": "https://example.org/", "role": "page", "note": "A note."}),
    }
    entry = make(kind, "An entry", [make_theme()], status="published")
    response = desk.refused(change_url(entry), **typed)
    message = "Choose a theme: without one an entry cannot be public."
    assert errors_in(response) == {"themes": [message]}
    assert message in text_of(response)
    shown, _ = values_in(response)
    expected = {name: value for name, value in typed.items() if "FORMS" not in name}
    assert {name: with_crlf(shown[name]) for name in expected} == expected
    assert not kind.objects.filter(slug="its-slug").exists()
    assert entry.themes.count() == 1


def with_crlf(value):
    """Line breaks as a browser sends them."""
    return re.sub(r"\r?\n", "\r\n", value) if isinstance(value, str) else value


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "typed", "field", "message"),
    [
        (Lesson, {"text": ""}, "text", "Write it, or give a slug"),
        (Lesson, {"text": "One\x00two"}, "text", NUL_MESSAGE),
        (Lesson, {"slug": "With spaces"}, "slug", "Enter a valid “slug” consisting of letters"),
        (Lesson, {"slug": "a" * 121}, "slug", "at most 120 characters (it has 121)"),
        (Lesson, {"slug": "taken"}, "slug", "Lesson with this Slug already exists."),
        (Lesson, {"slug": "once-taken"}, "slug", "This address was another record's"),
        (Lesson, {"themes": ["999999"]}, "themes", "Select a valid choice."),
        (Lesson, {"themes": ["1\x00"]}, "themes", "is not a valid value."),
        (Lesson, {"themes": ["9" * 30]}, "themes", "is not a valid value."),
        (Lesson, {"tags": ["9" * 30]}, "tags", "is not a valid value."),
        (Lesson, {"source": "9" * 30}, "source", "Select a valid choice."),
        (Lesson, {"tags": ["trauma"]}, "tags", "is not a valid value"),
        (Lesson, {"source": "999999"}, "source", "Select a valid choice."),
        (Lesson, {"source_page": "1" * 41}, "source_page", "at most 40 characters"),
        (Lesson, {"content_language": "English"}, "content_language", "Not a language code"),
        (Question, {"state": "closed"}, "state", "Select a valid choice."),
        (Practice, {"name": LONG}, "name", "at most 200 characters (it has 9999)"),
        (Practice, {"start_year": "MMXV"}, "start_year", "Enter a whole number."),
        (Practice, {"start_year": "15"}, "start_year", "Give a year of four digits."),
        (Practice, {"start_year": "9" * 30}, "start_year", "less than or equal to 32767"),
        (
            Practice,
            {"start_year": "2015", "end_year": "2014"},
            "end_year",
            "A practice cannot end before it begins.",
        ),
        (Practice, {"agencies": "Police\x00"}, "agencies", NUL_MESSAGE),
        (Practice, {"countries": ["XX"]}, "countries", "Select a valid choice."),
        (Practice, {"countries": ["B\x00"]}, "countries", "is not a valid value."),
        (Meeting, {"title": LONG}, "title", "at most 300 characters (it has 9999)"),
        (Meeting, {"start_date": "2023-02-30"}, "start_date", "This is no date."),
        (Meeting, {"start_date": "\x00"}, "start_date", "This is no date."),
        (
            Meeting,
            {"start_date": "2023-03-29", "end_date": "2023-03-28"},
            "end_date",
            "A meeting cannot end before it begins.",
        ),
        (Meeting, {"end_date": "2023-03-28"}, "start_date", "Give the first day too."),
        (Meeting, {"end_time": "16:00"}, "start_time", "Say when it begins too."),
        (
            Meeting,
            {"start_date": "2023-03-28", "start_time": "16:00", "end_time": "9:30"},
            "end_time",
            "A meeting of one day cannot end before it begins.",
        ),
        (Meeting, {"registration_url": "not one"}, "registration_url", "Enter a valid URL."),
        (Meeting, {"registration_url": "javascript:x"}, "registration_url", "Enter a valid URL."),
        (
            Meeting,
            {"registration_url": "https://example.org/" + "a" * 10_000},
            "registration_url",
            "at most 500 characters",
        ),
        (Meeting, {"languages": "en\nGerman, French"}, "languages", "German, French"),
        (
            Paper,
            {"date": "2019-04-12", "date_precision": "month"},
            "date_precision",
            "a month is its first day",
        ),
        (Paper, {"language": "x" * 11}, "language", "at most 10 characters"),
    ],
)
def test_a_wrong_value_is_a_message_at_its_field(desk, kind, typed, field, message):
    draft(Lesson, "Taken", slug="taken")
    FormerSlug.objects.create(model="lessons.lesson", slug="once-taken", current_slug="taken")
    typed = {NAME_FIELDS[kind]: "What it is called", "as_printed": "Kept."} | typed
    response = desk.refused(page_url(kind, "add"), **typed)
    errors = errors_in(response)
    assert errors.keys() == {field}
    assert message in " ".join(errors[field])
    shown, _ = values_in(response)
    assert shown["as_printed"] == "Kept."
    if field not in ("state", "themes", "tags", "source", "countries"):
        # A choice that does not exist cannot be shown; whatever else was typed still stands there.
        assert {name: shown[name] for name in typed} == typed


@pytest.mark.once
def test_texts_of_any_length_are_kept(desk):
    text = "A long text. " * 2000
    desk.saved(page_url(Lesson, "add"), text=text)
    assert Lesson.objects.get().text == text.strip()
