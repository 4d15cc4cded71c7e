"""Lists to follow in a feed reader, written as Atom (RFC 4287)."""

import html
from functools import lru_cache
from io import StringIO
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import linebreaks
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.xmlutils import SimplerXMLGenerator

from entries.formats.base import EntryFormat, with_query
from entries.formats.citation import Citing
from entries.formats.text import printable
from records.memory import remembered


def last_change(models):
    """When an entry of these kinds last changed, left the public or was deleted: never goes back."""
    return remembered(("last change", *models), lambda: found_change(models))


def found_change(models):
    deleted = LogEntry.objects.filter(
        action_flag=DELETION, content_type__in=ContentType.objects.get_for_models(*models).values()
    ).aggregate(last=Max("action_time"))["last"]
    changed = (
        model.objects.filter(first_published__isnull=False).aggregate(last=Max("updated"))["last"]
        for model in models
    )
    return max(filter(None, [deleted, *changed]), default=None)


class Writer(SimplerXMLGenerator):
    """Writes XML that any text fits into."""

    def addQuickElement(self, name, contents=None, attrs=None):
        attrs = {key: printable(value) for key, value in (attrs or {}).items()}
        super().addQuickElement(name, contents and printable(contents), attrs)


def escaped(text):
    return escape(printable(text))


@lru_cache(maxsize=2000)
def same_escaped(text):
    """Of what many entries say alike."""
    return escaped(text)


def attribute(text):
    return quoteattr(printable(text))


same_attribute = lru_cache(maxsize=2000)(attribute)


def category(term):
    return f"<category term={same_attribute(term)}/>"


def paragraphs(text):
    """The text as HTML, and that as a text of XML. Most are a paragraph, which takes no looking for."""
    if "\n" in text or "\r" in text:
        return escaped(linebreaks(text, autoescape=True))
    return f"&lt;p&gt;{escaped(html.escape(text))}&lt;/p&gt;"


class EntryFeed(Atom1Feed):
    """A feed of entries, each written as it comes from the database, with its own dates.

    `page` is where people read the same, `query` what narrows the feed, in a fixed order.
    """

    def __init__(self, request, *, identifier, title, subtitle, page, query, updated):
        self.citing, self.absolute = Citing(request), request.build_absolute_uri
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
            feed_guid=identifier.urn,
            author_name=portal,
            feed_copyright=settings.CONTENT_LICENCE or None,
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
        yield piece.getvalue()
        for entry in entries:
            yield self.written(entry)
        yield "</feed>"

    def title(self, entry):
        return entry.heading

    def written(self, entry):
        """What the feed says of an entry. Django's writer takes ten times as long for the same."""
        citation = entry.citation_class(entry, self.citing)
        authors = citation.authors or [self.feed["author_name"]]
        summary = paragraphs(entry.text) if entry.text else ""
        return "".join(
            [
                f"<entry xml:lang={same_attribute(entry.content_language)}>",
                f"<title>{escaped(self.title(entry))}</title>",
                f'<link href={attribute(citation.address)} rel="alternate"/>',
                f"<published>{rfc3339_date(entry.first_published)}</published>",
                f"<updated>{rfc3339_date(entry.updated)}</updated>",
                *[f"<author><name>{same_escaped(name)}</name></author>" for name in authors],
                f"<id>{entry.identifier.urn}</id>",
                f'<summary type="html">{summary}</summary>' if summary else "",
                *[category(str(theme)) for theme in entry.related("themes")],
                *[category(str(tag)) for tag in entry.tags_in_order],
                "</entry>",
            ]
        )


class EntryAtom(EntryFormat):
    """A list to follow: every entry that the page lists, all of them, in its order."""

    content_type = Atom1Feed.content_type
    extension = "atom"
    disposition = "inline"

    def chunks(self, entries):
        kind, query = self.model.kind, self.filterset.query()
        chosen = ", ".join(str(chip.label) for chip in self.filterset.chips)
        plural = capfirst(kind.plural)
        feed = EntryFeed(
            self.request,
            identifier=self.filterset.identifier,
            title=f"{plural}: {chosen}" if chosen else plural,
            subtitle=gettext("%(selection)s, all of them, in the order of the list.")
            % {"selection": capfirst(self.filterset.sentence(len(self.filterset.keys)))},
            page=with_query(kind.list_url, query),
            query=query,
            updated=last_change([self.model]),
        )
        return feed.chunks(entries)
