"""Imports go down only, and kinds never import each other (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What the modules of a floor may import of the portal, beside their own.
MAY_IMPORT = {
    "records": set(),
    "themes": {"records"},
    "entries": {"themes", "records"},
    "meetings": {"entries", "themes", "records"},
    "practices": {"entries", "themes", "records"},
    "lessons": {"entries", "themes", "records"},
    "imports": {"meetings", "practices", "lessons", "entries", "themes", "records"},
    "ranportal": {"imports", "meetings", "practices", "lessons", "entries", "themes", "records"},
}


def imports(path):
    """Yield the line and the top-level package of every import in a module."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        yield from ((node.lineno, name.partition(".")[0]) for name in names)


def test_every_package_stands_on_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == MAY_IMPORT.keys()


@pytest.mark.parametrize("floor", MAY_IMPORT)
def test_a_floor_imports_only_from_floors_below_it(floor):
    forbidden = MAY_IMPORT.keys() - MAY_IMPORT[floor] - {floor}
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {package}"
        for path in sorted((ROOT / floor).rglob("*.py"))
        for line, package in imports(path)
        if package in forbidden
    ]
    assert found == []


# --- The tests stand in the same rooms -------------------------------------------------------

TESTS = ROOT / "tests"


def test_the_tests_of_a_room_stand_under_its_name():
    rooms = {path.parent.relative_to(TESTS) for path in TESTS.rglob("*/test_*.py")}
    assert [room for room in rooms - {Path("browser")} if not (ROOT / room).is_dir()] == []


def test_no_test_module_imports_another():
    found = [
        f"{path.relative_to(ROOT)} imports {node.module}"
        for path in sorted(TESTS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and ".test_" in f".{node.module}"
    ]
    assert found == []
