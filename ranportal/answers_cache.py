"""The memory that answers are kept in: so many bytes and no more, in this process.

In two parts. What is asked for once stands in the first, which a flood of invented addresses
fills and empties; what is asked for again moves to the second, where it stays until others that
are asked for again need the room.
"""

from collections import OrderedDict
from threading import Lock

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

ONCE = 0.2  # of the room is for what was asked for once


class BytesInMemory(BaseCache):
    def __init__(self, name, params):
        super().__init__(params)
        budget = params.get("OPTIONS", {}).get("BYTES", 50_000_000)
        self.once, self.again = Part(budget * ONCE), Part(budget * (1 - ONCE))
        self.lock = Lock()

    def get(self, key, default=None, version=None):
        with self.lock:
            value = self.again.get(key)
            if value is None and (value := self.once.take(key)) is not None:
                for other, pushed_out in self.again.put(key, value):
                    self.once.put(other, pushed_out)
            return default if value is None else value

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        with self.lock:
            if self.again.get(key) is None:
                self.once.put(key, value)

    def delete(self, key, version=None):
        with self.lock:
            found = (self.once.take(key), self.again.take(key))
            return any(value is not None for value in found)

    def clear(self):
        with self.lock:
            self.once.clear()
            self.again.clear()


class Part:
    """Values by key, the one that was asked for longest ago first."""

    def __init__(self, budget):
        self.budget, self.used, self.values = budget, 0, OrderedDict()

    def get(self, key):
        if key in self.values:
            self.values.move_to_end(key)
            return self.values[key]
        return None

    def take(self, key):
        value = self.values.pop(key, None)
        if value is not None:
            self.used -= len(value)
        return value

    def put(self, key, value):
        """Keep the value, and return what had to go for it; one that is too large goes itself."""
        if len(value) > self.budget / 4:
            return []
        self.take(key)
        self.values[key] = value
        self.used += len(value)
        gone = []
        while self.used > self.budget:
            other = next(iter(self.values))
            gone.append((other, self.take(other)))
        return gone

    def clear(self):
        self.values.clear()
        self.used = 0
