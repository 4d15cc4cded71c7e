"""What Prometheus asks a process of the portal, on a port of its own: `METRICS=127.0.0.1:9100`.

No address of a visitor and nothing that was asked for becomes a label: routes by their names in
the URL configuration, so that however many addresses are invented, the series stay few.
"""

import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from prometheus_client import Counter, Gauge, Histogram, start_http_server

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

ANSWERS = Counter("portal_answers_total", "Answers given", ["method", "route", "status"])
SECONDS = Histogram(
    "portal_answer_seconds",
    "Seconds from a whole request to its answer; a file that streams has only begun then",
    ["kept"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CONNECTIONS = Gauge("portal_connections", "Connections that are open")
WAITING = Gauge("portal_requests_waiting", "Requests that wait for a thread")
WORKING = Gauge("portal_threads_working", "Threads that work on a request")


class Metrics:
    """The outermost middleware; not there at all where nobody asks for metrics."""

    def __init__(self, get_response):
        if not settings.METRICS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        response = self.get_response(request)
        count(request.method, route(request, response), response.status_code, started)
        return response


def count(method, name, status, started):
    """An answer by the name of its route; `started` as time.perf_counter() was."""
    ANSWERS.labels(method if method in METHODS else "other", name, status).inc()
    SECONDS.labels("yes" if name == "kept" else "no").observe(time.perf_counter() - started)


def route(request, response):
    """The name of the address; 'kept' of an answer that no view had to make, 'none' of no address."""
    if request.resolver_match is None:
        return "kept" if response.status_code in (200, 304) else "none"
    return request.resolver_match.view_name or "unnamed"


def offer(server):
    """Answer Prometheus from a thread of its own, about this server too. Raises OSError."""
    host, _colon, port = settings.METRICS.rpartition(":")
    start_http_server(int(port), host)
    CONNECTIONS.set_function(lambda: len(server.active_channels))
    WAITING.set_function(lambda: len(server.task_dispatcher.queue))
    WORKING.set_function(lambda: server.task_dispatcher.active_count)
