"""A briefing is what its address says: chosen, ordered, titled by its reader, each source noted."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from briefings.models import Situation
from lessons.models import Lesson, Question
from meetings.models import Paper
from practices.models import Practice
from tests.made import KINDS
from tests.pages import open_page, text_of
from themes.models import Theme

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def references(*entries):
    return [f"{entry.kind.path}/{entry.slug}" for entry in entries]


def statements(page):
    """The entries of a briefing page, by the address of each page, section by section."""
    return {
        text_of(section.find("h2")): [
            link.get("href") for link in section.iter("a") if text_of(link).startswith("Its page")
        ]
        for section in page.main.iter("section")
        if section.find("h2") is not None and text_of(section.find("h2")) != "Sources"
    }


def addresses(*entries):
    return [entry.get_absolute_url() for entry in entries]


@pytest.fixture
def two_lessons():
    return list(Lesson.objects.published()[:2])


def test_a_briefing_holds_what_its_address_names_in_that_order_by_kind(client, two_lessons):
    one, two = two_lessons
    practice = Practice.objects.published().first()
    page = open_page(client, "/briefing/", e=references(two, practice, one), title="For tomorrow")
    assert page.headings == ["For tomorrow"]
    assert statements(page) == {
        "Lessons": addresses(two, one),
        "Practices": addresses(practice),
    }
    assert two.text in page.text
    notes = page.texts(".//ol[@class='notes']/li")
    assert len(notes) == 3
    assert two.source_page in notes[0]
    assert f"http://testserver{two.get_absolute_url()}" in notes[0]
    assert two.text not in notes[0]  # it stands above, once
    assert "about 1 A4 page in print" in page.text


def test_moving_up_and_taking_out_are_addresses(client, two_lessons):
    one, two = two_lessons
    practice = Practice.objects.published().first()
    page = open_page(client, "/briefing/", e=references(one, two, practice))
    links = page.links()
    up = next(href for text, href in links.items() if text.startswith("Move up"))
    assert "title=" not in up  # nobody gave it one
    moved = open_page(client, f"/briefing/{up}")
    assert statements(moved)["Lessons"] == addresses(two, one)
    section_up = next(href for text, href in links.items() if text.startswith("Move “Practices”"))
    assert list(statements(open_page(client, f"/briefing/{section_up}"))) == [
        "Practices",
        "Lessons",
    ]
    out = next(href for text, href in links.items() if text.startswith("Take out"))
    assert statements(open_page(client, f"/briefing/{out}"))["Lessons"] == addresses(two)


def test_a_whole_theme_or_situation_can_be_named(client):
    theme = Theme.objects.get(slug="lone-actors")
    page = open_page(client, "/briefing/", e="themes/lone-actors")
    shown = [address for section in statements(page).values() for address in section]
    expected = [
        entry.get_absolute_url()
        for kind in KINDS
        for entry in kind.objects.published().in_branch(theme.slug)
    ]
    assert sorted(shown) == sorted(expected)
    situation = Situation.objects.published().for_page().first()
    page = open_page(client, "/briefing/", e=f"situations/{situation.slug}")
    shown = [address for section in statements(page).values() for address in section]
    assert sorted(shown) == sorted(addresses(*situation.entries))


@pytest.mark.django_db
def test_what_cannot_be_shown_is_named_in_words_and_what_was_withdrawn_in_its_place(
    client, two_lessons
):
    one, two = two_lessons
    Lesson.objects.filter(pk=two.pk).update(status="withdrawn", withdrawn_reason="It was wrong.")
    draft = Question.objects.first()
    Question.objects.filter(pk=draft.pk).update(status="draft", first_published=None)
    named = [*references(two, one, draft), "lessons/none-such", "rubbish", "lessons/%00", "x" * 300]
    page = open_page(client, "/briefing/", e=named)
    assert statements(page)["Lessons"] == addresses(one)
    withdrawn = f"lessons/{two.slug}: this lesson was withdrawn: It was wrong."
    in_place = page.texts(".//div[@class='briefed']")
    assert withdrawn in in_place[0]
    assert one.text in in_place[1]
    assert "lessons/none-such: no such entry is known." in page.text
    assert "rubbish: no such entry is known." in page.text
    assert f"{references(draft)[0]}: no such entry is known." in page.text
    assert draft.text not in page.text
    kept = [box.get("value") for box in page.main.iterfind(".//input[@name='e']")]
    assert kept == references(two, one)
    words = words_of(Document(BytesIO(client.get("/briefing.docx", {"e": named}).content)))
    assert words.index(withdrawn) < next(at for at, line in enumerate(words) if one.text in line)
    assert "rubbish: no such entry is known." in words


def test_a_document_of_nothing_leads_to_the_page_that_says_how_to_begin(client):
    answer = client.get("/briefing.docx", {"e": "rubbish"})
    assert answer["Location"] == "/briefing/?e=rubbish"


@pytest.mark.django_db
def test_a_former_address_in_a_briefing_is_followed(client, two_lessons):
    one, _two = two_lessons
    [old] = references(one)
    one.slug = "renamed"
    one.save()
    page = open_page(client, "/briefing/", e=old)
    assert statements(page)["Lessons"] == ["/lessons/renamed/"]


def test_an_empty_briefing_offers_a_beginning(client):
    page = open_page(client, "/briefing/")
    assert "Nothing is chosen yet" in page.text
    assert page.texts(".//ul[@class='situations']//span[1]") == [
        situation.title for situation in Situation.objects.published()
    ]


def test_a_briefing_holds_at_most_sixty_entries_and_says_so(client):
    page = open_page(
        client, "/briefing/", e=[f"themes/{t.slug}" for t in Theme.objects.filter(level=1)]
    )
    assert len(page.texts(".//ol[@class='notes']/li")) == 60
    assert "A briefing holds at most 60 entries" in page.text


def test_a_title_too_long_is_refused_in_words_and_the_selection_kept(client, two_lessons):
    page = open_page(client, "/briefing/", e=references(*two_lessons), title="x" * 121)
    assert "A title has at most 120 signs." in page.text
    assert statements(page)["Lessons"] == addresses(*two_lessons)


def test_a_title_is_only_text(client, two_lessons):
    answer = client.get(
        "/briefing/", {"e": references(*two_lessons), "title": "<script>alert(1)</script>"}
    )
    assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/briefing/", "/briefing.docx", "/practices/compare/"])
def test_what_readers_put_together_is_not_indexed(client, address):
    assert client.get(address)["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_a_briefing_costs_few_queries_however_much_it_names(client):
    everything = [
        f"{kind.kind.path}/{slug}"
        for kind in KINDS
        for slug in kind.objects.values_list("slug", flat=True)
    ]
    named = [f"themes/{t.slug}" for t in Theme.objects.all()] + everything
    with CaptureQueriesContext(connection) as queries:
        open_page(client, "/briefing/", e=named * 3)
    assert len(queries) < 110


def words_of(document):
    return [" ".join(paragraph.text.split()) for paragraph in document.paragraphs]


def test_the_document_says_what_the_page_says(client, two_lessons):
    one, two = two_lessons
    paper = next(paper for paper in Paper.objects.published() if paper.assigned_links)
    query = {"e": references(paper, two, one), "title": "Für morgen"}
    page = open_page(client, "/briefing/", **query)
    answer = client.get("/briefing.docx", query)
    assert answer["Content-Disposition"] == 'attachment; filename="briefing.docx"'
    document = Document(BytesIO(answer.content))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [*statements(page), "Sources"]
    assert document.paragraphs[0].style.name == "Title"
    assert document.core_properties.title == "Für morgen"
    assert "a reader’s own title and selection" in document.paragraphs[1].text
    assert document.core_properties.language == "en-gb"
    words = words_of(document)
    for entry in (one, two):
        assert any(entry.text in line for line in words)
    notes = [line for line in words if line[:2] in ("1.", "2.", "3.")]
    on_page = page.texts(".//ol[@class='notes']/li")
    assert all(
        said.startswith(note.split(". ", 1)[1]) for note, said in zip(notes, on_page, strict=True)
    )
    assert any(line.startswith(paper.assigned_links[0].url) for line in words)


def test_a_situation_is_a_document_too(client):
    situation = Situation.objects.published().for_page().first()
    answer = client.get(f"/situations/{situation.slug}.docx")
    words = words_of(Document(BytesIO(answer.content)))
    assert words[0] == situation.title
    assert situation.emergency in words
    for entry in situation.entries:
        assert any((entry.text or entry.heading) in line for line in words), entry
