"""What answers a query, of many models at once: one statement, all that answers ranked in it."""

from dataclasses import dataclass, field
from functools import cache

from django.db import connection

from entries.search.expressions import POSTGRESQL_RANK, SQLITE_RANK
from entries.search.functions import CONFIGURATION
from entries.search.query import Query
from records.among import AMONG
from records.memory import remembered
from records.statements import Statement

# The query, written once for all the tables. It is hidden from PostgreSQL's planner, which would
# rather read a whole table where it knows that many documents match: three times the work.
QUERY = "(SELECT query FROM asked)"
ASKED = {
    "sqlite": "asked AS (SELECT %s AS query)",
    "postgresql": f"asked AS MATERIALIZED (SELECT to_tsquery('{CONFIGURATION}', %s) AS query)",
}

# What the public may not see. PostgreSQL goes through a list for each document that matches, and
# makes a table of hashes of a subquery: with two hundred drafts of a kind two thirds of the time.
HIDDEN = {
    "sqlite": AMONG["sqlite"][0],
    "postgresql": "IN (SELECT unnest(%s::bigint[]))",
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
    asked, params = statement(most, query)
    for number, key, count in asked.rows(params):
        in_turn[number].count = count
        in_turn[number].keys.append(key)
    return answers


def statement(most, query):
    """It depends on the query in nothing but its first parameter: both."""
    asked, hidden = remembered(
        ("ranking", *most.items()),
        lambda: without_hidden(most),
        weight=lambda ranking: 2000 + 5 * len(repr(ranking[1])),
    )
    return asked, [LANGUAGES[connection.vendor](query), *hidden]


def without_hidden(most):
    """The statement, and the parameters that keep out of it what the public may not see."""
    hidden = {model: hidden_of(model) for model in most}
    sides = tuple((model, limit, bool(hidden[model])) for model, limit in most.items())
    _condition, among = AMONG[connection.vendor]
    times = 1 if connection.vendor == "postgresql" else 2  # as often as `written` has them
    params = [among(keys) for keys in hidden.values() if keys for _time in range(times)]
    return written(connection.vendor, sides), params


@cache
def written(vendor, sides):
    founds, parts = [ASKED[vendor]], []
    for number, (model, limit, has_hidden) in enumerate(sides):
        source, rank = searched(vendor, model)
        if has_hidden:
            source = f"{source} AND NOT rowid {HIDDEN[vendor]}"
        found = f"SELECT rowid AS record, {rank} AS distance {source}"
        counted = source
        if vendor == "postgresql":  # where to look once more is as dear as to look
            founds.append(f"found{number} AS MATERIALIZED ({found})")
            counted = f"FROM found{number}"
            found = f"SELECT record, distance {counted}"
        parts.append(
            f"SELECT {number} AS model, record, distance, (SELECT COUNT(*) {counted}) AS count"
            f" FROM ({found} ORDER BY 2, 1 LIMIT {limit}) best{number}"
        )
    union = " UNION ALL ".join(parts)
    ordered = "ORDER BY model, distance, record"
    return Statement(
        f"WITH {', '.join(founds)} SELECT model, record, count FROM ({union}) answers {ordered}"
    )


def searched(vendor, model):
    """Where the documents are that match the query, and how far each is from it."""
    table = model._meta.get_field("search_document").related_model._meta.db_table
    if vendor == "sqlite":
        return f"FROM {table} WHERE {table} MATCH {QUERY}", SQLITE_RANK.format(table)
    return f"FROM {table} WHERE words @@ {QUERY}", POSTGRESQL_RANK.format("words", QUERY)


def hidden_of(model):
    """The keys of what the public may not see: few, beside what it may."""
    if not hasattr(model.objects, "hidden"):
        return []
    return sorted(model.objects.hidden().values_list("pk", flat=True))
