"""Signs at the head of a line: bullets, numbers, page numbers, note numbers."""

import re

SIGNS = "•●▪■◦○‣➢➤►▶✓✔❖∙⁃·★☐□→»\uf0b7\uf0a7\uf0d8\uf0fc\uf076\u25aa\u25cf\uf02d\ufffd"
# A dash, an asterisk or the letter o opens a bullet only before a space.
BULLET = re.compile(rf"\s*([{SIGNS}]|[-–—*](?=\s)|o(?=\s))\s*")
BULLET_ALONE = re.compile(rf"\s*([{SIGNS}]|[-–—*o])\s*")
NUMBER = re.compile(r"\s*(\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\(\d{1,3}\))(?=\s+\S)\s*")
HEADING_NUMBER = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+(?=[A-ZÀ-Þ‘“'\"])")
NOTE_START = re.compile(
    r"\s*(?:\((\d{1,3})\)|\[(\d{1,3})\]|([¹²³⁰-⁹]{1,3})|(\d{1,3}))\s+(?=[^\W\d]|https?:|‘|“)"
)

PAGE_OF = re.compile(
    r"(?:\W*(?:page|p\.|seite|pagina|página|strona|sivu|sida|side)\s*)?"
    r"(\d{1,4})\s*(?:of|/|von|sur|de|di|van|z|av)\s*(\d{1,4})\W*",
    re.IGNORECASE,
)
PAGE_WORD = re.compile(
    r"\W*(?:p\s?a\s?g\s?e|p\.|seite|pagina|página|strona|sivu|sida|side)\s*\|?\s*(\d{1,4})\W*",
    re.IGNORECASE,
)
PAGE_AFTER = re.compile(r"\W*(\d{1,4})\s*\|?\s*p\s?a\s?g\s?e\W*", re.IGNORECASE)
PAGE_BARE = re.compile(r"[-–—\s|]*(\d{1,4})[-–—\s|]*")


def page_number(text, bare=True):
    """The page number that a line prints and nothing else beside; None if it is no such line."""
    text = text.strip()
    if match := PAGE_OF.fullmatch(text):
        number, last = int(match[1]), int(match[2])
        return number if number <= last else None
    for pattern in (PAGE_WORD, PAGE_AFTER):
        if match := pattern.fullmatch(text):
            return int(match[1])
    if bare and (match := PAGE_BARE.fullmatch(text)):
        return int(match[1])
    return None


def bullet(text):
    """The sign that opens a bullet, as printed; empty if none does."""
    match = BULLET.match(text)
    return match[1] if match and match.end() < len(text.rstrip()) else ""


def number(text):
    """The number or letter that opens an item of a numbered list."""
    match = NUMBER.match(text)
    return match[1] if match else ""
