"""What a branch of the theme tree holds of a kind, and which of its entries are shown first."""

from functools import reduce
from operator import or_

from django.db.models import F, Min

from entries.sets import sets_of


class Branch:
    """The published entries of a kind that are filed under a theme or below it, each once."""

    def __init__(self, model, themes):
        """The themes are those of the branch, in the order of the tree."""
        self.themes, self.sets = themes, sets_of(model)
        if self.sets is None:
            self.entries = model.objects.published().in_branch(themes[0].slug)
        else:
            filed = self.sets.having("themes__slug")
            self.filed = {theme.pk: filed[theme.slug] for theme in themes if theme.slug in filed}
            self.held = reduce(or_, self.filed.values(), 0)

    @property
    def count(self):
        return self.entries.count() if self.sets is None else self.held.bit_count()

    def first(self, most):
        """The keys of the first ones, in the order of the kind."""
        if self.sets is None:
            return list(self.entries.values_list("pk", flat=True)[:most])
        return self.sets.first_in_order(self.held, most)

    def first_of_each(self, most):
        """The same of the first entry of each theme right below, filled up with the next ones."""
        earliest, heads = self.earliest(), {}
        for theme in self.themes:
            if theme.pk in earliest:
                head = theme.lineage[: self.themes[0].level + 1][-1]
                heads.setdefault(head.pk, earliest[theme.pk])
        first = dict.fromkeys([*heads.values(), *earliest.values(), *self.first(most)])
        return self.in_order(list(first)[:most])

    def earliest(self):
        """{theme: the key of the first entry that came to be filed under itself}"""
        if self.sets is not None:
            return {theme: self.sets.first(filed, 1)[0] for theme, filed in self.filed.items()}
        filed = self.entries.order_by().annotate(filed_at=F("themes"))
        filed = filed.filter(filed_at__in=[theme.pk for theme in self.themes])
        earliest = dict(filed.values_list("filed_at").annotate(Min("pk")))
        return {theme.pk: earliest[theme.pk] for theme in self.themes if theme.pk in earliest}

    def in_order(self, keys):
        if self.sets is None:
            return list(self.entries.filter(pk__in=keys).values_list("pk", flat=True))
        return self.sets.ordered(keys)


def first_tagged(model, tag, most):
    """The keys of the first entries with a tag, wherever filed."""
    if sets := sets_of(model):
        return sets.first_in_order(sets.having("tags__slug").get(tag.slug, 0), most)
    return list(model.objects.published().filter(tags=tag).values_list("pk", flat=True)[:most])
