"""The server that `make run` starts, under stalled and slow visitors. Over real sockets."""

import os
import re
import resource
import socket
import subprocess
import time
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from select import select
from threading import Event, Thread, current_thread

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.urls import reverse

from ranportal.server import Server, Threads
from tests.server import PATIENCE, free_port, read, running

pytestmark = pytest.mark.once

STALLED_HEADERS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "

SLOW_BODY = (
    b"POST /curators/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
)

SERVED = """
import time
from django.conf import settings
from ranportal import server
from ranportal.server import Threads, serve

server.SILENCE_SECONDS = {silence}
settings.configure(LARGEST_REQUEST=1000, METRICS="")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/csv")])
    {answer}

serve(application, "127.0.0.1:{port}", Threads(2))
"""

# A file that goes wrong half-way, as one does whose database goes away; and one that takes long.
BREAKS_OFF = 'yield b"a" * 10_000; raise RuntimeError("the database has gone away")'

TAKES_LONG = """
    print("begun", flush=True)
    time.sleep(0.5); yield b"a" * 10_000; time.sleep(0.5); yield b"the end"
"""

# More than is kept for a reader, of all but a small address.
LARGE = """
    size = 600 if environ["PATH_INFO"].endswith(".csv") else 1
    try:
        yield from (b"a" * 100_000 for _ in range(size))
    except GeneratorExit:
        print("given up", flush=True)
"""


@contextmanager
def portal(database, most_files=None):
    """The portal as the Makefile starts it, and the port that it answers on."""
    [line] = [
        line for line in Path("Makefile").read_text().splitlines() if "(PORTAL) serve" in line
    ]
    port = free_port()
    arguments = line.split("(PORTAL) ")[1].replace("$(PORT)", str(port)).split()

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    options = {"env": environment, "preexec_fn": few_files if most_files else None}
    with running(port, "manage.py", *arguments, **options):
        yield port


def stall(stack, port, sent, times):
    for _ in range(times):
        visitor = stack.enter_context(closing(connected(port)))
        visitor.sendall(sent)
        yield visitor


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_readers_are_served_while_400_others_send_nothing_more(elsewhere):
    with portal(elsewhere) as port, ExitStack() as stack:
        assert read(port, "/") == 200
        slow = list(stall(stack, port, SLOW_BODY, 200))
        stalled = list(stall(stack, port, STALLED_HEADERS, 200))
        for _ in range(5):
            for visitor in slow:
                visitor.sendall(b"x")  # they do send, a sign at a time
            assert read(port, "/") == 200
        stalled[-1].sendall(b"no more\r\nConnection: close\r\n\r\n")
        assert stalled[-1].recv(15) == b"HTTP/1.1 200 OK", "who was slow is served in the end"


def test_head_is_answered_without_a_body(elsewhere):
    with portal(elsewhere) as port:
        with closing(connected(port)) as visitor:
            asked = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            last = asked + b"Connection: close\r\n\r\n"
            visitor.sendall(b"HEAD /robots.txt" + asked + b"\r\nHEAD /robots.txt" + last)
            said = b"".join(iter(lambda: visitor.recv(100_000), b""))
        assert said.count(b"HTTP/1.1 200 OK") == 2
        assert said.endswith(b"\r\n\r\n"), "nothing after the headers"
        assert b"User-agent" not in said


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_in_no_character_set_of_texts_is_read_all_the_same(elsewhere, method):
    sign_in = reverse("account_login")
    answers = {"GET": {}, "POST": {sign_in: 403, "/": 405, "/lessons/?q=children": 405}}[method]
    with portal(elsewhere) as port:
        for path in (sign_in, "/", "/lessons/?q=children"):
            for charset in ("base64", "rot13", "punycode", "undefined", "latin-1", "no-such"):
                form = f"application/x-www-form-urlencoded; charset={charset}"
                with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as visitor:
                    visitor.request(method, path, b"login=a", {"Content-Type": form})
                    assert visitor.getresponse().status == answers.get(path, 200), (path, charset)


def test_an_answer_of_one_piece_leaves_with_its_head(elsewhere):
    with portal(elsewhere) as port, closing(connected(port)) as visitor:
        for _ in range(20):
            visitor.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            head, _, body = visitor.recv(100_000).partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert len(body) == int(length[1]), "in the packet of its head"
            assert b"User-agent" in body


def test_a_server_full_of_stalled_connections_makes_room(elsewhere):
    with portal(elsewhere, most_files=600) as port, ExitStack() as stack:
        assert read(port) == 200
        list(stall(stack, port, STALLED_HEADERS, 400))  # of 200 that it can hold
        assert read(port) == 200


@contextmanager
def asked(answer, silence=60):
    """A server of one answer that has been asked for it, and who asked."""
    port = free_port()
    command = ["-c", SERVED.format(answer=answer, port=port, silence=silence)]
    with (
        running(port, *command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server,
        closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as visitor,
    ):
        visitor.request("GET", "/practices.csv")
        yield server, visitor


def heard(server):
    """The next line that the server prints."""
    assert select([server.stdout], [], [], PATIENCE)[0], "it said nothing"
    return server.stdout.readline()


def test_a_file_that_breaks_off_does_not_look_whole():
    with asked(BREAKS_OFF) as (_server, visitor):
        answer = visitor.getresponse()
        assert answer.status == 200, "that much had been said"
        with pytest.raises(IncompleteRead):
            answer.read()


def test_readers_of_a_large_file_hold_half_of_the_threads_at_most():
    """Whoever takes a sign at a time of what no buffer holds: of two threads one waits for them."""
    with asked(LARGE) as (_server, visitor), ExitStack() as stack:
        ask = b"GET /lessons.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        slow = list(stall(stack, visitor.port, ask, 4))
        for _ in range(5):
            time.sleep(0.1)
            assert {reader.recv(1) != b"" for reader in slow} == {True}
        assert read(visitor.port, "/small") == 200


def test_a_thread_that_lets_a_reader_go_waits_for_nothing():
    """Least of all for the thread of all connections, which may wait for its connection."""
    server = Server(None, dispatcher=Threads(2), listen="127.0.0.1:0")

    class Reader:
        is_closed = False

        def handle_close(self):
            self.is_closed = True

    slow, next_one = Reader(), Reader()

    def wait_in_turn():
        with server.waits(slow), server.waits(next_one):
            pass

    waiting = Thread(target=wait_in_turn, daemon=True)
    with closing(server), server.trigger.lock:  # as while a connection is closed
        waiting.start()
        waiting.join(timeout=PATIENCE)
        assert not waiting.is_alive()
        assert not slow.is_closed
        server.readable()
        assert (slow.is_closed, next_one.is_closed) == (True, False)
    server.task_dispatcher.shutdown()


class Request:
    """What a thread is given to do: it is at it until it is let go."""

    def __init__(self):
        self.begun, self.let_go = Event(), Event()

    def service(self):
        self.by = current_thread().name
        self.begun.set()
        self.let_go.wait(PATIENCE)


def test_requests_go_to_the_thread_that_was_busy_last_and_to_the_others_while_it_is():
    threads = Threads(3)

    def idle(number):
        deadline = time.monotonic() + PATIENCE
        while len(threads.queue_cv.waiting) != number and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(threads.queue_cv.waiting) == number

    def given(requests, idle_then):
        for request in requests:
            threads.add_task(request)
        for request in requests[:3]:
            assert request.begun.wait(PATIENCE)
        idle(idle_then)

    idle(3)
    warmed = []
    threads.do(lambda: warmed.append(current_thread().name))
    idle(3)
    one_by_one = [Request() for _ in range(5)]
    for request in one_by_one:
        given([request], idle_then=2)
        request.let_go.set()
        idle(3)
    assert [{request.by for request in one_by_one}] == [{*warmed}]
    at_once = [Request() for _ in range(4)]
    given(at_once, idle_then=0)
    assert len({request.by for request in at_once[:3]}) == 3
    assert not at_once[3].begun.is_set()
    at_once[1].let_go.set()
    assert at_once[3].begun.wait(PATIENCE)
    assert at_once[3].by == at_once[1].by
    for request in at_once:
        request.let_go.set()
    idle(3)
    assert threads.shutdown()
    assert threads.threads == set()


def test_a_connection_whose_answer_nobody_takes_is_closed():
    """Also where it cannot be told so: what was sent waits to be taken."""
    with asked(LARGE, silence=1) as (server, visitor):
        answer = visitor.getresponse()
        assert heard(server) == b"given up\n"
        with pytest.raises((IncompleteRead, ConnectionResetError)):
            answer.read()


def test_without_a_thread_there_is_no_server():
    with pytest.raises(CommandError, match="--threads has to be 1 at least"):
        call_command("serve", threads=0)


def test_a_server_that_is_told_to_end_finishes_what_it_has_begun():
    with asked(TAKES_LONG) as (server, visitor):
        assert heard(server) == b"begun\n"
        server.terminate()
        assert visitor.getresponse().read().endswith(b"the end")
        assert server.wait(timeout=PATIENCE) == 0


def test_the_documentation_names_this_server_and_a_proxy_that_buffers():
    said = Path("docs/production.md").read_text()
    _, _, documented = said.partition("`manage.py serve ")
    parser = load_command_class("ranportal", "serve").create_parser("manage.py", "serve")
    known = parser.parse_args(documented.partition("`")[0].split())
    assert known.listen.startswith("127.0.0.1:"), "the proxy's to reach, and nobody else's"
    assert "proxy_http_version 1.1" in said, "or what breaks off looks whole"
