"""A page that announces a meeting: when, where, what for, and who is called to take part."""

import re

from babel import Locale

from imports import fates
from imports.formats import block as roles
from imports.readings import places, references, words
from imports.recipes.labels import Labels
from records import dates

CALLED = (
    r"organising an? [^.‘“]{0,60}[‘“']([^’”]{12,220})[’”]",
    r"\b(?:event|meeting|webinar|workshop|conference|seminar)\b[^.‘“]{0,40}?\bon\s?(?:the\s?)?"
    r"[‘“'\"]([^’”\"]{12,220})[’”\"]",
)
HOURS = re.compile(r"(\d{1,2}[:.]\d\d)\s*[-–—to]+\s*(\d{1,2}[:.]\d\d)(?:\s*\(?([A-Z]{3,4})\)?)?")
DEADLINE = re.compile(
    r"\b(?:before|by|until|no later than|deadline\s*(?:is|:)?)"
    r"\s+((?:\w+day,? )?\d{1,2}(?:st|nd|rd|th)? [A-Z]\w+(?: 20\d\d)?)"
)


class Event(Labels):
    def _read(self):
        value, heading = self._value, self._heading()
        text = "\n".join(self.account.read(self.blocks[i].text) for i in self.content)
        when = " ".join(value("when")) or ""
        date = (
            dates.first(when, self.language)
            or dates.first(heading, self.language)
            or self._first_of_head()
        )
        found = references.event(heading, self.account.groups, self.language) if heading else None
        title = found.title if found and found.title else _called(text)
        countries, city = self._where(list(value("where")), found)
        meeting = self.account.propose(
            self._index_of(heading) if heading else self.content[0],
            "meeting",
            title=title,
            date=date,
            countries=countries,
            groups=(found.groups if found else [])
            or self._groups_of_head()
            or self.account.groups.all(" ".join(value("organisers")))[:2],
            as_printed=words.printed("\n".join(self.blocks[i].text for i in self.content)),
        )
        deadline = DEADLINE.search(text)
        meeting.fields |= _hours(when or text) | {
            "city": city,
            "languages": [code for name in value("languages") for code in _language_codes(name)],
            "organisers": value("organisers"),
            "objectives": self._bullets_under("objectives"),
            "conclusions": self._bullets_under("description"),
            "call_for_participants": "\n".join(value("call_for_participants")),
            "registration_deadline_as_printed": deadline[0] if deadline else "",
            "heading_as_printed": heading,
            "meeting_type": "cross-cutting" if re.search(r"cross-cutting", text, re.I) else "",
        }
        if not date:
            meeting.certainty = fates.PROBABLE
        self._navigation(meeting)
        self.account.title = title

    def _groups_of_head(self):
        for index in self.content[:5]:
            text = self.account.read(self.blocks[index].text)
            if len(text) < 200 and (found := self.account.groups.all(text)):
                return found
        return []

    def _first_of_head(self):
        """A date among the first lines of the page."""
        for index in self.content[:8]:
            text = self.account.read(self.blocks[index].text)
            if len(text) < 160 and (found := dates.first(text, self.language)):
                return found
        for index in self.content:
            if found := dates.first(self.account.read(self.blocks[index].text), self.language):
                return found
        return None

    def _where(self, where, found):
        for text in where + [self.account.read(self.blocks[i].body) for i in self.content[:8]]:
            if len(text) > 140:
                continue
            name, place, codes, _ = places.split_place(f"x, {text}", self.language)
            if codes:
                city = name.removeprefix("x").strip(" ,(") or place.split(",")[0]
                city = re.sub(r"^.*(?:[a-z])(?=[A-Z])", "", city).rpartition(",")[2].strip()
                return codes, "" if places.codes(city, self.language) else city
        if found and (found.countries or found.city):
            return found.countries, found.city
        return [], next((text for text in where if len(text) < 40), "")

    def _bullets_under(self, name):
        return [
            self.account.read(self.blocks[i].body)
            for i in dict.fromkeys(
                i for label, rows in self.parts if label == name for i, _ in rows
            )
            if self.blocks[i].role == roles.BULLET
        ]


def _called(text):
    """What the text says the meeting is called; empty where it names it nowhere."""
    found = (re.search(pattern, text, re.IGNORECASE) for pattern in CALLED)
    return next((match[1].strip() for match in found if match), "")


def _hours(text):
    found = HOURS.search(text)
    start, end, zone = found.groups() if found else ("", "", "")
    return {"start_time": start, "end_time": end, "time_zone": zone or ""}


def _language_codes(text):
    names = {
        name.casefold(): code for code, name in Locale("en").languages.items() if len(code) == 2
    }
    return [names[part.casefold()] for part in re.split(r"\W+", text) if part.casefold() in names]
