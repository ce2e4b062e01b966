"""Who is who: no two components are the same instance of the same entry (RFC 5545 §3.8.4.7), and exceptions fit their series."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Final

from infoint.testing.ics.components import Component
from infoint.testing.ics.problems import Findings

_ENTRIES: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE"})
_INSTANCE: Final = "RFC 5545 §3.8.4.4"


def check_uids(components: list[Component], findings: Findings) -> None:
    """Of all components of one VCALENDAR."""
    seen, series = dict[Hashable, Component](), dict[str, Component]()
    exceptions = list[Component]()
    alarms = defaultdict[int, set[str]](set)
    for component in components:
        if component.name == "VALARM" and component.uid:
            used = alarms[id(component.parent)]
            if component.uid in used:
                findings.error("RFC 9074 §4", "another alarm has this UID", component.number, component)
            used.add(component.uid)
        if component.name not in _ENTRIES or not component.uid:
            continue
        key = (component.uid, _instance(component))
        if key in seen:
            findings.error("RFC 5545 §3.8.4.7", f"line {seen[key].number} has this UID already", component.number, component)
        seen.setdefault(key, component)
        if component.first("RECURRENCE-ID"):
            exceptions.append(component)
        else:
            series.setdefault(component.uid, component)
    for exception in exceptions:
        _check_exception(exception, series.get(exception.uid), findings)


def _instance(component: Component) -> Hashable:
    instance = component.first("RECURRENCE-ID")
    return (instance.line.value, instance.zone) if instance else None


def _check_exception(exception: Component, series: Component | None, findings: Findings) -> None:
    instance = exception.first("RECURRENCE-ID")
    start = series.first("DTSTART") if series else None
    if series and instance and series.name != exception.name:
        findings.error(_INSTANCE, f"belongs to a {series.name}", exception.number, exception)
    elif instance and start and instance.type != start.type:
        message = f"RECURRENCE-ID is a {instance.type}, the DTSTART of its series a {start.type}"
        findings.error(_INSTANCE, message, instance.number, exception)
