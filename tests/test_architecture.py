"""Imports point one way, whoever makes them: at the top of a file, within a function, for type checkers only, or by a name in text."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
FILES = sorted((SRC / "infoint").rglob("*.py"))
ROOMS = {"model", "practice", "codec", "calendar", "notes", "people", "storage", "hooks", "workspace", "cli", "testing"}
FREE = {"errors", "plain", "plugin", "lazy", "bidi", "closed_name"}
"""What everybody may import; they import nothing of ours but what `MAY` says."""


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(file): file for file in FILES}


def room_of(module: str) -> str:
    """ "notes" of "infoint.notes.documents.due_list"; "" of the face."""
    return ".".join(module.split(".")[1:2])


# ── who imports whom ─────────────────────────────────────────────────────────────────────────────
def imports(module: str, source: str) -> Iterator[str]:
    """Every module the source names, wherever it stands: `from infoint.notes import render` is `infoint.notes`, and
    `from infoint import codec` is `infoint.codec`.
    """
    package = module if MODULES.get(module, Path()).name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{origin}.{alias.name}"
                yield full if full in MODULES else origin
        elif isinstance(node, ast.Constant) and node.value in MODULES and node.value != "infoint":
            yield node.value


def ours(module: str) -> set[str]:
    """What the module imports of infoint, itself left out."""
    found = set(imports(module, MODULES[module].read_text(encoding="utf-8")))
    return {name for name in found if name == "infoint" or name.startswith("infoint.")} - {module}


MAY: dict[str, set[str]] = {
    "errors": set(),
    "plain": set(),
    "plugin": set(),
    "lazy": set(),
    "bidi": set(),
    "closed_name": {"errors"},
    "files": set(),
    "model": set(),
    "practice": {"model"},
    "codec": {"model"},
    "calendar": {"model", "practice"},
    "notes": {"model", "practice", "files"},
    "people": {"model", "practice"},
    "storage": set(),
    "hooks": {"model", "practice", "calendar", "notes", "people", "storage"},
    "workspace": {"model", "practice", "codec", "calendar", "notes", "people", "storage", "hooks", "files"},
    "cli": {"", "model", "practice", "codec", "calendar", "notes", "people", "storage", "hooks", "files", "workspace"},
    "__main__": {"cli"},
    "testing": {
        "",
        "model",
        "practice",
        "codec",
        "calendar",
        "notes",
        "people",
        "storage",
        "hooks",
        "files",
        "workspace",
        "cli",
    },
    "": {"model", "practice", "codec", "calendar", "notes", "people", "storage", "hooks", "workspace"},
}
"""Room → the rooms it may import besides itself and the free ones; "" is the face, `infoint` itself."""

BESIDE = {"calendar", "notes", "people", "storage"}
"""The rooms plugins add to. They know nothing of one another."""
CONTRACTS = {name for name in MODULES if name.endswith(".contract")}
HOOKS_MAY = CONTRACTS | {
    "infoint.calendar.entries",
    "infoint.calendar.drafts",
    "infoint.calendar.options",
    "infoint.notes.renderers",
    "infoint.notes.documents",
    "infoint.notes.wordings",
}
"""What hooks may import of the rooms plugins add to; only `builtin` reaches implementations."""
HOOKS_BLIND = {name for name in MODULES if room_of(name) == "hooks"} - {"infoint.hooks.builtin"}


def arrows(module: str, targets: set[str]) -> Iterator[str]:
    """The forbidden ones."""
    room = room_of(module)
    for target in sorted(targets):
        to = room_of(target)
        if to not in MAY[room] | FREE | {room} or (room in FREE and to not in MAY[room] | {room}):
            yield f"{module} → {target}"
        elif module in HOOKS_BLIND and to in BESIDE and target not in HOOKS_MAY:
            yield f"{module} → {target}: only builtin reaches implementations"


def test_every_file_is_in_a_known_room() -> None:
    """A new room could import what it likes, because nobody said what it may."""
    assert {room_of(module) for module in MODULES} <= set(MAY)
    assert len(FILES) > 50


def test_imports_point_one_way() -> None:
    """One room could not be used, understood or replaced without another."""
    wrong = [arrow for module in MODULES for arrow in arrows(module, ours(module))]
    assert wrong == []


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_contracts_know_next_to_nothing(contract: str) -> None:
    """A provider plugin would load half of infoint, and break when any of it changes."""
    may = {f"infoint.{name}" for name in FREE}
    may |= {"infoint.model.contact"} if contract == "infoint.people.contract" else set()
    may |= {"infoint.files"} if contract == "infoint.notes.contract" else set()
    reached, waiting = set[str](), [contract]
    while waiting:
        for target in ours(waiting.pop()) - reached:
            reached.add(target)
            # What a contract is made of within its room has to be as ignorant as it is.
            if room_of(target) == room_of(contract):
                waiting.append(target)
    assert {target for target in reached if room_of(target) != room_of(contract)} <= may


def test_rooms_beside_each_other_are_blind() -> None:
    """Calendars, notes, address books and storage would not be four parts but one."""
    for module in MODULES:
        if room_of(module) in BESIDE:
            assert not {room_of(target) for target in ours(module)} & (BESIDE - {room_of(module)}), module


def test_nobody_imports_the_kit() -> None:
    """Apps would need pytest to run."""
    assert not [module for module in MODULES if room_of(module) != "testing" for to in ours(module) if room_of(to) == "testing"]


HIDDEN = {
    "at the top": "from infoint.storage.sqlite import SqliteStorage",
    "as a module": "import infoint.storage.sqlite",
    "within a function": "def f():\n    from infoint.storage.sqlite import SqliteStorage",
    "for type checkers": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from infoint.storage import sqlite",
    "by name": "from importlib import import_module\nimport_module('infoint.storage.sqlite')",
    "relative": "from ..storage import sqlite",
    "in a class": "class A:\n    import infoint.storage.sqlite as s",
}


@pytest.mark.parametrize("where", HIDDEN)
def test_the_walk_finds_imports(where: str) -> None:
    """An import could hide from the tests above."""
    found = set(imports("infoint.notes.text", HIDDEN[where]))
    assert any(room_of(name) == "storage" for name in found)
    assert list(arrows("infoint.notes.text", {name for name in found if name.startswith("infoint.")}))


@pytest.mark.parametrize(
    ("module", "target", "wrong"),
    [
        ("infoint.errors", "infoint.model.contact", True),
        ("infoint.errors", "infoint.plugin", True),
        ("infoint.model.contact", "infoint.practice.policy", True),
        ("infoint.model.contact", "infoint", True),
        ("infoint.storage.sqlite", "infoint.codec", True),
        ("infoint.calendar.entries", "infoint.files", True),
        ("infoint.hooks.host", "infoint.notes.markdown", True),
        ("infoint.hooks.builtin", "infoint.notes.markdown", False),
        ("infoint.hooks.host", "infoint.workspace.engine", True),
        ("infoint.notes.contract", "infoint.files", False),
        ("infoint.workspace.engine", "infoint.testing", True),
    ],
)
def test_the_walk_judges(module: str, target: str, wrong: bool) -> None:
    """The tests above would pass whatever is imported."""
    assert bool(list(arrows(module, {target}))) is wrong


# ── what is not ours ─────────────────────────────────────────────────────────────────────────────
HOMES = {
    "attrs": set(MAY),
    "pluggy": {"plugin", "hooks"},
    "cattrs": {"codec"},
    "icalendar": {"calendar"},
    "dateutil": {"calendar", "practice"},
    "sqlite3": {"storage"},
    "hypothesis": {"testing"},
    "pytest": {"testing"},
}


def test_libraries_stay_in_their_rooms() -> None:
    """A dependency would spread until it cannot be changed, or one be used that nobody declared."""
    for module, file in MODULES.items():
        for name in imports(module, file.read_text(encoding="utf-8")):
            library = name.partition(".")[0]
            if library in HOMES:
                assert room_of(module) in HOMES[library], f"{module} imports {library}"
            else:
                assert library == "infoint" or library in sys.stdlib_module_names, f"{module} imports {library}"


CLOCK = re.compile(
    r"(?:^|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time(?:_ns)?|urandom|uuid[1-8]|token_(?:bytes|hex|urlsafe)|SystemRandom)$"
)
CLOCK_HOMES = {"infoint.workspace.engine", "infoint.files", "infoint.storage.sqlite.commits", "infoint.workspace.repeating"}
"""The engine has the only clock and the only source of ids; names of temporary files and pauses before trying again are chance too, and
nobody sees them; and ids of commits must be, since no other may have them.
"""


def test_only_the_engine_reads_a_clock() -> None:
    """The same facts would give other bytes tomorrow."""
    for module, file in MODULES.items():
        source = file.read_text(encoding="utf-8")
        called = {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
        if room_of(module) != "testing" and module not in CLOCK_HOMES:
            assert not [function for function in called if CLOCK.search(function)], module
            assert "random" not in set(imports(module, source)), module


@pytest.mark.parametrize(
    "call", ["datetime.now", "dt.datetime.today", "date.today", "time.time", "os.urandom", "uuid4", "uuid.uuid7"]
)
def test_clocks_and_chance_are_recognised(call: str) -> None:
    """The test above would pass whatever is called."""
    assert CLOCK.search(call)
    assert not CLOCK.search("self.now")


# ── names and paths ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("word", ["utils", "util", "helpers", "helper", "core", "base", "common", "misc"])
def test_no_module_is_named_for_nothing(word: str) -> None:
    """A module would hold whatever found no other place."""
    assert not [file for file in FILES if word in (*file.relative_to(SRC).parts[:-1], file.stem)]


MACHINE = re.compile(r"(?<![\w.])(?:/(?:home|root|Users|tmp|work|var/folders)/|[A-Z]:\\\\Users)")


def test_no_path_of_a_machine_is_in_the_source() -> None:
    """Something would work on one computer only, or tell whose it was."""
    every = (file for file in (SRC / "infoint").rglob("*") if file.suffix in {".py", ".toml", ".sql", ".txt"})
    assert [file.name for file in every if MACHINE.search(file.read_text(encoding="utf-8"))] == []
    assert MACHINE.search('open("/home/ana/notes.txt")')
    assert not MACHINE.search("https://oak.example/home/ana")
