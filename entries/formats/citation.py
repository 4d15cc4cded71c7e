"""How an entry is cited: one class for each type of citation, of which every format writes the same.

A kind names its class as `citation_class`; what a kind alone knows stands in its app's
`citations.py`.
"""

from functools import cache, lru_cache

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.text import capfirst

from entries.formats.text import is_person, one_line, unsplit
from records.addresses import address
from records.metadata import part_of_portal
from records.moments import day_here, here
from records.words import date_format, gettext
from records.words import gettext as _

MOST_CITED = 1000  # sources, and pages of them, that a file keeps at hand


class Citing:
    """Who asks for citations: made once for a file, it cites the source of many entries once."""

    def __init__(self, request):
        self.root = request.build_absolute_uri("/")[:-1]
        self.cited = lru_cache(MOST_CITED)(lambda source: source.citation_class(source, self))
        self.notes = {}
        # All of a file is in one language: its words are looked up once.
        self.gettext, self.date_format = cache(gettext), cache(date_format)
        self.called = cache(lambda kind: kind.called)

    def build_absolute_uri(self, path):
        """Of a page of the portal."""
        return f"{self.root}{path}"


def iso(moment):
    """A moment as machines read it; empty for none."""
    return here(moment).isoformat(timespec="seconds") if moment else ""


def media_type(url):
    return "application/pdf" if url.lower().endswith(".pdf") else ""


class Citation:
    """What is said of an entry where it is cited. Expects an entry as `for_display` brings it."""

    # What it is to RIS, to BibTeX, to Zotero's reading of a page, and to schema.org.
    ris_type = bibtex_type = zotero_type = schema_type = ""
    # What it stands in: a website, a conference.
    container = ""
    publisher = ""
    place = ""
    date = ""  # ISO 8601, no more precise than it is known
    date_text = ""

    def __init__(self, entry, request):
        self.entry = entry
        self.asked = request if isinstance(request, Citing) else Citing(request)
        self.absolute = self.asked.build_absolute_uri
        self.address = self.absolute(entry.get_absolute_url())
        self.portal = self.asked.gettext("RAN Mental Health knowledge portal")

    def __str__(self):
        """The citation as a sentence, to be pasted where no reference manager is."""
        raise NotImplementedError

    @property
    def note(self):
        """The citation in a note to what is said in full above it."""
        return str(self)

    # --- What every format has a field for

    @property
    def key(self):
        """Unique in the portal, and as lasting as the address."""
        return f"{self.entry.kind}-{self.entry.slug}"

    @property
    def title(self):
        return self.entry.heading

    @property
    def genre(self):
        """What it is called in a list of references: lesson, issue paper …"""
        return self.asked.called(self.entry.kind)

    @cached_property
    def authors(self):
        """The names, each as it is printed; a person's as 'Doe, Jane'."""
        return []

    @property
    def language(self):
        return self.entry.content_language

    @property
    def abstract(self):
        return self.entry.text

    @property
    def keywords(self):
        return [tag.name for tag in self.entry.tags_in_order]

    @property
    def urls(self):
        """Where to find it, the best address first."""
        return [self.address]

    @property
    def pdfs(self):
        return [url for url in self.entry.documents if media_type(url)]

    @property
    def slashed_date(self):
        """The date at its precision, as indexes of papers read it: 2019/04."""
        return self.date.replace("-", "/")

    @property
    def notes(self):
        """What the formats have no field for, as sentences."""
        return []

    @property
    def bibtex_fields(self):
        """The fields of BibTeX that this type of citation has beside those of all."""
        return {}

    # --- In the head of a page

    @property
    def meta_authors(self):
        """A comma after the name of an organisation keeps readers from taking it for a person's."""
        return [name if is_person(name) else f"{unsplit(name)}," for name in self.authors]

    @property
    def meta_keywords(self):
        return [unsplit(tag) for tag in self.keywords]

    @property
    def meta_fields(self):
        """The tags that this type of citation has beside those of all."""
        return {}

    # --- What several types say

    @property
    def worded(self):
        return self.asked.date_format(self.worded_on, "j F Y")

    @cached_property
    def worded_on(self):
        return day_here(self.entry.cited_on)

    @cached_property
    def source(self):
        """The citation of the paper it was taken from; None for what is its own source."""
        source = self.entry.public_source
        if source is None or source == self.entry:
            return None
        return self.asked.cited(source)

    @property
    def provenance(self):
        """The source in a few words: its title, and the page in it."""
        return (
            ", ".join(filter(None, [self.source.title, self.entry.page_cited]))
            if self.source
            else ""
        )

    # --- schema.org

    def schema_properties(self):
        """What schema.org knows of it, empty values included."""
        return {
            "description": self.abstract,
            "inLanguage": self.language,
            "keywords": self.keywords,
        }

    def schema_reference(self):
        """It as another thing names it."""
        return {
            "@type": self.schema_type,
            "@id": self.address,
            "name": self.title,
            "author": self.schema_organisations(),
            "datePublished": self.date,
        }

    def schema_organisations(self):
        """Who is behind it: the groups as read, where they are pages of their own."""
        return [{"@type": "Organization", "name": name} for name in self.authors]

    def schema_documents(self):
        return [
            {"@type": "MediaObject", "contentUrl": url, "encodingFormat": media_type(url)}
            for url in self.entry.documents
        ]

    def schema_portal(self):
        return {"@type": "Organization", "@id": self.absolute(address("home")), "name": self.portal}


class RecordCitation(Citation):
    """What the portal says in its own words: it is the author, and restates a source."""

    ris_type = "ELEC"
    bibtex_type = "online"
    zotero_type = "webpage"
    schema_type = "CreativeWork"

    def __str__(self):
        said = _("%(portal)s: %(title)s (%(genre)s, %(date)s)") % {
            "portal": self.portal,
            "title": self.title.rstrip(". "),
            "genre": self.genre,
            "date": self.worded,
        }
        return one_line(f"{', '.join([said, *self.restating])}. {self.address}")

    @property
    def note(self):
        """All of the citation but what the note stands below: the statement, and whose wording it is."""
        said = _("%(genre)s, wording of %(date)s") % {
            "genre": capfirst(self.genre),
            "date": self.worded,
        }
        return one_line(f"{', '.join([said, *self.restating])}. {self.address}")

    @property
    def restating(self):
        return [_("restating %(source)s") % {"source": self.restated}] if self.source else []

    @property
    def container(self):
        return self.portal

    @property
    def authors(self):
        return [self.portal]

    @cached_property
    def date(self):
        """The day of this wording in the portal."""
        return self.worded_on.isoformat()

    @property
    def date_text(self):
        return self.worded

    @cached_property
    def restated(self):
        """The source with its own authors and date, and the page."""
        return ", ".join(filter(None, [self.source.with_date, self.entry.page_cited]))

    @property
    def notes(self):
        """Made once for all that is restated from the same page."""
        notes = self.asked.notes
        page = self.source and self.source.entry.pk, self.entry.source_page
        if page not in notes:
            if len(notes) == MOST_CITED:
                notes.clear()
            wording = _("The wording is the portal’s own.")
            restates = (
                [_("Restates %(source)s.") % {"source": self.restated}] if self.source else []
            )
            notes[page] = [*restates, wording, *licence_notes()]
        return notes[page]

    @property
    def bibtex_fields(self):
        return {"organization": self.portal, "type": capfirst(self.genre)}

    def schema_properties(self):
        return super().schema_properties() | {
            "creator": self.schema_portal(),
            "datePublished": iso(self.entry.first_published),
            "dateModified": iso(self.entry.cited_on),
            "isPartOf": part_of_portal(self.asked),
            "isBasedOn": self.source.schema_reference() if self.source else {},
            "citation": self.provenance,
            "license": licence_address(),
        }


class StatementCitation(RecordCitation):
    """A text without a title: it is cited whole."""

    @property
    def title(self):
        return self.entry.text


class PrintedCitation(Citation):
    """A meeting or paper itself, with its own authors and date; of the portal's are its words on it."""

    def __str__(self):
        names = "; ".join(self.authors)
        said = _("%(title)s (%(genre)s, %(date)s)") % {
            "title": self.title,
            "genre": self.genre,
            "date": self.date_text or _("n.d."),
        }
        head = f"{names}: {said}" if names else said
        publisher = [self.publisher] if self.publisher and self.publisher not in names else []
        described = _("Described in %(portal)s, %(address)s, in the wording of %(date)s.") % {
            "portal": self.portal,
            "address": self.address,
            "date": self.worded,
        }
        return one_line(f"{', '.join([head, *publisher])}. {described}")

    @property
    def authors(self):
        return [*self.own_authors, *self.groups_as_printed]

    @cached_property
    def with_date(self):
        """Its authors, title and date."""
        names = "; ".join(self.authors)
        head = f"{names}: {self.title}" if names else self.title
        date = self.date_text or _("n.d.")
        return f"{head} ({date})"

    @property
    def own_authors(self):
        return []

    @property
    def groups_as_printed(self):
        """The groups as printed, else as read."""
        printed = self.entry.groups_as_printed
        return [printed] if printed else [str(group) for group in self.entry.related("groups")]

    @property
    def notes(self):
        described = _("Described at %(address)s, in the wording of %(date)s.") % {
            "address": self.address,
            "date": self.worded,
        }
        known_from = _("Known to the portal from %(source)s.") % {"source": self.provenance}
        summary = _("The abstract is the portal’s own wording.") if self.abstract else ""
        return [
            *([known_from] if self.provenance else []),
            described,
            *([summary] if summary else []),
            *licence_notes(),
        ]

    def schema_organisations(self):
        groups = [
            {
                "@type": "Organization",
                "@id": self.absolute(group.get_absolute_url()),
                "name": group.name,
            }
            for group in self.entry.related("groups")
        ]
        printed = [] if groups else self.groups_as_printed
        own = [{"@type": schema_author(name), "name": name} for name in self.own_authors]
        return [*own, *({"@type": "Organization", "name": name} for name in printed), *groups]

    def schema_subject_of(self):
        """What speaks of it: the paper that names it."""
        return self.source.schema_reference() if self.source else {}


def schema_author(name):
    return "Person" if is_person(name) else "Organization"


def licence_notes():
    """The licence of the portal's own wordings, where whoever runs the portal states one."""
    licence = settings.CONTENT_LICENCE
    return [_("Licence of the wording: %(licence)s.") % {"licence": licence}] if licence else []


def licence_address():
    licence = settings.CONTENT_LICENCE
    return f"https://spdx.org/licenses/{licence}.html" if licence else ""
