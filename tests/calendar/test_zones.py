"""VTIMEZONEs against `zoneinfo`, read by an interpreter of their text that shares no line with the code that makes them."""

import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr

from infoint.calendar.zones import vtimezone, wall_time, zone_of
from infoint.errors import InvalidValue

HARD_ZONES = (
    "Africa/Cairo",  # the last Thursday of October at 24:00 may be the first of November
    "Africa/Casablanca",  # winter time in Ramadan
    "Africa/Windhoek",  # negative summer time until 2017
    "America/Argentina/San_Luis",
    "America/Asuncion",
    "America/Caracas",  # by half an hour, twice
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",  # a new rule most years, then none
    "America/St_Johns",  # one minute past midnight
    "Antarctica/Casey",
    "Antarctica/Troll",  # by two hours
    "Asia/Amman",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Pyongyang",  # by half an hour, and back
    "Asia/Tehran",  # by the Persian calendar
    "Australia/Lord_Howe",  # by half an hour each year
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Dublin",  # winter is the exception
    "Europe/Istanbul",
    "Europe/Moscow",
    "Pacific/Apia",  # a day left out
    "Pacific/Fiji",
)
OPENING, CLOSING = datetime(2000, 1, 1), datetime(2046, 1, 1)


# ── an independent reading ───────────────────────────────────────────────────────────────────────
class Part(NamedTuple):
    """One STANDARD or DAYLIGHT as it stands in the text."""

    kind: str
    properties: dict[str, str]

    @property
    def before(self) -> timedelta:
        return read_offset(self.properties["TZOFFSETFROM"])

    @property
    def after(self) -> timedelta:
        return read_offset(self.properties["TZOFFSETTO"])

    def onsets(self) -> Iterator[datetime]:
        """In UTC, naive."""
        begin = datetime.strptime(self.properties["DTSTART"], "%Y%m%dT%H%M%S")
        walls = [begin]
        if "RDATE" in self.properties:
            walls = [datetime.strptime(each, "%Y%m%dT%H%M%S") for each in self.properties["RDATE"].split(",")]
            assert walls[0] == begin, "ical.js leaves out a DTSTART that is no RDATE"
        until = CLOSING + timedelta(days=2)
        if rule := self.properties.get("RRULE"):
            if limit := re.search(r"UNTIL=(\w+)Z;", rule):
                # UTC here, the wall's clock in the rule's own dates: dateutil counts the latter.
                until = datetime.strptime(limit[1], "%Y%m%dT%H%M%S") + self.before
            counted = rrulestr(re.sub(r"UNTIL=\w+;", "", rule), dtstart=begin)
            walls = list(counted.between(begin, until, inc=True))
            assert walls[0] == begin, "DTSTART is not the first date of its own rule"
        yield from (wall - self.before for wall in walls)


def read_offset(text: str) -> timedelta:
    assert re.fullmatch(r"[+-]\d{4}", text)
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return -offset if text[0] == "-" else offset


def read_parts(lines: Sequence[str]) -> list[Part]:
    assert lines[0] == "BEGIN:VTIMEZONE"
    assert lines[1].startswith("TZID:")
    assert lines[-1] == "END:VTIMEZONE"
    parts: list[Part] = []
    inside = ""
    for line in lines[2:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            assert not inside
            inside = value
            parts.append(Part(value, {}))
        elif name == "END":
            assert inside == value
            inside = ""
        else:
            assert inside
            read = parts[-1].properties
            assert name not in read or name == "RDATE"
            read[name] = f"{read[name]},{value}" if name in read else value
    return parts


class Reading:
    """What a reader that does as RFC 5545 §3.6.5 says makes of a VTIMEZONE."""

    def __init__(self, lines: Sequence[str]) -> None:
        pairs = sorted((onset, part.after) for part in read_parts(lines) for onset in part.onsets())
        self.onsets = [onset for onset, _ in pairs]
        self.offsets = [offset for _, offset in pairs]

    def offset(self, instant: datetime) -> timedelta:
        return self.offsets[bisect_right(self.onsets, instant) - 1]

    def instant(self, wall: datetime) -> datetime:
        """The first instant at which the clocks show `wall` (§3.3.5)."""
        shown = (wall - offset for offset in set(self.offsets))
        return min(instant for instant in shown if instant + self.offset(instant) == wall)


@lru_cache(maxsize=1)
def changes_of(key: str) -> list[datetime]:
    """Instants, naive in UTC, at which `zoneinfo` changes its offset: looked for twice a day, then to the second."""
    zone = ZoneInfo(key)

    def offset(at: datetime) -> timedelta:
        found = at.replace(tzinfo=UTC).astimezone(zone).utcoffset()
        assert found is not None
        return found

    changes = []
    at, known = OPENING - timedelta(days=1), offset(OPENING - timedelta(days=1))
    while at < CLOSING:
        following = at + timedelta(hours=12)
        if offset(following) != known:
            early, late = at, following
            while late - early > timedelta(seconds=1):
                middle = early + (late - early) // 2
                middle = middle.replace(microsecond=0)
                early, late = (middle, late) if offset(middle) == known else (early, middle)
            changes.append(late)
            known = offset(late)
        at = following
    return changes


def moments_of(key: str) -> Iterator[datetime]:
    """Around every change, and quiet ones."""
    for change in changes_of(key):
        yield from (change + timedelta(seconds=seconds) for seconds in (-86400, -3600, -1, 0, 1, 1800, 3600, 86400))
    yield from (datetime(year, month, 15, 12) for year in range(2000, 2046) for month in (1, 4, 7, 10))


def assert_reads_as_zoneinfo(key: str) -> None:
    zone = ZoneInfo(key)
    reading = Reading(vtimezone(zone))
    for instant in moments_of(key):
        local = instant.replace(tzinfo=UTC).astimezone(zone)
        if not OPENING.year <= local.year < CLOSING.year:
            continue
        assert reading.offset(instant) == local.utcoffset(), f"{key}: from UTC {instant}"
        wall = local.replace(tzinfo=None)
        first = local.replace(fold=0).astimezone(UTC).replace(tzinfo=None)
        assert reading.instant(wall) == first, f"{key}: from local {wall}"


@pytest.mark.parametrize("key", HARD_ZONES)
def test_right_at_every_change_both_ways(key: str) -> None:
    """A talk on the day clocks change, or after 2037, would be an hour wrong in the reader's calendar."""
    assert_reads_as_zoneinfo(key)


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(available_timezones()))
def test_right_at_every_change_of_every_zone(key: str) -> None:
    """As above, for the zones nobody thought of."""
    if zone_of(datetime(2026, 1, 1, tzinfo=ZoneInfo(key))) is not None:
        assert_reads_as_zoneinfo(key)


@pytest.mark.parametrize(
    "key", ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Australia/Sydney", "Asia/Kathmandu"]
)
def test_dateutil_reads_it_the_same(key: str) -> None:
    """A reader in wide use would be wrong where our own reading of the standard is right."""
    zone = ZoneInfo(key)
    file = "\r\n".join(("BEGIN:VCALENDAR", *vtimezone(zone), "END:VCALENDAR", ""))
    read = tz.tzical(io.StringIO(file)).get(key)
    assert read is not None
    for change in changes_of(key):
        for seconds in (-7200, -1, 0, 1, 7200):
            instant = (change + timedelta(seconds=seconds)).replace(tzinfo=UTC)
            told = instant.astimezone(zone)
            assert instant.astimezone(read).replace(tzinfo=None) == told.replace(tzinfo=None), f"from UTC {instant}"
            if tz.resolve_imaginary(told) == told and not tz.datetime_ambiguous(told):
                assert told.replace(tzinfo=read).utcoffset() == told.utcoffset(), f"from local {told}"


def test_onsets_are_told_in_the_offset_before() -> None:
    """The spring change told in the new offset: an hour early for whoever follows RFC 5545 §3.6.5."""
    assert vtimezone(ZoneInfo("Europe/Berlin")) == (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def test_zones_that_never_change_have_one_standard() -> None:
    """Readers without a rule for it reject anything more (Outlook reads one STANDARD)."""
    assert vtimezone(ZoneInfo("Asia/Kolkata"))[2:-1] == (
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "TZNAME:IST",
        "END:STANDARD",
    )


@pytest.mark.parametrize("key", ["Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Athens", "America/Halifax"])
def test_one_rule_each_for_summer_and_winter(key: str) -> None:
    """Summer time not ahead of standard time, or more than one of each, is what Outlook cannot read."""
    parts = read_parts(vtimezone(ZoneInfo(key), since=2007))
    assert sorted(part.kind for part in parts) == ["DAYLIGHT", "STANDARD"]
    assert all(part.properties["DTSTART"].startswith("1970") for part in parts)
    assert all("UNTIL" not in part.properties["RRULE"] for part in parts)
    (daylight,) = (part for part in parts if part.kind == "DAYLIGHT")
    assert daylight.after > daylight.before


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("America/New_York", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
        ("America/New_York", "FREQ=YEARLY;UNTIL=20060403T020000Z;BYMONTH=4;BYDAY=1SU"),
        ("Asia/Jerusalem", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"),
        ("Asia/Baku", "FREQ=YEARLY;UNTIL=20150330T040000Z;BYMONTH=3;BYDAY=-1SU"),
        ("Asia/Bishkek", "FREQ=YEARLY;UNTIL=20041101T023000Z;BYMONTH=10;BYDAY=-1SU"),
        ("Asia/Baghdad", "FREQ=YEARLY;UNTIL=20070402T030000Z;BYMONTH=4;BYMONTHDAY=1"),
    ],
)
def test_rules_are_told_in_the_simplest_words(key: str, rule: str) -> None:
    """A rule told day by day, or without its last year, is one that fewer readers follow."""
    assert f"RRULE:{rule}" in vtimezone(ZoneInfo(key))


def test_dates_are_listed_only_where_no_rule_holds() -> None:
    """Outlook misreads listed dates, so they are the last resort; and a list and a rule in one component are illegal there."""
    assert not any(line.startswith("RDATE") for line in vtimezone(ZoneInfo("Europe/Berlin")))
    assert any(line.startswith("RDATE:") for line in vtimezone(ZoneInfo("Africa/Casablanca")))
    for key in HARD_ZONES:
        assert not any(line.startswith("RDATE") and "," in line for line in vtimezone(ZoneInfo(key))), "ical.js reads the first"
        for part in read_parts(vtimezone(ZoneInfo(key))):
            assert not {"RDATE", "RRULE"} <= part.properties.keys()
            assert part.properties.keys() <= {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RDATE", "RRULE"}


def test_later_windows_leave_out_what_is_long_gone() -> None:
    """Zones with a history would show Outlook a summer time that was given up."""
    brazil = vtimezone(ZoneInfo("America/Sao_Paulo"), since=2020)
    assert [part.kind for part in read_parts(brazil)] == ["STANDARD"]
    assert len(read_parts(vtimezone(ZoneInfo("America/Sao_Paulo")))) > 4
    reading = Reading(vtimezone(ZoneInfo("America/New_York"), since=2020))
    for change in changes_of("America/New_York"):
        if change.year >= 2020:
            expected = change.replace(tzinfo=UTC).astimezone(ZoneInfo("America/New_York")).utcoffset()
            assert reading.offset(change) == expected


@pytest.mark.parametrize("since", [1999, 2046])
def test_windows_outside_what_is_known_are_refused(since: int) -> None:
    """A VTIMEZONE would be promised for years it was never checked for."""
    with pytest.raises(InvalidValue, match=r"vtimezone\.since"):
        vtimezone(ZoneInfo("Europe/Berlin"), since=since)


# ── which zone a moment is told in ───────────────────────────────────────────────────────────────
def berlin_from_file(key: str | None) -> ZoneInfo:
    for folder in map(Path, ("/usr/share/zoneinfo", *zoneinfo_folders())):
        if (folder / "Europe/Berlin").exists():
            with (folder / "Europe/Berlin").open("rb") as file:
                return ZoneInfo.from_file(file, key=key)
    pytest.skip("no time zone files")


def zoneinfo_folders() -> list[str]:
    import tzdata  # type: ignore[import-untyped,unused-ignore]  # data with a little code, untyped

    return [str(Path(tzdata.__file__).parent / "zoneinfo")]


@pytest.mark.parametrize(
    "key", ["UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Universal", "GMT", "Etc/GMT", "GMT0", "Etc/GMT+0", "Greenwich"]
)
def test_utc_by_any_name_has_no_zone(key: str) -> None:
    """UTC would be described as a zone, and written without its Z."""
    assert zone_of(datetime(2026, 1, 1, tzinfo=ZoneInfo(key))) is None
    with pytest.raises(InvalidValue, match=r"ZoneInfo\.key"):
        vtimezone(ZoneInfo(key))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), timezone(timedelta(0), "Berlin"), tz.tzoffset(None, 3600)])
def test_zones_without_common_name_are_none(zone: timezone) -> None:
    """ "UTC+02:00" would be written as the name of a zone nobody knows."""
    assert zone_of(datetime(2026, 1, 1, tzinfo=zone)) is None
    assert zone_of(datetime(2026, 1, 1, tzinfo=tz.tzlocal())) is None


@pytest.mark.parametrize(
    "key", [None, "", "Home", "a\r\nb", 'Europe/"Berlin"', "../Berlin", "localtime", "/etc/hosts", "Europe", "Europe/"]
)
def test_zones_from_a_file_have_no_common_name(key: str | None) -> None:
    """Whoever reads a zone from a file may call it anything: a name of nothing, or a forged line."""
    zone = berlin_from_file(key)
    assert zone_of(datetime(2026, 1, 1, tzinfo=zone)) is None
    with pytest.raises(InvalidValue, match=r"ZoneInfo\.key"):
        vtimezone(zone)


def test_iana_zones_have_their_name() -> None:
    """Zones everybody knows would be written in UTC, and lose the wall time people agreed on."""
    for key in ("Europe/Berlin", "Africa/Abidjan", "Atlantic/Reykjavik", "America/Argentina/Ushuaia", "Etc/GMT+5", "EST5EDT"):
        zone = zone_of(datetime(2026, 1, 1, tzinfo=ZoneInfo(key)))
        assert zone is not None
        assert zone.key == key
    named = zone_of(datetime(2026, 1, 1, tzinfo=ZoneInfo.no_cache("Europe/Berlin")))
    assert named is ZoneInfo("Europe/Berlin")


def test_naive_times_are_in_no_zone() -> None:
    """A time without zone would be given one."""
    assert zone_of(datetime(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("at", "wall"),
    [
        ("2026-03-27T14:00Z", "2026-03-27T15:00"),
        ("2026-10-24T23:59:59Z", "2026-10-25T01:59:59"),
        ("2026-10-25T00:30Z", None),  # 02:30 for the first time, which some take for the second
        ("2026-10-25T01:30Z", None),  # for the second
        ("2026-10-25T02:00Z", "2026-10-25T03:00"),
        ("1999-12-31T22:59Z", None),
        ("1999-12-31T23:00Z", "2000-01-01T00:00"),
        ("2045-12-31T22:59Z", "2045-12-31T23:59"),
        ("2045-12-31T23:00Z", None),
    ],
)
def test_walls_clocks_only_where_they_say_it(at: str, wall: str | None) -> None:
    """A local time would be written that readers take for another instant."""
    shown = wall_time(datetime.fromisoformat(at), ZoneInfo("Europe/Berlin"))
    assert shown == (datetime.fromisoformat(wall) if wall else None)
