"""A page in every look: wide and narrow, light and dark, in forced colours; and axe in each."""

import json
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.soak import SOAK, times

WIDTHS = (1280, 375)
# Forced colours are the system's: of the page's own two they have one set, and in `make soak` both.
COLOURS = (
    ("light", "none"),
    ("dark", "none"),
    *times([], [("light", "active")]),
    ("dark", "active"),
)

# Everything axe knows, its best practices too; the size of targets it leaves out unless told.
# It need not put stylesheets into the page once more, which the policy of the portal forbids.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
TARGETS = {"target-size": {"enabled": True}}
# What colours can change of it. No rule of axe's looks at anything else that they do.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
WHATEVER_THE_COLOURS = OPTIONS | {
    "rules": TARGETS | {name: {"enabled": False} for name in OF_COLOURS}
}
COLOURS_ALONE = OPTIONS | {"runOnly": {"type": "rule", "values": OF_COLOURS}}

UNJUDGED = Path(__file__).with_name("colours.js").read_text()
judged = set()  # keys of what some test has found in order; see colours.js


def seen(page, width=1280, scheme="light", forced_colors="none"):
    """The page on a screen of that width, in those colours."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="null", color_scheme=scheme, forced_colors=forced_colors)
    return page


def every_look(page):
    """The page at each width and there in each of its colours in turn.

    On a narrow screen they are those of the wide one: in `make soak` they are seen there too.
    """
    for width in WIDTHS:
        for colours in COLOURS if SOAK or width == WIDTHS[0] else COLOURS[:1]:
            seen(page, width, *colours)
            yield width, colours
    seen(page)


@cache
def axe():
    return Axe().axe_script


def run(page, context, options):
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(axe())
    told = "rule => rule.nodes.map(node => `${rule.id}: ${node.html}`)"
    return page.evaluate(
        f"axe.run({context}, {json.dumps(options)}).then(all => all.violations.flatMap({told}))"
    )


def violations(page):
    """What axe finds wrong with the page as it stands."""
    return run(page, "document", OPTIONS | {"rules": TARGETS})


def violations_of_colours(page):
    """The same of its colours; in `make soak` also of what agrees with what was judged before."""
    if SOAK:
        return run(page, "document", COLOURS_ALONE)
    fresh = page.evaluate(UNJUDGED, " ".join(judged)).split()
    found = run(page, "{include: unjudged}", COLOURS_ALONE) if fresh else []
    if not found:
        judged.update(fresh)
    return found


def overhang(page):
    """What is to be said where something reaches over the edge."""
    edges = "document => [document.scrollWidth, document.clientWidth]"
    reaches, width = page.locator("html").evaluate(edges)
    return [f"reaches to {reaches} on {width}"] if reaches > width else []


def wrong_in_every_look(page):
    """{look: what is wrong with the page in it}: what axe finds, and what reaches over the edge."""
    found = {}
    for width, colours in every_look(page):
        wrong = violations_of_colours(page)
        if colours == COLOURS[0]:
            wrong += overhang(page) + run(page, "document", WHATEVER_THE_COLOURS)
        found[width, *colours] = wrong
    return {look: wrong for look, wrong in found.items() if wrong}
