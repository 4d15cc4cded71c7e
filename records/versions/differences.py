"""What one snapshot of a record says otherwise than another: field by field, word by word."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _

from records.versions.snapshots import last_name_of, lists_of

SAME, OUT, IN = "same", "out", "in"
AROUND = 25  # words shown before and after a change, of what stays the same
LONG = 4000  # characters up to which texts are compared word by word as a whole
MOST_PAIRS = 30_000  # of the same word, or line, in both texts
ALIKE = 0.5  # from which on two texts are one that was changed, not one put in place of another


WORD = re.compile(r"\s+|https?://\S+|\w+|[^\w\s]")  # a word, or what is between words


# --- Texts -------------------------------------------------------------------------


def words_between(old, new):
    """The pieces, as (SAME, OUT or IN, text), that make the new text of the old one."""
    if max(len(old), len(new)) > LONG:
        return long_texts_between(old, new)
    before, after = (WORD.findall(text) for text in (old, new))
    if is_too_much(before, after, str.isspace):
        return replaced(old, new)
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return replaced(old, new)
    pieces = []
    for change, a, b, c, d in phrases(matcher.get_opcodes(), before):
        if change == "equal":
            pieces.append((SAME, "".join(before[a:b])))
        else:
            pieces += replaced("".join(before[a:b]), "".join(after[c:d]))
    return pieces


def is_too_much(before, after, is_junk=lambda piece: False):
    """Whether the pieces are so much the same all over that to match them takes seconds."""
    ours, theirs = (Counter(p for p in pieces if not is_junk(p)) for pieces in (before, after))
    return sum(count * theirs[piece] for piece, count in ours.items()) > MOST_PAIRS


def replaced(old, new):
    return [(change, text) for change, text in ((OUT, old), (IN, new)) if text]


def long_texts_between(old, new):
    """Sentence by sentence, and word by word only in those that are not the same."""
    before, after = (re.findall(r".*?(?:[.!?\n]\s+|\Z)", text, re.S) for text in (old, new))
    if is_too_much(before, after):
        return replaced(old, new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pieces = []
    for change, a, b, c, d in matcher.get_opcodes():
        out, put_in = "".join(before[a:b]), "".join(after[c:d])
        if change == "equal":
            pieces.append((SAME, out))
        elif max(len(out), len(put_in)) > LONG:
            pieces += replaced(out, put_in)
        else:
            pieces += words_between(out, put_in)
    return pieces


def phrases(opcodes, before):
    """Changes that only a space keeps apart, as one: a phrase reads better than its words."""
    joined = []
    for change, a, b, c, d in opcodes:
        goes_on = joined and joined[-1][0] != "equal"
        if goes_on and (change != "equal" or "".join(before[a:b]).isspace()):
            _change, a, _b, c, _d = joined.pop()
            change = "replace"
        joined.append((change, a, b, c, d))
    return joined


def shortened(pieces):
    """The pieces, those that stay the same cut down to the words beside a change."""
    last = len(pieces) - 1
    for number, (change, text) in enumerate(pieces):
        words = re.findall(r"\s*\S+\s*", text)
        if change == SAME and last and len(words) > 2 * AROUND + 10:
            head = "".join(words[:AROUND]) if number else ""
            tail = "".join(words[-AROUND:]) if number < last else ""
            text = f"{head}[…] {tail}"
        yield change, text


def lines_between(old, new):
    """The pieces of each line: one that is out, one that is in, the same, or changed within."""
    if is_too_much(old, new):
        yield from ([piece] for piece in replaced("\n".join(old), "\n".join(new)))
        return
    for change, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            yield from ([(SAME, line)] for line in old[a:b])
            continue
        yield from lines_replaced(old[a:b], new[c:d])


def lines_replaced(old, new):
    """First what is out, then what is in; but a line that was only changed stays one line."""
    out, put_in = [], []
    for before, after in zip_longest(old, new, fillvalue=""):
        pieces = words_between(before, after)
        if any(change == SAME for change, _text in pieces):
            yield from (*out, *put_in, pieces)
            out, put_in = [], []
        else:
            out += [[piece] for piece in pieces if piece[0] == OUT]
            put_in += [[piece] for piece in pieces if piece[0] == IN]
    yield from (*out, *put_in)


@dataclass
class Difference:
    """A field, a relation or the rows of one sort in two snapshots."""

    name: str
    label: str
    before: list[str]
    after: list[str]
    is_text: bool

    @property
    def is_one(self):
        """Whether the two say something different here."""
        return self.before != self.after

    @cached_property
    def lines(self):
        """What to show: lines of pieces, as (SAME, OUT or IN, text)."""
        if self.is_text:
            pieces = words_between("".join(self.before), "".join(self.after))
            return [list(shortened(pieces))]
        return list(lines_between(self.before, self.after))


# --- Snapshots ---------------------------------------------------------------------


class Reader:
    """Reads the snapshots of a model as people do: names for keys, words for choices."""

    def __init__(self, model):
        self.model = model
        self.names = {}

    def differences(self, old, new, order=()):
        """A Difference for every field and the rows of two snapshots, the same or not.

        `order` names those that come first. Without an old snapshot all is new.
        """
        said, _rows = new.says
        found = [
            self._between(field.name, field.verbose_name, is_text(field), old, new)
            for field in (*self.model._meta.local_fields, *self.model._meta.local_many_to_many)
            if field.name in said and not field.primary_key
        ]
        for relation in lists_of(self.model):
            label = relation.related_model._meta.verbose_name_plural
            found.append(self._between(relation.get_accessor_name(), label, False, old, new))
        places = {name: place for place, name in enumerate(order)}
        return sorted(found, key=lambda each: places.get(each.name, len(places)))

    def differing(self, old, new, order=()):
        """Only where the two differ."""
        return [each for each in self.differences(old, new, order) if each.is_one]

    def _between(self, name, label, is_text, old, new):
        before, after = (self.read(each, name) if each else [] for each in (old, new))
        return Difference(name, capfirst(str(label)), before, after, is_text)

    def read(self, snapshot, name):
        """What a snapshot says in a field or in rows, as lines."""
        if name in snapshot.values:
            return self._lines(self.model._meta.get_field(name), snapshot.values[name])
        relations = {relation.get_accessor_name(): relation for relation in lists_of(self.model)}
        rows = snapshot.rows.get(name, [])
        return [self.row(relations[name].related_model, row) for _key, row in rows]

    def row(self, model, row):
        """A row in one line: its first value, then the others by name."""
        fields = [field for field in model._meta.local_fields if row.get(field.name)]
        texts = [(f.verbose_name, "; ".join(self._lines(f, row[f.name]))) for f in fields]
        first, *others = texts or [("", "")]
        others = ", ".join(f"{label}: {text}" for label, text in others)
        return f"{first[1]} ({others})" if others else first[1]

    def _lines(self, field, value):
        values = value if isinstance(value, list) else [value]
        texts = [text for text in (self._text(field, each) for each in values) if text]
        return sorted(texts) if field.many_to_many else texts

    def _text(self, field, value):
        if value in (None, ""):
            return ""
        if field.is_relation:
            return self._name(field.related_model, value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(field, models.DateField | models.TimeField):
            return date_or_time(field, value)
        return str(value).replace("\r\n", "\n").strip()

    def _name(self, model, key):
        """What a record is called now, or was called when it was last seen."""
        if (model, key) not in self.names:
            try:
                self.names[model, key] = name_of(model, key)
            except ValueError:  # typed by somebody, and no key at all
                self.names[model, key] = str(key)
        return self.names[model, key]


def name_of(model, key):
    record = model._base_manager.filter(pk=key).first()
    if record:
        return str(record)
    return _("%(name)s (deleted)") % {"name": last_name_of(model, key)}


def is_text(field):
    texts = models.CharField | models.TextField
    return isinstance(field, texts) and not field.choices


def date_or_time(field, value):
    try:
        return str(localize(template_localtime(field.to_python(value))))
    except ValidationError:
        return str(value)
