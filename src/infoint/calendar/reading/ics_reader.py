"""Foreign `.ics` files (RFC 5545) as values: each component is read for itself, so that a bad one costs none of the good ones. What
follows from them is for others: `busy_times`, replies.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from infoint.calendar.reading.components import CalendarFile, Duration, Edge, Kind, Problems, ReadComponent, is_timed
from infoint.calendar.reading.file_zones import FileZones, Observance, VTimezone, zone_named
from infoint.calendar.reading.lines import ContentLine, Property, split_line, unescaped
from infoint.calendar.reading.raw_components import RawComponent, RawFile, uid_of
from infoint.calendar.reading.recurrence_rule import parse_rule
from infoint.calendar.reading.values import Values, attendee, duration, whole_number
from infoint.errors import InvalidValue
from infoint.model.fields import as_zone

_LONGEST_UID: Final = 2_000
"""Characters. RFC 5545 §3.8.4.7 has readers keep 255 octets; some calendars use twice as many."""
_LONGEST_TEXT: Final = 10_000
_LONGEST_WORD: Final = 100
_MOST_SINGLE: Final = 24
"""Properties an event may have for nothing: what is more are items of a list."""


def read_ics(content: bytes, *, zone: ZoneInfo | str) -> CalendarFile:
    r"""What is in the file. `zone` is whose clock times without a zone are told by (RFC 5545 §3.3.5), unless the file names one of its
    own (X-WR-TIMEZONE); also where a zone is unknown, which `problems` says.

    A component that cannot be read is left out and stands in `problems`; all others are there. TZIDs are understood where they are
    IANA names, Windows names, or described by a VTIMEZONE of the file.

    >>> from infoint.calendar import read_ics
    >>> text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
    >>> [event.summary for event in read_ics(text, zone="Europe/Madrid").components]
    ['Dentist']

    Raises ImportRejected for what is no iCalendar file, is larger than 32 MB or has more than 20,000 components, and InvalidValue for
    a zone that is none.
    """
    if not isinstance(content, bytes):
        raise InvalidValue("read_ics", "content", f"needs bytes, not {type(content).__name__}", value=content)
    own = as_zone(zone)
    if not isinstance(own, ZoneInfo):
        raise InvalidValue("read_ics", "zone", "needs the name of an IANA zone, as Europe/Madrid", value=zone)
    return _decoded(RawFile(content, _FIELDS), own)


# ── values ───────────────────────────────────────────────────────────────────────────────────────
def _decoded(found: RawFile, own: ZoneInfo) -> CalendarFile:
    problems = found.problems
    about = _about_the_file(found.file, problems)
    wanted = about.get("X-WR-TIMEZONE", "").strip()
    named = zone_named(wanted) if wanted else None
    if wanted and named is None:
        problems.add(0, "", f"X-WR-TIMEZONE is no known zone: times without a zone are read in {own}")
    zones = FileZones(_vtimezones(found.zones, problems), named or own)
    reader = _Reader(zones, problems)
    components = []
    found.components.reverse()
    while found.components:  # each gives its lines back before the next is read
        component = reader.read(found.components.pop())
        if component:
            components.append(component)
    return CalendarFile(about.get("METHOD", "").strip().upper(), tuple(components), tuple(problems))


def _about_the_file(lines: Sequence[ContentLine], problems: Problems) -> dict[str, str]:
    about: dict[str, str] = {}
    for line in lines:
        try:
            prop = split_line(line.octets)
        except InvalidValue as error:
            problems.add(line.number, "", error.problem)
            continue
        if about.setdefault(prop.name, prop.value) != prop.value:
            problems.add(line.number, "", f"{prop.name} stands twice; the first is read")
    return about


def _vtimezones(raws: Sequence[RawComponent], problems: Problems) -> dict[str, VTimezone]:
    found: dict[str, VTimezone] = {}
    for raw in raws:
        try:
            props = _grouped(raw.lines)
            parts = [Observance(_grouped(part.lines)) for part in raw.within if part.name in {"STANDARD", "DAYLIGHT"}]
        except InvalidValue as error:
            problems.add(raw.line, "", f"VTIMEZONE: {error.problem}")
            continue
        if raw.broken or not props.get("TZID"):
            problems.add(raw.line, "", f"VTIMEZONE: {raw.broken or 'TZID is missing'}")
            continue
        location = props["X-LIC-LOCATION"][0].value.strip() if "X-LIC-LOCATION" in props else ""
        found.setdefault(props["TZID"][0].value.strip(), VTimezone(location, parts))
    return found


def _grouped(lines: Sequence[ContentLine]) -> Mapping[str, list[Property]]:
    grouped: defaultdict[str, list[Property]] = defaultdict(list)
    for line in lines:
        prop = split_line(line.octets)
        grouped[prop.name].append(prop)
    return grouped


class _Reader:
    """Components from their lines."""

    def __init__(self, zones: FileZones, problems: Problems) -> None:
        self._zones, self._problems = zones, problems
        self._values = Values(self._zone_of)
        self._told: set[str] = set()
        self._line = 0

    def read(self, raw: RawComponent) -> ReadComponent | None:
        self._line = raw.line
        if raw.broken:
            self._problems.add(raw.line, uid_of(raw), f"{raw.name}: {raw.broken}")
            return None
        try:
            component = self._component(raw)
        except InvalidValue as error:
            where = error.field if error.field.isupper() else raw.name
            self._problems.add(raw.line, uid_of(raw), f"{where}: {error.problem}")
            return None
        if raw.strange:
            self._problems.add(raw.strange, uid_of(raw), "a line is no content line (RFC 5545 §3.1); it is passed over")
        return component

    def _component(self, raw: RawComponent) -> ReadComponent:
        attendees = sum(1 for line in raw.lines if line.octets[:8].upper() == b"ATTENDEE")
        self._values.take(max(attendees, len(raw.lines) - _MOST_SINGLE), "ATTENDEE")
        props = _grouped(raw.lines)
        for name, found in props.items():
            if len(found) > 1 and name not in _OFTEN:
                raise InvalidValue(raw.name, name, "stands twice")
        if any(not _is_utf8(line.octets) for line in raw.lines):
            self._problems.add(raw.line, uid_of(raw), "some of its text is no UTF-8 and was replaced")
        told: dict[str, Any] = {"kind": Kind(raw.name), "line": raw.line}
        for name, found in props.items():
            key, read = _FIELDS[name]
            told[key] = read(found, self._values)
        told["this_and_future"] = (
            "RECURRENCE-ID" in props and props["RECURRENCE-ID"][0].parameter("RANGE").upper() == "THISANDFUTURE"
        )
        told |= _when(told)
        return ReadComponent(**told)

    def _zone_of(self, prop: Property) -> tzinfo:
        tzid = prop.parameter("TZID")
        if not tzid:
            return self._zones.default
        zone, problem = self._zones.find(tzid)
        if problem and tzid not in self._told:
            self._told.add(tzid)
            self._problems.add(self._line, "", problem)
        return zone


def _is_utf8(octets: bytes) -> bool:
    if octets.isascii():
        return True
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _when(told: dict[str, Any]) -> dict[str, Any]:
    """`end` and `length` from what there is. Raises InvalidValue."""
    start: Edge | None = told.get("start")
    end: Edge | None = told.pop("due", None) or told.get("end")
    given: Duration | None = told.pop("duration", None)
    if start is None:
        return {"end": end, "length": None}
    if end is None:
        return {"end": None, "length": None} if given is None else {"end": given.after(start), "length": given}
    if is_timed(end) is not is_timed(start):
        raise InvalidValue("component", "DTEND", "is a day where DTSTART is a time, or the other way round")
    length = Duration.between(start, end)
    if length.is_negative:
        raise InvalidValue("component", "DTEND", "is earlier than DTSTART")
    if not is_timed(start) and not length.days:
        return {"end": None, "length": None}  # many write the last day itself instead of the one after it
    return {"end": end, "length": length}


_Field = tuple[str, Callable[[Sequence[Property], Values], Any]]


def _edge(props: Sequence[Property], values: Values) -> Edge:
    return values.edge(props[0].value, props[0])


def _stamp(props: Sequence[Property], values: Values) -> datetime | None:
    found = _edge(props, values)
    return found.astimezone(UTC) if isinstance(found, datetime) else None


def _uid(props: Sequence[Property], _values: Values) -> str:
    if len(props[0].value) > _LONGEST_UID:
        raise InvalidValue("component", "UID", f"is longer than {_LONGEST_UID:,} characters")
    return unescaped(props[0].value).strip()


def _texts(props: Sequence[Property], _values: Values) -> tuple[str, ...]:
    return tuple(unescaped(prop.value[:_LONGEST_TEXT]).strip() for prop in props)


def _text(props: Sequence[Property], values: Values) -> str:
    return _texts(props[:1], values)[0]


def _word(props: Sequence[Property], _values: Values) -> str:
    return props[0].value[:_LONGEST_WORD].strip().upper()


_FIELDS: Final[Mapping[str, _Field]] = {
    "UID": ("uid", _uid),
    "SEQUENCE": ("sequence", lambda props, _: whole_number(props[0])),
    "DTSTAMP": ("stamp", _stamp),
    "RECURRENCE-ID": ("recurrence_id", _edge),
    "DTSTART": ("start", _edge),
    "DTEND": ("end", _edge),
    "DUE": ("due", _edge),
    "DURATION": ("duration", lambda props, _: duration(props[0].value, props[0])),
    "STATUS": ("status", _word),
    "TRANSP": ("transparent", lambda props, values: _word(props, values) == "TRANSPARENT"),
    "X-MICROSOFT-CDO-BUSYSTATUS": ("busy_status", _word),
    "ORGANIZER": ("organizer", lambda props, _: attendee(props[0])),
    "ATTENDEE": ("attendees", lambda props, _: tuple(map(attendee, props))),
    "SUMMARY": ("summary", _text),
    "LOCATION": ("location", _text),
    "COMMENT": ("comments", _texts),
    "REQUEST-STATUS": ("request_status", _texts),
    "RRULE": ("rules", lambda props, _: tuple(parse_rule(prop.value) for prop in props)),
    "EXRULE": ("except_rules", lambda props, _: tuple(parse_rule(prop.value) for prop in props)),
    "RDATE": ("rdates", lambda props, values: tuple(one for prop in props for one in values.periods(prop))),
    "EXDATE": ("exdates", lambda props, values: tuple(one for prop in props for one in values.edges(prop))),
    "FREEBUSY": ("free_busy", lambda props, values: tuple(one for prop in props for one in values.periods(prop))),
}
_OFTEN: Final = frozenset(
    {"ATTENDEE", "COMMENT", "REQUEST-STATUS", "RRULE", "EXRULE", "RDATE", "EXDATE", "FREEBUSY", "SUMMARY", "LOCATION"}
)
"""What may stand several times; of texts that are only shown, the first is good enough."""
