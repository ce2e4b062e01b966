"""The public names, written down: taking one away, or letting one slip out, is a decision and not an accident.

After a decision: `INFOINT_REGENERATE_GOLDEN=1 python -m pytest tests/test_public_names.py`.
"""

import ast
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "public_names.golden.txt"
SRC = Path(__file__).parents[1] / "src"
PLACES = (
    "infoint",
    "infoint.calendar",
    "infoint.codec",
    "infoint.errors",
    "infoint.hooks",
    "infoint.model",
    "infoint.notes",
    "infoint.people",
    "infoint.plain",
    "infoint.plugin",
    "infoint.practice",
    "infoint.storage",
    "infoint.testing",
)
"""Where users import from."""


def public_names(place: str) -> list[str]:
    """What stands there for others: what is defined, what is imported `as` itself (also where only type checkers look), and `__all__`."""
    path = SRC.joinpath(*place.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return sorted({name for name in _bound(ast.parse(file.read_text(encoding="utf-8")).body) if not name.startswith("_")})


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                yield from _bound(node.body)
            case ast.ImportFrom():
                yield from (alias.asname for alias in node.names if alias.asname == alias.name)
            case ast.Assign(targets=[ast.Name("__all__")], value=value):
                yield from ast.literal_eval(value)
            case ast.ClassDef() | ast.FunctionDef():
                yield node.name
            case ast.AnnAssign(target=ast.Name(name)):
                yield name
            case ast.Assign(targets=[ast.Name(name)], value=value) if not ast.unparse(value).startswith(
                ("TypeVar(", "ParamSpec(")
            ):
                yield name
            case _:
                pass


def test_public_names_are_those_written_down() -> None:
    """A user's import would break with the next release, or an inner name become a promise."""
    names = "".join(f"{place}.{name}\n" for place in PLACES for name in public_names(place))
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        GOLDEN.write_text(names, encoding="utf-8")
    assert names.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("place", PLACES)
def test_public_names_are_there(place: str) -> None:
    """A type checker would promise a name that cannot be imported."""
    module = import_module(place)
    assert [name for name in public_names(place) if not hasattr(module, name)] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_star_gives_them(place: str) -> None:
    """`from infoint import *` in a notebook would give nothing, or what happens to be loaded."""
    there: dict[str, object] = {}
    exec(f"from {place} import *", there)  # noqa: S102  # inside a function there is no other way to write it
    assert set(public_names(place)) <= set(there)


@pytest.mark.parametrize("place", PLACES)
def test_lazy_names_are_those_type_checkers_see(place: str) -> None:
    """A name would load that no type checker knows, or completion would offer another list."""
    module = import_module(place)
    if hasattr(module, "__getattr__"):
        assert sorted(name for name in dir(module) if not name.startswith("_")) == public_names(place)


@pytest.mark.parametrize("place", PLACES)
def test_misspelt_names_are_errors(place: str) -> None:
    """A lazy face would answer to any name."""
    assert not hasattr(import_module(place), "no_such_name")
