"""Dates as precise as they are printed: typed as printed, and told so in every format."""

from datetime import date

import pytest
from django.test import Client

from meetings.models import Meeting, Paper
from tests.desk import change_url, errors_in, page_url, values_in
from tests.made import make, make_theme
from tests.pages import content_of, read_csv, text_of

TYPED = {
    "2022-07": (date(2022, 7, 1), date(2022, 7, 31), "month"),
    "April 2019": (date(2019, 4, 1), date(2019, 4, 30), "month"),
    "10-11 April 2018": (date(2018, 4, 10), date(2018, 4, 11), "day"),
    "30 April - 1 May 2018": (date(2018, 4, 30), date(2018, 5, 1), "day"),
    "2019": (date(2019, 1, 1), date(2019, 12, 31), "year"),
    "Tuesday 28 November 2023": (date(2023, 11, 28), date(2023, 11, 28), "day"),
    "2018-04-10": (date(2018, 4, 10), date(2018, 4, 10), "day"),
    "28/03/2023": (date(2023, 3, 28), date(2023, 3, 28), "day"),
    "October–November 2019": (date(2019, 10, 1), date(2019, 11, 30), "month"),
}


@pytest.mark.once
@pytest.mark.parametrize("typed", TYPED)
def test_a_date_typed_as_printed_fills_days_and_precision(desk, typed):
    first, last, precision = TYPED[typed]
    desk.saved(page_url(Meeting, "add"), title="A meeting", start_date=typed)
    meeting = Meeting.objects.get()
    assert (meeting.start_date, meeting.end_date, meeting.date_precision) == (
        first,
        last,
        precision,
    )
    desk.saved(page_url(Paper, "add"), title="A paper", date=typed)
    paper = Paper.objects.get()
    assert (paper.date, paper.date_precision) == (first, precision)
    # What is stored stands in the form, and saving it changes nothing.
    desk.saved(change_url(meeting), city="Vienna")
    meeting.refresh_from_db()
    assert (meeting.start_date, meeting.end_date, meeting.date_precision) == (
        first,
        last,
        precision,
    )


@pytest.mark.once
@pytest.mark.parametrize("typed", ["soon", "31 June 2019", "2019-13", "10 or 11 April", "\x00"])
def test_what_is_no_date_is_told_with_what_would_be_one(desk, typed):
    response = desk.refused(page_url(Meeting, "add"), title="A meeting", start_date=typed)
    assert errors_in(response).keys() == {"start_date"}
    assert values_in(response)[0]["title"] == "A meeting"
    if typed != "\x00":
        assert "10–11 April 2018, April 2019 or 2019" in str(errors_in(response))
    response = desk.refused(
        page_url(Meeting, "add"), title="A meeting", registration_deadline="April 2019"
    )
    assert "Give one day" in str(errors_in(response)["registration_deadline"])


@pytest.mark.once
def test_a_day_typed_over_a_month_is_a_day_and_an_emptied_date_has_no_precision(desk):
    desk.saved(page_url(Meeting, "add"), title="A meeting", start_date="April 2019")
    meeting, paper = Meeting.objects.get(), None
    desk.saved(change_url(meeting), start_date="2019-04-15", end_date="2019-04-16")
    meeting.refresh_from_db()
    assert (meeting.date_precision, meeting.dates) == ("day", "15–16 April 2019")
    desk.saved(change_url(meeting), start_date="", end_date="")
    meeting.refresh_from_db()
    assert (meeting.start_date, meeting.dates) == (None, "")
    desk.saved(page_url(Paper, "add"), title="A paper", date="2019")
    paper = Paper.objects.get()
    desk.saved(change_url(paper), date="")
    paper.refresh_from_db()
    assert (paper.date, paper.date_precision) == (None, "")


@pytest.fixture
def july(empty_db):
    """A meeting of which the source names the month alone."""
    return make(
        Meeting,
        "A meeting of July",
        [make_theme()],
        start_date=date(2019, 7, 1),
        end_date=date(2019, 7, 31),
        date_precision="month",
    )


@pytest.mark.once
def test_a_meeting_of_a_month_is_one_in_every_format(july, client):
    page = client.get(july.get_absolute_url())
    assert "July 2019" in text_of(page)
    assert "1–31 July" not in text_of(page)
    (row,) = read_csv(client.get("/meetings.csv"))
    assert (row["start_date"], row["end_date"]) == ("2019-07", "2019-07")
    assert row["date_precision"] == "month"
    said = client.get(july.get_absolute_url().rstrip("/") + ".jsonld").json()
    assert (said["startDate"], said["endDate"]) == ("2019-07", "2019-07")
    told = client.get(f"/api/v1/meetings/{july.slug}/").json()
    assert (told["start_date"], told["date_precision"]) == ("2019-07-01", "month")
    assert "2019-07\n" in content_of(client.get("/meetings.bib")).decode().replace("},", "\n")
    assert "July 2019, Meeting: A meeting of July" in client.get("/timeline/").content.decode()


@pytest.mark.once
def test_a_calendar_holds_no_days_that_nobody_printed(july, client):
    assert "BEGIN:VEVENT" not in content_of(client.get("/meetings.ics?when=past")).decode()
    assert ".ics" not in client.get(july.get_absolute_url()).content.decode().partition("<main")[2]
    assert client.get(july.get_absolute_url().rstrip("/") + ".ics").status_code == 404


def test_a_month_is_upcoming_until_it_is_over(july):
    Meeting.objects.update(start_date=date(2199, 7, 1), end_date=date(2199, 7, 31))
    assert "upcoming" in text_of(Client().get(july.get_absolute_url()))


@pytest.mark.once
def test_what_goes_out_as_a_month_comes_back_as_one(july, client):
    (row,) = read_csv(client.get("/meetings.csv"))
    assert row["start_date"] == "2019-07"
