"""What METHOD demands of an object and of its components: the tables of iTIP (RFC 5546 §3.2 to §3.5)."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from infoint.testing.ics.components import Component
from infoint.testing.ics.parameters import OWN
from infoint.testing.ics.problems import Findings

_ENTRIES: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_METHOD: Final = "RFC 5546 §1.4"


@frozen
class MethodRule:
    """A row: what a component has to have, and may not have, for a method."""

    rule: str
    needs: frozenset[str]
    never: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    """If not empty: it has nothing else but names of its own."""
    attendees: tuple[int, float] = (0, float("inf"))
    """Least and most."""
    status: frozenset[str] = frozenset()
    """Values STATUS may have; empty: all of the component."""
    entries: str = "one UID"
    """ "any", "one UID" (a series and its exceptions) or "one"."""
    alarms: bool = True


def _row(
    rule: str,
    needs: str,
    never: str = "",
    *,
    only: str = "",
    attendees: tuple[int, float] = (0, float("inf")),
    status: str = "",
    entries: str = "one UID",
    alarms: bool = True,
) -> MethodRule:
    return MethodRule(
        rule=rule,
        needs=frozenset(needs.split()),
        never=frozenset(never.split()),
        only=frozenset(only.split()),
        attendees=attendees,
        status=frozenset(status.split()),
        entries=entries,
        alarms=alarms,
    )


_SOME: Final = (1, float("inf"))
_ONE: Final = (1, 1)
_NONE: Final = (0, 0)
_OPEN: Final = "COMPLETED NEEDS-ACTION IN-PROCESS"

METHODS: Final[Mapping[tuple[str, str], MethodRule]] = {
    ("PUBLISH", "VEVENT"): _row(
        "RFC 5546 §3.2.1", "DTSTAMP DTSTART ORGANIZER SUMMARY UID", "REQUEST-STATUS", attendees=_NONE, entries="any"
    ),
    ("REQUEST", "VEVENT"): _row(
        "RFC 5546 §3.2.2", "DTSTAMP DTSTART ORGANIZER SUMMARY UID", attendees=_SOME, status="TENTATIVE CONFIRMED"
    ),
    ("REPLY", "VEVENT"): _row("RFC 5546 §3.2.3", "DTSTAMP ORGANIZER UID", attendees=_ONE, alarms=False),
    ("ADD", "VEVENT"): _row(
        "RFC 5546 §3.2.4",
        "DTSTAMP DTSTART ORGANIZER SEQUENCE SUMMARY UID",
        "RECURRENCE-ID REQUEST-STATUS",
        status="TENTATIVE CONFIRMED",
        entries="one",
    ),
    ("CANCEL", "VEVENT"): _row(
        "RFC 5546 §3.2.5", "DTSTAMP ORGANIZER SEQUENCE UID", "REQUEST-STATUS", status="CANCELLED", alarms=False
    ),
    ("REFRESH", "VEVENT"): _row(
        "RFC 5546 §3.2.6",
        "DTSTAMP ORGANIZER UID",
        only="ATTENDEE DTSTAMP ORGANIZER UID COMMENT RECURRENCE-ID",
        attendees=_ONE,
        entries="one",
        alarms=False,
    ),
    ("COUNTER", "VEVENT"): _row("RFC 5546 §3.2.7", "DTSTAMP DTSTART ORGANIZER SEQUENCE SUMMARY UID", entries="one"),
    ("DECLINECOUNTER", "VEVENT"): _row(
        "RFC 5546 §3.2.8",
        "DTSTAMP ORGANIZER UID",
        only="ATTENDEE DTSTAMP ORGANIZER UID COMMENT RECURRENCE-ID REQUEST-STATUS SEQUENCE",
        entries="one",
        alarms=False,
    ),
    ("PUBLISH", "VFREEBUSY"): _row(
        "RFC 5546 §3.3.1", "DTSTAMP DTSTART DTEND ORGANIZER UID", "REQUEST-STATUS", attendees=_NONE, entries="any"
    ),
    ("REQUEST", "VFREEBUSY"): _row(
        "RFC 5546 §3.3.2", "DTSTAMP DTSTART DTEND ORGANIZER UID", "FREEBUSY REQUEST-STATUS URL", attendees=_SOME, entries="one"
    ),
    ("REPLY", "VFREEBUSY"): _row("RFC 5546 §3.3.3", "DTSTAMP DTSTART DTEND ORGANIZER UID", attendees=_ONE, entries="one"),
    ("PUBLISH", "VTODO"): _row(
        "RFC 5546 §3.4.1", "DTSTAMP DTSTART ORGANIZER PRIORITY SUMMARY UID", "REQUEST-STATUS", attendees=_NONE, entries="any"
    ),
    ("REQUEST", "VTODO"): _row(
        "RFC 5546 §3.4.2",
        "DTSTAMP DTSTART ORGANIZER PRIORITY SUMMARY UID",
        "REQUEST-STATUS",
        attendees=_SOME,
        status=_OPEN,
    ),
    ("REPLY", "VTODO"): _row("RFC 5546 §3.4.3", "DTSTAMP ORGANIZER UID", attendees=_SOME, alarms=False),
    ("ADD", "VTODO"): _row(
        "RFC 5546 §3.4.4",
        "DTSTAMP ORGANIZER PRIORITY SEQUENCE SUMMARY UID",
        "RECURRENCE-ID REQUEST-STATUS",
        status=_OPEN,
        entries="one",
    ),
    ("CANCEL", "VTODO"): _row(
        "RFC 5546 §3.4.5", "DTSTAMP ORGANIZER SEQUENCE UID", "REQUEST-STATUS", status="CANCELLED", alarms=False
    ),
    ("REFRESH", "VTODO"): _row(
        "RFC 5546 §3.4.6",
        "DTSTAMP UID",
        only="ATTENDEE DTSTAMP ORGANIZER UID COMMENT RECURRENCE-ID",
        attendees=_ONE,
        entries="one",
        alarms=False,
    ),
    ("COUNTER", "VTODO"): _row(
        "RFC 5546 §3.4.7", "DTSTAMP ORGANIZER PRIORITY SUMMARY UID", attendees=_SOME, status=_OPEN, entries="one"
    ),
    ("DECLINECOUNTER", "VTODO"): _row(
        "RFC 5546 §3.4.8", "DTSTAMP ORGANIZER SEQUENCE UID", attendees=_SOME, entries="one", alarms=False
    ),
    ("PUBLISH", "VJOURNAL"): _row(
        "RFC 5546 §3.5.1", "DESCRIPTION DTSTAMP DTSTART ORGANIZER UID", attendees=_NONE, entries="any"
    ),
    ("ADD", "VJOURNAL"): _row(
        "RFC 5546 §3.5.2",
        "DESCRIPTION DTSTAMP DTSTART ORGANIZER SEQUENCE UID",
        "RECURRENCE-ID",
        attendees=_NONE,
        entries="one",
    ),
    ("CANCEL", "VJOURNAL"): _row(
        "RFC 5546 §3.5.3", "DTSTAMP ORGANIZER SEQUENCE UID", "REQUEST-STATUS", status="CANCELLED", alarms=False
    ),
}
"""Method and component → what it demands."""


def check_method(calendar: Component, findings: Findings) -> None:
    """Of one VCALENDAR; without METHOD, only that an entry has its start and a group its organizer."""
    entries = [part for part in calendar.parts if part.name in _ENTRIES]
    method = calendar.first("METHOD")
    if method is None:
        for entry in entries:
            _check_unsent(entry, findings)
        return
    kinds = {entry.name for entry in entries}
    known = any(name == method.word for name, _ in METHODS)
    if known and len(kinds) > 1:
        findings.error(_METHOD, f"METHOD with several kinds of components: {', '.join(sorted(kinds))}", method.number, calendar)
    rules = {kind: METHODS.get((method.word, kind)) for kind in sorted(kinds)}
    for kind, rule in rules.items():
        if rule is None and known:
            findings.error(_METHOD, f"there is no {method.word} of {kind}", method.number, calendar)
    for entry in entries:
        rule = rules[entry.name]
        if rule:
            _check_entry(entry, method.word, rule, findings)
    for rule in rules.values():
        if rule:
            _check_entries(entries, method.word, rule, findings)


def _check_unsent(entry: Component, findings: Findings) -> None:
    if entry.name == "VEVENT" and not entry.first("DTSTART"):
        findings.error("RFC 5545 §3.6.1", "VEVENT needs DTSTART where there is no METHOD", entry.number, entry)
    if entry.name != "VFREEBUSY" and entry.first("ATTENDEE") and not entry.first("ORGANIZER"):
        findings.error("RFC 5545 §3.8.4.3", "ATTENDEE needs ORGANIZER", entry.all("ATTENDEE")[0].number, entry)


def _check_entries(entries: list[Component], method: str, rule: MethodRule, findings: Findings) -> None:
    if rule.entries == "one" and len(entries) > 1:
        findings.error(rule.rule, f"{method} has one component, not {len(entries)}", entries[1].number, entries[1])
    elif rule.entries == "one UID":
        other = next((entry for entry in entries if entry.uid != entries[0].uid), None)
        if other:
            findings.error(rule.rule, f"all components of a {method} have one UID", other.number, other)


def _check_entry(entry: Component, method: str, rule: MethodRule, findings: Findings) -> None:
    for name in sorted(rule.needs - entry.properties.keys()):
        findings.error(rule.rule, f"{method} needs {name}", entry.number, entry)
    for name, found in entry.properties.items():
        if name in rule.never or (rule.only and name not in rule.only and not OWN.fullmatch(name)):
            findings.error(rule.rule, f"{method} has no {name}", found[0].number, entry)
    least, most = rule.attendees
    count = len(entry.all("ATTENDEE"))
    if not least <= count <= most:
        wanted = {(0, 0): "no", (1, 1): "one"}.get((least, int(most) if most < 2 else 2), "at least one")
        findings.error(rule.rule, f"{method} has {wanted} ATTENDEE, not {count}", entry.number, entry)
    status = entry.first("STATUS")
    if status and rule.status and status.word not in rule.status:
        findings.error(rule.rule, f"{method} with STATUS:{status.word[:40]}", status.number, entry)
    sequence = entry.first("SEQUENCE")
    if method == "ADD" and sequence and sequence.values and sequence.values[0] == 0:
        findings.error(rule.rule, "ADD has a SEQUENCE greater than 0", sequence.number, entry)
    alarm = next((part for part in entry.parts if part.name == "VALARM"), None)
    if alarm and not rule.alarms:
        findings.error(rule.rule, f"{method} has no VALARM", alarm.number, entry)
