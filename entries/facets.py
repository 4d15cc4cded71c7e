"""The facets of a list: filters of several values that count what each of them would show."""

import re
from copy import copy

import django_filters
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Count, F
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from records.memory import Of, remembered
from records.models import FormerSlug, Record
from themes.models import Theme

SLUG = re.compile("[-a-zA-Z0-9_]{1,120}")
MOST_FOLLOWED = 50  # former slugs in one query string


class Choices(forms.Field):
    """Several of the known values. Of nothing, where a form sends the parameter without a value.

    Not Django's field for this, which writes and copies all choices with every form: thousands.
    Here they are called for where a value was sent.
    """

    widget = forms.SelectMultiple

    def __init__(self, *, choices, **kwargs):
        self.known = choices
        super().__init__(**kwargs)

    def to_python(self, value):
        return [one for one in value or [] if one]

    def validate(self, value):
        known = self.known() if value else ()
        for one in value:
            if one not in known:
                message = self.error_messages["invalid_choice"]
                raise ValidationError(message, "invalid_choice", {"value": one})


class Parameter(django_filters.Filter):
    """A filter of which each request has a copy of its own: all that it is declared with is shared."""

    def __deepcopy__(self, memo):
        own = copy(self)
        own.extra = {**self.extra}  # what its field is made of
        return own


class Facet(Parameter):
    """A filter of several values that also counts what choosing each would show.

    `choices` are (value, label) pairs, or take the model and give them, where they
    depend on what the portal holds: every one is understood, those that occur are
    offered. `phrase` is how the choice reads in the sentence over the list: 'in %s'.
    `slugs_of` names the model of which the values are slugs, so that former ones are followed.
    What is `in_order`, as years are, is folded after its first options and not after the commonest.
    `records_of` names the model whose records alone tell the choices: they are known until one changes.
    """

    field_class = Choices

    def __init__(
        self,
        field_name,
        *,
        phrase,
        choices=None,
        slugs_of=None,
        records_of=None,
        in_order=False,
        **kwargs,
    ):
        self.phrase = phrase
        self.in_order = in_order
        self.slugs_of, self.records_of = slugs_of, records_of
        self.get_choices = choices
        kwargs["error_messages"] = {"invalid_choice": _("“%(value)s” is not known here.")}
        super().__init__(field_name=field_name, required=False, **kwargs)

    @cached_property
    def of(self):
        """What the choices tell of; None where that is not known."""
        return self.records_of and Of.any_of(apps.get_model(self.records_of))

    @property
    def known_by(self):
        """What the choices are remembered by: for all kinds, where the records of one model tell them."""
        return self.records_of or self.model, self.field_name

    @cached_property
    def choices(self):
        return remembered(("choices", *self.known_by), self.made_choices, 20_000, self.of)

    def made_choices(self):
        choices = self.get_choices(self.model) if callable(self.get_choices) else self.get_choices
        return [(str(value), label) for value, label in choices]

    @property
    def field(self):
        self.extra["choices"] = lambda: self.names
        return super().field

    @cached_property
    def names(self):
        """{value: label} of the choices."""
        return remembered(("names", *self.known_by), lambda: dict(self.choices), 20_000, self.of)

    @cached_property
    def places(self):
        """{value: place} of the choices."""

        def made():
            return {value: place for place, value in enumerate(self.names)}

        return remembered(("places", *self.known_by), made, 20_000, self.of)

    def offered(self, values):
        """(value, label) of the known ones of these values, in the order of the choices, of which
        there may be thousands."""
        known = sorted((value for value in values if value in self.places), key=self.places.get)
        return [(value, self.names[value]) for value in known]

    def filter(self, queryset, values):
        """Narrow to any of the values, each entry once however many of them it has."""
        if not values:
            return queryset
        having = self.model._default_manager.filter(**{f"{self.field_name}__in": values})
        return queryset.filter(pk__in=having.values("pk"))

    def counts(self, queryset):
        """How many entries of the queryset have each value, as {value: count}."""
        rows = queryset.order_by().values_list(self.field_name).annotate(Count("pk"))
        return {str(value): count for value, count in rows if value not in (None, "")}

    def sets(self, sets):
        """{value: set} of what is published, as `entries.sets` has them."""
        return sets.having(self.field_name)

    def labels(self, values):
        return [str(self.names[value]) for value in values]

    def lasting(self, values):
        """The values by what does not change when a slug does."""
        if not self.slugs_of:
            return values
        model = apps.get_model(self.slugs_of)
        key = "identifier" if issubclass(model, Record) else "pk"
        return map(str, model._default_manager.filter(slug__in=values).values_list(key, flat=True))

    def followed(self, values):
        """The values with every former slug that leads to a known one replaced by it."""
        known = self.names
        lost = [value for value in values if value not in known and SLUG.fullmatch(value)]
        if not (self.slugs_of and lost):
            return values
        present = FormerSlug.present(self.slugs_of, lost[:MOST_FOLLOWED])
        return [present.get(value) if present.get(value) in known else value for value in values]

    def depth(self, value):
        """How far the value is indented among the options."""
        return 0


class ThemeFacet(Facet):
    """Chooses whole branches of the theme tree, and counts an entry once per branch."""

    @cached_property
    def tree(self):
        return remembered(
            "themes by slug",
            lambda: {theme.slug: theme for theme in Theme.objects.as_related()},
            weight=100_000,
            of=self.of,
        )

    @cached_property
    def choices(self):
        return [(slug, theme.title) for slug, theme in self.tree.items()]

    def depth(self, value):
        return self.tree[value].level - 1

    def filter(self, queryset, values):
        return queryset.in_branch(*values) if values else queryset

    def counts(self, queryset):
        return queryset.branch_counts()

    def sets(self, sets):
        """Each of a whole branch."""

        def made():
            filed, branches = sets.having(self.field_name), {}
            for slug, theme in self.tree.items():
                for above in theme.lineage if slug in filed else ():
                    branches[above.slug] = branches.get(above.slug, 0) | filed[slug]
            return branches

        return sets.derived("branches", made)


class SourceFacet(Facet):
    """Narrows to what was taken from a paper; a source names itself and is not taken from itself."""

    def filter(self, queryset, values):
        return super().filter(self.taken(queryset), values) if values else queryset

    def counts(self, queryset):
        return super().counts(self.taken(queryset))

    def sets(self, sets):
        return sets.having(self.field_name, self.taken(sets.published))

    def taken(self, queryset):
        is_paper = self.model is self.model._meta.get_field("source").related_model
        return queryset.exclude(source=F("pk")) if is_paper else queryset
