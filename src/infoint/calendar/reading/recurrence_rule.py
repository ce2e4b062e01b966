"""RRULE (RFC 5545 §3.3.10) as a value, read from text. Which times it means is `recurrence_walls`'s."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from attrs import frozen

from infoint.errors import InvalidValue

LONGEST_LIST: Final = 400
"""Numbers in one BY… part: one more than days of a year, and some room."""
_LARGEST: Final = 10**9
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleFrequency(IntEnum):
    """FREQ, the longest period first."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@frozen(kw_only=True)
class RecurrenceRule:
    """A rule of recurrence; an empty part says nothing. Weekdays count from Monday, 0."""

    frequency: RuleFrequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    """In UTC where the file says so; else naive, on the clock of DTSTART. The last second of a day where it is a day."""
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    """BYWEEKNO."""
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    """Which one of its kind in month or year, and the weekday: (-1, 6) is the last Sunday, (0, 6) every Sunday."""
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    """BYSETPOS."""
    week_start: int = 0
    """WKST."""


def parse_rule(text: str) -> RecurrenceRule:
    """The rule that the value of an RRULE tells. Raises InvalidValue naming the part that cannot be read."""
    told: dict[str, Any] = {}
    for part in text.strip().strip(";").split(";"):
        name, _, value = part.partition("=")
        key, read = _PARTS.get(name.strip().upper(), ("", None))
        if read is None:
            if name.strip().upper().startswith("X-"):
                continue
            raise _bad("RRULE", "has a part that RFC 5545 does not know")
        if key in told:
            raise _bad(name.strip().upper(), "stands twice")
        told[key] = read(name.strip().upper(), value.strip().upper())
    if "frequency" not in told:
        raise _bad("FREQ", "is missing")
    if told.pop("skip", "OMIT") != "OMIT" or told.pop("calendar", "GREGORIAN") != "GREGORIAN":
        raise _bad("RSCALE", "asks for another calendar than ours (RFC 7529)")
    return RecurrenceRule(**told)


def _bad(part: str, problem: str) -> InvalidValue:
    return InvalidValue("RRULE", part, problem)


def _frequency(part: str, value: str) -> RuleFrequency:
    try:
        return RuleFrequency[value]
    except KeyError as error:
        raise _bad(part, "is none of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY") from error


_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,10}", re.ASCII)


def _number(part: str, value: str, low: int, high: int, *, negative: bool = False) -> int:
    if not _NUMBER.fullmatch(value.strip()):
        raise _bad(part, "needs a whole number")
    number = int(value)
    if not low <= (abs(number) if negative else number) <= high:
        raise _bad(part, f"takes numbers from {low} to {high}{', or the same below zero' if negative else ''}")
    return number


def _positive(part: str, value: str) -> int:
    return _number(part, value, 1, _LARGEST)


def _numbers(low: int, high: int, *, negative: bool = False) -> Callable[[str, str], tuple[int, ...]]:
    def read(part: str, value: str) -> tuple[int, ...]:
        items = _items(part, value)
        return tuple(sorted({_number(part, item, low, high, negative=negative) for item in items}))

    return read


def _items(part: str, value: str) -> list[str]:
    items = value.split(",")
    if len(items) > LONGEST_LIST:
        raise _bad(part, f"lists more than {LONGEST_LIST}")
    return items


_ORDINAL_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)


def _weekdays(part: str, value: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for item in _items(part, value):
        match = _ORDINAL_DAY.fullmatch(item.strip())
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise _bad(part, "takes MO to SU, with a number from 1 to 53 or none, or the same below zero")
        found.add((int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return tuple(sorted(found))


def _weekday(part: str, value: str) -> int:
    if value not in _WEEKDAYS:
        raise _bad(part, "takes MO to SU")
    return _WEEKDAYS.index(value)


_UNTIL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z)?)?", re.ASCII)


def _until(part: str, value: str) -> datetime | None:
    match = _UNTIL.fullmatch(value)
    if not match:
        raise _bad(part, "is neither a day nor a time")
    year, month, day, hour, minute, second, utc = match.groups()
    if year == "9999":
        return None  # how some programs say "for ever"
    clock = (int(hour), int(minute), min(int(second), 59)) if hour else (23, 59, 59)
    if year < "0002":
        raise _bad(part, "lies before all calendars")
    try:
        return datetime(int(year), int(month), int(day), *clock, tzinfo=UTC if utc else None)
    except ValueError as error:
        raise _bad(part, "is no day of the calendar, or no time of a day") from error


def _word(_part: str, value: str) -> str:
    return value


_PARTS: Final[Mapping[str, tuple[str, Callable[[str, str], Any]]]] = {
    "FREQ": ("frequency", _frequency),
    "INTERVAL": ("interval", _positive),
    "COUNT": ("count", _positive),
    "UNTIL": ("until", _until),
    "BYMONTH": ("by_month", _numbers(1, 12)),
    "BYWEEKNO": ("by_week", _numbers(1, 53, negative=True)),
    "BYYEARDAY": ("by_year_day", _numbers(1, 366, negative=True)),
    "BYMONTHDAY": ("by_month_day", _numbers(1, 31, negative=True)),
    "BYDAY": ("by_day", _weekdays),
    "BYHOUR": ("by_hour", _numbers(0, 23)),
    "BYMINUTE": ("by_minute", _numbers(0, 59)),
    "BYSECOND": ("by_second", _numbers(0, 60)),
    "BYSETPOS": ("by_position", _numbers(1, 366, negative=True)),
    "WKST": ("week_start", _weekday),
    "RSCALE": ("calendar", _word),
    "SKIP": ("skip", _word),
}
