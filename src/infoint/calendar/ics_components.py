"""A calendar entry as content lines: its properties, in their order, and its alarms (RFC 5545 §3.6). Files are `ics_writer`'s."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, assert_never
from zoneinfo import ZoneInfo

from infoint.calendar.conference import Conference
from infoint.calendar.content_lines import Values, clean, parameter
from infoint.calendar.contract import Alarm, AllDay, CalendarEntry, Component, EntryStatus, Timed
from infoint.calendar.participants import Attendee, Organizer
from infoint.calendar.zones import wall_time, zone_of
from infoint.errors import InvalidValue


class Told(NamedTuple):
    """A Timed as a file tells it: walls' clocks of `zone`, or UTC where there is none."""

    zone: ZoneInfo | None
    start: datetime
    end: datetime | None


def told(when: Timed, since: int, *, repeats: bool = False) -> Told:
    """How a file with zones described from the year `since` on tells a time. Microseconds are cut off. `repeats`: raises InvalidValue
    where UTC would have to be told instead of the clocks' time.
    """
    start = _whole_second(when.start)
    end = _whole_second(when.end) if when.end else None
    if end == start:
        end = None  # less than a second long, and DTEND has to be later than DTSTART (§3.8.2.2)
    zone = zone_of(when.start)
    if zone is not None:
        begin = wall_time(start, zone, since=since)
        finish = wall_time(end, zone, since=since) if end else None
        if begin and bool(finish) == bool(end):
            return Told(zone, begin, finish)
        if repeats:
            year = start.astimezone(zone).year
            problem = f"needs {year} or earlier: an entry repeats from {year} on, by the clocks of {zone.key}"
            raise InvalidValue("IcsWriter", "zones_since", problem, value=since)
    return Told(None, start, end)


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def component_lines(entry: CalendarEntry, values: Values, *, since: int, stamp: datetime | None = None) -> Iterator[bytes]:
    """The VEVENT or VTODO, unfolded. `stamp`: when the message was made that holds it; None: DTSTAMP is LAST-MODIFIED
    (§3.8.7.2).
    """
    yield b"BEGIN:" + entry.component.encode()
    yield b"UID:" + values.text(entry.uid)
    yield b"DTSTAMP:" + values.instant(stamp or entry.last_modified)
    if entry.created is not None:
        yield b"CREATED:" + values.instant(entry.created)
    yield b"LAST-MODIFIED:" + values.instant(entry.last_modified)
    yield b"SEQUENCE:%d" % entry.sequence
    yield from _when(entry, values, since)
    yield from _content(entry, values)
    yield from _standing(entry, values)
    yield from _relations(entry, values)
    yield from _people(entry, values)
    for alarm in entry.alarms:
        yield from _alarm(alarm, entry, values)
    yield b"END:" + entry.component.encode()


def _when(entry: CalendarEntry, values: Values, since: int) -> Iterator[bytes]:
    begin = b"DTSTART" if entry.component is Component.EVENT else b"DUE"
    match entry.when:
        case AllDay(on, days):
            yield begin + b";VALUE=DATE:" + values.day(on)
            if entry.component is Component.EVENT:
                yield b"DTEND;VALUE=DATE:" + values.day(on + timedelta(days=days))
        case Timed():
            shown = told(entry.when, since, repeats=entry.recurrence is not None)
            yield _time(begin, shown.start, shown.zone, values)
            if shown.end is not None:
                yield _time(b"DTEND", shown.end, shown.zone, values)
        case _:
            assert_never(entry.when)
    if entry.recurrence is not None:
        yield b"RRULE:" + entry.recurrence.rule(entry.when).encode()


def _time(name: bytes, at: datetime, zone: ZoneInfo | None, values: Values) -> bytes:
    if zone is None:
        return name + b":" + values.instant(at)
    return name + b";TZID=" + zone.key.encode() + b":" + values.wall(at)


def _content(entry: CalendarEntry, values: Values) -> Iterator[bytes]:
    yield b"SUMMARY:" + values.text(entry.summary)
    if entry.description:
        yield b"DESCRIPTION:" + values.text(entry.description)
    if entry.location:
        yield b"LOCATION:" + values.text(entry.location)
    if entry.url:
        yield b"URL:" + values.uri(entry.url)
    for conference in entry.conferences:
        yield _conference(conference, values)


def _conference(conference: Conference, values: Values) -> bytes:
    # FEATURE is a list of words: in quotes it would be one word that nobody knows (RFC 7986 §6.3).
    features = b";FEATURE=" + ",".join(conference.features).encode() if conference.features else b""
    label = b";LABEL=" + parameter(conference.label) if conference.label else b""
    return b"CONFERENCE;VALUE=URI" + features + label + b":" + values.uri(conference.uri)


def _standing(entry: CalendarEntry, values: Values) -> Iterator[bytes]:
    if entry.status is not None:
        yield b"STATUS:" + entry.status.encode()
    if entry.status is EntryStatus.COMPLETED:
        yield b"COMPLETED:" + values.instant(entry.completed or entry.last_modified)
    if entry.percent_complete is not None:
        yield b"PERCENT-COMPLETE:%d" % entry.percent_complete
    if entry.priority:
        yield b"PRIORITY:%d" % entry.priority
    if entry.component is Component.EVENT:
        yield b"TRANSP:TRANSPARENT" if entry.transparent else b"TRANSP:OPAQUE"
    if entry.classification is not None:
        yield b"CLASS:" + entry.classification.encode()
    if entry.color:
        yield b"COLOR:" + entry.color.encode()


def _relations(entry: CalendarEntry, values: Values) -> Iterator[bytes]:
    categories = [category for category in map(_category, entry.categories) if category]
    if categories:
        yield b"CATEGORIES:" + b",".join(map(values.text, categories))
    if entry.contact:
        yield b"CONTACT:" + values.text(entry.contact)
    if entry.related_to:
        yield b"RELATED-TO;RELTYPE=PARENT:" + values.text(entry.related_to)


def _category(category: str) -> str:
    return re.sub(r"\s*,\s*", " / ", " ".join(clean(category).split()))


def _people(entry: CalendarEntry, values: Values) -> Iterator[bytes]:
    if entry.organizer is not None:
        yield b"ORGANIZER" + _named(entry.organizer) + b":" + values.mail_to(entry.organizer.email)
    for attendee in entry.attendees:
        parts = [b"ATTENDEE", _named(attendee), b";ROLE=", attendee.role.encode()]
        parts += [b";PARTSTAT=", attendee.participation.encode()]
        if attendee.rsvp:
            parts.append(b";RSVP=TRUE")
        if attendee.schedule_agent is not None:
            parts += [b";SCHEDULE-AGENT=", attendee.schedule_agent.encode()]
        yield b"".join(parts) + b":" + values.mail_to(attendee.email)


def _named(person: Organizer | Attendee) -> bytes:
    name = " ".join(clean(person.name).split())
    return b";CN=" + parameter(name) if name else b""


def _alarm(alarm: Alarm, entry: CalendarEntry, values: Values) -> Iterator[bytes]:
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
