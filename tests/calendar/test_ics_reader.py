"""Foreign files as values: what is understood, what is left out, and that one thing broken costs only itself."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from infoint.calendar import (
    CalendarFile,
    CalendarHead,
    Duration,
    Kind,
    Period,
    Problem,
    ReadAttendee,
    RecurrenceRule,
    RuleFrequency,
    build_entries,
    read_ics,
    to_ics,
)
from infoint.calendar.reading.file_zones import FileZones
from infoint.errors import ImportRejected, InvalidValue
from infoint.testing import sample_campaign

FILES = Path(__file__).parent / "files"
EVENT = "BEGIN:VEVENT\nUID:1\nDTSTART:20260317T100000Z\n{}\nEND:VEVENT\n"


def read(text: str | bytes) -> CalendarFile:
    return read_ics(text.encode() if isinstance(text, str) else text, zone="Europe/Madrid")


def calendar(*parts: str) -> CalendarFile:
    return read("BEGIN:VCALENDAR\n" + "".join(parts) + "END:VCALENDAR\n")


def event(*lines: str) -> str:
    return EVENT.format("\n".join(lines))


def problems(*parts: str) -> list[str]:
    return [problem.problem for problem in calendar(*parts).problems]


# ── what is understood ───────────────────────────────────────────────────────────────────────────
def test_an_answer_to_an_invitation() -> None:
    """Replies could not be told: who, to what, what they say."""
    found = read((FILES / "reply.ics").read_bytes())
    reply = found.components[0]
    assert (found.method, found.problems, reply.kind) == ("REPLY", (), Kind.EVENT)
    assert reply.attendees == (ReadAttendee("zoe@elm.example", 'O\'Neil; Zoë "Z"', "DECLINED"),)
    assert reply.organizer == ReadAttendee("ana@oak.example")
    assert reply.organizer.is_at(" Ana@Oak.example")
    assert reply.comments == ("I am away, sorry.\nNext week?",)
    assert (reply.sequence, reply.request_status) == (1, ("2.0;Success",))
    assert reply.uid == "5f0b1c9e-0000-5000-8000-000000000001"
    assert (reply.start, reply.end) == (datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, 30, tzinfo=UTC))
    assert (reply.stamp, reply.length) == (datetime(2026, 3, 1, 10, 10, 10, tzinfo=UTC), Duration(exact=timedelta(minutes=30)))
    assert not reply.is_recurring


def test_a_series_and_its_change() -> None:
    """Busy times would follow other rules than the file tells."""
    series, change, holidays = read((FILES / "web_calendar.ics").read_bytes()).components
    madrid = ZoneInfo("Europe/Madrid")
    until = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    assert series.rules == (RecurrenceRule(frequency=RuleFrequency.WEEKLY, until=until, by_day=((0, 0), (0, 2))),)
    assert series.exdates == (datetime(2026, 4, 6, 9, tzinfo=madrid),)
    assert (series.summary, series.location) == ("Team", "Room 3; second floor")
    assert change.recurrence_id == datetime(2026, 1, 14, 9, tzinfo=madrid)
    assert change.organizer == ReadAttendee("ben@elm.example", "Ben Roy")
    assert (holidays.start, holidays.end, holidays.transparent) == (date(2026, 4, 1), date(2026, 4, 6), True)


@pytest.mark.parametrize("file", sorted(FILES.glob("*.ics")), ids=lambda file: file.stem)
def test_line_ends_and_folds_do_not_matter(file: Path) -> None:
    """A file that was sent by mail, or saved by an editor, would be another one."""
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    expected = read(content)
    assert expected.components
    assert read(content.replace(b"\n", b"\r\n")) == expected
    assert read(content.replace(b"\n", b"\r")) == expected
    assert read(b"\xef\xbb\xbf" + content).components == expected.components
    plain = content.replace(b"\n ", b"").decode()
    folded = "\r\n".join("\r\n ".join(line) for line in plain.split("\n"))
    without_lines = [(one.uid, one.start, one.rules, one.attendees, one.summary) for one in read(folded).components]
    assert without_lines == [(one.uid, one.start, one.rules, one.attendees, one.summary) for one in expected.components]


def test_our_own_export_reads_back() -> None:
    """What infoint writes, infoint could not read."""
    entries = build_entries(sample_campaign())
    found = read(to_ics(entries, CalendarHead()))
    assert found.problems == ()
    assert [(one.uid, one.summary, one.sequence) for one in found.components] == [
        (entry.uid, entry.summary, entry.sequence) for entry in entries
    ]


def test_durations_and_periods() -> None:
    """A day across a clock change would be 24 hours, or an added period have another length."""
    lines = "RDATE;VALUE=PERIOD:20260318T100000Z/PT1H", "DURATION:P1DT1H"
    found = calendar(event(*lines)).components[0]
    assert found.rdates == (Period(datetime(2026, 3, 18, 10, tzinfo=UTC), datetime(2026, 3, 18, 11, tzinfo=UTC)),)
    assert (found.length, found.is_recurring) == (Duration(1, timedelta(hours=1)), True)
    assert found.end == datetime(2026, 3, 18, 11, tzinfo=UTC)
    madrid = ZoneInfo("Europe/Madrid")
    assert Duration(1).after(datetime(2026, 3, 28, 12, tzinfo=madrid)).utcoffset() == timedelta(hours=2)  # type: ignore[union-attr]
    assert Duration(2).after(date(2026, 3, 28)) == date(2026, 3, 30)
    with pytest.raises(InvalidValue):
        Duration(10**7).after(date(2026, 3, 28))


def test_a_zone_of_the_file_is_a_zone() -> None:
    """Times in a zone that only the file knows would jump at other moments than it says."""
    found = read((FILES / "odd_zones.ics").read_bytes())
    skipped, offset = found.components[0].start, found.components[1].start
    assert isinstance(skipped, datetime)
    assert isinstance(offset, datetime)
    assert skipped.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert offset.utcoffset() == timedelta(hours=5, minutes=45)
    assert offset.astimezone(UTC).astimezone(offset.tzinfo) == offset
    assert (offset.tzname(), offset.dst()) == (None, None)


def test_own_zones_agree_with_zoneinfo() -> None:
    """A VTIMEZONE of a foreign file would be followed otherwise than it means: gaps, equal times, both directions."""
    text = (FILES / "office_mail.ics").read_text().replace("Romance Standard Time", "Elm Office")
    start = read(text).components[0].start
    assert isinstance(start, datetime)
    own, madrid = start.tzinfo, ZoneInfo("Europe/Madrid")
    for hour in range(24 * 366):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour, minutes=30)
        wall = at.astimezone(own)
        assert (wall.replace(tzinfo=None), wall.fold) == (
            at.astimezone(madrid).replace(tzinfo=None),
            at.astimezone(madrid).fold,
        )
        assert wall.astimezone(UTC) == at
        naive = at.replace(tzinfo=None)
        assert naive.replace(tzinfo=own).utcoffset() == naive.replace(tzinfo=madrid).utcoffset()


# ── what is left out ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["DTSTART:20260318T100000Z"], "DTSTART: stands twice"),
        (["DTEND:20260316T100000Z"], "DTEND: is earlier than DTSTART"),
        (["DTEND;VALUE=DATE:20260318"], "DTEND: is a day where DTSTART is a time, or the other way round"),
        (["DTEND:20260230T100000Z"], "DTEND: is no day of the calendar, or no time of a day"),
        (["DTEND:99991231T100000Z"], "DTEND: lies outside the years 2 to 9998"),
        (["DURATION:-PT1H"], "DURATION: is less than nothing"),
        (["DURATION:P999999W"], "DURATION: is longer than two hundred years"),
        (["DURATION:P"], "DURATION: is no duration"),
        (["SEQUENCE:-1"], "SEQUENCE: is no whole number below 2^31"),
        (["RDATE;VALUE=PERIOD:20260318T100000Z/20260317T100000Z"], "RDATE: has a period that ends before it starts"),
        (["RRULE:FREQ=DAILY;COUNT=0"], "COUNT: takes numbers from 1 to 1000000000"),
        (['ATTENDEE;CN="Ana:mailto:ana@oak.example'], "VEVENT: is no content line (RFC 5545 §3.1)"),
        (["ATTENDEE" + ";X-A=1" * 60 + ":mailto:ana@oak.example"], "VEVENT: has more than 50 parameters"),
        (["COMMENT:" + "x" * 300_000], "VEVENT: its COMMENT is longer than is read"),
        (["COMMENT:x"] * 10_001, "VEVENT: it has more than 10,000 properties"),
        (["BEGIN:VALARM"], "VEVENT: its BEGIN and END do not match"),
        (["BEGIN:VALARM"] * 9 + ["END:VALARM"] * 9, "VEVENT: it holds components more than 8 deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_event_costs_only_itself(lines: list[str], problem: str) -> None:
    """One event would take its neighbours along, or be read as something it does not say."""
    found = calendar(event("SUMMARY:before"), event(*lines), event("SUMMARY:after"))
    assert [one.summary for one in found.components] == ["before", "after"]
    assert found.problems == (Problem(7, "1", problem),)


def test_what_is_not_closed_ends_where_the_next_begins() -> None:
    """A lost END would swallow the rest of the calendar."""
    whole = event("SUMMARY:good")
    assert problems(whole, whole.removesuffix("END:VEVENT\n"), whole) == ["VEVENT: is not closed (END)"]
    assert len(calendar(whole, whole.removesuffix("END:VEVENT\n"), whole).components) == 2
    assert problems("END:VEVENT\n", whole) == ["an END without its BEGIN"]
    cut = read("BEGIN:VCALENDAR\n" + whole + "BEGIN:VEVENT\nUID:2\n")
    assert [str(problem) for problem in cut.problems] == [
        "VCALENDAR is not closed (END): the end of the file may be missing",
        "line 7: VEVENT: is not closed (END)",
    ]
    assert len(read(whole).components) == 1
    assert [problem.line for problem in read(whole).problems] == [1]


def test_what_is_odd_is_said() -> None:
    """Something would be read otherwise than it stands, in silence."""
    assert problems(event("a line that is none")) == ["a line is no content line (RFC 5545 §3.1); it is passed over"]
    assert problems("BEGIN:VAVAILABILITY\nUID:1\nEND:VAVAILABILITY\n") == ["VAVAILABILITY is not read"]
    assert problems("METHOD:REPLY\nMETHOD:REQUEST\n") == ["METHOD stands twice; the first is read"]
    assert problems('METHOD;X="\n') == ["is no content line (RFC 5545 §3.1)"]
    assert problems("X-WR-TIMEZONE:Mars/Base\n") == [
        "X-WR-TIMEZONE is no known zone: times without a zone are read in Europe/Madrid"
    ]
    octets = b"BEGIN:VCALENDAR\n" + event("SUMMARY:A\xff").encode("latin-1") + b"END:VCALENDAR\n"
    found = read_ics(octets, zone="Europe/Madrid")
    assert (found.components[0].summary, found.problems[0].problem) == (
        "A\ufffd",
        "some of its text is no UTF-8 and was replaced",
    )


@pytest.mark.parametrize(
    "lines",
    [
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+9900\nDTSTART:20000101T000000",
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200",
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART;VALUE=DATE:20000101",
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART:20000101T000000\nRRULE:FREQ=DAILY",
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART:20000101T000000\nRRULE:FREQ=YEARLY;BYDAY=XX",
    ],
)
def test_a_bad_vtimezone_is_said_and_stood_in_for(lines: str) -> None:
    """Times of a damaged zone would be wrong without a word, or cost their events."""
    zone = f"BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\n{lines}\nEND:STANDARD\nEND:VTIMEZONE\n"
    found = calendar(zone, "BEGIN:VEVENT\nDTSTART;TZID=Odd:20260317T100000\nEND:VEVENT\n")
    assert found.components[0].start == datetime(2026, 3, 17, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert found.problems[0].problem == "has a VTIMEZONE that cannot be read: its times are read in Europe/Madrid"
    assert problems(zone.replace("TZID:Odd\n", "")) == ["VTIMEZONE: TZID is missing"]


def test_too_much_of_something_is_listed_shortly() -> None:
    """A list of problems as long as the file would help nobody; a file of zones would be slow."""
    found = calendar(*["END:VEVENT\n"] * 1_500)
    assert len(found.problems) == 1_001
    assert found.problems[-1] == Problem(0, "", "500 more problems are not listed")
    zones = FileZones({}, UTC)
    assert {zones.find(f"Odd {n}")[1][:21] for n in range(301)} == {"has a TZID that is no", "has more than 300 zon"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"Hello\n", id="text"),
        pytest.param(b"BEGIN:VCARD\nEND:VCARD\n", id="cards"),
        pytest.param("BEGIN:VCALENDAR\nEND:VCALENDAR\n".encode("utf-16"), id="utf-16"),
        pytest.param(b" " * (33 * 1024**2), id="large"),
        pytest.param(b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 20_001, id="events"),
        pytest.param(b"BEGIN:VCALENDAR\n" + b"END:VEVENT\n" * 80_001, id="ends"),
        pytest.param(b"BEGIN:VCALENDAR\n" + b"\n" * 1_000_001, id="lines", marks=pytest.mark.slow),
        pytest.param(
            b"BEGIN:VCALENDAR\n" + (b"BEGIN:VEVENT\n" + b"COMMENT:x\n" * 9_000 + b"END:VEVENT\n") * 23,
            id="properties",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_no_calendar_is_rejected(content: bytes) -> None:
    """Somebody would take a picture, or half of a huge file, for a calendar without appointments."""
    with pytest.raises(ImportRejected):
        read(content)


def test_wrong_arguments_are_refused() -> None:
    """A path would be read as a calendar, or a native error escape."""
    with pytest.raises(InvalidValue, match="needs bytes"):
        read_ics("calendar.ics", zone="Europe/Madrid")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="IANA zone"):
        read_ics(b"", zone="Mars/Base")
