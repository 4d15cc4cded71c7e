"""When a session ends: after some time unused, and after a day's work at most."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_save
from django.dispatch import receiver

from entries.workflow.models import reviewed_models
from entries.workflow.permissions import has_permission
from ranportal.accounts.log import network_of

BEGAN, SEEN, IDLE = "session_began", "session_seen", "session_may_idle"


@receiver(user_logged_in)
def begin(request, user, **kwargs):
    publishes = any(has_permission(user, "publish", model) for model in reviewed_models())
    idle = settings.SESSION_IDLE_OF_PUBLISHERS if publishes else settings.SESSION_IDLE
    request.session[IDLE] = int(idle.total_seconds())
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(session):
    now = time.time()
    unused = now - session.get(SEEN, 0) > session.get(IDLE, 0)
    return unused or now - session.get(BEGAN, 0) > settings.SESSION_LONGEST.total_seconds()


def go_on(session):
    """Put its end off, but not with every request: that would be as many writes."""
    now = int(time.time())
    if now - session.get(SEEN, 0) > session[IDLE] / 20:
        session[SEEN] = now


@receiver(pre_save, sender=UserSession)
def keep_network_only(instance, raw=False, **kwargs):
    """Of the address what the access log keeps of it."""
    instance.ip = network_of(instance.ip).partition("/")[0] or instance.ip
