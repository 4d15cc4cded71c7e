"""Fills an EMPTY database with the corpus and many entries more, all kinds in like numbers.

    DATABASE_URL=… python -m bench.fill 100000

Each is a copy of an entry of the corpus in everything but its words, slug and days, so that
themes, tags, countries and links occur as often as they do in the corpus.
"""

import os
import random
import sys
import uuid
from datetime import timedelta

import django

# Words of no source, each in 30 % of the entries, and each in two of every kind: no two questions
# of a measurement need be the same. None is what is left of another, its last letters cut off.
COMMON = [f"quokka{letter}" for letter in "abcdfghijklmnop"]
RARE = [f"wombat{number}" for number in range(1, 100)]
AT_ONCE = 2000


def fill(entries):
    from django.core.management import call_command
    from django.db import connection, transaction

    from entries.models import kinds
    from entries.search.index import put_up, take_down
    from themes.models import Theme

    call_command("migrate", verbosity=0)
    if Theme.objects.exists():
        sys.exit("This database has content. Name an empty one in DATABASE_URL.")
    call_command("load_corpus", verbosity=0)
    with transaction.atomic():
        take_down(None, "default", plan=True)
        for kind in kinds():
            Copies(kind, random.Random(2023)).make(entries // len(kinds()))
    put_up(None, "default")
    with connection.cursor() as cursor:
        # PostgreSQL would do so by itself a little later, in the midst of what is measured.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


class Copies:
    """New entries of a kind, and rows of the tables that hang on it."""

    def __init__(self, kind, chance):
        self.kind, self.chance = kind, chance
        self.originals = list(kind.objects.published().order_by("pk"))
        self.words = " ".join(f"{one.heading} {one.text}" for one in self.originals).split()
        self.hanging = [(table, key, self.rows(table, key)) for table, key in self.tables()]

    def tables(self):
        """The tables whose rows say what an entry is filed under, tagged and linked with."""
        from entries.links.models import Link

        for relation in self.kind._meta.many_to_many:
            table = relation.remote_field.through
            yield table, next(f.name for f in table._meta.fields if f.related_model is self.kind)
        yield Link, self.kind._meta.model_name

    def rows(self, through, key):
        found = {one.pk: [] for one in self.originals}
        for row in through._base_manager.filter(**{f"{key}__in": self.originals}):
            found[getattr(row, f"{key}_id")].append(row)
        return found

    def make(self, number):
        from django.core.management.color import no_style
        from django.db import connection
        from django.db.models import F, Max

        first = 1 + self.kind.objects.aggregate(last=Max("pk"))["last"]
        self.apart = max(1, number // len(2 * RARE))
        for start in range(0, number, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, number))
            self.add([(n, first + n, self.originals[n % len(self.originals)]) for n in numbers])
        self.kind.objects.filter(pk__gte=first).update(updated=F("first_published"))
        models = [self.kind, *(through for through, _key, _rows in self.hanging)]
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)

    def add(self, numbers):
        made = [self.copy(original, pk, n) for n, pk, original in numbers]
        self.kind.objects.bulk_create(made)
        for through, key, rows in self.hanging:
            through._base_manager.bulk_create(
                hung(row, key, pk) for _n, pk, original in numbers for row in rows[original.pk]
            )

    def copy(self, original, pk, number):
        kind = self.kind
        document = kind._meta.get_field("search_document").related_model
        values = {f.attname: getattr(original, f.attname) for f in kind._meta.concrete_fields}
        values["slug"] = f"{original.slug[:90]}-{number}"
        if "identifier" in values:
            values["identifier"] = uuid.UUID(int=self.chance.getrandbits(128))
        values["first_published"] = original.first_published - timedelta(minutes=number)
        words = self.chance.choices(self.words, k=40)
        words += [word for word in COMMON if self.chance.random() < 0.3]
        if number % self.apart == 0:
            words += (2 * RARE)[number // self.apart :][:1]
        self.chance.shuffle(words)
        values[document.text] = " ".join(words)
        if document.title:
            values[document.title] = " ".join(words[:6])
        return kind(pk=pk, **{k: v for k, v in values.items() if k != kind._meta.pk.attname})


def hung(row, key, pk):
    """A copy of a row that hangs on another entry."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    del values[row._meta.pk.attname]
    if "url" in values:
        values["url"] = f"{values['url']}#{pk}"
    return type(row)(**values | {f"{key}_id": pk})


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ranportal.settings")
    django.setup()
    fill(int(sys.argv[1]))
