"""What somebody may have meant whose words the portal does not know.

Offered only for a word that stands in no public text, from words that do; never one that turns
the meaning (untreated, treated). It costs a bounded time, whatever was typed: MOST words are
looked at, each beside those that begin as it does and are about as long.
"""

import re
from difflib import get_close_matches
from itertools import chain

from django.core.cache import cache
from taggit.models import Tag

from entries.search.functions import stem
from entries.search.models import documents_of
from entries.search.normalise import words_of
from entries.search.query import STOP_WORDS
from records import content
from records.memory import remembered

MOST = 4  # words of a query that are looked at
NEAR = 0.84  # of the letters of a word, in the order of those of a suggestion
SHORTEST = 4  # letters of a word that is suggested
NEAR_LENGTH = 2  # letters that it may be longer or shorter
# The words of the portal are read from this many entries of a kind, and kept so long.
ENTRIES, SECONDS = 3000, 600
# What an English word begins or ends with to say the opposite, or something quite else.
BEGINNINGS = re.compile(r"^(anti|counter|de|dis|dys|il|im|in|ir|mis|non|over|re|un|under)")
ENDINGS = re.compile(r"(less|ful|free)(ly|ness)?$")


class Vocabulary:
    """The words of what the public can read: of tags, themes and entries."""

    def __init__(self, kinds, themes):
        self.kinds, self.themes = kinds, themes

    @property
    def words(self):
        """{first letter: words}; made anew when what is public has changed."""
        return remembered("vocabulary", self.kept, weight=2_000_000)

    def kept(self):
        version = content.version()
        if version is None:
            return self.read()
        return cache.get_or_set(f"search-vocabulary-{version}", self.read, SECONDS)

    def read(self):
        texts = list(chain.from_iterable(self.themes.values_list("title", "introduction")))
        for kind in self.kinds:
            document = documents_of(kind)
            entries = kind.objects.published().order_by("-pk")
            fields = [name for name in (document.title, document.text) if name]
            texts += map(" ".join, entries.values_list(*fields)[:ENTRIES])
            of_kind = Tag.objects.filter(pk__in=entries.values("tags")[:ENTRIES])
            texts += of_kind.values_list("name", flat=True)
        words = {}
        for word in {word for text in texts for word in words_of(text)}:
            words.setdefault(word[0], []).append(word)
        return {letter: sorted(found) for letter, found in words.items()}


def suggestion(query, vocabulary, is_found):
    """The text with unknown words replaced by the nearest known ones; None if there is none.

    `is_found` tells whether a word is found in any record, in whatever form it stands there.
    """
    words, known = words_of(query.text), None
    nearest, looked_at = [], 0
    for word in words:
        if len(word) < SHORTEST or word in STOP_WORDS or looked_at == MOST:
            nearest.append(word)
            continue
        known = known or vocabulary.words
        looked_at += 1
        nearest.append(nearest_known(word, known.get(word[0], ()), is_found))
    return " ".join(nearest) if tuple(nearest) != words else None


def nearest_known(word, known, is_found):
    if word in known or stem(word) in map(stem, known):
        return word
    candidates = [
        other
        for other in known
        if len(other) >= SHORTEST
        and abs(len(other) - len(word)) <= NEAR_LENGTH
        and not turns(word, other)
    ]
    near = get_close_matches(word, candidates, n=1, cutoff=NEAR)
    # In quotes: what is taken for the beginning of a word may be a slip in the midst of one.
    return near[0] if near and not is_found(f'"{word}"') else word


def turns(word, other):
    """Whether one may say the opposite of the other."""
    return any(
        [match[1] for match in pattern.finditer(word)]
        != [match[1] for match in pattern.finditer(other)]
        for pattern in (BEGINNINGS, ENDINGS)
    )
