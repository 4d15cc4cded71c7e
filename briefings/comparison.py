"""Two to four practices side by side: what differs first, then what they share."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from briefings.selection import References, of_model
from entries.formats.csv import as_csv
from practices.models import Practice
from records.parameters import RefusesUnknown

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Row:
    """What the practices say in one respect: a list of lines for each; empty is not stated."""

    label: str
    cells: list
    names: list

    @property
    def pairs(self):
        """(name of the practice, its lines)."""
        return zip(self.names, self.cells, strict=True)

    @property
    def is_silent(self):
        return not any(self.cells)

    @property
    def is_shared(self):
        return all(cell == self.cells[0] for cell in self.cells)


def lines(value):
    """A value as the lines of a cell."""
    if value in (None, ""):
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


# What is compared: the label, and how a practice says it.
RESPECTS = [
    (_("Country"), lambda practice: lines([country.name for country in practice.countries.all()])),
    (_("Programme"), lambda practice: lines(practice.programme)),
    (_("Scope"), lambda practice: lines(practice.get_scope_display())),
    (_("What it does"), lambda practice: lines(practice.description)),
    (_("Organisation"), lambda practice: lines(practice.organisation)),
    (_("Type of organisation"), lambda practice: lines(practice.organisation_type)),
    (_("Target audiences"), lambda practice: lines(practice.target_audiences)),
    (_("Agencies involved"), lambda practice: lines(practice.agencies)),
    (_("Key themes"), lambda practice: lines(practice.key_themes)),
    (_("First year"), lambda practice: lines(practice.start_year)),
    (_("Last year"), lambda practice: lines(practice.end_year)),
    (_("Deliverables"), lambda practice: lines(practice.deliverables)),
    (_("Evidence and evaluation"), lambda practice: lines(practice.evidence)),
    (_("Sustainability and transferability"), lambda practice: lines(practice.sustainability)),
    (_("RAN Collection"), lambda practice: lines(practice.get_collection_status_display())),
    (
        _("Presented at"),
        lambda practice: lines([m.heading for m in practice.presented_at.all() if m.is_public]),
    ),
    (_("Filed under"), lambda practice: lines([theme.title for theme in practice.themes.all()])),
    (_("Tags"), lambda practice: lines(practice.tags_in_order)),
    (
        _("Source"),
        lambda practice: lines(
            practice.public_source
            and ", ".join(filter(None, [practice.public_source.title, practice.page_cited]))
        ),
    ),
]


class ComparisonForm(forms.Form):
    """The practices that the address names, by their slugs."""

    p = References(required=False)

    def clean_p(self):
        asked = list(dict.fromkeys(self.cleaned_data["p"]))
        if len(asked) > MOST:
            raise forms.ValidationError(
                _("Compare at most %(most)d practices: these are %(number)d."),
                params={"most": MOST, "number": len(asked)},
            )
        found = of_model(Practice, asked)
        practices = [found[slug] for slug in asked if slug in found and found[slug].is_public]
        self.unknown = [Truncator(slug).chars(60) for slug in asked if slug not in found]
        self.withdrawn = [
            found[slug] for slug in asked if slug in found and not found[slug].is_public
        ]
        return list(dict.fromkeys(practices))


class Comparison(TemplateView):
    template_name = "briefings/comparison.html"

    def get_context_data(self, **kwargs):
        form = ComparisonForm(self.request.GET)
        practices = form.cleaned_data["p"] if form.is_valid() else []
        names = [each.name for each in practices]
        rows = [Row(label, [read(each) for each in practices], names) for label, read in RESPECTS]
        enough = len(practices) >= FEWEST
        stated = [row for row in rows if not row.is_silent]
        return super().get_context_data(
            **kwargs,
            form=form,
            practices=practices,
            enough=enough,
            differing=[row for row in stated if not row.is_shared] if enough else [],
            shared=[row for row in stated if row.is_shared] if enough else [],
            silent=[row for row in rows if row.is_silent] if enough else [],
            unknown=getattr(form, "unknown", []),
            withdrawn=getattr(form, "withdrawn", []),
            offered=self.offered(practices),
            query=urlencode({"p": [each.slug for each in practices]}, doseq=True),
        )

    def offered(self, practices):
        """Practices that could be added: those filed where the first one is, else the first by name."""
        near = Practice.objects.published()
        if practices:
            near = near.filter(themes__in=practices[0].themes.all())
        near = near.exclude(pk__in=[each.pk for each in practices]).distinct()
        return near.order_by("name", "pk")[:12] if len(practices) < MOST else []

    def render_to_response(self, context, **kwargs):
        kwargs["headers"] = {"X-Robots-Tag": "noindex"}
        return super().render_to_response(context, **kwargs)


class ComparisonCSV(RefusesUnknown, Comparison):
    parameters = ("p",)

    def render_to_response(self, context, **kwargs):
        if not context["enough"]:
            return HttpResponse(
                _("Name two to four practices: ?p=…&p=…\n"),
                content_type="text/plain; charset=utf-8",
                status=400,
            )
        table = [["", *(each.name for each in context["practices"])]]
        for row in [*context["differing"], *context["shared"], *context["silent"]]:
            table.append([row.label, *("; ".join(cell) for cell in row.cells)])
        return as_csv("comparison.csv", table, **{"X-Robots-Tag": "noindex"})
