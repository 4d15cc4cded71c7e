"""What is pasted is cleaned when it comes in, and what is typed in other letters is understood."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from taggit.models import Tag

from entries.links.models import Link
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.cleaning import clean_line, clean_prose, slug_of
from tests.desk import Desk
from tests.made import make
from tests.pages import content_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("ex\u00adtrem\u200bism \u2060and\ufeff", "extremism and"),
        ("right\u202eto\u202c left\u200f", "rightto left"),
        ("36\u00a0%\u2003of  all\u202f", "36 % of all"),
        ("\ufb01nancing o\ufb03ces", "financing offices"),
        ("Mu\u0308nchen", "München"),
        ("½ of 10² ™ œuvre ß İ", "½ of 10² ™ œuvre ß İ"),
        ("👩\u200d⚕️ and سی\u200cدی", "👩\u200d⚕️ and سی\u200cدی"),
        ("zero\u200dwidth\u200c", "zerowidth"),
        ("a\x0bb\x07c", "a b c"),
        ("Figure\ufffc 2 o\u034ff\u3164 4\ufff9", "Figure 2 of 4"),
    ],
)
def test_a_line_loses_what_nobody_sees_and_no_letter(pasted, kept):
    assert clean_line(pasted) == kept
    assert clean_line(kept) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("A sentence that a PDF\nbroke in two.", "A sentence that a PDF broke in two."),
        ("One.\r\n\r\n\r\nTwo.", "One.\n\nTwo."),
        ("The list:\none\nTwo\nthree", "The list:\none\nTwo three"),
        ("First.\nSecond.", "First.\nSecond."),
        ("Praca w\nśrodowisku", "Praca w środowisku"),
        ("Η εργασία\nστη φυλακή", "Η εργασία στη φυλακή"),
        ("Робота\nІ закон", "Робота\nІ закон"),
    ],
)
def test_a_text_keeps_its_paragraphs_and_loses_breaks_within_a_sentence(pasted, kept):
    assert clean_prose(pasted) == kept


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("Große Straße", "grosse-strasse"),
        ("Αθήνα", "athina"),
    ],
)
def test_a_slug_is_made_of_letters_that_everyone_can_type(admin_client, name, slug):
    assert slug_of(name) == slug
    answer = admin_client.post(
        reverse("admin:practices_practice_add"),
        {
            "name": f" {name}\u200b ",
            "slug": "",
            "description": "Does\u00a0it.",
            "content_language": "en",
        }
        | dict.fromkeys(("links-TOTAL_FORMS", "links-INITIAL_FORMS"), "0"),
    )
    assert answer.status_code == 302, answer.content.decode()
    practice = Practice.objects.get(slug=slug)
    assert (practice.name, practice.description) == (name, "Does it.")


def test_whoever_writes_without_a_form_writes_clean(client):
    paper = Paper(
        title="On\u00a0\ufb01nance", slug="on-finance", key_points=["One\u200b ", "", "Two"]
    )
    paper.full_clean()
    assert (paper.title, paper.key_points) == ("On finance", ["One", "Two"])


def test_an_address_with_an_invisible_sign_is_cleaned_or_refused_by_name():
    paper = make(Paper, "On links")
    link = Link(url="https://example.org/a\u200bb ", paper=paper)
    link.full_clean()
    assert link.url == "https://example.org/ab"
    link.url = "https://example.org/a\u00a0b"
    with pytest.raises(ValidationError) as refused:
        link.full_clean()
    assert list(refused.value.message_dict) == ["url"]


@pytest.mark.parametrize("name", ["ÉTHIQUE", "e\u0301thique", "éthi\u00adque ", "Éthique; droit"])
def test_a_tag_is_one_under_case_and_form(admin_client, name):
    Tag.objects.create(name="éthique", slug="ethique")
    answer = admin_client.post(reverse("admin:taggit_tag_add"), {"name": name, "slug": "another"})
    assert answer.status_code == 200
    assert Tag.objects.filter(slug="another").count() == 0


def test_the_admin_finds_names_without_case_beyond_ascii(admin_client):
    make(Practice, "Ærlig Ørsted", slug="honest")
    page = admin_client.get(reverse("admin:practices_practice_changelist"), {"q": "ørsted ÆRLIG"})
    assert "Ærlig Ørsted" in page.content.decode()
    assert Practice.objects.filter(name__iexact="ærlig ØRSTED").exists()
    assert not Practice.objects.filter(name__icontains="%rsted").exists()


@pytest.mark.once  # PostgreSQL refuses it
def test_half_a_sign_that_a_script_stored_for_the_staff_breaks_no_file_and_no_page(client):
    meeting = Meeting.objects.published().exclude(contacts=[]).first()
    addresses = ("/meetings.csv", "/api/v1/meetings/?page_size=100", meeting.get_absolute_url())
    before = [content_of(client.get(address)) for address in addresses]
    Meeting.objects.filter(pk=meeting.pk).update(contacts=["half a sign: \ud83d"])
    assert Meeting.objects.get(pk=meeting.pk).contacts == ["half a sign: \ud83d"]
    assert [content_of(client.get(address)) for address in addresses] == before


@pytest.mark.once
def test_a_paper_with_140_links_can_be_edited_again(admin_client):
    paper = make(Paper, "On many links")
    links = [Link(url=f"https://example.org/{number}", paper=paper) for number in range(140)]
    Link.objects.bulk_create(links)
    Desk(admin_client).saved(paper.admin_url, title="On 140 links", change_note="Renamed.")
    assert Paper.objects.get(pk=paper.pk).title == "On 140 links"
    assert paper.links.count() == 140
