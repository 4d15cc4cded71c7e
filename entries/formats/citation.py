"""How an entry is cited, as text and in the formats that reference managers read."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from entries.formats.base import EntryFormat, printable

# What an entry is cited as: its type in RIS and in BibTeX. Zotero makes of them a web
# page, a report and a conference paper, the nearest it has to a meeting.
TYPES = {
    "record": ("ELEC", "online"),
    "web page": ("ELEC", "online"),
    "report": ("RPRT", "techreport"),
    "meeting": ("CONF", "conference"),
}


class Citation:
    """What is said of an entry where it is cited: the portal's record, and where it is from."""

    def __init__(self, entry, request):
        self.entry = entry
        self.address = request.build_absolute_uri(entry.get_absolute_url())
        self.portal = _("RAN Mental Health knowledge portal")

    @property
    def key(self):
        """Unique in the portal, and as lasting as the address."""
        return f"{self.entry.kind}-{self.entry.slug}"

    @property
    def names(self):
        return [*self.entry.authors, *self.entry.group_names]

    @property
    def genre(self):
        return capfirst(self.entry.genre)

    @property
    def slashed_date(self):
        """The date at its precision, as indexes of papers read it: 2019/04."""
        return self.entry.iso_date.replace("-", "/")

    @property
    def pdfs(self):
        return [url for url in self.entry.documents if url.lower().endswith(".pdf")]

    @property
    def source(self):
        """The paper and page it was taken from; empty for what is its own source."""
        source = self.entry.public_source
        if source is None or source == self.entry:
            return ""
        page = self.entry.source_page
        if self.entry.page_is_number:
            page = _("p. %(page)s") % {"page": page}
        return ", ".join(filter(None, [source.title, page]))

    @property
    def last_changed(self):
        return date_format(localtime(self.entry.updated), "j F Y")

    @property
    def held(self):
        """The days of a meeting, of which the formats only hold the first."""
        return self.entry.date_text if self.entry.cited_as == "meeting" else ""

    @property
    def notes(self):
        """What the formats have no field for."""
        changed = _("Last changed in the portal: %(date)s.") % {"date": self.last_changed}
        return [
            *([_("Held: %(days)s.") % {"days": self.held}] if self.held else []),
            *([_("Source: %(source)s.") % {"source": self.source}] if self.source else []),
            changed,
            *(_("Document: %(url)s") % {"url": url} for url in self.entry.documents),
        ]

    def __str__(self):
        """The citation as a sentence, to be pasted where no reference manager is."""
        head = _("“%(title)s” (%(genre)s, %(date)s).") % {
            "title": self.entry.heading,
            "genre": self.entry.genre,
            "date": self.entry.date_text or _("n.d."),
        }
        names = "; ".join(self.names)
        tail = _("%(portal)s, %(address)s, last changed %(date)s.") % {
            "portal": self.portal,
            "address": self.address,
            "date": self.last_changed,
        }
        source = self.source and _("Source: %(source)s.") % {"source": self.source}
        return one_line(" ".join(filter(None, [f"{names}:" if names else "", head, source, tail])))


class CitedList(EntryFormat):
    def get_queryset(self):
        return self.model.objects.published().for_citation()


def one_line(text):
    """The text without what would begin a new field, or a new record."""
    return " ".join(printable(text).split())


# --- RIS ---------------------------------------------------------------------------


def tag_names(entry):
    return sorted(tag.name for tag in entry.tags.all())


# --- BibTeX ------------------------------------------------------------------------
