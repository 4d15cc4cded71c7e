"""Questions that are asked again and again with other keys: the SQL of each is written once.

To build a queryset and its SQL costs several times what the database takes to answer it. Nothing
in a prepared queryset may depend on the day, the visitor or the settings: only on the keys.
"""

from functools import cache
from operator import itemgetter

from django.db import connections
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

from records.among import AMONG
from records.moments import with_zone
from records.statements import Statement

MARK = ["the keys stand here"]


class Prepared:
    """The records that `make`, given keys, has a queryset of: it narrows by `among` once."""

    def __init__(self, make):
        self.make = make

    @cached_property
    def queryset(self):
        queryset = self.make(MARK)
        carrying = getattr(queryset._iterable_class, "carrying", None)
        return carrying(queryset) if carrying else queryset

    @cached_property
    def written(self):
        """Its SQL, the parameters before and after the keys, and what makes records of rows."""
        using = self.queryset.db
        compiler = self.queryset.query.get_compiler(using)
        sql, params = compiler.as_sql()
        _condition, written = AMONG[connections[using].vendor]
        place = params.index(written(MARK))
        return sql, params[:place], params[place + 1 :], Rows(compiler, using)

    @cached_property
    def statement(self):
        return Statement(self.written[0], self.queryset.db)

    def __call__(self, keys, known=None):
        """The records with these keys. Several calls may share what is `known` of what they name."""
        records = self.bare(keys)
        # As a queryset that brings relations does it for what it goes through.
        complete = getattr(self.queryset._iterable_class, "complete", None)
        if complete and records:
            complete(self.queryset.model, records, {} if known is None else known)
        return records

    def bare(self, keys):
        """The records without what the queryset would bring with them."""
        return self.records(self.statement.rows(self.params(keys)))

    def params(self, keys):
        _sql, before, after, _rows = self.written
        _condition, written = AMONG[connections[self.queryset.db].vendor]
        return [*before, written(keys), *after]

    def records(self, rows):
        return self.written[-1].records(rows, connections[self.queryset.db])


class Several:
    """Prepared questions for records of several models, as one: each by itself costs more than
    its few rows. A row has every column that any of them has, and nothing in those of the others.
    """

    def __init__(self, *questions):
        self.questions = questions
        own = [list(question.written[-1].columns) for question in questions]
        every = list(dict.fromkeys(column for columns in own for column in columns))
        self.own = [itemgetter(*[every.index(column) + 1 for column in columns]) for columns in own]
        parts = [
            f"SELECT {number}, {', '.join(cell(column, columns) for column in every)}"
            f" FROM ({question.written[0]}) AS side{number}"
            for number, (question, columns) in enumerate(zip(questions, own, strict=True))
        ]
        self.statement = Statement(" UNION ALL ".join(parts), questions[0].queryset.db)

    def bare(self, keys):
        """The records of each, by its keys, without what the queryset would bring with them."""
        params = [
            param
            for question, own in zip(self.questions, keys, strict=True)
            for param in question.params(own)
        ]
        rows = [[] for _question in self.questions]
        for row in self.statement.rows(params):
            rows[row[0]].append(self.own[row[0]](row))
        return [question.records(own) for question, own in zip(self.questions, rows, strict=True)]


def cell(column, own):
    name, column_type = column
    return f'"{name}"' if column in own else f"CAST(NULL AS {column_type})"


def in_turn(convert):
    """Converts the values of a column one after the other, as Django does."""

    def convert_all(values, expression, connection):
        return [
            None if value is None else convert(value, expression, connection) for value in values
        ]

    return convert_all


def aware(moments, expression, connection):
    """Moments of SQLite, which have no zone: Django's own looks three times whether one has."""
    return with_zone(moments, connection.timezone)


QUICKER = {"convert_datetimefield_value": aware}


@cache
def several(*questions):
    return Several(*questions)


class Rows:
    """Makes records of rows as Django's own iterable does, of any number of them in less time."""

    def __init__(self, compiler, using):
        self.using, self.model = using, compiler.klass_info["model"]
        self.select = compiler.select[: compiler.col_count]
        converters = compiler.get_converters([column for column, _sql, _alias in self.select])
        self.converters = [
            (place, QUICKER.get(convert.__name__) or in_turn(convert), expression)
            for place, (functions, expression) in converters.items()
            for convert in functions
        ]
        fields = compiler.klass_info["select_fields"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [column[0].target.attname for column in compiler.select[self.own]]
        self.related = get_related_populators(compiler.klass_info, compiler.select, using)
        self.annotations = list((compiler.annotation_col_map or {}).items())

    @property
    def columns(self):
        """Of each column its name and its type."""
        connection = connections[self.using]
        for column, _sql, alias in self.select:
            yield alias or column.target.column, column.output_field.db_type(connection)

    def records(self, rows, connection):
        """A record for each row, of which the values are converted column by column."""
        if self.converters and rows:
            columns = list(zip(*rows, strict=True))
            for place, convert_all, expression in self.converters:
                columns[place] = convert_all(columns[place], expression, connection)
            rows = zip(*columns, strict=True)
        return [self.record(row) for row in rows]

    def record(self, row):
        record = self.made(row[self.own])
        for populator in self.related:
            populator.populate(row, record)
        for name, place in self.annotations:
            setattr(record, name, row[place])
        return record

    def made(self, values):
        """What `Model.from_db` makes of values, which asks for each of them how it is to be set."""
        record = self.model.__new__(self.model)
        record._state = ModelState()
        record._state.adding, record._state.db = False, self.using
        record._prefetched_objects_cache = {}
        record.__dict__.update(zip(self.names, values, strict=True))
        return record
