"""Sessions that keep nobody from reading while the database cannot be written."""

from contextlib import contextmanager

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, connection

BRIEFLY = 500  # milliseconds


class ReadingSessionMiddleware(SessionMiddleware):
    """Who only reads does not wait until the end of their session can be put off."""

    def process_response(self, request, response):
        is_reading = request.method in ("GET", "HEAD")
        if not is_reading or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return super().process_response(request, response)
        try:
            with waiting_briefly():
                return super().process_response(request, response)
        except (OperationalError, SessionInterrupted):  # it is put off with one of the next pages
            return response


@contextmanager
def waiting_briefly():
    """For a lock of the database; on PostgreSQL a session's row has none that lasts."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {min(usual, BRIEFLY)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
