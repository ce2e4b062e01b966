"""What writers get and plugins give: entries named after RFC 5545 properties, each valid or not made at all.
No practice and no bytes here: `entries` makes them from the model, `ics_writer` writes them.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeAlias

from attrs import field, frozen

from infoint.errors import InvalidValue, NaiveTime
from infoint.plugin import Registrar

if TYPE_CHECKING:
    from attrs import Attribute

LONGEST_TEXT: Final = 100_000
"""Characters in one text. Calendar programs keep events in memory; a longer text is a mistake."""
LONGEST_UID: Final = 255
"""Octets. RFC 5545 §3.8.4.7 obliges readers to keep no more."""
URL_SCHEMES: Final = ("http", "https", "tel", "mailto")
"""What a calendar program may be asked to open. Others, as `javascript:` and `file:`, are attacks or dead links."""


# ── checks ───────────────────────────────────────────────────────────────────────────────────────
def _refuse(instance: object, attribute: "Attribute[Any]", problem: str, value: object) -> InvalidValue:
    return InvalidValue(type(instance).__name__, attribute.name, problem, value=value)


def _is(*types: type) -> Callable[[object, "Attribute[Any]", object], None]:
    names = " or ".join("None" if kind is NoneType else kind.__name__ for kind in types)

    def check(instance: object, attribute: "Attribute[Any]", value: object) -> None:
        if not isinstance(value, types):
            raise _refuse(instance, attribute, f"needs {names}, not {type(value).__name__}", value)

    return check


def _text(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if not isinstance(value, str):
        raise _refuse(instance, attribute, f"needs text, not {type(value).__name__}", value)
    if len(value) > LONGEST_TEXT:
        raise _refuse(instance, attribute, f"is longer than {LONGEST_TEXT} characters", value)


def _whole_number(least: int, below: int) -> Callable[[object, "Attribute[Any]", object], None]:
    def check(instance: object, attribute: "Attribute[Any]", value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _refuse(instance, attribute, f"needs a whole number, not {type(value).__name__}", value)
        if not least <= value < below:
            raise _refuse(instance, attribute, f"needs a number from {least} to {below - 1}", value)

    return check


def _uid(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _text(instance, attribute, value)
    uid = str(value)
    if not uid or not _is_one_word(uid):
        raise _refuse(instance, attribute, "needs characters, without spaces, line ends or control characters", value)
    if len(uid.encode()) > LONGEST_UID:
        raise _refuse(instance, attribute, f"is longer than {LONGEST_UID} octets (RFC 5545 §3.8.4.7)", value)


def _uid_or_nothing(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value != "":
        _uid(instance, attribute, value)


def _url(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _text(instance, attribute, value)
    url = str(value)
    scheme, _, rest = url.partition(":")
    if url and (scheme.lower() not in URL_SCHEMES or not rest.strip("/")):
        raise _refuse(instance, attribute, f"needs an address that begins with {', '.join(URL_SCHEMES)} and a colon", value)
    if not _is_one_word(url):
        raise _refuse(instance, attribute, "needs an address without spaces, line ends or control characters", value)


def _is_one_word(text: str) -> bool:
    # `isprintable` is false for control characters, line and paragraph separators, lone surrogates, every space but U+0020.
    return text.isprintable() and " " not in text


def _moment(entity: str, name: str, value: object) -> datetime:
    if not isinstance(value, datetime):
        raise InvalidValue(entity, name, f"needs a datetime, not {type(value).__name__}", value=value)
    if value.utcoffset() is None:
        raise NaiveTime(entity, name, value=value)
    try:
        value.astimezone(UTC)
    except OverflowError as error:
        raise InvalidValue(entity, name, "lies outside the years 1 to 9999", value=value) from error
    return value


def _aware(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _moment(type(instance).__name__, attribute.name, value)


def _aware_or_none(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        _aware(instance, attribute, value)


def _as_told(value: object) -> object:
    """What makes two times equal. Datetimes of one zone compare without `fold` (PEP 495), so 02:30 before and after the
    clocks go back would be the same; and the same instant told in two zones is two different lines in a file.
    """
    return (value.astimezone(UTC), str(value.tzinfo)) if isinstance(value, datetime) else value


# ── when ─────────────────────────────────────────────────────────────────────────────────────────
def _without_gap(entity: str, name: str, value: object) -> datetime:
    at = _moment(entity, name, value)
    first = at.replace(fold=0)
    try:
        really = first.astimezone(UTC).astimezone(at.tzinfo)
    except OverflowError as error:
        raise InvalidValue(entity, name, "lies outside the years 1 to 9999", value=value) from error
    return at if really.replace(tzinfo=None) == first.replace(tzinfo=None) else really


def _start(value: datetime) -> datetime:
    return _without_gap("Timed", "start", value)


def _end(value: datetime | None) -> datetime | None:
    return None if value is None else _without_gap("Timed", "end", value)


def _after_start(timed: "Timed", attribute: "Attribute[Any]", end: datetime | None) -> None:
    # Instants in UTC: within one zone Python compares the walls' clocks, wrong when these are put back between the two.
    if end is not None and end.astimezone(UTC) <= timed.start.astimezone(UTC):
        raise _refuse(timed, attribute, "needs to be later than start", end)


@frozen
class Timed:
    """DTSTART and DTEND with a zone; a VTODO's DUE is `start`.

    A time that clocks skip in spring is read with the offset before the gap (RFC 5545 §3.3.5): 02:30 becomes 03:30. `fold=1`
    means the second time a clock shows it in autumn (PEP 495). Raises NaiveTime, and InvalidValue where `end` is not later.
    """

    start: datetime = field(converter=_start, eq=_as_told)
    end: datetime | None = field(default=None, converter=_end, validator=_after_start, eq=_as_told)
    """None: no length, as a reminder or a due time has none."""

    @classmethod
    def starting(cls, at: datetime, length: timedelta) -> Self:
        """From `at`, for `length` of elapsed time: right across a clock change, where `at + length` is not.

        Raises NaiveTime, and InvalidValue where `length` is not positive or leads past the year 9999.
        """
        return cls(at, _elapsed(_start(at), _positive(length)))

    @classmethod
    def ending(cls, at: datetime, length: timedelta) -> Self:
        """Until `at`, for `length` of elapsed time. Raises as `starting` does."""
        end = _without_gap("Timed", "end", at)
        return cls(_elapsed(end, -_positive(length)), end)


def _positive(length: object) -> timedelta:
    if not isinstance(length, timedelta):
        raise InvalidValue("Timed", "length", f"needs a timedelta, not {type(length).__name__}", value=length)
    if length <= timedelta(0):
        raise InvalidValue("Timed", "length", "needs to be longer than nothing", value=length)
    return length


def _elapsed(at: datetime, length: timedelta) -> datetime:
    try:
        return (at.astimezone(UTC) + length).astimezone(at.tzinfo)
    except OverflowError as error:
        raise InvalidValue("Timed", "length", "leads outside the years 1 to 9999", value=length) from error


def _plain_date(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    # A datetime is a date to `isinstance`, and would be written without its time.
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _refuse(instance, attribute, f"needs a date without time, not {type(value).__name__}", value)


def _days(day: "AllDay", attribute: "Attribute[Any]", value: int) -> None:
    _whole_number(1, date.max.toordinal() + 1)(day, attribute, value)
    if day.on.toordinal() + value > date.max.toordinal():
        raise _refuse(day, attribute, "leads past the year 9999", value)


@frozen
class AllDay:
    """A day, or several: `days=2` ends, exclusively, two days on. No zone: it is that day wherever the reader is."""

    on: date = field(validator=_plain_date)
    days: int = field(default=1, validator=_days)


When: TypeAlias = Timed | AllDay
"""Two classes and not two types of one field: every datetime is also a date to `isinstance`."""


# ── entries ──────────────────────────────────────────────────────────────────────────────────────
class Component(StrEnum):
    """What an entry is (RFC 5545 §3.6)."""

    EVENT = "VEVENT"
    TODO = "VTODO"


class EntryStatus(StrEnum):
    """RFC 5545 §3.8.1.11. The first two are for events, the last two for to-dos."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    NEEDS_ACTION = "NEEDS-ACTION"
    COMPLETED = "COMPLETED"


_LEGAL_STATUS: Final = {
    Component.EVENT: (EntryStatus.TENTATIVE, EntryStatus.CONFIRMED, EntryStatus.CANCELLED),
    Component.TODO: (EntryStatus.NEEDS_ACTION, EntryStatus.COMPLETED, EntryStatus.CANCELLED),
}


class Classification(StrEnum):
    """Who may read it, as far as a calendar program cares (RFC 5545 §3.8.1.3)."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"
    CONFIDENTIAL = "CONFIDENTIAL"


def _trigger(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _is(timedelta, datetime)(instance, attribute, value)
    if isinstance(value, datetime):
        _aware(instance, attribute, value)


@frozen
class Alarm:
    """A reminder: at a moment, or so long from the start (`timedelta(minutes=-15)` is a quarter of an hour *before* it,
    RFC 5545 §3.8.6.3; for a VTODO, from its due time).
    """

    trigger: timedelta | datetime = field(validator=_trigger, eq=_as_told)
    description: str = field(validator=_text)
    """What the reminder says; where it is empty, the entry's summary."""


def _fits_component(entry: "CalendarEntry", attribute: "Attribute[Any]", when: object) -> None:
    _is(Timed, AllDay)(entry, attribute, when)
    if entry.component is not Component.TODO:
        return
    if isinstance(when, Timed) and when.end is not None:
        raise _refuse(entry, attribute, "a VTODO is due at `start` and has no `end`", when)
    if isinstance(when, AllDay) and when.days != 1:
        raise _refuse(entry, attribute, "a VTODO is due on one day", when)


def _legal_status(entry: "CalendarEntry", attribute: "Attribute[Any]", status: object) -> None:
    _is(EntryStatus, NoneType)(entry, attribute, status)
    legal = _LEGAL_STATUS.get(entry.component, ())
    if status is not None and status not in legal:
        raise _refuse(entry, attribute, f"a {entry.component} is {', '.join(legal)} or None (RFC 5545 §3.8.1.11)", status)


def _completed(entry: "CalendarEntry", attribute: "Attribute[Any]", value: object) -> None:
    _aware_or_none(entry, attribute, value)
    if value is not None and entry.status is not EntryStatus.COMPLETED:
        raise _refuse(entry, attribute, "has a meaning only where status is COMPLETED (RFC 5545 §3.8.2.1)", value)


def _categories(instance: object, attribute: "Attribute[Any]", value: tuple[object, ...]) -> None:
    _is(tuple)(instance, attribute, value)
    for category in value:
        _text(instance, attribute, category)
        if not str(category).strip():
            raise _refuse(instance, attribute, "holds an empty category", value)


def _alarms(instance: object, attribute: "Attribute[Any]", value: tuple[object, ...]) -> None:
    _is(tuple)(instance, attribute, value)
    for alarm in value:
        _is(Alarm)(instance, attribute, alarm)


@frozen(kw_only=True)
class CalendarEntry:
    """One VEVENT or VTODO. Extra ones: `calendar.entry_about` gets uid, sequence and stamps right.

    Raises InvalidValue or NaiveTime, naming the field. Texts may hold anything a person can paste; a writer sees to what its
    format cannot hold.
    """

    uid: str = field(validator=_uid)
    """The same for as long as the thing is the same, whatever happens to it; says nothing about a person (RFC 7986 §5.3)."""
    when: When = field(validator=_fits_component)
    summary: str = field(validator=_text)
    last_modified: datetime = field(validator=_aware, eq=_as_told)
    """Also DTSTAMP (RFC 5545 §3.8.7.2 without METHOD)."""
    sequence: int = field(default=0, validator=_whole_number(0, 2**31))
    """Counts changes of the time; readers ignore a move without it."""
    component: Component = field(default=Component.EVENT, validator=_is(Component))
    description: str = field(default="", validator=_text)
    location: str = field(default="", validator=_text)
    url: str = field(default="", validator=_url)
    """http, https, tel or mailto."""
    status: EntryStatus | None = field(default=None, validator=_legal_status)
    transparent: bool = field(default=False, validator=_is(bool))
    """The time stays free for others to book (TRANSP)."""
    classification: Classification | None = field(default=None, validator=_is(Classification, NoneType))
    categories: tuple[str, ...] = field(default=(), validator=_categories)
    contact: str = field(default="", validator=_text)
    """Whom it is with, as text: an ATTENDEE would make servers send that person mail (RFC 6638)."""
    related_to: str = field(default="", validator=_uid_or_nothing)
    """UID of the parent."""
    alarms: tuple[Alarm, ...] = field(default=(), validator=_alarms)
    completed: datetime | None = field(default=None, validator=_completed, eq=_as_told)
    """When a VTODO that is COMPLETED was done; None: when it was last modified."""
    created: datetime | None = field(default=None, validator=_aware_or_none, eq=_as_told)


def _refresh(instance: object, attribute: "Attribute[Any]", value: timedelta) -> None:
    _is(timedelta)(instance, attribute, value)
    if value < timedelta(seconds=1):
        raise _refuse(instance, attribute, "needs at least a second", value)


@frozen(kw_only=True)
class CalendarHead:
    """What a writer says once."""

    name: str = field(default="Informational interviews", validator=_text)
    description: str = field(default="", validator=_text)
    refresh: timedelta = field(default=timedelta(hours=1), validator=_refresh)
    """How often a subscriber should ask again; a hint that many ignore."""


class CalendarWriter(Protocol):
    """One file format. Same entries, same bytes."""

    media_type: str
    """As in a Content-Type: "text/calendar"."""
    suffix: str
    """With its dot: ".ics"."""

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        """Entries come sorted by uid and may be gone through more than once (zones stand before events); each pass makes them
        anew. Joined chunks are the file.
        """
        ...


WriterFactory: TypeAlias = Callable[[], CalendarWriter]
"""Makes a writer with its default settings, each time it is asked."""
WriterRegistrar: TypeAlias = Registrar[WriterFactory]
"""What `infoint_register_calendar_writers` is given."""
