"""The admin, used as a curator uses it: open a page, fill in its form, send it, read the answer."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import slugify
from taggit.models import Tag

from entries.links.models import Link
from entries.models import Country, kinds
from entries.search.models import Synonym
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson, Question
from meetings.models import Chair, Meeting, Paper, WorkingGroup
from practices.models import Practice
from ranportal.accounts.models import AccessLine
from records.models import FormerSlug
from themes.models import Absence, Theme

KINDS = [Lesson, Practice, Question, Meeting, Paper]
NAMES = {Lesson: "text", Practice: "name", Question: "text", Meeting: "title", Paper: "title"}
READ_ONLY = [Country, FormerSlug, AccessLine]
LONG = "word " * 2000
NUL_MESSAGE = "Null characters are not allowed."


# --- What the tests are made of ------------------------------------------------


def make_theme(title="Prisons", parent=None, **fields):
    return Theme.objects.create(title=title, slug=slugify(title), parent=parent, **fields)


def make(kind, name="An entry", themes=(), tags=(), status="draft", **fields):
    slug = fields.pop("slug", slugify(name))
    entry = kind.objects.create(**{NAMES[kind]: name}, slug=slug, status=status, **fields)
    entry.themes.set(themes)
    entry.tags.set(tags)
    return entry


def make_group(name="RAN HEALTH", **fields):
    return WorkingGroup.objects.create(name=name, slug=slugify(name), **fields)


def page_url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def change_url(record):
    return page_url(type(record), "change", record.pk)


class FormReader(HTMLParser):
    """Reads from a page what a browser would send if its form were submitted."""

    def __init__(self):
        super().__init__()
        self.values, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            if attrs.get("type") != "checkbox":
                self.values[name] = attrs.get("value", "")
            elif "checked" in attrs:
                self.values[name] = attrs.get("value", "on")
        elif tag == "textarea":
            self.textarea, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in attrs else ""
        elif tag == "option" and self.select and "selected" in attrs:
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(attrs["value"])
            else:
                self.values[self.select] = attrs["value"]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            # The line break right after the tag is not part of the text.
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data


def values_in(response):
    """What the page's form holds: {name: value}, and the same of its templates for new rows."""
    reader = FormReader()
    reader.feed(response.content.decode())
    templates = {name: value for name, value in reader.values.items() if "__prefix__" in name}
    return {n: v for n, v in reader.values.items() if n not in templates}, templates


def text_of(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S)
    for entity, character in (("&#x27;", "'"), ("&quot;", '"'), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return " ".join(text.split())


def errors_in(response):
    """The errors of the page: {field: messages}, those of inlines under 'links-0-url'."""
    context = response.context
    errors = {name: list(found) for name, found in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            errors |= {form.add_prefix(name): list(found) for name, found in form.errors.items()}
    return errors


@pytest.fixture
def desk(empty_db, admin_client):
    return Desk(admin_client)


class Desk:
    """A curator at work."""

    def __init__(self, client):
        self.client = client

    def open(self, url, **query):
        response = self.client.get(url, query)
        assert response.status_code == 200, response
        return response

    def send(self, page, /, **typed):
        """Open the page, type, press 'Save'; `typed` spells names as the form does."""
        values, new_rows = values_in(self.open(page))
        for name in typed:
            # A row that the page's script adds has what its template has.
            if row := re.fullmatch(r"(\w+-)\d+(-\w+)", name):
                values |= {
                    template.replace("__prefix__", name.split("-")[1]): value
                    for template, value in new_rows.items()
                    if template.startswith(row[1])
                    and template.replace("__prefix__", name.split("-")[1]) not in values
                }
        return self.client.post(page, values | typed | {"_save": "Save"})

    def saved(self, page, /, **typed):
        response = self.send(page, **typed)
        assert response.status_code == 302, errors_in(response)
        return response

    def refused(self, page, /, **typed):
        response = self.send(page, **typed)
        assert response.status_code == 200
        assert "Please correct the error" in text_of(response)
        return response

    def act(self, model, action, *records, **more):
        data = {"action": action, "_selected_action": [record.pk for record in records]} | more
        return self.client.post(page_url(model, "changelist"), data, follow=True)


def lines(formset, *rows):
    """Rows of an inline as its form spells them, all of them new."""
    typed = {f"{formset}-TOTAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        typed |= {f"{formset}-{number}-{name}": value for name, value in row.items()}
    return typed


def one_of(model):
    """A record of any model the admin shows."""
    if model in KINDS:
        theme = Theme.objects.first() or make_theme()
        return make(model, "One of a kind", themes=[theme], tags=["training"])
    made = {
        Theme: make_theme,
        WorkingGroup: make_group,
        Country: lambda: Country.objects.get(pk="BE"),
        Tag: lambda: Tag.objects.create(name="trauma"),
        Link: lambda: Link.objects.create(url="https://example.org/", lesson=make(Lesson)),
        FormerSlug: lambda: FormerSlug.objects.create(model="x.y", slug="a", current_slug="b"),
        Group: lambda: Group.objects.create(name="readers"),
        Synonym: lambda: Synonym.objects.create(term="trauma", others=["injury"]),
    }
    return made[model]() if model in made else model.objects.first()


# --- Every page ------------------------------------------------------------------

everything = pytest.mark.parametrize("model", admin.site._registry, ids=lambda m: m.__name__)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda m: m.__name__)


def test_the_five_kinds_and_what_they_hang_on_are_in_the_admin(desk):
    assert set(kinds()) == set(KINDS)
    text = text_of(desk.open(reverse("admin:index")))
    for name in ("Meetings", "Papers", "Practices", "Lessons", "Questions", "Themes", "Links"):
        assert name in text
    assert "Working groups" in text
    assert "RAN Mental Health: the curators’ desk" in text


@everything
def test_every_page_of_every_model_opens(desk, model):
    record = one_of(model)
    listed = {FormerSlug: "a b x.y", Link: "example.org/", AccessLine: "signed in admin"}
    listed = listed.get(model, str(record))
    assert listed in text_of(desk.open(page_url(model, "changelist")))
    assert str(record) in text_of(desk.open(change_url(record)))
    assert "Change history" in text_of(desk.open(page_url(model, "history", record.pk)))
    if model in READ_ONLY:
        assert desk.client.get(page_url(model, "add")).status_code == 403
        assert desk.client.get(page_url(model, "delete", record.pk)).status_code == 403
    else:
        further = "another like this" if model in KINDS else "Save and add another"
        assert further in desk.open(page_url(model, "add")).content.decode()
        assert "Delete" in text_of(desk.open(page_url(model, "delete", record.pk)))


@everything
def test_no_page_needs_what_the_content_security_policy_forbids(desk, model):
    record = one_of(model)
    urls = [page_url(model, "changelist"), change_url(record)]
    if model not in READ_ONLY:
        urls += [page_url(model, "add"), page_url(model, "delete", record.pk)]
    for url in urls:
        response = desk.open(url)
        html = response.content.decode()
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=", html)


@everything
def test_a_visitor_is_sent_to_sign_in(db, client, model):
    response = client.get(page_url(model, "changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@everything
def test_a_search_for_anything_is_answered(desk, model):
    url = page_url(model, "changelist")
    one_of(model)
    for words in ("trauma", LONG, "\x00", "'\"", "%_", "é" * 200):
        response = desk.client.get(url, {"q": words})
        assert response.status_code == 200
    assert "0 results" in text_of(desk.open(url, q="nothing-is-called-so"))


@every_kind
def test_view_on_site_leads_to_the_public_page(desk, kind):
    entry = make(kind, "Seen by all", [make_theme()], status="published")
    response = desk.open(change_url(entry))
    link = re.search(r'href="([^"]+)" class="viewsitelink"', response.content.decode())
    assert desk.client.get(link[1]).url.endswith(entry.get_absolute_url())
    assert "Seen by all" in text_of(desk.open(entry.get_absolute_url()))


# --- Writing -----------------------------------------------------------------------

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
    source = make(Paper, "The overview paper")
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
    after = kind.objects.values().get()
    assert after.pop("updated") > before.pop("updated")
    assert after == before
    assert {tag.name for tag in entry.tags.all()} == {"a tag", "another"}
    assert [*entry.themes.all()] == [theme]
    assert entry.links.count() == 1
    assert LogEntry.objects.get().get_change_message() == "No fields changed."
    assert not LoggedTransition.objects.exists()


@every_kind
def test_taking_the_last_theme_from_a_public_entry_is_an_error_and_nothing_typed_is_lost(
    desk, kind
):
    tag, source = Tag.objects.create(name="trauma"), make(Paper, "The overview paper")
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


@pytest.mark.parametrize(
    ("kind", "typed", "field", "message"),
    [
        (Lesson, {"text": ""}, "text", "This field is required."),
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
        (Meeting, {"start_date": "2023-02-30"}, "start_date", "Enter a valid date."),
        (Meeting, {"start_date": "\x00"}, "start_date", "Enter a valid date."),
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
        (Paper, {"date": "2019-04-01"}, "date_precision", "a date needs a precision"),
        (
            Paper,
            {"date": "2019-04-12", "date_precision": "month"},
            "date_precision",
            "a month is its first day",
        ),
        (Paper, {"date_precision": "day"}, "date_precision", "does not agree with the date"),
        (Paper, {"language": "x" * 11}, "language", "at most 10 characters"),
    ],
)
def test_a_wrong_value_is_a_message_at_its_field(desk, kind, typed, field, message):
    make(Lesson, "Taken", slug="taken")
    FormerSlug.objects.create(model="lessons.lesson", slug="once-taken", current_slug="taken")
    typed = {NAMES[kind]: "What it is called", "as_printed": "Kept."} | typed
    response = desk.refused(page_url(kind, "add"), **typed)
    errors = errors_in(response)
    assert errors.keys() == {field}
    assert message in " ".join(errors[field])
    shown, _ = values_in(response)
    assert shown["as_printed"] == "Kept."
    if field not in ("state", "themes", "tags", "source", "countries"):
        # A choice that does not exist cannot be shown; whatever else was typed still stands there.
        assert {name: shown[name] for name in typed} == typed


def test_texts_of_any_length_are_kept(desk):
    text = "A long text. " * 2000
    desk.saved(page_url(Lesson, "add"), text=text)
    assert Lesson.objects.get().text == text.strip()


# --- Slugs -------------------------------------------------------------------------


def test_an_empty_slug_is_made_of_the_first_words(desk):
    text = "Médecins & carers should, in some cases, share what they know about a patient."
    for _ in range(2):
        desk.saved(page_url(Lesson, "add"), text=text)
    FormerSlug.objects.create(model="lessons.lesson", slug="trust", current_slug="trust-me")
    desk.saved(page_url(Lesson, "add"), text="Trust!")
    desk.saved(page_url(Practice, "add"), name="Vivat: the programme")
    slugs = [*Lesson.objects.order_by("pk").values_list("slug", flat=True)]
    first = "medecins-carers-should-in-some-cases-share-what"
    assert slugs == [first, f"{first}-2", "trust-2"]
    assert Practice.objects.get().slug == "vivat-the-programme"


def test_a_text_that_makes_no_slug_asks_for_one(desk):
    response = desk.refused(page_url(Lesson, "add"), text="Γιατί;")
    assert errors_in(response) == {"slug": ["No slug can be made of this text: please give one."]}


def test_an_entry_that_has_an_address_keeps_one(desk):
    lesson = make(Lesson, "A lesson")
    response = desk.refused(change_url(lesson), slug="")
    assert errors_in(response) == {"slug": ["This field is required."]}


def test_a_renamed_public_entry_leads_from_its_old_address(desk):
    lesson = make(Lesson, "A lesson", [make_theme()], status="published")
    desk.saved(change_url(lesson), slug="renamed", change_note="A clearer address.")
    assert FormerSlug.objects.get().current_slug == "renamed"


# --- Publishing (who may take which step when: test_workflow.py) ----------------------


@every_kind
def test_publish_makes_public_what_it_can_and_names_the_rest_with_the_reason(desk, kind):
    theme = make_theme()
    ready = [make(kind, f"Ready {n}", [theme], status="review") for n in (1, 2)]
    public = make(kind, "Seen", [theme], status="published")
    homeless = [
        make(kind, f"Homeless <b>{n}</b>", slug=f"homeless-{n}", status="review") for n in (1, 2)
    ]
    response = desk.act(kind, "publish", *ready, public, *homeless)
    text = text_of(response)
    assert f"Published: 2 {kind._meta.verbose_name_plural}." in text
    assert "Its status is “published”; this is for “in review”. Seen" in text
    reason = "“Publish” was refused: It is filed under no theme."
    assert f"{reason} Homeless &lt;b>1&lt;/b> ; Homeless &lt;b>2&lt;/b>" in text
    assert change_url(homeless[0]) in response.content.decode()
    published = kind.objects.published()
    assert {*published} == {*ready, public}
    assert all(entry.first_published for entry in published)
    assert LogEntry.objects.filter(change_message="Published.").count() == 2


@every_kind
def test_withdrawing_from_the_list_asks_why_and_takes_out_what_it_can(desk, kind):
    theme = make_theme()
    public = make(kind, "Seen", [theme], status="published")
    draft = make(kind, "Unseen", [theme])
    asked = text_of(desk.act(kind, "withdraw", public, draft))
    assert "Why it is withdrawn" in asked
    assert "Unseen Its status is “draft”; this is for “published”." in asked
    more = {"_perform": "Withdraw", "note": "It was wrong.", "see_instead": "/about/"}
    text = text_of(desk.act(kind, "withdraw", public, draft, **more))
    assert f"Withdrawn: 1 {kind._meta.verbose_name}." in text
    assert not kind.objects.published().exists()
    first = public.first_published
    public.refresh_from_db()
    assert (public.status, public.first_published) == ("withdrawn", first)
    assert (public.withdrawn_reason, public.see_instead) == ("It was wrong.", "/about/")


def test_the_list_shows_the_status_and_what_is_missing(desk):
    make(Lesson, "A lesson")
    text = text_of(desk.open(page_url(Lesson, "changelist")))
    assert "A lesson draft no theme no source" in text


# --- Deleting ------------------------------------------------------------------------


def in_use(what):
    """A record that others depend on, and how the admin calls what stands in the way."""
    theme = make_theme()
    paper = make(Paper, "The overview paper")
    match what:
        case "theme with entries":
            make(Lesson, "A lesson on trust", [theme])
            make(Meeting, "A meeting in Vienna", [theme])
            return theme, [
                "Lesson (themes): A lesson on trust",
                "Meeting (themes): A meeting in Vienna",
            ]
        case "theme with themes below":
            make_theme("Remand", theme)
            return theme, ["Theme: Remand"]
        case "group with meetings":
            group = make_group()
            make(Meeting, "A meeting in Vienna").groups.add(group)
            return group, ["Meeting (working groups): A meeting in Vienna"]
        case "group with a successor":
            group = make_group("RAN HSC")
            make_group(predecessor=group)
            return group, ["Working group: RAN HEALTH"]
        case "paper that is a source":
            make(Lesson, "A lesson on trust", source=paper)
            theme.source = paper
            theme.save()
            return paper, ["Lesson: A lesson on trust", "Theme: Prisons"]
        case "paper that foresees a meeting":
            make(Meeting, "A meeting in Vienna", foreseen_in=paper)
            return paper, ["Meeting: A meeting in Vienna"]
        case "meeting with a paper":
            meeting = make(Meeting, "A meeting in Vienna")
            make(Paper, "Its conclusions", meeting=meeting)
            return meeting, ["Paper: Its conclusions"]
        case "meeting with a practice":
            meeting = make(Meeting, "A meeting in Vienna")
            make(Practice, "Vivat").presented_at.add(meeting)
            return meeting, ["Practice (presented at): Vivat"]
        case "meeting that took up a question":
            meeting = make(Meeting, "A meeting in Vienna")
            make(Question, "How is trust built?").uptakes.create(meeting=meeting)
            return meeting, ["Uptake: A meeting in Vienna"]


@pytest.mark.parametrize(
    "what",
    [
        "theme with entries",
        "theme with themes below",
        "group with meetings",
        "group with a successor",
        "paper that is a source",
        "paper that foresees a meeting",
        "meeting with a paper",
        "meeting with a practice",
        "meeting that took up a question",
    ],
)
def test_deleting_what_others_depend_on_is_refused_with_their_names(desk, what):
    record, names = in_use(what)
    model = type(record)
    url = page_url(model, "delete", record.pk)
    pages = [desk.open(url), desk.act(model, "delete_selected", record)]
    for page in pages:
        text = text_of(page)
        assert "would require deleting the following protected related objects:" in text
        assert [name for name in names if name not in text] == []
    desk.client.post(url, {"post": "yes"})
    desk.act(model, "delete_selected", record, post="yes")
    assert model.objects.filter(pk=record.pk).exists()


def test_a_country_in_use_cannot_be_deleted(desk):
    country = Country.objects.get(pk="BE")
    practice = make(Practice, "Vivat")
    practice.countries.add(country)
    with pytest.raises(ProtectedError) as refused:
        country.delete()
    assert [str(row) for row in refused.value.protected_objects] == ["Vivat"]
    response = desk.open(change_url(country))
    assert "Delete" not in text_of(response)
    assert desk.client.post(page_url(Country, "delete", "BE"), {"post": "yes"}).status_code == 403
    assert desk.client.post(change_url(country), {"name": "Belgique"}).status_code == 403
    assert Country.objects.get(pk="BE").name == "Belgium"


@every_kind
def test_what_nothing_depends_on_is_deleted(desk, kind):
    entry = make(kind, "Not needed", [make_theme()], ["trauma"])
    desk.client.post(page_url(kind, "delete", entry.pk), {"post": "yes"})
    assert not kind.objects.exists()
    assert Theme.objects.count() == 1


# --- Links ---------------------------------------------------------------------------

ADDRESS = "https://example.org/node/7"


@pytest.fixture
def waiting(desk):
    """An address that its paper keeps until somebody finds its entry."""
    paper = make(Paper, "The overview paper")
    return Link.objects.create(url=ADDRESS, role="unassigned", paper=paper, source_page="9")


def test_the_links_not_yet_assigned_come_first_and_can_be_filtered(desk, waiting):
    lesson = make(Lesson, "A lesson on trust")
    Link.objects.create(url="https://example.org/a.pdf", lesson=lesson)
    text = text_of(desk.open(page_url(Link, "changelist")))
    assert text.index("example.org/node/7") < text.index("example.org/a.pdf")
    assert "not yet assigned (1)" in text
    assert "Paper: The overview paper certain 9" in text
    assert "Lesson: A lesson on trust" in text
    text = text_of(desk.open(page_url(Link, "changelist"), role__exact="unassigned"))
    assert "example.org/node/7" in text
    assert "a.pdf" not in text
    text = text_of(desk.open(page_url(Link, "changelist"), belongs_to="lesson"))
    assert "example.org/node/7" not in text


@every_kind
def test_a_link_is_placed_by_choosing_its_entry_and_its_role(desk, waiting, kind):
    entry = make(kind, "Its entry")
    owner = kind._meta.model_name
    desk.saved(change_url(waiting), role="page", certainty="probable", **{owner: str(entry.pk)})
    waiting.refresh_from_db()
    assert waiting.entry == entry
    assert (waiting.role, waiting.certainty, waiting.source_page) == ("page", "probable", "9")


def test_a_link_of_two_entries_is_refused_at_both(desk, waiting):
    lesson, practice = make(Lesson, "A lesson"), make(Practice, "Vivat")
    response = desk.refused(
        change_url(waiting), role="page", lesson=str(lesson.pk), practice=str(practice.pk)
    )
    message = ["A link belongs to exactly one entry: keep one and clear the others."]
    assert errors_in(response) == {"lesson": message, "practice": message, "paper": message}
    shown, _ = values_in(response)
    assert (shown["lesson"], shown["practice"]) == (str(lesson.pk), str(practice.pk))
    response = desk.refused(
        page_url(Link, "add"), url=ADDRESS, lesson=str(lesson.pk), practice=str(practice.pk)
    )
    assert errors_in(response) == {"lesson": message, "practice": message}


def test_a_link_of_no_entry_is_refused(desk, waiting):
    for role in ("page", "unassigned"):
        response = desk.refused(change_url(waiting), role=role, paper="")
        assert errors_in(response).keys() == {"paper"}
        assert "A link belongs to exactly one entry: choose it" in text_of(response)


def test_a_link_with_its_entry_needs_a_role(desk, waiting):
    lesson = make(Lesson, "A lesson")
    response = desk.refused(change_url(waiting), lesson=str(lesson.pk))
    assert errors_in(response) == {"role": ["Say what it is to the entry that you chose."]}
    response = desk.refused(change_url(waiting), lesson=str(lesson.pk), paper="")
    assert errors_in(response).keys() == {"role"}


def test_an_entry_has_an_address_once(desk, waiting):
    lesson = make(Lesson, "A lesson")
    Link.objects.create(url=ADDRESS, lesson=lesson)
    message = ["This entry has this address already."]
    response = desk.refused(change_url(waiting), role="page", lesson=str(lesson.pk))
    assert errors_in(response) == {"url": message}
    twice = lines("links", {"url": "https://a.example/"}, {"url": "https://a.example/"})
    response = desk.refused(page_url(Lesson, "add"), text="Another", **twice)
    assert errors_in(response) == {"links-1-url": message}
    typed = {"links-TOTAL_FORMS": "2", "links-1-url": ADDRESS}
    response = desk.refused(change_url(lesson), **typed)
    assert errors_in(response) == {"links-1-url": message}


def test_only_a_paper_keeps_links_not_yet_assigned(desk):
    row = lines("links", {"url": ADDRESS, "role": "unassigned"})
    response = desk.refused(page_url(Lesson, "add"), text="A lesson", **row)
    assert "Select a valid choice. unassigned" in errors_in(response)["links-0-role"][0]
    desk.saved(page_url(Paper, "add"), title="A paper", **row)
    paper = Paper.objects.get()
    assert [*Link.objects.unassigned()] == [*paper.links.all()] != []
    desk.saved(change_url(paper), **{"links-0-role": "page"})
    assert not Link.objects.unassigned().exists()


@pytest.mark.parametrize("url", ["", "no address", "javascript:alert(1)", "https://a.b/\x00"])
def test_a_wrong_address_is_a_message_at_its_row(desk, url):
    row = lines("links", {"url": url, "note": "Something."})
    response = desk.refused(page_url(Lesson, "add"), text="A lesson", **row)
    assert errors_in(response).keys() == {"links-0-url"}
    assert values_in(response)[0]["links-0-note"] == "Something."


# --- Themes --------------------------------------------------------------------------


@pytest.fixture
def tree(desk):
    """Two branches whose positions are all the same, as when nobody has set them."""
    themes = {}
    for name, parent in (
        ("Work", None),
        ("Profiles", None),
        ("Prisons", "Work"),
        ("Groomers", "Profiles"),
        ("Remand", "Prisons"),
    ):
        themes[name] = make_theme(name, themes.get(parent))
    return themes


def test_the_themes_are_listed_as_a_tree(desk, tree):
    response = desk.open(page_url(Theme, "changelist"))
    rows = re.findall(r'class="level-(\d)">(\w+)<', response.content.decode())
    assert rows == [
        ("1", "Work"),
        ("2", "Prisons"),
        ("3", "Remand"),
        ("1", "Profiles"),
        ("2", "Groomers"),
    ]


def test_a_theme_counts_the_entries_of_its_branch_and_leads_to_them(desk, tree):
    make(Lesson, "Twice filed", [tree["Prisons"], tree["Remand"]])
    make(Lesson, "Once filed", [tree["Remand"]])
    make(Lesson, "Elsewhere", [tree["Groomers"]])
    html = desk.open(page_url(Theme, "changelist")).content.decode()
    list_url = page_url(Lesson, "changelist")
    assert re.findall(rf'<a href="{list_url}\?theme=(\w+)">(\d)<', html) == [
        ("work", "2"),
        ("prisons", "2"),
        ("remand", "2"),
        ("profiles", "1"),
        ("groomers", "1"),
    ]
    text = text_of(desk.open(list_url, theme="work"))
    assert "2 lessons" in text
    assert "Elsewhere" not in text


def test_themes_are_offered_in_the_order_of_the_tree(desk, tree):
    found = desk.open(
        reverse("admin:autocomplete"),
        app_label="lessons",
        model_name="lesson",
        field_name="themes",
        term="",
    ).json()["results"]
    assert [row["text"] for row in found] == ["Work", "Prisons", "Remand", "Profiles", "Groomers"]


@pytest.mark.parametrize("term", ["", "trauma", "\x00", LONG])
@pytest.mark.parametrize(
    "field", ["themes", "tags", "source", "groups", "countries", "presented_at"]
)
def test_every_relation_can_be_searched(desk, field, term):
    kind = Practice if field == "presented_at" else Meeting
    where = {"app_label": kind._meta.app_label, "model_name": kind._meta.model_name}
    response = desk.open(reverse("admin:autocomplete"), **where, field_name=field, term=term)
    assert "results" in response.json()


@pytest.mark.parametrize(
    ("theme", "parent", "message"),
    [
        ("Work", "Work", "A theme cannot hang below itself."),
        ("Work", "Prisons", "A theme cannot hang below itself."),
        ("Work", "Remand", "A theme cannot hang below itself."),
        ("Work", "Profiles", "The tree has three levels at most"),
        ("Groomers", "Remand", "The tree has three levels at most"),
    ],
)
def test_a_theme_stays_in_a_tree_of_three_levels(desk, tree, theme, parent, message):
    url = change_url(tree[theme])
    response = desk.refused(url, parent=str(tree[parent].pk), title="Renamed")
    errors = errors_in(response)
    assert errors.keys() == {"parent"}
    assert message in errors["parent"][0]
    assert values_in(response)[0]["title"] == "Renamed"


def test_a_theme_moves_with_what_hangs_below_it(desk, tree):
    desk.saved(change_url(tree["Prisons"]), parent=str(tree["Profiles"].pk), slug="in-prison")
    remand = Theme.objects.get(slug="remand")
    assert remand.path == "Profiles > Prisons > Remand"
    assert FormerSlug.objects.get().current_slug == "in-prison"


def test_what_a_source_says_is_missing_is_noted_with_the_theme(desk, tree):
    paper = make(Paper, "The overview paper")
    row = {
        "kind": "practice",
        "text": "None included.",
        "source": str(paper.pk),
        "source_page": "6",
    }
    desk.saved(change_url(tree["Work"]), **lines("absences", row))
    absence = Absence.objects.get()
    assert (absence.theme.slug, absence.kind, absence.source) == ("work", "practice", paper)
    desk.saved(change_url(tree["Work"]), **{"absences-0-text": "None were included."})
    typed = lines("absences", row | {"source": "", "kind": "theme"})
    response = desk.refused(change_url(tree["Prisons"]), **typed)
    assert errors_in(response).keys() == {"absences-0-source", "absences-0-kind"}
    assert values_in(response)[0]["absences-0-text"] == "None included."


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"position": "-1"}, "position"),
        ({"position": "99999"}, "position"),
        ({"position": "9" * 40}, "position"),
        ({"title": LONG}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"parent": "none"}, "parent"),
    ],
)
def test_a_wrong_value_of_a_theme_is_a_message_at_its_field(desk, typed, field):
    typed = {"title": "A theme", "introduction": "Kept."} | typed
    response = desk.refused(page_url(Theme, "add"), **typed)
    assert errors_in(response).keys() == {field}
    assert values_in(response)[0]["introduction"] == "Kept."


# --- Groups, questions, tags ---------------------------------------------------------


def test_a_group_is_kept_with_its_names_and_chairs(desk):
    country = Country.objects.get(pk="NL")
    desk.saved(
        page_url(WorkingGroup, "add"),
        name="RAN MENTAL HEALTH",
        aliases="RAN HEALTH\r\nRAN Mental Health working group",
        established="2021",
        **lines("chairs", {"name": "A. Chair", "country": "NL", "current": "on", "position": "1"}),
    )
    group = WorkingGroup.objects.get(slug="ran-mental-health")
    assert group.aliases == ["RAN HEALTH", "RAN Mental Health working group"]
    assert [(chair.name, chair.country) for chair in group.chairs.all()] == [("A. Chair", country)]
    found = desk.open(page_url(WorkingGroup, "changelist"), q="ran health")
    assert "1 working group" in text_of(found)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"established": "21"}, "established"),
        ({"aliases": "a\x00b"}, "aliases"),
        ({"predecessor": "self"}, "predecessor"),
        ({"predecessor": "successor"}, "predecessor"),
        (
            lines("chairs", {"name": "A. Chair", "country": "XX", "position": "1"}),
            "chairs-0-country",
        ),
    ],
)
def test_a_wrong_value_of_a_group_is_a_message_at_its_field(desk, typed, field):
    group = make_group()
    later = make_group("RAN LATER", predecessor=group)
    pks = {"self": str(group.pk), "successor": str(later.pk)}
    typed = {name: pks.get(value, value) for name, value in typed.items()}
    response = desk.refused(change_url(group), history="Kept.", **typed)
    assert errors_in(response).keys() == {field}
    assert values_in(response)[0]["history"] == "Kept."


def test_a_chair_is_named_once(desk):
    group = make_group()
    Chair.objects.create(group=group, name="A. Chair")
    row = {"chairs-TOTAL_FORMS": "2", "chairs-1-name": "A. Chair", "chairs-1-position": "2"}
    response = desk.refused(change_url(group), **row)
    assert "Please correct the duplicate data" in text_of(response)


def test_a_question_names_what_took_it_up(desk):
    meeting, paper = make(Meeting, "A meeting"), make(Paper, "A paper")
    question = make(Question, "How is trust built?")
    url = change_url(question)
    desk.saved(
        url,
        state="taken-up",
        **lines("uptakes", {"meeting": str(meeting.pk)}, {"paper": str(paper.pk)}),
    )
    assert {uptake.entry for uptake in question.uptakes.all()} == {meeting, paper}
    both = lines("uptakes", {"meeting": str(meeting.pk), "paper": str(paper.pk), "note": "Kept."})
    for typed in (both, lines("uptakes", {"note": "Kept."})):
        response = desk.refused(page_url(Question, "add"), text="Another", **typed)
        assert errors_in(response) == {"uptakes-0-meeting": ["Name one meeting or one paper."]}
        assert values_in(response)[0]["uptakes-0-note"] == "Kept."


def test_a_tag_shows_its_entries_and_exists_once_whatever_its_case(desk):
    make(Lesson, "A lesson on trust", tags=["Trust"])
    make(Lesson, "Another")
    tag = Tag.objects.get()
    html = desk.open(page_url(Tag, "changelist")).content.decode()
    link = f"{page_url(Lesson, 'changelist')}?tags__id__exact={tag.pk}"
    assert f'<a href="{link}">1</a>' in html
    text = text_of(desk.open(link))
    assert "1 lesson" in text
    assert "Another" not in text
    response = desk.refused(page_url(Tag, "add"), name="trust", slug="trust-2")
    assert errors_in(response) == {"name": ["There is such a tag already."]}


# --- Lists ---------------------------------------------------------------------------


@every_kind
def test_entries_are_found_by_status_theme_source_and_tag(desk, kind):
    theme, source = make_theme(), make(Paper, "The overview paper")
    make(kind, "Wanted", [theme], ["trauma"], source=source, status="published")
    make(kind, "Other")
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
    make(Meeting, "A meeting", start_date=date(2023, 3, 28), end_date=date(2023, 3, 28))
    response = desk.client.get(page_url(Meeting, "changelist"), query)
    assert response.status_code == status
    if status == 302:
        assert "A meeting" in text_of(desk.open(response.url))


@pytest.mark.parametrize(
    "model", [*KINDS, Theme, WorkingGroup, Link, Tag], ids=lambda m: m.__name__
)
def test_the_queries_of_a_list_do_not_grow_with_its_rows(desk, model):
    source, theme = make(Paper, "A source"), make_theme("A theme")
    url = page_url(model, "changelist")

    def add(number):
        themes = [make_theme(f"Theme {number}", theme), theme]
        fields = {"source": source, "tags": [f"tag {number}"], "themes": themes}
        if model in KINDS:
            entry = make(model, f"Row {number}", **fields)
            if hasattr(entry, "countries"):
                entry.countries.set(["BE", "NL"])
            if hasattr(entry, "groups"):
                entry.groups.add(make_group(f"Group {number}"))
        elif model is WorkingGroup:
            make_group(f"Row {number}", predecessor=make_group(f"Before {number}"))
        elif model is Link:
            for kind in KINDS:
                owner = {kind._meta.model_name: make(kind, f"Row {number}", **fields)}
                Link.objects.create(url=f"https://example.org/{number}", **owner)
        else:
            make(Lesson, f"Row {number}", **fields)

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
