"""Many keys as one value: to a database a list of thousands is no longer than a word."""

import json

from django.db.models import Field, ForeignKey, Lookup

# How each engine takes many keys as one value.
AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each(%s))", json.dumps),
    "postgresql": ("= ANY(%s)", list),
}


@Field.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """`pk__among=keys`: one of many keys, which go to the database as one value."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        condition, keys = AMONG[connection.vendor]
        return f"{column} {condition}", [*params, keys(self.rhs)]
