from django.utils.translation import gettext as _

from entries.formats.base import EntryFile, EntryFormat
from entries.formats.calendar import calendar
from entries.links.models import Link
from entries.models import kinds
from entries.sets import sets_of
from entries.views import EntryDetail, EntryList
from meetings.filters import MeetingFilter, PaperFilter
from meetings.groups import WorkingGroup
from meetings.models import Meeting, Paper
from records.metadata import described
from records.views import RecordDetail

# A group's own page shows so many of each kind; the kind's list has the rest.
ENTRIES_IN_PLACE = 20


class MeetingList(EntryList):
    model = Meeting
    filterset_class = MeetingFilter


class MeetingICS(EntryFormat):
    """The upcoming meetings of a list as a calendar."""

    content_type = "text/calendar; charset=utf-8"
    extension = "ics"

    def keys(self):
        return list(self.filterset.qs.dated().upcoming().values_list("pk", flat=True))

    def chunks(self, entries):
        yield calendar(
            entries,
            self.request,
            self.filterset.identifier,
            name=_("RAN Mental Health meetings"),
            gone=self.gone(),
        )

    def gone(self):
        """Those that whoever subscribed to the same list may have in their calendar."""
        gone = Meeting.objects.gone().dated().upcoming()
        return self.filterset_class(self.request.GET, gone).qs


class MeetingDetail(EntryDetail):
    model = Meeting


class MeetingDetailICS(EntryFile):
    """One meeting as a calendar, upcoming or past. A draft is in nobody's calendar."""

    model = Meeting
    content_type = MeetingICS.content_type
    extension = MeetingICS.extension

    def get_queryset(self):
        return Meeting.objects.published().dated().for_display()

    def chunks(self, entries):
        yield calendar(entries, self.request, self.object.identifier)


class PaperList(EntryList):
    model = Paper
    filterset_class = PaperFilter


class PaperDetail(EntryDetail):
    model = Paper

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            taken_from=[row for row in self.taken_from() if row["count"]],
            unassigned=[
                link for link in self.object.related("links") if link.role == Link.Role.UNASSIGNED
            ],
        )

    def taken_from(self):
        """The kinds, each with how many other published entries name this paper as their source."""
        paper = self.object
        for model in kinds():
            if sets := sets_of(model):
                count = sets.having("source__slug").get(paper.slug, 0).bit_count()
            else:
                count = model.objects.published().filter(source=paper).count()
            itself = model is Paper and paper.source_id == paper.pk and paper.is_public
            yield {"kind": model.kind, "count": count - itself}


class WorkingGroupDetail(RecordDetail):
    """A working group with its history, its chairs and the first of what it met and wrote for."""

    model = WorkingGroup
    context_object_name = "group"

    def get_queryset(self):
        return WorkingGroup.objects.select_related(
            "source", "predecessor", "successor"
        ).prefetch_related("chairs__country")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            sections=[self.section(Meeting.kind), self.section(Paper.kind)],
            described=described_group(self.request, self.object),
        )

    def section(self, kind):
        entries = kind.model.objects.published().filter(groups=self.object)
        shown = [*entries.for_list()[:ENTRIES_IN_PLACE]]
        count = len(shown) if len(shown) < ENTRIES_IN_PLACE else entries.count()
        return {"kind": kind, "entries": shown, "count": count}


def described_group(request, group):
    """The group as schema.org would know it; its persons stay out."""
    return described(
        request,
        "Organization",
        group.get_absolute_url(),
        group.name,
        alternateName=group.aliases,
        description=group.description,
        foundingDate=str(group.established or ""),
    )
