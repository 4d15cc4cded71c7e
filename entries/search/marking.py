"""What of a text a search result shows: the best place in it, with the found words marked."""

import re
from html import escape
from itertools import groupby

from django.utils.safestring import mark_safe

from entries.search.functions import stem
from entries.search.normalise import words_of

WORDS = 48
BEFORE = 12  # words shown before the first found one
TOKEN = re.compile(r"[^\W_]+")
LONGEST = 20_000  # characters looked at
INFLECTED = re.compile(r"(ies|es|s|ed|ing|d|e|y)$")  # endings that leave a word the same word


def marked(text, query):
    """The text as HTML, at most WORDS words of it, with the words that answer the query marked."""
    text = text[:LONGEST]
    tokens = [match.span() for match in TOKEN.finditer(text)]
    found = found_places(stems_of(text, tokens, query), query)
    first = min(min(found, default=0) - BEFORE, len(tokens) - WORDS)
    first = max(first, 0)
    start = tokens[first][0] if first else 0
    end = tokens[first + WORDS - 1][1] if first + WORDS < len(tokens) else len(text)
    pieces, place = ["…" * bool(start)], start
    for a, b in spans(tokens, found):
        if start <= a and b <= end:
            pieces += [escape(text[place:a]), "<mark>", escape(text[a:b]), "</mark>"]
            place = b
    pieces += [escape(text[place:end]), "…" * (end < len(text))]
    return mark_safe("".join(pieces))


def stems_of(text, tokens, query):
    """The stems of each token, and of those that begin as no wanted word does nothing at all."""
    initials = {word[:1] for phrase in query.phrases for word in phrase.words}
    initials |= {letter.upper() for letter in initials}

    def stems(start, end):
        token = text[start:end]
        if token.isascii():  # one word, whose stem begins as it does
            return (stem(token.lower()),) if token[0] in initials else ()
        return tuple(map(stem, words_of(token)))

    if text.isascii():  # most are: nothing to be asked of each token
        return [stems(*span) if text[span[0]] in initials else () for span in tokens]
    return [stems(*span) for span in tokens]


def found_places(stems, query):
    """The places of the words that answer some phrase of the query."""
    found, places = set(), [place for place, here in enumerate(stems) if here]
    for phrase in query.phrases:
        *before, last = phrase.stems
        before = [(word,) for word in before]
        for place in places:
            here = stems[place]
            ends = here[-1].startswith(last) if phrase.is_prefix else here == (last,)
            first = place - len(before)
            if ends and first >= 0 and stems[first:place] == before:
                found.update(range(first, place + 1))
    return found


def spans(tokens, found):
    """Where a mark begins and ends: found words that are neighbours have one together."""
    runs = groupby(enumerate(sorted(found)), key=lambda pair: pair[1] - pair[0])
    for _key, run in runs:
        places = [place for _number, place in run]
        yield tokens[places[0]][0], tokens[places[-1]][1]


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
