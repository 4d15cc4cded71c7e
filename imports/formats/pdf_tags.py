"""The tags of a PDF: its structure tree, read into blocks, where it is good enough to trust."""

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject

from imports.formats import block as roles
from imports.formats import marks, tables
from imports.formats.block import Block
from imports.formats.pdf_layout import text_of

INLINE = {
    "Span",
    "Link",
    "Quote",
    "Reference",
    "Em",
    "Strong",
    "Code",
    "Annot",
    "BibEntry",
    "Sub",
    "Ruby",
    "Warichu",
}
BLOCKS = {
    "Document",
    "DocumentFragment",
    "Part",
    "Art",
    "Sect",
    "Div",
    "Aside",
    "P",
    "H",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "Title",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "THead",
    "TBody",
    "TFoot",
    "TR",
    "TH",
    "TD",
    "TOC",
    "TOCI",
    "BlockQuote",
    "Caption",
    "Figure",
    "Formula",
    "Note",
    "FENote",
    "Index",
}
MOST_ELEMENTS = 200_000


class Tags:
    def __init__(self, reader, runs_by_page, page_numbers, lines_by_page):
        self.pages = {
            page.indirect_reference.idnum: i
            for i, page in enumerate(reader.pages)
            if page.indirect_reference
        }
        self.numbers, self.blocks, self.count, self.used = page_numbers, [], 0, set()
        self.runs = {}
        for index, runs in enumerate(runs_by_page):
            for run in runs:
                if run.mcid is not None and not run.artifact:
                    self.runs.setdefault((index, run.mcid), []).append(run)
        self.links = {
            id(run): line.links
            for lines in lines_by_page
            for line in lines
            for run in getattr(line, "runs", [])
        }
        root = reader.trailer["/Root"].get("/StructTreeRoot")
        self.root = root.get_object() if root is not None else None
        self.roles = {}
        if self.root is not None and self.root.get("/RoleMap") is not None:
            self.roles = dict(self.root["/RoleMap"].get_object().items())

    def read(self):
        """The blocks in the order of the tree; [] without a tree."""
        if self.root is None or not self.runs:
            return []
        self._walk(self.root, None, 0, 0)
        return self.blocks

    def coverage(self):
        total = sum(len(run.text) for runs in self.runs.values() for run in runs)
        used = sum(len(run.text) for key in self.used for run in self.runs[key])
        return used / total if total else 0

    # --- The tree

    def _type(self, element):
        name = str(element.get("/S", "")).lstrip("/")
        for _ in range(5):
            if f"/{name}" not in self.roles:
                break
            name = str(self.roles[f"/{name}"]).lstrip("/")
        return name

    def _children(self, element, page):
        """(element or (page, mcid), page) for each child."""
        page = self._page(element, page)
        kids = element.get("/K")
        kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
        for kid in kids if isinstance(kids, ArrayObject) else [kids] if kids is not None else []:
            kid = kid.get_object()
            self.count += 1
            if self.count > MOST_ELEMENTS:
                return
            if isinstance(kid, NumberObject):
                yield (page, int(kid)), page
            elif isinstance(kid, DictionaryObject):
                if kid.get("/Type") == "/MCR":
                    yield (self._page(kid, page), int(kid.get("/MCID", -1))), page
                elif kid.get("/Type") != "/OBJR":
                    yield kid, page

    def _page(self, element, page):
        own = element.raw_get("/Pg") if "/Pg" in element else None
        return self.pages.get(own.idnum, page) if isinstance(own, IndirectObject) else page

    def _walk(self, element, page, depth, level):
        if depth > 60:
            return
        for child, at in self._children(element, page):
            if isinstance(child, tuple):
                self._emit([child], roles.PARAGRAPH)
                continue
            type_ = self._type(child)
            if type_ in ("H1", "H2", "H3", "H4", "H5", "H6", "H", "Title"):
                self._emit(
                    self._content(child, at),
                    roles.HEADING,
                    int(type_[1]) if type_[1:].isdigit() else 1,
                )
            elif type_ == "L":
                self._walk(child, at, depth + 1, level + 1)
            elif type_ == "LI":
                self._item(child, at, depth, max(level, 1))
            elif type_ == "Table":
                self._table(child, at)
            elif type_ in ("TOC", "TOCI"):
                self._emit(self._content(child, at), roles.FURNITURE)
            elif type_ in ("Note", "FENote"):
                self._emit(self._content(child, at), roles.NOTE)
            elif not self._is_block(child, at) or type_ in (
                "P",
                "Caption",
                "BlockQuote",
                "Figure",
                "Formula",
                "Lbl",
                "LBody",
                "TD",
                "TH",
            ):
                if type_ not in INLINE and any(
                    not isinstance(kid, tuple) and self._is_block(kid, at)
                    for kid, _ in self._children(child, at)
                ):
                    self._walk(child, at, depth + 1, level)
                else:
                    self._emit(self._content(child, at), roles.PARAGRAPH)
            else:
                self._walk(child, at, depth + 1, level)

    def _is_block(self, element, page, depth=0):
        """Whether an element stands on lines of its own; a group of nothing named does if its parts do."""
        type_ = self._type(element)
        if type_ in BLOCKS:
            return True
        return (
            type_ not in INLINE
            and depth < 5
            and any(
                not isinstance(kid, tuple) and self._is_block(kid, at, depth + 1)
                for kid, at in self._children(element, page)
            )
        )

    def _content(self, element, page, skip=()):
        """The marked content below an element, in order."""
        found = []
        for child, at in self._children(element, page):
            if isinstance(child, tuple):
                found.append(child)
            elif self._type(child) not in skip:
                found += self._content(child, at, skip)
        return found

    def _item(self, element, page, depth, level):
        self._emit(self._content(element, page, skip=("L", "Note")), roles.BULLET, level)
        for nested in self._nested(element, page):
            child, at, type_ = nested
            if type_ == "L":
                self._walk(child, at, depth + 1, level + 1)
            else:
                self._emit(self._content(child, at), roles.NOTE)

    def _nested(self, element, page):
        for child, at in self._children(element, page):
            if not isinstance(child, tuple):
                type_ = self._type(child)
                if type_ in ("L", "Note"):
                    yield child, at, type_
                else:
                    yield from self._nested(child, at)

    def _table(self, element, page):
        rows = []

        def find(node, at):
            for child, where in self._children(node, at):
                if isinstance(child, tuple):
                    rows.append([[child]])
                elif self._type(child) == "TR":
                    rows.append(
                        [
                            self._content(cell, there)
                            for cell, there in self._children(child, where)
                            if not isinstance(cell, tuple)
                        ]
                    )
                else:
                    find(child, where)

        find(element, page)
        cells = [[self._blocks(content, roles.PARAGRAPH) for content in row] for row in rows]
        texts = [[" ".join(b.text for b in cell) for cell in row] for row in cells]
        form = tables.is_form([(row[0], " ".join(row[1:])) for row in texts if len(row) > 1])
        for row in cells:
            at = next((b.page for cell in row for b in cell), None)
            self.blocks += tables.blocks_of_row(row, at, form)

    # --- Text

    def _emit(self, content, role, level=0):
        self.blocks += self._blocks(content, role, level)

    def _blocks(self, content, role, level=0):
        """A block for each page that the content stands on; the later ones go on with the first."""
        by_page = {}
        for key in content:
            if key in self.runs and key not in self.used:
                self.used.add(key)
                by_page.setdefault(key[0], []).extend(self.runs[key])
        blocks = []
        for page, runs in by_page.items():
            text = _lines(runs)
            if not text.strip():
                continue
            links = list(
                {link: link for run in runs for link in map(tuple, self.links.get(id(run), []))}
            )
            block = Block(
                text,
                self.numbers[page],
                role if not blocks else roles.MORE,
                level if not blocks else 0,
                links=links,
            )
            block.index = page
            block.top = max(run.y for run in runs)
            block.size = max((run.size for run in runs), default=0)
            block.bold = all(run.bold for run in runs if run.text.strip())
            if not blocks:
                _find_sign(block)
            blocks.append(block)
        return blocks


def _find_sign(block):
    """A list item's own sign; a paragraph that opens with one is an item too."""
    if block.role == roles.BULLET:
        block.marker = marks.bullet(block.text) or marks.number(block.text)
    elif block.role == roles.PARAGRAPH and (sign := marks.bullet(block.text)):
        block.role, block.marker, block.level = roles.BULLET, sign, 1
    elif block.role == roles.PARAGRAPH and roles.URL.fullmatch(block.text.strip()):
        block.role = roles.ADDRESS


def _lines(runs):
    rows, last = [], None
    for run in runs:
        if (
            last is None
            or abs(last.y - run.y) > 0.6 * max(last.size, run.size)
            or run.x0 < last.x0 - 3 * run.size
        ):
            rows.append([])
        rows[-1].append(run)
        last = run
    return "\n".join(line for line in (text_of(row).rstrip() for row in rows) if line.strip())
