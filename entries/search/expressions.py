"""How Django asks either engine what a query of the search box asks for."""

from django.db import models
from django.db.models import Func, Lookup

from entries.search.functions import CONFIGURATION

# How far a document is from a query: the table, or the column and the query. A word in the title
# counts for more than the same in the text, and there for more than in the rest: however often on
# PostgreSQL, up to ten times on SQLite.
SQLITE_RANK = "bm25({}, 10.0, 1.0, 0.1, 0.1)"
POSTGRESQL_RANK = "-ts_rank('{{0.1, 0.1, 0.4, 1.0}}', {}, {})"
# The words of the title alone, which PostgreSQL has an index of.
TITLE = "ts_filter(words, '{a}')"


class WordsField(models.TextField):
    """What is searched of a record: an FTS5 row, or a tsvector."""


@WordsField.register_lookup
class Matches(Lookup):
    """`words__matches=query`, with a parsed Query."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        return f"{fts5_row(self.lhs, compiler)} MATCH %s", [self.rhs.fts5()]

    def as_postgresql(self, compiler, connection):
        document, params = self.process_lhs(compiler, connection)
        return f"{document} @@ to_tsquery('{CONFIGURATION}', %s)", [*params, self.rhs.tsquery()]


def fts5_row(column, compiler):
    """The hidden column, named like its table, that FTS5's operator and functions take."""
    quote = compiler.quote_name_unless_alias
    return f"{quote(column.alias)}.{quote(column.target.model._meta.db_table)}"


class Distance(Func):
    """How far a matched document is from the query that matched it: the best match has the least."""

    output_field = models.FloatField()

    def __init__(self, document, *, query):
        super().__init__(document, query=query)

    def as_sqlite(self, compiler, connection, **context):
        # Weights of the title, the text, the rest, and words without their hyphens.
        return SQLITE_RANK.format(fts5_row(self.source_expressions[0], compiler)), []

    def as_postgresql(self, compiler, connection, **context):
        document, params = compiler.compile(self.source_expressions[0])
        rank = POSTGRESQL_RANK.format(document, f"to_tsquery('{CONFIGURATION}', %s)")
        return rank, [*params, self.extra["query"].tsquery()]
