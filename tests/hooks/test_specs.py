"""The specifications of the hooks are their reference: whoever writes a plugin reads them."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

from infoint.hooks.inspection import known_hooks

HOOKS = sorted(known_hooks().items())


def example(function: Callable[..., Any]) -> ast.FunctionDef:
    """What stands indented in the docstring, compiled."""
    doc = inspect.getdoc(function) or ""
    source = textwrap.dedent(doc[doc.index("    @hookimpl") :])
    compile(source, function.__name__, "exec")
    (made,) = ast.parse(source).body
    assert isinstance(made, ast.FunctionDef)
    return made


def test_there_are_hooks() -> None:
    """The tests below would pass because there is nothing to look at."""
    assert len(HOOKS) >= 9


@pytest.mark.parametrize(("name", "function"), HOOKS)
def test_docstring_says_when_and_what(name: str, function: Callable[..., Any]) -> None:
    """Authors would have to read the host's code to know when they are called and what to give."""
    doc = inspect.getdoc(function) or ""
    assert "Called " in doc
    assert "eturn" in doc or ".add(" in doc
    for argument in inspect.signature(function).parameters:
        assert argument in doc, f"{name} does not speak of {argument}"


@pytest.mark.parametrize(("name", "function"), HOOKS)
def test_example_is_a_plugin(name: str, function: Callable[..., Any]) -> None:
    """The example that everybody copies would be refused."""
    made = example(function)
    assert made.name == name
    assert [ast.unparse(decorator) for decorator in made.decorator_list] == ["hookimpl"]
    offered = {argument.arg: ast.unparse(argument.annotation) for argument in _arguments(function) if argument.annotation}
    for argument in made.args.args:
        assert argument.annotation is not None
        assert ast.unparse(argument.annotation) == offered[argument.arg]


@pytest.mark.parametrize(("name", "function"), HOOKS)
def test_annotations_can_be_read(name: str, function: Callable[..., Any]) -> None:
    """`check_plugin` would have nothing to compare with."""
    hints = get_type_hints(function)
    assert set(hints) == {*inspect.signature(function).parameters, "return"}


@pytest.mark.parametrize(("name", "function"), HOOKS)
def test_hooks_that_are_asked_for_an_answer_say_so(name: str, function: Callable[..., Any]) -> None:
    """A hook would take answers nobody looks at, or none be asked for where they are."""
    gives = get_type_hints(function)["return"] is not type(None)
    assert gives is not (name.startswith("infoint_register_") or name == "infoint_interview_changed")


def _arguments(function: Callable[..., Any]) -> list[ast.arg]:
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(made, ast.FunctionDef)
    return made.args.args
