import pytest

from entries.links import health
from tests.moods import Loopback, Server


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def way(server):
    return Loopback(server)


@pytest.fixture
def at_once(monkeypatch):
    """Without the second between two requests to one host; one test waits for it."""
    monkeypatch.setattr(health, "PAUSE", health.PAUSE * 0)
