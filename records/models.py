"""What every public record has: an address that never breaks, an identifier, and a source."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from records.cleaning import Cleaned
from records.versions.snapshots import Versioned


class FormerSlug(models.Model):
    """An address that was public once: it redirects to the record's present one.

    That of a deleted record leads nowhere, and stays reserved for it.
    """

    model = models.CharField(_("kind of record"), max_length=50)
    slug = models.SlugField(_("former slug"), max_length=120)
    current_slug = models.SlugField(
        _("present slug"), max_length=120, blank=True, help_text=_("Empty: the record is deleted.")
    )

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["model", "slug"], name="former_slug_unique")]

    def __str__(self):
        return f"{self.model}: {self.slug} → {self.current_slug or _('deleted')}"

    @property
    def is_of_deleted(self):
        if not self.current_slug:
            return True
        present = FormerSlug.objects.filter(model=self.model, slug=self.current_slug)
        return present.filter(current_slug="").exists()

    @classmethod
    def of(cls, model, slug):
        """What is known of a slug that no record of the model has now."""
        return cls.objects.filter(model=model._meta.label_lower, slug=slug).first()

    @classmethod
    def present(cls, label, slugs):
        """Where former slugs of the model lead, as {former: present}."""
        former = cls.objects.filter(model=label, slug__in=slugs).exclude(current_slug="")
        return dict(former.values_list("slug", "current_slug"))

    @classmethod
    def rename(cls, label, old, new):
        """Lead from `old`, and from all that led there, to `new`."""
        cls.objects.filter(model=label, slug=new).delete()
        cls.objects.filter(model=label, current_slug=old).update(current_slug=new)
        cls.objects.update_or_create(model=label, slug=old, defaults={"current_slug": new})

    @classmethod
    def reserve(cls, label, slug):
        """Keep the slug of a deleted record for it."""
        cls.objects.update_or_create(model=label, slug=slug, defaults={"current_slug": ""})

    @classmethod
    def release(cls, label, slug):
        """Let a deleted record have its slug again."""
        cls.objects.filter(model=label, slug=slug, current_slug="").delete()


class RecordQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Record(Cleaned, models.Model):
    """A page of the portal: its slug, and where what it says was taken from."""

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the address. When it is changed, the old address redirects."),
    )
    # The same in every installation and for good, whatever becomes of slug and host name.
    identifier = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
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
            "The full original wording, for curators who hold the document: other people's text."
        ),
    )
    as_printed_is_public = models.BooleanField(
        _("show the wording in the source to the public"),
        default=False,
        help_text=_("An editor’s decision for this record: a short quotation."),
    )

    objects = RecordQuerySet.as_manager()

    versioned = Versioned(stays=("identifier", "as_printed_is_public"))

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        super().clean()
        self.refuse_slug_of_another(self.stored.values_list("slug", flat=True).first())

    @property
    def stored(self):
        """What the database has of this record."""
        return type(self)._base_manager.filter(pk=self.pk)

    def refuse_slug_of_another(self, own):
        """A slug once public is never given to another record; `own` former ones may come back."""
        former = FormerSlug.objects.filter(model=self._meta.label_lower, slug=self.slug)
        taken = former.exclude(current_slug=own).first() if own else former.first()
        if taken and taken.current_slug:
            message = _("This address was another record's and still leads there.")
        elif taken:
            message = _("This address was that of a deleted record, which may be brought back.")
        else:
            return
        raise ValidationError({"slug": message})

    def related(self, name):
        """What it is related to: at once, where that was brought with it."""
        try:
            return self._prefetched_objects_cache[name]
        except (AttributeError, KeyError):
            return getattr(self, name).all()

    def let_go(self):
        """Of what was brought with it, when all is told: it and its links hold each other, and Python
        would have to search for such rings, which takes a tenth of the time of a file."""
        self.__dict__.pop("_prefetched_objects_cache", None)

    @property
    def public_source(self):
        """The source as far as the public may know it: None while it is a draft."""
        source = self.source
        return source if source and source.is_public else None

    @property
    def public_as_printed(self):
        """The wording in the source as far as the public may read it: other people's text."""
        return self.as_printed if self.as_printed_is_public else ""

    @property
    def page_is_number(self):
        """Whether 'p.' reads well before the page: 7 and 12–13, not a heading."""
        return self.source_page[:1].isdigit()

    @property
    def page_cited(self):
        """The page in the source, as one cites it: p. 7."""
        page = self.source_page
        return _("p. %(page)s") % {"page": page} if self.page_is_number else page

    @property
    def was_public(self):
        """Whether visitors may hold the present address, so that it must redirect."""
        return True

    def prepare_restore(self):
        """Keep the slug, or take a new one, where that of a version is another record's now.

        Called by `records.versions.restoring`. Returns what could not come back.
        """
        label, slug = self._meta.label_lower, self.slug
        own = self.stored.values_list("slug", flat=True).first()
        if own is None:
            FormerSlug.release(label, slug)
        others = type(self)._base_manager.filter(slug=slug).exclude(pk=self.pk)
        former = FormerSlug.objects.filter(model=label, slug=slug).exclude(current_slug=own or "")
        if not (others.exists() or former.exists()):
            return []
        self.slug = own or f"{slug[:100]}-{self.pk}"
        return [f"{self._meta.get_field('slug').verbose_name}: {slug}"]

    @transaction.atomic
    def save(self, *args, **kwargs):
        written = kwargs.get("update_fields")
        names = {"slug", "identifier"} - self.get_deferred_fields()
        if not names or (written is not None and names.isdisjoint(written)):
            super().save(*args, **kwargs)
            return
        stored = self.stored.select_for_update(no_key=True).values_list("slug", "identifier")
        before, identifier = (self.pk and stored.first()) or (None, None)
        self.identifier = identifier or self.identifier
        super().save(*args, **kwargs)
        # Not sooner: until this record is written, another that leaves the slug may commit.
        self.refuse_slug_of_another(before)
        if before and before != self.slug and self.was_public:
            FormerSlug.rename(self._meta.label_lower, before, self.slug)


@receiver(pre_delete)
def reserve_slug(sender, instance, **kwargs):
    if issubclass(sender, Record):
        for stored in instance.stored:
            if stored.was_public:
                FormerSlug.reserve(sender._meta.label_lower, stored.slug)


class Precision(models.TextChoices):
    """How precisely a source prints a date."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Certainty(models.TextChoices):
    """How sure the portal is of a reading that the source does not spell out."""

    CERTAIN = "certain", _("certain")
    PROBABLE = "probable", _("probable")
