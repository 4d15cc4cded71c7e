"""PostgreSQL's lexemes, the stems in its index: how many documents of each table hold each.

They tell, before any document is read, that a word or the beginning of one stands for one lexeme
and no other, and how many documents that finds.

A lexeme has rows that add up: what is written adds rows and changes none, so that nobody waits for
another who writes the same word. `migrate` and `restore` make one of several.
"""

from dataclasses import dataclass

from entries.search.functions import CONFIGURATION
from records.statements import Statement

TABLE = "portal_lexemes"
COMMON = 1000  # documents
LAST = "\U0010ffff"  # no sign comes later


def create(document):
    return [
        f"CREATE TABLE IF NOT EXISTS {TABLE}"
        ' (lexeme text COLLATE "C" NOT NULL, document text NOT NULL, records integer NOT NULL)',
        f"CREATE INDEX IF NOT EXISTS {TABLE}_lexeme ON {TABLE} (lexeme, document)",
        f"DELETE FROM {TABLE} WHERE document = '{document}'",
    ]


# What is counted where documents were written, from the rows before and after.
COUNTED = {
    "INSERT": "SELECT lexeme, 1 AS records FROM after, unnest(words)",
    "DELETE": "SELECT lexeme, -1 AS records FROM before, unnest(words)",
}
COUNTED["UPDATE"] = f"{COUNTED['INSERT']} UNION ALL {COUNTED['DELETE']}"
ROWS = {
    "INSERT": "NEW TABLE AS after",
    "DELETE": "OLD TABLE AS before",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS after",
}


def counting(document):
    """How they are counted: (suffix, table, event, statements) of triggers, one for a statement."""
    for event, counted in COUNTED.items():
        add = (
            f"INSERT INTO {TABLE} (lexeme, document, records)"
            f" SELECT lexeme, '{document}', sum(records) FROM ({counted}) counted"
            " GROUP BY lexeme HAVING sum(records) <> 0"
        )
        yield f"counted_{event.lower()}", document, event, [add]


def gathered(document):
    """The statement that makes one row of those of a lexeme.

    Less than none is kept too: it is what is left to one of two that do so at once, where the
    other has taken the rest.
    """
    return (
        f"WITH several AS (SELECT lexeme FROM {TABLE} WHERE document = '{document}'"
        " GROUP BY lexeme HAVING count(*) > 1),"
        f" gone AS (DELETE FROM {TABLE} USING several WHERE document = '{document}'"
        f" AND {TABLE}.lexeme = several.lexeme RETURNING {TABLE}.lexeme, records)"
        f" INSERT INTO {TABLE} (lexeme, document, records)"
        f" SELECT lexeme, '{document}', sum(records) FROM gone"
        " GROUP BY lexeme HAVING sum(records) <> 0"
    )


# The lexeme that any of some words stand for, if it is one, and how many documents hold it.
LOOKED_UP = Statement(
    f"""WITH known AS MATERIALIZED (
        SELECT DISTINCT found.lexeme
        FROM unnest(%s::text[], %s::text[]) typed (word, ending)
        CROSS JOIN LATERAL (
            SELECT (ts_lexize('{CONFIGURATION}_stem', typed.word))[1] AS stem
        ) stemmed
        CROSS JOIN LATERAL (
            SELECT DISTINCT lexeme FROM {TABLE}
            WHERE lexeme >= stemmed.stem AND lexeme <= stemmed.stem || typed.ending
            LIMIT 2
        ) found
        LIMIT 2
    )
    SELECT lexeme, document, sum(records) FROM {TABLE}
    WHERE lexeme = (SELECT min(lexeme) FROM known HAVING count(*) = 1)
    GROUP BY lexeme, document"""
)


@dataclass
class Lexeme:
    """One lexeme, and by how many documents of each table it is held."""

    text: str
    records: dict

    @property
    def is_common(self):
        return sum(self.records.values()) > COMMON

    @property
    def tsquery(self):
        return f"'{self.text}'"

    def held_by(self, document):
        """How many of these documents hold it."""
        return self.records.get(document._meta.db_table, 0)


def only_one(query):
    """The lexeme that the query asks for, if it is one and nothing else."""
    words = query.single_words
    # Of such words PostgreSQL makes one lexeme each.
    if not words or not all(word.isascii() and word.isalpha() for word in words):
        return None
    endings = [LAST if is_beginning else "" for is_beginning in words.values()]
    rows = LOOKED_UP.rows([list(words), endings])
    records = {document: records for _lexeme, document, records in rows}
    return Lexeme(rows[0][0], records) if rows else None
