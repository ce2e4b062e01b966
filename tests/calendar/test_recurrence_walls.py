"""Rules of recurrence: equal to dateutil's where RFC 5545 leaves no choice, to RFC 5545's own examples, and bounded in work."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil import rrule
from hypothesis import assume, given, strategies as st

from infoint.calendar.reading.recurrence_rule import RecurrenceRule, RuleFrequency, parse_rule
from infoint.calendar.reading.recurrence_walls import Steps, walls
from infoint.errors import InvalidValue

FAR = datetime(2200, 1, 1)


def times(
    text: str, start: datetime, *, after: datetime | None = None, before: datetime = FAR, steps: int = 10**6
) -> list[datetime]:
    rule = parse_rule(text)
    until = rule.until.replace(tzinfo=None) if rule.until else None
    return list(walls(rule, start, after=after or start, before=before, until=until, steps=Steps(steps)))


# ── RFC 5545 §3.8.5.3 ────────────────────────────────────────────────────────────────────────────
NINE = datetime(1997, 9, 2, 9)


def on(*texts: str, clock: str = "09:00") -> list[datetime]:
    """ "1997-09-02 04 06" is three days of a month."""
    found = []
    for text in texts:
        month, *days = text.split(" ")
        found += [datetime.fromisoformat(f"{month}-{day} {clock}") for day in days]
    return found


EXAMPLES: dict[str, tuple[str, datetime, list[datetime]]] = {
    "daily for 10": ("FREQ=DAILY;COUNT=10", NINE, on("1997-09 02 03 04 05 06 07 08 09 10 11")),
    "every other day": (
        "FREQ=DAILY;INTERVAL=2",
        NINE,
        on("1997-09 02 04 06 08 10 12 14 16 18 20 22 24 26 28 30", "1997-10 02"),
    ),
    "every 10 days": ("FREQ=DAILY;INTERVAL=10;COUNT=5", NINE, on("1997-09 02 12 22", "1997-10 02 12")),
    "weekly for 10": ("FREQ=WEEKLY;COUNT=10", NINE, on("1997-09 02 09 16 23 30", "1997-10 07 14 21 28", "1997-11 04")),
    "weekly until": (
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        NINE,
        on("1997-09 02 09 16 23 30", "1997-10 07 14 21 28", "1997-11 04 11 18 25", "1997-12 02 09 16 23"),
    ),
    "every other week": ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", NINE, on("1997-09 02 16 30", "1997-10 14 28", "1997-11 11 25")),
    "two days a week": (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        NINE,
        on("1997-09 02 04 09 11 16 18 23 25 30", "1997-10 02"),
    ),
    "every other week on Tuesday and Thursday": (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        NINE,
        on("1997-09 02 04 16 18 30", "1997-10 02 14 16"),
    ),
    "first Friday": (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        datetime(1997, 9, 5, 9),
        on("1997-09 05", "1997-10 03", "1997-11 07", "1997-12 05", "1998-01 02", "1998-02 06", "1998-03 06", "1998-04 03")
        + on("1998-05 01", "1998-06 05"),
    ),
    "first and last Sunday, every other month": (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        datetime(1997, 9, 7, 9),
        on("1997-09 07 28", "1997-11 02 30", "1998-01 04 25", "1998-03 01 29", "1998-05 03 31"),
    ),
    "second-to-last Monday": (
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        datetime(1997, 9, 22, 9),
        on("1997-09 22", "1997-10 20", "1997-11 17", "1997-12 22", "1998-01 19", "1998-02 16"),
    ),
    "third-to-last day": (
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        datetime(1997, 9, 28, 9),
        on("1997-09 28", "1997-10 29", "1997-11 28", "1997-12 29", "1998-01 29", "1998-02 26"),
    ),
    "2nd and 15th": (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        NINE,
        on("1997-09 02 15", "1997-10 02 15", "1997-11 02 15", "1997-12 02 15", "1998-01 02 15"),
    ),
    "first and last day": (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        datetime(1997, 9, 30, 9),
        on("1997-09 30", "1997-10 01 31", "1997-11 01 30", "1997-12 01 31", "1998-01 01 31", "1998-02 01"),
    ),
    "10th to 15th, every 18 months": (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        datetime(1997, 9, 10, 9),
        on("1997-09 10 11 12 13 14 15", "1999-03 10 11 12 13"),
    ),
    "every Tuesday, every other month": (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        NINE,
        on("1997-09 02 09 16 23 30", "1997-11 04 11 18 25", "1998-01 06 13 20 27", "1998-03 03 10 17 24 31"),
    ),
    "June and July": (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        datetime(1997, 6, 10, 9),
        on("1997-06 10", "1997-07 10", "1998-06 10", "1998-07 10", "1999-06 10", "1999-07 10", "2000-06 10", "2000-07 10")
        + on("2001-06 10", "2001-07 10"),
    ),
    "every third year on three days": (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        datetime(1997, 1, 1, 9),
        on("1997-01 01", "1997-04 10", "1997-07 19", "2000-01 01", "2000-04 09", "2000-07 18", "2003-01 01", "2003-04 10")
        + on("2003-07 19", "2006-01 01"),
    ),
    "20th Monday of the year": (
        "FREQ=YEARLY;BYDAY=20MO",
        datetime(1997, 5, 19, 9),
        on("1997-05 19", "1998-05 18", "1999-05 17"),
    ),
    "Monday of week 20": (
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        datetime(1997, 5, 12, 9),
        on("1997-05 12", "1998-05 11", "1999-05 17"),
    ),
    "Thursdays of March": (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        datetime(1997, 3, 13, 9),
        on("1997-03 13 20 27", "1998-03 05 12 19 26", "1999-03 04 11 18 25"),
    ),
    "Friday the 13th": (
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        NINE,
        on("1998-02 13", "1998-03 13", "1998-11 13", "1999-08 13", "2000-10 13"),
    ),
    "Saturday after the first Sunday": (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        datetime(1997, 9, 13, 9),
        on("1997-09 13", "1997-10 11", "1997-11 08", "1997-12 13", "1998-01 10", "1998-02 07"),
    ),
    "election day": (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        datetime(1996, 11, 5, 9),
        on("1996-11 05", "2000-11 07", "2004-11 02"),
    ),
    "third of Tuesday, Wednesday, Thursday": (
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        datetime(1997, 9, 4, 9),
        on("1997-09 04", "1997-10 07", "1997-11 06"),
    ),
    "second-to-last weekday": (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        datetime(1997, 9, 29, 9),
        on("1997-09 29", "1997-10 30", "1997-11 27", "1997-12 30", "1998-01 29"),
    ),
    "every 3 hours": (
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
        NINE,
        [datetime(1997, 9, 2, hour) for hour in (9, 12, 15)],
    ),
    "every 15 minutes": ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", NINE, [NINE + timedelta(minutes=15 * n) for n in range(6)]),
    "every hour and a half": ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", NINE, [NINE + timedelta(minutes=90 * n) for n in range(4)]),
    "every 20 minutes of a working day": (
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
        NINE,
        [NINE.replace(day=day) + timedelta(minutes=20 * n) for day in (2, 3) for n in range(24)],
    ),
    "the same, told by minutes": (
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        NINE,
        [NINE.replace(day=day) + timedelta(minutes=20 * n) for day in (2, 3) for n in range(24)],
    ),
    "weeks from Monday": (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        datetime(1997, 8, 5, 9),
        on("1997-08 05 10 19 24"),
    ),
    "weeks from Sunday": (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        datetime(1997, 8, 5, 9),
        on("1997-08 05 17 19 31"),
    ),
    "30 February": (
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        datetime(2007, 1, 15, 9),
        on("2007-01 15 30", "2007-02 15", "2007-03 15 30"),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_rfc_5545(name: str) -> None:
    """A rule would mean other days than the standard says (§3.8.5.3)."""
    text, start, expected = EXAMPLES[name]
    rule = parse_rule(text)
    found = walls(
        rule, start, after=start, before=FAR, until=rule.until and rule.until.replace(tzinfo=None), steps=Steps(10**6)
    )
    assert list(islice(found, len(expected) + (rule.count is not None or rule.until is not None))) == expected


# ── dateutil as a peer ───────────────────────────────────────────────────────────────────────────
NAMES = {
    "by_month": "bymonth",
    "by_week": "byweekno",
    "by_year_day": "byyearday",
    "by_month_day": "bymonthday",
    "by_hour": "byhour",
    "by_minute": "byminute",
    "by_second": "bysecond",
    "by_position": "bysetpos",
}


def some(*numbers: int, most: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.sampled_from(numbers), max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


def seldom(strategy: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(st.just(()), st.just(()), strategy)


@st.composite
def rules(draw: st.DrawFn) -> RecurrenceRule:
    frequency = draw(st.sampled_from(RuleFrequency))
    numbers = st.integers(-5, 5).filter(bool) if frequency is RuleFrequency.MONTHLY else st.integers(-53, 53).filter(bool)
    weekday = st.tuples(st.just(0), st.integers(0, 6))
    ordinal = st.tuples(numbers, st.integers(0, 6))
    by_day = draw(seldom(st.one_of(*(st.lists(one, max_size=4, unique=True).map(tuple) for one in (weekday, ordinal)))))
    # Here dateutil takes every day of the week, RFC 5545 §3.3.10 the weekday of DTSTART; and it miscounts the weeks of the year before
    # whose last days lie in January, so weeks 52 and 53 have a test of their own.
    by_week = draw(seldom(some(1, 2, 20, 51, -1))) if any(not number for number, _ in by_day) else ()
    return RecurrenceRule(
        frequency=frequency,
        interval=draw(st.sampled_from((1, 1, 1, 2, 3, 5, 13))),
        count=draw(st.one_of(st.none(), st.integers(1, 30))),
        by_month=draw(seldom(some(1, 2, 3, 6, 11, 12))),
        by_week=by_week,
        by_year_day=draw(seldom(some(1, 31, 59, 60, 100, 365, 366, -1, -31, -366))),
        by_month_day=draw(seldom(some(1, 2, 13, 28, 29, 30, 31, -1, -2, -30, -31))),
        by_day=by_day,
        by_hour=draw(seldom(some(0, 8, 9, 23))),
        by_minute=draw(seldom(some(0, 30, 59))),
        by_second=draw(seldom(some(0, 59))),
        by_position=draw(seldom(some(1, 2, 3, -1, -2, 20))),
        week_start=draw(st.integers(0, 6)),
    )


def as_dateutil(rule: RecurrenceRule, start: datetime) -> rrule.rrule:
    told: dict[str, Any] = {theirs: getattr(rule, ours) or None for ours, theirs in NAMES.items()}
    days = [rrule.weekday(day, number or None) for number, day in rule.by_day]
    return rrule.rrule(
        int(rule.frequency),
        start,
        interval=rule.interval,
        count=rule.count,
        wkst=rule.week_start,
        byweekday=days or None,
        **told,
    )


def week_of(day: date, week_start: int) -> int:
    """A week belongs to the year in which its fourth day lies (RFC 5545 §3.3.10, ISO 8601)."""
    fourth = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    return (fourth.timetuple().tm_yday - 1) // 7 + 1


@pytest.mark.parametrize("week_start", range(7))
@pytest.mark.parametrize("week", [1, 2, 51, 52, 53])
def test_weeks_of_the_year(week: int, week_start: int) -> None:
    """A day of the last week that lies in the next January is left out, or one too many is found."""
    start = datetime(1995, 1, 1)
    rule = RecurrenceRule(
        frequency=RuleFrequency.YEARLY,
        by_week=(week,),
        by_day=tuple((0, day) for day in range(7)),
        week_start=week_start,
    )
    days = [start + timedelta(days=number) for number in range(366 * 30)]
    expected = [day for day in days if week_of(day, week_start) == week]
    before = days[-1] + timedelta(days=1)
    assert list(walls(rule, start, after=start, before=before, until=None, steps=Steps(10**7))) == expected


HORIZON = {
    RuleFrequency.YEARLY: timedelta(days=366 * 30),
    RuleFrequency.MONTHLY: timedelta(days=366 * 6),
    RuleFrequency.WEEKLY: timedelta(days=366 * 3),
    RuleFrequency.DAILY: timedelta(days=500),
    RuleFrequency.HOURLY: timedelta(days=60),
    RuleFrequency.MINUTELY: timedelta(days=3),
    RuleFrequency.SECONDLY: timedelta(hours=3),
}


@given(
    rule=rules(),
    start=st.datetimes(datetime(1995, 1, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    skipped=st.floats(0, 1),
)
def test_equal_to_dateutil(rule: RecurrenceRule, start: datetime, skipped: float) -> None:
    """Busy times would differ from what other programs show; so would a search that begins in the middle of a series."""
    if rule.frequency is RuleFrequency.WEEKLY and rule.by_position:
        start -= timedelta(
            days=(start.weekday() - rule.week_start) % 7
        )  # dateutil counts places from DTSTART on, in its first week
    try:
        peer = as_dateutil(rule, start)
    except ValueError:  # it refuses times of a day that cannot come together
        assume(False)
    horizon = HORIZON[rule.frequency]
    after = start + timedelta(seconds=int(horizon.total_seconds() * skipped))
    before = start + horizon + timedelta(seconds=1)
    found = list(walls(rule, start, after=start, before=before, until=None, steps=Steps(10**7)))
    # No more than are there: dateutil would look for one more until the year 9999.
    assert found == list(islice(peer, len(found)))
    assert [at for at in found if at >= after] == list(
        walls(rule, start, after=after, before=before, until=None, steps=Steps(10**7))
    )


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=1",
    ],
)
def test_rules_without_times_end(text: str) -> None:
    """A file with one line would stop the program for as long as dateutil looks for the year 9999."""
    start = datetime(2025, 1, 1)
    try:
        assert times(text, start, after=datetime(2026, 1, 1), before=datetime(2027, 1, 1), steps=250_000) in ([], [start])
    except InvalidValue as error:
        if not error.problem.startswith("takes more steps"):
            raise


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000000;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=DAILY;BYHOUR={h};BYMINUTE={m};BYSECOND={m}",
    ],
)
def test_too_many_times_are_refused(text: str) -> None:
    """A rule with a time every second would fill the memory."""
    full = text.format(h=",".join(map(str, range(24))), m=",".join(map(str, range(60))))
    with pytest.raises(InvalidValue, match="takes more steps"):
        times(full, datetime(2020, 1, 1), after=datetime(2026, 1, 1), before=datetime(2027, 1, 1), steps=250_000)


def test_a_long_count_is_no_long_work() -> None:
    """A daily reminder counted from long ago would use up what is meant for the rest of the file."""
    found = times("FREQ=DAILY;COUNT=1000000000", NINE, after=datetime(2026, 1, 1), before=datetime(2026, 1, 3), steps=100)
    assert found == [datetime(2026, 1, 1, 9), datetime(2026, 1, 2, 9)]
    assert times("FREQ=HOURLY;COUNT=5", NINE, after=datetime(2026, 1, 1), steps=100) == []


def test_a_leap_second_is_the_second_before() -> None:
    """BYSECOND=60 (RFC 5545 §3.3.10) would be an error of Python's."""
    assert times("FREQ=MINUTELY;COUNT=1;BYSECOND=60", NINE) == [NINE.replace(second=59)]
    assert times("FREQ=SECONDLY;COUNT=2;BYSECOND=59,60", NINE) == [NINE.replace(second=59), NINE.replace(minute=1, second=59)]


# ── text ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "RRULE"),
        ("INTERVAL=2", "FREQ"),
        ("FREQ=FORTNIGHTLY", "FREQ"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=٣", "COUNT"),
        ("FREQ=DAILY;COUNT=99999999999", "COUNT"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL"),
        ("FREQ=DAILY;UNTIL=00010101T000000Z", "UNTIL"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH"),
        ("FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=DAILY;BYMONTHDAY=-32", "BYMONTHDAY"),
        ("FREQ=DAILY;BYDAY=XX", "BYDAY"),
        ("FREQ=DAILY;BYDAY=0MO", "BYDAY"),
        ("FREQ=DAILY;BYDAY=54MO", "BYDAY"),
        ("FREQ=DAILY;WKST=1", "WKST"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 401), "BYHOUR"),
        ("FREQ=DAILY;BYEASTER=0", "RRULE"),
        ("FREQ=MONTHLY;RSCALE=CHINESE", "RSCALE"),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", "RSCALE"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, part: str) -> None:
    """A mistyped rule would be followed as another one."""
    with pytest.raises(InvalidValue) as refused:
        parse_rule(text)
    assert refused.value.field == part


def test_what_is_said_otherwise_is_understood() -> None:
    """Programs that write in small letters, or their own parts, could not be read."""
    rule = parse_rule("freq=weekly;byday=mo,+1tu;X-NOTE=1;UNTIL=20260301;RSCALE=GREGORIAN;SKIP=OMIT;")
    assert rule.by_day == ((0, 0), (1, 1))
    assert rule.until == datetime(2026, 3, 1, 23, 59, 59)
    assert parse_rule("FREQ=DAILY;UNTIL=99991231T235959Z").until is None
