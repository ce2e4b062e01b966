"""The cattrs converter that puts entities together and takes them apart. Loaded on first use: importing the codec does not load
cattrs.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, partial
from typing import Any, get_args, get_origin

from attrs import evolve, fields as fields_of
from cattrs import Converter
from cattrs.errors import IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from infoint.codec.event_data import dump_event_with, load_event_with
from infoint.codec.forms import FORMS, member, open_name, plain
from infoint.model.events import Event, UnknownEvent
from infoint.model.frozen_json import freeze, thaw
from infoint.model.identity import Entity, Value
from infoint.model.open_name import OpenName
from infoint.plain import JSON


@cache
def converter(*, strict: bool) -> Converter:
    """`strict` remembers paths for errors and is slower: it is asked only once something has failed."""
    made = Converter(detailed_validation=strict)
    for kind, (to_plain, from_plain) in FORMS.items():
        made.register_unstructure_hook(kind, to_plain)
        made.register_structure_hook(kind, _without_type(from_plain))
    # By class, the most specific wins. By function would be no use here: cattrs asks those last, and has its own for text and
    # numbers. It calls str(…) on whatever comes, but JSON that says "3" for 3 is wrong, not nearly right.
    for primitive in (str, int, bool):
        made.register_structure_hook(primitive, plain)
    made.register_structure_hook(StrEnum, member)
    made.register_unstructure_hook(StrEnum, str)
    made.register_unstructure_hook(OpenName, str)
    made.register_structure_hook(OpenName, open_name)
    made.register_unstructure_hook_func(_is_just(Mapping[str, JSON]), thaw)
    made.register_structure_hook_func(_is_just(Mapping[str, JSON]), lambda data, _: freeze(data))
    made.register_unstructure_hook_func(_is_frozenset, lambda values: sorted(str(value) for value in values))
    made.register_structure_hook_factory(_is_list, partial(_list_structurer, made))
    made.register_unstructure_hook_factory(_is_a(Value), partial(_value_unstructurer, made))
    made.register_structure_hook_factory(_is_a(Value), partial(_value_structurer, made))
    made.register_unstructure_hook_func(_is_just(Event | UnknownEvent), lambda event: dump_event_with(made.unstructure, event))
    made.register_structure_hook_func(_is_just(Event | UnknownEvent), lambda data, _: load_event_with(made.structure, data))
    return made


def _is_a(parent: type) -> Callable[[Any], bool]:
    return lambda kind: isinstance(kind, type) and issubclass(kind, parent)


def _is_just(this: Any) -> Callable[[Any], bool]:
    return lambda kind: bool(kind == this)


def _is_frozenset(kind: Any) -> bool:
    return get_origin(kind) is frozenset


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (tuple, frozenset)


def _without_type(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda data, _: read(data)


def _list_structurer(made: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    container, item_kind = get_origin(kind), get_args(kind)[0]

    def structured(data: Any, _: Any) -> Any:
        if not isinstance(data, list | tuple):  # text too can be gone through, letter by letter
            raise ValueError(f"needs a list, got {type(data).__name__}")  # noqa: TRY004  # becomes InvalidValue
        return container([_item(made, one, item_kind, place) for place, one in enumerate(data)])

    return structured


def _item(made: Converter, data: Any, kind: Any, place: int) -> Any:
    try:
        return made.structure(data, kind)
    except Exception as error:
        error.add_note(IterableValidationNote(f"item {place}", place, kind))
        raise


def _hidden(kind: type[Value]) -> dict[str, Any]:
    """`extra` is poured out beside the known keys, `version` is the store's."""
    return {name: override(omit=True) for name in (["extra", "version"] if issubclass(kind, Entity) else ["extra"])}


def _value_unstructurer(made: Converter, kind: type[Value]) -> Callable[[Value], dict[str, JSON]]:
    known = make_dict_unstructure_fn(kind, made, **_hidden(kind))
    return lambda value: {**thaw(value.extra), **known(value)} if value.extra else known(value)


def _value_structurer(made: Converter, kind: type[Value]) -> Callable[[Any, Any], Value]:
    known = make_dict_structure_fn(kind, made, **_hidden(kind))
    names = frozenset(one.name for one in fields_of(kind)) - set(_hidden(kind))

    def structured(data: Any, _: Any) -> Value:
        if not isinstance(data, Mapping):
            raise ValueError(f"needs a mapping, got {type(data).__name__}")  # noqa: TRY004  # becomes InvalidValue
        value = known(data, kind)
        extra = {key: item for key, item in data.items() if key not in names}
        return evolve(value, extra=freeze(extra)) if extra else value

    return structured
