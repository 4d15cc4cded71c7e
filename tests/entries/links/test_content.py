"""A check that finds what was known already is no change of any page."""

from datetime import timedelta

import pytest
from django.db.models import F

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
