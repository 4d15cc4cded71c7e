"""The practice sheet of the RAN Collection: a form of one practice, or several one after the other."""

import re

from imports import fates
from imports.readings import places
from imports.recipes.labels import Labels
from records import dates

MONTH_OF = re.compile(r"\b(0[1-9]|1[0-2])[/.](20\d\d)\b")


def _each(lines, signs):
    """Several on one line are parted by signs; on lines of their own they are whole."""
    if len(lines) != 1:
        return lines
    return [part.strip() for part in re.split(signs, lines[0]) if part.strip()]


class Sheet(Labels):
    def _read(self):
        sheets, sheet = [], [self.parts[0]]
        for part in self.parts[1:]:
            if part[0] == "name" and any(label == "name" for label, _ in sheet):
                sheets.append(sheet)
                sheet = []
            sheet.append(part)
        sheets.append(sheet)
        bounds = [min((i for _, rows in sheet for i, _ in rows), default=0) for sheet in sheets[1:]]
        for number, sheet in enumerate(sheets):
            start = bounds[number - 1] if number else -1
            end = bounds[number] if number < len(bounds) else len(self.blocks)
            self._practice(sheet, [i for i in self.content if start <= i < end])

    def _practice(self, sheet, indexes):
        if not indexes:
            return

        def value(name):
            return self._value(name, sheet)

        unlabelled = value("")
        name = (value("name") or unlabelled or [""])[0]
        at = next(
            (i for label, rows in sheet if label == "name" for i, line in rows if line), indexes[0]
        )
        proposal = self.account.propose(at, "practice", title=name, as_printed=self._printed(sheet))
        country = " ".join(value("country"))
        proposal.countries = (
            places.codes(country, self.language)
            or self._country_in(country)
            or self._country_in(", ".join(value("place")))
        )
        programme = "" if proposal.countries else places.split_place(name, self.language)[3]
        started = " ".join(value("started"))
        proposal.date = dates.first(started, self.language) or _year_in(started)
        named = re.search(r"\bcontinued until|\bended|\bto\b", started)
        proposal.fields |= {
            "description": "\n".join(value("description")),
            "country_as_printed": country,
            "programme": programme,
            "organisation": (value("organisation") or [""])[0],
            "organisation_type": (value("organisation_type") or [""])[0],
            "key_themes": _each(value("key_themes"), r";"),
            "target_audiences": _each(value("target_audiences"), r"[;,]"),
            "agencies": value("agencies"),
            "geographical_scope": " ".join(value("geographical_scope")),
            "scope": _scope(" ".join(value("geographical_scope"))),
            "deliverables": "\n".join(value("deliverables")),
            "evidence": "\n".join(value("evidence")),
            "sustainability": "\n".join(value("sustainability")),
            "presented_at": "\n".join(value("presented_at")),
            "linked_initiatives": value("linked_initiatives"),
            "contact": "\n".join(value("contact")),
            "last_update": " ".join(value("last_update")),
            "started": started if named or started else "",
        }
        proposal.certainty = fates.CERTAIN if name and value("name") else fates.PROBABLE
        self._rest_is_part(proposal, indexes)
        self.account.title = self.account.title or name


def _year_in(text):
    """The year of 'since 2012' or '2012 – 2016', the month of '03/2018': where a form asks for them."""
    if match := MONTH_OF.search(text):
        month = f"{match[2]}-{match[1]}"
        return dates.Reading(month, month, dates.MONTH, match[0], match.span())
    years = re.findall(r"(?<![\d.,])((?:19|20)\d\d)(?![\d%])", text)
    if not years:
        return None
    end = years[1] if len(years) > 1 and years[1] >= years[0] else years[0]
    start = text.index(years[0])
    return dates.Reading(years[0], end, dates.YEAR, text.strip(), (start, start + 4))


def _scope(text):
    """Only where the sheet names one of the two and not both."""
    named = {name for name in ("local", "national") if re.search(rf"\b{name}\b", text, re.I)}
    return named.pop() if len(named) == 1 else ""
