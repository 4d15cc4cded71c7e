"""Where practices are and meetings were: Europe as tiles, other countries beside it."""

from collections import defaultdict

from django.db.models import Count

from entries.models import Country, kinds

# Column and row of each country on a map of tiles, laid out by hand: neighbours stay near.
TILES = {
    "IS": (1, 1), "NO": (5, 1), "SE": (6, 1), "FI": (7, 1),
    "IE": (1, 2), "GB": (2, 2), "DK": (5, 2), "EE": (7, 2),
    "BE": (3, 3), "NL": (4, 3), "DE": (5, 3), "PL": (6, 3), "LV": (7, 3),
    "FR": (2, 4), "LU": (3, 4), "CZ": (5, 4), "SK": (6, 4), "LT": (7, 4), "UA": (8, 4),
    "CH": (4, 5), "AT": (5, 5), "HU": (6, 5), "RO": (7, 5), "MD": (8, 5),
    "PT": (1, 6), "ES": (2, 6), "IT": (4, 6), "SI": (5, 6), "HR": (6, 6), "RS": (7, 6), "BG": (8, 6),
    "BA": (6, 7), "ME": (7, 7), "MK": (8, 7), "TR": (9, 7),
    "MT": (4, 8), "AL": (7, 8), "GR": (8, 8), "CY": (9, 8),
}  # fmt: skip


def kinds_with(relation):
    """The kinds that have a relation of this name."""
    return [
        model.kind
        for model in kinds()
        if relation in {each.name for each in model._meta.many_to_many}
    ]


class Countries:
    """Each country with how many entries of each kind that names countries it has."""

    def __init__(self):
        self.kinds = kinds_with("countries")
        self.counts = defaultdict(dict)
        for kind in self.kinds:
            rows = kind.model.objects.published().order_by().filter(countries__isnull=False)
            for code, count in rows.values_list("countries").annotate(Count("pk")):
                self.counts[code][kind] = count
        codes = {*self.counts, *TILES}
        rows = [self.row(each) for each in Country.objects.filter(code__in=codes)]
        # Those that anything is known of, by name; and those on the map of tiles.
        self.rows = [row for row in rows if row["country"].code in self.counts]
        self.tiles = [row for row in rows if row["tile"]]

    def row(self, country):
        counts = self.counts.get(country.code, {})
        cells = [{"kind": kind, "count": counts.get(kind, 0)} for kind in self.kinds]
        return {"country": country, "cells": cells, "tile": TILES.get(country.code)}
