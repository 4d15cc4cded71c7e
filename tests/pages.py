"""Answers read as a visitor reads them: pages, the text of an element, CSV."""

import csv
import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import chain
from xml.etree import ElementTree
from zipfile import ZipFile

VOID = {"br", "col", "hr", "img", "input", "link", "meta"}


class TreeReader(HTMLParser):
    """Builds the tree of a page; an element left open, or closed out of turn, is an error."""

    def __init__(self):
        super().__init__()
        self.builder = ElementTree.TreeBuilder()

    def handle_starttag(self, tag, attrs):
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.builder.end(tag)

    def handle_data(self, data):
        self.builder.data(data)


def text_of(shown):
    """What an element says, or the whole page of a response; its white space evened out."""
    if isinstance(shown, ElementTree.Element):
        return " ".join("".join(shown.itertext()).split())
    page = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", shown.content.decode(), flags=re.S)
    return " ".join(unescape(page).split())


class Page:
    """A page as read by whoever asked for it."""

    def __init__(self, response):
        assert response["Content-Type"] == "text/html; charset=utf-8"
        reader = TreeReader()
        reader.feed(response.content.decode().removeprefix("<!doctype html>").strip())
        self.root = reader.builder.close()
        self.main = self.root.find(".//main")

    @property
    def title(self):
        return text_of(self.root.find(".//title"))

    @property
    def headings(self):
        return [text_of(heading) for heading in self.root.iter("h1")]

    @property
    def text(self):
        """What the page says between header and footer."""
        return text_of(self.main)

    def texts(self, path):
        """The texts of all elements of the main part that an XPath finds."""
        return [text_of(element) for element in self.main.findall(path)]

    def links(self, path="."):
        """{text: address} of the links in the elements of the main part that an XPath finds."""
        found = chain.from_iterable(element.iter("a") for element in self.main.findall(path))
        return {text_of(link): link.get("href") for link in found}

    def metas(self, name):
        """What the head says under a name, in its order."""
        metas = self.root.findall(f".//meta[@name='{name}']")
        return [meta.get("content") for meta in metas]

    def section(self, heading):
        """The section under the heading, or None."""
        for section in self.main.iter("section"):
            if any(text_of(element) == heading for element in section.findall("h2")):
                return section
        return None

    def part(self, kind):
        """The part of a theme's page about a kind."""
        path = f".//section[@id='{kind.path}']"
        return self.main.find(path)

    @property
    def entries(self):
        """The addresses of the entries that the page lists, in its order."""
        listed = [
            article
            for article in self.main.iter("article")
            if article.get("class", "").startswith("listed")
        ]
        return [each.find(".//a").get("href") for each in listed]

    @property
    def sentence(self):
        return self.texts(".//p[@class='sentence']")[0]

    @property
    def chips(self):
        chips = self.links(".//ul[@class='chips']")
        return {text.removesuffix(" ×"): address for text, address in chips.items()}

    @property
    def facets(self):
        """{facet: {option: (count, address)}} as the page offers them."""
        facets = {}
        for section in self.main.findall(".//section[@class='facet']"):
            options = facets[text_of(section.find("h2"))] = {}
            for link in section.iter("a"):
                label, count = (text_of(span) for span in link.iter("span"))
                options[label] = (int(count), link.get("href").removesuffix("#facets"))
        return facets

    @property
    def facts(self):
        """{label: value} of the facts on an entry's page."""
        facts = self.main.findall(".//div[@class='fact']")
        return {text_of(fact.find("dt")): text_of(fact.find("dd")) for fact in facts}

    @property
    def silent_on(self):
        """What the sources are said to leave unsaid of an entry."""
        lines = self.texts(".//p[@class='silent-on small']")
        return lines[0].partition(": ")[2].removesuffix(".").split(", ") if lines else []


def open_page(client, address, status=200, **query):
    response = client.get(address, query)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return Page(response)


def listed(client, address):
    """The addresses of all entries of a list, read page by page as its links lead on."""
    entries, seen = [], set()
    while address:
        page = Page(client.get(address))
        entries += page.entries
        seen.add(address)
        further = page.main.findall(".//nav[@class='pages']/a")
        path = address.partition("?")[0]
        current = next((n for n, a in enumerate(further) if a.get("aria-current")), len(further))
        address = next((path + a.get("href") for a in further[current + 1 :]), None)
        assert address not in seen
    return entries


def content_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def said_in(response):
    """All text of an answer: of a spreadsheet or a document too, which are zipped."""
    return text_in(content_of(response))


def text_in(content):
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def read_csv(response):
    """The rows of a CSV as {header: cell}; the headers stand in `fieldnames` of the reader."""
    assert response.status_code == 200
    return csv.DictReader(StringIO(content_of(response).decode("utf-8-sig"), newline=""))
