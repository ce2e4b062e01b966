"""When a calendar entry is: at a time with a zone, or on days. How a file tells it is `zones`'s and the writers'."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from attrs import field, frozen

from infoint.calendar import entry_fields
from infoint.errors import InvalidValue

if TYPE_CHECKING:
    from attrs import Attribute


def _without_gap(entity: str, name: str, value: object) -> datetime:
    at = entry_fields.moment(entity, name, value)
    first = at.replace(fold=0)
    try:
        really = first.astimezone(UTC).astimezone(at.tzinfo)
    except Exception as error:
        raise entry_fields.untold(entity, name, value, error) from error
    return at if really.replace(tzinfo=None) == first.replace(tzinfo=None) else really


def _start(value: datetime) -> datetime:
    return _without_gap("Timed", "start", value)


def _end(value: datetime | None) -> datetime | None:
    return None if value is None else _without_gap("Timed", "end", value)


def _after_start(timed: "Timed", attribute: "Attribute[Any]", end: datetime | None) -> None:
    # Instants in UTC: within one zone Python compares the walls' clocks, wrong when these are put back between the two.
    if end is not None and end.astimezone(UTC) <= timed.start.astimezone(UTC):
        raise entry_fields.refusal(timed, attribute, "needs to be later than start", end)


@frozen
class Timed:
    """DTSTART and DTEND with a zone; a VTODO's DUE is `start`.

    A time that clocks skip in spring is read with the offset before the gap (RFC 5545 §3.3.5): 02:30 becomes 03:30. `fold=1`
    means the second time a clock shows it in autumn (PEP 495). Raises NaiveTime, and InvalidValue where `end` is not later.
    """

    start: datetime = field(converter=_start, eq=entry_fields.as_told)
    end: datetime | None = field(default=None, converter=_end, validator=_after_start, eq=entry_fields.as_told)
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


def _days(day: "AllDay", attribute: "Attribute[Any]", value: int) -> None:
    entry_fields.whole_number(1, date.max.toordinal() + 1)(day, attribute, value)
    if day.on.toordinal() + value > date.max.toordinal():
        raise entry_fields.refusal(day, attribute, "leads past the year 9999", value)


@frozen
class AllDay:
    """A day, or several: `days=2` ends, exclusively, two days on. No zone: it is that day wherever the reader is."""

    on: date = field(validator=entry_fields.plain_date)
    days: int = field(default=1, validator=_days)


When: TypeAlias = Timed | AllDay
"""Two classes and not two types of one field: every datetime is also a date to `isinstance`."""
