"""Documents of labels and what stands under each: forms, publication pages, event pages."""

import re

from imports import account as fates
from imports.reading import block as roles
from imports.readings import addresses, dates, items, places, words
from imports.sections import SILENT, settle

NAVIGATION = re.compile(
    r"(?:skip to main content|migration and home affairs|general publications?|details|files|home|search|menu"
    r"|an official website of the european union.*|how do you know\??|share this page|related (?:links|content|information)"
    r"|breadcrumb|news article|external event|download(?: \(.*\))?|available languages.*|english|en|\(.{2,12} - pdf\)"
    r"|radicalisation awareness network \(ran\)|.{0,200} cover)\W*",
    re.IGNORECASE,
)
HINT = re.compile(r"\s*(?:\((?:max|enter|please|day|e\.g|if)[^)]*\)|please (?:choose|note|describe|indicate|provide|select|enter|add|mention)[^.:]*[.:]?)\s*", re.IGNORECASE)
ITEMS_OF = re.compile(r"\b(?:key|main)? ?(?:points?|outcomes?|findings?|messages?|conclusions|lessons|recommendations|takeaways)\b[^.]{0,80}:?$", re.IGNORECASE)


class Labels:
    def __init__(self, account):
        self.account, self.recipe = account, account.recipe
        self.blocks = account.document.blocks
        self.language = account.language or "en"
        self.content = [i for i, block in enumerate(self.blocks) if block.role not in SILENT]

    def run(self):
        self.parts = self._split()
        {
            "practice-sheet": self._practices,
            "publication-page": self._publication,
            "event-page": self._event,
        }[self.recipe.name]()
        settle(self.account)

    # --- Labels and values

    def _split(self):
        """[(field, [(block index, line)])] in the order of the document; what has no label is ''."""
        lines = [
            (index, line.strip())
            for index in self.content
            for line in re.split(r"[\n\t]", self.blocks[index].text)
            if line.strip()
        ]
        parts, position = [("", [])], 0
        while position < len(lines):
            for count in (3, 2, 1):
                run = lines[position : position + count]
                found = len(run) == count and self._label(" ".join(line for _, line in run), count)
                if found:
                    name, rest = found
                    parts.append((name, [(run[0][0], "")]))
                    if rest:
                        parts[-1][1].append((run[-1][0], rest))
                    position += count
                    break
            else:
                parts[-1][1].append(lines[position])
                position += 1
        return parts

    def _label(self, text, count):
        """The field that a line is the label of, and what stands after it on the same line."""
        text = re.sub(r"^\W+", "", words.Reader().read(text))
        bare = HINT.sub("", text).strip(" :*|")
        for pattern, name in self.recipe.labels:
            if pattern.fullmatch(bare):
                return name, ""
            if count == 1 and (match := pattern.match(text)) and re.match(r"\s*(?:\([^)]*\))?\s*:\s*\S|\s{2,}\S", text[match.end() :]):
                return name, re.sub(r"^\s*(?:\([^)]*\))?\s*:?\s*", "", text[match.end() :])
        return None

    def _value(self, name, parts=None):
        """What stands under a label, one text a line, bullets without their signs."""
        lines = []
        for label, rows in parts if parts is not None else self.parts:
            if label == name:
                lines += self._texts(rows)
        return lines

    def _texts(self, rows):
        """The texts of rows: lines of one paragraph are one."""
        texts, before = [], None
        for index, line in rows:
            if not line:
                continue
            block = self.blocks[index]
            same = before == index and texts and block.role not in (roles.ROW, roles.LABEL)
            if block.marker and line.startswith(block.marker):
                line = line[len(block.marker) :].strip()
            if HINT.fullmatch(line):
                continue
            if same:
                texts[-1] += "\n" + line
            else:
                texts.append(line)
            before = index
        return [self.account.read(text) for text in texts]

    def _printed(self, parts):
        return words.printed("\n".join(line for _, rows in parts for _, line in rows))

    def _rest_is_part(self, proposal, indexes=None):
        for index in indexes if indexes is not None else self.content:
            if self.account.fates[index][0] == fates.LEFT_OVER:
                self.account.set(index, fates.PART, proposal)

    # --- The form of the RAN Collection

    def _practices(self):
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
        at = next((i for label, rows in sheet if label == "name" for i, line in rows if line), indexes[0])
        proposal = self.account.propose(at, "practice", title=name, as_printed=self._printed(sheet))
        country, programme = " ".join(value("country")), ""
        proposal.countries = places.codes(country, self.language) or self._country_in(country) or self._country_in(", ".join(value("place")))
        if not proposal.countries:
            _, _, codes, programme = places.split_place(name, self.language)
        started = " ".join(value("started"))
        proposal.date = dates.first(started, self.language) or _year_in(started)
        named = re.search(r"\bcontinued until|\bended|\bto\b", started)
        linked = value("linked_initiatives")
        proposal.fields |= {
            "description": "\n".join(value("description")),
            "country_as_printed": country,
            "programme": programme,
            "organisation": (value("organisation") or [""])[0],
            "organisation_type": (value("organisation_type") or [""])[0],
            "key_themes": value("key_themes"),
            "target_audiences": value("target_audiences"),
            "agencies": value("agencies"),
            "geographical_scope": " ".join(value("geographical_scope")),
            "scope": _scope(" ".join(value("geographical_scope"))),
            "deliverables": "\n".join(value("deliverables")),
            "evidence": "\n".join(value("evidence")),
            "sustainability": "\n".join(value("sustainability")),
            "presented_at": "\n".join(value("presented_at")),
            "linked_initiatives": linked,
            "contact": "\n".join(value("contact")),
            "last_update": " ".join(value("last_update")),
            "started": started if named or started else "",
        }
        proposal.certainty = fates.CERTAIN if name and value("name") else fates.PROBABLE
        self._rest_is_part(proposal, indexes)
        self.account.title = self.account.title or name

    def _country_in(self, text):
        """The countries in what was filled in, however it was: 'Copenhagen, Denmark' or 'DK'."""
        found = []
        for part in re.split(r"[,;/()\n]|\band\b|\s[–-]\s", text):
            if code := places.country(part, self.language) or (places._code(part.strip()) if part.strip().isupper() else ""):
                found.append(code)
        return list(dict.fromkeys(found))

    # --- A page that presents a paper

    def _publication(self):
        heading = self._heading()
        head = items.event(heading, self.account.groups, self.language) if heading else None
        value = self._value
        description = self._texts([row for label, rows in self.parts if label == "description" for row in rows])
        told = " ".join(description)
        files = [text for text in value("files") if len(text) > 25 and not dates.first(text, self.language)]
        quoted = re.search(r"\bon\s?(?:the )?[‘“'\"]([^’”\"]{12,200})[’”\"]", told)
        title = files[0] if files else head.title if head else (quoted[1].rstrip(",") if quoted else "")
        title = re.sub(r"\s*\((?:[\d.,]+\s*[KM]B|pdf).*$", "", title, flags=re.I)
        published = dates.first(" ".join(value("date")), self.language)
        countries = [code for text in value("country") for code in self._country_in(text)]
        groups = (head.groups if head else []) or self.account.groups.all(told)[:1]
        at = self._index_of(heading) if heading else self.content[0]
        paper = self.account.propose(
            at, "paper", title=title, as_printed=heading or title, date=published,
            countries=countries, groups=groups,
        )
        paper.fields |= {
            "authors": value("authors"), "topics": value("topics"), "summary": told, "heading_as_printed": heading,
            "groups_as_printed": head.groups_as_printed if head else "",
            "paper_kind": next((k for p, k in items.PAPER_KINDS if re.search(p, f"{heading} {told}", re.I)), "")
            or ("conclusions" if re.search(r"\bmain conclusions\b|\bkey (?:points|outcomes)\b", told, re.I) else ""),
            "date_of": "publication" if published else "",
        }
        self._meeting_of_publication(paper, head, told, quoted, countries, groups)
        self._lessons_of(paper)
        self._navigation(paper)
        self.account.title = title

    def _heading(self):
        """The line that heads the page: the first that is no navigation."""
        rows = self.parts[0][1]
        best = ""
        for index, line in rows:
            text = self.account.read(self.blocks[index].text) if self.blocks[index].role != roles.BULLET else ""
            if NAVIGATION.fullmatch(text) or len(text) < 12 or len(text) > 330:
                continue
            if self.blocks[index].role == roles.HEADING and self.blocks[index].level == 1:
                return text
            if not best and not text.endswith("."):
                best = text
        return best

    def _index_of(self, text):
        return next((i for i in self.content if self.account.read(self.blocks[i].text) == text), self.content[0])

    def _meeting_of_publication(self, paper, head, told, quoted, countries, groups):
        date = head.date if head and head.date and head.date.precision == dates.DAY else None
        at = self._index_of_words(told)
        if date is None:
            for reading in dates.dates(told, self.language):
                around = told[max(0, reading.span[0] - 60) : reading.span[1] + 260]
                if reading.precision == dates.DAY and re.search(r"took place|was held|meeting|event|webinar|gathered", around, re.I):
                    date = reading
                    break
        if date is None:
            return
        found, place = items._place_in_text(told, self.language)
        title = quoted[1].rstrip(",") if quoted else head.title if head and head.title else paper.title
        title = re.sub(r",? the Hague$", "", title)
        city = (place.split(",")[0].split(" (")[0] if place else "") or (head.city if head else "")
        meeting = self.account.propose(
            at if at is not None else self.content[0], "meeting", title=title, date=date, groups=list(groups),
            countries=found or list(countries), as_printed=words.printed(self.blocks[at].text) if at is not None else paper.as_printed,
        )
        meeting.fields |= {"city": city, "groups_as_printed": paper.fields.get("groups_as_printed", ""),
                           "heading_as_printed": paper.fields["heading_as_printed"], "reported_by": paper.number}
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
                announced = bool(ITEMS_OF.search(last)) and (last.rstrip().endswith(":") or block.role == roles.HEADING)
            elif block.role == roles.BULLET and announced and self.account.fates[index][0] == fates.LEFT_OVER:
                if block.level > 1 and self.account.proposals[-1].kind == "lesson":
                    self.account.add(index, self.account.proposals[-1], line=True)
                else:
                    self.account.propose(index, "lesson")
            elif block.role == roles.MORE and announced and self.account.proposals[-1].kind == "lesson":
                self.account.add(index, self.account.proposals[-1])

    def _navigation(self, proposal):
        for index in self.content:
            if self.account.fates[index][0] == fates.LEFT_OVER:
                text = self.account.read(self.blocks[index].body)
                self.account.set(index, fates.FURNITURE) if NAVIGATION.fullmatch(text) else self.account.set(index, fates.PART, proposal)

    # --- A page that announces a meeting

    def _event(self):
        value, heading = self._value, self._heading()
        text = "\n".join(self.account.read(self.blocks[i].text) for i in self.content)
        when = " ".join(value("when")) or ""
        date = dates.first(when, self.language) or dates.first(heading, self.language) or self._first_of_head()
        quoted = re.search(
            r"\b(?:event|meeting|webinar|workshop|conference|seminar)\b[^.‘“]{0,40}?\bon\s?(?:the\s?)?[‘“'\"]([^’”\"]{12,220})[’”\"]", text, re.I
        )
        announced = re.search(r"organising an? [^.‘“]{0,60}[‘“']([^’”]{12,220})[’”]", text, re.I) or quoted
        found = items.event(heading, self.account.groups, self.language) if heading else None
        title = found.title if found and found.title else announced[1].strip() if announced else ""
        where = [part for part in value("where")]
        countries, city = self._where(where, found)
        at = self._index_of(heading) if heading else self.content[0]
        meeting = self.account.propose(
            at, "meeting", title=title, date=date, countries=countries,
            groups=(found.groups if found else []) or self.account.groups.all(" ".join(value("organisers")))[:2],
            as_printed=words.printed("\n".join(self.blocks[i].text for i in self.content)),
        )
        time = re.search(r"(\d{1,2}[:.]\d\d)\s*[-–—to]+\s*(\d{1,2}[:.]\d\d)(?:\s*\(?([A-Z]{3,4})\)?)?", when or text)
        deadline = re.search(r"\b(?:before|by|until|no later than|deadline\s*(?:is|:)?)\s+((?:\w+day,? )?\d{1,2}(?:st|nd|rd|th)? [A-Z]\w+(?: 20\d\d)?)", text)
        meeting.fields |= {
            "city": city,
            "start_time": time[1] if time else "", "end_time": time[2] if time else "", "time_zone": (time[3] or "") if time else "",
            "languages": [code for name in value("languages") for code in _language_codes(name)],
            "organisers": value("organisers"),
            "objectives": self._bullets_under("objectives"),
            "conclusions": self._bullets_under("description"),
            "call_for_participants": "\n".join(value("call_for_participants")),
            "registration_deadline_as_printed": deadline[0] if deadline else "",
            "heading_as_printed": heading,
            "meeting_kind": "cross-cutting" if re.search(r"cross-cutting", text, re.I) else "",
        }
        if not date:
            meeting.certainty = fates.PROBABLE
        self._navigation(meeting)
        self.account.title = title

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
            for i in dict.fromkeys(i for label, rows in self.parts if label == name for i, _ in rows)
            if self.blocks[i].role == roles.BULLET
        ]


def _year_in(text):
    """The year of 'since 2012' or '2012 – 2016': where a form asks for one, a year is one."""
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


def _language_codes(text):
    from babel import Locale

    names = {name.casefold(): code for code, name in Locale("en").languages.items() if len(code) == 2}
    return [names[part.casefold()] for part in re.split(r"\W+", text) if part.casefold() in names]
