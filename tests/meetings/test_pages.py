"""What a meeting's page says on the day it is read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting
from tests.made import make
from tests.pages import open_page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- Today ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "state"), [(0, 0, "upcoming"), (-1, 0, "upcoming"), (-2, -1, "past")]
)
def test_a_meeting_is_upcoming_until_its_last_day_is_over(client, first, last, state):
    today = timezone.localdate()
    days = {"start_date": today + timedelta(first), "end_date": today + timedelta(last)}
    meeting = make(Meeting, "Round table", **days)
    page = open_page(client, meeting.get_absolute_url())
    assert page.texts(".//p[@class='kind-line']")[0].endswith(f" {state}")
    when = open_page(client, "/meetings/", when=state)
    assert meeting.get_absolute_url() in when.entries
    other = {"upcoming": "past", "past": "upcoming"}[state]
    assert meeting.get_absolute_url() not in open_page(client, "/meetings/", when=other).entries


@pytest.mark.parametrize(
    ("days_left", "said"),
    [(1, "Register until"), (0, "Register until"), (-1, "This call is closed")],
)
def test_a_call_for_participants_invites_until_its_last_day(client, days_left, said):
    today = timezone.localdate()
    meeting = make(
        Meeting,
        "Round table",
        start_date=today + timedelta(30),
        end_date=today + timedelta(30),
        call_for_participants="Come and speak.",
        registration_url="https://example.org/register",
        registration_deadline=today + timedelta(days_left),
    )
    page = open_page(client, meeting.get_absolute_url())
    call = text_of(page.section("Call for participants"))
    assert said in call
    assert "Come and speak." in call
    invited = "https://example.org/register" in page.links().values()
    assert invited == (days_left >= 0)


def test_the_call_of_the_event_of_2023_is_closed(client):
    event = Meeting.objects.get(start_date="2023-11-28")
    call = text_of(open_page(client, event.get_absolute_url()).section("Call for participants"))
    assert "This call is closed: the last day to register was 14 November 2023." in call
    assert "before 15 November" in call
