"""Situations answer what a practitioner asks first, and claim nothing of their own."""

import pytest
from django.core.exceptions import ValidationError

from briefings.models import Choice, Situation
from lessons.models import Lesson
from meetings.models import Paper
from tests.made import make
from tests.pages import open_page, text_of

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

SITUATIONS = [
    "child-returns-from-a-conflict-zone",
    "young-person-shows-signs-in-school",
    "someone-in-prison-is-unwell-or-being-groomed",
    "sharing-information",
]


def test_at_least_eight_situations_are_public_and_listed(client):
    page = open_page(client, "/situations/")
    titles = [situation.title for situation in Situation.objects.published()]
    assert len(titles) >= 8
    assert page.texts(".//ul[@class='situations']//span[1]") == titles


@pytest.mark.parametrize("slug", SITUATIONS)
def test_a_situation_shows_its_entries_part_by_part_in_their_order(client, slug):
    situation = Situation.objects.get(slug=slug)
    page = open_page(client, situation.get_absolute_url())
    assert page.headings == [situation.title]
    for part in situation.parts:
        section = page.section(part["part"].label)
        rows = section.iter("li" if part["part"] == "documents" else "article")
        assert [row.find(".//a").get("href") for row in rows] == [
            entry.get_absolute_url() for entry in part["entries"]
        ]
        assert part["note"] in text_of(section)
    assert situation.emergency in page.text


def test_every_situation_is_short_and_says_first_what_is_known(client):
    for situation in Situation.objects.published().for_page():
        [first, *_rest] = situation.parts
        assert first["part"] == "known", situation
        assert 1 <= len(first["entries"]) <= 5, situation
        assert len(situation.introduction.split()) <= 60, situation
        page = open_page(client, situation.get_absolute_url())
        unseen = page.main.findall(".//span[@class='visually-hidden']")
        unseen += page.main.findall(".//details/p")  # the full wording, a touch away
        words = len(page.text.split()) - sum(len(text_of(each).split()) for each in unseen)
        assert words <= 900, (situation, words)


def test_what_is_said_in_short_has_its_full_wording_beside_it(client):
    for situation in Situation.objects.published().for_page():
        page = open_page(client, situation.get_absolute_url())
        for entry in situation.entries:
            if getattr(entry, "in_short", ""):
                [item] = [
                    item
                    for item in page.main.iter("article")
                    if item.find(".//h3/a") is not None
                    and item.find(".//h3/a").get("href") == entry.get_absolute_url()
                ][:1]
                assert text_of(item.find(".//h3")) == entry.in_short
                assert text_of(item.find(".//details/p")) == " ".join(entry.text.split())
                named = item.find(".//details/summary").get("aria-labelledby").split()
                by_id = {each.get("id"): text_of(each) for each in page.main.iter()}
                assert [by_id[name] for name in named] == ["In full", entry.in_short]
        ids = [each.get("id") for each in page.main.iter() if each.get("id")]
        assert len(ids) == len(set(ids))


@pytest.mark.django_db
def test_a_document_is_named_with_its_type_and_date(client):
    paper = make(Paper, "Of one type", paper_type="issue", date="2019-03-13", date_precision="day")
    situation = Situation.objects.get(slug=SITUATIONS[0])
    situation.choices.create(part="documents", paper=paper)
    notes = open_page(client, situation.get_absolute_url()).texts(".//span[@class='link-note']")
    assert "issue paper, 13 March 2019" in notes


@pytest.mark.django_db
def test_an_entry_that_is_not_public_is_left_out(client):
    situation = Situation.objects.get(slug=SITUATIONS[0])
    lesson = situation.parts[0]["entries"][0]
    Lesson.objects.filter(pk=lesson.pk).update(status="withdrawn")
    page = open_page(client, situation.get_absolute_url())
    assert lesson.get_absolute_url() not in page.links().values()


def test_a_draft_is_for_staff_only_and_a_withdrawn_one_says_why(client, admin_client):
    situation = Situation.objects.get(slug=SITUATIONS[0])
    Situation.objects.filter(pk=situation.pk).update(status="draft", first_published=None)
    open_page(client, situation.get_absolute_url(), status=404)
    assert situation.title in open_page(admin_client, situation.get_absolute_url()).headings
    assert situation.title not in open_page(client, "/situations/").text
    Situation.objects.filter(pk=situation.pk).update(
        status="withdrawn", first_published=situation.first_published, withdrawn_reason="Two now."
    )
    page = open_page(client, situation.get_absolute_url(), status=410)
    assert "Two now." in page.text
    assert "This situation was withdrawn" in page.headings
    assert page.links()["All situations"] == "/situations/"


def test_a_situation_is_found_by_its_title_and_introduction():
    found = Situation.objects.published().search("conflict zone")
    assert SITUATIONS[0] in [situation.slug for situation in found]


def test_an_entry_that_a_situation_chose_is_not_deleted_under_it(admin_client):
    lesson = Choice.objects.exclude(lesson=None).first().lesson
    answer = admin_client.get(f"/admin/lessons/lesson/{lesson.pk}/delete/")
    assert "would require deleting the following protected related objects" in text_of_html(answer)
    assert Lesson.objects.filter(pk=lesson.pk).exists()


def text_of_html(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
def test_a_situation_without_an_entry_cannot_be_public_and_its_introduction_is_short():
    situation = Situation.objects.create(slug="new", title="New", introduction="word " * 61)
    assert str(situation.lacks_to_be_public()) == "No entry is chosen for it."
    with pytest.raises(ValidationError, match="At most 60 words; these are 61"):
        situation.clean()
    Choice.objects.create(situation=situation, part="known", lesson=Lesson.objects.first())
    assert situation.lacks_to_be_public() is None


@pytest.mark.django_db
def test_the_search_page_leads_to_the_situations_that_answer(client):
    page = open_page(client, "/search/", q="child conflict zone")
    assert f"/situations/{SITUATIONS[0]}/" in page.links().values()
    Situation.objects.filter(slug=SITUATIONS[0]).update(status="draft", first_published=None)
    page = open_page(client, "/search/", q="child conflict zone")
    assert f"/situations/{SITUATIONS[0]}/" not in page.links().values()
