"""Ligatures and line ends undone for reading. What is kept `as_printed` never passes here."""

import re
import unicodedata
from collections import Counter

LIGATURES = {ord(c): unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# Tried once for each word: from within a long one it would be looked for at every letter.
BROKEN = re.compile(r"(?<![^\W_])([^\W_]+)([-\u2010\u00ad])[ \t]*\n\s*([^\W\d_]+)")


class Reader:
    """Reads printed lines as one text, knowing the words of the whole document."""

    def __init__(self, text=""):
        plain = _plain(text)
        whole = BROKEN.sub(" ", plain)
        self.words = Counter(word.casefold() for word in WORD.findall(whole))

    def read(self, text):
        """One line of text: ligatures apart, words whole, spaces single."""
        text = BROKEN.sub(self._joined, _plain(text))
        text = re.sub(r"(\d[-–])[ \t]*\n\s*(\d)", r"\1\2", text)
        return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()

    def _joined(self, match):
        """A word cut at the line's end: with its hyphen if the document has it so elsewhere."""
        first, hyphen, last = match.groups()
        if hyphen == "\u00ad":
            return first + last
        whole, compound = (first + last).casefold(), f"{first}-{last}".casefold()
        if self.words[compound] != self.words[whole]:
            return f"{first}-{last}" if self.words[compound] > self.words[whole] else first + last
        if last[0].isupper() or first[-1].isdigit() or first.casefold() in COMPOUNDING:
            return f"{first}-{last}"
        both = self.words[first.casefold()] and self.words[last.casefold()]
        return f"{first}-{last}" if both else first + last


# First halves that English writes with a hyphen, or not at all with what follows.
COMPOUNDING = {
    "multi",
    "co",
    "self",
    "non",
    "ex",
    "cross",
    "well",
    "long",
    "short",
    "evidence",
    "child",
    "trauma",
    "peer",
    "face",
    "follow",
    "exit",
    "community",
    "high",
    "low",
    "right",
    "left",
    "far",
    "near",
    "pre",
    "post",
    "anti",
    "inter",
    "mid",
    "half",
    "case",
    "first",
    "second",
    "third",
    "full",
    "part",
    "user",
    "lone",
    "risk",
    "gender",
    "human",
    "need",
    "needs",
    "health",
    "whole",
    "socio",
    "psycho",
}


def _plain(text):
    return (
        text.translate(LIGATURES).translate(INVISIBLE).replace("\u00a0", " ").replace("\u202f", " ")
    )


def printed(text):
    """Lines as one text with nothing undone: only where a line ends on a hyphen its end is kept."""
    lines = [re.sub(r" *\t *", "\t", re.sub(r" +", " ", line)).strip() for line in text.split("\n")]
    result = ""
    for line in filter(None, lines):
        if result:
            result += "\n" if result[-1] in "-\u2010\u00ad" else " "
        result += line
    return result


def normal(text):
    """The same statement in the same form, however it was broken, for comparing."""
    text = unicodedata.normalize("NFKC", _plain(text).replace("\u00ad", ""))
    return re.sub(r"[\W_]+", "", text).casefold()
