"""Content lines put together as components, by BEGIN and END: which are whole and which are not. Values are for others.

A component that is not closed ends where the next one begins, so that what is broken costs only itself.
"""

import re
from collections.abc import Collection
from typing import Final

from attrs import define, field

from infoint.calendar.reading.components import Kind, Problems
from infoint.calendar.reading.lines import FORMAT, ContentLine, content_lines, unescaped
from infoint.errors import ImportRejected
from infoint.model.fields import as_line

MOST_COMPONENTS: Final = 20_000
"""In one file. Zones, alarms and what else is passed over may be three times as many."""
MOST_PROPERTIES: Final = 200_000
"""In one file, of those that are read. An event has ten of them."""
MOST_IN_ONE: Final = 10_000
"""In one component."""
DEEPEST: Final = 8
"""Components within components."""
OF_ZONES: Final = frozenset({"TZID", "X-LIC-LOCATION", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"})
OF_THE_FILE: Final = frozenset({"METHOD", "X-WR-TIMEZONE"})
_LONGEST_UID: Final = 255
_CALENDAR: Final = "VCALENDAR"
_ZONE: Final = "VTIMEZONE"
_KINDS: Final = frozenset(Kind)
_NAME: Final = re.compile(rb"[A-Za-z0-9-]+(?=[:;])")
_SHORTER: Final = "export a shorter stretch of time"


@define
class RawComponent:
    """A component as it stands: lines that will be read, not yet taken apart."""

    name: str
    line: int
    lines: list[ContentLine] = field(factory=list)
    within: "list[RawComponent]" = field(factory=list)
    broken: str = ""
    strange: int = 0
    """The first line that is no content line."""


class RawFile:
    """The components of a file, its VTIMEZONEs, and lines that are about the whole file."""

    def __init__(self, content: bytes, wanted: Collection[str]) -> None:
        """`wanted`: properties that are read, of what is no VTIMEZONE. Raises ImportRejected for what is no calendar or too large."""
        self._wanted = wanted
        self.components: list[RawComponent] = []
        self.zones: list[RawComponent] = []
        self.file: list[ContentLine] = []
        self.problems = Problems()
        self._open: list[RawComponent] = []
        self._in_calendar = self._any_calendar = False
        self._outside = 0
        self._count = self._properties = 0
        for line in content_lines(content):
            self._take(line)
        self._finish()

    def _take(self, line: ContentLine) -> None:
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
            if _name(octets) in OF_THE_FILE:
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
        elif len(inner.lines) >= MOST_IN_ONE:
            inner.broken = inner.broken or f"it has more than {MOST_IN_ONE:,} properties"
        else:
            self._properties += 1
            if self._properties > MOST_PROPERTIES:
                raise ImportRejected(FORMAT, f"it has more than {MOST_PROPERTIES:,} properties; {_SHORTER}")
            inner.lines.append(line)

    def _is_read(self, inner: RawComponent, name: str) -> bool:
        if len(self._open) == 1:
            return name in (OF_ZONES if inner.name == _ZONE else self._wanted)
        return self._open[0].name == _ZONE and name in OF_ZONES

    def _begin(self, line: ContentLine, name: str) -> None:
        if name == _CALENDAR:
            self._abandon("is not closed (END)")
            self._in_calendar = self._any_calendar = True
            return
        if self._open and (name in _KINDS or name == _ZONE):
            self._abandon("is not closed (END)")
        raw = RawComponent(name, line.number)
        self._count_one()
        if len(self._open) >= DEEPEST:
            self._open[0].broken = f"it holds components more than {DEEPEST} deep"
        elif self._open and self._open[0].name == _ZONE:
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
            self._count_one()
            self.problems.add(line.number, "", "an END without its BEGIN")

    def _count_one(self) -> None:
        self._count += 1
        if self._count > MOST_COMPONENTS * 4:
            raise ImportRejected(FORMAT, f"it has more than {MOST_COMPONENTS:,} components; {_SHORTER}")

    def _abandon(self, problem: str) -> None:
        if self._open:
            self._open[0].broken = self._open[0].broken or problem
            self._close(self._open[0])
            self._open.clear()

    def _close(self, raw: RawComponent) -> None:
        if raw.name == _ZONE:
            self.zones.append(raw)
        elif raw.name in _KINDS:
            if len(self.components) >= MOST_COMPONENTS:
                raise ImportRejected(
                    FORMAT, f"it has more than {MOST_COMPONENTS:,} components; export a shorter stretch of time"
                )
            self.components.append(raw)
        elif raw.name == "VAVAILABILITY":
            self.problems.add(raw.line, uid_of(raw), "VAVAILABILITY is not read")

    def _finish(self) -> None:
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
    return match[0].decode("ascii").upper() if match else ""


def uid_of(raw: RawComponent) -> str:
    """For a list of problems, as far as it can be read."""
    for line in raw.lines:
        if _name(line.octets) == "UID":
            return as_line(unescaped(line.octets.partition(b":")[2][:_LONGEST_UID].decode("utf-8", "replace")))
    return ""
