"""Going through all that a value holds, however deep, and putting other ids and other words in its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import evolve, fields, has

from infoint.errors import InvalidValue

V = TypeVar("V")


def rewritten(value: V, *, ids: Mapping[UUID, UUID], words: Callable[[str], str]) -> V:
    """The value with these ids in place of those, and each text as `words` has it: in every field but `id`, in unknown keys and custom fields
    too. Names that are closed or open (a status, a kind) and texts in which the value cannot hold the new words stay. The value itself
    where nothing changes.
    """
    made: V = _rewritten(value, ids, words)
    return made


def _rewritten(value: Any, ids: Mapping[UUID, UUID], words: Callable[[str], str]) -> Any:
    match value:
        case UUID():
            return ids.get(value, value)
        case str() if type(value) is str:
            return words(value)
        case tuple() | list():
            return _of_one_type(value, [_rewritten(item, ids, words) for item in value])
        case frozenset():
            return _of_one_type(value, {_rewritten(item, ids, words) for item in value})
        case Mapping():
            changed = {key: _rewritten(item, ids, words) for key, item in value.items()}
            return value if changed == value else changed  # the field's converter freezes it again
        case _ if has(type(value)):
            return _with_fields(value, ids, words)
        case _:
            return value


def _of_one_type(value: Any, items: Any) -> Any:
    changed = type(value)(items)
    return value if changed == value else changed


def _with_fields(value: Any, ids: Mapping[UUID, UUID], words: Callable[[str], str]) -> Any:
    for one in fields(type(value)):
        held = getattr(value, one.name)
        if one.name == "id" or not one.init:
            continue
        wanted = _rewritten(held, ids, words)
        if wanted is not held and wanted != held:
            try:
                value = evolve(value, **{one.alias: wanted})
            except InvalidValue:  # an address in which a name stood is none any more
                continue
    return value


def leaves_of(value: Any) -> Iterator[object]:
    """Every text, id and other single value that a value holds, however deep; names of custom fields and unknown keys are not among them."""
    match value:
        case tuple() | list() | frozenset():
            for item in value:
                yield from leaves_of(item)
        case Mapping():
            for item in value.values():
                yield from leaves_of(item)
        case _ if has(type(value)):
            for one in fields(type(value)):
                yield from leaves_of(getattr(value, one.name))
        case _:
            yield value
