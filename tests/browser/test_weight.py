"""What a first visit takes over the wire from the portal as `make run` starts it."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import connection

from tests.browser.pages import PAGES
from tests.server import free_port, running
from tests.soak import soak, times

MOST = 60_000  # bytes, headers included
MOST_LATER = 16_000  # of a page by somebody who has been here before

# The portal's own settings, but for where the collected static files go.
SETTINGS = """
from ranportal.settings import *

STATIC_ROOT = DATA_DIR / "static"
"""


@pytest.fixture(scope="module")
def production(browser, put_back, django_db_blocker, tmp_path_factory):
    """The address of the portal, run as `make run` does, with compressed static files."""
    folder = tmp_path_factory.mktemp("production")
    (folder / "production.py").write_text(SETTINGS)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DEBUG", "HTTPS", "BEHIND_PROXY", "ALLOWED_HOSTS", "DATABASE_URL")
    } | {
        "DJANGO_SETTINGS_MODULE": "production",
        "PYTHONPATH": f"{folder}{os.pathsep}{Path.cwd()}",
        "DATA_DIR": str(folder / "data"),
    }
    (folder / "data").mkdir()
    with django_db_blocker.unblock():
        put_back()
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "data" / "portal.sqlite3")) as portal:
            connection.connection.backup(portal)
    # No page of a visitor's asks for what Django's admin and the flags of django-countries bring.
    collect = ["manage.py", "collectstatic", "--no-input", "-v0", "-i=admin", "-i=flags"]
    subprocess.run([sys.executable, *collect], env=environment, check=True)
    port = free_port()
    address = f"127.0.0.1:{port}"
    with running(port, "manage.py", "serve", "--listen", address, env=environment):
        yield f"http://{address}"


@pytest.fixture(scope="module")
def visitor(browser, production):
    """A tab, its network, and {request: address}, {request: weight} of what it asks for."""
    with browser.new_context(base_url=production) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        asked, weights = {}, {}
        network.on(
            "Network.requestWillBeSent",
            lambda sent: asked.update({sent["requestId"]: sent["request"]["url"]}),
        )
        network.on(
            "Network.loadingFinished",
            lambda done: weights.update({done["requestId"]: done["encodedDataLength"]}),
        )
        network.send("Network.enable")
        yield page, network, asked, weights


# What the pages ask for beside themselves differs among these at most; in `make soak` all are seen.
FIRST = times(["home", "list", "practice", "map", "briefing", "comparison", "API explained"], PAGES)


@soak
@pytest.mark.parametrize("address", [PAGES[name] for name in FIRST], ids=FIRST)
def test_a_first_visit_weighs_little(visitor, address):
    """Whatever the page asks for counts, and its icon even where the browser shows none."""
    page, network, asked, weights = visitor
    page.goto("about:blank")
    network.send("Network.clearBrowserCache")
    asked.clear()
    weights.clear()
    page.goto(address, wait_until="networkidle")
    icon = "fetch(document.querySelector('link[rel=icon]').href).then(icon => icon.text())"
    page.evaluate(icon)
    for _ in range(300):  # what the network tells of it comes a moment later
        if asked.keys() != weights.keys():
            page.wait_for_timeout(100)
    assert asked.keys() == weights.keys()
    assert {url.rpartition(".")[2] for url in asked.values()} >= {"css", "svg"}
    weighed = {asked[key]: weight for key, weight in weights.items()}
    assert sum(weighed.values()) < MOST, weighed
    beside = [weight for url, weight in weighed.items() if not url.endswith(address)]
    assert sum(beside) < MOST - MOST_LATER, weighed


def test_a_later_page_weighs_less_still(production):
    """Whoever has been here before has the stylesheet, the letters and the icon, and asks for none."""
    weights, static = {}, set()
    for address in PAGES.values():
        weights[address] = weight(production + address)
        static |= {*re.findall(r'(?:href|src)="(/static/[^"#]+)', read(production + address))}
    assert all(0 < weight < MOST_LATER for weight in weights.values()), weights
    assert {path.rpartition(".")[2] for path in static} >= {"css", "js", "svg", "woff2"}
    for path in static:
        with urlopen(production + path) as response:
            assert "immutable" in response.headers["Cache-Control"], path


def weight(url):
    with asked(url, {"Accept-Encoding": "br, gzip"}) as response:
        return len(response.read()) + len(bytes(response.headers))


def read(url):
    with asked(url, {}) as response:
        return response.read().decode()


def asked(url, headers):
    try:
        return urlopen(Request(url, headers=headers))
    except HTTPError as error:  # a page, too: that there is none
        return error
