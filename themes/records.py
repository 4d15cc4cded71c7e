"""What every public record has: an address that never breaks, and a source."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerSlug(models.Model):
    """An address that was public once; it redirects to the record's present one."""

    model = models.CharField(_("kind of record"), max_length=50)
    slug = models.SlugField(_("former slug"), max_length=120)
    current_slug = models.SlugField(_("present slug"), max_length=120)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["model", "slug"], name="former_slug_unique")]

    def __str__(self):
        return f"{self.model}: {self.slug} → {self.current_slug}"

    @classmethod
    def rename(cls, label, old, new):
        """Lead from `old`, and from all that led there, to `new`."""
        cls.objects.filter(model=label, slug=new).delete()
        cls.objects.filter(model=label, current_slug=old).update(current_slug=new)
        cls.objects.update_or_create(model=label, slug=old, defaults={"current_slug": new})


class RecordQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Record(models.Model):
    """A page of the portal: its slug, and where what it says was taken from."""

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the address. When it is changed, the old address redirects."),
    )
    source = models.ForeignKey(
        "meetings.Paper",
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sourced_%(class)s_set",
        help_text=_("The document this was taken from."),
    )
    source_page = models.CharField(
        _("page in the source"),
        max_length=40,
        blank=True,
        help_text=_("As one would cite it: 7, 12–13, or the heading on a web page."),
    )
    as_printed = models.TextField(
        _("wording in the source"),
        blank=True,
        help_text=_(
            "The full original wording, for curators who hold the document. Shown as a quotation."
        ),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        record = super().from_db(db, field_names, values)
        record._slug_before = record.__dict__.get("slug")
        return record

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        super().clean()
        taken = FormerSlug.objects.filter(model=self._meta.label_lower, slug=self.slug)
        if taken.exclude(current_slug=getattr(self, "_slug_before", None) or "").exists():
            raise ValidationError(
                {"slug": _("This address was another record's and still leads there.")}
            )

    @property
    def public_source(self):
        """The source as far as the public may know it: None while it is a draft."""
        return self.source if self.source and self.source.is_public else None

    @property
    def page_is_number(self):
        """Whether 'p.' reads well before the page: 7 and 12–13, not a heading."""
        return self.source_page[:1].isdigit()

    @property
    def was_public(self):
        """Whether visitors may hold the present address, so that it must redirect."""
        return True

    def save(self, *args, **kwargs):
        before = getattr(self, "_slug_before", None)
        super().save(*args, **kwargs)
        if before and before != self.slug and self.was_public:
            FormerSlug.rename(self._meta.label_lower, before, self.slug)
        self._slug_before = self.slug
