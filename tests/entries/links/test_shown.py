"""What readers are told of an address: in words beside each link, in every format that has links."""

from io import BytesIO

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from docx import Document

from entries.links import checking
from entries.links.asking import Found
from entries.links.health import LinkCheck
from entries.links.models import Link
from lessons.models import Lesson
from meetings.models import Paper
from tests.api import api, ask
from tests.made import make
from tests.pages import open_page, read_csv, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_db")]
OLD, NEW = "https://old.example/a.pdf", "https://new.example/a.pdf"


@pytest.fixture
def lesson(empty_db):
    source = make(Paper, "The source", date="2021-04-01", date_precision="month")
    lesson = make(Lesson, "A lesson on trust", source=source)
    Link.objects.create(url=OLD, lesson=lesson)
    return lesson


def found(fate, times=1, **what):
    checking.follow_links()
    check = LinkCheck.objects.get()
    for _time in range(times):
        LinkCheck.objects.update(failed=None)
        checking.record(check.pk, Found(fate, "It answered.", **what))


def today():
    return date_format(timezone.localdate(), "j F Y")


STATES = [
    ("not asked", {}, "not checked yet", "unchecked"),
    ("works", {}, "works (checked since {today})", "works"),
    ("works", {"moved_to": NEW}, f"has moved (seen on {{today}}) to {NEW}", f"moved {NEW}"),
    ("refused", {}, "does not let our check in; it may open for you", "refused"),
    ("failed", {"times": 3}, "dead since {today}: use the archived copy", "dead"),
]


@pytest.mark.once
@pytest.mark.parametrize(("fate", "what", "words", "cell"), STATES)
def test_the_state_stands_in_words_beside_the_link(client, lesson, fate, what, words, cell):
    found(fate, **what)
    words = words.format(today=today())
    assert words in text_of(client.get(lesson.get_absolute_url()))
    briefing = f"/briefing/?e=lessons/{lesson.slug}"
    assert words in text_of(client.get(briefing))
    document = client.get(briefing.replace("/?", ".docx?"))
    told = " ".join(p.text for p in Document(BytesIO(document.content)).paragraphs)
    assert words.removesuffix(f" to {NEW}") in told
    assert ARCHIVED in told
    rows = read_csv(client.get("/lessons.csv"))
    assert [row["link_states"] for row in rows] == [cell]
    (link,) = ask(client, api(lesson))["links"]
    assert link["state"] == cell.split()[0]
    assert link["moved_to"] == what.get("moved_to")
    assert link["archived_copy"] == ARCHIVED
    assert (link["state_since"] is None) == (cell == "unchecked")


# The last day of the month in which the source was printed.
ARCHIVED = f"https://web.archive.org/web/20210430/{OLD}"


@pytest.mark.once
def test_a_link_and_its_archived_copy_are_robust_links(client, lesson):
    page = open_page(client, lesson.get_absolute_url())
    for href in (OLD, ARCHIVED):
        (link,) = page.main.findall(f".//ul[@class='links']//a[@href='{href}']")
        assert link.get("data-originalurl") == OLD
        assert link.get("data-versionurl") == ARCHIVED
        assert link.get("data-versiondate") == "2021-04-30"


def test_a_paper_tells_the_state_of_addresses_not_yet_assigned_too(client, lesson):
    paper = lesson.source
    Link.objects.all().delete()
    Link.objects.create(url=OLD, role="unassigned", paper=paper)
    found("works")
    assert f"works (checked since {today()})" in text_of(client.get(paper.get_absolute_url()))


@pytest.mark.once
def test_what_is_not_public_of_a_source_does_not_date_an_archived_copy(client, lesson):
    Paper.objects.update(status="draft")
    first = timezone.localdate(Lesson.objects.get().first_published)
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert f"web.archive.org/web/{first:%Y%m%d}/" in page
    assert "20210430" not in page
