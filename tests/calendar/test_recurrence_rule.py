"""Rules that every program reads alike, and starts that fit them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from dateutil import tz

from infoint.calendar import (
    AllDay,
    CalendarEntry,
    CalendarHead,
    Component,
    Frequency,
    IcsWriter,
    Recurrence,
    Timed,
    When,
    to_ics,
)
from infoint.errors import InvalidValue, NaiveTime

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = Timed.starting(datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN), timedelta(hours=1))
ENTRY = CalendarEntry(uid="talk", when=FRIDAY, summary="Talk", last_modified=datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("rule", "when", "written"),
    [
        (Recurrence(Frequency.DAILY, count=3), FRIDAY, "FREQ=DAILY;COUNT=3"),
        (Recurrence(Frequency.WEEKLY, 2, count=3), FRIDAY, "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=FR"),
        (Recurrence(Frequency.MONTHLY, count=3), FRIDAY, "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=27"),
        (Recurrence(Frequency.MONTHLY, 3, count=4), AllDay(date(2026, 1, 31)), "FREQ=MONTHLY;INTERVAL=3;COUNT=4;BYMONTHDAY=-1"),
        (Recurrence(Frequency.MONTHLY, count=4), AllDay(date(2026, 2, 28)), "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=28"),
        (Recurrence(Frequency.MONTHLY, count=4), AllDay(date(2028, 2, 29)), "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-1"),
        (Recurrence(Frequency.YEARLY, count=2), FRIDAY, "FREQ=YEARLY;COUNT=2;BYMONTH=3;BYMONTHDAY=27"),
        (
            Recurrence(Frequency.WEEKLY, until=datetime(2026, 6, 1, 0, 0, tzinfo=BERLIN)),
            FRIDAY,
            "FREQ=WEEKLY;UNTIL=20260531T220000Z;BYDAY=FR",
        ),
        (Recurrence(Frequency.DAILY, until=date(2026, 6, 1)), AllDay(date(2026, 3, 27)), "FREQ=DAILY;UNTIL=20260601"),
        (Recurrence(Frequency.DAILY, until=date(999, 6, 1)), AllDay(date(999, 3, 27)), "FREQ=DAILY;UNTIL=09990601"),
        (Recurrence(Frequency.WEEKLY, until=FRIDAY.start), FRIDAY, "FREQ=WEEKLY;UNTIL=20260327T140000Z;BYDAY=FR"),
        # Told in UTC, where it is the day before: what is written has to fit what is written beside it.
        (
            Recurrence(Frequency.WEEKLY, count=2),
            Timed(datetime(2026, 3, 27, 0, 30, tzinfo=timezone(timedelta(hours=2)))),
            "FREQ=WEEKLY;COUNT=2;BYDAY=TH",
        ),
        (
            Recurrence(Frequency.MONTHLY, count=2),
            Timed(datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))),
            "FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-1",
        ),
        (Recurrence(Frequency.WEEKLY, count=2), Timed(datetime(2026, 3, 27, tzinfo=ZoneInfo("UTC"))), "FREQ=WEEKLY;COUNT=2;BYDAY=FR"),
    ],
)  # fmt: skip
def test_rules_as_written(rule: Recurrence, when: When, written: str) -> None:
    """A rule would skip its own start, end at another moment, or use parts that programs disagree about."""
    assert rule.rule(when) == written
    assert f"\r\nRRULE:{written}\r\n" in to_ics([evolve(ENTRY, when=when, recurrence=rule)]).decode().replace("\r\n ", "")


@pytest.mark.parametrize(
    ("when", "rule", "problem"),
    [
        (AllDay(date(2026, 1, 29)), {"frequency": Frequency.MONTHLY}, "day 29"),
        (AllDay(date(2028, 2, 29)), {"frequency": Frequency.YEARLY}, "29 February"),
        (FRIDAY, {"until": date(2026, 6, 1)}, "until must be"),
        (AllDay(date(2026, 3, 27)), {"until": datetime(2026, 6, 1, tzinfo=UTC)}, "until must be"),
        (FRIDAY, {"until": datetime(2026, 3, 27, 13, 59, tzinfo=UTC)}, "before the start"),
        (AllDay(date(2026, 3, 27)), {"until": date(2026, 3, 26)}, "before the start"),
        (Timed(datetime(2026, 3, 27, 15, tzinfo=tz.gettz("Europe/Berlin"))), {}, "IANA zone, in UTC or at a fixed offset"),
        (Timed(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)), {}, "clocks show twice"),
        (Timed(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)), {}, "clocks show twice"),
        (Timed.starting(datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), timedelta(hours=1)), {}, "clocks show twice"),
        (Timed(datetime(1999, 7, 1, 9, tzinfo=BERLIN)), {}, "2000 to 2045"),
        (Timed(datetime(2046, 7, 1, 9, tzinfo=BERLIN)), {}, "2000 to 2045"),
    ],
)
def test_starts_that_do_not_fit_are_refused(when: When, rule: dict[str, Any], problem: str) -> None:
    """Programs would disagree about when it is next, or clocks' time be lost in UTC."""
    rule = {"frequency": Frequency.WEEKLY, **rule}
    made = Recurrence(**rule, **({} if "until" in rule else {"count": 3}))
    with pytest.raises(InvalidValue, match=rf"Recurrence\.frequency: .*{problem}"):
        evolve(ENTRY, when=when, recurrence=made)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "until"),
        ({"count": 2, "until": date(2026, 6, 1)}, "until"),
        ({"count": 0}, "count"),
        ({"count": 10_000}, "count"),
        ({"count": True}, "count"),
        ({"until": "20260601"}, "until"),
        ({"count": 2, "interval": 0}, "interval"),
        ({"count": 2, "interval": 1000}, "interval"),
        ({"count": 2, "frequency": "DAILY"}, "frequency"),
    ],
)
def test_rules_that_cannot_be_are_refused(facts: dict[str, Any], field: str) -> None:
    """A rule without end, with two, or of nothing would reach a file."""
    with pytest.raises(InvalidValue, match=rf"Recurrence\.{field}"):
        Recurrence(**{"frequency": Frequency.DAILY, **facts})
    with pytest.raises(NaiveTime, match=r"Recurrence\.until"):
        Recurrence(Frequency.DAILY, until=datetime(2026, 6, 1))


def test_to_dos_do_not_repeat() -> None:
    """A VTODO with a DUE alone has no start to repeat from."""
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.recurrence: a VTODO is due once"):
        evolve(ENTRY, when=AllDay(date(2026, 3, 27)), component=Component.TODO, recurrence=Recurrence(Frequency.DAILY, count=2))
    with pytest.raises(InvalidValue, match=r"CalendarEntry\.recurrence"):
        evolve(ENTRY, recurrence="FREQ=DAILY")  # type: ignore[arg-type]  # wrong on purpose


def test_what_repeats_from_before_the_described_years_is_refused_by_name() -> None:
    """It would be written in UTC, and be an hour off for half of each year."""
    early = evolve(ENTRY, when=Timed(datetime(2019, 7, 1, 9, tzinfo=BERLIN)), recurrence=Recurrence(Frequency.WEEKLY, count=99))
    with pytest.raises(InvalidValue, match=r"IcsWriter\.zones_since: needs 2019 or earlier: .* Europe/Berlin"):
        next(IcsWriter().chunks([early], CalendarHead()))
    assert b"DTSTART;TZID=Europe/Berlin:20190701T090000" in b"".join(
        IcsWriter(zones_since=2019).chunks([early], CalendarHead())
    )


def test_rules_are_values() -> None:
    """The same end told in two zones, or two ends of one wall's time, would be one rule."""
    ends = [datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1)]
    one, other = (Recurrence(Frequency.DAILY, until=end) for end in ends)
    assert one != other
    assert hash(one) == hash(Recurrence(Frequency.DAILY, until=ends[0]))
