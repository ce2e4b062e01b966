"""Going through all that a value holds, however deep, and putting other ids and other words in its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from attrs import evolve, fields, has

from infoint.errors import InvalidValue

V = TypeVar("V")


def rewritten(value: V, *, ids: Mapping[UUID, UUID], words: Callable[[str], str], keys: bool = False) -> V:
    """The value with these ids in place of those, and each text as `words` has it: in every field but `id`, in unknown keys and custom fields
    too, with `keys` also in the keys within these. Names that are closed or open (a status, a kind) and texts in which the value cannot
    hold the new words stay. The value itself where nothing changes.
    """
    made: V = _rewritten(value, _Other(ids, words, keys))
    return made


class _Other(NamedTuple):
    ids: Mapping[UUID, UUID]
    words: Callable[[str], str]
    keys: bool


def _rewritten(value: Any, other: _Other) -> Any:
    match value:
        case UUID():
            return other.ids.get(value, value)
        case str() if type(value) is str:
            return other.words(value)
        case tuple() | list():
            return _of_one_type(value, [_rewritten(item, other) for item in value])
        case frozenset():
            return _of_one_type(value, {_rewritten(item, other) for item in value})
        case Mapping():
            changed = _with_keys(value, other)
            return value if changed == value else changed  # the field's converter freezes it again
        case _ if has(type(value)):
            return _with_fields(value, other)
        case _:
            return value


def _of_one_type(value: Any, items: Any) -> Any:
    changed = type(value)(items)
    return value if changed == value else changed


def _with_keys(value: Mapping[Any, Any], other: _Other) -> dict[Any, Any]:
    changed: dict[Any, Any] = {}
    for key, item in value.items():
        wanted = name = other.words(key) if other.keys and isinstance(key, str) else key
        number = 1
        while name in changed or (name != key and name in value):  # two keys may become one, and none be lost
            number += 1
            name = f"{wanted} {number}"
        changed[name] = _rewritten(item, other)
    return changed


def _with_fields(value: Any, other: _Other) -> Any:
    for one in fields(type(value)):
        held = getattr(value, one.name)
        if one.name == "id" or not one.init:
            continue
        wanted = _rewritten(held, other)
        if wanted is not held and wanted != held:
            try:
                value = evolve(value, **{one.alias: wanted})
            except InvalidValue:  # an address in which a name stood is none any more
                if other.keys and isinstance(held, Mapping):  # nor a key that has to be of one form: what it stands for is
                    below = {key: _rewritten(item, other) for key, item in held.items()}
                    value = evolve(value, **{one.alias: below})
    return value


def leaves_of(value: Any) -> Iterator[object]:
    """Every text, id and other single value that a value holds, however deep; names of custom fields and unknown keys too."""
    match value:
        case tuple() | list() | frozenset():
            for item in value:
                yield from leaves_of(item)
        case Mapping():
            for key, item in value.items():
                yield from leaves_of(key)
                yield from leaves_of(item)
        case _ if has(type(value)):
            for one in fields(type(value)):
                yield from leaves_of(getattr(value, one.name))
        case _:
            yield value
