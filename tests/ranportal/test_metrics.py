"""What Prometheus is told of a process, and that a visitor is not."""

import os
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.server import PATIENCE, free_port, read, running

pytestmark = pytest.mark.once


@pytest.fixture
def process(elsewhere, tmp_path):
    """The portal as it is in production, and the port for Prometheus: (port, metrics port)."""
    port, metrics = free_port(), free_port()
    settings = {
        "DJANGO_SETTINGS_MODULE": "ranportal.settings",
        "DATABASE_URL": f"sqlite:///{elsewhere}",
        "DATA_DIR": str(tmp_path),
        "METRICS": f"127.0.0.1:{metrics}",
    }
    command = ("manage.py", "serve", "--listen", f"127.0.0.1:{port}")
    with running(port, *command, env=os.environ | settings):
        yield port, metrics


def told(port):
    """{name with labels: value} of what Prometheus reads."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as monitor:
        monitor.request("GET", "/metrics")
        lines = monitor.getresponse().read().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_prometheus_is_told_how_many_were_answered_what_and_how_fast(process):
    port, metrics = process
    for path in ("/health/", "/health/", "/api/v1/", "/api/v1/", "/secret-wish?q=psychosis"):
        read(port, path)
    said = told(metrics)

    def answers(route, status):
        return said[f'portal_answers_total{{method="GET",route="{route}",status="{status}"}}']

    assert answers("health", 200) == "2.0"
    assert answers("kept", 200) == "1.0", "of the API's first page, asked for twice"
    assert said['portal_answer_seconds_count{kept="yes"}'] == "1.0"
    assert float(said['portal_answer_seconds_sum{kept="no"}']) > 0
    assert float(said["portal_connections"]) >= 0
    assert not [name for name in said if "secret" in name or "psychosis" in name]


def test_visitors_are_not_told(client, db):
    assert client.get("/metrics").status_code == 404
