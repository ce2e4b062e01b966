"""Which event is legal where, and what a history may become."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

from infoint.errors import IllegalEvent, InvalidValue, NaiveTime, ReadOnlyInterview
from infoint.model.debrief import Debrief, Party
from infoint.model.events import (
    EVENTS,
    Accepted,
    Cancelled,
    Closed,
    Confirmed,
    Corrected,
    Debriefed,
    Declined,
    Dropped,
    Event,
    GaveUp,
    Held,
    HistoryEntry,
    NoShow,
    Requested,
    Rescheduled,
    Scheduled,
    UnknownEvent,
)
from infoint.model.identity import derive_id
from infoint.model.interview import Interview, InterviewStatus as S
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.practice import advance, legal_events

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BEN = derive_id("ana"), derive_id("ben")
MEETING = Meeting(start=T0 + timedelta(days=10), format=MeetingFormat.PHONE)
LATER = evolve(MEETING, start=T0 + timedelta(days=12))
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA,))

# The table of the practice, written down a second time and by hand: the library's own would agree with itself.
TABLE: dict[S, dict[str, S]] = {
    S.IDENTIFIED: {"request": S.REQUESTED, "schedule": S.SCHEDULED, "drop": S.CANCELLED},
    S.REQUESTED: {
        "accept": S.ACCEPTED,
        "schedule": S.SCHEDULED,
        "decline": S.DECLINED,
        "give_up": S.NO_RESPONSE,
        "drop": S.CANCELLED,
    },
    S.ACCEPTED: {"schedule": S.SCHEDULED, "decline": S.DECLINED, "drop": S.CANCELLED},
    S.SCHEDULED: {
        "confirm": S.CONFIRMED,
        "reschedule": S.SCHEDULED,
        "cancel": S.CANCELLED,
        "hold": S.HELD,
        "no_show": S.NO_SHOW,
    },
    S.CONFIRMED: {"reschedule": S.SCHEDULED, "cancel": S.CANCELLED, "hold": S.HELD, "no_show": S.NO_SHOW},
    S.HELD: {"debrief": S.DEBRIEFED},
    S.DEBRIEFED: {"close": S.CLOSED, "debrief": S.DEBRIEFED},
    S.CLOSED: {},
    S.DECLINED: {"accept": S.ACCEPTED, "schedule": S.SCHEDULED},
    S.NO_RESPONSE: {"accept": S.ACCEPTED, "schedule": S.SCHEDULED},
    S.CANCELLED: {"schedule": S.SCHEDULED},
    S.NO_SHOW: {"schedule": S.SCHEDULED},
}
WAYS: dict[S, tuple[str, ...]] = {
    S.IDENTIFIED: (),
    S.REQUESTED: ("request",),
    S.ACCEPTED: ("request", "accept"),
    S.SCHEDULED: ("schedule",),
    S.CONFIRMED: ("schedule", "confirm"),
    S.HELD: ("schedule", "hold"),
    S.DEBRIEFED: ("schedule", "hold", "debrief"),
    S.CLOSED: ("schedule", "hold", "debrief", "close"),
    S.DECLINED: ("request", "decline"),
    S.NO_RESPONSE: ("request", "give_up"),
    S.CANCELLED: ("schedule", "cancel"),
    S.NO_SHOW: ("schedule", "no_show"),
}
SAMPLES: dict[str, Event] = {
    "request": Requested(),
    "accept": Accepted(),
    "decline": Declined(),
    "give_up": GaveUp(),
    "schedule": Scheduled(MEETING),
    "reschedule": Rescheduled(LATER),
    "confirm": Confirmed(),
    "cancel": Cancelled(Party.THEM),
    "no_show": NoShow(),
    "hold": Held(),
    "debrief": Debriefed(Debrief()),
    "close": Closed(),
    "drop": Dropped(),
}


def told(*events: Event, talk: Interview = TALK, start: datetime = T0) -> Interview:
    """Each event a day after the one before."""
    for day, event in enumerate(events):
        talk = advance(talk, event, at=start + timedelta(days=day))
    return talk


def in_state(state: S) -> Interview:
    return told(*(SAMPLES[name] for name in WAYS[state]))


# ── the table ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("state", "name"), list(product(S, SAMPLES)))
def test_every_state_takes_every_event_as_the_practice_says(state: S, name: str) -> None:
    """An event led to another state than the practice says, or was refused without naming state, event and what is legal."""
    talk = in_state(state)
    # A second, different one of the kind: an event equal to the last would be the same fact told twice.
    others: dict[str, Event] = {"reschedule": Rescheduled(MEETING), "debrief": Debriefed(Debrief(surprises="None."))}
    event = others.get(name, SAMPLES[name])
    if name in TABLE[state]:
        assert advance(talk, event, at=T0 + timedelta(days=9)).status is TABLE[state][name]
        return
    if talk.story.told and talk.story.told[-1].event == event:
        assert advance(talk, event, at=T0 + timedelta(days=9)) is talk
        return
    with pytest.raises(IllegalEvent) as refused:
        advance(talk, event, at=T0 + timedelta(days=9))
    assert (refused.value.state, refused.value.event) == (state, name)
    assert set(refused.value.legal) == TABLE[state].keys()
    for word in (state, name, *TABLE[state]):
        assert word in str(refused.value)


@pytest.mark.parametrize("state", S)
def test_buttons_are_the_row_of_the_table(state: S) -> None:
    """An app offered a button that would be refused, or lacked one that is legal."""
    names = [event.name for event in legal_events(in_state(state))]
    assert set(names) == TABLE[state].keys()
    assert len(names) == len(set(names))


def test_the_table_covers_every_event() -> None:
    """An event was added to the model and forgotten here."""
    assert SAMPLES.keys() | {"correct"} == EVENTS.keys()


def test_a_refusal_does_not_change_what_was_there() -> None:
    """A refused event left a trace."""
    talk = in_state(S.HELD)
    with pytest.raises(IllegalEvent):
        advance(talk, Closed(), at=T0 + timedelta(days=9))
    assert talk == in_state(S.HELD)


@pytest.mark.parametrize("state", [S.DECLINED, S.NO_RESPONSE, S.CANCELLED, S.NO_SHOW])
def test_what_fell_through_can_be_taken_up_again(state: S) -> None:
    """A late yes had no place to go."""
    talk = advance(in_state(state), Scheduled(LATER), at=T0 + timedelta(days=9))
    assert (talk.status, talk.meeting) == (S.SCHEDULED, LATER)


def test_a_reschedule_voids_the_confirmation() -> None:
    """A moved talk passed for confirmed."""
    assert told(Scheduled(MEETING), Confirmed(), Rescheduled(LATER)).status is S.SCHEDULED


def test_who_called_off_is_kept_when_the_talk_is_taken_up_again() -> None:
    """Reopening erased who had cancelled."""
    talk = told(Scheduled(MEETING), Cancelled(Party.THEM, "ill"), Scheduled(LATER))
    assert Cancelled(Party.THEM, "ill") in [entry.event for entry in talk.history]


def test_a_hold_may_name_people_nobody_planned() -> None:
    """The colleague who joined, and the one who could not come, were not told apart."""
    assert told(Scheduled(MEETING), Held((BEN,))).met == (BEN,)
    assert told(Scheduled(MEETING), Held()).met == (ANA,)


# ── told twice ───────────────────────────────────────────────────────────────────────────────────
def test_an_entry_told_twice_is_one() -> None:
    """A second import doubled the history."""
    talk = told(Requested(), Accepted(), Scheduled(MEETING))
    assert advance(talk, Accepted(), at=T0 + timedelta(days=1)) is talk


def test_a_double_click_is_one_click() -> None:
    """The second click of a button was refused, or written down."""
    talk = told(Requested())
    assert advance(talk, Requested(), at=T0 + timedelta(seconds=1)) is talk


def test_the_same_instant_in_another_zone_is_the_same_entry() -> None:
    """A backup written in another zone doubled the history."""
    talk = told(Requested(), Accepted())
    assert advance(talk, Requested(), at=T0.astimezone(ZoneInfo("Asia/Tokyo"))) is talk


def test_the_same_clock_time_twice_in_an_autumn_night_is_two() -> None:
    """What happened at the second 02:30 of the night the clocks go back was taken for what happened at the first."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    second = first.replace(fold=1)
    talk = advance(told(Scheduled(MEETING), Rescheduled(LATER)), Rescheduled(MEETING), at=first)
    again = advance(talk, Rescheduled(LATER), at=first + timedelta(minutes=1))
    assert advance(again, Rescheduled(MEETING), at=second).history[-1].event == Rescheduled(MEETING)
    assert len(advance(again, Rescheduled(MEETING), at=second).history) == 5


def test_a_debrief_with_other_words_amends() -> None:
    """A changed debrief was taken for the old one told twice."""
    talk = told(Scheduled(MEETING), Held(), Debriefed(Debrief()))
    amended = advance(talk, Debriefed(Debrief(surprises="Nobody has an office.")), at=T0 + timedelta(days=8))
    assert amended.debrief == Debrief(surprises="Nobody has an office.")
    assert len(amended.history) == 4


def test_a_second_run_of_a_whole_story_changes_nothing() -> None:
    """A script that tells everything each night told it twice."""
    story: list[Event] = [
        Requested(),
        Accepted(),
        Scheduled(MEETING),
        Confirmed(),
        Rescheduled(LATER),
        Cancelled(Party.ME),
        Corrected(5, "wrong talk"),
        Held((ANA, BEN)),
        Debriefed(Debrief()),
        Closed(),
    ]
    once = told(*story)
    assert told(*story, talk=once) is once


# ── late entries ─────────────────────────────────────────────────────────────────────────────────
def test_a_late_entry_counts_where_it_happened() -> None:
    """What was told late counted as the latest news."""
    talk = told(Requested(), Scheduled(MEETING))
    late = advance(talk, Accepted(), at=T0 + timedelta(hours=5), recorded_at=T0 + timedelta(days=5))
    assert late.status is S.SCHEDULED
    assert [entry.event.name for entry in late.story.told] == ["request", "accept", "schedule"]
    assert [entry.event.name for entry in late.history] == ["request", "schedule", "accept"]


def test_a_late_entry_that_breaks_what_came_after_is_refused() -> None:
    """A story was made that no interview can have."""
    talk = told(Requested(), Accepted(), Scheduled(MEETING))
    with pytest.raises(IllegalEvent, match=r"'drop' told for 2026-03-02 14:00 would come before it") as refused:
        advance(talk, Dropped(), at=T0 + timedelta(hours=5))
    assert (refused.value.event, refused.value.legal) == ("accept", ("schedule",))

    with pytest.raises(IllegalEvent, match="today it is scheduled"):
        advance(talk, Confirmed(), at=T0 + timedelta(hours=5))


def test_the_telling_never_goes_back() -> None:
    """A stamp of a calendar would have gone back in time."""
    talk = advance(TALK, Requested(), at=T0, recorded_at=T0 + timedelta(days=3))
    again = advance(talk, Accepted(), at=T0 + timedelta(days=1), recorded_at=T0 + timedelta(days=1))
    assert again.history[-1].told_at == T0 + timedelta(days=3)


def test_the_telling_never_goes_back_where_clocks_do() -> None:
    """In the hour an autumn night has twice, the clock face decided what was told last."""
    first = datetime(2026, 10, 25, 2, 50, tzinfo=ZoneInfo("Europe/Madrid"))
    later = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=ZoneInfo("Europe/Madrid"))
    talk = advance(TALK, Requested(), at=T0, recorded_at=first)
    assert advance(talk, Accepted(), at=T0 + timedelta(days=1), recorded_at=later).history[-1].told_at.fold == 1


def test_an_entry_told_as_it_happened_keeps_no_second_time() -> None:
    """Every entry carried its time twice."""
    assert advance(TALK, Requested(), at=T0, recorded_at=T0.astimezone(ZoneInfo("Asia/Tokyo"))).history[0].recorded_at is None


# ── corrections ──────────────────────────────────────────────────────────────────────────────────
def test_a_correction_takes_an_entry_away_and_leaves_it_to_be_seen() -> None:
    """A mis-click could not be undone, or vanished from the record."""
    talk = told(Scheduled(MEETING), NoShow(), Corrected(1, "wrong talk"))
    assert talk.status is S.SCHEDULED
    assert [entry.event.name for entry in talk.history] == ["schedule", "no_show", "correct"]


def test_correcting_a_correction_takes_it_back() -> None:
    """A correction by mistake was for ever."""
    assert told(Scheduled(MEETING), Held(), Corrected(1), Corrected(2)).status is S.HELD
    assert told(Scheduled(MEETING), Held(), Corrected(1), Corrected(2), Corrected(3)).status is S.SCHEDULED


def test_correcting_twice_is_correcting_once() -> None:
    """A second correction of the same entry was written down, or refused."""
    talk = told(Scheduled(MEETING), NoShow(), Corrected(1))
    assert advance(talk, Corrected(1, "for another reason"), at=T0 + timedelta(days=9)) is talk


def test_what_was_corrected_comes_back_at_another_time_only() -> None:
    """Telling a corrected entry once more brought it back, so that a script's second run undid the correction."""
    talk = told(Scheduled(MEETING), Held(), Corrected(1))
    assert advance(talk, Held(), at=T0 + timedelta(days=1)) is talk
    assert advance(talk, Held(), at=T0 + timedelta(days=5)).status is S.HELD


@pytest.mark.parametrize("place", [2, 3, 999])
def test_a_correction_of_what_is_not_there_is_refused(place: int) -> None:
    """A correction named an entry that came only later."""
    with pytest.raises(InvalidValue, match="the history has 2"):
        advance(told(Scheduled(MEETING), Held()), Corrected(place), at=T0 + timedelta(days=5))


def test_a_correction_that_breaks_a_later_step_is_refused() -> None:
    """A talk was held that nobody had agreed."""
    with pytest.raises(IllegalEvent, match="without entry 0 of the history: correct 'hold' first") as refused:
        advance(told(Scheduled(MEETING), Held()), Corrected(0), at=T0 + timedelta(days=5))
    assert (refused.value.state, refused.value.event) == (S.IDENTIFIED, "hold")


def test_a_correction_and_a_new_telling_replace_a_wrong_time() -> None:
    """A meeting told with a wrong time could not be set right."""
    talk = told(Requested(), Scheduled(MEETING), Corrected(1), Scheduled(LATER))
    assert (talk.status, talk.meeting) == (S.SCHEDULED, LATER)


# ── histories from elsewhere ─────────────────────────────────────────────────────────────────────
def test_an_unknown_event_makes_a_talk_read_only() -> None:
    """An older infoint wrote over what a newer one had told."""
    entry = HistoryEntry(T0, UnknownEvent("pause", {"until": "spring"}))
    talk = evolve(TALK, history=(HistoryEntry(T0, Requested()), entry))
    assert legal_events(talk) == ()
    assert talk.status is S.REQUESTED
    for event in SAMPLES.values():
        with pytest.raises(ReadOnlyInterview, match="pause"):
            advance(talk, event, at=T0 + timedelta(days=1))


def test_a_broken_history_stays_usable() -> None:
    """A talk imported without its beginning was locked for ever."""
    talk = evolve(TALK, history=(HistoryEntry(T0, Held()),))
    debriefed = advance(talk, Debriefed(Debrief()), at=T0 + timedelta(days=1))
    assert debriefed.status is S.DEBRIEFED
    mended = advance(debriefed, Scheduled(MEETING), at=T0 - timedelta(days=1), recorded_at=T0 + timedelta(days=2))
    assert advance(mended, Closed(), at=T0 + timedelta(days=3)).status is S.CLOSED


def test_a_refusal_on_a_broken_history_names_the_new_fault() -> None:
    """The message blamed an old entry for what was just refused."""
    talk = evolve(TALK, history=(HistoryEntry(T0, Held()),))
    with pytest.raises(IllegalEvent) as refused:
        advance(talk, Accepted(), at=T0 + timedelta(days=1))
    assert (refused.value.state, refused.value.event, refused.value.legal) == (S.HELD, "accept", ("debrief",))
    assert str(refused.value).endswith("legal there: debrief")


# ── bad input ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "times",
    [
        {"at": datetime(2026, 3, 2, 9)},
        {"at": T0, "recorded_at": datetime(2026, 3, 2, 9)},
    ],
)
def test_a_time_without_zone_is_refused(times: dict[str, datetime]) -> None:
    """A time was guessed to be in some zone."""
    with pytest.raises(NaiveTime, match=next(name for name, at in times.items() if at.tzinfo is None)):
        advance(TALK, Requested(), **times)


@pytest.mark.parametrize("at", ["2026-03-02", None, T0.date()])
def test_what_is_no_time_is_refused(at: Any) -> None:
    """Something that is no time escaped as a TypeError."""
    with pytest.raises(InvalidValue, match=r"advance\.at: needs a datetime"):
        advance(TALK, Requested(), at=at)


@pytest.mark.parametrize("event", [Requested, "request", None, UnknownEvent("pause", {})])
def test_what_is_no_event_is_refused(event: Any) -> None:
    """A class, a name or an unknown event was written into a history."""
    with pytest.raises(InvalidValue, match="needs an event"):
        advance(TALK, event, at=T0)


def test_a_year_no_calendar_knows_is_refused() -> None:
    """A slip in the year was written into the history."""
    with pytest.raises(InvalidValue, match="year"):
        advance(TALK, Requested(), at=datetime(206, 3, 2, tzinfo=UTC))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
meetings = st.integers(20, 24).map(lambda day: evolve(MEETING, start=T0 + timedelta(days=day)))
events = st.one_of(
    st.sampled_from([event for event in SAMPLES.values() if not isinstance(event, Scheduled | Rescheduled | Held | Debriefed)]),
    meetings.map(Scheduled),
    meetings.map(Rescheduled),
    st.sampled_from([Held(), Held((BEN,)), Held((ANA, BEN))]),
    st.sampled_from([Debriefed(Debrief()), Debriefed(Debrief(surprises="Quiet."))]),
    st.integers(0, 12).map(Corrected),
)
tellings = st.lists(st.tuples(events, st.integers(0, 200), st.integers(0, 48)), max_size=14)


def walk(story: list[tuple[Event, int, int]], talk: Interview = TALK) -> Interview:
    """Tell what is legal, each at its hour, some of it late."""
    now = T0
    for event, ahead, late in story:
        now += timedelta(hours=ahead)
        try:
            talk = advance(talk, event, at=now - timedelta(hours=late), recorded_at=now)
        except (IllegalEvent, InvalidValue):
            continue
    return talk


def is_path(talk: Interview) -> bool:
    state = S.IDENTIFIED
    for entry in talk.story.told:
        name = entry.event.name
        if name not in TABLE[state]:
            return False
        state = TABLE[state][name]
    return state is talk.status


@given(tellings)
@settings(max_examples=150, deadline=None)
def test_every_story_told_is_a_path_through_the_table(story: list[tuple[Event, int, int]]) -> None:
    """Late entries and corrections led where the table does not."""
    talk = walk(story)
    assert is_path(talk)
    stamps = [entry.told_at for entry in talk.history]
    assert stamps == sorted(stamps)


@given(tellings)
@settings(max_examples=150, deadline=None)
def test_every_entry_told_again_changes_nothing(story: list[tuple[Event, int, int]]) -> None:
    """Some story is not the same after a second run."""
    talk = walk(story)
    for entry in talk.history:
        assert not isinstance(entry.event, UnknownEvent)
        assert advance(talk, entry.event, at=entry.at, recorded_at=T0 + timedelta(days=900)) is talk


@given(tellings, events, st.integers(0, 3000))
def test_advance_appends_or_leaves(story: list[tuple[Event, int, int]], event: Event, hours: int) -> None:
    """A history was rewritten, or something was half done."""
    talk = walk(story)
    try:
        after = advance(talk, event, at=T0 + timedelta(hours=hours), recorded_at=T0 + timedelta(days=900))
    except (IllegalEvent, InvalidValue):
        return
    assert after.history[: len(talk.history)] == talk.history
    assert len(after.history) - len(talk.history) == (after is not talk)
    assert after.sequence >= talk.sequence


def test_ids_play_no_part() -> None:
    """The table asked for an identity, which a draft does not have."""
    draft = Interview(contact_ids=(UUID(int=5),))
    assert advance(draft, Requested(), at=T0).status is S.REQUESTED
