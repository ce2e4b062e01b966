"""What `ical` (Home Assistant), a strict reader, makes of calendar files. It expands rules with dateutil."""

from datetime import datetime
from itertools import islice
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from told_as_json import SHOWN, moment, tell


def person(found: Any) -> dict[str, str]:
    return {"email": str(found.uri), "name": found.common_name or ""}


def alarm(found: Any) -> dict[str, object]:
    trigger = found.trigger
    return {
        "at": moment(trigger) if isinstance(trigger, datetime) else int(trigger.total_seconds()),
        "description": found.description,
    }


def entry(part: Any, name: str) -> dict[str, object]:
    assert not part.extras, part.extras
    is_event = name == "VEVENT"
    repeated = part.as_rrule() if is_event and part.rrule else None
    return {
        "component": name,
        "uid": part.uid,
        "summary": part.summary or "",
        "description": part.description or "",
        "location": part.location or "",
        "start": moment(part.dtstart if is_event else part.due),
        "end": moment(part.dtend) if is_event else None,
        "sequence": part.sequence,
        "status": part.status.value if part.status else None,
        "categories": list(part.categories),
        "alarms": [alarm(found) for found in (part.alarm if is_event else part.alarms)],
        "organizer": person(part.organizer) if part.organizer else None,
        "attendees": [person(found) for found in part.attendees],
        "occurrences": [moment(one) for one in islice(repeated or [part.dtstart], SHOWN)] if is_event else [],
    }


def read(text: str) -> dict[str, object]:
    calendar = IcsCalendarStream.calendar_from_ics(text)
    return {
        "entries": [
            *(entry(part, "VEVENT") for part in calendar.events),
            *(entry(part, "VTODO") for part in calendar.todos),
        ]
    }


if __name__ == "__main__":
    tell(read)
