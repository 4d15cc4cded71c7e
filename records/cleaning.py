"""What is pasted is cleaned when it comes in, whichever way it comes: by form, import or script.

Cleaning keeps a text as it reads and takes away what nobody sees: it changes no letter, unlike
the normalising of the search, which folds them.
"""

import re
import unicodedata

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify

from records.fields import LinesField

# Ligatures as PDFs print them; other compatibility characters (½, ², ™) mean something.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Of no width: soft hyphen, zero-width and word joiners, marks of direction, byte order mark, what
# fills a place (of a Korean letter, of a picture in Word), what holds letters apart unseen.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\ufff9-\ufffc]"
)
# Joiners that shape emoji and other scripts; behind a Latin letter or a space they do nothing.
IDLE_JOINERS = re.compile("(?<![\u0250-\U0010ffff])[\u200c\u200d]")
SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# A line that breaks within a sentence: what follows goes on in small letters.
BROKEN_LINE = re.compile(r"(?<![.!?:;\n])\n(?=([^\W\d_]))")


def clean(text):
    """The text with composed letters, plain spaces and nothing unseen in it."""
    text = unicodedata.normalize("NFC", text.translate(LIGATURES))
    text = IDLE_JOINERS.sub("", INVISIBLE.sub("", text))
    return SPACES.sub(" ", CONTROLS.sub(" ", LINE_ENDS.sub("\n", text)))


def clean_line(text):
    """A text of one line."""
    return " ".join(clean(text).split())


def clean_prose(text):
    """A text of paragraphs and lists; a line break within a sentence is a space."""
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    paragraphs = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip())
    return BROKEN_LINE.sub(lambda end: " " if end[1].islower() else end[0], paragraphs)


def slug_of(text):
    """A slug in letters that everyone can type: Ørsted → orsted, Łódź → lodz, Straße → strasse."""
    return slugify(anyascii(clean(text)))


def cleaned(field, value):
    """The value of a model's field without what came along with it."""
    if isinstance(field, LinesField):
        if not isinstance(value, list):
            return value
        lines = [clean_line(line) if isinstance(line, str) else line for line in value]
        return [line for line in lines if line != ""]
    if not isinstance(value, str) or field.choices:
        return value
    if isinstance(field, models.TextField):
        return clean_prose(value)
    return clean_line(value) if isinstance(field, models.CharField) else value


class Cleaned:
    """Of a model whose texts are cleaned before they are validated, whoever fills them in."""

    def clean_fields(self, exclude=None):
        for field in self._meta.concrete_fields:
            if field.editable and field.name not in self.get_deferred_fields():
                value = getattr(self, field.attname)
                setattr(self, field.attname, cleaned(field, value))
        super().clean_fields(exclude=exclude)
