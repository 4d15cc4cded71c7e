"""What somebody did with an entry, and when."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StepQuerySet(models.QuerySet):
    def public(self):
        """Publications, changes and withdrawals that say why."""
        return self.filter(action__in=Step.PUBLIC).exclude(note="")

    def of(self, entry):
        """The steps of one entry, the first one first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(entry), object_id=entry.pk
        )


class Step(models.Model):
    """A step that somebody took with an entry: who, when, and the note they left.

    Steps stay when their entry is deleted, and belong to it again when it is restored.
    """

    class Action(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        SENT = "sent", _("sent to review")
        RETURNED = "returned", _("returned")
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed after publication")
        CONFIRMED = "confirmed", _("confirmed after a second look")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RESTORED = "restored", _("restored to draft")

    # Those whose notes the public reads, without the name of who left them.
    PUBLIC = (Action.PUBLISHED, Action.CHANGED, Action.WITHDRAWN)

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    entry = GenericForeignKey()
    action = models.CharField(_("step"), max_length=10, choices=Action)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    note = models.TextField(_("note"), blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="step_of_entry")]

    def __str__(self):
        return f"{self.entry}: {self.get_action_display()}"
