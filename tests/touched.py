"""Print the test modules of the rooms that were touched since main, for `make check`.

    python tests/touched.py 1 2

prints the first half of them. What is not committed counts too. A module belongs to the room whose
folder it is in, a template to the room whose name its folder has; a test module that was touched is
printed itself. A kind without tests of its own is tested as what it is, an entry. Of what spans all
rooms a module has the tests of its own name, or those that name it, where there are some.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OF_THE_PORTAL = Path("ranportal")
OF_ENTRIES = Path("entries")
KINDS = ("lessons", "meetings", "practices")


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def touched():
    """Paths that differ from where this branch left main, or from the last commit."""
    branches = (git("merge-base", "HEAD", name) for name in ("origin/main", "main"))
    base = next(filter(None, branches), ["HEAD"])
    new = git("ls-files", "--others", "--exclude-standard")
    return {Path(path) for path in [*git("diff", "--name-only", *base), *new]}


def room(path):
    """The innermost folder of tests that a path falls under."""
    folders = path.parts[1:-1] if path.parts[0] in ("pages", "templates") else path.parts[:-1]
    for depth in range(len(folders), 0, -1):
        folder = Path(*folders[:depth])
        if any((ROOT / "tests" / folder).glob("test_*.py")):
            return folder
    return OF_ENTRIES if folders and folders[0] in KINDS else OF_THE_PORTAL


def of_the_portal(path):
    """The tests of a module that spans all rooms."""
    own = ROOT / "tests" / OF_THE_PORTAL / f"test_{path.stem}.py"
    if own.exists():
        return [own]
    every = [*(ROOT / "tests" / OF_THE_PORTAL).glob("test_*.py")]
    named = re.compile(rf"\b{path.stem}\b").search
    return [each for each in every if named(each.read_text())] or every


def modules(paths):
    for path in paths:
        if path.parts[0] == "tests":
            if path.name.startswith("test_") and path.suffix == ".py" and (ROOT / path).exists():
                yield path
        elif path.suffix in (".py", ".html", ".yaml", ".txt", ".xml"):
            if path.parent == OF_THE_PORTAL:
                found = of_the_portal(path)
            else:
                found = (ROOT / "tests" / room(path)).glob("test_*.py")
            yield from (each.relative_to(ROOT) for each in found)


def part(found, number, of):
    """The modules of one part of several that take about as long, by how much is written in them."""
    parts = [[] for _ in range(of)]
    for module in sorted(found, key=lambda module: -(ROOT / module).stat().st_size):
        min(parts, key=lambda part: sum((ROOT / m).stat().st_size for m in part)).append(module)
    return parts[number - 1]


if __name__ == "__main__":
    found = {module for module in modules(touched()) if "browser" not in module.parts}
    sys.stdout.write(" ".join(map(str, part(found, *map(int, sys.argv[1:])))))
