"""Sessions that keep nobody from reading while the database cannot be written."""

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError

from ranportal.waiting import waiting_at_most

BRIEFLY = 500  # milliseconds


class ReadingSessionMiddleware(SessionMiddleware):
    """Who only reads does not wait until the end of their session can be put off."""

    def process_response(self, request, response):
        is_reading = request.method in ("GET", "HEAD")
        if not is_reading or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return super().process_response(request, response)
        try:
            with waiting_at_most(BRIEFLY):
                return super().process_response(request, response)
        except (OperationalError, SessionInterrupted):  # it is put off with one of the next pages
            return response
