"""Web pages, by lxml: headings, lists, definitions, tables; menus and foot are furniture."""

import re
from urllib.parse import urljoin

from lxml import html

from imports.formats import block as roles
from imports.formats import marks, tables
from imports.formats.block import Block, Document, Unreadable
from imports.formats.structured import addresses_apart
from imports.formats.text import decode

BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}
UNSEEN = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "iframe",
    "object",
    "select",
    "option",
}
MENUS = {"nav", "header", "footer", "aside"}
MENU_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
# What sites that know no such tags call the same, as a word of an id or a class.
MENU_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|navbar|menu|breadcrumbs?|footer|globan|social|social-media|share|sharing"
    r"|cookies?|cookie-consent|skip|skip-?link|language-?(?:list|selector)|pager)(?:$|[\s_-])",
    re.IGNORECASE,
)


def read(data, name=""):
    try:
        charset = re.search(rb"charset=[\"']?([\w-]+)", data[:3000])
        text = data.decode(charset[1].decode(), errors="replace") if charset else decode(data)[0]
    except LookupError:
        text = decode(data)[0]
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.document_fromstring(
            text, parser=html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except Exception as error:
        raise Unreadable("The page holds nothing that can be read.") from error
    base = root.xpath("string(//link[@rel='canonical']/@href)") or root.xpath(
        "string(//meta[@property='og:url']/@content)"
    )
    reader = Reader(base)
    body = root.find("body")
    reader.walk(body if body is not None else root, False)
    reader.flush()
    if not any(block.text.strip() for block in reader.blocks):
        raise Unreadable("The page holds no text. Was it saved before it was shown?")
    return Document(
        "html",
        addresses_apart(reader.blocks),
        title=root.xpath("normalize-space(string(//h1))"),
        language=(root.get("lang") or "")[:2].lower(),
        address=base,
    )


def _signed(text):
    """The items of a list that was typed line by line; [] of anything else."""
    lines = text.split("\n")
    signs = [marks.bullet(line) for line in lines]
    first = next((number for number, sign in enumerate(signs) if sign), None)
    if first is None or sum(map(bool, signs)) < 2:
        return []
    head = "\n".join(lines[:first])
    found = [Block(head, None)] if head else []
    for line, sign in list(zip(lines, signs, strict=True))[first:]:
        if sign:
            found.append(Block(line, None, roles.BULLET, 1, marker=sign))
        else:
            found[-1].text += f"\n{line}"
    return found


class Reader:
    def __init__(self, base):
        self.base, self.blocks = base, []
        self.text, self.links = "", []
        self.role, self.level, self.menu = roles.PARAGRAPH, 0, False

    def flush(self):
        lines = [re.sub(r"[ \t\r\f]+", " ", line).strip() for line in self.text.split("\n")]
        text = "\n".join(line for line in lines if line)
        if text:
            role = roles.FURNITURE if self.menu else self.role
            parts = _signed(text) if role == roles.PARAGRAPH else []
            if parts and not self.links:
                self.blocks += parts
                self.text = ""
                return
            block = Block(
                text,
                None,
                role,
                self.level if role in (roles.BULLET, roles.HEADING) else 0,
                links=self.links,
            )
            if role == roles.PARAGRAPH and (sign := marks.bullet(text)):
                block.role, block.marker, block.level = roles.BULLET, sign, 1
            elif role == roles.PARAGRAPH and roles.URL.fullmatch(text):
                block.role = roles.ADDRESS
            self.blocks.append(block)
            if self.role == roles.BULLET:
                self.role = roles.PARAGRAPH  # a second paragraph of the same item
        self.text, self.links = "", []

    def walk(self, node, menu):
        tag = node.tag if isinstance(node.tag, str) else ""
        if (
            not tag
            or tag in UNSEEN
            or node.get("hidden") is not None
            or re.search(r"display\s*:\s*none", node.get("style") or "")
        ):
            self._tail(node)
            return
        if tag == "table" and len(node.xpath(".//tr")) and not node.xpath(".//table"):
            self.flush()
            self._table(node, menu)
        elif tag in BLOCKS:
            self._block(
                node,
                tag,
                menu
                or (tag in MENUS and not self._is_content(node))
                or self._is_called_menu(node)
                or node.get("role") in MENU_ROLES,
            )
        else:
            if tag == "br":
                self.text += "\n"
            self._inline(node, tag, menu)
        self._tail(node)

    @staticmethod
    def _is_content(node):
        """A header inside the article holds its title."""
        return node.tag in ("header", "aside") and any(
            a.tag in ("main", "article") for a in node.iterancestors()
        )

    @staticmethod
    def _is_called_menu(node):
        """By its name, unless it holds most of what the page says."""
        named = MENU_NAMES.search(node.get("id") or "") or MENU_NAMES.search(
            node.get("class") or ""
        )
        return bool(named) and len(node.text_content()) < 1500 and not node.xpath(".//h1")

    def _tail(self, node):
        if node.tail:
            self.text += re.sub(r"\s+", " ", node.tail)

    def _block(self, node, tag, menu):
        self.flush()
        before = self.role, self.level, self.menu
        self.menu = menu
        if re.fullmatch(r"h[1-6]", tag):
            self.role, self.level = roles.HEADING, int(tag[1])
        elif tag == "li":
            self.role = roles.BULLET
            self.level = sum(a.tag in ("ul", "ol", "menu") for a in node.iterancestors())
        elif tag == "dt":
            self.role = roles.LABEL
        elif tag in ("dd", "p", "td", "th", "blockquote", "dl") and self.role != roles.BULLET:
            self.role = roles.PARAGRAPH
        self._children(node, menu)
        self.flush()
        self.role, self.level, self.menu = before
        if tag == "li":
            self.role = before[0]

    def _inline(self, node, tag, menu):
        start = len(self.text)
        self._children(node, menu)
        if tag == "a" and (href := (node.get("href") or "").strip()):
            address = urljoin(self.base, href) if self.base else href
            if address.startswith(("http://", "https://")) and href[:1] != "#":
                self.links.append((address, " ".join(self.text[start:].split())))
        if tag == "img" and (node.get("alt") or "").strip():
            self.text += f" {node.get('alt').strip()} "

    def _children(self, node, menu):
        if node.text:
            self.text += re.sub(r"\s+", " ", node.text) if node.tag != "pre" else node.text
        for child in node:
            self.walk(child, menu)

    def _table(self, node, menu):
        rows = []
        for row in node.iter("tr"):
            cells = []
            for cell in row:
                if cell.tag in ("td", "th"):
                    inner = Reader(self.base)
                    inner.menu = menu
                    inner._children(cell, menu)
                    inner.flush()
                    cells.append(inner.blocks)
            rows.append(cells)
        texts = [[" ".join(b.text for b in cell) for cell in row] for row in rows]
        form = tables.is_form([(row[0], " ".join(row[1:])) for row in texts if len(row) > 1])
        for row in rows:
            self.blocks += tables.blocks_of_row(row, None, form)
