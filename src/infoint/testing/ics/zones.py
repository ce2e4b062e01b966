"""TZID and VTIMEZONE: each zone that is named is described once, and described so that it can be counted (RFC 5545 §3.2.19, §3.6.5)."""

from typing import Final

from infoint.testing.ics.components import Component
from infoint.testing.ics.problems import Findings, shown
from infoint.testing.ics.property_values import Property
from infoint.testing.ics.recurrence import Moment
from infoint.testing.ics.values import Period

_NAMED: Final = "RFC 5545 §3.2.19"
_ZONE: Final = "RFC 5545 §3.6.5"
_ONSETS: Final = frozenset({"STANDARD", "DAYLIGHT"})


def check_zones(calendar: Component, components: list[Component], findings: Findings) -> None:
    """Of one VCALENDAR, `components` being all that are in it."""
    described = dict[str, Component]()
    for part in calendar.parts:
        name = part.first("TZID") if part.name == "VTIMEZONE" else None
        if name is None:
            continue
        if name.line.value in described:
            findings.error(_ZONE, f"{shown(name.line.value)} is described twice", part.number, part)
        described.setdefault(name.line.value, part)
    used = set[str]()
    for component in components:
        for read in _zoned(component):
            zone = read.zone or ""
            if zone not in used and zone not in described and not zone.startswith("/"):
                findings.error(_NAMED, f"there is no VTIMEZONE for {shown(zone)}", read.number, component)
            used.add(zone)
    for zone, part in described.items():
        # A calendar that has nothing but zones is there to give them.
        if zone not in used and any(other.name != "VTIMEZONE" for other in calendar.parts):
            findings.warning(_ZONE, f"nothing is in the zone {shown(zone)}", part.number, part)


def _zoned(component: Component) -> list[Property]:
    return [read for all_of_one in component.properties.values() for read in all_of_one if read.zone is not None]


def check_zone(component: Component, findings: Findings) -> None:
    """Of one VTIMEZONE, STANDARD or DAYLIGHT."""
    if component.name == "VTIMEZONE" and not any(part.name in _ONSETS for part in component.parts):
        findings.error(_ZONE, "VTIMEZONE needs STANDARD or DAYLIGHT", component.number, component)
    if component.name in _ONSETS:
        for read in (*component.all("DTSTART"), *component.all("RDATE")):
            if not _is_local(read):
                findings.error(_ZONE, f"{read.name} of {component.name} is a local time, without zone", read.number, component)


def _is_local(read: Property) -> bool:
    if read.type != "DATE-TIME" or read.zone is not None:
        return False
    return not any(isinstance(value, Period) or (isinstance(value, Moment) and value.utc) for value in read.values)
