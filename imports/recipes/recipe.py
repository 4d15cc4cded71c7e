"""Recipes: how the documents of one type are read. Each is a small file beside this."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from imports.formats import block as roles
from imports.readings import places, words
from records import dates

FOLDER = Path(__file__).parent
ENOUGH = 4  # points that a recipe needs to be guessed


def _compiled(pattern):
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Recipe:
    name: str
    label: str
    way: str  # sections, labels or none
    reads: tuple = ()
    signs: tuple = ()  # (points, pattern or feature)
    themes: tuple = ()
    sections: tuple = ()  # (pattern, what its bullets and rows become)
    labels: tuple = ()  # (pattern, field)
    default: str = ""  # the same under no heading
    document: tuple = ()  # what the document itself becomes
    options: dict = field(default_factory=dict)

    def points(self, text, features):
        total = 0
        for points, pattern, feature in self.signs:
            if feature:
                total += points * features[feature]
            elif times := len(pattern.findall(text)):
                total += points * min(times, 2) ** 0.5
        return total

    def section(self, heading):
        """What the bullets and rows under a heading become; None if the recipe does not know it."""
        for pattern, makes in self.sections:
            if match := pattern.fullmatch(heading):
                return makes, match
        return None


@cache
def headings():
    """What headings announce, in every recipe of sections."""
    rows = yaml.safe_load((FOLDER / "headings.yaml").read_text())
    return tuple((re.compile(row["heading"], re.IGNORECASE), row["makes"]) for row in rows)


@cache
def recipes():
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem != "headings":
            found[path.stem] = _load(path)
    return found


def _load(path):
    row = yaml.safe_load(path.read_text())
    signs = tuple(
        (sign["points"], sign.get("pattern") and _compiled(sign["pattern"]), sign.get("feature"))
        for sign in row.get("signs", [])
    )
    own = tuple(
        (re.compile(each["heading"], re.IGNORECASE), each["makes"])
        for each in row.get("sections", [])
    )
    return Recipe(
        path.stem,
        row["label"],
        row.get("way", "none"),
        tuple(row.get("reads", [])),
        signs,
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in row.get("themes", [])),
        own + headings(),
        tuple(
            (re.compile(each["label"], re.IGNORECASE), each["field"])
            for each in row.get("labels", [])
        ),
        row.get("default", ""),
        tuple(row.get("document", [])),
        row.get("options", {}),
    )


def features(document, language):
    """What can be counted of a document: shares of what it lists that are dated, placed, numbered."""
    listed = [b for b in document.blocks if b.role in (roles.BULLET, roles.ROW) and b.level <= 1]
    paragraphs = [b for b in document.blocks if b.role == roles.PARAGRAPH]
    counted = listed if len(listed) >= 4 else listed + paragraphs
    dated = placed = numbered = 0
    for block in counted:
        text = words.Reader().read(block.body.replace("\t", ", "))[:500]
        head = text[:250]
        dated += bool(
            dates.first(head, language or "en") or dates.year_at_head(head) or dates.vague(head)
        )
        numbered += block.marker[:1].isdigit()
    headed = [b for b in document.blocks if b.role in (roles.HEADING, roles.BULLET)]
    for block in headed:
        text = words.Reader().read(block.body)[:300]
        heads = [*_heads(text), words.Reader().read(block.body.partition("\n")[0])]
        found = [places.split_place(head, language or "en") for head in heads]
        placed += any(codes or programme for _, _, codes, programme in found)
    count = max(len(counted), 1)
    return {
        "dated": (dated / count) if dated >= 3 else 0,
        "numbered": (numbered / count) if numbered >= 3 else 0,
        "placed": min(placed / 5, 1) if placed >= 3 else 0,
        "chapters": min(sum(bool(re.match(r"\d+\.\d+", b.text.strip())) for b in headed) / 3, 1),
    }


def _heads(text):
    return [text[: m.start()] for m in list(re.finditer(r"[.:](?=\s|$)|\s[–—-]\s|$", text))[:3]]


def guess(document, text, language):
    """The recipe that fits best, and whether it reads the document's language."""
    counted = features(document, language)
    others = [recipe for recipe in recipes().values() if recipe.way != "none"]
    best = max(others, key=lambda recipe: recipe.points(text, counted))
    if best.points(text, counted) < ENOUGH or (language and language not in best.reads):
        return recipes()["fallback"]
    return best
