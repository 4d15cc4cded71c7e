"""What a request is called: the same in the log of an error, on its page and in its answer.

Behind a proxy that names requests (`X-Request-ID`, which nginx and HAProxy can set) it is the
proxy's name, so that both logs can be read together; else one of ours, made only when it is asked
for.
"""

import logging
import re
import secrets

from django.conf import settings
from django.shortcuts import render

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[\w.:-]{6,80}", re.ASCII)


def request_id(request):
    """The same for the same request, however often it is asked for."""
    if not hasattr(request, "id"):
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        request.id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(6)
    return request.id


class WithRequestID(logging.Filter):
    """Gives each line `{request_id}`; a dash where it is of no request."""

    def filter(self, record):
        request = getattr(record, "request", None)
        record.request_id = request_id(request) if hasattr(request, "headers") else "-"
        return True


def server_error(request):
    """The page of an error of ours. It needs no database and no context of the site."""
    name = request_id(request)
    response = render(None, "500.html", {"request_id": name}, status=500)
    response[HEADER] = name
    return response
