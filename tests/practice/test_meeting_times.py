"""Which times are offered for a talk, which are possible at all, and what is said where there is none."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st
from hypothesis.strategies import DrawFn

from infoint.errors import InvalidValue, NaiveTime, NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Party
from infoint.model.events import Cancelled, Event, HistoryEntry, Requested, Scheduled
from infoint.model.identity import derive_id
from infoint.model.interview import Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.profile import Profile
from infoint.practice.follow_up_rule import BusinessDays
from infoint.practice.meeting_times import Busy, Slot, SlotRules, open_starts, propose_times, why_no_times
from infoint.practice.policy import Policy, default_policy

CHICAGO, MADRID, TOKYO = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Tokyo")
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=CHICAGO)
FRIDAY = date(2026, 3, 6)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", zone="Europe/Madrid")
BO = Contact(id=derive_id("bo"), name="Bo Li", zone="America/Chicago")
CY = Contact(id=derive_id("cy"), name="Cy Lind")
TALK = Interview(id=derive_id("talk"), contact_ids=(BO.id,))
AT_ONCE = SlotRules(notice=timedelta(0), before=timedelta(0), after=timedelta(0))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def campaign(*facts: Contact | Interview, zone: str = "America/Chicago", **profile: Any) -> Campaign:
    return Campaign(profile=Profile(zone=zone, **profile)).including(ANA, BO, CY, TALK, *facts)


def asked(talk: Interview = TALK, among: Campaign | None = None, **search: Any) -> dict[str, Any]:
    """A search from Monday noon to Friday, unless said otherwise."""
    usual = {"busy": (), "after": NOON, "until": FRIDAY, "interview": talk, "campaign": among or campaign()}
    return usual | search


def offered(**search: Any) -> list[str]:
    """As in: Tue 10:00, on the explorer's clock."""
    return [f"{slot.start:%a %H:%M}" for slot in propose_times(**asked(**search))]


def possible(**search: Any) -> list[str]:
    return [f"{start:%a %H:%M}" for start in open_starts(**asked(**search))]


def with_(*people: Contact, told: tuple[Event, ...] = (), name: str = "talk", **plan: Any) -> Interview:
    history = tuple(HistoryEntry(datetime(2026, 2, 1, hour, tzinfo=UTC), event) for hour, event in enumerate(told))
    return Interview(id=derive_id(name), contact_ids=tuple(one.id for one in people), history=history, **plan)


def on(day: int, hour: int, minute: int = 0, *, zone: ZoneInfo = CHICAGO) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=zone)


def agreed(start: datetime, format: MeetingFormat = MeetingFormat.PHONE) -> Scheduled:
    return Scheduled(Meeting(start=start, format=format))


def policy(**changes: Any) -> Policy:
    return evolve(default_policy(), **changes)


# ── laws, against a look at every minute ─────────────────────────────────────────────────────────
ZONES = [
    "America/Chicago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Madrid",
    "Pacific/Apia",
    "America/St_Johns",
    "Pacific/Honolulu",
]
NEAR_CHANGES = [
    date(2026, 3, 2),
    date(2026, 3, 25),
    date(2026, 4, 1),
    date(2026, 10, 1),
    date(2026, 10, 20),
    date(2011, 12, 26),
]
"""Within two weeks of each, some of those zones change their clocks; in the last, one leaves a day out."""


@st.composite
def clocks(draw: DrawFn) -> tuple[time, time]:
    """Hours of work, at times nearly the whole day: so clocks change within."""
    whole_day = st.just((time(0), time(23, 59)))
    some = st.tuples(st.integers(0, 11), st.sampled_from([0, 10, 30]), st.integers(12, 23), st.sampled_from([0, 20, 45]))
    return draw(whole_day | some.map(lambda one: (time(one[0], one[1]), time(one[2], one[3]))))


@st.composite
def business_days(draw: DrawFn, first: date) -> BusinessDays:
    weekend = draw(st.sampled_from([(), (5, 6), (4, 5), (6,)]))
    holidays = draw(st.lists(st.integers(0, 14), max_size=2))
    return BusinessDays(weekend=frozenset(weekend), holidays=frozenset(first + timedelta(days=ahead) for ahead in holidays))


@st.composite
def busy_times(draw: DrawFn, first: date) -> Busy:
    name = draw(st.sampled_from(["", "Dentist", "Choir"]))
    start = first + timedelta(days=draw(st.integers(-1, 14)))
    if draw(st.integers(0, 3)) == 0:
        return Busy(start, start + timedelta(days=draw(st.integers(1, 2))), name)
    begin = datetime.combine(start, time(), UTC) + minutes(draw(st.integers(0, 24 * 60)))
    return Busy(begin, begin + minutes(draw(st.integers(1, 600))), name)


@st.composite
def searches(draw: DrawFn, busy: int = 8) -> dict[str, Any]:
    """Arguments of the three functions, two weeks at most."""
    first = draw(st.sampled_from(NEAR_CHANGES))
    mine, (earliest, latest) = draw(clocks()), draw(clocks())
    zones = st.sampled_from(ZONES)
    people = [
        Contact(id=derive_id("person", number), name=f"P{number}", zone=zone)
        for number, zone in enumerate(draw(st.lists(st.none() | zones, min_size=1, max_size=2)))
    ]
    formats = draw(st.frozensets(st.sampled_from(MeetingFormat), max_size=1))
    talk = with_(*people, formats_offered=formats)
    other_start = datetime.combine(first, time(9), UTC) + minutes(draw(st.integers(0, 5 * 24 * 60)))
    other = with_(people[0], name="other", told=(agreed(other_start, draw(st.sampled_from(MeetingFormat))),))
    profile = Profile(zone=draw(zones), work_from=mine[0], work_until=mine[1])
    after = datetime.combine(first, time(6), profile.zone) + minutes(draw(st.integers(0, 600)))
    last = after.astimezone(profile.zone).date() + timedelta(days=draw(st.integers(0, 12)))
    room = st.sampled_from([0, 15, 20, 90]).map(minutes)
    return {
        "interview": talk,
        "campaign": Campaign(profile=profile).including(*people, talk, other),
        "busy": draw(st.lists(busy_times(first), max_size=busy)),
        "after": after,
        "until": last,
        "rules": SlotRules(
            duration=minutes(draw(st.sampled_from([15, 30, 50, 240]))),
            notice=draw(st.sampled_from([0, 7, 24 * 60])) * minutes(1),
            before=draw(room),
            after=draw(room),
            travel=draw(room),
            their_days=draw(st.none() | business_days(first)),
            step=minutes(draw(st.sampled_from([5, 15, 30, 60]))),
            count=draw(st.integers(1, 12)),
        ),
        "policy": policy(earliest=earliest, latest=latest, business_days=draw(business_days(first))),
    }


def in_utc(edge: date, zone: ZoneInfo) -> datetime:
    """Days begin when the clocks in the zone do so."""
    return (edge if isinstance(edge, datetime) else datetime.combine(edge, time(), zone)).astimezone(UTC)


def kept_free(search: dict[str, Any]) -> Iterator[tuple[datetime, datetime]]:
    """Every appointment with buffers and ways around it."""
    rules, zone = search["rules"], search["campaign"].profile.zone
    nowhere = timedelta(0)
    remote = search["interview"].formats_offered and MeetingFormat.IN_PERSON not in search["interview"].formats_offered
    way = nowhere if remote else rules.travel
    taken = [(in_utc(one.start, zone), in_utc(one.end, zone), nowhere) for one in search["busy"]]
    other = search["campaign"].interview(derive_id("other")).meeting
    its_way = rules.travel if other.format is MeetingFormat.IN_PERSON else nowhere
    taken.append((in_utc(other.start, zone), in_utc(other.end, zone), its_way))
    for start, end, extra in taken:
        if start < end:
            yield start - extra - way - rules.after, end + extra + way + rules.before


def by_looking_at_every_minute(search: dict[str, Any]) -> list[datetime]:
    """What `open_starts` must find, with nothing but a walk through the minutes."""
    profile, people, rules = search["campaign"].profile, search["campaign"].people(search["interview"]), search["rules"]
    days, first, last = search["policy"].business_days, search["policy"].earliest, search["policy"].latest
    sides = [(profile.zone, max(first, profile.work_from), min(last, profile.work_until), days)]
    sides += [(person.zone or profile.zone, first, last, rules.their_days or days) for person in people]
    taken = [*kept_free(search)]
    minute = in_utc(search["after"], profile.zone)
    end = datetime.combine(search["until"] + timedelta(days=1), time(), profile.zone).astimezone(UTC)
    works: dict[datetime, bool] = {}
    while minute < end:
        shown = [(minute.astimezone(zone), opens, closes, days) for zone, opens, closes, days in sides]
        works[minute] = all(opens <= at.time() < closes and at.date() in days for at, opens, closes, days in shown) and not any(
            start <= minute < end for start, end in taken
        )
        minute += minutes(1)
    found, length = [], rules.duration // minutes(1)
    for start in works:
        at = start.astimezone(profile.zone)
        suits = not at.minute % (rules.step // minutes(1)) and start >= in_utc(search["after"], profile.zone) + rules.notice
        if suits and all(works.get(start + minutes(number), False) for number in range(length)):
            found.append(at)
    return found


@given(searches())
def test_every_possible_start_is_found_and_no_other(search: dict[str, Any]) -> None:
    """A time was offered at which somebody sleeps, travels or is taken; or one was missed."""
    assert open_starts(**search) == tuple(by_looking_at_every_minute(search))


@given(searches())
def test_what_is_offered_is_possible_and_does_not_overlap(search: dict[str, Any]) -> None:
    """The choice left the possible times, or offered the same half hour twice."""
    slots, starts = propose_times(**search), open_starts(**search)
    assert {slot.start.astimezone(UTC) for slot in slots} <= {start.astimezone(UTC) for start in starts}
    assert len(slots) <= search["rules"].count
    assert bool(slots) is bool(starts)
    assert bool(why_no_times(**search)) is not bool(slots)
    in_order = sorted((slot.start.astimezone(UTC), slot.end.astimezone(UTC)) for slot in slots)
    assert all(end <= start for (_, end), (start, _) in pairwise(in_order))
    for slot in slots:
        assert slot.duration == search["rules"].duration
        assert slot.start.tzinfo == search["campaign"].profile.zone
        assert {one.astimezone(UTC) for one in slot.theirs} == {slot.start.astimezone(UTC)}


@given(searches())
def test_one_more_time_changes_none_before_it(search: dict[str, Any]) -> None:
    """Whoever asked for six times instead of five got another best one."""
    longer = search | {"rules": evolve(search["rules"], count=search["rules"].count + 1)}
    assert propose_times(**longer)[: search["rules"].count] == propose_times(**search)


@given(searches(), st.randoms(use_true_random=False))
def test_how_busy_times_are_given_does_not_matter(search: dict[str, Any], shuffled: random.Random) -> None:
    """The order in a calendar file, or an appointment written down as two that touch, changed the offer."""
    expected = propose_times(**search)
    pieces: list[Busy] = []
    for one in search["busy"]:
        middle = one.start + (one.end - one.start) // 2
        halves = [evolve(one, end=middle), evolve(one, start=middle)] if one.start < middle < one.end else [one]
        pieces += shuffled.sample(halves, len(halves))
    shuffled.shuffle(pieces)
    assert propose_times(**search | {"busy": iter(pieces)}) == expected


@given(searches(busy=4), st.data())
def test_being_busy_opens_nothing(search: dict[str, Any], data: st.DataObject) -> None:
    """One appointment more made a time possible that was not."""
    more = data.draw(busy_times(search["after"].date()))
    assert set(open_starts(**search | {"busy": [*search["busy"], more]})) <= set(open_starts(**search))


# ── what is offered ──────────────────────────────────────────────────────────────────────────────
def test_the_choice_is_of_days_and_parts_of_the_day() -> None:
    """Five times of one morning are no choice."""
    assert offered(until=date(2026, 3, 20)) == ["Tue 14:00", "Wed 10:00", "Thu 10:00", "Fri 14:00", "Mon 10:00"]


def test_a_day_gives_several_times_where_there_are_few_days() -> None:
    """Somebody free on Tuesday alone was offered one time."""
    assert offered(until=date(2026, 3, 3), after=on(2, 6)) == ["Tue 10:00", "Tue 14:00", "Tue 11:00", "Tue 15:00", "Tue 09:30"]


def test_a_time_next_month_is_no_better_than_one_more_this_week() -> None:
    """Whoever has Mondays only was offered five Mondays in a row, the last in April."""
    mondays = policy(business_days=BusinessDays(weekend=frozenset(range(1, 7))))
    slots = propose_times(**asked(policy=mondays, until=date(2026, 5, 1)))
    assert [f"{slot.start:%d %b %H:%M}" for slot in slots] == [
        "09 Mar 10:00",
        "16 Mar 14:00",
        "09 Mar 14:00",
        "23 Mar 10:00",
        "16 Mar 10:00",
    ]


def test_midday_and_the_edges_of_the_day_come_last() -> None:
    """A talk over lunch was offered while the afternoon was open."""
    busy = [Busy(on(3, 9, 30), on(3, 12)), Busy(on(3, 14), on(3, 16))]
    slots = propose_times(**asked(busy=busy, until=date(2026, 3, 3), after=on(3, 0), rules=AT_ONCE))
    texts = {f"{slot.start:%a %H:%M}": slot.why for slot in slots}
    assert texts["Tue 09:00"] == "09:00 for you both; right before another appointment; early for you"
    assert "over midday for you and for them" in texts["Tue 12:00"]
    assert (
        "late for you"
        in propose_times(**asked(busy=[Busy(on(3, 0), on(3, 16, 30))], until=date(2026, 3, 3), after=on(3, 0), rules=AT_ONCE))[
            0
        ].why
    )


def test_full_hours_come_before_half_hours_before_quarters() -> None:
    """10:15 was offered with the full hour open."""
    only = [Busy(on(3, 0), on(3, 10, 15)), Busy(on(3, 11, 45), on(4, 0))]
    twenty = evolve(AT_ONCE, duration=minutes(20), count=3, step=minutes(5), notice=timedelta(hours=12))
    assert offered(busy=only, until=date(2026, 3, 3), rules=twenty) == ["Tue 11:00", "Tue 10:30", "Tue 11:20"]


def test_the_number_of_times_is_the_apps() -> None:
    """A letter with room for two got five."""
    assert len(offered(rules=SlotRules(count=2))) == 2


def test_a_time_is_told_on_both_clocks_with_its_reasons() -> None:
    """Nobody could see why this time, or what it is for the other."""
    dentist = Busy(on(3, 8), on(3, 9), "Dentist")
    slot = propose_times(
        **asked(with_(ANA), busy=[dentist], until=date(2026, 3, 3), rules=SlotRules(count=1, notice=timedelta(0)))
    )[0]
    assert slot.start == on(3, 10)
    assert slot.end == on(3, 10, 30)
    assert slot.theirs == (on(3, 17, zone=MADRID),)
    assert slot.reasons == ("10:00 for you, 17:00 in Madrid", "leaves 1 hour after “Dentist”")
    assert str(slot) == "Tue 2026-03-03 10:00 (America/Chicago): 10:00 for you, 17:00 in Madrid; leaves 1 hour after “Dentist”"


def test_another_day_on_the_other_clock_is_named() -> None:
    """Monday afternoon here was taken for Monday there."""
    dee = Contact(id=derive_id("dee"), name="Dee Ito", zone="Asia/Tokyo")
    among = campaign(dee, zone="America/Los_Angeles")
    slot = propose_times(**asked(with_(dee), among, until=date(2026, 3, 5)))[0]
    assert slot.reasons[0] == "16:00 for you, 09:00 on Wednesday in Tokyo"
    assert slot.theirs[0].date() == slot.start.date() + timedelta(days=1)


def test_appointments_near_by_are_told_and_far_ones_are_not() -> None:
    """Every reason listed the morning's dentist; or the next appointment came as a surprise."""
    near = [Busy(on(3, 8), on(3, 10)), Busy(on(3, 10, 30), on(3, 17), "Choir")]
    slots = propose_times(**asked(busy=near, until=date(2026, 3, 3), after=on(3, 0), rules=AT_ONCE))
    assert [slot.why for slot in slots] == ["10:00 for you both; right after another appointment; right before “Choir”"]
    far = propose_times(**asked(busy=[Busy(on(3, 8), on(3, 9), "Dentist")], until=date(2026, 3, 3), after=on(2, 6)))
    assert [slot.why for slot in far if slot.start == on(3, 14)] == ["14:00 for you both"]


def test_of_several_at_one_moment_always_the_same_is_named() -> None:
    """The order in a calendar file decided which appointment the reasons speak of."""
    names = ["Dentist", "Choir", "Gym", "Bank"]
    before = [Busy(on(3, 8, 40 - 10 * place), on(3, 9), name) for place, name in enumerate(names)]
    after = [Busy(on(3, 11), on(3, 12), name) for name in reversed(names)]
    busy = [*after, *before, Busy(on(3, 12), on(3, 18), "Trip"), Busy(on(2, 8), on(3, 8, 30), "Night train")]
    once = {"after": on(2, 0), "until": date(2026, 3, 3), "rules": SlotRules(count=1)}
    for appointments in (busy, busy[::-1]):
        (slot,) = propose_times(**asked(busy=appointments, **once))
        assert slot.reasons[1:] == ("leaves 1 hour after “Gym”", "leaves 30 minutes before “Bank”")


def test_a_day_without_appointments_is_told() -> None:
    """The explorer could not see which day stays whole otherwise; nor may it be claimed where no calendar was given."""
    busy = [Busy(on(3, 0), on(4, 0)), Busy(on(5, 0), on(6, 0))]
    assert {slot.start.day: slot.reasons[1:] for slot in propose_times(**asked(busy=busy))} == {
        4: ("nothing else that day",),
        6: ("nothing else that day",),
    }
    assert all(slot.reasons == (f"{slot.start:%H:%M} for you both",) for slot in propose_times(**asked()))


def test_a_contact_without_zone_is_taken_to_share_the_explorers() -> None:
    """The assumption was made and nobody told."""
    slot = propose_times(**asked(with_(CY)))[0]
    assert slot.reasons == ("14:00 for you both", "no zone is known for Cy Lind, so yours is taken")
    assert slot.theirs == (slot.start,)


def test_all_who_are_asked_count() -> None:
    """The second of two people was asked to come at night."""
    slot = propose_times(**asked(with_(BO, ANA, CY), rules=SlotRules(count=1)))[0]
    assert slot.reasons == ("10:00 for you, 17:00 in Madrid", "no zone is known for Cy Lind, so yours is taken")
    assert [str(one.tzinfo) for one in slot.theirs] == ["America/Chicago", "Europe/Madrid"]
    assert propose_times(**asked(with_(BO, CY)))[0].reasons[0] == "14:00 for all of you"


def test_a_very_long_name_does_not_break_the_offer() -> None:
    """A calendar entry with a paragraph for a title stopped everything."""
    busy = [Busy(on(3, 8), on(3, 9, 30), "x" * 1_000)]
    many = [Contact(id=derive_id("p", number), name=f"{number} {'n' * 500}") for number in range(3)]
    slots = propose_times(
        **asked(with_(*many), campaign(*many), busy=busy, until=date(2026, 3, 3), after=on(2, 6), rules=AT_ONCE)
    )
    reasons = [reason for slot in slots for reason in slot.reasons]
    assert any(reason.endswith("xxx…") and len(reason) < 110 for reason in reasons)
    assert max(map(len, reasons)) == 1_000


# ── what is possible: hours, days, notice ────────────────────────────────────────────────────────
def test_hours_are_the_explorers_and_the_policys_for_both() -> None:
    """Somebody was asked to come before dawn; or the policy's hours were forgotten for the explorer."""
    hours = {"work_from": time(6), "work_until": time(20)}
    tuesday = {"until": date(2026, 3, 3), "rules": evolve(AT_ONCE, step=minutes(60), notice=timedelta(hours=12))}
    assert possible(among=campaign(**hours), **tuesday) == [f"Tue {hour:02}:00" for hour in range(8, 18)]
    assert possible(**tuesday) == [f"Tue {hour:02}:00" for hour in range(9, 17)]
    narrow = policy(earliest=time(10), latest=time(12))
    assert possible(policy=narrow, **tuesday) == ["Tue 10:00", "Tue 11:00"]
    assert possible(talk=with_(ANA), **tuesday) == ["Tue 09:00", "Tue 10:00"]


def test_weekends_and_holidays_of_both_sides_are_left_out() -> None:
    """Somebody was asked to come on their holiday; or a Sunday worker was never met on Sunday."""
    days = BusinessDays(holidays=frozenset({date(2026, 3, 3)}))
    theirs = BusinessDays(weekend=frozenset({4, 5}), holidays=frozenset({date(2026, 3, 5)}))
    found = possible(policy=policy(business_days=days), rules=SlotRules(their_days=theirs), until=date(2026, 3, 10))
    assert {one[:3] for one in found} == {"Wed", "Mon", "Tue"}


def test_the_days_are_those_of_each_ones_own_calendar() -> None:
    """Friday afternoon in Los Angeles is Saturday in Tokyo."""
    dee = Contact(id=derive_id("dee"), name="Dee Ito", zone="Asia/Tokyo")
    found = possible(talk=with_(dee), among=campaign(dee, zone="America/Los_Angeles"), until=date(2026, 3, 9))
    assert {one[:3] for one in found} == {"Wed", "Tue", "Thu", "Mon"}


def test_notice_is_elapsed_time_and_the_last_day_counts_whole() -> None:
    """A day's notice over a change of clocks was 23 hours; or the last day was left out."""
    every_day = policy(business_days=BusinessDays(weekend=frozenset()))
    saturday = on(7, 9, 30)  # clocks go forward on Sunday
    found = possible(after=saturday, until=date(2026, 3, 8), policy=every_day)
    assert (found[0], found[-1]) == ("Sun 10:30", "Sun 16:30")


def test_starts_lie_on_the_explorers_clock() -> None:
    """Where clocks differ by 45 minutes, talks began at a quarter to."""
    dee = Contact(id=derive_id("dee"), name="Dee Rai", zone="Asia/Kathmandu")
    found = open_starts(**asked(with_(dee), campaign(dee, zone="Europe/Madrid"), rules=SlotRules(step=minutes(30))))
    assert {start.minute for start in found} == {0, 30}
    assert {start.astimezone(ZoneInfo("Asia/Kathmandu")).minute for start in found} == {15, 45}


def test_where_the_clocks_are_put_back_both_hours_can_be_had() -> None:
    """The second 01:30 was lost, or the two were one."""
    night = campaign(zone="America/Chicago", work_from=time(0), work_until=time(4))
    all_day = policy(earliest=time(0), latest=time(23), business_days=BusinessDays(weekend=frozenset()))
    after = datetime(2026, 11, 1, tzinfo=CHICAGO)
    rules = evolve(AT_ONCE, step=minutes(60), duration=minutes(60))
    found = open_starts(**asked(among=night, after=after, until=after.date(), policy=all_day, rules=rules))
    assert [(start.hour, start.fold) for start in found] == [(0, 0), (1, 0), (1, 1), (2, 0), (3, 0)]
    assert [
        slot.duration
        for slot in propose_times(**asked(among=night, after=after, until=after.date(), policy=all_day, rules=rules))
    ] == [minutes(60)] * 5
    long = evolve(rules, duration=minutes(120))
    found_long = open_starts(**asked(among=night, after=after, until=after.date(), policy=all_day, rules=long))
    assert [(start.hour, start.fold) for start in found_long] == [(0, 0), (1, 0), (1, 1), (2, 0)]
    first, second = (Busy(found[place], found[place + 1]) for place in (1, 2))
    assert first != second


def test_clocks_that_change_and_soon_change_back_are_followed() -> None:
    """Morocco puts its clocks back for the month of Ramadan: a search beyond it missed that, and offered an hour off work."""
    rabat = campaign(zone="Africa/Casablanca")
    search = asked(with_(CY), rabat, after=datetime(2026, 2, 9, tzinfo=MADRID), until=date(2026, 3, 31))
    starts = open_starts(**search)
    assert {start.utcoffset() for start in starts} == {timedelta(0), timedelta(hours=1)}
    clocks_by_day = {start.date(): [one.time() for one in starts if one.date() == start.date()] for start in starts}
    assert {(min(shown), max(shown)) for day, shown in clocks_by_day.items() if day > starts[0].date()} == {
        (time(9), time(16, 30))
    }


# ── what is possible: appointments ───────────────────────────────────────────────────────────────
def test_buffers_keep_away_from_appointments() -> None:
    """The talk began the minute the dentist was done."""
    busy = [Busy(on(3, 9), on(3, 12)), Busy(on(3, 14), on(3, 17))]
    tuesday = {"busy": busy, "until": date(2026, 3, 3)}
    rules = SlotRules(before=minutes(20), after=minutes(40), notice=timedelta(0), duration=minutes(15), step=minutes(5))
    found = possible(after=on(3, 0), rules=rules, **tuesday)
    assert (found[0], found[-1]) == ("Tue 12:20", "Tue 13:05")
    assert possible(after=on(3, 0), rules=evolve(rules, before=timedelta(0), after=timedelta(0)), **tuesday)[0] == "Tue 12:00"


@pytest.mark.parametrize(
    ("talk", "travels"),
    [
        (TALK, True),
        (with_(BO, formats_offered=frozenset({MeetingFormat.IN_PERSON, MeetingFormat.PHONE})), True),
        (with_(BO, formats_offered=frozenset({MeetingFormat.VIDEO, MeetingFormat.PHONE})), False),
        (with_(BO, told=(agreed(on(3, 9), MeetingFormat.IN_PERSON),), formats_offered=frozenset({MeetingFormat.PHONE})), True),
        (with_(BO, told=(agreed(on(3, 9), MeetingFormat.VIDEO),)), False),
        (with_(BO, told=(agreed(on(3, 9), MeetingFormat.VIDEO), Cancelled(Party.THEM))), True),
    ],
)
def test_there_is_time_for_the_way_unless_nobody_travels(talk: Interview, travels: bool) -> None:
    """The explorer was still in the tram; or a call at home was kept free of an hour in it."""
    rules = evolve(AT_ONCE, travel=minutes(40))
    search = asked(talk, busy=[Busy(on(3, 9), on(3, 12))], after=on(3, 0), until=date(2026, 3, 3), rules=rules)
    assert open_starts(**search)[0] == on(3, 12, 45 if travels else 0)
    told = "keeps 40 minutes for the way there, and for the way back" in propose_times(**search)[0].reasons
    assert told is travels


def test_other_agreed_talks_are_appointments_with_a_way_of_their_own() -> None:
    """Two talks were planned for one hour; or one an hour after another across town."""
    told = {
        "confirmed": (Requested(), agreed(on(3, 10))),
        "in person": (agreed(on(3, 14), MeetingFormat.IN_PERSON),),
        "cancelled": (agreed(on(3, 11)), Cancelled(Party.THEM)),
        "talk": (agreed(on(3, 16)),),
    }
    talks = {name: with_(BO if name == "talk" else ANA, name=name, told=events) for name, events in told.items()}
    call = evolve(talks["talk"], formats_offered=frozenset({MeetingFormat.PHONE}))
    rules = evolve(AT_ONCE, travel=minutes(30), step=minutes(30))
    morning = ["09:00", "09:30", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00"]
    clocks_shown = [*morning, "15:00", "15:30", "16:00", "16:30"]
    found = possible(talk=call, among=campaign(*talks.values(), call), after=on(3, 0), until=date(2026, 3, 3), rules=rules)
    assert found == ["Tue " + clock for clock in clocks_shown]
    slots = propose_times(
        **asked(call, campaign(*talks.values(), call), after=on(3, 0), until=date(2026, 3, 3), rules=evolve(rules, count=12))
    )
    assert "leaves 30 minutes before the talk with Ana Ruiz" in {slot.start: slot for slot in slots}[on(3, 9)].reasons


def test_whole_days_are_those_of_the_explorers_calendar() -> None:
    """A day off began at midnight in Greenwich."""
    busy = [Busy(date(2026, 3, 3), date(2026, 3, 5))]
    among = campaign(zone="Asia/Tokyo", work_from=time(8), work_until=time(18))
    talk = with_(CY)
    found = open_starts(**asked(talk, among, busy=busy, rules=AT_ONCE))
    assert found[0] == datetime(2026, 3, 5, 8, tzinfo=TOKYO)
    assert found[-1] == datetime(2026, 3, 6, 17, 30, tzinfo=TOKYO)


def test_a_day_that_was_left_out_takes_no_time() -> None:
    """Apia had no 30 December 2011: being away on it took the morning after, buffers included."""
    apia = campaign(zone="Pacific/Apia", work_from=time(0))
    days = {"after": datetime(2011, 12, 29, 9, tzinfo=ZoneInfo("Pacific/Apia")), "until": date(2012, 1, 2)}
    anytime = policy(earliest=time(0), business_days=BusinessDays(weekend=frozenset()))
    search = asked(with_(CY), apia, policy=anytime, **days, busy=[Busy(date(2011, 12, 30), date(2011, 12, 31))])
    search["rules"] = SlotRules(notice=timedelta(0))
    assert open_starts(**search) == open_starts(**search | {"busy": ()})
    assert {start.day for start in open_starts(**search)} == {29, 31, 1, 2}


def test_the_talks_own_length_counts_unless_another_is_asked_for() -> None:
    """A talk of an hour got half an hour."""
    hour = evolve(TALK, duration=minutes(60))
    assert propose_times(**asked(hour))[0].duration == minutes(60)
    assert propose_times(**asked(hour, rules=SlotRules(duration=minutes(20))))[0].duration == minutes(20)
    moved = with_(BO, told=(Scheduled(Meeting(start=on(3, 9), duration=minutes(45), format=MeetingFormat.PHONE)),))
    assert propose_times(**asked(moved))[0].duration == minutes(45)


# ── why there is none ────────────────────────────────────────────────────────────────────────────
HOLIDAY = BusinessDays(holidays=frozenset({date(2026, 3, 3), date(2026, 3, 4)}))
TWO_DAYS = {"until": date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("search", "why"),
    [
        pytest.param(
            asked(among=campaign(work_from=time(19), work_until=time(22))),
            "Your working hours, 19:00–22:00, lie outside of 08:00–18:00, when talks may be held",
            id="own hours",
        ),
        pytest.param(
            asked(among=campaign(work_until=time(9, 20))),
            "Your hours for talks, 09:00–09:20, leave at most 20 minutes, and the talk takes 30 minutes",
            id="own hours too short",
        ),
        pytest.param(
            asked(with_(BO, ANA), campaign(zone="Pacific/Honolulu")),
            "No common working hours between Honolulu and Madrid: 09:00–17:00 in Honolulu and 08:00–18:00 in Madrid",
            id="zones",
        ),
        pytest.param(
            asked(with_(ANA), rules=SlotRules(duration=timedelta(hours=2, minutes=1), notice=timedelta(0))),
            "Common working hours between Chicago and Madrid last at most 2 hours, and the talk takes 2 hours 1 minute",
            id="zones with little in common",
        ),
        pytest.param(
            asked(
                with_(ANA, Contact(id=derive_id("dee"), name="Dee", zone="Pacific/Auckland")),
                campaign(
                    Contact(id=derive_id("dee"), name="Dee", zone="Pacific/Auckland"), work_from=time(8), work_until=time(18)
                ),
            ),
            "No common working hours between Chicago, Madrid and Auckland: "
            "08:00–18:00 in Chicago, 08:00–18:00 in Madrid and 08:00–18:00 in Auckland",
            id="three zones",
        ),
        pytest.param(
            asked(policy=policy(business_days=HOLIDAY), after=on(3, 8), **TWO_DAYS),
            "No working day of yours up to 2026-03-04: weekends and holidays",
            id="own days",
        ),
        pytest.param(
            asked(rules=SlotRules(their_days=HOLIDAY), after=on(3, 8), **TWO_DAYS),
            "No working day in common up to 2026-03-04: weekends and holidays on either side",
            id="days",
        ),
        pytest.param(
            asked(rules=SlotRules(notice=timedelta(days=3)), **TWO_DAYS),
            "With 3 days of notice, no common working hours are left up to 2026-03-04",
            id="notice",
        ),
        pytest.param(
            asked(busy=[Busy(MONDAY, date(2026, 4, 1))]),
            "All common working hours up to 2026-03-06 are taken: nothing is free, and the talk takes 30 minutes, "
            "beside 30 minutes kept free around it",
            id="taken",
        ),
        pytest.param(
            asked(busy=[Busy(on(2, 0), on(6, 9, 40)), Busy(on(6, 10), on(7, 0))], rules=AT_ONCE),
            "All common working hours up to 2026-03-06 are taken: the longest time free is 20 minutes, "
            "and the talk takes 30 minutes",
            id="nearly taken",
        ),
        pytest.param(
            asked(busy=[Busy(on(2, 0), on(6, 9, 40)), Busy(on(6, 10, 10), on(7, 0))], rules=evolve(AT_ONCE, step=minutes(60))),
            "There is room, but none that begins on a multiple of 1 hour: the talk takes 30 minutes",
            id="step",
        ),
        pytest.param(
            asked(busy=[Busy(on(2, 0), on(6, 9)), Busy(on(6, 9) + timedelta(seconds=20), on(7, 0))], rules=AT_ONCE),
            "All common working hours up to 2026-03-06 are taken: the longest time free is less than a minute, "
            "and the talk takes 30 minutes",
            id="seconds",
        ),
        pytest.param(asked(), "", id="there is one"),
    ],
)
def test_where_there_is_no_time_it_says_what_to_change(search: dict[str, Any], why: str) -> None:
    """An empty list, and no word whether it is the zones, the holidays or the diary."""
    assert why_no_times(**search) == why
    assert bool(propose_times(**search)) is not bool(why)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        (on(3, 10), on(3, 9), r"Busy\.end: must be later than start"),
        (on(3, 10), on(3, 10), r"Busy\.end: must be later than start"),
        (on(3, 10), on(3, 15, zone=MADRID), r"Busy\.end: must be later"),
        (MONDAY, MONDAY, r"the last day is the one before it"),
        (MONDAY, on(3, 9), r"Busy\.end: must be what start is"),
        (on(3, 9), FRIDAY, r"Busy\.end: must be what start is"),
        ("2026-03-03", on(3, 9), r"Busy\.start: needs a date"),
        (on(3, 9), None, r"Busy\.end: needs a date"),
    ],
)
def test_a_busy_time_has_a_beginning_and_a_later_end(start: Any, end: Any, problem: str) -> None:
    """An appointment that ends before it begins made a day free."""
    with pytest.raises(InvalidValue, match=problem):
        Busy(start, end)


def test_times_without_zone_are_refused() -> None:
    """They were read on the clock of the machine."""
    naive = datetime(2026, 3, 3, 9)
    with pytest.raises(NaiveTime, match=r"Busy\.start"):
        Busy(naive, on(3, 10))
    with pytest.raises(NaiveTime, match=r"Busy\.end"):
        Busy(on(3, 8), naive)
    for ask in (propose_times, open_starts, why_no_times):
        with pytest.raises(NaiveTime, match="after"):
            ask(**asked(after=naive))


def test_busy_times_are_equal_by_what_they_are() -> None:
    """Two days off of one calendar were two, or a day was its first moment."""
    assert Busy(MONDAY, FRIDAY) == Busy(MONDAY, FRIDAY)
    assert Busy(MONDAY, FRIDAY) != Busy(MONDAY, FRIDAY, "Holiday")
    assert len({Busy(on(3, 9), on(3, 10)), Busy(on(3, 9), on(3, 10))}) == 1


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"duration": timedelta(0)}, "duration: must be whole seconds, more than nothing"),
        ({"duration": timedelta(days=2)}, "duration: must be"),
        ({"before": minutes(-1)}, "before: must be"),
        ({"after": minutes(-1)}, "after: must be"),
        ({"travel": 40}, "travel: needs a timedelta"),
        ({"notice": minutes(-1)}, "notice: must be"),
        ({"notice": timedelta(days=400)}, "notice: must be"),
        ({"step": minutes(7)}, "step: must be whole minutes that divide an hour"),
        ({"step": timedelta(seconds=30)}, "step: must be"),
        ({"step": 15}, "step: must be"),
        ({"step": timedelta(0)}, "step: must be"),
        ({"count": 0}, "count: must be from 1 to 100"),
        ({"their_days": (5, 6)}, "their_days: needs BusinessDays or None"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, Any], problem: str) -> None:
    """A negative buffer let talks overlap appointments."""
    with pytest.raises(InvalidValue, match=rf"SlotRules\.{problem}"):
        SlotRules(**rules)


@pytest.mark.parametrize(
    ("search", "problem"),
    [
        ({"until": date(2026, 3, 1)}, "until: must be from the explorer's day"),
        ({"until": date(2027, 3, 4)}, "366 days ahead"),
        ({"until": NOON}, "until: needs a date without time"),
        ({"after": MONDAY}, "after: needs a datetime with a zone"),
        ({"busy": Busy(MONDAY, FRIDAY)}, "busy: needs several Busy"),
        ({"busy": [(MONDAY, FRIDAY)]}, "busy: needs several Busy"),
        ({"rules": {"count": 3}}, "rules: needs SlotRules"),
        ({"policy": SlotRules()}, "policy: needs Policy"),
        ({"interview": ANA}, "interview: needs Interview"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(search: dict[str, Any], problem: str) -> None:
    """It ended in an error of Python's, or in no times and no word."""
    with pytest.raises(InvalidValue, match=problem):
        propose_times(**asked(**search))


def test_the_day_of_asking_is_the_explorers() -> None:
    """Late on Sunday in Chicago, where it is Monday in Madrid, until Sunday was in the past."""
    assert propose_times(**asked(after=datetime(2026, 3, 2, 5, tzinfo=MADRID), until=date(2026, 3, 1))) == ()


def test_people_have_to_be_in_the_campaign() -> None:
    """Times were offered to somebody whose zone nobody knows."""
    with pytest.raises(NotFound):
        propose_times(**asked(with_(Contact(id=derive_id("who"), name="Who"))))


def test_a_slot_is_a_value_of_its_own() -> None:
    """An app could not build one for a test; or one that ends before it begins went through."""
    slot = Slot(on(3, 9), on(3, 10), [on(3, 16, zone=MADRID)], ["because", "why not"])
    assert (slot.duration, slot.why) == (minutes(60), "because; why not")
    assert slot == Slot(on(3, 9), on(3, 10), (on(3, 16, zone=MADRID),), ("because", "why not"))
    assert Meeting(start=slot.start, duration=slot.duration, format=MeetingFormat.PHONE).end == slot.end
    with pytest.raises(InvalidValue, match=r"Slot\.end"):
        Slot(on(3, 9), on(3, 9))
    with pytest.raises(InvalidValue, match=r"Slot\.theirs"):
        Slot(on(3, 9), on(3, 10), 5)  # type: ignore[arg-type]  # a mistake under test
