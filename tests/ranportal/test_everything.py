"""The staff's search over everything, and find and replace."""

import pytest
from django.test import Client
from django.urls import reverse

from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from ranportal.replacing import MOST_HITS
from tests.desk import person, values_in
from tests.made import draft, make, make_group, make_theme
from tests.pages import text_of
from tests.transitions import again

pytestmark = pytest.mark.django_db
EVERYTHING, REPLACE = reverse("everything"), reverse("replace")


@pytest.fixture
def curator(empty_db):
    make_theme()
    return person("curator")


def found(desk, **asked):
    return text_of(desk.open(EVERYTHING, **asked)).partition("Find and replace")[2]


def test_all_kinds_fields_and_states_are_searched(curator):
    draft(Lesson, "Quokkas calm children")
    withdrawn = make(Practice, "A practice", as_printed="Printed words on QUOKKAS.")
    Practice.objects.update(status="withdrawn")
    question = make(Question, "A question")
    Link.objects.create(url="https://quokkas.example/", question=question)
    make(Paper, "Tagged", tags=["quokkas"])
    meeting = make(Meeting, "A meeting", objectives=["Élan of quokkas"])
    theme, group = make_theme("A theme on quokkas"), make_group("RAN QUOKKAS")
    make(Lesson, "Something else")
    make(Practice, "A practice of Øst")
    said = found(curator, q="quokkas")
    for words in (
        "Quokkas calm children draft",
        "Printed words on QUOKKAS .",
        "A practice withdrawn",
        "A question",
        "Tagged",
        theme.title,
        group.name,
    ):
        assert words in said, words
    assert "Something else" not in said
    # Every word has to be there; a letter beyond ASCII too, in a list as in a text.
    assert str(meeting) in found(curator, q="élan quokkas")
    assert "A practice of Øst" in found(curator, q="ØST")
    assert "Nothing has these words." in found(curator, q="quokkas elsewhere")
    said = found(curator, q="quokkas", status="withdrawn")
    assert str(withdrawn) in said
    assert "calm children" not in said


def test_only_those_whose_role_may_look_search_everything(empty_db):
    draft(Lesson, "Quokkas")
    for address in (EVERYTHING, REPLACE):
        assert Client().get(address).status_code == 302
        assert person("nobody", f"nobody {address}").client.get(address).status_code == 403
    contributor = person("contributor")
    assert "Quokkas" in found(contributor, q="quokkas")


@pytest.mark.parametrize("q", ["", "\x00", "x" * 300, "%" * 100, "a " * 90, "ﷺ" * 40, "\\"])
def test_whatever_is_searched_for_is_answered(curator, q):
    draft(Lesson, "A lesson of 100 %")
    for address, name in ((EVERYTHING, "q"), (REPLACE, "find")):
        assert curator.client.get(address, {name: q}).status_code == 200


def replace(desk, find, replacement, choose, page=None, **typed):
    page = page or desk.open(REPLACE, find=find, replacement=replacement)
    values, _ = values_in(page)
    sent = {"find": find, "replacement": replacement, "seen": values["seen"], "hits": choose}
    return desk.client.post(REPLACE, sent | {"note": "One word for it."} | typed)


def test_whole_words_are_replaced_where_they_were_chosen(curator):
    one = make(Lesson, "Youth worker and youth worker, not youth workers.")
    two = draft(Practice, "A practice", description="A youth  worker helps.")
    printed = make(Lesson, "Another", as_printed="The youth worker.")
    listed = make(Meeting, "A meeting", objectives=["Meet", "Hear a youth worker"])
    page = curator.open(REPLACE, find="youth worker", replacement="street worker")
    shown = {(str(hit.entry), " ".join(hit.found.split())): hit for hit in page.context["hits"]}
    assert {key: hit.replacement for key, hit in shown.items()} == {
        (str(one), "Youth worker"): "Street worker",
        (str(one), "youth worker"): "street worker",
        ("A practice", "youth worker"): "street worker",
        ("A meeting", "youth worker"): "street worker",
    }
    assert "not youth workers." in text_of(page)
    keys = [hit.key for (_entry, found), hit in shown.items() if found == "youth worker"]
    answer = replace(curator, "youth worker", "street worker", keys, page)
    assert "3 entries were changed." in text_of(answer)
    assert again(one).text == "Youth worker and street worker, not youth workers."
    assert again(two).description == "A street worker helps."
    assert again(listed).objectives == ["Meet", "Hear a street worker"]
    assert again(printed).as_printed == "The youth worker."
    assert [each.note for each in LoggedTransition.objects.of(one)] == ["One word for it."]
    assert again(one).awaits_second_look
    assert again(two).changed_by == curator.user


def test_what_was_changed_since_or_may_not_be_changed_is_named_and_left(empty_db):
    make_theme()
    contributor = person("contributor")
    public = make(Lesson, "A youth worker.")
    own = draft(Lesson, "My youth worker.", author=contributor.user)
    page = contributor.open(REPLACE, find="youth worker", replacement="x")
    keys = [hit.key for hit in page.context["hits"]]
    own.text = "My youth worker, today."
    own.save()
    said = text_of(replace(contributor, "youth worker", "x", keys, page))
    assert "Somebody changed it after this page was shown." in said
    assert "You may not change it as it stands." in said
    assert again(public).text == "A youth worker."
    assert again(own).text == "My youth worker, today."


def test_nothing_is_replaced_without_a_choice_or_a_reason(curator):
    lesson = make(Lesson, "A youth worker.")
    page = curator.open(REPLACE, find="youth worker", replacement="x")
    (hit,) = page.context["hits"]
    assert "Choose at least one" in text_of(replace(curator, "youth worker", "x", [], page))
    answer = replace(curator, "youth worker", "x", [hit.key], page, note="")
    assert "This field is required." in text_of(answer)
    answer = replace(curator, "youth worker", "x", ["lessons.lesson:1:status:0"], page)
    assert "Select a valid choice" in text_of(answer)
    assert again(lesson).text == "A youth worker."


def test_signs_that_a_list_keeps_in_a_way_of_its_own_are_found(curator):
    meeting = make(Meeting, "A meeting", objectives=['The “hub” and the "Élan" of C:\\quokkas'])
    for words in ('"Élan"', "C:\\quokkas", "“hub”"):
        assert str(meeting) in found(curator, q=words), words
        assert curator.open(REPLACE, find=words, replacement="x").context["hits"], words


def test_of_one_entry_that_has_more_places_than_a_page_shows_as_many_are_shown(curator):
    make(Practice, "A practice", description="quokka " * (MOST_HITS + 5))
    page = curator.open(REPLACE, find="quokka", replacement="wombat")
    assert len(page.context["hits"]) == MOST_HITS
    assert "There are more places than a page can show" in text_of(page)
