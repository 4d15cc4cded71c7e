"""The databases that tests ask for.

`db`                the whole corpus, and whatever the test does is rolled back
`unchanged_db`      the whole corpus, for tests that only read it
`empty_db`          the corpus without an entry, a theme or an account
`transactional_db`  the whole corpus, for tests that commit or use several connections

What a visitor is told at every public address of the corpus is asked for once for all
tests that only read it: `opened` are the pages, `pages` the same to be read, `answers` all there is.
"""

import gc
import shutil
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.test import client as django_client
from django.test.utils import setup_databases, teardown_databases
from django.utils.timezone import get_default_timezone

from ranportal.backups import archive as backups
from tests import prepared
from tests.addresses import page_addresses, public_addresses
from tests.desk import Desk
from tests.elsewhere import manage, succeeds
from tests.kept import database_put_aside
from tests.pages import Page, content_of
from tests.stored import refuse_to_write

# Garbage is looked for seldom: with all that a suite loads, each look takes long and finds little.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish():
    """What is loaded by now stays to the end, and need not be looked through."""
    gc.collect()
    gc.freeze()


def first_rendered(store, signal, sender, template, context, **kwargs):
    """The context of an answer's page alone, of the many that its fragments and widgets have."""
    if "context" not in store:
        store_rendered(store, signal, sender, template, context, **kwargs)


store_rendered, django_client.store_rendered_templates = (
    django_client.store_rendered_templates,
    first_rendered,
)


def pytest_report_header():
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config, items):
    """What is true on either engine by construction SQLite proves; what needs both, PostgreSQL."""
    left = "postgresql" if connection.vendor == "sqlite" else "once"
    proven = [item for item in items if item.get_closest_marker(left)]
    items[:] = [item for item in items if item not in set(proven)]
    config.hook.pytest_deselected(items=proven)
    # Those of an empty portal stand together, and last those that leave the database changed.
    items.sort(
        key=lambda item: [name in item.fixturenames for name in ("transactional_db", "empty_db")]
    )


def pytest_runtest_setup():
    """What is of today is so to the end of a test: none begins as a day ends, here or in UTC."""
    for zone in (UTC, get_default_timezone()):
        now = datetime.now(zone)
        if f"{now:%H:%M:%S}" >= "23:59:50":
            time.sleep(60.1 - now.second)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, tmp_path_factory):
    """The test database, with the corpus loaded once for the whole session.

    pytest-django's own fixture makes none for tests that do not ask for `db`, such as
    those in a browser: they would meet the real one.
    """
    corpus = connection.vendor == "sqlite" and prepared.prepared(prepared.CORPUS)
    if corpus:
        prepared.copy(corpus, connection.settings_dict["TEST"]["NAME"])
    with django_db_blocker.unblock():
        databases = setup_databases(
            verbosity=0, interactive=False, serialized_aliases=(), keepdb=bool(corpus)
        )
        if not corpus:
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM INTO %s", [str(migrated_database(tmp_path_factory))])
            call_command("load_corpus")
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session")
def opened(put_back, django_db_blocker):
    """{address: response} of every public page, whatever an earlier test has left."""
    client = Client()
    with django_db_blocker.unblock():
        put_back()
        return {address: client.get(address) for address in page_addresses()}


@pytest.fixture(scope="session")
def answers(opened, django_db_blocker):
    """{address: (response, content)} of every public address."""
    client = Client()
    with django_db_blocker.unblock():
        responses = {
            address: opened.get(address) or client.get(address) for address in public_addresses()
        }
        return {address: (each, content_of(each)) for address, each in responses.items()}


@pytest.fixture(scope="session")
def pages(opened):
    """{address: Page} of every public page."""
    return {address: Page(response) for address, response in opened.items()}


# What the portal keeps in the database by itself: it is there before any content is.
PREPARED = {"contenttypes.contenttype", "auth.permission", *backups.PREPARED}


@pytest.fixture
def unchanged_db(request, django_db_setup, django_db_blocker):
    """The whole corpus for tests that only read it: a statement that writes fails.

    Outside of a transaction the portal remembers what it made, as it does for its visitors, so that
    a page takes half the time. A test that asks for more has a database of its own.
    """
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & {
        *request.fixturenames
    }:
        yield
        return
    with django_db_blocker.unblock(), connection.execute_wrapper(refuse_to_write):
        yield


emptying = ExitStack()  # the transaction within which the portal is empty


@pytest.fixture(scope="module")
def emptied(django_db_setup, django_db_blocker):
    """A transaction around those of the tests, in which every entry is gone.

    Row by row: `flush` takes ten times as long.
    """
    with django_db_blocker.unblock():
        emptying.enter_context(transaction.atomic())
        emptying.callback(transaction.set_rollback, True)
        with connection.cursor() as cursor:
            for label, model in backups.tables().items():
                if label not in PREPARED:
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
    yield
    with django_db_blocker.unblock():
        emptying.close()


@pytest.fixture
def empty_db(emptied, db):
    """A database without an entry: what the test does is rolled back, that it is empty stays."""


@pytest.fixture(scope="session")
def put_back(django_db_setup, django_db_blocker):
    """A function that makes the database again what it was before any test."""
    with django_db_blocker.unblock():
        emptying.close()  # a database cannot be put aside while something is written to it
        with database_put_aside() as put_back:
            yield put_back


@pytest.fixture
def transactional_db(put_back, django_db_blocker):
    """The corpus again, whatever an earlier test of this sort has left.

    In place of pytest-django's own, which empties every table after each test.
    """
    with django_db_blocker.unblock():
        emptying.close()
        put_back()
        ContentType.objects.clear_cache()
        yield
        connections.close_all()


def migrated_database(tmp_path_factory):
    return tmp_path_factory.getbasetemp() / "migrated.sqlite3"


@pytest.fixture(scope="session")
def migrated(django_db_setup, tmp_path_factory):
    """An SQLite database as it is after `migrate`, to be copied."""
    path = migrated_database(tmp_path_factory)
    if there := prepared.prepared(prepared.MIGRATED):
        shutil.copy(there, path)
    elif not path.exists():
        succeeds(manage(path, "migrate", "--verbosity=0"))
    return path


@pytest.fixture
def elsewhere(migrated, tmp_path):
    """Another portal's database, migrated and empty."""
    return shutil.copy(migrated, tmp_path / "elsewhere.sqlite3")


@pytest.fixture
def desk(empty_db, admin_client):
    """A superuser at their desk, in a portal without content."""
    return Desk(admin_client)


@pytest.fixture
def team_of_one(settings):
    settings.FOUR_EYES = False
