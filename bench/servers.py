"""The processes that are measured, and what they cost: CPU time from /proc, database included."""

import http.client
import itertools
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return taken.getsockname()[1]


def used(pid):
    """CPU seconds of the threads of a process, to the microsecond."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((thread / "schedstat").read_text().split()[0])
        except OSError:
            continue  # it has just ended
    return total / 1e9


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def used_by_ended_children(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / TICK


class Server:
    """A web server on a port of this machine, and the database server that it asks, if any."""

    def __init__(self, pid, port, database=None):
        self.pid, self.port, self.database = pid, port, database
        self.visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def cpu(self):
        total = used(self.pid)
        if self.database:
            total += used_by_ended_children(self.database)
            for pid in (self.database, *children(self.database)):
                try:
                    total += used(pid)
                except OSError:
                    continue
        return total

    def ask(self, path, method="GET", body=None, **headers):
        headers = {
            "Accept-Encoding": "gzip",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        self.visitor.request(method, path, body, headers)
        answer = self.visitor.getresponse()
        answer.content = answer.read()
        return answer

    def cost(self, requests, expected=200, seconds=0.4, least=3):
        """CPU milliseconds per request, asking one after another for as long as told."""
        asked, before, deadline = 0, self.cpu(), time.monotonic() + seconds
        for path, headers in itertools.islice(requests, 1000):
            answer = self.ask(path, **headers)
            assert answer.status == expected, f"{path}: {answer.status} {answer.content[:300]}"
            asked += 1
            if asked >= least and time.monotonic() > deadline:
                break
        return (self.cpu() - before) * 1000 / asked


@contextmanager
def running(command, environment=None, database=None):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *(part.replace("PORT", str(port)) for part in command)],
        env={**os.environ, **(environment or {})},
    )
    try:
        for _ in range(600):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "The server has stopped."
            time.sleep(0.05)
        yield Server(process.pid, port, database)
    finally:
        process.terminate()
        process.wait()
