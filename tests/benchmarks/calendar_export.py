"""What a calendar file costs: against a file that f-strings write by hand, against icalendar's own writer and against ics.py, in one
run; what a second, unchanged export costs; how it grows; what memory it takes. Fails over a bar.

python tests/benchmarks/calendar_export.py
"""

import gc
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

from infoint.calendar import Alarm, CalendarEntry, CalendarHead, Classification, EntryStatus, IcsWriter, Timed

BY_HAND, STRETCH = 8.0, 6.0
ICALENDAR = 3.0
GROWTH = 1.25
MEGABYTES = 5.0
ROUNDS = 5

MADRID = ZoneInfo("Europe/Madrid")
FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=MADRID)
DESCRIPTION = (
    "{name}, Head of Growing, Oak Nurseries, {mail}\n\n"
    "1. What does a usual day look like; and an unusual one?\n"
    "2. Which part of the work would you rather not do, honestly?\n"
    "3. Who else should I talk to, and may I say that you sent me?\n"
    "4. What would you ask in my place \\ on my side of the table?"
)


# ── what is written ──────────────────────────────────────────────────────────────────────────────
def entry(number: int) -> CalendarEntry:
    """One with all that an export says of a meeting."""
    name, mail = f"Zoë Numéro {number}", f"zoe{number}@oak.example"
    start = FIRST + timedelta(days=number % 700, minutes=30 * (number % 13))
    return CalendarEntry(
        uid=str(UUID(int=number + (1 << 100))),
        when=Timed(start, start + timedelta(minutes=30)),
        summary=f"Informational interview: {name} (Oak Nurseries, Ltd.)",
        last_modified=datetime(2026, 1, 2, 8, tzinfo=UTC) + timedelta(minutes=number),
        created=datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=number),
        sequence=number % 3,
        description=DESCRIPTION.format(name=name, mail=mail),
        location=f"https://meet.example/room/{number}",
        url=f"https://meet.example/room/{number}",
        status=EntryStatus.CONFIRMED,
        classification=Classification.PRIVATE,
        categories=("Informational interview",),
        contact=f"{name}, Head of Growing, Oak Nurseries, {mail}",
        alarms=(Alarm(timedelta(minutes=-15), f"Talk with {name}"),),
    )


def entries(count: int) -> list[CalendarEntry]:
    """In order of uid, as an export has them."""
    return [entry(number) for number in range(count)]


# ── the floor: f-strings ─────────────────────────────────────────────────────────────────────────
HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


def text(value: str) -> str:
    """Cleaned and escaped."""
    if HOSTILE.search(value):
        value = HOSTILE.sub("", value)
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def by_hand(one: CalendarEntry) -> str:
    """What somebody writes who needs just this file. Lines are not even folded."""
    when = one.when
    assert isinstance(when, Timed)
    assert when.end
    assert one.created
    return (
        f"BEGIN:VEVENT\r\nUID:{one.uid}\r\n"
        f"DTSTAMP:{one.last_modified:%Y%m%dT%H%M%SZ}\r\nCREATED:{one.created:%Y%m%dT%H%M%SZ}\r\n"
        f"LAST-MODIFIED:{one.last_modified:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{one.sequence}\r\n"
        f"DTSTART;TZID=Europe/Madrid:{when.start:%Y%m%dT%H%M%S}\r\nDTEND;TZID=Europe/Madrid:{when.end:%Y%m%dT%H%M%S}\r\n"
        f"SUMMARY:{text(one.summary)}\r\nDESCRIPTION:{text(one.description)}\r\nLOCATION:{text(one.location)}\r\n"
        f"URL:{one.url}\r\nSTATUS:{one.status}\r\nTRANSP:OPAQUE\r\nCLASS:{one.classification}\r\n"
        f"CATEGORIES:{','.join(map(text, one.categories))}\r\nCONTACT:{text(one.contact)}\r\n"
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:{text(one.alarms[0].description)}\r\nEND:VALARM\r\n"
        f"END:VEVENT\r\n"
    )


def written_by_hand(made: list[CalendarEntry]) -> bytes:
    """The floor."""
    return "".join(map(by_hand, made)).encode()


# ── the peers ────────────────────────────────────────────────────────────────────────────────────
def written_by_icalendar(made: list[CalendarEntry]) -> bytes:
    """icalendar's components, filled as its documentation does."""
    from icalendar import Alarm as ItsAlarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//oak.example//EN")
    calendar.add("version", "2.0")
    for one in made:
        assert isinstance(one.when, Timed)
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", one.last_modified)
        event.add("created", one.created)
        event.add("last-modified", one.last_modified)
        event.add("sequence", one.sequence)
        event.add("dtstart", one.when.start)
        event.add("dtend", one.when.end)
        event.add("summary", one.summary)
        event.add("description", one.description)
        event.add("location", one.location)
        event.add("url", one.url)
        event.add("status", str(one.status))
        event.add("transp", "OPAQUE")
        event.add("class", str(one.classification))
        event.add("categories", list(one.categories))
        event.add("contact", one.contact)
        alarm = ItsAlarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", one.alarms[0].trigger)
        alarm.add("description", one.alarms[0].description)
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def written_by_ics_py(made: list[CalendarEntry]) -> bytes:
    """ics.py, which says less: no zone, no contact, no SEQUENCE, no folding."""
    from ics import Calendar, DisplayAlarm, Event

    calendar = Calendar()
    for one in made:
        assert isinstance(one.when, Timed)
        calendar.events.add(
            Event(
                uid=one.uid,
                name=one.summary,
                begin=one.when.start,
                end=one.when.end,
                created=one.created,
                last_modified=one.last_modified,
                description=one.description,
                location=one.location,
                url=one.url,
                status="CONFIRMED",
                classification="PRIVATE",
                categories=set(one.categories),
                alarms=[DisplayAlarm(trigger=timedelta(minutes=-15), display_text=one.alarms[0].description)],
            )
        )
    return str(calendar.serialize()).encode()


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────
def written(made: list[CalendarEntry]) -> bytes:
    """A whole file."""
    return b"".join(IcsWriter().chunks(made, CalendarHead()))


# ── measuring ────────────────────────────────────────────────────────────────────────────────────
def seconds(work: Callable[[], object]) -> float:
    """Of one round; with the garbage collector, which a long run meets too, but from a clean start."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turn(works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median of each; they take turns, so that a slow minute meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(taken) for name, taken in times.items()}


def main() -> int:
    made = entries(10_000)
    took = in_turn(
        {
            "by hand": lambda: written_by_hand(made),
            "infoint": lambda: written(made),
            "ics.py": lambda: written_by_ics_py(made),
            "icalendar": lambda: written_by_icalendar(made),
        }
    )
    for name, t in took.items():
        print(f"{name:12} {t * 1e6 / len(made):7.1f} µs/event {t / took['by hand']:6.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
