"""Dates as documents print them, read no more precisely than they are printed.

Own patterns, with the month and weekday names that Babel knows of the document's language.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError

DAY, MONTH, YEAR = "day", "month", "year"
_D = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª|°)?"
_Y = r"(?P<{0}>(?:19|20)\d\d)\b"
_TO = r"\s*(?:-|–|—|‒|‑|−|/|&|\b(?:to|until|till|and|bis|und|et|au|y|al|en|tot|e|a|i|do|och|og|ja|και|és|și|si|un|ir|u|agus|in)\b)\s*"
_OF = r"\s*(?:\b(?:of|de|del|di|d[’'])\s*)?"


@dataclass(frozen=True)
class Reading:
    """A date or a range; `start` and `end` in ISO 8601 at the printed precision."""

    start: str
    end: str
    precision: str
    printed: str
    span: tuple
    certain: bool = True

    @property
    def is_range(self):
        return self.end != self.start

    @property
    def first_day(self):
        return date.fromisoformat(f"{self.start}-01-01"[:10])

    @property
    def last_day(self):
        """Of the last day, month or year that is named."""
        year, month, day = [*map(int, self.end.split("-")), None, None][:3]
        month = month or 12
        return date(year, month, day or monthrange(year, month)[1])


@cache
def _names(language):
    """Month names of a language by number, and a pattern of its weekdays."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    months = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                name = name.rstrip(".").casefold()
                if not name.isdigit() and len(name) > 2:
                    months[name] = number
    if locale.language == "en":
        months["sept"] = 9
    days = {
        name.rstrip(".")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in locale.days[context][width].values()
    }
    return months, _either(days)


def _either(names):
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@cache
def _patterns(language):
    months, days = _names(language)
    month = rf"(?P<{{0}}>{_either(months)})\b\.?"
    day, year = _D.format, _Y.format
    week = rf"(?:\b(?:{days})\b\.?,?\s+)?"
    hour = r"(?:,?\s*\d{1,2}[:.]\d\d(?:\s*\(?[A-Z]{3,4}\)?)?)?"
    m = month.format
    sources = [
        # 30 September – 1 October 2020, 30 December 2019 – 2 January 2020
        rf"{week}\b{day('d1')}{_OF}{m('m1')}(?:{_OF},?\s*{year('y1')}{hour})?{_TO}{week}{day('d2')}{_OF}{m('m2')}{_OF},?\s*{year('y2')}",
        # 10-11 April 2018, 28 and 29 March 2023, 10, 11 and 12 April 2018
        rf"{week}\b{day('d1')}(?:,\s*\d{{1,2}}(?:st|nd|rd|th|\.)?)*{_TO}{week}{day('d2')}{_OF}{m('m2')}{_OF},?\s*{year('y2')}",
        # 13 March 2019
        rf"{week}\b{day('d1')}{_OF}{m('m1')}{_OF},?\s*{year('y1')}",
        # March 30 – April 1, 2019
        rf"{week}\b{m('m1')}\s+{day('d1')}{_TO}{m('m2')}\s+{day('d2')},?\s+{year('y2')}",
        # March 13-14, 2019
        rf"{week}\b{m('m1')}\s+{day('d1')}{_TO}{day('d2')},?\s+{year('y2')}",
        # March 13, 2019
        rf"{week}\b{m('m1')}\s+{day('d1')},?\s+{year('y1')}",
        # 2019-03-13
        r"(?<![\d-])(?P<y1>(?:19|20)\d\d)-(?P<n1>[01]\d)-(?P<d1>[0-3]\d)(?![\d-])",
        # 10.04.2018 – 11.04.2018
        rf"(?<![\d./])(?P<d1>\d{{1,2}})[./](?P<n1>\d{{1,2}})[./]{year('y1')}{_TO}(?P<d2>\d{{1,2}})[./](?P<n2>\d{{1,2}})[./]{year('y2')}",
        # 10-11.04.2018, 10.-11.4.2018
        rf"(?<![\d./])(?P<d1>\d{{1,2}})\.?\s*[-–]\s*(?P<d2>\d{{1,2}})[./](?P<n2>\d{{1,2}})[./]{year('y2')}",
        # 13/03/2019, 13.03.2019
        rf"(?<![\d./])(?P<d1>\d{{1,2}})[./](?P<n1>\d{{1,2}})[./]{year('y1')}",
        # October–November 2019, December 2019 – January 2020
        rf"\b{m('m1')}(?:{_OF}{year('y1')})?{_TO}{m('m2')}{_OF},?\s*{year('y2')}",
        # April 2019
        rf"\b{m('m1')}{_OF},?\s*{year('y1')}",
    ]
    return [re.compile(source, re.IGNORECASE) for source in sources]


def dates(text, language="en"):
    """Every date in the text that names at least a month, in the order of the text."""
    months, _ = _names(language)
    found, taken = [], []  # what is no date, such as 31 June, is not half of one either
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            if reading := _read(match, months):
                found.append(reading)
    return sorted(found, key=lambda reading: reading.span)


def first(text, language="en"):
    return next(iter(dates(text, language)), None)


_ALONE = [
    (re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])"), MONTH),
    (re.compile(r"(?:19|20)\d\d"), YEAR),
]


def whole(text, language="en"):
    """The date that a text is and nothing else, such as what is typed into a field; None otherwise."""
    text = text.strip().rstrip(".")
    for pattern, precision in _ALONE:
        if pattern.fullmatch(text):
            return Reading(text, text, precision, text, (0, len(text)))
    reading = first(text, language)
    return reading if reading and reading.span == (0, len(text)) else None


# A bare year is a date only where nothing else can be meant: in brackets, after a comma or at
# the head, and then the sentence ends. '36 %' is none, nor 'Horizon 2020', nor 'since 2015'.
_LONE_YEAR = re.compile(
    r"(?:,\s*|\(\s*|^\s*|\s[–-]\s)(?P<y>(?:19|20)\d\d)(?:\s*[-–]\s*(?P<y2>(?:19|20)\d\d))?(?=\s*(?:[).:,;]|$))"
)


def year_at_head(text):
    """A year that dates what the text names, such as 'Ethical guidelines, 2021.'"""
    for match in _LONE_YEAR.finditer(text):
        end = match["y2"] or match["y"]
        if 1950 <= int(match["y"]) <= int(end) <= 2100:
            span = (match.start("y"), match.end())
            return Reading(match["y"], end, YEAR, text[slice(*span)], span)
    return None


_VAGUE = re.compile(
    r"\b(?:(?:in |the )?(?:spring|summer|autumn|fall|winter|early|late|mid|beginning of|end of|q[1-4]"
    r"|(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:half|quarter)(?: of)?)[\s,/-]+(?:of )?)"
    r"(?P<y1>(?:19|20)\d\d)(?:\s*[/–-]\s*(?P<y2>(?:19|20)?\d\d))?\b"
    r"|\b(?P<a>(?:19|20)\d\d)\s*/\s*(?P<b>(?:19|20)?\d\d)\b(?![/-]\d)",
    re.IGNORECASE,
)


def vague(text):
    """A season, a quarter or two years, such as 'Spring 2020' or '2019/2020': the year of it."""
    for match in _VAGUE.finditer(text):
        start, end = match["y1"] or match["a"], match["y2"] or match["b"] or ""
        end = f"{start[: 4 - len(end)]}{end}"
        if start <= end <= f"{int(start) + 3}":
            return Reading(start, end, YEAR, match[0].strip(), match.span(), certain=False)
    return None


def _read(match, months):
    part = {name: value for name, value in match.groupdict().items() if value}
    y2 = part.get("y2") or part.get("y1")
    y1 = part.get("y1") or y2
    m2 = _month(part, "2", months) or _month(part, "1", months)
    m1 = _month(part, "1", months) or m2
    d1, d2 = part.get("d1"), part.get("d2")
    try:
        if d1 is None:
            start, end, precision = date(int(y1), m1, 1), date(int(y2), m2, 1), MONTH
        else:
            start, end, precision = (
                date(int(y1), m1, int(d1)),
                date(int(y2), m2, int(d2 or d1)),
                DAY,
            )
            if d2 is None:
                end = start
    except ValueError:
        return None
    if end < start and part.get("m1") and "y1" not in part:
        start = start.replace(year=start.year - 1)  # 30 December – 2 January 2020
    if end < start or (end - start).days > 400:
        return None
    length = 7 if precision == MONTH else 10
    swapped = "n1" in part and "-" not in match[0] and int(d1) <= 12 and part["n1"] != d1
    return Reading(
        start.isoformat()[:length],
        end.isoformat()[:length],
        precision,
        match[0].strip(),
        (match.start(), match.end()),
        certain="/" not in match[0] or not swapped,
    )


def _month(part, which, months):
    if name := part.get(f"m{which}"):
        return months[name.rstrip(".").casefold()]
    return int(part[f"n{which}"]) if part.get(f"n{which}") else None


_NUMBERS = [
    r"(?P<d1>\d{1,2})[-_](?P<d2>\d{1,2})[-_](?P<m>\d{1,2})[-_]?(?P<y>20\d\d)",
    r"(?P<d1>\d{2})[-_](?P<d2>\d{2})(?P<m>\d{2})(?P<y>20\d\d)",
    r"(?P<d1>\d{1,2})[-_.](?P<m>\d{1,2})[-_.](?P<y>20\d\d)",
    r"(?P<y>20\d\d)[-_.]?(?P<m>[01]\d)[-_.]?(?P<d1>[0-3]\d)",
    r"(?P<d1>[0-3]\d)(?P<m>[01]\d)(?P<y>20\d\d)",
    r"(?P<y>[12]\d)(?P<m>[01]\d)(?P<d1>[0-3]\d)",
    r"(?P<m>[01]\d)(?P<y>20\d\d)",
    r"(?P<y>20\d\d)",
]
_IN_ADDRESS = [re.compile(rf"(?<!\d){pattern}(?!\d)") for pattern in _NUMBERS]


def in_address(slug):
    """The date that a file name carries, as (start, end) in ISO 8601; None without one."""
    words = first(re.sub(r"[-_]+", " ", re.sub(r"(\d)[-_](\d{1,2}[-_][a-z])", r"\1–\2", slug)))
    if words and words.precision == DAY:
        return words.start, words.end
    for pattern in _IN_ADDRESS:
        for match in pattern.finditer(slug):
            part = match.groupdict()
            year = part["y"] if len(part["y"]) == 4 else f"20{part['y']}"
            try:
                if not part.get("m"):
                    return year, year
                if not part.get("d1"):
                    month = date(int(year), int(part["m"]), 1).isoformat()[:7]
                    return month, month
                start = date(int(year), int(part["m"]), int(part["d1"]))
                end = start.replace(day=int(part.get("d2") or start.day))
            except ValueError:
                continue
            if end >= start:
                return start.isoformat(), end.isoformat()
    return None
