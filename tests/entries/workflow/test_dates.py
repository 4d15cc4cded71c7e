"""Days and times that are set: to review again, to publish, to withdraw."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from entries.workflow import transitions
from entries.workflow.schedule import ScheduledTransition, make_next
from lessons.models import Lesson
from meetings.models import Paper
from ranportal.accounts.models import AccessLine
from records.versions.snapshots import versions_of
from tests.desk import change_url, page_url, person, values_in
from tests.made import make
from tests.pages import text_of
from tests.transitions import again, entry_at, logged, pile, press

pytestmark = pytest.mark.django_db


def dates_url(record):
    return page_url(type(record), "dates", record.pk)


def set_time(desk, record, offer, days=1, **typed):
    """At noon: at night, twice a year, an hour comes twice or not at all."""
    at = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=days)
    values, _ = values_in(desk.open(dates_url(record)))
    answers = {f"{offer}-at": f"{at:%Y-%m-%dT%H:%M}"}
    answers |= {f"{offer}-{name}": value for name, value in typed.items()}
    data = values | answers | {f"_{offer}": "1"}
    return desk.client.post(dates_url(record), data, follow=True)


def hours_pass(days=2):
    """As if that time had come, and nobody had looked for a while."""
    for each in ScheduledTransition.objects.waiting():
        each.at -= timedelta(days=days)
        each.save()
    call_command("make_scheduled")


# --- Publishing and withdrawing ----------------------------------------------------------


def test_a_publication_is_made_at_its_time_in_the_name_of_who_set_it():
    editor = person("editor")
    lesson = entry_at("in review", editor.user)
    assert "The time is set." in text_of(set_time(editor, lesson, "publish", note="New."))
    assert make_next() is None
    assert "Publish at" in text_of(editor.open(change_url(lesson)))
    assert str(lesson) in pile(editor, "Set for a time")
    hours_pass()
    assert again(lesson).is_public
    assert logged(lesson) == [("published", "the editor", "New.")]
    assert versions_of(Lesson, lesson.pk).first().revision.user == editor.user
    assert "New." in text_of(Client().get(lesson.get_absolute_url()))
    assert pile(editor, "Set for a time") == ""
    assert make_next() is None, "once"


def test_a_withdrawal_says_why_and_what_was_missed_is_caught_up_in_order():
    editor = person("editor")
    lesson = entry_at("published", editor.user)
    page = set_time(editor, lesson, "withdraw")
    assert "This field is required." in text_of(page)
    set_time(editor, lesson, "withdraw", note="Its law has changed.", see_instead="/about/")
    hours_pass(days=40)
    assert again(lesson).status == "withdrawn"
    said = text_of(Client().get(lesson.get_absolute_url()))
    assert "Its law has changed." in said


@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "state"),
    [
        ("curator", "in review"),
        ("editor", "in review, changed by oneself"),
        ("editor", "in review without a theme"),
    ],
)
def test_no_time_is_set_for_what_the_person_could_not_publish_now(role, state):
    desk = person(role)
    lesson = entry_at(state, desk.user)
    forged = {"_publish": "1", "publish-at": "2040-01-01T08:00"}
    page = text_of(desk.client.post(dates_url(lesson), forged))
    reason = transitions.PUBLISH.refusal(desk.user, lesson)
    assert str(reason) in page
    assert not ScheduledTransition.objects.exists()
    refused = AccessLine.objects.filter(what="forbidden", username=desk.user.username)
    assert refused.count() == (role == "curator")


@pytest.mark.once
@pytest.mark.parametrize("change", ["words", "role", "account", "staff", "deleted", "theme"])
def test_what_cannot_be_made_by_then_says_why_on_the_desk(change):
    editor, curator = person("editor"), person("curator")
    lesson = entry_at("in review", editor.user)
    set_time(editor, lesson, "publish")
    if change == "words":
        curator.saved(change_url(lesson), text="Other words.")
        reason = "It was changed after the time was set."
    elif change == "role":
        editor.user.groups.set(curator.user.groups.all())
        reason = "Only editors may do this."
    elif change == "account":
        type(editor.user).objects.filter(pk=editor.user.pk).update(is_active=False)
        reason = "Whoever set the time has no account any more."
    elif change == "staff":
        type(editor.user).objects.filter(pk=editor.user.pk).update(is_staff=False)
        reason = "Whoever set the time has no account any more."
    elif change == "theme":
        lesson.themes.clear()
        reason = "It was changed after the time was set."
    else:
        lesson.delete()
        reason = "It was deleted."
    hours_pass()
    assert ScheduledTransition.objects.get().reason == reason
    assert not Lesson.objects.published().filter(pk=lesson.pk).exists()
    if change in ("words", "theme"):
        assert reason in pile(editor, "Set for a time")


@pytest.mark.once
@pytest.mark.parametrize(("days", "message"), [(-1, "That is past"), (3000, "At most five years")])
def test_a_time_is_one_to_come(days, message):
    editor = person("editor")
    lesson = entry_at("in review", editor.user)
    assert message in text_of(set_time(editor, lesson, "publish", days=days))


@pytest.mark.once
def test_a_time_is_set_once_and_can_be_given_up():
    editor = person("editor")
    lesson = entry_at("in review", editor.user)
    set_time(editor, lesson, "publish")
    assert "A time is set already" in text_of(set_time(editor, lesson, "publish", days=3))
    key = ScheduledTransition.objects.get().pk
    assert person("curator").client.post(dates_url(lesson), {"_give_up": key}).status_code == 403
    page = editor.client.post(dates_url(lesson), {"_give_up": key}, follow=True)
    assert "It is given up." in text_of(page)
    hours_pass()
    assert again(lesson).status == "review"


@pytest.mark.once
def test_what_could_not_be_made_stands_on_the_desk_until_it_is_ticked_off():
    editor, curator = person("editor"), person("curator")
    lesson, gone = entry_at("in review", editor.user), entry_at("in review", editor.user)
    for each in (lesson, gone):
        set_time(editor, each, "publish")
    curator.saved(change_url(lesson), text="Other words.")
    gone.delete()
    hours_pass()
    assert not ScheduledTransition.objects.unsettled().exclude(object_id=lesson.pk).exists()
    editor.user.groups.set(curator.user.groups.all())  # it was theirs, and stands on their desk
    assert "It was changed after the time was set." in text_of(editor.open(dates_url(lesson)))
    key = {"_give_up": ScheduledTransition.objects.unsettled().get().pk}
    assert curator.client.post(dates_url(lesson), key).status_code == 403
    editor.user.groups.set(person("contributor").user.groups.all())
    assert "Tick it off" not in text_of(editor.open(dates_url(lesson))), "it would be refused"
    editor.user.groups.set(curator.user.groups.all())
    assert "Tick it off" in text_of(editor.open(dates_url(lesson)))
    assert "Ticked off." in text_of(editor.client.post(dates_url(lesson), key, follow=True))
    assert pile(editor, "Set for a time") == ""


@pytest.mark.once
def test_what_a_person_may_look_at_no_more_is_not_told_for_their_having_set_a_time():
    editor = person("editor")
    set_time(editor, entry_at("in review", editor.user), "publish")
    editor.user.groups.clear()
    rights = Permission.objects.filter(codename__in=["view_situation", "curate_situation"])
    editor.user.user_permissions.set(rights)
    assert rights.count() == 2
    assert pile(editor, "Set for a time") == ""


@pytest.mark.once
def test_what_was_made_meanwhile_is_not_said_to_be_given_up():
    editor = person("editor")
    lesson = entry_at("in review", editor.user)
    set_time(editor, lesson, "publish")
    key = {"_give_up": ScheduledTransition.objects.get().pk}
    hours_pass()
    page = text_of(editor.client.post(dates_url(lesson), key, follow=True))
    assert "It waits no more." in page
    assert "It is given up." not in page
    assert ScheduledTransition.objects.get().state == "made"


# --- Review --------------------------------------------------------------------------


def test_a_day_of_review_is_set_found_and_over_with_a_confirmation(settings):
    curator = person("curator")
    paper = make(Paper, "An old paper")
    before = paper.updated
    today = timezone.localdate()
    curator.client.post(dates_url(paper), {"_review": "1", "review_on": str(today)})
    paper = again(paper)
    assert (paper.review_on, paper.updated, paper.awaits_second_look) == (today, before, False)
    assert str(paper) in pile(curator, "Due for review")
    found = curator.open(page_url(Paper, "changelist"), due="now")
    assert [*found.context["cl"].queryset] == [paper]
    assert f"{today:%-d %b %Y}" in text_of(found)
    assert 'data-key="c"' in curator.open(page_url(Paper, "review", paper.pk)).content.decode()
    press(curator, paper, "confirm")
    assert again(paper).review_on is None
    assert again(paper).last_reviewed.date() == timezone.now().date()

    settings.REVIEW_AFTER = {"paper": 730}
    lesson, later = entry_at("in review", curator.user), entry_at("in review", curator.user, Paper)
    editor = person("editor")
    for each in (lesson, later):
        press(editor, each, "publish")
    assert again(lesson).review_on is None
    assert again(later).review_on == today + timedelta(days=730)


@pytest.mark.once
def test_contributors_set_no_days():
    writer = person("contributor")
    lesson = entry_at("own draft", writer.user)
    answer = writer.client.post(dates_url(lesson), {"_review": "1", "review_on": "2030-01-01"})
    assert answer.status_code == 403
    assert again(lesson).review_on is None
