"""What an entry's page says of it to machines: schema.org, and links in the header of HTTP."""

import json

from django.utils.text import capfirst
from django.utils.timezone import localtime

from entries.formats.base import EntryFile, with_query
from entries.formats.citation import Citation, tag_names
from records.metadata import described, part_of_portal
from themes.metadata import term


def described_entry(request, entry):
    """The entry in the words of schema.org, never with anyone's contact."""
    shared = {
        "description": entry.text,
        "inLanguage": entry.language,
        "about": [term(request, theme) for theme in entry.themes.all()],
        "keywords": tag_names(entry),
    }
    own = entry.schema_properties(request.build_absolute_uri)
    properties = shared | FORMS[entry.cited_as](request, entry) | own
    return described(
        request, entry.schema_type, entry.get_absolute_url(), entry.heading, **properties
    )


def entry_address(request, entry):
    return request.build_absolute_uri(entry.get_absolute_url())


def source_of(request, entry):
    source = entry.public_source
    if source is None or source == entry:
        return {}
    return {
        "@type": source.schema_type,
        "@id": entry_address(request, source),
        "name": source.title,
    }


def organisations(request, entry):
    """Who is behind the entry: the groups as read, where they are pages of their own."""
    groups = [
        {
            "@type": "Organization",
            "@id": request.build_absolute_uri(group.get_absolute_url()),
            "name": group.name,
        }
        for group in entry.working_groups
    ]
    printed = [] if groups else entry.group_names
    return [
        *({"@type": "Organization", "name": name} for name in [*entry.authors, *printed]),
        *groups,
    ]


def files(entry):
    return [
        {"@type": "MediaObject", "contentUrl": url, "encodingFormat": media_type(url)}
        for url in entry.documents
    ]


def media_type(url):
    return "application/pdf" if url.lower().endswith(".pdf") else ""


def iso(moment):
    return localtime(moment).isoformat(timespec="seconds") if moment else ""


def record(request, entry):
    """What the portal says in its own words, and what it took that from."""
    return {
        "author": organisations(request, entry),
        "datePublished": iso(entry.first_published),
        "dateModified": iso(entry.updated),
        "isPartOf": part_of_portal(request),
        "isBasedOn": source_of(request, entry),
        "citation": Citation(entry, request).source,
    }


def document(request, entry):
    """A paper itself: when the portal's record of it was changed is no date of the paper."""
    return {
        "author": organisations(request, entry),
        "publisher": {"@type": "Organization", "name": entry.publisher},
        "datePublished": entry.iso_date,
        "sdDatePublished": iso(entry.updated),
        "encoding": files(entry),
        "subjectOf": source_of(request, entry),
    }


def event(request, entry):
    return {
        "organizer": organisations(request, entry),
        "subjectOf": [source_of(request, entry), *files(entry)],
    }


FORMS = {"record": record, "report": document, "web page": document, "meeting": event}


def described_list(request, filterset, page, sentence):
    """A page of a list, under the one address that this selection has."""
    path = filterset._meta.model.kind.list_url
    number = f"page={page.number}" if page.number > 1 else ""
    query = "&".join(filter(None, [filterset.canonical_query, number]))
    items = [
        {"@type": "ListItem", "position": position, "url": entry_address(request, entry)}
        for position, entry in enumerate(page, page.start_index())
    ]
    return described(
        request,
        "CollectionPage",
        with_query(path, query),
        capfirst(sentence),
        isPartOf=part_of_portal(request),
        mainEntity={
            "@type": "ItemList",
            "numberOfItems": page.paginator.count,
            "itemListElement": items,
        },
    )


# --- Files and signposts -----------------------------------------------------------


class JSONLDFile(EntryFile):
    """An entry for a search engine, or a catalogue of data."""

    content_type = "application/ld+json"
    extension = "jsonld"
    label = "JSON-LD"

    def chunks(self, entries):
        for entry in entries:
            yield json.dumps(described_entry(self.request, entry), ensure_ascii=False, indent=1)
