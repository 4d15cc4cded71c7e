"""The field's abbreviations and terms as the sources use them."""

import re

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from entries.search.functions import Normalised
from records.fields import LinesField
from records.memory import remembered
from records.models import Record
from records.versions.snapshots import Versioned


def linkable():
    """{word in `see`: model} of the records that a term may lead to."""
    return {
        model._meta.model_name: model for model in apps.get_models() if issubclass(model, Record)
    }


def validate_see(lines):
    for line in lines:
        name, _slash, slug = line.partition("/")
        model = linkable().get(name)
        if model is None or not model.objects.filter(slug=slug).exists():
            message = _("“%(line)s” is no record: write its kind and slug, as in lesson/trust.")
            raise ValidationError(message, params={"line": line})


class TermQuerySet(models.QuerySet):
    def get_by_natural_key(self, term):
        return self.get(term=term)

    def in_text(self, text):
        """The terms whose abbreviation stands in a text, as a word of its own."""
        words = set(re.findall(r"\b[A-Z](?:[\w&/.-]*[\w&])?", text))
        known = remembered("abbreviations", lambda: list(self.exclude(abbreviation="")))
        return [term for term in known if term.abbreviation in words]


class Term(models.Model):
    """A term of the glossary: what a source says of it, and what the portal adds as its reading."""

    term = models.CharField(_("term"), max_length=150, unique=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True, db_index=True)
    others = LinesField(_("other printed forms"))
    meaning = models.TextField(
        _("meaning"),
        blank=True,
        help_text=_("What the source says of it, in our wording; empty where it only uses it."),
    )
    reading = models.TextField(
        _("reading"), blank=True, help_text=_("What the portal adds, marked as its own.")
    )
    source = models.ForeignKey(
        "meetings.Paper", models.PROTECT, verbose_name=_("source"), null=True, blank=True
    )
    source_page = models.CharField(_("page in the source"), max_length=40, blank=True)
    see = LinesField(
        _("see also"), validators=[validate_see], help_text=_("Kind and slug: lesson/trust.")
    )

    versioned = Versioned()

    # What its line of provenance asks of any record.
    public_source = Record.public_source
    page_is_number = Record.page_is_number

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of the glossary")
        verbose_name_plural = _("glossary")
        ordering = [Normalised("term")]

    def __str__(self):
        return f"{self.abbreviation}: {self.term}" if self.abbreviation else self.term

    def natural_key(self):
        return (self.term,)

    @property
    def anchor(self):
        """Where it stands on the page of the glossary."""
        return slugify(self.abbreviation or self.term) or f"term-{self.pk}"
