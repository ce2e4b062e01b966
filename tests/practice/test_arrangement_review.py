"""What a careful adviser would remark on in whom a talk is with, how it is offered and when it takes place."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole
from infoint.model.debrief import Party
from infoint.model.events import Cancelled, Held, HistoryEntry, Requested, Scheduled
from infoint.model.exploration import Exploration
from infoint.model.identity import derive_id
from infoint.model.interview import Interview, Purpose
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.obstacle import Obstacle
from infoint.model.profile import Profile
from infoint.practice.finding import Finding, FindingCode, Severity
from infoint.practice.follow_up_rule import BusinessDays
from infoint.practice.policy import default_policy
from infoint.practice.review import review

MADRID, CHICAGO, SYDNEY = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Chicago"), ZoneInfo("Australia/Sydney")
ME = Profile(zone="Europe/Madrid")  # works from 9 to 17
ANA, BO, CY = (Contact(id=derive_id(name), name=name) for name in ("Ana Ruiz", "Bo Li", "Cy Dee"))
MONDAY = datetime(2026, 3, 2, 10, tzinfo=MADRID)
BEFORE = MONDAY - timedelta(days=300)
HALF = timedelta(minutes=30)
HOURS, DAYS, OVERLAP = FindingCode.START_OUTSIDE_WORKING_HOURS, FindingCode.WEEKEND_OR_HOLIDAY, FindingCode.MEETING_OVERLAP


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def found(findings: tuple[Finding, ...], code: FindingCode) -> Finding:
    (finding,) = (finding for finding in findings if finding.code == code)
    return finding


def history(*events: Any) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(BEFORE, event) for event in events)


def on(start: datetime, duration: timedelta = HALF) -> Scheduled:
    return Scheduled(Meeting(start=start, duration=duration, format=MeetingFormat.VIDEO))


def a_talk(*events: Any, name: str = "talk", **given: Any) -> Interview:
    return Interview(id=derive_id(name), **{"contact_ids": (ANA.id,), "history": history(*events), **given})


def reviewed(talk: Interview, *facts: Any, at: datetime = BEFORE, me: Profile = ME, **given: Any) -> tuple[Finding, ...]:
    return review(talk, Campaign(profile=me).including(ANA, BO, CY, *facts), at=at, **given)


# ── how ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_single_format_offered() -> None:
    """Whoever cannot do video would have to say no."""
    talk = a_talk(formats_offered=frozenset({MeetingFormat.VIDEO}))
    finding = found(reviewed(talk), FindingCode.SINGLE_FORMAT_OFFERED)
    assert (finding.text, finding.severity) == ("video", Severity.HINT)
    assert finding.suggestion == "Offer in person or phone too: a choice is easier to say yes to."
    assert reviewed(evolve(talk, formats_offered=frozenset(MeetingFormat))) == ()
    assert reviewed(evolve(talk, formats_offered=frozenset())) == ()
    assert reviewed(evolve(talk, history=history(Requested(), on(MONDAY)))) == ()


# ── when: the past ───────────────────────────────────────────────────────────────────────────────
def test_a_start_in_the_past() -> None:
    """A talk that took place would stay planned, and nobody would be thanked for it."""
    talk = a_talk(on(MONDAY))
    finding = found(reviewed(talk, at=MONDAY + timedelta(minutes=1)), FindingCode.START_IN_THE_PAST)
    assert finding.text == "2026-03-02 10:00 Europe/Madrid"
    assert reviewed(talk, at=MONDAY) == ()
    assert reviewed(talk, at=MONDAY.astimezone(UTC) - timedelta(minutes=1)) == ()
    assert reviewed(a_talk(on(MONDAY), Held()), at=MONDAY + timedelta(days=1)) == ()


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """Compared by the clock face, the hour that comes twice would be taken for one."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=MADRID)
    assert codes(reviewed(a_talk(on(first)), at=first.replace(fold=1))) == [FindingCode.START_IN_THE_PAST]
    twice = a_talk(on(first.replace(fold=1)), name="twice", contact_ids=(BO.id,))
    once = a_talk(on(first))
    assert OVERLAP not in codes(reviewed(once, twice)) + codes(reviewed(twice, once))
    over = a_talk(on(first + timedelta(minutes=15)))  # until 2:15 by the second count
    within = a_talk(on(first.replace(minute=10, fold=1)), name="within", contact_ids=(BO.id,))
    assert OVERLAP in codes(reviewed(over, within))
    assert OVERLAP in codes(reviewed(within, over))


def test_of_what_is_past_nothing_else_is_said() -> None:
    """The explorer would be asked to move what was last week."""
    night = a_talk(on(datetime(2026, 3, 1, 3, tzinfo=MADRID)))
    assert codes(reviewed(night, at=MONDAY)) == [FindingCode.START_IN_THE_PAST]
    assert set(codes(reviewed(night))) == {HOURS, DAYS}


# ── when: working hours ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("start", "inside"),
    [
        (time(9), True),
        (time(8, 59), False),
        (time(16, 30), True),
        (time(16, 31), False),
        (time(23, 45), False),
        (time(0), False),
    ],
)
def test_my_working_hours(start: time, inside: bool) -> None:
    """The first or the last half hour of the working day would be refused, or the one behind it let through."""
    findings = reviewed(a_talk(on(datetime.combine(MONDAY, start, tzinfo=MADRID))))
    mine = [one for one in findings if one.code == HOURS and "for you" in one.text]
    assert (mine == []) is inside
    for finding in mine:
        assert finding.severity is Severity.WARNING
        assert finding.suggestion == "Your hours are 09:00–17:00: move it there, or change them in your profile."


def test_my_hours_are_cut_by_the_policy() -> None:
    """An explorer who works at night would be told that three in the morning is a good time to meet."""
    early = evolve(ME, work_from=time(6), work_until=time(22))
    at_seven, at_eight = (a_talk(on(MONDAY.replace(hour=hour))) for hour in (7, 8))
    assert "07:00–07:30 for you (Europe/Madrid)" in [one.text for one in reviewed(at_seven, me=early)]
    assert reviewed(at_eight, me=early) == ()
    policy = evolve(default_policy(), earliest=time(6), latest=time(21))
    assert reviewed(at_seven, me=early, policy=policy) == ()


def test_hours_that_have_nothing_in_common() -> None:
    """Somebody who works in the evening would be sent to hours that end before they begin."""
    evening = evolve(ME, work_from=time(19), work_until=time(23))
    finding = reviewed(a_talk(on(MONDAY.replace(hour=19))), me=evening)[0]
    assert finding.code == HOURS
    assert finding.suggestion == "Your working hours and the hours for meetings have nothing in common: change one of them."


@pytest.mark.parametrize(
    ("zone", "hour", "inside"),
    [
        (CHICAGO, 15, True),  # 8 in Chicago
        (CHICAGO, 14, False),
        (SYDNEY, 9, False),  # 19 in Sydney
        (None, 10, True),
    ],
)
def test_their_working_hours(zone: ZoneInfo | None, hour: int, inside: bool) -> None:
    """People far away would be rung at night."""
    ana = evolve(ANA, zone=zone)
    theirs = [one for one in reviewed(a_talk(on(MONDAY.replace(hour=hour))), ana) if one.code == HOURS]
    assert (theirs == []) is inside
    for finding in theirs:
        assert "for Ana Ruiz" in finding.text
        assert finding.suggestion == "Propose a time between 08:00 and 18:00 where they are."


def test_a_contact_without_zone_lives_where_i_do() -> None:
    """Nothing would be said of a call at seven, because nobody noted where they live."""
    findings = [one for one in reviewed(a_talk(on(MONDAY.replace(hour=7)))) if one.code == HOURS]
    assert [one.text for one in findings] == [
        "07:00–07:30 for you (Europe/Madrid)",
        "07:00–07:30 for Ana Ruiz (Europe/Madrid)",
    ]


def test_people_in_one_zone_are_named_together() -> None:
    """A talk with ten people of one house would bring ten findings."""
    ana, bo = evolve(ANA, zone=CHICAGO), evolve(BO, zone=CHICAGO)
    talk = a_talk(on(MONDAY), contact_ids=(ANA.id, BO.id, CY.id))
    assert [one.text for one in reviewed(talk, ana, bo)] == ["03:00–03:30 for Ana Ruiz and Bo Li (America/Chicago)"]
    three = a_talk(on(MONDAY.replace(hour=7)), contact_ids=(ANA.id, BO.id, CY.id))
    assert "for Ana Ruiz, Bo Li and Cy Dee" in reviewed(three)[1].text


@pytest.mark.parametrize(("day", "inside"), [(date(2026, 3, 6), True), (date(2026, 3, 9), False), (date(2026, 3, 30), True)])
def test_hours_follow_the_clock_where_they_are(day: date, inside: bool) -> None:
    """In the weeks when only one side has changed its clocks, a time would be judged an hour off.

    Chicago goes forward on 8 March 2026, Madrid on the 29th: 15:00 in Madrid is 8:00 there, for three weeks 9:00, then 8:00.
    """
    start = datetime.combine(day, time(15), tzinfo=MADRID)
    policy = evolve(default_policy(), latest=time(17), earliest=time(8))
    assert reviewed(a_talk(on(start)), evolve(ANA, zone=CHICAGO), policy=policy) == ()
    later = a_talk(on(start, timedelta(minutes=60)))
    until = evolve(default_policy(), earliest=time(8), latest=time(9))
    theirs = [one for one in reviewed(later, evolve(ANA, zone=CHICAGO), policy=until) if "Ana" in one.text]
    assert (theirs == []) is inside


def test_a_night_with_a_missing_hour() -> None:
    """A talk over the hour that does not exist would seem to end an hour early."""
    owl = evolve(ME, work_from=time(0), work_until=time(3, 29))
    policy = evolve(default_policy(), earliest=time(0), latest=time(23))
    start = datetime(2026, 3, 29, 1, 45, tzinfo=MADRID)
    findings = reviewed(a_talk(on(start, timedelta(minutes=45))), me=owl, policy=policy)
    assert "01:45–03:30 for you (Europe/Madrid)" in [one.text for one in findings]


@given(
    minute=st.integers(0, 24 * 60 - 1),
    length=st.integers(5, 600),
    zone=st.sampled_from([MADRID, CHICAGO, SYDNEY, ZoneInfo("Asia/Kathmandu")]),
)
def test_inside_is_inside(minute: int, length: int, zone: ZoneInfo) -> None:
    """The rule would be something else than: begins no earlier, ends no later, on one day."""
    start = datetime(2026, 6, 3, tzinfo=UTC) + timedelta(minutes=minute)
    meeting = Meeting(start=start, duration=timedelta(minutes=length), format=MeetingFormat.PHONE)
    findings = reviewed(a_talk(Scheduled(meeting)), evolve(ANA, zone=zone))
    local = start.astimezone(zone)
    begins = local.hour * 60 + local.minute
    theirs = any(one.code == HOURS and "for Ana" in one.text for one in findings)
    assert theirs is not (begins >= 8 * 60 and begins + length <= 18 * 60)


# ── when: days ───────────────────────────────────────────────────────────────────────────────────
def test_a_weekend() -> None:
    """People would be asked for their Sunday."""
    finding = found(reviewed(a_talk(on(MONDAY - timedelta(days=1)))), DAYS)
    assert finding.text == "2026-03-01, a weekend day for you and Ana Ruiz"
    assert finding.suggestion == "Move it to a business day; the next is 2026-03-02."
    assert finding.severity is Severity.WARNING
    policy = evolve(default_policy(), business_days=BusinessDays(weekend=frozenset({4, 5})))
    assert reviewed(a_talk(on(MONDAY - timedelta(days=1))), policy=policy) == ()
    assert DAYS in codes(reviewed(a_talk(on(MONDAY - timedelta(days=3))), policy=policy))


def test_a_holiday() -> None:
    """A day off would be found only where it is a weekend."""
    policy = evolve(default_policy(), business_days=BusinessDays(holidays=frozenset({MONDAY.date(), date(2026, 3, 3)})))
    finding = found(reviewed(a_talk(on(MONDAY)), policy=policy), DAYS)
    assert finding.text == "2026-03-02, a holiday for you and Ana Ruiz"
    assert finding.suggestion.endswith("2026-03-04.")


def test_a_day_off_on_one_side_only() -> None:
    """Friday afternoon here is Saturday there, and Monday morning Sunday."""
    policy = evolve(default_policy(), earliest=time(0), latest=time(23, 59))
    sydney, chicago = evolve(ANA, zone=SYDNEY), evolve(ANA, zone=CHICAGO)
    friday = datetime(2026, 2, 27, 16, tzinfo=MADRID)
    late = a_talk(on(friday))
    assert found(reviewed(late, sydney, policy=policy), DAYS).text == "2026-02-28, a weekend day for Ana Ruiz"
    assert DAYS not in codes(reviewed(late, chicago, policy=policy))
    early = a_talk(on(MONDAY.replace(hour=6)))
    assert found(reviewed(early, chicago, policy=policy), DAYS).text == "2026-03-01, a weekend day for Ana Ruiz"
    sunday_night = a_talk(on(datetime(2026, 3, 1, 20, tzinfo=MADRID)))
    assert found(reviewed(sunday_night, sydney, policy=policy), DAYS).text == "2026-03-01, a weekend day for you"


def test_two_days_off_are_two_findings() -> None:
    """Where it is Saturday here and Sunday there, one of them would be hidden."""
    policy = evolve(default_policy(), earliest=time(0), latest=time(23, 59))
    saturday = a_talk(on(datetime(2026, 2, 28, 20, tzinfo=MADRID)))
    findings = [one.text for one in reviewed(saturday, evolve(ANA, zone=SYDNEY), policy=policy) if one.code == DAYS]
    assert findings == ["2026-02-28, a weekend day for you", "2026-03-01, a weekend day for Ana Ruiz"]


def test_what_is_called_off_need_not_move() -> None:
    """A talk that fell through would be moved to a business day."""
    off = a_talk(on(MONDAY - timedelta(days=1)), Cancelled(Party.THEM))
    assert reviewed(off) == ()


# ── when: other talks ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("offset", "length", "overlap"),
    [(-30, 30, False), (-30, 31, True), (30, 30, False), (29, 30, True), (0, 30, True), (-60, 240, True), (10, 5, True)],
)
def test_an_overlap(offset: int, length: int, overlap: bool) -> None:
    """Two people would wait at once, or talks that follow each other would be told apart."""
    start = MONDAY.astimezone(CHICAGO) + timedelta(minutes=offset)
    other = a_talk(on(start, timedelta(minutes=length)), name="other", contact_ids=(BO.id, CY.id))
    talk = a_talk(on(MONDAY))
    assert (OVERLAP in codes(reviewed(talk, talk, other))) is overlap
    assert (OVERLAP in codes(reviewed(other, talk, other))) is overlap


def test_an_overlap_says_with_whom() -> None:
    """The explorer would have to look for the other talk."""
    other = a_talk(on(MONDAY), name="other", contact_ids=(BO.id, CY.id))
    finding = found(reviewed(a_talk(on(MONDAY)), other), OVERLAP)
    assert finding.text == "2026-03-02 10:00 Europe/Madrid, with Bo Li and Cy Dee"
    assert finding.severity is Severity.WARNING


def test_what_does_not_stand_is_no_overlap() -> None:
    """A cancelled talk, or one without a time, would block the hour."""
    for story in ((on(MONDAY), Cancelled(Party.ME)), (Requested(),), ()):
        assert reviewed(a_talk(on(MONDAY)), a_talk(*story, name="other", contact_ids=(BO.id,))) == ()


def test_an_employment_talk_blocks_the_hour_too() -> None:
    """One cannot be in two places, whatever for."""
    other = a_talk(on(MONDAY), name="other", contact_ids=(BO.id,), purpose=Purpose.EMPLOYMENT)
    assert codes(reviewed(a_talk(on(MONDAY)), other)) == [OVERLAP]


# ── whom ─────────────────────────────────────────────────────────────────────────────────────────
HR = ContactRole.RECRUITER
UX = Exploration(id=derive_id("ux"), subject="UX research")
ANA_HR, BO_HR = evolve(ANA, role=HR), evolve(BO, role=HR)


def on_ux(*events: Any, name: str = "talk", **given: Any) -> Interview:
    return a_talk(*events, name=name, exploration_id=UX.id, **given)


def test_personnel_only() -> None:
    """The explorer would learn about vacancies, and nothing about the work."""
    other = on_ux(on(MONDAY), Held(), name="other", contact_ids=(BO.id,))
    finding = found(reviewed(on_ux(), ANA_HR, BO_HR, UX, other), FindingCode.HR_ONLY)
    assert (finding.text, finding.severity) == ("Ana Ruiz and Bo Li", Severity.HINT)
    assert finding.suggestion.startswith("Ask somebody who does the work")
    known = evolve(UX, obstacles=frozenset({Obstacle.ONLY_PERSONNEL_STAFF}))
    assert found(reviewed(on_ux(), ANA_HR, known), FindingCode.HR_ONLY).severity is Severity.WARNING
    without = evolve(UX, obstacles=frozenset({Obstacle.LITTLE_KNOWLEDGE}))
    assert found(reviewed(on_ux(), ANA_HR, without), FindingCode.HR_ONLY).severity is Severity.HINT


def test_one_who_does_the_work_is_enough() -> None:
    """Whoever has a practitioner on the list would be told to find one; a role nobody noted may be one."""
    for other in (evolve(BO, role=ContactRole.PRACTITIONER), evolve(BO, role=ContactRole.SUPERVISOR), BO):
        second = on_ux(name="other", contact_ids=(BO.id,))
        assert reviewed(on_ux(), ANA_HR, other, UX, second) == ()
        assert reviewed(on_ux(contact_ids=(ANA.id, BO.id)), ANA_HR, other, UX) == ()
    assert reviewed(on_ux(), ANA, UX) == ()


def test_who_was_met_counts_not_who_was_asked() -> None:
    """A practitioner who sent the recruiter instead would count as heard."""
    sent = Held(met=(BO.id,))
    other = on_ux(on(MONDAY), sent, name="other", contact_ids=(CY.id,))
    assert FindingCode.HR_ONLY in codes(reviewed(on_ux(), ANA_HR, BO_HR, UX, other))


def test_other_talks_that_do_not_count_for_it() -> None:
    """A talk that fell through, is about employment, or about another question would stand in for a practitioner."""
    bo = evolve(BO, role=ContactRole.PRACTITIONER)
    for other in (
        on_ux(on(MONDAY), Cancelled(Party.THEM), name="other", contact_ids=(BO.id,)),
        on_ux(name="other", contact_ids=(BO.id,), purpose=Purpose.EMPLOYMENT),
        a_talk(name="other", contact_ids=(BO.id,)),
    ):
        assert codes(reviewed(on_ux(), ANA_HR, bo, UX, other)) == [FindingCode.HR_ONLY]


def test_talks_without_a_question_under_study_are_seen_together() -> None:
    """An explorer who keeps no explorations would be warned at every recruiter."""
    bo = evolve(BO, role=ContactRole.PRACTITIONER)
    assert codes(reviewed(a_talk(), ANA_HR)) == [FindingCode.HR_ONLY]
    assert reviewed(a_talk(), ANA_HR, bo, a_talk(name="other", contact_ids=(BO.id,))) == ()


def test_where_recruiters_are_right() -> None:
    """A talk about employment is theirs; and of one that is over or fell through, it is too late to say so."""
    assert reviewed(on_ux(purpose=Purpose.EMPLOYMENT), ANA_HR, UX) == ()
    assert reviewed(on_ux(on(MONDAY), Cancelled(Party.THEM)), ANA_HR, UX) == ()
    assert reviewed(on_ux(on(MONDAY), Held()), ANA_HR, UX) == ()


def test_an_exploration_that_is_not_there() -> None:
    """A native error would say which dictionary has no such key."""
    with pytest.raises(NotFound, match="exploration"):
        reviewed(on_ux(), ANA_HR)
