"""Sessions: a row in the database only for whoever is signed in.

What visitors make a session of (a challenge for a passkey, a sign-in that waits for its second
factor) is kept in a cache, for minutes and so much of it: however often anyone asks, nothing grows.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.core.cache import caches

MINUTES = 10


class SessionStore(db.SessionStore):
    @property
    def waiting(self):
        return caches["sign-in"]

    def name(self, session_key):
        return f"session-{session_key}"

    def load(self):
        kept = self.waiting.get(self.name(self.session_key))
        return super().load() if kept is None else self.decode(kept)

    def exists(self, session_key):
        return self.name(session_key) in self.waiting or super().exists(session_key)

    def save(self, must_create=False):
        session = self._get_session(no_load=must_create)
        if SESSION_KEY in session:
            signs_in = self.name(self.session_key) in self.waiting
            super().save(must_create=must_create or signs_in)
            if signs_in:
                self.waiting.delete(self.name(self.session_key))
        elif self.session_key is None:
            self.create()
        else:
            self.waiting.set(self.name(self.session_key), self.encode(session), MINUTES * 60)

    def delete(self, session_key=None):
        if session_key is None and (session_key := self.session_key) is None:
            return
        self.waiting.delete(self.name(session_key))
        super().delete(session_key)
