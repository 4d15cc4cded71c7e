"""Terms that mean the same, and narrower ones that lead to a broader."""

from dataclasses import dataclass
from functools import cached_property

from entries.search.functions import stem
from entries.search.normalise import words_of


@dataclass
class Addition:
    """What a term of the thesaurus adds to a query that holds it.

    `broader` is the preferred term where the one asked for is narrower; None where all of
    `others` mean the very same.
    """

    others: list[str]
    broader: str | None = None

    @cached_property
    def phrases(self):
        return [words for words in map(words_of, self.others) if words]


class Thesaurus:
    """The rows of the thesaurus, read once and asked for each term of a query."""

    def __init__(self, rows):
        """`rows` are (term, others, narrower)."""
        self.additions = {}
        for term, others, narrower in rows:
            same = [term, *others]
            for word in narrower:
                self.additions.setdefault(words_of(word), Addition(same, broader=term))
        for term, others, _narrower in rows:
            same = [term, *others]
            for one in same:
                own = words_of(one)
                rest = [other for other in same if words_of(other) != own]
                if rest:
                    self.additions[own] = Addition(rest)
        self.longest_entry = max(map(len, self.additions), default=0)
        # In whatever form its words are asked for: teenager, where the row has teenagers.
        self.by_stems = {}
        for words, addition in self.additions.items():
            self.by_stems.setdefault(tuple(map(stem, words)), addition)

    def longest(self, terms):
        """How many of the first terms make up an entry, and what it adds; (1, None) if none do."""
        words, spans = (), []
        for span, term in enumerate(terms, 1):
            words += term.words
            if len(words) > self.longest_entry:
                break
            addition = self.additions.get(words) or self.by_stems.get(tuple(map(stem, words)))
            if addition:
                spans.append((span, addition))
        return spans[-1] if spans else (1, None)
