"""The lists, narrowed as a visitor narrows them: by facet, chip, sort and page."""

from datetime import date, timedelta
from itertools import product
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.utils import timezone

from entries.models import Country, kinds
from entries.search.normalise import normalise
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.addresses import list_address
from tests.made import every_kind, make
from tests.pages import Page, listed, open_page, read_csv, text_of
from themes.models import Theme

pytestmark = pytest.mark.usefixtures("unchanged_db")


# --- What each parameter means, told once more without a database --------------------


def branches(entry):
    return {theme.slug for filed in entry.themes.all() for theme in filed.lineage}


def when(meeting):
    return {"past" if meeting.end_date < timezone.localdate() else "upcoming"}


SHARED = {
    "theme": branches,
    "tag": lambda entry: {tag.slug for tag in entry.tags.all()},
    "source": lambda entry: {entry.source.slug},
}

OF_MEETINGS_AND_PAPERS = SHARED | {
    "group": lambda entry: {group.slug for group in entry.groups.all()},
    "country": lambda entry: {country.code for country in entry.countries.all()},
}

MEANINGS = {
    Lesson: SHARED,
    Question: SHARED | {"state": lambda question: {question.state}},
    Practice: SHARED
    | {
        "country": lambda practice: {country.code for country in practice.countries.all()},
        "programme": lambda practice: {practice.programme} - {""},
        "scope": lambda practice: {practice.scope} - {""},
    },
    Meeting: OF_MEETINGS_AND_PAPERS
    | {"when": when, "year": lambda meeting: {str(meeting.start_date.year)}},
    Paper: OF_MEETINGS_AND_PAPERS
    | {
        "type": lambda paper: {paper.paper_type} - {""},
        "year": lambda paper: {paper.iso_date[:4]} - {""},
    },
}

every_parameter = pytest.mark.parametrize(
    ("kind", "parameter"),
    [(kind, parameter) for kind, meanings in MEANINGS.items() for parameter in meanings],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)


def values_of(kind, parameter):
    """{value: addresses of the entries that have it}"""
    having = {}
    for entry in kind.objects.prefetch_related("themes__parent__parent", "tags"):
        for value in MEANINGS[kind][parameter](entry):
            if parameter == "source" and value == entry.slug:
                continue  # a paper is not taken from itself
            having.setdefault(value, set()).add(entry.get_absolute_url())
    return having


def value_in(address, parameter):
    """The values that the address of an option gives to its parameter."""
    return parse_qs(address.partition("?")[2]).get(parameter, [])


def facet_of(page, parameter):
    """{value: (count, address)} of what the page offers for the parameter, while none is chosen."""
    for options in page.facets.values():
        offered = {
            tuple(value_in(address, parameter)): (count, address)
            for count, address in options.values()
        }
        if () not in offered:
            return {values[-1]: option for values, option in offered.items()}
    return {}


# --- Each parameter ------------------------------------------------------------------


@pytest.mark.django_db
@every_parameter
def test_a_parameter_narrows_the_list_to_the_entries_that_have_the_value(client, kind, parameter):
    """Read in the table, which one FilterSet narrows with the pages, and which has no pages to turn."""
    for value, having in values_of(kind, parameter).items():
        rows = read_csv(client.get(list_address(kind, "csv"), {parameter: value}))
        found = [urlsplit(row["url"]).path for row in rows]
        assert sorted(found) == sorted(having), value


@pytest.mark.django_db
@every_parameter
def test_a_facet_offers_each_value_that_occurs_with_its_count(client, kind, parameter):
    offered = facet_of(open_page(client, list_address(kind)), parameter)
    assert {value: count for value, (count, address) in offered.items()} == {
        value: len(having) for value, having in values_of(kind, parameter).items()
    }


@pytest.mark.django_db
@every_parameter
def test_values_of_one_parameter_are_alternatives(client, kind, parameter):
    values = values_of(kind, parameter)
    both = list(values)[-2:]
    query = urlencode({parameter: both}, doseq=True)
    found = listed(client, f"{list_address(kind)}?{query}")
    assert sorted(found) == sorted(values[both[0]] | values[both[-1]])
    assert len(found) == len(set(found))


@pytest.mark.django_db
@pytest.mark.once
def test_different_parameters_must_all_hold(client):
    themes, countries = values_of(Practice, "theme"), values_of(Practice, "country")
    shared = [0, 0]
    for theme, country in product(themes, ["DK", "DE", "NL"]):
        page = open_page(client, "/practices/", theme=theme, country=country)
        assert set(page.entries) == themes[theme] & countries[country]
        shared[bool(page.entries)] += 1
    assert all(shared), "some have entries in common, some none"


@pytest.mark.django_db
def test_a_theme_stands_for_its_whole_branch(client):
    lesson = make(Lesson, "A new one", themes=[Theme.objects.get(slug="working-with-children")])
    for theme in (
        "working-with-children",
        "working-with-youth-and-families",
        "mental-health-and-multi-agency-working",
    ):
        assert lesson.get_absolute_url() in listed(client, f"/lessons/?theme={theme}")
    assert lesson.get_absolute_url() not in listed(client, "/lessons/?theme=working-with-families")


@pytest.mark.django_db
def test_an_entry_of_many_places_is_listed_and_counted_once_in_each_branch(client):
    before = open_page(client, "/practices/").facets["Theme"]
    practice = make(
        Practice,
        "Everywhere",
        themes=Theme.objects.filter(slug__in=["working-with-children", "working-with-families"]),
        tags=["training", "prison"],
    )
    practice.countries.set(Country.objects.filter(code__in=["DK", "SE"]))
    page = open_page(client, "/practices/", country=["DK", "SE"], tag=["training", "prison"])
    assert page.entries == [practice.get_absolute_url()]
    after = open_page(client, "/practices/").facets["Theme"]
    grown = {label for label in after if after[label][0] != before.get(label, (0,))[0]}
    assert grown == {
        "Mental health and multi-agency working",
        "Working with youth and families",
        "Working with children",
        "Working with families",
    }
    assert {after[label][0] - before[label][0] for label in grown} == {1}


# --- Facets --------------------------------------------------------------------------


@pytest.mark.once
@every_kind
def test_a_count_is_what_choosing_its_option_shows(client, kind):
    address = list_address(kind)
    # What a whole list offers is counted above; here is one that is narrowed already.
    narrowed = "?theme=mental-health-and-multi-agency-working"
    page = Page(client.get(address + narrowed))
    assert page.facets
    for options in page.facets.values():
        for label, (count, option) in options.items():
            if dict(parse_qsl(option[1:])).keys() - {"theme"}:
                shown = text_of(client.get(address + option))
                assert shown.startswith(f"{kind.kind.counted(count)} "), label


@every_kind
def test_a_facet_ignores_its_own_choice_and_keeps_that_of_the_others(client, kind):
    address = list_address(kind)
    free = open_page(client, address).facets
    tag = max(free["Tag"], key=lambda label: free["Tag"][label][0])
    chosen = Page(client.get(address + free["Tag"][tag][1]))
    counts = {label: count for label, (count, option) in chosen.facets["Tag"].items()}
    assert counts == {label: count for label, (count, option) in free["Tag"].items()}
    with_tag = [
        entry for entry in kind.objects.all() if tag in {each.name for each in entry.tags.all()}
    ]
    for theme in Theme.objects.all():
        expected = sum(theme.slug in branches(entry) for entry in with_tag)
        assert chosen.facets["Theme"].get(theme.title, (0,))[0] == expected


def test_two_facets_each_count_under_the_choice_of_the_other(client):
    themed = open_page(client, "/lessons/", theme="professionalisation-and-support").facets["Tag"]
    tagged = open_page(client, "/lessons/", tag="training").facets["Theme"]
    both = open_page(client, "/lessons/", theme="professionalisation-and-support", tag="training")
    for facet, alone in (("Tag", themed), ("Theme", tagged)):
        counts = {label: count for label, (count, address) in both.facets[facet].items()}
        assert counts == {label: count for label, (count, address) in alone.items()}


@pytest.mark.once
def test_a_chosen_option_is_marked_and_takes_itself_back(client):
    page = open_page(client, "/practices/", country=["DK", "DE"], scope="local")
    marked = [link for link in page.main.iter("a") if link.get("class") == "selected"]
    assert len(marked) == 3
    assert all(link.get("aria-current") == "true" for link in marked)
    count, address = page.facets["Country"]["Denmark"]
    assert (count, parse_qs(address[1:])) == (2, {"country": ["DE"], "scope": ["local"]})
    count, address = page.facets["Country"]["France"]
    assert parse_qs(address[1:]) == {"country": ["DK", "DE", "FR"], "scope": ["local"]}


@pytest.mark.once
def test_themes_on_offer_stand_in_the_order_of_the_tree_and_years_in_theirs(client):
    offered = list(open_page(client, "/lessons/").facets["Theme"])
    titles = [theme.title for theme in Theme.objects.in_tree_order()]
    main = [theme.title for theme in Theme.objects.in_tree_order() if theme.level == 1]
    assert offered[: len(main)] == main  # the others are folded below them
    assert offered[len(main) :] == [title for title in titles if title not in main]
    years = list(open_page(client, "/meetings/").facets["Year"])
    assert years == ["2023", "2021", "2020", "2019", "2018", "2017", "2016"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        (Practice, ["Country", "Programme", "Scope", "Theme", "Tag", "Source"]),
        (Meeting, ["When", "Year", "Group", "Country", "Theme", "Tag", "Source"]),
        (Paper, ["Year", "Type", "Group", "Country", "Theme", "Tag", "Source"]),
        (Lesson, ["Theme", "Tag", "Source"]),
        (Question, ["State", "Theme", "Tag", "Source"]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_each_kind_offers_its_own_facets_first(client, kind, labels):
    assert list(open_page(client, list_address(kind)).facets) == labels


# --- The selection in words and chips ------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/practices/", "16 practices"),
        ("/practices/?country=DK", "3 practices in Denmark"),
        ("/practices/?country=SE", "0 practices in Sweden"),
        ("/practices/?country=SE&theme=ethics", "0 practices in Sweden about Ethics"),
        ("/practices/?theme=lone-actors&country=DK", "1 practice in Denmark about Lone actors"),
        ("/practices/?country=DK&country=FI", "4 practices in Denmark or Finland"),
        ("/practices/?country=DK&country=DK", "3 practices in Denmark"),
        ("/practices/?programme=Erasmus%2B", "1 practice under Erasmus+"),
        ("/practices/?scope=national", "2 practices of national scope"),
        ("/practices/?tag=training", "2 practices tagged training"),
        ("/questions/?state=taken-up", "1 question (taken up)"),
        ("/meetings/?year=2018&year=2019&group=ran-h-sc", "8 meetings in 2018 or 2019 of RAN H&SC"),
        ("/papers/?type=handbook", "1 paper of the type handbook"),
        ("/papers/?year=2021", "1 paper of 2021"),
        ("/meetings/?when=past", "21 meetings (past)"),
    ],
)
def test_the_page_says_the_selection_in_a_sentence(client, address, sentence):
    page = Page(client.get(address))
    assert page.sentence == sentence
    assert page.sentence.startswith(f"{len(listed(client, address))} ")
    assert page.title.startswith(page.sentence)


@pytest.mark.once
def test_each_chip_takes_back_its_own_choice_and_no_other(client):
    query = {"country": ["DK", "DE"], "theme": ["mental-health-and-multi-agency-working"]}
    page = open_page(client, "/practices/", sort="-name", **query)
    chips = page.chips
    assert list(chips) == [
        "Remove Denmark",
        "Remove Germany",
        "Remove Mental health and multi-agency working",
        "Remove all",
    ]
    assert parse_qs(chips["Remove Denmark"][1:]) == query | {"country": ["DE"], "sort": ["-name"]}
    assert chips["Remove all"] == "/practices/"
    for _ in range(3):
        label, address = next(iter(page.chips.items()))
        page = Page(client.get(f"/practices/{address}"))
        assert label not in page.chips
    assert page.chips == {}
    assert page.sentence == "16 practices"


# --- Sort and pages ------------------------------------------------------------------


def last_changed(entry):
    return -entry.updated.timestamp(), entry.pk


SORTS = {
    (Practice, "name"): lambda entry: entry.name,
    (Meeting, "title"): lambda entry: (normalise(entry.title), entry.pk),
    (Meeting, "date"): lambda entry: (entry.start_date, entry.pk),
    (Meeting, "-date"): lambda entry: (-entry.start_date.toordinal(), entry.pk),
    (Meeting, ""): lambda entry: (-entry.start_date.toordinal(), entry.pk),
    # Without a date, last in either direction.
    (Paper, "date"): lambda entry: (entry.date or date.max, entry.pk),
    (Paper, "-date"): lambda entry: (-(entry.date or date.min).toordinal(), entry.pk),
    (Lesson, ""): lambda entry: entry.pk,
    (Question, "filed"): lambda entry: entry.pk,
    (Lesson, "-updated"): last_changed,
    (Practice, "-updated"): last_changed,
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "sort"), SORTS, ids=lambda value: value if isinstance(value, str) else value.__name__
)
def test_a_list_can_be_sorted(client, kind, sort):
    for days, entry in enumerate(kind.objects.order_by("-pk")[:7]):
        changed = timezone.now() - timedelta(days=days % 3)
        kind.objects.filter(pk=entry.pk).update(updated=changed)
    expected = sorted(kind.objects.all(), key=SORTS[kind, sort])
    found = listed(client, f"{list_address(kind)}?sort={sort}")
    assert found == [entry.get_absolute_url() for entry in expected]


@pytest.mark.once
@every_kind
def test_every_order_on_offer_holds_all_entries_and_marks_itself(client, kind):
    orders = open_page(client, list_address(kind)).links(".//nav[@class='sorts']")
    assert len(orders) >= 2
    for label, address in orders.items():
        address = list_address(kind) + address
        assert len(set(listed(client, address))) == kind.objects.count()
        marked = Page(client.get(address)).main.findall(".//nav[@class='sorts']/a[@aria-current]")
        assert [link.text for link in marked] == [label]


@pytest.mark.once
def test_pages_keep_the_filters_and_hold_every_entry_once(client):
    address = "/lessons/?theme=mental-health-and-multi-agency-working&sort=-updated"
    page = Page(client.get(address))
    assert len(page.entries) == 20
    second = page.links(".//nav[@class='pages']")["Page 2"]
    assert parse_qs(second[1:]) == {
        "theme": ["mental-health-and-multi-agency-working"],
        "sort": ["-updated"],
        "page": ["2"],
    }
    found = listed(client, address)
    assert len(found) == len(set(found)) == int(page.sentence.split()[0]) > 20
    assert Page(client.get(f"/lessons/{second}")).title.startswith(f"{page.sentence}, page 2")


@pytest.mark.once
def test_a_choice_made_on_a_later_page_begins_on_the_first(client):
    page = open_page(client, "/lessons/", page=2)
    assert len(page.entries) == 20
    for options in page.facets.values():
        assert not [address for count, address in options.values() if "page=" in address]


@pytest.mark.once
def test_a_list_of_one_page_shows_no_page_numbers(client):
    assert open_page(client, "/practices/").main.find(".//nav[@class='pages']") is None


# --- Empty ---------------------------------------------------------------------------


@pytest.mark.once
def test_an_empty_list_says_so_and_leads_back(client):
    page = open_page(client, "/practices/", country="SE")
    assert page.entries == []
    assert "That does not mean that nothing exists" in page.text
    assert page.links()["Show all practices"] == "/practices/"
    # The facet goes on offering the other countries, and Sweden to take back.
    assert page.facets["Country"]["Sweden"] == (0, "?")
    assert page.facets["Country"]["Denmark"][0] == 3


@pytest.mark.once
def test_a_portal_without_entries_has_every_list_and_page(empty_db, client):
    for kind in kinds():
        page = open_page(client, list_address(kind))
        assert page.sentence == f"0 {kind._meta.verbose_name_plural}"
        assert page.facets == {}
        assert list(read_csv(client.get(list_address(kind, "csv")))) == []
    assert open_page(client, "/").headings
    assert open_page(client, "/about/").headings


def test_in_the_order_of_the_source_a_list_says_each_theme_once(client):
    page = open_page(client, "/lessons/?theme=working-with-youth-and-families")
    headings = page.links(".//p[@class='filed-under']")
    assert list(headings) == ["Working with children", "Working with families"]
    assert "Working with families" not in " ".join(page.texts(".//article"))
    changed = open_page(client, "/lessons/?theme=working-with-youth-and-families&sort=-updated")
    assert all("Working with" in item for item in changed.texts(".//article"))


@pytest.mark.once
@pytest.mark.django_db
def test_in_the_order_of_the_source_a_list_shows_what_is_filed_nowhere_too(client):
    lesson = make(Lesson, "Of no theme", themes=[])
    page = open_page(client, "/lessons/", page="last")
    assert page.entries[-1] == lesson.get_absolute_url()
    assert page.texts(".//p[@class='filed-under']")[-1] == "Filed under no theme yet"
