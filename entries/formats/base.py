"""The formats a list is taken away in. Each writes the queryset of the list's FilterSet."""

from dataclasses import dataclass
from threading import Lock

from django.core.exceptions import BadRequest
from django.http import (
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _
from django_filters.views import BaseFilterView

from entries.workflow.views import ReviewedPage
from records.parameters import RefusesUnknown, refusal
from records.views import RecordDetail

PIECE = 100_000  # characters
LONGEST_TURN = 0.2  # seconds that a file waits for another


@dataclass(frozen=True)
class Format:
    """What a list page offers. The address of the list in it is named `<kind>-<name>`."""

    name: str
    label: str
    use: str
    content_type: str


# In the order of the page, which leaves out those that a kind has no address for.
FORMATS = [
    Format(
        "xlsx",
        "Excel",
        _("a workbook, for Excel and LibreOffice"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format("csv", "CSV", _("for scripts and statistics"), "text/csv"),
    Format("ris", "RIS", _("for Zotero or EndNote"), "application/x-research-info-systems"),
    Format("bib", "BibTeX", _("for LaTeX"), "application/x-bibtex"),
    Format("atom", "Atom", _("for a feed reader"), "application/atom+xml"),
    Format("ics", "iCal", _("for your calendar (upcoming only)"), "text/calendar"),
    Format("api", "JSON", _("for scripts"), "application/json"),
]


turn = Lock()  # of whoever writes a piece of a file


def one_at_a_time(pieces):
    """The pieces of a file, each made while no other file of the process is written on: however many
    are taken, who reads a page shares the processor with one. It does not nest.
    """
    pieces = iter(pieces)
    while True:
        is_mine = turn.acquire(timeout=LONGEST_TURN)  # not for ever, should a database be slow
        try:
            piece = next(pieces, None)
        finally:
            if is_mine:
                turn.release()
        if piece is None:
            return
        yield piece


def in_pieces(chunks):
    """The text of many rows at once, which costs the server less than row by row."""
    piece, length = [], 0
    for chunk in chunks:
        piece.append(chunk)
        length += len(chunk)
        if length >= PIECE:
            yield "".join(piece)
            piece, length = [], 0
    if piece:
        yield "".join(piece)


def with_query(address, query):
    return f"{address}?{query}" if query else address


def offered_formats(filterset):
    """The formats of a list, each with its address: that of the page, filters and all."""
    kind, query = filterset._meta.model.kind, filterset.query()
    offered = []
    for format_ in FORMATS:
        try:
            address = kind.url(format_.name)
        except NoReverseMatch:
            continue
        offered.append({"format": format_, "url": with_query(address, query)})
    return offered


def present_address(request, filterset):
    """A redirect where the query has former slugs or names; None where it has none."""
    query = filterset.present_query()
    if query is None:
        return None
    # Renamed back, a browser that remembers this for good would go round in circles.
    address = with_query(request.path, query)
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})


class EntryFormat(BaseFilterView):
    """A list as a file. Refuses a parameter or value it does not know, with a 400 naming it."""

    content_type = None
    extension = None
    disposition = "attachment"
    response_class = StreamingHttpResponse

    brought = "for_file"  # how the entries are

    def get_queryset(self):
        return self.model.objects.published()

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.filterset_class)
        if moved := present_address(request, self.filterset):
            return moved
        try:
            self.refuse()
        except BadRequest as error:
            return refusal(error)
        entries = self.model.objects.in_batches(self.brought, self.keys())
        chunks = self.chunks(entries)
        if self.response_class is StreamingHttpResponse:
            chunks = one_at_a_time(in_pieces(chunks))
        response = self.response_class(chunks, content_type=self.content_type)
        filename = f"{self.model.kind.path}.{self.extension}"
        response["Content-Disposition"] = f'{self.disposition}; filename="{filename}"'
        return response

    def refuse(self):
        """Raise BadRequest for what cannot be written as it was asked for."""
        self.filterset.refuse_unreadable()

    def keys(self):
        """Of what the file holds: the entries of the page with the same query, in their order."""
        return self.filterset.keys

    def chunks(self, entries):
        """Yield the file piece by piece."""
        raise NotImplementedError


class EntryFile(RefusesUnknown, ReviewedPage, RecordDetail):
    """One entry as a file, for whoever may open its page, and moved as the page moves."""

    content_type = None
    extension = None

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).for_display()

    def render_to_response(self, context):
        filename = f"{self.object.slug}.{self.extension}"
        return HttpResponse(
            self.chunks([self.object]),
            content_type=self.content_type,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )

    def chunks(self, entries):
        """Yield the file piece by piece, as the format of a list does."""
        raise NotImplementedError
