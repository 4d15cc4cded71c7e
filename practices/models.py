from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from entries.kinds import Kind
from entries.models import Country, Entry, Tagging
from entries.search.models import SearchDocument, document_of
from practices.citations import PracticeCitation
from records.fields import LinesField, ProtectedManyToManyField, validate_years


class PracticeSearchDocument(SearchDocument):
    record = document_of("Practice")
    title = "name"
    text = "description"
    hidden = (*SearchDocument.hidden, "contact")


class PracticeTag(Tagging):
    content_object = models.ForeignKey("Practice", on_delete=models.CASCADE)


class Practice(Entry):
    """A programme, tool or organisation, described as on the sheet of the RAN Collection."""

    kind = Kind("practice", path="practices", asks=_("Who does it"))
    citation_class = PracticeCitation
    display_position = 2
    name_field = "name"
    sheet = (
        ("countries", "country_as_printed", "programme"),
        ("scope",),
        ("collection_status",),
        ("organisation",),
        ("organisation_type",),
        ("target_audiences",),
        ("key_themes",),
        ("agencies",),
        ("start_year",),
        ("deliverables",),
        ("evidence",),
        ("sustainability",),
        ("linked_initiatives",),
    )
    listed_fields = ("programme", "scope", "description", "agencies")
    display_relations = ("countries",)
    page_relations = table_relations = ("presented_at",)

    class Scope(models.TextChoices):
        LOCAL = "local", _("local")
        NATIONAL = "national", _("national")

    class CollectionStatus(models.TextChoices):
        INCLUDED = "included", _("in the RAN Collection")
        IN_PROCESS = "in-process", _("being included in the RAN Collection")
        NOT_INCLUDED = "not-included", _("not in the RAN Collection")

    name = models.CharField(_("name"), max_length=200, help_text=_("Exactly as printed."))
    countries = ProtectedManyToManyField(
        Country, verbose_name=_("countries"), blank=True, related_name="%(class)s_set"
    )
    country_as_printed = models.CharField(_("country as printed"), max_length=100, blank=True)
    programme = models.CharField(
        _("programme"),
        max_length=100,
        blank=True,
        help_text=_("A funding programme the source prints in place of a country: Erasmus+."),
    )
    scope = models.CharField(
        _("scope"),
        max_length=10,
        choices=Scope,
        blank=True,
        help_text=_("Only where the source says so."),
    )
    description = models.TextField(_("description"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    organisation_type = models.CharField(_("type of organisation"), max_length=100, blank=True)
    target_audiences = LinesField(_("target audiences"))
    key_themes = LinesField(_("key themes"), help_text=_("As the RAN Collection names them."))
    agencies = LinesField(_("agencies involved"))
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    deliverables = models.TextField(_("deliverables"), blank=True)
    evidence = models.TextField(_("evidence and evaluation"), blank=True)
    sustainability = models.TextField(_("sustainability and transferability"), blank=True)
    presented_at = ProtectedManyToManyField(
        "meetings.Meeting",
        verbose_name=_("presented at"),
        blank=True,
        related_name="practices",
    )
    linked_initiatives = LinesField(_("linked initiatives"))
    contact = models.TextField(_("contact"), blank=True)
    contact_is_public = models.BooleanField(_("show the contact to the public"), default=False)
    collection_status = models.CharField(
        _("status in the RAN Collection"), max_length=12, choices=CollectionStatus, blank=True
    )
    tags = TaggableManager(through=PracticeTag, blank=True, ordering=["name"])

    class Meta(Entry.Meta):
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["name", "pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(end_year=None) | Q(end_year__gte=F("start_year")),
                name="practice_ends_after_start",
                violation_error_message=_("A practice cannot end before it begins."),
            ),
        ]

    def clean(self):
        super().clean()
        validate_years(start_year=self.start_year, end_year=self.end_year)

    @property
    def text(self):
        return self.description

    @property
    def heading(self):
        return self.name
