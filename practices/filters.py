from django.utils.translation import gettext_lazy as _

from entries.facets import Facet
from entries.filters import EntryFilter, Sort, country_facet
from entries.search.functions import Normalised
from practices.models import Practice


def programme_choices(model):
    programmes = model.objects.published().exclude(programme="")
    return programmes.order_by("programme").values_list("programme", "programme").distinct()


class PracticeFilter(EntryFilter):
    country = country_facet()
    programme = Facet(
        "programme",
        label=_("Programme"),
        help_text=_("The name of a funding programme: Erasmus+."),
        phrase=_("under %s"),
        records_of="practices.practice",
        choices=programme_choices,
    )
    scope = Facet(
        "scope",
        label=_("Scope"),
        help_text=_("The scope, where the source states one."),
        phrase=_("of %s scope"),
        choices=Practice.Scope.choices,
    )
    sort = Sort(
        {
            "name": (_("Name, A to Z"), [Normalised("name")]),
            "-name": (_("Name, Z to A"), ["-name"]),
            "-updated": (_("Last changed"), ["-updated"]),
        }
    )

    class Meta:
        model = Practice
        fields = []
