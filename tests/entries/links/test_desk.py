"""Addresses on the desk: what needs a hand, a curator's word, one address for another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entries.links import checking
from entries.links.asking import Found
from entries.links.health import LinkCheck, LinkHealth
from entries.links.models import Link
from entries.workflow.models import LoggedTransition
from lessons.models import Lesson
from meetings.models import Paper
from practices.models import Practice
from records.versions.snapshots import versions_of
from tests.desk import change_url, errors_in, page_url, person, values_in
from tests.made import draft, make
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_db")]

OLD, NEW = "http://old.example/paper.pdf", "https://new.example/paper.pdf"


def found(url, *, times=1, **what):
    """The check of an address, after so many that found the same, days apart."""
    checking.follow_links()
    check = LinkCheck.objects.get(address=checking.known_as(url)[0])
    for _time in range(times):
        LinkCheck.objects.filter(failed__isnull=False).update(
            failed=timezone.now() - timedelta(days=4)
        )
        checking.record(check.pk, Found(**what))
    check.refresh_from_db()
    return check


def moved(url=OLD, to=NEW):
    return found(url, fate="works", said="It answers 200.", moved_to=to, answered=True)


def dead(url=OLD):
    return found(url, times=3, fate="failed", said="It answers 404.", answered=True)


@pytest.fixture
def curator(empty_db):
    return person("curator")


@pytest.fixture
def lesson(empty_db):
    lesson = make(Lesson, "A lesson on trust")
    Link.objects.create(url=OLD, lesson=lesson)
    return lesson


def replaced(desk, check, **typed):
    """Type, look at the preview, press the button that it offers."""
    url = page_url(LinkCheck, "replace", check.pk)
    values, _new = values_in(desk.open(url))
    preview = desk.client.post(url, values | typed | {"_preview": "Show"})
    values, _new = values_in(preview)
    return preview, desk.client.post(url, values | {"_replace": "Replace"}, follow=True)


def test_the_desk_says_how_many_addresses_need_a_hand_and_leads_to_them(curator, lesson):
    assert "None that is known to be dead" in text_of(curator.open("/admin/"))
    moved()
    Link.objects.create(url="http://gone.example/", lesson=lesson)
    dead("http://gone.example/")
    text = text_of(curator.open("/admin/"))
    assert "1 dead" in text
    assert "1 moved" in text
    text = text_of(curator.open(page_url(LinkCheck, "changelist"), shown="hand"))
    assert "old.example/paper.pdf → new.example/paper.pdf" in text
    assert "gone.example" in text
    assert "A lesson on trust" in text
    text = text_of(curator.open(page_url(LinkCheck, "changelist"), shown="dead"))
    assert "old.example" not in text


def test_the_page_of_an_address_tells_its_history_and_where_it_stands(curator, lesson):
    text = text_of(curator.open(change_url(dead())))
    assert "dead since" in text, "as visitors are told"
    assert text.count("It answers 404.") == 4
    assert "Failures counted: 3 of 3" in text
    assert "A lesson on trust" in text


def test_the_word_of_a_curator_counts_until_its_day(curator, lesson, client):
    check = dead()
    page = lesson.get_absolute_url()
    assert "dead since" in client.get(page).content.decode()
    until = timezone.localdate() + timedelta(days=90)
    typed = {"held_as": "works", "held_reason": "Opens in a browser.", "held_until": str(until)}
    curator.saved(change_url(check), **typed)
    shown = text_of(client.get(page))
    assert "works (checked since" in shown
    assert "Opens in a browser" not in shown
    dead()  # whatever the checks find
    assert LinkHealth.objects.get().state == "works"
    check.refresh_from_db()
    assert (check.held_by, check.state) == (curator.user, "dead")
    text = text_of(curator.open(change_url(check)))
    assert "Opens in a browser." in text
    assert "works (checked since" in text
    LinkCheck.objects.update(held_until=timezone.localdate() - timedelta(days=1))
    checking.end_what_was_held()
    assert LinkHealth.objects.get().state == "dead"


@pytest.mark.once
def test_a_word_without_reason_or_end_is_refused(curator, lesson):
    check = dead()
    message = "Give a reason and the day until which it counts."
    assert errors_in(curator.refused(change_url(check), held_as="works")) == {
        "held_reason": [message]
    }
    long = {"held_as": "works", "held_reason": "I looked.", "held_until": "2090-01-01"}
    assert errors_in(curator.refused(change_url(check), **long)) == {
        "held_until": ["Give a day within a year from now."]
    }


def test_one_address_takes_the_place_of_another_everywhere(curator, lesson):
    practice = draft(Practice, "Vivat")
    Link.objects.create(url=f"{OLD}#page=3", practice=practice)
    updated = practice.updated
    preview, after = replaced(curator, moved(), note="The site was moved.")
    shown = text_of(preview)
    assert f"{OLD} {NEW}" in shown
    assert f"{OLD}#page=3 {NEW}#page=3" in shown
    assert Link.objects.filter(url__startswith=OLD).count() == 0
    assert sorted(Link.objects.values_list("url", flat=True)) == [NEW, f"{NEW}#page=3"]
    assert "Replaced at 2 entries" in text_of(after)
    logged = LoggedTransition.objects.of(lesson).last()
    assert (logged.note, logged.user) == ("The site was moved.", curator.user)
    lesson.refresh_from_db()
    practice.refresh_from_db()
    assert lesson.awaits_second_look
    assert practice.updated == updated
    for entry in (lesson, practice):
        assert versions_of(type(entry), entry.pk).first().revision.comment == "The site was moved."
    assert {*LinkHealth.objects.values_list("state", flat=True)} == {"unchecked"}


@pytest.mark.once
def test_nothing_is_replaced_that_the_preview_has_not_shown(curator, lesson):
    check = moved()
    url = page_url(LinkCheck, "replace", check.pk)
    typed = {"url": NEW, "note": "Moved."}
    at_once = curator.client.post(url, typed | {"_replace": "Replace"})
    assert "So it will be" in text_of(at_once)
    assert Link.objects.get().url == OLD
    values, _new = values_in(at_once)
    Link.objects.create(url=OLD, paper=draft(Paper, "A paper that came between"))
    again = curator.client.post(url, values | {"_replace": "Replace"})
    assert "A paper that came between" in text_of(again)
    assert Link.objects.filter(url=OLD).count() == 2


def test_an_entry_that_has_the_new_address_keeps_both_and_is_named(curator, lesson):
    Link.objects.create(url=NEW, lesson=lesson)
    preview, _after = replaced(curator, moved(), note="Moved.")
    assert "This entry has this address already." in text_of(preview)
    assert sorted(Link.objects.values_list("url", flat=True)) == [OLD, NEW]


@pytest.mark.once
@pytest.mark.parametrize(
    "url", ["", "no address", "javascript:alert(1)", "https://a.b/" + "x" * 600]
)
def test_a_wrong_new_address_is_refused_and_what_was_typed_stays(curator, lesson, url):
    page = page_url(LinkCheck, "replace", moved().pk)
    answer = curator.client.post(page, {"url": url, "note": "Why.", "_replace": "Replace"})
    assert answer.context["form"].errors.keys() == {"url"}
    assert values_in(answer)[0]["note"] == "Why."
    assert Link.objects.get().url == OLD


@pytest.mark.once
def test_buttons_ask_the_worker_and_ask_nobody_themselves(curator, lesson, settings, server):
    check = moved()
    answer = curator.client.post(page_url(LinkCheck, "check", check.pk), follow=True)
    assert "told to ask nobody" in text_of(answer)
    settings.CHECK_LINKS = True
    answer = curator.client.post(page_url(LinkCheck, "check_all"), follow=True)
    assert "checked within the last hour" in text_of(answer)
    LinkCheck.objects.update(checked=timezone.now() - timedelta(hours=2))
    answer = curator.client.post(page_url(LinkCheck, "check_all"), follow=True)
    assert "1 wait" in text_of(answer)
    check.refresh_from_db()
    assert check.due <= timezone.now()
    assert server.asked == []


@pytest.mark.once
@pytest.mark.parametrize("role", ["nobody", "contributor"])
def test_who_may_not_change_links_presses_no_button(role, lesson):
    check, desk = moved(), person(role)
    due = check.due
    for page in ("check", "replace"):
        url = page_url(LinkCheck, page, check.pk)
        typed = {"url": NEW, "note": "Mine.", "_replace": "Replace"}
        assert desk.client.post(url, typed).status_code == 403
    assert desk.client.post(page_url(LinkCheck, "check_all")).status_code == 403
    check.refresh_from_db()
    assert (check.due, Link.objects.get().url) == (due, OLD)
