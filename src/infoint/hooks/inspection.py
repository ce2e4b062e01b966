"""Looking at a plugin before any of it runs: is each hook spelt right, marked, and one that can be called with what the host has.
What a hook answers is the host's affair.
"""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from inspect import (
    Parameter,
    getattr_static,
    isasyncgenfunction,
    iscoroutinefunction,
    isfunction,
    isgeneratorfunction,
    signature,
)
from types import MappingProxyType, MethodType
from typing import Any, Final

from attrs import frozen

from infoint.errors import PluginError, UnknownHook
from infoint.hooks import specs

PREFIX: Final = "infoint_"
"""What the name of every hook begins with."""
_MARK: Final = "infoint_impl"
"""Where pluggy's marker leaves the options it was given."""


@frozen
class Implementation:
    """One marked function of a plugin."""

    hook: str
    attribute: str
    """Its name in the plugin; another than the hook's where `specname` says so."""
    function: Callable[..., Any]
    """As it is called: bound, if it is a method."""
    options: MappingProxyType[str, Any]


@cache
def known_hooks() -> MappingProxyType[str, Callable[..., Any]]:
    """Every hook there is, by name, with its specification."""
    return MappingProxyType({name: function for name, function in vars(specs).items() if name.startswith(PREFIX)})


def nearest(name: str, known: Iterable[str]) -> str:
    """What to add to a complaint about a name nobody knows; nothing where no name is near."""
    near = get_close_matches(name, tuple(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def implementations(plugin: object) -> Iterator[Implementation]:
    """The marked functions, in alphabetical order. Runs no property of the plugin."""
    for attribute in dir(plugin):
        options = _mark(plugin, attribute)
        if options is not None:
            hook = options.get("specname") or attribute
            yield Implementation(hook, attribute, getattr(plugin, attribute), MappingProxyType(options))


def unmarked(plugin: object) -> tuple[str, ...]:
    """What is named as a hook is, but is not marked or no function: nothing would ever call it."""
    marked = {implementation.attribute for implementation in implementations(plugin)}
    return tuple(
        attribute
        for attribute in dir(plugin)
        if attribute not in marked
        and (attribute in known_hooks() or (attribute.startswith(PREFIX) and _is_function(plugin, attribute)))
    )


def refuse_misfits(plugin: object, name: str) -> None:
    """Raises UnknownHook for a misspelt hook, PluginError for anything else that could never work as it is written."""
    found = tuple(implementations(plugin))
    for attribute in unmarked(plugin):
        if attribute in known_hooks():
            raise PluginError(name, attribute, "is no function marked @hookimpl, and would never be called")
        raise UnknownHook(name, attribute, f"is no hook, and not marked @hookimpl{nearest(attribute, known_hooks())}")
    if not found:
        raise PluginError(name, "", "has no hook: no function in it is marked @hookimpl")
    for implementation in found:
        if implementation.hook in known_hooks():
            _refuse_uncallable(implementation, name)
        elif not implementation.options.get("optionalhook"):
            raise UnknownHook(name, implementation.hook, f"is no hook{nearest(implementation.hook, known_hooks())}")


def _mark(plugin: object, attribute: str) -> dict[str, Any] | None:
    if not _is_function(plugin, attribute):
        return None
    found = getattr_static(plugin, attribute)
    # The marker may stand above or below @staticmethod and @classmethod.
    mark = getattr(found, _MARK, None) or getattr(getattr(found, "__func__", None), _MARK, None)
    return mark if isinstance(mark, dict) else None


def _is_function(plugin: object, attribute: str) -> bool:
    found = getattr_static(plugin, attribute, None)
    return isfunction(found) or isinstance(found, staticmethod | classmethod | MethodType)


def _refuse_uncallable(implementation: Implementation, name: str) -> None:
    function, hook = implementation.function, implementation.hook
    spec = signature(known_hooks()[hook])
    if implementation.options.get("wrapper") or implementation.options.get("hookwrapper"):
        raise PluginError(name, hook, "is a wrapper: each plugin is asked alone, so there is nothing to wrap")
    if iscoroutinefunction(function) or isasyncgenfunction(function):
        raise PluginError(name, hook, "is async: hooks are called, not awaited, so it would never run")
    if isgeneratorfunction(function) and spec.return_annotation is None:
        raise PluginError(name, hook, "holds a yield: nothing asks for what it gives, so it would never run")
    for parameter in signature(function).parameters.values():
        _refuse_unfillable(parameter, tuple(spec.parameters), name, hook)


def _refuse_unfillable(parameter: Parameter, offered: tuple[str, ...], name: str, hook: str) -> None:
    if parameter.kind in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
        raise PluginError(name, hook, f"takes {parameter}, which would always be empty: name the arguments it uses")
    filled = parameter.default is Parameter.empty and parameter.kind is not Parameter.KEYWORD_ONLY
    if parameter.name not in offered:
        if parameter.default is Parameter.empty:
            there = ", ".join(offered) or "none"
            problem = f"takes {parameter.name!r}, which is not offered{nearest(parameter.name, offered)}; there are: {there}"
            raise PluginError(name, hook, problem)
    elif not filled:
        raise PluginError(name, hook, f"takes {parameter.name!r} by keyword or with a default, and would never be given it")
