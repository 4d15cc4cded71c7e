"""Word documents, by python-docx: styles, lists, tables, notes, pages where the file marks them."""

import re
import zipfile
from io import BytesIO

from docx import Document as WordFile
from docx.oxml.ns import qn

from imports.formats import block as roles
from imports.formats import marks, tables
from imports.formats.block import Block, Document, Unreadable
from imports.formats.structured import addresses_apart

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SKIPPED = {
    f"{W}del",
    f"{W}txbxContent",
    f"{W}instrText",
    f"{W}delText",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read(data, name=""):
    try:
        word = WordFile(BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise Unreadable(
            "The Word file is broken: save it again in Word, or give the PDF."
        ) from error
    except Exception as error:  # lxml's and opc's own
        raise Unreadable(
            "The Word file cannot be read: save it again in Word, or give the PDF."
        ) from error
    blocks = Reader(word).run()
    if not any(block.text.strip() for block in blocks):
        raise Unreadable("The Word file holds no text.")
    properties = word.core_properties
    title = (
        properties.title if properties.title and properties.title.lower() != "word document" else ""
    )
    return Document(
        "docx",
        addresses_apart(blocks),
        title=title or "",
        language=(properties.language or "")[:2].lower(),
    )


class Reader:
    def __init__(self, word):
        self.word, self.body = word, word.element.body
        rendered = list(self.body.iter(f"{W}lastRenderedPageBreak"))
        self.rendered = bool(rendered)
        breaks = rendered or [b for b in self.body.iter(f"{W}br") if b.get(f"{W}type") == "page"]
        self.paged = bool(breaks) or any(True for _ in self.body.iter(f"{W}pageBreakBefore"))
        self.page = self._first_page() if self.paged else None
        self.styles = {style.style_id: style for style in word.styles}
        self.notes = self._notes()
        self.blocks = []
        self.body_size = None

    def run(self):
        self._furniture("header")
        for block in self._walk(self.body):
            self.blocks.append(block)
        self._furniture("footer")
        return self.blocks

    def _first_page(self):
        for start in self.body.iter(f"{W}pgNumType"):
            value = start.get(f"{W}start")
            if value and value.isdigit():
                return int(value)
        return 1

    def _furniture(self, part):
        seen = set()
        for section in self.word.sections:
            for place in (part, f"first_page_{part}", f"even_page_{part}"):
                holder = getattr(section, place)
                if holder.is_linked_to_previous:
                    continue
                for paragraph in holder._element.iter(f"{W}p"):
                    text = self._text(paragraph)[0].strip()
                    if text and text not in seen:
                        seen.add(text)
                        self.blocks.append(Block(text, None, roles.FURNITURE, place=part))

    def _notes(self):
        notes = {}
        for relation in self.word.part.rels.values():
            type_ = relation.reltype.rpartition("/")[2]
            if type_ not in ("footnotes", "endnotes") or relation.is_external:
                continue
            from lxml import etree

            root = etree.fromstring(
                relation.target_part.blob, etree.XMLParser(resolve_entities=False)
            )
            for note in root:
                if note.get(f"{W}type") in (None, "normal"):
                    text = "\n".join(self._text(p)[0] for p in note.iter(f"{W}p")).strip()
                    notes[type_[:-1], note.get(f"{W}id")] = text
        return notes

    # --- The tree

    def _walk(self, container):
        for child in container:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in (
                f"{W}sdt",
                f"{W}sdtContent",
                f"{W}ins",
                f"{W}customXml",
                f"{W}smartTag",
            ):
                yield from self._walk(child)

    def _table(self, table):
        rows = []
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue
            cells = [
                cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row
            ]
            rows.append([list(self._walk(cell)) for cell in cells])
        texts = [[" ".join(b.text for b in cell) for cell in row] for row in rows]
        form = tables.is_form([(row[0], " ".join(row[1:])) for row in texts if len(row) > 1])
        for row in rows:
            page = next((b.page for cell in row for b in cell), self.page)
            yield from tables.blocks_of_row(row, page, form)

    def _paragraph(self, paragraph):
        if (
            self.paged
            and not self.rendered
            and paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None
        ):
            self.page += 1
        pieces = self._text(paragraph)[1]
        role, level = self._role(paragraph)
        first = True
        for page, text, links in pieces:
            if not text.strip():
                continue
            text = text.strip("\n")
            yield self._block(text, page, role if first else roles.MORE, level, links, paragraph)
            first = False
        for reference in (
            *paragraph.iter(f"{W}footnoteReference"),
            *paragraph.iter(f"{W}endnoteReference"),
        ):
            type_ = "footnote" if reference.tag.endswith("footnoteReference") else "endnote"
            if text := self.notes.get((type_, reference.get(f"{W}id"))):
                yield Block(text, self.page, roles.NOTE, place="above")
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(a.tag in SKIPPED - {f"{W}txbxContent"} for a in box.iterancestors()):
                yield from self._walk(box)
        if self.paged and not self.rendered and paragraph.find(f"{W}pPr/{W}sectPr") is not None:
            section = paragraph.find(f"{W}pPr/{W}sectPr/{W}type")
            if (section is None or section.get(f"{W}val") != "continuous") and list(
                paragraph.iterancestors(f"{W}body")
            ):
                self.page += 1

    def _block(self, text, page, role, level, links, paragraph):
        if (
            role in (roles.PARAGRAPH, roles.HEADING)
            and (sign := marks.bullet(text))
            and role != roles.HEADING
        ):
            indent = paragraph.find(f"{W}pPr/{W}ind")
            left = int(float(indent.get(f"{W}left") or 0)) if indent is not None else 0
            return Block(
                text,
                page,
                roles.BULLET,
                2 if left > 1000 or (sign in "o–◦○" and left > 600) else 1,
                sign,
                links,
            )
        if role == roles.PARAGRAPH and (sign := marks.number(text)):
            return Block(text, page, roles.BULLET, 1, sign, links)
        if role == roles.PARAGRAPH and roles.URL.fullmatch(text.strip()):
            return Block(text, page, roles.ADDRESS)
        return Block(text, page, role, level, links=links)

    # --- A paragraph

    def _text(self, paragraph):
        """The text, and the same in pieces for each page: (page, text, links)."""
        pieces, text, links = [], "", []
        for node in _visible(paragraph):
            tag = node.tag
            if tag == f"{W}t":
                text += node.text or ""
            elif tag == f"{W}tab" and node.getparent().tag == f"{W}r":
                text += "\t"
            elif tag == f"{W}noBreakHyphen":
                text += "\u2011"
            elif tag == f"{W}softHyphen":
                text += "\u00ad"
            elif tag in (f"{W}br", f"{W}cr") and node.get(f"{W}type") != "page":
                text += "\n"
            breaks = (
                tag == f"{W}lastRenderedPageBreak"
                if self.rendered
                else tag == f"{W}br" and node.get(f"{W}type") == "page"
            )
            if breaks and getattr(self, "page", None) is not None:
                pieces.append((self.page, text, links))
                text, links = "", []
                self.page += 1
            if tag == f"{W}hyperlink":
                target = self._target(node)
                if target:
                    links.append((target, "".join(t.text or "" for t in node.iter(f"{W}t"))))
        for code in paragraph.iter(f"{W}instrText"):
            if match := re.search(r'HYPERLINK\s+"(https?://[^"]+)"', code.text or ""):
                links.append((match[1], ""))
        pieces.append((getattr(self, "page", None), text, links))
        return "".join(piece for _, piece, _ in pieces), pieces

    def _target(self, node):
        relation = self.word.part.rels.get(node.get(qn("r:id")) or "")
        if (
            relation is not None
            and relation.is_external
            and relation.target_ref.startswith(("http", "www"))
        ):
            return relation.target_ref
        return ""

    def _role(self, paragraph):
        style = self._style(paragraph)
        while style is not None:
            name = (style.name or "").lower()
            if match := re.match(r"heading (\d)", name):
                return roles.HEADING, int(match[1])
            if name in ("title", "subtitle"):
                return roles.HEADING, 1
            if name.startswith("toc "):
                return roles.FURNITURE, 0
            if match := re.match(r"list (?:bullet|number)(?: (\d))?", name):
                return roles.BULLET, int(match[1] or 1)
            outline = style.element.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None and int(outline.get(f"{W}val")) < 9:
                return roles.HEADING, int(outline.get(f"{W}val")) + 1
            style = style.base_style
        numbering = paragraph.find(f"{W}pPr/{W}numPr")
        if numbering is not None:
            number = numbering.find(f"{W}numId")
            if number is None or number.get(f"{W}val") != "0":
                level = numbering.find(f"{W}ilvl")
                return roles.BULLET, int(level.get(f"{W}val")) + 1 if level is not None else 1
        return (roles.HEADING, 0) if self._looks_like_heading(paragraph) else (roles.PARAGRAPH, 0)

    def _style(self, paragraph):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(style.get(f"{W}val")) if style is not None else None

    def _looks_like_heading(self, paragraph):
        runs = [
            run
            for run in paragraph.iter(f"{W}r")
            if "".join(t.text or "" for t in run.iter(f"{W}t")).strip()
        ]
        text = "".join(t.text or "" for run in runs for t in run.iter(f"{W}t")).strip()
        if not runs or len(text) > 140 or text.endswith((".", ",", ";")) or marks.bullet(text):
            return False
        bold = all(
            (b := run.find(f"{W}rPr/{W}b")) is not None and b.get(f"{W}val") not in ("0", "false")
            for run in runs
        )
        sizes = [run.find(f"{W}rPr/{W}sz") for run in runs]
        large = all(size is not None and int(size.get(f"{W}val")) >= 26 for size in sizes)
        return bold or large


def _visible(paragraph):
    """What of a paragraph is printed in its own line of text."""
    stack = [iter(paragraph)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag not in SKIPPED:
            yield node
            stack.append(iter(node))
