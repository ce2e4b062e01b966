"""What icalendar, with recurring-ical-events for what repeats, makes of calendar files."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import icalendar
import recurring_ical_events
from told_as_json import SHOWN, moment, tell

YEARS = timedelta(days=20 * 366)


def person(address: Any) -> dict[str, str]:
    return {"email": str(address), "name": str(address.params.get("CN", ""))}


def alarm(part: Any) -> dict[str, object]:
    trigger = part["TRIGGER"].dt
    return {
        "at": moment(trigger) if isinstance(trigger, datetime) else int(trigger.total_seconds()),
        "description": str(part["DESCRIPTION"]),
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def entry(part: Any, calendar: Any) -> dict[str, object]:
    is_event = part.name == "VEVENT"
    when = part["DTSTART" if is_event else "DUE"].dt
    found: list[date] = [when] if is_event else []
    if "RRULE" in part:
        alone = icalendar.Calendar()
        for zone in calendar.walk("VTIMEZONE"):
            alone.add_component(zone)
        alone.add_component(part)
        # Without an end it would look on to the year 9999.
        series = recurring_ical_events.of(alone).between(day_of(when), day_of(when) + YEARS)
        found = [one["DTSTART"].dt for one in islice(series, SHOWN)]
    return {
        "component": part.name,
        "uid": str(part["UID"]),
        "summary": str(part.get("SUMMARY", "")),
        "description": str(part.get("DESCRIPTION", "")),
        "location": str(part.get("LOCATION", "")),
        "start": moment(when),
        "end": moment(part["DTEND"].dt) if "DTEND" in part else None,
        "sequence": int(part["SEQUENCE"]),
        "status": str(part["STATUS"]) if "STATUS" in part else None,
        "categories": [str(one) for line in listed(part.get("CATEGORIES")) for one in line.cats],
        "alarms": [alarm(found) for found in part.walk("VALARM")],
        "organizer": person(part["ORGANIZER"]) if "ORGANIZER" in part else None,
        "attendees": [person(address) for address in listed(part.get("ATTENDEE"))],
        "occurrences": [moment(one) for one in found],
    }


def read(text: str) -> dict[str, object]:
    calendar = icalendar.Calendar.from_ical(text)
    return {
        "problems": [str(error) for part in calendar.walk() for error in part.errors],
        "entries": [entry(part, calendar) for part in calendar.walk() if part.name in {"VEVENT", "VTODO"}],
    }


if __name__ == "__main__":
    tell(read)
