"""What a VALARM needs for its ACTION and its TRIGGER (RFC 5545 §3.6.6, RFC 9074)."""

from typing import Final

from infoint.testing.ics.components import Component
from infoint.testing.ics.lines import capitals
from infoint.testing.ics.problems import Findings
from infoint.testing.ics.property_values import Property
from infoint.testing.ics.recurrence import Moment

_ALARM: Final = "RFC 5545 §3.6.6"
_TRIGGER: Final = "RFC 5545 §3.8.6.3"
_NEEDS: Final = {"DISPLAY": ("DESCRIPTION",), "EMAIL": ("DESCRIPTION", "SUMMARY", "ATTENDEE")}
_NOT: Final = {
    "AUDIO": ("DESCRIPTION", "SUMMARY", "ATTENDEE"),
    "DISPLAY": ("SUMMARY", "ATTENDEE", "ATTACH"),
}
"""ACTION → what its grammar does not know."""


def check_alarm(alarm: Component, findings: Findings) -> None:
    """Of one VALARM, within the component it belongs to."""
    if alarm.name != "VALARM":
        return
    _check_action(alarm, findings)
    if bool(alarm.first("DURATION")) != bool(alarm.first("REPEAT")):
        findings.error(_ALARM, "DURATION and REPEAT go together", alarm.number, alarm)
    trigger = alarm.first("TRIGGER")
    if trigger:
        _check_trigger(trigger, alarm, findings)


def _check_action(alarm: Component, findings: Findings) -> None:
    action = alarm.first("ACTION")
    kind = action.word if action else ""
    for name in _NEEDS.get(kind, ()):
        if not alarm.first(name):
            findings.error(_ALARM, f"ACTION:{kind} needs {name}", alarm.number, alarm)
    for name in _NOT.get(kind, ()):
        found = alarm.first(name)
        if found:
            findings.error(_ALARM, f"ACTION:{kind} has no {name}", found.number, alarm)
    if kind == "AUDIO" and len(alarm.all("ATTACH")) > 1:
        findings.error(_ALARM, "ACTION:AUDIO has one ATTACH at most", alarm.all("ATTACH")[1].number, alarm)


def _check_trigger(trigger: Property, alarm: Component, findings: Findings) -> None:
    related = trigger.line.parameter("RELATED")
    if trigger.type == "DATE-TIME":
        if isinstance(trigger.time, Moment) and not trigger.time.utc:
            findings.error(_TRIGGER, "a TRIGGER at a time is in UTC, with Z", trigger.number, alarm)
        if related is not None:
            findings.error(_TRIGGER, "a TRIGGER at a time has no RELATED", trigger.number, alarm)
        return
    owner = alarm.parent
    if trigger.length is None or owner is None or owner.name not in ("VEVENT", "VTODO"):
        return
    needed = _anchor(owner, capitals(related or "START"))
    if needed:
        findings.error(
            _TRIGGER, f"the TRIGGER counts from what is not there: {owner.name} needs {needed}", trigger.number, alarm
        )


def _anchor(owner: Component, related: str) -> str:
    """What has to be there for the alarm to count from, and is not; "" = nothing is missing."""
    if related == "START":
        return "" if owner.first("DTSTART") else "DTSTART, or the alarm RELATED=END" if owner.name == "VTODO" else "DTSTART"
    end = "DUE" if owner.name == "VTODO" else "DTEND"
    return "" if owner.first(end) or owner.first("DURATION") else f"{end} or DURATION"
