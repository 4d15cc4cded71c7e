"""The map's second view: themes crossed with countries, what of each kind is filed where."""

from collections import defaultdict

from django.db.models import Count, F

from entries.models import Country
from ranportal.charts.countries import kinds_with


class Crossing:
    """A row for each theme that something of a country is filed under, a column for each country."""

    def __init__(self, tree):
        self.counts = defaultdict(lambda: defaultdict(dict))
        for kind in kinds_with("countries"):
            entries = kind.model.objects.published().order_by()
            filed = entries.annotate(theme=F("themes"), country=F("countries"))
            filed = filed.filter(theme__isnull=False, country__isnull=False)
            for theme, country, count in filed.values_list("theme", "country").annotate(
                Count("pk", distinct=True)
            ):
                self.counts[theme][country][kind] = count
        codes = {code for row in self.counts.values() for code in row}
        self.countries = list(Country.objects.filter(code__in=codes))
        self.rows = [self.row(theme) for theme in tree if theme.pk in self.counts]

    def row(self, theme):
        filed = self.counts[theme.pk]
        cells = [
            {"country": country, "counts": filed.get(country.code, {}).items()}
            for country in self.countries
        ]
        return {"theme": theme, "cells": cells}
