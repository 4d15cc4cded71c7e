"""The calendars of meetings, read as a calendar programme reads them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from entries.models import Country
from meetings.models import Meeting
from tests.addresses import list_address
from tests.made import make
from tests.pages import content_of, open_page

pytestmark = [pytest.mark.usefixtures("unchanged_db"), pytest.mark.once]

BRUSSELS = ZoneInfo("Europe/Brussels")

EVENT = "shared-responsibility-care-and-security-2023"


def read_calendar(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(content_of(response))
    calendar.validate()
    assert [error for part in calendar.walk() for error in part.errors] == []
    assert calendar.get_missing_tzids() == set()
    return calendar


def address_of(meeting):
    return f"/meetings/{meeting.slug}.ics"


def event_of(client, meeting):
    [event] = read_calendar(client, address_of(meeting)).events
    return event


def upcoming(name="Ahead", days=30, length=1, **fields):
    """A meeting that many days ahead."""
    start = timezone.localdate() + timedelta(days=days)
    fields = {"start_date": start, "end_date": start + timedelta(days=length - 1)} | fields
    return make(Meeting, name, **fields)


def summaries(calendar):
    return [str(event["SUMMARY"]) for event in calendar.events]


# --- One meeting ---------------------------------------------------------------------


def test_the_event_of_november_2023_begins_at_nine_in_the_hague(client):
    event = event_of(client, Meeting.objects.get(slug=EVENT))
    assert event.start == datetime(2023, 11, 28, 9, tzinfo=BRUSSELS)
    assert event.end == datetime(2023, 11, 28, 15, tzinfo=BRUSSELS)
    assert event.start.astimezone(UTC) == datetime(2023, 11, 28, 8, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert event["LOCATION"] == "The Hague, Netherlands"
    assert event["SUMMARY"].startswith("Prevention of violent extremism: a shared responsibility")
    assert event["URL"] == f"http://testserver/meetings/{EVENT}/"
    assert event["DESCRIPTION"].startswith("09:00–15:00 CET\n\nA cross-cutting event, organised by")
    assert event["DESCRIPTION"].endswith(event["URL"])


def test_every_dated_meeting_of_the_corpus_is_an_event_on_its_days(client):
    meetings = Meeting.objects.published().dated()
    assert len(meetings) == 21
    for meeting in meetings:
        event = event_of(client, meeting)
        first, last = meeting.start_date, meeting.end_date
        if meeting.start_time:
            assert (event.start.date(), event.end.date()) == (first, last)
        else:
            # The end of an event is the first day that is not part of it.
            assert (event.start, event.end) == (first, last + timedelta(days=1))
        assert event["SUMMARY"] == meeting.title
        assert event.uid == str(meeting.identifier)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "word", "zone", "utc"),
    [
        (date(2031, 1, 15), "CET", "Europe/Brussels", time(8)),
        (date(2031, 6, 15), "CET", "Europe/Brussels", time(7)),
        (date(2031, 6, 15), " cest ", "Europe/Brussels", time(7)),
        (date(2031, 1, 15), "EET", "Europe/Helsinki", time(7)),
        (date(2031, 6, 15), "WEST", "Europe/Lisbon", time(8)),
        (date(2031, 6, 15), "BST", "Europe/London", time(8)),
    ],
)
def test_the_printed_word_for_a_zone_gives_the_clock_of_the_place(client, day, word, zone, utc):
    meeting = make(
        Meeting, start_date=day, end_date=day, start_time=time(9), end_time=time(10), time_zone=word
    )
    event = event_of(client, meeting)
    assert event["DTSTART"].params["TZID"] == zone
    assert event.start.time() == time(9)
    assert event.start.astimezone(UTC).time() == utc


@pytest.mark.django_db
def test_universal_time_needs_no_zone(client):
    meeting = upcoming(start_time=time(9), end_time=time(10), time_zone="UTC")
    event = event_of(client, meeting)
    assert event["DTSTART"].to_ical().endswith(b"T090000Z")


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["", "XYZ", "local time"])
def test_hours_of_no_known_zone_are_told_and_not_guessed(client, word):
    meeting = upcoming(start_time=time(9, 30), end_time=time(17), time_zone=word)
    event = event_of(client, meeting)
    assert (event.start, event.end) == (meeting.start_date, meeting.end_date + timedelta(days=1))
    assert str(event["DESCRIPTION"]).split("\n")[0] == f"09:30–17:00 {word}".strip()


@pytest.mark.django_db
def test_a_meeting_that_says_only_when_it_begins_has_no_end(client):
    event = event_of(client, upcoming(start_time=time(9), time_zone="CET"))
    assert event.start.time() == time(9)
    assert "DTEND" not in event


@pytest.mark.django_db
def test_a_meeting_of_several_days_with_one_time_is_of_whole_days(client):
    event = event_of(client, upcoming(length=3, start_time=time(9), time_zone="CET"))
    assert event.end - event.start == timedelta(days=3)
    assert event["DESCRIPTION"].startswith("09:00 CET\n")


@pytest.mark.django_db
def test_a_meeting_keeps_its_identity_and_says_when_it_was_changed(client):
    meeting = upcoming()
    before = event_of(client, meeting)
    changed = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    Meeting.objects.filter(pk=meeting.pk).update(title="Renamed", updated=changed)
    after = event_of(client, meeting)
    assert before.uid == after.uid
    assert after["SUMMARY"] == "Renamed"
    assert after.last_modified == after.stamp == changed
    assert read_calendar(client, "/meetings.ics").events[0].uid == after.uid


@pytest.mark.django_db
def test_text_is_escaped_and_folded(client):
    title = "Care; custody, and 'both': a \\ between ü and ß" + " and ever on" * 9
    text = "One line, and\r\nanother;\n\na \\n that is none"
    meeting = upcoming(title, slug="folded", description=text, venue="Hall 1; left, upstairs")
    meeting.countries.set(Country.objects.filter(code="NL"))
    content = content_of(client.get(address_of(meeting)))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    [event] = Calendar.from_ical(content).events
    assert event["SUMMARY"] == title
    assert text.replace("\r\n", "\n") in event["DESCRIPTION"]
    assert event["LOCATION"] == "Hall 1; left, upstairs, Netherlands"


@pytest.mark.django_db
def test_characters_that_a_calendar_cannot_hold_become_spaces(client):
    event = event_of(client, upcoming("Pasted\x0bfrom\x1felsewhere", slug="pasted"))
    assert event["SUMMARY"] == "Pasted from elsewhere"


@pytest.mark.django_db
def test_a_meeting_without_a_place_has_no_location(client):
    assert "LOCATION" not in event_of(client, upcoming())


@pytest.mark.django_db
def test_a_former_address_of_a_calendar_leads_to_the_present_one(client):
    meeting = upcoming(slug="former")
    meeting = Meeting.objects.get(pk=meeting.pk)
    meeting.slug = "present"
    meeting.save()
    response = client.get("/meetings/former.ics")
    assert (response.status_code, response["Location"]) == (301, "/meetings/present.ics")


# --- The upcoming meetings -----------------------------------------------------------


@pytest.mark.django_db
def test_the_calendar_of_the_list_holds_the_upcoming_meetings(client):
    upcoming("Later", days=9)
    upcoming("Today", days=0)
    upcoming("Its last day", days=-1, length=2)
    upcoming("Over since yesterday", days=-1)
    upcoming("Undated", start_date=None, end_date=None)
    calendar = read_calendar(client, "/meetings.ics")
    assert summaries(calendar) == ["Later", "Today", "Its last day"]
    assert calendar.calendar_name == "RAN Mental Health meetings"


@pytest.mark.django_db
def test_the_calendar_is_narrowed_and_sorted_as_the_list_is(client):
    for name, code in (("In Malta", "MT"), ("In Cyprus", "CY"), ("In Malta too", "MT")):
        upcoming(name).countries.set(Country.objects.filter(code=code))
    query = {"country": "MT", "sort": "title"}
    calendar = read_calendar(client, "/meetings.ics", **query)
    assert summaries(calendar) == ["In Malta", "In Malta too"]
    page = open_page(client, list_address(Meeting), **query)
    urls = [event["URL"].removeprefix("http://testserver") for event in calendar.events]
    assert urls == page.entries


@pytest.mark.django_db
def test_a_calendar_without_a_meeting_is_still_a_calendar(client):
    Meeting.objects.upcoming().update(status="draft")
    calendar = read_calendar(client, "/meetings.ics")
    assert calendar.events == []
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Brussels"]


@pytest.mark.django_db
def test_more_meetings_take_no_more_queries(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            content_of(client.get("/meetings.ics"))
        return len(captured)

    upcoming("First", venue="Here").countries.set(Country.objects.all()[:1])
    few = queries()
    for number in range(9):
        meeting = upcoming(f"Number {number}", days=number)
        meeting.countries.set(Country.objects.all()[:2])
    assert queries() == few


# --- What no calendar holds ----------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "review"])
def test_a_meeting_that_is_not_public_is_in_no_calendar_for_staff_either(
    client, admin_client, status
):
    meeting = upcoming("Secret", status=status)
    for reader in (client, admin_client):
        assert reader.get(address_of(meeting)).status_code == 404
        assert "Secret" not in summaries(read_calendar(reader, "/meetings.ics"))
    page = open_page(admin_client, meeting.get_absolute_url())
    assert address_of(meeting) not in page.links().values()


@pytest.mark.django_db
def test_a_meeting_without_a_date_has_no_calendar(client):
    meeting = make(Meeting, "Undated")
    assert client.get(address_of(meeting)).status_code == 404
    page = open_page(client, meeting.get_absolute_url())
    assert address_of(meeting) not in page.links().values()


@pytest.mark.django_db
def test_no_calendar_names_the_contacts(client):
    meeting = upcoming(contacts=["someone [dot] else (Some One)"])
    for address in (address_of(meeting), "/meetings.ics", f"/meetings/{EVENT}.ics"):
        content = content_of(client.get(address)).decode().replace("\r\n ", "")
        assert "[dot]" not in content
        assert "Some One" not in content
        assert "Canters" not in content


# --- How a visitor comes to them -----------------------------------------------------


@pytest.mark.django_db
def test_an_upcoming_meeting_can_be_added_to_a_calendar(client):
    meeting = upcoming()
    links = open_page(client, meeting.get_absolute_url()).links()
    assert links["Add to calendar"] == address_of(meeting)


def test_a_past_meeting_still_has_its_calendar_file(client):
    links = open_page(client, f"/meetings/{EVENT}/").links()
    assert links["Calendar file of this meeting"] == f"/meetings/{EVENT}.ics"
    assert "Add to calendar" not in links
