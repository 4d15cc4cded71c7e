"""The list and the page that every kind has."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from entries.formats.base import offered_formats, present_address, with_query
from entries.formats.jsonld import described_entry, described_list
from entries.formats.signposts import files_of, signposts
from entries.glossary.models import Term
from entries.places import Mark, Places, Row
from entries.sets import sets_of
from entries.workflow.models import LoggedTransition
from entries.workflow.views import ReviewedPage
from records.addresses import address
from records.memory import at_hand, remembered
from records.models import Record
from records.views import RecordDetail
from themes.models import Absence, Theme


class RememberedPages(Paginator):
    """The pages of a list whose order is remembered by keys: any of them is found as the first is."""

    def __init__(self, queryset, per_page, keys, **kwargs):
        self.order = keys
        super().__init__(queryset, per_page, **kwargs)

    @cached_property
    def count(self):
        return len(self.order)

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.order[first : first + self.per_page])
        return self._get_page(self.object_list.model.objects.listed(keys), number, self)


class EntryList(FilterView):
    """The published entries of a kind, narrowed by its FilterSet, 20 a page."""

    paginate_by = 20
    at_once = 500  # of a list as a whole, which is how it is printed
    compared_at = ""  # the page where entries stand side by side: those of such a kind are cards
    template_name = "entries/entry_list.html"

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.filterset_class)
        if moved := present_address(request, self.filterset):
            return moved
        self.object_list = self.filterset.queryset  # its pages are found by keys
        return self.render_to_response(self.get_context_data(filter=self.filterset))

    def get_queryset(self):
        return self.model.objects.published().for_list()

    def get_paginator(self, queryset, per_page, **kwargs):
        return RememberedPages(queryset, per_page, keys=self.filterset.keys, **kwargs)

    def get_paginate_by(self, queryset):
        return self.at_once if self.filterset.is_whole else self.paginate_by

    def paginate_queryset(self, queryset, page_size):
        if self.filterset.is_whole:
            self.kwargs[self.page_kwarg] = 1
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
        context["address"] = self.address(context["page_obj"].number)
        context["absences"] = self.absences()
        context["brief_me"] = self.brief_me(context["page_obj"])
        context["whole"] = self.filterset.is_whole
        context["sources"] = {
            entry.public_source: None for entry in context["page_obj"] if entry.public_source
        }
        context["pages"] = context["paginator"].get_elided_page_range(context["page_obj"].number)
        context["described"] = described_list(
            self.request, self.filterset, context["page_obj"], context["sentence"]
        )
        return context

    def address(self, number):
        """Of what is shown, in full. Without parameters that mean nothing: the page is everyone's."""
        page = "all" if self.filterset.is_whole else number
        pages = [f"{self.page_kwarg}={page}"] if page != 1 else []
        query = "&".join(filter(None, [self.filterset.query(), *pages]))
        return self.request.build_absolute_uri(with_query(self.request.path, query))

    def brief_me(self, entries):
        """The address of a briefing that holds what a page lists."""
        chosen = "&".join(f"e={self.model.kind.path}/{entry.slug}" for entry in entries)
        return f"{address('briefing')}?{chosen}"

    def absences(self):
        """What the sources say is missing of the kind in the chosen themes."""
        chosen = {*self.filterset.chosen.get("theme", [])}
        return [
            absence
            for absence in (Absence.objects.all_told() if chosen else ())
            if absence.kind == self.model.kind
            and not chosen.isdisjoint(above.slug for above in absence.theme.lineage)
        ]


def letter_about(citation):
    """The address of a letter to who runs the portal, about an entry; empty where nobody is named."""
    if not settings.CONTACT_EMAIL:
        return ""
    written = {
        "subject": _("Something wrong: %(title)s") % {"title": citation.entry.heading},
        "body": _("Entry: %(address)s\nWhat is wrong, and where it says otherwise:\n\n")
        % {"address": citation.address},
    }
    return f"mailto:{settings.CONTACT_EMAIL}?{urlencode(written, quote_via=quote)}"


@dataclass
class Chain:
    """Where an entry comes from."""

    paper: Record
    meeting: Record | None
    certainty: str
    documents: list


@dataclass
class Place:
    """What stands where an entry is first filed, its own mark and what is beside it there."""

    theme: Theme
    row: Row
    mark: Mark | None = None
    previous: Mark | None = None
    next: Mark | None = None


class EntryDetail(ReviewedPage, RecordDetail):
    """The page of an entry. One that is not public is there for staff only."""

    context_object_name = "entry"

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).for_page()

    def get_object(self, queryset=None):
        # Where anything is remembered, everyone is answered alike.
        entry = self.model.objects.on_page(self.kwargs["slug"]) if at_hand() else None
        return entry or super().get_object(queryset)

    def get_context_data(self, **kwargs):
        citation = self.object.citation_class(self.object, self.request)
        return super().get_context_data(
            **kwargs,
            citation=citation,
            files=files_of(self.object),
            wrong=letter_about(citation),
            described=described_entry(citation),
            chain=self.chain(),
            place=self.place(),
            nearest=self.nearest(),
            terms=Term.objects.in_text(self.object.text),
            changes=LoggedTransition.objects.told_of(self.object),
        )

    def nearest(self):
        """The three nearest; entries that share all tags and themes have the same about them."""
        entry = self.object
        sets = sets_of(type(entry))
        if sets is None:
            return [other for other in entry.near()[:4] if other != entry][:3]
        shared, beside = (
            [having.get(each.slug, 0) for each in entry.related(name)]
            for name in ("tags", "themes")
            for having in [sets.having(f"{name}__slug")]
        )
        keys = sets.nearest(shared, reduce(or_, beside, 0), 4)
        return type(entry).objects.mentioned([key for key in keys if key != entry.pk][:3])

    def chain(self):
        """Where the entry comes from: its paper, the meeting that the paper reports, its documents."""
        source = self.object.public_source
        if source is None or source == self.object:
            return None
        meeting = source.meeting if source.meeting and source.meeting.is_public else None
        meeting = None if meeting == self.object else meeting
        documents = meeting.documents if meeting else []
        return Chain(source, meeting, source.meeting_certainty, documents)

    def place(self):
        """What stands where the entry is first filed, and what is beside it there."""
        first = next(iter(self.object.related("themes")), None)
        tree = Theme.objects.told_tree()
        theme = next((each for each in tree if each == first), None)
        if theme is None:  # filed nowhere, or under a theme that came after the tree was read
            return None
        row = remembered(
            ("place", theme.pk), lambda: Places([theme]).drawn([theme])[0], weight=200_000
        )
        cell = next(cell for cell in row.cells if cell.kind == self.model.kind)
        at = next((n for n, mark in enumerate(cell.marks) if mark.entry == self.object), None)
        if at is None:
            return Place(theme, row)
        beside = [None, *cell.marks, None]
        return Place(theme, row, cell.marks[at], previous=beside[at], next=beside[at + 2])

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response["Link"] = signposts(context["citation"])
        return response
