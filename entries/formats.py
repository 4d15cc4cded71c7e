"""The formats a list is taken away in. Each writes the queryset of the list's FilterSet."""

import csv
import re
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django_filters.views import BaseFilterView

from entries.gone import GoneEntries
from themes.views import RecordDetail

# What a spreadsheet takes for the start of a formula (OWASP, 'CSV Injection'), also behind
# the spaces and quotes that some skip.
FORMULA = re.compile(r"[\s\"]*[=+\-@＝＋－＠]|[\t\r\n]")
ROWS_AT_ONCE = 500

# What neither XML nor a calendar may hold; it comes with text pasted from elsewhere.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def printable(text):
    """The text with a space for every character that a file cannot hold."""
    return UNPRINTABLE.sub(" ", text)


@dataclass(frozen=True)
class Format:
    """What a list page offers. The address of the list in it is named `<kind>-<name>`."""

    name: str
    label: str
    use: str
    content_type: str


# In the order of the page, which leaves out those that a kind has no address for.
FORMATS = [
    Format("csv", "CSV", _("for Excel"), "text/csv"),
    Format("ris", "RIS", _("for Zotero or EndNote"), "application/x-research-info-systems"),
    Format("bib", "BibTeX", _("for LaTeX"), "application/x-bibtex"),
    Format("atom", "Atom", _("for a feed reader"), "application/atom+xml"),
    Format("ics", "iCal", _("for your calendar (upcoming only)"), "text/calendar"),
    Format("api", "JSON", _("for scripts"), "application/json"),
]


def with_query(address, query):
    return f"{address}?{query}" if query else address


def offered_formats(filterset):
    """The formats of a list, each with its address: that of the page, filters and all."""
    kind, query = filterset._meta.model._meta.model_name, filterset.query()
    offered = []
    for format_ in FORMATS:
        try:
            address = reverse(f"{kind}-{format_.name}")
        except NoReverseMatch:
            continue
        offered.append({"format": format_, "url": with_query(address, query)})
    return offered


def refusal(error):
    """The answer to a request for a file that asks for what the portal does not know."""
    return HttpResponseBadRequest(f"{error}\n", content_type="text/plain; charset=utf-8")


class EntryFormat(BaseFilterView):
    """A list as a file. Refuses a parameter or value it does not know, with a 400 naming it."""

    content_type = None
    extension = None
    disposition = "attachment"

    def get_queryset(self):
        return self.model.objects.published().for_display()

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.filterset_class)
        try:
            self.filterset.refuse_unreadable()
        except BadRequest as error:
            return refusal(error)
        response = StreamingHttpResponse(
            self.chunks(self.entries().iterator(ROWS_AT_ONCE)), content_type=self.content_type
        )
        plural = f"{self.model._meta.model_name}s"
        filename = f"{plural}.{self.extension}"
        response["Content-Disposition"] = f'{self.disposition}; filename="{filename}"'
        return response

    def entries(self):
        """What the file holds: the entries of the page with the same query, in their order."""
        return self.filterset.qs

    def chunks(self, entries):
        """Yield the file piece by piece."""
        raise NotImplementedError


class EntryFile(GoneEntries, RecordDetail):
    """One entry as a file, for whoever may open its page, and moved as the page moves."""

    content_type = None
    extension = None

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).for_citation()

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


class Echo:
    """A file whose `write` gives the line back, for the csv module to stream."""

    def write(self, line):
        return line


def neutralised(cell):
    """The cell as text that no spreadsheet runs as a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def joined(values):
    return "; ".join(str(value) for value in values)


# The columns that several kinds share: each a header and how an entry fills the cell.
SHARED_COLUMNS = {
    "country_codes": lambda entry: joined(country.code for country in entry.countries.all()),
    "countries": lambda entry: joined(entry.countries.all()),
    "groups": lambda entry: joined(entry.groups.all()),
    "themes": lambda entry: joined(theme.path for theme in entry.themes.all()),
    "tags": lambda entry: joined(sorted(tag.name for tag in entry.tags.all())),
    "source": lambda entry: entry.public_source.title if entry.public_source else "",
    "links": lambda entry: joined(link.url for link in entry.links.all()),
}


class EntryCSV(EntryFormat):
    """A list as CSV. `columns` names its header; `own_columns` gives cells that no other kind has.

    A column is a shared one, one of `own_columns`, or else a field of the model.
    """

    content_type = "text/csv; charset=utf-8"
    extension = "csv"
    columns = ()
    own_columns = {}

    def cell(self, column, entry):
        if column == "url":
            return self.request.build_absolute_uri(entry.get_absolute_url())
        reader = self.own_columns.get(column) or SHARED_COLUMNS.get(column)
        return reader(entry) if reader else getattr(entry, column)

    def chunks(self, entries):
        writer = csv.writer(Echo())
        # The mark tells a spreadsheet that the file is UTF-8.
        yield "\ufeff" + writer.writerow(self.columns)
        for entry in entries:
            yield writer.writerow([neutralised(self.cell(name, entry)) for name in self.columns])
