"""The pages of themes, read as a visitor reads them."""

import pytest
from django.urls import reverse

from entries.models import kinds
from lessons.models import Lesson, Question
from practices.models import Practice
from tests.made import make
from tests.pages import open_page, text_of
from themes.models import Absence, Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def theme_page(client, slug):
    return open_page(client, reverse("theme-detail", args=[slug]))


# --- A theme -------------------------------------------------------------------------


def test_a_theme_holds_its_whole_branch_and_a_main_one_the_first_of_it(client, pages):
    for theme in Theme.objects.all():
        page = pages[theme.get_absolute_url()]
        for kind in (model.kind for model in kinds()):
            in_list = open_page(client, kind.list_url, theme=theme.slug)
            count = int(in_list.sentence.split()[0])
            part = page.part(kind)
            assert text_of(part.find("h2")) == f"{kind.asks} {kind.counted(count)}", theme
            shown = [item.find(".//a").get("href") for item in part.iter("article")]
            assert len(shown) == (min(count, 3) if theme.level == Theme.Level.MAIN else count)
            if len(shown) == count:
                assert set(shown) >= set(in_list.entries)
            links = {link.get("href") for link in part.iter("a")}
            assert (f"{kind.list_url}?theme={theme.slug}" in links) == bool(count)


def test_a_main_theme_begins_with_the_first_lesson_of_each_subtheme(client):
    main = Theme.objects.get(slug="mental-health-profiles")
    part = theme_page(client, main.slug).part(Lesson.kind)
    first = [
        Lesson.objects.in_branch(theme.slug).order_by("pk").first()
        for theme in main.children.in_tree_order()
    ]
    shown = [item.find(".//a").get("href") for item in part.iter("article")]
    assert shown == [lesson.get_absolute_url() for lesson in first]


@pytest.mark.django_db
def test_a_subtheme_shows_its_branch_in_the_order_of_the_tree(client):
    subtheme = Theme.objects.get(slug="working-with-youth-and-families")
    for kind in (Lesson, Question):  # the last to come, and filed among the first
        make(kind, "A late one", themes=Theme.objects.filter(slug="working-with-children"))
    page = theme_page(client, subtheme.slug)
    for kind in (Lesson, Question):
        headings = [
            text_of(each)
            for each in page.part(kind.kind).iter("p")
            if each.get("class") == "filed-under"
        ]
        assert headings == ["2.2a Working with children", "2.2b Working with families"]


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
    below = page.links(".//ul[@class='below']")
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


def test_a_section_without_an_introduction_shows_that_of_the_theme_above_as_such(client):
    page = theme_page(client, "working-with-children")
    head = page.texts(".//header")[0]
    above = Theme.objects.get(slug="working-with-youth-and-families")
    assert "The source gives this heading no introduction." in head
    assert "Of Working with youth and families, under which it stands, the source says:" in head
    assert " ".join(above.introduction.split()) in head
    assert f"Source: Overview paper, p. {above.source_page}" in head


def test_a_theme_begins_with_its_introduction_and_where_that_stands(pages):
    for theme in Theme.objects.exclude(introduction=""):
        page = pages[theme.get_absolute_url()]
        head = page.texts(".//header")[0]
        assert " ".join(theme.introduction.split()) in head
        assert f"Source: Overview paper, p. {theme.source_page}" in head


@pytest.mark.parametrize(
    "slug", ["mental-health-support-online", "professionalisation-and-support"]
)
def test_a_theme_and_the_one_above_say_what_the_paper_says_is_missing(client, slug):
    section = theme_page(client, slug).part(Practice.kind)
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
    assert text_of(page.part(Practice.kind)).endswith(
        "No practices are filed here. The sources read so far name none."
    )


def test_a_theme_without_practices_names_those_that_carry_its_subject_elsewhere(client):
    practices = theme_page(client, "mental-health-in-prison").part(Practice.kind)
    assert "No practices are filed here. Filed elsewhere, practices with" in text_of(practices)
    assert {text_of(link): link.get("href") for link in practices.iter("a")} == {
        "The AWARE project": "/practices/aware-project/",
        "All practices with the tag “prison”": "/practices/?tag=prison",
    }


# --- Addresses -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_theme_of_very_many_entries_shows_some_and_leads_to_all(client):
    for number in range(30):
        make(Lesson, f"Lesson {number}", themes=Theme.objects.filter(slug="ethics"))
    count = Lesson.objects.in_branch("ethics").count()
    section = theme_page(client, "ethics").part(Lesson.kind)
    assert len(section.findall(".//article")) == 20
    assert f"Shown here are 20 of {count} lessons." in text_of(section)
    assert "/lessons/?theme=ethics" in [link.get("href") for link in section.iter("a")]


def test_a_theme_that_is_deleted_while_its_page_is_made_is_not_found(client, monkeypatch):
    gone = Theme(pk=0, slug="gone", title="Gone")
    monkeypatch.setattr("themes.models.ThemeQuerySet.told", lambda themes, slug: gone)
    assert client.get(gone.get_absolute_url()).status_code == 404
