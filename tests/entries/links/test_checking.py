"""Checks of addresses, against a real server of many moods: what is dead, and what only seems so."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from django.utils.http import http_date

from entries.links import checking, health
from entries.links.health import MOST_ANSWERS, LinkCheck, LinkHealth, LinkHost
from entries.links.models import Link
from lessons.models import Lesson
from tests.made import make
from tests.moods import hangs_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_db")]
SITE = "http://site.example"


@pytest.fixture
def lesson(empty_db):
    return make(Lesson, "A lesson")


def linked(lesson, *urls):
    return [Link.objects.create(url=url, lesson=lesson) for url in urls]


def check(way):
    out = StringIO()
    call_command("check_links", transport=way, stdout=out)
    return out.getvalue()


def pass_days(days):
    """Everything that is known becomes older by so many days."""
    gone = timedelta(days=days)
    LinkCheck.objects.update(
        due=F("due") - gone, checked=F("checked") - gone, failed=F("failed") - gone
    )
    LinkCheck.objects.update(answered=F("answered") - gone)
    LinkHost.objects.update(free=F("free") - gone)


def state(url):
    return LinkHealth.objects.get(url=url).state


def requests(server, path):
    return [method for method, _host, asked in server.asked if asked == path]


# --- The states -------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("mood", "found", "asked"),
    [
        (200, "works", ["HEAD"]),
        (204, "works", ["HEAD"]),
        ({"HEAD": 405, "GET": 200}, "works", ["HEAD", "GET"]),
        ({"HEAD": 404, "GET": 200}, "works", ["HEAD", "GET"]),
        ({"HEAD": 500, "GET": 200}, "works", ["HEAD", "GET"]),
        ({"HEAD": hangs_up, "GET": 200}, "works", ["HEAD", "GET"]),
        (401, "refused", ["HEAD", "GET"]),
        (403, "refused", ["HEAD", "GET"]),
        (429, "refused", ["HEAD"]),
        (999, "refused", ["HEAD", "GET"]),
        (404, "unchecked", ["HEAD", "GET"]),
        (410, "unchecked", ["HEAD", "GET"]),
        (503, "unchecked", ["HEAD", "GET"]),
        (hangs_up, "unchecked", ["HEAD", "GET"]),
    ],
)
def test_one_answer_makes_an_address_work_or_refused_and_never_dead(
    lesson, server, way, at_once, mood, found, asked
):
    server.moods |= {"/x": mood, "/": 200}
    linked(lesson, f"{SITE}/x", "http://other.example/")
    check(way)
    pass_days(0.3)
    check(way)  # what seems to be away is asked again when it is known that the portal is not
    assert state(f"{SITE}/x") == found
    assert requests(server, "/x")[: len(asked)] == asked


def test_dead_is_what_fails_three_times_three_days_apart(lesson, server, way, at_once):
    server.moods["/"] = 200
    linked(lesson, "http://other.example/", f"{SITE}/gone")
    check(way)
    for _hurry in range(3):  # however often somebody asks at once
        LinkCheck.objects.update(due=timezone.now())
        check(way)
    assert (state(f"{SITE}/gone"), LinkCheck.objects.get(host="site.example").failures) == (
        "unchecked",
        1,
    )
    pass_days(3)
    check(way)
    assert state(f"{SITE}/gone") == "unchecked"
    pass_days(3)
    check(way)
    assert state(f"{SITE}/gone") == "dead"
    server.moods["/gone"] = 200
    pass_days(7)
    check(way)
    assert state(f"{SITE}/gone") == "works"
    assert LinkCheck.objects.get(host="site.example").failures == 0


def test_a_living_address_is_left_alone_for_a_week(lesson, server, way, at_once):
    server.moods["/"] = 200
    linked(lesson, f"{SITE}/")
    for days, asked in ((0, 1), (1, 1), (5.5, 1), (1, 2)):
        pass_days(days)
        check(way)
        assert len(server.asked) == asked


def test_who_is_offline_calls_nothing_dead(lesson, server, way, at_once):
    server.moods["/"] = 200
    urls = [f"{SITE}/", "http://other.example/"]
    linked(lesson, *urls)
    check(way)
    way.gone = {"site.example", "other.example"}
    for _month in range(5):
        pass_days(7)
        said = check(way)
    assert "offline" in said
    assert {state(url) for url in urls} == {"works"}
    assert set(LinkCheck.objects.values_list("failures", flat=True)) == {0}


def test_who_is_offline_asks_one_address_in_ten_minutes(lesson, server, way, at_once):
    urls = [f"http://{name}.example/" for name in "abc"]
    linked(lesson, *urls)
    server.moods["/"] = 200
    way.gone = {"a.example", "b.example", "c.example"}
    assert check(way).count("offline") == 1
    assert way.looked_up == ["a.example"]
    way.gone = {"a.example"}
    pass_days(0.01)
    check(way)
    assert [state(url) for url in urls] == ["unchecked", "works", "works"]


def test_what_was_never_reached_by_who_is_offline_stays_unchecked(lesson, way, at_once):
    linked(lesson, f"{SITE}/")
    way.gone = {"site.example"}
    for _week in range(4):
        check(way)
        pass_days(7)
    assert state(f"{SITE}/") == "unchecked"


def test_a_name_that_is_gone_is_dead_while_another_site_answers(lesson, server, way, at_once):
    server.moods["/"] = 200
    linked(lesson, f"{SITE}/", "http://other.example/")
    check(way)
    way.gone = {"site.example"}
    for _week in range(3):
        pass_days(7)
        check(way)
    assert state(f"{SITE}/") == "dead"


@pytest.mark.once
def test_what_is_not_to_be_asked_stays_unchecked_and_says_why(lesson, server, way, at_once):
    way.lead["inner.example"] = ["10.0.0.1"]
    linked(lesson, "http://inner.example/", "http://site.example:8080/")
    check(way)
    assert server.asked == []
    assert dict(LinkCheck.objects.values_list("state", "said").order_by("pk")[:1]) == {
        "unchecked": "It leads to no address of the open internet."
    }
    assert LinkCheck.objects.last().said == "Its port is none of the web’s: 8080."


# --- Redirects --------------------------------------------------------------------------


def to(location, status=301):
    return status, {"Location": location}


@pytest.mark.once
@pytest.mark.parametrize(
    ("moods", "found", "moved_to"),
    [
        ({"/a": to("/b"), "/b": 200}, "moved", f"{SITE}/b"),
        ({"/a": to("http://new.example/b", 308), "/b": 200}, "moved", "http://new.example/b"),
        ({"/a": to("/b"), "/b": to("/c"), "/c": 200}, "moved", f"{SITE}/c"),
        ({"/a": to("/b"), "/b": to("/c", 302), "/c": 200}, "moved", f"{SITE}/b"),
        ({"/a": to("/b", 302), "/b": 200}, "works", ""),  # for the moment only
        ({"/a": to("/a/"), "/a/": 200}, "works", ""),  # the same to any reader
        ({"/a": to("http://www.site.example/a"), "www.site.example/a": 200,
          "site.example/a": to("http://www.site.example/a")}, "works", ""),
        ({"/a": to("/ä b".encode().decode("latin-1")), "/%C3%A4%20b": 200}, "moved", f"{SITE}/%C3%A4%20b"),
        ({"/a": to("/b"), "/b": 403}, "refused", ""),
        ({"/a": to("/login?next=/a", 302), "/login?next=/a": 200}, "refused", ""),
        ({"/a": to("/a", 302)}, "refused", ""),  # until it is given back its cookie
        ({"/a": to("/1"), **{f"/{n}": to(f"/{n + 1}") for n in range(1, 9)}}, "refused", ""),
        ({"/a": to("/")}, "unchecked", ""),
        ({"/a": to("/en/"), "/en/": 200}, "unchecked", ""),
        ({"/a": to("/index_en"), "/index_en": 200}, "unchecked", ""),
        ({"/a": to("http://localhost:22/")}, "unchecked", ""),
        ({"/a": to("file:///etc/passwd")}, "unchecked", ""),
        ({"/a": (301, {})}, "unchecked", ""),
    ],
)  # fmt: skip
def test_redirects(lesson, server, way, at_once, moods, found, moved_to):
    server.moods |= {"/": 200, **moods}
    linked(lesson, f"{SITE}/a")
    check(way)
    health = LinkHealth.objects.get()
    assert (health.state, health.moved_to) == (found, moved_to)
    assert len(set(server.asked)) <= 12


@pytest.mark.once
def test_every_redirect_is_checked_anew(lesson, server, way, at_once):
    server.moods |= {"/a": to("http://inner.example/secret"), "/secret": 200}
    way.lead["inner.example"] = ["169.254.169.254"]
    linked(lesson, f"{SITE}/a")
    check(way)
    assert requests(server, "/secret") == []
    assert "no address of the open internet" in LinkCheck.objects.get().said


def test_many_addresses_that_end_on_one_page_have_not_moved_there(lesson, server, way, at_once):
    for name in "abcd":
        server.moods |= {f"/{name}": to(f"/sorry?page=/{name}"), f"/sorry?page=/{name}": 200}
    linked(lesson, *(f"{SITE}/{name}" for name in "abcd"))
    check(way)
    assert {state(f"{SITE}/{name}") for name in "abcd"} == {"unchecked"}
    assert [*LinkCheck.objects.values_list("failures", flat=True)] == [1] * 4
    for _week in range(2):
        pass_days(7)
        check(way)
    assert {state(f"{SITE}/{name}") for name in "abcd"} == {"dead"}
    assert "where many others end" in LinkCheck.objects.first().said


# --- Politeness -------------------------------------------------------------------------


def test_a_host_is_asked_once_a_second_and_another_meanwhile(lesson, server, way, monkeypatch):
    assert timedelta(seconds=1) == health.PAUSE
    # Or on a slow machine the second is over before another is asked.
    monkeypatch.setattr(health, "PAUSE", timedelta(hours=1))
    server.moods |= {"/1": 200, "/2": 200}
    linked(lesson, f"{SITE}/1", f"{SITE}/2", "http://other.example/1")
    while checking.check_next(way):
        pass
    assert sorted(host for _m, host, _path in server.asked) == ["other.example", "site.example"]
    before = time.monotonic()
    LinkHost.objects.update(free=timezone.now() + timedelta(seconds=1))
    check(way)
    [*_asked, (host, at)] = server.http.times
    assert (len(server.asked), host) == (3, "site.example")
    assert at - before >= 0.95, "the second was waited for"


@pytest.mark.once
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_wants_to_be_left_alone_is(lesson, server, way, at_once, status, form):
    after = "7200" if form == "seconds" else http_date(time.time() + 7200)
    server.moods |= {"/1": (status, {"Retry-After": after}), "/2": 200}
    linked(lesson, f"{SITE}/1", f"{SITE}/2")
    check(way)
    assert [path for _m, _h, path in server.asked] == ["/1"]
    pass_days(0.2)
    server.moods["/1"] = 200
    check(way)
    assert state(f"{SITE}/2") == "works"


@pytest.mark.once
def test_a_page_of_a_visitor_asks_nobody(lesson, server, client):
    linked(lesson, f"http://127.0.0.1:{server.port}/")
    page = client.get(lesson.get_absolute_url()).content.decode()
    assert "not checked yet" in page
    assert server.asked == []


# --- The table --------------------------------------------------------------------------


def test_a_run_is_bounded_and_the_next_goes_on(lesson, server, way, at_once):
    server.moods |= {f"/{n}": 200 for n in range(5)}
    linked(lesson, *(f"{SITE}/{n}" for n in range(5)))
    call_command("check_links", transport=way, most=2, stdout=StringIO())
    assert len(server.asked) == 2
    check(way)
    assert sorted(path for _m, _h, path in server.asked) == [f"/{n}" for n in range(5)]


def test_what_a_killed_worker_had_begun_is_taken_again(lesson, server, way, at_once):
    server.moods["/"] = 200
    linked(lesson, f"{SITE}/")
    checking.follow_links()
    assert checking.take_next().address == f"{SITE}/"
    check(way)  # another one has it at this moment
    assert server.asked == []
    pass_days(0.01)
    check(way)
    assert state(f"{SITE}/") == "works"


def test_a_new_link_waits_behind_no_check_that_is_due(lesson, server, way, at_once):
    server.moods |= {"/a": 200, "/b": 200, "/new": 200}
    linked(lesson, f"{SITE}/a", f"{SITE}/b")
    checking.follow_links()
    linked(lesson, f"{SITE}/new")
    assert f"{SITE}/a" in checking.check_next(way)
    assert LinkHealth.objects.filter(url=f"{SITE}/new").exists()


def test_spellings_that_no_server_tells_apart_are_one_address(lesson, server, way, at_once):
    server.moods["/a"] = 200
    urls = [f"{SITE}/a", f"{SITE}/a#part", "HTTP://SITE.example:80/a"]
    linked(lesson, *urls)
    check(way)
    assert server.asked == [("HEAD", "site.example", "/a")]
    assert [state(url) for url in urls] == ["works"] * 3


def test_the_address_of_a_link_that_is_gone_is_forgotten(lesson, server, way, at_once):
    server.moods["/a"] = 200
    (link,) = linked(lesson, f"{SITE}/a")
    check(way)
    link.delete()
    check(way)
    assert not LinkHealth.objects.exists()
    assert not LinkCheck.objects.exists()


def test_an_address_whose_link_is_removed_while_it_is_asked_stops_nothing(
    lesson, server, way, at_once
):
    (link,) = linked(lesson, f"{SITE}/a")

    def removed():
        link.delete()
        checking.follow_links()

    class Meanwhile(type(way)):
        def open(self, *where):
            removed()
            return super().open(*where)

    server.moods["/a"] = 200
    assert "no link leads there any more" in checking.check_next(Meanwhile(server))


def test_the_history_is_bounded(lesson, server, way, at_once):
    server.moods["/"] = 200
    linked(lesson, f"{SITE}/")
    checking.follow_links()
    for _time in range(MOST_ANSWERS + 5):
        LinkCheck.objects.update(due=timezone.now())
        checking.check_next(way)
    assert LinkCheck.objects.get().answers.count() == MOST_ANSWERS
