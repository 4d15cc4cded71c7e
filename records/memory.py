"""What a process remembers of the content, until the content changes.

Only while a visitor is answered, and under the version of the content that held when their
request began (`records.content`): whoever is signed in sees drafts, and a transaction sees what
nobody else does. What is remembered is shared by all threads: it is read, never changed.
"""

import threading
from collections import OrderedDict
from contextlib import contextmanager

from django.utils.translation import get_language

from records import content
from records.moments import today

BUDGET = 60_000_000  # bytes, roughly: each value says what it weighs
LIGHT = 2_000

this = threading.local()


class Memory:
    """Values under one version, on one day; the ones that were asked for longest ago make room.

    But for those that are `kept`: they are as many and as large as the content makes them, whatever
    is asked. What was kept under versions before is at hand to be brought up to date.
    """

    def __init__(self, version, day=None, before=None):
        self.version, self.day = version, day
        self.used, self.values, self.kept = 0, OrderedDict(), {}
        self.lock, self.making = threading.Lock(), threading.RLock()
        self.before = {}  # {key: (version, value)}
        if before and before.day == day:
            latest = {key: (before.version, value) for key, value in list(before.kept.items())}
            self.before = before.before | latest

    def renewed(self, key, renew):
        """What was kept before, as `renew` makes it with the changes since; None where it cannot."""
        since, value = self.before.pop(key, (None, None))
        changed = content.changes(since) if since else None
        return None if changed is None else renew(value, changed)

    def get(self, key):
        with self.lock:
            if key not in self.values:
                return None
            self.values.move_to_end(key)
            return self.values[key][0]

    def put(self, key, value, weight):
        weight = weight(value) if callable(weight) else weight
        weight += len(repr(key))  # a visitor's words may be longer than what they find
        with self.lock:
            self.used += weight - self.values.pop(key, (None, 0))[1]
            self.values[key] = (value, weight)
            while self.used > BUDGET:
                self.used -= self.values.popitem(last=False)[1][1]


newest = Memory(None)


@contextmanager
def during(version):
    """Remember what this thread makes, as of the version that it has read before."""
    global newest
    day = today()
    if (newest.version, newest.day) != (version, day):
        newest = Memory(version, day, newest)
    this.memory = newest
    try:
        yield
    finally:
        this.memory = None


def at_hand():
    """Whether anything may be remembered now."""
    return getattr(this, "memory", None) is not None


def remembered(key, make, weight=LIGHT):
    """The value that `make` gives, made once; None is not remembered."""
    memory = getattr(this, "memory", None)
    if memory is None:
        return make()
    key = (key, get_language())
    value = memory.get(key)
    if value is None:
        value = make()
        if value is not None:
            memory.put(key, value, weight)
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
                memory.kept[key] = memory.renewed(key, renew) or make()
    return memory.kept[key]


def remembered_each(name, keys, make_all, weight=LIGHT):
    """The values of several keys in their order; those not remembered are made at once."""
    return remembered_of({name: keys}, lambda missing: {name: make_all(missing[name])}, weight)[
        name
    ]


def remembered_of(asked, make_all, weight=LIGHT):
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
                memory.put((name, key, *around), value, weight)
        found[name] |= made
    return {
        name: [found[name][key] for key in keys if found[name][key] is not None]
        for name, keys in asked.items()
    }
