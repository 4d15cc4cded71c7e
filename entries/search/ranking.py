"""What answers a query, of many models at once: one statement, all that answers ranked in it."""

from dataclasses import dataclass, field
from functools import cache, partial

from django.db import connection

from entries.search import lexemes
from entries.search.expressions import POSTGRESQL_RANK, SQLITE_RANK, TITLE
from entries.search.functions import CONFIGURATION
from entries.search.models import documents_of
from entries.search.query import Query
from records.among import AMONG
from records.memory import kept, remembered
from records.statements import Statement

# The query, written once for all the tables. It is hidden from PostgreSQL's planner, which would
# rather read a whole table where it knows that many documents match: three times the work.
QUERY = "(SELECT query FROM asked)"
ASKED = {
    "sqlite": "asked AS (SELECT %s AS query)",
    "postgresql": f"asked AS MATERIALIZED (SELECT to_tsquery('{CONFIGURATION}', %s) AS query)",
}
ASKED_AS_IT_IS = "asked AS MATERIALIZED (SELECT %s::tsquery AS query)"

# The keys of what the public may not see, of one table. For PostgreSQL no list, which it would go
# through for each document that matches, but a subquery, of which it makes a table of hashes: with
# two hundred drafts of a kind two thirds of the time.
HIDDEN = {
    "sqlite": "hidden{} AS (SELECT value AS key FROM json_each(%s))",
    "postgresql": "hidden{} AS (SELECT unnest(%s::bigint[]) AS key)",
}

# In which a query is written for an engine.
LANGUAGES = {"sqlite": Query.fts5, "postgresql": Query.tsquery}


def written(query):
    return LANGUAGES[connection.vendor](query)


@dataclass
class Answer:
    """How many records of a model answer, and the keys of the best."""

    count: int = 0
    keys: list = field(default_factory=list)


def best_of(most, query):
    """{model: Answer} of what the public may see; `most` says how many keys of each model.

    Made once for all who ask for the same words, however they are written and wherever.
    """
    if not query:
        return {model: Answer() for model in most}
    return remembered(
        ("best", *most.items(), written(query)),
        lambda: ranked(most, query),
        weight=1000 * len(most),
    )


def ranked(most, query):
    lexeme = lexemes.only_one(query) if connection.vendor == "postgresql" else None
    if lexeme and lexeme.is_common:
        return ranked_by_title(most, lexeme)
    answers = {model: Answer() for model in most}
    in_turn = list(answers.values())
    asked, params = statement(ranking, most, written(query))
    for number, key, count in asked.rows(params):
        in_turn[number].count = count
        in_turn[number].keys.append(key)
    return answers


def ranked_by_title(most, lexeme):
    """The same of a lexeme of which it is known how many documents hold it, without ranking them
    all: the best are those that have it in the title, where these are enough.

    `ts_rank` gives them more than 0.6, and others less than the weight of the text, however often
    it stands there.
    """
    answers = best_with(lexeme, in_titles, most)
    for model, limit in most.items():
        if len(answers[model].keys) < min(limit, lexeme.held_by(documents_of(model))):
            answers |= best_with(lexeme, anywhere, {model: limit})
    return answers


def best_with(lexeme, write, most):
    answers = {model: Answer() for model in most}
    in_turn = list(answers.items())
    asked, params = statement(write, most, lexeme.tsquery)
    for number, key, hidden in asked.rows(params):
        model, answer = in_turn[number]
        answer.count = lexeme.held_by(documents_of(model)) - hidden
        answer.keys.append(key)
    return answers


def all_of(model, query):
    """The keys of all that the public may see, the best first."""
    if not query:
        return []
    asked, params = statement(listing, {model: None}, written(query))
    return [key for (key,) in asked.rows(params)]


def is_found(models, query):
    """Whether anything answers that the public may see."""
    if not query:
        return False
    asked, params = statement(finding, dict.fromkeys(models, 1), written(query))
    return bool(asked.rows(params))


def statement(write, most, wanted):
    """It depends on the query, as it is written, in nothing but its first parameter: both."""
    asked, hidden = remembered(
        (write.__name__, *most.items()),
        lambda: without_hidden(write, most),
        weight=lambda made: 2000 + 5 * len(repr(made[1])),
    )
    return asked, [wanted, *hidden]


def without_hidden(write, most):
    """The statement, and the parameters that keep out of it what the public may not see."""
    hidden = {model: hidden_of(model) for model in most}
    sides = tuple((model, limit, bool(hidden[model])) for model, limit in most.items())
    _condition, among = AMONG[connection.vendor]
    return write(connection.vendor, sides), [among(keys) for keys in hidden.values() if keys]


@cache
def ranking(vendor, sides):
    named, parts = given(vendor, sides), []
    for number, (model, limit, has_hidden) in enumerate(sides):
        source, rank = searched(vendor, number, model, has_hidden)
        best = f"SELECT rowid AS record, {rank} AS distance {source}"
        counted = source
        if vendor == "postgresql":  # where to look once more is as dear as to look
            named.append(f"found{number} AS MATERIALIZED ({best})")
            counted = f"FROM found{number}"
            best = f"SELECT record, distance {counted}"
        parts.append((best, limit, f"SELECT COUNT(*) {counted}"))
    return best_of_each(named, parts)


@cache
def in_titles(vendor, sides):
    """The best of those that have a lexeme in the title, if they have titles, and how many of all
    that hold it the public may not see."""
    return holding(vendor, sides, lambda document: TITLE if document.title else "words")


@cache
def anywhere(vendor, sides):
    """The same of all that hold it."""
    return holding(vendor, sides, lambda document: "words")


def holding(vendor, sides, words_of):
    named, parts = given(vendor, sides, ASKED_AS_IT_IS), []
    for number, (model, limit, has_hidden) in enumerate(sides):
        document = documents_of(model)
        source, rank = searched(vendor, number, model, has_hidden, words_of(document))
        # Each is looked up by its key: there are few.
        hidden = (
            f"SELECT COUNT(*) FROM hidden{number} CROSS JOIN LATERAL (SELECT"
            f" FROM {document._meta.db_table} WHERE rowid = key AND words @@ {QUERY} OFFSET 0) held"
        )
        best = f"SELECT rowid AS record, {rank} AS distance {source}"
        parts.append((best, limit, hidden if has_hidden else "SELECT 0"))
    return best_of_each(named, parts)


def best_of_each(named, parts):
    """One statement of what gives the records of each model with their distance, how many of them,
    and what counts them."""
    union = " UNION ALL ".join(
        f"SELECT {number} AS model, record, distance, ({counted}) AS count"
        f" FROM ({best} ORDER BY 2, 1 LIMIT {limit}) best{number}"
        for number, (best, limit, counted) in enumerate(parts)
    )
    ordered = "ORDER BY model, distance, record"
    return Statement(
        f"WITH {', '.join(named)} SELECT model, record, count FROM ({union}) answers {ordered}"
    )


@cache
def finding(vendor, sides):
    sources = [
        searched(vendor, number, model, has_hidden)[0]
        for number, (model, _limit, has_hidden) in enumerate(sides)
    ]
    union = " UNION ALL ".join(f"SELECT 1 {source}" for source in sources)
    return Statement(f"WITH {', '.join(given(vendor, sides))} {union} LIMIT 1")


@cache
def listing(vendor, sides):
    """Of the documents alone: with the records beside them PostgreSQL takes three times as long."""
    [(model, _limit, has_hidden)] = sides
    source, rank = searched(vendor, 0, model, has_hidden)
    named = ", ".join(given(vendor, sides))
    return Statement(f"WITH {named} SELECT rowid {source} ORDER BY {rank}, rowid")


def given(vendor, sides, asked=None):
    """What the tables are searched for and without: all the parameters."""
    hidden = (
        HIDDEN[vendor].format(number)
        for number, (_model, _limit, has_hidden) in enumerate(sides)
        if has_hidden
    )
    return [asked or ASKED[vendor], *hidden]


def searched(vendor, number, model, has_hidden, words="words"):
    """Where the documents are that match the query, and how far each is from it."""
    table = documents_of(model)._meta.db_table
    public = f" AND NOT rowid IN (SELECT key FROM hidden{number})" if has_hidden else ""
    if vendor == "sqlite":
        return f"FROM {table} WHERE {table} MATCH {QUERY}{public}", SQLITE_RANK.format(table)
    return f"FROM {table} WHERE {words} @@ {QUERY}{public}", POSTGRESQL_RANK.format("words", QUERY)


def hidden_of(model):
    """The keys of what the public may not see: few, beside what it may."""
    return kept(
        ("hidden", model), lambda: sorted(hidden_keys(model)), renew=partial(hidden_since, model)
    )


def hidden_keys(model, among=None):
    if not hasattr(model.objects, "hidden"):
        return set()
    hidden = model.objects.hidden()
    hidden = hidden if among is None else hidden.filter(pk__among=sorted(among))
    return set(hidden.values_list("pk", flat=True))


def hidden_since(model, before, changed):
    """The same after changes as `records.content` tells them."""
    touched = {*map(int, changed.get(model._meta.db_table, ()))}
    return sorted({*before} - touched | hidden_keys(model, touched)) if touched else before
