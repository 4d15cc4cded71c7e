"""What of a text a search result shows: the best place in it, with the found words marked."""

import re
from html import escape
from itertools import groupby

from django.utils.safestring import mark_safe

from entries.search.functions import stem
from entries.search.normalise import words_of

WORDS = 48
BEFORE = 12  # words shown before the first found one
WORD = re.compile(r"([^\W_]+)")
ASCII_WORD = re.compile(r"([0-9A-Za-z]+)")  # the same of such a text, in two thirds of the time
LONGEST = 20_000  # characters looked at
INFLECTED = re.compile(r"(ies|es|s|ed|ing|d|e|y)$")  # endings that leave a word the same word


class Marker:
    """Marks in texts the words that answer a query."""

    def __init__(self, query):
        initials = {word[:1] for phrase in query.phrases for word in phrase.words}
        self.initials = initials | {letter.upper() for letter in initials}
        # Of each phrase the stems before its last one, as a text has them, and that.
        self.phrases = [
            ([(word,) for word in before], last, phrase.is_prefix)
            for phrase in query.phrases
            for *before, last in [phrase.stems]
        ]

    def marked(self, text):
        """The text as HTML, at most WORDS words of it, with those that answer marked."""
        text = text[:LONGEST]
        is_ascii = text.isascii()
        # Signs and words in turn: words stand at odd places.
        pieces = (ASCII_WORD if is_ascii else WORD).split(text)
        words = pieces[1::2]
        found = self.found_places(self.stems_of(words, is_ascii))
        first = max(min(min(found, default=0) - BEFORE, len(words) - WORDS), 0)
        after = first + WORDS
        place = 2 * first + 1 if first else 0
        end = 2 * after if after < len(words) else len(pieces)
        made = ["…" * bool(first)]
        for one, last in runs(found):
            if first <= one and last < after:
                before, own = pieces[place : 2 * one + 1], pieces[2 * one + 1 : 2 * last + 2]
                made += [escape("".join(before)), "<mark>", escape("".join(own)), "</mark>"]
                place = 2 * last + 2
        made += [escape("".join(pieces[place:end])), "…" * (after < len(words))]
        return mark_safe("".join(made))

    def stems_of(self, words, are_ascii):
        """{place: stems} of the words that may be wanted: a word's stem begins as it does."""
        initials = self.initials
        return {
            place: (stem(word.lower()),) if word.isascii() else tuple(map(stem, words_of(word)))
            for place, word in enumerate(words)
            if word[0] in initials or not (are_ascii or word.isascii())
        }

    def found_places(self, stems):
        """The places of the words that answer some phrase of the query."""
        found = set()
        for before, last, is_prefix in self.phrases:
            for place, here in stems.items():
                ends = here and here[-1].startswith(last) if is_prefix else here == (last,)
                first = place - len(before)
                if ends and [stems.get(other) for other in range(first, place)] == before:
                    found.update(range(first, place + 1))
        return found


def runs(places):
    """The first and the last of neighbours: found words that stand together have one mark."""
    neighbours = groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0])
    for _key, run in neighbours:
        together = [place for _number, place in run]
        yield together[0], together[-1]


def bare(word):
    return INFLECTED.sub("", word)


def stands_for(word, texts):
    """The words that were found for one of the same stem that no text holds: medical, medication.

    Empty where a text holds the very word, in whatever form.
    """
    wanted, found = stem(word), set()
    for text in texts:
        own = {other for other in words_of(text[:LONGEST]) if stem(other) == wanted}
        if any(bare(other) == bare(word) for other in own):
            return []
        found |= own
    return sorted(found)
