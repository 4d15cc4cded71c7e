"""Citations as BibTeX."""

import re

import bibtexparser
from bibtexparser import Library
from bibtexparser.middlewares import MonthAbbreviationMiddleware
from bibtexparser.model import Entry as Block
from bibtexparser.model import Field

from entries.formats.base import EntryFile
from entries.formats.citation import TYPES, Citation, CitedList, one_line, tag_names

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
