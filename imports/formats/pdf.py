"""PDF: by its tags where they are good, else by sizes and positions; links with their words."""

import logging
import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from imports.formats import block as roles
from imports.formats import marks, progress
from imports.formats.assemble import ENDS, assemble
from imports.formats.block import Block, Document, Unreadable
from imports.formats.lines import mark_furniture, number_pages
from imports.formats.pdf_content import MOST_CHARACTERS, Content
from imports.formats.pdf_layout import page_of
from imports.formats.pdf_tags import Tags
from imports.formats.structured import addresses_apart

MOST_PAGES = 600
# What pypdf raises at a file that is broken, its own errors and those of Python.
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OSError,
)
# A line that cannot be the last of its sentence.
GOES_ON = re.compile(r"(?:[,(–]|\b(?:and|or|of|the|in|for|to|with|on|a|an|at|by|from))\s*$").search
SCAN = "The PDF holds pictures of pages and no text: it was scanned. Give the document it was made from, or let a text recognition run over it first."


def read(data, name=""):
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("The PDF has a password. Save it without one.")
        pages = list(reader.pages)
    except Unreadable:
        raise
    except BROKEN as error:
        raise Unreadable("The PDF is broken: it cannot be opened. Fetch it again.") from error
    if len(pages) > MOST_PAGES:
        raise Unreadable(
            f"The PDF has {len(pages)} pages; the portal reads up to {MOST_PAGES}. Give the chapter alone."
        )
    return _document(reader, pages)


def _document(reader, pages):
    fonts, runs, layout, pictures, notes, total = {}, [], [], 0, [], 0
    for number, page in enumerate(pages, 1):
        drawn = _runs(reader, page, fonts, number, notes)
        total += sum(len(run.text) for run in drawn if not run.drawn)
        if total > MOST_CHARACTERS:
            raise Unreadable("The PDF holds more text than the portal reads. Give a part of it.")
        runs.append(drawn)
        pictures += not drawn and _has_picture(page)
        layout.append(page_of(drawn, _links(page)))
        progress.say(number, len(pages))
    if total < 20 and notes:
        raise Unreadable(
            "No page of the PDF could be read: it is broken, or made to unpack to far more than a document."
        )
    if total < 20:
        raise Unreadable(SCAN if pictures else "The PDF holds no text.")
    if pictures:
        notes.append(f"{pictures} pages hold a picture and no text: what they show was not read.")
    mark_furniture(layout)
    if not any(page.number for page in layout):
        _number_by_labels(reader, layout)
    number_pages(layout)
    blocks = _by_tags(reader, runs, layout) or assemble(layout)
    info = reader.metadata or {}
    title = str(info.get("/Title") or "").strip()
    language = str(reader.trailer["/Root"].get("/Lang") or "")[:2].lower()
    return Document(
        "pdf",
        blocks,
        language=language,
        notes=notes,
        title=title if _is_title(title, blocks) else "",
    )


def _is_title(title, blocks):
    """A title in the file's data counts where the first pages print it."""
    if len(title) < 8:
        return False
    text = "".join("".join(block.text.split()) for block in blocks[:25]).casefold()
    return "".join(title.split()).casefold() in text


def _runs(reader, page, fonts, number, notes):
    try:
        return Content(reader, page, fonts).runs
    except Unreadable:
        raise
    except BROKEN:
        notes.append(f"Page {number} of the file is broken and was not read.")
        return []


def _has_picture(page):
    try:
        objects = page["/Resources"].get_object()["/XObject"].get_object()
        return any(each.get_object().get("/Subtype") == "/Image" for each in objects.values())
    except (KeyError, AttributeError, TypeError, PyPdfError):
        return False


def _links(page):
    links = []
    try:
        annotations = page.get("/Annots")
        for annotation in annotations.get_object() if annotations is not None else []:
            annotation = annotation.get_object()
            action = annotation.get("/A")
            if annotation.get("/Subtype") != "/Link" or action is None:
                continue
            address = action.get_object().get("/URI")
            address = (
                address.decode("utf-8", "replace")
                if isinstance(address, bytes)
                else str(address or "")
            )
            if address.startswith(("http://", "https://")):
                x0, y0, x1, y1 = (float(value) for value in annotation["/Rect"])
                links.append((address, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))))
    except (KeyError, AttributeError, TypeError, ValueError, PyPdfError):
        pass
    return links


def _number_by_labels(reader, layout):
    try:
        labels = reader.page_labels
    except Exception:  # broken labels are no labels
        return
    for page, label in zip(layout, labels, strict=False):
        if label.isdigit():
            page.number = int(label)


# --- Tags


def _by_tags(reader, runs, layout):
    """The blocks of the structure tree with the furniture around; [] if it is not to be trusted."""
    try:
        tags = Tags(reader, runs, [page.number for page in layout], [page.lines for page in layout])
        blocks = tags.read()
    except BROKEN:
        return []
    if not blocks or not _are_good(tags, blocks, runs):
        return []
    body = _usual_size(blocks)
    _mark_tagged_furniture(blocks, layout)
    for block in blocks:
        short = len(block.text) < 140 and not ENDS.search(block.text.rstrip())
        if block.role == roles.PARAGRAPH and short and (block.size > 1.08 * body or block.bold):
            block.role = roles.HEADING
        elif (
            block.role == roles.PARAGRAPH
            and block.size < 0.9 * body
            and marks.NOTE_START.match(block.text)
        ):
            block.role = roles.NOTE
    untagged = _untagged(tags, runs, layout)
    return addresses_apart(_join_over_pages(_placed(blocks, untagged, layout)))


def _mark_tagged_furniture(blocks, layout):
    """Running heads that were tagged as if they were text."""
    furniture = {
        (index, _bare(line.text))
        for index, page in enumerate(layout)
        for line in page.lines
        if line.furniture
    }
    for block in blocks:
        lines = [_bare(line) for line in block.text.split("\n") if line.strip()]
        if lines and all((getattr(block, "index", None), line) in furniture for line in lines):
            block.role, block.level, block.marker = roles.FURNITURE, 0, ""


def _bare(text):
    return "".join(text.split())


def _are_good(tags, blocks, runs):
    tagged = sum(len(b.text) for b in blocks)
    drawn = sum(len(run.text.strip()) for page in runs for run in page if not run.artifact)
    if tagged < 0.8 * drawn or tags.coverage() < 0.9:
        return False
    structured = sum(b.role in (roles.HEADING, roles.BULLET) for b in blocks)
    paragraphs = [b for b in blocks if b.role == roles.PARAGRAPH]
    if not structured and len(paragraphs) < 3:
        return False
    torn = sum(
        "\n" not in b.text and len(b.text) > 55 and not ENDS.search(b.text.rstrip())
        for b in paragraphs
    )
    return max((len(b.text) for b in blocks), default=0) < 0.5 * tagged + 800 and torn <= 0.4 * max(
        len(paragraphs), 1
    )


def _usual_size(blocks):
    sizes = {}
    for block in blocks:
        size = round(getattr(block, "size", 0), 1)
        sizes[size] = sizes.get(size, 0) + len(block.text)
    return max(sizes, key=sizes.get)


def _untagged(tags, runs, layout):
    """Artifacts and what the tree forgot, line by line."""
    found = []
    for index, page in enumerate(layout):
        for line in page.lines:
            own = [run for run in getattr(line, "runs", []) if not run.drawn]
            if own and any((index, run.mcid) in tags.used and not run.artifact for run in own):
                if all(run.artifact or (index, run.mcid) not in tags.used for run in own):
                    continue
                rest = [run for run in own if run.artifact or (index, run.mcid) not in tags.used]
                if not "".join(run.text for run in rest).strip():
                    continue
                text, artifact = (
                    "".join(run.text for run in rest),
                    all(run.artifact for run in rest),
                )
            else:
                text, artifact = line.text, bool(own) and all(run.artifact for run in own)
            role = roles.FURNITURE if artifact or line.furniture else roles.PARAGRAPH
            block = Block(text, page.number, role)
            block.index, block.top = index, getattr(line, "y", 0)
            found.append(block)
    return found


def _placed(blocks, untagged, layout):
    """The blocks with what stands at the head and foot of each page put where the page begins and ends."""
    result, page = [], None
    heads, feet = {}, {}
    for block in untagged:
        middle = [b.top for b in blocks if getattr(b, "index", None) == block.index]
        above = not middle or block.top >= sorted(middle)[len(middle) // 2]
        (heads if above else feet).setdefault(block.index, []).append(block)
    for block in blocks:
        index = getattr(block, "index", page)
        if index is not None and index != page and (page is None or index > page):
            for passed in range(page if page is not None else 0, index):
                result += (
                    feet.pop(passed, [])
                    if passed == page
                    else heads.pop(passed, []) + feet.pop(passed, [])
                )
            page = index
            result += heads.pop(page, [])
        result.append(block)
    for index in sorted({*heads, *feet}):
        result += heads.get(index, []) + feet.get(index, [])
    return result


def _join_over_pages(blocks):
    """A paragraph or item that the tags cut at the end of a page is one."""
    last = None
    for block in blocks:
        if block.role in (roles.FURNITURE, roles.NOTE, roles.ADDRESS):
            continue
        if (
            last is not None
            and (
                block.role == roles.PARAGRAPH or (block.role == roles.BULLET and GOES_ON(last.text))
            )
            and last.role in (roles.PARAGRAPH, roles.BULLET, roles.MORE)
            and block.page != last.page
            and not ENDS.search(last.text.rstrip())
            and block.text.strip()[:1].islower()
        ):
            block.role = roles.MORE
        last = block
    return blocks
