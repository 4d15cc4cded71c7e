"""The list and the page that every kind has."""

from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from entries.formats.base import offered_formats, present_address
from entries.formats.citation import Citation
from entries.formats.jsonld import described_entry, described_list
from entries.formats.signposts import files_of, signposts
from entries.models import kinds
from entries.workflow.models import LoggedTransition
from entries.workflow.views import ReviewedPage
from records.views import RecordDetail
from themes.models import Absence, Theme


class EntryList(FilterView):
    """The published entries of a kind, narrowed by its FilterSet, 20 a page."""

    paginate_by = 20
    template_name = "entries/entry_list.html"

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.filterset_class)
        if moved := present_address(request, self.filterset):
            return moved
        self.object_list = self.filterset.qs
        return self.render_to_response(self.get_context_data(filter=self.filterset))

    def get_queryset(self):
        return self.model.objects.published().for_display()

    def paginate_queryset(self, queryset, page_size):
        try:
            return super().paginate_queryset(queryset, page_size)
        except Http404 as error:
            last = self.get_paginator(queryset, page_size).num_pages
            message = _("This list has no such page: it has %(last)d in all.")
            raise Http404(message % {"last": last}) from error

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["kind"] = self.model.kind
        context["formats"] = offered_formats(self.filterset)
        context["sentence"] = self.filterset.sentence(context["paginator"].count)
        context["absences"] = self.absences()
        context["pages"] = context["paginator"].get_elided_page_range(context["page_obj"].number)
        context["described"] = described_list(
            self.request, self.filterset, context["page_obj"], context["sentence"]
        )
        return context

    def absences(self):
        """What the sources say is missing of the kind in the chosen themes."""
        chosen = Theme.objects.branch(*self.filterset.chosen.get("theme", []))
        absences = Absence.objects.filter(kind=self.model.kind, theme__in=chosen)
        return absences.select_related("theme", "meeting", "source")


class EntryDetail(ReviewedPage, RecordDetail):
    """The page of an entry. One that is not public is there for staff only."""

    context_object_name = "entry"

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            citation=Citation(self.object, self.request),
            files=files_of(self.object),
            described=described_entry(self.request, self.object),
            nearby=self.nearby(),
            changes=LoggedTransition.objects.of(self.object).public().order_by("-pk"),
        )

    def nearby(self):
        """What else is filed where the entry is first filed, as counts by kind."""
        theme = next(iter(self.object.themes.all()), None)
        if theme is None:
            return None
        counted = [
            {
                "kind": model.kind,
                "count": model.objects.published().in_branch(theme.slug).count(),
            }
            for model in kinds()
        ]
        return {"theme": theme, "counts": [row for row in counted if row["count"]]}

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response["Link"] = signposts(self.request, self.object)
        return response
