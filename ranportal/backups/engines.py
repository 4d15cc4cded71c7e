"""What a backup and a restore ask of each engine: one moment to read, nobody else to write."""

import random
import time
from contextlib import contextmanager

from django.core.management import CommandError
from django.db import OperationalError, connection, models, transaction
from psycopg2.errors import LockNotAvailable

LOCK_SECONDS = 20  # how long a restore tries to be alone
# PostgreSQL's own tidying up keeps others out of a table as somebody who writes does.
BUSY = (
    "For %s seconds there was no moment in which nobody wrote and the database did not tidy up."
    " It is as it was before: try again in a minute."
)
LOCK_PAUSE = 0.01  # seconds at most, between two tries


def execute(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def quote(model):
    return connection.ops.quote_name(model._meta.db_table)


class SQLite:
    collation = "BINARY"

    @contextmanager
    def snapshot(self):
        """One read transaction. Not `atomic`: that would keep writers waiting."""
        execute("BEGIN")
        try:
            yield
        finally:
            execute("ROLLBACK")

    def lock(self, models):
        """Nothing to do: its transactions are IMMEDIATE, only one writes."""

    def last_number(self, model):
        rows = execute("SELECT seq FROM sqlite_sequence WHERE name = %s", model._meta.db_table)
        return rows[0][0] if rows else 0

    def continue_after(self, model, number):
        execute("DELETE FROM sqlite_sequence WHERE name = %s", model._meta.db_table)
        if number:
            row = (model._meta.db_table, number)
            execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", *row)


class PostgreSQL:
    collation = "C"

    @contextmanager
    def snapshot(self):
        with transaction.atomic(durable=True):
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def lock(self, models):
        """Keep every other writer out until the end; readers go on.

        All tables in one moment in which nobody writes. To wait for one with others locked
        already would be a deadlock with whoever writes to them in another order.
        """
        tables, deadline = ", ".join(map(quote, models)), time.monotonic() + LOCK_SECONDS
        self.stop_tidying(tables)
        while True:
            try:
                with transaction.atomic():
                    execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE NOWAIT")
                    return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if time.monotonic() > deadline:
                    raise CommandError(BUSY % LOCK_SECONDS) from error
            time.sleep(random.uniform(0, LOCK_PAUSE))

    def stop_tidying(self, tables):
        """Keep autovacuum out, which gives way to whoever waits and to nobody else; the lock is in
        the way of no reader and no writer."""
        execute("SELECT set_config('lock_timeout', %s, true)", f"{LOCK_SECONDS}s")
        try:
            with transaction.atomic():
                execute(f"LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE")
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(BUSY % LOCK_SECONDS) from error
        execute("SET LOCAL lock_timeout TO DEFAULT")

    def sequence(self, model):
        pk = model._meta.auto_field.column
        return execute("SELECT pg_get_serial_sequence(%s, %s)", quote(model), pk)[0][0]

    def last_number(self, model):
        [(last, used)] = execute(f"SELECT last_value, is_called FROM {self.sequence(model)}")
        return last if used else last - 1

    def continue_after(self, model, number):
        # Not setval(), which a rollback would leave behind.
        execute(f"ALTER SEQUENCE {self.sequence(model)} RESTART WITH {number + 1}")


def engine():
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def last_number(model):
    """The last number given to a row, be it deleted since: versions still go by it."""
    if not model._meta.auto_field:
        return None
    highest = model._base_manager.aggregate(highest=models.Max("pk"))["highest"] or 0
    return max(highest, engine().last_number(model))
