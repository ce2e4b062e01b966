"""DATE, DATE-TIME and RECUR (RFC 5545 §3.3.4, §3.3.5, §3.3.10, RFC 7529): their grammar. Whether a start fits its rule stands
elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final, NoReturn, TypeVar

from attrs import frozen

from infoint.testing.ics.problems import Malformed, shown

_Item = TypeVar("_Item")
_RULE: Final = "RFC 5545 §3.3.10"
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MOMENT: Final = re.compile(r"([0-9]{8})T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,3}")
_WEEKDAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_RANGES: Final[Mapping[str, tuple[int, int, bool]]] = {
    "BYSECOND": (0, 60, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
"""Rule part → least, greatest, whether it may be counted from the end."""
_NOT_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "BYMONTHDAY": ("WEEKLY",),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYWEEKNO": _FREQUENCIES[:-1],
}
"""Rule part → frequencies it makes no sense with."""
_KNOWN: Final = frozenset({"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "WKST", "RSCALE", "SKIP", *_RANGES})


@frozen
class Moment:
    """A DATE-TIME: what it says, and whether it says so in UTC. Its zone is a parameter of the property."""

    wall: datetime
    utc: bool


@frozen
class Recurrence:
    """A RECUR."""

    frequency: str
    numbers: Mapping[str, tuple[int, ...]]
    """Rule part → its numbers, for all parts that have numbers."""
    weekdays: tuple[tuple[int, int], ...]
    """Of BYDAY: ordinal (0: every one) and weekday (0: Monday)."""
    week_start: int
    until: date | Moment | None
    limited: bool
    """It has COUNT or UNTIL."""
    gregorian: bool


# ── dates ────────────────────────────────────────────────────────────────────────────────────────
def read_date(text: str) -> date:
    """A DATE that there is."""
    match = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else _refused(text, "DATE", "§3.3.4")
    except ValueError:
        return _refused(text, "DATE", "§3.3.4")


def read_moment(text: str) -> Moment:
    """A DATE-TIME that there is; a leap second counts as the second before."""
    match = _MOMENT.fullmatch(text)
    if not match or int(match[2]) > 23 or int(match[3]) > 59 or int(match[4]) > 60:
        _refused(text, "DATE-TIME", "§3.3.5")
    day = read_date(match[1])
    wall = datetime(day.year, day.month, day.day, int(match[2]), int(match[3]), min(int(match[4]), 59))  # noqa: DTZ001 - as written
    return Moment(wall, bool(match[5]))


def _refused(text: str, kind: str, section: str) -> NoReturn:
    raise Malformed(f"{shown(text)} is no {kind}", f"RFC 5545 {section}")


# ── grammar ──────────────────────────────────────────────────────────────────────────────────────
def read_recurrence(text: str) -> Recurrence:
    """A RECUR, its parts within their ranges and in combinations the standard allows."""
    parts = dict[str, str]()
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        name = name.upper()
        if not equals or not value or name not in _KNOWN:
            raise Malformed(f"{shown(part)} is no part of a rule", _RULE)
        if name in parts:
            raise Malformed(f"{name} is given twice", _RULE)
        parts[name] = value.upper() if value.isascii() else value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Malformed(f"{shown(text)} has no FREQ that is known", _RULE)
    gregorian = parts.get("RSCALE", "GREGORIAN") == "GREGORIAN"
    read = Recurrence(
        frequency=parts["FREQ"],
        numbers=dict(_numbers(parts, gregorian=gregorian)),
        weekdays=_distinct(_weekday(item) for item in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        week_start=_week_start(parts.get("WKST", "MO")),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        limited="COUNT" in parts or "UNTIL" in parts,
        gregorian=gregorian,
    )
    _check_combinations(read, parts)
    return read


def _numbers(parts: Mapping[str, str], *, gregorian: bool) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name in ("COUNT", "INTERVAL"):
        if name in parts:
            if not re.fullmatch(r"[0-9]{1,9}", parts[name]) or not int(parts[name]):
                raise Malformed(f"{name}={shown(parts[name])} is no positive number", _RULE)
            yield name, (int(parts[name]),)
    for name in sorted(_RANGES.keys() & parts.keys()):
        items = parts[name].split(",")
        if name == "BYMONTH" and not gregorian:  # RFC 7529 §4.2: leap months, and years of 13
            yield name, _distinct(_ranged(name, item.removesuffix("L"), (1, 13, False)) for item in items)
        else:
            yield name, _distinct(_ranged(name, item, _RANGES[name]) for item in items)


def _distinct(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """A rule that repeats itself a million times costs no more than one that does not."""
    return tuple(dict.fromkeys(items))


def _ranged(name: str, text: str, limits: tuple[int, int, bool]) -> int:
    least, greatest, from_the_end = limits
    signed = text[:1] in ("+", "-")
    if not _NUMBER.fullmatch(text) or (signed and not from_the_end) or not least <= abs(int(text)) <= greatest:
        raise Malformed(f"{name}={shown(text)} is not from {least} to {greatest}", _RULE)
    return int(text)


def _weekday(text: str) -> tuple[int, int]:
    match = _WEEKDAY.fullmatch(text)
    if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
        raise Malformed(f"BYDAY={shown(text)} is no weekday", _RULE)
    return int(match[1] or 0), _WEEKDAYS.index(match[2])


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise Malformed(f"WKST={shown(text)} is no weekday", _RULE)
    return _WEEKDAYS.index(text)


def _until(text: str) -> date | Moment:
    return read_moment(text) if "T" in text else read_date(text)


def _check_combinations(read: Recurrence, parts: Mapping[str, str]) -> None:
    if "COUNT" in parts and "UNTIL" in parts:
        raise Malformed("COUNT and UNTIL exclude each other", _RULE)
    for name, frequencies in _NOT_WITH.items():
        if name in parts and read.frequency in frequencies:
            raise Malformed(f"{name} with FREQ={read.frequency}", _RULE)
    if any(ordinal for ordinal, _ in read.weekdays):
        if read.frequency not in ("MONTHLY", "YEARLY"):
            raise Malformed(f"BYDAY with a number and FREQ={read.frequency}", _RULE)
        if "BYWEEKNO" in parts:
            raise Malformed("BYDAY with a number and BYWEEKNO", _RULE)
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise Malformed("BYSETPOS without another BY part", _RULE)
    if "SKIP" in parts and ("RSCALE" not in parts or parts["SKIP"] not in {"OMIT", "BACKWARD", "FORWARD"}):
        raise Malformed("SKIP needs RSCALE, and OMIT, BACKWARD or FORWARD", "RFC 7529 §4.1")
