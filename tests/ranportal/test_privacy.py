"""What is not for the public stays out of every page and format, and visitors leave no trace."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from entries.links.models import Link
from entries.models import kinds
from lessons.models import Lesson, Question, Uptake
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import addresses, addresses_of, list_address, page_addresses
from tests.made import KINDS, NAME_FIELDS, every_kind, make
from tests.pages import Page, content_of, open_page, read_csv, said_in, text_in, text_of
from tests.soak import soak, times
from themes.models import Absence, Theme

# What has to be told of what: a table to compare, a document that leads to where it is put together.
ASKING = {"/practices/compare.csv": 400, "/briefing.docx": 302}

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

# A word that stands in no source and no wording.
SECRET = "Wolpertinger"

not_public = pytest.mark.parametrize("status", ["draft", "review"])


# --- Persons -------------------------------------------------------------------------


def test_no_contact_that_is_for_curators_stands_on_any_page_or_in_any_format(answers):
    contacts = Meeting.objects.get(start_date="2023-11-28").contacts
    assert len(contacts) == 4
    # Printed as 'e [dot] surnamehost [dot] nl (First Surname)', and no part of it may be said.
    names = [contact.partition("(")[2].rstrip(")") for contact in contacts]
    hosts = [max(contact.split(), key=len) for contact in contacts]
    for address, (_response, content) in answers.items():
        said = text_in(content).lower()
        assert not [word for word in (*contacts, *names, *hosts) if word.lower() in said], address


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["", "csv", "ris", "bib", "atom"])
def test_no_contact_of_a_practice_is_told_that_is_not_public(client, extension):
    Practice.objects.filter(slug="channel").update(contact=f"{SECRET}, 12 High Street")
    entry = client.get(f"/practices/channel.{extension}" if extension else "/practices/channel/")
    many = client.get(list_address(Practice, extension))
    assert many.status_code == 200
    assert SECRET not in content_of(entry).decode() + content_of(many).decode()


@pytest.mark.django_db
def test_the_contact_of_a_practice_is_shown_where_it_may_be(client):
    shown = {"contact": "The desk, 12 High Street", "contact_is_public": True}
    Practice.objects.filter(slug="channel").update(**shown)
    page = open_page(client, "/practices/channel/")
    assert page.facts["Contact"] == "The desk, 12 High Street"


# --- Drafts --------------------------------------------------------------------------


@pytest.fixture
def hidden(db):
    return hide_one_of_each()


def hide_one_of_each():
    """An entry of each kind that is not public, tied to public ones in every way there is."""
    statuses = dict(zip(KINDS, ["draft", "review", "review", "draft", "draft"], strict=True))
    hidden = {
        kind: make(
            kind,
            f"{SECRET} {kind.__name__}",
            themes=Theme.objects.filter(slug="ethics"),
            tags=[f"{SECRET} tag", "training"],
            status=statuses[kind],
        )
        for kind in KINDS
    }
    paper, meeting = hidden[Paper], hidden[Meeting]
    event = Meeting.objects.get(start_date="2023-11-28")
    for other in (paper, meeting):
        other.groups.add(WorkingGroup.objects.get(slug="ran-health"))
    Paper.objects.filter(date="2023-11-20").update(meeting=meeting)
    Meeting.objects.filter(pk=event.pk).update(foreseen_in=paper)
    Meeting.objects.filter(pk=meeting.pk).update(foreseen_in=Paper.objects.get(date="2023-11-20"))
    Paper.objects.filter(pk=paper.pk).update(meeting=event, source=paper)
    Practice.objects.get(slug="channel").presented_at.add(meeting)
    hidden[Practice].presented_at.add(event)
    asked = Question.objects.filter(state="open").first()
    Uptake.objects.create(question=asked, meeting=meeting)
    Uptake.objects.create(question=asked, paper=paper)
    prison = Meeting.objects.get(slug="mental-health-in-prison-2020")
    Uptake.objects.create(question=hidden[Question], meeting=prison)
    Link.objects.create(url=f"https://example.org/{SECRET}", role="unassigned", paper=paper)
    # Public records taken from a paper that is not public.
    Lesson.objects.filter(slug="traits-of-lone-actors").update(source=paper, source_page="7")
    Theme.objects.filter(slug="groomers").update(source=paper)
    WorkingGroup.objects.filter(slug="ran-exit").update(source=paper)
    Absence.objects.update(source=paper)
    return hidden


def tied_to(hidden):
    """The public entries that know of one that is not, and some that do not."""
    for kind in KINDS:
        yield from kind.objects.published().filter(themes__slug="ethics")[:2]
    yield from Meeting.objects.filter(start_date="2023-11-28")
    yield from Meeting.objects.filter(slug="mental-health-in-prison-2020")
    yield from Paper.objects.filter(date="2023-11-20")
    yield from Practice.objects.filter(slug="channel")
    yield from Question.objects.filter(uptakes__paper=hidden[Paper])
    yield from Lesson.objects.filter(source=hidden[Paper]).published()


@soak
def test_nothing_of_an_entry_that_is_not_public_stands_on_any_page_or_in_any_format(
    transactional_db, client
):
    """Of entries that have nothing to do with it, every fourth is opened; in `make soak` all are."""
    hidden = hide_one_of_each()
    tied = [address for entry in tied_to(hidden) for address in addresses_of(entry)]
    entries = {entry.get_absolute_url() for kind in kinds() for entry in kind.objects.published()}
    others = {*page_addresses()} - entries
    everywhere = {*addresses(of_records=False), *others, *tied, *sorted(entries)[:: times(4, 1)]}
    assert len(everywhere) > times(150, 250)
    for address in everywhere:
        response = client.get(address)
        assert response.status_code == ASKING.get(address, 200), address
        assert SECRET.lower() not in said_in(response).lower(), address


def test_an_entry_that_is_not_public_does_not_exist_for_visitors(client, hidden):
    for entry in hidden.values():
        page = open_page(client, entry.get_absolute_url(), status=404)
        assert SECRET not in page.text


def test_staff_see_an_entry_that_is_not_public_under_a_notice(admin_client, hidden):
    for entry in hidden.values():
        page = open_page(admin_client, entry.get_absolute_url())
        assert page.headings == [entry.heading]
        status = entry.get_status_display()
        notice = f"Not public ({status}): only staff can open this page."
        assert notice in page.texts(".//p[@class='notice']")
        assert page.links()["Edit this entry"] == entry.admin_url


def test_staff_too_find_only_public_entries_in_the_lists(admin_client, hidden):
    pages = {entry.get_absolute_url() for entry in tied_to(hidden)}
    for address in pages | {*addresses(of_records=False)}:
        assert SECRET not in said_in(admin_client.get(address)), address


def test_a_visitor_who_is_signed_in_but_not_staff_sees_what_all_see(
    client, django_user_model, hidden
):
    client.force_login(django_user_model.objects.create_user("reader"))
    for entry in hidden.values():
        open_page(client, entry.get_absolute_url(), status=404)


def test_no_count_includes_an_entry_that_is_not_public(client, hidden):
    home = open_page(client, "/")
    assert [line.split()[0] for line in home.texts(".//ul[@class='legend']/li")[:5]] == [
        "58",
        "16",
        "27",
        "21",
        "9",
    ]
    ethics = [kind.objects.published().in_branch("ethics").count() for kind in kinds()]
    row = " ".join(map(str, [*ethics, sum(ethics)]))
    assert f"3.2 Ethics {row}" in open_page(client, "/map/").text
    assert "12 addresses printed in the sources" in open_page(client, "/about/").text
    for kind in kinds():
        page = open_page(client, list_address(kind))
        public = kind.objects.published()
        names = kind._meta
        assert page.sentence == f"{public.count()} {names.verbose_name_plural}"
        for facet in page.facets.values():
            assert not [option for option in facet if SECRET in option]
        themes = page.facets["Theme"]
        counted = public.in_branch("ethics").count()
        assert themes.get("Ethics", (0,))[0] == counted
        rows = list(read_csv(client.get(list_address(kind, "csv"))))
        assert len(rows) == public.count()


def test_a_reference_to_what_is_not_public_leaves_no_empty_heading(client, hidden):
    event = Meeting.objects.get(start_date="2023-11-28")
    page = open_page(client, event.get_absolute_url())
    assert page.section("Foreseen in") is None
    assert page.section("Papers of this meeting") is None
    other = open_page(client, "/meetings/mental-health-in-prison-2020/")
    assert other.section("Questions it took up") is None


def test_a_public_entry_taken_from_a_paper_that_is_not_public_does_not_name_it(client, hidden):
    lesson = Lesson.objects.get(slug="traits-of-lone-actors")
    page = open_page(client, lesson.get_absolute_url())
    provenance = page.main.find(".//p[@class='provenance']")
    assert text_of(provenance) == "Source: a paper that is not public here yet, p. 7"
    assert provenance.find("a") is None
    rows = read_csv(client.get("/lessons.csv"))
    row = next(row for row in rows if row["url"].endswith(lesson.get_absolute_url()))
    assert (row["source"], row["source_page"]) == ("", "7")


def test_a_paper_that_is_not_public_is_no_source_to_filter_by(client, hidden):
    page = open_page(client, "/lessons/", source=hidden[Paper].slug)
    assert page.sentence == "58 lessons"
    assert f"Source: “{hidden[Paper].slug}” is not known here." in page.text
    response = client.get("/lessons.csv", {"source": hidden[Paper].slug})
    assert response.status_code == 400


@pytest.mark.django_db
@every_kind
def test_of_an_entry_taken_back_none_of_its_addresses_says_anything(client, kind):
    entry = kind.objects.first()
    first = entry.get_absolute_url()
    entry.slug = "renamed"
    entry.status = "draft"
    entry.save()
    for address in (first, entry.get_absolute_url()):
        response = client.get(address, follow=True)
        assert response.status_code == 410
        assert getattr(entry, NAME_FIELDS[kind])[:40] not in Page(response).text
    entry.status = "published"
    entry.save()
    assert client.get(first)["Location"] == entry.get_absolute_url()


@pytest.mark.django_db
@every_kind
@not_public
def test_a_draft_that_was_never_public_leaves_no_former_address(client, kind, status):
    entry = make(kind, "First name", status=status)
    first = entry.get_absolute_url()
    entry.slug = "second-name"
    entry.save()
    entry.status = "published"
    entry.save()
    assert client.get(entry.get_absolute_url()).status_code == 200
    again = make(kind, "First name")
    assert open_page(client, first).headings == [getattr(again, NAME_FIELDS[kind])]


# --- Visitors ------------------------------------------------------------------------


def test_no_visitor_is_given_a_cookie_and_every_answer_has_a_strict_policy(client, answers):
    errors = {address: client.get(address) for address in ("/nothing/", "/lessons/?page=99")}
    opened = {address: response for address, (response, _content) in answers.items()}
    for address, response in (opened | errors).items():
        assert (response.status_code == 200) == (address in opened and address not in ASKING)
        assert not response.cookies, address
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert "http" not in policy, address
    assert not client.cookies
    assert not Session.objects.exists()


def test_no_page_holds_a_script_or_a_style_of_its_own_or_anothers(pages):
    for address, page in pages.items():
        for element in page.root.iter():
            assert "style" not in element.attrib, address
            assert not [name for name in element.attrib if name.startswith("on")], address
            assert element.tag != "style", address
            if element.tag == "script" and element.get("type") != "application/ld+json":
                assert element.get("src", "").startswith("/static/"), address
            if element.tag in ("link", "img", "use") and element.get("rel") != "canonical":
                leads_to = element.get("href", element.get("src", ""))
                assert leads_to.startswith(("/", "#")), address


def test_a_visitor_who_leaves_for_a_link_takes_no_address_along(client):
    response = client.get(reverse("home"))
    assert response["Referrer-Policy"] == "same-origin"
