"""Many entries changed at once from their list."""

import pytest
from django.contrib.auth.models import User
from reversion.models import Version
from taggit.models import Tag

from entries.many.changing import MOST
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from practices.models import Practice
from tests.desk import page_url, person, values_in
from tests.made import draft, make, make_theme
from tests.pages import text_of
from tests.transitions import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(empty_db):
    make_theme()
    return person("curator")


def change(desk, model, records, button, page=None, /, **typed):
    """Fill in the page of the action and press a button of it."""
    values, _ = values_in(page or desk.act(model, "change_many", *records))
    values["_selected_action"] = [record.pk for record in records]
    return desk.client.post(page_url(model, "changelist"), values | typed | {button: "Yes"})


def notes(entry):
    return [*LoggedTransition.objects.of(entry).values_list("note", flat=True)]


def test_a_selection_is_previewed_and_changed_with_one_note(curator):
    prisons, families = make_theme("In prison"), make_theme("Families")
    source = make(Paper, "The paper that says so")
    trust = Tag.objects.create(name="trust")
    one = make(Practice, "One", [prisons], ["old"])
    two = draft(Practice, "Two", [prisons], ["old", "trust"])
    three = make(Practice, "Three", [prisons])
    typed = {
        "add_themes": [families.pk],
        "remove_themes": [prisons.pk],
        "add_tags": [trust.pk],
        "remove_tags": [Tag.objects.get(name="old").pk],
        "add_countries": ["BE"],
        "source": source.pk,
    }
    page = change(curator, Practice, [one, two], "_preview", **typed)
    said = text_of(page)
    assert "What it would change" in said
    assert "Belgium" in said
    assert [*again(one).themes.all()] == [prisons]
    assert Version.objects.count() == 0

    # Public pages among them need a reason, and the preview stays in sight.
    page = change(curator, Practice, [one, two], "_perform", page, **typed)
    assert "This field is required." in text_of(page)
    assert "What it would change" in text_of(page)
    answer = change(curator, Practice, [one, two], "_perform", page, **typed, note="Filed anew.")
    assert "2 entries were changed." in text_of(answer)
    for entry in (one, two):
        entry = again(entry)
        assert [*entry.themes.all()] == [families]
        assert [each.name for each in entry.tags.all()] == ["trust"]
        assert [each.code for each in entry.countries.all()] == ["BE"]
        assert entry.source == source
        kept = Version.objects.get_for_object(entry).select_related("revision")
        assert kept.first().revision.comment == "Filed anew."
        assert entry.changed_by == curator.user
    assert again(one).awaits_second_look
    assert notes(one) == ["Filed anew."]
    assert [*again(three).themes.all()] == [prisons]


@pytest.mark.once
def test_each_that_cannot_be_changed_is_named_with_the_reason(curator):
    theme = make_theme("In prison")
    public, other = make(Lesson, "Public", [theme]), draft(Lesson, "A draft", [theme])
    page = change(curator, Lesson, [public, other], "_preview", remove_themes=[theme.pk])
    said = text_of(page)
    assert "Not possible: Lesson Public It is filed under no theme." in said
    assert "Change one" in page.content.decode()
    other.text = "Saved meanwhile"
    other.save()
    answer = change(
        curator,
        Lesson,
        [public, other],
        "_perform",
        page,
        remove_themes=[theme.pk],
        note="Emptied.",
    )
    said = text_of(answer)
    assert "Saved meanwhile draft Somebody changed it after this page was shown." in said
    assert "Public It is filed under no theme." in said
    assert again(public).themes.count() == again(other).themes.count() == 1


@pytest.mark.once
def test_a_contributor_changes_own_drafts_only(empty_db):
    make_theme()
    contributor = person("contributor")
    theme = make_theme("In prison")
    own = draft(Lesson, "Mine", author=contributor.user)
    public = make(Lesson, "Public", [theme])
    others = draft(Lesson, "Somebody else’s", author=User.objects.create(username="x"))
    records = [own, public, others]
    page = change(contributor, Lesson, records, "_preview", add_themes=[theme.pk])
    answer = change(
        contributor, Lesson, records, "_perform", page, add_themes=[theme.pk], note="Filed."
    )
    assert text_of(answer).count("You may not change it as it stands.") == 2
    assert [*own.themes.all()] == [theme]
    assert others.themes.count() == 0


@pytest.mark.once
def test_what_was_not_shown_is_not_done(curator):
    """Whoever alters the choice after the preview is shown another one first."""
    prisons, families = make_theme("In prison"), make_theme("Families")
    lesson = draft(Lesson, "A lesson", [prisons])
    page = change(curator, Lesson, [lesson], "_preview", add_themes=[families.pk])
    page = change(curator, Lesson, [lesson], "_perform", page, remove_themes=[prisons.pk])
    assert "What it would change" in text_of(page)
    assert [*lesson.themes.all()] == [prisons]
    page = change(curator, Lesson, [lesson], "_preview")
    assert "Say what is to become of them" in text_of(page)


@pytest.mark.once
def test_no_more_than_a_person_can_look_through(curator):
    Lesson.objects.bulk_create(
        Lesson(text=f"Lesson {number}", slug=f"lesson-{number}") for number in range(MOST + 1)
    )
    answer = curator.act(Lesson, "change_many", *Lesson.objects.all())
    assert "Choose up to 200 at once" in text_of(answer)


@pytest.mark.parametrize("value", ["x", "9" * 30, "\x00", "-1"])
def test_what_is_no_key_is_told_in_words(curator, value):
    lesson = draft(Lesson, "A lesson")
    for name in ("add_themes", "add_tags"):
        answer = change(curator, Lesson, [lesson], "_preview", **{name: [value]})
        assert answer.status_code == 200
        assert "valid" in text_of(answer)
    answer = change(curator, Lesson, [lesson], "_preview", source=value)
    assert answer.context["form"].errors.keys() == {"source"}


def test_a_review_date_is_set_for_all_and_changes_what_none_of_them_says(curator):
    lessons = [make(Lesson, "One"), make(Lesson, "Two")]
    before = [again(lesson).updated for lesson in lessons]
    typed = {"review_on": "1 March 2099"}
    page = change(curator, Lesson, lessons, "_preview", **typed)
    assert "1 Mar 2099" in text_of(page)
    answer = change(curator, Lesson, lessons, "_perform", page, **typed, note="Every year.")
    assert "2 entries were changed." in text_of(answer)
    for lesson, updated in zip(lessons, before, strict=True):
        assert str(again(lesson).review_on) == "2099-03-01"
        assert again(lesson).updated == updated
        assert not again(lesson).awaits_second_look


def test_all_of_a_list_of_several_pages_are_changed_and_not_its_first_page_alone(curator):
    theme = make_theme("In prison")
    lessons = [draft(Lesson, f"Lesson {number}") for number in (1, 2, 3)]
    page = curator.act(Lesson, "change_many", lessons[0], select_across="1")
    values, _ = values_in(page)
    sent = values | {"_selected_action": page.context["selected"], "add_themes": [theme.pk]}
    page = curator.client.post(page_url(Lesson, "changelist"), sent | {"_preview": "Yes"})
    assert text_of(page).count("In prison") >= len(lessons)
    assert [again(lesson) for lesson in lessons] == sorted(
        page.context["entries"], key=lambda entry: entry.pk
    )
