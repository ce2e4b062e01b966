"""One property read by the table of properties: its type, its values, and what it demands of them besides."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from attrs import frozen

from infoint.calendar.colors import COLOR_NAMES
from infoint.testing.ics.lines import ContentLine, capitals
from infoint.testing.ics.parameters import OWN, check_parameters
from infoint.testing.ics.problems import Findings, Malformed, shown
from infoint.testing.ics.properties import PROPERTIES, PropertyRule, property_rule
from infoint.testing.ics.recurrence import Moment
from infoint.testing.ics.values import READERS, Duration

_LISTS: Final = frozenset({"DATE", "DATE-TIME", "PERIOD"})
"""Types whose values are parted by commas where a property has several."""
_PLAIN: Final = {"TEXTS": "TEXT", "GEO": "FLOAT", "REQUEST-STATUS": "TEXT", "VERSION": "TEXT"}
"""How VALUE calls our own types."""
_VALUES: Final[Mapping[str, tuple[frozenset[str], bool]]] = {
    "CALSCALE": (frozenset({"GREGORIAN"}), False),
    "CLASS": (frozenset({"PUBLIC", "PRIVATE", "CONFIDENTIAL"}), True),
    "TRANSP": (frozenset({"OPAQUE", "TRANSPARENT"}), False),
    "ACTION": (frozenset({"AUDIO", "DISPLAY", "EMAIL"}), True),
    "BUSYTYPE": (frozenset({"BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"}), True),
    "PROXIMITY": (frozenset({"ARRIVE", "DEPART", "CONNECT", "DISCONNECT"}), True),
    "PARTICIPANT-TYPE": (
        frozenset(
            {
                "ACTIVE",
                "INACTIVE",
                "SPONSOR",
                "CONTACT",
                "BOOKING-CONTACT",
                "EMERGENCY-CONTACT",
                "PUBLICITY-CONTACT",
                "PLANNER-CONTACT",
                "PERFORMER",
                "SPEAKER",
            }
        ),
        True,
    ),
    "COLOR": (frozenset(map(str.upper, COLOR_NAMES)), False),
    "METHOD": (
        frozenset({"PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"}),
        False,
    ),
}
"""Property → its values, and whether there may be X- ones; STATUS has others in each component."""
_RANGES: Final = {"PRIORITY": (0, 9), "PERCENT-COMPLETE": (0, 100), "SEQUENCE": (0, 2**31 - 1), "REPEAT": (0, 2**31 - 1)}
_IN_UTC: Final = frozenset({"COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED", "ACKNOWLEDGED", "TZUNTIL", "FREEBUSY"})
_NOT_EMPTY: Final = frozenset({"PRODID", "UID", "TZID"})


@frozen
class Property:
    """A content line read by the table."""

    line: ContentLine
    type: str
    """Of its values."""
    values: tuple[object, ...]
    """As the readers of its type give them; none if they could not be read."""

    @property
    def name(self) -> str:
        """In capitals."""
        return self.line.name

    @property
    def number(self) -> int:
        """Of its line."""
        return self.line.number

    @property
    def time(self) -> date | Moment | None:
        """Its first value, where that is a day or a time."""
        value = self.values[0] if self.values else None
        return value if isinstance(value, date | Moment) else None

    @property
    def length(self) -> Duration | None:
        """Its value, where that is a DURATION."""
        value = self.values[0] if self.values else None
        return value if isinstance(value, Duration) else None

    @property
    def zone(self) -> str | None:
        """Its TZID."""
        return self.line.parameter("TZID")

    @property
    def word(self) -> str:
        """Its value where case does not count."""
        return capitals(self.line.value)


def read_property(line: ContentLine, findings: Findings, component: object) -> Property:
    """Checks parameters, type and values against the table."""
    rule = PROPERTIES.get(line.name)
    check_parameters(line, rule.parameters if rule else None, findings, component)
    if rule is None:
        rule = property_rule("RFC 5545 §3.8.8.2", _own_type(line), several=True)
    type = _type(line, rule, findings, component)
    texts = line.value.split(",") if rule.several and type in _LISTS else [line.value]
    values = list[object]()
    for text in texts:
        try:
            values.append(READERS[type](text))
        except Malformed as problem:
            findings.error(problem.rule or rule.rule, f"{line.name}: {problem}", line.number, component)
    read = Property(line, type, tuple(values) if len(values) == len(texts) else ())
    for check in _CHECKS:
        message = check(read)
        if message:
            findings.error(rule.rule, message, line.number, component)
    return read


def _own_type(line: ContentLine) -> str:
    """Of a property nobody knows: what it says of itself, else anything."""
    told = capitals(line.parameter("VALUE") or "")
    return "TEXTS" if told == "TEXT" else told if told in READERS else "UNKNOWN"


def _type(line: ContentLine, rule: PropertyRule, findings: Findings, component: object) -> str:
    told = capitals(line.parameter("VALUE") or "")
    types = {_PLAIN.get(type, type): type for type in rule.types}
    if not told and rule.says_its_type:
        findings.error(rule.rule, f"{line.name} needs VALUE={' or '.join(types)}", line.number, component)
    if told and told not in types:
        if rule.types != ("UNKNOWN",) and (told in READERS or not OWN.fullmatch(told)):
            findings.error(rule.rule, f"{line.name} is no {told}; needs {' or '.join(types)}", line.number, component)
        return "UNKNOWN"
    return types.get(told, rule.types[0])


# ── what a value has to be besides of its type ───────────────────────────────────────────────────
def _known_value(read: Property) -> str:
    values, own = _VALUES.get(read.name, (frozenset(), True))
    if not values or read.word in values or (own and OWN.fullmatch(read.word)):
        return ""
    return f"{shown(read.line.value)} is no {read.name}"


def _in_range(read: Property) -> str:
    least, greatest = _RANGES.get(read.name, (0, 0))
    number = read.values[0] if read.values and greatest else 0
    return "" if isinstance(number, int) and least <= number <= greatest else f"{read.name} is from {least} to {greatest}"


def _in_utc(read: Property) -> str:
    if read.name not in _IN_UTC:
        return ""
    moments = [getattr(value, "start", value) for value in read.values]
    return "" if all(isinstance(moment, Moment) and moment.utc for moment in moments) else f"{read.name} is in UTC, with Z"


def _not_empty(read: Property) -> str:
    return f"{read.name} is empty" if read.name in _NOT_EMPTY and not read.line.value else ""


def _encoded(read: Property) -> str:
    encoding = capitals(read.line.parameter("ENCODING") or "")
    if (read.type == "BINARY") != (encoding == "BASE64"):
        return f"{read.name}: VALUE=BINARY and ENCODING=BASE64 go together"
    return ""


def _zone_fits(read: Property) -> str:
    if read.zone is None:
        return ""
    if read.type == "DATE":
        return f"{read.name}: a DATE has no TZID"
    moments = [getattr(value, "start", value) for value in read.values]
    return f"{read.name}: TZID and UTC" if any(isinstance(one, Moment) and one.utc for one in moments) else ""


def _structured(read: Property) -> str:
    if (
        read.name == "STRUCTURED-DATA"
        and read.type in ("TEXT", "BINARY")
        and not {"FMTTYPE", "SCHEMA"} <= read.line.parameters.keys()
    ):
        return "STRUCTURED-DATA needs FMTTYPE and SCHEMA"
    if read.name == "LINK" and "LINKREL" not in read.line.parameters:
        return "LINK needs LINKREL"
    return ""


def _positive(read: Property) -> str:
    if read.name in ("DURATION", "REFRESH-INTERVAL") and read.length and read.length.length.total_seconds() <= 0:
        return f"{read.name} is not positive"
    return ""


_CHECKS: Final[tuple[Callable[[Property], str], ...]] = (
    _known_value,
    _in_range,
    _in_utc,
    _not_empty,
    _encoded,
    _zone_fits,
    _structured,
    _positive,
)
