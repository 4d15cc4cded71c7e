"""Every change is a version, what changed can be read, and everything can be brought back."""

import json
import time
from uuid import uuid4

import pytest
import reversion
from django.contrib.auth.models import Group, User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from reversion.models import Revision, Version
from taggit.models import Tag

from entries.links.models import Link
from entries.search.models import Synonym
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson, Question
from meetings.models import Chair, Meeting, Paper, WorkingGroup
from practices.models import Practice
from records.models import FormerSlug
from records.versions.differences import (
    IN,
    OUT,
    SAME,
    lines_between,
    long_texts_between,
    shortened,
    words_between,
)
from records.versions.snapshots import versions_of
from tests.portal import KINDS, Page
from tests.test_admin import (
    Desk,
    change_url,
    lines,
    make,
    make_group,
    make_theme,
    page_url,
    text_of,
    values_in,
)
from themes.models import Absence, Theme

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
NOTE = {"change_note": "A better wording."}


@pytest.fixture
def desk(empty_db, admin_client):
    return Desk(admin_client)


@pytest.fixture
def team_of_one(settings):
    settings.FOUR_EYES = False


# --- An entry with everything it may have ------------------------------------------------


def whole(kind, name="An entry", **fields):
    """An entry with every relation and row that its kind has."""
    source = Paper.objects.filter(slug="the-source").first() or make(Paper, "The source")
    theme = Theme.objects.filter(slug="prisons").first() or make_theme()
    entry = make(
        kind, name, [theme], ["trauma", "child returnees"], source=source, source_page="7", **fields
    )
    owner = kind._meta.model_name
    for number in (2, 1, 3):
        Link.objects.create(
            url=f"https://example.org/{number}", note=f"N. {number}", **{owner: entry}
        )
    if hasattr(entry, "countries"):
        entry.countries.set(["NL", "BE"])
    if hasattr(entry, "groups"):
        entry.groups.set([make_group(f"Of {entry.slug}")])
    if kind is Practice:
        entry.presented_at.set([make(Meeting, f"Where {name} was shown")])
        entry.target_audiences = ["Teachers", "Families"]
    if kind is Meeting:
        entry.objectives = ["Exchange", "Learn"]
    if kind is Question:
        entry.uptakes.create(meeting=make(Meeting, f"A meeting on {name}"), note="Taken up.")
        entry.uptakes.create(paper=make(Paper, f"A paper on {name}"), certainty="probable")
    entry.save()
    Revision.objects.all().delete()
    return entry


def state(entry):
    """Everything that the entry says, row keys included, except when it was last saved."""
    kind, name = type(entry), type(entry)._meta.model_name
    rows = [*kind.objects.filter(pk=entry.pk), *Link.objects.filter(**{name: entry.pk})]
    rows += kind.tags.through.objects.filter(content_object=entry.pk).order_by("pk")
    if kind is Question:
        rows += entry.uptakes.model.objects.filter(question=entry.pk).order_by("pk")
    said = json.loads(serializers.serialize("json", rows))
    for name in ("updated", "changed_by", "awaits_second_look"):
        said[0]["fields"].pop(name)
    for name in ("themes", "countries", "groups", "presented_at"):
        said[0]["fields"].get(name, []).sort()
    return said


def versions(record):
    return list(versions_of(type(record), record.pk))


def url(record, page, *args):
    return page_url(type(record), page, record.pk, *args)


def restore(desk, record, version, note="Better as it was."):
    page = url(record, "restore", version.pk)
    return desk.client.post(page, values_in(desk.open(page))[0] | {"note": note})


def found(kind, words):
    return {*kind.objects.search(words)}


# --- One version per save ------------------------------------------------------------------


@every_kind
def test_a_save_in_the_admin_is_one_version_with_its_person_and_note(desk, kind):
    entry = whole(kind, status="published")
    revisions = Revision.objects.count()
    desk.saved(change_url(entry), source_page="9", **NOTE)
    last, before = versions(entry)[:2]
    assert Revision.objects.count() == revisions + 2, "as it was found, and as it was saved"
    assert last.revision.comment == "A better wording."
    assert last.revision.user.username == "admin"
    assert "found" in before.revision.comment
    assert before.revision.user is None
    desk.saved(change_url(entry), source_page="10", **NOTE)
    assert len(versions(entry)) == 3
    assert Revision.objects.count() == revisions + 3


@every_kind
def test_a_new_entry_begins_with_its_first_version(desk, kind):
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    link = lines("links", {"url": "https://example.org/"})
    desk.saved(page_url(kind, "add"), **{name: "New"}, slug="new", **link)
    (version,) = versions(kind.objects.get())
    assert version.revision.version_set.filter(content_type__model="link").count() == 1


def test_a_form_with_an_error_is_no_version(desk):
    lesson = whole(Lesson)
    desk.refused(change_url(lesson), slug="")
    assert [v for v in versions(lesson) if v.revision.user] == []


def test_every_transition_of_the_workflow_is_a_version_with_its_note(desk, team_of_one):
    lesson = whole(Lesson)
    for name, note in (("send", "Please look."), ("publish", "Seen."), ("withdraw", "Wrong.")):
        page = page_url(Lesson, "transition", lesson.pk, name)
        desk.client.post(page, values_in(desk.open(page))[0] | {"_perform": "1", "note": note})
    said = [version.revision.comment for version in versions(lesson)]
    assert [comment.partition(": ")[2] for comment in said[:3]] == [
        "Wrong.",
        "Seen.",
        "Please look.",
    ]
    assert {version.revision.user.username for version in versions(lesson)[:3]} == {"admin"}


def test_a_transition_of_many_from_the_list_is_a_version_of_each(desk, team_of_one):
    lessons = [whole(Lesson, f"Lesson {n}", status="review") for n in range(3)]
    desk.act(Lesson, "publish", *lessons)
    assert {*Lesson.objects.published()} == {*lessons}
    for lesson in lessons:
        assert "ublished" in versions(lesson)[0].revision.comment


def test_a_link_changed_on_its_own_page_is_a_version_of_its_entry(desk):
    paper, practice = whole(Paper), whole(Practice)
    practice.links.update(url=Concat("url", Value("0")))
    link = paper.links.first()
    desk.saved(change_url(link), paper="", practice=str(practice.pk), note="Moved.")
    for entry, number in ((paper, 2), (practice, 4)):
        last, before = versions(entry)[:2]
        links = last.revision.version_set.filter(content_type__model="link")
        owner = entry._meta.model_name
        mine = [v for v in links if json.loads(v.serialized_data)[0]["fields"][owner] == entry.pk]
        assert len(mine) == number
        assert before.revision.version_set.filter(content_type__model="link").count() == 3


def test_what_is_changed_or_deleted_past_the_admin_is_kept_as_it_was(empty_db):
    lesson = whole(Lesson, "First words")
    lesson.text = "Second words"
    lesson.save()
    Lesson.objects.update(text="Third words")
    lesson.refresh_from_db()
    lesson.delete()
    texts = [
        json.loads(v.serialized_data)[0]["fields"]["text"]
        for v in Version.objects.get_for_model(Lesson).order_by("pk")
    ]
    assert texts[-2:] == ["First words", "Third words"]


def test_loading_the_corpus_makes_no_versions(transactional_db):
    Version.objects.all().delete()
    call_command("load_corpus")
    assert not Version.objects.exists()


@pytest.mark.parametrize("model", [*KINDS, Theme, WorkingGroup], ids=lambda model: model.__name__)
def test_a_record_keeps_its_identifier_whatever_is_done_with_it(desk, model):
    record = make_theme() if model is Theme else None
    record = make_group() if model is WorkingGroup else record or whole(model)
    identifier = record.identifier
    desk.saved(change_url(record), slug="renamed")
    assert model.objects.get(pk=record.pk).identifier == identifier
    first = versions(record)[0]
    record.refresh_from_db()
    record.identifier = uuid4()
    record.save()
    record.save(update_fields=["identifier"])
    assert model.objects.get(pk=record.pk).identifier == identifier

    # A portal that was brought in line with others: a version of before changes nothing of it.
    agreed = uuid4()
    model.objects.filter(pk=record.pk).update(identifier=agreed, slug="else")
    assert restore(desk, record, first).status_code == 302
    assert model.objects.get(pk=record.pk).slug == "renamed"
    assert model.objects.get(pk=record.pk).identifier == agreed

    desk.client.post(url(record, "delete"), {"post": "yes"})
    assert not model.objects.filter(pk=record.pk).exists()
    (version, *_older) = versions_of(model, record.pk)
    desk.client.post(page_url(model, "recover", version.pk), {"note": ""})
    assert model.objects.get(pk=record.pk).identifier == agreed


# --- Restoring --------------------------------------------------------------------------------


@every_kind
def test_everything_of_an_entry_comes_back_exactly(desk, kind):
    entry = whole(kind, "Once upon a kernel")
    desk.saved(change_url(entry))  # nothing changed: the state as it is becomes a version
    before, first = state(entry), versions(entry)[0]

    # Through the admin, then past it: everything is taken away or changed.
    desk.saved(
        change_url(entry), **{"links-0-DELETE": "on", "links-1-url": "https://example.org/9"}
    )
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    desk.saved(change_url(entry), **{name: "Something else", "slug": "else", "source": ""})
    desk.saved(change_url(entry), themes=[str(make_theme("Schools").pk)], tags=[])
    for relation in ("countries", "groups", "presented_at"):
        if hasattr(entry, relation):
            getattr(entry, relation).clear()
    if kind is Question:
        entry.uptakes.all().delete()
    assert state(entry) != before
    assert found(kind, "kernel trauma") == set()

    assert restore(desk, entry, first).status_code == 302
    assert state(entry) == before
    assert found(kind, "kernel trauma") == {entry}
    assert versions(entry)[0].revision.comment.startswith("Restored: the version of")
    assert versions(entry)[0].revision.user.username == "admin"


@every_kind
def test_a_deleted_entry_comes_back_exactly(desk, kind):
    entry = whole(kind, "Once upon a kernel", status="published")
    before, pk = state(entry), entry.pk
    desk.client.post(url(entry, "delete"), {"post": "yes"})
    assert not kind.objects.filter(pk=pk).exists()
    assert found(kind, "kernel") == set()

    gone = desk.open(page_url(kind, "recover_list"))
    assert "Once upon a kernel" in text_of(gone)
    assert ", admin" in text_of(gone)
    (version,) = versions_of(kind, pk)
    page = page_url(kind, "recover", version.pk)
    shown = text_of(desk.open(page))
    for words in ("child returnees", "Prisons", "https://example.org/2", "The source"):
        assert words in shown
    response = desk.client.post(page, {"note": "Deleted by mistake."})
    assert response.url == page_url(kind, "change", pk)
    assert state(kind.objects.get(pk=pk)) == before
    assert found(kind, "kernel trauma") == {entry}
    assert "There are no deleted" in text_of(desk.open(page_url(kind, "recover_list")))
    assert desk.client.get(page).status_code == 404


def test_the_entries_of_a_list_action_are_deleted_and_each_comes_back(desk):
    lessons = [whole(Lesson, f"Lesson {n}") for n in range(3)]
    before = [state(lesson) for lesson in lessons]
    desk.act(Lesson, "delete_selected", *lessons, post="yes")
    assert not Lesson.objects.exists()
    for said in before:
        (version,) = versions_of(Lesson, said[0]["pk"])
        desk.client.post(page_url(Lesson, "recover", version.pk), {"note": ""})
        assert state(Lesson.objects.get(pk=said[0]["pk"])) == said


def test_restoring_one_of_those_that_were_saved_together_leaves_the_others(desk):
    one, other = whole(Lesson, "One"), whole(Lesson, "Other")
    with reversion.create_revision():
        one.save()
        other.save()
    together = versions(one)[0]
    desk.saved(change_url(one), text="One, changed")
    desk.saved(change_url(other), text="Other, changed")
    restore(desk, one, together)
    assert {*Lesson.objects.values_list("text", flat=True)} == {"One", "Other, changed"}


@pytest.mark.parametrize("how", ["restored", "recovered"])
@pytest.mark.parametrize("what", ["theme", "group", "tag", "synonym"])
def test_what_entries_hang_on_comes_back_too(desk, what, how):
    record, change = vocabulary(what)
    desk.saved(change_url(record), **change)
    before = rows_of(record)
    version = versions(record)[0]
    pk, model = record.pk, type(record)
    if how == "restored":
        desk.saved(change_url(record), **again(what, record))
        assert rows_of(record) != before
        restore(desk, record, version)
    else:
        desk.client.post(url(record, "delete"), {"post": "yes"})
        assert not model.objects.filter(pk=pk).exists()
        (version, *_older) = versions_of(model, pk)
        desk.client.post(page_url(model, "recover", version.pk), {"note": ""})
    assert rows_of(model.objects.get(pk=pk)) == before


def vocabulary(what):
    """A record with its rows, and what is first typed into its form."""
    if what == "theme":
        theme, paper = make_theme(), make(Paper, "The source")
        for kind in ("practice", "lesson"):
            Absence.objects.create(
                theme=theme, kind=kind, text="None.", source=paper, source_page="6"
            )
        return theme, {"introduction": "On prisons."}
    if what == "group":
        group = make_group()
        for position, name in enumerate(("B. Chair", "A. Chair")):
            Chair.objects.create(group=group, name=name, country_id="NL", position=position)
        return group, {"history": "Founded."}
    if what == "tag":
        whole(Lesson)
        whole(Practice)
        return Tag.objects.get(name="trauma"), {"slug": "trauma-1"}
    return Synonym.objects.create(term="trauma", others=["injury"]), {"others": "injury\r\nwound"}


def again(what, record):
    return {
        "theme": {"introduction": "Else.", "absences-0-DELETE": "on", "absences-1-text": "Few."},
        "group": {"history": "Else.", "chairs-0-DELETE": "on", "chairs-1-name": "C. Chair"},
        "tag": {"name": "injury"},
        "synonym": {"others": "harm"},
    }[what]


def rows_of(record):
    names = {Theme: ["absences"], WorkingGroup: ["chairs"]}.get(type(record), [])
    if isinstance(record, Tag):
        names = ["lessons_lessontag_items", "practices_practicetag_items"]
    rows = [type(record).objects.get(pk=record.pk)]
    for name in names:
        rows += getattr(record, name).order_by("pk")
    return json.loads(serializers.serialize("json", rows))


def test_an_older_version_of_a_tag_does_not_untag_what_was_tagged_since(desk):
    tag = Tag.objects.create(name="trauma", slug="trauma")
    desk.saved(change_url(tag))
    version = versions(tag)[0]
    desk.saved(change_url(tag), name="injury")
    lesson = make(Lesson, "Tagged since", tags=["injury"])
    restore(desk, tag, version)
    assert [tag.name for tag in lesson.tags.all()] == ["trauma"]


def test_what_points_to_something_deleted_comes_back_without_it_and_says_so(desk):
    question = whole(Question, "How?")
    practice = whole(Practice, "A practice")
    for entry in (question, practice):
        desk.saved(change_url(entry))
    question_then, practice_then = versions(question)[0], versions(practice)[0]
    question.uptakes.all().delete()
    practice.presented_at.clear()
    practice.tags.clear()
    Meeting.objects.all().delete()
    Tag.objects.get(name="trauma").delete()

    restored = text_of(desk.client.get(restore(desk, question, question_then).url))
    assert "Not brought back, because it is gone or another’s" in restored
    assert "A meeting on How?" in restored
    assert "trauma" in restored
    assert [uptake.paper.title for uptake in question.uptakes.all()] == ["A paper on How?"]
    restored = text_of(desk.client.get(restore(desk, practice, practice_then).url))
    assert "Where A practice was shown" in restored
    assert [tag.name for tag in practice.tags.all()] == ["child returnees"]


def test_a_link_that_went_to_another_entry_stays_there_and_comes_back_as_another(desk):
    paper, lesson = whole(Paper), make(Lesson, "A lesson")
    desk.saved(change_url(paper))
    then = versions(paper)[0]
    link = paper.links.get(url="https://example.org/1")
    desk.saved(change_url(link), paper="", lesson=str(lesson.pk))
    restore(desk, paper, then)
    assert [link.url for link in lesson.links.all()] == ["https://example.org/1"]
    assert {link.url for link in paper.links.all()} == {
        f"https://example.org/{n}" for n in (1, 2, 3)
    }


def test_a_version_that_breaks_a_rule_of_today_is_refused_with_the_reason(desk):
    group = make_group("RAN HEALTH")
    desk.saved(change_url(group), name="RAN H&SC", slug="ran-h-sc")
    then = versions(group)[-1]
    WorkingGroup.objects.create(name="RAN HEALTH", slug="new")
    response = restore(desk, group, then)
    assert response.status_code == 200
    assert "Working group with this Name already exists." in text_of(response)
    group.refresh_from_db()
    assert group.name == "RAN H&SC"
    assert len(versions(group)) == 2


# --- Restoring what is public ------------------------------------------------------------------


@every_kind
def test_restoring_a_public_entry_is_a_public_change_that_awaits_a_second_look(desk, kind):
    entry = whole(kind, "As it was", status="published")
    first_published = kind.objects.get(pk=entry.pk).first_published
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    desk.saved(change_url(entry), **{name: "As it became"}, **NOTE)
    kind.objects.update(awaits_second_look=False)
    page = url(entry, "restore", versions(entry)[1].pk)

    assert "awaits a second look" in text_of(desk.open(page))
    refused = desk.client.post(page, values_in(desk.open(page))[0] | {"note": ""})
    assert "This field is required." in text_of(refused)
    assert "As it became" in Page(desk.client.get(entry.get_absolute_url())).text

    restore(desk, entry, versions(entry)[1], "The new wording was wrong.")
    entry.refresh_from_db()
    assert "As it was" in Page(desk.client.get(entry.get_absolute_url())).text
    assert (entry.status, entry.awaits_second_look) == ("published", True)
    assert entry.first_published == first_published
    assert entry.changed_by.username == "admin"
    logged = LoggedTransition.objects.of(entry).last()
    assert (logged.action, logged.note) == ("changed", "The new wording was wrong.")


def test_a_draft_restored_over_a_public_entry_leaves_it_public_and_a_public_one_a_draft(desk):
    lesson = whole(Lesson, "Draft words")
    desk.saved(change_url(lesson))
    draft = versions(lesson)[0]
    Lesson.objects.update(status="published", first_published=lesson.created, text="Public words")
    desk.saved(change_url(lesson), **NOTE)
    public = versions(lesson)[0]
    restore(desk, lesson, draft)
    lesson.refresh_from_db()
    assert (lesson.text, lesson.status) == ("Draft words", "published")
    Lesson.objects.update(status="draft")
    restore(desk, lesson, public)
    lesson.refresh_from_db()
    assert (lesson.text, lesson.status) == ("Public words", "draft")


def person(role, **fields):
    user = User.objects.create_user(role, is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return user, client


@pytest.mark.parametrize(
    ("role", "status", "own", "allowed"),
    [
        ("contributor", "draft", True, True),
        ("contributor", "draft", False, False),
        ("contributor", "published", True, False),
        ("curator", "draft", False, True),
        ("curator", "published", False, True),
        ("editor", "published", False, True),
    ],
)
def test_who_may_change_an_entry_may_restore_and_recover_it(desk, role, status, own, allowed):
    user, client = person(role)
    lesson = whole(Lesson, "Old", author=user if own else None, status=status)
    desk.saved(change_url(lesson), text="New", **(NOTE if status == "published" else {}))
    old = versions(lesson)[1]
    page = url(lesson, "restore", old.pk)
    if allowed:
        values = values_in(client.get(page))[0]
        assert client.post(page, values | {"note": "Better."}).status_code == 302
    else:
        assert client.get(page).status_code == 403
        assert client.post(page, {"note": "Better."}).status_code == 403
    lesson.refresh_from_db()
    assert lesson.text == ("Old" if allowed else "New")

    pk = lesson.pk
    lesson.delete()
    page = page_url(Lesson, "recover", versions_of(Lesson, pk)[0].pk)
    # What was public is so again at once.
    may = allowed and (status == "draft" or role == "editor")
    assert client.post(page, {"note": "Better."}).status_code == (302 if may else 403)
    assert Lesson.objects.filter(pk=pk).exists() == may


def test_a_visitor_is_sent_to_sign_in_from_every_page_of_the_history(empty_db, client):
    lesson = whole(Lesson)
    lesson.save()
    pk = versions(lesson)[0].pk
    pages = [
        url(lesson, "history"),
        url(lesson, "version", pk),
        url(lesson, "compare", pk, pk),
        url(lesson, "restore", pk),
        page_url(Lesson, "recover_list"),
        page_url(Lesson, "recover", pk),
    ]
    for page in pages:
        for response in (client.get(page), client.post(page)):
            assert response.status_code == 302
            assert response.url.startswith(reverse("admin:login"))


def test_a_restore_that_was_looked_at_before_somebody_else_saved_is_shown_again(desk):
    lesson = whole(Lesson, "One")
    desk.saved(change_url(lesson), text="Two")
    page = url(lesson, "restore", versions(lesson)[1].pk)
    looked_at = values_in(desk.open(page))[0]
    desk.saved(change_url(lesson), text="Three")
    response = desk.client.post(page, looked_at | {"note": "Back."})
    assert "It was changed after you opened this page" in text_of(response)
    assert "Three" in text_of(response)
    lesson.refresh_from_db()
    assert lesson.text == "Three"
    response = desk.client.post(page, values_in(response)[0])
    lesson.refresh_from_db()
    assert lesson.text == "One"


# --- What changed -----------------------------------------------------------------------------------


def changes_in(response):
    """{field: its lines} as a page shows what changed, [-out-] and {+in+} marked."""
    page = Page(response)
    found = {}
    for change in page.root.iterfind(".//div[dt]"):
        if "change " in f"{change.get('class')} ":
            label = " ".join(change.find("dt").text.split())
            found[label] = [marked(line) for line in change.findall("dd")]
    return found


def marked(element):
    text = element.text or ""
    for child in element:
        if child.tag in ("ins", "del"):
            said, marks = child.find("span").tail, {"ins": "{+%s+}", "del": "[-%s-]"}
            text += marks[child.tag] % said
        text += child.tail or ""
    return " ".join(text.split())


@every_kind
def test_the_difference_of_two_versions_reads_field_by_field_and_word_by_word(desk, kind):
    entry = whole(kind, "Build trust first, and take your time.")
    other = make(Paper, "Another source")
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    desk.saved(
        change_url(entry),
        **{name: "Build trust at once, and take your time."},
        themes=[str(make_theme("Schools").pk)],
        tags=[str(Tag.objects.get(name="trauma").pk)],
        source=str(other.pk),
        source_page="12–13",
        **{"links-0-role": "page", "links-1-DELETE": "on"},
    )
    after, before = versions(entry)
    changes = changes_in(desk.open(url(entry, "compare", before.pk, after.pk)))
    assert changes == {
        name.capitalize(): ["Build trust [-first-]{+at once+}, and take your time."],
        "Themes": ["[-Prisons-]", "{+Schools+}"],
        "Tags": ["[-child returnees-]", "trauma"],
        "Source": ["[-The-]{+Another+} source"],
        "Page in the source": ["[-7-]{+12–13+}"],
        "Links": [
            "https://example.org/2 (role: [-document-]{+web page+}, certainty: certain, note: N. 2)",
            "[-https://example.org/1 (role: document, certainty: certain, note: N. 1)-]",
            "https://example.org/3 (role: document, certainty: certain, note: N. 3)",
        ],
    }
    backwards = changes_in(desk.open(url(entry, "compare", after.pk, before.pk)))
    assert backwards["Themes"] == ["[-Schools-]", "{+Prisons+}"]
    history = text_of(desk.open(url(entry, "history")))
    assert f"{name.capitalize()}, Themes, Tags, Source, Page in the source, Links" in history


def test_lines_relations_and_rows_are_shown_as_lines_taken_out_and_put_in(desk):
    question, practice = whole(Question, "How?"), whole(Practice)
    desk.saved(
        change_url(practice), target_audiences="Families\r\nTeachers at school", countries=["NL"]
    )
    then, now = versions(practice)[::-1]
    changes = changes_in(desk.open(url(practice, "compare", then.pk, now.pk)))
    assert changes["Target audiences"] == ["[-Teachers-]", "Families", "{+Teachers at school+}"]
    assert changes["Countries"] == ["[-Belgium-]", "Netherlands"]
    desk.saved(change_url(question), **{"uptakes-0-DELETE": "on"}, state="taken-up")
    then, now = versions(question)[::-1]
    changes = changes_in(desk.open(url(question, "compare", then.pk, now.pk)))
    assert changes["State"] == ["[-open-]", "{+taken up+}"]
    assert changes["Taken up by"] == [
        "[-A meeting on How? (certainty: certain, note: Taken up.)-]",
        "A paper on How? (certainty: probable)",
    ]


def test_any_two_versions_can_be_chosen_in_the_history(desk):
    lesson = whole(Lesson, "One")
    for text in ("Two", "Three"):
        desk.saved(change_url(lesson), text=text)
    third, _second, first = versions(lesson)
    page = url(lesson, "history")
    chosen = {"older": first.pk, "newer": third.pk}
    response = desk.client.post(page, chosen, follow=True)
    assert changes_in(response) == {"Text": ["[-One-]{+Three+}"]}
    for nonsense in ({}, {"older": "x", "newer": "1"}):
        assert desk.client.post(page, nonsense).url == page
    assert desk.client.get(url(lesson, "compare", 0, third.pk)).status_code == 404


def test_a_version_of_another_record_is_not_shown_as_one_of_this(desk):
    one, other = whole(Lesson, "One"), whole(Question, "Other?")
    desk.saved(change_url(one))
    desk.saved(change_url(other))
    version = versions(other)[0].pk
    for page in ("version", "restore"):
        assert desk.client.get(url(one, page, version)).status_code == 404
    assert desk.client.get(page_url(Lesson, "recover", version)).status_code == 404


def test_a_long_history_is_shown_page_by_page(desk):
    lesson = make(Lesson, "Word")
    for number in range(60):
        with reversion.create_revision():
            lesson.text = f"Word {number}"
            lesson.save()
    kept = versions(lesson)
    page = desk.open(url(lesson, "history"))
    assert page.content.decode().count('name="older"') == 50
    earlier = url(lesson, "history_before", kept[49].pk)
    assert earlier in page.content.decode()
    assert desk.open(earlier).content.decode().count('name="older"') == len(kept) - 50


def test_a_version_that_names_what_is_gone_still_reads(desk):
    practice = whole(Practice, "A practice")
    desk.saved(change_url(practice))
    practice.presented_at.clear()
    Meeting.objects.all().delete()
    then = versions(practice)[0]
    for page in ("version", "restore"):
        shown = text_of(desk.open(url(practice, page, then.pk)))
        assert "Where A practice was shown (deleted)" in shown


def test_an_entry_as_it_was_loaded_says_that_it_has_no_version_yet(db, admin_client):
    lesson = Lesson.objects.first()
    assert "No version yet" in text_of(admin_client.get(url(lesson, "history")))


words = st.text(st.sampled_from("ab ,.\n"), max_size=60) | st.text(max_size=30)


@given(words, words)
def test_what_is_the_same_and_out_is_the_old_text_and_what_is_the_same_and_in_the_new(old, new):
    pieces = words_between(old, new)
    assert "".join(text for kind, text in pieces if kind in (SAME, OUT)) == old
    assert "".join(text for kind, text in pieces if kind in (SAME, IN)) == new


@given(words, words)
def test_long_texts_are_told_apart_sentence_by_sentence(old, new):
    pieces = long_texts_between(f"Begin. {old}. End.", f"Begin. {new}. End.")
    assert "".join(text for kind, text in pieces if kind in (SAME, OUT)) == f"Begin. {old}. End."
    assert "".join(text for kind, text in pieces if kind in (SAME, IN)) == f"Begin. {new}. End."


def test_a_rewritten_long_text_is_compared_in_no_time():
    """Word by word as a whole this would take minutes."""
    old = [f"The {n % 7} and the {n % 11} of the other {n % 13}. " for n in range(1500)]
    begun = time.monotonic()
    assert words_between("".join(old), "".join(reversed(old)))
    assert time.monotonic() - begun < 10


def test_of_a_long_text_only_what_is_near_a_change_is_shown():
    old = " ".join(f"word{n}" for n in range(400))
    pieces = list(shortened(words_between(old, old.replace("word200 ", "other "))))
    assert len(pieces) == 4
    assert pieces[0][1].startswith("[…] word175 ")
    assert pieces[3][1].endswith("[…] ")
    same = [(SAME, old)]
    assert list(shortened(same)) == same


@given(st.lists(words, max_size=6), st.lists(words, max_size=6))
def test_the_lines_of_two_lists_are_all_there(old, new):
    pieces = [piece for line in lines_between(old, new) for piece in line]
    out = "".join(text for kind, text in pieces if kind in (SAME, OUT))
    put_in = "".join(text for kind, text in pieces if kind in (SAME, IN))
    assert sorted(out) == sorted("".join(old))
    assert sorted(put_in) == sorted("".join(new))


# --- Addresses ----------------------------------------------------------------------------------------

RESERVED = "This address was that of a deleted record, which may be brought back."
LEADS = "This address was another record's and still leads there."


def test_a_slug_once_public_is_given_to_no_other_by_the_admin_nor_in_the_shell(desk):
    renamed = whole(Lesson, "First", slug="wanted", status="published")
    desk.saved(change_url(renamed), slug="first", **NOTE)
    other = whole(Lesson, "Other", status="published")

    response = desk.refused(page_url(Lesson, "add"), text="New", slug="wanted")
    assert response.context["adminform"].form.errors == {"slug": [LEADS]}
    response = desk.refused(change_url(other), slug="wanted", **NOTE)
    assert response.context["adminform"].form.errors == {"slug": [LEADS]}
    with pytest.raises(ValidationError, match="still leads there"):
        make(Lesson, "New", slug="wanted")
    other.slug = "wanted"
    with pytest.raises(ValidationError, match="still leads there"):
        other.save()
    assert {*Lesson.objects.values_list("slug", flat=True)} == {"first", "other"}
    assert make(Question, "Of another kind", slug="wanted").slug == "wanted"

    # Its own it may have back, and then the other one leads to it.
    desk.saved(change_url(renamed), slug="wanted", **NOTE)
    assert desk.client.get("/lessons/first/").url == "/lessons/wanted/"
    with pytest.raises(ValidationError, match="still leads there"):
        make(Lesson, "New", slug="first")


@pytest.mark.parametrize("load", ["deferred", "anew", "stale"])
def test_a_slug_changed_in_the_shell_redirects_however_the_entry_was_loaded(desk, load):
    lesson = make(Lesson, "A lesson", [make_theme()], slug="one", status="published")
    if load == "deferred":
        lesson = Lesson.objects.defer("slug").get()
    elif load == "anew":
        lesson = Lesson(**Lesson.objects.values().get())
    else:
        other = Lesson.objects.get()
        other.slug = "between"
        other.save()
    lesson.slug = "two"
    lesson.save()
    assert desk.client.get("/lessons/one/").url == "/lessons/two/"
    if load == "stale":
        assert desk.client.get("/lessons/between/").url == "/lessons/two/"


def test_saving_something_else_leaves_a_slug_alone_that_was_changed_meanwhile(empty_db):
    make(Lesson, "A lesson", slug="one", status="published")
    stale = Lesson.objects.get()
    Lesson.objects.update(slug="two")
    stale.save(update_fields=["text"])
    assert Lesson.objects.get().slug == "two"
    assert not FormerSlug.objects.exists()


def test_the_slug_of_a_draft_that_was_never_public_is_free(empty_db):
    lesson = make(Lesson, "A lesson", slug="one")
    lesson.slug = "two"
    lesson.save()
    make(Lesson, "Other", slug="one")
    lesson.delete()
    make(Lesson, "Third", slug="two")
    assert not FormerSlug.objects.exists()


@pytest.mark.parametrize("status", ["published", "withdrawn", "draft"])
def test_the_address_of_a_deleted_entry_stays_its_own_and_says_so(desk, status):
    entry = whole(Lesson, "First", slug="before", status="published")
    desk.saved(change_url(entry), slug="wanted", **NOTE)
    Lesson.objects.update(status=status)
    desk.client.post(url(entry, "delete"), {"post": "yes"})

    visitor = Client()
    for slug in ("wanted", "before"):
        page = visitor.get(f"/lessons/{slug}/")
        assert page.status_code == 410
        assert "This lesson was deleted" in Page(page).headings
        for extension in ("ris", "bib"):
            assert visitor.get(f"/lessons/{slug}.{extension}").status_code == 410
        answer = visitor.get(f"/api/v1/lessons/{slug}/")
        assert (answer.status_code, answer.json()["detail"]) == (410, "This lesson was deleted.")
    response = desk.refused(page_url(Lesson, "add"), text="New", slug="wanted")
    assert response.context["adminform"].form.errors == {"slug": [RESERVED]}
    with pytest.raises(ValidationError, match="deleted record"):
        make(Lesson, "New", slug="wanted")
    desk.saved(page_url(Lesson, "add"), text="Wanted")
    assert Lesson.objects.get().slug == "wanted-2"

    version = versions_of(Lesson, entry.pk)[0]
    desk.client.post(page_url(Lesson, "recover", version.pk), {"note": "Back."})
    back = Lesson.objects.get(pk=entry.pk)
    assert (back.slug, back.status) == ("wanted", status)
    if status == "published":
        assert visitor.get("/lessons/wanted/").status_code == 200
        assert visitor.get("/lessons/before/").url == "/lessons/wanted/"
    with pytest.raises(ValidationError, match="still leads there"):
        make(Lesson, "New", slug="before")


def test_deleted_themes_and_groups_keep_their_addresses_too(desk):
    for record in (make_theme(), make_group()):
        address = record.get_absolute_url()
        desk.client.post(url(record, "delete"), {"post": "yes"})
        assert desk.client.get(address).status_code == 410
        with pytest.raises(ValidationError, match="deleted record"):
            type(record).objects.create(slug=record.slug)
    assert desk.client.get("/api/v1/themes/prisons/").status_code == 410


def test_a_draft_brought_back_gets_another_slug_where_its_own_was_taken_since(desk):
    draft = whole(Lesson, "Once", slug="wanted")
    pk = draft.pk
    draft.delete()
    make(Lesson, "Since", slug="wanted")
    version = versions_of(Lesson, pk)[0]
    answer = desk.client.post(page_url(Lesson, "recover", version.pk), {"note": ""}, follow=True)
    assert "Not brought back, because it is gone or another’s: slug: wanted" in text_of(answer)
    assert Lesson.objects.get(pk=pk).slug == f"wanted-{pk}"


def test_a_version_with_an_older_slug_brings_that_back_unless_another_has_it(desk):
    lesson = whole(Lesson, "One", slug="one")
    desk.saved(change_url(lesson), slug="two", text="Two")
    make(Lesson, "Since", slug="one")
    restore(desk, lesson, versions(lesson)[1])
    lesson.refresh_from_db()
    assert (lesson.text, lesson.slug) == ("One", "two")
