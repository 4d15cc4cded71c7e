"""Keeps the search documents: one small table for each model whose records are searched.

The database keeps them itself, by triggers on the model's own table, on the tables of
its relations and on what these relate to. Whatever writes (the admin, a bulk update, a
fixture, a restore), no document is stale.

The triggers are taken down before migrations and put up after them: SQLite makes a
table anew to alter it, and cannot while triggers name it. Their names carry a digest of
the whole definition, so an index is rebuilt when it is missing, was taken down or is
defined otherwise now, and only then.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.db import connections, models, transaction

from entries.search import lexemes
from entries.search.expressions import TITLE
from entries.search.functions import (
    CONFIGURATION,
    give_postgresql,
    postgresql_functions,
)
from entries.search.models import SearchDocument
from records import triggers


@dataclass
class Relation:
    """Words that a record has by what it is related to: its tags, its countries."""

    name: str
    through: str
    near: str
    far: str
    target: str
    target_key: str
    words: list

    @classmethod
    def of(cls, field, word_fields):
        through = field.remote_field.through._meta
        target = field.related_model._meta
        is_tags = not hasattr(field, "m2m_column_name")  # taggit's, with a table for each kind
        return cls(
            name=field.name,
            through=through.db_table,
            near="content_object_id" if is_tags else field.m2m_column_name(),
            far="tag_id" if is_tags else field.m2m_reverse_name(),
            target=target.db_table,
            target_key=target.pk.column,
            words=[target.get_field(word) for word in word_fields],
        )

    def rows(self):
        """What the words are read from, for the record `e`."""
        return (
            f"{self.through} t JOIN {self.target} x ON x.{self.target_key} = t.{self.far}"
            f" WHERE t.{self.near} = e.id ORDER BY t.id"
        )

    def changes(self):
        """When they change, as (suffix, table, event, which records)."""
        near, far, key = self.near, self.far, self.target_key
        related = f"e.id IN (SELECT {near} FROM {self.through} WHERE {far} = NEW.{key})"
        yield "added", self.through, "INSERT", f"e.id = NEW.{near}"
        yield "removed", self.through, "DELETE", f"e.id = OLD.{near}"
        yield "moved", self.through, "UPDATE", f"e.id IN (OLD.{near}, NEW.{near})"
        # Foreign keys wait for the end of a transaction: a fixture may bring the row first.
        yield "named", self.target, "INSERT", related
        yield "renamed", self.target, "UPDATE", related


@dataclass
class Rows:
    """Words of the rows that belong to a record: what a source says is missing of a theme."""

    name: str
    table: str
    near: str
    words: list

    @classmethod
    def of(cls, relation, word_fields):
        names = relation.related_model._meta
        words = [names.get_field(word) for word in word_fields]
        return cls(relation.get_accessor_name(), names.db_table, relation.field.column, words)

    def rows(self):
        return f"{self.table} x WHERE x.{self.near} = e.id ORDER BY x.id"

    def changes(self):
        near = self.near
        yield "added", self.table, "INSERT", f"e.id = NEW.{near}"
        yield "removed", self.table, "DELETE", f"e.id = OLD.{near}"
        yield "changed", self.table, "UPDATE", f"e.id IN (OLD.{near}, NEW.{near})"


def related(model, words):
    """The relations of the model that `words` names, as far as it has them."""
    for name, word_fields in words.items():
        if name in {field.name for field in model._meta.many_to_many}:
            yield Relation.of(model._meta.get_field(name), word_fields)
        elif name in {relation.get_accessor_name() for relation in model._meta.related_objects}:
            yield Rows.of(model._meta.get_field(name), word_fields)


def documents():
    """The models of search documents, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, SearchDocument)]
    return sorted(found, key=lambda model: model._meta.db_table)


class Index:
    """The search documents of one model in one database, and the triggers that keep them."""

    def __init__(self, document, connection):
        self.document = document
        self.model = document._meta.get_field("record").related_model
        self.connection = connection
        self.table = self.kept = document._meta.db_table
        self.relations = [*related(self.model, document.related)]

    # --- What a document holds

    def fields(self):
        """The fields of the model that hold public words, its title and text first."""
        first = [self.document.title, self.document.text]
        others = [
            field.name
            for field in self.model._meta.local_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not isinstance(field, models.URLField | models.SlugField)
            and not field.choices
            and field.name not in (*first, *self.document.hidden)
        ]
        return first, others

    def words(self, name, alias="e"):
        field = self.model._meta.get_field(name) if isinstance(name, str) else name
        return self.words_of(f"{alias}.{field.column}", isinstance(field, models.JSONField))

    def related_words(self, relation):
        words = " || ' ' || ".join(self.words(field, "x") for field in relation.words)
        # In an order of their own, or a phrase might be found in two tags today and not tomorrow.
        return (
            f"coalesce((SELECT {self.concatenate}(o.words, ' ') FROM (SELECT {words} AS words"
            f" FROM {relation.rows()}) o), '')"
        )

    def contents(self, where):
        """The statement that reads the documents of some records from what is stored now."""
        (title, text), others = self.fields()
        rest = [self.words(name) for name in others]
        rest += [self.related_words(relation) for relation in self.relations]
        rest = " || ' ' || ".join(rest or ["''"])
        title = self.words(title) if title else "''"
        return (
            "SELECT c.id, portal_words(c.title) AS title, portal_words(c.text) AS text,"
            " portal_words(c.rest) AS rest,"
            " portal_joined(c.title || ' ' || c.text || ' ' || c.rest) AS joined"
            f" FROM (SELECT e.id, {title} AS title, {self.words(text)} AS text, {rest} AS rest"
            f" FROM {self.model._meta.db_table} e WHERE {where}) c"
        )

    # --- When it is made again

    def triggers(self):
        """What keeps the documents, as (suffix, table, event, statements)."""
        own = self.model._meta.db_table
        forget = [f"DELETE FROM {self.kept} WHERE rowid = OLD.id"]
        yield "added", own, "INSERT", self.refresh("e.id = NEW.id")
        yield "changed", own, "UPDATE", self.refresh("e.id = NEW.id")
        yield "deleted", own, "DELETE", forget
        for relation in self.relations:
            for suffix, table, event, where in relation.changes():
                yield f"{relation.name}_{suffix}", table, event, self.refresh(where)

    def named_triggers(self):
        wanted = list(self.triggers())
        definition = repr((self.create_table(), self.functions(), wanted, self.finish()))
        digest = sha256(definition.encode()).hexdigest()[:8]
        return {
            f"{self.table}_{digest}_{suffix}": (table, event, f"{'; '.join(statements)};")
            for suffix, table, event, statements in wanted
        }

    def functions(self):
        """How words are read: another way is another definition."""
        raise NotImplementedError

    def tidy(self):
        """What an index that stands is given now and then."""
        return []

    # --- Putting it up and taking it down

    def execute(self, *statements):
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def standing(self):
        """{name: table} of this index's triggers that the database has."""
        return triggers.standing(self.connection, f"{self.table}_")

    def drop_trigger(self, name, table):
        return [triggers.drop(self.connection, name, table)]

    def take_down(self):
        for name, on in self.standing().items():
            self.execute(*self.drop_trigger(name, on))

    def put_up(self):
        wanted = self.named_triggers()
        if wanted.keys() <= self.standing().keys():
            self.execute(*self.tidy())
            return
        self.take_down()
        self.execute(*(f"DROP TABLE IF EXISTS {table}" for table in {self.table, self.kept}))
        self.execute(*self.create_table())
        for name, trigger in wanted.items():
            self.execute(*self.create_trigger(name, *trigger))
        self.execute(*self.refresh("1 = 1"), *self.finish())


# How SQLite's functions read words; another number makes every index anew.
VERSION = 2
# A word that nobody can ask for, since normalised words have no such letter.
FILLING = " ø" * 12


class SQLiteIndex(Index):
    """An FTS5 table of stems; `entries.search.functions` makes them.

    It does not hold how long each document is, which bm25 would look up for every match: three
    quarters of its time. All are ranked as if they were of one length, as PostgreSQL does it. FTS5
    then takes the length for -1 a column, and the more often a word stood in a document the lower
    it would be, were they shorter than twelve words on average: hence the filling.

    Nor does it hold their words, which it must be told to forget a document: these stand beside it.
    """

    concatenate = "group_concat"

    def __init__(self, document, connection):
        super().__init__(document, connection)
        self.kept = f"{self.table}_words"

    def words_of(self, column, is_json):
        words = f"(SELECT group_concat(value, ' ') FROM json_each({column}))" if is_json else column
        return f"coalesce({words}, '')"

    def create_table(self):
        return [
            f"CREATE TABLE {self.kept} (rowid INTEGER PRIMARY KEY, title, text, rest, joined)",
            f"CREATE VIRTUAL TABLE {self.table} USING fts5(title, text, rest, joined,"
            " content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 0')",
        ]

    def functions(self):
        return VERSION

    def refresh(self, where):
        # Not INSERT OR REPLACE: a statement that fires a trigger imposes its own ON
        # CONFLICT on it, and Django adds related rows with OR IGNORE.
        entries = f"SELECT e.id FROM {self.model._meta.db_table} e WHERE {where}"
        return [
            f"DELETE FROM {self.kept} WHERE rowid IN ({entries})",
            f"INSERT INTO {self.kept} (rowid, title, text, rest, joined) {self.contents(where)}",
        ]

    def triggers(self):
        yield from super().triggers()
        columns = "rowid, title, text, rest, joined"
        new, old = (
            f"{row}.rowid, {row}.title, {row}.text, {row}.rest, {row}.joined || '{FILLING}'"
            for row in ("NEW", "OLD")
        )
        add = f"INSERT INTO {self.table} ({columns}) VALUES ({new})"
        forget = f"INSERT INTO {self.table} ({self.table}, {columns}) VALUES ('delete', {old})"
        yield "indexed", self.kept, "INSERT", [add]
        yield "forgotten", self.kept, "DELETE", [forget]

    def finish(self):
        # What was written at once stands in many parts, and a word would be looked up in each.
        return [f"INSERT INTO {self.table} ({self.table}) VALUES ('optimize')"]

    def create_trigger(self, name, table, event, body):
        return [f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"]


class PostgreSQLIndex(Index):
    """A weighted tsvector under a GIN index."""

    concatenate = "string_agg"

    def words_of(self, column, is_json):
        lines = f"(SELECT string_agg(line, ' ') FROM jsonb_array_elements_text({column}) AS line)"
        return f"coalesce({lines if is_json else column}, '')"

    def create_table(self):
        return [
            # Whole in its row, as far as there is room: else ranking fetches each from elsewhere.
            f"CREATE TABLE {self.table} (rowid bigint PRIMARY KEY, words tsvector NOT NULL)"
            " WITH (toast_tuple_target = 8160)",
            *lexemes.create(self.table),
        ]

    def refresh(self, where):
        words = " || ".join(
            f"setweight(to_tsvector('{CONFIGURATION}', s.{part}), '{weight}')"
            for part, weight in (("title", "A"), ("text", "B"), ("rest", "C"), ("joined", "D"))
        )
        return [
            f"INSERT INTO {self.table} (rowid, words) SELECT s.id, {words}"
            f" FROM ({self.contents(where)}) s"
            " ON CONFLICT (rowid) DO UPDATE SET words = EXCLUDED.words"
        ]

    def functions(self):
        return postgresql_functions()

    def finish(self):
        indexed = {"words": "words"} | ({"title": TITLE} if self.document.title else {})
        made = [
            # Without a list of what has changed since, which each search would go through as well.
            f"CREATE INDEX {self.table}_{name} ON {self.table} USING gin ({words})"
            " WITH (fastupdate = off)"
            for name, words in indexed.items()
        ]
        return [*made, f"ANALYZE {self.table}"]

    def tidy(self):
        return [lexemes.gathered(self.table)]

    def triggers(self):
        yield from super().triggers()
        yield "emptied", self.model._meta.db_table, "TRUNCATE", [f"DELETE FROM {self.table}"]
        yield from lexemes.counting(self.table)

    def create_trigger(self, name, table, event, body):
        each = "FOR EACH STATEMENT" if event == "TRUNCATE" else "FOR EACH ROW"
        if table == self.table:
            each = f"REFERENCING {lexemes.ROWS[event]} FOR EACH STATEMENT"
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {each} EXECUTE FUNCTION {name}()",
        ]

    def drop_trigger(self, name, table):
        return [*super().drop_trigger(name, table), f"DROP FUNCTION {name}()"]


def indexes(using):
    connection = connections[using]
    index = {"sqlite": SQLiteIndex, "postgresql": PostgreSQLIndex}[connection.vendor]
    return [index(document, connection) for document in documents()]


def take_down(sender, using, plan, **kwargs):
    """Before migrations, if there are any to run."""
    if plan:
        with transaction.atomic(using=using):
            for index in indexes(using):
                index.take_down()


def put_up(sender, using, **kwargs):
    """After migrations: make what is missing or defined otherwise now."""
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            give_postgresql(connections[using])
        for index in indexes(using):
            index.put_up()
