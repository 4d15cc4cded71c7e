"""What answers a query, of many models at once: one statement, all that answers ranked in it."""

from dataclasses import dataclass, field
from functools import cache, partial

from django.db import connection

from entries.search.expressions import POSTGRESQL_RANK, SQLITE_RANK
from entries.search.functions import CONFIGURATION
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

# The keys of what the public may not see, of one table. For PostgreSQL no list, which it would go
# through for each document that matches, but a subquery, of which it makes a table of hashes: with
# two hundred drafts of a kind two thirds of the time.
HIDDEN = {
    "sqlite": "hidden{} AS (SELECT value AS key FROM json_each(%s))",
    "postgresql": "hidden{} AS (SELECT unnest(%s::bigint[]) AS key)",
}

# In which a query is written for an engine.
LANGUAGES = {"sqlite": Query.fts5, "postgresql": Query.tsquery}


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
    written = LANGUAGES[connection.vendor](query)
    return remembered(
        ("best", *most.items(), written), lambda: ranked(most, query), weight=1000 * len(most)
    )


def ranked(most, query):
    answers = {model: Answer() for model in most}
    in_turn = list(answers.values())
    asked, params = statement(ranking, most, query)
    for number, key, count in asked.rows(params):
        in_turn[number].count = count
        in_turn[number].keys.append(key)
    return answers


def all_of(model, query):
    """The keys of all that the public may see, the best first."""
    if not query:
        return []
    asked, params = statement(listing, {model: None}, query)
    return [key for (key,) in asked.rows(params)]


def is_found(models, query):
    """Whether anything answers that the public may see."""
    if not query:
        return False
    asked, params = statement(finding, dict.fromkeys(models, 1), query)
    return bool(asked.rows(params))


def statement(write, most, query):
    """It depends on the query in nothing but its first parameter: both."""
    asked, hidden = remembered(
        (write.__name__, *most.items()),
        lambda: without_hidden(write, most),
        weight=lambda made: 2000 + 5 * len(repr(made[1])),
    )
    return asked, [LANGUAGES[connection.vendor](query), *hidden]


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
        parts.append(
            f"SELECT {number} AS model, record, distance, (SELECT COUNT(*) {counted}) AS count"
            f" FROM ({best} ORDER BY 2, 1 LIMIT {limit}) best{number}"
        )
    union = " UNION ALL ".join(parts)
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


def given(vendor, sides):
    """What the tables are searched for and without: all the parameters."""
    hidden = (
        HIDDEN[vendor].format(number)
        for number, (_model, _limit, has_hidden) in enumerate(sides)
        if has_hidden
    )
    return [ASKED[vendor], *hidden]


def searched(vendor, number, model, has_hidden):
    """Where the documents are that match the query, and how far each is from it."""
    table = model._meta.get_field("search_document").related_model._meta.db_table
    public = f" AND NOT rowid IN (SELECT key FROM hidden{number})" if has_hidden else ""
    if vendor == "sqlite":
        return f"FROM {table} WHERE {table} MATCH {QUERY}{public}", SQLITE_RANK.format(table)
    return f"FROM {table} WHERE words @@ {QUERY}{public}", POSTGRESQL_RANK.format("words", QUERY)


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
