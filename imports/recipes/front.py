"""The first page of a paper that concludes a meeting: the paper, and the meeting it reports."""

import re

from imports import fates
from imports.formats import block as roles
from imports.readings import places, references
from records import dates

TYPE = re.compile(
    r"(?:ran )?(?:conclusions?|ex[- ]?post|issue|discussions?|policy|position|overview|thematic)[ -]papers?\b\s*[:–—-]?\s*",
    re.IGNORECASE,
)
AUTHOR = re.compile(
    r"(?:authored by|written by|authors?\s*:|by:|prepared by|rapporteurs?\s*:)\s*(?P<names>.+)",
    re.IGNORECASE,
)
NOWHERE = re.compile(
    r"(?:digital|online|virtual|hybrid)(?: (?:meeting|event|webinar))?|webinar", re.IGNORECASE
)
LONG = 220


def read_front(account, content):
    """Propose the paper and its meeting; return how many blocks of the content that took."""
    blocks, taken = account.document.blocks, []
    for index in content[:14]:
        block = blocks[index]
        text = account.read(block.text)
        known = None if TYPE.fullmatch(text) else account.recipe.section(text)
        if (
            (known and known[0] != "event" and taken)
            or len(text) > LONG
            or block.role in (roles.BULLET, roles.ROW)
        ):
            break
        if known and not taken:
            break
        taken.append(index)
    if not taken:
        return 0
    head = [
        account.read(re.sub(r"\s{3,}", "\n", block.text).split("\n")[0])
        for block in blocks[: content[14] if len(content) > 14 else len(blocks)]
        if block.role == roles.FURNITURE and block.page == blocks[content[0]].page
    ]
    lines = []
    for line in (line for index in taken for line in _lines(account, blocks[index])):
        if lines and _goes_on(lines[-1], line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    front = Front(account, lines, head)
    if front.date is None and not front.titles:
        return 0
    front.propose(taken, content)
    return len(taken)


def _lines(account, block):
    """The lines of a block; those of a heading that was broken are one."""
    if block.role == roles.HEADING and block.level:
        return [account.read(block.text)]
    lines, result = [line for line in block.text.split("\n") if line.strip()], []
    for line in lines:
        text = account.read(line)
        if result and _goes_on(result[-1], text):
            result[-1] += f" {text}"
        else:
            result.append(text)
    return result


def _goes_on(line, after):
    """Whether a line is the rest of the one before it."""
    cut = re.search(r"(?:[,‘“–(-]|\b(?:and|of|the|in|for|to|with|on|a|at))$", line)
    return after[:1].islower() or bool(cut)


class Front:
    def __init__(self, account, lines, head):
        self.account, self.lines = account, lines
        self.language = account.language or "en"
        self.titles, self.groups, self.groups_printed = [], [], ""
        self.published = None
        self.date, self.countries, self.city, self.place = None, [], "", ""
        self.paper_type, self.authors = "conclusions", []
        for line in lines:
            self._line(line.strip())
        if not any(len(title) > 8 for title in self.titles):
            for line in head:  # some print their title in the running head alone
                if not re.search(r"\bpage\b", line, re.I):
                    self._line(line.strip())

    def _line(self, line):
        if match := AUTHOR.match(line):
            self.authors = [
                name.strip() for name in re.split(r",| and |;|&", match["names"]) if name.strip()
            ]
            return
        found = TYPE.match(line)
        if found:
            self.paper_type = next(
                (k for p, k in references.PAPER_TYPES if re.search(p, found[0], re.I)),
                "conclusions",
            )
            line = line[found.end() :].strip()
        if not line or re.fullmatch(
            r"\W*|RAN|Radicalisation Awareness Network.*|\(RAN\)", line, re.I
        ):
            return
        reading = dates.first(line, self.language)
        if reading and self._is_days_after(line, reading):
            self.published, self.date = self.date, None  # a day alone, and then the meeting's
        if reading and self.date is None:
            self.date, self.alone = reading, reading.printed == line.strip(" .()")
            self._with_date(line, reading)
            return
        names, printed, rest = self.account.groups.head(line)
        if printed:
            rest = references._without_type(rest) if rest.strip() else ""
            self.groups, self.groups_printed = self.groups or names, self.groups_printed or printed
            line = rest
        if line and self._is_place(line):
            return
        if line and not NOWHERE.fullmatch(line):
            self.titles.append(references._unquoted(references._trim(line)))

    def _is_days_after(self, line, reading):
        """Whether a line dates the meeting, where a day stood alone above: that of the paper."""
        first = self.date
        if first is None or self.published or not self.alone or first.is_range:
            return False
        is_day = first.precision == dates.DAY
        return is_day and (reading.is_range or reading.printed != line.strip(" .()"))

    def _with_date(self, line, reading):
        """A line that prints the date, and with it perhaps place, group and title."""
        if len(line) - len(reading.printed) > 60:
            found = references.event(line, self.account.groups, self.language)
            self.titles.append(found.title)
            self.groups, self.groups_printed = (
                self.groups or found.groups,
                self.groups_printed or found.groups_as_printed,
            )
            self.countries, self.city, self.place = found.countries, found.city, found.place
            return
        rest = references._trim(references._without(line, reading.printed).strip(" ,;|–—-"))
        names, printed, rest = self.account.groups.head(rest)
        self.groups, self.groups_printed = self.groups or names, self.groups_printed or printed
        rest = references._trim(rest)
        if rest and not NOWHERE.search(rest) and not self._is_place(rest) and not self.city:
            if len(rest.split()) <= 3 and rest[:1].isupper():
                self.city = self.place = rest
            else:
                self.titles.append(rest)

    def _is_place(self, line):
        line = re.sub(r"(?:,\s*)?\(?\b(?:digital|online|hybrid)\b.*", "", line).strip(" ,(")
        name, place, codes, _ = places.split_place(f"x, {line}", self.language)
        if codes and re.fullmatch(r"x(?:,\s*[\w’' -]{2,30})?", name):
            self.countries = codes
            self.city = (
                self.city
                or name.removeprefix("x").strip(" ,(")
                or ("" if places.codes(place, self.language) else place.split(",")[0])
            )
            self.place = line
            return True
        if codes and re.fullmatch(r"x(?:, [\w’' -]{2,30})?\s?", name):
            self.countries, self.place = codes, line
            return True
        if line in places.cities():
            self.city = self.place = line
            return True
        return False

    def _title(self):
        """The longest of two; both, where the first one says that it goes on; the first of more."""
        if len(self.titles) > 2:
            return self.titles[0]
        if len(self.titles) == 2:
            first, second = self.titles
            if first and len(second) < 90 and first[-1:] in ":–-":
                return f"{first} {second}"
        return max(self.titles, key=len, default="")

    def propose(self, taken, content):
        account, blocks = self.account, self.account.document.blocks
        title = self._title()
        self._look_in_text(content)
        printed = "\n".join(self.lines)
        first = next(
            (i for i in taken if title and title[:25] in account.read(blocks[i].text)), taken[0]
        )
        common = {
            "title": title,
            "as_printed": printed,
            "date": self.date,
            "countries": list(self.countries),
            "groups": list(self.groups),
        }
        paper = account.propose(first, "paper", **common | {"date": self.published or self.date})
        paper.fields |= {
            "paper_type": self.paper_type,
            "authors": self.authors,
            "groups_as_printed": self.groups_printed,
            "date_of": "publication" if self.published else "event" if self.date else "",
            "heading_as_printed": printed[:400],
        }
        meeting = account.propose(first, "meeting", **common)
        meeting.fields |= {
            "city": self.city,
            "groups_as_printed": self.groups_printed,
            "heading_as_printed": printed[:400],
            "reported_by": paper.number,
        }
        account.set(first, fates.PROPOSAL, paper)
        for index in taken:
            if index != first:
                has_date = self.date and self.date.printed in account.read(blocks[index].text)
                account.set(index, fates.PART, meeting if has_date else paper)
        account.title, account.date = title, self.date
        if not self.date:
            meeting.certainty = fates.PROBABLE
        if not title:
            paper.certainty = meeting.certainty = fates.PROBABLE

    def _look_in_text(self, content):
        """What the first page does not print may stand in the first sentences."""
        blocks = self.account.document.blocks
        text = " ".join(self.account.read(blocks[i].text) for i in content[:14])[:3000]
        if self.date is None:
            for reading in dates.dates(text, self.language):
                around = text[max(0, reading.span[0] - 120) : reading.span[1] + 160]
                if re.search(
                    r"took place|was held|held (?:a|on|in|its)|meeting|event|gathered|webinar",
                    around,
                    re.I,
                ):
                    self.date = reading
                    break
        if not self.groups:
            self.groups = self.account.groups.all(text[:1500])[:1]
        if not self.countries:
            found, place = references._place_in_text(text, self.language)
            if found:
                self.countries, self.place = found, place
                self.city = self.city or place.split(",")[0].split(" (")[0]
