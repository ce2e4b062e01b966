"""What a history tells: the entries that count, the state they lead to, the meeting last agreed, and how often calendars had to
hear of it. Read only; whether a step was allowed is `infoint.practice.lifecycle`'s.
"""

from datetime import datetime
from functools import reduce
from typing import Final, NamedTuple

from attrs import frozen

from infoint.model.events import Corrected, Debriefed, Held, HistoryEntry, Rescheduled, Scheduled, UnknownEvent
from infoint.model.fields import instant, instant_and_zone
from infoint.model.interview_status import MET, UPCOMING, InterviewStatus
from infoint.model.meeting import Meeting

STANDING: Final = UPCOMING | MET
"""States in which an agreed meeting is a meeting; in all others a calendar shows it as cancelled, if at all."""


@frozen
class Story:
    """A history, read."""

    told: tuple[HistoryEntry, ...]
    """The entries that count, in the order of happening: no corrections, nothing they took away."""
    status: InterviewStatus
    meeting: Meeting | None
    """Last agreed; kept after a cancellation."""
    announced: Meeting | None
    """`meeting`, or where a correction took that away, the one that calendars had been told of."""
    held: Held | None
    debriefed: Debriefed | None
    sequence: int
    """RFC 5546 §2.1.4."""
    unknown_event: str

    @property
    def stands(self) -> bool:
        """Whether there is a meeting that was neither called off nor missed."""
        return self.meeting is not None and self.status in STANDING


def tell(history: tuple[HistoryEntry, ...]) -> Story:
    """Read a history. Every history can be read: nothing here asks whether a step was allowed."""
    outcome, announced, sequence = _telling(history)
    return Story(
        told=_counting(history),
        status=outcome.status,
        meeting=outcome.meeting,
        announced=outcome.meeting or announced,
        held=outcome.held,
        debriefed=outcome.debriefed,
        sequence=sequence,
        unknown_event=next((entry.event.name for entry in history if isinstance(entry.event, UnknownEvent)), ""),
    )


def _counting(history: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    stands = [True] * len(history)
    for place in range(len(history) - 1, -1, -1):  # from the last: a correction may itself have been corrected
        event = history[place].event
        if stands[place] and isinstance(event, Corrected) and event.voids < place:
            stands[event.voids] = False
    counting = (entry for place, entry in enumerate(history) if stands[place] and not isinstance(entry.event, Corrected))
    return tuple(sorted(counting, key=_happened))


def _happened(entry: HistoryEntry) -> datetime:
    return instant(entry.at)


class _Outcome(NamedTuple):
    """Where entries have led to."""

    status: InterviewStatus = InterviewStatus.IDENTIFIED
    meeting: Meeting | None = None
    held: Held | None = None
    debriefed: Debriefed | None = None

    def after(self, entry: HistoryEntry) -> "_Outcome":
        match entry.event:
            case UnknownEvent() | Corrected():
                return self
            case Scheduled() | Rescheduled() as event:
                return self._replace(status=event.leads_to, meeting=event.meeting)
            case Held() as event:
                return self._replace(status=event.leads_to, held=event)
            case Debriefed() as event:
                return self._replace(status=event.leads_to, debriefed=event)
            case event:
                return self._replace(status=event.leads_to)

    def announcement(self) -> object:
        """What calendars have to hear of when it changes: the meeting's time and length, and whether it stands."""
        return self.meeting and (instant_and_zone(self.meeting.start), self.meeting.duration, self.status in STANDING)


def _telling(history: tuple[HistoryEntry, ...]) -> tuple[_Outcome, Meeting | None, int]:
    """The outcome, the meeting last told of, and how often the telling changed its time or standing after there first was one.

    Counting event names instead goes wrong as soon as one is corrected or told late.
    """
    outcome, latest = _Outcome(), None
    announced: Meeting | None = None
    sequence = 0
    for length, entry in enumerate(history, 1):
        before, happened = outcome.announcement(), _happened(entry)
        if isinstance(entry.event, Corrected) or (latest is not None and happened < latest):
            outcome = reduce(_Outcome.after, _counting(history[:length]), _Outcome())
        else:
            outcome = outcome.after(entry)
        if not isinstance(entry.event, Corrected):
            latest = max(happened, latest or happened)
        if announced is not None and outcome.announcement() != before:
            sequence += 1
        announced = outcome.meeting or announced
    return outcome, announced, sequence
