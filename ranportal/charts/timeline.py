"""When the meetings were and the papers are from: a row for each year, a column for each month.

A date is shown as precisely as it is known: a mark carries the day, none where only the month
is known, and stands in a column of its own where only the year is.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

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
    dated: list

    @property
    def count(self):
        return len(self.dated)

    @property
    def marks(self):
        if self.count > MOST_MARKS:
            return []
        return [Mark(one.entry, one.day, PITCH * place) for place, one in enumerate(self.dated)]

    @property
    def width(self):
        return PITCH * self.count - 4


class Timeline:
    """Every year from the first to the last, those of which nothing is known among them."""

    def __init__(self):
        self.kinds = [model.kind for model in kinds() if model.dated_by]
        self.months = [*(str(MONTHS_3[number]) for number in range(1, 13)), _("year only")]
        self.undated, self.more_undated = [], 0
        self.by_year = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        self.total = sum(self.sort(kind) for kind in self.kinds)
        years = sorted(self.by_year, reverse=True)
        span = range(years[0], years[-1] - 1, -1) if years else ()
        self.rows = [self.row(year, self.by_year.get(year, {})) for year in span]

    def sort(self, kind):
        """Put each entry of the kind into its month, or to those without a date; how many have one."""
        number = 0
        for entry in kind.model.objects.published().order_by(kind.model.dated_by, "pk"):
            if not entry.iso_date:
                if len(self.undated) < MOST_UNDATED:
                    self.undated.append(entry)
                else:
                    self.more_undated += 1
                continue
            dated = Dated(entry, entry.iso_date)
            self.by_year[dated.year][dated.month][kind].append(dated)
            number += 1
        return number

    def row(self, year, months):
        """A year: what falls into each month, and how many of each kind in all."""
        cells = [
            {"month": name, "moments": self.moments(months.get(number, {}))}
            for number, name in zip([*range(1, 13), 0], self.months, strict=True)
        ]
        counts = [
            {"kind": kind, "count": sum(len(month.get(kind, [])) for month in months.values())}
            for kind in self.kinds
        ]
        return {"year": year, "cells": cells, "counts": counts}

    def moments(self, month):
        return [Moment(kind, month[kind]) for kind in self.kinds if month.get(kind)]
