"""Entries, times and alarms that cannot be written right cannot be made."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, strategies as st

from infoint.calendar import (
    Alarm,
    AllDay,
    CalendarEntry,
    CalendarHead,
    CalendarWriter,
    Classification,
    Component,
    EntryStatus,
    Timed,
)
from infoint.calendar.contract import WriterFactory, WriterRegistrar
from infoint.errors import InfointError, InvalidValue, NaiveTime

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN)
ENTRY = CalendarEntry(uid="talk", when=Timed(NOON), summary="Talk with Ana", last_modified=datetime(2026, 3, 2, tzinfo=UTC))


def utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


# ── Timed ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), timedelta(hours=1), datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)),
        (
            datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
            timedelta(hours=1),
            datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
        ),
        (datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), timedelta(hours=3), datetime(2026, 10, 25, 3, 30, tzinfo=BERLIN)),
    ],
)
def test_lengths_are_elapsed_time(start: datetime, length: timedelta, end: datetime) -> None:
    """A talk across a clock change would be an hour longer or shorter than agreed."""
    assert Timed.starting(start, length) == Timed(start, end)
    assert Timed.ending(end, length) == Timed(start, end)


@given(
    at=st.datetimes(datetime(2000, 1, 1), datetime(2045, 12, 30), timezones=st.timezones()),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
)
def test_starting_and_ending_keep_the_length(at: datetime, length: timedelta) -> None:
    """In some zone or at some change the end would not be `length` after the start."""
    for timed in (Timed.starting(at, length), Timed.ending(at, length)):
        assert timed.end is not None
        assert utc(timed.end) - utc(timed.start) == length


def test_time_in_the_gap_is_read_with_the_offset_before_it() -> None:
    """A time that no clock shows would mean different instants to different readers (RFC 5545 §3.3.5)."""
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    for given_time in (skipped, skipped.replace(fold=1)):
        start = Timed(given_time).start
        assert start.isoformat() == "2026-03-29T03:30:00+02:00"
    assert Timed(skipped - timedelta(hours=2), skipped).end == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


@pytest.mark.parametrize("fold", [0, 1])
def test_fold_is_kept(fold: int) -> None:
    """The second 02:30 of an autumn night would become the first."""
    at = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold)
    assert Timed(at).start.fold == fold
    assert utc(Timed(at).start) == utc(at)


def test_equal_walls_at_two_instants_are_two_times() -> None:
    """A move from the first 02:30 to the second would look like no change at all (PEP 495)."""
    first, second = (Timed(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold)) for fold in (0, 1))
    assert first != second
    assert hash(first) == hash(Timed(first.start))
    assert Timed(NOON) != Timed(NOON.astimezone(UTC)), "they are written differently"


def test_end_is_compared_in_utc() -> None:
    """Where clocks go back, walls' clocks put the end before the start, or a true hour at nothing."""
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    assert Timed(first, second).end == second
    with pytest.raises(InvalidValue, match=r"Timed\.end: needs to be later than start"):
        Timed(second, second.replace(minute=45, fold=0))


@pytest.mark.parametrize("minutes", [0, -5])
def test_end_at_or_before_start_is_refused(minutes: int) -> None:
    """DTEND has to be later than DTSTART (RFC 5545 §3.8.2.2)."""
    with pytest.raises(InvalidValue, match=r"Timed\.end"):
        Timed(NOON, NOON + timedelta(minutes=minutes))


class Nowhere(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, at: datetime | None) -> None:
        return None

    def dst(self, at: datetime | None) -> None:
        return None

    def tzname(self, at: datetime | None) -> None:
        return None


@pytest.mark.parametrize("naive", [datetime(2026, 3, 27, 12, 0), datetime(2026, 3, 27, 12, 0, tzinfo=Nowhere())])
def test_times_without_zone_are_refused(naive: datetime) -> None:
    """A floating time would be read in whatever zone the reader is in."""
    makers: list[tuple[Callable[[], object], str]] = [
        (lambda: Timed(naive), "Timed.start"),
        (lambda: Timed(NOON, naive), "Timed.end"),
        (lambda: Timed.starting(naive, timedelta(hours=1)), "Timed.start"),
        (lambda: Timed.ending(naive, timedelta(hours=1)), "Timed.end"),
        (lambda: Alarm(naive, "soon"), "Alarm.trigger"),
        (lambda: evolve(ENTRY, last_modified=naive), "CalendarEntry.last_modified"),
        (lambda: evolve(ENTRY, created=naive), "CalendarEntry.created"),
    ]
    for make, place in makers:
        with pytest.raises(NaiveTime) as caught:
            make()
        assert str(caught.value).startswith(place)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(minutes=-1), 30, None])
def test_lengths_are_positive(length: Any) -> None:
    """A length of nothing, or a number without unit, would make a time that ends before it starts or a bare TypeError."""
    for make in (Timed.starting, Timed.ending):
        with pytest.raises(InvalidValue, match=r"Timed\.length"):
            make(NOON, length)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Timed(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))),
        lambda: Timed(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))),
        lambda: Timed.starting(datetime(9999, 12, 31, tzinfo=UTC), timedelta(days=2)),
        lambda: Timed.ending(datetime(1, 1, 1, tzinfo=UTC), timedelta(days=2)),
        lambda: evolve(ENTRY, last_modified=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))),
    ],
)
def test_times_python_cannot_count_are_refused(make: Any) -> None:
    """An OverflowError of Python's would escape."""
    with pytest.raises(InvalidValue, match="years 1 to 9999"):
        make()


class Wandering(tzinfo):
    """A zone whose clocks, told back from UTC, leave the years there are."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, at: datetime | None) -> str:
        return "wandering"

    def fromutc(self, at: datetime) -> datetime:
        raise OverflowError


def test_zones_that_lead_out_of_the_calendar_are_refused() -> None:
    """An OverflowError of the zone's would escape."""
    with pytest.raises(InvalidValue, match=r"Timed\.start.*years 1 to 9999"):
        Timed(datetime(2026, 1, 1, tzinfo=Wandering()))


# ── AllDay ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("on", [NOON, datetime(2026, 3, 27), "2026-03-27", None])
def test_all_day_needs_a_date_without_time(on: Any) -> None:
    """A datetime is a date to Python: its time would be lost without a word."""
    with pytest.raises(InvalidValue, match=r"AllDay\.on: needs a date without time"):
        AllDay(on)


@pytest.mark.parametrize("days", [0, -1, 1.0, True, "2"])
def test_all_day_needs_a_number_of_days(days: Any) -> None:
    """An event that ends on the day it starts, exclusively, has no day at all."""
    with pytest.raises(InvalidValue, match=r"AllDay\.days"):
        AllDay(date(2026, 3, 27), days)


def test_all_day_has_an_end() -> None:
    """The exclusive end of a day past the year 9999 cannot be written."""
    assert AllDay(date.max - timedelta(days=1)).days == 1
    with pytest.raises(InvalidValue, match=r"AllDay\.days: leads past the year 9999"):
        AllDay(date.max)


# ── entries ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("uid", uid) for uid in ("", " ", "a b", "a\r\nb", "a\x00", "a\u2028b", "a\x85b", "\ud800", "é" * 128, "x" * 256, 7)),
        ("when", NOON),
        ("when", date(2026, 3, 27)),
        ("summary", None),
        ("summary", b"Talk"),
        ("summary", "x" * 100_001),
        ("last_modified", date(2026, 3, 27)),
        ("last_modified", None),
        *(("sequence", number) for number in (-1, 2**31, 1.0, True, None)),
        ("component", "VEVENT"),
        ("component", "VJOURNAL"),
        ("description", 1),
        ("location", None),
        *(
            ("url", url)
            for url in (
                "javascript:alert(1)",
                "file:///etc/hosts",
                "JAVASCRIPT:x",
                "oak.example",
                "//oak.example",
                "https:",
                "https://",
                "https://oak.example/\r\nATTENDEE:x",
                "https://oak.example/a b",
                "https://oak.example/\u2028",
                "https://oak.example/\ud800",
                7,
            )
        ),
        ("status", "CONFIRMED"),
        ("status", EntryStatus.COMPLETED),
        ("status", EntryStatus.NEEDS_ACTION),
        ("transparent", 1),
        ("classification", "PRIVATE"),
        ("categories", "Talks"),
        ("categories", ("Talks", " ")),
        ("categories", (None,)),
        ("contact", None),
        ("related_to", "a\nb"),
        ("related_to", None),
        ("alarms", Alarm(timedelta(0), "now")),
        ("alarms", (timedelta(0),)),
        ("created", date(2026, 3, 27)),
    ],
)
def test_fields_that_cannot_hold_it_say_so(field: str, value: Any) -> None:
    """A writer would produce a file that readers reject, or be made to forge lines."""
    with pytest.raises(InvalidValue) as caught:
        evolve(ENTRY, **{field: value})
    assert (caught.value.entity, caught.value.field) == ("CalendarEntry", field)
    assert caught.value.value in (value, *(value if isinstance(value, (list, tuple)) else ()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", "x" * 255),
        ("uid", 'a;b,c\\d"e:f'),
        ("url", ""),
        ("url", "https://oak.example/käse?q=1#top"),
        ("url", "HTTP://oak.example"),
        ("url", "tel:+34-600-000-000"),
        ("url", "mailto:ana@oak.example"),
        ("summary", ""),
        ("summary", "\r\n\x00\ud800"),
        ("description", "x" * 100_000),
        ("sequence", 2**31 - 1),
        ("status", EntryStatus.TENTATIVE),
        ("status", None),
        ("classification", Classification.CONFIDENTIAL),
        ("related_to", ""),
        ("related_to", "parent"),
        ("when", AllDay(date(2026, 3, 27), days=2)),
        ("created", NOON),
    ],
)
def test_fields_take_what_people_have(field: str, value: Any) -> None:
    """Something legal would stop a whole export."""
    assert getattr(evolve(ENTRY, **{field: value}), field) == value


@pytest.mark.parametrize("component", Component)
def test_status_fits_the_component(component: Component) -> None:
    """A confirmed to-do or a completed event is not RFC 5545 (§3.8.1.11)."""
    legal = {
        Component.EVENT: {EntryStatus.TENTATIVE, EntryStatus.CONFIRMED, EntryStatus.CANCELLED},
        Component.TODO: {EntryStatus.NEEDS_ACTION, EntryStatus.COMPLETED, EntryStatus.CANCELLED},
    }[component]
    for status in EntryStatus:
        if status in legal:
            assert evolve(ENTRY, component=component, status=status).status is status
        else:
            with pytest.raises(InvalidValue, match=rf"CalendarEntry\.status: a {component} is "):
                evolve(ENTRY, component=component, status=status)


@pytest.mark.parametrize("when", [Timed(NOON, NOON + timedelta(hours=1)), AllDay(date(2026, 3, 27), days=2)])
def test_to_dos_are_due_once(when: Timed | AllDay) -> None:
    """The end of a to-do would be dropped silently: it has a DUE and nothing after it."""
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.when: a VTODO is due"):
        evolve(ENTRY, component=Component.TODO, when=when)
    assert evolve(ENTRY, component=Component.TODO, when=Timed(NOON)).when == Timed(NOON)
    assert evolve(ENTRY, component=Component.TODO, when=AllDay(date(2026, 3, 27))).component is Component.TODO


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: Alarm(15, "soon"), "Alarm.trigger"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: Alarm(timedelta(0), None), "Alarm.description"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: CalendarHead(name=None), "CalendarHead.name"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: CalendarHead(refresh=timedelta(0)), "CalendarHead.refresh"),
        (lambda: CalendarHead(refresh=timedelta(hours=-1)), "CalendarHead.refresh"),
        (lambda: CalendarHead(refresh=3600), "CalendarHead.refresh"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_alarms_and_heads_are_checked_too(make: Any, place: str) -> None:
    """A wrong reminder or heading would reach the file."""
    with pytest.raises(InvalidValue) as caught:
        make()
    assert str(caught.value).startswith(place)


def test_numbers_say_their_range() -> None:
    """The message would name a limit that is refused itself."""
    with pytest.raises(InvalidValue, match=r"from 0 to 2147483647$"):
        evolve(ENTRY, sequence=2**31)


def test_messages_show_no_private_words() -> None:
    """What a person wrote in a field would end in a log."""
    with pytest.raises(InfointError) as caught:
        evolve(ENTRY, url="secret-words-of-ana")
    assert "secret-words-of-ana" not in str(caught.value)


def test_entries_are_values() -> None:
    """Entries could be changed after they were checked, or would not compare, hash and pickle by their content."""
    with pytest.raises(FrozenInstanceError):
        ENTRY.summary = "other"  # type: ignore[misc]  # wrong on purpose
    again = pickle.loads(pickle.dumps(ENTRY))
    assert again == ENTRY == evolve(ENTRY)
    assert len({ENTRY, again, evolve(ENTRY, sequence=1)}) == 2


def test_whens_match_by_position() -> None:
    """`case Timed(start, end)` and `case AllDay(on, days)`, as writers use them, would not match."""
    match Timed(NOON, NOON + timedelta(hours=1)):
        case Timed(start, end):
            assert (start, end) == (NOON, NOON + timedelta(hours=1))
    match AllDay(date(2026, 3, 27), 2):
        case AllDay(on, days):
            assert (on, days) == (date(2026, 3, 27), 2)


class PlainWriter:
    """A writer of another package, that inherits nothing."""

    media_type = "text/plain"
    suffix = ".txt"

    def chunks(self, entries: Collection[CalendarEntry], head: CalendarHead) -> Iterator[bytes]:
        yield f"{head.name}: {len(entries)}".encode()


class Registered:
    """A registrar, as a plugin's hook is given."""

    def __init__(self) -> None:
        self.factories: dict[str, WriterFactory] = {}

    def add(self, name: str, factory: WriterFactory) -> None:
        self.factories[name] = factory


def test_a_class_with_chunks_is_a_writer_and_its_own_factory() -> None:
    """Plugin authors would have to inherit, or to wrap their class, to register it."""
    registrar = Registered()
    writers: WriterRegistrar = registrar
    writers.add("plain", PlainWriter)
    writer: CalendarWriter = registrar.factories["plain"]()
    assert b"".join(writer.chunks([ENTRY], CalendarHead())) == b"Informational interviews: 1"


def test_loading_the_room_loads_no_calendar_library() -> None:
    """Every program that imports the room would pay for icalendar and dateutil.tz, exporting or not."""
    script = "import sys, infoint.calendar; print([name for name in ('icalendar', 'dateutil.tz') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
