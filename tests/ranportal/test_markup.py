"""What somebody writes is text: in every field, on every page and in every format, nothing of it runs.

Every field that holds words is filled with signs that would end what they stand in (an element, an
attribute, a script, a line, a cell), past the forms, as a backup or a fixture could. Then everything
that can be opened is opened, as a visitor and as a superuser, and read as its readers read it: some
of it every day, all of it in `make soak`.
"""

import csv
import json
import random
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree

import bibtexparser
import pytest
import rispy
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse

from briefings.models import Situation
from entries.models import kinds
from entries.workflow import notes
from entries.workflow.models import LoggedTransition
from meetings.models import Meeting, Paper
from ranportal.accounts.models import AccessLine
from records.content import NOT_SHOWN
from records.fields import LinesField
from records.versions.registering import revision
from tests.addresses import addresses, addresses_of, list_address
from tests.desk import page_url, person
from tests.made import KINDS, make_group, one_of, whole
from tests.pages import content_of
from tests.soak import soak, times
from themes.models import Absence, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once, soak]

BREAKING_OUT = [
    "</script></title></textarea>--><xss on=1>\"'><xss on=1>",
    *times(
        [],
        [
            "]]></content></summary><xss on=1/>",
            "{% load x %}{{ xss }}<xss on=1",
            "&lt;xss on=1&gt;<xss on=1>",
            "'onxss=1 \"onxss=1 `onxss=1",
            "javascript:xss()",
            "\u2028</SCRIPT ><xss/on=1>\u2029",
            "<!--<script><xss on=1>",
        ],
    ),
]
NO_WORDS = {"content_language", "language", "digest", "start_date", "date"}
# Of imports, beside those: what the portal itself says, and why one was refused, where it was.
NO_WORDS_OF_IMPORTS = {
    *("format", "kind", "column", "role", "marker", "start", "end", "normal", "refusal"),
}
# Where words are no text of anybody's; what a document says that is read in, is.
KEPT = NOT_SHOWN - {"imports"}
NEW_LINES = "=1+1\r\n\r\nTY  - XSS\r\nBEGIN:VEVENT\n@book{xss, title={}}\n=1+1"


# --- Filled ----------------------------------------------------------------------------


def words_of(model):
    """The fields of a model that hold what somebody wrote."""
    none = NO_WORDS | (NO_WORDS_OF_IMPORTS if model._meta.app_label == "imports" else set())
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | LinesField)
        and not isinstance(field, models.SlugField | models.UUIDField)
        and not field.choices
        and not field.primary_key
        and field.name not in none
    ]


def written(field, pk, text):
    if isinstance(field, LinesField):
        return [text, f"{text} again"]
    # What is checked of an address is no field that anybody fills.
    if isinstance(field, models.URLField) or field.name in ("address", "moved_to"):
        return f"https://example.org/{pk}?{text}"
    text = f"{pk} {text}" if field.unique else text
    return text[: field.max_length] if field.max_length else text


def fill(text):
    """Every row of what pages show; the triggers keep the search in step."""
    filled = 0
    for model in apps.get_models(include_auto_created=True):
        names = model._meta
        if not names.managed or names.app_label in KEPT or names.label == "entries.Country":
            continue
        for row in model._base_manager.all():
            new = {field.name: written(field, row.pk, text) for field in words_of(model)}
            if new:
                model._base_manager.filter(pk=row.pk).update(**new)
                filled += 1
    return filled


@pytest.fixture
def portal(empty_db):
    """One of everything, all of it public and tied to the rest."""
    writer = person("superuser").user
    entries = [
        whole(kind, f"A record, a {kind.__name__}", status="published", author=writer)
        for kind in KINDS
    ]
    for kind in KINDS:
        kind.objects.update(status="published", first_published="2024-01-01T00:00Z")
    one_of(Situation)
    Situation.objects.update(status="published", first_published="2024-01-01T00:00Z")
    source = Paper.objects.get(slug="the-source")
    Absence.objects.create(theme=Theme.objects.get(), text="Nothing is said.", source=source)
    for model in admin.site._registry:
        if model not in KINDS and not model.objects.exists():
            one_of(model)
    make_group("Another")
    return entries


# --- Read ------------------------------------------------------------------------------


class Injected(HTMLParser):
    """Notes the elements and attributes that none of our templates has."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _value in attrs}
        leads = [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag.startswith("xss") or {"on", "onxss"} & names:
            self.found.append((tag, attrs))
        self.found += [lead for lead in leads if lead.strip().lower().startswith("javascript:")]


def injected(text):
    reader = Injected()
    reader.feed(text)
    reader.close()
    return reader.found


def wrong_in(response):
    """(what of an answer would run, its content)."""
    content, kind = content_of(response), response["Content-Type"].partition(";")[0]
    assert not [value for value in response.headers.values() if "\n" in value or "<xss" in value]
    assert response["X-Content-Type-Options"] == "nosniff"
    if kind == "text/html":
        return injected(content.decode()), content
    if kind.endswith("json"):
        json.loads(content)
    if not kind.endswith("xml"):
        return [], content
    root = ElementTree.fromstring(content)
    within = [each.text or "" for each in root.iter() if each.get("type") == "html"]
    names = [each.tag for each in root.iter() if "xss" in each.tag]
    return names + [found for text in within for found in injected(text)], content


# --- Tests -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", BREAKING_OUT)
def test_nothing_that_is_written_runs_on_a_page_or_in_a_format(portal, client, text):
    assert fill(text) > 30
    searched = ("/search/?q=xss", "/search/?q=record", "/lessons/?q=xss", "/api/v1/lessons/?q=xss")
    opened = [*addresses(), *searched]
    opened += [each for entry in portal for each in addresses_of(entry)]
    told, opened = 0, some(opened)
    for address in opened:
        response = client.get(address, follow=True)
        assert response.status_code in (200, 400, 404), address  # no days: no file of a calendar
        wrong, content = wrong_in(response)
        assert wrong == [], address
        told += response.status_code == 200 and b"xss" in content
    assert told > len(opened) / 2


@pytest.mark.parametrize("text", BREAKING_OUT)
def test_nothing_that_is_written_runs_on_a_page_of_the_admin(portal, text):
    client = person("superuser", "reader").client
    for entry in portal:  # versions, notes and log that tell of it
        with revision(None, text):
            entry.save()
        notes.Note.objects.create(record=entry, text=text)
        LoggedTransition.objects.create(record=entry, action="changed", note=text)
    fill(text)
    User.objects.exclude(username="reader").update(username=text, first_name=text[:30])
    AccessLine.objects.update(**{field.name: text[:50] for field in words_of(AccessLine)})
    told = 0
    opened = some([*desk_addresses()])
    for address in opened:
        response = client.get(address, follow=True)
        assert response.status_code in (200, 403), address
        wrong, content = wrong_in(response)
        assert wrong == [], address
        told += b"xss" in content
    assert told > len(opened) / 3


def some(opened):
    return random.Random(len(opened)).sample(opened, times(min(30, len(opened)), len(opened)))


def desk_addresses():
    """Every page of the admin about a record, and those about many."""
    yield from (reverse(f"admin:{name}") for name in ("index",))
    yield from (reverse(name) for name in ("week", "everything", "replace"))
    yield f"{reverse('everything')}?q=xss"
    yield f"{reverse('replace')}?find=xss&replacement=%22%3E%3Cxss%20on=1%3E"
    for model, model_admin in admin.site._registry.items():
        yield page_url(model, "changelist")
        names = {
            url.name for url in model_admin.get_urls() if [*url.pattern.converters] == ["object_id"]
        }
        for record in model._default_manager.all()[:1]:
            for name in sorted(filter(None, names)):
                yield reverse(f"admin:{name}", args=[record.pk])


def test_a_line_break_begins_no_record_of_its_own(portal, client):
    Meeting.objects.update(start_date="2090-05-01", end_date="2090-05-02", date_precision="day")
    fill(NEW_LINES)
    for kind in kinds():
        number = kind.objects.published().count()
        files = {
            name: content_of(client.get(list_address(kind, name))).decode()
            for name in ("ris", "bib", "csv")
        }
        assert len(rispy.loads(files["ris"])) == number
        assert "TY  - XSS" not in files["ris"].splitlines()
        assert len(bibtexparser.parse_string(files["bib"]).entries) == number
        assert len([*csv.DictReader(StringIO(files["csv"], newline=""))]) == number
    calendar = content_of(client.get("/meetings.ics")).decode()
    assert calendar.splitlines().count("BEGIN:VEVENT") == Meeting.objects.published().count()
