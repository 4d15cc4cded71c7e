from django.db.models import F
from django.utils.translation import gettext_lazy as _

from entries.facets import Facet
from entries.filters import EntryFilter, Sort, country_facet
from entries.search.functions import Normalised
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from records.moments import today

FIRST_YEAR = 1990  # older than anything the portal may come to hold


def year_choices(model):
    years = range(today().year + 5, FIRST_YEAR - 1, -1)
    return [(str(year), str(year)) for year in years]


def group_facet():
    return Facet(
        "groups__slug",
        label=_("Group"),
        help_text=_("The slug of a working group."),
        slugs_of="meetings.workinggroup",
        records_of="meetings.workinggroup",
        phrase=_("of %s"),
        choices=lambda model: WorkingGroup.objects.values_list("slug", "name"),
    )


class WhenFacet(Facet):
    """Tells upcoming from past meetings by today's date."""

    def filter(self, queryset, values):
        if len(values) > 1:  # over or not: known when
            return queryset.filter(end_date__isnull=False)
        return getattr(queryset, values[0])() if values else queryset

    def counts(self, queryset):
        counts = {value: getattr(queryset, value)().count() for value, label in self.choices}
        return {value: count for value, count in counts.items() if count}

    def sets(self, sets):
        meetings = self.model.objects.published().order_by()
        return {value: sets.of(value, getattr(meetings, value)()) for value, label in self.choices}


class MeetingFilter(EntryFilter):
    when = WhenFacet(
        "end_date",
        label=_("When"),
        help_text=_("Whether it is over, by today’s date."),
        phrase=_("(%s)"),
        choices=[("upcoming", _("upcoming")), ("past", _("past"))],
    )
    year = Facet(
        "start_date__year",
        label=_("Year"),
        help_text=_("The year of the first day: 2019."),
        phrase=_("in %s"),
        choices=year_choices,
        in_order=True,
    )
    group = group_facet()
    country = country_facet()
    sort = Sort(
        {
            "-date": (_("Newest first"), [F("start_date").desc(nulls_last=True)]),
            "date": (_("Oldest first"), [F("start_date").asc(nulls_last=True)]),
            "title": (_("Title, A to Z"), [Normalised("title")]),
            "-updated": (_("Last changed"), ["-updated"]),
        }
    )

    class Meta:
        model = Meeting
        fields = []


class PaperFilter(EntryFilter):
    year = Facet(
        "date__year",
        label=_("Year"),
        help_text=_("The year of its date: 2019."),
        phrase=_("of %s"),
        choices=year_choices,
        in_order=True,
    )
    type = Facet(
        "paper_type",
        label=_("Type"),
        help_text=_("The type of paper."),
        phrase=_("of the type %s"),
        choices=Paper.Type.choices,
    )
    group = group_facet()
    country = country_facet()
    former_parameters = {"kind": "type"}
    sort = Sort(
        {
            "-date": (_("Newest first"), [F("date").desc(nulls_last=True)]),
            "date": (_("Oldest first"), [F("date").asc(nulls_last=True)]),
            "title": (_("Title, A to Z"), [Normalised("title")]),
            "-updated": (_("Last changed"), ["-updated"]),
        }
    )

    class Meta:
        model = Paper
        fields = []
