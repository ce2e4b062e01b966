"""What a calendar file costs: against a file that f-strings write by hand, against icalendar's own writer and against ics.py, in one
run; what a second, unchanged export costs; how it grows; what memory it takes. Fails over a bar.

python tests/benchmarks/calendar_export.py
"""

import gc
import re
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve

from infoint import Campaign, derive_id
from infoint.calendar import (
    Alarm,
    CalendarEntry,
    CalendarHead,
    Classification,
    EntryCache,
    EntryStatus,
    IcsWriter,
    Timed,
    build_entries,
)
from infoint.testing import sample_campaign

BY_HAND, STRETCH = 8.0, 6.0
ICALENDAR = 3.0
UNCHANGED = 1 / 20
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
def written(made: Collection[CalendarEntry], cache: EntryCache | None = None) -> bytes:
    """A whole file."""
    return b"".join(IcsWriter(cache=cache).chunks(made, CalendarHead()))


def exported(campaign: Campaign, cache: EntryCache | None = None) -> bytes:
    """From facts to bytes."""
    return written(build_entries(campaign), cache)


def many(talks: int) -> Campaign:
    """A campaign of so many talks and their follow-ups, as it comes out of a storage."""
    sample = sample_campaign(talks=50)
    contacts, interviews, follow_ups = [*sample.contacts], [], []
    for copy in range(talks // 50):

        def other(id: UUID | None, copy: int = copy) -> UUID | None:
            return derive_id(id, copy) if id else None

        contacts += [evolve(one, id=other(one.id)) for one in sample.contacts]
        interviews += [
            evolve(one, id=other(one.id), contact_ids=tuple(filter(None, map(other, one.contact_ids))))
            for one in sample.interviews
        ]
        follow_ups += [
            evolve(one, id=other(one.id), contact_id=other(one.contact_id), interview_id=other(one.interview_id))
            for one in sample.follow_ups
        ]
    return evolve(sample, contacts=tuple(contacts), interviews=tuple(interviews), follow_ups=tuple(follow_ups))


def read_anew(campaign: Campaign) -> Campaign:
    """The same facts in other objects, of which nothing has been looked at yet: as a second request would read them."""
    return evolve(
        campaign,
        contacts=tuple(evolve(one, version=3) for one in campaign.contacts),
        interviews=tuple(evolve(one, version=3) for one in campaign.interviews),
        follow_ups=tuple(evolve(one, version=3) for one in campaign.follow_ups),
    )


# ── measuring ────────────────────────────────────────────────────────────────────────────────────
def seconds(work: Callable[[], object]) -> float:
    """Of one round; with the garbage collector, which a long run meets too, but from a clean start."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turn(works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The least of each: whatever else the machine does only adds. They take turns, so that a slow minute meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: min(taken) for name, taken in times.items()}


def against_others() -> bool:
    """10,000 full events, each way."""
    made = entries(10_000)
    took = in_turn(
        {
            "f-strings by hand": lambda: written_by_hand(made),
            "infoint": lambda: written(made),
            "ics.py": lambda: written_by_ics_py(made),
            "icalendar": lambda: written_by_icalendar(made),
        }
    )
    floor, ours = took["f-strings by hand"], took["infoint"]
    print(f"10,000 full events{'µs each':>20} {'by hand = 1':>12}")
    for name, taken in took.items():
        print(f"  {name:24} {taken * 1e6 / len(made):11.1f} {taken / floor:12.2f}")
    print(
        f"  bars: by hand {BY_HAND:g} (wished for: {STRETCH:g}), icalendar at least {ICALENDAR:g} times ours, ics.py no faster"
    )
    return ours > BY_HAND * floor or took["icalendar"] < ICALENDAR * ours or took["ics.py"] < ours


def unchanged() -> bool:
    """A second export of the same facts, from entries to bytes, with and without a cache."""
    campaign = many(1_850)
    cold: list[float] = []
    again: list[float] = []
    for _ in range(ROUNDS):
        first, second, third = (read_anew(campaign) for _ in range(3))
        cache = EntryCache()
        exported(first, cache)
        cold.append(seconds(partial(exported, second)))
        again.append(seconds(partial(exported, third, cache)))
        assert exported(second) == exported(third, cache)
    count, share = len(cache), min(again) / min(cold)
    print(f"{count:,} talks and follow-ups, from facts to bytes")
    print(f"  {'cold':24} {min(cold) * 1e6 / count:11.1f} µs each")
    print(f"  {'unchanged, cached':24} {min(again) * 1e6 / count:11.1f} µs each, 1/{1 / share:.1f} (bar 1/{1 / UNCHANGED:.0f})")
    return share > UNCHANGED


def growth() -> bool:
    """What one event costs among 50,000, to among 1,000."""
    few, lots = entries(1_000), entries(50_000)
    took = in_turn({"few": lambda: [written(few) for _ in range(10)], "lots": lambda: written(lots)}, rounds=3)
    ratio = (took["lots"] / len(lots)) / (took["few"] / 10 / len(few))
    print(f"one event among 50,000 to one among 1,000: {ratio:.2f} (bar {GROWTH:g})")
    return ratio > GROWTH


def memory() -> bool:
    """What streaming takes above what it is given."""
    made = entries(10_000)
    for _ in IcsWriter().chunks(made[:10], CalendarHead()):
        pass  # what is loaded once
    gc.collect()
    tracemalloc.start()
    for _ in IcsWriter().chunks(made, CalendarHead()):
        pass
    streamed = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    campaign = many(1_850)
    gc.collect()
    tracemalloc.start()
    for _ in IcsWriter().chunks(build_entries(campaign), CalendarHead()):
        pass
    built = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"peak above the input while streaming: {streamed / 1e6:.2f} MB for 10,000 entries (bar {MEGABYTES:g}), "
        f"{built / 1e6:.2f} MB for as many from a campaign"
    )
    return streamed > MEGABYTES * 1e6


def main() -> int:
    """Print the table."""
    over = [against_others(), unchanged(), growth(), memory()]
    return 1 if any(over) else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore", FutureWarning)  # ics.py's own
    sys.exit(main())
