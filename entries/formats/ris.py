"""Citations as RIS, which Zotero, EndNote and their kin read."""

import rispy

from entries.formats.base import EntryFile
from entries.formats.citation import TYPES, Citation, CitedList, one_line, tag_names


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
