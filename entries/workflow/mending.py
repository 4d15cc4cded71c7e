"""Punctuation that a reviewer mends: so little a change that it takes nobody's right to publish.

What counts is bounded: commas and the like, capitals, and spaces between the same words, in the
portal's own wording alone, no more than `MOST_SIGNS` in all since the last change of somebody else.
"""

import re
import unicodedata
from itertools import takewhile

from django.db import models

from records.versions.snapshots import Snapshot, versions_of

MOST_SIGNS = 20
# A word, or a figure with what stands between its digits: 1.5 is not 15.
WORD = re.compile(r"(\d+(?:[^\w\s]\d+)*|\w+)")
MEANT = set("%‰&@#*/\\§†‡")  # of what Unicode calls punctuation


def mended(record, user):
    """How many signs were mended, if the record as it is saved now says nothing else than before.

    None where more was changed, or where no change of somebody else is there to be reviewed.
    """
    if record.changed_by_id == user.pk:
        return None
    kept = versions_of(type(record), record.pk)
    last = record.changed_by_id and kept.filter(revision__user=record.changed_by_id).first()
    # Of what nobody changed at this desk the first that was kept: later ones hold what was mended.
    last = last or kept.filter(revision__user=None).last()
    if last is None:
        return None
    signs = signs_between(Snapshot.of_version(last), Snapshot.of(record))
    return signs if signs is not None and signs <= MOST_SIGNS else None


def signs_between(before, after):
    """By how many signs two snapshots differ; None where they differ in anything else."""
    (was, rows), (now, rows_now) = before.says, after.says
    if rows != rows_now or was.keys() != now.keys():
        return None
    signs = 0
    for name in now:
        if was[name] == now[name]:
            continue
        between = None
        if is_own_wording(after.model._meta.get_field(name)):
            between = signs_between_texts(text(was[name]), text(now[name]))
        if between is None:
            return None
        signs += between
    return signs


def is_own_wording(field):
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    other = isinstance(field, models.SlugField | models.URLField) or field.choices
    return is_text and not other and not field.name.endswith("as_printed")


def text(value):
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def signs_between_texts(old, new):
    pieces = [WORD.split(each) for each in (old, new)]
    if len(pieces[0]) != len(pieces[1]):
        return None
    signs = 0
    for place, (one, other) in enumerate(zip(*pieces, strict=True)):
        if one == other:
            continue
        is_word = place % 2
        if is_word and one.casefold() != other.casefold():
            return None
        if not is_word and not is_punctuation(one + other):
            return None
        signs += signs_of_piece(one, other)
    return signs


def signs_of_piece(one, other):
    """How many signs were put in, out or in the place of others."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True))
    start = same_at_start(one, other)
    end = same_at_start(one[start:][::-1], other[start:][::-1])
    return max(len(one), len(other)) - start - end


def same_at_start(one, other):
    pairs = zip(one, other, strict=False)
    return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])


def is_punctuation(signs):
    return all(
        sign.isspace() or (unicodedata.category(sign)[0] == "P" and sign not in MEANT)
        for sign in signs
    )
