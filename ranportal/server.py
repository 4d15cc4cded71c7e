"""The web server: waitress, which reads and writes in one thread for all connections.

A thread of the application gets a request when it is there whole, and is free again when the
answer is made; however slowly a visitor sends or reads, nobody else waits. What waitress leaves
open is closed here: a server that is full makes room for who comes, and an answer that nobody
reads is given up.
"""

import gc
import re
import resource
import signal
import sys
import time
from collections import deque
from contextlib import contextmanager
from threading import Event, Lock

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from ranportal import metrics

MOST_CONNECTIONS = 2000
FILES_BESIDE = 200  # that a process has open beside its connections
SILENCE_SECONDS = 60  # a connection on which nothing moves for so long is closed
MEGABYTE = 1024**2


class LastFirst:
    """A condition, as `threading.Condition`, that wakes whoever began to wait last."""

    def __init__(self, lock):
        self.lock, self.waiting = lock, []

    def wait(self):
        own = Lock()
        own.acquire()
        self.waiting.append(own)
        self.lock.release()
        try:
            own.acquire()
        finally:
            self.lock.acquire()

    def notify(self):
        if self.waiting:
            self.waiting.pop().release()

    def notify_all(self):
        while self.waiting:
            self.notify()


class Threads(ThreadedTaskDispatcher):
    """The threads of the application, each of which does something first.

    A request goes to the thread that was busy last: its connection to the database knows what is
    asked, and its memory is near. In turn, eight threads would each learn everything anew.
    """

    def __init__(self, number, first=lambda: None):
        super().__init__()
        self.first = first
        self.queue_cv = LastFirst(self.lock)
        self.set_thread_count(number)

    def handler_thread(self, thread_no):
        self.first()
        super().handler_thread(thread_no)

    def do(self, work):
        """Wait until a thread has done some work: it is the one that the next request goes to."""
        task = Work(work)
        self.add_task(task)
        task.is_done.wait()


class Work:
    """What a thread does that is no request."""

    def __init__(self, work):
        self.work, self.is_done = work, Event()

    def service(self):
        try:
            self.work()
        finally:
            self.is_done.set()

    def cancel(self):
        self.is_done.set()


class Task(WSGITask):
    def write(self, data):
        """An answer of one piece leaves with its head, in one packet and not in two."""
        is_whole = self.has_body and len(data) == self.content_length
        if self.wrote_header or not self.complete or not is_whole:
            return super().write(data)
        head = self.build_response_header()
        self.wrote_header, self.content_bytes_written = True, len(data)
        self.channel.write_soon(head + data)

    def set_close_on_finish(self):
        """An answer without a body (304) has no length, and ends all the same: the visitor goes on."""
        wanted = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or wanted or self.version == "1.0":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    task_class = Task

    def _flush_outbufs_below_high_watermark(self):
        """Where a thread waits until its visitor has read on."""
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            with self.server.waits(self):
                super()._flush_outbufs_below_high_watermark()


class Server(TcpWSGIServer):
    channel_class = Channel

    def __init__(self, *args, **options):
        self.waiting, self.waiting_changes = {}, Lock()  # channels, the longest waiting first
        self.let_go = deque()  # channels, for the thread of all connections to close
        super().__init__(*args, **options)

    @contextmanager
    def waits(self, channel):
        """A thread waits for a reader: half of them at most. One more, and the slowest reader goes."""
        with self.waiting_changes:
            slowest = None
            if len(self.waiting) >= max(1, len(self.task_dispatcher.threads) // 2):
                slowest = next(iter(self.waiting))
                del self.waiting[slowest]
            self.waiting[channel] = True
        if slowest is not None:
            # Not by a call of the trigger's, whose lock is held while it closes a connection: this
            # thread has the lock of its own, which may be the next to be closed.
            self.let_go.append(slowest)
            self.pull_trigger()
        try:
            yield
        finally:
            with self.waiting_changes:
                self.waiting.pop(channel, None)

    def readable(self):
        """Asked in each turn of the thread of all connections."""
        while self.let_go:
            self.let_go.popleft().handle_close()
        return super().readable()

    def handle_accept(self):
        """Full of connections that do not come to a request: the oldest of them makes room."""
        if len(self.active_channels) >= self.adj.connection_limit - FILES_BESIDE:
            idle = [c for c in self.active_channels.values() if not c.requests]
            if idle:
                min(idle, key=lambda channel: channel.creation_time).handle_close()
        super().handle_accept()

    def maintenance(self, now):
        """Waitress closes silent connections; here also those with an answer that nobody takes.

        At once: to be told to close, they would have to take the rest of it first.
        """
        super().maintenance(now)
        for channel in [*self.active_channels.values()]:
            if channel.total_outbufs_len and channel.last_activity < now - SILENCE_SECONDS:
                channel.handle_close()


def bodiless(application):
    """Waitress leaves it to the application that HEAD is answered without a body."""

    def answer(environ, start_response):
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def in_utf8(application):
    """What is sent is read as UTF-8, whatever it calls itself: Django trusts names of codecs that
    are none of texts ('base64'), and fails.
    """

    def answer(environ, start_response):
        if "charset" in environ.get("CONTENT_TYPE", "").lower():
            environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
        return application(environ, start_response)

    return answer


def serve(application, listen, threads):
    """Answer until a signal ends the process; what is being answered then is finished."""
    collect_rarely()
    # While a long file is made, another visitor's page waits a moment at each of its queries: a
    # fifth as long as Python has it.
    sys.setswitchinterval(0.001)
    server = Server(
        bodiless(in_utf8(application)),
        dispatcher=threads,
        listen=listen,
        ident=None,
        connection_limit=connections() + FILES_BESIDE,
        asyncore_use_poll=True,  # select() ends at 1,024 files
        channel_timeout=SILENCE_SECONDS,
        cleanup_interval=SILENCE_SECONDS // 12,
        backlog=1024,
        max_request_header_size=64 * 1024,
        max_request_body_size=settings.LARGEST_REQUEST,
        # An answer above this waits on the disk for a slow reader, above the next with its thread:
        # see `Server.waits`.
        outbuf_overflow=MEGABYTE,
        outbuf_high_watermark=32 * MEGABYTE,
        # A visitor who leaves is no error of ours.
        log_socket_errors=False,
        # Whether X-Forwarded-… counts is for the settings to say (BEHIND_PROXY).
        clear_untrusted_proxy_headers=False,
    )
    if settings.METRICS:
        metrics.offer(server)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, frame: sys.exit(0))
    server.run()
    finish(server)


def collect_rarely():
    """Rows of a database come by thousands and hold no circles: looking for some cost a fifth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def finish(server):
    """Hand out what is made already, for a moment."""
    deadline = time.monotonic() + 5
    server.accepting = False
    while any(c.total_outbufs_len for c in list(server.active_channels.values())):
        if time.monotonic() > deadline:
            break
        server.asyncore.loop(timeout=0.1, use_poll=True, map=server._map, count=1)


def connections():
    """As many as wanted, or as the system lets a process have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 2 * FILES_BESIDE
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(MOST_CONNECTIONS, soft - 2 * FILES_BESIDE)
