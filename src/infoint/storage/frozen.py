"""Mappings and lists that cannot change, and the one way into them, which also refuses what no storage could give back. They
equal the plain dict or list of the same content, so nobody who reads needs to know.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn, TypeVar

from infoint.errors import InvalidRecord
from infoint.plain import JSON

K = TypeVar("K")
V = TypeVar("V")

MAX_DEPTH: Final = 64
"""Levels of nesting; the record itself is the first."""
MAX_BYTES: Final = 16 * 1024 * 1024
"""Of a record's data as compact JSON in UTF-8, and of its text."""
MAX_INT: Final = 2**53
"""Beyond it, readers that keep numbers as doubles (JavaScript, many JSON columns) change them."""

_SHORT: Final = 4_096
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_:-]{0,60}")


def _refuse(self: object, *_args: Any, **_kwargs: Any) -> NoReturn:
    raise TypeError(f"a {type(self).__name__} cannot be changed; make a new one")


_MOST_NAMES: Final = 1_000
_NAMES: Final[dict[str, str]] = {}
"""Keys that were looked at before: records of one kind have the same ones."""


class FrozenDict(dict[K, V]):
    """A dict that stays as it was made. (MappingProxyType would do, but cannot be pickled or written as JSON.)"""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles and copies by making it anew: the default way sets item by item."""
        return type(self), (dict(self),)


class FrozenList(list[V]):
    """A list that stays as it was made. (A tuple would do, but does not equal the list that JSON gives back.)"""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """As FrozenDict."""
        return type(self), (list(self),)


class _Refused(Exception):
    """Never leaves this module. What is wrong; the steps to the place are put before it on the way out."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        self.steps: list[str] = []
        super().__init__(problem)


class _Size:
    """Bounds of the length as JSON, cheap to keep, so that the true length is counted only where it matters."""

    def __init__(self) -> None:
        self.least = self.most = 0

    def add(self, least: int, most: int) -> None:
        self.least += least
        self.most += most
        if self.least > MAX_BYTES:
            # Also the end of a structure that holds itself many times over: it would never be finished.
            raise _too_large()


def _too_large() -> _Refused:
    return _Refused(f"is larger than {MAX_BYTES // 1024 // 1024} MiB as JSON")


def frozen_json(data: Mapping[str, JSON], *, name: str = "data") -> FrozenDict[str, JSON]:
    """An unchangeable deep copy. Raises InvalidRecord, which names the place and never the value, for: a NUL or a lone surrogate in
    a text or key, a number that is not finite, an integer beyond 2^53, nesting deeper than 64, more than 16 MiB as JSON, and whatever
    is not JSON.
    """
    if not isinstance(data, Mapping):
        raise InvalidRecord(f"must be a mapping, not a {type(data).__name__}", place=name)
    size = _Size()
    try:
        copy = _mapping(data, 1, size)
        if size.most > MAX_BYTES and len(json.dumps(copy, ensure_ascii=False, separators=(",", ":")).encode()) > MAX_BYTES:
            raise _too_large()
    except _Refused as refused:
        raise InvalidRecord(refused.problem, place="".join([name, *reversed(refused.steps)])) from None
    return copy


def text_problem(text: str) -> str:
    """What keeps a text from coming back unchanged everywhere; "" if nothing does."""
    if "\x00" in text:
        return "holds a NUL character"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "holds half of a character (a lone surrogate)"
    return ""


def _frozen(value: object, depth: int, size: _Size) -> JSON:
    if value is None or isinstance(value, bool):
        size.add(4, 6)
        return value
    if isinstance(value, str):
        return _text(value, size)
    if isinstance(value, int):
        size.add(1, 20)
        if abs(value) > MAX_INT:
            raise _Refused("is an integer beyond 2^53, which many readers would change")
        return int(value)
    if isinstance(value, float):
        size.add(1, 30)
        if not math.isfinite(value):
            raise _Refused("is not a finite number")
        return float(value)
    if isinstance(value, Mapping):
        return _mapping(value, depth, size)
    if isinstance(value, list | tuple):
        return _list(value, depth, size)
    raise _Refused(f"is a {type(value).__name__}, which JSON has not")


def _text(value: str, size: _Size) -> str:
    # In JSON a character takes at most six bytes: a control character is written as \u0001.
    length = len(value)
    size.add(length + 2, 6 * length + 3)
    if ("\x00" in value or not value.isascii()) and (problem := text_problem(value)):
        raise _Refused(problem)
    return value if type(value) is str else str.__str__(value)


def _list(value: list[Any] | tuple[Any, ...], depth: int, size: _Size) -> FrozenList[JSON]:
    _deeper(depth, size)
    items: list[JSON] = []
    for number, item in enumerate(value):
        try:
            items.append(_frozen(item, depth + 1, size))
        except _Refused as refused:
            refused.steps.append(f"[{number}]")
            raise
    return FrozenList(items)


def _mapping(value: Mapping[Any, Any], depth: int, size: _Size) -> FrozenDict[str, JSON]:
    _deeper(depth, size)
    items: dict[str, JSON] = {}
    least = 0
    for number, (key, item) in enumerate(value.items(), start=1):
        if not isinstance(key, str):
            raise _Refused(f"has a {type(key).__name__} as key {number}; keys are text")
        try:
            # What most keys and items are, without a call for each: every record that is saved comes through here.
            name = _NAMES.get(key, "")
            if name:
                least += len(name) + 2
            else:
                name = _text(key, size)
                if len(_NAMES) < _MOST_NAMES and _PLAIN_NAME.fullmatch(name):
                    _NAMES[name] = name
            if type(item) is str and len(item) < _SHORT and item.isascii() and "\x00" not in item:
                items[name] = item
                least += len(item) + 2
            elif item is None or item is True or item is False:
                items[name] = item
                least += 4
            else:
                items[name] = _frozen(item, depth + 1, size)
        except _Refused as refused:
            # A key may be a person's words too, or what no message should print: only names are shown.
            refused.steps.append(f".{key}" if _PLAIN_NAME.fullmatch(key) else f".(key {number})")
            raise
    size.add(least, 6 * least)
    return FrozenDict(items)


def _deeper(depth: int, size: _Size) -> None:
    size.add(2, 4)
    if depth > MAX_DEPTH:
        raise _Refused(f"is nested deeper than {MAX_DEPTH} levels")
