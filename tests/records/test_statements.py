"""What is sent again and again, on a connection to PostgreSQL of its own."""

import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from records import content
from records.statements import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

ASKED = "SELECT name, '100 %%' FROM visitor WHERE name = ANY(%s) AND kind = %s ORDER BY number"


@pytest.fixture
def other():
    connection = connections.create_connection("default")
    connections["other"] = connection
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE visitor (number int, name varchar(9), kind varchar(9))")
        cursor.execute("INSERT INTO visitor VALUES (2, 'bo', 'x'), (1, 'al', 'x'), (3, 'cy', 'x')")
    yield connection
    connection.close()
    del connections["other"]


def prepared_on(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def test_what_is_asked_is_prepared_once_and_answers_the_same(other):
    asked = Statement(ASKED, "other")
    both = [("al", "100 %"), ("bo", "100 %")]
    for _again in range(3):
        assert asked.rows((["bo", "al"], "x")) == both
        assert asked.rows(([], "x")) == []
    (statement,) = prepared_on(other)
    assert statement.endswith("WHERE name = ANY($1) AND kind = $2 ORDER BY number")


def test_a_new_connection_is_told_anew(other):
    asked = Statement("SELECT 1 + %s", "other")
    for _again in range(3):
        assert asked.rows((1,)) == [(2,)]
        other.close()
        assert asked.rows((1,)) == [(2,)]
        assert asked.rows((2,)) == [(3,)]
    assert len(prepared_on(other)) == 1


def test_a_connection_that_the_database_has_ended_is_replaced_by_the_next_question(other):
    version = content.version("other")
    for _again in range(2):
        assert content.version("other") == version
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [other.connection.info.backend_pid])
        assert content.version("other") == version
    assert len(prepared_on(other)) == 1


def test_whoever_counts_or_watches_questions_sees_each(other):
    asked, watched = Statement("SELECT 1 + %s", "other"), []

    def watch(execute, sql, params, many, context):
        watched.append(sql)
        return execute(sql, params, many, context)

    with CaptureQueriesContext(other) as counted, other.execute_wrapper(watch):
        for number in range(3):
            assert asked.rows((number,)) == [(1 + number,)]
    assert [sql.split()[0] for sql in watched] == ["PREPARE", "EXECUTE", "EXECUTE", "EXECUTE"]
    assert len(counted) == 4


def test_what_was_refused_once_is_answered_when_it_can_be(other):
    asked = Statement("SELECT number FROM later", "other")
    with pytest.raises(ProgrammingError):
        asked.rows()
    with other.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE later (number int)")
    for _again in range(3):
        assert asked.rows() == []


def test_a_column_that_changes_its_type_meanwhile_is_read_as_it_is_now(other):
    asked = Statement("SELECT number FROM visitor WHERE name = %s", "other")
    assert [asked.rows(("al",)) for _again in range(3)] == [[(1,)]] * 3
    with other.cursor() as cursor:
        cursor.execute("ALTER TABLE visitor ALTER number TYPE text")
    assert asked.rows(("al",)) == [("1",)]
    assert prepared_on(other) == []
    assert [asked.rows(("al",)) for _again in range(3)] == [[("1",)]] * 3
    assert len(prepared_on(other)) == 1


def test_behind_a_pooler_nothing_is_prepared(other):
    other.settings_dict = other.settings_dict | {"DISABLE_SERVER_SIDE_CURSORS": True}
    asked = Statement(ASKED, "other")
    for _again in range(3):
        assert asked.rows((["al"], "x")) == [("al", "100 %")]
    assert prepared_on(other) == []
