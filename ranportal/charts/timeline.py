"""When the meetings were and the papers are from: a row for each year, a column for each month.

A date is shown as precisely as it is known: a mark carries the day, none where only the month
is known, and stands in a column of its own where only the year is.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from entries.combining import Combination
from entries.models import kinds
from entries.places import PITCH, Mark

MOST_MARKS = 12  # in a month; from the next one on it is a bar with the number
MOST_UNDATED = 100  # that are named


@dataclass
class Dated:
    """An entry with as much of its date as is known: '2018-07-04', '2018-07' or '2018'."""

    entry: object
    iso: str

    @property
    def year(self):
        return int(self.iso[:4])

    @property
    def month(self):
        """0 where only the year is known."""
        return int(self.iso[5:7] or 0)

    @property
    def day(self):
        return int(self.iso[8:10]) if len(self.iso) > 7 else ""


@dataclass
class Moment:
    """What of a kind falls into a month, or into a year whose month is not known."""

    kind: str
    count: int
    dated: list  # none where they are too many to be drawn

    @property
    def marks(self):
        return [Mark(one.entry, one.day, PITCH * place) for place, one in enumerate(self.dated)]

    @property
    def width(self):
        return PITCH * self.count - 4


def keys_by_month(model):
    """{(year, month): keys} of what is published, month 0 for none; and the keys of what has no date."""
    dates = model.objects.published().order_by().values_list(model.dated_by, "date_precision")
    months, undated = defaultdict(set), []
    for date, precision, keys in dates.annotate(keys=Combination("pk")):
        dated = Dated(None, model(**{model.dated_by: date, "date_precision": precision}).iso_date)
        keys = sorted(map(int, keys.split(",")))
        if dated.iso:
            months[dated.year, dated.month].update(keys)
        else:
            undated += keys
    return months, sorted(undated)


class Timeline:
    """Every year from the first to the last, those of which nothing is known among them."""

    def __init__(self):
        self.kinds = [model.kind for model in kinds() if model.dated_by]
        self.months = [*(str(MONTHS_3[number]) for number in range(1, 13)), _("year only")]
        self.undated, self.more_undated, self.total = [], 0, 0
        self.by_year = defaultdict(lambda: defaultdict(dict))
        for kind in self.kinds:
            self.sort(kind)
        years = sorted(self.by_year, reverse=True)
        span = range(years[0], years[-1] - 1, -1) if years else ()
        self.rows = [self.row(year, self.by_year.get(year, {})) for year in span]

    def sort(self, kind):
        """Put the entries of a kind into their months; only those that are named are brought."""
        months, undated = keys_by_month(kind.model)
        few = [keys for keys in months.values() if len(keys) <= MOST_MARKS]
        entries = kind.model.objects.published().order_by(kind.model.dated_by, "pk")
        named = [*chain(*few), *undated[: MOST_UNDATED - len(self.undated)]]
        drawn = {entry.pk: entry for entry in entries.filter(pk__among=named)}
        in_order = {key: place for place, key in enumerate(drawn)}
        for (year, month), keys in months.items():
            these = sorted(keys & drawn.keys(), key=in_order.get) if len(keys) <= MOST_MARKS else ()
            dated = [Dated(drawn[key], drawn[key].iso_date) for key in these]
            self.by_year[year][month][kind] = Moment(kind, len(keys), dated)
            self.total += len(keys)
        shown = [entry for entry in drawn.values() if not entry.iso_date]
        self.undated += shown
        self.more_undated += len(undated) - len(shown)

    def row(self, year, months):
        """A year: what falls into each month, and how many of each kind in all."""
        cells = [
            {"month": name, "moments": self.moments(months.get(number, {}))}
            for number, name in zip([*range(1, 13), 0], self.months, strict=True)
        ]
        counts = [
            {
                "kind": kind,
                "count": sum(month[kind].count for month in months.values() if kind in month),
            }
            for kind in self.kinds
        ]
        return {"year": year, "cells": cells, "counts": counts}

    def moments(self, month):
        return [month[kind] for kind in self.kinds if kind in month]
