"""Citations as RIS, which Zotero, EndNote and their kin read."""

import rispy
from django.utils.text import capfirst

from entries.formats.base import CitedList, EntryFile
from entries.formats.text import is_person, one_line, unsplit


class RISWriter(rispy.RisWriter):
    NEWLINE = "\r\n"

    def set_header(self, count):
        return ""


def ris_fields(citation):
    return {
        "type_of_reference": citation.ris_type,
        "id": citation.key,
        "title": citation.title,
        # To Zotero this is the name of a website or of a conference, by the type.
        "secondary_title": citation.container,
        "authors": [ris_name(name) for name in citation.authors],
        "type_of_work": capfirst(citation.genre),
        "year": citation.date[:4],
        "date": ris_date(citation.date),
        "place_published": citation.place,
        "publisher": citation.publisher,
        "language": citation.language,
        "abstract": citation.abstract,
        "keywords": [unsplit(tag) for tag in citation.keywords],
        "notes": [" ".join(citation.notes)],
        "urls": citation.urls,
        "file_attachments1": citation.pdfs[0] if citation.pdfs else "",
        "database_provider": citation.portal,
    }


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
        writer = RISWriter()
        for entry in entries:
            fields = ris_fields(entry.citation_class(entry, self.request))
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
