"""iCalendar files (RFC 5545) from entries: which properties, in which order, in which bytes. Zones are described in `zones`.

icalendar's value types encode single values. Lines, components and parameters are framed here: its components would leave X-
properties unescaped, lose `fold` and the VALUE of absolute alarms, and guard against forged lines by `assert` only.
"""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, Protocol, assert_never
from urllib.parse import quote
from zoneinfo import ZoneInfo

from infoint.bidi import straightened
from infoint.calendar.contract import (
    Alarm,
    AllDay,
    CalendarEntry,
    CalendarHead,
    Component,
    EntryStatus,
    Timed,
)
from infoint.calendar.zones import FIRST_YEAR, LAST_YEAR, vtimezone, wall_time, zone_of
from infoint.errors import InvalidValue

_LONGEST_LINE: Final = 75
"""Octets without the line end (RFC 5545 §3.1)."""
_CRLF: Final = b"\r\n"
_ADDRESS_CHARACTERS: Final = "-._~:/?#[]@!$&'()*+,;=%"
"""All that RFC 3986 §2 lets stand in an address, besides letters and digits."""

_HOSTILE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_REPLACED: Final = (
    dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))  # no control character is legal in a text
    | dict.fromkeys((0x0D, 0x85, 0x2028, 0x2029), "\n")  # readers differ in what ends a line; all know this one
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # half a character has no UTF-8
)


def _clean(text: str) -> str:
    if _HOSTILE.search(text):
        text = text.replace("\r\n", "\n").translate(_REPLACED)
    return straightened(text)


def _folded(line: bytes) -> bytes:
    """`line` with its end, in pieces of 75 octets at most, no character cut in two (RFC 5545 §3.1)."""
    pieces = []
    start, room = 0, _LONGEST_LINE
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:  # inside a character of UTF-8
            end -= 1
        pieces.append(line[start:end])
        start, room = end, _LONGEST_LINE - 1  # the space that says "goes on" counts
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + _CRLF


# ── values ───────────────────────────────────────────────────────────────────────────────────────
class _Encoded(Protocol):
    """A value of icalendar; its own classes declare no types for this."""

    def to_ical(self) -> bytes: ...


def _ical(value: _Encoded) -> bytes:
    return value.to_ical()


class _Values:
    """Values as bytes. Made with the first file written: loading icalendar takes longer than all the rest of infoint."""

    def __init__(self) -> None:
        from icalendar import prop

        self._prop = prop

    def text(self, value: str) -> bytes:
        # vText takes a backslash before N for a line end, so that the path C:\New would be torn in two. Between such pairs its
        # escaping is right.
        return rb"\\N".join(_ical(self._prop.vText(part)) for part in _clean(value).split(r"\N"))

    def uri(self, value: str) -> bytes:
        return _ical(self._prop.vUri(quote(value, safe=_ADDRESS_CHARACTERS)))

    def day(self, value: date) -> bytes:
        return _ical(self._prop.vDate(value))

    def wall(self, value: datetime) -> bytes:
        # Naive on purpose: told its zone, vDatetime would write Z for Africa/Abidjan and others that are never off UTC.
        return _ical(self._prop.vDatetime(value))

    def instant(self, value: datetime) -> bytes:
        return _ical(self._prop.vDatetime(value.astimezone(UTC)))

    def length(self, value: timedelta) -> bytes:
        return _ical(self._prop.vDuration(timedelta(seconds=int(value.total_seconds()))))


class _Told(NamedTuple):
    """A Timed as a file tells it: walls' clocks of `zone`, or UTC where there is none."""

    zone: ZoneInfo | None
    start: datetime
    end: datetime | None


def _told(when: Timed, since: int) -> _Told:
    start = _whole_second(when.start)
    end = _whole_second(when.end) if when.end else None
    if end == start:
        end = None  # less than a second long, and DTEND has to be later than DTSTART (§3.8.2.2)
    zone = zone_of(when.start)
    if zone is not None:
        begin = wall_time(start, zone, since=since)
        finish = wall_time(end, zone, since=since) if end else None
        if begin and bool(finish) == bool(end):
            return _Told(zone, begin, finish)
    return _Told(None, start, end)


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────
class IcsWriter:
    """One file for calendar programs and subscriptions.

    VTIMEZONEs first, then the entries by uid; every byte follows from entries and head. No METHOD: nobody is invited. Times
    stand in their IANA zone; in UTC where the zone has no common name, where clocks show a time for the second time, and before
    `zones_since` or after 2045. Microseconds are cut off. Characters that RFC 5545 forbids are left out, every kind of line end
    is one of its own, marks that would turn the direction of what programs show around a text go, and commas in a category become
    strokes, since some readers take even an escaped one for two categories.

    An export without entries is a calendar without components: RFC 5545 §3.6 wants one, but an invented entry would be shown
    to people, and readers take the calendar as the empty one it is.
    """

    media_type: str = "text/calendar"
    suffix: str = ".ics"

    def __init__(self, *, product: str = "-//infoint//EN", zones_since: int = 2020) -> None:
        """`product` is PRODID: who made the file. `zones_since` is the first year that zones are described for, 2000 at the
        earliest: the later, the fewer bygone rules are told, and Outlook reads a zone of one rule best. Raises InvalidValue.
        """
        if not _clean(product).strip():
            raise InvalidValue("IcsWriter", "product", "needs a name for what makes the file", value=product)
        if not FIRST_YEAR <= zones_since <= LAST_YEAR:
            raise InvalidValue("IcsWriter", "zones_since", f"needs a year from {FIRST_YEAR} to {LAST_YEAR}", value=zones_since)
        self._product, self._since = product, zones_since

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        """The file in pieces, an entry at a time. `entries` are gone through twice, and held only if they are not in order.

        Raises InvalidValue, before the first piece, where two entries have the same uid and component.
        """
        values = _Values()
        ordered, zones = self._surveyed(entries)
        yield from map(_folded, self._head(head, values))
        for key in sorted(zones):
            yield b"".join(_folded(line.encode()) for line in vtimezone(zones[key], since=self._since))
        for entry in ordered:
            yield b"".join(map(_folded, self._component(entry, values)))
        yield b"END:VCALENDAR\r\n"

    def _surveyed(self, entries: Collection[CalendarEntry]) -> tuple[Collection[CalendarEntry], dict[str, ZoneInfo]]:
        """The entries by uid, and the zones they are told in."""
        if isinstance(entries, Iterator):
            raise InvalidValue(
                "IcsWriter", "entries", "needs a collection: it is gone through twice, and an iterator only once"
            )
        zones: dict[str, ZoneInfo] = {}
        previous = ("", "")
        for entry in entries:
            place = _place(entry)
            if place < previous:
                return self._surveyed(sorted(entries, key=_place))
            if place == previous:
                problem = f"{entry.uid!r} stands for two {entry.component}s in one export"
                raise InvalidValue("CalendarEntry", "uid", problem, value=entry)
            previous = place
            zone = _told(entry.when, self._since).zone if isinstance(entry.when, Timed) else None
            if zone is not None:
                zones[zone.key] = zone
        return entries, zones

    def _head(self, head: CalendarHead, values: _Values) -> Iterator[bytes]:
        yield b"BEGIN:VCALENDAR"
        yield b"VERSION:2.0"
        yield b"PRODID:" + values.text(self._product)
        yield b"CALSCALE:GREGORIAN"
        # Twice each, as RFC 7986 names it and as everybody did before it.
        yield b"NAME:" + values.text(head.name)
        yield b"X-WR-CALNAME:" + values.text(head.name)
        yield b"REFRESH-INTERVAL;VALUE=DURATION:" + values.length(head.refresh)
        yield b"X-PUBLISHED-TTL:" + values.length(head.refresh)
        if head.description:
            yield b"DESCRIPTION:" + values.text(head.description)
            yield b"X-WR-CALDESC:" + values.text(head.description)

    def _component(self, entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
        yield b"BEGIN:" + entry.component.encode()
        yield b"UID:" + values.text(entry.uid)
        yield b"DTSTAMP:" + values.instant(entry.last_modified)
        if entry.created is not None:
            yield b"CREATED:" + values.instant(entry.created)
        yield b"LAST-MODIFIED:" + values.instant(entry.last_modified)
        yield b"SEQUENCE:" + str(entry.sequence).encode()
        yield from self._when(entry, values)
        yield from _content(entry, values)
        yield from _standing(entry, values)
        yield from _relations(entry, values)
        for alarm in entry.alarms:
            yield from _alarm(alarm, entry, values)
        yield b"END:" + entry.component.encode()

    def _when(self, entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
        begin = b"DTSTART" if entry.component is Component.EVENT else b"DUE"
        match entry.when:
            case AllDay(on, days):
                yield begin + b";VALUE=DATE:" + values.day(on)
                if entry.component is Component.EVENT:
                    yield b"DTEND;VALUE=DATE:" + values.day(on + timedelta(days=days))
            case Timed():
                told = _told(entry.when, self._since)
                yield _time(begin, told.start, told.zone, values)
                if told.end is not None:
                    yield _time(b"DTEND", told.end, told.zone, values)
            case _:
                assert_never(entry.when)


def _place(entry: CalendarEntry) -> tuple[str, str]:
    return entry.uid, entry.component


def _time(name: bytes, at: datetime, zone: ZoneInfo | None, values: _Values) -> bytes:
    if zone is None:
        return name + b":" + values.instant(at)
    return name + b";TZID=" + zone.key.encode() + b":" + values.wall(at)


def _content(entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
    yield b"SUMMARY:" + values.text(entry.summary)
    if entry.description:
        yield b"DESCRIPTION:" + values.text(entry.description)
    if entry.location:
        yield b"LOCATION:" + values.text(entry.location)
    if entry.url:
        yield b"URL:" + values.uri(entry.url)


def _standing(entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
    if entry.status is not None:
        yield b"STATUS:" + entry.status.encode()
    if entry.status is EntryStatus.COMPLETED:
        yield b"COMPLETED:" + values.instant(entry.completed or entry.last_modified)
    if entry.component is Component.EVENT:
        yield b"TRANSP:TRANSPARENT" if entry.transparent else b"TRANSP:OPAQUE"
    if entry.classification is not None:
        yield b"CLASS:" + entry.classification.encode()


def _relations(entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
    if entry.categories:
        yield b"CATEGORIES:" + b",".join(values.text(_category(category)) for category in entry.categories)
    if entry.contact:
        yield b"CONTACT:" + values.text(entry.contact)
    if entry.related_to:
        yield b"RELATED-TO;RELTYPE=PARENT:" + values.text(entry.related_to)


def _category(category: str) -> str:
    return re.sub(r"\s*,\s*", " / ", " ".join(_clean(category).split()))


def _alarm(alarm: Alarm, entry: CalendarEntry, values: _Values) -> Iterator[bytes]:
    yield b"BEGIN:VALARM"
    yield b"ACTION:DISPLAY"
    if isinstance(alarm.trigger, datetime):
        yield b"TRIGGER;VALUE=DATE-TIME:" + values.instant(alarm.trigger)  # in UTC, §3.8.6.3
    elif entry.component is Component.TODO:
        yield b"TRIGGER;RELATED=END:" + values.length(alarm.trigger)  # it has no DTSTART to count from
    else:
        yield b"TRIGGER:" + values.length(alarm.trigger)
    yield b"DESCRIPTION:" + values.text(alarm.description or entry.summary)
    yield b"END:VALARM"


def to_ics(
    entries: Collection[CalendarEntry],
    head: CalendarHead = CalendarHead(),  # noqa: B008 - a frozen value, shared without harm
) -> bytes:
    """The whole file at once. Raises InvalidValue where two entries have the same uid and component."""
    return b"".join(IcsWriter().chunks(entries, head))
