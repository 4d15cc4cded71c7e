"""What a subscription is known by does not change with a slug, a host or what becomes of a meeting."""

from datetime import date, timedelta

import feedparser
import pytest
from django.utils import timezone
from icalendar import Calendar

from lessons.models import Lesson
from meetings.models import Meeting
from tests.made import make
from tests.pages import content_of
from themes.models import Theme

pytestmark = pytest.mark.django_db


def feed(client, address, **headers):
    return feedparser.parse(content_of(client.get(address, **headers)))


def events(client, address="/meetings.ics", **headers):
    calendar = Calendar.from_ical(content_of(client.get(address, **headers)))
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def upcoming(**fields):
    day = timezone.localdate() + timedelta(days=40)
    return make(Meeting, "Next year", **{"start_date": day, "end_date": day} | fields)


def test_the_ids_of_a_feed_are_the_same_under_another_slug_and_host(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    before = feed(client, "/lessons.atom?theme=ethics&tag=ethics")
    for lesson in Lesson.objects.all()[:3]:
        lesson.slug = f"renamed-{lesson.slug}"[:100]
        lesson.save()
    theme = Theme.objects.get(slug="ethics")
    theme.slug = "morals"
    theme.save()
    after = feed(client, "/lessons.atom?theme=morals&tag=ethics", headers={"host": "other.example"})
    assert after.feed.id == before.feed.id
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    identifiers = Lesson.objects.in_branch("morals").filter(tags__name="ethics")
    assert {entry.id for entry in before.entries} == {
        f"urn:uuid:{identifier}" for identifier in identifiers.values_list("identifier", flat=True)
    }
    assert feed(client, "/lessons.atom?tag=ethics").feed.id != before.feed.id


@pytest.mark.parametrize("address", ["/lessons.atom", "/new.atom"])
def test_the_date_of_a_feed_never_goes_back(client, address):
    lesson = make(Lesson, "The newest of all")
    before = feed(client, address).feed.updated_parsed
    lesson.status = "withdrawn"
    lesson.save()
    after = feed(client, address)
    assert after.feed.updated_parsed >= before
    assert "The newest of all" not in str(after.entries)


def test_a_meeting_keeps_its_uid_and_counts_on_when_it_is_changed(client):
    meeting = upcoming()
    [(uid, event)] = events(client).items()
    assert uid == str(meeting.identifier)
    Meeting.objects.filter(pk=meeting.pk).update(
        slug="elsewhere", updated=timezone.now() + timedelta(hours=1)
    )
    [(uid_after, after)] = events(client, headers={"host": "localhost"}).items()
    assert uid_after == uid
    assert after["sequence"] > event["sequence"]


def test_a_withdrawn_meeting_is_cancelled_for_those_who_subscribed(client):
    meeting = upcoming(venue="A secret place")
    make(Meeting, "Never public", status="draft", start_date=meeting.start_date)
    meeting.status = "withdrawn"
    meeting.save()
    [(uid, event)] = events(client).items()
    assert (uid, str(event["status"])) == (str(meeting.identifier), "CANCELLED")
    assert event["dtstart"].dt == meeting.start_date
    text = content_of(client.get("/meetings.ics")).decode()
    assert not any(word in text for word in ("Next year", "secret", "Never public", "SUMMARY"))
    assert events(client, "/meetings.ics?tag=training") == {}


def test_an_event_that_ends_as_it_begins_has_no_end(client):
    hour = {"start_time": "10:00", "end_time": "10:00", "time_zone": "CET"}
    [event] = events(client, upcoming(**hour).get_absolute_url()[:-1] + ".ics").values()
    assert "dtend" not in event


def test_a_day_beyond_all_calendars_breaks_none(client, admin_client):
    Meeting.objects.filter(pk=upcoming().pk).update(end_date=date.max)
    assert len(events(client)) == 1
    meeting = Meeting(title="x", slug="x", start_date=date(9999, 1, 1), end_date=date(9999, 1, 1))
    with pytest.raises(Exception, match="between 1900 and 2199"):
        meeting.full_clean()
