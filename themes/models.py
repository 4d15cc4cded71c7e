from string import ascii_lowercase

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from records.addresses import address
from records.cleaning import Cleaned
from records.memory import Of, at_hand, remembered
from records.models import Record, RecordQuerySet


def numbered(parent, place):
    """Where a theme stands among those of its parent today: 2, 2.1, 2.1a. Never an address."""
    if parent is None:
        return str(place)
    if parent.level == Theme.Level.MAIN:
        return f"{parent.number}.{place}"
    return parent.number + (ascii_lowercase[place - 1] if place <= 26 else f".{place}")


class ThemeQuerySet(RecordQuerySet):
    def branch(self, *slugs):
        """The themes with these slugs and everything below them."""
        return self.filter(
            Q(slug__in=slugs) | Q(parent__slug__in=slugs) | Q(parent__parent__slug__in=slugs)
        )

    def in_tree_order(self):
        """Depth first, siblings by position: the order in which the tree is read."""
        section, subtheme = Theme.Level.SECTION, Theme.Level.SUBTHEME
        return self.order_by(
            # The main theme, then what is below it; equal positions never mix two branches.
            Coalesce("parent__parent__position", "parent__position", "position"),
            Coalesce("parent__parent_id", "parent_id", "pk"),
            *(
                Case(
                    When(level=section, then=F(f"parent__{name}")),
                    When(level=subtheme, then=F(name)),
                    default=Value(-1),
                )
                for name in ("position", "pk")
            ),
            Case(When(level=section, then=F("position")), default=Value(-1)),
            "pk",
        )

    def nested(self):
        """The main themes, each theme with its `below` and its `number`, from one query."""
        themes = list(self.in_tree_order())
        by_pk = {theme.pk: theme for theme in themes}
        mains = []
        for theme in themes:
            theme.below = []
            parent = by_pk.get(theme.parent_id)
            if parent:
                theme.parent = parent
            siblings = parent.below if parent else mains
            siblings.append(theme)
            theme.number = numbered(parent, len(siblings))
        return mains

    def whole_tree(self):
        """Every theme in the order of the tree, as `nested` has them."""
        themes = []
        for main in self.nested():
            themes.append(main)
            for subtheme in main.below:
                themes += [subtheme, *subtheme.below]
        return themes

    def told_tree(self):
        """The whole tree with what pages tell of a theme: shared, so nothing is written on it."""

        def told():
            return self.select_related("source", "subject").whole_tree()

        return remembered("tree", told, lambda tree: 10_000 * len(tree) + 500, self.of_tree)

    @staticmethod
    def of_tree(themes):
        """What the tree tells of: any theme and subject, and the sources of the themes."""
        source, subject = (
            Theme._meta.get_field(name).related_model for name in ("source", "subject")
        )
        sources = tuple((source._meta.db_table, theme.source_id) for theme in themes)
        return Of.any_of(Theme, subject)._replace(records=sources)

    def told(self, slug):
        """A theme as pages tell of it; None where it is not remembered."""
        told = self.told_tree() if at_hand() else ()
        return next((theme for theme in told if theme.slug == slug), None)

    def as_related(self):
        """In the order of the tree, as an entry names those it is filed under."""
        return self.with_lineage().in_tree_order()

    def with_lineage(self):
        """Ready for `lineage` without a further query."""
        return self.select_related("parent__parent")


class Theme(Record):
    """A node of the tree under which every entry is filed."""

    class Level(models.IntegerChoices):
        MAIN = 1, _("main theme")
        SUBTHEME = 2, _("subtheme")
        SECTION = 3, _("section")

    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("Empty for a main theme. The tree has three levels at most."),
    )
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, default=Level.MAIN, editable=False
    )
    subject = models.ForeignKey(
        "taggit.Tag",
        verbose_name=_("subject"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_(
            "The tag that says what the theme is about. Where no entry of a kind is filed here,"
            " those that carry it elsewhere are shown."
        ),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Among the themes of the same parent, lowest first.")
    )
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("In our own words. A blank line parts paragraphs."),
    )

    # Where it stands in the tree today, once it comes from `nested`.
    number = ""

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__in=[2, 3], parent__isnull=False),
                name="theme_level_agrees_with_parent",
                violation_error_message=_("A main theme has no parent; every other theme has one."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="theme_not_its_own_parent",
                violation_error_message=_("A theme cannot be its own parent."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("theme-detail", self.slug)

    @property
    def lineage(self):
        """The themes from the main theme down to this one."""
        return (*self.parent.lineage, self) if self.parent_id else (self,)

    @property
    def with_below(self):
        """This theme and everything below it in the order of the tree, once it comes from `nested`."""
        yield self
        for child in self.below:
            yield from child.with_below

    @property
    def path(self):
        """The lineage as text: 'A > B > C'."""
        return " > ".join(theme.title for theme in self.lineage)

    @property
    def main(self):
        return self.parent.main if self.parent_id else self

    @property
    def introduced(self):
        """The nearest theme upwards that has an introduction; None where there is none."""
        return next((theme for theme in reversed(self.lineage) if theme.introduction), None)

    @property
    def branch(self):
        """This theme and everything below it, as stored."""
        own = Q(pk=self.pk) | Q(parent=self.pk) | Q(parent__parent=self.pk)
        return Theme.objects.filter(own)

    def clean(self):
        super().clean()
        if not self.parent_id:
            return
        branch = list(self.branch) if self.pk else []
        if self.parent in branch:
            raise ValidationError({"parent": _("A theme cannot hang below itself.")})
        levels = [theme.level for theme in branch] or [self.level]
        height = 1 + max(levels) - min(levels)
        if self.parent.level + height > Theme.Level.SECTION:
            raise ValidationError(
                {"parent": _("The tree has three levels at most: main theme, subtheme, section.")}
            )

    def save(self, *args, **kwargs):
        self.level = self.parent.level + 1 if self.parent_id else Theme.Level.MAIN
        super().save(*args, **kwargs)
        for child in self.children.exclude(level=self.level + 1):
            child.parent = self
            child.save()


class AbsenceQuerySet(models.QuerySet):
    def all_told(self):
        """All of them, as lists show them: there is one at most of a theme and a kind."""

        def told():
            named = self.select_related("theme__parent__parent", "meeting", "source")
            return list(named.order_by("pk"))

        return remembered("absences", told, lambda found: 10_000 * len(found) + 500)

    def get_by_natural_key(self, theme, kind):
        return self.get(theme__slug=theme, kind=kind)


class Absence(Cleaned, models.Model):
    """What a source says is missing from a theme: an absence is a finding too."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(
        _("kind"), max_length=20, help_text=_("The kind of entry that is missing, e.g. practice.")
    )
    text = models.TextField(_("what the source says"), help_text=_("In our own words."))
    meeting = models.ForeignKey(
        "meetings.Meeting",
        verbose_name=_("meeting"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The meeting that the statement speaks of."),
    )
    source = models.ForeignKey("meetings.Paper", on_delete=models.PROTECT, related_name="+")
    source_page = models.CharField(_("page in the source"), max_length=40)

    # What its line of provenance asks of any record.
    public_source = Record.public_source
    page_is_number = Record.page_is_number

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "kind"], name="absence_once_per_theme_and_kind"
            )
        ]

    def __str__(self):
        return f"{self.theme}: {self.kind}"

    def natural_key(self):
        return (self.theme.slug, self.kind)
