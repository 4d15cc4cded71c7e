"""What describes an entry beside its page, and the links in the header of HTTP that lead there."""

from dataclasses import dataclass

from django.utils.encoding import iri_to_uri

from entries.formats.bibtex import BibTeXFile
from entries.formats.citation import licence_address, media_type
from entries.formats.jsonld import JSONLDFile
from entries.formats.ris import RISFile

# What describes an entry, each at the address of its page with the extension for the slash.
ENTRY_FILES = (RISFile, BibTeXFile, JSONLDFile)


@dataclass(frozen=True)
class Described:
    """A file that describes an entry."""

    label: str
    content_type: str
    url: str


def files_of(entry):
    return [
        Described(
            file.label,
            file.content_type.partition(";")[0],
            entry.kind.url(f"detail-{file.extension}", entry.slug),
        )
        for file in ENTRY_FILES
    ]


def signposts(citation):
    """The links that lead machines from the page of an entry (signposting.org, FAIR, level 1)."""
    absolute, entry = citation.absolute, citation.entry
    schema = "https://schema.org/"
    authors = [each["@id"] for each in citation.schema_organisations() if "@id" in each]
    links = [
        (citation.address, "cite-as", ""),
        (f"{schema}AboutPage", "type", ""),
        (f"{schema}{citation.schema_type}", "type", ""),
        *((address, "author", "") for address in authors),
        *((licence, "license", "") for licence in filter(None, [licence_address()])),
        *((absolute(file.url), "describedby", file.content_type) for file in files_of(entry)),
        *((url, "item", media_type(url)) for url in entry.documents),
        (absolute(entry.kind.list_url), "collection", ""),
    ]
    return ", ".join(
        f'<{iri_to_uri(url)}>; rel="{relation}"' + (f'; type="{media}"' if media else "")
        for url, relation, media in links
    )
