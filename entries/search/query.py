"""The language of the search box, and how either engine runs it.

A text becomes clauses that must all match. A clause is a list of alternatives (a
word and its other spelling, a term and its synonyms), an alternative a list of
phrases. SQLite's FTS5 and PostgreSQL's tsquery are two ways to write the same
clauses; `entries.search_index` keeps the documents that they are matched against.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import chain

MOST_WORDS = 32
SHORTEST_PREFIX = 3  # letters
SHORTEST_STEM, LONGEST_ENDING = 6, 4

# What a query of English words does not mean to look for. The engines' own lists
# are off, so that both leave out the same.
STOP_WORDS = frozenset(
    """
    a an and are as at be by do does for from has have how i if in into is it its me my of
    on or our should that the their them there these they this to was we what when where
    which who why will with you your
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

    def fts5(self):
        return f'"{" ".join(self.words)}"{"*" if self.is_prefix else ""}'

    def tsquery(self):
        words = " <-> ".join(f"'{word}'" for word in self.words)
        return f"({words}{':*' if self.is_prefix else ''})"


def words_of(text):
    """The words of a text, lower case, without a sign between or around them."""
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower()))


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
    parts: list = field(default_factory=list)  # what was typed for each clause

    def __bool__(self):
        return bool(self.clauses)

    def any_part(self):
        """The query that asks for any of the clauses, where this one asks for all of them."""
        return replace(self, clauses=[list(chain.from_iterable(self.clauses))])

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

    def alternatives(self, is_last=False):
        """What would do: either spelling, a word with a hyphen also without it."""
        is_prefix = is_last and not self.is_quoted and len(self.words[-1]) >= SHORTEST_PREFIX
        written = [self.words, tuple(spellings(word)[-1] for word in self.words)]
        if not self.is_quoted:
            written += [("".join(words),) for words in written]
        found = [[Phrase(words, is_prefix)] for words in dict.fromkeys(written)]
        if is_prefix:  # typed past the stem, not yet to the end: 'manipulat'
            last = self.words[-1]
            stems = (last[:-cut] for cut in range(1, LONGEST_ENDING + 1))
            found += [
                [Phrase((*self.words[:-1], stem))] for stem in stems if len(stem) >= SHORTEST_STEM
            ]
        return found


def terms_of(text):
    found = []
    for sign, quoted, word in re.findall(r'(-?)(?:"([^"]*)"?|([^\s"]+))', text):
        words = words_of(quoted or word)
        if words:
            found.append(Term(words, bool(quoted), sign == "-"))
    return found[:MOST_WORDS]


def parse(text, thesaurus=()):
    """Read the text of a search box. `thesaurus` holds lists of terms that mean the same."""
    query = Query(text)
    terms = terms_of(text)
    query.excluded = [term.alternatives() for term in terms if term.is_excluded]
    wanted = [term for term in terms if not term.is_excluded]
    synonyms = {
        words_of(term): [other for other in row if words_of(other) != words_of(term)]
        for row in thesaurus
        for term in row
    }
    place = 0
    while place < len(wanted):
        span, others = longest_synonym(wanted[place:], synonyms)
        own = wanted[place : place + span]
        is_last = place + span == len(wanted) and not own[-1].is_quoted
        typed = " ".join(" ".join(term.words) for term in own)
        if others:
            query.parts.append(typed)
            query.added[typed] = others
            clause = [[alternative[0] for term in own for alternative in term.alternatives()[:1]]]
            clause += [[Phrase(words_of(other))] for other in others]
            query.clauses.append(clause)
        elif own[0].is_quoted or not STOP_WORDS.issuperset(own[0].words):
            query.parts.append(f'"{typed}"' if own[0].is_quoted else typed)
            query.clauses.append(own[0].alternatives(is_last))
        place += span
    if not query.clauses:  # nothing but stop words: then they are meant
        query.clauses = [term.alternatives() for term in wanted]
    return query


def longest_synonym(terms, synonyms):
    """How many of the first terms make up an entry of the thesaurus, and what it adds."""
    for span in range(len(terms), 0, -1):
        words = tuple(word for term in terms[:span] for word in term.words)
        if words in synonyms:
            return span, synonyms[words]
    return 1, []


# --- How Django says it ---------------------------------------------------------
