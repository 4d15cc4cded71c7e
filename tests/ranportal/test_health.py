"""What a load balancer is told."""

import pytest
from django.db import DatabaseError, connection

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


def test_what_is_asked_of_the_database_is_asked_without_writing(client, django_assert_num_queries):
    most = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(
        most
    ):  # the version is not asked for within a test's transaction
        assert client.get("/ready/").status_code == 200
