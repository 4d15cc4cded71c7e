"""The pages of entries, read as a visitor reads them."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from entries.links.models import Link
from lessons.models import Lesson, Question, Uptake
from meetings.models import Meeting, Paper
from practices.models import Practice
from records import memory
from tests.addresses import list_address
from tests.made import every_kind, make, make_theme
from tests.pages import Page, open_page, text_of
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

OVERVIEW = "key-themes-of-the-ran-mental-health-working-group"


def entry_page(client, kind, slug):
    return open_page(client, reverse(f"{kind._meta.model_name}-detail", args=[slug]))


# --- Every page ----------------------------------------------------------------------


@every_kind
def test_every_entry_names_its_source_and_page_its_themes_and_its_tags(pages, kind):
    for entry in kind.objects.select_related("source").prefetch_related("themes", "tags"):
        page = pages[entry.get_absolute_url()]
        provenance = page.main.find(".//p[@class='provenance']")
        source = entry.source.short_title or entry.source.title
        page_number = f"p. {entry.source_page}" if entry.page_is_number else entry.source_page
        assert text_of(provenance) == f"Source: {source}, {page_number}"
        assert provenance.find("a").get("href") == entry.source.get_absolute_url()
        paths = {text_of(item).replace(" › ", " > ") for item in page.section("Filed under")[1]}
        assert paths == {theme.path for theme in entry.themes.all()}
        tags = {f"{list_address(kind)}?tag={tag.slug}" for tag in entry.tags.all()}
        assert set(page.links(".//ul[@class='tags']").values()) == tags
        assert entry.get_absolute_url() in page.links(".//section[@class='permanent']").values()


@every_kind
def test_an_entry_shows_every_word_that_the_curators_wrote(pages, kind):
    for entry in kind.objects.all():
        page = pages[entry.get_absolute_url()]
        assert " ".join(entry.text.split()) in page.text
        assert entry.heading.rstrip("…") in page.text


@pytest.mark.django_db
def test_the_chain_leads_from_a_statement_to_the_documents_and_names_what_is_missing(client):
    lesson = Lesson.objects.exclude(source__meeting=None).first()
    meeting = lesson.source.meeting
    page = open_page(client, lesson.get_absolute_url())
    steps = page.texts(".//ol[@class='chain']/li")
    assert [step.rsplit(" ", 1)[-1] for step in steps] == ["wording", "there", "stated", "missing"]
    assert meeting.get_absolute_url() in page.links(".//ol[@class='chain']").values()
    url = "https://example.org/report.pdf"
    meeting.links.create(url=url, role="document", certainty="certain")
    page = open_page(client, lesson.get_absolute_url())
    assert page.links(".//ol[@class='chain']")[url] == url
    lonely = Lesson.objects.filter(source__meeting=None).first()
    *_known, missing = open_page(client, lonely.get_absolute_url()).texts(
        ".//ol[@class='chain']/li"
    )
    assert missing.endswith("does not say which meeting this comes from. missing")


@pytest.mark.django_db
def test_the_wording_of_a_source_stands_apart_from_ours(client):
    lesson = Lesson.objects.first()
    Lesson.objects.filter(pk=lesson.pk).update(
        as_printed="Their <very> words.", as_printed_is_public=True
    )
    page = open_page(client, lesson.get_absolute_url())
    assert page.texts(".//figure[@class='as-printed']/blockquote") == ["Their <very> words."]
    assert "own words" in page.texts(".//figcaption")[0]


# --- Entries -------------------------------------------------------------------------


def test_what_the_source_is_silent_on_is_said_to_be_so(client):
    practice = entry_page(client, Practice, "channel")
    assert practice.facts["Country"] == "United Kingdom"
    assert {"organisation", "status in the RAN Collection"} <= set(practice.silent_on)
    assert not {"countries", "Organisation"} & {*practice.silent_on, *practice.facts}
    paper = entry_page(client, Paper, OVERVIEW)
    assert {"date", "authors"} <= set(paper.silent_on)
    meeting = entry_page(client, Meeting, "mental-health-in-prison-2020")
    assert meeting.facts["Dates"].startswith("23–24 September 2020")
    assert {"city", "venue", "begins"} <= set(meeting.silent_on)


def test_a_reading_stands_beside_what_was_printed(client):
    meeting = Meeting.objects.filter(groups_as_printed="RAN HSC").first()
    facts = open_page(client, meeting.get_absolute_url()).facts
    assert facts["Groups"] == "RAN H&SC printed: RAN HSC"
    meeting = Meeting.objects.get(date_as_printed="28-29 March 2023")
    facts = open_page(client, meeting.get_absolute_url()).facts
    assert facts["Dates"] == "28–29 March 2023 printed: 28-29 March 2023"
    practice = Practice.objects.get(programme="Erasmus+")
    facts = open_page(client, practice.get_absolute_url()).facts
    assert "Country" not in facts
    assert facts["Programme"] == "Erasmus+"


def test_a_date_is_shown_as_precisely_as_it_was_printed(client):
    shown = {
        open_page(client, paper.get_absolute_url()).facts["Date"].split(" printed:")[0]
        for paper in Paper.objects.exclude(date=None)
    }
    assert {"2021", "April 2018", "April 2019", "20 November 2023"} <= shown


def test_links_that_are_not_certain_are_marked_probable(pages):
    assigned = Link.objects.exclude(role="unassigned")
    assert assigned.filter(certainty="probable").exists()
    for link in assigned:
        page = pages[link.entry.get_absolute_url()]
        item = next(
            item
            for item in page.main.findall(".//ul[@class='links']/li")
            if item.find("a").get("href") == link.url
        )
        assert ("probable" in text_of(item)) == (link.certainty == "probable"), link


def test_addresses_not_yet_assigned_wait_on_the_page_of_their_paper(client):
    page = entry_page(client, Paper, OVERVIEW)
    links = page.section("Addresses not yet assigned").iter("a")
    waiting = [link.get("href") for link in links if text_of(link) != "archived copy"]
    assert waiting == [link.url for link in Link.objects.unassigned()]
    own = [link.get("href") for link in page.section("Links").iter("a")]
    assert not set(own) & set(waiting)


def test_a_paper_leads_to_what_was_taken_from_it(client):
    page = entry_page(client, Paper, OVERVIEW)
    links = {
        text_of(link): link.get("href") for link in page.section("Taken from this paper").iter("a")
    }
    assert list(links) == ["54 lessons", "16 practices", "27 questions", "19 meetings", "6 papers"]
    for text, address in links.items():
        shown = Page(client.get(address))
        assert shown.sentence == f"{text} from Overview paper"


def test_cross_references_stand_at_both_ends_and_say_that_they_are_readings(client):
    event = Meeting.objects.get(start_date="2023-11-28")
    paper = Paper.objects.get(date="2023-11-20")
    question = Question.objects.get(state="taken-up")
    meeting = paper.meeting
    at_event = open_page(client, event.get_absolute_url())
    assert paper.get_absolute_url() in at_event.links().values()
    assert "very probable, not stated" in text_of(at_event.section("Foreseen in"))
    assert question.get_absolute_url() in at_event.links().values()
    at_paper = open_page(client, paper.get_absolute_url())
    assert at_paper.facts["Reports the meeting"] == f"{meeting.title}, 28–29 March 2023"
    assert "very probable, not stated" in text_of(at_paper.section("Meetings it foresaw"))
    at_meeting = open_page(client, meeting.get_absolute_url())
    assert paper.title in text_of(at_meeting.section("Papers of this meeting"))
    taken_up_by = open_page(client, question.get_absolute_url()).section("Taken up by")
    addresses = {link.get("href") for link in taken_up_by.iter("a")}
    assert addresses == {event.get_absolute_url(), meeting.get_absolute_url()}
    assert text_of(taken_up_by).count("a reading of the portal") == 2


@pytest.mark.django_db
def test_where_no_date_is_known_nothing_stands_in_its_place(client):
    meeting = make(Meeting, "A meeting of some day")
    paper = make(Paper, "A paper of some day", meeting=meeting)
    practice = make(Practice, "Shown there")
    practice.presented_at.add(meeting)
    asked = make(Question, "What of it?", state="taken-up")
    Uptake.objects.create(question=asked, paper=paper)
    page = open_page(client, meeting.get_absolute_url())
    assert text_of(page.section("Papers of this meeting").find("ul")) == paper.title
    assert not page.texts(".//span[@class='state']")
    assert open_page(client, paper.get_absolute_url()).facts["Reports the meeting"] == meeting.title
    shown = open_page(client, practice.get_absolute_url()).section("Presented at")
    assert text_of(shown.find("ul")) == meeting.title
    taken_up = open_page(client, asked.get_absolute_url()).section("Taken up by")
    assert text_of(taken_up.find("ul")) == f"{paper.title} a reading of the portal"
    assert "date not stated in the source" in open_page(client, "/meetings/", q="some day").text


@pytest.mark.django_db
def test_the_day_of_a_change_is_that_of_the_clock_here(client):
    lesson, late = make(Lesson), datetime(2024, 6, 30, 22, 30, tzinfo=UTC)  # in Brussels 0:30
    days = dict.fromkeys(["first_published", "updated", "last_reviewed"], late)
    Lesson.objects.filter(pk=lesson.pk).update(**days)
    told = ("First published", "Last changed", "Last reviewed")
    line = " · ".join(f"{each} 1 July 2024" for each in told)
    assert line in open_page(client, lesson.get_absolute_url()).text


def test_an_open_question_says_that_nothing_has_taken_it_up(client):
    question = Question.objects.filter(state="open").first()
    page = open_page(client, question.get_absolute_url())
    assert "Open" in page.texts(".//p[@class='kind-line']")[0]
    assert "No meeting or paper in the portal has taken this question up yet." in page.text


@pytest.mark.django_db
def test_a_theme_newer_than_what_is_remembered_has_its_page_and_what_is_filed_there_too(client):
    with memory.during("before the theme came"):
        open_page(client, "/lessons/traits-of-lone-actors/")
        above = Theme.objects.get(slug="working-with-youth-and-families")
        theme = make_theme("newer", parent=above)
        meeting = make(Meeting, "Held since", themes=[theme])
        assert "Held since" in open_page(client, meeting.get_absolute_url()).text
        make(Lesson, "Said since", themes=[theme])
        for page in (above, theme):
            assert page.title in open_page(client, page.get_absolute_url()).text
    assert "Said since" in open_page(client, above.get_absolute_url()).text
    assert "Said since" in open_page(client, theme.get_absolute_url()).text
