"""Plain text as extraction leaves it: pages, encodings, lines."""

import re
import statistics

from imports.formats.assemble import assemble
from imports.formats.block import Document, Unreadable
from imports.formats.lines import Line, Page, mark_furniture, number_pages
from imports.formats.marks import PAGE_OF, page_number

OPENS_PAGE = re.compile(r" \S")


def decode(data):
    """The text and what is to be said about its encoding."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), []
    if encoding := _wide(data[:4000]):
        return data.decode(encoding, errors="replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        if b"\x00" in data[:4000]:
            raise Unreadable(
                "This is no text: it holds bytes that no text has. Give the PDF or Word file itself."
            ) from None
        return data.decode("cp1252", errors="replace"), [
            "The text is not in UTF-8; it was read as Windows-1252. Check letters with accents."
        ]


def _wide(data):
    """UTF-16 without its mark: every other byte of Western text is nothing."""
    most = 0.3 * len(data)
    if data[1::2].count(0) > most > data[::2].count(0) * 10:
        return "utf-16-le"
    return "utf-16-be" if data[::2].count(0) > most > data[1::2].count(0) * 10 else None


def read(data, name=""):
    text, notes = decode(data)
    if "\x00" in text:
        raise Unreadable("This is no text: it holds bytes that no text has.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("The file holds no text.")
    pages, marked = _pages(text)
    mark_furniture(pages)
    if marked or any(page.number for page in pages):
        number_pages(pages)
    return Document("text", assemble(pages), notes=notes)


def _pages(text):
    """The pages and whether the text marks them at all."""
    if "\f" in text.strip("\f\n "):
        parts = [part.split("\n") for part in text.split("\f")]
        if not any(line.strip() for line in parts[-1]):
            parts.pop()
        return _measured(parts), True
    lines = text.split("\n")
    for split in (_at_opening_spaces, _at_page_numbers):
        if len(parts := split(lines)) > 1:
            return _measured(parts), True
    return _measured([lines]), any(PAGE_OF.fullmatch(line.strip()) for line in lines)


def _at_opening_spaces(lines):
    """A line that begins with one space opens a page, where that is rare and stands alone."""
    printed = [line for line in lines if line.strip()]
    opening = [i for i, line in enumerate(lines) if OPENS_PAGE.match(line)]
    indented = sum(line.startswith("  ") and bool(line.strip()) for line in lines)
    starts = bool(printed) and bool(OPENS_PAGE.match(printed[0]))
    if len(opening) < 2 or len(opening) > max(3, 0.12 * len(printed)) or indented > len(opening):
        return [lines]
    if not starts and not any(page_number(lines[i], bare=False) for i in opening):
        return [lines]
    cuts = [_head_before(lines, i) for i in opening]
    if not starts:
        cuts.insert(0, 0)
    else:
        cuts[0] = 0
    return [lines[a:b] for a, b in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def _head_before(lines, index):
    """Where the page begins whose number this line prints: its head stands above the number."""
    if page_number(lines[index], bare=False) is None:
        return index
    start = index
    for near in range(index - 1, max(index - 8, -1), -1):
        text = lines[near].strip()
        if not text:
            continue
        if text.startswith(("http", "•")) or len(text) > 60 or text.endswith("."):
            break
        start = near
    return start


def _at_page_numbers(lines):
    """Without any other mark: numbers that stand alone and count up close a page each, or open it."""
    numbers = [(i, page_number(line)) for i, line in enumerate(lines)]
    numbers = [(i, number) for i, number in numbers if number]
    run = []
    for i, number in numbers:
        if not run or number == run[-1][1] + 1:
            run.append((i, number))
    sure = sum(page_number(lines[i], bare=False) is not None for i, _ in run)
    if len(run) < (2 if sure == len(run) else 3):
        return [lines]
    above = sum(bool(line.strip()) for line in lines[: run[0][0]])
    cuts = [0]
    if above <= 4:  # numbers stand in the head
        cuts += [i for i, _ in run[1:]]
    else:
        cuts += [i + 1 for i, _ in run if any(line.strip() for line in lines[i + 1 :])]
    return [lines[a:b] for a, b in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def _measured(parts):
    printed = [line.strip() for part in parts for line in part if line.strip()]
    lengths = [len(text) for text in printed if not text.startswith(("http", "www."))]
    texts = [n for n in lengths if n > 25] or lengths
    unwrapped = max(lengths, default=0) > 250
    limit = 0 if unwrapped else _limit(texts)
    pages = []
    for part in parts:
        page, gap = Page([]), 0
        for raw in part:
            if not raw.strip():
                gap += 1
                continue
            for text in _bullets_apart(raw):
                left = len(text) - len(text.lstrip())
                right = left + len(text.strip())
                page.lines.append(
                    Line(text, left, right, gap, limit=limit and max(limit, left + 1))
                )
                gap = 0
        pages.append(page)
    return pages


def _limit(lengths):
    lengths = sorted(lengths)
    if len(lengths) < 8:
        return lengths[-1] if lengths else 0
    return statistics.quantiles(lengths, n=20)[-1]


def _bullets_apart(raw):
    """Bullets that extraction left on one line."""
    if len(re.findall(r"(?:^|\s)[•●▪■➢►]\s", raw)) < 2:
        return [raw]
    return [part for part in re.split(r"(?<=\s)(?=[•●▪■➢►]\s)", raw) if part.strip()]
