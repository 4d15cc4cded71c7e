"""What README and docs name exists: addresses, commands, files."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from briefings.models import Situation

ROOT = settings.BASE_DIR
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {path.name: path.read_text() for path in PAGES}
EXAMPLES = {"<slug>": "lone-actors", "<kind>": "lesson", "<app>": "lessons", "…": "x"}
# Named as a beginning of addresses, or as somebody else's.
BEGINNINGS = {"/admin", "/curators", "/curators/", "/api/"}

pytestmark = pytest.mark.once


def quoted(text):
    return re.findall(r"`([^`\n]+)`", text)


def filled(text):
    for name, value in EXAMPLES.items():
        text = text.replace(name, value)
    return text


@pytest.mark.parametrize("name", TEXTS)
def test_every_address_that_is_named_leads_somewhere(name):
    named = [piece for piece in quoted(TEXTS[name]) if re.match(r"/[a-z]", piece)]
    wrong = []
    for address in named:
        path = filled(address).partition("?")[0].strip()
        if path in BEGINNINGS or (ROOT / path.lstrip("/")).exists():
            continue
        try:
            resolve(path)
        except Resolver404:
            wrong.append(address)
    assert wrong == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_make_command_that_is_named_is_one(name):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", TEXTS[name]))
    named |= set(re.findall(r"^make ([a-z-]+)$", TEXTS[name], re.M))
    assert named <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_of_manage_that_is_named_is_one(name):
    assert set(re.findall(r"manage\.py ([a-z_]+)", TEXTS[name])) <= set(get_commands())


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_is_named_is_there(name):
    linked = re.findall(r"\]\(([^)#:]+)\)", TEXTS[name])
    missing = [path for path in linked if not (ROOT / path).exists()]
    missing = [path for path in missing if not (ROOT / "docs" / path).exists()]
    named = [
        filled(piece)
        for piece in quoted(TEXTS[name])
        if re.fullmatch(r"[a-z_]+/[\w/.<>-]*\w\.(py|html|yaml|cfg|css|js|md)", piece)
    ]
    missing += [path for path in named if "x" not in path and not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.django_db
def test_the_addresses_with_examples_open(client):
    situation = Situation.objects.published().first()
    for address in ("/map/", "/glossary/", "/briefing/", f"/situations/{situation.slug}/"):
        assert client.get(address).status_code == 200, address
