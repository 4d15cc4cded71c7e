"""What an entry's page says of it to machines, in the words of schema.org."""

import json

from django.utils.text import capfirst

from entries.formats.base import EntryFile, with_query
from records.metadata import described, part_of_portal
from themes.metadata import term


def described_entry(citation):
    """The entry in the words of schema.org, never with anyone's contact."""
    entry, asked = citation.entry, citation.asked
    properties = citation.schema_properties() | {
        "about": [term(asked, theme) for theme in entry.related("themes")],
    }
    return described(
        asked, citation.schema_type, entry.get_absolute_url(), citation.title, **properties
    )


def described_list(request, filterset, page, sentence):
    """A page of a list, under the one address that this selection has."""
    path = filterset._meta.model.kind.list_url
    number = f"page={page.number}" if page.number > 1 else ""
    query = "&".join(filter(None, [filterset.canonical_query, number]))
    return described(
        request,
        "CollectionPage",
        with_query(path, query),
        capfirst(sentence),
        isPartOf=part_of_portal(request),
        mainEntity=in_order(request, page, page.paginator.count, page.start_index()),
    )


def in_order(request, records, count, first=1):
    """The records of a page as schema.org lists them, `first` and so on of so many."""
    root = request.build_absolute_uri("/")[:-1]
    return {
        "@type": "ItemList",
        "numberOfItems": count,
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "url": f"{root}{record.get_absolute_url()}",
            }
            for position, record in enumerate(records, first)
        ],
    }


class JSONLDFile(EntryFile):
    """An entry for a search engine, or a catalogue of data."""

    content_type = "application/ld+json"
    extension = "jsonld"
    label = "JSON-LD"

    def chunks(self, entries):
        for entry in entries:
            described = described_entry(entry.citation_class(entry, self.request))
            yield json.dumps(described, ensure_ascii=False, indent=1)
