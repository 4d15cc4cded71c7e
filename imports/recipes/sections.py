"""Documents in sections: what stands under a heading becomes what the heading announces."""

import re

from imports import fates
from imports.formats import block as roles
from imports.formats.vocabulary import is_section_heading
from imports.readings import places, references
from imports.recipes.rows import head_of, reference_of
from imports.recipes.settling import refresh, settle

SILENT = (roles.FURNITURE, roles.ADDRESS, roles.NOTE)
ABSENT = re.compile(
    r"(?:there (?:are|were) )?(?:no|not any|none of the) (?:\w+ ){0,3}?(?P<what>practices?|meetings?|papers?|lessons?|recommendations?|questions?)\b"
    r"|none\b.{0,80}$|not applicable|n/?a\W*$",
    re.IGNORECASE,
)
# What opens 'Key outcomes' often, and is none: when and where the meeting was.
TELLS_OF_MEETING = re.compile(
    r"(?:On|From|In|Between) (?:the )?(?:\d|[A-Z][a-z]+ (?:\d|and)).{0,160}?\b"
    r"(?:gathered|met|took place|was held|were held|brought together|convened|organised|came together)\b"
    r"|(?:The|This) (?:\w+ ){0,6}(?:meeting|event|webinar|workshop) (?:on .{0,60})?(?:took place|was held|gathered|brought together)\b"
    r"|This (?:\w+ )?(?:paper|report) (?:summari[sz]es|presents|outlines|reports|reflects|is based)\b",
    re.DOTALL,
)
ANNOUNCES = re.compile(r":\s*$")
# A heading that itself names a practice.
BOXED = re.compile(
    r"(?:(?:box|example)\s+[\d.]+\s*[:.–—-]?\s*)?(?:(?:good|promising|inspiring|best|selected) )?(?:practice|practice example|example practice|case study)"
    r"(?:\s+[\d.]+)?\s*[:–—-]\s*(?P<name>\S.+)",
    re.IGNORECASE | re.DOTALL,
)
# What a heading may be called and still not close the section that it stands in.
EVENT, PRACTICE, LESSON, QUESTION = "event", "practice", "lesson", "question"
MAKES = (EVENT, PRACTICE, LESSON, QUESTION)
POINTS = "points"  # under 'Highlights of the discussion': lessons, probably


class Sections:
    """Walks the blocks once and gives each its fate."""

    def __init__(self, account):
        self.account, self.recipe = account, account.recipe
        self.blocks = account.document.blocks
        self.content = [i for i, block in enumerate(self.blocks) if block.role not in SILENT]
        self.path, self.levels = [], []
        self.makes, self.scope, self.section_level = self.recipe.default, "", 0
        self.opened, self.current, self.last = False, None, None
        self.heading_above, self.context_group, self.context_year = None, "", ""
        self.has_bullets, self.columns, self.are_points = True, [], False

    def run(self):
        self.start = self._front()
        for position, index in enumerate(self.content):
            if position < self.start:
                continue
            block = self.blocks[index]
            {
                roles.HEADING: self._heading,
                roles.LABEL: self._heading,
                roles.BULLET: self._bullet,
                roles.ROW: self._listed,
                roles.MORE: self._more,
            }.get(block.role, self._paragraph)(position, index)
        settle(self.account)

    # --- The head of the document

    def _front(self):
        """What stands before the first part; recipes that make something of it say so."""
        if "meeting" in self.recipe.document:
            from imports.recipes.front import read_front

            return read_front(self.account, self.content)
        return 0

    # --- Headings

    def _heading(self, position, index):
        block = self.blocks[index]
        text = self.account.read(block.text).strip()
        if re.fullmatch(r"\W*\d{1,3}\W*", text):  # the mark of a note, or a page that none knows
            self.account.set(index, fates.LEFT_OVER)
            return
        self.account.set(index, fates.INTRODUCTION)
        self.last = (fates.INTRODUCTION, None)
        if self._opens_theme(text, block, position):
            return
        known = self.recipe.section(text)
        if known and not (
            self.recipe.default and known[0] in (self.recipe.default, "introduction")
        ):
            makes, match = known
            self.are_points = makes == POINTS and self._has_bullets(position)
            makes = LESSON if self.are_points else makes
            groups = match.groupdict()
            self._open(
                makes if makes in MAKES else "",
                position,
                groups.get("scope") or groups.get("scope2"),
                block,
            )
            return
        if known and self.recipe.default:
            self._open(self.recipe.default, position, None, block)
            return
        if match := BOXED.fullmatch(text):
            self._propose_practice(index, match["name"], boxed=True)
            return
        if self._is_proposal(text, block, position):
            self._propose(index, self.makes)
            return
        if self.recipe.options.get("themes") and self._is_place(position, text, block):
            self._enter(3, text)
            self._open("", position, None, block)
            return
        self._plain_heading(text, block, position)

    def _opens_theme(self, text, block, position):
        for level, pattern in enumerate(self.recipe.themes, 1):
            if match := pattern.fullmatch(text):
                title = next(value for value in match.groups() if value)
                self._enter(level, title.strip())
                self._open("", position, None, block)
                return True
        return False

    def _enter(self, level, title):
        keep = [(lvl, name) for lvl, name in self.path if lvl < level]
        self.path = [*keep, (level, title)]

    def _open(self, makes, position, scope, block):
        self.makes, self.scope = makes or "", (scope or "").lower()
        if self.scope not in ("local", "national"):
            self.scope = ""
        self.section_level, self.current, self.opened = block.level, None, True
        self.has_bullets = self._has_bullets(position)

    def _has_bullets(self, position):
        """Whether the part that begins here lists its proposals as bullets or rows."""
        for index in self.content[position + 1 :]:
            block = self.blocks[index]
            if block.role in (roles.BULLET, roles.ROW):
                return True
            if block.role in (roles.HEADING, roles.LABEL) and self.recipe.section(
                block.text.strip()
            ):
                return False
        return False

    def _is_proposal(self, text, block, position):
        """Whether the heading is itself a proposal: a practice or a paper with its text below."""
        if self.makes not in (PRACTICE, EVENT) or is_section_heading(text):
            return False
        if (
            block.level
            and self.section_level
            and block.level <= self.section_level
            and not self.recipe.default
        ):
            return False
        body = self.account.read(block.body)
        if self.makes == PRACTICE:
            if places.split_place(body, self.account.language)[2]:
                return True
            numbered = (
                bool(block.marker)
                and block.marker[:1].isdigit()
                and "." not in block.marker.strip(".")
            ) or bool(re.match(r"\d{1,2}[.)]\s+\w", text))
            below = bool(block.level and self.section_level and block.level > self.section_level)
            return (numbered or below) and not self._next_is(position, roles.HEADING)
        return bool(references.dates.first(body, self.account.language)) and len(body) > 25

    def _all_ask(self, position):
        """Whether every bullet below the heading is a question."""
        texts = []
        for index in self.content[position + 1 :]:
            if self.blocks[index].role not in (roles.BULLET, roles.MORE):
                break
            texts.append(self.blocks[index].text.rstrip())
        return all(text.endswith("?") for text in texts)

    def _next_is(self, position, *sought):
        after = self.content[position + 1 : position + 2]
        return bool(after) and self.blocks[after[0]].role in sought

    def _is_place(self, position, text, block):
        """A heading with a part of its own right below is a place of the tree."""
        if not self.path:
            return False
        for index in self.content[position + 1 : position + 4]:
            other = self.blocks[index]
            if other.role in (roles.HEADING, roles.LABEL):
                known = self.recipe.section(self.account.read(other.text))
                return bool(known) and known[0] in MAKES
            if other.role in (roles.BULLET, roles.ROW):
                return False
        return False

    def _plain_heading(self, text, block, position):
        """Any other heading ends the part it stands in, unless it stands below it."""
        groups = self.account.groups.all(text)
        if self.recipe.default:
            self.context_group = groups if groups else self.context_group
            year = re.fullmatch(r"\W*((?:19|20)\d\d)\W*", text)
            self.context_year = year[1] if year else self.context_year
            self.current = None
            return
        if self.makes and block.level and self.section_level and block.level > self.section_level:
            self.current = None
            return
        if self.makes in (LESSON, QUESTION) and self._next_is(position, roles.BULLET):
            self.makes = QUESTION if self._all_ask(position) else LESSON
            self.current, self.has_bullets = (
                None,
                True,
            )  # 'For practitioners' under 'Recommendations'
            return
        self.makes, self.current, self.opened = "", None, True

    # --- What becomes of the blocks

    def _bullet(self, position, index):
        block = self.blocks[index]
        if block.level > 1 and self.current is not None:
            self.account.add(index, self.current, line=True)
            self.last = (fates.PART, self.current)
        elif self.makes:
            self._listed(position, index)
        elif self.last and self.last[0] in (fates.INTRODUCTION, fates.PART) and self._announced:
            self._same_as_last(index)
        else:
            self.account.set(index, fates.LEFT_OVER)
            self.last = (fates.LEFT_OVER, None)

    _announced = False

    def _listed(self, position, index):
        if not self.makes:
            self.account.set(index, fates.LEFT_OVER)
            self.last = (fates.LEFT_OVER, None)
            return
        block = self.blocks[index]
        if block.role == roles.ROW and (head := head_of(block.text)):
            self.columns = head
            self.account.set(index, fates.INTRODUCTION)
            self.last = (fates.INTRODUCTION, None)
            return
        self._propose(index, self.makes)

    def _more(self, position, index):
        """The rest of a block after a page: whatever that was."""
        if self.last is None:
            self.account.set(index, fates.LEFT_OVER)
            return
        self._same_as_last(index)

    def _same_as_last(self, index):
        fate, proposal = self.last
        if proposal is not None:
            self.account.add(index, proposal)
            if self.blocks[index].role == roles.MORE and fate == fates.PROPOSAL:
                refresh(self.account, proposal)
        else:
            self.account.set(index, fate)

    def _paragraph(self, position, index):
        block = self.blocks[index]
        text = self.account.read(block.text)
        self._announced = bool(ANNOUNCES.search(text))
        if self.makes == LESSON and TELLS_OF_MEETING.match(text):
            self.account.set(index, fates.INTRODUCTION)
            self.last = (fates.INTRODUCTION, None)
        elif self.makes and ABSENT.match(text) and len(text) < 400 and self.current is None:
            kind = "meeting" if self.makes == EVENT else self.makes
            self.account.note_absence(index, [title for _, title in self.path], kind)
            self.last = (fates.ABSENCE, None)
        elif self.current is not None and (self._belongs(index) or not self.has_bullets):
            if self._starts_proposal(text, block):
                self._propose(index, self.makes)
            else:
                self.account.add(index, self.current, line=True)
                self.last = (fates.PART, self.current)
        elif self.makes and self._starts_proposal(text, block):
            self._propose(index, self.makes)
        elif (
            not self.opened
            or (not self.makes and self._introduces(position))
            or self._announced
            or (self.makes and self.current is None)
        ):
            self.account.set(index, fates.INTRODUCTION)
            self.last = (fates.INTRODUCTION, None)
        else:
            self.account.set(index, fates.LEFT_OVER)
            self.last = (fates.LEFT_OVER, None)

    def _belongs(self, index):
        """Whether a paragraph tells more of the proposal above: a proposal that was only a name."""
        return self.current.fields.get("_open", False)

    def _starts_proposal(self, text, block):
        """Whether a paragraph is a proposal of its own in a part that lists none as bullets."""
        if self.has_bullets and not self.recipe.default:
            return False
        if self._announced or len(text) < 12:
            return False
        if self.makes == EVENT:
            head = text[:300]
            return bool(
                references.dates.first(head, self.account.language)
                or references.dates.year_at_head(head)
            )
        if self.makes == PRACTICE:
            return references.practice(text, self.account.language).sure
        return self.makes in (LESSON, QUESTION)

    def _introduces(self, position):
        """Whether the text stands right under the heading of a theme, or in an introduction."""
        for index in reversed(self.content[:position]):
            block = self.blocks[index]
            if block.role in (roles.HEADING, roles.LABEL):
                text = self.account.read(block.text)
                known = self.recipe.section(text)
                if known:
                    return known[0] == "introduction"
                return bool(self.path) or self.recipe.default != "" or self._first_heading(index)
            if block.role == roles.BULLET and self.account.fates[index][0] != fates.INTRODUCTION:
                return False
        return True

    def _first_heading(self, index):
        return not any(self.blocks[i].role == roles.PARAGRAPH for i in self.content if i < index)

    # --- Proposals

    def _propose(self, index, makes):
        if makes == PRACTICE:
            self._propose_practice(index, self.account.read(self.blocks[index].body))
            return
        block = self.blocks[index]
        if makes == EVENT:
            proposal = self.account.propose(index, "meeting")
        else:
            proposal = self.account.propose(index, makes)
            if self.are_points or (not self.has_bullets and block.role == roles.PARAGRAPH):
                proposal.certainty = fates.PROBABLE
        self._file(proposal)
        proposal.fields["_paper"] = bool(self.recipe.options.get("paper"))
        proposal.fields["_text"] = self._row(block)
        refresh(self.account, proposal)
        if makes == EVENT:
            self._fill_from_context(proposal)
            proposal.fields["_open"] = block.role == roles.HEADING or not re.search(
                r"[.!?…]$", block.body.strip()
            )
        self.current, self.last = proposal, (fates.PROPOSAL, proposal)

    def _propose_practice(self, index, text, boxed=False):
        proposal = self.account.propose(index, "practice")
        row = self._row(self.blocks[index])
        proposal.fields["_text"] = text if boxed else row or self._headed(index)
        self._file(proposal)
        if self.scope:
            proposal.fields["scope"] = self.scope
        refresh(self.account, proposal)
        block = self.blocks[index]
        proposal.fields["_open"] = block.role == roles.HEADING or not re.search(
            r"[.!?…]$", block.body.strip()
        )
        if boxed:
            self.makes, self.has_bullets, self.opened = "", False, True
            proposal.fields["_open"] = True
        self.current, self.last = proposal, (fates.PROPOSAL, proposal)

    def _row(self, block):
        is_row = block.role == roles.ROW and self.columns
        return self.account.read(reference_of(self.columns, block.text)) if is_row else ""

    def _headed(self, index):
        """The text of a proposal whose first line is its head: 'Name, Country' and then a sentence."""
        first, _, rest = self.blocks[index].body.partition("\n")
        first, rest = self.account.read(first), self.account.read(rest)
        placed = places.split_place(first, self.account.language)[2]
        return f"{first}. {rest}" if placed and rest[:1].isupper() else ""

    def _file(self, proposal):
        if self.recipe.options.get("themes"):
            proposal.theme = tuple(title for _, title in self.path)

    def _fill_from_context(self, proposal):
        if not proposal.groups and self.context_group:
            proposal.groups, proposal.certainty = list(self.context_group), fates.PROBABLE
        if proposal.date is None and self.context_year and not proposal.fields.get("_undated"):
            year = self.context_year
            proposal.date = references.dates.Reading(
                year, year, references.dates.YEAR, year, (0, 4)
            )
            proposal.certainty = fates.PROBABLE
