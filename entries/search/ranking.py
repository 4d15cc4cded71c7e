"""What answers a query, of many models at once: one statement, all that answers ranked in it."""

from dataclasses import dataclass, field

from django.db import connection

from entries.search.expressions import POSTGRESQL_RANK, SQLITE_RANK
from entries.search.functions import CONFIGURATION
from records.among import AMONG
from records.memory import remembered

# PostgreSQL takes a match for no dearer than a comparison of numbers, and would rather read a whole
# table where many documents match: three times the work. Holds for the statement it stands before.
BY_INDEX = "SET LOCAL enable_seqscan = off; "


@dataclass
class Answer:
    """How many records of a model answer, and the keys of the best."""

    count: int = 0
    keys: list = field(default_factory=list)


def best_of(most, query):
    """{model: Answer} of what the public may see; `most` says how many keys of each model."""
    answers = {model: Answer() for model in most}
    if query:
        with connection.cursor() as cursor:
            cursor.execute(*statement(most, query))
            for number, key, count in cursor.fetchall():
                answer = list(answers.values())[number]
                answer.count = count
                answer.keys.append(key)
    return answers


def statement(most, query):
    founds, parts, params = [], [], []
    for number, (model, limit) in enumerate(most.items()):
        source, rank, asked = searched(model, query)
        if hidden := hidden_of(model):
            among, keys = AMONG[connection.vendor]
            source, asked = f"{source} AND NOT rowid {among}", [*asked, keys(sorted(hidden))]
        found = f"SELECT rowid AS record, {rank} AS distance {source}"
        counted = source
        if connection.vendor == "postgresql":  # where to look once more is as dear as to look
            founds.append(f"found{number} AS MATERIALIZED ({found})")
            counted = f"FROM found{number}"
            found = f"SELECT record, distance {counted}"
            params += asked
        else:
            params += [*asked, *asked]
        parts.append(
            f"SELECT {number} AS model, record, distance, (SELECT COUNT(*) {counted}) AS count"
            f" FROM ({found} ORDER BY 2, 1 LIMIT {limit}) best{number}"
        )
    together = f"{BY_INDEX}WITH {', '.join(founds)} " if founds else ""
    union = " UNION ALL ".join(parts)
    ordered = "ORDER BY model, distance, record"
    return f"{together}SELECT model, record, count FROM ({union}) answers {ordered}", params


def searched(model, query):
    """Where the documents are that match, how far each is from the query, and the parameters."""
    table = model._meta.get_field("search_document").related_model._meta.db_table
    if connection.vendor == "sqlite":
        return f"FROM {table} WHERE {table} MATCH %s", SQLITE_RANK.format(table), [query.fts5()]
    source = f"FROM {table}, to_tsquery('{CONFIGURATION}', %s) query WHERE words @@ query"
    return source, POSTGRESQL_RANK.format("words", "query"), [query.tsquery()]


def hidden_of(model):
    """The keys of what the public may not see: few, beside what it may."""
    if not hasattr(model.objects, "hidden"):
        return frozenset()
    return remembered(
        ("hidden", model),
        lambda: frozenset(model.objects.hidden().values_list("pk", flat=True)),
        weight=lambda hidden: 500 + 60 * len(hidden),
    )
