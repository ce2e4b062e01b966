"""What a participant may say in which component: PARTSTAT (RFC 5545 §3.2.12) and addresses that occur twice (§3.8.4.1)."""

from collections.abc import Mapping
from typing import Final

from infoint.testing.ics.components import Component
from infoint.testing.ics.lines import capitals
from infoint.testing.ics.parameters import OWN
from infoint.testing.ics.problems import Findings, shown

_ANY: Final = frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED"})
_ANSWERS: Final[Mapping[str, frozenset[str]]] = {
    "VEVENT": _ANY | {"TENTATIVE", "DELEGATED"},
    "VTODO": _ANY | {"TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS"},
    "VJOURNAL": _ANY,
}


def check_participation(component: Component, findings: Findings) -> None:
    """Of the attendees of one component."""
    seen = set[str]()
    for attendee in component.all("ATTENDEE"):
        answer = capitals(attendee.line.parameter("PARTSTAT") or "NEEDS-ACTION")
        if answer not in _ANSWERS.get(component.name, {answer}) and not OWN.fullmatch(answer):
            message = f"{shown(answer)} is no PARTSTAT of {component.name}"
            findings.error("RFC 5545 §3.2.12", message, attendee.number, component)
        address = attendee.line.value.casefold()
        if address in seen:
            findings.warning("RFC 5545 §3.8.4.1", f"{shown(attendee.line.value)} is given twice", attendee.number, component)
        seen.add(address)
