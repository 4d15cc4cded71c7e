"""What a process remembers of the content, until the content changes.

Only while a visitor is answered, and under the version of the content that held when their
request began (`records.content`): whoever is signed in sees drafts, and a transaction sees what
nobody else does. What is remembered is shared by all threads: it is read, never changed.
"""

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language

from records import content
from records.moments import today

BUDGET = 100_000_000  # bytes, roughly: each value says what it weighs
LIGHT = 2_000
MOST_TOLD = 50  # versions since which a memory knows what changed

this = threading.local()


class Of(NamedTuple):
    """What a value tells of: any record of some tables, and some records of others, as (table, key)."""

    tables: frozenset
    records: tuple = ()

    @classmethod
    def any_of(cls, *models):
        return cls(frozenset(model._meta.db_table for model in models))

    def is_touched(self, changed):
        """Whether it may be another one after changes as `records.content` tells them."""
        return not self.tables.isdisjoint(changed) or any(
            str(key) in changed.get(table, ()) for table, key in self.records
        )


@lru_cache(maxsize=1000)
def records_in(sql):
    """The tables of all records that a question is about."""
    return frozenset(
        record for table, (_columns, record, _key) in content.shown().items() if f'"{table}"' in sql
    )


@dataclass(slots=True)
class Remembered:
    value: object
    weight: int
    version: str
    of: Of | None


class Memory:
    """Values under one version, on one day; the ones that were asked for longest ago make room.

    But for those that are `kept`: they are as many and as large as the content makes them, whatever
    is asked. What was kept under versions before is at hand to be brought up to date, and a value
    that says what it is `of` lives on where nothing of that has changed.
    """

    def __init__(self, version, day=None, before=None):
        self.version, self.day = version, day
        self.used, self.values, self.kept = 0, OrderedDict(), {}
        self.lock, self.making = threading.Lock(), threading.RLock()
        self.before = {}  # {key: (version, value)}
        self.changes = {}  # {version: what changed since}
        if before and before.day == day:
            latest = {key: (before.version, value) for key, value in list(before.kept.items())}
            self.before = before.before | latest
            with before.lock:
                known = [(key, found) for key, found in before.values.items() if found.of]
            self.values.update(known)
            self.used = sum(found.weight for _key, found in known)

    def changed(self, since):
        try:
            return self.changes[since]
        except KeyError:
            told = content.changes(since)
        if len(self.changes) >= MOST_TOLD:
            self.changes.clear()
        self.changes[since] = told
        return told

    def renewed(self, key, renew):
        """What was kept before, as `renew` makes it with the changes since; None where it cannot."""
        since, value = self.before.pop(key, (None, None))
        changed = self.changed(since) if since else None
        return None if changed is None else renew(value, changed)

    def get(self, key):
        with self.lock:
            found = self.values.get(key)
            if found is None:
                return None
            self.values.move_to_end(key)
        if found.version != self.version:
            changed = self.changed(found.version)
            if changed is None or found.of.is_touched(changed):
                return None
            found.version = self.version
        return found.value

    def put(self, key, value, weight, of=None):
        weight = weight(value) if callable(weight) else weight
        of = of(value) if callable(of) else of
        weight += len(repr(key))  # a visitor's words may be longer than what they find
        with self.lock:
            if key in self.values:
                self.used -= self.values.pop(key).weight
            self.values[key] = Remembered(value, weight, self.version, of)
            self.used += weight
            while self.used > BUDGET:
                self.used -= self.values.popitem(last=False)[1].weight


newest = Memory(None)


@contextmanager
def during(version):
    """Remember what this thread makes, as of the version that it has read before."""
    global newest
    day, memory = today(), newest
    if (memory.version, memory.day) != (version, day):
        newest = memory = Memory(version, day, memory)
    # Not the newest: by now it may be that of another thread, of an older version.
    this.memory = memory
    try:
        yield
    finally:
        this.memory = None


def at_hand():
    """Whether anything may be remembered now."""
    return getattr(this, "memory", None) is not None


def remembered(key, make, weight=LIGHT, of=None):
    """The value that `make` gives, made once; None is not remembered. Where it says what it is `of`,
    it lives as long as that; `of` may be told by the value, as the weight may."""
    memory = getattr(this, "memory", None)
    if memory is None:
        return make()
    key = (key, get_language())
    value = memory.get(key)
    if value is None:
        value = make()
        if value is not None:
            memory.put(key, value, weight, of)
    return value


def kept(key, make, renew):
    """The same for what grows with the content and with nothing else. It has no words in it that
    are translated. `renew` is given what was kept before, and what changed since.
    """
    memory = getattr(this, "memory", None)
    if memory is None:
        return make()
    if key not in memory.kept:
        with memory.making:  # by one thread: it is work, and the others would do the same
            if key not in memory.kept:
                renewed = memory.renewed(key, renew)
                memory.kept[key] = make() if renewed is None else renewed
    return memory.kept[key]


def remembered_each(name, keys, make_all, weight=LIGHT, of=None):
    """The values of several keys in their order; those not remembered are made at once. `of` says
    of a value what it is of."""
    return remembered_of(
        {name: keys}, lambda missing: {name: make_all(missing[name])}, weight, {name: of}
    )[name]


def remembered_of(asked, make_all, weight=LIGHT, of=None):
    """The same of several names: {name: values} for {name: keys}; `make_all` gets what is missing."""
    memory = getattr(this, "memory", None)
    around = (get_language(),) if memory else ()
    found = {
        name: {key: memory.get((name, key, *around)) if memory else None for key in keys}
        for name, keys in asked.items()
    }
    missing = {
        name: [key for key, value in values.items() if value is None]
        for name, values in found.items()
    }
    missing = {name: keys for name, keys in missing.items() if keys}
    for name, made in make_all(missing).items() if missing else ():
        for key, value in made.items():
            if memory:
                memory.put((name, key, *around), value, weight, of and of[name])
        found[name] |= made
    return {
        name: [found[name][key] for key in keys if found[name][key] is not None]
        for name, keys in asked.items()
    }
