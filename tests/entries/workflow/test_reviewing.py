"""A record in review as one page: what it says, what the source prints, what to do, the next one."""

import pytest
from django.urls import reverse

from briefings.models import Situation
from entries.workflow import transitions
from entries.workflow.mending import MOST_SIGNS, signs_between_texts
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from ranportal.accounts.models import AccessLine
from records.versions.snapshots import versions_of
from tests.desk import change_url, page_url, person, values_in
from tests.made import make
from tests.pages import text_of
from tests.transitions import again, entry_at, logged, press
from themes.models import Theme

pytestmark = pytest.mark.django_db


def review_url(record):
    return page_url(type(record), "review", record.pk)


def decide(desk, record, offer, **typed):
    """Answer the offer on the page, press its button, return the page that follows."""
    values, _ = values_in(desk.open(review_url(record)))
    answers = {f"{offer}-{name}": value for name, value in typed.items()}
    data = values | answers | {f"_{offer}": "1"}
    return desk.client.post(review_url(record), data, follow=True)


def sent(writer, text, **fields):
    """A lesson that somebody wrote and sent to review."""
    fields = {"source": Paper.objects.published().first(), "tags": ["training"]} | fields
    lesson = make(Lesson, text, status="draft", first_published=None, **fields)
    transitions.note_change(lesson, writer.user, new=True)
    return transitions.SEND.perform(lesson, writer.user)


# --- What it shows ---------------------------------------------------------------------


@pytest.mark.once
def test_the_page_shows_wording_printed_words_links_and_what_to_check():
    writer, editor = person("contributor"), person("editor")
    printed = "They said that staff who meet the same people every single day notice changes early."
    there = sent(writer, "Staff who meet the same people every single day notice changes early.")
    lesson = sent(
        writer,
        "Staff who meet the same people every single day notice changes early",
        slug="again",
        as_printed=printed,
        source_page="12",
        tags=(),
    )
    lesson.links.create(url="https://example.org/report.pdf")
    page = editor.open(review_url(lesson))
    said = text_of(page)
    assert printed in said
    assert str(lesson.source) in said
    assert "page 12" in said
    assert "It has no tag." in said
    assert "There may be one already: the same words." in said
    assert f'href="{there.admin_url}"' in page.content.decode()
    assert "12 words in a row are the source’s: “staff who meet the same people" in said
    assert "example.org/report.pdf document, certain" in said
    assert "It names no source" not in said


@pytest.mark.once
def test_what_the_public_was_told_last_is_compared_with_what_it_says_now():
    curator, editor = person("curator"), person("editor")
    lesson = entry_at("published", curator.user)
    curator.saved(change_url(lesson), text="Other words altogether.", change_note="Better.")
    said = text_of(editor.open(review_url(lesson)))
    assert "What changed since the public was told last" in said
    assert "put in: Other words altogether." in said
    assert "Confirm after a second look" in said
    decide(editor, lesson, "confirm")
    assert not again(lesson).awaits_second_look


@pytest.mark.once
def test_a_situation_is_reviewed_like_an_entry():
    editor, situation = person("editor"), Situation.objects.first()
    Situation.objects.filter(pk=situation.pk).update(status="review")
    said = text_of(editor.open(review_url(situation)))
    assert situation.introduction in said
    decide(editor, situation, "publish", knowingly="on")
    assert again(situation).is_public


@pytest.mark.once
def test_who_may_not_publish_is_told_why_and_staff_without_a_role_see_nothing():
    writer, editor = person("contributor"), person("editor")
    lesson = sent(writer, "Words")
    assert "Only editors may do this." in text_of(person("curator").open(review_url(lesson)))
    editor.saved(change_url(lesson), text="Other words")
    assert "You made the last change yourself" in text_of(editor.open(review_url(lesson)))
    assert person("nobody").client.get(review_url(lesson)).status_code == 403
    forged = {"_publish": "1", "publish-note": "Mine."}
    editor.client.post(review_url(lesson), forged)
    assert again(lesson).status == "review"


# --- What is done --------------------------------------------------------------------


def test_each_decision_leads_to_the_one_that_waits_longest_and_the_last_one_to_the_desk():
    writer, editor = person("contributor"), person("editor")
    first, second, third = (sent(writer, f"Number {n}") for n in "123")
    assert "1 of 3 that wait for you" in text_of(editor.open(review_url(first)))
    page = decide(editor, first, "publish", note="New.")
    assert page.redirect_chain == [(review_url(second), 302)]
    page = decide(editor, second, "return", note="Which page?")
    assert page.redirect_chain == [(review_url(third), 302)]
    page = decide(editor, third, "publish")
    assert "Nothing else waits for your review." in text_of(page)
    assert [again(each).status for each in (first, second, third)] == [
        "published",
        "draft",
        "published",
    ]
    assert logged(first)[-1] == ("published", "the editor", "New.")
    assert logged(second)[-1] == ("returned", "the editor", "Which page?")


@pytest.mark.once
def test_a_note_that_is_owed_and_a_doubt_are_asked_for_and_nothing_typed_is_lost():
    writer, editor = person("contributor"), person("editor")
    lesson = sent(writer, "Without a source", source=None)
    page = decide(editor, lesson, "return", note=" ")
    assert "This field is required." in text_of(page)
    page = decide(editor, lesson, "publish", note="Public.")
    assert "It names no source: nobody can check what it says." in text_of(page)
    assert values_in(page)[0]["publish-note"] == "Public."
    assert again(lesson).status == "review"
    decide(editor, lesson, "publish", knowingly="on")
    assert again(lesson).is_public


@pytest.mark.once
def test_what_was_changed_since_the_page_was_opened_is_not_published_unseen():
    writer, editor = person("contributor"), person("editor")
    lesson = sent(writer, "Words")
    values, _ = values_in(editor.open(review_url(lesson)))
    Lesson.objects.filter(pk=lesson.pk).update(text="Others")
    page = editor.client.post(review_url(lesson), values | {"_publish": "1"})
    assert "It was changed after you opened this page." in text_of(page)
    page = editor.client.post(review_url(lesson), values_in(page)[0] | {"_publish": "1"})
    assert again(lesson).is_public


# --- All from one source -----------------------------------------------------------------


@pytest.mark.once
def test_all_from_one_source_are_decided_with_one_note_and_each_outcome_is_named():
    writer, editor = person("contributor"), person("editor")
    ready, own = sent(writer, "Ready"), sent(writer, "Own")
    without = sent(writer, "Unfiled", themes=[])
    editor.saved(change_url(own), text="Own words")
    url = reverse("review-source", args=[ready.source_id])
    page = editor.open(url)
    said = text_of(page)
    assert "You cannot publish it: It is filed under no theme." in said
    shown = [row["record"] for row in page.context["rows"]]
    assert shown == [ready, without], "of their own somebody else has to look at it"
    assert f'href="{url}"' in editor.open(review_url(ready)).content.decode()
    chosen = [row["key"] for row in page.context["rows"]]
    answers = {"chosen": chosen, "transition": "publish", "note": "From the new paper."}
    said = text_of(editor.client.post(url, answers))
    assert "Ready Published" in said
    assert "Unfiled Refused: It is filed under no theme." in said
    assert logged(ready)[-1] == ("published", "the editor", "From the new paper.")
    assert again(without).status == again(own).status == "review"

    Lesson.objects.filter(pk=without.pk).update(text="Changed meanwhile")
    said = text_of(editor.client.post(url, answers))
    assert "changed after you opened this page" in said
    curator = person("curator")
    said = text_of(curator.client.post(url, answers | {"chosen": []}))
    assert "This field is required." in said
    chosen = [row["key"] for row in curator.open(url).context["rows"]]
    said = text_of(curator.client.post(url, answers | {"chosen": chosen}))
    assert said.count("Refused: Only editors may do this.") == len(chosen) > 1
    assert AccessLine.objects.get(what="forbidden").username == "the curator"
    assert writer.client.get(url).status_code == 403
    assert editor.client.get(reverse("review-source", args=[10**9])).status_code == 404


@pytest.mark.parametrize("what", ["changed", "deleted"])
def test_what_happens_while_the_button_is_pressed_is_seen_under_the_lock(monkeypatch, what):
    """Between the look at what the page sent, and the lock under which the record is published."""
    writer, editor = person("contributor"), person("editor")
    lesson, other = sent(writer, "Ready"), sent(writer, "Ready too", source=None)
    perform = transitions.Transition.perform

    def late(transition, record, user, **answers):
        found = Lesson.objects.filter(pk=record.pk)
        found.update(text="Something else") if what == "changed" else found.delete()
        return perform(transition, record, user, **answers)

    url = reverse("review-source", args=[lesson.source_id])
    chosen = [row["key"] for row in editor.open(url).context["rows"]]
    page, _ = values_in(editor.open(review_url(other)))
    monkeypatch.setattr(transitions.Transition, "perform", late)
    reason = {
        "changed": "Somebody changed it after this page was shown.",
        "deleted": "It was deleted meanwhile.",
    }[what]
    answers = {"chosen": chosen, "transition": "publish"}
    assert f"Refused: {reason}" in text_of(editor.client.post(url, answers))
    pressed = page | {"_publish": "1", "publish-knowingly": "on"}
    assert reason in text_of(editor.client.post(review_url(other), pressed, follow=True))
    assert not Lesson.objects.published().filter(pk__in=[lesson.pk, other.pk]).exists()


# --- Punctuation -----------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("old", "new", "signs"),
    [
        ("Staff say, it works.", "Staff say it works", 2),
        ("staff", "Staff", 1),
        ("Two  words", "Two words", 1),
        ("Staff may help.", "Staff help.", None),
        ("1.5 of ten", "15 of ten", None),
        ("10 of ten", "10% of ten", None),
        ("now here", "nowhere", None),
        ("not, at all", "not at all", 1),
    ],
)
def test_punctuation_capitals_and_spaces_count_and_nothing_else(old, new, signs):
    assert signs_between_texts(old, new) == signs


@pytest.mark.once
def test_an_editor_mends_punctuation_in_review_and_may_still_publish():
    writer, editor = person("contributor"), person("editor")
    lesson = sent(writer, "staff say that, it works")
    url = page_url(Lesson, "review_edit", lesson.pk)
    assert f"at most {MOST_SIGNS} signs" in text_of(editor.open(review_url(lesson)))
    response = editor.saved(url, text="Staff say that it works.")
    assert response.url == review_url(lesson)
    assert "Only punctuation was mended (3 signs" not in text_of(editor.open(review_url(lesson)))
    assert again(lesson).changed_by == writer.user
    assert logged(lesson)[-1] == ("mended", "the editor", "3 signs")
    last = versions_of(Lesson, lesson.pk).first()
    assert last.revision.user == editor.user
    assert "Punctuation alone: 3 signs." in last.revision.comment
    decide(editor, lesson, "publish")
    assert again(lesson).is_public


@pytest.mark.once
def test_more_than_punctuation_or_many_small_mendings_take_the_right_to_publish():
    writer, editor = person("contributor"), person("editor")
    lesson = sent(writer, "Words that are said")
    for number in range(MOST_SIGNS // 5 + 1):
        editor.saved(change_url(lesson), text=f"Words that are said{'.....' * (number + 1)}")
    assert again(lesson).changed_by == editor.user
    lesson = sent(writer, "Words that are said too")
    theme = Theme.objects.in_tree_order().last()
    editor.saved(change_url(lesson), themes=[str(theme.pk)])
    assert again(lesson).changed_by == editor.user
    press(editor, lesson, "publish")
    assert again(lesson).status == "review"
    curator = person("curator")
    lesson = sent(writer, "Words of a third")
    curator.saved(change_url(lesson), text="Words of a third.")
    assert again(lesson).changed_by == curator.user
    assert LoggedTransition.objects.of(lesson).last().action == "sent"
