"""How long is waited for a database that somebody else writes to."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def waiting_at_most(milliseconds):
    """On SQLite, whose file has one lock; on PostgreSQL a row has none that lasts."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {min(usual, milliseconds)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
