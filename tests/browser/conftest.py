"""Pages in a real browser, served by a real server that holds the whole corpus.

Tests here may write and commit as they like: the database is put back before each
one, which takes milliseconds on SQLite; on PostgreSQL they are skipped.
"""

import os
import shutil

import pytest
from django.db import connection
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.looks import seen

# Generous: a page that comes late on a busy machine is no fault of the page.
expect.set_options(timeout=30_000)

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # Chromium's sandbox does not work as root; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    # The portal asks nobody else for anything; here it could not if it tried.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium; CHROMIUM names one that stands elsewhere."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not path:
        missing = "No Chromium was found, so nothing was tested in a browser."
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in the thread of the tests, where Django would
        # therefore refuse every query.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with playwright.chromium.launch(executable_path=path, args=ARGUMENTS) as chromium:
            yield chromium


@pytest.fixture(scope="session")
def server():
    """Unlike `live_server`, this does not empty the database after each test."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def corpus(put_back, django_db_blocker):
    if connection.vendor != "sqlite":
        pytest.skip("The tests in a browser run on SQLite.")
    with django_db_blocker.unblock():
        put_back()
        yield


def watched_context(browser, server, found):
    """A visitor of their own; what goes wrong on their pages is put into `found`."""
    context = browser.new_context(base_url=server.url, locale="en-GB")

    def asked(request):
        if not request.url.startswith((f"{server.url}/", "data:", "blob:")):
            found.append(f"asked for {request.url}")

    def said(message):
        # The answer to a page asked for on purpose, such as a 404, is no error here.
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    context.set_default_timeout(30_000)
    context.on("request", asked)
    context.on("console", said)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return context


@pytest.fixture(scope="session")
def kept(browser, server):
    """(visitor, what went wrong on their pages), from test to test.

    Another one, with a process of their own, costs a browser as much as five pages.
    """
    found = []
    with watched_context(browser, server, found) as context:
        yield context, found


def told(found):
    wrong, found[:] = [*found], []
    return wrong


def first_tab(context):
    return context.pages[0] if context.pages else context.new_page()


@pytest.fixture
def look(kept, corpus):
    """A function that opens an address on a wide, light screen, for those who only look at it."""
    context, found = kept

    def look(address):
        page = seen(first_tab(context), 1280)
        return page, page.goto(address)

    yield look
    assert told(found) == []


def forget(context, server):
    """Leave nothing of a visitor but an empty tab, in which no script runs."""
    page, *others = context.pages or [context.new_page()]
    for other in others:
        other.close()
    page.goto(f"{server.url}/robots.txt")
    page.evaluate("for (const each of [localStorage, sessionStorage]) each.clear()")
    context.clear_cookies()
    context.clear_permissions()
    network = context.new_cdp_session(page)
    network.send("Network.clearBrowserCache")
    network.detach()


@pytest.fixture
def open_page(browser, server, kept, corpus):
    """A function that opens an empty page of a given width, light or dark.

    The first is of the visitor who is kept, each further one of a visitor of their own. At the end
    none of the pages may have reported an error (in a script, or against the
    Content-Security-Policy) or asked another server for anything.
    """
    context, found = kept
    visitors = []

    def open_page(width=1280, **colours):
        visitors.append(watched_context(browser, server, found) if visitors else context)
        return seen(first_tab(visitors[-1]), width, **colours)

    yield open_page
    for other in visitors[1:]:
        other.close()
    forget(context, server)
    assert told(found) == []


@pytest.fixture
def page(open_page):
    """A page on a wide, light screen."""
    return open_page()


@pytest.fixture(scope="session")
def tab_without_script(browser, server):
    with browser.new_context(base_url=server.url, java_script_enabled=False) as context:
        context.set_default_timeout(30_000)
        yield context.new_page()


@pytest.fixture
def page_without_script(tab_without_script, corpus):
    """The same where no script runs, which could keep anything from one test to the next."""
    return tab_without_script
