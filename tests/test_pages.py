"""The pages, read as a visitor reads them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from entries.links.models import Link
from entries.models import kinds
from lessons.models import Lesson, Question, Uptake
from meetings.models import Meeting, Paper, WorkingGroup
from practices.models import Practice
from tests.portal import KINDS, Page, list_address, make, open_page, text_of
from themes.models import Absence, Theme

OVERVIEW = "key-themes-of-the-ran-mental-health-working-group"
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)

pytestmark = pytest.mark.django_db


def theme_page(client, slug):
    return open_page(client, reverse("theme-detail", args=[slug]))


def entry_page(client, kind, slug):
    return open_page(client, reverse(f"{kind._meta.model_name}-detail", args=[slug]))


# --- Every page ----------------------------------------------------------------------


def test_every_public_page_has_one_heading_and_a_title_of_its_own(pages):
    titles = {}
    for address, page in pages.items():
        assert len(page.headings) == 1, address
        assert page.headings[0], address
        titles[address] = page.title
    assert len(titles) == 2 + 5 + 18 + 7 + 58 + 16 + 27 + 21 + 9
    times = Counter(titles.values())
    assert [address for address, title in titles.items() if times[title] > 1] == []


def test_every_page_says_what_the_portal_is_and_leads_to_every_kind(pages):
    for address, page in pages.items():
        links = {link.get("href") for link in page.root.iter("a")}
        assert links >= {list_address(kind) for kind in kinds()} | {"/", "/about/"}, address
        assert "not a service of the European Commission" in text_of(page.root.find("body/footer"))


@every_kind
def test_every_entry_names_its_source_and_page_its_themes_and_its_tags(client, kind):
    for entry in kind.objects.select_related("source").prefetch_related("themes", "tags"):
        page = open_page(client, entry.get_absolute_url())
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
def test_an_entry_shows_every_word_that_the_curators_wrote(client, kind):
    for entry in kind.objects.all():
        page = entry_page(client, kind, entry.slug)
        assert " ".join(entry.text.split()) in page.text
        assert entry.heading.rstrip("…") in page.text


def test_the_wording_of_a_source_stands_apart_from_ours(client):
    lesson = Lesson.objects.first()
    Lesson.objects.filter(pk=lesson.pk).update(as_printed="Their <very> words.")
    page = open_page(client, lesson.get_absolute_url())
    assert page.texts(".//figure[@class='as-printed']/blockquote") == ["Their <very> words."]
    assert "own words" in page.texts(".//figcaption")[0]


# --- Home and about --------------------------------------------------------------------


def test_home_counts_every_kind_and_every_theme_of_the_tree(client):
    page = open_page(client, "/")
    assert page.texts(".//ul[@class='totals']/li") == [
        "58 Lessons",
        "16 Practices",
        "27 Questions",
        "21 Meetings",
        "9 Papers",
    ]
    themes = page.links(".//div[@class='theme-grid']")
    in_tree_order = Theme.objects.in_tree_order()
    assert list(themes) == [theme.title for theme in in_tree_order]
    assert list(themes.values()) == [theme.get_absolute_url() for theme in in_tree_order]
    for theme in in_tree_order:
        branch = sum(kind.objects.in_branch(theme.slug).count() for kind in kinds())
        assert f"{theme.title} {branch} entries" in page.text


def test_home_names_the_next_meetings_first_and_else_the_latest(client):
    page = open_page(client, "/")
    assert "No upcoming meeting is known" in page.text
    today = timezone.localdate()
    for name, days in (("Later", 30), ("Sooner", 3), ("Today", 0), ("Yesterday", -1)):
        day = today + timedelta(days=days)
        make(Meeting, name, start_date=day, end_date=day)
    page = open_page(client, "/")
    assert "No upcoming meeting is known" not in page.text
    meetings = page.main.find(".//section[@aria-labelledby='meetings-heading']")
    shown = [text_of(item) for item in meetings.iter("li")]
    assert [line.endswith(" upcoming") for line in shown] == [True] * 3 + [False] * 3
    assert [line.split()[3] for line in shown[:4]] == ["Today", "Sooner", "Later", "Yesterday"]


def test_every_common_tag_on_the_first_page_leads_to_entries(client):
    links = open_page(client, "/").links(".//section[@aria-labelledby='tags-heading']")
    assert len(links) == 16
    for tag, address in links.items():
        page = Page(client.get(address))
        assert tag in page.sentence
        assert page.entries


def test_about_says_where_it_comes_from_and_that_it_is_independent(client):
    page = open_page(client, "/about/")
    assert "The portal is independent." in page.text
    assert "Visitors get no cookie" in page.text
    for paper in Paper.objects.filter(source=F("pk")):
        assert page.links()[paper.title] == paper.get_absolute_url()
    for group in WorkingGroup.objects.all():
        assert page.links()[group.name] == group.get_absolute_url()
    assert "Chairs, according to the overview paper" in page.text
    assert "Sergej Erdelja, Croatia – RAN H&SC (former)" in page.text
    surnames = ("Jiménez González", "Grandsard", "Erdelja", "Zegerius")  # those in office first
    assert sorted(surnames, key=page.text.index) == list(surnames)
    unassigned = Link.objects.unassigned().count()
    assert f"{unassigned} addresses printed in the sources are not yet assigned" in page.text


# --- A theme ---------------------------------------------------------------------------


def test_a_theme_of_each_level_holds_its_whole_branch_with_the_counts_of_the_lists(client):
    for theme in Theme.objects.all():
        page = theme_page(client, theme.slug)
        for kind in kinds():
            plural = kind._meta.verbose_name_plural.capitalize()
            in_list = open_page(client, list_address(kind), theme=theme.slug)
            count = int(in_list.sentence.split()[0])
            section = page.section(f"{plural} {count}")
            assert section is not None, f"{theme}: {plural} {count}"
            shown = [item.find(".//a").get("href") for item in section.iter("article")]
            assert len(shown) == count
            assert set(shown) >= set(in_list.entries)
            links = {link.get("href") for link in section.iter("a")}
            assert (f"{list_address(kind)}?theme={theme.slug}" in links) == bool(count)


def test_a_theme_shows_its_branch_in_the_order_of_the_tree(client):
    main = Theme.objects.get(slug="mental-health-and-multi-agency-working")
    for kind in (Lesson, Question):  # the last to come, and filed among the first
        make(kind, "A late one", themes=Theme.objects.filter(slug="national-and-local-level"))
    page = theme_page(client, main.slug)
    below = [theme.title for theme in main.branch.in_tree_order() if theme != main]
    for kind, plural in ((Lesson, "Lessons"), (Question, "Questions")):
        filed = kind.objects.in_branch(main.slug).values_list("themes__title", flat=True)
        section = page.section(f"{plural} {len(filed)}")
        headings = [text_of(heading) for heading in section.findall("h3")]
        assert headings == [title for title in below if title in set(filed)]


def test_a_theme_leads_to_its_parents_its_siblings_and_what_is_below(client):
    page = theme_page(client, "working-with-youth-and-families")
    above = page.main.find(".//nav[@class='crumbs']")
    assert [link.get("href") for link in above.iter("a")] == [
        "/#themes",
        "/themes/mental-health-and-multi-agency-working/",
    ]
    assert list(page.links(".//nav[@class='siblings']")) == [
        "Working on a national, local and community level",
        "Working with youth and families",
        "Mental health and rehabilitation",
    ]
    below = page.links(".//nav[@class='below']")
    assert below == {
        "Working with children": "/themes/working-with-children/",
        "Working with families": "/themes/working-with-families/",
    }
    section = theme_page(client, "working-with-children")
    above = [link.get("href") for link in section.main.find(".//nav[@class='crumbs']").iter("a")]
    assert above[1:] == [
        "/themes/mental-health-and-multi-agency-working/",
        "/themes/working-with-youth-and-families/",
    ]
    assert "The source gives this heading no introduction." in section.text


def test_a_theme_begins_with_its_introduction_and_where_that_stands(client):
    for theme in Theme.objects.exclude(introduction=""):
        page = theme_page(client, theme.slug)
        head = page.texts(".//header")[0]
        assert " ".join(theme.introduction.split()) in head
        assert f"Source: Overview paper, p. {theme.source_page}" in head


@pytest.mark.parametrize(
    "slug", ["mental-health-support-online", "professionalisation-and-support"]
)
def test_a_theme_and_the_one_above_say_what_the_paper_says_is_missing(client, slug):
    section = next(
        section
        for section in theme_page(client, slug).main.iter("section")
        if section.get("id") == "practices"
    )
    assert Absence.objects.get().text in text_of(section)
    assert "Source: Overview paper, p. 14" in text_of(section)


def test_a_list_says_too_what_the_paper_says_is_missing(client):
    missing = Absence.objects.get().text
    page = open_page(client, "/practices/", theme="mental-health-support-online")
    assert page.sentence == "0 practices about Mental health support online"
    assert missing in page.text
    assert missing not in open_page(client, "/practices/").text
    lessons = open_page(client, "/lessons/", theme="mental-health-support-online")
    assert missing not in lessons.text


def test_a_theme_without_entries_of_a_kind_says_so(client):
    page = theme_page(client, "groomers")
    assert text_of(page.section("Practices 0")).endswith(
        "No practices are filed here: the sources read so far name none."
    )


# --- Entries ---------------------------------------------------------------------------


def test_what_the_source_is_silent_on_is_said_to_be_so(client):
    silent = "not stated in the source"
    practice = entry_page(client, Practice, "channel").facts
    assert practice["Country"] == "United Kingdom"
    assert practice["Organisation"] == practice["RAN Collection"] == silent
    paper = entry_page(client, Paper, OVERVIEW).facts
    assert paper["Date"] == paper["Authors"] == silent
    meeting = entry_page(client, Meeting, "mental-health-in-prison-2020").facts
    assert meeting["Dates"].startswith("23–24 September 2020")
    assert meeting["City"] == meeting["Venue"] == meeting["Times"] == silent


def test_a_reading_stands_beside_what_was_printed(client):
    meeting = Meeting.objects.filter(groups_as_printed="RAN HSC").first()
    facts = open_page(client, meeting.get_absolute_url()).facts
    assert facts["Groups"] == "RAN H&SC printed: RAN HSC"
    meeting = Meeting.objects.get(date_as_printed="28-29 March 2023")
    facts = open_page(client, meeting.get_absolute_url()).facts
    assert facts["Dates"] == "28–29 March 2023 printed: 28-29 March 2023"
    practice = Practice.objects.get(programme="Erasmus+")
    facts = open_page(client, practice.get_absolute_url()).facts
    assert facts["Country"] == "not stated in the source"
    assert facts["Programme"] == "Erasmus+"


def test_a_date_is_shown_as_precisely_as_it_was_printed(client):
    shown = {
        open_page(client, paper.get_absolute_url()).facts["Date"].split(" printed:")[0]
        for paper in Paper.objects.exclude(date=None)
    }
    assert {"2021", "April 2018", "April 2019", "20 November 2023"} <= shown


def test_links_that_are_not_certain_are_marked_probable(client):
    assigned = Link.objects.exclude(role="unassigned")
    assert assigned.filter(certainty="probable").exists()
    for link in assigned:
        page = open_page(client, link.entry.get_absolute_url())
        item = next(
            item
            for item in page.main.findall(".//ul[@class='links']/li")
            if item.find("a").get("href") == link.url
        )
        assert ("probable" in text_of(item)) == (link.certainty == "probable"), link


def test_addresses_not_yet_assigned_wait_on_the_page_of_their_paper(client):
    page = entry_page(client, Paper, OVERVIEW)
    waiting = [link.get("href") for link in page.section("Addresses not yet assigned").iter("a")]
    assert waiting == [link.url for link in Link.objects.unassigned()]
    own = [link.get("href") for link in page.section("Links").iter("a")]
    assert not set(own) & set(waiting)


def test_a_paper_leads_to_what_was_taken_from_it(client):
    page = entry_page(client, Paper, OVERVIEW)
    links = {
        text_of(link): link.get("href") for link in page.section("Taken from this paper").iter("a")
    }
    assert list(links) == ["54 lessons", "16 practices", "27 questions", "19 meetings", "7 papers"]
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


def test_an_open_question_says_that_nothing_has_taken_it_up(client):
    question = Question.objects.filter(state="open").first()
    page = open_page(client, question.get_absolute_url())
    assert "open" in page.texts(".//p[@class='kind-line']")[0]
    assert "No meeting or paper in the portal has taken this question up yet." in page.text


def test_a_group_shows_its_history_its_chairs_and_its_meetings_and_papers(client):
    page = open_page(client, "/groups/ran-health/")
    assert page.headings == ["RAN HEALTH"]
    assert page.facts == {"Established": "2020", "Established from": "RAN H&SC"}
    assert "RAN MENTAL HEALTH" in page.text
    assert "Catherine Grandsard, University of Paris 8 Vincennes-Saint-Denis" in page.text
    group = WorkingGroup.objects.get(slug="ran-health")
    shown = [*group.meetings.all(), *group.papers.all()]
    assert page.entries == [entry.get_absolute_url() for entry in shown]
    earlier = open_page(client, "/groups/ran-h-sc/")
    assert earlier.facts["Succeeded by"] == "RAN HEALTH"
    assert "René Zegerius" in earlier.text


# --- Today -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "state"), [(0, 0, "upcoming"), (-1, 0, "upcoming"), (-2, -1, "past")]
)
def test_a_meeting_is_upcoming_until_its_last_day_is_over(client, first, last, state):
    today = timezone.localdate()
    days = {"start_date": today + timedelta(first), "end_date": today + timedelta(last)}
    meeting = make(Meeting, "Round table", **days)
    page = open_page(client, meeting.get_absolute_url())
    assert page.texts(".//p[@class='kind-line']")[0].endswith(f" {state}")
    when = open_page(client, "/meetings/", when=state)
    assert meeting.get_absolute_url() in when.entries
    other = {"upcoming": "past", "past": "upcoming"}[state]
    assert meeting.get_absolute_url() not in open_page(client, "/meetings/", when=other).entries


@pytest.mark.parametrize(
    ("days_left", "said"),
    [(1, "Register until"), (0, "Register until"), (-1, "This call is closed")],
)
def test_a_call_for_participants_invites_until_its_last_day(client, days_left, said):
    today = timezone.localdate()
    meeting = make(
        Meeting,
        "Round table",
        start_date=today + timedelta(30),
        end_date=today + timedelta(30),
        call_for_participants="Come and speak.",
        registration_url="https://example.org/register",
        registration_deadline=today + timedelta(days_left),
    )
    page = open_page(client, meeting.get_absolute_url())
    call = text_of(page.section("Call for participants"))
    assert said in call
    assert "Come and speak." in call
    invited = "https://example.org/register" in page.links().values()
    assert invited == (days_left >= 0)


def test_the_call_of_the_event_of_2023_is_closed(client):
    event = Meeting.objects.get(start_date="2023-11-28")
    call = text_of(open_page(client, event.get_absolute_url()).section("Call for participants"))
    assert "This call is closed: the last day to register was 14 November 2023." in call
    assert "before 15 November" in call


# --- Addresses -------------------------------------------------------------------------


@every_kind
def test_a_renamed_entry_leads_on_from_all_its_former_addresses(client, kind):
    entry = kind.objects.first()
    first = entry.get_absolute_url()
    for slug in ("second-name", "third-name"):
        entry.slug = slug
        entry.save()
    third = entry.get_absolute_url()
    for former in (first, third.replace("third", "second")):
        response = client.get(former)
        assert (response.status_code, response["Location"]) == (301, third)
    assert open_page(client, third).headings


def test_a_name_taken_back_is_a_page_again_and_the_other_leads_to_it(client):
    theme = Theme.objects.get(slug="ethics")
    theme.slug = "questions-of-ethics"
    theme.save()
    theme.slug = "ethics"
    theme.save()
    assert open_page(client, "/themes/ethics/").headings == ["Ethics"]
    response = client.get("/themes/questions-of-ethics/")
    assert (response.status_code, response["Location"]) == (301, "/themes/ethics/")
    # A browser that kept the first redirect for good would now go round in circles.
    assert response["Cache-Control"] == "no-cache"


def test_a_renamed_group_leads_on(client):
    group = WorkingGroup.objects.get(slug="ran-exit")
    group.slug = "exit"
    group.save()
    response = client.get("/groups/ran-exit/")
    assert (response.status_code, response["Location"]) == (301, "/groups/exit/")


def test_a_page_that_does_not_exist_offers_ways_on(client):
    for address in ("/nothing/", "/lessons/nothing/", "/themes/nothing/", "/groups/nothing/"):
        page = open_page(client, address, status=404)
        assert page.headings == ["This page does not exist"]
        assert {list_address(kind) for kind in kinds()} <= set(page.links().values())


def test_an_error_of_ours_is_admitted_on_a_page_that_needs_no_database(client, monkeypatch):
    def fail(self):
        raise ZeroDivisionError

    monkeypatch.setattr("ranportal.views.About.get_context_data", fail)
    client.raise_request_exception = False
    page = open_page(client, "/about/", status=500)
    assert page.headings == ["Something went wrong here"]
    assert "/" in page.links().values()


def test_a_page_that_has_not_changed_is_not_sent_again(client):
    for address in ("/", "/practices/?country=DK", "/themes/ethics/", "/practices/channel/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    Practice.objects.filter(slug="channel").update(description="Changed.")
    changed = client.get("/practices/channel/", headers={"If-None-Match": first["ETag"]})
    assert "Changed." in Page(changed).text


def test_a_theme_of_very_many_entries_shows_some_and_leads_to_all(client):
    for number in range(70):
        make(Lesson, f"Lesson {number}", themes=Theme.objects.filter(slug="ethics"))
    count = Lesson.objects.in_branch("ethics").count()
    section = theme_page(client, "ethics").section(f"Lessons {count}")
    assert len(section.findall("article")) == 60
    assert f"Shown here are 60 of {count} lessons." in text_of(section)
    assert "/lessons/?theme=ethics" in [link.get("href") for link in section.iter("a")]
