"""A page of each sort is made before anybody waits for one: code, templates and what is remembered.
Of the themes, which show the most, every page."""

import time
from contextlib import suppress
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import Error
from django.urls import reverse

from entries.models import kinds
from records import content
from themes.models import Theme

ENOUGH = 1.5  # seconds after which no further page is begun


def connect():
    """The connection of a thread: SQLite reads the whole schema for it, triggers and all."""
    with suppress(Error):  # whoever asks is told
        content.version()


def warm(application):
    try:
        content.version()
        paths = list(pages())
    except Error:
        return  # whoever asks is told
    began = time.monotonic()
    for path in paths:
        if time.monotonic() - began > ENOUGH or not asked(application, path):
            return


def pages():
    yield from (kind.kind.list_url for kind in kinds())
    for kind in kinds():
        if entry := kind.objects.published().order_by("pk").first():
            yield entry.get_absolute_url()
            if theme := entry.themes.first():
                yield f"{kind.kind.list_url}?theme={theme.slug}"
    yield reverse("home")
    yield kinds()[0].kind.url("api")
    yield f"{reverse('search')}?q=mental"
    yield from (theme.get_absolute_url() for theme in Theme.objects.in_tree_order())


def asked(application, address):
    """Whether the page was answered as it should be."""
    path, _, query = address.partition("?")
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    environ = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": hosts[0] if hosts else "localhost",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "wsgi.url_scheme": scheme,
    }
    setup_testing_defaults(environ)
    answers = []
    try:
        body = application(environ, lambda status, headers, error=None: answers.append(status))
        for _piece in body:
            pass
    except Exception:  # in the log by now; no reason not to answer those who ask for other pages
        return False
    if hasattr(body, "close"):
        body.close()
    return answers[0].startswith("200")
