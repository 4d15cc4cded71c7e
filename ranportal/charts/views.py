"""The pages of the pictures, each with its table."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from entries.formats.csv import as_csv
from entries.places import Map
from ranportal.charts.countries import Countries
from ranportal.charts.crossing import Crossing
from ranportal.charts.timeline import Timeline
from records.metadata import described, part_of_portal
from records.parameters import RefusesUnknown


class Chart(TemplateView):
    """A page of a picture, described to machines as the table that it is."""

    name = description = ""
    read_parameters = ()

    def get_context_data(self, **kwargs):
        own = described(
            self.request,
            "Dataset",
            reverse(self.request.resolver_match.url_name),
            self.name,
            description=str(self.description),
            isPartOf=part_of_portal(self.request),
        )
        return super().get_context_data(**kwargs, described=own)


class MapPage(Chart):
    """The map of what is known, the same in numbers, and crossed with countries."""

    template_name = "charts/map.html"
    name = gettext_lazy("The map of what is known")
    description = gettext_lazy(
        "How many entries of each kind each theme holds, and what is missing."
    )

    def get_context_data(self, **kwargs):
        known = Map()
        return super().get_context_data(
            **kwargs,
            map=known,
            blanks=known.blanks(),
            unfiled=known.unfiled(),
            crossing=Crossing(known.themes),
        )


class MapCSV(RefusesUnknown, View):
    """The map's table, and why what is blank is blank."""

    def get(self, request):
        known = Map()
        plurals = [str(kind.plural) for kind in known.by_kind]
        blanks = [f"{name}: blank" for name in plurals]
        table = [["number", "theme", "url", *plurals, "all", *blanks]]
        for row in known.shown:
            address = request.build_absolute_uri(row.theme.get_absolute_url())
            counts = [*(cell.count for cell in row.cells), row.count]
            why = [blank(cell) if row.is_place else "" for cell in row.cells]
            table.append([row.theme.number, row.theme.path, address, *counts, *why])
        return as_csv("map.csv", table)


def blank(cell):
    """Why the cell holds nothing, in words."""
    if cell.count:
        return ""
    if cell.absence:
        return _("the source says none: %(text)s") % {"text": cell.absence.text}
    if cell.elsewhere:
        return _("%(count)d filed elsewhere under “%(tag)s”") % cell.elsewhere
    return _("none filed")


class TimelinePage(Chart):
    template_name = "charts/timeline.html"
    name = gettext_lazy("Timeline")
    description = gettext_lazy(
        "When the meetings were held and the papers written, by year and month."
    )

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, timeline=Timeline())


class CountriesPage(Chart):
    template_name = "charts/countries.html"
    name = gettext_lazy("Countries")
    description = gettext_lazy("How many practices, meetings and papers name each country.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, countries=Countries())
