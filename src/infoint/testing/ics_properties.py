"""The properties: value types, parameters and enumerated values of each (RFC 5545 §3.7 and §3.8, and later ones), and reading one by
that table. In which components each may stand is told in the table of components.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from attrs import frozen

from infoint.testing.ics_colors import COLORS
from infoint.testing.ics_lines import ContentLine, capitals
from infoint.testing.ics_parameters import OWN, check_parameters
from infoint.testing.ics_problems import Findings, Malformed, shown
from infoint.testing.ics_recurrence import Moment
from infoint.testing.ics_values import READERS, Duration

_LISTS: Final = frozenset({"DATE", "DATE-TIME", "PERIOD"})
"""Types whose values are parted by commas where a property has several."""


@frozen
class PropertyRule:
    """A row of the table."""

    rule: str
    types: tuple[str, ...]
    """The first is what it is without VALUE."""
    parameters: frozenset[str]
    several: bool = False
    says_its_type: bool = False
    """VALUE has to be written."""


def _row(rule: str, types: str, parameters: str = "", *, several: bool = False, says_its_type: bool = False) -> PropertyRule:
    return PropertyRule(
        rule, tuple(types.split()), frozenset(["VALUE", "ORDER", "DERIVED", *parameters.split()]), several, says_its_type
    )


_TEXT: Final = "ALTREP LANGUAGE"
_PERSON: Final = "CN DIR SENT-BY LANGUAGE EMAIL SCHEDULE-AGENT SCHEDULE-FORCE-SEND SCHEDULE-STATUS"
_INVITED: Final = f"{_PERSON} CUTYPE MEMBER ROLE PARTSTAT RSVP DELEGATED-TO DELEGATED-FROM"
_FILE: Final = "FMTTYPE ENCODING MANAGED-ID FILENAME SIZE"

PROPERTIES: Final[Mapping[str, PropertyRule]] = {
    "CALSCALE": _row("RFC 5545 §3.7.1", "TEXT"),
    "METHOD": _row("RFC 5545 §3.7.2", "TEXT"),
    "PRODID": _row("RFC 5545 §3.7.3", "TEXT"),
    "VERSION": _row("RFC 5545 §3.7.4", "VERSION"),
    "ATTACH": _row("RFC 5545 §3.8.1.1", "URI BINARY", _FILE),
    "CATEGORIES": _row("RFC 5545 §3.8.1.2", "TEXTS", "LANGUAGE"),
    "CLASS": _row("RFC 5545 §3.8.1.3", "TEXT"),
    "COMMENT": _row("RFC 5545 §3.8.1.4", "TEXT", _TEXT),
    "DESCRIPTION": _row("RFC 5545 §3.8.1.5", "TEXT", _TEXT),
    "GEO": _row("RFC 5545 §3.8.1.6", "GEO"),
    "LOCATION": _row("RFC 5545 §3.8.1.7", "TEXT", _TEXT),
    "PERCENT-COMPLETE": _row("RFC 5545 §3.8.1.8", "INTEGER"),
    "PRIORITY": _row("RFC 5545 §3.8.1.9", "INTEGER"),
    "RESOURCES": _row("RFC 5545 §3.8.1.10", "TEXTS", _TEXT),
    "STATUS": _row("RFC 5545 §3.8.1.11", "TEXT"),
    "SUMMARY": _row("RFC 5545 §3.8.1.12", "TEXT", _TEXT),
    "COMPLETED": _row("RFC 5545 §3.8.2.1", "DATE-TIME"),
    "DTEND": _row("RFC 5545 §3.8.2.2", "DATE-TIME DATE", "TZID"),
    "DUE": _row("RFC 5545 §3.8.2.3", "DATE-TIME DATE", "TZID"),
    "DTSTART": _row("RFC 5545 §3.8.2.4", "DATE-TIME DATE", "TZID"),
    "DURATION": _row("RFC 5545 §3.8.2.5", "DURATION"),
    "FREEBUSY": _row("RFC 5545 §3.8.2.6", "PERIOD", "FBTYPE", several=True),
    "TRANSP": _row("RFC 5545 §3.8.2.7", "TEXT"),
    "TZID": _row("RFC 5545 §3.8.3.1", "TEXT"),
    "TZNAME": _row("RFC 5545 §3.8.3.2", "TEXT", "LANGUAGE"),
    "TZOFFSETFROM": _row("RFC 5545 §3.8.3.3", "UTC-OFFSET"),
    "TZOFFSETTO": _row("RFC 5545 §3.8.3.4", "UTC-OFFSET"),
    "TZURL": _row("RFC 5545 §3.8.3.5", "URI"),
    "ATTENDEE": _row("RFC 5545 §3.8.4.1", "CAL-ADDRESS", _INVITED),
    "CONTACT": _row("RFC 5545 §3.8.4.2", "TEXT", _TEXT),
    "ORGANIZER": _row("RFC 5545 §3.8.4.3", "CAL-ADDRESS", _PERSON),
    "RECURRENCE-ID": _row("RFC 5545 §3.8.4.4", "DATE-TIME DATE", "TZID RANGE"),
    "RELATED-TO": _row("RFC 5545 §3.8.4.5", "TEXT UID URI", "RELTYPE GAP"),
    "URL": _row("RFC 5545 §3.8.4.6", "URI"),
    "UID": _row("RFC 5545 §3.8.4.7", "TEXT"),
    "EXDATE": _row("RFC 5545 §3.8.5.1", "DATE-TIME DATE", "TZID", several=True),
    "RDATE": _row("RFC 5545 §3.8.5.2", "DATE-TIME DATE PERIOD", "TZID", several=True),
    "RRULE": _row("RFC 5545 §3.8.5.3", "RECUR"),
    "ACTION": _row("RFC 5545 §3.8.6.1", "TEXT"),
    "REPEAT": _row("RFC 5545 §3.8.6.2", "INTEGER"),
    "TRIGGER": _row("RFC 5545 §3.8.6.3", "DURATION DATE-TIME", "RELATED"),
    "CREATED": _row("RFC 5545 §3.8.7.1", "DATE-TIME"),
    "DTSTAMP": _row("RFC 5545 §3.8.7.2", "DATE-TIME"),
    "LAST-MODIFIED": _row("RFC 5545 §3.8.7.3", "DATE-TIME"),
    "SEQUENCE": _row("RFC 5545 §3.8.7.4", "INTEGER"),
    "REQUEST-STATUS": _row("RFC 5545 §3.8.8.3", "REQUEST-STATUS", "LANGUAGE"),
    "TZUNTIL": _row("RFC 7808 §7.1", "DATE-TIME"),
    "TZID-ALIAS-OF": _row("RFC 7808 §7.2", "TEXT"),
    "BUSYTYPE": _row("RFC 7953 §3.2", "TEXT"),
    "NAME": _row("RFC 7986 §5.1", "TEXT", _TEXT),
    "REFRESH-INTERVAL": _row("RFC 7986 §5.7", "DURATION", says_its_type=True),
    "SOURCE": _row("RFC 7986 §5.8", "URI"),
    "COLOR": _row("RFC 7986 §5.9", "TEXT"),
    "IMAGE": _row("RFC 7986 §5.10", "URI BINARY", "ALTREP DISPLAY FMTTYPE ENCODING", says_its_type=True),
    "CONFERENCE": _row("RFC 7986 §5.11", "URI", "FEATURE LABEL LANGUAGE", says_its_type=True),
    "LOCATION-TYPE": _row("RFC 9073 §6.1", "TEXTS"),
    "PARTICIPANT-TYPE": _row("RFC 9073 §6.2", "TEXT"),
    "RESOURCE-TYPE": _row("RFC 9073 §6.3", "TEXT"),
    "CALENDAR-ADDRESS": _row("RFC 9073 §6.4", "CAL-ADDRESS"),
    "STYLED-DESCRIPTION": _row("RFC 9073 §6.5", "TEXT URI", "ALTREP LANGUAGE FMTTYPE DERIVED", says_its_type=True),
    "STRUCTURED-DATA": _row("RFC 9073 §6.6", "TEXT BINARY URI", "FMTTYPE SCHEMA ENCODING", says_its_type=True),
    "ACKNOWLEDGED": _row("RFC 9074 §6.1", "DATE-TIME"),
    "PROXIMITY": _row("RFC 9074 §8.1", "TEXT"),
    "CONCEPT": _row("RFC 9253 §8.1", "URI"),
    "LINK": _row("RFC 9253 §8.2", "URI UID XML-REFERENCE", "LINKREL FMTTYPE LABEL LANGUAGE", says_its_type=True),
    "REFID": _row("RFC 9253 §8.3", "TEXT"),
}
"""By name. What is not here and does not begin with X- is no property anybody registered."""

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
    "COLOR": (COLORS, False),
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
        return Property(line, "UNKNOWN", ())
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


def _type(line: ContentLine, rule: PropertyRule, findings: Findings, component: object) -> str:
    told = capitals(line.parameter("VALUE") or "")
    types = {_PLAIN.get(type, type): type for type in rule.types}
    if not told and rule.says_its_type:
        findings.error(rule.rule, f"{line.name} needs VALUE={' or '.join(types)}", line.number, component)
    if told and told not in types:
        if told in READERS or not OWN.fullmatch(told):
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
