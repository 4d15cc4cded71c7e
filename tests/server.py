"""A server of the portal over real sockets: started, asked, ended."""

import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection

# Longer than the busiest machine needs, and less than the minute after which the server itself
# leaves who is silent: an answer that waits for that comes too late.
PATIENCE = 40

reserved = []  # sockets that keep their ports from everyone but a server that is told to listen there


def free_port():
    """A port that nobody else on this machine is given while the tests run."""
    keeper = socket.socket()
    keeper.bind(("127.0.0.1", 0))
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server does: the two agree
    reserved.append(keeper)
    return keeper.getsockname()[1]


@contextmanager
def running(port, *command, **options):
    with subprocess.Popen([sys.executable, *command], **options) as server:
        try:
            wait_for(server, port)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(timeout=PATIENCE)
            finally:
                server.kill()


def wait_for(server, port):
    deadline = time.monotonic() + 120
    while True:
        assert server.poll() is None, "The server has stopped."
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "The server did not start."
        time.sleep(0.1)


def read(port, path="/robots.txt"):
    """The status of an answer, taken to its end."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as visitor:
        visitor.request("GET", path)
        answer = visitor.getresponse()
        answer.read()
        return answer.status
