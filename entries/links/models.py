"""Addresses printed in a source, each with the entry it belongs to."""

from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from entries.links.health import Health, LinkHealth
from records.cleaning import Cleaned
from records.constraints import exactly_one, leads_to_a_page, once_for_each
from records.models import Certainty
from records.versions.snapshots import Versioned


class LinkQuerySet(models.QuerySet):
    def get_by_natural_key(self, url, owner, slug):
        return self.get(url=url, **{f"{owner}__slug": slug})

    def unassigned(self):
        """Printed in a paper, but nothing says which entry they belong to."""
        return self.filter(role=Link.Role.UNASSIGNED)

    def as_related(self):
        """As an entry tells of its links."""
        return self.with_health()

    def with_health(self):
        """With how each address is, for no query more."""
        return self.annotate(told=Subquery(told_of(OuterRef("url"))))


def told_of(url):
    """What visitors are told of an address, as one value: the fields of a `Health`."""
    told = JSONObject(**{name: name for name in Health._fields})
    return LinkHealth.objects.filter(url=url).values_list(told, flat=True)


class Link(Cleaned, models.Model):
    """An address that belongs to one entry, or waits with its paper to be assigned."""

    class Role(models.TextChoices):
        DOCUMENT = "document", _("document")
        PAGE = "page", _("web page")
        PUBLISHER = "publisher", _("publisher's own page or channel")
        UNASSIGNED = "unassigned", _("not yet assigned")

    url = models.URLField(_("address"), max_length=500)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.DOCUMENT)
    certainty = models.CharField(
        _("certainty"),
        max_length=10,
        choices=Certainty,
        default=Certainty.CERTAIN,
        blank=True,
        help_text=_(
            "Whether the address itself says that it belongs to the entry; of an address not yet"
            " assigned nothing is read."
        ),
    )
    source_page = models.CharField(
        _("page"), max_length=40, blank=True, help_text=_("Where the source prints the address.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What the reading rests on.")
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    paper = models.ForeignKey(
        "meetings.Paper", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    practice = models.ForeignKey(
        "practices.Practice", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    lesson = models.ForeignKey(
        "lessons.Lesson", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    question = models.ForeignKey(
        "lessons.Question", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )

    # The names of these foreign keys: exactly one of them is set.
    owners = tuple(name for name, value in vars().items() if isinstance(value, models.ForeignKey))
    versioned = Versioned(part_of=owners)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]
        indexes = [models.Index(fields=["url"], name="link_url")]  # its health is looked up by it

    Meta.constraints = [
        exactly_one(owners, "link_has_one_entry", _("A link belongs to exactly one entry.")),
        *once_for_each(owners, ["url"], "link_once_per_{}"),
        leads_to_a_page("url", "link_leads_to_a_page"),
        models.CheckConstraint(
            condition=~Q(role="unassigned") | Q(paper__isnull=False),
            name="link_unassigned_stays_with_paper",
            violation_error_message=_("A link not yet assigned stays with its paper."),
        ),
        models.CheckConstraint(
            condition=Q(role="unassigned", certainty="") | ~Q(role="unassigned") & ~Q(certainty=""),
            name="link_certainty_of_a_reading",
            violation_error_message=_("Say how sure it is that the address is the entry’s."),
        ),
    ]

    def __str__(self):
        return self.url

    def clean(self):
        super().clean()
        self.forget_certainty()

    def save(self, *args, **kwargs):
        self.forget_certainty()
        super().save(*args, **kwargs)

    def forget_certainty(self):
        """A certainty belongs to a reading: an address not yet assigned has none."""
        if self.role == self.Role.UNASSIGNED:
            self.certainty = ""

    @property
    def short(self):
        """The address without what every address has in common."""
        return self.url.split("://", 1)[-1].removeprefix("www.")

    @cached_property
    def health(self):
        """How the address is, as visitors are told."""
        told = self.told if hasattr(self, "told") else told_of(self.url).first()
        if not told:
            return Health()
        since = told["since"] and date.fromisoformat(told["since"])
        return Health(told["state"], told["moved_to"], since)

    @property
    def archived(self):
        """Where the Internet Archive has the copy nearest to the day that the address was printed."""
        return f"{self.entry.archive}{self.url}"

    @property
    def entry(self):
        return next(getattr(self, owner) for owner in self.owners if getattr(self, f"{owner}_id"))

    def natural_key(self):
        return (self.url, self.entry.kind, self.entry.slug)
