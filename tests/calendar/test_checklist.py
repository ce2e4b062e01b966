"""What a calendar export must do, row by row of the project's checklist: each test names its row, in its name or docstring, here or
where the part is at home. Rows 5, 8, 18, 19, 42 and 44 are asked of other programs in `test_reader_matrix`.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from dateutil import tz
from hypothesis import given, settings, strategies as st

from infoint import Campaign, Contact, Interview, Meeting, MeetingFormat, Profile, derive_id, events
from infoint.calendar import (
    Alarm,
    AllDay,
    Attendee,
    CalendarEntry,
    CalendarHead,
    CalendarOptions,
    Classification,
    Component,
    Conference,
    ConferenceFeature,
    EntryStatus,
    FollowUpsAs,
    Frequency,
    Method,
    Organizer,
    Recurrence,
    Timed,
    build_entries,
    to_ics,
)
from infoint.calendar.resource_names import resource_name
from infoint.calendar.zones import vtimezone
from infoint.errors import InvalidValue, NaiveTime
from infoint.files import write_atomically
from infoint.model import Party
from infoint.practice import record
from infoint.testing import check_ics, sample_campaign
from infoint.testing.calendar_writer_contract import sample_entries

ROOT: Final = Path(__file__).parents[2]
BERLIN: Final = ZoneInfo("Europe/Berlin")
REVISED: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TALK: Final = CalendarEntry(
    uid="talk",
    when=Timed.starting(datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN), timedelta(minutes=30)),
    summary="Talk with Ana",
    last_modified=REVISED,
)
TODO: Final = evolve(TALK, uid="todo", component=Component.TODO, when=AllDay(date(2026, 3, 28)))
KIM: Final = Organizer("kim@example.org", "Kim")
HOSTILE: Final = 'a\r\nATTENDEE:mailto:eve@elm.example\rb\nEND:VEVENT\u2028c\x85d\x00\x0b\x1b\x7f;,:\\N"^ \ud800 🌳' + "é" * 90

# ── any entry ────────────────────────────────────────────────────────────────────────────────────
SOME_TEXTS: Final = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(["\r", "\n", "\u2028", "\x00", "\x1f", "\ud800", ";", ",", "\\", "\\N", '"', "^", "END:VEVENT", "é"]), max_size=20).map("".join),
)  # fmt: skip
KEYS: Final = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC")
MOMENTS: Final = st.datetimes(
    datetime(1998, 1, 1), datetime(2047, 1, 1), timezones=st.sampled_from([ZoneInfo(key) for key in KEYS]) | st.just(UTC)
)
WHENS: Final = st.builds(Timed.starting, MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=3))) | st.builds(
    AllDay, st.dates(date(1998, 1, 1), date(2047, 1, 1)), st.integers(1, 9)
)
ALARMS: Final = st.builds(Alarm, st.timedeltas(timedelta(days=-9), timedelta(days=9)) | MOMENTS, SOME_TEXTS)
ATTENDEES: Final = st.lists(
    st.builds(Attendee, st.sampled_from(["ana@oak.example", "zoë@elm.example"]), SOME_TEXTS, rsvp=st.booleans()),
    max_size=2,
    unique_by=lambda one: one.email,
)


@st.composite
def entries(draw: st.DrawFn) -> CalendarEntry:
    """An event or a to-do with anything that either can have."""
    facts: dict[str, Any] = {
        "uid": draw(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)),
        "last_modified": draw(MOMENTS),
        "created": draw(st.none() | MOMENTS),
        "sequence": draw(st.integers(0, 2**31 - 1)),
        "url": draw(st.sampled_from(["", "https://oak.example/ä%?q=1#x", "tel:+34-1", "mailto:ana@oak.example"])),
        "categories": draw(st.lists(SOME_TEXTS.filter(str.strip), max_size=3)),
        "related_to": draw(st.sampled_from(["", "parent"])),
        "classification": draw(st.none() | st.sampled_from(Classification)),
        "alarms": draw(st.lists(ALARMS, max_size=2)),
        "priority": draw(st.integers(0, 9)),
        "color": draw(st.sampled_from(["", "teal"])),
        "organizer": KIM,
        "attendees": draw(ATTENDEES),
        "conferences": [Conference("https://meet.example/x", draw(st.lists(st.sampled_from(ConferenceFeature), unique=True)), draw(SOME_TEXTS))],
        **{name: draw(SOME_TEXTS) for name in ("summary", "description", "location", "contact")},
    }  # fmt: skip
    when = draw(WHENS)
    if draw(st.booleans()):
        single = AllDay(when.on) if isinstance(when, AllDay) else Timed(when.start)
        status = draw(st.none() | st.sampled_from([EntryStatus.NEEDS_ACTION, EntryStatus.COMPLETED, EntryStatus.CANCELLED]))
        return CalendarEntry(component=Component.TODO, when=single, status=status, percent_complete=draw(st.none() | st.integers(0, 100)), **facts)  # fmt: skip
    status = draw(st.none() | st.sampled_from([EntryStatus.TENTATIVE, EntryStatus.CONFIRMED, EntryStatus.CANCELLED]))
    entry = CalendarEntry(when=when, status=status, transparent=draw(st.booleans()), **facts)
    try:
        return evolve(
            entry,
            recurrence=Recurrence(draw(st.sampled_from(Frequency)), draw(st.integers(1, 5)), count=draw(st.integers(1, 9))),
        )
    except InvalidValue:
        return entry  # its start fits no such rule


@given(entry=entries())
@settings(max_examples=150)
def test_whatever_is_written_passes_the_strict_checker(entry: CalendarEntry) -> None:
    """Rows 1, 2, 3, 17, 23, 26, 29, 30, 31: some entry that can be made would give a file that breaks a rule of the standard."""
    from infoint.calendar import IcsWriter

    content = b"".join(
        IcsWriter(zones_since=2000).chunks([entry], CalendarHead(name=entry.summary, description=entry.location))
    )
    assert check_ics(content) == ()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def told(content: bytes, name: str) -> list[str]:
    """Lines of this property, parameters and all, outside of zones."""
    text = re.sub(r"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", "", content.decode(), flags=re.DOTALL).encode()
    return [line for line in lines(text) if re.match(rf"{name}[;:]", line)]


def everything(text: str) -> bytes:
    event = evolve(
        TALK, summary=text, description=text, location=text, contact=text, categories=(f"x{text}",), alarms=(Alarm(timedelta(0), f"x{text}"),),
        organizer=Organizer("kim@example.org", f"x{text}"), attendees=(Attendee("ana@oak.example", f"x{text}"),),
        conferences=(Conference("https://meet.example/x", label=f"x{text}"),),
    )  # fmt: skip
    return to_ics(
        [event, evolve(event, uid="todo", component=Component.TODO, when=AllDay(date(2026, 3, 28)))],
        CalendarHead(name=text, description=f"x{text}"),
    )


def names_of(content: bytes) -> Counter[str]:
    return Counter(re.split("[;:]", line)[0] for line in lines(content))


# ── a campaign ───────────────────────────────────────────────────────────────────────────────────
ANA: Final = Contact(id=derive_id("ana"), name="Ana Ruiz", emails=("ana@oak.example",))
MEETING: Final = Meeting(
    start=datetime(2026, 12, 1, 10, tzinfo=BERLIN), format=MeetingFormat.VIDEO, place="https://meet.example/x"
)
ASKED: Final = datetime(2026, 11, 16, 15, tzinfo=UTC)
START: Final = Campaign(profile=Profile(zone=BERLIN)).including(
    ANA, Interview(id=derive_id("talk"), contact_ids=(ANA.id,), notes="private words")
)


def after(*happened: events.Event, campaign: Campaign = START) -> Campaign:
    for event in happened:
        talk = campaign.interview(derive_id("talk"))
        step = record(talk, event, campaign, at=ASKED + timedelta(hours=len(talk.history)))
        campaign = campaign.including(step.interview, *step.follow_ups.new, *step.follow_ups.changed)
    return campaign


BOOKED: Final = after(events.Requested(), events.Scheduled(MEETING))


def meeting_of(campaign: Campaign, options: CalendarOptions | None = None) -> CalendarEntry:
    return next(one for one in build_entries(campaign, options) if one.uid == str(derive_id("talk")))


# ── lines and texts ──────────────────────────────────────────────────────────────────────────────
def test_row_01_line_ends() -> None:
    """A bare CR or LF would end the file for strict readers."""
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", everything(HOSTILE))
    assert everything(HOSTILE).endswith(b"\r\n")


def test_row_02_line_lengths() -> None:
    """A line past 75 octets, cut inside a character, or a byte order mark, is refused by some."""
    content = everything(HOSTILE)
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert content.startswith(b"BEGIN:VCALENDAR")


HOSTILE_PROGRAM: Final = """
import sys
sys.path.insert(0, sys.argv[1])
import test_checklist as checklist
assert not __debug__ or "-O" not in sys.argv
print(__debug__, checklist.names_of(checklist.everything(checklist.HOSTILE)) == checklist.names_of(checklist.everything("x")))
print(checklist.fingerprint())
"""


def in_another_process(*switches: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, *switches, "-W", "ignore", "-c", HOSTILE_PROGRAM, str(Path(__file__).parent)],
        env=os.environ | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_row_03_no_text_makes_a_property_with_and_without_asserts() -> None:
    """A pasted line end would forge an attendee; and the guard against it would be gone under `python -O`."""
    assert names_of(everything(HOSTILE)) == names_of(everything("x"))
    assert in_another_process("-O")[:2] == ["False", "True"]


def test_row_04_characters_no_file_may_hold() -> None:
    """NUL and its like cost the whole file in strict readers; U+2028 a summary."""
    text = everything(HOSTILE).decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]", text)
    assert "\ufffd" in text
    assert told(to_ics([evolve(TALK, summary="a\tb\rc\r\nd\x85e\u2028f\u2029g")]), "SUMMARY") == [
        "SUMMARY:a\tb\\nc\\nd\\ne\\nf\\ng"
    ]


def test_row_05_backslashes_and_their_like() -> None:
    """A path would be torn at its N (other readers: `test_reader_matrix`)."""
    assert told(to_ics([evolve(TALK, summary=r"C:\New \\N ;,\x")]), "SUMMARY") == [r"SUMMARY:C:\\New \\\\N \;\,\\x"]


def test_row_06_names_of_calendars_are_escaped() -> None:
    """icalendar writes NAME and X- properties as they are given: a raw semicolon, or worse."""
    content = to_ics([], CalendarHead(name="a;b,c\\\r\nX-EVIL:1", description="a;b"))
    for name in ("NAME", "X-WR-CALNAME"):
        assert told(content, name) == [rf"{name}:a\;b\,c\\\nX-EVIL:1"]
    assert told(content, "X-WR-CALDESC") == [r"X-WR-CALDESC:a\;b"]


ALLOWED: Final = frozenset(
    """
    BEGIN END VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME REFRESH-INTERVAL X-PUBLISHED-TTL DESCRIPTION X-WR-CALDESC TZID
    TZOFFSETFROM TZOFFSETTO TZNAME RRULE RDATE UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND DUE SUMMARY LOCATION URL
    CONFERENCE STATUS COMPLETED PERCENT-COMPLETE PRIORITY TRANSP CLASS COLOR CATEGORIES CONTACT RELATED-TO ORGANIZER ATTENDEE
    ACTION TRIGGER
    """.split()  # noqa: SIM905  # as quoted words it is harder to read
)


@given(entry=entries())
@settings(max_examples=40)
def test_row_07_property_names_are_ours(entry: CalendarEntry) -> None:
    """Input would choose the name of a property or a parameter."""
    content = to_ics([evolve(entry, recurrence=None)])
    assert names_of(content).keys() <= ALLOWED
    unquoted = (re.sub('"[^"]*"', "", line).split(":")[0] for line in lines(content))
    parameters = {part.split("=")[0] for line in unquoted for part in line.split(";")[1:]}
    assert parameters <= set("VALUE TZID RELATED RELTYPE CN ROLE PARTSTAT RSVP SCHEDULE-AGENT FEATURE LABEL".split())  # noqa: SIM905


def test_row_08_names_of_people() -> None:
    """A quote in a name would end the parameter (other readers: `test_reader_matrix`)."""
    (line,) = told(to_ics([evolve(TALK, organizer=Organizer("kim@example.org", 'a"b,c;d:e^f\ng'))]), "ORGANIZER")
    assert line == 'ORGANIZER;CN="a^\'b,c;d:e^^f g":mailto:kim@example.org'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/hosts", "data:x", "oak.example", "https://oak.example/\r\nX:1"]
)
def test_row_09_addresses_of_pages(url: str) -> None:
    """A calendar program would be made to run something, or a line be forged."""
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.url"):
        evolve(TALK, url=url)
    for name, content in (("URL", to_ics([evolve(TALK, url='https://oak.example/ä"<%')])),):
        assert told(content, name) == ["URL:https://oak.example/%C3%A4%22%3C%25"]


def test_row_10_mail_addresses() -> None:
    """A line would be forged, or `mailto:` be missing or doubled."""
    for address in ("ana", "mailto:ana@oak.example", "ana@oak.example\r\nX:1"):
        with pytest.raises(InvalidValue, match=r"Organizer\.email"):
            Organizer(address)
    assert told(to_ics([evolve(TALK, organizer=KIM)]), "ORGANIZER")[0].endswith(":mailto:kim@example.org")


# ── identity and history ─────────────────────────────────────────────────────────────────────────
def test_row_11_uids() -> None:
    """Calendars would show a moved talk twice, or a person's name stand in an id."""
    moved = after(events.Rescheduled(evolve(MEETING, start=MEETING.start + timedelta(days=1))), campaign=BOOKED)
    assert meeting_of(BOOKED).uid == meeting_of(moved).uid
    both = list(build_entries(BOOKED, CalendarOptions(follow_ups=FollowUpsAs.BOTH)))
    assert len({entry.uid for entry in both}) == len(both)
    assert all(re.fullmatch("[0-9a-f-]{36}", entry.uid) for entry in both)


def test_row_12_file_names() -> None:
    """A uid would lead out of its folder, or two share a file."""
    uids = ["../../etc/passwd", "a/b", "a\\b", "CON", "con", ".", "..", "a" * 250, "é", "plain-1", "PLAIN-1"]
    names = [resource_name(uid) for uid in uids]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.@_-]*\.ics", name) and len(name) < 130 for name in names)


def test_row_13_stamps() -> None:
    """DTSTAMP of now would change the file at every run; in a zone it is illegal."""
    content = to_ics([evolve(TALK, last_modified=datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN))])
    assert told(content, "DTSTAMP") == ["DTSTAMP:20260302T080000Z"]
    assert told(content, "LAST-MODIFIED") == ["LAST-MODIFIED:20260302T080000Z"]


def test_row_14_sequences() -> None:
    """Google ignores a move without a higher SEQUENCE, and nobody wants to be asked again for a note."""
    moved = after(events.Rescheduled(evolve(MEETING, start=MEETING.start + timedelta(days=1))), campaign=BOOKED)
    noted = BOOKED.including(evolve(BOOKED.interview(derive_id("talk")), notes="x", edited_at=ASKED + timedelta(days=9)))
    assert [meeting_of(campaign).sequence for campaign in (BOOKED, noted, moved)] == [0, 0, 1]
    with pytest.raises(InvalidValue, match="sequence"):
        evolve(TALK, sequence=2**31)


def fingerprint() -> str:
    return hashlib.sha256(to_ics([*sample_entries(), TALK, TODO]) + everything(HOSTILE)).hexdigest()


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York"},
        {"PYTHONTZPATH": ""},
        {"LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=str,
)
def test_row_15_same_bytes_everywhere(environment: dict[str, str]) -> None:
    """Subscribers would see everything change because another machine wrote the file."""
    assert in_another_process(**environment)[-1] == fingerprint()


def test_row_16_order() -> None:
    """The same calendar would be another file for another order of rows."""
    content = to_ics([*sample_entries(), TALK])
    assert to_ics({TALK, *sample_entries()}) == to_ics([TALK, *reversed(sample_entries())]) == content
    uids = [line for line in lines(content) if line.startswith("UID:")]
    assert uids == sorted(uids)
    assert content.rindex(b"END:VTIMEZONE") < content.index(b"BEGIN:VEVENT")


# ── zones and times ──────────────────────────────────────────────────────────────────────────────
def test_row_17_zones_are_described_once() -> None:
    """Outlook takes a TZID without VTIMEZONE for a floating time."""
    zones = ("Europe/Berlin", "America/New_York", "UTC", "Africa/Abidjan")
    starts = [datetime(2026, 7, 1, 9, tzinfo=ZoneInfo(key)) for key in zones]
    content = to_ics([evolve(TALK, uid=f"{number}", when=Timed(start)) for number, start in enumerate(starts)])
    described = [line.removeprefix("TZID:") for line in lines(content) if line.startswith("TZID:")]
    assert described == ["Africa/Abidjan", "America/New_York", "Europe/Berlin"]
    assert [line for line in told(content, "DTSTART") if line.endswith("Z")] == ["DTSTART:20260701T090000Z"]


def test_row_18_onsets_in_the_offset_before() -> None:
    """The change in spring would come an hour late (every zone and change: `test_zones`; other readers: `test_reader_matrix`)."""
    berlin = vtimezone(BERLIN)
    at = berlin.index("BEGIN:DAYLIGHT")
    assert berlin[at + 1 : at + 3] == ("DTSTART:19700329T020000", "TZOFFSETFROM:+0100")


def test_row_19_zones_are_short_rules() -> None:
    """Outlook reads one STANDARD and one DAYLIGHT with rules, and libical no COMMENT; a list of dates ends some day."""
    for key in ("Europe/Berlin", "America/New_York", "Australia/Sydney"):
        zone = vtimezone(ZoneInfo(key), since=2020)
        assert (zone.count("BEGIN:STANDARD"), zone.count("BEGIN:DAYLIGHT")) == (1, 1)
        assert sum(line.startswith("RRULE") and "UNTIL" not in line for line in zone) == 2
        assert not any(line.startswith(("COMMENT", "RDATE")) for line in zone)


@pytest.mark.parametrize(
    "zone", [timezone(timedelta(hours=2)), tz.tzlocal(), tz.tzoffset(None, 7200), tz.gettz("Europe/Berlin")], ids=lambda zone: type(zone).__name__
)  # fmt: skip
def test_row_20_zones_without_common_name(zone: Any) -> None:
    """ "UTC+02:00" or nothing would stand where readers look for a zone they know."""
    start = datetime(2026, 7, 1, 9, tzinfo=zone)
    content = to_ics([evolve(TALK, when=Timed(start))])
    assert told(content, "DTSTART") == [f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    assert b"TZID" not in content


def test_row_21_naive_times() -> None:
    """A time without zone would be read in whatever zone its reader is in."""
    with pytest.raises(NaiveTime):
        Timed(datetime(2026, 3, 27, 15))


def test_row_22_times_shown_twice_or_never() -> None:
    """A talk in the night of a change would be an hour off."""
    walls = [datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1)] + [
        datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    ]
    assert [told(to_ics([evolve(TALK, when=Timed(wall))]), "DTSTART") for wall in walls] == [
        ["DTSTART:20261025T003000Z"],
        ["DTSTART:20261025T013000Z"],
        ["DTSTART;TZID=Europe/Berlin:20260329T033000"],
    ]


def test_row_23_ends() -> None:
    """An end before the start, told in another way, or beside a DURATION, is illegal; a day would be missing."""
    start = datetime(2026, 3, 27, 15, tzinfo=BERLIN)
    with pytest.raises(InvalidValue, match=r"Timed\.end"):
        Timed(start, start)
    content = to_ics(
        [
            evolve(TALK, when=Timed(start, datetime(2026, 3, 27, 16, tzinfo=UTC))),
            evolve(TALK, uid="u", when=AllDay(date(2026, 3, 1))),
        ]
    )
    assert told(content, "DTEND") == ["DTEND;TZID=Europe/Berlin:20260327T170000", "DTEND;VALUE=DATE:20260302"]
    assert told(content, "DURATION") == []


def test_row_24_dates_and_times_are_not_mixed() -> None:
    """A bare TypeError would escape, naming nothing."""
    wrong: Any = date(2026, 3, 27)
    with pytest.raises(InvalidValue, match=r"Timed\.end: needs a datetime"):
        Timed(datetime(2026, 3, 27, 15, tzinfo=BERLIN), wrong)
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.when"):
        evolve(TALK, when=wrong)


def test_row_25_microseconds() -> None:
    """A fraction of a second is illegal; rounded up it is another minute."""
    start = datetime(2026, 3, 27, 15, 0, 59, 999_999, tzinfo=UTC)
    assert told(to_ics([evolve(TALK, when=Timed(start))]), "DTSTART") == ["DTSTART:20260327T150059Z"]


# ── components ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "changes",
    [
        {"status": EntryStatus.NEEDS_ACTION},
        {"priority": 10},
        {"percent_complete": 101, "component": Component.TODO},
        {"color": "#fff"},
    ],
    ids=str,
)
def test_row_26_values_out_of_range(changes: dict[str, Any]) -> None:
    """A reader would refuse the file."""
    with pytest.raises(InvalidValue, match=rf"CalendarEntry\.{next(iter(changes))}"):
        evolve(TALK, **{"when": AllDay(date(2026, 3, 1)), **changes})


def test_row_27_completed() -> None:
    """COMPLETED in a zone, or without its STATUS, is not taken for done."""
    done = evolve(TODO, status=EntryStatus.COMPLETED, completed=datetime(2026, 3, 28, 9, tzinfo=BERLIN))
    assert told(to_ics([done]), "COMPLETED") + told(to_ics([done]), "STATUS") == [
        "COMPLETED:20260328T080000Z",
        "STATUS:COMPLETED",
    ]
    with pytest.raises(InvalidValue, match="completed"):
        evolve(done, status=None)


def test_row_28_follow_ups_as_events_to_dos_or_both() -> None:
    """Google and iOS show no to-dos; of two components with one uid, servers refuse one."""
    kinds = {
        mode: Counter(entry.component for entry in build_entries(sample_campaign(talks=4), CalendarOptions(follow_ups=mode)))
        for mode in FollowUpsAs
    }
    talks = kinds[FollowUpsAs.NONE][Component.EVENT]
    number = kinds[FollowUpsAs.EVENT][Component.EVENT] - talks
    assert number > 0
    assert kinds[FollowUpsAs.TODO] == {Component.EVENT: talks, Component.TODO: number}
    assert kinds[FollowUpsAs.BOTH] == {Component.EVENT: talks + number, Component.TODO: number}
    both = list(build_entries(sample_campaign(talks=4), CalendarOptions(follow_ups=FollowUpsAs.BOTH)))
    events_there = {entry.uid for entry in both if entry.component is Component.EVENT}
    todos = [entry for entry in both if entry.component is Component.TODO]
    assert all(entry.related_to in events_there and entry.uid not in events_there for entry in todos)


def test_row_29_due_alone() -> None:
    """DUE has to be later than a DTSTART and of its type: there is none."""
    for when in (AllDay(date(2026, 3, 28)), Timed(datetime(2026, 3, 28, 9, tzinfo=BERLIN))):
        content = to_ics([evolve(TODO, when=when)])
        assert len(told(content, "DUE")) == 1
        assert told(content, "DTSTART") == told(content, "DTEND") == []


def test_row_30_triggers() -> None:
    """An absolute alarm in a zone, or without VALUE, fires at the start; a to-do has no start to count from."""
    for entry, trigger, written in (
        (TALK, datetime(2026, 3, 27, 8, tzinfo=BERLIN), "TRIGGER;VALUE=DATE-TIME:20260327T070000Z"),
        (TALK, timedelta(minutes=-15), "TRIGGER:-PT15M"),
        (TODO, timedelta(minutes=-15), "TRIGGER;RELATED=END:-PT15M"),
    ):
        assert told(to_ics([evolve(entry, alarms=(Alarm(trigger, "Soon"),))]), "TRIGGER") == [written]


def test_row_31_alarms() -> None:
    """Outlook takes one alarm; one without words pops up empty; some want none."""
    alarms = meeting_of(BOOKED).alarms
    assert len(alarms) == 1
    content = to_ics([evolve(meeting_of(BOOKED), description="")])
    assert [len(told(content, name)) for name in ("ACTION", "TRIGGER", "DESCRIPTION")] == [1, 1, 1]
    assert all(entry.alarms == () for entry in build_entries(BOOKED, CalendarOptions(alarms=False)))


def test_row_32_methods() -> None:
    """A subscription would be taken for an invitation."""
    assert b"METHOD" not in to_ics([TALK])
    head = CalendarHead(method=Method.PUBLISH, stamp=REVISED)
    for entry in (TALK, evolve(TALK, organizer=KIM, attendees=(Attendee("ana@oak.example"),))):
        with pytest.raises(InvalidValue, match="PUBLISH"):
            to_ics([entry], head)
    assert b"METHOD:PUBLISH" in to_ics([evolve(TALK, organizer=KIM)], head)


def test_row_33_requests_and_cancellations() -> None:
    """Outlook reads one uid; a cancellation with the old SEQUENCE is ignored (more: `test_itip_rules`)."""
    invited = evolve(TALK, organizer=KIM, attendees=(Attendee("ana@oak.example"),))
    head = {method: CalendarHead(method=method, stamp=REVISED) for method in Method}
    for entries_given, method in (
        ([invited, evolve(invited, uid="other")], Method.REQUEST),
        ([evolve(invited, attendees=())], Method.REQUEST),
        ([TALK], Method.REQUEST),
        ([evolve(invited, status=EntryStatus.CANCELLED)], Method.CANCEL),
        ([evolve(invited, sequence=1)], Method.CANCEL),
    ):
        with pytest.raises(InvalidValue):
            to_ics(entries_given, head[method])
    assert to_ics([invited], head[Method.REQUEST])
    assert to_ics([evolve(invited, sequence=1, status=EntryStatus.CANCELLED)], head[Method.CANCEL])


def test_row_34_nobody_is_invited_by_an_export() -> None:
    """A scheduling server would send mail to everybody of the talk; and who turns it on would not be told."""
    content = to_ics(build_entries(BOOKED))
    assert told(content, "ATTENDEE") == told(content, "ORGANIZER") == []
    assert "send" in (Attendee.__doc__ or "")


def test_row_35_tombstones() -> None:
    """What was called off would stay in calendars."""
    gone = after(events.Cancelled(Party.THEM, "ill"), campaign=BOOKED)
    assert (meeting_of(gone).status, meeting_of(gone).sequence) == (EntryStatus.CANCELLED, 1)
    assert list(build_entries(gone, CalendarOptions(include_cancelled=False))) == []


def test_row_36_one_file_for_each_uid() -> None:
    """A server refuses a resource of two uids or with a METHOD (Radicale and Xandikos themselves: the caldav plugin's tests)."""
    for entry in build_entries(BOOKED):
        content = to_ics([entry])
        assert len(told(content, "UID")) == 1
        assert b"METHOD" not in content


def test_row_37_heads() -> None:
    """Programs would show a calendar without name, and poll it at will."""
    content = lines(to_ics([], CalendarHead(name="Talks", refresh=timedelta(hours=2))))
    assert content[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//infoint//EN"]
    assert {"NAME:Talks", "X-WR-CALNAME:Talks", "REFRESH-INTERVAL;VALUE=DURATION:PT2H", "X-PUBLISHED-TTL:PT2H"} <= set(content)


def test_row_38_conferences() -> None:
    """A list in quotes is one unknown feature; who knows no CONFERENCE would find no link."""
    content = to_ics([meeting_of(BOOKED)])
    assert told(content, "CONFERENCE") == ["CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://meet.example/x"]
    assert told(content, "LOCATION") == ["LOCATION:https://meet.example/x"]


def test_row_39_categories() -> None:
    """KDE makes two of one with a comma, even an escaped one."""
    assert told(to_ics([evolve(TALK, categories=("Law, tax", "Talks"))]), "CATEGORIES") == ["CATEGORIES:Law / tax,Talks"]


def test_row_40_private_notes() -> None:
    """The explorer's own notes would be in a calendar that others see."""
    assert b"private words" not in to_ics(build_entries(BOOKED))
    assert "private words" in meeting_of(BOOKED, CalendarOptions(include_notes=True)).description
    marked = build_entries(BOOKED, CalendarOptions(classification=Classification.CONFIDENTIAL))
    assert {entry.classification for entry in marked} == {Classification.CONFIDENTIAL}


def test_row_41_rules_that_everybody_reads() -> None:
    """Programs disagree about sets of days, and about a DTSTART outside its rule (more: `test_recurrence_rule`)."""
    when = AllDay(date(2026, 1, 31))
    assert Recurrence(Frequency.MONTHLY, 3, count=4).rule(when) == "FREQ=MONTHLY;INTERVAL=3;COUNT=4;BYMONTHDAY=-1"
    for ends in ({}, {"count": 2, "until": date(2027, 1, 1)}):
        with pytest.raises(InvalidValue, match=r"Recurrence\.until"):
            Recurrence(Frequency.DAILY, **ends)
    with pytest.raises(InvalidValue, match="day 30"):
        Recurrence(Frequency.MONTHLY, count=2).rule(AllDay(date(2026, 1, 30)))


def test_row_42_last_days_of_months_by_dateutil() -> None:
    """A rule from the 31st would leave out April (every shape in four readers: `test_reader_matrix`)."""
    from dateutil.rrule import rrulestr

    rule = Recurrence(Frequency.MONTHLY, 3, count=4).rule(AllDay(date(2026, 1, 31)))
    found = [f"{day:%m-%d}" for day in rrulestr(rule, dtstart=datetime(2026, 1, 31))]
    assert found == ["01-31", "04-30", "07-31", "10-31"]


def test_row_43_empty_exports() -> None:
    """A broken file would keep old talks in calendars, and an invented entry be shown. The one rule that it breaks is known."""
    assert [problem.message for problem in check_ics(to_ics([]))] == ["VCALENDAR needs a component"]


def test_row_44_golden_files_pass_the_strict_checker() -> None:
    """A file in this repository would break a rule of the standard (other readers: `test_reader_matrix`)."""
    for path in sorted((ROOT / "tests" / "golden" / "calendar").glob("*.ics")):
        allowed = ["VCALENDAR needs a component"] if path.stem == "empty" else []
        assert [problem.message for problem in check_ics(path.read_bytes())] == allowed, path.name


# ── around it ────────────────────────────────────────────────────────────────────────────────────
def test_row_45_the_benchmark_runs_in_ci() -> None:
    """A slower export would go unseen. The ratios are the benchmark's to demand."""
    assert (ROOT / "tests" / "benchmarks" / "calendar_export.py").is_file()
    assert "tests/benchmarks/calendar_export.py" in ci()


def test_row_46_lazy_imports() -> None:
    """Every program would pay for a calendar library at its start, exporting or not."""
    script = (
        "import sys, infoint, infoint.calendar; print([name for name in ('icalendar', 'dateutil.tz') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def ci() -> str:
    return (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize(
    "line",
    [
        "tests/oldest.txt",
        "python-dateutil==2.9",
        "python-dateutil>=4",
        "PYTHONTZPATH=",
        "TZ=America/New_York",
        "INFOINT_ALL_READERS=1",
    ],
)
def test_row_47_surroundings_that_ci_tries(line: str) -> None:
    """A release of a dependency, or a machine without zones, would first be met by users. (`python -O` is tried by row 3.)"""
    assert line in ci()


def test_row_48_files_are_whole_and_binary(tmp_path: Path) -> None:
    """A failed export would leave half a calendar; Windows would write CR CR LF."""
    path = tmp_path / "talks.ics"
    content = to_ics([TALK])
    write_atomically(path, content)
    assert path.read_bytes() == content

    def broken() -> Any:
        yield b"BEGIN:VCALENDAR"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomically(path, broken())
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_every_row_has_a_test() -> None:
    """A row of the checklist would be forgotten."""
    here = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/**/test_*.py")]
    named = {int(row) for path in here for row in re.findall(r"def test_row_(\d\d)_", path.read_text())}
    assert named == set(range(1, 49))
