"""The only readers of the query string: what a list is narrowed by, and what each choice counts."""

from array import array
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from uuid import UUID, uuid5

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from entries.facets import Facet, Parameter, SourceFacet, ThemeFacet
from entries.models import Country, kinds, sorted_as_people_do
from entries.sets import sets_of
from records.memory import remembered
from records.parameters import refuse_unknown

SELECTIONS = UUID("5f0c5f0e-3c1b-4d53-9d3e-6b1f0a1c7c55")  # what selections are numbered in
LONGEST_SEARCH = 200  # characters


@dataclass(frozen=True)
class Option:
    """A value on offer, and the query string of the list with it switched."""

    value: str
    label: str
    query: str
    selected: bool = False
    count: int = 0
    depth: int = 0


class Search(Parameter, django_filters.CharFilter):
    """The text of the search box. The best match comes first, unless a sort is chosen."""

    def __init__(self):
        super().__init__(
            label=_("Search"),
            help_text=_('Words, a "quoted phrase" or -excluded words.'),
            max_length=LONGEST_SEARCH,
        )

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class Sort(Parameter):
    """Orders the list. `orders` maps a value of the parameter to a label and an order_by."""

    field_class = forms.ChoiceField

    def __init__(self, orders):
        self.orders = orders
        super().__init__(
            label=_("Sort"),
            help_text=_(
                "The order; without it the first of these, or with q the best match first."
            ),
            required=False,
            choices=[(value, label) for value, (label, fields) in orders.items()],
            error_messages={"invalid_choice": _("“%(value)s” is not a known order.")},
        )

    def filter(self, queryset, value):
        return queryset.order_by(*self.orders[value][1], "pk") if value else queryset


def tag_choices(model):
    """Those of any published entry."""
    if known := [sets for kind in kinds() if (sets := sets_of(kind))]:
        used = Q(slug__among=[*{slug for sets in known for slug in sets.having("tags__slug")}])
    else:
        of_kinds = (kind.objects.published().order_by().values("tags") for kind in kinds())
        used = reduce(or_, (Q(pk__in=tags) for tags in of_kinds))
    return [(tag.slug, tag.name) for tag in sorted_as_people_do(Tag.objects.filter(used))]


def country_facet():
    return Facet(
        "countries__code",
        label=_("Country"),
        help_text=_("The ISO 3166 code of a country: DK."),
        phrase=_("in %s"),
        records_of="entries.country",
        choices=country_choices,
    )


def country_choices(model):
    # The database would order them alike, and takes fifty times as long to do it.
    countries = sorted_as_people_do(Country.objects.order_by())
    return [(country.code, country.name) for country in countries]


def source_choices(model):
    papers = model._meta.get_field("source").related_model.objects.published()
    names = papers.values_list("slug", "short_title", "title")
    return [(slug, short_title or title) for slug, short_title, title in names]


@lru_cache(maxsize=5000)
def spelt(name, value):
    """A parameter as an address has it: a list leads to scores of others, mostly with the same."""
    return urlencode({name: value})


class EntryFilter(django_filters.FilterSet):
    """What every kind is narrowed by. A kind adds its own facets and its sort."""

    # Names that parameters once had, each with the present one.
    former_parameters = {}

    q = Search()
    theme = ThemeFacet(
        "themes__slug",
        label=_("Theme"),
        help_text=_("The slug of a theme: its whole branch."),
        slugs_of="themes.theme",
        records_of="themes.theme",
        phrase=_("about %s"),
    )
    tag = Facet(
        "tags__slug",
        label=_("Tag"),
        help_text=_("The slug of a tag."),
        slugs_of="taggit.tag",
        phrase=_("tagged %s"),
        choices=tag_choices,
    )
    source = SourceFacet(
        "source__slug",
        label=_("Source"),
        help_text=_("The slug of the paper that it was taken from."),
        slugs_of="meetings.paper",
        records_of="meetings.paper",
        phrase=_("from %s"),
        choices=source_choices,
    )

    def __init__(self, data=None, *args, **kwargs):
        # Always bound: an empty query string is a choice of nothing, not an unsent form.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)

    # --- What was asked for

    @cached_property
    def cleaned(self):
        """The values that could be read, as {name: value}."""
        self.form.is_valid()
        return self.form.cleaned_data

    @cached_property
    def problems(self):
        """A message for each value that could not be read; the rest still narrows the list."""
        return [
            f"{self.filters[name].label}: {Truncator(message).chars(120)}"
            for name, messages in self.errors.items()
            for message in messages
        ]

    def present_query(self):
        """The query string in the names and slugs of today; None where it has no former ones.

        A subscription to a filtered list holds through a renamed theme, tag, group or parameter.
        """
        names = {name for name in self.former_parameters if name in self.data}
        if not names and not self.errors:
            return None
        data = QueryDict(mutable=True)
        for name, values in self.data.lists():
            facet = self.filters.get(self.former_parameters.get(name, name))
            followed = facet.followed(values) if isinstance(facet, Facet) else values
            data.setlistdefault(self.former_parameters.get(name, name)).extend(followed)
        return data.urlencode() if names or data != self.data else None

    def refuse_unreadable(self):
        """Raise BadRequest for an unknown parameter or value: machine formats do not guess."""
        refuse_unknown(self.data, self.filters)
        if self.problems:
            raise BadRequest(" ".join(self.problems))

    @property
    def is_whole(self):
        """Whether the list is asked for as a whole, which is how it is printed."""
        return self.data.get("page") == "all"

    @cached_property
    def chosen(self):
        """The values chosen in each facet that has any, each once, as {name: values}."""
        return {
            name: list(dict.fromkeys(self.cleaned[name]))
            for name in self.facet_names
            if self.cleaned.get(name)
        }

    @property
    def facet_names(self):
        """The kind's own facets first: '3 practices in Denmark about Lone actors'."""
        names = [name for name, filter_ in self.filters.items() if isinstance(filter_, Facet)]
        return sorted(names, key=lambda name: name in EntryFilter.base_filters)

    def query(self, **changes):
        """The present query string with some parameters changed, ready to follow a '?'.

        What could not be read is left out: a format would refuse the whole of it.
        """
        return "&".join(
            spelt(name, value)
            for name, values in {**self.readable, **changes}.items()
            for value in values
            if value
        )

    @cached_property
    def readable(self):
        """What was asked for, without what could not be read."""
        errors = self.errors
        return {
            name: self.chosen.get(name, [] if name in errors else self.data.getlist(name))
            for name in self.filters
        }

    @property
    def canonical_query(self):
        """The selection in one spelling, however it was asked for, and whatever its order."""
        data = QueryDict(mutable=True)
        for name, value in self.cleaned.items():
            if value and name != "sort":
                data.setlist(name, sorted(set(value)) if isinstance(value, list) else [value])
        return data.urlencode()

    @property
    def identifier(self):
        """Of the selection, whatever the slugs in it and the host are called today."""
        pairs = [
            (name, value)
            for name, values in sorted(self.chosen.items())
            for value in sorted(self.filters[name].lasting(values))
        ]
        searched = [("q", self.cleaned["q"])] if self.cleaned.get("q") else []
        kind = getattr(self._meta.model, "kind", None) or "new"
        return uuid5(SELECTIONS, f"{kind}?{urlencode([*pairs, *searched])}")

    def switched(self, name, value):
        """The query string with the value added to the facet, or taken out of it."""
        values = self.chosen.get(name, [])
        if value in values:
            return self.query(**{name: [other for other in values if other != value]})
        return self.query(**{name: [*values, value]})

    # --- What the page shows of it

    def queryset_but_for(self, name):
        """The list as it would be without the facet's own choice."""
        queryset = self.queryset.all()
        for other, value in self.cleaned.items():
            if other != name:
                queryset = self.filters[other].filter(queryset, value)
        return queryset

    @cached_property
    def sets(self):
        return sets_of(self._meta.model)

    def selection(self, but_for=None):
        """The set of what is listed, or of what would be without the choice of a facet."""
        selection = self.sets.all
        if self.cleaned.get("q"):
            selection &= self.sets.found(self.cleaned["q"])
        for name, values in self.chosen.items():
            if name != but_for:
                having = self.filters[name].sets(self.sets)
                selection &= reduce(or_, (having.get(value, 0) for value in values))
        return selection

    @cached_property
    def keys(self):
        """The keys of what is listed, in its order."""
        model, sort = self._meta.model, self.cleaned.get("sort")

        def found():
            if self.sets is None:
                return array("q", self.qs.values_list("pk", flat=True))
            if self.cleaned.get("q") and not sort:
                order = self.sets.ranked(self.cleaned["q"])
            else:
                in_order = self.filters["sort"].filter(model.objects.published(), sort)
                order = self.sets.order(sort, in_order)
            return self.sets.in_order(self.selection(), order)

        name = ("keys", model, self.canonical_query, sort)
        return remembered(name, found, weight=lambda keys: 8 * len(keys) + 500)

    def counts(self, name):
        """How many of the entries each value of the facet would show, as {value: count}."""

        def count():
            if self.sets is not None:
                others = self.selection(but_for=name if name in self.chosen else None)
                having = self.filters[name].sets(self.sets)
                counts = {value: (own & others).bit_count() for value, own in having.items()}
                return {value: count for value, count in counts.items() if count}
            return self.filters[name].counts(
                self.queryset_but_for(name) if name in self.chosen else self.qs
            )

        key = ("counts", self._meta.model, self.canonical_query, name)
        return remembered(key, count, weight=lambda counts: 500 + 120 * len(counts))

    @cached_property
    def facets(self):
        """The facets with anything to offer, as {label, name, options, in_order}."""
        facets = []
        for name in self.facet_names:
            facet, chosen = self.filters[name], self.chosen.get(name, [])
            counts = self.counts(name)
            options = [
                Option(
                    value=value,
                    label=label,
                    query=self.switched(name, value),
                    selected=value in chosen,
                    count=counts.get(value, 0),
                    depth=facet.depth(value),
                )
                for value, label in facet.offered({*counts, *chosen})
            ]
            if options:
                facets.append(
                    {
                        "name": name,
                        "label": facet.label,
                        "options": options,
                        "in_order": facet.in_order,
                    }
                )
        return facets

    @cached_property
    def chips(self):
        """The chosen values, each with the query string that takes it back."""
        searched = self.cleaned.get("q")
        chips = [Option(searched, f"“{searched}”", self.query(q=[]), selected=True)]
        return chips * bool(searched) + [
            Option(value, label, self.switched(name, value), selected=True)
            for name, values in self.chosen.items()
            for value, label in zip(values, self.filters[name].labels(values), strict=True)
        ]

    @cached_property
    def sorts(self):
        """The orders on offer; that of a search, best match first, has no name of its own."""
        orders = {value: label for value, (label, fields) in self.filters["sort"].orders.items()}
        if self.cleaned.get("q"):
            orders = {"": gettext("Best match")} | orders
        current = self.cleaned.get("sort") or next(iter(orders))
        return [
            Option(value, label, self.query(sort=[value]), selected=value == current)
            for value, label in orders.items()
        ]

    @property
    def in_source_order(self):
        """Whether what is filed together stands together, so that its theme can be said once."""
        return any(order.value == "filed" and order.selected for order in self.sorts)

    @property
    def kept(self):
        """The chosen (parameter, value) pairs that a new search in the list keeps."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    def sentence(self, count):
        """The selection in words: '3 practices in Denmark about Lone actors'."""
        phrases = [self._meta.model.kind.counted(count)]
        if self.cleaned.get("q"):
            phrases.append(gettext("with “%s”") % self.cleaned["q"])
        for name, values in self.chosen.items():
            facet = self.filters[name]
            phrases.append(facet.phrase % gettext(" or ").join(facet.labels(values)))
        return " ".join(phrases)
