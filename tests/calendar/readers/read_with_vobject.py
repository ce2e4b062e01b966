"""What vobject (Radicale, khal's ancestors) makes of calendar files. It expands rules with dateutil."""

from datetime import datetime
from itertools import islice
from typing import Any

import vobject
from told_as_json import SHOWN, moment, tell


def person(line: Any) -> dict[str, str]:
    return {"email": line.value, "name": line.params.get("CN", [""])[0]}


def alarm(part: Any) -> dict[str, object]:
    trigger = part.trigger.value
    return {
        "at": moment(trigger) if isinstance(trigger, datetime) else int(trigger.total_seconds()),
        "description": part.description.value,
    }


def entry(part: Any) -> dict[str, object]:
    lines = part.contents

    def value(name: str) -> Any:
        return lines[name][0].value if name in lines else None

    is_event = part.name == "VEVENT"
    repeated = part.getrruleset() if "rrule" in lines else [value("dtstart")]
    all_day = is_event and not isinstance(value("dtstart"), datetime)
    return {
        "component": part.name,
        "uid": value("uid"),
        "summary": value("summary") or "",
        "description": value("description") or "",
        "location": value("location") or "",
        "start": moment(value("dtstart" if is_event else "due")),
        "end": moment(value("dtend")),
        "sequence": int(value("sequence")),
        "status": value("status"),
        "categories": [one for line in lines.get("categories", ()) for one in line.value],
        "alarms": [alarm(part) for part in lines.get("valarm", ())],
        "organizer": person(lines["organizer"][0]) if "organizer" in lines else None,
        "attendees": [person(line) for line in lines.get("attendee", ())],
        "occurrences": [moment(one.date() if all_day and isinstance(one, datetime) else one) for one in islice(repeated, SHOWN)]
        if is_event
        else [],
    }


def read(text: str) -> dict[str, object]:
    calendar = vobject.readOne(text)
    return {"entries": [entry(part) for name in ("vevent", "vtodo") for part in calendar.contents.get(name, ())]}


if __name__ == "__main__":
    tell(read)
