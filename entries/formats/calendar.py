"""Meetings as a calendar reads them (iCalendar, RFC 5545)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from entries.formats.text import printable

# What sources print for the clock of a place. Whether it is on summer time follows from
# the day: 'CET' is printed in June too.
LAST_DAY = date.max - timedelta(days=1)
ZONES = {
    "UTC": "UTC",
    "GMT": "UTC",
    "BST": "Europe/London",
    "WET": "Europe/Lisbon",
    "WEST": "Europe/Lisbon",
    "CET": "Europe/Brussels",
    "CEST": "Europe/Brussels",
    "EET": "Europe/Helsinki",
    "EEST": "Europe/Helsinki",
}


def calendar(meetings, request, identifier, name=None, gone=()):
    """The meetings, all of them dated, as the text of a calendar; those that are `gone` cancelled."""
    calendar = Calendar.new(
        prodid=f"-//{_('RAN Mental Health knowledge portal')}//{request.get_host()}//EN",
        uid=str(identifier),
        name=name,
    )
    # Always with a time zone: a calendar must not be empty, even when no meeting is upcoming.
    calendar.add_component(Timezone.from_tzid(settings.TIME_ZONE))
    for meeting in meetings:
        calendar.add_component(event(meeting, request))
    for meeting in gone:
        calendar.add_component(cancelled(meeting))
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()


def identity(meeting):
    """What tells a calendar that it has the meeting already, and whether this is newer."""
    return {
        "uid": str(meeting.identifier),
        "sequence": int(meeting.updated.timestamp()) // 60,
        "stamp": meeting.updated,
        "last_modified": meeting.updated,
    }


def cancelled(meeting):
    """A meeting that was public and is no longer: when it would have been, and no word of it."""
    start, end = span(meeting)
    return Event.new(**identity(meeting), start=start, end=end, status="CANCELLED")


def event(meeting, request):
    address = request.build_absolute_uri(meeting.get_absolute_url())
    place = [meeting.venue, meeting.city, *map(str, meeting.related("countries"))]
    start, end = span(meeting)
    return Event.new(
        **identity(meeting),
        start=start,
        end=end,
        summary=printable(meeting.title),
        description=printable(
            "\n\n".join(filter(None, [hours(meeting), meeting.description, address]))
        ),
        location=printable(", ".join(filter(None, place))) or None,
        url=address,
    )


def zone(meeting):
    """The zone of the meeting's times; None where the printed word does not name one."""
    name = ZONES.get(meeting.time_zone.strip().upper())
    return ZoneInfo(name) if name else None


def moments(meeting):
    """When it begins and ends, to the minute; None for what is not known so well."""
    if not (meeting.has_days and meeting.start_time):
        return None, None
    tz, last = zone(meeting), meeting.end_date or meeting.start_date
    start = datetime.combine(meeting.start_date, meeting.start_time, tz)
    return start, meeting.end_time and datetime.combine(last, meeting.end_time, tz)


def span(meeting):
    """From when to when it stands in a calendar; no end where that would be the beginning.

    Whole days, unless its hours are known and where they count.
    """
    start, end = moments(meeting)
    if start and start.tzinfo and (end or meeting.start_date == meeting.end_date):
        return start, end if end != start else None
    after = min(meeting.end_date, LAST_DAY) + timedelta(days=1)  # the first day after it
    return meeting.start_date, after


def hours(meeting):
    """The times as printed, which an event of whole days would lose."""
    times = [f"{time:%H:%M}" for time in (meeting.start_time, meeting.end_time) if time]
    return " ".join(filter(None, ["–".join(times), meeting.time_zone])) if times else ""
