"""Many moments at once are what each of them would be by itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from records.moments import on_clocks, with_zone

pytestmark = pytest.mark.once

BRUSSELS = ZoneInfo("Europe/Brussels")
# Around the hour that comes twice and the one that never comes, before clocks knew either, and
# before 1970.
AUTUMN = datetime(2026, 10, 24, 22, 59, 59, 999_999, UTC)
SPRING = datetime(2026, 3, 28, 23, 0, 0, 1, UTC)
MOMENTS = [
    *(first + timedelta(minutes=20 * number) for first in (AUTUMN, SPRING) for number in range(12)),
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(1914, 5, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 1, UTC),
]


def test_clocks_show_the_same_of_many_moments_as_of_one():
    shown = [moment.astimezone(BRUSSELS).replace(tzinfo=None) for moment in MOMENTS]
    assert on_clocks([*MOMENTS, None], BRUSSELS) == [*shown, None]


@pytest.mark.parametrize("zone", [UTC, BRUSSELS])
def test_many_moments_are_given_a_zone_as_one_is(zone):
    bare = [moment.replace(tzinfo=None) for moment in MOMENTS]
    zoned = with_zone([*bare, None], zone)
    assert zoned == [*(moment.replace(tzinfo=zone) for moment in bare), None]
    assert {moment.tzinfo for moment in zoned[:-1]} == {zone}
