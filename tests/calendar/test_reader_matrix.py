"""Our files in the hands of readers that share no code with the writer, each in a process, and where need be an interpreter, of its own.

A reader that is not installed is skipped by name; INFOINT_ALL_READERS=1 makes that an error, so that CI cannot lose one unseen.
Where a reader has a fault of its own, it is named here with the release it was seen in, and asserted: it goes when the fault does.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from attrs import evolve, frozen
from dateutil.rrule import rrulestr

from infoint.bidi import straightened
from infoint.calendar import (
    Alarm,
    AllDay,
    Attendee,
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    Component,
    Conference,
    ConferenceFeature,
    EntryStatus,
    FollowUpsAs,
    Frequency,
    Method,
    Organizer,
    Participation,
    Recurrence,
    Timed,
    When,
    build_entries,
    to_ics,
)
from infoint.calendar.content_lines import clean
from infoint.calendar.zones import vtimezone, zone_of
from infoint.testing import check_ics, sample_campaign
from infoint.testing.calendar_writer_contract import sample_entries

HERE: Final = Path(__file__).parent
BERLIN, NEW_YORK, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
REVISED: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TALK: Final = CalendarEntry(
    uid="talk",
    when=Timed.starting(datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN), timedelta(minutes=30)),
    summary="Talk with Ana",
    last_modified=REVISED,
)


# ── readers ──────────────────────────────────────────────────────────────────────────────────────
@frozen
class Reader:
    """An independent implementation: the command that reads files, and what has to be there for it."""

    script: str
    interpreter: Callable[[], str | None]
    missing: str

    @property
    def command(self) -> list[str]:
        """Skips, or fails where all readers have to be there."""
        interpreter = self.interpreter()
        if interpreter is None:
            if os.environ.get("INFOINT_ALL_READERS") == "1":
                pytest.fail(self.missing)
            pytest.skip(self.missing)
        return [*interpreter.split("\n"), str(HERE / "readers" / self.script)]


def python_with(*modules: str, paths: Iterable[str] = ()) -> Callable[[], str | None]:
    """The first of these interpreters that has the modules: CI's own for readers, ours, the system's."""

    @cache
    def find() -> str | None:
        for path in (os.environ.get("INFOINT_READERS_PYTHON", ""), sys.executable, *paths):
            loading = [path, "-W", "ignore", "-c", f"import {', '.join(modules)}"]
            if path and Path(path).exists() and subprocess.run(loading, capture_output=True, check=False).returncode == 0:
                return f"{path}\n-W\nignore"
        return None

    return find


def node_with_icaljs() -> str | None:
    node, module = shutil.which("node"), os.environ.get("INFOINT_ICALJS", "")
    return node if node and Path(module).is_file() else None


READERS: Final[Mapping[str, Reader]] = {
    "libical": Reader(
        "read_with_libical.py",
        python_with("gi; gi.require_version('ICalGLib', '3.0')", paths=("/usr/bin/python3",)),
        "libical is missing: apt-get install gir1.2-ical-3.0 python3-gi",
    ),
    "ical.js": Reader(
        "read_with_icaljs.mjs", node_with_icaljs, "ical.js is missing: npm install ical.js, and INFOINT_ICALJS=…/dist/ical.js"
    ),
    "vobject": Reader("read_with_vobject.py", python_with("vobject"), "vobject is missing: pip install vobject"),
    "ical": Reader("read_with_ical.py", python_with("ical"), "ical is missing: pip install ical"),
    "recurring-ical-events": Reader(
        "read_with_recurring_ical_events.py",
        python_with("recurring_ical_events"),
        "recurring-ical-events is missing: an environment of its own (it pins dateutil), and INFOINT_READERS_PYTHON",
    ),
}


def run(command: list[str], *arguments: str, given: str = "") -> Any:
    if command[-1].endswith(".mjs"):
        arguments = (os.environ["INFOINT_ICALJS"], *arguments)
    done = subprocess.run([*command, *arguments], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read_by(name: str, files: Mapping[str, bytes], folder: Path) -> dict[str, Any]:
    """What the reader makes of each."""
    command = READERS[name].command
    paths = {file: folder / f"{file}.ics" for file in files}
    for file, path in paths.items():
        path.write_bytes(files[file])
    told = run(command, *map(str, paths.values()))
    return {file: told[str(path)] for file, path in paths.items()}


# ── what there is to read ────────────────────────────────────────────────────────────────────────
TEXTS: Final = (
    r"C:\New folder\notes; or \\N, with \n in it",
    "Quotes \"double\" and 'single', colons: all; legal",
    "Line ends: \r\n one \r two \n three \x85 four \u2028 five \u2029 six",
    "Control\x00 characters\x0b are\x1f left\x7f out, tabs\tstay",
    "Half a character \ud83c is replaced, a whole one 🌳 stays",
    "ä" * 60,
    "日本語のとても長い見出しは七十五オクテットで折り返されなければならない",
    "END:VEVENT\r\nATTENDEE:mailto:eve@elm.example",
    "ends in a backslash\\",
    "a ^ caret, ^n ^' and more ^^",
)
NAMES: Final = (
    "Ana Beispiel",
    'Ana "Bee" Beispiel',
    "Beispiel, Ana",
    "Ana; the one: of Oak",
    "caret ^ and ^n and ^^",
    "Ána 日本 🌳",
    "",
)


def texts() -> tuple[CalendarEntry, ...]:
    return tuple(
        evolve(
            TALK, uid=f"text-{number:02}", summary=text, description=text, location=text, contact=text,
            categories=("Talks", text), alarms=(Alarm(timedelta(minutes=-15), text),),
        )
        for number, text in enumerate(TEXTS)
    )  # fmt: skip


def zones_over_years() -> tuple[CalendarEntry, ...]:
    keys = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Europe/Dublin")
    return tuple(
        evolve(
            TALK,
            uid=f"{key}-{year}-{month:02}",
            when=Timed.starting(datetime(year, month, 15, 9, tzinfo=ZoneInfo(key)), timedelta(hours=1)),
        )
        for key in keys
        for year in (2020, 2026, 2030, 2041, 2045)
        for month in (1, 7)
    )


def invitation(method: Method) -> tuple[CalendarEntry, ...]:
    entry = evolve(
        TALK,
        organizer=Organizer("kim@example.org", "Kim O'Neil"),
        attendees=()
        if method is Method.PUBLISH
        else tuple(
            Attendee(f"person{number}@oak.example", name, rsvp=True, participation=Participation.TENTATIVE)
            for number, name in enumerate(NAMES)
        ),
        conferences=(
            Conference("https://meet.example/x", (ConferenceFeature.AUDIO, ConferenceFeature.VIDEO), "Way; in, here"),
        ),
        sequence=2,
        status=EntryStatus.CANCELLED if method is Method.CANCEL else EntryStatus.CONFIRMED,
        priority=3,
        color="teal",
    )
    return (entry,)


def starts() -> Iterator[tuple[str, When]]:
    hour = timedelta(hours=1)
    for key in ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Africa/Casablanca"):
        zone = ZoneInfo(key)
        yield f"{key}, before spring", Timed.starting(datetime(2026, 3, 2, 9, 30, tzinfo=zone), hour)
        yield f"{key}, before autumn", Timed.starting(datetime(2026, 9, 28, 23, 30, tzinfo=zone), hour)
        yield f"{key}, last of a month", Timed.starting(datetime(2026, 1, 31, 17, 0, tzinfo=zone), hour)
    yield "UTC", Timed.starting(datetime(2026, 3, 2, 9, 30, tzinfo=UTC), hour)
    yield "fixed offset, another day in UTC", Timed.starting(datetime.fromisoformat("2026-03-02T00:30:00+05:30"), hour)
    yield "all day", AllDay(date(2026, 3, 28))
    yield "all day, last of a month", AllDay(date(2026, 1, 31), days=2)


def ends(when: When, frequency: Frequency) -> Iterator[dict[str, Any]]:
    yield {"count": 6 if frequency is Frequency.YEARLY else 14}  # every third year, it ends before 2045
    last = date(2027, 11, 30)
    yield {"until": last if isinstance(when, AllDay) else datetime(2027, 11, 30, 23, 59, tzinfo=when.start.tzinfo)}


def recurrences() -> tuple[CalendarEntry, ...]:
    """Every frequency, two intervals, both ends, in zones that change their clocks in between."""
    entries = []
    for name, when in starts():
        for frequency in Frequency:
            for interval in (1, 3):
                for end in ends(when, frequency):
                    rule = Recurrence(frequency, interval, **end)
                    entries.append(
                        evolve(TALK, uid=f"{len(entries):03}", when=when, recurrence=rule, summary=f"{name}: {rule.rule(when)}")
                    )
    return tuple(entries)


STAMP: Final = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
FILES: Final[Mapping[str, tuple[Collection[CalendarEntry], CalendarHead]]] = {
    "every-kind": (sample_entries(), CalendarHead(description="Talks, and what follows from them")),
    "campaign": (
        tuple(build_entries(sample_campaign(talks=4), CalendarOptions(follow_ups=FollowUpsAs.BOTH))),
        CalendarHead(),
    ),
    "empty": ((), CalendarHead()),
    "texts": (texts(), CalendarHead(name=TEXTS[0], description=TEXTS[2])),
    "zones": (zones_over_years(), CalendarHead()),
    "recurrences": (recurrences(), CalendarHead()),
    **{method.lower(): (invitation(method), CalendarHead(method=method, stamp=STAMP)) for method in Method},
}
GOLDEN: Final = tuple(sorted((HERE.parent / "golden" / "calendar").glob("*.ics")))


def shown(moment: date | None) -> str | None:
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return moment and moment.isoformat()


def on_one_line(text: str) -> str:
    return " ".join(clean(text).split())


def expected(entry: CalendarEntry) -> dict[str, Any]:
    """What the entry says, in the words of `readers/told_as_json.py`."""
    match entry.when:
        case Timed(start, end):
            begins, finishes = shown(start), shown(end)
        case AllDay(on, days):
            is_event = entry.component is Component.EVENT
            begins, finishes = shown(on), shown(on + timedelta(days=days)) if is_event else None
    return {
        "component": str(entry.component),
        "uid": entry.uid,
        "summary": clean(entry.summary),
        "description": clean(entry.description),
        "location": clean(entry.location),
        "start": begins,
        "end": finishes,
        "sequence": entry.sequence,
        "status": entry.status and str(entry.status),
        "categories": [category_shown(category) for category in entry.categories],
        "alarms": [
            {
                "at": shown(alarm.trigger) if isinstance(alarm.trigger, datetime) else int(alarm.trigger.total_seconds()),
                "description": clean(alarm.description or entry.summary),
            }
            for alarm in entry.alarms
        ],
        "organizer": entry.organizer and person(entry.organizer),
        "attendees": [person(attendee) for attendee in entry.attendees],
        "occurrences": occurrences(entry) if entry.component is Component.EVENT else [],
    }


def category_shown(category: str) -> str:
    return " / ".join(part.strip() for part in on_one_line(straightened(category)).split(","))


def person(one: Organizer | Attendee) -> dict[str, str]:
    return {"email": f"mailto:{one.email}", "name": on_one_line(one.name)}


def occurrences(entry: CalendarEntry) -> list[str | None]:
    """Counted along naive clocks by dateutil from what the value says, never from the rule that is written."""
    if entry.recurrence is None:
        return [shown(entry.when.on if isinstance(entry.when, AllDay) else entry.when.start)]
    rule = entry.recurrence
    if isinstance(entry.when, AllDay):
        zone, first = None, datetime.combine(entry.when.on, datetime.min.time())
    else:
        zone = zone_of(entry.when.start) or UTC
        first = entry.when.start.astimezone(zone).replace(tzinfo=None)
    last_day = (first + timedelta(days=1)).day == 1
    text = f"FREQ={rule.frequency};INTERVAL={rule.interval}"
    if rule.frequency is Frequency.MONTHLY and last_day:
        text += ";BYMONTHDAY=-1"
    found: list[date] = []
    for wall in rrulestr(text, dtstart=first):
        told: date = wall.date() if zone is None else wall.replace(tzinfo=zone)
        over = rule.until is not None and told > rule.until
        if over or len(found) in {60, rule.count}:
            return [shown(one) for one in found]
        found.append(told)
    raise AssertionError


# ── the readers' own faults ──────────────────────────────────────────────────────────────────────
def without_rfc_6868(people: Any) -> Any:
    return [{**one, "name": one["name"].replace("^", "^^").replace('"', "^'")} for one in people]


FAULTS: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {
    ("vobject", "attendees"): without_rfc_6868,  # 0.9.9 shows carets as they stand in the file
}
"""(reader, field) → what that reader makes of what it should say."""


def as_read(name: str, entry: CalendarEntry) -> dict[str, Any]:
    return with_faults(name, expected(entry))


def with_faults(name: str, said: dict[str, Any]) -> dict[str, Any]:
    return {field: FAULTS[name, field](value) if (name, field) in FAULTS else value for field, value in said.items()}


# ── the matrix ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module", params=READERS)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """A reader, and all that it read: one process for all files."""
    written = {file: to_ics(*given) for file, given in FILES.items()}
    kept = {path.stem + " (golden)": path.read_bytes() for path in GOLDEN}
    return request.param, read_by(request.param, written | kept, tmp_path_factory.mktemp(request.param))


@pytest.mark.parametrize("file", FILES)
def test_row_44_fields_are_equal(reader: tuple[str, dict[str, Any]], file: str) -> None:
    """Row 44 (5, 8, 18, 23, 30, 42 with it): a reader would see another time, text, person, alarm or repetition than was written."""
    name, told = reader
    found = {(entry["component"], entry["uid"]): entry for entry in told[file]["entries"]}
    assert len(found) == len(told[file]["entries"]) == len(FILES[file][0])
    for entry in FILES[file][0]:
        assert found[str(entry.component), entry.uid] == as_read(name, entry)


def test_row_44_no_reader_complains(reader: tuple[str, dict[str, Any]]) -> None:
    """Row 44: libical would find errors or broken restrictions, or another reader say that a part cannot be read."""
    name, told = reader
    for file, found in told.items():
        assert found.get("errors", 0) == 0, f"{name}: {file}"
        assert found.get("restrictions", True), f"{name}: {file}"
        assert found.get("problems", []) == [], f"{name}: {file}"


@pytest.mark.slow
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_row_44_golden_files_are_read_alike(path: Path, reader: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    """Row 44: two readers would see two calendars in one file that lies in this repository."""
    name, told = reader
    other = "vobject" if name == "ical" else "ical"
    compared = read_by(other, {path.stem: path.read_bytes()}, tmp_path)[path.stem]["entries"]
    mine = told[path.stem + " (golden)"]["entries"]
    assert sorted((with_faults(other, entry) for entry in mine), key=str) == sorted(
        (with_faults(name, entry) for entry in compared), key=str
    )


@pytest.mark.parametrize("file", FILES)
def test_row_44_our_own_checker_finds_nothing(file: str) -> None:
    """Row 44: what lenient readers take would still break a rule of the standard."""
    allowed = ["VCALENDAR needs a component"] if file == "empty" else []  # row 43: nothing is invented to fill it
    assert [problem.message for problem in check_ics(to_ics(*FILES[file]))] == allowed


# ── zones ────────────────────────────────────────────────────────────────────────────────────────
def changes_of(zone: ZoneInfo) -> Iterator[datetime]:
    """Instants from 2000 to 2045 at which the offset changes, to the minute; and quiet ones, some of them in 2041."""

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(zone).utcoffset()

    at, last = datetime(2000, 1, 2, tzinfo=UTC), datetime(2045, 12, 30, tzinfo=UTC)
    while at < last:
        following = at + timedelta(days=5)
        if offset(at) != offset(following):
            early, late = at, following
            while late - early > timedelta(minutes=1):
                middle = (early + (late - early) / 2).replace(second=0, microsecond=0)
                early, late = (middle, late) if offset(middle) == offset(early) else (early, middle)
            yield late
        at = following


def asked_of(key: str) -> tuple[list[Any], list[Any]]:
    """What is asked, and what is right: instants to clocks' time, and clocks' time (its first, where there are two) to instants."""
    zone, form = ZoneInfo(key), "%Y%m%dT%H%M%S"
    instants = [datetime(year, month, 15, 12, tzinfo=UTC) for year in (2000, 2026, 2041, 2045) for month in (1, 4, 7, 10)]
    for change in changes_of(zone):
        instants += [change + timedelta(minutes=minutes) for minutes in (-1440, -61, -1, 0, 1, 61, 1440)]
    local = [instant.astimezone(zone) for instant in instants]
    first = [wall.replace(fold=0).astimezone(UTC) for wall in local]
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *vtimezone(zone), "END:VCALENDAR", "")
    walls = [f"{wall:{form}}" for wall in local]
    return (
        ["\r\n".join(lines), [f"{instant:{form}}" for instant in instants], walls],
        [walls, [f"{instant:{form}}" for instant in first]],
    )


def zones_named(*keys: str) -> list[str]:
    return [key for key in keys if zone_of(datetime(2026, 1, 1, tzinfo=ZoneInfo(key))) is not None]


SOME_ZONES: Final = zones_named(
    "Africa/Casablanca", "Africa/Cairo", "America/New_York", "America/Sao_Paulo", "Asia/Gaza", "Asia/Kathmandu",
    "Asia/Tehran", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Pacific/Apia",
)  # fmt: skip


QUIET: Final = 16
"""Instants at the head of what is asked of each zone, far from changes."""


def is_shown_twice(wall: str, key: str) -> bool:
    first = datetime.strptime(wall, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(key))
    return first.utcoffset() != first.replace(fold=1).utcoffset()


def assert_zones_convert(name: str, script: str, keys: list[str], *, from_utc: int | None = None) -> None:
    """Of instants, only the first `from_utc`. Times that clocks show twice are left out, as the writer leaves them out: libical 3.0
    and ical.js 2.2 take the second.
    """
    command = READERS[name].command
    command[-1] = str(HERE / "readers" / script)
    asked, right = zip(*map(asked_of, keys), strict=True)
    for key, told, expected_ones, question in zip(keys, run(command, given=json.dumps(asked)), right, asked, strict=True):
        walls, instants = (
            list(zip(given, found, correct, strict=True))
            for given, found, correct in zip(question[1:], told, expected_ones, strict=True)
        )
        assert [one for one in walls[:from_utc] if one[1] != one[2]] == [], f"{key}: from UTC (given, found, right)"
        wrong = [one for one in instants if one[1] != one[2] and not is_shown_twice(one[0], key)]
        assert wrong == [], f"{key}: to UTC (given, found, right)"


def test_row_18_some_zones_through_libical() -> None:
    """Row 18: at a change of clocks libical would show a talk an hour wrong."""
    assert_zones_convert("libical", "zones_with_libical.py", SOME_ZONES)


@pytest.mark.slow
def test_row_18_all_zones_through_libical() -> None:
    """Row 18: in some zone of the world, at some change from 2000 to 2045, either way."""
    assert_zones_convert("libical", "zones_with_libical.py", zones_named(*sorted(available_timezones())))


def test_row_19_ical_js_is_right_in_2041() -> None:
    """Row 19: from some year on, Thunderbird would be an hour wrong. (ical.js 2.2 looks up an instant's offset as if UTC were the
    zone's clocks, so near changes only the way to UTC can be asked: the one that reading a file needs.)
    """
    assert_zones_convert("ical.js", "zones_with_icaljs.mjs", SOME_ZONES, from_utc=QUIET)
