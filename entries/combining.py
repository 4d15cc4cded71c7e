"""An aggregate that either engine has under a name of its own."""

from django.db import models


class Combination(models.Aggregate):
    """The values of a group as one text: '7,12'."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)
