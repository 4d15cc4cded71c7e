"""SQL that is sent again and again: PostgreSQL reads and plans it once for each connection.

To read and plan a statement takes it longer than to carry it out, where keys are looked up.
"""

import re
from itertools import count
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connections
from django.utils.functional import cached_property

known = WeakKeyDictionary()  # {connection: the names of what is prepared there}
numbers = count(1)


class Statement:
    """SQL with %s for its parameters, whose types must not change from one time to the next."""

    def __init__(self, sql, using="default"):
        self.sql, self.using = sql, using
        self.name = f"portal_{next(numbers)}"

    @cached_property
    def named(self):
        """The SQL with a name for each parameter, which Django hands to SQLite in a tenth of the time."""
        places = count()
        written = {"%%": lambda: "%%", "%s": lambda: f"%(p{next(places)})s"}
        return re.sub("%[%s]", lambda match: written[match[0]](), self.sql)

    def rows(self, params=()):
        connection = connections[self.using]
        with connection.cursor() as cursor:
            if is_prepared_by(connection):
                self.prepared(connection, cursor, params)
            elif connection.vendor == "sqlite":
                named = {f"p{place}": each for place, each in enumerate(params)}
                cursor.execute(self.named, named)
            else:
                cursor.execute(self.sql, params)
            return cursor.fetchall()

    def prepared(self, connection, cursor, params):
        names = known.setdefault(connection.connection, set())
        if self.name not in names:
            cursor.execute(f"PREPARE {self.name}{types_of(params)} AS {numbered(self.sql)}")
            names.add(self.name)
        places = f" ({', '.join(['%s'] * len(params))})" if params else ""
        try:
            cursor.execute(f"EXECUTE {self.name}{places}", params)
        except NotSupportedError:  # a column has another type than when it was planned
            if connection.in_atomic_block:
                raise
            cursor.execute(f"DEALLOCATE {self.name}")
            names.remove(self.name)
            cursor.execute(self.sql, params)


def is_prepared_by(connection):
    """Not by SQLite, and not where a pooler hands connections on from one process to the next."""
    pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    return connection.vendor == "postgresql" and not pooled


def types_of(params):
    """The types of the parameters where the statement alone does not tell them."""

    def type_of(value):
        if isinstance(value, list):
            return "text[]" if value and isinstance(value[0], str) else "unknown"
        return "text" if isinstance(value, str) else "unknown"

    return f" ({', '.join(map(type_of, params))})" if params else ""


def numbered(sql):
    """The SQL as PostgreSQL prepares it: $1 for the first parameter, and so on."""
    places = count(1)
    written = {"%%": lambda: "%", "%s": lambda: f"${next(places)}"}
    return re.sub("%[%s]", lambda match: written[match[0]](), sql)
