"""Values of properties (RFC 5545 §3.3) as Python's. What a TZID means is asked of whoever calls."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from infoint.calendar.reading.components import Duration, Edge, Period, ReadAttendee, in_bounds
from infoint.calendar.reading.lines import Property
from infoint.errors import InvalidValue

MOST_VALUES: Final = 50_000
"""Days, times, periods and attendees in all the lists of a file together."""
_LONGEST: Final = timedelta(days=366 * 200)
_LONGEST_NAME: Final = 1_000
_MOST_DELEGATES: Final = 100
_TIME: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z)?)?", re.ASCII)
_DURATION: Final = re.compile(
    r"([+-])?P(?=[0-9T])(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?",
    re.ASCII,
)
_OFFSET: Final = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?", re.ASCII)


class Values:
    """Reads the days and times of one file, up to a number in lists."""

    def __init__(self, zone_of: Callable[[Property], tzinfo]) -> None:
        """`zone_of` says in which zone a property tells times without Z."""
        self._zone_of = zone_of
        self._left = MOST_VALUES

    def edge(self, text: str, prop: Property) -> Edge:
        """A DATE or a DATE-TIME. A time the clocks skip stays as told: its zone reads it with the offset before the gap (§3.3.5).

        Raises InvalidValue.
        """
        match = _TIME.fullmatch(text.strip())
        if not match:
            raise InvalidValue("value", prop.name, "is neither a day nor a time")
        year, month, day, hour, minute, second, utc = match.groups()
        zone = None if hour is None else UTC if utc else self._zone_of(prop)
        try:
            if zone is None:
                return in_bounds(date(int(year), int(month), int(day)))
            # Second 60 is a leap second (§3.3.12), for which Python has no name.
            clock = int(hour), int(minute), min(int(second), 59)
            return in_bounds(datetime(int(year), int(month), int(day), *clock, tzinfo=zone))
        except InvalidValue as error:
            raise InvalidValue("value", prop.name, error.problem) from error
        except ValueError as error:
            raise InvalidValue("value", prop.name, "is no day of the calendar, or no time of a day") from error

    def edges(self, prop: Property) -> Iterator[Edge]:
        """As `edge`, of a list."""
        return (self.edge(text, prop) for text in self._items(prop))

    def periods(self, prop: Property) -> Iterator[Period]:
        """Of a list of PERIODs, or of days and times, which have no end. Raises InvalidValue."""
        kind = prop.parameter("FBTYPE").upper()
        for text in self._items(prop):
            first, slash, last = text.strip().partition("/")
            start = self.edge(first, prop)
            if not slash:
                yield Period(start, None, kind)
                continue
            end = duration(last, prop).after(start) if "P" in last.upper() else self.edge(last, prop)
            if isinstance(end, datetime) is not isinstance(start, datetime) or Duration.between(start, end).is_negative:
                raise InvalidValue("value", prop.name, "has a period that ends before it starts")
            yield Period(start, end, kind)

    def take(self, count: int, name: str) -> None:
        """Items of a list, before they are read. Raises InvalidValue where there is no room for them."""
        self._left -= count
        if self._left < 0:
            raise InvalidValue("value", name, f"has no room: all lists of a file may have {MOST_VALUES:,} items")

    def _items(self, prop: Property) -> list[str]:
        self.take(1 + prop.value.count(","), prop.name)
        return [item for item in prop.value.split(",") if item.strip()]


def duration(text: str, prop: Property) -> Duration:
    """A DURATION of nothing or more. Raises InvalidValue."""
    match = _DURATION.fullmatch(text.strip().upper())
    if not match:
        raise InvalidValue("value", prop.name, "is no duration")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups()[1:])
    found = Duration(days=weeks * 7 + days, exact=timedelta(hours=hours, minutes=minutes, seconds=seconds))
    if match[1] == "-" and found != Duration():
        raise InvalidValue("value", prop.name, "is less than nothing")
    if found.days > _LONGEST.days or found.exact > _LONGEST:
        raise InvalidValue("value", prop.name, "is longer than two hundred years")
    return found


def utc_offset(text: str) -> timedelta:
    """A UTC-OFFSET (§3.3.14). Raises InvalidValue."""
    match = _OFFSET.fullmatch(text.strip())
    if not match or int(match[2]) > 23 or int(match[3]) > 59 or int(match[4] or 0) > 59:
        raise InvalidValue("value", "TZOFFSET", "is no offset from UTC")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -size if match[1] == "-" else size


def whole_number(prop: Property) -> int:
    """An INTEGER of nothing or more (§3.3.8). Raises InvalidValue."""
    text = prop.value.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) >= 2**31:
        raise InvalidValue("value", prop.name, "is no whole number below 2^31")
    return int(text)


def attendee(prop: Property) -> ReadAttendee:
    """A CAL-ADDRESS and what its parameters say (§3.3.3, §3.8.4.1)."""
    value = prop.value.strip()
    mail = prop.parameter("EMAIL") if not value.lower().startswith("mailto:") else ""
    return ReadAttendee(
        mail=_address(mail or value),
        name=prop.parameter("CN")[:_LONGEST_NAME],
        partstat="" if prop.name == "ORGANIZER" else prop.parameter("PARTSTAT")[:_LONGEST_NAME].upper() or "NEEDS-ACTION",
        role=prop.parameter("ROLE")[:_LONGEST_NAME].upper(),
        rsvp=prop.parameter("RSVP").upper() == "TRUE",
        sent_by=_address(prop.parameter("SENT-BY")),
        delegated_to=_addresses(prop, "DELEGATED-TO"),
        delegated_from=_addresses(prop, "DELEGATED-FROM"),
    )


def _addresses(prop: Property, parameter: str) -> tuple[str, ...]:
    return tuple(map(_address, prop.parameters.get(parameter, ())[:_MOST_DELEGATES]))


def _address(text: str) -> str:
    text = text[:_LONGEST_NAME].strip()
    return text[7:].strip() if text[:7].lower() == "mailto:" else text
