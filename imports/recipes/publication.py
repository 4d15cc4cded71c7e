"""A page that presents a paper: the paper, the meeting that it reports, its key points."""

import re

from imports import fates
from imports.formats import block as roles
from imports.readings import references, words
from imports.recipes.labels import Labels
from records import dates

ANNOUNCES = re.compile(
    r"\b(?:key|main)? ?(?:points?|outcomes?|findings?|messages?|conclusions|lessons|recommendations|takeaways)\b[^.]{0,80}:?$",
    re.IGNORECASE,
)


class Publication(Labels):
    def _read(self):
        heading = self._heading()
        head = references.event(heading, self.account.groups, self.language) if heading else None
        value = self._value
        description = self._texts(
            [row for label, rows in self.parts if label == "description" for row in rows]
        )
        told = " ".join(description)
        files = [
            text
            for text in value("files")
            if len(text) > 25 and not dates.first(text, self.language)
        ]
        quoted = re.search(r"\bon\s?(?:the )?[‘“'\"]([^’”\"]{12,200})[’”\"]", told)
        named = head.title if head else quoted[1].rstrip(",") if quoted else ""
        title = _without_size(files[0] if files else named)
        published = dates.first(" ".join(value("date")), self.language)
        countries = [code for text in value("country") for code in self._country_in(text)]
        groups = (head.groups if head else []) or self.account.groups.all(told)[:1]
        at = self._index_of(heading) if heading else self.content[0]
        paper = self.account.propose(
            at,
            "paper",
            title=title,
            as_printed=heading or title,
            date=published,
            countries=countries,
            groups=groups,
        )
        paper.fields |= {
            "authors": value("authors"),
            "topics": value("topics"),
            "summary": told,
            "heading_as_printed": heading,
            "groups_as_printed": head.groups_as_printed if head else "",
            "paper_type": _type_of(heading, told),
            "date_of": "publication" if published else "",
        }
        self._meeting_of_publication(paper, head, told, quoted, countries, groups)
        self._lessons_of(paper)
        self._navigation(paper)
        self.account.title = title

    def _meeting_of_publication(self, paper, head, told, quoted, countries, groups):
        date = head.date if head and head.date and head.date.precision == dates.DAY else None
        at = self._index_of_words(told)
        if date is None:
            for reading in dates.dates(told, self.language):
                around = told[max(0, reading.span[0] - 60) : reading.span[1] + 260]
                if reading.precision == dates.DAY and re.search(
                    r"took place|was held|meeting|event|webinar|gathered", around, re.I
                ):
                    date = reading
                    break
        if date is None:
            return
        found, place = references._place_in_text(told, self.language)
        title = (
            quoted[1].rstrip(",") if quoted else head.title if head and head.title else paper.title
        )
        title = re.sub(r",? the Hague$", "", title)
        city = (place.split(",")[0].split(" (")[0] if place else "") or (head.city if head else "")
        meeting = self.account.propose(
            at if at is not None else self.content[0],
            "meeting",
            title=title,
            date=date,
            groups=list(groups),
            countries=found or list(countries),
            as_printed=words.printed(self.blocks[at].text) if at is not None else paper.as_printed,
        )
        meeting.fields |= {
            "city": city,
            "groups_as_printed": paper.fields.get("groups_as_printed", ""),
            "heading_as_printed": paper.fields["heading_as_printed"],
            "reported_by": paper.number,
        }
        if at is None:
            self.account.set(self.content[0], fates.PART, paper)
        paper.fields["reports"] = meeting.number

    def _index_of_words(self, told):
        for label, rows in self.parts:
            if label == "description":
                for index, line in rows:
                    if line and re.search(r"took place|was held|meeting|event|webinar", line, re.I):
                        return index
        return None

    def _lessons_of(self, paper):
        """Bullets after 'Key points of this meeting include:' are its lessons."""
        announced = False
        for index in self.content:
            block = self.blocks[index]
            text = self.account.read(block.text)
            if block.role in (roles.PARAGRAPH, roles.HEADING):
                last = re.split(r"(?<=[.?!])\s+", text)[-1]
                announced = bool(ANNOUNCES.search(last)) and (
                    last.rstrip().endswith(":") or block.role == roles.HEADING
                )
            elif (
                block.role == roles.BULLET
                and announced
                and self.account.fates[index][0] == fates.LEFT_OVER
            ):
                if block.level > 1 and self.account.proposals[-1].kind == "lesson":
                    self.account.add(index, self.account.proposals[-1], line=True)
                else:
                    self.account.propose(index, "lesson")
            elif (
                block.role == roles.MORE
                and announced
                and self.account.proposals[-1].kind == "lesson"
            ):
                self.account.add(index, self.account.proposals[-1])


def _without_size(name):
    """The name of a file that is offered, without its size and language."""
    name = re.sub(r"\s*\((?:[\d.,]+\s*[KM]B|pdf).*$", "", name, flags=re.I)
    return re.sub(r"\s+(?:English|EN)$", "", name)


def _type_of(heading, told):
    for pattern, type_ in references.PAPER_TYPES:
        if re.search(pattern, f"{heading} {told}", re.I):
            return type_
    concludes = re.search(r"\bmain conclusions\b|\bkey (?:points|outcomes)\b", told, re.I)
    return "conclusions" if concludes else ""
