"""From a file that was read to its account: language, recipe, fates, proposals."""

import re

from imports.account import Account
from imports.labels import Labels
from imports.reading import block as roles
from imports.readings import languages, words
from imports.readings.groups import Groups
from imports.recipe import guess, recipes
from imports.sections import Sections, settle


def account_of(document, groups=None, recipe="", language=""):
    """Read a document by the recipe named, or by the one that fits best."""
    text = "\n".join(
        words.Reader().read(block.text) for block in document.blocks if block.role != roles.FURNITURE
    )
    language = language or languages.language(text) or document.language
    chosen = recipes()[recipe] if recipe else guess(document, text, language)
    account = Account(document, chosen, language, groups or Groups())
    if language and not recipe and chosen.name == "fallback" and language != "en":
        account.notes.append(
            f"The document is in another language ({language}) than the recipes read: nothing was"
            " made of its words. Dates were read by that language's month names."
        )
    {"sections": Sections, "labels": Labels}.get(chosen.way, Nothing)(account).run()
    if not account.title:
        account.title = _title(account)
    return account


class Nothing:
    """Without a recipe every block waits for the curator; only furniture is known."""

    def __init__(self, account):
        self.account = account

    def run(self):
        settle(self.account)


def _title(account):
    """The first heading that is no name of a part."""
    for block in account.document.blocks[:12]:
        if block.role == roles.HEADING and not account.recipe.section(block.text.strip()):
            return account.read(block.text)
    first = account.read(account.text[:3000])
    named = re.search(r"\bThis (?:\w+ )?paper (?:is (?:on|about)|addresses|presents) (?:the )?(.{10,160}?)\.\s", first)
    return named[1][:1].upper() + named[1][1:] if named and account.language == "en" else ""
