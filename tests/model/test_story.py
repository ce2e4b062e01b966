"""What histories tell: laws over any telling, with late entries and corrections, and single stories that went wrong before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import given, settings, strategies as st

from infoint.model import (
    Debrief,
    Event,
    HistoryEntry,
    Insight,
    Interview,
    InterviewStatus,
    Meeting,
    MeetingFormat,
    Party,
    Referral,
    Topic,
    events,
)
from infoint.testing.strategies import histories, interviews

ANA, BO = UUID(int=1), UUID(int=2)
T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
STANDING = {"scheduled", "confirmed", "held", "debriefed", "closed"}


def meeting(day: int = 20, *, minutes: int = 30, place: str = "") -> Meeting:
    return Meeting(start=T0 + timedelta(days=day), duration=timedelta(minutes=minutes), format=MeetingFormat.VIDEO, place=place)


def talk(*told: Event | HistoryEntry) -> Interview:
    """Told one hour after another, unless an entry says when."""
    entries = [
        one if isinstance(one, HistoryEntry) else HistoryEntry(T0 + timedelta(hours=n), one) for n, one in enumerate(told)
    ]
    return Interview(contact_ids=(ANA,), history=tuple(entries))


def late(hours: float, event: Event, told: float) -> HistoryEntry:
    return HistoryEntry(T0 + timedelta(hours=hours), event, T0 + timedelta(hours=told))


# ── an independent reading, slow and simple ──────────────────────────────────────────────────────
def counting(history: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    void: set[int] = set()
    for place in reversed(range(len(history))):
        event = history[place].event
        if isinstance(event, events.Corrected) and place not in void and event.voids < place:
            void.add(event.voids)
    kept = [entry for place, entry in enumerate(history) if place not in void and entry.event.name != "correct"]
    return sorted(kept, key=lambda entry: entry.at.timestamp())


def vevent(history: Sequence[HistoryEntry]) -> tuple[float, timedelta, bool] | None:
    """What RFC 5546 §2.1.4 watches: the time, the length, and whether it stands."""
    told, status, agreed = counting(history), "identified", None
    for entry in told:
        if isinstance(entry.event, events.UnknownEvent | events.Corrected):
            continue
        status = entry.event.leads_to.value
        if isinstance(entry.event, events.Scheduled | events.Rescheduled):
            agreed = entry.event.meeting
    return None if agreed is None else (agreed.start.timestamp(), agreed.duration, status in STANDING)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
@given(interviews(legal=False))
def test_any_history_can_be_replayed(interview: Interview) -> None:
    """Old data, or data of another program, would not load because a step was not allowed (practice §6)."""
    story = interview.story
    assert list(story.told) == counting(interview.history)
    assert (story.status, story.meeting, story.sequence) == (interview.status, interview.meeting, interview.sequence)
    assert story.stands == (interview.status.value in STANDING and interview.meeting is not None)
    assert isinstance(interview.met, tuple)
    assert interview.insights == (interview.debrief.insights if interview.debrief else ())
    assert interview.referrals == (interview.debrief.referrals if interview.debrief else ())


def _tellings() -> st.SearchStrategy[list[HistoryEntry]]:
    """Histories in which the same few things happen, are moved, corrected and told late: so that they meet."""
    moments = st.integers(0, 12).map(lambda hours: T0 + timedelta(hours=hours))
    meetings = st.builds(meeting, st.integers(20, 21), minutes=st.sampled_from([30, 45]), place=st.sampled_from(["", "here"]))
    happenings = st.one_of(
        st.sampled_from([events.Requested(), events.Confirmed(), events.Held(), events.Cancelled(Party.ME), events.Closed()]),
        meetings.map(events.Scheduled),
        meetings.map(events.Rescheduled),
        st.integers(0, 6).map(events.Corrected),
        st.just(events.UnknownEvent("meditate", {})),
    )
    return st.lists(st.builds(HistoryEntry, moments, happenings, st.none() | moments), max_size=8)


@given(_tellings() | histories(legal=False).map(list))
@settings(max_examples=200, deadline=None)
def test_sequence_and_stamp_of_every_telling(told: list[HistoryEntry]) -> None:
    """Calendars would keep an old time because SEQUENCE stood still, or show an update where nothing changed; or a stamp would
    go back, and every subscriber's copy win over the newer one (RFC 5546 §2.1.4).
    """
    states = [talk(*told[:length]) for length in range(len(told) + 1)]
    for before, after in pairwise(states):
        was, now = vevent(before.history), vevent(after.history)
        announced = any(vevent(earlier.history) for earlier in states[: states.index(before) + 1])
        assert after.sequence == before.sequence + (announced and was != now)
        assert before.revised_at is None or (after.revised_at is not None and after.revised_at >= before.revised_at)
        assert (after.story.announced is None) == (not announced and now is None)
    assert states[0].sequence == 0
    assert states[0].revised_at is None


@given(_tellings(), st.integers(0, 7))
def test_a_correction_takes_away_and_can_be_taken_back(told: list[HistoryEntry], place: int) -> None:
    """A mis-click could not be undone, or undoing it would not bring everything back."""
    if place >= len(told):
        return
    wrong = HistoryEntry(T0, events.Corrected(place))
    again = HistoryEntry(T0, events.Corrected(len(told)))
    assert talk(*told, wrong, again).story.told == talk(*told).story.told
    assert (
        told[place] not in talk(*told, wrong).story.told or told.count(told[place]) > 1 or told[place].event.name == "correct"
    )


@settings(max_examples=40, deadline=None)
@given(histories(legal=True))
def test_told_as_it_happened_the_last_event_counts(told: tuple[HistoryEntry, ...]) -> None:
    """The status would not be where the lifecycle has led to."""
    status = talk(*told).status
    assert status == (told[-1].event.leads_to if told else InterviewStatus.IDENTIFIED)  # type: ignore[union-attr]  # legal


# ── stories ──────────────────────────────────────────────────────────────────────────────────────
def test_a_talk_from_first_to_last() -> None:
    """The properties an app shows would not follow the history."""
    debrief = Debrief(insights=(Insight("Quiet", Topic.TYPICAL_DAY),), referrals=(Referral("Zoë"),))
    told = [
        events.Requested(),
        events.Accepted(),
        events.Scheduled(meeting(20)),
        events.Confirmed(),
        events.Rescheduled(meeting(21)),
        events.Held(met=(BO,)),
        events.Debriefed(Debrief()),
        events.Debriefed(debrief),
        events.Closed(),
    ]
    statuses = [talk(*told[:length]).status.value for length in range(len(told) + 1)]
    assert statuses == [
        "identified", "requested", "accepted", "scheduled", "confirmed", "scheduled", "held", "debriefed", "debriefed", "closed",
    ]  # fmt: skip
    last = talk(*told)
    assert (last.meeting, last.met, last.debrief) == (meeting(21), (BO,), debrief)
    assert (last.insights, last.referrals) == (debrief.insights, debrief.referrals)
    assert last.sequence == 1
    assert talk(*told[:5]).met == ()
    assert talk(*told[:5], events.Held()).met == (ANA,)


def test_what_does_not_concern_calendars_bumps_nothing() -> None:
    """Confirming, holding or changing a place would ring every subscriber's bell."""
    told = [events.Scheduled(meeting(20)), events.Confirmed(), events.Rescheduled(meeting(20, place="Room 2")), events.Held()]
    assert [talk(*told[:length]).sequence for length in range(5)] == [0, 0, 0, 0, 0]


def test_time_length_and_standing_bump() -> None:
    """A moved, lengthened, cancelled or reopened talk would stay as it was in every calendar."""
    told = [
        events.Scheduled(meeting(20)),
        events.Rescheduled(meeting(21)),
        events.Rescheduled(meeting(21, minutes=45)),
        events.Cancelled(Party.THEM),
        events.Scheduled(meeting(21, minutes=45)),
        events.NoShow(),
    ]
    assert [talk(*told[:length]).sequence for length in range(7)] == [0, 0, 1, 2, 3, 4, 5]


def test_a_meeting_is_kept_after_a_cancellation() -> None:
    """A cancelled entry could not say which meeting was called off."""
    cancelled = talk(events.Scheduled(meeting(20)), events.Cancelled(Party.ME))
    assert cancelled.meeting == meeting(20)
    assert not cancelled.story.stands


def test_a_correction_that_takes_the_schedule_away() -> None:
    """Calendars that were told of the meeting could never be told that there is none."""
    wrong = talk(events.Requested(), events.Scheduled(meeting(20)), events.Corrected(1))
    assert wrong.status is InterviewStatus.REQUESTED
    assert wrong.meeting is None
    assert wrong.story.announced == meeting(20)
    assert not wrong.story.stands
    assert wrong.sequence == 1
    anew = talk(*wrong.history, events.Scheduled(meeting(25)))
    assert (anew.meeting, anew.story.announced, anew.sequence) == (meeting(25), meeting(25), 2)
    back = talk(*wrong.history, events.Corrected(2))
    assert (back.meeting, back.sequence, back.status) == (meeting(20), 2, InterviewStatus.SCHEDULED)


def test_announced_is_the_last_one_told_of() -> None:
    """The tombstone would name a meeting that was moved since."""
    wrong = talk(events.Scheduled(meeting(20)), events.Rescheduled(meeting(21)), events.Corrected(1), events.Corrected(0))
    assert wrong.meeting is None
    assert wrong.story.announced == meeting(20)


def test_late_entries_count_where_they_happened() -> None:
    """A cancellation told after the new date was set would cancel the new date."""
    told = talk(
        events.Scheduled(meeting(20)),
        late(5, events.Scheduled(meeting(22)), told=5),
        late(3, events.Cancelled(Party.THEM), told=8),
    )
    assert told.status is InterviewStatus.SCHEDULED
    assert told.meeting == meeting(22)
    assert told.sequence == 1
    assert told.revised_at == T0 + timedelta(hours=8)


def test_corrections_of_what_is_not_there_yet() -> None:
    """A broken history would take away what came after it, or itself."""
    told = talk(events.Corrected(0), events.Corrected(2), events.Requested(), events.Corrected(900))
    assert told.status is InterviewStatus.REQUESTED
    assert [entry.event.name for entry in told.story.told] == ["request"]


def test_of_two_at_one_time_the_later_told_counts_last() -> None:
    """Two things of one minute would change places."""
    told = talk(HistoryEntry(T0, events.Scheduled(meeting(20))), HistoryEntry(T0, events.Held()))
    assert told.status is InterviewStatus.HELD


def test_order_in_an_autumn_night() -> None:
    """Python orders times of one zone by the clock face: a talk held in the second 01:10 would come before the first 01:30."""
    chicago = ZoneInfo("America/Chicago")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=chicago)
    second = datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=chicago)
    told = talk(HistoryEntry(first, events.Scheduled(meeting(20))), HistoryEntry(second, events.Held()))
    assert told.status is InterviewStatus.HELD
    assert talk(*reversed(told.history)).status is InterviewStatus.HELD
    assert told.revised_at is not None
    assert told.revised_at.fold == 1


def test_a_move_within_an_autumn_night_bumps() -> None:
    """A call to another continent, moved by an hour, would stay where it was."""
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Chicago"))
    agreed = [Meeting(start=at, format=MeetingFormat.PHONE) for at in (first, first.replace(fold=1))]
    assert talk(events.Scheduled(agreed[0]), events.Rescheduled(agreed[1])).sequence == 1


def test_revised_at_is_the_later_of_telling_and_editing() -> None:
    """An edited agenda would not reach calendars, or an old edit hide a new event."""
    told = talk(events.Requested(), late(1, events.Scheduled(meeting(20)), told=30))
    assert told.revised_at == T0 + timedelta(hours=30)
    assert evolve(told, edited_at=T0 + timedelta(hours=29)).revised_at == T0 + timedelta(hours=30)
    assert evolve(told, edited_at=T0 + timedelta(hours=31)).revised_at == T0 + timedelta(hours=31)
    assert Interview(contact_ids=(ANA,), edited_at=T0).revised_at == T0


def test_a_long_history_is_read_in_one_go() -> None:
    """A thousand entries took a third of a second, at every look."""
    told = [events.Scheduled(meeting(20)) if place % 2 else events.Confirmed() for place in range(1_000)]
    assert talk(*told).sequence == 0
