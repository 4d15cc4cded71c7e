"""How Django asks either engine what a query of the search box asks for."""

from django.db import models
from django.db.models import Func, Lookup

CONFIGURATION = "ranportal"  # PostgreSQL's, made by `entries.search_index`


class DocumentField(models.TextField):
    """What is searched of an entry: an FTS5 row, or a tsvector."""


@DocumentField.register_lookup
class Matches(Lookup):
    """`document__matches=query`, with a parsed Query."""

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


class OfDocument(Func):
    """An expression over a matched document and the query that matched it."""

    def __init__(self, *expressions, query, **extra):
        super().__init__(*expressions, query=query, **extra)

    @property
    def query(self):
        return self.extra["query"]


class Distance(OfDocument):
    """How far the document is from what was asked: the best match has the least."""

    output_field = models.FloatField()

    def as_sqlite(self, compiler, connection, **context):
        # Weights of the title, the text, the rest, and words without their hyphens.
        return f"bm25({fts5_row(self.source_expressions[0], compiler)}, 10.0, 4.0, 1.0, 1.0)", []

    def as_postgresql(self, compiler, connection, **context):
        document, params = compiler.compile(self.source_expressions[0])
        rank = f"-ts_rank('{{0.1, 0.1, 0.4, 1.0}}', {document}, to_tsquery('{CONFIGURATION}', %s))"
        return rank, [*params, self.query.tsquery()]


# Characters for private use: two stand around a found word until the rest is escaped,
# one stands for a sign that PostgreSQL would act on.
FOUND_START, FOUND_END, LESS_THAN = "\ue000", "\ue001", "\ue002"


class Found(OfDocument):
    """A text of the document with the found words marked, at most `words` long.

    Takes the document and the field itself; FTS5 finds the text by `column`, its place
    in the document.
    """

    output_field = models.TextField()

    def __init__(self, *expressions, query, column, words=40):
        super().__init__(*expressions, query=query, column=column, words=words)

    def as_sqlite(self, compiler, connection, **context):
        row = fts5_row(self.source_expressions[0], compiler)
        return (
            f"snippet({row}, {self.extra['column']}, %s, %s, '…', {self.extra['words']})",
            [FOUND_START, FOUND_END],
        )

    def as_postgresql(self, compiler, connection, **context):
        text, params = compiler.compile(self.source_expressions[1])
        words = self.extra["words"]
        options = (
            f"StartSel={FOUND_START}, StopSel={FOUND_END}, MaxWords={words},"
            f" MinWords={words // 2}, MaxFragments=1, FragmentDelimiter=…"
        )
        # ts_headline leaves out what it takes for a tag, so no '<' may reach it.
        found = (
            f"replace(ts_headline('{CONFIGURATION}', replace({text}, '<', '{LESS_THAN}'),"
            f" to_tsquery('{CONFIGURATION}', %s), %s), '{LESS_THAN}', '<')"
        )
        return found, [*params, self.query.tsquery(), options]
