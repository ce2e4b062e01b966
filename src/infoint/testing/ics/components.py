"""The components: nesting, and which properties and components each has how often (RFC 5545 §3.4 and §3.6, and later ones). How
properties depend on one another is told elsewhere.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import Factory, define, frozen

from infoint.testing.ics.lines import ContentLine, capitals
from infoint.testing.ics.parameters import OWN
from infoint.testing.ics.problems import Findings, shown
from infoint.testing.ics.properties import PROPERTIES
from infoint.testing.ics.property_values import Property, read_property

_NESTING: Final = "RFC 5545 §3.6"
_OBJECT: Final = "RFC 5545 §3.4"
_LONGEST: Final = 40
_DEEPEST: Final = 8
"""Names of a path that are told; no standard nests half as deep."""


@define(eq=False)
class Component:
    """One, as it was read."""

    name: str
    number: int
    """Of its BEGIN line."""
    parent: "Component | None" = None
    properties: dict[str, list[Property]] = Factory(dict)
    parts: list["Component"] = Factory(list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next(iter(self.properties.get(name, ())), None)

    def all(self, name: str) -> list[Property]:
        """Every property of that name."""
        return self.properties.get(name, [])

    @property
    def uid(self) -> str:
        """Its UID; empty if it has none."""
        uid = self.first("UID")
        return uid.line.value if uid else ""

    @property
    def title(self) -> str:
        """Its name in a message: a file may have names without end, and a message for each line within."""
        return self.name[:_LONGEST]

    @property
    def path(self) -> str:
        """Its name after those of what it is in."""
        names, at = list[str](), self
        while at.parent and len(names) < _DEEPEST:
            names.append(at.title)
            at = at.parent
        names.append(at.title if at.parent is None else "…")
        return "/".join(reversed(names))

    def __str__(self) -> str:
        return f"{self.path} {self.uid[:80]}" if self.uid else self.path


@frozen
class ComponentRule:
    """A row of the table."""

    rule: str
    required: frozenset[str]
    once: frozenset[str]
    many: frozenset[str]
    parts: frozenset[str]
    status: frozenset[str] = frozenset()
    """Values of STATUS."""
    parts_last: bool = True
    """No property comes after a part."""


def _row(
    rule: str, required: str, once: str = "", many: str = "", *, parts: str = "", status: str = "", parts_last: bool = True
) -> ComponentRule:
    return ComponentRule(
        rule=rule,
        required=frozenset(required.split()),
        once=frozenset(once.split()),
        many=frozenset(many.split()),
        parts=frozenset(parts.split()),
        status=frozenset(status.split()),
        parts_last=parts_last,
    )


_ENTRY_ONCE: Final = "CLASS CREATED DTSTART LAST-MODIFIED ORGANIZER RECURRENCE-ID SEQUENCE STATUS SUMMARY URL RRULE COLOR"
_ENTRY_MANY: Final = (
    "ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE REQUEST-STATUS RELATED-TO RDATE IMAGE "
    "STYLED-DESCRIPTION STRUCTURED-DATA CONCEPT LINK REFID"
)
_ENTRY_PARTS: Final = "PARTICIPANT VLOCATION VRESOURCE"
_BLOCK: Final = "CREATED DESCRIPTION DTEND DURATION LAST-MODIFIED LOCATION SUMMARY"

COMPONENTS: Final[Mapping[str, ComponentRule]] = {
    "VCALENDAR": _row(
        "RFC 5545 §3.6",
        "PRODID VERSION",
        "CALSCALE METHOD UID LAST-MODIFIED URL REFRESH-INTERVAL SOURCE COLOR",
        "NAME DESCRIPTION CATEGORIES IMAGE CONCEPT LINK",
        parts="VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE VAVAILABILITY",
    ),
    "VEVENT": _row(
        "RFC 5545 §3.6.1",
        "DTSTAMP UID",
        f"{_ENTRY_ONCE} DESCRIPTION GEO LOCATION PRIORITY TRANSP DTEND DURATION",
        f"{_ENTRY_MANY} RESOURCES CONFERENCE",
        parts=f"{_ENTRY_PARTS} VALARM",
        status="TENTATIVE CONFIRMED CANCELLED",
    ),
    "VTODO": _row(
        "RFC 5545 §3.6.2",
        "DTSTAMP UID",
        f"{_ENTRY_ONCE} DESCRIPTION GEO LOCATION PRIORITY COMPLETED PERCENT-COMPLETE DUE DURATION",
        f"{_ENTRY_MANY} RESOURCES CONFERENCE",
        parts=f"{_ENTRY_PARTS} VALARM",
        status="NEEDS-ACTION COMPLETED IN-PROCESS CANCELLED",
    ),
    "VJOURNAL": _row(
        "RFC 5545 §3.6.3",
        "DTSTAMP UID",
        _ENTRY_ONCE,
        f"{_ENTRY_MANY} DESCRIPTION",
        parts=_ENTRY_PARTS,
        status="DRAFT FINAL CANCELLED",
    ),
    "VFREEBUSY": _row(
        "RFC 5545 §3.6.4",
        "DTSTAMP UID",
        "CONTACT DTSTART DTEND ORGANIZER URL",
        "ATTENDEE COMMENT FREEBUSY REQUEST-STATUS STYLED-DESCRIPTION STRUCTURED-DATA CONCEPT LINK REFID",
        parts=_ENTRY_PARTS,
    ),
    "VTIMEZONE": _row(
        "RFC 5545 §3.6.5",
        "TZID",
        "LAST-MODIFIED TZURL TZUNTIL",
        "TZID-ALIAS-OF",
        parts="STANDARD DAYLIGHT",
        parts_last=False,
    ),
    "STANDARD": _row("RFC 5545 §3.6.5", "DTSTART TZOFFSETTO TZOFFSETFROM", "RRULE", "COMMENT RDATE TZNAME"),
    "DAYLIGHT": _row("RFC 5545 §3.6.5", "DTSTART TZOFFSETTO TZOFFSETFROM", "RRULE", "COMMENT RDATE TZNAME"),
    "VALARM": _row(
        "RFC 5545 §3.6.6",
        "ACTION TRIGGER",
        "DESCRIPTION SUMMARY DURATION REPEAT UID ACKNOWLEDGED PROXIMITY",
        "ATTENDEE ATTACH RELATED-TO STYLED-DESCRIPTION STRUCTURED-DATA",
        parts="VLOCATION",
    ),
    "VAVAILABILITY": _row(
        "RFC 7953 §3.1",
        "DTSTAMP UID",
        f"{_BLOCK} BUSYTYPE CLASS DTSTART ORGANIZER PRIORITY SEQUENCE URL",
        "CATEGORIES COMMENT CONTACT",
        parts="AVAILABLE",
    ),
    "AVAILABLE": _row(
        "RFC 7953 §3.1",
        "DTSTAMP DTSTART UID",
        f"{_BLOCK} RECURRENCE-ID RRULE",
        "CATEGORIES COMMENT CONTACT EXDATE RDATE",
    ),
    "PARTICIPANT": _row(
        "RFC 9073 §7.1",
        "UID PARTICIPANT-TYPE",
        "CALENDAR-ADDRESS CREATED DESCRIPTION DTSTAMP GEO LAST-MODIFIED PRIORITY SEQUENCE STATUS SUMMARY URL",
        "ATTACH CATEGORIES COMMENT CONTACT LOCATION REQUEST-STATUS RELATED-TO RESOURCES STYLED-DESCRIPTION STRUCTURED-DATA",
        parts="VLOCATION VRESOURCE",
        parts_last=False,
    ),
    "VLOCATION": _row("RFC 9073 §7.2", "UID", "DESCRIPTION GEO LOCATION-TYPE NAME URL", "STRUCTURED-DATA LINK"),
    "VRESOURCE": _row("RFC 9073 §7.3", "UID", "DESCRIPTION GEO NAME RESOURCE-TYPE", "STRUCTURED-DATA LINK"),
}
"""By name. What is not here may be anything."""


# ── nesting ──────────────────────────────────────────────────────────────────────────────────────
def read_components(lines: Iterable[ContentLine], findings: Findings) -> list[Component]:
    """Every component, in the order in which they begin."""
    found, inside = list[Component](), None
    for line in lines:
        if line.name == "BEGIN":
            inside = _begun(line, inside, findings)
            found.append(inside)
        elif line.name == "END":
            inside = _ended(line, inside, findings)
        elif inside is None:
            findings.error(_OBJECT, f"{line.name} stands outside of every component", line.number)
        else:
            _add(read_property(line, findings, inside), inside, findings)
    while inside:
        findings.error(_NESTING, f"{inside.title} does not end", inside.number, inside)
        inside = inside.parent
    if not found:
        findings.error(_OBJECT, "there is no VCALENDAR")
    return found


def _begun(line: ContentLine, parent: Component | None, findings: Findings) -> Component:
    component = Component(capitals(line.value), line.number, parent)
    if line.parameters:
        findings.error(_NESTING, "BEGIN has no parameters", line.number, component)
    if not component.name or not all(part.isalnum() for part in component.name.split("-")) or not component.name.isascii():
        findings.error(_NESTING, f"{shown(line.value)} is no name of a component", line.number, parent or "")
    if parent is None:
        if component.name != "VCALENDAR":
            findings.error(_OBJECT, f"{shown(component.name)} stands outside of VCALENDAR", line.number, component)
        return component
    parent.parts.append(component)
    rule, known = COMPONENTS.get(parent.name), component.name in COMPONENTS
    if rule and known and component.name not in rule.parts:
        findings.error(rule.rule, f"{parent.name} has no {component.name} in it", line.number, component)
    elif not known and not OWN.fullmatch(component.name):
        findings.warning(_NESTING, f"{shown(component.name)} is no registered component; give it X-", line.number, component)
    return component


def _ended(line: ContentLine, inside: Component | None, findings: Findings) -> Component | None:
    name = capitals(line.value)
    if line.parameters:
        findings.error(_NESTING, "END has no parameters", line.number, inside or "")
    if inside is None:
        findings.error(_NESTING, f"END:{shown(name)} ends nothing", line.number)
        return None
    if name == inside.name:
        return inside.parent
    findings.error(_NESTING, f"END:{shown(name)} within {inside.title}", line.number, inside)
    # The nearest one that it can mean; looking further up for every line would take time without end.
    return inside.parent.parent if inside.parent and inside.parent.name == name else inside


def _add(read: Property, component: Component, findings: Findings) -> None:
    rule = COMPONENTS.get(component.name)
    if component.parts and rule and rule.parts_last:
        findings.error(rule.rule, f"{read.name} comes after {component.parts[-1].title}", read.number, component)
    component.properties.setdefault(read.name, []).append(read)


# ── how often ────────────────────────────────────────────────────────────────────────────────────
def check_cardinalities(component: Component, findings: Findings) -> None:
    """Required properties are there, none is there too often or where it does not belong."""
    rule = COMPONENTS.get(component.name)
    for name, found in component.properties.items():
        if name not in PROPERTIES:
            if not OWN.fullmatch(name):
                message = f"{name} is no registered property; give it X-"
                findings.warning("RFC 5545 §3.8.8.1", message, found[0].number, component)
        elif rule and name not in rule.required | rule.once | rule.many:
            findings.error(rule.rule, f"{component.name} has no {name}", found[0].number, component)
        elif rule and len(found) > 1 and name not in rule.many:
            told = findings.warning if name == "RRULE" else findings.error
            told(rule.rule, f"{name} is given {len(found)} times", found[1].number, component)
    if rule:
        for name in sorted(rule.required - component.properties.keys()):
            findings.error(rule.rule, f"{component.name} needs {name}", component.number, component)
        _check_status(component, rule, findings)
    if component.name == "VCALENDAR":
        _check_calendar(component, findings)


def _check_status(component: Component, rule: ComponentRule, findings: Findings) -> None:
    for status in component.all("STATUS"):
        if rule.status and status.word not in rule.status:
            message = f"{shown(status.line.value)} is no STATUS of {component.name}"
            findings.error("RFC 5545 §3.8.1.11", message, status.number, component)


def _check_calendar(calendar: Component, findings: Findings) -> None:
    if not calendar.parts:
        findings.error(_NESTING, "VCALENDAR needs a component", calendar.number, calendar)
    for name in ("NAME", "DESCRIPTION"):
        languages = [capitals(text.line.parameter("LANGUAGE") or "") for text in calendar.all(name)]
        if len(set(languages)) < len(languages):
            rule = PROPERTIES[name].rule if name == "NAME" else "RFC 7986 §5.2"
            findings.error(rule, f"{name} is given twice in one language", calendar.all(name)[1].number, calendar)
