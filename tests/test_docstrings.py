"""What is public says what it is, and every test says what would be wrong if it failed."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "src").rglob("*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
TESTS = sorted(
    [*(ROOT / "tests").rglob("*.py"), *ROOT.glob("plugins/*/tests/**/*.py"), *(ROOT / "src/infoint/testing").glob("*.py")]
)

Named: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(body: list[ast.stmt]) -> Iterator[Named]:
    """Classes, functions and methods whose names and whose classes' names carry no underscore; overloads share one docstring."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from public([*node.body, *node.orelse])
        if not isinstance(node, Named) or node.name.startswith("_"):
            continue
        if not any(ast.unparse(decorator).endswith(("overload", ".setter", ".validator")) for decorator in node.decorator_list):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body)


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def place(file: Path, node: Named) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_public_names_say_what_they_are(file: Path) -> None:
    """Somebody would have to read the code to know what a name is for."""
    assert ast.get_docstring(parsed(file)), f"{file.name} has no docstring"
    assert [place(file, node) for node in public(parsed(file).body) if not ast.get_docstring(node)] == []


def test_every_test_says_what_would_be_wrong() -> None:
    """A failing test would tell that something is wrong, and not what."""
    silent = [
        place(file, node)
        for file in TESTS
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_test_file_says_what_it_is_about() -> None:
    """Nobody would know where a new test belongs."""
    assert [str(file.relative_to(ROOT)) for file in TESTS if not ast.get_docstring(parsed(file))] == []


def test_what_is_silent_is_found() -> None:
    """The tests above would pass whatever is written."""
    source = (
        "def a(): ...\nclass B:\n    '''Doc.'''\n    def c(self): ...\n    def _d(self): ...\nclass _E:\n    def f(self): ...\n"
    )
    assert [node.name for node in public(ast.parse(source).body) if not ast.get_docstring(node)] == ["a", "c"]
