"""Working groups of RAN, and who chaired them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entries.models import Country
from entries.search.models import SearchDocument, document_of
from records.addresses import address
from records.cleaning import Cleaned
from records.fields import LinesField, validate_years
from records.models import Record


class WorkingGroupSearchDocument(SearchDocument):
    record = document_of("WorkingGroup")
    title = "name"
    text = "description"
    related = {"chairs": ["name"]}


class WorkingGroup(Record):
    """A working group of RAN, or what the sources name in the place of one."""

    class Type(models.TextChoices):
        WORKING_GROUP = "working-group", _("working group")
        EVENT_SERIES = "event-series", _("event series")

    name = models.CharField(_("name"), max_length=200, unique=True)
    aliases = LinesField(
        _("names as printed"),
        help_text=_("Every other way a source prints the name of this very group, one a line."),
    )
    group_type = models.CharField(
        _("type of group"),
        max_length=20,
        choices=Type,
        default=Type.WORKING_GROUP,
        help_text=_("An event series holds meetings and writes papers without being a group."),
    )
    description = models.TextField(_("description"), blank=True)
    history = models.TextField(_("history"), blank=True)
    established = models.PositiveSmallIntegerField(_("year established"), null=True, blank=True)
    predecessor = models.OneToOneField(
        "self",
        verbose_name=_("predecessor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successor",
        help_text=_("The group this one was established from; a group of its own, not renamed."),
    )

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(predecessor=None) | ~Q(predecessor=F("pk")),
                name="workinggroup_not_its_own_predecessor",
                violation_error_message=_("A group cannot be its own predecessor."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("workinggroup-detail", self.slug)

    def clean(self):
        super().clean()
        validate_years(established=self.established)
        earlier = self.predecessor
        while earlier and self.pk:
            if earlier.pk == self.pk:
                raise ValidationError(
                    {"predecessor": _("A group cannot come before itself, nor by way of others.")}
                )
            earlier = earlier.predecessor


class ChairQuerySet(models.QuerySet):
    def get_by_natural_key(self, group, name):
        return self.get(group__slug=group, name=name)


class Chair(Cleaned, models.Model):
    """A person who chairs or chaired a working group, according to a source."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="chairs")
    name = models.CharField(_("name"), max_length=200)
    affiliation = models.CharField(_("affiliation as printed"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT
    )
    country_as_printed = models.CharField(_("country as printed"), max_length=100, blank=True)
    current = models.BooleanField(_("in office when the source was written"), default=True)
    role_as_printed = models.CharField(
        _("role as printed"), max_length=100, blank=True, help_text=_("As: co-chaired by.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ChairQuerySet.as_manager()

    class Meta:
        verbose_name = _("chair")
        verbose_name_plural = _("chairs")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="chair_once_per_group")
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.group.slug, self.name)
