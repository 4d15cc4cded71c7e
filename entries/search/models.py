"""What the search looks in, and its thesaurus."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entries.search.expressions import Distance, WordsField
from entries.search.query import parse
from entries.search.thesaurus import Thesaurus
from records.cleaning import Cleaned
from records.fields import LinesField
from records.memory import remembered
from records.versions.snapshots import Versioned


class SearchDocumentManager(models.Manager):
    """Shows no rows, so that dumps leave them out; a search reaches them by their records."""

    def get_queryset(self):
        return super().get_queryset().none()


class SearchDocument(models.Model):
    """What is searched of a record. A record that is to be found adds a subclass with its key.

    It says here what is searched: the fields of the title and of the text (None where there
    is none), those never found because they are not public, and the words of what the record
    is related to. Every other field that holds words is found too.

    The tables are made and kept by `entries.search.index`, not by migrations; dumps leave
    them out, since the database makes them again from the records.
    """

    title = None
    text = None
    hidden = (
        "status",
        "content_language",
        "withdrawn_reason",
        "see_instead",
        "as_printed",
        "source_page",
    )
    related = {
        "tags": ["name"],
        "countries": ["name"],
        "groups": ["name", "aliases"],
        "themes": ["title"],
    }

    words = WordsField()

    objects = SearchDocumentManager()

    class Meta:
        abstract = True
        managed = False
        default_permissions = ()

    def __str__(self):
        return f"{self._meta.label}: {self.pk}"


def document_of(model):
    """The key by which a search document belongs to its record."""
    return models.OneToOneField(
        model,
        models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="search_document",
    )


def documents_of(model):
    """The search documents of a model's records."""
    return model._meta.get_field("search_document").related_model


def asked_by(text):
    """The query that the text of a search box asks, with what the thesaurus adds."""
    return parse(text, Synonym.objects.thesaurus())


def matching(records, query):
    """The records that answer a query, the best match first."""
    if not query:
        return records.none()
    return records.filter(search_document__words__matches=query).order_by(
        Distance("search_document__words", query=query), "pk"
    )


class SearchQuerySet(models.QuerySet):
    """Of records that have a search document."""

    def search(self, text):
        """Those that answer the text of a search box, the best match first."""
        return self.matching(asked_by(text))

    def matching(self, query):
        """The same for a query that `parse` has read already."""
        return matching(self, query)


class ThemeSearchDocument(SearchDocument):
    """Of a theme: its introduction, and what a source says is missing there."""

    record = document_of("themes.Theme")
    title = "title"
    text = "introduction"
    related = {"absences": ["text"]}


class SynonymQuerySet(models.QuerySet):
    def get_by_natural_key(self, term):
        return self.get(term=term)

    def thesaurus(self):
        def made():
            return Thesaurus(self.order_by("term").values_list("term", "others", "narrower"))

        return remembered("thesaurus", made, weight=100_000)


class Synonym(Cleaned, models.Model):
    """A row of the thesaurus: whoever searches for one of its terms finds them all."""

    term = models.CharField(
        _("term"), max_length=100, unique=True, help_text=_("The word this portal prefers.")
    )
    others = LinesField(
        _("other terms"),
        help_text=_("Abbreviations, old names and other words for the very same, one a line."),
    )
    narrower = LinesField(
        _("narrower terms"),
        help_text=_(
            "Words for a part of it only: whoever searches for one is shown what is filed under"
            " the term, and told so."
        ),
    )
    versioned = Versioned()

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("thesaurus")
        ordering = ["term"]

    def __str__(self):
        return self.term

    def natural_key(self):
        return (self.term,)
