"""What it is to be drafted, reviewed, published and withdrawn; and who did each of it, when."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entries.workflow.permissions import has_permission
from records.models import Record, RecordQuerySet
from records.prepared import Prepared
from records.versions.snapshots import Versioned


def reviewed_models():
    """The models whose records go through review, in display order."""
    found = [model for model in apps.get_models() if issubclass(model, ReviewedRecord)]
    return sorted(found, key=lambda model: model.display_position)


# --- What was done ---------------------------------------------------------------


class OfRecordQuerySet(models.QuerySet):
    def of(self, record):
        """Those of one record, the first one first."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)

    def about(self, models):
        """Those of the records of these models."""
        return self.filter(content_type__in=ContentType.objects.get_for_models(*models).values())


class OfRecord(models.Model):
    """It stays when the record is deleted, and belongs to it again when that is restored."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()

    class Meta:
        abstract = True


class LoggedTransitionQuerySet(OfRecordQuerySet):
    def public(self):
        """Publications, changes and withdrawals that say why."""
        return self.filter(action__in=LoggedTransition.PUBLIC).exclude(note="")

    def told_of(self, record):
        """What the page of a record tells of it, the last first."""
        if not getattr(record, "has_changes", True):
            return []
        content_type = ContentType.objects.get_for_model(record)
        return public_changes(content_type.pk)([record.pk])


@cache
def public_changes(content_type):
    """The public ones of some records of a kind, the last one first."""
    logged = LoggedTransition.objects.filter(content_type=content_type).public().order_by("-pk")
    return Prepared(lambda keys: logged.filter(object_id__among=keys))


class LoggedTransition(OfRecord):
    """What somebody did with a record: who, when, and the note they left."""

    class Action(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        SENT = "sent", _("sent to review")
        RETURNED = "returned", _("returned")
        MENDED = "mended", _("punctuation mended in review")
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed after publication")
        CONFIRMED = "confirmed", _("confirmed after a second look")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RESTORED = "restored", _("restored to draft")

    # Those whose notes the public reads, without the name of who left them.
    PUBLIC = (Action.PUBLISHED, Action.CHANGED, Action.WITHDRAWN)

    action = models.CharField(_("transition"), max_length=10, choices=Action)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    note = models.TextField(_("note"), blank=True)

    objects = LoggedTransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="transition_of_record")]

    def __str__(self):
        return f"{self.record}: {self.get_action_display()}"


# --- What it is done with --------------------------------------------------------


class ReviewedQuerySet(RecordQuerySet):
    def published(self):
        """What the public may see."""
        return self.filter(status=ReviewedRecord.Status.PUBLISHED)

    def hidden(self):
        """What it may not see."""
        return self.exclude(status=ReviewedRecord.Status.PUBLISHED)

    def knowing_changes(self):
        """With whether the pages of the records have changes to tell of: few have."""
        told = LoggedTransition.objects.about([self.model]).public()
        return self.annotate(has_changes=Exists(told.filter(object_id=OuterRef("pk"))))

    def visible_to(self, user):
        """Published for everyone; drafts too for staff whose role may look at them."""
        may_look = user.is_staff and has_permission(user, "view", self.model)
        return self.all() if may_look else self.published()

    def gone(self):
        """Once public and no longer: their addresses say so for good."""
        was_public = self.filter(first_published__isnull=False)
        return was_public.exclude(status=ReviewedRecord.Status.PUBLISHED)

    def to_review(self, user):
        """In review, and not waiting for others than this person."""
        waiting = self.filter(status=ReviewedRecord.Status.REVIEW)
        return waiting.exclude(changed_by=user) if settings.FOUR_EYES else waiting

    def waiting_for(self, user):
        """What this person may look at: in review, changed by others since it is public, or due."""
        status = ReviewedRecord.Status
        waiting = Q(status=status.REVIEW) | Q(status=status.PUBLISHED, awaits_second_look=True)
        if settings.FOUR_EYES:
            waiting &= ~Q(changed_by=user)
        due = Q(
            status=status.PUBLISHED,
            awaits_second_look=False,
            review_on__lte=timezone.localdate(),
        )
        return self.filter(waiting | due)

    def drafts_of(self, user):
        """Their drafts that nobody sent back."""
        return self._own_drafts(user).exclude(last_action=LoggedTransition.Action.RETURNED)

    def sent_back_to(self, user):
        """Their drafts that came back from review, each with its `last_note`."""
        return self._own_drafts(user).filter(last_action=LoggedTransition.Action.RETURNED)

    def in_review_of(self, user):
        """Sent or written by this person, and still in review: with others now."""
        sent = LoggedTransition.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=OuterRef("pk"),
            action=LoggedTransition.Action.SENT,
            user=user,
        )
        waiting = self.filter(status=ReviewedRecord.Status.REVIEW)
        return waiting.filter(Q(author=user) | Exists(sent))

    def _own_drafts(self, user):
        content_type = ContentType.objects.get_for_model(self.model)
        logged = LoggedTransition.objects.filter(
            content_type=content_type, object_id=OuterRef("pk")
        ).order_by("-pk")
        return self.filter(status=ReviewedRecord.Status.DRAFT, author=user).annotate(
            last_action=Subquery(logged.values("action")[:1]),
            last_note=Subquery(logged.values("note")[:1]),
        )

    def to_look_at_again(self):
        """Changed after publication, and looked at by nobody else since."""
        return self.published().filter(awaits_second_look=True)

    def due_for_review(self):
        """Public, and their day of review has come."""
        return self.published().filter(review_on__lte=timezone.localdate())


class ReviewedRecord(Record):
    """A record that is drafted, reviewed, published and withdrawn (`entries.workflow.transitions`)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # Where the model stands among the others.
    display_position = 0
    # Who did something with the record, and when: no version brings that back, nor where it
    # stands.
    bookkeeping = (
        "created",
        "first_published",
        "last_reviewed",
        "author",
        "changed_by",
        "awaits_second_look",
        "review_on",
    )
    # Of the staff's concern alone.
    unseen_fields = ("review_on",)
    # What neither files nor the API tell of a record.
    untold = (
        "created",
        "last_reviewed",
        "author",
        "changed_by",
        "awaits_second_look",
        "review_on",
        "withdrawn_reason",
        "see_instead",
    )
    versioned = Versioned(
        bookkeeping=bookkeeping,
        stays=(
            *Record.versioned.stays,
            *bookkeeping,
            "status",
            "withdrawn_reason",
            "see_instead",
        ),
    )

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("last changed"), auto_now=True)
    first_published = models.DateTimeField(
        _("first published"), null=True, blank=True, editable=False
    )
    last_reviewed = models.DateTimeField(_("last reviewed"), null=True, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drafted by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last changed by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Changed after publication, and nobody else has looked at it since.
    awaits_second_look = models.BooleanField(
        _("awaits a second look"), default=False, editable=False
    )
    review_on = models.DateField(
        _("due for review"), null=True, blank=True, editable=False, db_index=True
    )
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True, editable=False)
    see_instead = models.CharField(
        _("where to go instead"), max_length=500, blank=True, editable=False
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        abstract = True
        # 'curate' stands for what curators do beside writing, 'publish' for what
        # only editors do (`entries.roles`).
        default_permissions = ("add", "change", "delete", "view", "curate", "publish")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_published__isnull=False)
                | ~Q(status__in=["published", "withdrawn"]),
                name="%(class)s_published_has_date",
            ),
        ]

    def admin_page(self, page):
        """The address of one of its pages in the admin: `change`, `review`, `notes`, `dates` …"""
        names = self._meta
        return reverse(f"admin:{names.app_label}_{names.model_name}_{page}", args=[self.pk])

    @property
    def admin_url(self):
        return self.admin_page("change")

    @property
    def is_public(self):
        return self.status == self.Status.PUBLISHED

    @property
    def is_due_for_review(self):
        return self.review_on is not None and self.review_on <= timezone.localdate()

    @property
    def waits_for_review(self):
        """Whether somebody has to look at it."""
        due = self.is_public and (self.awaits_second_look or self.is_due_for_review)
        return due or self.status == self.Status.REVIEW

    @property
    def was_public(self):
        return self.first_published is not None

    def lacks_to_be_public(self):
        """What a model asks of its records before the public sees them, if this one lacks it."""
        return None

    def doubt_before_publishing(self):
        """What does not forbid to make it public, but is not done without knowing."""
        return None

    def save(self, *args, **kwargs):
        if self.is_public and not self.first_published:
            self.first_published = timezone.now()
        super().save(*args, **kwargs)
