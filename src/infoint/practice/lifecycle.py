"""What may happen to an interview, and when (practice §6). What follows from it for people is `follow_up_planner`'s."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from attrs import evolve

from infoint.errors import IllegalEvent, InvalidValue, ReadOnlyInterview
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
from infoint.model.fields import instant
from infoint.model.interview import Interview
from infoint.model.interview_status import MET, InterviewStatus as Status
from infoint.model.story import tell
from infoint.practice.arguments import demand, demand_moment

TABLE: Final[Mapping[Status, tuple[type[Event], ...]]] = {
    Status.IDENTIFIED: (Requested, Scheduled, Dropped),
    Status.REQUESTED: (Accepted, Scheduled, Declined, GaveUp, Dropped),
    Status.ACCEPTED: (Scheduled, Declined, Dropped),
    Status.SCHEDULED: (Confirmed, Rescheduled, Cancelled, Held, NoShow),
    Status.CONFIRMED: (Rescheduled, Cancelled, Held, NoShow),
    Status.HELD: (Debriefed,),
    Status.DEBRIEFED: (Closed, Debriefed),
    Status.CLOSED: (),
    Status.DECLINED: (Accepted, Scheduled),
    Status.NO_RESPONSE: (Accepted, Scheduled),
    Status.CANCELLED: (Scheduled,),
    Status.NO_SHOW: (Scheduled,),
}
"""What leads on from each state; where to, the event says (`leads_to`). A correction is legal wherever the rest stays a story."""


def legal_events(interview: Interview) -> tuple[type[Event], ...]:
    """What may happen next, in the table's order: an app's buttons. Empty where the history holds an unknown event."""
    demand("legal_events", "interview", interview, Interview)
    return () if interview.unknown_event else TABLE[interview.status]


def advance(interview: Interview, event: Event, *, at: datetime, recorded_at: datetime | None = None) -> Interview:
    """The interview with the event appended. `at`: when it happened; `recorded_at`: when it was told (default `at`, and never
    before the last telling); both zoned.

    Legal is what keeps the whole story, in the order of happening, a path through the table: late entries and corrections
    included. The table only: `record` also plans follow-ups and guards Closed.

    A fact told twice is one fact: an entry (event and time) that is in the history, an event equal to the last one, and a
    correction of what is corrected already change nothing. So an import runs twice and a button is clicked twice without harm.
    What was corrected by mistake comes back by correcting the correction, not by telling it again at the same time.

    Raises IllegalEvent, ReadOnlyInterview, NaiveTime, InvalidValue.
    """
    demand("advance", "interview", interview, Interview)
    if interview.unknown_event:
        raise ReadOnlyInterview(interview.id, interview.unknown_event)
    if not isinstance(event, tuple(EVENTS.values())):
        raise InvalidValue("advance", "event", f"needs an event, as events.Held(), got {type(event).__name__}", value=event)
    entry = _entry(interview, event, demand_moment("advance", "at", at), _told_at(recorded_at))
    if _is_told(interview, entry):
        return interview
    advanced = evolve(interview, history=(*interview.history, entry))
    # A history from elsewhere may not be a path already; that must not lock it, so only new faults count.
    before, after = list(_faults(interview)), list(_faults(advanced))
    if len(after) > len(before):
        old = [id(broken) for _, broken in before]
        raise _refusal(advanced, entry, *next(fault for fault in after if id(fault[1]) not in old))
    return advanced


def refuse_conversion(before: Interview, after: Interview) -> None:
    """Raises InvalidValue where a talk that has a history is to serve another purpose: an employment talk is a record of its own,
    never an informational interview turned round, nor the other way (practice §1).
    """
    if before.history and before.purpose is not after.purpose:
        raise InvalidValue(
            "Interview",
            "purpose",
            f"is {before.purpose} since the talk was asked for: plan another interview for one that is {after.purpose}",
            value=after.purpose,
        )


def _told_at(recorded_at: datetime | None) -> datetime | None:
    return None if recorded_at is None else demand_moment("advance", "recorded_at", recorded_at)


def _entry(interview: Interview, event: Event, at: datetime, recorded_at: datetime | None) -> HistoryEntry:
    if isinstance(event, Corrected) and not event.voids < len(interview.history):
        raise InvalidValue(
            "Corrected", "voids", f"names entry {event.voids}; the history has {len(interview.history)}, counted from 0"
        )
    told_at = max([recorded_at or at, *(entry.told_at for entry in interview.history)], key=instant)
    return HistoryEntry(at, event, None if instant(told_at) == instant(at) else told_at)


def _is_told(interview: Interview, entry: HistoryEntry) -> bool:
    if any(told.event == entry.event and instant(told.at) == instant(entry.at) for told in interview.history):
        return True
    if isinstance(entry.event, Corrected):
        return evolve(interview, history=(*interview.history, entry)).story.told == interview.story.told
    last = interview.story.told[-1:]
    return bool(last) and last[0].event == entry.event


def _faults(interview: Interview) -> Iterable[tuple[Status, HistoryEntry]]:
    """The entries that do not follow from what was before them."""
    status = Status.IDENTIFIED
    for entry in interview.story.told:
        if isinstance(entry.event, UnknownEvent | Corrected):
            continue
        if type(entry.event) not in TABLE[status]:
            yield status, entry
        status = entry.event.leads_to


def _refusal(advanced: Interview, entry: HistoryEntry, status: Status, broken: HistoryEntry) -> IllegalEvent:
    told = instant(entry.at)
    problem = ""
    if isinstance(entry.event, Corrected):
        problem = (
            f"It would no longer follow without entry {entry.event.voids} of the history: correct {broken.event.name!r} first"
        )
    elif broken is not entry:
        problem = (
            f"{entry.event.name!r} told for {entry.at:%Y-%m-%d %H:%M} would come before it and break the story: "
            "give another time, or correct the later entry first"
        )
    elif told < max(instant(other.at) for other in advanced.story.told):
        problem = f"That was the state at {entry.at:%Y-%m-%d %H:%M}; today it is {tell(advanced.history[:-1]).status}"
    elif status in MET and isinstance(entry.event, Requested | Scheduled | Rescheduled):
        problem = "A second talk is an interview of its own: plan another"
    return IllegalEvent(status, broken.event.name, [event.name for event in TABLE[status]], problem=problem)
