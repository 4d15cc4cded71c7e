"""A question that a meeting or paper took up is not open: the database sees to it, whoever writes.

Triggers on both tables, since a constraint cannot look at another table: a form, a fixture, a bulk
update and plain SQL alike leave it 'taken up'. Taken down before migrations and put up after them,
as the index of the search is, and for its reasons.
"""

from hashlib import sha256

from django.db import connections, transaction

from records import triggers

PREFIX = "taken_up_"
# Whatever the state is, the row is written: on PostgreSQL whoever opens it meanwhile waits.
SETTLE = (
    "UPDATE lessons_question SET state = CASE state WHEN 'open' THEN 'taken-up' ELSE state END"
    " WHERE id = {question} AND EXISTS (SELECT 1 FROM lessons_uptake WHERE question_id = {question})"
)
# (name, event, table, column of the question, when): in whatever order the rows come.
EVENTS = [
    ("named", "INSERT", "lessons_uptake", "question_id", ""),
    ("moved", "UPDATE OF question_id", "lessons_uptake", "question_id", ""),
    ("written", "INSERT", "lessons_question", "id", "WHEN (NEW.state = 'open')"),
    ("opened", "UPDATE OF state", "lessons_question", "id", "WHEN (NEW.state = 'open')"),
]


def wanted(vendor):
    """{name: (table, statements)} of the triggers, each name with a digest of what it does."""
    found = {}
    for name, event, table, column, when in EVENTS:
        body = SETTLE.format(question=f"NEW.{column}")
        name = f"{PREFIX}{sha256(repr((event, when, body)).encode()).hexdigest()[:8]}_{name}"
        head = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
        if vendor == "sqlite":
            statements = [f"{head} BEGIN {body}; END"]
        else:
            statements = [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {body}; RETURN NULL; END $$",
                f"{head} EXECUTE FUNCTION {name}()",
            ]
        found[name] = (table, statements)
    return found


def drop(connection, name, table):
    yield triggers.drop(connection, name, table)
    if connection.vendor == "postgresql":
        yield f"DROP FUNCTION {name}()"


def take_down(sender, using, plan, **kwargs):
    """Before migrations, if there are any to run."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in triggers.standing(connection, PREFIX).items() if plan else ():
            for statement in drop(connection, name, table):
                cursor.execute(statement)


def put_up(sender, using, **kwargs):
    """After migrations: the triggers as they are wanted now, and what was written without them."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        present, needed = triggers.standing(connection, PREFIX), wanted(connection.vendor)
        if present.keys() == needed.keys():
            return
        for name in present.keys() - needed.keys():
            for statement in drop(connection, name, present[name]):
                cursor.execute(statement)
        for name in needed.keys() - present.keys():
            for statement in needed[name][1]:
                cursor.execute(statement)
        cursor.execute(
            "UPDATE lessons_question SET state = 'taken-up' WHERE state = 'open'"
            " AND id IN (SELECT question_id FROM lessons_uptake)"
        )
