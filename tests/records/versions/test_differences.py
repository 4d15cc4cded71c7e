"""What changed between two versions, field by field and word by word."""

import time

import pytest
import reversion
from hypothesis import given
from hypothesis import strategies as st
from taggit.models import Tag

from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from records.versions.differences import (
    IN,
    OUT,
    SAME,
    lines_between,
    long_texts_between,
    shortened,
    words_between,
)
from tests.desk import change_url, page_url
from tests.history import changes_in, url, versions
from tests.made import draft, every_kind, make_theme, whole
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- What changed --------------------------------------------------------------------


@every_kind
def test_the_difference_of_two_versions_reads_field_by_field_and_word_by_word(desk, kind):
    entry = whole(kind, "Build trust first, and take your time.")
    other = draft(Paper, "Another source")
    name = {Practice: "name", Meeting: "title", Paper: "title"}.get(kind, "text")
    desk.saved(
        change_url(entry),
        **{name: "Build trust at once, and take your time."},
        themes=[str(make_theme("Schools").pk)],
        tags=[str(Tag.objects.get(name="trauma").pk)],
        source=str(other.pk),
        source_page="12–13",
        **{"links-0-role": "page", "links-1-DELETE": "on"},
    )
    after, before = versions(entry)
    changes = changes_in(desk.open(url(entry, "differences", before.pk, after.pk)))
    assert changes == {
        name.capitalize(): ["Build trust [-first-]{+at once+}, and take your time."],
        "Themes": ["[-Prisons-]", "{+Schools+}"],
        "Tags": ["[-child returnees-]", "trauma"],
        "Source": ["[-The-]{+Another+} source"],
        "Page in the source": ["[-7-]{+12–13+}"],
        "Links": [
            "https://example.org/2 (role: [-document-]{+web page+}, certainty: certain, note: N. 2)",
            "[-https://example.org/1 (role: document, certainty: certain, note: N. 1)-]",
            "https://example.org/3 (role: document, certainty: certain, note: N. 3)",
        ],
    }
    backwards = changes_in(desk.open(url(entry, "differences", after.pk, before.pk)))
    assert backwards["Themes"] == ["[-Schools-]", "{+Prisons+}"]
    history = text_of(desk.open(url(entry, "history")))
    assert f"{name.capitalize()}, Themes, Tags, Source, Page in the source, Links" in history


def test_lines_relations_and_rows_are_shown_as_lines_taken_out_and_put_in(desk):
    question, practice = whole(Question, "How?"), whole(Practice)
    desk.saved(
        change_url(practice), target_audiences="Families\r\nTeachers at school", countries=["NL"]
    )
    then, now = versions(practice)[::-1]
    changes = changes_in(desk.open(url(practice, "differences", then.pk, now.pk)))
    assert changes["Target audiences"] == ["[-Teachers-]", "Families", "{+Teachers at school+}"]
    assert changes["Countries"] == ["[-Belgium-]", "Netherlands"]
    desk.saved(change_url(question), **{"uptakes-0-DELETE": "on"})
    then, now = versions(question)[::-1]
    changes = changes_in(desk.open(url(question, "differences", then.pk, now.pk)))
    assert changes["Taken up by"] == [
        "[-A meeting on How? (certainty: certain, note: Taken up.)-]",
        "A paper on How? (certainty: probable)",
    ]


def test_any_two_versions_can_be_chosen_in_the_history(desk):
    lesson = whole(Lesson, "One")
    for text in ("Two", "Three"):
        desk.saved(change_url(lesson), text=text)
    third, _second, first = versions(lesson)
    page = url(lesson, "history")
    chosen = {"older": first.pk, "newer": third.pk}
    choose = url(lesson, "choose_versions")
    assert f'action="{choose}"' in desk.open(page).content.decode()
    response = desk.client.get(choose, chosen, follow=True)
    assert changes_in(response) == {"Text": ["[-One-]{+Three+}"]}
    for nonsense in ({}, {"older": "x", "newer": "1"}):
        assert desk.client.get(choose, nonsense).url == page
    assert desk.client.get(url(lesson, "differences", 0, third.pk)).status_code == 404


def test_a_version_of_another_record_is_not_shown_as_one_of_this(desk):
    one, other = whole(Lesson, "One"), whole(Question, "Other?")
    desk.saved(change_url(one))
    desk.saved(change_url(other))
    version = versions(other)[0].pk
    for page in ("version", "restore"):
        assert desk.client.get(url(one, page, version)).status_code == 404
    assert desk.client.get(page_url(Lesson, "recover", version)).status_code == 404


def test_a_long_history_is_shown_page_by_page(desk):
    lesson = draft(Lesson, "Word")
    for number in range(60):
        with reversion.create_revision():
            lesson.text = f"Word {number}"
            lesson.save()
    kept = versions(lesson)
    page = desk.open(url(lesson, "history"))
    assert page.content.decode().count('name="older"') == 50
    earlier = url(lesson, "history_before", kept[49].pk)
    assert earlier in page.content.decode()
    assert desk.open(earlier).content.decode().count('name="older"') == len(kept) - 50


def test_a_version_that_names_what_is_gone_still_reads(desk):
    practice = whole(Practice, "A practice")
    desk.saved(change_url(practice))
    practice.presented_at.clear()
    Meeting.objects.all().delete()
    then = versions(practice)[0]
    for page in ("version", "restore"):
        shown = text_of(desk.open(url(practice, page, then.pk)))
        assert "Where A practice was shown (deleted)" in shown


def test_an_entry_as_it_was_loaded_says_that_it_has_no_version_yet(db, admin_client):
    lesson = Lesson.objects.first()
    assert "No version yet" in text_of(admin_client.get(url(lesson, "history")))


words = st.text(st.sampled_from("ab ,.\n"), max_size=60) | st.text(max_size=30)


@given(words, words)
def test_what_is_the_same_and_out_is_the_old_text_and_what_is_the_same_and_in_the_new(old, new):
    pieces = words_between(old, new)
    assert "".join(text for kind, text in pieces if kind in (SAME, OUT)) == old
    assert "".join(text for kind, text in pieces if kind in (SAME, IN)) == new


@given(words, words)
def test_long_texts_are_told_apart_sentence_by_sentence(old, new):
    pieces = long_texts_between(f"Begin. {old}. End.", f"Begin. {new}. End.")
    assert "".join(text for kind, text in pieces if kind in (SAME, OUT)) == f"Begin. {old}. End."
    assert "".join(text for kind, text in pieces if kind in (SAME, IN)) == f"Begin. {new}. End."


def test_a_rewritten_long_text_is_compared_in_no_time():
    """Word by word as a whole this would take minutes."""
    old = [f"The {n % 7} and the {n % 11} of the other {n % 13}. " for n in range(1500)]
    begun = time.monotonic()
    assert words_between("".join(old), "".join(reversed(old)))
    assert time.monotonic() - begun < 10


def test_of_a_long_text_only_what_is_near_a_change_is_shown():
    old = " ".join(f"word{n}" for n in range(400))
    pieces = list(shortened(words_between(old, old.replace("word200 ", "other "))))
    assert len(pieces) == 4
    assert pieces[0][1].startswith("[…] word175 ")
    assert pieces[3][1].endswith("[…] ")
    same = [(SAME, old)]
    assert list(shortened(same)) == same


@given(st.lists(words, max_size=6), st.lists(words, max_size=6))
def test_the_lines_of_two_lists_are_all_there(old, new):
    pieces = [piece for line in lines_between(old, new) for piece in line]
    out = "".join(text for kind, text in pieces if kind in (SAME, OUT))
    put_in = "".join(text for kind, text in pieces if kind in (SAME, IN))
    assert sorted(out) == sorted("".join(old))
    assert sorted(put_in) == sorted("".join(new))


def test_texts_that_are_the_same_all_over_are_compared_at_once():
    began = time.monotonic()
    pieces = words_between("a " * 1998, "b " + "a " * 1997)
    assert "".join(text for kind, text in pieces if kind != "out") == "b " + "a " * 1997
    assert [*lines_between(["same"] * 8000, ["other", *["same"] * 7999])]
    assert time.monotonic() - began < 10
