"""An import: the file, its blocks with their fates, and what would become of them.

Nothing of it is an entry before a curator accepts it. The account adds up by constraint: every
block has one fate, and those that belong to a proposal name it.
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from entries.models import kinds
from imports import fates
from records.fields import LinesField, ProtectedManyToManyField
from records.models import Certainty, Precision

PIECE = 250_000  # bytes of a file that one row keeps


class ImportQuerySet(models.QuerySet):
    def waiting(self):
        """What the worker has to read, those it left half-done included."""
        given_up = timezone.now() - Import.LONGEST
        return self.filter(
            Q(state=Import.State.WAITING) | Q(state=Import.State.READING, begun__lt=given_up)
        ).order_by("pk")


class Import(models.Model):
    """One run that turns a file into proposals."""

    LONGEST = timedelta(minutes=5)  # no reading takes longer: its worker was killed

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READING = "reading", _("is being read")
        READ = "read", _("read")
        REFUSED = "refused", _("refused")

    name = models.CharField(_("file name"), max_length=255)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    format = models.CharField(_("format"), max_length=10, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    begun = models.DateTimeField(_("reading begun"), null=True, blank=True, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0, editable=False)
    refusal = models.TextField(_("why it was refused"), blank=True, editable=False)
    notes = LinesField(_("what the reader says"), editable=False)
    recipe = models.CharField(
        _("recipe"),
        max_length=40,
        blank=True,
        help_text=_("How the document is read. Left open, the portal guesses and says so."),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    title = models.CharField(_("title of the document"), max_length=300, blank=True)
    source = models.ForeignKey(
        "meetings.Paper",
        verbose_name=_("source of the drafts"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imports",
        help_text=_("The paper that the document is. Drafts name it with their page."),
    )
    clears = models.BooleanField(
        _("empty cells"),
        default=False,
        choices=[(False, _("leave what there is")), (True, _("clear what there is"))],
    )
    created = models.DateTimeField(_("imported"), default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imported by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(refusal=""), name="import_refused_says_why"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("admin:imports_import_change", args=[self.pk])

    @classmethod
    @transaction.atomic
    def of_file(cls, name, data, user=None, **choices):
        """Keep a file to be read; the import of the same file that there is already, if one is."""
        digest = hashlib.sha256(data).hexdigest()
        made, new = cls.objects.get_or_create(
            digest=digest, defaults={"name": name[:255], "size": len(data), "user": user, **choices}
        )
        if new:
            Piece.objects.bulk_create(
                Piece(of=made, position=start // PIECE, data=data[start : start + PIECE])
                for start in range(0, len(data), PIECE)
            )
        return made, new

    @property
    def is_table(self):
        return self.format in ("csv", "xlsx")

    @property
    def waits(self):
        """Whether it is yet to be read, or read again: what it has now will be gone then."""
        return self.state in (self.State.WAITING, self.State.READING)

    def data(self):
        return b"".join(bytes(piece) for piece in self.pieces.values_list("data", flat=True))


class Piece(models.Model):
    """A part of a file that was imported, so that every node and every backup has it."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["of", "position"], name="piece_once")]

    def __str__(self):
        return f"{self.of}, {self.position}"


class ForeignColumn(models.Model):
    """What a column of somebody else's spreadsheet is in ours, as a curator said: remembered."""

    kind = models.CharField(_("kind"), max_length=10)
    header = models.CharField(_("header"), max_length=200)  # as `imports.headers.folded`
    column = models.CharField(_("column"), max_length=60, blank=True)  # none: it is left out

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "header"], name="foreign_column_once")
        ]

    def __str__(self):
        return f"{self.header}: {self.column}"


class Proposal(models.Model):
    """What some blocks would become. The readings stand beside the printed words."""

    class State(models.TextChoices):
        OPEN = "open", _("to be decided")
        ACCEPTED = "accepted", _("accepted")
        UPDATED = "updated", _("used for an update")
        REJECTED = "rejected", _("rejected")
        SKIPPED = "skipped", _("skipped for now")
        # Decided, and done by the worker one after the other.
        ACCEPTING = "accepting", _("is being accepted")
        UNDOING = "undoing", _("is being undone")

    of = models.ForeignKey(
        Import, verbose_name=_("import"), on_delete=models.CASCADE, related_name="proposals"
    )
    WAITING = (State.ACCEPTING, State.UNDOING)  # for the worker
    DONE = (State.ACCEPTED, State.UPDATED)  # something in the portal came of it

    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10)
    title = models.CharField(_("title"), max_length=400, blank=True)
    wording = models.TextField(
        _("our wording"),
        blank=True,
        help_text=_("In our own words. It may be written later: without it nothing is published."),
    )
    as_printed = models.TextField(_("as printed"), blank=True)
    page = models.CharField(_("page"), max_length=40, blank=True)
    start = models.CharField(
        _("first day"),
        max_length=10,
        blank=True,
        help_text=_("2021, 2019-04 or 2019-03-13, as precise as printed."),
    )
    end = models.CharField(_("last day"), max_length=10, blank=True)
    precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    date_as_printed = models.CharField(_("date as printed"), max_length=100, blank=True)
    countries = ProtectedManyToManyField(
        "entries.Country", verbose_name=_("countries"), blank=True, related_name="+"
    )
    groups = ProtectedManyToManyField(
        "meetings.WorkingGroup", verbose_name=_("working groups"), blank=True, related_name="+"
    )
    themes = ProtectedManyToManyField(
        "themes.Theme", verbose_name=_("themes"), blank=True, related_name="+"
    )
    theme_as_printed = models.CharField(_("theme as printed"), max_length=600, blank=True)
    links = LinesField(_("addresses"))
    probable_links = LinesField(_("addresses that probably belong to it"))
    certainty = models.CharField(
        _("certainty"), max_length=10, choices=Certainty, default=Certainty.CERTAIN
    )
    details = models.JSONField(_("further readings"), default=dict, blank=True)
    # The same statement in the same form, however it was broken.
    normal = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    state = models.CharField(
        _("decision"),
        max_length=10,
        choices=State,
        default=State.OPEN,
        db_index=True,
        editable=False,
    )
    decided = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The draft that it became, or the entry that says the same already.
    content_type = models.ForeignKey(
        ContentType, null=True, editable=False, on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, editable=False)
    entry = GenericForeignKey()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ("change", "view")
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="proposal_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "updated", "undoing"])
                | Q(object_id__isnull=False),
                name="proposal_accepted_is_an_entry",
            ),
        ]

    def __str__(self):
        return self.title or Truncator(self.as_printed).words(12)

    def get_absolute_url(self):
        return reverse("admin:imports_proposal_change", args=[self.pk])

    @property
    def is_duplicate(self):
        """Whether the portal says the same already."""
        return (
            self.state not in (*self.DONE, self.State.UNDOING)
            and self.object_id is not None
            and "changes" not in self.details  # a row of a spreadsheet names what it changes
        )

    @property
    def is_update(self):
        """Whether the document gave something to an entry that was there."""
        return "updates" in self.details and "changes" not in self.details

    @cached_property
    def model(self):
        return next(model for model in kinds() if model.kind == self.kind)


class Block(models.Model):
    """A piece of the file as printed, and what became of it."""

    class Fate(models.TextChoices):
        PROPOSAL = fates.PROPOSAL, _("a proposal")
        PART = fates.PART, _("part of one")
        INTRODUCTION = fates.INTRODUCTION, _("an introduction")
        ABSENCE = fates.ABSENCE, _("an absence")
        FURNITURE = fates.FURNITURE, _("furniture")
        LEFT_OVER = fates.LEFT_OVER, _("left over")

    of = models.ForeignKey(
        Import, verbose_name=_("import"), on_delete=models.CASCADE, related_name="blocks"
    )
    position = models.PositiveIntegerField(_("position"))
    page = models.CharField(_("page"), max_length=40, blank=True)
    text = models.TextField(_("as printed"))
    role = models.CharField(_("looks like"), max_length=12)
    level = models.PositiveSmallIntegerField(default=0)
    marker = models.CharField(max_length=10, blank=True)
    links = models.JSONField(default=list)
    fate = models.CharField(_("fate"), max_length=12, choices=Fate)
    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("proposal"),
        null=True,
        on_delete=models.CASCADE,
        related_name="blocks",
    )
    # An address that nothing assigns, kept with the paper: whether its link was there before.
    kept = models.CharField(
        max_length=5, blank=True, editable=False, choices=[("added", "added"), ("known", "known")]
    )
    # Of a statement that something is missing: where and what, and the record that it became.
    theme_as_printed = models.CharField(_("theme as printed"), max_length=600, blank=True)
    kind = models.CharField(_("what is missing"), max_length=10, blank=True)
    wording = models.TextField(_("our wording"), blank=True)
    absence = models.OneToOneField(
        "themes.Absence",
        verbose_name=_("filed as"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        default_permissions = ("view",)
        ordering = ["of", "position"]
        constraints = [
            models.UniqueConstraint(fields=["of", "position"], name="block_once"),
            models.CheckConstraint(
                condition=Q(fate__in=["proposal", "part"], proposal__isnull=False, kept="")
                | Q(fate="part", proposal=None) & ~Q(kept="")
                | Q(
                    kept="",
                    fate__in=["introduction", "absence", "furniture", "left over"],
                    proposal=None,
                ),
                name="block_adds_up",
            ),
        ]

    def __str__(self):
        return Truncator(self.text).words(12)
