"""A server of the portal over real sockets: started, asked, ended."""

import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return taken.getsockname()[1]


@contextmanager
def running(port, *command, **options):
    server = subprocess.Popen([sys.executable, *command], **options)
    try:
        for _ in range(200):
            assert server.poll() is None, "The server has stopped."
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=20)


def read(port, path="/robots.txt", timeout=5):
    """The status of an answer, and the seconds it took from the first packet to the last."""
    started = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", port, timeout=timeout)) as visitor:
        visitor.request("GET", path)
        answer = visitor.getresponse()
        answer.read()
        return answer.status, time.monotonic() - started
