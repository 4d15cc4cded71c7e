"""A page in every look: wide and narrow, light and dark, in forced colours; and axe in each."""

import json
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.soak import SOAK, times

# A page is opened once at each width; its colours then change while it stands.
every_width = pytest.mark.parametrize("width", [1280, 375])
# Forced colours are the system's: of the page's own two they have one set, and in `make soak` both.
COLOURS = (
    ("light", "none"),
    ("dark", "none"),
    *times([], [("light", "active")]),
    ("dark", "active"),
)

# Everything axe knows, its best practices too; the size of targets it leaves out unless told.
# It need not put stylesheets into the page once more, which the policy of the portal forbids.
OPTIONS = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
# What other colours can change of it. No rule of axe's looks at anything else that they do.
OF_COLOURS = ["color-contrast", "link-in-text-block"]


def in_every_colour(page):
    """The page in each of its colours in turn, those that it was opened in first.

    On a narrow screen they are those of the wide one: in `make soak` they are seen there too.
    """
    is_wide = page.viewport_size["width"] > 1000
    for scheme, forced in COLOURS if SOAK or is_wide else COLOURS[:1]:
        page.emulate_media(color_scheme=scheme, forced_colors=forced)
        yield scheme, forced


@cache
def axe():
    return Axe().axe_script


def violations(page, only=None):
    """What axe finds wrong with the page as it stands."""
    options = OPTIONS | ({"runOnly": {"type": "rule", "values": only}} if only else {})
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(axe())
    found = page.evaluate(f"axe.run({json.dumps(options)})")["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def violations_in_every_colour(page):
    """{colours: what axe finds wrong} of the page as it stands."""
    found = {}
    for colours in in_every_colour(page):
        found[colours] = violations(page, OF_COLOURS if found else None)
    return {colours: wrong for colours, wrong in found.items() if wrong}
