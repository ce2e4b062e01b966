"""What stands in an .ics file, byte by byte, and what three readers that share no code with it make of it."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from dateutil import tz
from hypothesis import given, settings, strategies as st

from infoint.bidi import straightened
from infoint.calendar import (
    Alarm,
    AllDay,
    CalendarEntry,
    CalendarHead,
    Classification,
    Component,
    EntryStatus,
    IcsWriter,
    Timed,
    to_ics,
)
from infoint.errors import InvalidValue
from infoint.testing.calendar_writer_contract import sample_entries

GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"
BERLIN, NEW_YORK, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
REVISED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TALK = CalendarEntry(
    uid="talk",
    when=Timed.starting(datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN), timedelta(minutes=30)),
    summary="Talk with Ana",
    last_modified=REVISED,
)
THANKS = CalendarEntry(
    uid="thanks", when=AllDay(date(2026, 3, 28)), summary="Thank Ana", last_modified=REVISED, component=Component.TODO
)


# ── a strict reading of our own ──────────────────────────────────────────────────────────────────
class Line(NamedTuple):
    """One property: where it stands, its name with parameters, its value as written."""

    place: str
    name: str
    value: str


def content_lines(content: bytes) -> list[str]:
    """Unfolded. Every rule of RFC 5545 §3.1 that a file can break is checked on the way."""
    assert content.endswith(b"\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75
        line.decode()
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    lines: list[bytes] = []
    for line in physical:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def read(content: bytes) -> list[Line]:
    """Properties with the components they stand in, balanced."""
    inside: list[str] = []
    properties = []
    for line in content_lines(content):
        found = re.fullmatch(r"([A-Z-]+(?:;[A-Z-]+=[A-Za-z0-9_+/-]+)*):(.*)", line)
        assert found, f"not a content line: {line!r}"
        name, value = found[1], found[2]
        if name == "BEGIN":
            inside.append(value)
        elif name == "END":
            assert inside.pop() == value
        else:
            properties.append(Line("/".join(inside), name, value))
    assert not inside
    return properties


def values_of(content: bytes, name: str, place: str = "VCALENDAR/VEVENT") -> list[str]:
    return [line.value for line in read(content) if line.name == name and line.place == place]


def names_in(content: bytes, place: str) -> list[str]:
    return [line.name for line in read(content) if line.place == place]


def unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def survives(text: str) -> str:
    """What of a text can stand in a file: said in other words than the writer says it."""
    ends = text.replace("\r\n", "\n")
    text = "".join(
        "\n"
        if character in "\r\u0085\u2028\u2029"
        else "�"
        if "\ud800" <= character <= "\udfff"
        else ""
        if (character < " " and character not in "\t\n") or "\x7f" <= character <= "\x9f" or character in "\ufffe\uffff"
        else character
        for character in ends
    )
    return straightened(text)  # marks that turn directions, see tests/test_bidi.py


class MadeAnew(Collection[CalendarEntry]):
    """Entries that exist only while they are looked at, and a count of how often that was."""

    def __init__(self, number: int) -> None:
        self.number, self.passes = number, 0

    def __iter__(self) -> Iterator[CalendarEntry]:
        self.passes += 1
        return (evolve(TALK, uid=f"{number:06}") for number in range(self.number))

    def __len__(self) -> int:
        return self.number

    def __contains__(self, entry: object) -> bool:
        return any(entry == own for own in self)


# ── golden files ─────────────────────────────────────────────────────────────────────────────────
def ten_years_of_walls() -> tuple[CalendarEntry, ...]:
    walls = [
        datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN),  # skipped by the clocks
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
        datetime(2041, 7, 1, 9, 0, tzinfo=BERLIN),
        datetime(1999, 7, 1, 9, 0, tzinfo=BERLIN),
        datetime(2046, 7, 1, 9, 0, tzinfo=BERLIN),
        datetime(2026, 7, 1, 9, 0, tzinfo=NEW_YORK),
        datetime(2026, 7, 1, 9, 0, tzinfo=SYDNEY),
        datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Etc/UTC")),
        datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ]
    return tuple(
        evolve(TALK, uid=f"wall-{number:02}", when=Timed.starting(wall, timedelta(hours=1)), summary=f"{wall.isoformat()}")
        for number, wall in enumerate(walls)
    )


def awkward_texts() -> tuple[CalendarEntry, ...]:
    texts = [
        r"C:\New folder\notes; or \\N, with \n in it",
        "Quotes \"double\" and 'single', colons: all; legal",
        "Line ends: \r\n one \r two \n three \x85 four \u2028 five \u2029 six",
        "Control\x00 characters\x0b are\x1f left\x7f out, tabs\tstay",
        "Half a character \ud83c is replaced, a whole one 🌳 stays",
        "ä" * 60,
        "日本語のとても長い見出しは七十五オクテットで折り返されなければならない",
    ]
    return tuple(
        evolve(TALK, uid=f"text-{number}", summary=text, description=text, location=text, contact=text, categories=(text,))
        for number, text in enumerate(texts)
    )


GOLDEN_FILES = {
    "every-kind": (sample_entries(), CalendarHead(description="Talks, and what follows from them")),
    "empty": ((), CalendarHead()),
    "walls": (ten_years_of_walls(), CalendarHead(name="Zones")),
    "texts": (awkward_texts(), CalendarHead(name="Ana's; talks, all \\N of them\r\n", refresh=timedelta(days=1, minutes=30))),
}


@pytest.mark.parametrize("name", GOLDEN_FILES)
def test_file_is_the_golden_one(name: str) -> None:
    """The bytes of a file changed; if that is wanted, INFOINT_REGENERATE_GOLDEN=1 writes the new ones."""
    content = to_ics(*GOLDEN_FILES[name])
    path = GOLDEN / f"{name}.ics"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        path.write_bytes(content)
    assert content == path.read_bytes()


# ── lines and heads ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", GOLDEN_FILES)
def test_lines_are_well_formed(name: str) -> None:
    """Lines too long, cut through a character, with a bare CR or LF or without CRLF make readers refuse the file."""
    assert read(to_ics(*GOLDEN_FILES[name]))


@given(text=st.text(st.characters(codec="utf-8"), max_size=400))
def test_folding_keeps_text(text: str) -> None:
    """A long text would come back with holes, or lines with more than 75 octets."""
    (value,) = values_of(to_ics([evolve(TALK, summary=text)]), "SUMMARY")
    assert unescaped(value) == survives(text)


@pytest.mark.parametrize("length", range(60, 160))
def test_folding_at_every_length(length: int) -> None:
    """An edge case of the line length: one octet too long, or an empty line after it."""
    for letter in "xé日🌳":
        (value,) = values_of(to_ics([evolve(TALK, summary=letter * length)]), "SUMMARY")
        assert value == letter * length


def test_head_says_what_readers_ask_for() -> None:
    """Programs would show the file without a name, poll it at will, or (with METHOD) take it for an invitation."""
    head = CalendarHead(name="Talks", description="All, of them", refresh=timedelta(hours=12))
    assert content_lines(to_ics([], head)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//infoint//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Talks",
        "X-WR-CALNAME:Talks",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        r"DESCRIPTION:All\, of them",
        r"X-WR-CALDESC:All\, of them",
        "END:VCALENDAR",
    ]
    assert "METHOD" not in to_ics(sample_entries()).decode()


def test_empty_export_is_a_calendar_without_components() -> None:
    """A broken or missing file would make subscribers keep showing talks that are gone."""
    lines = content_lines(to_ics([]))
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert not any(line.startswith("BEGIN") for line in lines[1:])


def test_product_is_the_apps_own() -> None:
    """An app could not sign its files, or could forge a line doing so."""
    content = b"".join(IcsWriter(product="-//Oak; Careers\r\nX-EVIL:1//EN").chunks([], CalendarHead()))
    assert r"PRODID:-//Oak\; Careers\nX-EVIL:1//EN" in content_lines(content)
    for product in ("", " \x00"):
        with pytest.raises(InvalidValue, match=r"IcsWriter\.product"):
            IcsWriter(product=product)


def test_media_type_and_suffix() -> None:
    """Mail and web servers would send the file as something else."""
    assert (IcsWriter().media_type, IcsWriter().suffix) == ("text/calendar", ".ics")


# ── order, sameness, streaming ───────────────────────────────────────────────────────────────────
def test_components_are_sorted_whatever_the_order_given() -> None:
    """The same calendar would be another file each time a database gives its rows in another order."""
    entries = sample_entries()
    assert to_ics(entries[::-1]) == to_ics(entries) == to_ics(set(entries))
    uids = [line.value for line in read(to_ics(entries[::-1])) if line.name == "UID"]
    assert uids == sorted(uids)


def test_zones_come_first_sorted_each_once() -> None:
    """A TZID without its VTIMEZONE is a floating time to Outlook; an unused one is noise."""
    content = to_ics(ten_years_of_walls())
    described = [line.value for line in read(content) if line.name == "TZID"]
    used = {found[1] for line in read(content) if (found := re.search(r"TZID=([^;]+)", line.name))}
    assert described == sorted(used) == ["America/New_York", "Australia/Sydney", "Europe/Berlin"]
    text = content.decode()
    assert text.rindex("END:VTIMEZONE") < text.index("BEGIN:VEVENT")


def test_duplicate_uid_is_refused_and_named() -> None:
    """Of two entries with one uid readers keep either, and servers reject both; the error has to say which."""
    other = evolve(TALK, uid="other")
    for entries in ([TALK, TALK], [other, TALK, TALK], [TALK, other, TALK]):
        writing = IcsWriter().chunks(entries, CalendarHead())
        with pytest.raises(InvalidValue, match=r"CalendarEntry\.uid: 'talk' stands for two VEVENTs"):
            next(writing)


def test_event_and_to_do_may_share_a_uid() -> None:
    """The two are different components; order between them has to be the same each time."""
    todo = evolve(THANKS, uid="talk")
    assert to_ics([todo, TALK]) == to_ics([TALK, todo])


def test_iterators_are_refused() -> None:
    """A generator is spent after the zones: the file would be whole, valid and without entries."""
    with pytest.raises(InvalidValue, match=r"IcsWriter\.entries"):
        to_ics(iter([TALK]))  # type: ignore[arg-type]  # wrong on purpose


def test_entries_are_streamed() -> None:
    """A long calendar would be held in memory twice over."""
    entries = MadeAnew(50)
    chunks = list(IcsWriter().chunks(entries, CalendarHead()))
    assert entries.passes == 2
    assert max(map(len, chunks)) < 1000
    assert b"".join(chunks) == to_ics(list(MadeAnew(50)))


OTHER_SURROUNDINGS = {
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 2, New York": {"PYTHONHASHSEED": "2", "TZ": "America/New_York"},
    "without asserts": {"PYTHONOPTIMIZE": "1"},
    "without the system's time zones": {"PYTHONTZPATH": ""},
}
FINGERPRINT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import test_ics_writer as tests
print({name: hashlib.sha256(tests.to_ics(*given)).hexdigest() for name, given in tests.GOLDEN_FILES.items()})
print(hashlib.sha256(tests.hostile_file()).hexdigest())
"""


@pytest.mark.parametrize("surroundings", OTHER_SURROUNDINGS)
def test_same_bytes_in_another_process(surroundings: str) -> None:
    """Hash seed, machine zone, `python -O` or where time zones come from would change files, or open them to forged lines."""
    environment = os.environ | OTHER_SURROUNDINGS[surroundings]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FINGERPRINT, str(Path(__file__).parent)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    here = {name: hashlib.sha256(to_ics(*given)).hexdigest() for name, given in GOLDEN_FILES.items()}
    assert done.stdout.splitlines() == [str(here), hashlib.sha256(hostile_file()).hexdigest()]


# ── hostile text ─────────────────────────────────────────────────────────────────────────────────
HOSTILE_PIECES = [
    "\r", "\n", "\r\n", "\u2028", "\u2029", "\x85", "\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\ud800", "\udfff", "\t",
    ";", ":", ",", '"', "\\", "\\N", "\\n", "^n", " ", "ATTENDEE:mailto:eve@elm.example", "END:VEVENT", "BEGIN:VALARM", "é", "🌳",
]  # fmt: skip
hostile_texts = st.lists(st.sampled_from(HOSTILE_PIECES), min_size=1, max_size=30).map("".join)


def everything(text: str, category: str) -> tuple[tuple[CalendarEntry, ...], CalendarHead]:
    """`text` in every field that takes one."""
    event = evolve(
        TALK, summary=text, description=text, location=text, contact=text, categories=("Talks", category),
        alarms=(Alarm(timedelta(minutes=-5), text),),
    )  # fmt: skip
    todo = evolve(event, uid="todo", component=Component.TODO, when=AllDay(date(2026, 3, 28)), related_to="talk")
    return (event, todo), CalendarHead(name=text, description=text)


def hostile_file() -> bytes:
    return b"".join(
        to_ics(*everything(piece + "x" + other, "x" + piece)) for piece in HOSTILE_PIECES for other in HOSTILE_PIECES
    )


@given(text=hostile_texts)
@settings(max_examples=150)
def test_no_text_makes_or_loses_a_property(text: str) -> None:
    """A pasted line end would forge a property: an attendee who gets mail, another place, an alarm."""
    content = to_ics(*everything(text, text + "x"))
    benign = to_ics(*everything("x", "x"))
    assert Counter(line[:2] for line in read(content)) == Counter(line[:2] for line in read(benign))
    for place, name in (
        ("VCALENDAR", "NAME"),
        ("VCALENDAR", "X-WR-CALNAME"),
        ("VCALENDAR", "X-WR-CALDESC"),
        ("VCALENDAR/VEVENT", "SUMMARY"),
        ("VCALENDAR/VEVENT", "DESCRIPTION"),
        ("VCALENDAR/VTODO", "LOCATION"),
        ("VCALENDAR/VTODO", "CONTACT"),
    ):
        assert [unescaped(value) for value in values_of(content, name, place)] == [survives(text)]


def test_hostile_file_is_well_formed() -> None:
    """What is compared with `python -O` above would itself be broken."""
    for piece in HOSTILE_PIECES:
        assert read(to_ics(*everything(piece * 2, piece + "x")))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"C:\New", r"C:\\New"),
        (r"\\N", r"\\\\N"),
        (r"\n", r"\\n"),
        ("a;b,c:d", r"a\;b\,c:d"),
        ("one\r\ntwo\rthree\x85four\u2028five\u2029six", r"one\ntwo\nthree\nfour\nfive\nsix"),
        ("a\x00b\x08c\x0bd\x0ce\x1ff\x7fg\th", "abcdefg\th"),
        ("\ud800", "\ufffd"),
        ('"quoted"', '"quoted"'),
        ("Ana \u202egpj.exe\u202c\nb \u2067c\u2069", "Ana gpj.exe\\nb \u2067c\u2069"),
        ("a \u202bb", "a b"),
    ],
)
def test_text_is_escaped_and_cleaned(text: str, written: str) -> None:
    """A path would be torn at its N, or a character nobody accepts would cost the whole file (RFC 5545 §3.3.11)."""
    assert values_of(to_ics([evolve(TALK, summary=text)]), "SUMMARY") == [written]


@pytest.mark.parametrize(
    ("categories", "written"),
    [
        (("Talks", "Follow-up"), "Talks,Follow-up"),
        (("Law, tax",), "Law / tax"),
        (("Law ,tax;\nall",), r"Law / tax\; all"),
    ],
)
def test_categories_keep_their_number(categories: tuple[str, ...], written: str) -> None:
    """Readers that split at an escaped comma would show two categories."""
    assert values_of(to_ics([evolve(TALK, categories=categories)]), "CATEGORIES") == [written]


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://oak.example/a?b=c&d=1;2,3#e", "https://oak.example/a?b=c&d=1;2,3#e"),
        ("https://oak.example/käse", "https://oak.example/k%C3%A4se"),
        ('https://oak.example/"<a>\\', "https://oak.example/%22%3Ca%3E%5C"),
        ("https://oak.example/100%25", "https://oak.example/100%25"),
        ("mailto:ana@oak.example", "mailto:ana@oak.example"),
    ],
)
def test_addresses_hold_only_what_addresses_may(url: str, written: str) -> None:
    """A URI is not escaped as text is: other characters have to be told in octets (RFC 3986 §2)."""
    assert values_of(to_ics([evolve(TALK, url=url)]), "URL") == [written]


# ── times ────────────────────────────────────────────────────────────────────────────────────────
def whens(when: Timed | AllDay, **changes: Any) -> list[tuple[str, str]]:
    content = to_ics([evolve(TALK, when=when, **changes)])
    return [
        (line.name, line.value)
        for line in read(content)
        if re.match("DTSTART|DTEND|DUE", line.name) and "TIMEZONE" not in line.place
    ]


def test_times_stand_in_their_zone() -> None:
    """The wall time people agreed on would be lost."""
    assert whens(TALK.when) == [
        ("DTSTART;TZID=Europe/Berlin", "20260327T150000"),
        ("DTEND;TZID=Europe/Berlin", "20260327T153000"),
    ]


def test_end_stands_in_the_zone_of_the_start() -> None:
    """Two zones in one event confuse readers that show one (a journey is the exception they do not make)."""
    start = datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN)
    assert whens(Timed(start, start.astimezone(NEW_YORK) + timedelta(hours=1)))[1] == (
        "DTEND;TZID=Europe/Berlin",
        "20260327T160000",
    )


@pytest.mark.parametrize(
    "zone",
    [
        UTC,
        ZoneInfo("UTC"),
        ZoneInfo("Etc/GMT"),
        timezone(timedelta(hours=2)),
        tz.tzoffset(None, 3600),
        tz.tzoffset("CET", 3600),
        tz.tzlocal(),
        tz.gettz("Europe/Berlin"),
    ],
    ids=lambda zone: type(zone).__name__,
)
def test_other_zones_are_written_in_utc(zone: Any) -> None:
    """A fixed offset would be written as a zone nobody knows, or, with no name, as a floating time."""
    start = datetime(2026, 3, 27, 15, 0, tzinfo=zone)
    content = to_ics([evolve(TALK, when=Timed.starting(start, timedelta(minutes=30)))])
    assert values_of(content, "DTSTART") == [f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    assert values_of(content, "DTEND") == [f"{start.astimezone(UTC) + timedelta(minutes=30):%Y%m%dT%H%M%SZ}"]
    assert b"VTIMEZONE" not in content


@pytest.mark.parametrize("key", ["Africa/Abidjan", "Atlantic/Reykjavik", "Europe/London"])
def test_z_is_only_for_utc(key: str) -> None:
    """A zone without offset would be written as UTC beside its TZID, which is illegal."""
    (start, end) = whens(Timed.starting(datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo(key)), timedelta(hours=1)))
    assert start == (f"DTSTART;TZID={key}", "20260105T090000")
    assert end == (f"DTEND;TZID={key}", "20260105T100000")


def test_two_equal_times_are_written_in_utc() -> None:
    """A local time means the first of the two (RFC 5545 §3.3.5), and the second to libical and ical.js: an hour early or late."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    assert whens(Timed(first)) == [("DTSTART", "20261025T003000Z")]
    assert whens(Timed(second)) == [("DTSTART", "20261025T013000Z")]
    assert whens(Timed(first, second)) == [("DTSTART", "20261025T003000Z"), ("DTEND", "20261025T013000Z")]


def test_skipped_times_are_written_as_the_clocks_show_them() -> None:
    """02:30 in the night without one means what readers make of it, and they differ."""
    assert whens(Timed(datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN))) == [("DTSTART;TZID=Europe/Berlin", "20260329T033000")]


@pytest.mark.parametrize("year", [1999, 2046])
def test_times_before_and_after_the_described_years_are_in_utc(year: int) -> None:
    """A local time would be read by rules that are not described for that year."""
    at = datetime(year, 7, 1, 9, 0, tzinfo=BERLIN)
    assert whens(Timed(at)) == [("DTSTART", f"{year}0701T070000Z")]


def test_later_zones_since_describes_less() -> None:
    """Outlook, which reads one STANDARD, could not be served, or older times would be read by younger rules."""
    old, new = (
        evolve(TALK, uid=f"in-{year}", when=Timed(datetime(year, 7, 1, 9, 0, tzinfo=NEW_YORK))) for year in (2006, 2026)
    )
    content = to_ics([old, new])
    assert content.count(b"BEGIN:STANDARD") == 1
    assert b"".join(IcsWriter(zones_since=2000).chunks([old, new], CalendarHead())).count(b"BEGIN:STANDARD") == 2
    assert values_of(content, "DTSTART") == ["20060701T130000Z"]
    assert values_of(content, "DTSTART;TZID=America/New_York") == ["20260701T090000"]
    for year in (1999, 2046):
        with pytest.raises(InvalidValue, match=r"IcsWriter\.zones_since"):
            IcsWriter(zones_since=year)


def test_all_day_ends_exclusively() -> None:
    """The last day would be missing, or one too many shown."""
    assert whens(AllDay(date(2026, 12, 31), days=2)) == [
        ("DTSTART;VALUE=DATE", "20261231"),
        ("DTEND;VALUE=DATE", "20270102"),
    ]


def test_microseconds_are_cut_off() -> None:
    """A fraction of a second is illegal; rounding up would move a time into the next minute."""
    start = datetime(2026, 3, 27, 15, 0, 0, 999_999, tzinfo=BERLIN)
    assert whens(Timed(start, start + timedelta(minutes=1)))[0][1] == "20260327T150000"
    stamped = evolve(TALK, last_modified=REVISED + timedelta(microseconds=999_999))
    assert values_of(to_ics([stamped]), "DTSTAMP") == ["20260302T080000Z"]


def test_shorter_than_a_second_has_no_end() -> None:
    """DTEND equal to DTSTART is illegal (RFC 5545 §3.8.2.2)."""
    start = datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN)
    assert whens(Timed(start, start + timedelta(microseconds=5))) == [("DTSTART;TZID=Europe/Berlin", "20260327T150000")]


def test_without_end_there_is_none() -> None:
    """A reminder would get a length nobody gave it."""
    assert [name for name, _ in whens(Timed(REVISED))] == ["DTSTART"]


def test_stamps_are_utc() -> None:
    """DTSTAMP, CREATED and LAST-MODIFIED in a zone are illegal; a DTSTAMP of now would change the file with every run."""
    modified = datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN)
    content = to_ics([evolve(TALK, last_modified=modified, created=modified - timedelta(days=1))])
    assert values_of(content, "DTSTAMP") == values_of(content, "LAST-MODIFIED") == ["20260327T140000Z"]
    assert values_of(content, "CREATED") == ["20260326T140000Z"]


# ── components ───────────────────────────────────────────────────────────────────────────────────
FULL = evolve(
    TALK,
    sequence=3,
    description="Questions",
    location="Café Linde",
    url="https://oak.example",
    status=EntryStatus.CONFIRMED,
    transparent=True,
    classification=Classification.PRIVATE,
    categories=("Talks",),
    contact="Ana",
    related_to="exploration",
    alarms=(Alarm(timedelta(minutes=-15), "Soon"), Alarm(datetime(2026, 3, 27, 8, 0, tzinfo=BERLIN), "")),
    created=REVISED,
)


def test_event_properties_in_their_order() -> None:
    """The same entry would be written in another order by another version, and every subscriber sees a change."""
    assert names_in(to_ics([FULL]), "VCALENDAR/VEVENT") == [
        "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART;TZID=Europe/Berlin", "DTEND;TZID=Europe/Berlin",
        "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "TRANSP", "CLASS", "CATEGORIES", "CONTACT",
        "RELATED-TO;RELTYPE=PARENT",
    ]  # fmt: skip
    assert values_of(to_ics([FULL]), "TRANSP") == ["TRANSPARENT"]
    assert values_of(to_ics([FULL]), "SEQUENCE") == ["3"]
    assert values_of(to_ics([FULL]), "CLASS") == ["PRIVATE"]
    assert values_of(to_ics([FULL]), "RELATED-TO;RELTYPE=PARENT") == ["exploration"]


def test_what_is_empty_is_not_written() -> None:
    """Readers would show empty places and notes."""
    assert names_in(to_ics([TALK]), "VCALENDAR/VEVENT") == [
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART;TZID=Europe/Berlin", "DTEND;TZID=Europe/Berlin", "SUMMARY",
        "TRANSP",
    ]  # fmt: skip
    assert values_of(to_ics([TALK]), "TRANSP") == ["OPAQUE"]


def test_nobody_is_invited() -> None:
    """ATTENDEE makes servers send mail to people one only wants to talk to (RFC 6638)."""
    content = to_ics([FULL]).decode()
    assert "ATTENDEE" not in content
    assert "ORGANIZER" not in content


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (Timed(datetime(2026, 3, 28, 9, 0, tzinfo=BERLIN)), ("DUE;TZID=Europe/Berlin", "20260328T090000")),
        (Timed(datetime(2026, 3, 28, 9, 0, tzinfo=UTC)), ("DUE", "20260328T090000Z")),
        (AllDay(date(2026, 3, 28)), ("DUE;VALUE=DATE", "20260328")),
    ],
)
def test_to_dos_have_only_a_due_time(when: Timed | AllDay, due: tuple[str, str]) -> None:
    """DUE has to be later than a DTSTART (RFC 5545 §3.8.2.3): there is none."""
    assert whens(when, component=Component.TODO) == [due]
    assert "TRANSP" not in names_in(to_ics([THANKS]), "VCALENDAR/VTODO")


def test_completed_to_dos_say_when() -> None:
    """Readers show a task without COMPLETED as open, whatever its status."""
    done = evolve(THANKS, status=EntryStatus.COMPLETED, last_modified=datetime(2026, 3, 28, 9, 0, tzinfo=BERLIN))
    assert values_of(to_ics([done]), "STATUS", "VCALENDAR/VTODO") == ["COMPLETED"]
    assert values_of(to_ics([done]), "COMPLETED", "VCALENDAR/VTODO") == ["20260328T080000Z"]
    told_later = evolve(done, completed=datetime(2026, 3, 20, 9, 0, tzinfo=BERLIN))
    assert values_of(to_ics([told_later]), "COMPLETED", "VCALENDAR/VTODO") == ["20260320T080000Z"]
    assert values_of(to_ics([THANKS]), "COMPLETED", "VCALENDAR/VTODO") == []
    with pytest.raises(InvalidValue, match="completed"):
        evolve(THANKS, completed=datetime(2026, 3, 20, 9, 0, tzinfo=BERLIN))


def alarm_lines(entry: CalendarEntry) -> list[str]:
    lines = content_lines(to_ics([entry]))
    return lines[lines.index("BEGIN:VALARM") : lines.index("END:VALARM") + 1]


@pytest.mark.parametrize(
    ("entry", "trigger", "written"),
    [
        (TALK, timedelta(minutes=-15), "TRIGGER:-PT15M"),
        (TALK, timedelta(days=-1, hours=-2), "TRIGGER:-P1DT2H"),
        (TALK, timedelta(minutes=5), "TRIGGER:PT5M"),
        (TALK, timedelta(seconds=-1, microseconds=-5), "TRIGGER:-PT1S"),
        (TALK, timedelta(0), "TRIGGER:P0D"),
        (TALK, datetime(2026, 3, 27, 8, 0, tzinfo=BERLIN), "TRIGGER;VALUE=DATE-TIME:20260327T070000Z"),
        (THANKS, timedelta(minutes=-15), "TRIGGER;RELATED=END:-PT15M"),
        (THANKS, datetime(2026, 3, 27, 8, 0, tzinfo=UTC), "TRIGGER;VALUE=DATE-TIME:20260327T080000Z"),
    ],
)
def test_alarms(entry: CalendarEntry, trigger: timedelta | datetime, written: str) -> None:
    """Reminders would come after the talk, at its start, or never (RFC 5545 §3.8.6.3)."""
    assert alarm_lines(evolve(entry, alarms=(Alarm(trigger, "Soon"),))) == [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        written,
        "DESCRIPTION:Soon",
        "END:VALARM",
    ]


def test_alarms_always_say_something() -> None:
    """A DISPLAY alarm without words pops up empty."""
    assert alarm_lines(evolve(TALK, alarms=(Alarm(timedelta(0), ""),)))[3] == "DESCRIPTION:Talk with Ana"


# ── other readers ────────────────────────────────────────────────────────────────────────────────
READABLE = (*sample_entries(), *ten_years_of_walls(), *awkward_texts())


def instant(value: date) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def expected_fields(entry: CalendarEntry) -> dict[str, object]:
    start: object
    end: object
    match entry.when:
        case Timed(begin, finish):
            start, end = begin.astimezone(UTC), finish and finish.astimezone(UTC)
        case AllDay(on, days):
            start, end = on, on + timedelta(days=days) if entry.component is Component.EVENT else None
    return {
        "uid": entry.uid,
        "start": start,
        "end": end,
        "summary": survives(entry.summary),
        "description": survives(entry.description),
        "location": survives(entry.location),
        "sequence": entry.sequence,
        "status": entry.status.value if entry.status else None,
    }


EXPECTED = sorted((expected_fields(entry) for entry in READABLE), key=str)


def test_vobject_reads_the_same() -> None:
    """Radicale, khal's ancestors and many scripts would read other fields than were written."""
    vobject = pytest.importorskip("vobject")
    calendar = vobject.readOne(to_ics(READABLE).decode())

    def fields(component: Any) -> dict[str, object]:
        contents = {name: lines[0].value for name, lines in component.contents.items() if name != "valarm"}
        end = contents.get("dtend")
        return {
            "uid": contents["uid"],
            "start": instant(contents["dtstart"] if "dtstart" in contents else contents["due"]),
            "end": end and instant(end),
            "summary": contents["summary"],
            "description": contents.get("description", ""),
            "location": contents.get("location", ""),
            "sequence": int(contents["sequence"]),
            "status": contents.get("status"),
        }

    found = [fields(component) for component in (*calendar.vevent_list, *calendar.vtodo_list)]
    assert sorted(found, key=str) == EXPECTED


def test_ical_reads_the_same() -> None:
    """Home Assistant's reader, a strict one, would refuse the file or read other fields."""
    stream = pytest.importorskip("ical.calendar_stream")
    calendar = stream.IcsCalendarStream.calendar_from_ics(to_ics(READABLE).decode())

    def fields(component: Any) -> dict[str, object]:
        start = component.dtstart if hasattr(component, "dtend") else component.due
        end = getattr(component, "dtend", None)
        return {
            "uid": component.uid,
            "start": instant(start),
            "end": end and instant(end),
            "summary": component.summary,
            "description": component.description or "",
            "location": component.location or "",
            "sequence": component.sequence,
            "status": component.status.value if component.status else None,
        }

    found = [fields(component) for component in (*calendar.events, *calendar.todos)]
    assert sorted(found, key=str) == EXPECTED


def test_icalendar_reads_the_same() -> None:
    """The library whose values are used would not read them back."""
    icalendar = pytest.importorskip("icalendar")
    calendar = icalendar.Calendar.from_ical(to_ics(READABLE))
    found = {str(part["UID"]): part for part in calendar.walk() if part.name in {"VEVENT", "VTODO"}}
    assert found.keys() == {entry.uid for entry in READABLE}
    for expected in EXPECTED:
        part = found[str(expected["uid"])]
        assert instant((part.get("DTSTART") or part["DUE"]).dt) == expected["start"]
        assert str(part["SUMMARY"]) == expected["summary"]
    assert not calendar.errors
