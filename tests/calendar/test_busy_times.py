"""Busy times from the explorer's own calendars: what counts, when, and what is said about the rest."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from infoint.calendar import BusyTimes, CalendarHead, build_entries, read_busy, to_ics
from infoint.errors import ImportRejected, InfointError, InvalidValue, NaiveTime
from infoint.practice import Busy
from infoint.practice.meeting_times import propose_times
from infoint.testing import sample_campaign

MADRID = ZoneInfo("Europe/Madrid")
AFTER = datetime(2026, 3, 16, 8, tzinfo=MADRID)
UNTIL = date(2026, 4, 5)


def event(*lines: str, kind: str = "VEVENT") -> str:
    return "\n".join((f"BEGIN:{kind}", *lines, f"END:{kind}"))


def calendar(*components: str, head: str = "VERSION:2.0") -> bytes:
    return (
        "\r\n".join(("BEGIN:VCALENDAR", head, *components, "END:VCALENDAR", ""))
        .replace("\r\n", "\n")
        .replace("\n", "\r\n")
        .encode()
    )


def busy(*components: str, head: str = "VERSION:2.0", zone: str = "Europe/Madrid", mine: tuple[str, ...] = ()) -> BusyTimes:
    return read_busy(calendar(*components, head=head), zone=zone, after=AFTER, until=UNTIL, mine=mine)


def starts(*components: str, head: str = "VERSION:2.0", mine: tuple[str, ...] = ()) -> list[str]:
    """As the explorer's clock shows them."""
    found = busy(*components, head=head, mine=mine)
    assert found.problems == ()
    return [f"{one.start:%m-%d %H:%M}" if isinstance(one.start, datetime) else f"{one.start:%m-%d}" for one in found.busy]


ZONED = ("UID:1", "DTSTART;TZID=Europe/Madrid:20260317T100000", "DTEND;TZID=Europe/Madrid:20260317T110000")
LATER = ("UID:1", "DTSTART;TZID=Europe/Madrid:20260318T150000", "DTEND;TZID=Europe/Madrid:20260318T170000")


# ── what counts ──────────────────────────────────────────────────────────────────────────────────
def test_an_event_is_busy() -> None:
    """The simplest appointment would be overlooked."""
    found = busy(event(*ZONED, r"SUMMARY:Dentist\, at last"))
    assert found == BusyTimes(
        (Busy(datetime(2026, 3, 17, 10, tzinfo=MADRID), datetime(2026, 3, 17, 11, tzinfo=MADRID), "Dentist, at last"),), ()
    )


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:Ana@Oak.example",
        "ATTENDEE;PARTSTAT=DELEGATED:MAILTO:ana@oak.example",
        'ATTENDEE;PARTSTAT=DECLINED;EMAIL="ana@oak.example":urn:x:1',
    ],
)
def test_free_events_do_not_count(line: str) -> None:
    """Days would look full that are not."""
    assert starts(event(*ZONED, line), mine=("ana@oak.example",)) == []


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:OPAQUE",
        "STATUS:TENTATIVE",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana@oak.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@elm.example",
    ],
)
def test_what_may_take_place_counts(line: str) -> None:
    """Somebody would be offered a time that another has been promised."""
    assert starts(event(*ZONED, line), mine=("ana@oak.example",)) == ["03-17 10:00"]


def test_events_without_time_do_not_count() -> None:
    """A reminder would block nothing, and be an error as a busy time."""
    assert starts(event("UID:1", "DTSTART:20260317T100000Z"), event("UID:2", "DTSTART:20260317T100000Z", "DURATION:PT0S")) == []
    assert (
        starts(event("UID:1", "DUE:20260317T100000Z", kind="VTODO"), event("UID:2", "DTSTART:20260317", kind="VJOURNAL")) == []
    )


def test_whole_days_are_the_explorers() -> None:
    """A holiday would begin and end at some other midnight."""
    one = event("UID:1", "DTSTART;VALUE=DATE:20260318", "SUMMARY:Fair")
    several = event("UID:2", "DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260322")
    closed = event("UID:3", "DTSTART;VALUE=DATE:20260323", "DTEND;VALUE=DATE:20260323")
    long = event("UID:4", "DTSTART;VALUE=DATE:20260324", "DURATION:P1W")
    assert busy(one, several, closed, long).busy == (
        Busy(date(2026, 3, 18), date(2026, 3, 19), "Fair"),
        Busy(date(2026, 3, 20), date(2026, 3, 22)),
        Busy(date(2026, 3, 23), date(2026, 3, 24)),
        Busy(date(2026, 3, 24), date(2026, 3, 31)),
    )


def test_free_busy_counts_but_what_is_free() -> None:
    """A calendar that publishes only when its owner is busy could not be used."""
    told = event(
        "UID:1",
        "FREEBUSY:20260317T090000Z/20260317T100000Z,20260318T090000Z/PT30M",
        "FREEBUSY;FBTYPE=FREE:20260319T090000Z/20260319T100000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260320T090000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260321T090000Z/PT1H",
        "FREEBUSY;FBTYPE=X-ODD:20260322T090000Z/PT1H",
        kind="VFREEBUSY",
    )
    assert starts(told) == ["03-17 10:00", "03-18 10:00", "03-20 10:00", "03-21 10:00", "03-22 10:00"]


def test_only_the_stretch_asked_for_and_a_day_around_it() -> None:
    """Years of appointments would be carried along; or the way back from one just before would be forgotten."""
    days = [event(f"UID:{day}", f"DTSTART:202603{day}T220000Z", "DURATION:PT1H") for day in (13, 14, 15)]
    assert starts(*days, event("UID:9", "DTSTART:20260407T090000Z", "DURATION:PT1H")) == ["03-15 23:00"]
    always = busy(event("UID:1", "DTSTART;VALUE=DATE:16040505", "DTEND;VALUE=DATE:90000101")).busy
    assert len(always) == 1
    assert always[0].start < AFTER.date()
    assert always[0].end > UNTIL


# ── zones ────────────────────────────────────────────────────────────────────────────────────────
VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (":20260330T100000Z", "03-30 12:00"),
        (":20260330T100000", "03-30 10:00"),
        (";TZID=America/New_York:20260330T100000", "03-30 16:00"),
        (';TZID="Eastern Standard Time":20260330T100000', "03-30 16:00"),
        (";TZID=/freeassociation.sourceforge.net/America/New_York:20260330T100000", "03-30 16:00"),
        (";TZID=UTC+05:30:20260330T100000", None),
        (';TZID="UTC+05:30":20260330T100000', "03-30 06:30"),
        (";TZID=tzone://Microsoft/Utc:20260330T100000", None),
        (';TZID="tzone://Microsoft/Utc":20260330T100000', "03-30 12:00"),
        (";TZID=Our own:20260330T100000", "03-30 10:00"),
    ],
)
def test_zones_are_understood(told: str, shown: str | None) -> None:
    """Appointments would be hours off."""
    found = busy(VTIMEZONE, event("UID:1", f"DTSTART{told}", "DURATION:PT1H"))
    assert [f"{one.start:%m-%d %H:%M}" for one in found.busy] == ([shown] if shown else [])
    assert bool(found.problems) is (shown is None)


def test_the_files_own_zone_is_that_of_its_floating_times() -> None:
    """An exported calendar of somebody who lives elsewhere would be read on the explorer's clock."""
    assert starts(event("UID:1", "DTSTART:20260330T100000", "DURATION:PT1H"), head="X-WR-TIMEZONE:Asia/Tokyo") == [
        "03-30 03:00"
    ]


def test_a_zone_nobody_knows_is_read_in_the_explorers_and_said() -> None:
    """Appointments would vanish, or be moved in silence."""
    found = busy(event("UID:1", "DTSTART;TZID=Secret:20260330T100000", "DTEND;TZID=Secret:20260330T110000"))
    assert [f"{one.start:%H:%M}" for one in found.busy] == ["10:00"]
    assert [str(problem) for problem in found.problems] == [
        "line 3: has a TZID that is no known zone and no VTIMEZONE of the file: it is read in Europe/Madrid"
    ]


def test_clock_changes_keep_the_wall_time() -> None:
    """A weekly appointment would move by an hour in spring; one at a time the clocks skip would be lost (RFC 5545 §3.3.5)."""
    weekly = event("UID:1", "DTSTART;TZID=Europe/Madrid:20260322T023000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY")
    assert starts(weekly) == ["03-22 02:30", "03-29 03:30", "04-05 02:30"]
    night = busy(event("UID:1", "DTSTART;TZID=Europe/Madrid:20260328T230000", "DURATION:P1D")).busy[0]
    assert night.end - night.start == timedelta(hours=24)
    assert night.end.astimezone(UTC) - night.start.astimezone(UTC) == timedelta(hours=23)


# ── recurrences ──────────────────────────────────────────────────────────────────────────────────
DAILY = (*ZONED, "RRULE:FREQ=DAILY;COUNT=4")


def test_a_series_with_its_exceptions() -> None:
    """Cancelled, moved and added instances would be where the series was planned."""
    assert starts(event(*DAILY)) == ["03-17 10:00", "03-18 10:00", "03-19 10:00", "03-20 10:00"]
    without = event(*DAILY, "EXDATE;TZID=Europe/Madrid:20260318T100000,20260320T100000")
    assert starts(without) == ["03-17 10:00", "03-19 10:00"]
    assert starts(event(*DAILY, "EXDATE:20260318T090000Z", "EXDATE;VALUE=DATE:20260320")) == ["03-17 10:00", "03-19 10:00"]
    assert starts(event(*DAILY, "EXRULE:FREQ=DAILY;INTERVAL=2")) == ["03-18 10:00", "03-20 10:00"]
    added = event(*ZONED, "RDATE:20260401T080000Z", "RDATE;VALUE=PERIOD:20260402T080000Z/PT3H")
    assert starts(added) == ["03-17 10:00", "04-01 10:00", "04-02 10:00"]
    assert busy(added).busy[-1].end == datetime(2026, 4, 2, 13, tzinfo=MADRID)


def test_changed_instances_stand_for_those_they_name() -> None:
    """A moved appointment would block its old time as well, or a cancelled one its day."""
    moved = event("UID:1", "RECURRENCE-ID;TZID=Europe/Madrid:20260318T100000", *LATER[1:])
    gone = event("UID:1", "RECURRENCE-ID:20260319T090000Z", "DTSTART:20260319T090000Z", "STATUS:CANCELLED")
    by_day = event("UID:1", "RECURRENCE-ID;VALUE=DATE:20260320", "DTSTART:20260320T200000Z", "DURATION:PT1H")
    assert starts(gone, event(*DAILY), by_day, moved) == ["03-17 10:00", "03-18 15:00", "03-20 21:00"]
    assert starts(moved) == ["03-18 15:00"]


def test_this_and_all_later_ones() -> None:
    """A series that was moved from some day on would stay where it was."""
    change = event("UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Madrid:20260318T100000", *LATER[1:])
    found = busy(event(*DAILY, "EXDATE:20260319T090000Z"), change)
    assert [f"{one.start:%m-%d %H}-{one.end:%H}" for one in found.busy] == ["03-17 10-11", "03-18 15-17", "03-20 15-17"]


def test_a_day_a_year() -> None:
    """Birthdays would be lost, or a year without one would be read as an endless search."""
    assert starts(event("UID:1", "DTSTART;VALUE=DATE:16040401", "RRULE:FREQ=YEARLY")) == ["04-01"]
    assert starts(event("UID:1", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY")) == []


def test_the_first_time_counts_whether_its_rule_meets_it_or_not() -> None:
    """DTSTART is the first instance (RFC 5545 §3.8.5.3), and the first of COUNT."""
    assert starts(event(*ZONED, "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3")) == ["03-17 10:00", "03-19 10:00", "03-26 10:00"]


@pytest.mark.parametrize(
    ("until", "days"),
    [
        ("20260319T090000Z", 3),
        ("20260319T085959Z", 2),
        ("20260319T100000", 3),
        ("20260319T095959", 2),
        ("20260319", 3),
    ],
)
def test_until_is_an_instant_a_wall_time_or_a_day(until: str, days: int) -> None:
    """The last instance would be lost, or one too many be kept."""
    assert len(starts(event(*ZONED, f"RRULE:FREQ=DAILY;UNTIL={until}"))) == days


def test_the_latest_revision_counts() -> None:
    """An appointment that was moved would block its old time, too."""
    assert starts(event(*LATER, "SEQUENCE:2"), event(*ZONED, "SEQUENCE:1")) == ["03-18 15:00"]
    stamps = event(*LATER, "DTSTAMP:20260102T000000Z"), event(*ZONED, "DTSTAMP:20260101T000000Z")
    assert starts(*stamps) == starts(*reversed(stamps)) == ["03-18 15:00"]


# ── files ────────────────────────────────────────────────────────────────────────────────────────
def test_good_events_of_a_bad_file_are_kept_and_bad_ones_listed() -> None:
    """One broken event would cost the whole calendar, or vanish unnoticed. No problem quotes the file."""
    found = busy(
        event("UID:1", "DTSTART:2026-03-17", "SUMMARY:Private"),
        event("UID:2", "DTSTART:20260317T100000Z", "RRULE:FREQ=NEVER", "SUMMARY:Private"),
        event("UID:3", "SUMMARY:Private"),
        event("UID:4", "DTSTART:20260317T100000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY", "SUMMARY:Private"),
        event("UID:5", "DTSTART:20260317T100000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260317", "SUMMARY:Private"),
        event("UID:5", "DTSTART:20260317T100000Z", "RRULE:FREQ=DAILY", "SUMMARY:Private"),
        event("UID:6", "DTSTART:20260317T100000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20200317T100000Z"),
        event("UID:6", "DTSTART:20260317T100000Z", "RRULE:FREQ=DAILY"),
        event("UID:7", "RECURRENCE-ID:20260317T100000Z"),
        event("UID:7", "DTSTART:20260317T100000Z", "RRULE:FREQ=DAILY"),
        event("UID:good", *ZONED[1:]),
    )
    assert [f"{one.start:%m-%d %H:%M}" for one in found.busy] == ["03-17 10:00"]
    assert [problem.uid for problem in found.problems] == ["1", "2", "3", "4", "5", "6", "7"]
    assert all(problem.line for problem in found.problems)
    assert not any("Private" in str(problem) for problem in found.problems)


def test_several_files_are_one_calendar() -> None:
    """Work and private calendars could not be looked at together; a problem would not say in which one it is."""
    files = [calendar(event(*LATER)), calendar(event(*ZONED), event("UID:2", "DTSTART:x"))]
    found = read_busy(files, zone=MADRID, after=AFTER, until=UNTIL)
    assert [f"{one.start:%d}" for one in found.busy] == ["17", "18"]
    assert [(problem.file, problem.line) for problem in found.problems] == [(2, 8)]
    assert str(found.problems[0]).startswith("file 2, line 8: ")
    with pytest.raises(ImportRejected, match="file 2: it has no BEGIN:VCALENDAR"):
        read_busy([files[0], b"Hello"], zone=MADRID, after=AFTER, until=UNTIL)
    with pytest.raises(ImportRejected, match="iCalendar: it has no"):
        read_busy(b"Hello", zone=MADRID, after=AFTER, until=UNTIL)


def test_messages_are_no_calendars() -> None:
    """Somebody's answer to an invitation would be taken for an appointment."""
    assert [problem.problem for problem in busy(event(*ZONED), head="METHOD:REPLY").problems] == [
        "the file is a REPLY message and no calendar; it is passed over"
    ]
    assert starts(event(*ZONED), head="METHOD:REQUEST") == ["03-17 10:00"]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"zone": "Mars/Base"}, InvalidValue),
        ({"after": datetime(2026, 3, 16)}, NaiveTime),
        ({"after": date(2026, 3, 16)}, InvalidValue),
        ({"after": datetime(1, 1, 1, tzinfo=UTC)}, InvalidValue),
        ({"until": datetime(2026, 4, 1, tzinfo=UTC)}, InvalidValue),
        ({"until": date(2026, 3, 15)}, InvalidValue),
        ({"until": date(2027, 4, 15)}, InvalidValue),
        ({"contents": ["BEGIN:VCALENDAR"]}, InvalidValue),
    ],
)
def test_wrong_questions_are_refused(told: dict[str, object], error: type[InfointError]) -> None:
    """A native error would escape, or no time at all be found busy."""
    with pytest.raises(error):
        read_busy(**{"contents": b"", "zone": MADRID, "after": AFTER, "until": UNTIL} | told)  # type: ignore[arg-type]


def test_too_many_busy_times_are_listed_not_kept() -> None:
    """A calendar with an appointment every minute would fill the memory."""
    found = busy(event("UID:1", "DTSTART:20260301T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY"), event(*ZONED[1:], "UID:2"))
    assert [f"{one.start:%m-%d %H:%M}" for one in found.busy] == ["03-17 10:00"]
    assert [problem.uid for problem in found.problems] == ["1"]
    hourly = [
        event(f"UID:{n}", "DTSTART:20260301T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY;INTERVAL=5") for n in range(9)
    ]
    found = busy(*hourly)
    assert len(found.busy) + len(found.problems) > 9
    assert found.problems


# ── to the practice ──────────────────────────────────────────────────────────────────────────────
def test_busy_times_are_kept_free() -> None:
    """Calendars could be read and not used: one call more leads from files to ranked times."""
    campaign = sample_campaign()
    talk = campaign.interviews[0]
    after = datetime(2026, 6, 1, 8, tzinfo=campaign.profile.zone)
    until = date(2026, 6, 12)
    week = calendar(event("UID:1", "DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260606", "SUMMARY:Fair"))
    found = read_busy(week, zone=campaign.profile.zone, after=after, until=until)
    slots = propose_times(talk, campaign, busy=found.busy, after=after, until=until)
    assert slots
    assert min(slot.start.date() for slot in slots) >= date(2026, 6, 6)
    assert propose_times(talk, campaign, busy=(), after=after, until=until)[0].start.date() < date(2026, 6, 6)


def test_our_own_export_can_be_left_out() -> None:
    """Every talk would count twice: once from the campaign, once from the calendar it was exported to."""
    campaign = sample_campaign()
    entries = build_entries(campaign)
    timed = [entry for entry in entries if entry.uid in {str(talk.id) for talk in campaign.interviews}]
    assert timed
    content = to_ics(entries, CalendarHead())
    at = min(entry.when.start for entry in timed)
    told = {"zone": campaign.profile.zone, "after": at, "until": (at + timedelta(days=30)).date()}
    uids: list[UUID | str] = [talk.id for talk in campaign.interviews if talk.id]
    assert len(read_busy(content, **told).busy) > len(read_busy(content, **told, except_for=uids).busy)
    assert read_busy(content, **told, except_for=[str(uid).upper() for uid in uids]) == read_busy(
        content, **told, except_for=uids
    )
