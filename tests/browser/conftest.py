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


def watched_context(browser, server, found, width, scheme="light", forced_colors="none"):
    """A visitor of their own; what goes wrong on their pages is put into `found`."""
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        forced_colors=forced_colors,
        locale="en-GB",
    )

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


@pytest.fixture(scope="module")
def tabs(browser, server):
    """{width: (tab, what went wrong in it)}, kept from page to page: a browser starts none in less."""
    found = {width: [] for width in (1280, 375)}
    contexts = {width: watched_context(browser, server, found[width], width) for width in found}
    yield {width: (context.new_page(), found[width]) for width, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def look(tabs, corpus):
    """A function that opens an address in the tab of a width, for those who only look at it."""
    watched = []

    def look(address, width):
        page, found = tabs[width]
        watched.append(found)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        return page, page.goto(address)

    yield look
    for found in watched:
        wrong, found[:] = [*found], []
        assert wrong == []


@pytest.fixture
def open_page(browser, server, corpus):
    """A function that opens an empty page of a given width, light or dark.

    At the end none of its pages may have reported an error (in a script, or against
    the Content-Security-Policy) or asked another server for anything.
    """
    contexts, found = [], []

    def open_page(width=1280, scheme="light", forced_colors="none"):
        context = watched_context(browser, server, found, width, scheme, forced_colors)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture
def page(open_page):
    """A page on a wide, light screen."""
    return open_page()
