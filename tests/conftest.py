"""The databases that tests ask for.

`db`                the whole corpus, and whatever the test does is rolled back
`empty_db`          the same without an entry, a theme or an account
`transactional_db`  the whole corpus, for tests that commit or use several connections
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases


def pytest_report_header():
    return f"database: {connection.vendor}"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The test database, with the corpus loaded once for the whole session.

    pytest-django's own fixture makes none for tests that do not ask for `db`, such as
    those in a browser: they would meet the real one.
    """
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
        call_command("load_corpus")
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def empty_db(db):
    """A database without an entry, within the test's transaction."""
    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def transactional_db(transactional_db):
    """The corpus again, where an earlier test of this sort has emptied the tables.

    Ask for it by name: the mark `django_db(transaction=True)` alone finds them empty.
    """
    call_command("load_corpus", if_empty=True)
