"""One person told of twice: what a stored contact becomes when an address book speaks of it again. Who is the same person is the
import plan's affair.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve, fields_dict, frozen

from infoint.model.contact import Contact, ExternalId
from infoint.people.web_address import canonical
from infoint.plain import JSON

MEMORY: Final = "infoint:imported"
"""The key in `Contact.custom` under which it is kept what the imports last said: source → field → value."""

SINGLE: Final = (
    "name",
    "organization",
    "title",
    "location",
    "zone",
    "role",
    "seniority",
    "source",
    "referred_by",
    "rapport",
    "do_not_contact",
    "notes",
)
"""Fields with one value: the file's may take the place of ours. What stands in `custom` is of this kind too."""
MANY: Final[Mapping[str, Callable[[Any], object]]] = {
    "emails": str.casefold,
    "phones": str,
    "addresses": str,
    "links": canonical,
    "interests": str,
    "tags": str.casefold,
    "external_ids": lambda one: (one.system, one.value),
}
"""Fields with several values: the file's are added to ours. And what two values are compared by."""
_EMPTY: Final = {name: attribute.default for name, attribute in fields_dict(Contact).items()}
_SHOWN: Final = 60
"""Characters of a value within a sentence."""


@frozen
class Merged:
    """What comes of it."""

    contact: Contact
    kept: tuple[str, ...]
    """Where the file has news, and the explorer's own words stay."""


def merged(stored: Contact, read: Contact) -> Merged:
    """Between what is stored and what the file says stands what the last import said.

    What the file says as it did last time is no news, so what the explorer has edited since then stays. News comes in where
    nothing is stored, or what an import brought; else the explorer's own words stay, and `kept` says so. What the file leaves
    empty takes nothing away. Several values are united, but one that the explorer took out does not come back.
    Raises InvalidValue where a contact cannot hold all that.
    """
    memories = _memories(stored)
    source = source_of(read)
    last = memories.get(source, {})
    ours, theirs = _single(stored), _single(read)
    news: dict[str, Any] = {}
    kept = []
    for name, value in theirs.items():
        if value == ours.get(name) or _plain(value) == last.get(name):
            continue
        if name not in ours or any(_plain(ours[name]) == said.get(name) for said in memories.values()):
            news[name] = value
        else:
            kept.append(f"{name} stays {_quoted(ours[name])}, the file says {_quoted(value)}")
    own = {name: value for name, value in news.items() if name not in SINGLE}
    changes = {name: value for name, value in news.items() if name in SINGLE}
    custom = {**stored.custom, **own, MEMORY: {**memories, source: _united(last, said_by(read))}}
    return Merged(evolve(stored, **changes, **_added(stored, read, memories), custom=custom), tuple(kept))


def remembered(read: Contact) -> Contact:
    """Someone new, with what was said of them noted for the next import."""
    return evolve(read, custom={**read.custom, MEMORY: {source_of(read): _united({}, said_by(read))}})


def source_of(read: Contact) -> str:
    """Whose word it is: the system that the person is first known in. Two address books that disagree do not contradict one
    another anew at each import.
    """
    return read.external_ids[0].system if read.external_ids else "address-book"


def said_by(read: Contact) -> dict[str, JSON]:
    """All that a row says, as plain data."""
    said = {name: _plain(value) for name, value in _single(read).items()}
    return said | {name: _plain(getattr(read, name)) for name in MANY if getattr(read, name)}


def _single(contact: Contact) -> dict[str, Any]:
    # Keys of `custom` hold a colon, so none of them is the name of a field.
    fields = {name: getattr(contact, name) for name in SINGLE if getattr(contact, name) != _EMPTY[name]}
    return fields | {key: value for key, value in contact.custom.items() if key != MEMORY}


def _added(stored: Contact, read: Contact, memories: Mapping[str, Mapping[str, JSON]]) -> dict[str, Any]:
    """The fields with several values to which the file adds something."""
    changes = {}
    for name, key in MANY.items():
        ours = getattr(stored, name)
        there = {key(one) for one in ours}
        said = [one for memory in memories.values() for one in _items(memory.get(name))]
        more = {key(one): one for one in getattr(read, name) if key(one) not in there and _plain(one) not in said}
        if more:
            changes[name] = ours.union(more.values()) if isinstance(ours, frozenset) else (*ours, *more.values())
    return changes


def _united(last: Mapping[str, JSON], said: Mapping[str, JSON]) -> dict[str, JSON]:
    """What was said last time or this time; of two single values the later."""
    several = {name: tuple(dict.fromkeys((*_items(last.get(name)), *_items(said.get(name))))) for name in MANY}
    return {**last, **said, **{name: values for name, values in several.items() if values}}


def _memories(stored: Contact) -> dict[str, Mapping[str, JSON]]:
    # Somebody else may have written there: what is of another form was none of ours.
    memory = stored.custom.get(MEMORY)
    said = memory if isinstance(memory, Mapping) else {}
    return {source: words for source, words in said.items() if isinstance(words, Mapping)}


def _items(value: JSON) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _plain(value: Any) -> Any:
    """As it is kept in `custom`, whose lists are tuples."""
    match value:
        case ExternalId():
            return (value.system, value.value)
        case ZoneInfo() | UUID():
            return str(value)
        case Enum():
            return value.value
        case str():
            return str.__str__(value)
        case frozenset():
            return tuple(sorted(value))
        case tuple():
            return tuple(map(_plain, value))
        case _:
            return value


def _quoted(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
