"""Two to four practices side by side: what differs first, what they share next, silence last."""

import csv
from io import StringIO

import pytest

from practices.models import Practice
from tests.pages import open_page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def slugs(number):
    return [practice.slug for practice in Practice.objects.published()[:number]]


def groups(page):
    """{group: {respect: cells}} of the comparison."""
    found = {}
    for body in page.main.iter("tbody"):
        name, *rows = body.findall("tr")
        found[text_of(name)] = {
            text_of(row.find("th")): [text_of(cell) for cell in row.findall("td")] for row in rows
        }
    return found


def test_practices_stand_side_by_side_what_differs_first(client):
    one, two = Practice.objects.published()[:2]
    Practice.objects.filter(pk=one.pk).update(agencies=["police", "school"], organisation="Same")
    Practice.objects.filter(pk=two.pk).update(agencies=["police"], organisation="Same")
    page = open_page(client, "/practices/compare/", p=[one.slug, two.slug])
    shown = groups(page)
    assert list(shown) == ["Where they differ", "What they share"]
    assert shown["Where they differ"]["Agencies involved"] == ["police school", "police"]
    assert shown["What they share"]["Organisation"] == ["Same", "Same"]
    assert all(
        cell.endswith(f", p. {one.source_page}") for cell in shown["What they share"]["Source"]
    )
    silent = text_of(page.main.find(".//details[@class='comparison-silent']"))
    assert "Deliverables" in silent
    links = page.links(".//table/thead")
    assert links == {one.name: one.get_absolute_url(), two.name: two.get_absolute_url()}


def test_what_no_source_states_is_said_so_in_its_cell(client):
    one, two = Practice.objects.published()[:2]
    Practice.objects.filter(pk=one.pk).update(evidence="Measured.")
    shown = groups(open_page(client, "/practices/compare/", p=[one.slug, two.slug]))
    assert shown["Where they differ"]["Evidence and evaluation"] == [
        "Measured.",
        "not stated in the source",
    ]


def test_the_csv_says_what_the_page_says(client):
    page = open_page(client, "/practices/compare/", p=slugs(3))
    answer = client.get("/practices/compare.csv", {"p": slugs(3)})
    head, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert len(head) == 4
    stated = {row[0]: row[1:] for row in rows}
    for group in groups(page).values():
        for label, cells in group.items():
            said = [cell.replace("not stated in the source", "") for cell in cells]
            assert [text.replace(";", "") for text in stated[label]] == [
                text.replace(";", "") for text in said
            ], label


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "Choose two to four practices"),
        (["channel"], "Choose two to four practices"),
        (["channel", "none-such"], "No practice is known as “none-such”."),
        (["channel", "<b>"], "No practice is known as “<b>”."),
        ([f"p{number}" for number in range(9)], "Compare at most 4 practices: these are 9."),
    ],
)
def test_what_cannot_be_compared_is_said_in_words_with_a_way_on(client, chosen, said):
    page = open_page(client, "/practices/compare/", p=chosen)
    assert said in page.text
    assert page.main.find(".//form//input[@type='checkbox']") is not None
    assert client.get("/practices/compare.csv", {"p": chosen}).status_code == 400


def test_a_withdrawn_practice_is_named_and_a_draft_is_unknown(client):
    one, two = Practice.objects.published()[:2]
    Practice.objects.filter(pk=one.pk).update(status="withdrawn", withdrawn_reason="Ended.")
    Practice.objects.filter(pk=two.pk).update(status="draft", first_published=None)
    page = open_page(client, "/practices/compare/", p=[one.slug, two.slug])
    assert "was withdrawn. Ended." in page.text
    assert f"No practice is known as “{two.slug}”." in page.text
    assert two.name not in page.text
