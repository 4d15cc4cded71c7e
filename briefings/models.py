"""What people face, and what of the portal they need for it: kept by curators."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from entries.search.models import SearchDocument, SearchQuerySet, document_of
from entries.workflow.models import ReviewedQuerySet, ReviewedRecord
from records.addresses import address
from records.constraints import exactly_one, once_for_each

LONGEST_INTRODUCTION = 60  # words


class SituationSearchDocument(SearchDocument):
    record = document_of("Situation")
    title = "title"
    text = "introduction"
    # What it says of what is not known, or not here, is nothing to be found by.
    hidden = (
        *SearchDocument.hidden,
        *("limits", "emergency", "known_note", "practised_note", "involved_note"),
        *("unknown_note", "documents_note"),
    )


class SituationQuerySet(SearchQuerySet, ReviewedQuerySet):
    def for_page(self):
        """With every chosen entry and what a line about it shows, in a fixed number of queries."""
        of_each = [
            models.Prefetch(f"choices__{kind}", queryset=related_model(kind).objects.for_display())
            for kind in Choice.kinds
        ]
        return self.prefetch_related("choices", *of_each)


def related_model(kind):
    return Choice._meta.get_field(kind).related_model


class Situation(ReviewedRecord):
    """A page that curators keep: it selects and orders entries, and claims nothing of its own."""

    display_position = 6

    class Part(models.TextChoices):
        KNOWN = "known", _("What is known")
        PRACTISED = "practised", _("Who does it")
        INVOLVED = "involved", _("Whom to involve")
        UNKNOWN = "unknown", _("What nobody knows yet")
        DOCUMENTS = "documents", _("Meetings and papers")

    title = models.CharField(_("title"), max_length=120)
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    occasion = models.CharField(_("when"), max_length=200, blank=True)
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("At most 60 words. No claim of our own.")
    )
    limits = models.TextField(
        _("what the portal cannot say"),
        blank=True,
        help_text=_("Said first: what depends on the law of a country, for example."),
    )
    emergency = models.TextField(
        _("where to turn in an emergency"),
        blank=True,
        help_text=_("Said generally: no numbers, they differ by country and change."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Among the situations on the first page.")
    )
    known_note = models.TextField(_("note on what is known"), blank=True)
    practised_note = models.TextField(
        _("note on who does it"),
        blank=True,
        help_text=_("Where the sources name nobody: say so, and who comes nearest."),
    )
    involved_note = models.TextField(_("note on whom to involve"), blank=True)
    unknown_note = models.TextField(_("note on what nobody knows"), blank=True)
    documents_note = models.TextField(_("note on meetings and papers"), blank=True)

    objects = SituationQuerySet.as_manager()

    class Meta(ReviewedRecord.Meta):
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("situation-detail", self.slug)

    def clean(self):
        super().clean()
        words = len(self.introduction.split())
        if words > LONGEST_INTRODUCTION:
            raise ValidationError(
                {
                    "introduction": _("At most %(most)d words; these are %(words)d.")
                    % {"most": LONGEST_INTRODUCTION, "words": words}
                }
            )

    def lacks_to_be_public(self):
        if not self.choices.exists():
            return _("No entry is chosen for it.")
        return None

    @property
    def parts(self):
        """Its parts as {part, note, entries}, those that have neither note nor entry left out."""
        chosen = {part: [] for part in self.Part}
        for choice in self.choices.all():
            if choice.entry.is_public:
                chosen[choice.part].append(choice.entry)
        parts = [
            {"part": part, "note": getattr(self, f"{part}_note"), "entries": entries}
            for part, entries in chosen.items()
        ]
        return [part for part in parts if part["note"] or part["entries"]]

    @property
    def entries(self):
        """Every public entry chosen for it, each once, in the order of the page."""
        chosen = [entry for part in self.parts for entry in part["entries"]]
        return list({(entry.kind, entry.pk): entry for entry in chosen}.values())


class ChoiceQuerySet(models.QuerySet):
    def get_by_natural_key(self, situation, part, kind, slug):
        return self.get(situation__slug=situation, part=part, **{f"{kind}__slug": slug})


class Choice(models.Model):
    """An entry chosen for a part of a situation."""

    situation = models.ForeignKey(Situation, on_delete=models.CASCADE, related_name="choices")
    part = models.CharField(_("part"), max_length=10, choices=Situation.Part)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    lesson = models.ForeignKey("lessons.Lesson", models.PROTECT, null=True, blank=True)
    practice = models.ForeignKey("practices.Practice", models.PROTECT, null=True, blank=True)
    question = models.ForeignKey("lessons.Question", models.PROTECT, null=True, blank=True)
    meeting = models.ForeignKey("meetings.Meeting", models.PROTECT, null=True, blank=True)
    paper = models.ForeignKey("meetings.Paper", models.PROTECT, null=True, blank=True)

    # The foreign keys to entries, one for each kind: exactly one of them is set.
    kinds = tuple(
        name
        for name, value in vars().items()
        if isinstance(value, models.ForeignKey) and name != "situation"
    )

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen entry")
        verbose_name_plural = _("chosen entries")
        ordering = ["part", "position", "pk"]

    Meta.constraints = [
        exactly_one(kinds, "choice_is_one_entry", _("Choose exactly one entry in a row.")),
        *once_for_each(
            kinds,
            ["situation", "part"],
            "choice_of_{}_once",
            _("This part has the entry already."),
        ),
    ]

    def __str__(self):
        return f"{self.get_part_display()}: {self.entry}"

    @property
    def entry(self):
        return next(getattr(self, kind) for kind in self.kinds if getattr(self, f"{kind}_id"))

    def natural_key(self):
        return (self.situation.slug, self.part, self.entry.kind, self.entry.slug)
