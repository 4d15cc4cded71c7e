from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from entries.formats.citation import StatementCitation
from entries.kinds import Kind
from entries.models import Entry, Tagging
from entries.search.models import SearchDocument, document_of
from lessons.citations import QuestionCitation
from records.cleaning import Cleaned
from records.models import Certainty

MOST_WORDS_IN_SHORT = 20


def validate_in_short(text):
    """Raise ValidationError where the text has more words than 'in short' may have."""
    words = len(text.split())
    if words > MOST_WORDS_IN_SHORT:
        raise ValidationError(
            _("At most %(most)d words, please: these are %(words)d."),
            params={"most": MOST_WORDS_IN_SHORT, "words": words},
        )


def plain_words():
    """The field for the same statement in plain words, never shown without the full wording."""
    return models.CharField(
        _("in short"),
        max_length=200,
        blank=True,
        validators=[validate_in_short],
        help_text=_(
            "At most 20 plain words that keep the hedge (may, some) and the addressee; empty where"
            " the wording is plain already."
        ),
    )


public_has_wording = [
    models.CheckConstraint(
        condition=~Q(status="published") | ~Q(text=""), name="%(class)s_public_has_wording"
    )
]


def standing(entry, *known):
    """What kind of statement an entry is, in parts: only what is read and recorded."""
    source = entry.public_source
    if source is None:
        return [part for part in known if part]
    groups = source.groups_as_printed
    parts = [
        _("of %(groups)s") % {"groups": groups} if groups else "",
        _("in one paper"),
        source.date_text or _("undated"),
        *known,
    ]
    return [part for part in parts if part]


class LessonSearchDocument(SearchDocument):
    record = document_of("Lesson")
    text = "text"


class LessonTag(Tagging):
    content_object = models.ForeignKey("Lesson", on_delete=models.CASCADE)


class Lesson(Entry):
    """One 'lesson learned or recommendation'."""

    kind = Kind("lesson", path="lessons", asks=_("What is known"))
    citation_class = StatementCitation
    name_field = "text"
    display_position = 1

    class Study(models.TextChoices):
        NAMED = "named", _("a study is named")
        NONE_NAMED = "none-named", _("no study is named")

    needs_wording = True

    text = models.TextField(
        _("text"), blank=True, help_text=_("In our own words: all it says, nothing more.")
    )
    in_short = plain_words()
    study = models.CharField(
        _("studies"),
        max_length=10,
        choices=Study,
        blank=True,
        help_text=_("What the passage says its ground is; only where somebody looked."),
    )
    tags = TaggableManager(through=LessonTag, blank=True, ordering=["name"])

    class Meta(Entry.Meta):
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["pk"]
        constraints = [*Entry.Meta.constraints, *public_has_wording]

    @property
    def standing(self):
        return [_("lesson or recommendation"), *standing(self, self.get_study_display())]


class QuestionSearchDocument(SearchDocument):
    record = document_of("Question")
    text = "text"


class QuestionTag(Tagging):
    content_object = models.ForeignKey("Question", on_delete=models.CASCADE)


class Question(Entry):
    """One item of 'What needs to be further explored?'."""

    kind = Kind("question", path="questions", asks=_("What nobody knows yet"))
    name_field = "text"
    display_position = 3
    listed_fields = ("state",)
    display_relations = ("uptakes__meeting", "uptakes__paper")
    citation_class = QuestionCitation

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN_UP = "taken-up", _("taken up")
        ANSWERED = "answered", _("answered")

    needs_wording = True

    text = models.TextField(
        _("text"), blank=True, help_text=_("In our own words: all it asks, nothing more.")
    )
    in_short = plain_words()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    tags = TaggableManager(through=QuestionTag, blank=True, ordering=["name"])

    class Meta(Entry.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["pk"]
        constraints = [*Entry.Meta.constraints, *public_has_wording]

    def clean(self):
        super().clean()
        if self.is_open_though_taken_up():
            raise ValidationError(
                {
                    "state": _(
                        "A meeting or paper took it up: it is not plainly open. If none did, remove"
                        " what is named below first."
                    )
                }
            )

    def save(self, *args, **kwargs):
        if self.is_open_though_taken_up():
            self.state = self.State.TAKEN_UP
        super().save(*args, **kwargs)

    def is_open_though_taken_up(self):
        return self.state == self.State.OPEN and bool(self.pk) and self.uptakes.exists()

    @property
    def standing(self):
        return [
            _("open question") if self.state == self.State.OPEN else _("question"),
            *standing(self),
        ]


class UptakeQuerySet(models.QuerySet):
    def get_by_natural_key(self, question, meeting, paper):
        return self.get(question__slug=question, meeting__slug=meeting, paper__slug=paper)


class Uptake(Cleaned, models.Model):
    """A meeting or paper that took a question up: a reading of the portal."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="uptakes")
    meeting = models.ForeignKey(
        "meetings.Meeting",
        verbose_name=_("meeting"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="uptakes",
    )
    paper = models.ForeignKey(
        "meetings.Paper",
        verbose_name=_("paper"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="uptakes",
    )
    certainty = models.CharField(
        _("certainty"), max_length=10, choices=Certainty, default=Certainty.CERTAIN
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = UptakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("uptake")
        verbose_name_plural = _("taken up by")
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) ^ Q(paper__isnull=True),
                name="uptake_by_one_entry",
                violation_error_message=_("Name one meeting or one paper."),
            ),
            models.UniqueConstraint(fields=["question", "meeting"], name="uptake_once_per_meeting"),
            models.UniqueConstraint(fields=["question", "paper"], name="uptake_once_per_paper"),
        ]

    def __str__(self):
        return str(self.entry)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if self.question.is_open_though_taken_up():
            self.question.save(update_fields=["state"])

    @property
    def entry(self):
        """The meeting or paper."""
        return self.meeting or self.paper

    def natural_key(self):
        return (
            self.question.slug,
            self.meeting and self.meeting.slug,
            self.paper and self.paper.slug,
        )
