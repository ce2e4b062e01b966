"""Wrong use of the calendar room: what is given in the wrong form is refused by name, and nothing is lost over it."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import infoint
from infoint import Contact, MeetingFormat
from infoint.calendar import (
    Alarm,
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    ContentLevel,
    EntryCache,
    IcsWriter,
    Timed,
    build_entries,
    read_busy,
    to_ics,
)
from infoint.cli import main
from infoint.errors import CannotWrite, InfointError, InvalidValue
from infoint.testing import check_ics, sample_campaign

AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def entry(**given: Any) -> CalendarEntry:
    return CalendarEntry(**{"uid": "u", "when": Timed(AT), "summary": "s", "last_modified": AT} | given)


# ── a file that is somebody's data ───────────────────────────────────────────────────────────────
@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "interviews.db"
    with infoint.open(f"sqlite:{path}", zone="America/Chicago") as ws:
        talk = ws.interviews.request(ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz"))))
        ws.interviews.schedule(talk, datetime(2026, 12, 1, 10), format=MeetingFormat.PHONE)
    return path


def test_a_calendar_never_takes_the_place_of_the_database(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`infoint export x.db x.db`, a slip of one word, would destroy every note the explorer ever took."""
    before = database.read_bytes()
    link = database.with_name("calendar.ics")
    link.symlink_to(database)
    for out in (database, link):
        assert main(["export", str(database), str(out)]) == 1
        assert "is a database" in capsys.readouterr().err
    with infoint.open(f"sqlite:{database}", read_only=True) as ws, pytest.raises(CannotWrite, match="is a database"):
        ws.calendar().write(database)
    with infoint.open(f"sqlite:{database}") as ws:
        assert len(ws.interviews) == 1
    assert database.read_bytes() == before


def test_other_databases_are_left_alone_too(database: Path, tmp_path: Path) -> None:
    """The other of two databases named by mistake would be as lost as the one that was read."""
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert main(["export", str(database), str(other)]) == 1
    assert other.read_bytes().startswith(b"SQLite format 3\0")


# ── the writer ───────────────────────────────────────────────────────────────────────────────────
WRONG: dict[str, Callable[[], object]] = {
    "product": lambda: IcsWriter(product=None),  # type: ignore[arg-type]
    "product's type": lambda: IcsWriter(product=3),  # type: ignore[arg-type]
    "zones_since": lambda: IcsWriter(zones_since="2020"),  # type: ignore[arg-type]
    "part of a year": lambda: IcsWriter(zones_since=2020.5),  # type: ignore[arg-type]
    "cache": lambda: IcsWriter(cache={}),  # type: ignore[arg-type]
    "no entries": lambda: to_ics(None),  # type: ignore[arg-type]
    "one entry": lambda: to_ics(entry()),  # type: ignore[arg-type]
    "a text": lambda: to_ics("entries"),  # type: ignore[arg-type]
    "texts": lambda: to_ics(["entry"]),  # type: ignore[list-item]
    "head": lambda: to_ics([], "Talks"),  # type: ignore[arg-type]
    "no head": lambda: to_ics([entry()], None),  # type: ignore[arg-type]
    "campaign": lambda: build_entries(None),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_written_is_refused_by_name(name: str) -> None:
    """`except InfointError` would miss it, or a TypeError from deep inside tell nobody what was wrong."""
    with pytest.raises(InvalidValue, match="needs"):
        WRONG[name]()


@pytest.mark.parametrize("mark", ["\ufffe", "\uffff", "\x80", "\x9b"])
def test_what_is_no_character_goes(mark: str) -> None:
    """A server that wraps calendars in XML (CalDAV) would refuse or cut the whole answer; a terminal would obey U+009B."""
    text = f"a{mark}b"
    told = entry(summary=text, description=text, location=text, categories=(text,), alarms=(Alarm(timedelta(), text),))
    content = to_ics([told], CalendarHead(name=text)).decode()
    assert mark not in content
    assert content.count("ab\r\n") == 7
    assert not check_ics(content.encode())


@pytest.mark.parametrize("length", [timedelta.max, timedelta.min, timedelta(microseconds=-1), timedelta(days=-1, seconds=1)])
def test_lengths_of_any_size_are_written(length: timedelta) -> None:
    """An alarm of a plugin would end the whole export with an OverflowError."""
    refresh = max(length, timedelta(seconds=1))
    assert not check_ics(to_ics([entry(alarms=(Alarm(length, "x"),))], CalendarHead(refresh=refresh)))


# ── zones that misbehave ─────────────────────────────────────────────────────────────────────────
class Raises(tzinfo):
    def utcoffset(self, at: datetime | None) -> timedelta:
        raise RuntimeError

    dst = tzname = None  # type: ignore[assignment]


class Minimal(tzinfo):
    """As Python's documentation allows, and its own `fromutc` does not."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=1)

    def dst(self, at: datetime | None) -> None:
        return None

    def tzname(self, at: datetime | None) -> str:
        return "x"


@pytest.mark.parametrize("zone", [Raises(), Minimal()])
def test_zones_that_raise_are_refused_or_told_in_utc(zone: tzinfo) -> None:
    """A zone class of another library would end an export with an error of its own."""
    try:
        made = entry(when=Timed(AT.replace(tzinfo=zone)), last_modified=AT.replace(tzinfo=zone))
    except InfointError:
        return
    assert b"DTSTART:20261201T090000Z\r\n" in to_ics([made])


# ── the cache ────────────────────────────────────────────────────────────────────────────────────
def test_forgetting_in_the_middle_mixes_nothing_up() -> None:
    """A full calendar that is being written while the cache is emptied would lend its lines to a discreet one."""
    campaign = sample_campaign(talks=2)
    cache = EntryCache()
    full, busy = (build_entries(campaign, CalendarOptions(content=one)) for one in (ContentLevel.FULL, ContentLevel.BUSY))
    kind = cache.kind("full")
    cache.clear()
    assert cache.kind("busy") != kind
    expected = to_ics(busy)
    writer = IcsWriter(cache=cache)
    head = CalendarHead()
    stop = threading.Event()

    def forget() -> None:
        while not stop.is_set():
            cache.clear()

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        for _ in range(30):
            b"".join(writer.chunks(full, head))
            assert b"".join(writer.chunks(busy, head)) == expected
    finally:
        stop.set()
        thread.join()


# ── busy times ───────────────────────────────────────────────────────────────────────────────────
FILE = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:abc\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n"
    b"ATTENDEE;PARTSTAT=DECLINED:mailto:me@x.example\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"except_for_prefixes": "abc"},
        {"except_for_prefixes": [""]},
        {"except_for_prefixes": [1]},
        {"except_for": "abc"},
        {"except_for": None},
        {"except_for": [3]},
        {"mine": "me@x.example"},
        {"mine": None},
        {"mine": [1]},
    ],
)
def test_a_text_is_no_list_of_texts(wrong: dict[str, Any]) -> None:
    """Each of its letters would be a prefix, and whatever begins with one would count as free."""
    given: dict[str, Any] = {"zone": "UTC", "after": datetime(2026, 3, 1, tzinfo=UTC), "until": date(2026, 3, 8)}
    with pytest.raises(InvalidValue, match=next(iter(wrong))):
        read_busy(FILE, **given, **wrong)


@pytest.mark.parametrize("contents", [None, "BEGIN:VCALENDAR", 3, [None]])
def test_what_is_no_content_is_refused(contents: Any) -> None:
    """A path given for a content would be an error of Python's, or nothing at all."""
    with pytest.raises(InvalidValue, match="bytes"):
        read_busy(contents, zone=ZoneInfo("UTC"), after=datetime(2026, 3, 1, tzinfo=UTC), until=date(2026, 3, 8))


# ── paths ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", ["a\0b", None, 3, b"bytes"])
def test_paths_that_are_none(path: Any) -> None:
    """Where nothing is to be exported yet, a path that is none would be an error of Python's."""
    with infoint.open("memory:", zone="America/Chicago") as ws:
        for write in (ws.calendar().write, ws.calendar().write_into):
            with pytest.raises(InfointError):
                write(path)


# ── formats and heads ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("wrong", [{"format": None}, {"format": 3}, {"head": "Talks"}])
def test_formats_and_heads_of_a_wrong_kind(wrong: dict[str, Any]) -> None:
    """A mistake of one argument would be an AttributeError from deep inside, or one of attrs'."""
    with infoint.open("memory:", zone="America/Chicago") as ws:
        calendar = ws.calendar()
        uses: list[Callable[..., object]] = [ws.feed, calendar.to_bytes, lambda **given: list(calendar.files(**given))]
        for use in uses:
            with pytest.raises(InvalidValue, match=next(iter(wrong))):
                use(**wrong)
