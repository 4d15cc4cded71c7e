"""Versions restored and deleted records recovered, exactly, and by those who may."""

import json
from datetime import UTC, datetime

import pytest
import reversion
from django.contrib.auth.models import User
from django.urls import reverse
from hypothesis import strategies as st
from taggit.models import Tag

from entries.links.models import Link
from entries.search.models import Synonym
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson, Question
from meetings.groups import Chair, WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.snapshots import deleted, versions_of
from tests.desk import change_url, page_url, person, values_in
from tests.history import again, restore, rows_of, state, url, versions
from tests.made import draft, every_kind, make, make_group, make_theme, whole
from tests.pages import Page, text_of
from themes.models import Absence, Theme

pytestmark = pytest.mark.django_db

NOTE = {"change_note": "A better wording."}


# --- An entry with everything it may have --------------------------------------------


def found(kind, words):
    return {*kind.objects.search(words)}


# --- Restoring -----------------------------------------------------------------------


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


@pytest.mark.once
def test_what_a_command_wrote_since_is_kept_when_another_version_is_restored(desk):
    lesson = draft(Lesson, "As it was")
    desk.saved(change_url(lesson))
    first = versions(lesson)[0]
    Lesson.objects.filter(pk=lesson.pk).update(text="By a command")
    assert restore(desk, lesson, first).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == "As it was"
    _restored, kept, *_ = versions(lesson)
    assert kept.revision.comment == "As it was found before the next change."
    restore(desk, lesson, kept)
    lesson.refresh_from_db()
    assert lesson.text == "By a command"


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


@pytest.mark.once
def test_the_entries_of_a_list_action_are_deleted_and_each_comes_back(desk):
    lessons = [whole(Lesson, f"Lesson {n}") for n in range(3)]
    before = [state(lesson) for lesson in lessons]
    desk.act(Lesson, "delete_selected", *lessons, post="yes")
    assert not Lesson.objects.exists()
    for said in before:
        (version,) = versions_of(Lesson, said[0]["pk"])
        desk.client.post(page_url(Lesson, "recover", version.pk), {"note": ""})
        assert state(Lesson.objects.get(pk=said[0]["pk"])) == said


@pytest.mark.once
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
        asked, _ = values_in(desk.open(url(record, "delete")))
        desk.client.post(url(record, "delete"), asked | {"post": "yes", "_perform": "yes"})
        assert not model.objects.filter(pk=pk).exists()
        (version, *_older) = versions_of(model, pk)
        desk.client.post(page_url(model, "recover", version.pk), {"note": ""})
    assert rows_of(model.objects.get(pk=pk)) == before


def vocabulary(what):
    """A record with its rows, and what is first typed into its form."""
    if what == "theme":
        theme, paper = make_theme(), draft(Paper, "The source")
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


@pytest.mark.once
def test_an_older_version_of_a_tag_does_not_untag_what_was_tagged_since(desk):
    tag = Tag.objects.create(name="trauma", slug="trauma")
    desk.saved(change_url(tag))
    version = versions(tag)[0]
    desk.saved(change_url(tag), name="injury")
    lesson = draft(Lesson, "Tagged since", tags=["injury"])
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


@pytest.mark.once
def test_a_link_that_went_to_another_entry_stays_there_and_comes_back_as_another(desk):
    paper, lesson = whole(Paper), draft(Lesson, "A lesson")
    desk.saved(change_url(paper))
    then = versions(paper)[0]
    link = paper.links.get(url="https://example.org/1")
    desk.saved(change_url(link), entry=f"lesson-{lesson.pk}", note="Says so.")
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


# --- Restoring what is public --------------------------------------------------------


@pytest.mark.once
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


@pytest.mark.once
def test_a_draft_restored_over_a_public_entry_leaves_it_public_and_a_public_one_a_draft(desk):
    lesson = whole(Lesson, "Draft words")
    desk.saved(change_url(lesson))
    unseen = versions(lesson)[0]
    Lesson.objects.update(status="published", first_published=lesson.created, text="Public words")
    desk.saved(change_url(lesson), **NOTE)
    public = versions(lesson)[0]
    restore(desk, lesson, unseen)
    lesson.refresh_from_db()
    assert (lesson.text, lesson.status) == ("Draft words", "published")
    Lesson.objects.update(status="draft")
    restore(desk, lesson, public)
    lesson.refresh_from_db()
    assert (lesson.text, lesson.status) == ("Public words", "draft")


@pytest.mark.once
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
    its_desk = person(role)
    user, client = its_desk.user, its_desk.client
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


@pytest.mark.once
def test_a_deleted_record_of_a_portal_made_otherwise_is_told_and_no_error(desk):
    lesson = whole(Lesson, "Once")
    pk = lesson.pk
    lesson.delete()
    version = versions_of(Lesson, pk)[0]
    said = json.loads(version.serialized_data)
    said[0]["fields"]["created"] = "last spring"
    type(version).objects.filter(pk=version.pk).update(serialized_data=json.dumps(said))
    answer = desk.client.get(page_url(Lesson, "recover", version.pk), follow=True)
    assert "This version is of a time when the portal was made otherwise" in text_of(answer)


@pytest.mark.once
def test_a_visitor_is_sent_to_sign_in_from_every_page_of_the_history(empty_db, client):
    lesson = whole(Lesson)
    lesson.save()
    pk = versions(lesson)[0].pk
    pages = [
        url(lesson, "history"),
        url(lesson, "version", pk),
        url(lesson, "differences", pk, pk),
        url(lesson, "restore", pk),
        page_url(Lesson, "recover_list"),
        page_url(Lesson, "recover", pk),
    ]
    for page in pages:
        for response in (client.get(page), client.post(page)):
            assert response.status_code == 302
            assert response.url.startswith(reverse("admin:login"))


@pytest.mark.once
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


# --- What changed --------------------------------------------------------------------


words = st.text(st.sampled_from("ab ,.\n"), max_size=60) | st.text(max_size=30)

LONG_AGO = datetime(2024, 2, 29, tzinfo=UTC)


def go_back(desk, page):
    """Open the page of a restore or a recovery, give a note, and send it."""
    return desk.client.post(page, values_in(desk.open(page))[0] | {"note": "Back."}, follow=True)


@pytest.mark.once
def test_whoever_restores_a_link_has_changed_its_entry():
    curator, editor = person("curator"), person("editor")
    lesson = make(Lesson, "With a link", status="review", author=curator.user)
    link = Link.objects.create(lesson=lesson, url="https://example.org/first")
    for desk, address in ((editor, "of-editor"), (curator, "first")):
        desk.saved(change_url(link), url=f"https://example.org/{address}")
    version = versions_of(Link, link.pk)[1]
    assert "of-editor" in version.serialized_data
    go_back(editor, page_url(Link, "restore", link.pk, version.pk))
    lesson.refresh_from_db()
    assert lesson.changed_by == editor.user
    page = page_url(Lesson, "transition", lesson.pk, "publish")
    assert "You made the last change yourself" in text_of(editor.open(page))


@pytest.mark.once
def test_a_link_of_a_public_entry_that_is_recovered_is_on_record_and_awaits_a_second_look():
    curator = person("curator")
    lesson = make(Lesson, "Public")
    link = Link.objects.create(lesson=lesson, url="https://example.org/")
    curator.client.post(page_url(Link, "delete", link.pk), {"post": "yes"})
    Lesson.objects.update(awaits_second_look=False, updated=LONG_AGO)
    go_back(curator, page_url(Link, "recover", deleted(Link).first().pk))
    lesson.refresh_from_db()
    assert lesson.links.count() == 1
    assert lesson.awaits_second_look
    assert lesson.updated > LONG_AGO
    assert "A link was restored" in LoggedTransition.objects.of(lesson).last().note


def test_an_entry_comes_back_although_its_authors_account_is_gone():
    contributor, curator = person("contributor"), person("curator")
    draft = make(Lesson, "Left behind", status="draft", author=contributor.user)
    curator.saved(change_url(draft), source_page="7")
    curator.client.post(page_url(Lesson, "delete", draft.pk), {"post": "yes"})
    User.objects.get(pk=contributor.user.pk).delete()
    go_back(curator, page_url(Lesson, "recover", deleted(Lesson).first().pk))
    assert Lesson.objects.get(slug="left-behind").author is None


@pytest.mark.once
def test_what_was_public_comes_back_through_those_who_publish():
    curator, editor, boss = person("curator"), person("editor"), person("superuser")
    lesson = make(Lesson, "Public")
    curator.saved(change_url(lesson), source_page="7", change_note="Why.")
    boss.client.post(page_url(Lesson, "delete", lesson.pk), {"post": "yes"})
    page = page_url(Lesson, "recover", deleted(Lesson).first().pk)
    assert curator.client.get(page).status_code == 403
    assert curator.client.post(page, {"note": "Back."}).status_code == 403
    go_back(editor, page)
    assert Lesson.objects.filter(slug="public").exists()


@pytest.mark.once
def test_no_version_takes_the_last_theme_off_a_public_entry():
    curator = person("curator")
    lesson = make(Lesson, "Public", status="draft", author=curator.user)
    lesson.themes.clear()
    curator.saved(change_url(lesson), source_page="7")
    bare = versions_of(Lesson, lesson.pk).first()
    lesson.themes.add(Theme.objects.first())
    lesson.status = "published"
    lesson.save()
    answer = go_back(curator, page_url(Lesson, "restore", lesson.pk, bare.pk))
    assert "As it was it cannot be public. It is filed under no theme." in text_of(answer)
    assert lesson.themes.count() == 1
