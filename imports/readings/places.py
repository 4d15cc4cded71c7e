"""Countries by their names and aliases, where a document prints a place."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django_countries import countries

from records.countries import COMMON

CODES = {"UK": "GB", "EL": "GR"}
# What stands in the place of a country and is none.
PROGRAMME = re.compile(
    r"(?:erasmus\s?\+|horizon(?: 2020| europe)?|h2020|isf(?:[- ]police)?|internal security fund"
    r"|amif|cerv|daphne(?: iii)?|interreg|life\+|creative europe|european social fund(?: plus)?|esf\+?"
    r"|justice programme|rights,? equality and citizenship(?: programme)?|rec programme)",
    re.IGNORECASE,
)
EVERYWHERE = re.compile(
    r"(?:european union|eu(?:[- ]wide)?|europe(?:an)?(?:[- ]wide)?|international|global|worldwide"
    r"|several (?:eu )?(?:member states|countries)|various(?: countries)?|multiple countries)",
    re.IGNORECASE,
)


@cache
def _known(language):
    names = {name.casefold(): code for code, name in countries}
    for tag in {"en", language}:
        try:
            territories = Locale.parse(tag, sep="-").territories
        except (UnknownLocaleError, ValueError):
            continue
        valid = {code for code, _ in countries}
        names |= {name.casefold(): code for code, name in territories.items() if code in valid}
    return names | COMMON


@cache
def cities():
    """Cities that time zones are named after; among them most capitals."""
    zones = get_global("zone_territories")
    names = {
        zone.rpartition("/")[2].replace("_", " ") for zone in zones if zone.startswith("Europe/")
    }
    return names | {
        "The Hague",
        "the Hague",
        "Barcelona",
        "Hamburg",
        "Munich",
        "Milan",
        "Lyon",
        "Turin",
        "Geneva",
        "Manchester",
        "Rotterdam",
        "Antwerp",
        "Ghent",
        "Gothenburg",
        "Malmö",
        "Aarhus",
        "Kraków",
        "Krakow",
        "Porto",
        "Thessaloniki",
        "Nice",
        "Marseille",
        "Frankfurt",
        "Cologne",
        "Zürich",
    }


def country(text, language="en"):
    """The ISO code of a text that is the name of a country and nothing else; '' otherwise."""
    text = re.sub(r"\s+", " ", text).strip(" .;:")
    if text in CODES:
        return CODES[text]
    known = _known(language)
    bare = re.sub(r"^the\s+", "", text, flags=re.IGNORECASE).casefold()
    if bare in known:
        return known[bare]
    return ""


def codes(text, language="en"):
    """The countries of a text that lists countries and nothing else; [] otherwise."""
    text = text.strip(" .;:")
    if whole := country(text, language):
        return [whole]
    found = []
    for part in re.split(r"\s*(?:,|;|/|&|\band\b|\bund\b|\bet\b|\by\b|\ben\b|\be\b)\s*", text):
        if not part:
            continue
        code = country(part, language) or _code(part)
        if not code:
            return []
        if code not in found:
            found.append(code)
    return found


def _code(text):
    valid = {code for code, _ in countries}
    return CODES.get(text) or (text if text in valid else "")


def split_place(text, language="en"):
    """A name and the place printed after it: (name, place as printed, codes, programme).

    A place stands after the last comma, in brackets at the end, or after a dash.
    """
    text = text.strip().rstrip(".:;").rstrip()
    if match := re.search(r"\s*\(([^()]+)\)$", text):
        inside = match[1].strip()
        if found := codes(inside, language):
            return text[: match.start()], inside, found, ""
        city, _, last = inside.rpartition(",")
        if city and (found := codes(last, language)):
            return text[: match.start()], inside, found, ""
        if PROGRAMME.fullmatch(inside):
            return text[: match.start()], inside, [], inside
    parts = list(re.finditer(r",\s+|\s+[–—-]\s+|\s+\|\s+", text))
    for cut in reversed(parts):
        tail = text[cut.end() :]
        if PROGRAMME.fullmatch(tail):
            return text[: cut.start()], tail, [], tail
        if EVERYWHERE.fullmatch(tail):
            return text[: cut.start()], tail, [], ""
        if found := codes(tail, language) or _region_of(tail, language):
            return _longest_list(text, parts, cut, language) or (
                text[: cut.start()],
                tail,
                found,
                "",
            )
    return text, "", [], ""


def _region_of(text, language):
    """The country of 'Germany / North Rhine-Westphalia'."""
    first, slash, region = text.partition("/")
    is_one = slash and len(region.split()) <= 3 and region.strip()[:1].isupper()
    return codes(first, language) if is_one else []


def _longest_list(text, parts, cut, language):
    """'Belgium, France and Germany' is one place: take more of it while it all is countries."""
    best = None
    for earlier in reversed([part for part in parts if part.start() < cut.start()]):
        tail = text[earlier.end() :]
        found = codes(tail, language)
        if not found:
            break
        best = (text[: earlier.start()], tail, found, "")
    return best


def split_city(text):
    """A title and the city printed after it: 'Help the helper, Helsinki' or '… in Dublin'."""
    match = re.search(r"(?:,\s+|\s+[–—-]\s+|\s+in\s+|\s+\()([A-ZÀ-Þ][\w’' -]{2,25})\)?$", text)
    if match and match[1].strip() in cities():
        return text[: match.start()].rstrip(" ,"), match[1].strip()
    return text, ""
