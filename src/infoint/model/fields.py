"""How fields take and judge what they are given. Converters put a value into its one form and never raise; validators refuse
what is left wrong, naming entity and field. What a field means is said where the entity is.
"""

import re
from collections.abc import Callable, Mapping, Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from infoint.errors import InvalidValue, MissingId, NaiveTime
from infoint.model.frozen_json import FrozenMapping, NotJson, freeze
from infoint.plain import JSON

LINE_LIMIT: Final = 1_000
"""Characters in a name, a title, a place."""
TEXT_LIMIT: Final = 100_000
"""Characters in notes, answers, drafts: half an hour of speech is about 27,000."""
ITEMS_LIMIT: Final = 1_000
"""Items in any list of a value, history lines included."""
YEARS: Final = (1900, 2200)
NIL: Final = UUID(int=0)

T = TypeVar("T")

Validator: TypeAlias = Callable[[Any, Any, Any], None]

# Everything that ends a line somewhere, and everything that is no text: see RFC 5545 §3.1 and XML 1.0 §2.2.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_OF_THIS_MACHINE = re.compile(r"(?:posix|right)/|(?:localtime|posixrules|Factory)\Z")
"""Zone names that mean something else, or nothing, on the next machine."""


# ── converters ───────────────────────────────────────────────────────────────────────────────────
def as_text(value: str) -> str:
    """Cleaned text of several lines: every line end becomes LF, control characters go (tab stays), half characters become U+FFFD."""
    if not isinstance(value, str) or (value.isascii() and value.isprintable() and type(value) is str):
        return value
    return _HALF_CHARACTER.sub("\ufffd", _NO_TEXT.sub("", _LINE_END.sub("\n", value)))


def as_line(value: str) -> str:
    """Cleaned text of one line: any run of white space is one space, none at the ends."""
    cleaned = as_text(value)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


def as_lines(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Cleaned lines. Not Iterable[str]: a bare str is one, and would fall apart into letters unnoticed by a type checker."""
    return tuple(map(as_line, value)) if isinstance(value, tuple | list) else value


def as_line_set(value: AbstractSet[str] | tuple[str, ...] | list[str]) -> frozenset[str]:
    """Cleaned lines, each once."""
    try:
        return frozenset(map(as_line, value)) if isinstance(value, AbstractSet | tuple | list) else value
    except TypeError:
        return value  # type: ignore[return-value]  # unhashable items: the validator refuses it


def as_tuple(value: tuple[T, ...] | list[T]) -> tuple[T, ...]:
    """A list, once and for all. Each type has a converter of its own around it: type checkers cannot follow a generic one."""
    return tuple(value) if isinstance(value, list) else value


def as_frozenset(value: AbstractSet[T] | tuple[T, ...] | list[T]) -> frozenset[T]:
    """Each once. As for `as_tuple`."""
    try:
        return frozenset(value) if isinstance(value, AbstractSet | tuple | list) else value
    except TypeError:
        return value  # type: ignore[return-value]  # unhashable items: the validator refuses it


def as_ids(value: tuple[UUID, ...] | list[UUID]) -> tuple[UUID, ...]:
    """Ids as they are kept."""
    return as_tuple(value)


def as_zone(value: str | ZoneInfo) -> ZoneInfo:
    """A zone from its IANA name ("Europe/Madrid"). A ZoneInfo from elsewhere gives way to the one its name stands for."""
    key = value.key if isinstance(value, ZoneInfo) else value
    return _named_zone(key) or value  # type: ignore[return-value]  # what is left text the validator refuses


def _named_zone(key: object) -> ZoneInfo | None:
    if not isinstance(key, str) or _OF_THIS_MACHINE.match(key):
        return None
    try:
        return ZoneInfo(key)
    except (OSError, ValueError, KeyError):
        return None


def as_zone_or_none(value: str | ZoneInfo | None) -> ZoneInfo | None:
    """As `as_zone`; None stays None."""
    return None if value is None else as_zone(value)


def as_zoned(value: datetime) -> datetime:
    """A zoned time in its one form. A ZoneInfo with an IANA name stays; any other zone keeps the instant and becomes UTC. A time
    the clocks skip is read with the offset before the change (RFC 5545 §3.3.5), so it moves on by the length of the gap.
    """
    if not isinstance(value, datetime) or _offset(value) is None or not YEARS[0] <= value.year <= YEARS[1]:
        return value
    moment = value.astimezone(UTC).replace(fold=0)
    if type(moment) is not datetime:  # other libraries have subclasses, which would print and compare in ways of their own
        moment = datetime.combine(moment.date(), moment.timetz())
    key = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    zone = None if key == "UTC" else _named_zone(key)
    return moment.astimezone(zone) if zone else moment


def _offset(value: datetime) -> timedelta | None:
    # A zone that does not know its offset is none: Python would take the time for the machine's own.
    try:
        return value.utcoffset()
    except Exception:  # noqa: BLE001  # a foreign zone class may raise whatever it likes
        return None


def as_zoned_or_none(value: datetime | None) -> datetime | None:
    """As `as_zoned`; None stays None."""
    return None if value is None else as_zoned(value)


def as_json(value: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """A deep frozen copy."""
    try:
        return freeze(value)
    except NotJson:
        return value


def instant(value: datetime) -> datetime:
    """What times are put in order by: Python orders two times of one zone by the clock face, which runs twice through an
    autumn night (PEP 495).
    """
    return value.astimezone(UTC)


def instant_and_zone(value: datetime | None) -> tuple[datetime, str] | None:
    """What two times are compared by: Python compares times of one zone by the clock face alone, and so takes the first
    and the second 01:30 of an autumn night for one (PEP 495).
    """
    return None if value is None else (instant(value), str(value.tzinfo))


# ── validators ───────────────────────────────────────────────────────────────────────────────────
def _refused(instance: object, attribute: Any, problem: str, value: object) -> InvalidValue:
    return InvalidValue(type(instance).__name__, attribute.name, problem, value=value)


def text(*, required: bool = False, limit: int = TEXT_LIMIT) -> Validator:
    """Text of at most `limit` characters; `required`: not empty."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, str):
            raise _refused(instance, attribute, f"needs text, got {type(value).__name__}", value)
        if len(value) > limit:
            raise _refused(instance, attribute, f"has {len(value):,} characters, {limit:,} are allowed", value)
        if required and not value.strip():
            raise _refused(instance, attribute, "must not be empty", value)

    return check


def line(*, required: bool = False) -> Validator:
    """A line of text."""
    return text(required=required, limit=LINE_LIMIT)


def mail_address(*, required: bool = False) -> Validator:
    """A plain address, or nothing. No grammar: only what would break a header or a mailto link, or is plainly none, is refused."""
    check_line = line(required=required)

    def check(instance: object, attribute: Any, value: Any) -> None:
        check_line(instance, attribute, value)
        name, at, host = value.rpartition("@")
        if value and (not (name and at and host) or any(mark in value for mark in ' ,;<>"()')):
            raise _refused(instance, attribute, "takes plain addresses, as ana@oak.example", value)

    return check


def lines() -> Validator:
    """A tuple of lines, none empty."""
    return tuple_of(str, each=line(required=True))


def type_name(kind: type) -> str:
    """What a type is called; of an enumeration also its first member, for whoever has given the text of one in its place."""
    return f"{kind.__name__}, as {kind.__name__}.{next(iter(kind)).name}" if issubclass(kind, Enum) else kind.__name__


def a(kind: type | tuple[type, ...], *, optional: bool = False) -> Validator:
    """An instance of `kind`; `optional`: or None."""
    name = type_name(kind) if isinstance(kind, type) else " or ".join(one.__name__ for one in kind)

    def check(instance: object, attribute: Any, value: Any) -> None:
        if not (isinstance(value, kind) or (optional and value is None)):
            raise _refused(
                instance, attribute, f"needs {name}{' or None' if optional else ''}, got {type(value).__name__}", value
            )

    return check


def truth() -> Validator:
    """True or False."""
    return a(bool)


def whole(low: int, high: int, *, optional: bool = False) -> Validator:
    """A whole number from `low` to `high`."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise _refused(instance, attribute, f"needs a whole number, got {type(value).__name__}", value)
        if not low <= value <= high:
            raise _refused(instance, attribute, f"must be from {low} to {high}", value)

    return check


def _several(
    kind: type, container: type[tuple[Any, ...]] | type[frozenset[Any]], each: Validator | None, at_least: int
) -> Validator:
    def check(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, container):
            raise _refused(
                instance, attribute, f"needs a {container.__name__} of {kind.__name__}, got {type(value).__name__}", value
            )
        if not at_least <= len(value) <= ITEMS_LIMIT:
            raise _refused(instance, attribute, f"has {len(value):,} items; {at_least} to {ITEMS_LIMIT:,} are allowed", value)
        for item in value:
            if not isinstance(item, kind):
                raise _refused(instance, attribute, f"needs {kind.__name__} items, got {type(item).__name__}", item)
            if each:
                each(instance, attribute, item)

    return check


def tuple_of(kind: type, *, each: Validator | None = None, at_least: int = 0) -> Validator:
    """A tuple whose items are all of `kind`, and each pass `each`."""
    return _several(kind, tuple, each, at_least)


def set_of(kind: type, *, each: Validator | None = None, at_least: int = 0) -> Validator:
    """A frozenset whose items are all of `kind`, and each pass `each`."""
    return _several(kind, frozenset, each, at_least)


def zone(*, optional: bool = False) -> Validator:
    """A ZoneInfo that knows its IANA name; one read from a file cannot be stored or written to a calendar by name."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        if not isinstance(value, ZoneInfo) or _named_zone(value.key) is None:
            raise _refused(instance, attribute, 'is no IANA time zone; give a name such as "Europe/Madrid"', value)

    return check


def zoned(*, optional: bool = False) -> Validator:
    """A datetime with a zone."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        if not isinstance(value, datetime):
            raise _refused(instance, attribute, f"needs a datetime with a zone, got {type(value).__name__}", value)
        if _offset(value) is None:
            raise NaiveTime(type(instance).__name__, attribute.name, value=value)
        _in_years(instance, attribute, value)

    return check


def day(*, optional: bool = False) -> Validator:
    """A date. A datetime is a subclass of date in Python and is refused: it would compare and sort as neither."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        if not isinstance(value, date) or isinstance(value, datetime):
            raise _refused(instance, attribute, f"needs a date without time, got {type(value).__name__}", value)
        _in_years(instance, attribute, value)

    return check


def _in_years(instance: object, attribute: Any, value: date) -> None:
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise _refused(instance, attribute, f"the year must be from {YEARS[0]} to {YEARS[1]}", value)


def length(*, longest: timedelta) -> Validator:
    """A timedelta of whole seconds, more than nothing, at most `longest`."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, timedelta):
            raise _refused(instance, attribute, f"needs a timedelta, got {type(value).__name__}", value)
        if not timedelta(0) < value <= longest or value.microseconds:
            raise _refused(instance, attribute, f"must be whole seconds, more than nothing and at most {longest}", value)

    return check


def distinct(instance: object, attribute: Any, value: tuple[UUID, ...]) -> None:
    """Ids, each once."""
    if len(set(value)) != len(value):
        raise _refused(instance, attribute, "names the same one twice", value)


def not_a_uuid(value: object) -> str:
    """What is wrong with what should be an id, in words: an id of a URL or a form comes as text."""
    remedy = ": make one of it with uuid.UUID(text)" if isinstance(value, str) else ""
    return f"needs a UUID, got {type(value).__name__}{remedy}"


def identity(*, optional: bool = False) -> Validator:
    """The id of something else. A nil id there would point at nothing: MissingId."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        if not isinstance(value, UUID):
            raise _refused(instance, attribute, not_a_uuid(value), value)
        if value == NIL:
            raise MissingId(f"{type(instance).__name__}.{attribute.name}", value=instance)

    return check


def json() -> Validator:
    """A mapping that JSON can hold and every storage gives back unchanged."""

    def check(instance: object, attribute: Any, value: Any) -> None:
        if type(value) is FrozenMapping:
            return
        try:
            freeze(value)
        except NotJson as error:
            raise _refused(instance, attribute, str(error), value) from None

    return check


_OWNED_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*:\S(?:.*\S)?\Z")


def owned_json() -> Validator:
    """As `json`, with keys of the form "owner:name", so that two plugins never write to one field."""
    check_json = json()

    def check(instance: object, attribute: Any, value: Any) -> None:
        check_json(instance, attribute, value)
        for key in value:
            owned_key(instance, attribute, key)

    return check


def owned_key(instance: object, attribute: Any, value: Any) -> None:
    """A key of the form "owner:name"."""
    if not isinstance(value, str) or not _OWNED_KEY.match(value) or len(value) > LINE_LIMIT:
        raise _refused(instance, attribute, 'keys have the form "owner:name", as "acme:mentor"', value)
