"""Printed lines become blocks: paragraphs, headings, bullets with their level, notes.

Serves plain text and PDFs without usable tags. Lines carry their measures; whether a line
goes on in the next one is judged by its end, by the room it left and by the space between.
"""

import re
from collections import Counter
from itertools import pairwise

from imports.formats import block as roles
from imports.formats import marks
from imports.formats.block import URL, Block
from imports.formats.vocabulary import is_section_heading

ENDS = re.compile(r"[.!?:;…][\"”’')\]\d]*$")
HOLDS_ON = re.compile(
    r"(?:[,(/&‘“]|[^\W\d_][-\u00ad\u2010]|\b(?:the|a|an|of|and|or|in|on|for|to|with|from|by|at|as|their|its"
    r"|der|die|das|und|de|la|le|les|et|des|du|van|het|en|y|el|di|e))$",
    re.IGNORECASE,
)
THEME = re.compile(r"(?:main |sub[- ]?)?theme\b.{0,6}[:–-]", re.IGNORECASE)
ADDRESS_TAIL = re.compile(r"[\w\-./%?=&#~+,:;@]+")


ADDRESS_LAST = re.compile(r"https?://\S+$")


def assemble(pages):
    """The blocks of numbered pages whose furniture is marked."""
    return Assembler(pages).run()


class Assembler:
    def __init__(self, pages):
        self.pages = pages
        lines = [line for page in pages for line in page.lines if not line.furniture]
        gaps = Counter(round(line.gap, 1) for line in lines if line.text.strip())
        self.gap = gaps.most_common(1)[0][0] if gaps else 0
        sizes = Counter()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        self.size = sizes.most_common(1)[0][0] if sizes else 0
        self.blocks, self.open, self.last, self.notes = [], None, None, 0

    def run(self):
        for page in self.pages:
            lines = [line for line in page.lines if line.text.strip()]
            texts = [line for line in lines if not line.furniture]
            self.page, self.first = page.number, True
            self.text = "\n".join(line.text for line in texts)
            follows = dict(zip(map(id, texts), texts[1:], strict=False))
            for line in lines:
                if line.furniture:
                    self._add(line, roles.FURNITURE, keep=True)
                else:
                    self.first = self.first or line.fresh
                    self._take(line, follows.get(id(line)))
                    self.first = False
        _set_levels(self.blocks)
        _mend_numbers(self.blocks)
        return self.blocks

    def _take(self, line, following):
        text = line.text.strip()
        if self._is_address(line, text):
            return
        if self._waits_for_text():
            self._append(line)
        elif sign := self._bullet(line) or (
            text if marks.BULLET_ALONE.fullmatch(text) and following else ""
        ):
            self._add(line, roles.BULLET, marker=sign)
        elif self._is_note(line, text):
            self.notes += 1
            self._add(line, roles.NOTE, keep=True)
            self.note, self.note_size = self.blocks[-1], line.size
        elif self._goes_on_with_note(line):
            self._append(line, self.note)
        elif (sign := marks.number(line.text)) and not self._held_on():
            self._add(line, roles.BULLET, marker=sign)
        elif is_section_heading(text) and not self._held_on():
            self._add(line, roles.HEADING)
        elif self._goes_on(line, following):
            self._append(line)
        elif self._is_heading(line, following):
            self._add(line, roles.HEADING)
        else:
            self._add(line, roles.PARAGRAPH)

    # --- What happens to a line

    def _add(self, line, role, marker="", keep=False):
        """Begin a block; `keep` leaves the one before it open, to go on after the page."""
        block = Block(line.text.rstrip(), self.page, role, marker=marker, links=list(line.links))
        block.left = line.left if line.indent is None else line.indent
        self.blocks.append(block)
        if not keep:
            self.open, self.last = block, line
        return block

    def _append(self, line, block=None):
        target = block or self.open
        if block is None and target.page != self.page:
            target = self._add(line, roles.MORE)
            return
        target.text += "\n" + line.text.rstrip()
        target.links += line.links
        if block is None:
            self.last = line

    def _bullet(self, line):
        """The sign of a bullet. 'o' and a dash also stand for themselves in running text."""
        sign = marks.bullet(line.text)
        if sign == "o" and self.last is not None:
            rest, before = line.text.strip()[1:].lstrip(), self.last.text.rstrip()
            if rest[:1].islower() and not (
                ENDS.search(before) or before.endswith((",", "and", "or"))
            ):
                return ""
        if sign in ("–", "—") and self._held_on() and line.text.strip()[1:].lstrip()[:1].islower():
            return ""
        return sign

    def _is_address(self, line, text):
        """Take a line that is an address and nothing else, or the rest of one."""
        before = self.blocks[-1] if self.blocks else None
        if URL.fullmatch(text):
            self.blocks.append(Block(text, self.page, roles.ADDRESS))
            self.address = line
            return True
        if (
            before is not None
            and before.role == roles.ADDRESS
            and before.page == self.page
            and ADDRESS_TAIL.fullmatch(text)
            and (re.search(r"[/_=.%-]", text.rstrip(".")) or self._fills(self.address))
            and (
                text.startswith(".")
                or not re.search(r"\.(?:pdf|html?|docx?)$|_[a-z]{2}$", before.text)
                or (self._fills(self.address) and not text.startswith("www"))
            )
        ):
            self.address = line
            before.text += "\n" + text
            return True
        return False

    # --- How a line is judged

    @staticmethod
    def _fills(line):
        """Whether the line goes to the end of its column; in plain text nobody knows."""
        return bool(line.size and line.limit) and line.right - line.left > 0.93 * (
            line.limit - line.left
        )

    def _waits_for_text(self):
        return (
            self.open is not None
            and self.open.role == roles.BULLET
            and self.open.text.strip() == self.open.marker
        )

    def _held_on(self):
        """Whether the text before it cannot have ended there."""
        if self.open is None or self.open.role == roles.HEADING or self.last is None:
            return False
        return HOLDS_ON.search(self.last.text.rstrip()) is not None

    def _hangs(self, line):
        """Whether the line stands under the words of a bullet, farther in than its sign."""
        return (
            bool(line.size)
            and self.open.role in (roles.BULLET, roles.MORE)
            and line.indent is not None
            and (line.indent > self.open.left + (2 if self.open.role == roles.BULLET else -1))
        )

    def _had_room(self, line):
        """Whether the first word of this line would have stood at the end of the last."""
        last, word = self.last, line.text.split()[0]
        if not last.limit:
            return True
        width = (last.right - last.left) / max(len(last.text.strip()), 1)
        share = 0.85 if self.open.role in (roles.BULLET, roles.MORE) else 0.92
        return last.right + (len(word) + 1) * width <= last.left + share * (last.limit - last.left)

    def _was_short(self, share=0.6):
        last = self.last
        return not last.limit or (last.right - last.left) <= share * (last.limit - last.left)

    def _same_look(self, line):
        return abs(line.size - self.last.size) < 0.6 and line.bold == self.last.bold

    def _goes_on(self, line, following):
        """Whether the line belongs to the block that is open."""
        if self.open is None or self.last is None:
            return False
        text, before = line.text.strip(), self.last.text.rstrip()
        ended, lower = ENDS.search(before) is not None, text[:1].islower()
        if self.open.role == roles.HEADING:
            return self._heading_goes_on(line, following, before, lower)
        if self.open.page != self.page or self.first:
            if ended:
                return (lower or self._hangs(line)) and not self._looks_set_off(line)
            return (
                lower
                or HOLDS_ON.search(before) is not None
                or not self._is_heading(line, following)
            )
        if not self._same_look(line) and self._looks_set_off(line):
            return False
        if ADDRESS_LAST.search(before) and text[:1].isupper() and " " in text:
            return False  # an entry of a list that ends with its address
        if HOLDS_ON.search(before) or (lower and not ended):
            return True
        if line.gap > self.gap + 0.45:
            return False
        if (
            self.open.role == roles.BULLET
            and line.size
            and (line.left if line.indent is None else line.indent) < self.open.left - 1
        ):
            return False
        if ended:
            return not self._had_room(line)
        if is_section_heading(before) or (self._was_short() and not lower):
            return False
        return not (self._had_room(line) and self._is_heading(line, following))

    def _heading_goes_on(self, line, following, before, lower):
        if (
            self.first
            or line.gap > self.gap + 1.2
            or (is_section_heading(before) and not THEME.match(before))
        ):
            return False
        if line.size:
            return self._same_look(line) and self._looks_set_off(line)
        if following is not None and following.text.strip()[:1].islower():
            return False
        return (lower or HOLDS_ON.search(before) is not None) and len(line.text.strip()) < 90

    def _looks_set_off(self, line):
        """Larger or bolder than the text around it."""
        return bool(line.size) and (line.size > self.size * 1.08 or line.bold)

    def _is_heading(self, line, following):
        text = line.text.strip()
        if len(text) > 140 or not re.search(r"[^\W\d_]", text):
            return False
        if THEME.match(text):
            return True
        if line.size:
            return (
                self._looks_set_off(line)
                and not re.search(r"[,;]$", text)
                and len(text.split()) <= 24
            )
        if not re.match(r"[A-ZÀ-ÞΑ-ΩА-Я0-9‘“\"'«„]", text) or re.search(r"[.,;:]$", text):
            return False
        if len(text.split()) > 18 or URL.search(text):
            return False
        if line.limit and (line.right - line.left) > 0.75 * (line.limit - line.left):
            return False
        return following is None or not following.text.strip()[:1].islower()

    def _is_note(self, line, text):
        match = marks.NOTE_START.match(text)
        if not match:
            return False
        number = next(filter(None, match.groups()))
        if match[3]:
            return not self._held_on()
        if line.size and line.size < self.size * 0.93:
            return True
        return (
            int(number) == self.notes + 1
            and (
                self.last is None
                or ENDS.search(self.last.text.rstrip()) is not None
                or line.gap > self.gap
            )
            and re.search(
                rf"[^\W\d_][.,;:)’”]*[(\[]?{number}[)\]]?(?=[\s.,;]|$)", self.text.split(text)[0]
            )
            is not None
            and not self._held_on()
        )

    def _goes_on_with_note(self, line):
        before = self.blocks[-1] if self.blocks else None
        return (
            before is not None
            and before.role == roles.NOTE
            and before.page == self.page
            and line.gap <= self.gap + 0.45
            and not line.fresh
            and abs(line.size - self.note_size) < 0.6
            and not is_section_heading(line.text.strip())
        )


def _set_levels(blocks):
    """Give the bullets of each list their level, by how far in they stand and by their sign."""
    stack = []
    for block in blocks:
        if block.role == roles.BULLET:
            key = (round(block.left), _sort_of(block.marker))
            _find_level(stack, key)
            block.level = len(stack)
        elif block.role in (roles.HEADING, roles.PARAGRAPH, roles.LABEL):
            stack = []


def _sort_of(marker):
    if marker[:1].isdigit() or marker[1:2].isdigit():
        return "number"
    return "letter" if marker.strip("().").isalpha() and len(marker) > 1 else marker


def _find_level(stack, key):
    """Cut the stack of open lists back to the one of this sign, or open another in it."""
    left, sign = key
    for depth, (other_left, other_sign) in enumerate(stack):
        if sign == other_sign and abs(left - other_left) <= 2:
            del stack[depth + 1 :]
            return
    while stack and (
        left < stack[-1][0] - 2 or (stack[-1][1] == sign and left <= stack[-1][0] + 2)
    ):
        stack.pop()
    stack.append(key)


def _mend_numbers(blocks):
    """A short numbered line with text under it, not with its like, heads that text."""
    silent = (roles.FURNITURE, roles.ADDRESS, roles.NOTE)
    texts = [block for block in blocks if block.role not in silent]
    for block in texts:
        heading = marks.HEADING_NUMBER.match(block.text)
        if heading and len(block.text) < 140 and not ENDS.search(block.text.rstrip()):
            block.role, block.marker = roles.HEADING, heading[1]
            block.level = heading[1].strip(".").count(".") + 1
    follows = {id(block): after for block, after in pairwise(texts)}
    for run in _numbered_runs(texts):
        heads = [block for block in run if _could_head(block, follows.get(id(block)), len(run))]
        if len(heads) >= 0.6 * len(run):
            for block in heads:
                block.role, block.level = roles.HEADING, 1


def _numbered_runs(texts):
    """Items whose numbers count up, whatever stands between them."""
    runs = []
    for block in texts:
        if block.role != roles.BULLET or _sort_of(block.marker) != "number":
            continue
        number = int(re.sub(r"\D", "", block.marker))
        if runs and number == runs[-1][0] + 1:
            runs[-1][0] = number
            runs[-1][1].append(block)
        else:
            runs.append([number, [block]])
    return [run for _, run in runs]


def _could_head(block, after, length):
    if is_section_heading(block.body):
        return True
    below = (roles.PARAGRAPH,) if length > 1 else (roles.PARAGRAPH, roles.HEADING, roles.BULLET)
    short = len(block.text) < 110 and not ENDS.search(block.text.rstrip())
    return short and after is not None and after.role in below
