"""The test database put aside as it is, and put back: in milliseconds, where loading takes seconds."""

import sqlite3
import time
from contextlib import closing, contextmanager

from django.db import connection
from psycopg2.errors import InsufficientPrivilege


@contextmanager
def database_put_aside():
    """Yield what puts the database back as it is now."""
    aside = on_sqlite if connection.vendor == "sqlite" else on_postgresql
    with aside() as put_back:
        yield put_back


@contextmanager
def on_sqlite():
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as kept:
        connection.ensure_connection()
        connection.connection.backup(kept)

        def put_back():
            connection.ensure_connection()
            kept.backup(connection.connection)

        yield put_back


@contextmanager
def on_postgresql():
    """A database of its own, from which the other is made anew."""
    name = connection.settings_dict["NAME"]
    kept = f"{name}_kept"

    def remake(database, like):
        connection.close()
        parameters = connection.get_connection_params() | {"dbname": "postgres"}
        with closing(connection.Database.connect(**parameters)) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                dropped(cursor, database)
                if like:
                    cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}"')

    remake(kept, like=name)
    yield lambda: remake(name, like=kept)
    remake(kept, like=None)


def dropped(cursor, database):
    """The server tidies up now and then by itself, and nobody may send it away: it is gone soon."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        except InsufficientPrivilege:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
