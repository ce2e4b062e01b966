"""How the times of an entry depend on one another: start, end, length, recurrence, completion (RFC 5545 §3.6 and §3.8)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infoint.testing.ics.components import Component
from infoint.testing.ics.instances import is_first_instance
from infoint.testing.ics.problems import Findings
from infoint.testing.ics.properties import PROPERTIES
from infoint.testing.ics.property_values import Property
from infoint.testing.ics.recurrence import Moment, Recurrence

_UNTIL: Final = "RFC 5545 §3.3.10"
_ENDS: Final[Mapping[str, str]] = {
    "VEVENT": "DTEND",
    "VTODO": "DUE",
    "VFREEBUSY": "DTEND",
    "VAVAILABILITY": "DTEND",
    "AVAILABLE": "DTEND",
}
"""What an end is called in a component."""
_ONSETS: Final = frozenset({"STANDARD", "DAYLIGHT"})


class _Breach(NamedTuple):
    rule: str
    message: str
    at: Property
    forbidden: bool = True


def check_times(component: Component, findings: Findings) -> None:
    """Of one component."""
    for check in (_check_presence, _check_end, _check_length, _check_rules, _check_exceptions, _check_completion, _check_utc):
        for breach in check(component):
            told = findings.error if breach.forbidden else findings.warning
            told(breach.rule, breach.message, breach.at.number, component)


def _rule(name: str) -> str:
    return PROPERTIES[name].rule


# ── start, end, length ───────────────────────────────────────────────────────────────────────────
def _check_presence(component: Component) -> Iterator[_Breach]:
    start, length = component.first("DTSTART"), component.first("DURATION")
    end = component.first(_ENDS.get(component.name, ""))
    if end and length:
        yield _Breach(_rule(end.name), f"{end.name} and DURATION exclude each other", max(end, length, key=_number))
    if component.name == "VALARM":
        return
    if length and not start:
        yield _Breach(_rule("DURATION"), "DURATION needs DTSTART", length)
    if component.first("RRULE") and not start:
        yield _Breach(_rule("DTSTART"), "RRULE needs DTSTART", component.all("RRULE")[0])
    if end and not start and end.name == "DTEND":
        yield _Breach(_rule("DTEND"), "DTEND needs DTSTART", end, forbidden=component.name != "VEVENT")


def _number(read: Property) -> int:
    return read.number


def _check_end(component: Component) -> Iterator[_Breach]:
    start, end = component.first("DTSTART"), component.first(_ENDS.get(component.name, ""))
    if not start or not end or start.time is None or end.time is None:
        return
    if start.type != end.type:
        yield _Breach(_rule(end.name), f"{end.name} is a {end.type}, DTSTART a {start.type}", end)
    elif _is_floating(start) != _is_floating(end):
        yield _Breach(_rule(end.name), f"only one of DTSTART and {end.name} is a time without zone", end)
    elif not _is_later(end, start):
        yield _Breach(_rule(end.name), f"{end.name} is not later than DTSTART", end)


def _is_floating(read: Property) -> bool:
    return isinstance(read.time, Moment) and not read.time.utc and read.zone is None


def _is_later(end: Property, start: Property) -> bool:
    one, other = start.time, end.time
    if not isinstance(one, Moment) or not isinstance(other, Moment):
        return isinstance(one, date) and isinstance(other, date) and other > one
    if (start.zone, one.utc) == (end.zone, other.utc):
        return other.wall > one.wall
    begin, finish = _instant(start), _instant(end)
    return begin is None or finish is None or finish > begin


def _instant(read: Property) -> datetime | None:
    """In UTC; None where the zone is not known."""
    time = read.time
    if not isinstance(time, Moment) or not 1900 < time.wall.year < 9000:
        return None
    if time.utc:
        return time.wall.replace(tzinfo=UTC)
    try:
        return time.wall.replace(tzinfo=ZoneInfo(read.zone or "")).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _check_length(component: Component) -> Iterator[_Breach]:
    start, length = component.first("DTSTART"), component.first("DURATION")
    if start and length and length.length and start.type == "DATE" and not length.length.whole_days:
        yield _Breach(_rule("DURATION"), "an entry of whole days lasts days or weeks", length)


# ── recurrence ───────────────────────────────────────────────────────────────────────────────────
def _check_rules(component: Component) -> Iterator[_Breach]:
    start = component.first("DTSTART")
    for read in component.all("RRULE"):
        rule = read.values[0] if read.values else None
        if not isinstance(rule, Recurrence):
            continue
        if not read.line.value.upper().startswith(("FREQ=", "RSCALE=")):
            yield _Breach(_UNTIL, "FREQ stands first, for older readers", read, forbidden=False)
        if start and start.time is not None:
            yield from _check_rule(component, rule, read, start, start.time)


def _check_rule(
    component: Component, rule: Recurrence, read: Property, start: Property, time: date | Moment
) -> Iterator[_Breach]:
    yield from _check_until(component, rule, read, start, time)
    if isinstance(time, date) and {"BYHOUR", "BYMINUTE", "BYSECOND"} & rule.numbers.keys():
        yield _Breach(_UNTIL, "an entry of whole days recurs by no time of the day", read)
    elif not is_first_instance(rule, time.wall if isinstance(time, Moment) else time):
        yield _Breach(_rule("DTSTART"), "DTSTART is not the first instance of its RRULE", start, forbidden=False)


def _check_until(
    component: Component, rule: Recurrence, read: Property, start: Property, time: date | Moment
) -> Iterator[_Breach]:
    until = rule.until
    if until is None:
        return
    if isinstance(until, Moment) != isinstance(time, Moment):
        yield _Breach(_UNTIL, "UNTIL and DTSTART: one is a DATE, the other a DATE-TIME", read)
    elif isinstance(until, Moment) and isinstance(time, Moment):
        floating = _is_floating(start) and component.name not in _ONSETS
        if until.utc == floating:
            yield _Breach(_UNTIL, "UNTIL is in UTC, unless DTSTART has no zone", read)
        # A day is more than any zone is away from UTC.
        elif until.wall < time.wall and time.wall - until.wall > (timedelta(0) if until.utc == time.utc else timedelta(days=1)):
            yield _Breach(_UNTIL, "UNTIL is before DTSTART", read, forbidden=False)
    elif isinstance(until, date) and isinstance(time, date) and until < time:
        yield _Breach(_UNTIL, "UNTIL is before DTSTART", read, forbidden=False)


def _check_exceptions(component: Component) -> Iterator[_Breach]:
    start = component.first("DTSTART")
    if start and start.time is not None:
        for read in component.all("EXDATE"):
            if read.values and read.type != start.type:
                message = f"a {read.type} takes away no instance of a {start.type}"
                yield _Breach(_rule("EXDATE"), message, read, forbidden=False)


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────
def _check_completion(component: Component) -> Iterator[_Breach]:
    completed, status = component.first("COMPLETED"), component.first("STATUS")
    if component.name == "VTODO" and completed and status and status.word in ("NEEDS-ACTION", "IN-PROCESS"):
        yield _Breach(_rule("COMPLETED"), f"completed, and {status.word}", completed, forbidden=False)


def _check_utc(component: Component) -> Iterator[_Breach]:
    if component.name not in ("VFREEBUSY", "VAVAILABILITY", "AVAILABLE"):
        return
    for name in ("DTSTART", "DTEND"):
        read = component.first(name)
        if read and component.name == "VFREEBUSY" and not (isinstance(read.time, Moment) and read.time.utc):
            yield _Breach("RFC 5545 §3.6.4", f"{name} of busy times is in UTC", read)
        elif read and (read.type == "DATE" or _is_floating(read)):
            yield _Breach("RFC 7953 §3.1", f"{name} is a time in UTC or with TZID", read)
