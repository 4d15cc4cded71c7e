"""What the words of one printed reference say: a meeting or paper with its date, a practice with its country."""

import re
from dataclasses import dataclass, field, replace

from imports.readings import places
from records import dates

SENTENCE = re.compile(r"\.(?=\s+[A-ZÀ-Þ‘“\"'(]|$)")
TYPE = re.compile(
    r"\s*(?:[-–—‒:,|]\s*)?(?:(?:joint |thematic |cross-cutting |digital |online |expert |working[- ]group )*"
    r"(?:meeting|event|workshop|webinar|conference|seminar|study visit|plenary|academy)s?\b(?:\s+on\b)?\s*[-–—‒:,|]?"
    r"|(?:(?:ex[- ]post|conclusions?|issue|discussion|policy|position|concept) papers?)\b\s*[-–—‒:,|]"
    r"|conclusions?(?=\s+[A-Z])|[-–—‒:,|])\s*",
    re.IGNORECASE,
)
CALLS_ITSELF = {
    "meeting": r"\b(?:this|the|during (?:this|the)|in this|at this) (?:\w+[ -]){0,3}?(?:meeting|event|workshop|webinar|conference|seminar|study visit)\b",
    "paper": r"\b(?:this|the) (?:[\w-]+ ){0,2}?(?:paper|report|handbook|manual|guide|guidelines|publication|document|study|brochure|factsheet|collection)\b(?! presented)",
}
HEADS = {
    "paper": r"\b(?:paper|report|handbook|manual|guidelines?|factsheet|study|collection|brochure|toolkit|guide|spotlight|compendium)\b",
    "meeting": r"\b(?:meeting|event|workshop|webinar|conference|seminar|study visit|plenary)\b",
}
ONLINE = re.compile(
    r"(?:,\s*|\s*\(|\s+[–—-]\s+)(?:an? )?(?:digital|online|virtual|hybrid)(?: (?:meeting|event|webinar))?\)?[\s,]*$",
    re.IGNORECASE,
)
PAPER_TYPES = [
    (r"\bissue paper\b", "issue"),
    (r"\b(?:ex[- ]post|conclusions?) paper\b|\bconclusions\b", "conclusions"),
    (r"\bhandbook\b|\bmanual\b", "handbook"),
    (r"\bguidelines?\b", "guidelines"),
    (r"\bthis report\b|\breport\b", "report"),
    (r"\bdiscussions? paper\b", "discussion"),
]


@dataclass
class Event:
    kind: str
    title: str
    sure: bool
    date: dates.Reading | None = None
    groups: list = field(default_factory=list)
    groups_as_printed: str = ""
    countries: list = field(default_factory=list)
    city: str = ""
    place: str = ""
    head: str = ""
    paper_type: str = ""
    also: str = ""
    authors: list = field(default_factory=list)
    undated: bool = False  # it says so itself: no year above counts for it


# 'Author (2019). Title. Publisher', as lists of references print it.
REFERENCE = re.compile(
    r"(?P<authors>[^()\d]{2,160}?)\s*\((?P<year>(?:19|20)\d\d)[a-z]?(?:,\s*(?P<when>[^()\d]{3,20}\d{0,2}))?\)\s*[.,:]?\s+(?P<title>[‘“'\"]?[A-ZÀ-Þ0-9].+)"
)
PAPER_TYPE = re.compile(
    r"(?:ex[- ]post|conclusions?|issue|discussions?|policy|position|concept|ad[- ]hoc|thematic) (?:paper|brief)\s*[:–—-]\s*",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"(?P<before>[^‘“«„\"]*?)(?:[‘“«„\"]|(?<!\w)')(?P<title>[^”»\"]{8,240}?)[’”»“\"'](?=$|[\s,.();:|])"
    r"(?P<after>[^‘“«„\"]*)"
)
UNDATED = re.compile(r"^\W*n\.\s?d\.(?:\W+|$)|[\s,(]+n\.\s?d\.\)?$", re.IGNORECASE)


def _reference(text, groups, language):
    """What is cited as in a bibliography; None of anything else."""
    match = REFERENCE.match(text)
    if not match or len(match["authors"].split()) > 22:
        return None
    title = (
        _quoted_title(match["title"])
        or re.split(
            r"[.?](?:\s|$)|,\s+(?=RAN|Radicalisation|ex[- ]post)", match["title"], flags=re.I
        )[0]
    )
    when = match["when"] and dates.first(f"{match['when']} {match['year']}", language)
    later = when or dates.first(text[match.end("year") :], language)
    year = dates.Reading(
        match["year"], match["year"], dates.YEAR, match["year"], match.span("year")
    )
    names, printed, rest = groups.head(match["authors"])
    result = Event(
        "paper",
        _trim(title),
        True,
        later or year,
        names,
        printed,
        head=_trim(text[: match.start("title") + len(title)]),
    )
    result.authors = [] if printed or not rest.strip() else [_trim(match["authors"])]
    result.paper_type = next(
        (kind for pattern, kind in PAPER_TYPES if re.search(pattern, text, re.I)), ""
    )
    return result


def _quoted_title(text):
    """A title in quotation marks, where what stands before it only says what it is the title of."""
    match = QUOTED.fullmatch(text)
    if (
        match
        and len(match["before"]) < 70
        and len(match["after"]) < 70
        and not re.search(r"[.:]\s", match["after"])
    ):
        return match["title"].rstrip(",")
    return ""


def event(text, groups, language="en", paper=False):
    """A meeting or a paper from a reference on one line; `paper`: it is one unless it says not."""
    if found := _reference(text, groups, language):
        return found
    undated = UNDATED.search(text)
    text = UNDATED.sub("", text) if undated else text
    head, rest, date = _head(re.sub(r"\s+\|\s+", ", ", text), language)
    date = date or (not undated and (dates.vague(head) or _alone_behind(rest, language))) or None
    title = re.sub(r"\s+(?=[,:;])", "", _without(head, date.printed if date else ""))
    names, printed, title = groups.head(title.strip(" ,;–—-"))
    if found := _named_in_quotes(title, groups, language):
        title, more, place, codes, city = found
    else:
        title, more, place, codes, city = _named(title, printed, paper, groups, language)
    if not title:
        title = _trim(head)
    result = Event("", title, False, date, names or more, printed, codes, city, place, _trim(head))
    result.undated = bool(undated)
    _name_kind(result, head, rest, paper)
    result.paper_type = next(
        (kind for pattern, kind in PAPER_TYPES if re.search(pattern, text, re.I)), ""
    )
    if not codes and rest:
        result.countries, result.place = _place_in_text(rest, language)
    return result


def _alone_behind(text, language):
    """The one date of the few words behind a title: who published it, and when."""
    found = dates.dates(text, language) if len(text) < 90 else []
    return found[0] if len(found) == 1 and found[0].span[1] >= len(text) - 2 else None


def _named_in_quotes(text, groups, language):
    """What a title in quotation marks stands among: groups, a place; None where it is more than that."""
    match = QUOTED.fullmatch(text)
    if not match or not _quoted_title(text):
        return None
    around = f"{match['before']} {match['after']}"
    names = groups.all(around)
    place = groups.pattern.sub("", ONLINE.sub("", match["after"])).strip(" ,;()|–—-")
    city, printed, codes, _ = (
        places.split_place(f"x, {place}", language) if place else ("", "", [], "")
    )
    if codes:
        city = city.removeprefix("x").strip(" ,(") or (
            "" if places.codes(printed, language) else printed.split(",")[0]
        )
    else:
        city = place if place in places.cities() else ""
        printed = city
    return _quoted_title(text).strip(), names, printed, codes, city


def _named(title, printed, paper, groups, language):
    """A title with groups and a place around it, without any sign between."""
    if printed or paper:
        title = _without_type(title) if printed else title
    title, more = _trailing_groups(ONLINE.sub("", title), groups)
    title, place, codes, _ = places.split_place(_trim(title), language)
    if not codes:
        title = f"{title}, {place}" if place else title
        title, city = places.split_city(title)
        place = city
    else:
        title, city = places.split_city(title)
        city = city or ("" if places.codes(place, language) else place.split(",")[0])
    title = _unquoted(
        _trim(PAPER_TYPE.sub("", title, count=1) if PAPER_TYPE.match(title) else title)
    )
    return _quoted_title(title) or title, more, place, codes, city


def _head(text, language):
    """The words that name it, what they are followed by, and the date among them."""
    stop = SENTENCE.search(text)
    end = stop.start() if stop else len(text)
    found = dates.dates(text[:600], language)
    at_head = next((r for r in found if r.span[0] <= max(end, 0) or r.span[0] <= 3), None)
    if at_head and at_head.span[0] <= 3:
        after = SENTENCE.search(text, at_head.span[1] + 3)
        cut = after.start() if after else len(text)
        return text[:cut], text[cut:].lstrip(" ."), at_head
    if at_head:
        cut = max(at_head.span[1], min(end, at_head.span[1] + 60))
        tail = text[at_head.span[1] : cut]
        if not re.fullmatch(r"[\s,;()–—-]*[\w’' (),–-]{0,50}", tail) or re.search(
            r"\b(?:this|the|and|in which)\b", tail, re.I
        ):
            cut = at_head.span[1]
        return text[:cut], text[cut:].lstrip(" .,;:)–—-"), at_head
    if year := dates.year_at_head(text[: end + 1]):
        if year.span[0] <= 3:
            return text[:end], text[end:].lstrip(" ."), year
        return text[: year.span[1]], text[year.span[1] :].lstrip(" .,;:)–—-"), year
    colon = re.search(r":\s", text[:end])
    later = (
        found[0]
        if found
        and re.search(
            r"\b(?:held|took place|on|of|from)\W+$",
            text[max(0, found[0].span[0] - 14) : found[0].span[0]],
        )
        else None
    )
    if colon and colon.start() < 40 and not stop:
        colon = None
    return text[:end], text[end:].lstrip(" ."), later


def _without(text, date):
    """The head without its date, and without the brackets that it stood in."""
    if not date:
        return text
    text = (
        re.sub(rf"\s*\(\s*{re.escape(date)}\s*\)", " ", text)
        if f"({date})" in text.replace("( ", "(")
        else text
    )
    return re.sub(rf"[\s,;(–—-]*{re.escape(date)}\s*", " ", text, count=1) if date in text else text


def _without_type(title):
    before = None
    while before != title:
        before = title
        if match := TYPE.match(title):
            title = title[match.end() :]
            if title[:1].islower() and match[0].strip(" -–—‒:,|"):
                return before.lstrip(" -–—‒:,|")
    return title.strip()


def _trailing_groups(title, groups):
    """Groups printed after the title: 'Title (RAN EXIT)' or 'Title, RAN EXIT'."""
    if match := re.search(r"(?:,\s*|\s*\(|\s+[–—-]\s+)(RAN\b[^,()]*)\)?[\s,]*$", title):
        found = groups.all(match[1])
        if found and not re.sub(
            r"(?i)\b(?:and|ran|working group)\b|\W", "", groups.pattern.sub("", match[1])
        ):
            return title[: match.start()], found
    return title, []


def _trim(text):
    text = text.strip().strip(",;:|").strip()
    text = re.sub(r"^[–—‒-]\s+|\s+[–—‒-]$|\s*\(\s*\)", "", text).strip(" ,;:|")
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith(("etc.", "..")) else text


def _unquoted(text):
    for opening, closing in ("‘’", "“”", "''", '""', "«»", "„“"):
        if (
            text.startswith(opening)
            and text.endswith(closing)
            and text.count(opening) == 1 + (opening == closing)
        ):
            return text[1:-1].strip()
    return text


def _name_kind(result, head, rest, paper):
    """What it calls itself; else what its words and its date make probable."""
    says = {kind: re.search(pattern, rest, re.IGNORECASE) for kind, pattern in CALLS_ITSELF.items()}
    this = {
        kind: bool(m) and m[0].lower().startswith(("this", "in this", "during this", "at this"))
        for kind, m in says.items()
    }
    heads = {kind: re.search(pattern, head, re.IGNORECASE) for kind, pattern in HEADS.items()}
    result.sure = True
    if this["meeting"]:
        result.kind = "meeting"
        if (
            heads["paper"]
            and re.search(r"\bthe paper\b", rest, re.I)
            and re.search(r"\bhandbook|manual|report\b", head, re.I)
        ):
            result.also = "paper"
    elif this["paper"] or (re.search(r"\bpaper\b|\breport\b", head, re.I) and not heads["meeting"]):
        result.kind = "paper"
    elif re.search(r"\bin this meeting\b|\bthis meeting\b|\bthe meeting\b", rest, re.I) or (
        heads["meeting"] and not heads["paper"]
    ):
        result.kind = "meeting"
    elif heads["paper"] and not heads["meeting"]:
        result.kind = "paper"
    else:
        result.sure = False
        by_date = result.date and result.date.precision == dates.DAY and result.date.is_range
        result.kind = (
            "paper"
            if (paper and not by_date) or not result.date or result.date.precision != dates.DAY
            else "meeting"
        )
        if paper and by_date:
            result.kind = "meeting"


PLACE_IN_TEXT = re.compile(
    r"\b(?:took place|held|gathered|met|organised)\b[^.]{0,60}?\bin ([A-ZÀ-Þ][\w’' -]+(?:(?:,| \() ?(?:the )?[A-ZÀ-Þ][\w ]+\)?)?)"
)


def _place_in_text(text, language):
    if match := PLACE_IN_TEXT.search(text):
        _, _, codes, _ = places.split_place(
            f"x, {match[1]}".replace(" (", ", ").rstrip(")"), language
        )
        if codes:
            return codes, match[1]
    return [], ""


@dataclass
class Practice:
    name: str
    sure: bool
    countries: list = field(default_factory=list)
    place: str = ""
    programme: str = ""
    description: str = ""
    date: dates.Reading | None = None


YEARS = re.compile(
    r"[,\s(]+(?:since |from )?((?:19|20)\d\d)\s*(?:[-–]\s*((?:19|20)\d\d)?(?:present|ongoing|today)?)?\)?$"
)
FUNDED = re.compile(
    rf",?\s*(?:funded|supported|financed) (?:by|under|through) (?:the )?({places.PROGRAMME.pattern})",
    re.IGNORECASE,
)
HEAD_ENDS = re.compile(r"\.(?=\s|$)|:(?=\s|$)|\s[–—-]\s|\)\s*(?=[a-z])|\)\s+(?=[A-ZÀ-Þ])|$")


def practice(text, language="en"):
    """A practice from a reference: its name, and the place printed after it."""
    text = re.sub(r"^\d{1,2}[.)]\s+", "", text)
    text = re.sub(r"^(?:name|title|practice)\s*:\s*", "", text, flags=re.IGNORECASE)
    first, colon, told = text.partition(": ")
    if colon and len(first) < 60 and (found := places.codes(first, language)):
        return replace(_practice(told, language), sure=True, countries=found, place=first)
    return _practice(text, language)


def _practice(text, language):
    for cut in HEAD_ENDS.finditer(text[:320]):
        head = text[: cut.start() + (cut[0].startswith(")"))]
        if len(head) > 220:
            break
        years = YEARS.search(head)
        name, place, codes, programme = places.split_place(
            head[: years.start()] if years else head, language
        )
        if not (codes or programme or place) and (funded := FUNDED.search(head)):
            name, programme = head[: funded.start()].rstrip(" (,"), funded[1]
            name, place, codes, _ = places.split_place(name, language)
        if (codes or programme or place) and len(name.strip()) > 1:
            date = years and dates.Reading(
                years[1], years[2] or years[1], dates.YEAR, years[0].strip(" ,()"), years.span()
            )
            rest = text[cut.end() :].strip()
            return Practice(_unquoted(_trim(name)), True, codes, place, programme, rest, date)
    stop = next((m for m in HEAD_ENDS.finditer(text[:320]) if m.start() > 2), None)
    name = text[: stop.start()] if stop else text
    rest = text[stop.end() :].strip() if stop else ""
    if len(name) > 140:  # a sentence that names it somewhere
        quoted = re.search(r"[‘“«\"]([^’”»\"]{3,80})[’”»\"]", name)
        name, rest = (quoted[1] if quoted else name[:140].rpartition(" ")[0]), text
    return Practice(_unquoted(_trim(name)), False, description=rest)
