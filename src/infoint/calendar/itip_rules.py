"""What a file with a method may hold (RFC 5546 §3.2). Making such messages of a talk is `invitations`'s."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from infoint.calendar.contract import CalendarEntry, Component, EntryStatus, Method
from infoint.errors import InvalidValue


def demand_fit(entries: Collection[CalendarEntry], method: Method) -> None:
    """Raises InvalidValue, naming method and field, where the entries are no such message."""
    uids = {entry.uid for entry in entries}
    if method is not Method.PUBLISH and len(uids) != 1:
        # The standard allows several; Outlook reads one, and macOS none of them.
        raise InvalidValue("CalendarHead", "method", f"{method} needs exactly one uid in the file, not {len(uids)}")
    for entry in entries:
        _demand_fit(entry, method)


def _demand_fit(entry: CalendarEntry, method: Method) -> None:
    if entry.component is not Component.EVENT:
        raise _misfit(entry, "component", f"{method} is written for events only")
    if entry.organizer is None:
        raise _misfit(entry, "organizer", f"{method} needs one (RFC 5546 §3.2)")
    for broken, field, problem in _RULES[method]:
        if broken(entry):
            raise _misfit(entry, field, problem)


_Rule: TypeAlias = tuple[Callable[[CalendarEntry], bool], str, str]
"""When it is broken, by which field, and what to say."""

_RULES: Final[Mapping[Method, tuple[_Rule, ...]]] = {
    Method.PUBLISH: (
        (lambda entry: bool(entry.attendees), "attendees", "PUBLISH may not name any: nobody is asked for an answer (§3.2.1)"),
    ),
    Method.REQUEST: (
        (lambda entry: not entry.attendees, "attendees", "REQUEST needs at least one (RFC 5546 §3.2.2)"),
        (
            lambda entry: entry.status is EntryStatus.CANCELLED,
            "status",
            "REQUEST asks nobody to what is called off: CANCEL does",
        ),
    ),
    Method.CANCEL: (
        (lambda entry: entry.status is not EntryStatus.CANCELLED, "status", "CANCEL needs CANCELLED (RFC 5546 §3.2.5)"),
        (lambda entry: entry.sequence == 0, "sequence", "CANCEL needs more than the invitation's (RFC 5546 §3.2.5)"),
        (lambda entry: bool(entry.alarms), "alarms", "CANCEL may hold none (RFC 5546 §3.2.5)"),
    ),
}


def _misfit(entry: CalendarEntry, field: str, problem: str) -> InvalidValue:
    return InvalidValue("CalendarEntry", field, f"{problem}; the entry is {entry.uid!r}", value=entry)
