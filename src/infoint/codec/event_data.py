"""Events as JSON: the name beside the facts, `{"event": "schedule", "meeting": {…}}`. Unknown ones are kept as they came."""

from collections.abc import Callable, Mapping
from typing import Any

from infoint.model.events import EVENTS, Event, UnknownEvent
from infoint.model.frozen_json import freeze, thaw
from infoint.plain import JSON


def dump_event_with(dump: Callable[[Any], Any], event: Event | UnknownEvent) -> dict[str, JSON]:
    """The event's data; `dump` turns its facts into theirs."""
    if isinstance(event, UnknownEvent):
        kept: dict[str, JSON] = thaw(event.data)
        return kept if "event" in kept else {"event": event.name, **kept}
    return {"event": event.name, **dump(event)}


def load_event_with(load: Callable[[Any, Any], Any], data: object) -> Event | UnknownEvent:
    """The event; `load` turns its facts' data into a value of the type given. Raises ValueError for data without a name."""
    if not isinstance(data, Mapping) or not isinstance(data.get("event"), str):
        raise ValueError('needs a mapping with the event\'s name under "event"')  # noqa: TRY004  # becomes InvalidValue
    name = data["event"]
    if name not in EVENTS:
        return UnknownEvent(name, freeze(data))
    event: Event = load({key: item for key, item in data.items() if key != "event"}, EVENTS[name])
    return event
