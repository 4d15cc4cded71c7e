"""Documents of labels and what stands under each: forms, publication pages, event pages."""

import re

from imports import fates
from imports.formats import block as roles
from imports.readings import places, words
from imports.recipes.sections import SILENT
from imports.recipes.settling import settle

NAVIGATION = re.compile(
    r"(?:skip to main content|migration and home affairs|general publications?|details|files|home|search|menu"
    r"|an official website of the european union.*|how do you know\??|share this page|related (?:links|content|information)"
    r"|breadcrumb|news article|external event|download(?: \(.*\))?|available languages.*|english|en|\(.{2,12} - pdf\)"
    r"|radicalisation awareness network \(ran\)|.{0,200} cover)\W*",
    re.IGNORECASE,
)
HINT = re.compile(
    r"\s*(?:\((?:max|enter|please|day|e\.g|if)[^)]*\)|please (?:choose|note|describe|indicate|provide|select|enter|add|mention)[^.:]*[.:]?)\s*",
    re.IGNORECASE,
)
BRACKETS = re.compile(r"\s*\((?:max|enter|please|day|e\.g|if)[^)]*\)\s*", re.IGNORECASE)


class Labels:
    def __init__(self, account):
        self.account, self.recipe = account, account.recipe
        self.blocks = account.document.blocks
        self.language = account.language or "en"
        self.content = [i for i, block in enumerate(self.blocks) if block.role not in SILENT]

    def run(self):
        self.parts = self._split()
        self._read()
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
        bare = (HINT if count == 1 else BRACKETS).sub("", text).strip(" :*|")
        for pattern, name in self.recipe.labels:
            if pattern.fullmatch(bare):
                return name, ""
            if (
                count == 1
                and (match := pattern.match(text))
                and re.match(r"\s*(?:\([^)]*\))?\s*:\s*\S|\s{2,}\S", text[match.end() :])
            ):
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
            goes_on = texts and (len(texts[-1].rpartition("\n")[2]) > 60 or line[:1].islower())
            same = before == index and goes_on and block.role not in (roles.ROW, roles.LABEL)
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

    # --- What pages share

    def _heading(self):
        """The line that heads the page: the first that is no navigation."""
        rows = self.parts[0][1]
        best = ""
        for index, _ in rows:
            text = (
                self.account.read(self.blocks[index].text)
                if self.blocks[index].role != roles.BULLET
                else ""
            )
            if NAVIGATION.fullmatch(text) or len(text) < 12 or len(text) > 330:
                continue
            if self.blocks[index].role == roles.HEADING and self.blocks[index].level == 1:
                return text
            if not best and not text.endswith("."):
                best = text
        return best

    def _index_of(self, text):
        return next(
            (i for i in self.content if self.account.read(self.blocks[i].text) == text),
            self.content[0],
        )

    def _navigation(self, proposal):
        told = {i for name, rows in self.parts if name == "languages" for i, _ in rows}
        for index in (i for i in self.content if i not in told):
            if self.account.fates[index][0] == fates.LEFT_OVER:
                text = self.account.read(self.blocks[index].body)
                if NAVIGATION.fullmatch(text) and self.blocks[index].role != roles.BULLET:
                    self.account.set(index, fates.FURNITURE)
                else:
                    self.account.set(index, fates.PART, proposal)

    def _country_in(self, text):
        """The countries in what was filled in, however it was: 'Copenhagen, Denmark' or 'DK'."""
        found = []
        for part in re.split(r"[,;/()\n]|\band\b|\s[–-]\s", text):
            if code := places.country(part, self.language) or (
                places._code(part.strip()) if part.strip().isupper() else ""
            ):
                found.append(code)
        return list(dict.fromkeys(found))
