"""How an entry is cited, as text and in the formats that reference managers read."""

import re

import bibtexparser
import rispy
from bibtexparser import Library
from bibtexparser.middlewares import MonthAbbreviationMiddleware
from bibtexparser.model import Entry as Block
from bibtexparser.model import Field
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from entries.formats import EntryFile, EntryFormat, printable

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


class RISWriter(rispy.RisWriter):
    NEWLINE = "\r\n"

    def set_header(self, count):
        return ""


def ris_fields(citation):
    entry = citation.entry
    return {
        "type_of_reference": TYPES[entry.cited_as][0],
        "id": citation.key,
        "title": entry.heading,
        # To Zotero this is the name of a website or of a conference, by the type.
        "secondary_title": {"record": citation.portal, "meeting": citation.genre}.get(
            entry.cited_as
        ),
        "authors": citation.names,
        "type_of_work": citation.genre,
        "year": entry.iso_date[:4],
        "date": ris_date(entry.iso_date, citation.held),
        "place_published": entry.place,
        "publisher": entry.publisher,
        "language": entry.language,
        "abstract": entry.text,
        "keywords": tag_names(entry),
        "notes": [" ".join(citation.notes)],
        "urls": [citation.address],
        "database_provider": citation.portal,
    }


def ris_date(iso_date, more=""):
    """Year/month/day/more, where what is not known stays empty."""
    year, month, day, *_rest = [*iso_date.split("-"), "", ""]
    return f"{year}/{month}/{day}/{more}" if year else ""


def tag_names(entry):
    return sorted(tag.name for tag in entry.tags.all())


class RIS:
    content_type = "application/x-research-info-systems; charset=utf-8"
    extension = "ris"
    label = "RIS"

    def chunks(self, entries):
        writer = RISWriter()
        for entry in entries:
            fields = ris_fields(Citation(entry, self.request))
            lines = {
                name: [one_line(line) for line in value]
                if isinstance(value, list)
                else one_line(value)
                for name, value in fields.items()
                if value
            }
            yield writer.formats([lines]) + writer.NEWLINE


class EntryRIS(RIS, CitedList):
    """A list for a reference manager."""


class RISFile(RIS, EntryFile):
    """An entry for a reference manager."""


# --- BibTeX ------------------------------------------------------------------------

# Written as Zotero writes them, so that it reads them back; UTF-8 is left as it is.
LATEX = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_{}"}
    | {
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
    }
)
# Where LaTeX would draw two marks together into one: -- into a dash, ?` into ¿.
LIGATURE = re.compile(r"(?<=([-'`]))(?=\1)|(?<=[?!])(?=`)")


def latex(text):
    return LIGATURE.sub("{}", one_line(text).translate(LATEX))


def bibtex_names(entry):
    """Names in braces are not taken apart; an author written 'Doe, Jane' is a person."""
    authors = [latex(name) if "," in name else f"{{{latex(name)}}}" for name in entry.authors]
    return " and ".join([*authors, *(f"{{{latex(name)}}}" for name in entry.group_names)])


def bibtex_fields(citation):
    """The fields of the citation, as LaTeX; the date last, since Zotero takes the last it meets."""
    entry = citation.entry
    year, month = entry.iso_date[:4], entry.iso_date[5:7]
    own = {
        "record": {"organization": citation.portal, "type": citation.genre},
        "web page": {"organization": entry.publisher, "type": citation.genre},
        "report": {"institution": entry.publisher, "type": citation.genre},
        "meeting": {"booktitle": citation.genre, "eventtitle": entry.heading},
    }[entry.cited_as]
    texts = {
        "title": entry.heading,
        **own,
        "address": entry.place,
        "language": entry.language,
        "abstract": entry.text,
        "keywords": ", ".join(tag_names(entry)),
        "note": " ".join(citation.notes),
    }
    fields = {
        "author": bibtex_names(entry),
        **{name: latex(text) for name, text in texts.items()},
        "url": citation.address,
        "year": year,
        "month": month,
        "date": entry.iso_date,
    }
    return {name: value for name, value in fields.items() if value}


class BibTeX:
    content_type = "application/x-bibtex; charset=utf-8"
    extension = "bib"
    label = "BibTeX"

    def chunks(self, entries):
        # The name of a month is a macro, which each style writes in its own way.
        months = MonthAbbreviationMiddleware()
        for entry in entries:
            citation = Citation(entry, self.request)
            fields = [Field(name, value) for name, value in bibtex_fields(citation).items()]
            library = Library([Block(TYPES[entry.cited_as][1], citation.key, fields)])
            yield bibtexparser.write_string(library, prepend_middleware=[months]) + "\n"


class EntryBibTeX(BibTeX, CitedList):
    """A list for LaTeX."""


class BibTeXFile(BibTeX, EntryFile):
    """An entry for LaTeX."""
