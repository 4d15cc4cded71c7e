"""What every kind of entry shares."""

from calendar import monthrange
from collections import Counter
from datetime import date
from functools import cache

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from taggit.models import TaggedItemBase

from entries.combining import Combination
from entries.glossary import models as glossary  # noqa: F401 (a model of this app)
from entries.links.models import Link
from entries.search.functions import Normalised
from entries.search.models import SearchQuerySet, documents_of
from entries.search.normalise import normalise
from entries.together import AT_ONCE, bring, bringing, of_each, told_of
from entries.workflow import notes, schedule  # noqa: F401 (models of this app)
from entries.workflow.models import ReviewedQuerySet, ReviewedRecord
from records.fields import ProtectedManyToManyField
from records.memory import remembered_each, remembered_of
from records.models import Certainty
from records.moments import day_here, today
from records.prepared import Prepared, several
from records.versions.snapshots import Versioned
from records.words import first_words
from themes.models import Theme

# The fields that a line about an entry shows beside its name.
MENTIONED = ("slug", "content_language", "source", "source_page")


def kinds():
    """The models of the kinds of entry, in display order; what each is called is its `kind`."""
    return list(known_kinds())


@cache
def known_kinds():
    models_of_entries = [model for model in apps.get_models() if issubclass(model, Entry)]
    return tuple(sorted(models_of_entries, key=lambda model: model.display_position))


class Country(models.Model):
    """A country of ISO 3166-1; the table is kept by `entries.apps.load_countries`."""

    code = models.CharField(_("ISO code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = [Normalised("name")]

    def __str__(self):
        return self.name


class EntryQuerySet(SearchQuerySet, ReviewedQuerySet):
    def in_branch(self, *slugs):
        """Filed under these themes or anything below them, each entry once."""
        filed = self.model._default_manager.filter(themes__in=Theme.objects.branch(*slugs))
        return self.filter(pk__in=filed.values("pk"))

    def branch_counts(self):
        """How many of the entries each theme's branch holds, as {slug: count}."""
        # Counted by combination of themes, of which there are few: an entry under two
        # themes of a branch counts once in it, and one pass over the entries will do.
        each = self.order_by().values("pk").annotate(combination=Combination("themes__pk"))
        try:
            sql, params = each.values("combination").query.sql_with_params()
        except EmptyResultSet:  # asked for what nothing can be, such as a search for no word
            return Counter()
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"SELECT combination, COUNT(*) FROM ({sql}) c GROUP BY 1", params)
            combinations = [row for row in cursor.fetchall() if row[0]]
        themes = Theme.objects.with_lineage().in_bulk()
        counts = Counter()
        for combination, count in combinations:
            filed = (themes[int(pk)] for pk in combination.split(","))
            for slug in {above.slug for theme in filed for above in theme.lineage}:
                counts[slug] += count
        return counts

    def for_mention(self):
        """With what a line about an entry shows: its name, its place and its source."""
        return self.together("source", "themes")

    def as_mentioned(self):
        """The same, and no more than that."""
        return self.for_mention().only(*MENTIONED, self.model.name_field)

    def for_list(self):
        """With everything a list shows, in a fixed number of queries."""
        return self.for_mention().together(*self.model.display_relations)

    def as_listed(self):
        """The same, and no more than that."""
        return self.for_list().only(*MENTIONED, self.model.name_field, *self.model.listed_fields)

    def listed(self, keys):
        """The published entries with these keys, in their order, as lists show them."""
        return listed_of({self.model: keys})[self.model]

    def mentioned(self, keys):
        """The same, as a line about an entry mentions them."""
        found = prepared(self.model, "as_mentioned")
        name = ("near", self.model)
        return remembered_each(
            name,
            keys,
            lambda keys: {entry.pk: entry for entry in found(keys)},
            weight=10_000,
            of=named_in(self.model, "as_mentioned"),
        )

    def in_batches(self, verb, keys):
        """The published entries with these keys, in their order, brought as a verb says.

        Some hundred at once, as they are when their turn comes: between two batches nothing is
        held, of the database or in memory, but the records that many of them name.
        """
        found, known = prepared(self.model, verb), {}
        for first in range(0, len(keys), AT_ONCE):
            batch = list(keys[first : first + AT_ONCE])
            entries = {entry.pk: entry for entry in found(batch, known)}
            yield from [entries[key] for key in batch if key in entries]

    def on_page(self, slug):
        """The published entry with this slug as its own page shows it; None if there is none."""
        return next(iter(prepared(self.model, "for_own_page", "slug")([slug])), None)

    def for_display(self):
        """With everything that an entry says of itself, in whatever format."""
        return self.for_list().together("tags", "links")

    def for_file(self):
        """The same, without what no file tells."""
        return self.for_display().defer(*self.model.untold)

    def for_table(self):
        """With everything that the columns of a kind tell."""
        return self.for_file().together(*self.model.table_relations)

    def for_page(self):
        """With everything an entry's own page shows."""
        return self.for_display().together(*self.model.page_relations)

    def for_own_page(self):
        return self.for_page().knowing_changes()

    def for_api(self):
        """The same, without what the API does not tell."""
        return self.for_page().defer(*self.model.untold)

    def as_related(self):
        """With what another entry tells of it: whose it is."""
        return self.together("groups") if hasattr(self.model, "groups") else self

    def together(self, *names):
        """With these relations, brought for all entries at once."""
        queryset = self._chain()
        brought = getattr(self._iterable_class, "names", ())
        queryset._iterable_class = bringing(tuple(dict.fromkeys([*brought, *names])))
        return queryset


@cache
def prepared(model, verb, name="pk"):
    """The published entries of a kind with these keys or slugs, brought as a verb says."""

    def published(keys):
        entries = getattr(model.objects.published(), verb)()
        return entries.filter(**{f"{name}__among": keys}).order_by()

    return Prepared(published)


@cache
def named_in(model, verb):
    """What such an entry tells of."""
    return of_each(getattr(model.objects.published(), verb)())


def listed_of(keys):
    """{kind: its published entries with these keys, in their order} as lists show them, for
    {kind: keys}: they come in one query, and in another what they are related to."""
    names = {model: ("listed", model) for model in keys}
    questions = [prepared(model, "as_listed") for model in names]

    def made(missing):
        # Of all of them, even where a few are missing: it is the same question each time.
        found = several(*questions).bare([missing.get(name, []) for name in names.values()])
        asked, known = [question.queryset for question in questions], {}
        bring(
            *(
                (each.model, each._iterable_class.names, entries, known)
                for each, entries in zip(asked, found, strict=True)
                if entries
            )
        )
        for entries in found:
            for entry in entries:
                entry.pieces = {}
        return {
            name: {entry.pk: entry for entry in entries}
            for name, entries in zip(names.values(), found, strict=True)
        }

    asked = {name: keys[model] for model, name in names.items()}
    of = {name: named_in(model, "as_listed") for model, name in names.items()}
    found = remembered_of(asked, made, weight=10_000, of=of)
    return {model: found[name] for model, name in names.items()}


class Entry(ReviewedRecord):
    """Anything filed under themes. Each kind is one plain table of its own."""

    # Which of the kinds it is: each says so itself (`entries.kinds`).
    kind = None
    # The field that names it; of what has no title its text.
    name_field = "title"
    # The field of its own date, where a kind has one.
    dated_by = None
    # The fields that the kind's lists show beside those of any line about an entry.
    listed_fields = ()
    # The relations that they show, and those that its own page, or a table, shows beside them.
    display_relations = ()
    page_relations = ()
    table_relations = ()
    # The fields of its sheet, each with those that say the same in other words.
    sheet = ()
    # How it is cited, as a subclass of `entries.formats.citation.Citation`.
    citation_class = None

    # What of its text a search shows, the words that were found marked.
    found_text = ""
    # The pieces of pages that show it, where it is shared by many pages and lives as long as they.
    pieces = None

    # Whether its wording is all there is of it: a draft may wait for it, the public not.
    needs_wording = False

    # When the words that are cited, its title and text, became what they are: `updated` moves
    # with a tag too.
    worded = models.DateTimeField(_("worded"), default=timezone.now, editable=False)

    versioned = Versioned(
        bookkeeping=(*ReviewedRecord.bookkeeping, "worded"),
        stays=(*ReviewedRecord.versioned.stays, "worded"),
    )

    themes = ProtectedManyToManyField(
        Theme,
        verbose_name=_("themes"),
        blank=True,
        related_name="%(class)s_set",
        help_text=_("Where the entry is filed. It also appears on every theme above."),
    )
    content_language = models.CharField(
        _("language of the text"),
        max_length=10,
        default="en",
        help_text=_("Of our wording here, as a language code: en, de, fr."),
    )
    objects = EntryQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        abstract = True
        # What is new, in whatever number, and when anything was changed last, without going
        # through all there is.
        indexes = [
            models.Index(fields=["status", "-first_published"], name="%(class)s_new"),
            models.Index(fields=["updated"], name="%(class)s_updated"),
        ]

    def __str__(self):
        return self.heading

    def get_absolute_url(self):
        return self.kind.url("detail", self.slug)

    def save(self, *args, update_fields=None, **kwargs):
        document = documents_of(self)
        names = [name for name in (document.title, document.text) if name]
        held = {*names} - self.get_deferred_fields()
        written = held if update_fields is None else held.intersection(update_fields)
        before = self.stored.values(*written).first() if written and self.pk else None
        if before and any(getattr(self, name) != value for name, value in before.items()):
            self.worded = timezone.now()
            update_fields = update_fields and {*update_fields, "worded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def cited_on(self):
        """Since when the public reads these words."""
        return max(self.worded, self.first_published or self.worded)

    @property
    def text(self):
        """What the entry says, in our wording. A kind names its own field."""
        raise NotImplementedError

    @property
    def heading(self):
        """One line that names the entry where it has no title of its own."""
        if not self.text:  # a draft that was imported
            return _("(no wording yet) %s") % Truncator(self.as_printed).words(6)
        return first_words(self.text, 14)

    def lacks_to_be_public(self):
        if self.needs_wording and not self.text:
            return _("It has no wording yet.")
        return None if self.themes.all() else _("It is filed under no theme.")

    def doubt_before_publishing(self):
        return None if self.source_id else _("It names no source: nobody can check what it says.")

    def as_found(self, text):
        """The same entry, as a search shows it; itself it may be shared by many pages."""
        found = type(self).__new__(type(self))
        found.__dict__ = self.__dict__ | {"found_text": text, "pieces": None}
        return found

    @property
    def assigned_links(self):
        """The links that belong to the entry itself, not those that only wait with it."""
        return [link for link in self.related("links") if link.role != Link.Role.UNASSIGNED]

    @property
    def documents(self):
        """The addresses of what is surely the entry's own document."""
        return [
            link.url
            for link in self.related("links")
            if link.role == Link.Role.DOCUMENT and link.certainty == Certainty.CERTAIN
        ]

    @property
    def tags_in_order(self):
        """Sorted as people sort, whatever their capitals and accents."""
        return told_of(self.related("tags"), sorted_as_people_do)

    @cached_property
    def printed_on(self):
        """The last day that its addresses can have been printed on: its source's, else its own."""
        for printed in (self.public_source, self):
            if iso := getattr(printed, "iso_date", ""):
                return min(last_day_of(iso), today())
        return self.first_published and day_here(self.first_published)

    @cached_property
    def archive(self):
        """Where the Internet Archive has the copies of addresses nearest to that day."""
        day = f"{self.printed_on:%Y%m%d}/" if self.printed_on else ""
        return f"https://web.archive.org/web/{day}"

    @cached_property
    def main_theme(self):
        """The main theme of the first theme it is filed under; None without a theme."""
        return next((theme.main for theme in self.related("themes")), None)

    def near(self):
        """Entries of the kind, by how many tags they share, then those filed beside it, and itself."""
        model = type(self)
        tags = [tag.pk for tag in self.related("tags")]
        themes = [theme.pk for theme in self.related("themes")]
        filed = model.themes.through.objects.filter(
            **{f"{self.kind}_id": OuterRef("pk"), "theme__in": themes}
        )
        near = model.objects.published().annotate(
            shared=models.Count("tags", filter=Q(tags__in=tags), distinct=True),
            is_beside=models.Exists(filed),
        )
        near = near.filter(Q(shared__gt=0) | Q(is_beside=True))
        return near.order_by("-shared", "-is_beside", "pk").for_mention()

    @property
    def silent_on(self):
        """What the sources leave unsaid of it, of the fields that the kind's sheet has."""
        for name, *others in self.sheet:
            if not any(self.says(field) for field in (name, *others)):
                yield self._meta.get_field(name).verbose_name

    def says(self, name):
        if self._meta.get_field(name).many_to_many:
            return bool(self.related(name))
        return getattr(self, name) not in ("", None, False, [])


def sorted_as_people_do(records):
    """By their names: Ärzte beside Arzt."""
    return sorted(records, key=lambda record: (normalise(record.name), record.name))


def last_day_of(iso):
    """Of a date as precise as it is known: '2021' ends with its year."""
    year, *rest = map(int, iso.split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])


class TaggingQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug, tag):
        return self.get(content_object__slug=slug, tag__name=tag)


class Tagging(TaggedItemBase):
    """A tag on an entry. A kind adds the foreign key `content_object` to itself."""

    objects = TaggingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="%(class)s_once")
        ]

    def natural_key(self):
        return (self.content_object.slug, self.tag.name)
