"""Withdrawn entries, and the dates and changes that a page tells."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from entries.links.models import Link
from entries.workflow import transitions
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Meeting
from practices.models import Practice
from records import memory
from tests.addresses import addresses_of
from tests.desk import change_url, page_url, person
from tests.made import KINDS, make
from tests.pages import Page, open_page
from tests.transitions import again, entry_at, press

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- Withdrawn -----------------------------------------------------------------------


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def withdrawn(request):
    fields = {"start_date": "2020-05-04", "end_date": "2020-05-04"}
    fields = fields if request.param is Meeting else {}
    entry = make(request.param, "Once said", slug="once-said", **fields)
    transitions.WITHDRAW.perform(
        entry, person("editor").user, "It says <twice> the same.", "/about/"
    )
    return again(entry)


def test_a_withdrawn_entry_answers_410_with_the_reason_in_every_format_and_the_api(withdrawn):
    client = Client()
    *pages, api = addresses_of(withdrawn)
    for address in pages:
        response = client.get(address)
        assert response.status_code == 410, address
        page = Page(response)
        assert page.headings == [f"This {withdrawn._meta.verbose_name} was withdrawn"]
        assert "It says <twice> the same." in page.text
        assert page.links()["/about/"] == "/about/"
        assert "Once said" not in page.text
    response = client.get(api)
    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": f"This {withdrawn._meta.verbose_name} was withdrawn. It says <twice> the same."
        " See instead: /about/",
        "instance": api,
    }


def test_a_former_address_leads_to_the_one_that_says_why(withdrawn):
    curator = person("curator")
    former = [*addresses_of(withdrawn)]
    curator.saved(change_url(withdrawn), slug="said-otherwise")
    for address, present in zip(former, addresses_of(again(withdrawn)), strict=True):
        response = Client().get(address)
        assert (response.status_code, response.url) == (301, present)
        assert Client().get(present).status_code == 410


def test_staff_see_a_withdrawn_entry_and_that_it_is_one(withdrawn):
    page = open_page(person("contributor").client, withdrawn.get_absolute_url())
    assert "Once said" in page.text
    assert "Not public (withdrawn): only staff can open this page." in page.text
    assert "It says <twice> the same." in page.text


def test_a_restored_entry_stays_gone_until_it_is_published_again(withdrawn):
    curator, editor = person("curator"), person("editor", "another editor")
    first = withdrawn.first_published
    for name, who in (("restore", curator), ("send", curator)):
        press(who, withdrawn, name)
        assert Client().get(withdrawn.get_absolute_url()).status_code == 410
    press(editor, withdrawn, "publish")
    page = open_page(Client(), withdrawn.get_absolute_url())
    assert "Once said" in page.text
    assert "It says <twice> the same." in page.text, "the note of the withdrawal is public"
    entry = again(withdrawn)
    assert (entry.first_published, entry.withdrawn_reason, entry.see_instead) == (first, "", "")


def test_an_entry_that_was_never_public_is_not_found(withdrawn):
    draft = make(type(withdrawn), "Never said", slug="never-said", status="draft")
    assert {Client().get(address).status_code for address in addresses_of(draft)} == {404}


@pytest.mark.parametrize("status", ["draft", "review", "published", "withdrawn"])
def test_only_a_superuser_deletes_what_was_once_public(status):
    for role in ("contributor", "curator", "editor", "superuser"):
        desk = person(role, f"{role} who deletes")
        kept = make(Lesson, f"Kept {role}")
        Lesson.objects.filter(pk=kept.pk).update(status=status)
        answer = desk.client.post(page_url(Lesson, "delete", kept.pk), {"post": "yes"})
        assert answer.status_code == (302 if role == "superuser" else 403)
        assert Lesson.objects.filter(pk=kept.pk).exists() == (role != "superuser")


def test_drafts_are_deleted_by_who_may_change_them_with_their_links():
    contributor, curator = person("contributor"), person("curator")
    for desk, state, gone in (
        (contributor, "own draft", True),
        (contributor, "draft of another", False),
        (curator, "draft of another", True),
        (curator, "in review", True),
    ):
        entry = entry_at(state, desk.user)
        Link.objects.create(url="https://example.org/", lesson=entry)
        desk.client.post(page_url(Lesson, "delete", entry.pk), {"post": "yes"})
        assert Lesson.objects.filter(pk=entry.pk).exists() != gone
        desk.act(Lesson, "delete_selected", entry, post="yes")
        assert Lesson.objects.filter(pk=entry.pk).exists() != gone


# --- The entry's page ----------------------------------------------------------------


def test_the_page_of_an_entry_keeps_its_dates_apart_and_tells_its_public_changes():
    editor, curator = person("editor", "eva").user, person("curator", "kim").user
    entry = make(Lesson, "A lesson", status="review")
    transitions.note_transition(
        LoggedTransition.Action.RETURNED, entry, editor, "An internal note."
    )
    transitions.PUBLISH.perform(entry, editor, knowingly=True)
    entry = again(entry)
    now = timezone.now()
    Lesson.objects.filter(pk=entry.pk).update(
        first_published=now - timedelta(days=400), last_reviewed=now - timedelta(days=30)
    )
    transitions.note_change(again(entry), curator, "A figure corrected.")
    transitions.note_change(again(entry), curator, "And another.")
    text = open_page(Client(), entry.get_absolute_url()).text
    dates = [now - timedelta(days=days) for days in (400, 0, 30)]
    first, changed, reviewed = (f"{timezone.localtime(day):%-d %B %Y}" for day in dates)
    line = f"First published {first} · Last changed {changed} · Last reviewed {reviewed}"
    assert line in text
    assert f"What was changed here {changed}: And another. {changed}: A figure corrected." in text
    with memory.during("as visitors are answered"):
        assert open_page(Client(), entry.get_absolute_url()).text == text
    for hidden in ("An internal note.", "eva", "kim"):
        assert hidden not in text


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_what_is_not_public_is_previewed_from_its_form(status):
    desk = person("contributor")
    entry = make(Practice, "A practice")
    Practice.objects.filter(pk=entry.pk).update(status=status)
    html = desk.open(change_url(entry)).content.decode()
    link = re.search(r'href="([^"]+)" class="viewsitelink">(.*?)<', html)
    assert link[2] == "Preview"
    page = open_page(desk.client, entry.get_absolute_url())
    assert desk.client.get(link[1]).url.endswith(entry.get_absolute_url())
    assert page.headings == ["A practice"]
    assert "only staff can open this page" in page.text
    assert "A practice" not in Client().get(entry.get_absolute_url()).content.decode()
