"""Lines with their measures, and what tells running heads and page numbers from the text."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from imports.formats import marks
from imports.formats.vocabulary import is_section_heading

NUMBERED_HEAD = re.compile(r"(\d{1,4})\s+\D.{2,118}|.{2,118}\D\s+(\d{1,4})")
EDGE = 4  # so many lines at the head or foot of a page may be furniture


@dataclass
class Line:
    """A printed line. Measures are characters in plain text and points in a PDF."""

    text: str
    left: float = 0
    right: float = 0
    gap: float = 0  # the space above, in lines
    size: float = 0
    bold: bool = False
    limit: float = 0  # how far right the column goes
    links: list = field(default_factory=list)
    furniture: bool = False
    fresh: bool = False  # opens a column
    indent: float | None = None  # how far in it stands, the same in every column


@dataclass
class Page:
    lines: list
    number: int | None = None


def _shape(text):
    text = re.sub(
        r"^\d{1,4}\s*\|?\s{2,}|\s{2,}\|?\s*\d{1,4}$|^\d{1,4}\s+\|\s*|\s*\|\s+\d{1,4}$",
        "",
        text.strip(),
    )
    return re.sub(r"\d+", "#", re.sub(r"\s+", " ", text)).casefold()


def mark_furniture(pages):
    """Mark what the pages repeat at their edges, and the lines that only number them."""
    edges = [_edge_lines(page) for page in pages]
    counts = Counter()
    for lines in edges:
        counts.update({_shape(line.text) for line in lines})
    few = len(pages) <= 3
    for lines in edges:
        half = len(lines) // 2
        for edge in (lines[:half], lines[: half - 1 : -1] if half else lines[::-1]):
            seen = set()  # a title that the head repeats stands below it on its own page
            for line in edge:
                shape = _shape(line.text)
                times = counts[shape]
                often = times >= 2 if few else times >= 3 and times >= 0.35 * len(pages)
                if (
                    shape not in seen
                    and often
                    and len(line.text.strip()) < 150
                    and not _is_text(line)
                ):
                    line.furniture = True
                seen.add(shape)
    _mark_page_numbers(pages)
    _mark_numbered_heads(pages)
    for page in pages:
        _mark_heads_beside_numbers(page)


def _edge_lines(page):
    lines = [line for line in page.lines if line.text.strip()]
    if len(lines) <= 2 * EDGE:
        return lines[:EDGE] + lines[EDGE:][-EDGE:]
    return lines[:EDGE] + lines[-EDGE:]


def _is_text(line):
    text = line.text.strip()
    return bool(is_section_heading(text) or marks.bullet(text) or text.startswith("http"))


def _mark_page_numbers(pages):
    """A line such as 'Page 8 of 15' says so itself; a bare number only in step with the pages."""
    by_offset = defaultdict(list)
    for index, page in enumerate(pages):
        for line in _edge_lines(page):
            number = marks.page_number(line.text)
            if number is None and line.furniture:
                number = _number_beside(line.text)
            if number is None:
                continue
            if marks.page_number(line.text, bare=False) is not None:
                line.furniture = True
                page.number = page.number or number
            if number < 1000 or marks.page_number(line.text, bare=False) is not None:
                by_offset[number - index].append((page, line, number))
    if not by_offset:
        return
    best = max(by_offset.values(), key=len)
    if len(best) >= 2 or (len(pages) == 1 and _alone_at_foot(pages[0], best[0][1])):
        for page, line, number in best:
            line.furniture = True
            page.number = page.number or number


def _mark_numbered_heads(pages):
    """Heads that change with the page, left and right, chapter by chapter: their numbers keep step."""
    for edge in (0, -1):
        by_offset = defaultdict(list)
        for index, page in enumerate(pages):
            lines = [line for line in page.lines if line.text.strip()]
            match = lines and NUMBERED_HEAD.fullmatch(lines[edge].text.strip())
            if match and not _is_text(lines[edge]):
                number = int(match[1] or match[2])
                by_offset[number - index].append((page, lines[edge], number))
        best = max(by_offset.values(), key=len, default=[])
        if len(best) >= 3 and len(best) >= 0.35 * len(pages):
            for page, line, number in best:
                line.furniture = True
                page.number = page.number or number


def _number_beside(text):
    """The page number in a running head that prints more than the number."""
    match = marks.PAGE_OF.search(text) or marks.PAGE_WORD.search(text)
    match = match or re.search(
        r"^(\d{1,4})\s*\|?\s{2,}|\s{2,}\|?\s*(\d{1,4})$|\|\s*(\d{1,4})$|^(\d{1,4})\s*\|",
        text.strip(),
    )
    return int(next(filter(None, match.groups()))) if match else None


def _alone_at_foot(page, line):
    lines = [each for each in page.lines if each.text.strip()]
    return lines[-1] is line or lines[0] is line


HEADS = re.compile(
    r"product of the radicali[sz]ation awareness network( \(ran\))?|\(ran\)"
    r"|[A-Z -]*PAPERS?|RAN [\w&/ -]{2,40}(working group)?",
    re.IGNORECASE,
)


def _mark_heads_beside_numbers(page):
    """What stands with 'Page 8 of 15' in the same head, though no other page kept it."""
    lines = [line for line in page.lines if line.text.strip()]
    for index, line in enumerate(lines):
        if marks.page_number(line.text, bare=False) is None or not line.furniture:
            continue
        for way in (-1, 1):
            near = index + way
            while 0 <= near < len(lines) and abs(near - index) <= EDGE:
                text = lines[near].text.strip()
                if not HEADS.fullmatch(text) or is_section_heading(text):
                    break
                lines[near].furniture = True
                near += way


def number_pages(pages):
    """Give each page the number that is printed, and those without one theirs in step."""
    offsets = Counter(page.number - index for index, page in enumerate(pages) if page.number)
    offset = offsets.most_common(1)[0][0] if offsets else 1
    for index, page in enumerate(pages):
        page.number = max(index + offset, 1)
