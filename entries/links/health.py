"""How the addresses of links are: what visitors are told, and what the checks know."""

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from records.constraints import leads_to_a_page

PAUSE = timedelta(seconds=1)  # between two requests to one host
PATIENCE = timedelta(seconds=5)  # a host that rests for longer is asked another time
MOST_ANSWERS = 20  # kept of an address


class State(models.TextChoices):
    UNCHECKED = "unchecked", _("not checked")
    WORKS = "works", _("works")
    MOVED = "moved", _("moved")
    REFUSED = "refused", _("refused")
    DEAD = "dead", _("dead")


WORDS = {
    State.UNCHECKED: _("not checked yet"),
    State.WORKS: _("works (checked since %(day)s)"),
    State.MOVED: _("has moved (seen on %(day)s)"),
    State.REFUSED: _("does not let our check in; it may open for you"),
    State.DEAD: _("dead since %(day)s: use the archived copy"),
}


class Health(NamedTuple):
    """What visitors are told of an address: of one that nobody has looked at yet, just that."""

    state: str = State.UNCHECKED
    moved_to: str = ""
    since: date | None = None

    @property
    def words(self):
        """The state in plain words; the address that it moved to stands in its own field."""
        return WORDS[self.state] % {"day": self.since and date_format(self.since, "j F Y")}

    @property
    def label(self):
        return State(self.state).label


class LinkCheck(models.Model):
    """All that is known of an address, whichever links lead there. No page of a visitor shows it."""

    unseen = True

    address = models.CharField(_("address"), max_length=2000, unique=True, editable=False)
    host = models.CharField(_("host"), max_length=253, db_index=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.UNCHECKED, editable=False
    )
    since = models.DateField(_("since"), null=True, editable=False)
    moved_to = models.CharField(_("moved to"), max_length=500, blank=True, editable=False)
    ends_at = models.CharField(_("leads to"), max_length=500, blank=True, editable=False)
    said = models.CharField(_("last answer"), max_length=300, blank=True, editable=False)
    checked = models.DateTimeField(_("last checked"), null=True, editable=False)
    answered = models.DateTimeField(_("last answered"), null=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    failed = models.DateTimeField(_("last failure counted"), null=True, editable=False)
    due = models.DateTimeField(_("next check"), default=timezone.now, editable=False)
    held_as = models.CharField(
        _("what you saw"),
        max_length=10,
        blank=True,
        choices=[(State.WORKS, _("it works, I looked")), (State.DEAD, _("it is dead, I looked"))],
        help_text=_("Counts more than the checks, until the day below."),
    )
    held_reason = models.CharField(
        _("reason"),
        max_length=300,
        blank=True,
        help_text=_("What you saw, and why the check sees it otherwise. For the staff only."),
    )
    held_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Then the checks count again.")
    )
    held_on = models.DateField(_("said on"), null=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("said by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("check of an address")
        verbose_name_plural = _("checks of addresses")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due"], name="link_check_due"),
            models.Index(fields=["ends_at"], name="link_check_ends_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_as="", held_until__isnull=True)
                | ~Q(held_as="") & ~Q(held_reason="") & Q(held_until__isnull=False),
                name="link_check_held_with_reason_and_end",
                violation_error_message=_("Give a reason and the day until which it counts."),
            ),
            models.CheckConstraint(
                condition=Q(state="unchecked") | Q(since__isnull=False),
                name="link_check_state_has_a_day",
            ),
            leads_to_a_page("address", "link_check_leads_to_a_page"),
            leads_to_a_page("moved_to", "link_check_moved_to_a_page"),
        ]

    def __str__(self):
        return self.address

    @property
    def shown(self):
        """What visitors are told."""
        if self.held_as:
            return Health(self.held_as, "", self.held_on)
        return Health(self.state, self.moved_to, self.since)

    def settle(self):
        """Tell visitors what counts now; nothing is written where they know it already."""
        state, moved_to, since = self.shown
        told = {"state": state, "moved_to": moved_to, "since": since}
        self.told.exclude(state=state, moved_to=moved_to).update(**told)


class LinkHealth(models.Model):
    """What visitors are told of the address of a link, as the link spells it."""

    unseen_fields = ("check_of",)

    url = models.CharField(_("address"), max_length=500, primary_key=True)
    check_of = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="told")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UNCHECKED)
    moved_to = models.CharField(_("moved to"), max_length=500, blank=True)
    since = models.DateField(_("since"), null=True)

    class Meta:
        verbose_name = _("state of an address")
        verbose_name_plural = _("states of addresses")
        constraints = [
            leads_to_a_page("url", "link_health_leads_to_a_page"),
            leads_to_a_page("moved_to", "link_health_moved_to_a_page"),
        ]

    def __str__(self):
        return self.url


class LinkAnswer(models.Model):
    """The history of an address: what came of each of the last checks."""

    unseen = True

    check_of = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField(_("when"), default=timezone.now)
    fate = models.CharField(_("what came of it"), max_length=10)
    said = models.CharField(_("answer"), max_length=300)

    class Meta:
        verbose_name = _("answer of an address")
        verbose_name_plural = _("answers of addresses")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.fate}: {self.said}"

    @classmethod
    def keep(cls, check, fate, said):
        """Add one, and let the oldest go."""
        cls.objects.create(check_of=check, fate=fate, said=said[:300])
        last = check.answers.values_list("pk", flat=True)[MOST_ANSWERS - 1 : MOST_ANSWERS]
        for oldest in last:
            check.answers.filter(pk__lt=oldest).delete()


class LinkHost(models.Model):
    """A host that links lead to, and when it may be asked next: by any process of the portal."""

    unseen = True

    name = models.CharField(_("host"), max_length=253, primary_key=True)
    free = models.DateTimeField(_("may be asked from"))

    class Meta:
        verbose_name = _("host of links")
        verbose_name_plural = _("hosts of links")

    def __str__(self):
        return self.name

    @classmethod
    @transaction.atomic
    def turn(cls, name):
        """Take the next turn: how long it has to be waited for. None where that is too long."""
        now = timezone.now()
        host, _new = cls.objects.select_for_update().get_or_create(
            name=name, defaults={"free": now}
        )
        start = max(host.free, now)
        if start - now > PATIENCE:
            return None
        cls.objects.filter(pk=name).update(free=start + PAUSE)
        return start - now

    @classmethod
    def rest(cls, name, until):
        cls.objects.filter(pk=name, free__lt=until).update(free=until)
