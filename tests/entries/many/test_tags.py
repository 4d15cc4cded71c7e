"""Tags merged, renamed, split and taken away, with the entries that carry them."""

import pytest
from django.test import Client
from reversion.models import Version
from taggit.models import Tag

from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from tests.desk import change_url, errors_in, page_url, person, values_in
from tests.made import draft, make, make_group, make_theme
from tests.pages import text_of
from tests.transitions import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(empty_db):
    make_theme()
    return person("editor")


def act(desk, url, button="_perform", page=None, /, **typed):
    """Open a page that asks, answer it, and return what it says; or answer the page given."""
    values, _ = values_in(page or desk.open(url))
    return desk.client.post(url, values | typed | {button: "Yes"})


def names(entry):
    return [*entry.tags.order_by("name").values_list("name", flat=True)]


def tag(name):
    return Tag.objects.get(name=name)


def notes(entry):
    return [*LoggedTransition.objects.of(entry).values_list("note", flat=True)]


def test_merged_tags_leave_one_with_their_entries_versions_dates_and_addresses(editor):
    public = make(Lesson, "On trust", tags=["trust", "trusting"])
    other = make(Paper, "A paper on trusting", tags=["trusting", "family"])
    unfinished = draft(Lesson, "A draft on trusting", tags=["trusting"])
    beside = make(Lesson, "On families", tags=["family"])
    before = {entry: again(entry).updated for entry in (public, other, beside)}
    page = editor.act(Tag, "merge", tag("trust"), tag("trusting"))
    said = text_of(page)
    assert "trust (1), trusting (3)" in said
    for entry in (public, other, unfinished):
        assert str(entry) in said
    assert "On families" not in said

    url = page_url(Tag, "changelist")
    values, _ = values_in(page)
    values["_selected_action"] = [tag("trust").pk, tag("trusting").pk]
    answer = editor.client.post(
        url, values | {"stays": tag("trust").pk, "note": "One word.", "_perform": "Merge"}
    )
    assert "“trusting” went into “trust”." in text_of(answer)
    assert (names(public), names(other), names(unfinished)) == (
        ["trust"],
        ["family", "trust"],
        ["trust"],
    )
    assert not Tag.objects.filter(name="trusting").exists()
    for entry in (public, other):
        assert notes(entry) == ["One word."]
        assert again(entry).updated > before[entry]
        assert again(entry).awaits_second_look
        kept = Version.objects.get_for_object(entry).select_related("revision")
        assert kept.first().revision.comment == "One word."
        assert kept.count() == 2  # as it was found, and as it is
        assert "One word." in text_of(Client().get(entry.get_absolute_url()))
    assert again(beside).updated == before[beside]
    assert notes(unfinished) == []

    # The address of the list that the former tag narrowed leads on, for people and machines.
    moved = Client().get("/papers/?tag=trusting")
    assert (moved.status_code, moved["Location"]) in [(301, "/papers/?tag=trust")]
    # And it is nobody else's.
    refused = editor.refused(page_url(Tag, "add"), name="Trusting others", slug="trusting")
    assert errors_in(refused) == {"slug": ["This address was another tag’s and still leads there."]}


def test_what_somebody_changed_since_the_page_was_shown_keeps_its_tag_and_is_named(editor):
    calm, changed = make(Lesson, "Calm", tags=["old"]), make(Lesson, "Changed", tags=["old"])
    Tag.objects.create(name="new")
    url = page_url(Tag, "merge", tag("old").pk)
    page = editor.open(url)
    changed.text = "Changed meanwhile"
    changed.save()
    answer = act(editor, url, "_perform", page, stays=tag("new").pk, note="Tidied.")
    said = text_of(answer)
    assert "Changed meanwhile Somebody changed it after this page was shown." in said
    assert "Still carried by entries, so still there: “old”." in said
    assert (names(calm), names(changed)) == (["new"], ["old"])
    # Once more, and it is done.
    answer = act(editor, url, stays=tag("new").pk, note="Tidied.")
    assert "“old” went into “new”." in text_of(answer)
    assert names(changed) == ["new"]


def test_a_tag_is_split_entry_by_entry(editor):
    one = make(Lesson, "Of fathers", tags=["family", "trust"])
    two = make(Lesson, "Of mothers", tags=["family"])
    both = make(Paper, "Of both", tags=["family"])
    stays = make(Lesson, "Of all", tags=["family"])
    fathers, mothers = (Tag.objects.create(name=name) for name in ("fathers", "mothers"))
    url = page_url(Tag, "split", tag("family").pk)
    page = act(editor, url, "_parts", parts=[fathers.pk, mothers.pk])
    assert "Of fathers" in text_of(page)
    answer = act(
        editor,
        url,
        "_perform",
        page,
        parts=[fathers.pk, mothers.pk],
        note="Told apart.",
        **{
            f"lessons.lesson:{one.pk}": [fathers.pk],
            f"lessons.lesson:{two.pk}": [mothers.pk],
            f"meetings.paper:{both.pk}": [fathers.pk, mothers.pk],
            f"lessons.lesson:{stays.pk}": [tag("family").pk],
        },
    )
    assert "3 entries were changed." in text_of(answer)
    assert names(one) == ["fathers", "trust"]
    assert (names(two), names(both), names(stays)) == (
        ["mothers"],
        ["fathers", "mothers"],
        ["family"],
    )
    assert notes(one) == ["Told apart."]
    assert notes(stays) == []


@pytest.mark.once
def test_deleting_a_tag_says_first_which_public_pages_carry_it_and_needs_a_reason(editor):
    entry = make(Lesson, "On trust", tags=["trust", "family"])
    url = page_url(Tag, "delete", tag("trust").pk)
    said = text_of(editor.open(url))
    assert "A public page carries it and loses it." in said
    assert "On trust" in said
    answer = act(editor, url)
    assert "This field is required." in text_of(answer)
    assert names(entry) == ["family", "trust"]
    assert "Deleted: “trust”." in text_of(act(editor, url, note="Says nothing."))
    assert names(entry) == ["family"]
    assert notes(entry) == ["Says nothing."]
    # It can be brought back with its address.
    assert "trust" in text_of(editor.open(page_url(Tag, "recover_list")))


@pytest.mark.parametrize("what", ["tag", "theme", "group"])
def test_who_renames_a_theme_group_or_tag_says_why_on_the_pages_that_show_its_name(editor, what):
    theme, group = make_theme("Old theme"), make_group("Old group")
    paper = make(Paper, "A paper", [theme], ["Old tag"])
    paper.groups.set([group])
    hidden = draft(Paper, "A draft", [theme], ["Old tag"])
    record = {"tag": tag("Old tag"), "theme": theme, "group": group}[what]
    field = "title" if what == "theme" else "name"
    before, hidden_before = again(paper).updated, again(hidden).updated
    response = editor.refused(change_url(record), **{field: "Called anew"})
    assert errors_in(response).keys() == {"change_note"}
    editor.saved(change_url(record), **{field: "Called anew"}, change_note="As they say today.")
    text = f"“Old {what}” is called “Called anew” now. As they say today."
    assert notes(paper) == [text]
    assert again(paper).updated > before
    assert (again(hidden).updated, notes(hidden)) == (hidden_before, [])
    shown = text_of(Client().get(paper.get_absolute_url()))
    assert text in shown
    assert f"Old {what}" not in shown.replace(text, "")
    # What is no renaming needs no reason.
    editor.saved(change_url(record), slug="called-anew")
    assert len(notes(paper)) == 1


@pytest.mark.once
def test_only_who_keeps_tags_may_merge_them(empty_db):
    make_theme()
    make(Lesson, "On trust", tags=["trust"])
    for role in ("nobody", "contributor", "curator"):
        desk = person(role)
        for page in ("merge", "split", "delete"):
            answer = desk.client.get(page_url(Tag, page, tag("trust").pk))
            assert answer.status_code == 403, (role, page)
