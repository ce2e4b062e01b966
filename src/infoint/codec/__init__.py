"""Values ⇄ plain JSON data. A room of its own: storages, archives, web apps and hosts with a JSON column all need it. Where the
data is kept is somebody else's.

The forms: a zoned time is RFC 9557 text ("2026-12-01T10:00:00-06:00[America/Chicago]"), a day and a time of day ISO 8601, a length
an ISO 8601 duration ("PT30M"), a set a sorted list, an id its text. Keys this infoint does not know go to `extra` when loaded and
come back out when dumped, at every level.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from infoint.codec.event_data import dump_event_with, load_event_with
from infoint.codec.search import index as index, instant as instant, text as text
from infoint.errors import InvalidValue, MissingId, NaiveTime
from infoint.model.events import EVENTS, Event, UnknownEvent
from infoint.model.frozen_json import NotJson
from infoint.model.identity import Entity, Value
from infoint.plain import JSON

SCHEMA: Final = (1, 0)
"""Version of the forms, (major, minor). A newer minor adds keys, which survive here; a newer major cannot be read."""

V = TypeVar("V", bound=Value)


def dump(value: Value) -> dict[str, JSON]:
    """Plain data, fit for `json.dumps`. Not `version`: that is the store's."""
    from infoint.codec.converter import converter

    dumped: dict[str, JSON] = converter(strict=False).unstructure(value)
    return dumped


def load(type: type[V], data: Mapping[str, JSON], *, version: int = 0) -> V:
    """The value. `version`: what a store has counted for an entity, kept apart from its data. Raises InvalidValue (NaiveTime for a
    time without zone) with the path of what is wrong.
    """
    value: V = _load(lambda structure: structure(data, type), type.__name__)
    if version and isinstance(value, Entity):
        # Nobody else has it yet, and a store's count needs no looking at; `evolve` would make all of it a second time.
        object.__setattr__(value, "version", version)
    return value


def dump_event(event: Event | UnknownEvent) -> dict[str, JSON]:
    """`{"event": "schedule", "meeting": {…}}`"""
    return dump_event_with(dump, event)


def load_event(data: Mapping[str, JSON]) -> Event:
    """The event. Raises InvalidValue for one this infoint does not know: such a one can be kept in a history, not recorded."""
    event = _load(lambda structure: load_event_with(structure, data), "event")
    if isinstance(event, UnknownEvent):
        raise InvalidValue("event", "event", f"needs one of {', '.join(EVENTS)}", value=event.name)
    return event


R = TypeVar("R")


def _load(read: Callable[[Callable[[Any, Any], Any]], R], entity: str) -> R:
    from infoint.codec.converter import converter

    try:
        return read(converter(strict=False).structure)
    except Exception:  # noqa: BLE001  # cattrs passes on whatever a bad value provokes; the second, slower run finds out where
        return _load_again(read, entity)


def _load_again(read: Callable[[Callable[[Any, Any], Any]], R], entity: str) -> R:
    from infoint.codec.converter import converter

    try:
        return read(converter(strict=True).structure)
    except Exception as error:  # noqa: BLE001  # nothing is swallowed: the cause becomes an error of ours
        raise _located(error, entity) from None


def _located(error: BaseException, entity: str) -> InvalidValue:
    path = _step(error)
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
        path += _step(error)
    path = path.removeprefix(".")
    match error:
        case NaiveTime():
            return NaiveTime(entity, path or "data", value=error.value)
        case MissingId():  # its own remedy, to save first, helps nobody who reads data
            field = error.entity.rpartition(".")[2]
            return InvalidValue(entity, f"{path}.{field}".removeprefix("."), "names nothing: this is the nil UUID")
        case InvalidValue():
            return InvalidValue(entity, f"{path}.{error.field}".removeprefix("."), error.problem, value=error.value)
        case NotJson():
            return InvalidValue(entity, f"{path}{error.where}".removeprefix(".") or "data", error.problem)
        case KeyError():
            return InvalidValue(entity, path or "data", "is missing")
        case ValueError() if type(error) is ValueError:
            return InvalidValue(entity, path or "data", str(error))
        case _:
            return InvalidValue(entity, path or "data", "cannot be read as what belongs there")


def _step(error: BaseException) -> str:
    """The way that cattrs notes on an error it passes on: which attribute, which item; the outermost is noted last."""
    step = ""
    for note in getattr(error, "__notes__", ()):
        if (name := getattr(note, "name", None)) is not None:
            step = f".{name}{step}"
        elif (place := getattr(note, "index", None)) is not None:
            step = f"[{place}]{step}"
    return step
