"""The version of the content: a random token that changes with whatever a page may show.

Triggers on every table that a page shows give it a new token in the same transaction as the
change, whoever makes it: an admin, a shell, plain SQL, a restore. A token never comes again,
so what is kept under one (`ranportal.answers`) is never stale; it is in no backup. Taken down
before migrations and put up after them, as the index of the search is, and for its reasons.
"""

from functools import cache
from hashlib import sha256

from django.apps import apps
from django.db import InterfaceError, OperationalError, connections, transaction

from records import triggers
from records.statements import Statement

TABLE = "content_version"
PREFIX = "content_"  # of its triggers
# Who works here, what they did and what they have before them; no page shows it.
NOT_SHOWN = {
    "account",
    "accounts",
    "admin",
    "auth",
    "contenttypes",
    "imports",
    "mfa",
    "reversion",
    "sessions",
    "usersessions",
}


def version(using="default"):
    """The token as everyone sees it; None within a transaction, which may see what nobody else does."""
    connection = connections[using]
    if connection.in_atomic_block:
        return None
    # Asking tells whether the connection still stands: no need to ask for that first.
    connection.health_check_done = True
    try:
        return token(using)
    except (InterfaceError, OperationalError):
        connection.close()
        return token(using)


@cache
def asked(using):
    return Statement(f"SELECT token FROM {TABLE}", using)


def token(using):
    return asked(using).rows()[0][0]


def shown_columns():
    """{table: columns} of what pages show. A model may say that none shows it, or some of
    its fields: `unseen`, `unseen_fields`.
    """
    return {
        model._meta.db_table: [
            field.column
            for field in model._meta.local_concrete_fields
            if field.name not in getattr(model, "unseen_fields", ())
        ]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not getattr(model, "unseen", False)
        and model._meta.app_label not in NOT_SHOWN
    }


class SQLite:
    new_token = "lower(hex(randomblob(16)))"
    prepare = ()

    def triggers(self, table, columns):
        change = f"BEGIN UPDATE {TABLE} SET token = {self.new_token}; END"
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        yield f"{table}_added", f"AFTER INSERT ON {table} {change}"
        yield f"{table}_deleted", f"AFTER DELETE ON {table} {change}"
        yield f"{table}_changed", f"AFTER UPDATE ON {table} WHEN {differs} {change}"

    def create(self, name, definition):
        return f"CREATE TRIGGER {name} {definition}"


class PostgreSQL:
    """The row is written at the end of a transaction and once in it, so that writers do not wait
    for each other until then, nor ever in a circle."""

    new_token = "gen_random_uuid()::text"
    prepare = (
        f"""CREATE OR REPLACE FUNCTION {TABLE}_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('portal.changed', true) IS DISTINCT FROM txid_current()::text THEN
                UPDATE {TABLE} SET token = {new_token};
                PERFORM set_config('portal.changed', txid_current()::text, true);
            END IF;
            RETURN NULL;
        END $$""",
    )

    def triggers(self, table, columns):
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
        late = f"ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        change = f"EXECUTE FUNCTION {TABLE}_changes()"
        differs = f"WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))"
        yield f"{table}_rows", f"AFTER INSERT OR DELETE {late} {change}"
        yield f"{table}_changed", f"AFTER UPDATE {late} {differs} {change}"
        yield f"{table}_emptied", f"AFTER TRUNCATE ON {table} {change}"

    def create(self, name, definition):
        trigger = "TRIGGER" if "TRUNCATE" in definition else "CONSTRAINT TRIGGER"
        return f"CREATE {trigger} {name} {definition}"


def engine(connection):
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def wanted(on):
    """{name: definition} of the triggers, each name with a digest of what it does."""
    found = [
        pair for table, columns in shown_columns().items() for pair in on.triggers(table, columns)
    ]
    digests = [sha256(repr((on.prepare, pair)).encode()).hexdigest()[:8] for pair in found]
    return {
        f"{PREFIX}{digest}_{suffix}"[:63]: definition
        for digest, (suffix, definition) in zip(digests, found, strict=True)
    }


def take_down(sender, using, plan, **kwargs):
    """Before migrations, if there are any to run."""
    if not plan:
        return
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in triggers.standing(connection, PREFIX).items():
            cursor.execute(triggers.drop(connection, name, table))


def put_up(sender, using, **kwargs):
    """After migrations: triggers as they are wanted now, and a new token where some were not there."""
    on, connection = engine(connections[using]), connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        present, definitions = triggers.standing(connection, PREFIX), wanted(on)
        if present.keys() == definitions.keys():
            return
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (token varchar(36) NOT NULL)")
        for statement in on.prepare:
            cursor.execute(statement)
        for name in present.keys() - definitions.keys():
            cursor.execute(triggers.drop(connection, name, present[name]))
        for name in definitions.keys() - present.keys():
            cursor.execute(on.create(name, definitions[name]))
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(f"INSERT INTO {TABLE} (token) VALUES ({on.new_token})")
