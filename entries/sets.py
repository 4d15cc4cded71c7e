"""The published entries of a kind as sets of bits: facets are counted and lists narrowed without a query.

An entry's bit is its place among the keys of its kind; the set of those that have a value is a whole
number, so that 'in both' is `&` and 'how many' a count of bits. Known while the content stays
as it is (`records.memory`).
"""

from array import array
from sys import getsizeof

from entries.combining import Combination
from records.memory import at_hand, remembered


def sets_of(model):
    """The sets of a kind; None where nothing may be remembered."""
    if not at_hand():
        return None
    return remembered(("sets", model), lambda: Sets(model), weight=lambda sets: 8 * len(sets.keys))


class Sets:
    def __init__(self, model):
        self.model = model
        self.published = model.objects.published()
        self.keys = array("q", self.published.order_by("pk").values_list("pk", flat=True))
        self.all = (1 << len(self.keys)) - 1

    def having(self, name, entries=None):
        """{value: set} of what a field holds, for all or for some of the published entries."""
        entries = self.published if entries is None else entries

        def made():
            rows = entries.order_by().values_list(name).annotate(keys=Combination("pk"))
            return {
                str(value): self.set_of(map(int, keys.split(",")))
                for value, keys in rows
                if value not in (None, "")
            }

        return self.known(name if entries is self.published else f"some {name}", made, weight)

    def found(self, name, queryset):
        """The set of what a search finds, of which the order is known by the same name."""
        return self.known(name, lambda: self.set_at(self.order(name, queryset)), getsizeof)

    def known(self, name, made, weight):
        return remembered(("set", self.model, name), made, weight)

    def set_of(self, keys):
        places = self.places
        return self.set_at(places[key] for key in keys if key in places)

    def set_at(self, places):
        marked = bytearray(len(self.keys) // 8 + 1)
        for place in places:
            marked[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marked, "little")

    @property
    def places(self):
        """{key: place}: made anew where it is forgotten, for it is large."""
        return self.known(
            "places",
            lambda: {key: place for place, key in enumerate(self.keys)},
            lambda places: 100 * len(places),
        )

    def order(self, name, queryset):
        """The places of all entries, or of those found, in an order."""

        def made():
            places, keys = self.places, queryset.values_list("pk", flat=True)
            return array("q", [places[key] for key in keys if key in places])

        return self.known(f"order {name}", made, lambda order: 8 * len(order) + 500)

    def in_order(self, chosen, order):
        """The keys of a set, in an order of places."""
        if chosen == self.all:
            return array("q", [self.keys[place] for place in order])
        has = self.signs(chosen)
        return array("q", [self.keys[place] for place in order if has[place] == "1"])

    def nearest(self, shared, beside, most):
        """The keys of those that are in most of the `shared` sets, the ones in `beside` first."""
        at_least = [self.all, *[0] * len(shared)]
        for number, having in enumerate(shared, 1):
            for n in range(number, 0, -1):
                at_least[n] |= at_least[n - 1] & having
        at_least[0] = beside
        keys, above = [], 0
        for those in reversed(at_least):
            for chosen in (those & beside & ~above, those & ~beside & ~above):
                keys += self.first(chosen, most - len(keys))
            above |= those
        return keys

    def first(self, chosen, most):
        """The first keys of a set, by place."""
        found = []
        while chosen and len(found) < most:
            lowest = chosen & -chosen
            found.append(self.keys[lowest.bit_length() - 1])
            chosen ^= lowest
        return found

    def keys_of(self, chosen):
        return self.first(chosen, len(self.keys))

    def signs(self, chosen):
        return format(chosen, f"0{len(self.keys)}b")[::-1]


def weight(having):
    return 500 + sum(120 + chosen.bit_length() // 8 for chosen in having.values())
