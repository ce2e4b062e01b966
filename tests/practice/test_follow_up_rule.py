"""Rules as values, and the days they count in."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, strategies as st

from infoint.errors import InvalidValue
from infoint.model.contact import Contact
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import derive_id
from infoint.model.interview import MET, Interview
from infoint.practice import Anchor, BusinessDays, Deadline, FollowUpRule, Offset, Per

ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,))
RULE = FollowUpRule(
    kind=FollowUpKind("acme:gift"), anchor=Anchor.END, offset=Offset(days=1), during=MET, summary="A gift for {contact}"
)


# ── offsets ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("units", [{"days": 1, "hours": 2}, {"months": 1, "business_days": -1}])
def test_an_offset_has_one_unit(units: dict[str, int]) -> None:
    """Two units in one offset were added up in an order nobody said."""
    with pytest.raises(InvalidValue, match="an offset has one unit"):
        Offset(**units)


@pytest.mark.parametrize("units", [{"days": 1.5}, {"days": "3"}, {"hours": True}, {"months": 10**6}, {"days": 10**9}])
def test_an_offset_counts_whole_units_within_reason(units: dict[str, Any]) -> None:
    """Half days, or dates past every calendar."""
    with pytest.raises(InvalidValue, match=rf"Offset\.{next(iter(units))}"):
        Offset(**units)


def test_only_hours_and_minutes_are_elapsed_time() -> None:
    """A day was taken for 24 hours."""
    assert Offset(hours=2).elapsed == timedelta(hours=2)
    assert Offset(minutes=-5).elapsed == -timedelta(minutes=5)
    assert Offset(days=1).elapsed == Offset(months=1).elapsed == Offset().elapsed == timedelta(0)


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "business_days", "months"])
def test_a_negative_offset_leads_back(unit: str) -> None:
    """What is to be done before a talk was taken for what comes after."""
    assert Offset(**{unit: -1}).is_before
    assert not Offset(**{unit: 1}).is_before
    assert not Offset().is_before


# ── templates ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "summary",
    [
        "For {person}",
        "For {contact.name}",
        "For {contact[0]}",
        "For {}",
        "For {0}",
        "For {contact!r}",
        "For {contact:>9}",
        "For {contact:{field}}",
        "For {contact",
        "For contact}",
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_when_made(summary: str) -> None:
    """A slip in a template showed only when somebody's follow-up was planned; or it could reach into our values."""
    with pytest.raises(InvalidValue, match=r"FollowUpRule\.summary"):
        evolve(RULE, summary=summary)


def test_a_template_has_four_words_and_may_hold_braces() -> None:
    """A word the documentation offers was not filled in."""
    rule = evolve(RULE, summary="{contact}, {organization}, {field}, {referral}, {{contact}}")
    words = {"contact": "{field}", "organization": "Oak", "field": "UX", "referral": "Ben"}
    assert rule.summarise(**words) == "{field}, Oak, UX, Ben, {contact}"


# ── rules ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "field",
    [
        {"kind": "thank-you"},
        {"anchor": "end"},
        {"offset": timedelta(days=1)},
        {"otherwise": Offset(days=1)},
        {"during": frozenset({"held"})},
        {"during": "held"},
        {"per": "person"},
        {"summary": ""},
        {"obligatory": 1},
        {"reaches_out": None},
        {"rapport": 3},
        {"applies": "always"},
        {"replaces": "yes"},
    ],
)
def test_a_rule_refuses_what_it_cannot_mean(field: dict[str, Any]) -> None:
    """A rule with a wrong field was accepted and failed far from where it was written."""
    with pytest.raises(InvalidValue, match=next(iter(field))):
        evolve(RULE, **field)


def test_a_rule_wants_only_whom_it_is_meant_for() -> None:
    """A message was wanted to somebody who must not be contacted, or to a stranger; or a question was asked in vain."""
    away, cool, warm = evolve(ANA, do_not_contact=True), evolve(ANA, rapport=0), evolve(ANA, rapport=1)
    assert RULE.wants(TALK, away)
    assert not evolve(RULE, reaches_out=True).wants(TALK, away)
    assert not evolve(RULE, rapport=1).wants(TALK, cool)
    assert evolve(RULE, rapport=1).wants(TALK, warm)
    assert evolve(RULE, rapport=1).wants(TALK, ANA)
    assert not evolve(RULE, applies=lambda _talk, person: person.rapport == 1).wants(TALK, cool)
    assert evolve(RULE, applies=lambda _talk, person: person.rapport == 1).wants(TALK, warm)


def test_a_deadline_names_anchor_and_offset() -> None:
    """A deadline of other things was accepted."""
    assert Deadline(Anchor.DEBRIEFED, Offset(days=14)).offset.days == 14
    with pytest.raises(InvalidValue, match="anchor"):
        Deadline("debriefed", Offset(days=14))  # type: ignore[arg-type]  # bad input under test


def test_every_anchor_and_scope_has_its_own_word() -> None:
    """Two anchors or scopes would be one in a rule file."""
    assert len({*Anchor}) == 12
    assert len({*Per}) == 7


# ── business days ────────────────────────────────────────────────────────────────────────────────
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "by", "expected"),
    [
        (MONDAY, 1, date(2026, 3, 3)),
        (MONDAY, -1, date(2026, 2, 27)),  # over a weekend, backwards
        (MONDAY, 7, date(2026, 3, 11)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday to Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # Saturday to Monday, not to Tuesday
        (date(2026, 3, 8), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), -1, date(2026, 3, 6)),
        (date(2026, 3, 7), 7, date(2026, 3, 17)),
        (date(2026, 3, 7), 0, date(2026, 3, 7)),
    ],
)
def test_business_days_are_counted_one_by_one(start: date, by: int, expected: date) -> None:
    """A weekend start shifted the count by a day."""
    assert BusinessDays().shift(start, by) == expected


def test_holidays_and_other_weekends_do_not_count() -> None:
    """A holiday was a working day, or Sunday free where Friday and Saturday are."""
    holiday = BusinessDays(holidays=frozenset({date(2026, 3, 3), date(2026, 3, 4)}))
    assert holiday.shift(MONDAY, 1) == date(2026, 3, 5)
    assert holiday.shift(date(2026, 3, 5), -1) == MONDAY
    gulf = BusinessDays(weekend=frozenset({4, 5}))
    assert gulf.shift(date(2026, 3, 5), 1) == date(2026, 3, 8)  # Thursday to Sunday
    assert gulf.shift(date(2026, 3, 8), -1) == date(2026, 3, 5)
    assert BusinessDays(weekend=frozenset()).shift(date(2026, 3, 6), 1) == date(2026, 3, 7)


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7}), frozenset({-1}), 5, [[5]], frozenset({"Sunday"})])
def test_a_week_without_a_working_day_is_refused(weekend: Any) -> None:
    """Counting would never end, or a weekday no week has was accepted."""
    with pytest.raises(InvalidValue, match="weekend"):
        BusinessDays(weekend=weekend)


@pytest.mark.parametrize("holidays", [MONDAY, [[MONDAY]], frozenset({datetime(2026, 3, 2)}), frozenset({"2026-03-02"})])
def test_holidays_are_dates(holidays: Any) -> None:
    """A datetime among the holidays would never be met."""
    with pytest.raises(InvalidValue, match="holidays"):
        BusinessDays(holidays=holidays)


def test_days_off_may_come_as_a_list() -> None:
    """Holidays read from a file are a list: every app would have had to wrap them."""
    taken = BusinessDays(weekend=[4, 5], holidays=[MONDAY, MONDAY])
    assert taken == BusinessDays(weekend=frozenset({4, 5}), holidays=frozenset({MONDAY}))


def test_a_calendar_that_ends_is_said() -> None:
    """Counting past the last year ended in an error of Python's."""
    with pytest.raises(InvalidValue, match=r"BusinessDays\.by: leads past the end of the calendar from 9999-12-30"):
        BusinessDays().shift(date(9999, 12, 30), 5)


days = st.dates(date(2025, 11, 1), date(2026, 6, 30))
calendars = st.builds(
    BusinessDays,
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(days, max_size=20),
)


@given(calendars, days, st.integers(-15, 15).filter(bool))
def test_a_shift_ends_on_a_business_day_that_far_away(calendar: BusinessDays, day: date, by: int) -> None:
    """A due fell on a weekend or a holiday, or on the wrong day."""
    end = calendar.shift(day, by)
    assert end in calendar
    first, last = sorted((day, end))
    between = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    assert sum(one in calendar for one in between if one != day) == abs(by)


@given(calendars, days, st.integers(-15, 15))
def test_on_business_days_a_shift_can_be_taken_back(calendar: BusinessDays, day: date, by: int) -> None:
    """Forth and back did not lead home."""
    assume(day in calendar)
    assert calendar.shift(calendar.shift(day, by), -by) == day


@given(calendars, days, st.integers(0, 8), st.integers(0, 8))
def test_shifts_add_up(calendar: BusinessDays, day: date, some: int, more: int) -> None:
    """Three days and four were not seven."""
    assert calendar.shift(calendar.shift(day, some), more) == calendar.shift(day, some + more)
