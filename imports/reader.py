"""From a file that was read to its account: language, recipe, fates, proposals."""

import re

from imports.account import Account
from imports.formats import block as roles
from imports.formats.block import Document
from imports.formats.isolated import ask
from imports.readings import languages, words
from imports.readings.groups import Groups
from imports.recipes.event import Event
from imports.recipes.publication import Publication
from imports.recipes.recipe import guess, recipes
from imports.recipes.sections import Sections
from imports.recipes.settling import settle
from imports.recipes.sheet import Sheet


def read_account(data, name="", groups=(), recipe="", language="", tell=None):
    """A file's document, and its account; None of a spreadsheet, which needs what the portal has.

    Read in the child: `groups` are (name, aliases) as the portal has them. `tell` is called with
    how many of how many pages are read.
    """
    wanted = {"groups": [*map(list, groups)], "recipe": recipe, "language": language}
    answer = ask(data, name, wanted, tell)
    document, readings = Document.from_dict(answer["document"]), answer.get("account")
    if readings is None:
        return document, None
    account = Account(document, recipes()[readings["recipe"]], readings["language"], Groups())
    return document, account.restore(readings)


def account_of(document, groups=None, recipe="", language=""):
    """Read a document by the recipe named, or by the one that fits best."""
    lines = [(block, words.Reader().read(block.text)) for block in document.blocks]
    text = "\n".join(line for block, line in lines if block.role != roles.FURNITURE)
    language = language or languages.language(text) or document.language
    chosen = recipes()[recipe] if recipe else guess(document, _once(lines), language)
    account = Account(document, chosen, language, groups or Groups())
    if language and not recipe and chosen.name == "fallback" and language != "en":
        account.notes.append(
            f"The document is in another language ({language}) than the recipes read: nothing was"
            " made of its words. Dates were read by that language's month names."
        )
    way = {"sections": Sections}.get(chosen.way) or PAGES.get(chosen.name, Nothing)
    way(account).run()
    if not account.title:
        account.title = _title(account)
    return account


PAGES = {"practice-sheet": Sheet, "publication-page": Publication, "event-page": Event}


def _once(lines):
    """The whole text with each running head once: what a paper is often stands only there."""
    return "\n".join(dict.fromkeys(line for _, line in lines))


class Nothing:
    """Without a recipe every block waits for the curator; only furniture is known."""

    def __init__(self, account):
        self.account = account

    def run(self):
        settle(self.account)


def _title(account):
    """The first heading that is no name of a part."""
    for block, (fate, _) in list(zip(account.document.blocks, account.fates, strict=True))[:12]:
        text = account.read(block.text)
        known = account.recipe.section(text) or re.fullmatch(
            r"chapter \w+|(?:19|20)\d\d", text, re.I
        )
        if block.role == roles.HEADING and fate != "proposal" and not known and len(text) > 8:
            return text
    first = account.read(account.text[:3000])
    named = re.search(
        r"\bThis (?:\w+ )?paper (?:is (?:on|about)|addresses|presents) (?:the )?(.{10,160}?)\.\s",
        first,
    )
    return named[1][:1].upper() + named[1][1:] if named and account.language == "en" else ""
