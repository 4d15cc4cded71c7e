"""Transitions that are made at a time that was set: publishing and withdrawing.

Whoever sets the time could make the transition at that moment, and it is made in their name, with
every condition asked once more. What cannot be made by then says why; what was missed is caught up.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entries.workflow import transitions
from entries.workflow.models import OfRecord, OfRecordQuerySet
from records.versions.snapshots import Snapshot

OFFERED = {each.name: each for each in (transitions.PUBLISH, transitions.WITHDRAW)}


class ScheduledQuerySet(OfRecordQuerySet):
    def waiting(self):
        return self.filter(state=ScheduledTransition.State.WAITING)

    def unsettled(self):
        """What waits for its time, and what could not be made until somebody ticks it off."""
        states = (ScheduledTransition.State.WAITING, ScheduledTransition.State.REFUSED)
        return self.filter(state__in=states)


class ScheduledTransition(OfRecord):
    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        MADE = "made", _("made")
        REFUSED = "refused", _("could not be made")
        GIVEN_UP = "given-up", _("given up")

    unseen = True

    transition = models.CharField(
        _("transition"), max_length=10, choices=[(n, t.label) for n, t in OFFERED.items()]
    )
    at = models.DateTimeField(_("when"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True)
    see_instead = models.CharField(_("where to go instead"), max_length=500, blank=True)
    knowingly = models.BooleanField(default=False)
    # What the record said then: nothing is published that its person has not seen.
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("why it could not be made"), blank=True)

    objects = ScheduledQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled transition")
        verbose_name_plural = _("scheduled transitions")
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "transition"],
                condition=Q(state="waiting"),
                name="scheduled_once",
            )
        ]

    def __str__(self):
        return f"{self.get_transition_display()}: {self.record}"

    def make(self):
        """Make it, or note why it could not be made. Within a transaction."""
        try:
            self._perform()
            self.state = self.State.MADE
        except transitions.Refused as reason:
            self.reason = str(reason)
            # What was deleted has no page on which that could be ticked off.
            self.state = self.State.REFUSED if self.record else self.State.GIVEN_UP
        self.save(update_fields=["state", "reason"])

    def _perform(self):
        record, transition = self.record, OFFERED[self.transition]
        if record is None:
            raise transitions.Refused(_("It was deleted."))
        if self.user is None or not (self.user.is_active and self.user.is_staff):
            raise transitions.Refused(_("Whoever set the time has no account any more."))
        # Locked first: what is compared here is what is published.
        record = type(record).objects.select_for_update().get(pk=record.pk)
        seen = transition is not transitions.PUBLISH or Snapshot.of(record).digest == self.digest
        if not seen:
            raise transitions.Refused(_("It was changed after the time was set."))
        answers = {"note": self.note, "see_instead": self.see_instead, "knowingly": self.knowingly}
        with transaction.atomic():
            transition.perform(record, self.user, **answers)


def make_next():
    """Make what has been due longest and say what became of it; None where nothing is due."""
    due = ScheduledTransition.objects.waiting().filter(at__lte=timezone.now())
    if not due.exists():  # without the lock that a writer takes
        return None
    with transaction.atomic():
        scheduled = due.select_for_update(skip_locked=True, of=("self",)).first()
        if scheduled is None:
            return None
        scheduled.make()
    return f"{scheduled}: {scheduled.get_state_display()} {scheduled.reason}".strip()
