"""The house rules, read from the source: which way imports run, where the clock may be read, how long things are."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]


class Module:
    """One source file of core or bot."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.text = path.read_text()
        self.tree = ast.parse(self.text)

    @cached_property
    def imported(self) -> frozenset[str]:
        """Everything named in an import, wherever in the file it stands, in full: ``core.units.MICRO``."""
        return frozenset(name for node in ast.walk(self.tree) for name in self._names(node))

    def imports(self, *packages: str) -> set[str]:
        """What is imported from any of the packages."""
        return {name for name in self.imported if is_in(name, *packages)}

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))

    @property
    def attributes(self) -> set[str]:
        """Dotted names that are read somewhere: ``os.environ``, ``datetime.now``."""
        return {ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute)}

    def _names(self, node: ast.AST) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if not isinstance(node, ast.ImportFrom):
            return []
        package = self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]
        for _ in range(node.level - 1):
            package = package.rpartition(".")[0]
        base = ".".join(filter(None, [package if node.level else "", node.module]))
        return [f"{base}.{alias.name}" for alias in node.names]


def is_in(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def modules() -> dict[str, Module]:
    """Every module of core and bot by its dotted name."""
    found = {}
    for path in sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("bot/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(path, name)
    return found


def knots(edges: dict[str, set[str]]) -> list[set[str]]:
    """Modules that import each other, directly or by a detour: the strongly connected components."""
    reach = {start: _reachable(edges, start) for start in edges}
    found: list[set[str]] = []
    for start, reached in reach.items():
        knot = {other for other in reached if start in reach.get(other, set())}
        if knot and knot not in found:
            found.append(knot)
    return found


def _reachable(edges: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


HOUSE = modules()
CORE = [module for name, module in HOUSE.items() if is_in(name, "core")]
BOT = [module for name, module in HOUSE.items() if is_in(name, "bot")]
# A migration is one list, written once and read from top to bottom.
LIVED_IN = [module for name, module in HOUSE.items() if not is_in(name, "core.migrations.versions")]
ROOMS = ["announcements", "calibration", "decisions", "disclosure", "funding", "markets", "people"]
FLOORS = {
    "exchange": 4,
    **dict.fromkeys(ROOMS, 3),
    "ledger": 2,
    "pricing": 1,
    **dict.fromkeys(["units", "errors", "texts", "database", "rows", "writes", "writer"], 0),
}
GATHERS_TABLES = "core.migrations.env"
FACE = ["core.exchange", "core.writer", "core.errors", "core.units", "core.database"]
LINES_MOST, FUNCTION_LINES_MOST = 300, 40
CLOCKS = {"now", "utcnow", "today"}


def room(name: str) -> str:
    """``markets`` for ``core.markets.orders``; empty for the package itself."""
    return name.split(".")[1] if "." in name else ""


def floored() -> list[Module]:
    """Modules of core that stand on a floor; migrations stand beside the house."""
    return [module for module in CORE if room(module.name) in FLOORS]


def edges() -> dict[str, set[str]]:
    """Who imports whom: the module that is named, or the one of which a member is named."""
    return {
        name: {other for each in module.imported if (other := _module_of(each)) and other != name}
        for name, module in HOUSE.items()
        if name != GATHERS_TABLES
    }


def _module_of(imported: str) -> str | None:
    return next((each for each in (imported, imported.rpartition(".")[0]) if each in HOUSE), None)


def test_the_house_is_there():
    """A rule over no files would hold without meaning anything."""
    assert len(CORE) > 30
    assert len(BOT) > 30
    unknown = {room(module.name) for module in CORE} - set(FLOORS) - {"", "migrations"}
    assert unknown == set(), "a new room of core needs a floor"


@pytest.mark.parametrize("module", CORE, ids=lambda module: module.name)
def test_core_knows_nothing_of_slack(module: Module):
    roots = {name.split(".")[0] for name in module.imported}

    assert not {name for name in roots if name.startswith("slack")}
    assert not roots & {"bot", "apscheduler"}


def test_pricing_needs_numbers_only():
    outside = {
        f"{module.name}: {name}"
        for module in CORE
        if room(module.name) == "pricing"
        for name in module.imported
        if name.split(".")[0] not in {*sys.stdlib_module_names, "numpy", "scipy"}
        and not is_in(name, "core.pricing")
    }

    assert outside == set()


def test_imports_go_down():
    upward = {
        f"{module.name} imports {name}"
        for module in floored()
        for name in module.imports("core")
        if FLOORS.get(room(name), 0) > FLOORS[room(module.name)]
    }

    assert upward == set()


def test_rooms_of_the_third_floor_do_not_import_each_other():
    across = {
        f"{module.name} imports {name}"
        for module in CORE
        if room(module.name) in ROOMS
        for name in module.imports("core")
        if room(name) in ROOMS and room(name) != room(module.name)
    }

    assert across == set()


def test_the_base_imports_no_floor_and_the_writer_is_given_what_it_runs():
    for name in ("units", "errors", "texts", "database", "rows", "writes", "writer"):
        found = {room(each) for each in HOUSE[f"core.{name}"].imports("core")} - {""}

        assert {each for each in found if FLOORS.get(each, 9) > 0} == set()


def test_no_import_is_knotted():
    """Deferred imports and those for type checkers count."""
    assert knots(edges()) == []


def test_bot_calls_only_the_top_floor_and_the_base():
    """What leaves core is defined there, or named in ``__all__`` there; rows and rooms stay in core."""
    below = {
        f"{module.name} imports {name}"
        for module in BOT
        if module.name != "bot.__main__"
        for name in module.imports("core")
        if not is_in(name, *FACE)
    }

    assert below == set()


def test_only_the_command_line_knows_the_local_workspace():
    """What `futarchy serve` runs cannot reach it."""
    for room, known_by in (("bot.workspace", {"bot.locally"}), ("bot.locally", {"bot.__main__"})):
        knowing = {module.name for module in BOT if module.imports(room)}
        assert {name for name in knowing if not is_in(name, room)} == known_by


def test_the_local_workspace_knows_nothing_of_the_exchange():
    known = {
        f"{module.name} imports {name}"
        for module in BOT
        if is_in(module.name, "bot.workspace")
        for name in module.imports("core", "bot")
        if not is_in(name, "bot.workspace")
    }

    assert known == set()


def test_numbers_that_people_read_are_written_in_one_place():
    """There they are written for their reader. What programs read, and the local workspace, is no matter of theirs."""
    others = (
        "words",
        "numerals",
        "backups",
        "exports",
        "replay",
        "simulating",
        "tables",
        "workspace",
        "story",
    )
    written = {
        f"{module.name}: {ast.unparse(node)}"
        for module in BOT
        if not is_in(module.name, *(f"bot.{each}" for each in others))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec
        if re.fullmatch(r"f'[^%]*[,fge%]'", ast.unparse(node.format_spec))
    }

    assert written == set()


def test_the_scheduler_is_named_in_one_place():
    assert {name for name, module in HOUSE.items() if module.imports("apscheduler")} == {"bot.jobs"}


def test_nobody_reads_the_clock_but_who_puts_the_parts_together():
    """Time is a parameter. The writer's monotonic clock only measures waiting."""
    allowed = ("bot.__main__", "bot.locally", "bot.workspace")
    reading = {
        f"{name} reads {attribute}"
        for name, module in HOUSE.items()
        if not is_in(name, *allowed)
        for attribute in module.attributes
        if _is_clock(attribute)
    }
    imported = {
        name for name, module in HOUSE.items() if not is_in(name, *allowed) and "time.time" in module.imported
    }

    assert reading | imported == set()


def _is_clock(attribute: str) -> bool:
    owner, _, name = attribute.rpartition(".")
    return attribute == "time.time" or (name in CLOCKS and owner.rpartition(".")[2] in {"datetime", "date"})


def test_the_environment_is_read_in_one_place():
    reading = {
        name
        for name, module in HOUSE.items()
        if module.attributes & {"os.environ", "os.getenv"} or module.imports("os.environ", "os.getenv")
    }

    assert reading <= {"bot.settings"}


@pytest.mark.parametrize("module", LIVED_IN, ids=lambda module: module.name)
def test_files_and_functions_are_short(module: Module):
    """Past this length: split."""
    long = [
        f"{function.name}: {length}"
        for function in module.functions
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES_MOST
    ]

    assert long == []
    assert len(module.text.splitlines()) <= LINES_MOST


@pytest.mark.parametrize("module", HOUSE.values(), ids=lambda module: module.name)
def test_each_module_says_what_it_is_for(module: Module):
    assert not module.tree.body or ast.get_docstring(module.tree)


def test_the_manifest_is_one_that_slack_takes():
    schema = json.loads((ROOT / "tests" / "data" / "manifest.schema.json").read_text())
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())

    jsonschema.validate(manifest, schema)


def test_a_knot_is_seen_wherever_it_is_tied():
    """The rule itself works: a detour is a knot, a chain is none."""
    assert knots({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]
    assert knots({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
