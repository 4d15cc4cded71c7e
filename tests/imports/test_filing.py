"""What a document says beside its proposals becomes records too: what is missing, and addresses."""

from pathlib import Path

import pytest

from entries.links.models import Link
from imports.models import Import
from meetings.models import Paper
from tests.desk import change_url, page_url, person
from tests.made import draft, make_theme
from tests.pages import text_of
from themes.models import Absence

pytestmark = pytest.mark.django_db


DOCUMENTS = Path(__file__).parent / "documents"


@pytest.fixture
def curator(db):
    return person("curator")


def imported(desk, name):
    made, _new = Import.of_file(name, (DOCUMENTS / name).read_bytes(), desk.user)
    desk.client.post(page_url(Import, "read", made.pk))
    made.refresh_from_db()
    return made


def test_what_is_missing_is_filed_under_its_theme_and_taken_back(curator):
    theme = make_theme("Short videos")
    made = imported(curator, "overview2.txt")
    assert "An editor files it under its theme." in text_of(curator.open(change_url(made)))
    editor = person("editor")
    [block] = made.blocks.filter(fate="absence")
    assert (block.theme_as_printed, block.kind) == ("Growing up online > Short videos", "meeting")
    page = page_url(Import, "absence", made.pk, block.pk)
    assert "Choose the paper" in text_of(editor.client.get(page, follow=True))
    editor.saved(change_url(made), source=Paper.objects.published().first().pk)
    assert "There were no meetings on this topic." in text_of(editor.open(page))
    editor.saved(page, text="The source knows of no meeting on it.", source_page="4")
    absence = Absence.objects.get(theme=theme)
    assert (absence.kind, absence.source_page) == ("meeting", "4")
    assert "filed under its theme" in text_of(editor.open(change_url(made)))
    editor.client.post(page_url(Import, "undo", made.pk))
    assert not Absence.objects.filter(theme=theme).exists()


@pytest.mark.once
def test_an_absence_that_was_worked_on_stays_and_is_named():
    editor = person("editor")
    theme = make_theme("Short videos")
    made = imported(editor, "overview2.txt")
    editor.saved(change_url(made), source=Paper.objects.published().first().pk)
    page = page_url(Import, "absence", made.pk, made.blocks.get(fate="absence").pk)
    editor.saved(page, text="None is known.", source_page="4")
    Absence.objects.filter(theme=theme).update(source_page="5")
    undone = editor.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "Short videos: meeting" in text_of(undone)
    assert Absence.objects.filter(theme=theme).exists()


@pytest.mark.once
def test_an_absence_stays_where_whoever_undoes_may_not_change_themes(curator):
    editor = person("editor")
    theme = make_theme("Short videos")
    made = imported(editor, "overview2.txt")
    editor.saved(change_url(made), source=Paper.objects.published().first().pk)
    page = page_url(Import, "absence", made.pk, made.blocks.get(fate="absence").pk)
    editor.saved(page, text="None is known.", source_page="4")
    theme.refresh_from_db()
    theme.save()  # no work on the absence
    undone = curator.client.post(page_url(Import, "undo", made.pk), follow=True)
    assert "or you may not change it" in text_of(undone)
    assert Absence.objects.filter(theme=theme).exists()
    editor.client.post(page_url(Import, "undo", made.pk))
    assert not Absence.objects.filter(theme=theme).exists()


def test_addresses_that_nothing_assigns_stay_with_the_paper_until_the_import_is_undone(curator):
    paper = draft(Paper, "The source of it")
    paper.links.create(url="https://example.org/node/1", role="page")
    text = "Lessons learned\n\n- One.\n- Two.\n\nhttps://example.org/node/1\n\nhttps://example.org/node/2\n"
    made, _new = Import.of_file("a.txt", text.encode(), curator.user, recipe="conclusion-paper")
    curator.client.post(page_url(Import, "read", made.pk))
    keep = page_url(Import, "addresses", made.pk)
    assert "Choose the paper" in text_of(curator.client.post(keep, follow=True))
    curator.saved(change_url(made), source=paper.pk)
    page = curator.client.post(keep, follow=True)
    assert "2 addresses stay with the paper" in text_of(page)
    assert set(paper.links.values_list("url", "role")) == {
        ("https://example.org/node/1", "page"),
        ("https://example.org/node/2", "unassigned"),
    }
    assert not made.blocks.filter(role="address", fate="left over").exists()
    curator.client.post(page_url(Import, "undo", made.pk))
    assert [link.url for link in Link.objects.filter(paper=paper)] == ["https://example.org/node/1"]
    assert made.blocks.filter(role="address", fate="left over").count() == 2
