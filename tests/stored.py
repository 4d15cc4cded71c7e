"""What the database holds, row by row."""

import re

from django.db import connection

from entries.search import lexemes
from entries.search.index import indexes

# Rows that add up, however many there are.
SUMS = f"""SELECT lexeme, document, sum(records) FROM {lexemes.TABLE}
    GROUP BY lexeme, document HAVING sum(records) <> 0"""


def stored():
    """The rows of every table, as the database has them; the search by its documents."""
    tables = connection.introspection.table_names()
    inner = re.compile(r"document_(data|idx|config|words)$")
    documents = {index.table: index.kept for index in indexes("default")}
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            if not inner.search(table):
                every = f"SELECT * FROM {documents.get(table, table)}"
                cursor.execute(SUMS if table == lexemes.TABLE else every)
                rows[table] = sorted(map(told, cursor.fetchall()))
    return rows


def told(row):
    """The row as text; PostgreSQL's driver gives bytes as a place in memory."""
    return repr([bytes(one) if isinstance(one, memoryview) else one for one in row])


def refuse_to_write(execute, sql, params, many, context):
    """Around every statement (`connection.execute_wrapper`) of whoever should only read."""
    assert not sql.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")), sql
    return execute(sql, params, many, context)
