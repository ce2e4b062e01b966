"""What libical (Evolution, GNOME Calendar) makes of calendar files: JSON, by path. Run by an interpreter that has `gi` with ICalGLib."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402  # a version has to be asked for first

SHOWN = 60
COMPONENT, PROPERTY, PARAMETER = ICalGLib.ComponentKind, ICalGLib.PropertyKind, ICalGLib.ParameterKind


def parts(component: Any, kind: Any) -> Iterator[Any]:
    part = component.get_first_component(kind)
    while part is not None:
        yield part
        part = component.get_next_component(kind)


def properties(component: Any, kind: Any) -> Iterator[Any]:
    found = component.get_first_property(kind)
    while found is not None:
        yield found
        found = component.get_next_property(kind)


def moment(time: Any) -> str | None:
    """A date, or an instant told in UTC: zones come from the file's own VTIMEZONE."""
    if time is None or time.is_null_time():
        return None
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    assert time.is_utc() or time.get_timezone() is not None, "a floating time"
    told = time.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())
    return f"{datetime(*told.get_date(), *told.get_time()):%Y-%m-%dT%H:%M:%SZ}"


def person(found: Any, address: str) -> dict[str, str]:
    cn = found.get_first_parameter(PARAMETER.CN_PARAMETER)
    return {"email": address, "name": cn.get_cn() if cn is not None else ""}


def alarm(component: Any) -> dict[str, object]:
    (found,) = properties(component, PROPERTY.TRIGGER_PROPERTY)
    trigger = found.get_trigger()
    at = moment(trigger.get_time()) or trigger.get_duration().as_int()
    (words,) = properties(component, PROPERTY.DESCRIPTION_PROPERTY)
    return {"at": at, "description": words.get_description()}


def occurrences(component: Any) -> list[str | None]:
    start = component.get_dtstart()
    rules = list(properties(component, PROPERTY.RRULE_PROPERTY))
    if not rules:
        return [moment(start)]
    iterator = ICalGLib.RecurIterator.new(rules[0].get_rrule(), start)
    found = []
    while len(found) < SHOWN:
        following = iterator.next()
        if following is None or following.is_null_time():
            break
        if not following.is_date():
            following.set_timezone(start.get_timezone())
        found.append(moment(following))
    return found


def entry(component: Any) -> dict[str, object]:
    is_event = component.isa() == COMPONENT.VEVENT_COMPONENT
    statuses = [found.get_value_as_string() for found in properties(component, PROPERTY.STATUS_PROPERTY)]
    organizers = [person(found, found.get_organizer()) for found in properties(component, PROPERTY.ORGANIZER_PROPERTY)]
    return {
        "component": "VEVENT" if is_event else "VTODO",
        "uid": component.get_uid(),
        "summary": component.get_summary() or "",
        "description": component.get_description() or "",
        "location": component.get_location() or "",
        "start": moment(component.get_dtstart() if is_event else component.get_due()),
        # libical makes up an end where there is none: only what stands in the file counts.
        "end": moment(component.get_dtend()) if list(properties(component, PROPERTY.DTEND_PROPERTY)) else None,
        "sequence": component.get_sequence(),
        "status": statuses[0] if statuses else None,
        "categories": [found.get_categories() for found in properties(component, PROPERTY.CATEGORIES_PROPERTY)],
        "alarms": [alarm(part) for part in parts(component, COMPONENT.VALARM_COMPONENT)],
        "organizer": organizers[0] if organizers else None,
        "attendees": [person(found, found.get_attendee()) for found in properties(component, PROPERTY.ATTENDEE_PROPERTY)],
        "occurrences": occurrences(component) if is_event else [],
    }


def read(path: str) -> dict[str, object]:
    calendar = ICalGLib.Parser.parse_string(Path(path).read_bytes().decode())
    ok = ICalGLib.restriction_check(calendar)
    problems = [
        found.get_value_as_string()
        for part in (calendar, *parts(calendar, COMPONENT.ANY_COMPONENT))
        for found in properties(part, PROPERTY.XLICERROR_PROPERTY)
    ]
    return {
        "errors": calendar.count_errors(),
        "restrictions": bool(ok),
        "problems": problems,
        "entries": [
            entry(part) for kind in (COMPONENT.VEVENT_COMPONENT, COMPONENT.VTODO_COMPONENT) for part in parts(calendar, kind)
        ],
    }


if __name__ == "__main__":
    json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
