"""Lists to follow in a feed reader, written as Atom (RFC 4287)."""

from io import StringIO

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.xmlutils import SimplerXMLGenerator

from entries.formats.base import EntryFormat, with_query
from entries.formats.text import printable


class Writer(SimplerXMLGenerator):
    """Writes XML that any text fits into."""

    def addQuickElement(self, name, contents=None, attrs=None):
        attrs = {key: printable(value) for key, value in (attrs or {}).items()}
        super().addQuickElement(name, contents and printable(contents), attrs)


class EntryFeed(Atom1Feed):
    """A feed of entries, each written as it comes from the database, with its own dates.

    `page` is where people read the same, `query` what narrows the feed, in a fixed order.
    """

    def __init__(self, request, *, title, subtitle, page, query, updated):
        self.absolute = request.build_absolute_uri
        self.updated = updated or timezone.now()  # a feed has a date even without an entry
        address = self.absolute(with_query(request.path, query))
        portal = gettext("RAN Mental Health knowledge portal")
        super().__init__(
            title=f"{title} – {portal}",
            subtitle=subtitle,
            link=self.absolute(page),
            description=None,
            language=get_language(),
            feed_url=address,
            feed_guid=address,
            author_name=portal,
        )

    def latest_post_date(self):
        return self.updated

    def chunks(self, entries):
        """Yield the feed piece by piece."""
        piece = StringIO()
        xml = Writer(piece, "utf-8", short_empty_elements=True)
        xml.startDocument()
        xml.startElement("feed", self.root_attributes())
        self.add_root_elements(xml)
        for entry in entries:
            self.add_item(**self.item(entry))
            self.write_items(xml)
            self.items.clear()
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
        xml.endElement("feed")
        yield piece.getvalue()

    def item(self, entry):
        """What the feed says of an entry."""
        address = self.absolute(entry.get_absolute_url())
        groups = entry.public_source.groups.all() if entry.public_source else ()
        return {
            "title": entry.heading,
            "link": address,
            "unique_id": address,
            "description": linebreaks(entry.text, autoescape=True) if entry.text else None,
            "pubdate": entry.first_published,
            "updateddate": entry.updated,
            "author_name": ", ".join(map(str, groups)) or self.feed["author_name"],
            "categories": [*map(str, entry.themes.all()), *map(str, entry.tags.all())],
            "language": entry.content_language,
        }

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}


class EntryAtom(EntryFormat):
    """A list to follow: every entry that the page lists, all of them, in its order."""

    content_type = Atom1Feed.content_type
    extension = "atom"
    disposition = "inline"

    def get_queryset(self):
        return super().get_queryset().prefetch_related("source__groups")

    def chunks(self, entries):
        kind, query = self.model.kind, self.filterset.query()
        whole = self.filterset.qs.aggregate(count=Count("pk"), updated=Max("updated"))
        chosen = ", ".join(str(chip.label) for chip in self.filterset.chips)
        plural = capfirst(kind.plural)
        feed = EntryFeed(
            self.request,
            title=f"{plural}: {chosen}" if chosen else plural,
            subtitle=gettext("%(selection)s, all of them, in the order of the list.")
            % {"selection": capfirst(self.filterset.sentence(whole["count"]))},
            page=with_query(kind.list_url, query),
            query=query,
            updated=whole["updated"],
        )
        return feed.chunks(entries)
