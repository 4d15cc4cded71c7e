"""Measures the search where it would be slow: on 100,000 generated entries."""

import random
from statistics import median
from time import perf_counter

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from taggit.models import Tag

from entries.models import Country, kinds
from entries.search.index import indexes, put_up
from lessons.filters import LessonFilter
from lessons.models import Lesson
from themes.models import Theme

COMMON, RARE = "quokka", "wombat"  # words of no source: in 30 % of the entries, and in 20
SHARES = {"lesson": 0.4, "practice": 0.2, "question": 0.2, "meeting": 0.1, "paper": 0.1}
AT_ONCE = 2000
RUNS = 7


class Command(BaseCommand):
    help = "Fills an EMPTY database with generated entries, then measures and explains the search."

    def add_arguments(self, parser):
        parser.add_argument("--entries", type=int, default=100_000)

    def handle(self, *args, entries, **options):
        if Theme.objects.exists():
            raise CommandError("This database has content. Name an empty one in DATABASE_URL.")
        call_command("load_corpus", verbosity=0, stdout=self.stdout)
        self.generate(entries)
        self.measure()

    # --- The generated entries

    def generate(self, entries):
        """Sentences of the corpus's own words, as often as the corpus has them."""
        self.random = random.Random(2023)
        self.words = " ".join(Lesson.objects.values_list("text", flat=True)).split()
        self.themes = list(Theme.objects.exclude(level=Theme.Level.MAIN))
        self.tags = list(Tag.objects.all())
        self.countries = list(Country.objects.filter(practice_set__isnull=False).distinct())
        started = perf_counter()
        with transaction.atomic():
            for index in indexes("default"):
                index.take_down()
            for kind in kinds():
                for first in range(0, round(entries * SHARES[kind._meta.model_name]), AT_ONCE):
                    self.add(kind, range(first, first + AT_ONCE))
        self.say(f"generated in {perf_counter() - started:.1f} s")
        started = perf_counter()
        put_up(None, "default")
        self.say(f"indexed in {perf_counter() - started:.1f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def add(self, kind, numbers):
        now = timezone.now()
        source = kind.objects.first().source
        made = []
        for number in numbers:
            words = self.random.choices(self.words, k=45)
            words[20:20] = [COMMON] * (self.random.random() < 0.3) + [RARE] * (number % 5000 == 7)
            entry = kind(slug=f"generated-{number}", source=source, source_page="1")
            entry.status, entry.first_published = "published", now
            setattr(entry, kind.search_text, " ".join(words))
            if kind.search_title:
                setattr(entry, kind.search_title, " ".join(words[:6]))
            made.append(entry)
        made = kind.objects.bulk_create(made)
        choose = self.random.choice
        near = kind.themes.field.m2m_column_name()
        kind.themes.through.objects.bulk_create(
            kind.themes.through(**{near: entry.pk, "theme": choose(self.themes)}) for entry in made
        )
        kind.tags.through.objects.bulk_create(
            kind.tags.through(content_object=entry, tag=choose(self.tags)) for entry in made
        )
        if hasattr(kind, "countries"):
            near = kind.countries.field.m2m_column_name()
            kind.countries.through.objects.bulk_create(
                kind.countries.through(**{near: entry.pk, "country": choose(self.countries)})
                for entry in made
            )

    # --- What is measured

    def measure(self):
        self.say(f"{connection.vendor}: {sum(kind.objects.count() for kind in kinds()):,} entries")
        for name, word, limit in (("common", COMMON, 150), ("rare", RARE, 10)):
            found = [kind.objects.published().search(word) for kind in kinds()]
            lessons = Lesson.objects.published().search(word)
            self.report(f"a {name} word, a page of lessons", lambda q=lessons: page(q), limit)
            self.report(
                f"a {name} word, every kind", lambda q=found: [page(one) for one in q], limit
            )
        for word in ("", COMMON):
            filterset = LessonFilter({"q": word})
            for name in filterset.facet_names:
                facet = filterset.filters[name]
                label = f"the facet '{name}' of lessons{' with a common word' if word else ''}"
                self.report(label, lambda facet=facet, q=filterset.qs: facet.counts(q), 60)
        self.say("the plan of a page of lessons with a common word:")
        self.say(Lesson.objects.published().search(COMMON)[:20].explain())

    def report(self, label, run, limit):
        times = []
        for _run in range(RUNS):
            started = perf_counter()
            run()
            times.append((perf_counter() - started) * 1000)
        middle = median(times)
        verdict = "" if middle < limit else f"   OVER {limit} ms"
        self.say(f"{middle:9.1f} ms  {label} (worst {max(times):.1f}){verdict}")

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()


def page(queryset):
    """What the database does for a page of a list: the count, and the first twenty."""
    return queryset.count(), list(queryset[:20])
