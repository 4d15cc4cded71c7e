"""The published entries of a kind as sets of bits: facets are counted and lists narrowed without a query.

An entry's bit is its place among the keys of its kind; the set of those that have a value is a whole
number, so that 'in both' is `&` and 'how many' a count of bits. Known while the content stays
as it is (`records.memory`).
"""

from array import array
from bisect import bisect_left
from sys import getsizeof

from entries.combining import Combination
from records.memory import at_hand, kept, remembered

MANY = 1 / 50  # of a kind: of more keys, places are found by a table of all


def sets_of(model):
    """The sets of a kind; None where nothing may be remembered."""
    if not at_hand():
        return None
    return kept(("sets", model), lambda: Sets(model))


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
            rows, places = entries.order_by().values_list(name), self.places()
            return {
                str(value): self.set_at(
                    places[key] for key in map(int, keys.split(",")) if key in places
                )
                for value, keys in rows.annotate(keys=Combination("pk"))
                if value not in (None, "")
            }

        return self.known(name if entries is self.published else f"some {name}", made)

    def known(self, name, made):
        return kept(("set", self.model, name), made)

    def of(self, name, queryset):
        """The set of the entries in a queryset that is known by name."""
        return self.known(name, lambda: self.set_at(self.places_of(queryset)))

    def set_at(self, places):
        marked = bytearray(len(self.keys) // 8 + 1)
        for place in places:
            marked[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marked, "little")

    def places(self):
        """{key: place}: quicker made than remembered, for it is large."""
        return {key: place for place, key in enumerate(self.keys)}

    def places_of(self, queryset):
        """The places of the published entries in it, in its order."""
        keys = list(queryset.values_list("pk", flat=True))
        place = self.places().get if len(keys) > MANY * len(self.keys) else self.place
        return array("i", [at for at in map(place, keys) if at is not None])

    def place(self, key):
        at = bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else None

    def order(self, sort, queryset):
        """The places of all entries, in an order."""
        return self.known(f"order {sort}", lambda: self.places_of(queryset))

    def ranked(self, text, queryset):
        """The places of what a search finds, the best match first."""
        return remembered(
            ("ranked", self.model, text),
            lambda: self.places_of(queryset),
            lambda order: 4 * len(order) + 500,
        )

    def found(self, text, queryset):
        """The set of what a search finds."""
        return remembered(
            ("found", self.model, text),
            lambda: self.set_at(self.ranked(text, queryset)),
            getsizeof,
        )

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
