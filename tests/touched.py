"""Print the test modules of the rooms that were touched since main, for `make check`.

    python tests/touched.py

What is not committed counts too. A module belongs to the room whose folder it is in, a template
to the room whose name its folder has; a test module that was touched is printed itself.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OF_THE_PORTAL = Path("ranportal")


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
    folders = path.parts[1:-1] if path.parts[0] == "templates" else path.parts[:-1]
    for depth in range(len(folders), 0, -1):
        folder = Path(*folders[:depth])
        if any((ROOT / "tests" / folder).glob("test_*.py")):
            return folder
    return OF_THE_PORTAL


def modules(paths):
    for path in paths:
        if path.parts[0] == "tests":
            if path.name.startswith("test_") and path.suffix == ".py" and (ROOT / path).exists():
                yield path
        elif path.suffix in (".py", ".html", ".yaml", ".txt", ".xml"):
            for module in (ROOT / "tests" / room(path)).glob("test_*.py"):
                yield module.relative_to(ROOT)


if __name__ == "__main__":
    found = {str(module) for module in modules(touched()) if "browser" not in module.parts}
    sys.stdout.write(" ".join(sorted(found)))
