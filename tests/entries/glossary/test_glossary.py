"""The glossary says who uses a word, and never more of it than the source does."""

import pytest

from entries.glossary.models import Term
from lessons.models import Lesson
from tests.pages import open_page, text_of

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]


def test_every_term_stands_on_the_page_with_its_source_and_page(client):
    page = open_page(client, "/glossary/")
    facts = [text_of(fact) for fact in page.main.findall(".//div[@class='fact']")]
    terms = list(Term.objects.all())
    assert len(facts) == len(terms) >= 40
    for term, said in zip(terms, facts, strict=True):
        assert term.term in said
        assert (term.meaning or "does not say what it means") in said
        assert term.source_page in said
        assert not term.reading or f"Reading of the portal: {term.reading}" in said


def test_every_see_also_of_the_corpus_leads_to_a_public_page(client):
    page = open_page(client, "/glossary/")
    for term in Term.objects.all():
        term.full_clean()
    seen = list(page.links(".//p[@class='listed-themes']").values())
    assert seen
    assert all(client.get(address).status_code == 200 for address in seen)


@pytest.mark.django_db
def test_a_term_leads_to_no_draft(client):
    term = Term.objects.exclude(see=[]).first()
    term.see = ["lesson/hidden"]
    term.save()
    Lesson.objects.create(slug="hidden", text="Hidden for now.")
    assert "Hidden for now" not in open_page(client, "/glossary/").text


@pytest.mark.django_db
def test_an_entry_tells_the_abbreviations_in_its_text_and_leads_to_the_glossary(client):
    lesson = Lesson.objects.published().first()
    Lesson.objects.filter(pk=lesson.pk).update(text="P/CVE needs time. So does MAW, and CAMP.")
    page = open_page(client, lesson.get_absolute_url())
    links = page.links(".//p[@class='abbreviations']")
    assert links == {"P/CVE": "/glossary/#pcve", "MAW": "/glossary/#maw"}


@pytest.mark.parametrize(
    "address",
    [
        "/themes/mental-health-and-multi-agency-working/",
        "/situations/setting-up-cooperation-in-my-town/",
    ],
)
def test_the_abbreviations_of_a_theme_and_of_a_situation_lead_to_the_glossary(client, address):
    links = open_page(client, address).links(".//p[@class='abbreviations']")
    assert links["MAW"] == "/glossary/#maw"
