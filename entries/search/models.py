"""What the search looks in, and its thesaurus."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entries.search.expressions import DocumentField
from records.fields import LinesField


class DocumentManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().none()


class Document(models.Model):
    """What is searched of an entry. A kind adds the one-to-one key `entry` to itself.

    The tables are made and kept by `entries.search_index`, not by migrations; dumps
    leave them out, since the database makes them again from the entries.
    """

    document = DocumentField()

    objects = DocumentManager()

    class Meta:
        abstract = True
        managed = False
        default_permissions = ()


class SynonymQuerySet(models.QuerySet):
    def get_by_natural_key(self, term):
        return self.get(term=term)

    def rows(self):
        """The thesaurus as lists of terms that mean the same."""
        return [[term, *others] for term, others in self.values_list("term", "others")]


class Synonym(models.Model):
    """A row of the thesaurus: whoever searches for one of its terms finds them all."""

    term = models.CharField(
        _("term"), max_length=100, unique=True, help_text=_("The word this portal prefers.")
    )
    others = LinesField(
        _("other terms"),
        help_text=_("Abbreviations, old names and other words for the very same, one a line."),
    )

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("thesaurus")
        ordering = ["term"]

    def __str__(self):
        return self.term

    def natural_key(self):
        return (self.term,)
