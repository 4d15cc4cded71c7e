"""A check that finds what was known already is no change of any page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from entries.links import checking
from entries.links.health import LinkCheck
from entries.links.models import Link
from lessons.models import Lesson
from records import content


def in_a_week(way):
    week = timedelta(days=8)
    LinkCheck.objects.update(
        due=F("due") - week, answered=F("answered") - week, failed=F("failed") - week
    )
    before = content.version()
    assert checking.check_next(way)
    return content.version() != before


@pytest.mark.django_db(transaction=True)
def test_only_a_check_that_changes_the_state_changes_the_content(
    transactional_db, server, way, at_once
):
    lesson = Lesson.objects.filter(links=None).first()
    before = lesson.updated
    Link.objects.all().delete()
    server.moods |= {"/": 200, "/b": 200}
    Link.objects.create(url="http://site.example/", lesson=lesson)
    checking.follow_links()
    assert in_a_week(way)  # not checked until now
    assert not any(in_a_week(way) for _week in range(3))
    server.moods["/"] = (301, {"Location": "/b"})
    assert in_a_week(way)
    server.moods["/"] = 404
    assert [in_a_week(way) for _week in range(4)] == [False, False, True, False]
    lesson.refresh_from_db()
    assert lesson.updated == before


@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_looks_through_no_links_until_one_is_new(transactional_db, server, way):
    while checking.follow_links():
        pass
    later = F("due") + timedelta(days=1)
    LinkCheck.objects.update(due=later)
    assert checking.check_next(way) is None
    with CaptureQueriesContext(connection) as asked:
        assert checking.check_next(way) is None
    assert not [each for each in asked if 'FROM "entries_link"' in each["sql"]]
    assert len(asked) <= 6
    lesson = Lesson.objects.filter(links=None).first()
    Link.objects.create(url="http://site.example/new", lesson=lesson)
    server.moods["/new"] = 200
    assert "site.example/new" in checking.check_next(way)
