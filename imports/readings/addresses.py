"""Addresses, and which proposal one belongs to: only where the address itself says so.

The order in which a text prints addresses says nothing: extraction shuffles them.
"""

import re
from urllib.parse import unquote, urlsplit

from imports.formats.block import URL
from imports.readings import places
from records import dates

# Words of file names that say nothing of what is in the file.
EMPTY = {
    "ran",
    "hsc",
    "sc",
    "h",
    "en",
    "de",
    "fr",
    "pdf",
    "html",
    "htm",
    "doc",
    "docx",
    "ex",
    "post",
    "paper",
    "papers",
    "conclusion",
    "conclusions",
    "meeting",
    "meetings",
    "docs",
    "node",
    "the",
    "of",
    "and",
    "for",
    "a",
    "an",
    "in",
    "on",
    "to",
    "with",
    "from",
    "final",
    "v1",
    "v2",
    "working",
    "group",
    "report",
    "event",
    "page",
    "content",
    "health",
    "mental",
    "network",
    "european",
    "commission",
    "home",
    "affairs",
    "files",
    "default",
    "sites",
    "index",
    "php",
    "aspx",
}
SHORT = {"ptsd", "maw", "vera", "drr"}


def find(text):
    """The addresses that a printed text holds, those cut at a line's end made whole."""
    text = re.sub(r"((?:https?://|www\.)\S+[/_\-=.%?&])[ \t]*\n[ \t]*(?=[\w%])", r"\1", text)
    text = re.sub(r"((?:https?://|www\.)\S+)[ \t]*\n[ \t]*(?=[/_?&=][\w%])", r"\1", text)
    text = re.sub(
        r"((?:https?://|www\.)\S+[^\s.,;:)\]])[ \t]*\n[ \t]*(?=\S*(?:[_/]\S*|\.(?:pdf|html?)\b)\S*(?:\s|$))(?!https?:|www\.|\S*\s+\w+\s+\w)",
        r"\1",
        text,
    )
    return list(dict.fromkeys(_trimmed(match[0]) for match in URL.finditer(text)))


def _trimmed(address):
    address = address.rstrip(".,;:!?’”'\"»]>")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:")
    return address


# A publisher's own channels: what stands in their addresses is the publisher's name.
CHANNELS = re.compile(r"(?:twitter|x|facebook|linkedin|youtube|instagram)\.com$")


def _stem(word):
    return (
        re.sub(r"(?:ies|es|s|ing|ed|ation|ations|isation|ization)$", "", word)
        if len(word) > 5
        else word
    )


def tokens(text):
    words = re.findall(r"[^\W\d_]+", text.casefold().replace("’s", "s").replace("'s", "s"))
    return [_stem(word) for word in words if len(word) > 2 and word not in EMPTY]


def slug_of(address):
    parts = [part for part in unquote(urlsplit(address).path).split("/") if part]
    return re.sub(r"\.(?:pdf|html?|docx?|aspx?)$|_en$", "", parts[-1]) if parts else ""


def assign(address, proposals, language="en"):
    """The proposal that the address names, as (proposal, certainty); None where it names none.

    Of each its `title`, `as_printed`, `date`, `countries` and `kind` are read.
    """
    slug = slug_of(address)
    words = set(tokens(re.sub(r"[_\-.+]+", " ", slug)))
    if not words and not re.search(r"\d{4}", slug):
        return None
    printed_date = dates.in_address(slug)
    if CHANNELS.search(urlsplit(address).netloc):
        return None
    scored = sorted(
        (
            (_score(words, printed_date, proposals, proposal), index)
            for index, proposal in enumerate(proposals)
        ),
        key=lambda pair: (-pair[0][0], pair[1]),
    )
    if not scored or scored[0][0][0] <= 0:
        return None
    (best, certainty), index = scored[0]
    second = scored[1][0][0] if len(scored) > 1 else 0
    return (proposals[index], certainty) if best > second + 0.05 else None


def _score(words, printed_date, proposals, proposal):
    title = set(tokens(proposal.title))
    shared = words & title
    cover = len(shared) / len(words) if words else 0
    of_title = len(shared) / len(title) if title else 0
    match = _same_date(printed_date, proposal.date) if proposal.date else ""
    if proposal.kind == "practice":
        return _score_practice(words, shared, cover, of_title, proposal, proposals)
    if match == "day":
        return 3 + cover + of_title, "certain"
    if match == "part" and len(shared) >= 2:
        return 2 + cover + of_title, "certain"
    if match == "near" and len(shared) >= 2:
        return 1 + cover + of_title, "probable"
    if printed_date and proposal.date and len(printed_date[0]) == 10 and not match:
        return 0, ""
    if len(shared) >= 3 and cover >= 0.6 and of_title >= 0.4:
        return 1 + cover + of_title, "certain"
    if len(shared) >= 3 and cover >= 0.45:
        return 0.4 + cover, "probable"
    return 0, ""


def _score_practice(words, shared, cover, of_title, proposal, proposals):
    if shared and cover >= 0.5:
        return 1.2 + cover + of_title, "certain"
    country = {code for word in words for code in places.codes(word)} & set(proposal.countries)
    if not country:
        return 0, ""
    others = [
        other for other in proposals if other is not proposal and country & set(other.countries)
    ]
    told = words & set(tokens(proposal.as_printed))
    own = told.difference(*(tokens(other.as_printed) for other in others))
    return (
        (0.3 + len(own) / len(words), "probable") if any(len(word) > 7 for word in own) else (0, "")
    )


def _same_date(printed, reading):
    """How the date in an address agrees with that of a proposal: day, part, near or not."""
    if not printed or not reading:
        return ""
    start, end = printed
    if len(start) == 10 and reading.precision == dates.DAY:
        if reading.start <= start <= reading.end or start <= reading.start <= end:
            return "day"
        gap = abs(dates.date.fromisoformat(start) - dates.date.fromisoformat(reading.start)).days
        return "near" if gap <= 3 else ""
    shorter = min(len(start), len(reading.start))
    return "part" if start[:shorter] == reading.start[:shorter] else ""
