"""Foreign `.ics` files (RFC 5545) as values: each component is read for itself, so that a bad one costs none of the good ones. What
follows from them is for others: `busy_times`, replies.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import define, field

from infoint.calendar.file_zones import FileZones, Observance, VTimezone, zone_named
from infoint.calendar.ics_lines import FORMAT, ContentLine, Property, content_lines, split_line, unescaped
from infoint.calendar.ics_values import ZoneOf, attendee, duration, edge, edges, periods, whole_number
from infoint.calendar.read_components import CalendarFile, Duration, Edge, Kind, Problem, ReadComponent, is_timed
from infoint.calendar.recurrence_rule import parse_rule
from infoint.errors import ImportRejected, InvalidValue
from infoint.model.fields import as_line, as_zone

MOST_COMPONENTS: Final = 40_000
"""In one file."""
MOST_PROPERTIES: Final = 5_000
"""In one component, of those that are read."""
DEEPEST: Final = 8
"""Components within components."""
MOST_PROBLEMS: Final = 1_000
"""Told one by one."""
_LONGEST_UID: Final = 255
_CALENDAR: Final = "VCALENDAR"
_KINDS: Final = frozenset(Kind)
_NAME: Final = re.compile(rb"[A-Za-z0-9-]+")

_OF_ZONES: Final = frozenset({"TZID", "X-LIC-LOCATION", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"})
_OF_THE_FILE: Final = frozenset({"METHOD", "X-WR-TIMEZONE"})


def read_ics(content: bytes, *, zone: ZoneInfo | str) -> CalendarFile:
    r"""What is in the file. `zone` is whose clock times without a zone are told by (RFC 5545 §3.3.5), unless the file names one of its
    own (X-WR-TIMEZONE); also where a zone is unknown, which `problems` says.

    A component that cannot be read is left out and stands in `problems`; all others are there. TZIDs are understood where they are
    IANA names, Windows names, or described by a VTIMEZONE of the file.

    >>> from infoint.calendar import read_ics
    >>> text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
    >>> [event.summary for event in read_ics(text, zone="Europe/Madrid").components]
    ['Dentist']

    Raises ImportRejected for what is no iCalendar file, is larger than 32 MB or has more than 40,000 components, and InvalidValue for
    a zone that is none.
    """
    if not isinstance(content, bytes):
        raise InvalidValue("read_ics", "content", f"needs bytes, not {type(content).__name__}", value=content)
    own = as_zone(zone)
    if not isinstance(own, ZoneInfo):
        raise InvalidValue("read_ics", "zone", "needs the name of an IANA zone, as Europe/Madrid", value=zone)
    found = _Splitter()
    for line in content_lines(content):
        found.take(line)
    found.finish()
    return _decoded(found, own)


# ── components ───────────────────────────────────────────────────────────────────────────────────
@define
class _Raw:
    """A component as it stands: lines that will be read, not yet taken apart."""

    name: str
    line: int
    lines: list[ContentLine] = field(factory=list)
    within: "list[_Raw]" = field(factory=list)
    broken: str = ""
    strange: int = 0
    """The first line that is no content line."""


class _Splitter:
    """Puts lines where they belong, and notices what is not closed."""

    def __init__(self) -> None:
        self.components: list[_Raw] = []
        self.zones: list[_Raw] = []
        self.file: list[ContentLine] = []
        self.problems = _Problems()
        self._open: list[_Raw] = []
        self._in_calendar = self._any_calendar = False
        self._outside = 0
        self._count = 0

    def take(self, line: ContentLine) -> None:
        octets = line.octets
        first = octets[:1]
        if first in b"BbEe":
            word = octets[:6].upper()
            if word == b"BEGIN:":
                self._begin(line, _component_name(octets[6:]))
                return
            if word[:4] == b"END:":
                self._end(line, _component_name(octets[4:]))
                return
        if not self._open:
            if _name(octets) in _OF_THE_FILE:
                self.file.append(line)
            return
        self._property(line)

    def _property(self, line: ContentLine) -> None:
        inner = self._open[-1]
        name = _name(line.octets)
        if not name:
            inner.strange = inner.strange or line.number
            return
        if not self._is_read(inner, name):
            return
        if not line.whole:
            inner.broken = inner.broken or f"its {name} is longer than is read"
        elif len(inner.lines) >= MOST_PROPERTIES:
            inner.broken = inner.broken or f"it has more than {MOST_PROPERTIES:,} properties"
        else:
            inner.lines.append(line)

    def _is_read(self, inner: _Raw, name: str) -> bool:
        if len(self._open) == 1:
            return name in (_OF_ZONES if inner.name == "VTIMEZONE" else _FIELDS)
        return self._open[0].name == "VTIMEZONE" and name in _OF_ZONES

    def _begin(self, line: ContentLine, name: str) -> None:
        if name == _CALENDAR:
            self._abandon("is not closed (END)")
            self._in_calendar = self._any_calendar = True
            return
        if self._open and (name in _KINDS or name == "VTIMEZONE"):
            self._abandon("is not closed (END)")
        raw = _Raw(name, line.number)
        self._count += 1
        if self._count > MOST_COMPONENTS * 2:
            raise ImportRejected(FORMAT, f"it has more than {MOST_COMPONENTS:,} components; export a shorter stretch of time")
        if len(self._open) >= DEEPEST:
            self._open[0].broken = f"it holds components more than {DEEPEST} deep"
        elif self._open and self._open[0].name == "VTIMEZONE":
            self._open[-1].within.append(raw)
        self._open.append(raw)
        if not self._in_calendar and not self._outside:
            self._outside = line.number

    def _end(self, line: ContentLine, name: str) -> None:
        if name == _CALENDAR:
            self._abandon("is not closed (END)")
            self._in_calendar = False
        elif self._open and self._open[-1].name == name:
            raw = self._open.pop()
            if not self._open:
                self._close(raw)
        elif self._open:
            self._open[0].broken = self._open[0].broken or "its BEGIN and END do not match"
            if self._open[0].name == name:
                self._close(self._open[0])
                self._open.clear()
        else:
            self.problems.add(line.number, "", "an END without its BEGIN")

    def _abandon(self, problem: str) -> None:
        if self._open:
            self._open[0].broken = self._open[0].broken or problem
            self._close(self._open[0])
            self._open.clear()

    def _close(self, raw: _Raw) -> None:
        if raw.name == "VTIMEZONE":
            self.zones.append(raw)
        elif raw.name in _KINDS:
            if len(self.components) >= MOST_COMPONENTS:
                raise ImportRejected(
                    FORMAT, f"it has more than {MOST_COMPONENTS:,} components; export a shorter stretch of time"
                )
            self.components.append(raw)
        elif raw.name == "VAVAILABILITY":
            self.problems.add(raw.line, _uid(raw), "VAVAILABILITY is not read")

    def finish(self) -> None:
        """Raises ImportRejected where there was nothing of a calendar."""
        self._abandon("is not closed (END)")
        if not self._any_calendar and not self.components:
            raise ImportRejected(FORMAT, "it has no BEGIN:VCALENDAR")
        if self._outside and not self._any_calendar:
            self.problems.add(self._outside, "", "a component stands outside VCALENDAR; it is read nevertheless")
        elif self._in_calendar:
            self.problems.add(0, "", "VCALENDAR is not closed (END): the end of the file may be missing")


def _component_name(octets: bytes) -> str:
    return octets[:64].strip().decode("ascii", "replace").upper()


def _name(octets: bytes) -> str:
    """Of a content line; "" where it is none."""
    match = _NAME.match(octets)
    return match[0].decode("ascii").upper() if match and octets[match.end() : match.end() + 1] in (b":", b";") else ""


class _Problems:
    """Listed in the order they are met, up to a number."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._more = 0

    def add(self, line: int, uid: str, problem: str) -> None:
        if len(self._found) < MOST_PROBLEMS:
            self._found.append(Problem(line, uid, problem))
        else:
            self._more += 1

    def __iter__(self) -> Iterator[Problem]:
        yield from self._found
        if self._more:
            yield Problem(0, "", f"{self._more:,} more problems of the same file are not listed")


# ── values ───────────────────────────────────────────────────────────────────────────────────────
def _decoded(found: _Splitter, own: ZoneInfo) -> CalendarFile:
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


def _about_the_file(lines: Sequence[ContentLine], problems: _Problems) -> dict[str, str]:
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


def _vtimezones(raws: Sequence[_Raw], problems: _Problems) -> dict[str, VTimezone]:
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


def _uid(raw: _Raw) -> str:
    """For a list of problems, as far as it can be read."""
    for line in raw.lines:
        if _name(line.octets) == "UID":
            return as_line(unescaped(line.octets.partition(b":")[2][:_LONGEST_UID].decode("utf-8", "replace")))
    return ""


class _Reader:
    """Components from their lines."""

    def __init__(self, zones: FileZones, problems: _Problems) -> None:
        self._zones, self._problems = zones, problems
        self._told: set[str] = set()
        self._line = 0

    def read(self, raw: _Raw) -> ReadComponent | None:
        self._line = raw.line
        if raw.broken:
            self._problems.add(raw.line, _uid(raw), f"{raw.name}: {raw.broken}")
            return None
        try:
            component = self._component(raw)
        except InvalidValue as error:
            where = error.field if error.field.isupper() else raw.name
            self._problems.add(raw.line, _uid(raw), f"{where}: {error.problem}")
            return None
        if raw.strange:
            self._problems.add(raw.strange, _uid(raw), "a line is no content line (RFC 5545 §3.1); it is passed over")
        return component

    def _component(self, raw: _Raw) -> ReadComponent:
        props = _grouped(raw.lines)
        for name, found in props.items():
            if len(found) > 1 and name not in _OFTEN:
                raise InvalidValue(raw.name, name, "stands twice")
        if any(not _is_utf8(line.octets) for line in raw.lines):
            self._problems.add(raw.line, _uid(raw), "some of its text is no UTF-8 and was replaced")
        told: dict[str, Any] = {"kind": Kind(raw.name), "line": raw.line}
        for name, found in props.items():
            key, read = _FIELDS[name]
            told[key] = read(found, self._zone_of)
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


_Field = tuple[str, Callable[[Sequence[Property], ZoneOf], Any]]


def _edge(props: Sequence[Property], zone_of: ZoneOf) -> Edge:
    return edge(props[0].value, props[0], zone_of)


def _stamp(props: Sequence[Property], zone_of: ZoneOf) -> datetime | None:
    found = edge(props[0].value, props[0], zone_of)
    return found.astimezone(UTC) if isinstance(found, datetime) else None


def _text(props: Sequence[Property], _zone_of: ZoneOf) -> str:
    return unescaped(props[0].value).strip()


def _word(props: Sequence[Property], _zone_of: ZoneOf) -> str:
    return props[0].value.strip().upper()


def _texts(props: Sequence[Property], _zone_of: ZoneOf) -> tuple[str, ...]:
    return tuple(unescaped(prop.value).strip() for prop in props)


_FIELDS: Final[Mapping[str, _Field]] = {
    "UID": ("uid", _text),
    "SEQUENCE": ("sequence", lambda props, _: whole_number(props[0])),
    "DTSTAMP": ("stamp", _stamp),
    "RECURRENCE-ID": ("recurrence_id", _edge),
    "DTSTART": ("start", _edge),
    "DTEND": ("end", _edge),
    "DUE": ("due", _edge),
    "DURATION": ("duration", lambda props, _: duration(props[0].value, props[0])),
    "STATUS": ("status", _word),
    "TRANSP": ("transparent", lambda props, _: props[0].value.strip().upper() == "TRANSPARENT"),
    "X-MICROSOFT-CDO-BUSYSTATUS": ("busy_status", _word),
    "ORGANIZER": ("organizer", lambda props, _: attendee(props[0])),
    "ATTENDEE": ("attendees", lambda props, _: tuple(map(attendee, props))),
    "SUMMARY": ("summary", _text),
    "LOCATION": ("location", _text),
    "COMMENT": ("comments", _texts),
    "REQUEST-STATUS": ("request_status", _texts),
    "RRULE": ("rules", lambda props, _: tuple(parse_rule(prop.value) for prop in props)),
    "EXRULE": ("except_rules", lambda props, _: tuple(parse_rule(prop.value) for prop in props)),
    "RDATE": ("rdates", lambda props, zone_of: tuple(one for prop in props for one in periods(prop, zone_of))),
    "EXDATE": ("exdates", lambda props, zone_of: tuple(one for prop in props for one in edges(prop, zone_of))),
    "FREEBUSY": ("free_busy", lambda props, zone_of: tuple(one for prop in props for one in periods(prop, zone_of))),
}
_OFTEN: Final = frozenset(
    {"ATTENDEE", "COMMENT", "REQUEST-STATUS", "RRULE", "EXRULE", "RDATE", "EXDATE", "FREEBUSY", "SUMMARY", "LOCATION"}
)
"""What may stand several times; of texts that are only shown, the first is good enough."""
