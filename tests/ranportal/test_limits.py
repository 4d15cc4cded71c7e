"""How much one answer holds and one question may ask, in numbers: a slip of a zero is seen here."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import slugify

from briefings.models import Situation
from entries.search.models import Synonym
from entries.search.query import parse
from entries.workflow.transitions import note_change
from imports.formats.isolated import LARGEST
from lessons.models import Lesson
from ranportal.accounts.models import AccessLine
from records.models import FormerSlug
from tests.addresses import list_address
from tests.desk import change_url, person, values_in
from tests.made import every_kind, make
from tests.pages import listed, open_page, text_of
from tests.transitions import piles
from themes.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORD = "wolfsbane"


def lessons(count, status="published", **fields):
    return [make(Lesson, f"{WORD} {number}", status=status, **fields) for number in range(count)]


def test_a_list_shows_twenty_entries_of_a_page(client):
    lessons(25)
    assert len(open_page(client, "/lessons/", q=WORD).entries) == 20
    assert len(listed(client, f"/lessons/?q={WORD}")) == 25


def test_the_search_shows_the_four_best_of_a_kind_and_leads_to_the_rest(client):
    lessons(9)
    page = open_page(client, "/search/", q=WORD)
    assert len(page.entries) == 4
    assert page.links()["All 9 lessons, to filter or take away"] == f"/lessons/?q={WORD}"


def test_the_search_names_six_themes_at_most(client):
    for number in range(9):
        Theme.objects.create(title=f"On henbane {number}", slug=f"henbane-{number}")
    named = open_page(client, "/search/", q="henbane").main.find(
        ".//section[@class='named search-part']"
    )
    assert len(named.findall(".//li")) == 6


@pytest.mark.parametrize(("length", "is_read"), [(200, True), (201, False)])
@every_kind
def test_two_hundred_signs_are_searched_for_and_no_more(client, kind, length, is_read):
    query = {"q": "w" * length}
    for page in (
        open_page(client, "/search/", **query),
        open_page(client, list_address(kind), **query),
    ):
        assert ("200" in " ".join(page.texts(".//*[@role='alert']"))) != is_read
    for name in ("csv", "ris", "bib", "atom", "api"):
        answer = client.get(list_address(kind, name), query)
        assert answer.status_code == (200 if is_read else 400), name


def test_of_a_long_question_twenty_four_words_are_looked_for(db):
    query = parse(" ".join(f"w{number}" for number in range(60)), Synonym.objects.thesaurus())
    assert len(query.clauses) == 24
    [any_of_them] = query.any_part().clauses
    assert len(any_of_them) == 5, "where any will do"


def test_a_pile_of_the_desk_shows_ten_and_leads_to_the_rest():
    desk = person("curator")
    lessons(14, status="review")
    said = piles(desk)["Waiting for your review"]
    assert said.count(f"Lesson {WORD}") == 10
    assert "All such lessons" in said


def test_the_week_of_the_desk_shows_the_last_thirty():
    desk = person("editor")
    for lesson in lessons(32):
        note_change(lesson, desk.user, "Changed.")
    assert piles(desk)["This week"].count(WORD) == 30


@pytest.fixture
def very_many(db):
    """More lessons than a workbook has rows."""
    words = (f"{WORD} {number}" for number in range(9_950))
    said = {"status": "published", "first_published": timezone.now()}
    new = [Lesson(text=text, slug=slugify(text), **said) for text in words]
    Lesson.objects.bulk_create(new, batch_size=500)


def test_a_list_as_a_whole_has_five_hundred_entries_and_a_workbook_ten_thousand_rows(
    client, very_many
):
    shown = text_of(client.get("/lessons/?page=all"))
    assert shown.count(f" {WORD} ") + 58 == 500
    assert shown.count("Filed under no theme yet") == 1, "said once, over all that have none"
    answer = client.get("/lessons.xlsx")
    assert answer.status_code == 400
    said = "This list has 10,008 rows, and a workbook is made of 10,000 at most"
    assert said.replace(",", "") in text_of(answer).replace(",", "")


def test_of_a_misspelt_question_four_words_are_mended(client):
    make(Lesson, "Wolfsbane monkshood hellebore belladonna oleander")
    page = open_page(client, "/search/", q="wofsbane monshood helebore beladonna olender")
    assert "Did you mean wolfsbane monkshood hellebore belladonna olender?" in page.text


@pytest.mark.parametrize(("number", "is_followed"), [(50, True), (51, False)])
def test_fifty_former_addresses_are_followed_in_one_question(client, number, is_followed):
    FormerSlug.objects.create(model="themes.theme", slug="once", current_slug="ethics")
    asked = [*(f"never-{each}" for each in range(number - 1)), "once"]
    answer = client.get("/lessons/", {"theme": asked})
    assert (answer.status_code == 301) == is_followed


def test_a_briefing_looks_at_two_hundred_names_and_opens_four_themes(client):
    lesson = Lesson.objects.first()
    for before, is_read in ((199, True), (200, False)):
        names = [*["lessons/none"] * before, f"lessons/{lesson.slug}"]
        page = open_page(client, "/briefing/", e=names)
        assert (lesson.get_absolute_url() in page.links().values()) == is_read
    themes = [f"themes/{theme.slug}" for theme in Theme.objects.filter(level=2)[:5]]
    page = open_page(client, "/briefing/", e=themes)
    assert page.text.count("too many whole themes and situations at once") == 1


def test_a_situation_chooses_sixty_entries(client):
    desk, situation = person("editor"), Situation.objects.first()
    values, _ = values_in(desk.open(change_url(situation)))
    for rows, is_read in ((60, True), (61, False)):
        sent = values | {"choices-TOTAL_FORMS": str(rows), "_save": "Save"}
        said = text_of(desk.client.post(change_url(situation), sent))
        assert ("at most 60" not in said) == is_read


def test_a_page_of_the_api_has_a_hundred_entries(client):
    assert client.get("/api/v1/lessons/", {"page_size": 100}).json()["count"] == 58
    refused = client.get("/api/v1/lessons/", {"page_size": 101})
    assert refused.status_code == 400
    assert "a page holds 100 at most" in refused.content.decode()


def test_a_form_of_more_than_two_million_signs_is_not_read(client):
    answer = client.post("/curators/sign-in/", {"login": "x" * 2_000_000})
    assert answer.status_code == 400
    assert "It asks for more" in text_of(answer)


def test_a_request_is_as_large_as_the_largest_file_and_a_little_more():
    assert LARGEST < settings.LARGEST_REQUEST < 1.5 * LARGEST


def test_of_an_hour_sixty_refusals_of_one_account_are_kept_and_six_hundred_of_all(client):
    def refused(name, before):
        """How many lines there are once somebody is refused twice more."""
        AccessLine.objects.bulk_create(AccessLine(what="forbidden", **each) for each in before)
        client.force_login(User.objects.create_user(name, is_staff=True))
        for _ in range(2):
            assert client.get("/admin/auth/user/").status_code == 403
        return AccessLine.objects.filter(what="forbidden").count()

    assert refused("anna", [{"username": "anna"}] * 59) == 60
    assert refused("bela", [{"username": f"person {number}"} for number in range(539)]) == 600
