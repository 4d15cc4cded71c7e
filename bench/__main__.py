"""Measures the portal over HTTP, as started, beside plain Django pages, and says what is missed.

    python -m bench --size 1000 --size 100000 [--engine sqlite] [--write docs/performance.md]

Every figure is CPU time of web server and database server together, per request, beside that of
F (a Django page of 20 rows from memory) or C (a constant page) under the same server in the
same round; of three rounds the median. Ends with status 1 if a goal is missed.
"""

import argparse
import itertools
import os
import platform
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bench.curator import Curator
from bench.servers import running
from bench.work import HOSTILE, LISTS, ROWS, Addresses, again, not_modified
from tests.postgres import running_server

ENGINES = ("sqlite", "postgresql")
MEMORY = "--shared_buffers=512MB"  # as docs/production.md asks for: what is searched fits in
ROUNDS = 3
HEAVIEST = 20_000  # bytes of a later page over the wire
SLOWEST = 10  # times the median, a search for whatever text
EXPORTS = {"csv": 0.6, "ris": 0.8, "bib": 1.2, "atom": 0.8}  # CPU seconds for 10,000 practices


@contextmanager
def database(engine):
    """The address of an empty database, and the process of its server if it has one."""
    if engine == "sqlite":
        with TemporaryDirectory(prefix="ranportal-bench-") as folder:
            yield f"sqlite:///{folder}/portal.sqlite3", None
    else:
        with running_server(MEMORY) as address:
            folder = Path(address.partition("?host=")[2])
            yield address, int((folder / "data/postmaster.pid").read_text().split()[0])


class Bench:
    """One engine at one size."""

    def __init__(self, engine, size):
        self.engine, self.size = engine, size
        self.costs, self.facts = defaultdict(list), {}

    def run(self):
        with ExitStack() as stack:
            address, server = stack.enter_context(database(self.engine))
            folder = stack.enter_context(TemporaryDirectory(prefix="ranportal-bench-"))
            self.server, self.environment = (
                server,
                {
                    "DATABASE_URL": address,
                    "DATA_DIR": folder,
                    "DJANGO_SETTINGS_MODULE": "bench.settings",
                    "ALLOWED_HOSTS": "127.0.0.1,.bench.example",
                    "API_RATE": "1000000/second",
                    "REQUIRE_SECOND_FACTOR": "false",
                },
            )
            self.prepared("migrate")
            self.facts["empty start"] = min(self.prepared("migrate") for _ in range(2))
            self.python("-m", "bench.fill", str(self.size))
            self.python("manage.py", "collectstatic", "--no-input", "-v0")
            self.facts["start"] = min(self.prepared("migrate") for _ in range(2))
            self.yardsticks = stack.enter_context(
                running(["-m", "bench.yardsticks", "127.0.0.1:PORT"])
            )
            with self.portal() as portal:
                self.addresses = Addresses(portal)
            self.first_requests()
            with self.portal() as portal:
                self.warm(portal)
                for _ in range(ROUNDS):
                    self.round(portal)
                for _ in range(ROUNDS):
                    self.first_looks(portal)
                self.hostile(portal)
                self.exports(portal)
                self.weights(portal)
                self.curators(portal)
        return self

    def portal(self):
        command = ["manage.py", "serve", "--listen", "127.0.0.1:PORT"]
        return running(command, self.environment, self.server)

    def python(self, *command):
        environment = {**os.environ, **self.environment}
        subprocess.run([sys.executable, *command], env=environment, check=True)

    def prepared(self, command):
        """CPU seconds that a command of `make run` takes before the server is started."""
        before = os.times()
        self.python("manage.py", command, "-v0")
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])  # of what has been started, and has ended

    def yardstick(self, path):
        return self.yardsticks.cost(again([path]), seconds=0.25)

    def note(self, name, work):
        """What some work costs, and how many times what F or C costs right before and after."""
        if ROWS[name].unit == "first":
            cost, unit = work(), self.costs["first"][-1][1]
        else:
            path = "/f/1/" if ROWS[name].unit == "F" else "/c/"
            before, cost, after = self.yardstick(path), work(), self.yardstick(path)
            unit = (before + after) / 2
        self.costs[name].append((cost / unit, cost))

    def first_requests(self):
        for number in range(ROUNDS):
            with self.portal() as portal:
                path = list(itertools.islice(self.addresses.lists(), 8))[1 + 2 * number]
                asked = [(path, {})]
                self.note("start", partial(portal.cost, asked, seconds=0, least=1))

    def warm(self, portal):
        """What has been seen before: every list, and every theme's part of it."""
        for path in itertools.islice(self.addresses.lists(), 60):
            portal.ask(path)
        for share in (0, 0.5, 1):
            for path in itertools.islice(self.addresses.page(share), 5):
                portal.ask(path)

    def round(self, portal):
        some = self.addresses
        lists = list(itertools.islice(some.lists(), 10))
        for path in (*lists, *some.themes):
            portal.ask(path)
        work = {
            "kept": again(lists),
            "list": some.elsewhere(itertools.cycle(lists)),
            "first": some.elsewhere(some.page(0)),
            "middle": some.elsewhere(some.page(0.5)),
            "last": some.elsewhere(some.page(1)),
            "detail": some.pages_of_entries,
            "home": some.elsewhere(itertools.repeat("/")),
            "theme": some.elsewhere(itertools.cycle(some.themes)),
            "api": some.elsewhere(some.api_pages),
            "rare": ((f"/search/?q={word}", {}) for word in itertools.islice(some.rare, 30)),
            "common": ((f"/search/?q={word}", {}) for word in itertools.islice(some.common, 5)),
        }
        for name, requests in work.items():
            self.note(name, partial(portal.cost, requests))
        self.note("not-modified", partial(portal.cost, not_modified(portal), expected=304))

    def first_looks(self, portal):
        """At each theme's page, once an entry of each kind has changed and others have asked for
        home and lists."""
        self.python("-m", "bench.change")
        for path in ("/", *(f"/{name}/" for name in LISTS)):
            portal.ask(path)
        looks = [(path, {}) for path in self.addresses.themes]
        self.note("theme-first", partial(portal.cost, looks, seconds=0, least=len(looks)))

    def hostile(self, portal):
        """What each hostile text costs, in the search and in a list.

        The portal knows its own words by then, as after the first slip that anybody typed.
        """
        portal.ask("/search/?q=radicalistion")
        asked = {
            (where, name): f"{path}?q={quote(text)}"
            for where, path in (("search", "/search/"), ("list", "/lessons/"))
            for name, text in HOSTILE.items()
        }
        costs = {
            name: portal.cost([(path, {})], seconds=0, least=1) for name, path in asked.items()
        }
        worst = max(costs, key=costs.get)
        self.facts["hostile"] = costs[worst], median(costs.values()), worst

    def exports(self, portal):
        practices = portal.ask("/practices.csv", Accept_Encoding="identity").content.count(b"\r\n")
        for name, most in EXPORTS.items():
            costs = [portal.cost([(f"/practices.{name}", {})], least=1) / 1000 for _ in range(2)]
            self.facts[f"export {name}"] = min(costs) * 10_000 / practices, most

    def curators(self, portal):
        """The admin beside Django's own, both under the same server."""
        asked = subprocess.run(
            [sys.executable, "-m", "bench.curator"],
            env={**os.environ, **self.environment},
            check=True,
            capture_output=True,
            text=True,
        )
        session = asked.stdout.split()[-1]
        ours, stock = (Curator(portal, admin, session) for admin in ("admin", "stock"))
        for name, work in (
            ("admin-list", Curator.looks),
            ("admin-search", Curator.searches),
            ("admin-save", Curator.saves),
        ):
            for _ in range(2):
                cost = work(ours)
                self.costs[name].append((cost / work(stock), cost))

    def weights(self, portal):
        pages = ["/", *self.addresses.themes, *itertools.islice(self.addresses.lists(), 10)]
        pages += [self.addresses.entries[name][0] for name in ("lessons", "practices", "meetings")]
        pages += [*self.addresses.groups, "/map/", "/timeline/", "/countries/", "/about/"]
        pages += ["/search/?q=prison", "/search/?q=nothing+of+the+sort"]
        self.facts["heaviest"] = max((len(portal.ask(path).content), path) for path in pages)

    # --- What came of it

    def results(self):
        """(work, goal, figure, whether it was reached) of each row."""
        for name, row in ROWS.items():
            ratio, cost = (median(values) for values in zip(*self.costs[name], strict=True))
            holds = not row.sizes or self.size in row.sizes
            figure = f"{ratio:.2f} ({cost:.1f} ms)"
            yield row.name, f"≤ {row.most:g} × {row.unit}", figure, not holds or ratio <= row.most
        for name, most in EXPORTS.items():
            seconds, most = self.facts[f"export {name}"]
            counts = self.size >= 50_000  # fewer are too quick to be multiplied
            work = f"export of 10,000 practices: {name}"
            yield work, f"≤ {most} s", f"{seconds:.2f} s", not counts or seconds <= most
        slowest, ordinary, (where, name) = self.facts["hostile"]
        figure = f"{slowest / ordinary:.1f} ({slowest:.0f} ms: {name}, {where})"
        work = "slowest of the hostile searches beside their median"
        yield work, f"≤ {SLOWEST}", figure, slowest / ordinary <= SLOWEST
        more = self.facts["start"] - self.facts["empty start"]
        yield "start: more than with an empty database", "≤ 1 s", f"{more:.1f} s", more <= 1
        weight, path = self.facts["heaviest"]
        figure = f"{weight / 1000:.1f} kB ({path})"
        yield "heaviest later page", "≤ 20 kB", figure, weight <= HEAVIEST


def growth(benches):
    """The rows whose ratio may hardly grow with the number of entries."""
    for engine in ENGINES:
        by_size = {b.size: b for b in benches if b.engine == engine}
        if {1000, 100_000} <= by_size.keys():
            for name, row in ROWS.items():
                if row.growth:
                    less, more = (
                        median(ratio for ratio, _cost in by_size[size].costs[name])
                        for size in (1000, 100_000)
                    )
                    yield f"{row.name}: growth on {engine}", row.growth, more / less


def table(benches):
    heads = [f"{bench.engine}, {bench.size:,}" for bench in benches]
    yield f"| work | goal | {' | '.join(heads)} |"
    yield f"| --- | --- |{' --- |' * len(heads)}"
    for rows in zip(*(bench.results() for bench in benches), strict=True):
        figures = [figure if reached else f"**{figure}**" for _w, _g, figure, reached in rows]
        yield f"| {rows[0][0]} | {rows[0][1]} | {' | '.join(figures)} |"
    for work, most, factor in growth(benches):
        figure = f"{factor:.2f}" if factor <= most else f"**{factor:.2f}**"
        yield f"| {work} | ≤ {most} | {figure} |{' |' * (len(heads) - 1)}"


def machine():
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="how many entries")
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--write", type=Path, help="a file whose table is replaced")
    given = parser.parse_args()
    benches = []
    for size in given.size or [1000, 100_000]:
        for engine in given.engine or ENGINES:
            sys.stderr.write(f"Measuring {size:,} entries on {engine}.\n")
            benches.append(Bench(engine, size).run())
    lines = [f"Measured on {machine()}. Missed goals in bold.", "", *table(benches)]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.write:
        replace(given.write, lines)
    sys.exit(any("**" in line for line in lines))


def replace(path, lines):
    """Put the table between the marks of a document."""
    before, mark, rest = path.read_text().partition("<!-- measured -->\n")
    _old, end, after = rest.partition("<!-- end -->\n")
    path.write_text(f"{before}{mark}" + "\n".join(["", *lines, ""]) + f"\n{end}{after}")


if __name__ == "__main__":
    main()
