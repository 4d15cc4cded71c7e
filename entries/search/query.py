"""The language of the search box, and how either engine writes it.

A text becomes clauses that must all match. A clause is a list of alternatives (a
word and its other spelling, a term and its synonyms), an alternative a list of
phrases. SQLite's FTS5 and PostgreSQL's tsquery are two ways to write the same
clauses; `entries.search.index` keeps the documents that they are matched against.

Whatever is typed, a query has at most MOST_WORDS words, counted after everything that
makes one sign into several.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from entries.search.functions import stem
from entries.search.normalise import plain, words_of

MOST_WORDS = 24
LONGEST_WORD = 60  # letters
MOST_ANY = 5  # words, where any of them will do
SHORTEST_PREFIX = 3  # letters
SHORTEST_STEM, LONGEST_ENDING = 6, 4

TRIMMED = re.compile(r"^[\W_]+|[\W_]+$")

# What a query of English words does not mean to look for. The engines' own lists
# are off, so that both leave out the same.
STOP_WORDS = frozenset(
    """
    a about am an and any are as at be been being but by can could did do does for from had
    has have he her him his how i if in into is it its me my of on or our she should so
    than that the their them then there these they this those to us was we were what when
    where which who whom whose why will with would you your
    """.split()  # noqa: SIM905 (a list would be a page long)
)

# The same word in British and American spelling, as endings and as words of the field.
ISE = re.compile(
    r"(?<=[a-z]{3})(i|y)(s|z)(?=(e|ed|er|ers|es|ing|ation|ations|ational|ationally)?$)"
)
OTHER_SPELLINGS = [
    ("behaviour", "behavior"),
    ("centre", "center"),
    ("counsell", "counsel"),
    ("defence", "defense"),
    ("judgement", "judgment"),
    ("labour", "labor"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("paediatric", "pediatric"),
    ("programme", "program"),
]


@dataclass(frozen=True)
class Phrase:
    """Words in this order; the last may be the beginning of a longer one."""

    words: tuple
    is_prefix: bool = False

    @cached_property
    def stems(self):
        return tuple(map(stem, self.words))

    def includes(self, other):
        """Whether this is found wherever the other is."""
        *before, last = self.stems
        *others, end = other.stems
        if self.is_prefix:
            return others == before and end.startswith(last)
        return other.stems == self.stems and not other.is_prefix

    def fts5(self):
        return f'"{" ".join(self.stems)}"{"*" if self.is_prefix else ""}'

    def tsquery(self):
        words = " <-> ".join(f"'{word}'" for word in self.words)
        return f"({words}{':*' if self.is_prefix else ''})"


def spellings(word):
    """The word and how the other side of the Atlantic spells it."""
    found = [word]
    if ISE.search(word):
        found.append(ISE.sub(lambda match: match[1] + ("z" if match[2] == "s" else "s"), word))
    for british, american in OTHER_SPELLINGS:
        if word.startswith(british):
            found.append(word.replace(british, american, 1))
        elif word.startswith(american):
            found.append(word.replace(american, british, 1))
    return list(dict.fromkeys(found))


@dataclass(eq=False)  # Django needs what stands in an expression to be hashable
class Query:
    """What a text asks for. False where it holds no word to look for."""

    text: str
    clauses: list = field(default_factory=list)
    excluded: list = field(default_factory=list)
    added: dict = field(default_factory=dict)  # a term of the text: what the thesaurus adds
    broadened: dict = field(default_factory=dict)  # a term of the text: the broader one
    parts: list = field(default_factory=list)  # what was typed for each clause

    def __bool__(self):
        return bool(self.clauses)

    def any_part(self, but=()):
        """The query that asks for any of the clauses, where this one asks for all of them.

        Not for the parts `but` that are known to be nowhere; of many, those with the longest
        words, which tell most.
        """
        pairs = zip(self.parts, self.clauses, strict=True)
        telling = sorted(
            (pair for pair in pairs if pair[0] not in but), key=lambda pair: -len(pair[0])
        )
        clauses = [clause for _part, clause in telling[:MOST_ANY]]
        return replace(self, clauses=[list(chain.from_iterable(clauses))] if clauses else [])

    @property
    def phrases(self):
        """Every phrase that would do for some clause."""
        return [phrase for clause in self.clauses for wanted in clause for phrase in wanted]

    @property
    def single_words(self):
        """Where any of some words will do and nothing else is asked: {word: whether it is a beginning}."""
        [alternatives] = self.clauses if len(self.clauses) == 1 else [[]]
        if self.excluded or any(
            len(phrases) > 1 or len(phrases[0].words) > 1 for phrases in alternatives
        ):
            return {}
        # A word that was typed twice is the beginning of one where it is so once.
        found = sorted((phrase.is_prefix, phrase.words[0]) for [phrase] in alternatives)
        return {word: is_beginning for is_beginning, word in found}

    def fts5(self):
        """The query for SQLite's MATCH. Every word stands in quotes, so none is an operator."""
        return self._written("fts5", " AND ", " OR ", "({}) NOT ({})")

    def tsquery(self):
        """The query for PostgreSQL's to_tsquery, likewise quoted."""
        return self._written("tsquery", " & ", " | ", "({}) & !({})")

    def _written(self, engine, both, either, without):
        def clause(alternatives):
            return either.join(
                f"({both.join(getattr(phrase, engine)() for phrase in alternative)})"
                for alternative in alternatives
            )

        wanted = both.join(f"({clause(alternatives)})" for alternatives in self.clauses)
        if not self.excluded:
            return wanted
        unwanted = either.join(f"({clause(alternatives)})" for alternatives in self.excluded)
        return without.format(wanted, unwanted)


@dataclass(frozen=True)
class Term:
    """A word, a hyphenated word or a quotation as typed."""

    words: tuple
    is_quoted: bool
    is_excluded: bool
    typed: str = field(default="", compare=False)

    def alternatives(self, is_last=False):
        """What would do: either spelling, a word with a hyphen also without it."""
        is_prefix = is_last and not self.is_quoted and len(self.words[-1]) >= SHORTEST_PREFIX
        written = [self.words, tuple(spellings(word)[-1] for word in self.words)]
        if not self.is_quoted:
            written += [("".join(words),) for words in written]
        found = [Phrase(words, is_prefix) for words in written]
        if is_prefix:  # typed past the stem, not yet to the end: 'manipulat'
            last = self.words[-1]
            stems = (last[:-cut] for cut in range(1, LONGEST_ENDING + 1))
            found += [
                Phrase((*self.words[:-1], stem)) for stem in stems if len(stem) >= SHORTEST_STEM
            ]
        return [[phrase] for phrase in widest(found)]


def widest(phrases):
    """Those that find all that the others find: 'radical*' has no need of 'radicals'."""
    found = []
    for phrase in phrases:
        if not any(other.includes(phrase) for other in found):
            found = [other for other in found if not phrase.includes(other)] + [phrase]
    return found


def terms_of(text):
    found, left = [], MOST_WORDS
    for sign, quoted, word in re.findall(r'(-?)(?:"([^"]*)"?|([^\s"]+))', plain(text)):
        words = tuple(word[:LONGEST_WORD] for word in words_of(quoted or word)[:left])
        if words:
            # As it can be asked again: 'de-radicalisation' finds more than its two words do.
            typed = TRIMMED.sub("", " ".join((quoted or word).lower().split()))
            found.append(Term(words, bool(quoted), sign == "-", typed))
            left -= len(words)
    return list(dict.fromkeys(found))


def parse(text, thesaurus=None):
    """Read the text of a search box, with the words that `thesaurus` adds to it."""
    query = Query(text)
    terms = terms_of(text)
    query.excluded = [term.alternatives() for term in terms if term.is_excluded]
    wanted = [term for term in terms if not term.is_excluded]
    place = 0
    while place < len(wanted):
        span, entry = thesaurus.longest(wanted[place:]) if thesaurus else (1, None)
        own = wanted[place : place + span]
        is_last = place + span == len(wanted) and not own[-1].is_quoted
        typed = " ".join(term.typed for term in own)
        if entry:
            add_entry(query, typed, own, entry)
        elif own[0].is_quoted or not STOP_WORDS.issuperset(own[0].words):
            query.parts.append(f'"{typed}"' if own[0].is_quoted else typed)
            query.clauses.append(own[0].alternatives(is_last))
        place += span
    if not query.clauses:  # nothing but stop words: then they are meant
        query.parts = [term.typed for term in wanted]
        query.clauses = [term.alternatives() for term in wanted]
    return query


def add_entry(query, typed, terms, entry):
    """A clause for what stands in the thesaurus: as typed, or any of what it is the same as."""
    query.parts.append(typed)
    own = [phrase for term in terms for phrase in term.alternatives()[0]]
    others = [Phrase(words) for words in entry.phrases]
    if len(own) == 1:
        query.clauses.append([[phrase] for phrase in widest([*own, *others])])
    else:
        query.clauses.append([own, *([phrase] for phrase in widest(others))])
    if entry.broader:
        query.broadened[typed] = entry.broader
    else:
        query.added[typed] = entry.others
