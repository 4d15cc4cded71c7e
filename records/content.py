"""The version of the content: a random token that changes with whatever a page may show, and which
records changed with it.

Triggers on every table that a page shows give it a new token in the same transaction as the
change, whoever makes it: an admin, a shell, plain SQL, a restore. A token never comes again,
so what is kept under one (`ranportal.answers`) is never stale; it is in no backup. Taken down
before migrations and put up after them, as the index of the search is, and for its reasons.

The last changes are told, so that what a process remembers of a large content need not be made anew
for each (`changes`). They stand in the order in which they came to be seen: whoever changes something
holds the row of the version until then.
"""

from functools import cache
from hashlib import sha256

from django.apps import apps
from django.db import InterfaceError, OperationalError, connections, transaction

from records import triggers
from records.statements import Statement

TABLE = "content_version"
LOG = "content_change"
LAST = 1000  # changes are told
EVERYTHING = "*"  # may have changed
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
    connection.close_if_unusable_or_obsolete()  # as Django does, which may not be woken
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


def changes(since, using="default"):
    """{table: keys, as text} of the records that changed after the version; None where nobody knows.

    The row of a relation (an entry's themes, its tags) is no record: that of the entry counts.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT record, key FROM {LOG}"
            f" WHERE id >= (SELECT MAX(id) FROM {LOG} WHERE token = %s) ORDER BY id",
            [since],
        )
        known = cursor.fetchall()
    changed = {}
    for record, key in known[1:]:
        changed.setdefault(record, set()).add(key)
    return changed if known and EVERYTHING not in changed else None


def record_of(model):
    """(table, column) of the record that a row of the model's table belongs to."""
    meta = model._meta
    relation = next((f for f in meta.local_fields if f.name == "content_object"), None)  # taggit's
    if meta.auto_created:
        relation = next(f for f in meta.local_fields if f.related_model is meta.auto_created)
    if relation is None:
        return meta.db_table, meta.pk.column
    return relation.related_model._meta.db_table, relation.column


@cache
def shown():
    """{table: (columns, table and key of the record)} of what pages show. A model may say that none
    shows it, or some of its fields: `unseen`, `unseen_fields`.
    """
    return {
        model._meta.db_table: (
            [
                field.column
                for field in model._meta.local_concrete_fields
                if field.name not in getattr(model, "unseen_fields", ())
            ],
            *record_of(model),
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not getattr(model, "unseen", False)
        and model._meta.app_label not in NOT_SHOWN
    }


class SQLite:
    new_token = "lower(hex(randomblob(16)))"
    serial = "INTEGER PRIMARY KEY"
    prepare = ()

    def triggers(self, table, columns, record, key):
        def change(*rows):
            keys = " UNION ".join(
                f"SELECT token, '{record}', {row}.{key} FROM {TABLE}" for row in rows
            )
            return (
                f"BEGIN UPDATE {TABLE} SET token = {self.new_token};"
                f" INSERT INTO {LOG} (token, record, key) {keys};"
                f" DELETE FROM {LOG} WHERE id <= (SELECT MAX(id) FROM {LOG}) - {LAST}; END"
            )

        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        yield f"{table}_added", f"AFTER INSERT ON {table} {change('NEW')}"
        yield f"{table}_deleted", f"AFTER DELETE ON {table} {change('OLD')}"
        yield f"{table}_changed", f"AFTER UPDATE ON {table} WHEN {differs} {change('OLD', 'NEW')}"

    def create(self, name, definition):
        return f"CREATE TRIGGER {name} {definition}"


class PostgreSQL:
    """The row is written at the end of a transaction and once in it, so that writers do not wait
    for each other until then, nor ever in a circle."""

    new_token = "gen_random_uuid()::text"
    serial = "bigserial PRIMARY KEY"
    prepare = (
        f"""CREATE OR REPLACE FUNCTION {TABLE}_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            told integer;
            keys text[];
        BEGIN
            IF current_setting('portal.changed', true) IS DISTINCT FROM txid_current()::text THEN
                UPDATE {TABLE} SET token = {new_token};
                DELETE FROM {LOG} WHERE id <= (SELECT MAX(id) FROM {LOG}) - {LAST};
                PERFORM set_config('portal.changed', txid_current()::text, true);
                PERFORM set_config('portal.told', '0', true);
            END IF;
            told := current_setting('portal.told')::integer;
            IF told >= {LAST} THEN
                RETURN NULL;
            END IF;
            PERFORM set_config('portal.told', (told + 1)::text, true);
            IF TG_NARGS = 0 OR told = {LAST} - 1 THEN
                INSERT INTO {LOG} (token, record, key) SELECT token, '{EVERYTHING}', '' FROM {TABLE};
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                keys := keys || (to_jsonb(OLD) ->> TG_ARGV[1]);
            END IF;
            IF TG_OP <> 'DELETE' THEN
                keys := keys || (to_jsonb(NEW) ->> TG_ARGV[1]);
            END IF;
            INSERT INTO {LOG} (token, record, key)
            SELECT DISTINCT token, TG_ARGV[0], key FROM {TABLE}, unnest(keys) key;
            RETURN NULL;
        END $$""",
    )

    def triggers(self, table, columns, record, key):
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
        late = f"ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        change = f"EXECUTE FUNCTION {TABLE}_changes"
        differs = f"WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))"
        told = f"{change}('{record}', '{key}')"
        yield f"{table}_rows", f"AFTER INSERT OR DELETE {late} {told}"
        yield f"{table}_changed", f"AFTER UPDATE {late} {differs} {told}"
        yield f"{table}_emptied", f"AFTER TRUNCATE ON {table} {change}()"

    def create(self, name, definition):
        trigger = "TRIGGER" if "TRUNCATE" in definition else "CONSTRAINT TRIGGER"
        return f"CREATE {trigger} {name} {definition}"


def engine(connection):
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def wanted(on):
    """{name: definition} of the triggers, each name with a digest of what it does."""
    found = [pair for table, told in shown().items() for pair in on.triggers(table, *told)]
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
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {LOG} (id {on.serial}, token varchar(36) NOT NULL,"
            " record varchar(63) NOT NULL, key text NOT NULL)"
        )
        for statement in on.prepare:
            cursor.execute(statement)
        for name in present.keys() - definitions.keys():
            cursor.execute(triggers.drop(connection, name, present[name]))
        for name in definitions.keys() - present.keys():
            cursor.execute(on.create(name, definitions[name]))
        cursor.execute(f"DELETE FROM {LOG}")  # nobody was told what changed meanwhile
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(f"INSERT INTO {TABLE} (token) VALUES ({on.new_token})")
        cursor.execute(  # changes are told from here on
            f"INSERT INTO {LOG} (token, record, key) SELECT token, '', '' FROM {TABLE}"
        )
