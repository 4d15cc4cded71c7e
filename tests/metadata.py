"""What a page says of itself to machines."""

import json

from lessons.models import Lesson, Question
from meetings.models import Meeting, Paper
from practices.models import Practice
from tests.pages import open_page

TYPES = {
    Lesson: "CreativeWork",
    Practice: "CreativeWork",
    Question: "Question",
    Meeting: "Event",
    Paper: "Report",
}


def described(page):
    """The description of a page, of which there must be exactly one."""
    (script,) = page.root.findall(".//script[@type='application/ld+json']")
    return json.loads(script.text)


def meta(page, name):
    """What all `meta` elements of the name say."""
    elements = page.root.findall(".//head/meta")
    return [each.get("content") for each in elements if name in each.attrib.values()]


def canonical(page):
    (link,) = page.root.findall(".//head/link[@rel='canonical']")
    return link.get("href")


def entry_page(client, entry):
    return open_page(client, entry.get_absolute_url())


def values(data):
    """Every text in a description, however deep."""
    if isinstance(data, dict | list):
        for part in data.values() if isinstance(data, dict) else data:
            yield from values(part)
    else:
        yield data
