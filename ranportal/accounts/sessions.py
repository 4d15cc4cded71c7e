"""When a session ends: after some time unused (its cookie's age), and after a day's work at most."""

import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

BEGAN, SEEN = "session_began", "session_seen"


@receiver(user_logged_in)
def begin(request, **kwargs):
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(session):
    return time.time() - session.get(BEGAN, 0) > settings.SESSION_LONGEST.total_seconds()


def go_on(session):
    """Put its end off, but not with every request: that would be as many writes."""
    now = int(time.time())
    if now - session.get(SEEN, 0) > settings.SESSION_COOKIE_AGE / 20:
        session[SEEN] = now
