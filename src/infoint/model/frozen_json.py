"""JSON data that cannot change: what `extra` and `custom` hold. Reading and writing JSON text is the codec's."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, NoReturn

DEPTH_LIMIT: Final = 32
NODES_LIMIT: Final = 20_000
WHOLE_LIMIT: Final = 2**53
"""Past it JSON readers that count in doubles return another number (RFC 8259 §6)."""


class FrozenMapping(dict[str, Any]):
    """A dict that refuses to change, so that a frozen value stays one. A dict all the same: it compares, prints and
    serialises like one (a MappingProxyType can be neither pickled nor hashed).
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is part of a frozen value; evolve the value, or use CustomField.put")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # dict says "unhashable"; this one cannot change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type["FrozenMapping"], tuple[dict[str, Any]]]:
        return FrozenMapping, (dict(self),)

    def __copy__(self) -> "FrozenMapping":
        return self

    def __deepcopy__(self, memo: object) -> "FrozenMapping":
        return self


EMPTY: Final = FrozenMapping()


class NotJson(ValueError):
    """What JSON cannot hold, or no storage gives back."""

    def __init__(self, where: str, problem: str) -> None:
        """`where`: the way from the mapping's top, "" for the mapping itself."""
        self.where, self.problem = where, problem
        super().__init__(f"{where.removeprefix('.')} {problem}".strip())


def freeze(value: Mapping[str, Any]) -> FrozenMapping:
    """A deep frozen copy. Raises NotJson."""
    if type(value) is FrozenMapping:
        return value
    budget = [NODES_LIMIT]
    if not isinstance(value, Mapping):
        raise NotJson("", f"needs a mapping, got {type(value).__name__}")
    frozen = _frozen(value, "", 0, budget)
    assert isinstance(frozen, FrozenMapping)  # noqa: S101  # for the type checker: a mapping freezes to one
    return frozen


def _frozen(value: object, where: str, depth: int, budget: list[int]) -> object:
    budget[0] -= 1
    if budget[0] < 0 or depth > DEPTH_LIMIT:
        raise NotJson("", f"holds more than {NODES_LIMIT:,} values, or is nested deeper than {DEPTH_LIMIT} levels")
    match value:
        case None | bool():
            return value
        case str():
            return _checked_text(value, where)
        case int():
            if abs(value) > WHOLE_LIMIT:
                raise NotJson(where, "is a whole number past 2^53, which JSON readers do not keep")
            return int(value)
        case float():
            if not isfinite(value):
                raise NotJson(where, "is not a finite number")
            return float(value)
        case Mapping():
            return FrozenMapping(
                {_key(key, where): _frozen(item, where + _step(key), depth + 1, budget) for key, item in value.items()}
            )
        case list() | tuple():
            return tuple(_frozen(item, f"{where}[{place}]", depth + 1, budget) for place, item in enumerate(value))
        case _:
            raise NotJson(where, f"is a {type(value).__name__}, which JSON does not have")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise NotJson(where, "has a key that is not text")
    return _checked_text(key, where)


_NAME: Final = re.compile(r"[A-Za-z0-9_:.-]{1,60}\Z")


def _step(key: object) -> str:
    # A key that is no name may be anything, a person's address among it: an error does not show it.
    return f".{key}" if isinstance(key, str) and _NAME.match(key) else "[…]"


def _checked_text(text: str, where: str) -> str:
    if "\0" in text or (not text.isascii() and any("\ud800" <= mark <= "\udfff" for mark in text)):
        raise NotJson(where, "holds a NUL or half a character, which no storage keeps")
    return str.__str__(text)  # not str(text): an enumeration's member would give its own name


def thaw(value: Any) -> Any:
    """Plain, changeable JSON again: dicts and lists."""
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [thaw(item) for item in value]
    return value
