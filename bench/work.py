"""The work that is measured: each row of docs/performance.md, with its goal."""

import itertools
import random
import re
from dataclasses import dataclass

from bench.fill import COMMON, RARE

LISTS = ("lessons", "practices", "questions", "meetings", "papers")


@dataclass(frozen=True)
class Row:
    """Some work, and how many times the cost of F it may take, or of C, or of a list's first page."""

    name: str
    most: float
    unit: str = "F"
    growth: float | None = None  # at most, from 1,000 entries to 100,000
    sizes: tuple = ()  # where the goal holds; everywhere, if empty


ROWS = {
    "kept": Row("list with facets, filtered list: kept address", 0.5),
    "list": Row("the same, new address, rows and facets seen before elsewhere", 10, growth=1.3),
    "start": Row("the same, nothing seen before (first request of a process)", 15),
    "first": Row("first page of a list, new address", 10),
    "middle": Row("middle page of a list, beside its first", 1.3, unit="first"),
    "last": Row("last page of a list, beside its first", 1.3, unit="first"),
    "detail": Row("page of an entry, never asked before", 6, growth=1.2),
    "home": Row("home, new address", 6, growth=1.2),
    "theme": Row("theme page, new address", 6, growth=1.2),
    "theme-first": Row("theme page, first look after a change", 6, growth=1.2),
    "not-modified": Row("304 of anything", 1.25, unit="C"),
    "common": Row("search page, new common word, all kinds", 40, sizes=(100_000,)),
    "rare": Row("search page, new rare word", 8),
    "api": Row("API page, never asked before", 6),
    "admin-list": Row("admin: change list of practices", 3, unit="stock", sizes=(100_000,)),
    "admin-search": Row("admin: change list searched", 3, unit="stock", sizes=(100_000,)),
    "admin-save": Row("admin: a practice saved", 2, unit="stock"),
}

# What somebody may type to keep the portal busy, or by a slip: each is timed by itself.
HOSTILE = {
    "a sign that stands for eighteen letters, 200 times": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"
    * 200,
    "100 single letters": " ".join("abcdefghijklmnopqrstuvwxyz" * 4)[:200],
    "60 short words": " ".join(["of to in on at by"] * 10),
    "every common word": " ".join(COMMON)[:200],
    "common words without common words": f"{COMMON[0]} -{COMMON[1]} -{COMMON[2]} -{COMMON[3]}",
    "a phrase of common words": f'"{COMMON[0]} {COMMON[1]}"',
    "the beginning of many words": "pre",
    "words in both spellings": " ".join(["organisation behaviour centre programme"] * 5)[:200],
    "four words that nobody knows": "mentel prisom tramua resiliense",
    "one word of 200 letters": "pneumono" * 25,
    "operators": '"AND OR NOT" NEAR( * ^ : - -- -"" )',
    "quotation marks": '"' * 200,
}


class Addresses:
    """Addresses that nobody has asked for before: of another host, page or entry each time."""

    def __init__(self, portal):
        self.portal, self.chance, self.hosts = portal, random.Random(7), itertools.count(1)
        self.themes = self.found("/", r'href="(/themes/[\w-]+/)"')
        self.filters = [f"?theme={theme.split('/')[2]}" for theme in self.themes]
        self.pages = {name: self.last_page(name) for name in LISTS}
        self.entries = {name: self.slugs(name) for name in LISTS}
        self.groups = self.found("/about/", r'href="(/groups/[\w-]+/)"')
        self.common, self.rare = iter(COMMON), iter(RARE)
        self.api_pages, self.pages_of_entries = self.api(), self.details()

    def found(self, path, pattern):
        page = self.portal.ask(path, Accept_Encoding="identity").content.decode()
        return list(dict.fromkeys(re.findall(pattern, page)))

    def last_page(self, name):
        return max(map(int, self.found(f"/{name}/", r"[?&;]page=(\d+)")), default=1)

    def slugs(self, name):
        """The entries of pages here and there."""
        pages = {1 + self.pages[name] * n // 12 for n in range(12)}
        found = [
            self.found(f"/{name}/?page={page}", rf'href="(/{name}/[\w-]+/)"') for page in pages
        ]
        return [path for paths in found for path in paths]

    def lists(self):
        while True:
            for name in LISTS:
                yield f"/{name}/"
                yield f"/{name}/{self.chance.choice(self.filters)}"

    def elsewhere(self, paths):
        """The same pages under host names of their own."""
        for path in paths:
            yield path, {"Host": f"h{next(self.hosts)}.bench.example"}

    def page(self, share):
        """That part of the way through each list."""
        for name in itertools.cycle(LISTS):
            yield f"/{name}/?page={max(1, round(self.pages[name] * share))}"

    def api(self):
        """The pages of the API, of one kind after the other."""
        for number in itertools.count(1):
            for name in LISTS:
                yield f"/api/v1/{name}/?page={1 + (7 * number) % self.pages[name]}"

    def details(self):
        """An entry each, and none twice."""
        waiting = [iter(self.entries[name]) for name in LISTS]
        for entries in itertools.cycle(waiting):
            path = next(entries, None)
            if path is None:
                return
            yield path, {}


def not_modified(portal):
    """The same few addresses again and again, by someone who has them already."""
    paths = ["/", "/practices/", "/lessons/?page=2", "/about/"]
    known = [(path, {"If-None-Match": portal.ask(path).headers["ETag"]}) for path in paths]
    return itertools.cycle(known)


def again(paths):
    """Addresses that have been asked for before, and are kept."""
    return itertools.cycle([(path, {}) for path in paths])
