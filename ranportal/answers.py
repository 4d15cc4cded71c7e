"""Answers are kept whole until the content changes, and whoever has one is told that it still holds.

The first middleware. What visitors read changes only when the content's version does
(`records.content`), so an answer's validator is known before it is made: a digest of that version
and of all that the answer depends on beside it. The version is read before the page is made, never
after: at worst an answer is newer than its validator says.
"""

import re
import time
from functools import cache, lru_cache
from hashlib import blake2b
from http.client import responses

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connection
from django.http import HttpResponse, QueryDict
from django.middleware.gzip import re_accepts_gzip
from django.middleware.http import ConditionalGetMiddleware
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import get_language_from_request

from ranportal import metrics
from records import content, memory
from records.moments import today

# Never kept: who signs in or is at work, what a monitor asks, and what each reader puts together.
NEVER = ("/admin", "/curators", "/health", "/ready", "/metrics", "/briefing", "/static/")
NEVER_ENDING = ("/compare/",)
LONGEST_ADDRESS = 3000  # characters; a search of 200 signs has up to 2,400 of them
APPS = [path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")]
CODE = ("static/**/*", "locale/**/*.mo", "requirements.txt", *(f"{app}/**/*.py" for app in APPS))
TEMPLATES = [folder for engine in settings.TEMPLATES for folder in engine["DIRS"]]
# Where a process keeps its things: answers are the same from each, whatever it is here.
PRIVATE = {"CACHES", "DATABASES", "DATA_DIR", "METRICS"}
ASKED = "portal.asked"  # in what a web server tells of a request: what `AnswersFirst` found out
AT_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # in memory, another in each process


@cache
def code():
    """The code and the templates of this process, as a digest."""
    digest = blake2b(digest_size=16)
    paths = {path for pattern in CODE for path in settings.BASE_DIR.glob(pattern)}
    paths |= {path for folder in TEMPLATES for path in folder.rglob("*")}
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(path.read_bytes())
    return digest.digest()


class Kept:
    """The answers that are kept, and what each of them depends on."""

    def __init__(self):
        self.answers = caches["answers"]

    def asked(self, request):
        """(version of the content, key of the answer): no version where not everyone is answered
        alike, no key where the answer is not kept.
        """
        version = content.version() if is_for_all(request) else None
        return version, self.key(request, version) if version and is_short(request) else None

    def answer(self, request, key):
        """(status, headers, body) where no page has to be made, else None."""
        if key in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return 304, [*unchanging(), ("ETag", f'W/"{key}"')], b""
        answer = self.answers.get(key)
        return answer and (200, *unpacked(answer))

    def keep(self, key, response):
        self.answers.set(key, packed(response))

    def key(self, request, version):
        """All that an answer depends on, as a digest."""
        asked = request.META
        accepted = asked.get("HTTP_ACCEPT", "")
        parts = (
            version,
            self.release,
            str(today()),
            request.scheme,
            request.get_host(),
            request.path,
            known_query(request.path_info, asked.get("QUERY_STRING", "")),
            accepted if request.path.startswith("/api/") or "turtle" in accepted else "",
            str(bool(re_accepts_gzip.search(asked.get("HTTP_ACCEPT_ENCODING", "")))),
            get_language_from_request(request),
            str("HTTP_ORIGIN" in asked),
        )
        return blake2b("\0".join(parts).encode(errors="replace"), digest_size=16).hexdigest()

    @cached_property
    def release(self):
        """The code, the templates and the settings that make the answers, as a digest."""
        digest = blake2b(code(), digest_size=16)
        for name in sorted(
            name for name in dir(settings) if name.isupper() and name not in PRIVATE
        ):
            value = AT_ADDRESS.sub("", repr(getattr(settings, name)))
            digest.update(f"{name}={value}\n".encode())
        return digest.hexdigest()


class Answers:
    """The middleware: a page that is made is kept for whoever asks next."""

    def __init__(self, get_response):
        if settings.DEBUG:
            raise MiddlewareNotUsed  # templates change under a server that shows every change
        self.get_response, self.kept = get_response, Kept()

    def __call__(self, request):
        if ASKED in request.META:
            if isinstance(request.META[ASKED], Exception):
                raise request.META[ASKED]  # here, where Django answers it
            version, key = request.META[ASKED]
            connection.health_check_done = version is not None  # by whoever asked for it
        else:
            version, key = self.kept.asked(request)
            if key and (known := self.kept.answer(request, key)):
                return as_response(*known)
        if version is None:
            return self.get_response(request)
        with memory.during(version):
            response = self.get_response(request)
        if key and is_for_everyone(response):
            validated(response, key)
            if request.method == "GET" and not response.streaming:
                self.kept.keep(key, response)
        return response


class AnswersFirst:
    """The same for a web server, before Django begins: a kept answer needs none of what it does
    before and after each page.
    """

    def __init__(self, application):
        self.application, self.kept = application, Kept()

    def __call__(self, environ, start_response):
        started = time.perf_counter()
        request = WSGIRequest({**environ})  # which rewrites the path in it, and may do so once
        try:
            _version, key = environ[ASKED] = self.kept.asked(request)
        except (Error, SuspiciousOperation) as error:
            key, environ[ASKED] = None, error
        known = self.kept.answer(request, key) if key else None
        if known is None:
            return self.application(environ, start_response)
        status, headers, body = known
        start_response(f"{status} {responses[status]}", headers)
        if settings.METRICS:
            metrics.count(request.method, "kept", status, started)
        return [body]


class ConditionalGet(ConditionalGetMiddleware):
    """For what is not kept: the validator of the others is known without reading the whole answer."""

    def needs_etag(self, response):
        return not memory.at_hand() and super().needs_etag(response)


def is_for_all(request):
    """Whether everyone would be answered alike."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and settings.CSRF_COOKIE_NAME not in request.COOKIES
        and not request.path.startswith(NEVER)
        and not request.path.endswith(NEVER_ENDING)
    )


def is_short(request):
    return len(request.path) + len(request.META.get("QUERY_STRING", "")) < LONGEST_ADDRESS


@lru_cache(maxsize=2000)  # of LONGEST_ADDRESS each, at most
def known_query(path, query):
    """The query string without parameters that the page does not know: they make no difference."""
    known = known_parameters(path) if query else None
    if known is None:
        return query
    asked = QueryDict(query.encode("latin-1"))  # as a web server tells it
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name in known:
            kept.setlist(name, values)
    return kept.urlencode()


def known_parameters(path):
    """Those of a page; None where it is not known that others make no difference."""
    try:
        view = getattr(resolve(path).func, "view_class", None)
    except Resolver404:
        return None
    if getattr(view, "paginate_by", None) and hasattr(view, "filterset_class"):
        filterset = view.filterset_class
        return {*filterset.base_filters, *filterset.former_parameters, view.page_kwarg}
    return getattr(view, "read_parameters", None)


def is_for_everyone(response):
    private = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.cookies
        and "private" not in private
        and "no-store" not in private
    )


def validated(response, key):
    """With what lets a browser or a cache in between ask again, and be told that nothing changed."""
    response["ETag"] = f'W/"{key}"'
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    return response


@cache
def unchanging():
    """The headers that validate any answer, beside its key."""
    headers = validated(HttpResponse(headers={}), "").items()
    return [(name, value) for name, value in headers if name not in ("Content-Type", "ETag")]


def packed(response):
    """The answer as bytes: a line for each header, an empty one, the body."""
    head = "".join(f"{name}: {value}\n" for name, value in response.items())
    return head.encode("latin-1") + b"\n" + response.content


def unpacked(answer):
    """(headers, body)"""
    head, _, body = answer.partition(b"\n\n")
    return [tuple(line.split(": ", 1)) for line in head.decode("latin-1").split("\n")], body


def as_response(status, headers, body):
    response = HttpResponse(body, status=status, headers=dict(headers))
    if status == 304:
        del response["Content-Type"]
    return response
