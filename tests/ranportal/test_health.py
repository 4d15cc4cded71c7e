"""What a load balancer is told."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from ranportal import health

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "said"),
    [("/health/", "alive"), ("/ready/", "primary"), ("/ready/primary/", "primary")],
)
def test_a_portal_that_works_says_so_and_no_cache_keeps_it(client, address, said):
    answer = client.get(address)
    assert (answer.status_code, answer.content.decode()) == (200, f"{said}\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_database_that_cannot_be_read_is_not_ready_while_the_process_is_alive(
    client, monkeypatch
):
    def gone(*args):
        raise DatabaseError

    monkeypatch.setattr(health.content, "version", gone)
    assert client.get("/health/").status_code == 200
    answer = client.get("/ready/")
    assert (answer.status_code, answer.content.decode()) == (503, "not ready: DatabaseError\n")


def test_a_standby_is_ready_for_readers_only(client, monkeypatch):
    monkeypatch.setattr(health, "role", lambda: "standby")
    assert client.get("/ready/").content.decode() == "standby\n"
    assert client.get("/ready/primary/").status_code == 503


@pytest.mark.parametrize("address", ["/health/", "/ready/", "/ready/primary/"])
def test_nothing_is_written_to_answer_a_check(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [query["sql"].split()[0] for query in queries]
    assert set(asked) <= {"SELECT", "SAVEPOINT", "RELEASE"}, asked
