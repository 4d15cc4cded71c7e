"""The triggers that a database has: both engines name them in tables of their own."""

ALL = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal"
    ),
}


def standing(connection, prefix):
    """{name: table} of those whose name begins so."""
    with connection.cursor() as cursor:
        cursor.execute(ALL[connection.vendor])
        return {name: table for name, table in cursor.fetchall() if name.startswith(prefix)}


def drop(connection, name, table):
    """The statement that takes one down; SQLite's names are those of the whole database."""
    return f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else "")
