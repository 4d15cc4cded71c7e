"""Two people at the same record: nothing is overwritten unseen, and nothing typed is lost."""

import re

import pytest

from entries.links.models import Link
from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.desk import lines, page_url, values_in
from tests.history import changes_in, versions
from tests.made import draft, make_group, make_theme, whole
from tests.pages import text_of
from tests.writers import SAVE, TOGETHER, Writer, row, two


def errors(response):
    form = response.context["adminform"].form
    inlines = response.context["inline_admin_formsets"]
    return [form.errors, *(inline.formset.errors for inline in inlines)]


# --- What the second one is shown ----------------------------------------------------


@pytest.mark.once
def test_the_second_is_shown_what_was_saved_meanwhile_and_nothing_typed_is_lost(desk):
    lesson = whole(Lesson, "Build trust first.")
    anna, bert = two(lesson)
    assert bert.send(text="Build trust early.", source_page="8").status_code == 302
    kept = len(versions(lesson))
    answer = anna.send(text="Build trust slowly.", as_printed="Trust!")
    assert answer.status_code == 200
    text = text_of(answer)
    assert "Somebody saved this while you were writing." in text
    assert ", bert." in text
    assert "Please correct" not in text
    theirs, mine = answer.context["conflict"].theirs, answer.context["conflict"].mine
    assert [change.label for change in theirs] == ["Text", "Page in the source"]
    assert [(change.label, change.is_of_both) for change in mine] == [
        ("Text", True),
        ("Wording in the source", False),
    ]
    assert changes_in(answer)["Text"] == ["Build trust [-early-]{+slowly+}."]
    assert "changed by both of you" in text
    assert (anna.values["text"], anna.values["as_printed"]) == ("Build trust slowly.", "Trust!")
    lesson.refresh_from_db()
    assert (lesson.text, lesson.source_page) == ("Build trust early.", "8")
    assert len(versions(lesson)) == kept


@pytest.mark.once
def test_who_presses_save_again_without_deciding_is_shown_it_again(desk):
    lesson = whole(Lesson, "One")
    anna, bert = two(lesson)
    bert.send(text="Two")
    for _ in range(3):
        assert "Somebody saved this" in text_of(anna.send(text="Three"))
    lesson.refresh_from_db()
    assert lesson.text == "Two"


@pytest.mark.once
@pytest.mark.parametrize("token", [None, "", "x", "forged"])
def test_a_form_that_does_not_say_what_it_was_opened_with_saves_nothing_unseen(desk, token):
    lesson = whole(Lesson, "One")
    anna = Writer("anna", lesson)
    if token is None:
        del anna.values["opened_with"]
    elif token == "forged":
        other = Writer("carl", whole(Lesson, "Other"))
        anna.values["opened_with"] = other.values["opened_with"][:-1] + "x"
    else:
        anna.values["opened_with"] = token
    answer = anna.send(text="Two")
    assert changes_in(answer)["Text"] == ["[-One-]{+Two+}"]
    lesson.refresh_from_db()
    assert lesson.text == "One"
    assert anna.send(anna.over()).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == "Two"


# What is done to an entry past its form, and where it is to be seen.
PAST_THE_FORM = {
    "a link on its own page": "Links",
    "a tag in the shell": "Tags",
    "a theme in the shell": "Themes",
    "a transition": "Status",
    "a bulk update": "Page in the source",
}


@pytest.mark.parametrize("what", PAST_THE_FORM)
def test_whatever_changes_an_entry_meanwhile_is_noticed(desk, what):
    practice = whole(Practice)
    anna = Writer("anna", practice)
    if what == "a link on its own page":
        typed = {"url": "https://new.example/", "role": "page", "entry": f"practice-{practice.pk}"}
        desk.saved(page_url(Link, "add"), **typed)
    elif what == "a tag in the shell":
        practice.tags.add("added")
    elif what == "a theme in the shell":
        practice.themes.add(make_theme("Schools"))
    elif what == "a transition":
        desk.act(Practice, "send", practice)
    else:
        Practice.objects.update(source_page="99")
    answer = anna.send(name="Else")
    theirs = answer.context["conflict"].theirs
    assert [change.label for change in theirs] == [PAST_THE_FORM[what]]
    practice.refresh_from_db()
    assert practice.name == "An entry"


@pytest.mark.once
def test_a_second_look_at_what_stays_the_same_is_in_nobodys_way(desk):
    lesson = whole(Lesson, status="published", awaits_second_look=True)
    anna = Writer("anna", lesson)
    desk.act(Lesson, "confirm", lesson)
    assert anna.send(text="Else", change_note="Why.").status_code == 302


@pytest.mark.once
def test_a_form_of_an_entry_that_was_deleted_meanwhile_keeps_what_was_typed(desk):
    lesson = whole(Lesson, "One")
    anna = Writer("anna", lesson)
    desk.client.post(page_url(Lesson, "delete", lesson.pk), {"post": "yes"})
    typed = {"text": "Two", "links-0-url": "https://two.example/"}
    answer = anna.client.post(anna.url, anna.values | typed | SAVE)
    assert "Somebody deleted it" in text_of(answer)
    changes = changes_in(answer)
    assert changes["Text"] == ["[-One-]{+Two+}"]
    assert "[-https://example.org/2-]{+https://two.example/+}" in changes["Links"][0]
    assert page_url(Lesson, "recover", versions(lesson)[0].pk) in answer.content.decode()
    assert not Lesson.objects.filter(pk=lesson.pk).exists()

    recover = page_url(Lesson, "recover", versions(lesson)[0].pk)
    desk.client.post(recover, {"note": ""})
    again = values_in(answer)[0]
    filled = anna.client.post(anna.url, again | {"_again": "1"})
    assert "What you typed stands in the form again. Nothing is saved yet" in text_of(filled)
    assert Lesson.objects.get().text == "One"
    assert anna.client.post(anna.url, values_in(filled)[0] | SAVE).status_code == 302
    assert Lesson.objects.get().text == "Two"
    assert "https://two.example/" in {link.url for link in lesson.links.all()}


@pytest.mark.once
def test_a_page_of_a_conflict_keeps_the_content_security_policy(desk):
    lesson = whole(Lesson, "One")
    anna, bert = two(lesson)
    bert.send(text="Two <script>")
    for response in (anna.send(text="Three"), anna.send(TOGETHER)):
        html = response.content.decode()
        assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=", html)


# --- Mine over theirs ----------------------------------------------------------------


def test_mine_over_theirs_saves_exactly_what_was_typed_and_keeps_theirs_as_a_version(desk):
    practice = whole(Practice, "One")
    anna, bert = two(practice)
    bert.send(
        **{"name": "Bert's", "programme": "Erasmus+", "countries": ["FI"], "tags": []},
        **{"links-0-DELETE": "on", "links-1-note": "Bert's note"},
        **row(3, "https://bert.example/"),
    )
    anna.send(**{"name": "Anna's", "links-1-note": "Anna's note"})
    assert anna.send(anna.over()).status_code == 302
    practice.refresh_from_db()
    assert (practice.name, practice.programme) == ("Anna's", "")
    assert {country.pk for country in practice.countries.all()} == {"NL", "BE"}
    assert {tag.name for tag in practice.tags.all()} == {"trauma", "child returnees"}
    assert {(link.url, link.note) for link in practice.links.all()} == {
        ("https://example.org/2", "N. 2"),
        ("https://example.org/1", "Anna's note"),
        ("https://example.org/3", "N. 3"),
    }
    mine, theirs = versions(practice)[:2]
    assert (mine.object_repr, mine.revision.user.username) == ("Anna's", "anna")
    assert (theirs.object_repr, theirs.revision.user.username) == ("Bert's", "bert")


@pytest.mark.once
def test_mine_goes_over_only_what_was_shown(desk):
    lesson = whole(Lesson, "One")
    anna, bert = two(lesson)
    bert.send(text="Two")
    anna.send(text="Three")
    button = anna.over()
    bert.open()
    bert.send(text="Four")
    answer = anna.send(button)
    assert changes_in(answer)["Text"] == ["[-Four-]{+Three+}"]
    lesson.refresh_from_db()
    assert lesson.text == "Four"
    assert anna.send(anna.over()).status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == "Three"


@pytest.mark.once
def test_an_error_in_mine_is_corrected_before_it_goes_over_theirs(desk):
    lesson = whole(Lesson, "One")
    anna, bert = two(lesson)
    bert.send(text="Two")
    answer = anna.send(text="Three", slug="")
    assert "Please correct the error below." in text_of(answer)
    assert "Somebody saved this" in text_of(answer)
    answer = anna.send(anna.over())
    assert errors(answer)[0] == {"slug": ["This field is required."]}
    assert anna.send(slug="three").status_code == 302
    lesson.refresh_from_db()
    assert (lesson.text, lesson.slug) == ("Three", "three")


# --- Theirs, with mine put in again --------------------------------------------------


@pytest.mark.once
def test_theirs_with_mine_put_in_again_has_all_that_either_changed(desk):
    practice = whole(Practice, "One")
    link = practice.links.get(url="https://example.org/3")
    anna, bert = two(practice)
    bert.send(
        **{"name": "Bert's", "programme": "Erasmus+", "countries": ["FI"]},
        **{"target_audiences": "Nurses", "links-0-DELETE": "on", "links-1-note": "Bert's note"},
        **row(3, "https://bert.example/"),
    )
    answer = anna.send(
        **{"description": "Anna's description", "tags": [], "contact_is_public": "on"},
        **{"links-2-note": "Anna's note"},
        **row(3, "https://anna.example/"),
    )
    assert answer.status_code == 200
    answer = anna.send(TOGETHER)
    assert "Put together from both. Nothing is saved yet" in text_of(answer)
    practice.refresh_from_db()
    assert practice.description == ""
    assert anna.send().status_code == 302
    practice.refresh_from_db()
    assert (practice.name, practice.programme) == ("Bert's", "Erasmus+")
    assert (practice.description, practice.contact_is_public) == ("Anna's description", True)
    assert practice.target_audiences == ["Nurses"]
    assert [country.pk for country in practice.countries.all()] == ["FI"]
    assert not practice.tags.exists()
    assert {(each.url, each.note) for each in practice.links.all()} == {
        ("https://example.org/1", "Bert's note"),
        ("https://example.org/3", "Anna's note"),
        ("https://bert.example/", ""),
        ("https://anna.example/", ""),
    }
    link.refresh_from_db()
    assert link.note == "Anna's note"


@pytest.mark.once
def test_where_both_changed_the_same_mine_stands_in_the_form_and_theirs_beside_it(desk):
    lesson = whole(Lesson, "One two three")
    anna, bert = two(lesson)
    bert.send(text="One two four")
    anna.send(text="One two five")
    answer = anna.send(TOGETHER)
    assert anna.values["text"] == "One two five"
    assert changes_in(answer)["Text"] == ["One two [-four-]{+five+}"]
    assert anna.send(text="One two four five").status_code == 302
    lesson.refresh_from_db()
    assert lesson.text == "One two four five"


@pytest.mark.once
def test_a_row_that_they_deleted_and_i_changed_comes_again_as_a_new_one(desk):
    lesson = whole(Lesson)
    anna, bert = two(lesson)
    bert.send(**{"links-0-DELETE": "on", "links-1-DELETE": "on"})
    anna.send(**{"links-0-note": "Anna's note"})
    anna.send(TOGETHER)
    assert anna.send().status_code == 302
    assert {(link.url, link.note) for link in lesson.links.all()} == {
        ("https://example.org/2", "Anna's note"),
        ("https://example.org/3", "N. 3"),
    }


@pytest.mark.once
def test_a_row_that_both_added_is_there_once(desk):
    lesson = draft(Lesson)
    anna, bert = two(lesson)
    added = lines("links", {"url": "https://example.org/", "role": "page", "certainty": "certain"})
    bert.send(**added)
    anna.send(**added, text="Else")
    anna.send(TOGETHER)
    assert anna.send().status_code == 302
    assert lesson.links.count() == 1


@pytest.mark.once
def test_what_i_marked_for_deletion_is_deleted_and_what_they_added_is_not(desk):
    lesson = whole(Lesson)
    anna, bert = two(lesson)
    bert.send(**row(3, "https://bert.example/"))
    answer = anna.send(**{"links-0-DELETE": "on"})
    [mine] = answer.context["conflict"].mine
    assert "https://example.org/2" in str(mine.before)
    assert "https://example.org/2" not in str(mine.after), "what I deleted is told as mine"
    assert anna.values["links-3-DELETE"] == "on", "saving mine over theirs would delete it"
    anna.send(TOGETHER)
    assert "links-3-DELETE" not in anna.values
    assert anna.send().status_code == 302
    assert {link.url for link in lesson.links.all()} == {
        "https://example.org/1",
        "https://example.org/3",
        "https://bert.example/",
    }


def with_rows(what):
    """A record with rows or dates; what Anna types, what Bert does, and all of it as it ends."""
    if what == "uptakes":
        rows = whole(Question, "How?").uptakes.order_by("pk")
        anna, bert = {"uptakes-1-note": "Anna's"}, {"uptakes-0-DELETE": "on"}
        return rows[0].question, anna, bert, rows.values_list("note"), [("Anna's",)]
    if what == "absences":
        theme, paper = make_theme(), draft(Paper, "The source")
        for kind in ("lesson", "practice"):
            theme.absences.create(kind=kind, text="None.", source=paper, source_page="6")
        anna, bert = {"absences-0-text": "Few."}, {"absences-1-text": "Some."}
        rows = theme.absences.order_by("pk").values_list("text")
        return theme, anna, bert, rows, [("Few.",), ("Some.",)]
    if what == "chairs":
        group = make_group()
        for name in ("A. Chair", "B. Chair"):
            group.chairs.create(name=name, country_id="NL")
        anna, bert = {"chairs-0-country": "BE"}, {"chairs-1-position": "7"}
        rows = group.chairs.order_by("pk").values_list("country", "position")
        return group, anna, bert, rows, [("BE", 0), ("NL", 7)]
    meeting = draft(Meeting, start_date="2023-03-28", end_date="2023-03-29", start_time="09:30")
    anna, bert = {"city": "Vienna"}, {"end_date": "2023-03-30", "venue": "Town hall"}
    rows = Meeting.objects.values_list("city", "end_date__day", "venue", "start_time__hour")
    return meeting, anna, bert, rows, [("Vienna", 30, "Town hall", 9)]


@pytest.mark.parametrize("what", ["uptakes", "absences", "chairs", "dates"])
def test_every_sort_of_rows_and_fields_is_put_together(desk, what):
    record, annas, berts, rows, expected = with_rows(what)
    anna, bert = two(record)
    assert bert.send(**berts).status_code == 302
    answer = anna.send(**annas)
    assert len(answer.context["conflict"].mine) == 1
    anna.send(TOGETHER)
    assert anna.send().status_code == 302, errors(anna.shown)
    assert [*rows.all()] == expected
