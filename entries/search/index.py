"""Keeps the documents that `entries.search` looks in: one small table for each kind.

The database keeps them itself, by triggers on the kind's own table, on the tables of
its relations and on what these relate to. Whatever writes (the admin, a bulk update, a
fixture, a restore), no document is stale.

The triggers are taken down before migrations and put up after them: SQLite makes a
table anew to alter it, and cannot while triggers name it. Their names carry a digest of
the whole definition, so an index is rebuilt when it is missing, was taken down or is
defined otherwise now, and only then.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connections, models, transaction

from entries.models import kinds
from entries.search.expressions import CONFIGURATION


@dataclass
class Relation:
    """Words that an entry has by what it is related to: its tags, its countries."""

    name: str
    through: str
    near: str
    far: str
    target: str
    target_key: str
    words: list

    @classmethod
    def of(cls, kind, name, word_fields):
        field = kind._meta.get_field(name)
        through = field.remote_field.through._meta
        target = field.related_model._meta
        near, far = ("content_object", "tag") if name == "tags" else (None, None)
        return cls(
            name=name,
            through=through.db_table,
            near=f"{near}_id" if near else field.m2m_column_name(),
            far=f"{far}_id" if far else field.m2m_reverse_name(),
            target=target.db_table,
            target_key=target.pk.column,
            words=[target.get_field(word) for word in word_fields],
        )


class Index:
    """The documents of one kind in one database, and the triggers that keep them."""

    def __init__(self, kind, connection):
        self.kind = kind
        self.connection = connection
        self.table = kind._meta.get_field("document").related_model._meta.db_table
        self.relations = [
            Relation.of(kind, name, words)
            for name, words in kind.search_relations.items()
            if name in {field.name for field in kind._meta.many_to_many}
        ]

    # --- What a document holds

    def fields(self):
        """The fields of the kind that hold public words, its title and text first."""
        first = [self.kind.search_title, self.kind.search_text]
        others = [
            field.name
            for field in self.kind._meta.local_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not isinstance(field, models.URLField | models.SlugField)
            and not field.choices
            and field.name not in (*first, *self.kind.search_hidden)
        ]
        return first, others

    def words(self, name, alias="e"):
        field = self.kind._meta.get_field(name) if isinstance(name, str) else name
        return self.words_of(f"{alias}.{field.column}", isinstance(field, models.JSONField))

    def related_words(self, relation):
        words = " || ' ' || ".join(self.words(field, "x") for field in relation.words)
        # In an order of their own, or a phrase might be found in two tags today and not tomorrow.
        return (
            f"coalesce((SELECT {self.concatenate}(o.words, ' ') FROM (SELECT {words} AS words"
            f" FROM {relation.through} t"
            f" JOIN {relation.target} x ON x.{relation.target_key} = t.{relation.far}"
            f" WHERE t.{relation.near} = e.id ORDER BY t.id) o), '')"
        )

    def documents(self, where):
        """The statement that reads the documents of some entries from what is stored now."""
        (title, text), others = self.fields()
        rest = [self.words(name) for name in others]
        rest += [self.related_words(relation) for relation in self.relations]
        title = self.words(title) if title else "''"
        rest = " || ' ' || ".join(rest)
        return (
            "SELECT d.id, d.title, d.text, d.rest, CASE WHEN d.whole LIKE '%-%' OR d.whole LIKE"
            " '%’%' OR d.whole LIKE '%''%' THEN replace(replace(replace(d.whole, '-', ''), '’', ''),"
            " '''', '') ELSE '' END AS joined FROM (SELECT c.*, c.title || ' ' || c.text || ' ' ||"
            f" c.rest AS whole FROM (SELECT e.id, {title} AS title,"
            f" {self.words(text)} AS text, {rest} AS rest"
            f" FROM {self.kind._meta.db_table} e WHERE {where}) c) d"
        )

    # --- When it is made again

    def triggers(self):
        """What keeps the documents, as (suffix, table, event, statements)."""
        own = self.kind._meta.db_table
        forget = [f"DELETE FROM {self.table} WHERE rowid = OLD.id"]
        yield "added", own, "INSERT", self.refresh("e.id = NEW.id")
        yield "changed", own, "UPDATE", self.refresh("e.id = NEW.id")
        yield "deleted", own, "DELETE", forget
        for relation in self.relations:
            name, through = relation.name, relation.through
            related = (
                f"e.id IN (SELECT {relation.near} FROM {through}"
                f" WHERE {relation.far} = NEW.{relation.target_key})"
            )
            yield f"{name}_added", through, "INSERT", self.refresh(f"e.id = NEW.{relation.near}")
            yield f"{name}_removed", through, "DELETE", self.refresh(f"e.id = OLD.{relation.near}")
            both = f"e.id IN (OLD.{relation.near}, NEW.{relation.near})"
            yield f"{name}_moved", through, "UPDATE", self.refresh(both)
            # Foreign keys wait for the end of a transaction: a fixture may bring the row first.
            yield f"{name}_named", relation.target, "INSERT", self.refresh(related)
            yield f"{name}_renamed", relation.target, "UPDATE", self.refresh(related)

    def named_triggers(self):
        triggers = list(self.triggers())
        definition = repr((self.create_table(), triggers))
        digest = sha256(definition.encode()).hexdigest()[:8]
        return {
            f"{self.table}_{digest}_{suffix}": (table, event, f"{'; '.join(statements)};")
            for suffix, table, event, statements in triggers
        }

    # --- Putting it up and taking it down

    def execute(self, *statements):
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def standing(self):
        """The names of this index's triggers that the database has."""
        with self.connection.cursor() as cursor:
            cursor.execute(self.all_triggers)
            return {name: on for name, on in cursor.fetchall() if name.startswith(f"{self.table}_")}

    def take_down(self):
        for name, on in self.standing().items():
            self.execute(*self.drop_trigger(name, on))

    def put_up(self):
        wanted = self.named_triggers()
        if wanted.keys() <= self.standing().keys():
            return
        self.take_down()
        self.execute(f"DROP TABLE IF EXISTS {self.table}", *self.create_table())
        self.execute(*self.refresh("1 = 1"), *self.finish())
        for name, trigger in wanted.items():
            self.execute(*self.create_trigger(name, *trigger))


class SQLiteIndex(Index):
    """An FTS5 table: stemmed English, blind to accents."""

    concatenate = "group_concat"
    all_triggers = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"

    def words_of(self, column, is_json):
        words = f"(SELECT group_concat(value, ' ') FROM json_each({column}))" if is_json else column
        return f"coalesce({words}, '')"

    def create_table(self):
        return [
            f"CREATE VIRTUAL TABLE {self.table} USING fts5(title, text, rest, joined,"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        ]

    def refresh(self, where):
        # Not INSERT OR REPLACE: a statement that fires a trigger imposes its own ON
        # CONFLICT on it, and Django adds related rows with OR IGNORE.
        entries = f"SELECT e.id FROM {self.kind._meta.db_table} e WHERE {where}"
        return [
            f"DELETE FROM {self.table} WHERE rowid IN ({entries})",
            f"INSERT INTO {self.table} (rowid, title, text, rest, joined) {self.documents(where)}",
        ]

    def finish(self):
        return []

    def create_trigger(self, name, table, event, body):
        return [f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"]

    def drop_trigger(self, name, table):
        return [f"DROP TRIGGER {name}"]


class PostgreSQLIndex(Index):
    """A weighted tsvector under a GIN index, its configuration as SQLite's tokenizer reads."""

    concatenate = "string_agg"
    all_triggers = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal"
    )

    def words_of(self, column, is_json):
        return f"coalesce({column}{'::text' if is_json else ''}, '')"

    def create_table(self):
        return [
            f"CREATE TABLE {self.table} (rowid bigint PRIMARY KEY, document tsvector NOT NULL)",
        ]

    def refresh(self, where):
        # Signs go first: the parser would take 'and/or' for a path, 'h.sc' for a host.
        document = " || ".join(
            f"setweight(to_tsvector('{CONFIGURATION}',"
            f" regexp_replace(s.{part}, '[^[:alnum:]]+', ' ', 'g')), '{weight}')"
            for part, weight in (("title", "A"), ("text", "B"), ("rest", "C"), ("joined", "D"))
        )
        return [
            f"INSERT INTO {self.table} (rowid, document) SELECT s.id, {document}"
            f" FROM ({self.documents(where)}) s"
            " ON CONFLICT (rowid) DO UPDATE SET document = EXCLUDED.document"
        ]

    def finish(self):
        return [
            f"CREATE INDEX {self.table}_words ON {self.table} USING gin (document)",
            f"ANALYZE {self.table}",
        ]

    def triggers(self):
        yield from super().triggers()
        yield "emptied", self.kind._meta.db_table, "TRUNCATE", [f"DELETE FROM {self.table}"]

    def create_trigger(self, name, table, event, body):
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION {name}()",
        ]

    def drop_trigger(self, name, table):
        return [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]


def make_configuration(connection):
    """English stems without stop words, blind to accents: what SQLite's tokenizer does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = %s", [CONFIGURATION])
        if cursor.fetchone():
            return
        cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        cursor.execute(
            f"CREATE TEXT SEARCH DICTIONARY {CONFIGURATION}_stem"
            " (TEMPLATE = snowball, Language = english)"
        )
        cursor.execute(f"CREATE TEXT SEARCH CONFIGURATION {CONFIGURATION} (COPY = simple)")
        cursor.execute(
            f"ALTER TEXT SEARCH CONFIGURATION {CONFIGURATION} ALTER MAPPING FOR asciiword, word,"
            " asciihword, hword, hword_asciipart, hword_part, numword, hword_numpart, numhword"
            f" WITH unaccent, {CONFIGURATION}_stem"
        )


def indexes(using):
    connection = connections[using]
    index = {"sqlite": SQLiteIndex, "postgresql": PostgreSQLIndex}[connection.vendor]
    return [index(kind, connection) for kind in kinds()]


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
            make_configuration(connections[using])
        for index in indexes(using):
            index.put_up()
