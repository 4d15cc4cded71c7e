"""The published entries of a kind as sets of bits: facets are counted and lists narrowed without a query.

An entry's bit is its place among the keys of its kind; the set of those that have a value is a whole
number, so that 'in both' is `&` and 'how many' a count of bits. Known while the content stays
as it is (`records.memory`), and brought up to date by what changed.
"""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import islice
from sys import getsizeof
from threading import RLock

from django.db.models import QuerySet

from entries.combining import Combination
from entries.search.models import asked_by
from entries.search.ranking import all_of
from records.memory import at_hand, kept, records_in, remembered

MANY = 1 / 50  # of a kind: of more keys, places are found by a table of all
SIGNS = bytes.maketrans(b"01", b"\0\1")
FEW = 100  # entries that changed are looked at one by one
FEW_IN_ORDER = 5  # are asked for where they stand now
BESIDE = 150  # others


def sets_of(model):
    """The sets of a kind; None where nothing may be remembered."""
    if not at_hand():
        return None
    return kept(("sets", model), lambda: Sets(model), renew=Sets.renewed)


@dataclass
class Known:
    """What a kind's sets know by a name: a set, sets by value or an order.

    `sql` is the question it comes from, and `entries` those that were asked, where it can be asked
    of some of them alone: for a `field`, or in their order.
    """

    value: object
    sql: str = ""
    field: str = ""
    entries: QuerySet = None

    def depends_on(self, tables):
        """Whether any of these tables, or of the relations of records in them, is in the question."""
        return not self.sql or not records_in(self.sql).isdisjoint(tables)

    def is_of_each(self, table):
        """Whether an entry's values are told by its own row: a paper's source is another paper."""
        return (
            self.entries is not None and len(re.findall(f'(?:FROM|JOIN) "{table}"', self.sql)) == 1
        )


class Sets:
    def __init__(self, model, keys=None):
        self.model = model
        self.published = model.objects.published()
        if keys is None:
            keys = array("q", self.published.order_by("pk").values_list("pk", flat=True))
        self.keys, self.all = keys, (1 << len(keys)) - 1
        self.made, self.making = {}, RLock()  # {name: Known}

    def known(self, name, make):
        """The value of what is known by a name, made by one thread."""
        if name not in self.made:
            with self.making:
                if name not in self.made:
                    self.made[name] = make()
        return self.made[name].value

    def having(self, name, entries=None):
        """{value: set} of what a field holds, for all or for some of the published entries: of a field
        always the same.
        """
        if entries is None:
            return self.known(name, lambda: self.asked(name, self.published))
        return self.known(f"some {name}", lambda: self.asked(name, entries))

    def asked(self, field, entries):
        rows = values_of(field, entries)
        return Known(self.by_value(rows, self.places().get), str(rows.query), field, entries)

    def by_value(self, rows, place):
        return {
            str(value): self.set_at(
                at for at in map(place, map(int, keys.split(","))) if at is not None
            )
            for value, keys in rows
            if value not in (None, "")
        }

    def derived(self, name, make):
        """What is made of other sets in little time."""
        return self.known(name, lambda: Known(make()))

    def of(self, name, queryset):
        """The set of the entries in a queryset that is known by name."""

        def asked():
            return Known(self.set_at(self.places_of(keys_of(queryset))), str(queryset.query))

        return self.known(name, asked)

    def order(self, sort, queryset):
        """The places of all entries, in an order."""

        def asked():
            return Known(self.places_of(keys_of(queryset)), str(queryset.query), entries=queryset)

        return self.known(f"order {sort}", asked)

    def set_at(self, places):
        marked = bytearray(len(self.keys) // 8 + 1)
        for place in places:
            marked[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marked, "little")

    def places(self):
        """{key: place}: quicker made than remembered, for it is large."""
        return {key: place for place, key in enumerate(self.keys)}

    def places_of(self, keys):
        """The places of the published entries among them, in their order."""
        place = self.places().get if len(keys) > MANY * len(self.keys) else self.place
        return array("i", [at for at in map(place, keys) if at is not None])

    def place(self, key):
        at = bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else None

    def ranked(self, text):
        """The places of what a search finds, the best match first."""
        return remembered(
            ("ranked", self.model, text),
            lambda: self.places_of(all_of(self.model, asked_by(text))),
            lambda order: 4 * len(order) + 500,
        )

    def found(self, text):
        """The set of what a search finds."""
        return remembered(
            ("found", self.model, text),
            lambda: self.set_at(self.ranked(text)),
            getsizeof,
        )

    def in_order(self, chosen, order):
        """The keys of a set, in an order of places."""
        if chosen == self.all:
            return array("q", [self.keys[place] for place in order])
        has = self.signs(chosen)
        return array("q", [self.keys[place] for place in order if has[place]])

    def first_in_order(self, chosen, most):
        """The first keys of a set, in the order of the kind."""
        if chosen.bit_count() <= most:
            return self.ordered(self.keys_of(chosen))
        has, order = self.signs(chosen), self.order("", self.published)
        return [self.keys[place] for place in islice(filter(has.__getitem__, order), most)]

    def ordered(self, keys):
        """The keys of a few entries, in the order of the kind."""

        def ranked():
            ranks = array("i", bytes(4 * len(self.keys)))
            for rank, place in enumerate(self.order("", self.published)):
                ranks[place] = rank
            return Known(ranks, str(self.published.query))

        ranks = self.known("ranks", ranked)
        return sorted(keys, key=lambda key: ranks[self.place(key)])

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
        """Of each place whether it is in a set, as a byte."""
        return format(chosen, f"0{len(self.keys)}b")[::-1].encode().translate(SIGNS)

    # --- After changes

    def renewed(self, changed):
        """The same after changes as `records.content` tells them; None where it is quicker made anew."""
        table = self.model._meta.db_table
        touched = sorted(map(int, changed.get(table, ())))
        if len(touched) > FEW:
            return None
        public = {*self.published.filter(pk__in=touched).values_list("pk", flat=True)}
        keys = self.keys[:]
        shifts = [shift for key in touched if (shift := moved(keys, key, key in public))]
        now = Sets(self.model, keys)
        for name, known in list(self.made.items()):
            if not touched and not known.depends_on(changed.keys()):
                now.made[name] = known
            elif known.is_of_each(table) and not known.depends_on(changed.keys() - {table}):
                if known.field:
                    now.made[name] = now.patched(known, shifts, public)
                elif len(touched) <= FEW_IN_ORDER and (
                    order := self.reordered(known, touched, public)
                ):
                    places = array("i", map(now.places().get, order))
                    now.made[name] = (
                        known if places == known.value else replace(known, value=places)
                    )
        if "ranks" in self.made and now.made.get("order ") is self.made["order "]:
            now.made["ranks"] = self.made["ranks"]
        return now

    def reordered(self, known, touched, public):
        """The keys in an order, where those that changed now stand; None where that is not sure."""
        order = [key for at in known.value if (key := self.keys[at]) not in touched]
        for key in sorted(public):
            at = place_among(order, key, known.entries)
            if at is None:
                return None
            order.insert(at, key)
        return order

    def patched(self, known, shifts, public):
        """The sets by value, once entries have come and gone, with what those that changed have now."""
        others, patched = ~self.set_at(map(self.place, public)), {}
        for value, chosen in known.value.items():
            for shift, at in shifts:
                chosen = shift(chosen, at)
            patched[value] = chosen & others
        rows = values_of(known.field, known.entries.filter(pk__in=public)) if public else ()
        for value, chosen in self.by_value(rows, self.place).items():
            patched[value] = patched.get(value, 0) | chosen
        having = {value: chosen for value, chosen in patched.items() if chosen}
        return Known(having, known.sql, known.field, known.entries)


def keys_of(queryset):
    return list(queryset.values_list("pk", flat=True))


def place_among(order, key, entries):
    """Where an entry stands in an order of others: it is asked for beside a hundred of them, then
    beside those between its neighbours. None where they are not as they were."""
    low, high = 0, len(order)
    while low < high:
        apart = -(-(high - low) // BESIDE)
        beside = {order[at]: at for at in range(low, high, apart)}
        found = keys_of(entries.filter(pk__in=[*beside, key]))
        if [other for other in found if other != key] != [*beside] or key not in found:
            return None
        at = found.index(key)
        low, high = (
            beside[found[at - 1]] + 1 if at else low,
            beside[found[at + 1]] if at + 1 < len(found) else high,
        )
    return low


def values_of(field, entries):
    """(value, the keys of the entries that have it) of a field."""
    return entries.order_by().values_list(field).annotate(keys=Combination("pk"))


def moved(keys, key, is_public):
    """Put a key among the others or take it out: how that moves the bits, and where."""
    at = bisect_left(keys, key)
    is_there = at < len(keys) and keys[at] == key
    if is_public and not is_there:
        keys.insert(at, key)
        return opened, at
    if is_there and not is_public:
        keys.pop(at)
        return closed, at
    return None


def opened(bits, at):
    return bits >> at << at + 1 | below(bits, at)


def closed(bits, at):
    return bits >> at + 1 << at | below(bits, at)


def below(bits, at):
    return bits & (1 << at) - 1
