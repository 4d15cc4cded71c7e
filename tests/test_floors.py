"""Imports go down only, kinds never import each other, rooms stay small (docs/architecture.md)."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent

# What the modules of a floor may import of the portal, beside their own.
FLOORS = {
    "records": set(),
    "themes": {"records"},
    "entries": {"themes", "records"},
    "meetings": {"entries", "themes", "records"},
    "practices": {"entries", "themes", "records"},
    "lessons": {"entries", "themes", "records"},
    "imports": {"meetings", "practices", "lessons", "entries", "themes", "records"},
    "briefings": {"meetings", "practices", "lessons", "entries", "themes", "records"},
    "ranportal": {
        "imports",
        "briefings",
        "meetings",
        "practices",
        "lessons",
        "entries",
        "themes",
        "records",
    },
}
# The same of the rooms within: they serve whatever record asks for them, so they know none of
# the kinds, and each other only where it says so.
ROOMS = {
    "records.versions": set(),
    "entries.formats": {"themes", "records", "entries.workflow"},
    "entries.glossary": {"records", "entries.search"},
    "entries.links": {"records", "entries.workflow"},
    "entries.many": {"themes", "records", "entries.models", "entries.workflow"},
    "entries.search": {"records"},
    "entries.workflow": {"records"},
    "imports.formats": {"imports.reader", "imports.readings"},  # for the child, which does it all
    "imports.readings": {"imports.formats", "records.countries", "records.dates"},
    "imports.recipes": {
        "imports.account",
        "imports.fates",
        "imports.formats",
        "imports.readings",
        "records.dates",
    },
}
READS_FILES = {
    "imports.account",
    "imports.fates",
    "imports.reader",
    "imports.formats",
    "imports.readings",
    "imports.recipes",
    "records.countries",
    "records.dates",
}
LONGEST = 450  # lines of a module
SCREEN = 46  # lines of a function
WIDEST = 140  # characters of a line in a template
TEMPLATES = ("pages", "templates")  # folders, of Jinja2's and of Django's


def modules(package):
    """{dotted name: path} of all that is in a package, migrations aside."""
    found = {}
    for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py")):
        if "migrations" not in path.parts:
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


OURS = {name: path for package in FLOORS for name, path in modules(package).items()}


def imports(path):
    """Yield the line, the module and the name (None of a whole module) of every import."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)


def modules_imported(path):
    """Yield the line and each module of ours that is imported, with or without a name of it."""
    for line, module, name in imports(path):
        whole = f"{module}.{name}"
        if whole in OURS or module in OURS:
            yield line, whole if whole in OURS else module


def is_within(module, packages):
    return any(module == each or module.startswith(f"{each}.") for each in packages)


def strangers(package, allowed):
    return [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in modules(package).values()
        for line, module in modules_imported(path)
        if not is_within(module, {package, *allowed})
    ]


def test_every_package_stands_on_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == FLOORS.keys()


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_from_floors_below_it(floor):
    assert strangers(floor, FLOORS[floor]) == []


def test_every_room_of_a_shared_floor_is_held():
    rooms = {
        f"{floor}.{path.parent.name}"
        for floor in ("records", "entries", "imports")
        for path in (ROOT / floor).glob("*/__init__.py")
        if path.parent.name not in ("admin", "migrations", "templatetags", "management")
    }
    assert rooms == ROOMS.keys()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_is_said_to(room):
    assert strangers(room, ROOMS[room]) == []


def test_what_reads_a_file_knows_nothing_of_django():
    """It runs in a child process with limits, without a database; its start alone sets it up."""
    starts = "imports.formats.__main__"
    reading = [name for name in OURS if is_within(name, READS_FILES) and name != starts]
    found = [
        f"{name}:{line} imports {module}"
        for name in reading
        for line, module, _name in imports(OURS[name])
        if is_within(module, {"django"})
    ]
    assert len(reading) > 30
    assert found == []


def defined(path):
    """The names that a module makes itself."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_every_name_is_imported_from_where_it_is_made():
    made = {name: defined(path) for name, path in OURS.items()}
    paths = [*OURS.values(), *(ROOT / "tests").rglob("*.py")]
    passed_on = [
        f"{path.relative_to(ROOT)}:{line} imports {name} from {module}"
        for path in paths
        for line, module, name in imports(path)
        if module in made
        and name not in {None, *made[module]}
        and f"{module}.{name}" not in made
        and module != "ranportal.settings"
    ]
    assert passed_on == []


def lines(path):
    return len(path.read_text().splitlines())


def test_no_module_is_longer_than_a_reader_bears():
    too_long = {str(p.relative_to(ROOT)) for p in OURS.values() if lines(p) > LONGEST}
    assert too_long == set()


def functions():
    for path in OURS.values():
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path.relative_to(ROOT), node


def test_no_function_is_longer_than_a_screen():
    long = {f"{path}: {f.name}" for path, f in functions() if f.end_lineno - f.lineno >= SCREEN}
    assert long == set()


def templates():
    return sorted(path for folder in TEMPLATES for path in (ROOT / folder).rglob("*.*"))


def test_no_line_of_a_template_is_wider_than_a_reader_sees():
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > WIDEST
    ]
    assert wide == []


TRANSLATED = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.S)


def test_a_translated_block_names_only_what_it_takes():
    """It knows plain names alone: of a dotted one it writes nothing, and says so nowhere."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for block in TRANSLATED.findall(path.read_text())
        for name in re.findall(r"{{ \w+[.|].*?}}", block)
    ]
    assert found == []


SIZE = re.compile(r"\b(?:font|font-size):[^;}]*?\b\d[\d.]*(?:rem|px|pt)\b")


def test_every_size_of_type_is_named_in_one_place():
    """A custom property of `:root`; what is relative to its own surroundings has none."""
    sized = [
        f"{path.name}:{number}"
        for path in sorted((ROOT / "static").glob("*.css"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SIZE.search(line)
    ]
    assert sized == []


# --- One word for one thing (docs/architecture.md) -------------------------------------------

# What a thing of ours is not called, beside what it is called instead.
NOT_OURS = {
    "basket": "briefing",
    "gap": "blank or absence",
    "gaps": "blanks or absences",
    "icon": "mark",
    "item": "entry or proposal",
    "items": "entries or proposals",
    "meanwhile": "conflict",
    "move": "transition",
    "step": "transition",
    "steps": "transitions",
}
# Words of others: how Django's feeds and sitemaps are asked, what lies between lines on paper,
# what a PDF calls a line of its lists, how our pictures are laid out.
OTHERS = {
    "entries/formats/atom.py": {"item"},
    "imports/formats/assemble.py": {"gap", "gaps"},
    "imports/formats/lines.py": {"gap"},
    "imports/formats/pdf_layout.py": {"gap"},
    "imports/formats/pdf_tags.py": {"item"},
    "imports/formats/text.py": {"gap"},
    "imports/readings/addresses.py": {"gap"},
    "ranportal/api/description.py": {"item"},
    "ranportal/charts/small.py": {"gap"},
    "ranportal/feeds.py": {"item"},
    "ranportal/sitemaps.py": {"item", "items"},
}


def words_of(path):
    """The words of the names that a module makes: functions, classes, variables, arguments."""
    arguments = {
        each.arg for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.arg)
    }
    for name in defined(path) | arguments:
        yield from name.lower().split("_")


def test_no_name_is_a_word_that_stands_for_another():
    found = {
        f"{path.relative_to(ROOT)}: {word} is {NOT_OURS[word]}"
        for path in OURS.values()
        for word in words_of(path)
        if word in NOT_OURS and word not in OTHERS.get(str(path.relative_to(ROOT)), set())
    }
    assert found == set()


def test_kind_is_one_of_the_five_and_nothing_else():
    """Reading a file knows no kinds yet, and what a record has knows none at all."""
    found = [
        str(path.relative_to(ROOT))
        for path in [*modules("imports.formats").values(), *modules("records").values()]
        if "kind" in words_of(path)
    ]
    assert found == []


# --- What a visitor sends ---------------------------------------------------------------------

# Who looks at the query string without a form: `answers` drops what no page knows before it
# asks whether it has the answer; the API's lists are paged and refuse unknown names for all views, as
# files do that take no parameter.
READ_WITHOUT_FORM = {"ranportal/answers.py", "ranportal/api/views.py", "records/parameters.py"}


def test_the_query_string_is_read_by_forms_and_filtersets_alone():
    """Whoever names `request.GET` hands it whole to one of them."""
    found = []
    for path in OURS.values():
        tree = ast.parse(path.read_text(), str(path))
        handed = {
            call.args[0]
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and call.args
            and ast.unparse(call.func).lower().endswith(("form", "filter", "filterset_class"))
        }
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in ("GET", "query_params")
            and node not in handed
            and str(path.relative_to(ROOT)) not in READ_WITHOUT_FORM
        ]
    in_templates = [
        str(path.relative_to(ROOT)) for path in templates() if "request.GET" in path.read_text()
    ]
    assert found + in_templates == []


def test_the_themes_hold_the_tree_and_no_more():
    assert sum(lines(path) for path in modules("themes").values()) < 900


# --- The tests stand in the same rooms -------------------------------------------------------

TESTS = ROOT / "tests"


def test_the_tests_of_a_room_stand_under_its_name():
    rooms = {path.parent.relative_to(TESTS) for path in TESTS.rglob("*/test_*.py")}
    assert [room for room in rooms - {Path("browser")} if not (ROOT / room).is_dir()] == []


def test_no_test_module_imports_another():
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sorted(TESTS.rglob("*.py"))
        for line, module, _name in imports(path)
        if ".test_" in f".{module}"
    ]
    assert found == []
