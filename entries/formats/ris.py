"""Citations as RIS, which Zotero, EndNote and their kin read."""

from functools import lru_cache

from django.utils.text import capfirst

from entries.formats.base import EntryFile, EntryFormat
from entries.formats.citation import Citing
from entries.formats.text import is_person, one_line, unsplit

NEWLINE = "\r\n"


def ris_lines(citation):
    """The tags of RIS, each with what it holds: a text, or several for as many lines."""
    date, pdfs = citation.date, citation.pdfs
    return (
        ("TY", citation.ris_type),
        ("ID", citation.key),
        ("TI", citation.title),
        # To Zotero this is the name of a website or of a conference, by the type.
        ("T2", citation.container),
        ("AU", [ris_name(name) for name in citation.authors]),
        ("M3", capfirst(citation.genre)),
        ("PY", date[:4]),
        ("DA", ris_date(date)),
        ("CY", citation.place),
        ("PB", citation.publisher),
        ("LA", citation.language),
        ("AB", citation.abstract),
        ("KW", [unsplit(tag) for tag in citation.keywords]),
        ("N1", " ".join(citation.notes)),
        ("UR", citation.urls),
        ("L1", pdfs[0] if pdfs else ""),
        ("DP", citation.portal),
    )


# What each entry has a text of its own for; of the rest, many have the same.
OWN = {"ID", "TI", "AB", "UR", "L1"}


def ris_record(citation):
    lines = []
    for tag, value in ris_lines(citation):
        written = ris_line if tag in OWN else same_line
        for text in value if type(value) is list else (value,):
            if text:
                lines.append(written(tag, text))
    return f"{''.join(lines)}ER  - {NEWLINE}{NEWLINE}"


def ris_line(tag, text):
    return f"{tag}  - {one_line(text)}{NEWLINE}"


same_line = lru_cache(maxsize=2000)(ris_line)


def ris_name(name):
    """RIS takes a comma for the end of a family name, and knows no way to say that it is not."""
    return name if is_person(name) else unsplit(name)


def ris_date(iso_date):
    """Year/month/day/, where what is not known stays empty."""
    year, month, day, *_rest = [*iso_date.split("-"), "", ""]
    return f"{year}/{month}/{day}/" if year else ""


class RIS:
    content_type = "application/x-research-info-systems; charset=utf-8"
    extension = "ris"
    label = "RIS"

    def chunks(self, entries):
        citing = Citing(self.request)
        for entry in entries:
            yield ris_record(entry.citation_class(entry, citing))


class EntryRIS(RIS, EntryFormat):
    """A list for a reference manager."""


class RISFile(RIS, EntryFile):
    """An entry for a reference manager."""
