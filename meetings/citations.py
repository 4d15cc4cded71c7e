"""Meetings and papers as they are cited: as themselves, with their own authors and dates."""

from django.utils.text import capfirst

from entries.formats.calendar import moments
from entries.formats.citation import PrintedCitation, iso
from records.models import Certainty
from records.words import gettext as _


class MeetingCitation(PrintedCitation):
    # What reference managers have that is nearest to a meeting.
    ris_type = "CONF"
    bibtex_type = "conference"
    zotero_type = "conferencePaper"
    schema_type = "Event"

    @property
    def genre(self):
        return self.entry.type_name or super().genre

    @property
    def container(self):
        return capfirst(self.genre)

    @property
    def own_authors(self):
        return self.entry.organisers

    @property
    def date(self):
        return self.entry.iso_date

    @property
    def date_text(self):
        return self.entry.dates

    @property
    def place(self):
        return ", ".join(
            filter(None, [self.entry.city, *map(str, self.entry.related("countries"))])
        )

    @property
    def urls(self):
        return [self.address, *self.entry.documents]

    @property
    def notes(self):
        """The days too, of which the formats hold the first only."""
        held = [_("Held: %(days)s.") % {"days": self.date_text}] if self.date_text else []
        return [*held, *super().notes]

    @property
    def bibtex_fields(self):
        days = "/".join(
            dict.fromkeys(filter(None, [self.entry.iso_date, self.entry.iso_last_date]))
        )
        return {"booktitle": self.container, "eventtitle": self.container, "eventdate": days}

    @property
    def meta_fields(self):
        return {"citation_conference_title": self.container}

    def schema_properties(self):
        """The days, with the hours where it is known on which clock they are."""
        meeting = self.entry
        location = {
            "@type": "Place",
            "name": meeting.venue or self.place,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": meeting.city,
                "addressCountry": [country.code for country in meeting.related("countries")],
            },
        }
        start, end = moments(meeting)
        return super().schema_properties() | {
            "organizer": self.schema_organisations(),
            "startDate": start.isoformat() if start else self.date,
            "endDate": end.isoformat() if end else meeting.iso_last_date or self.date,
            "location": location if self.place or meeting.venue else None,
            "subjectOf": [self.schema_subject_of(), *self.schema_documents()],
        }

    def schema_reference(self):
        return {
            "@type": self.schema_type,
            "@id": self.address,
            "name": self.title,
            "organizer": self.schema_organisations(),
            "startDate": self.date,
        }


class PaperCitation(PrintedCitation):
    """A document: the address of its own file comes before that of the portal's page on it."""

    ris_type = "RPRT"
    bibtex_type = "techreport"
    zotero_type = "report"
    schema_type = "Report"

    @property
    def genre(self):
        return self.entry.type_name or super().genre

    @property
    def own_authors(self):
        return self.entry.authors

    @property
    def publisher(self):
        return self.entry.publisher

    @property
    def language(self):
        return self.entry.language

    @property
    def date(self):
        return "" if self.entry.event_days else self.entry.iso_date

    @property
    def date_text(self):
        return self.entry.date_text

    @property
    def urls(self):
        return [*self.entry.documents, self.address]

    @property
    def notes(self):
        event = _("Reports an event of %(days)s; no other date is printed.")
        dated = [event % {"days": self.entry.event_days}] if self.entry.event_days else []
        return [*dated, *super().notes]

    @property
    def bibtex_fields(self):
        return {
            "institution": self.publisher,
            "type": capfirst(self.genre),
            "eventdate": self.entry.iso_date if self.entry.event_days else "",
        }

    @property
    def meta_fields(self):
        return {"citation_technical_report_institution": self.publisher}

    def schema_properties(self):
        return super().schema_properties() | {
            "author": self.schema_organisations(),
            "publisher": {"@type": "Organization", "name": self.publisher},
            "datePublished": self.date,
            "sdDatePublished": iso(self.entry.updated),
            "encoding": self.schema_documents(),
            "subjectOf": self.schema_subject_of(),
            "recordedAt": self.schema_event(),
        }

    def schema_event(self):
        """The meeting it surely reports; else what it says of the days of one."""
        meeting = self.entry.meeting
        if meeting and meeting.is_public and self.entry.meeting_certainty == Certainty.CERTAIN:
            address = self.absolute(meeting.get_absolute_url())
            start = meeting.iso_date
            return {"@type": "Event", "@id": address, "name": meeting.title, "startDate": start}
        days = self.entry.iso_date if self.entry.event_days else ""
        return {"@type": "Event", "startDate": days}


class BookCitation(PaperCitation):
    """A handbook."""

    ris_type = "BOOK"
    bibtex_type = "book"
    zotero_type = "book"
    schema_type = "Book"

    @property
    def meta_fields(self):
        return {"citation_publisher": self.publisher}

    @property
    def bibtex_fields(self):
        fields = super().bibtex_fields
        return {"publisher": fields.pop("institution")} | fields


class WebPageCitation(PaperCitation):
    ris_type = "ELEC"
    bibtex_type = "online"
    zotero_type = "webpage"
    schema_type = "WebPage"

    @property
    def container(self):
        return self.publisher

    @property
    def meta_fields(self):
        return {"citation_publisher": self.publisher}

    @property
    def bibtex_fields(self):
        fields = super().bibtex_fields
        return {"organization": fields.pop("institution")} | fields
