"""A version of every save, by whom and why."""

import json
from uuid import uuid4

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from hypothesis import strategies as st
from reversion.models import Revision, Version

from lessons.models import Lesson
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.snapshots import versions_of
from tests.desk import change_url, lines, page_url, values_in
from tests.history import restore, url, versions
from tests.made import KINDS, every_kind, make_group, make_theme, whole
from themes.models import Theme

NOTE = {"change_note": "A better wording."}


# --- One version per save ------------------------------------------------------------


@pytest.mark.once
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


@pytest.mark.once
@every_kind
def test_a_new_entry_begins_with_its_first_version(desk, kind):
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    link = lines("links", {"url": "https://example.org/"})
    desk.saved(page_url(kind, "add"), **{name: "New"}, slug="new", **link)
    (version,) = versions(kind.objects.get())
    assert version.revision.version_set.filter(content_type__model="link").count() == 1


@pytest.mark.once
def test_a_form_with_an_error_is_no_version(desk):
    lesson = whole(Lesson)
    desk.refused(change_url(lesson), slug="")
    assert [v for v in versions(lesson) if v.revision.user] == []


@pytest.mark.once
def test_every_transition_of_the_workflow_is_a_version_with_its_note(desk, team_of_one):
    lesson = whole(Lesson)
    for name, note in (("send", "Please look."), ("publish", "Seen."), ("withdraw", "Wrong.")):
        page = page_url(Lesson, "transition", lesson.pk, name)
        answers = {"_perform": "1", "note": note, "knowingly": "on"}
        desk.client.post(page, values_in(desk.open(page))[0] | answers)
    said = [version.revision.comment for version in versions(lesson)]
    assert [comment.partition(": ")[2] for comment in said[:3]] == [
        "Wrong.",
        "Seen.",
        "Please look.",
    ]
    assert {version.revision.user.username for version in versions(lesson)[:3]} == {"admin"}


@pytest.mark.once
def test_a_transition_of_many_from_the_list_is_a_version_of_each(desk, team_of_one):
    lessons = [whole(Lesson, f"Lesson {n}", status="review") for n in range(3)]
    desk.act(Lesson, "publish", *lessons, _perform="1", knowingly="on")
    assert {*Lesson.objects.published()} == {*lessons}
    for lesson in lessons:
        assert "ublished" in versions(lesson)[0].revision.comment


@pytest.mark.once
def test_a_link_changed_on_its_own_page_is_a_version_of_its_entry(desk):
    paper, practice = whole(Paper), whole(Practice)
    practice.links.update(url=Concat("url", Value("0")))
    link = paper.links.first()
    desk.saved(change_url(link), entry=f"practice-{practice.pk}", note="Moved.")
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


def test_what_moves_with_a_theme_is_kept_as_it_was_found(desk):
    above, theme = make_theme("Above"), make_theme("Moves")
    below = make_theme("Moves along", parent=theme)
    desk.saved(change_url(theme), parent=str(above.pk))
    levels = [
        json.loads(version.serialized_data)[0]["fields"]["level"] for version in versions(below)
    ]
    assert levels == [3, 2]
    assert versions(below)[1].revision.user is None


@pytest.mark.once
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


# --- What changed --------------------------------------------------------------------


words = st.text(st.sampled_from("ab ,.\n"), max_size=60) | st.text(max_size=30)
