"""What a history tells: the entries that count, the state they lead to, the meeting last agreed, and how often calendars had to
hear of it. Read only; whether a step was allowed is `infoint.practice.lifecycle`'s.
"""

from datetime import datetime
from typing import Final

from attrs import frozen

from infoint.model.events import Corrected, Debriefed, Held, HistoryEntry, Rescheduled, Scheduled, UnknownEvent
from infoint.model.fields import instant_and_zone
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
    told = _counting(history)
    status, meeting, held, debriefed = _outcome(told)
    announced, sequence = _announcements(history)
    return Story(
        told=told,
        status=status,
        meeting=meeting,
        announced=meeting or announced,
        held=held,
        debriefed=debriefed,
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
    return entry.at


def _outcome(told: tuple[HistoryEntry, ...]) -> tuple[InterviewStatus, Meeting | None, Held | None, Debriefed | None]:
    status, meeting, held, debriefed = InterviewStatus.IDENTIFIED, None, None, None
    for entry in told:
        match entry.event:
            case UnknownEvent() | Corrected():
                continue
            case Scheduled() | Rescheduled() as event:
                meeting = event.meeting
            case Held() as event:
                held = event
            case Debriefed() as event:
                debriefed = event
        status = entry.event.leads_to
    return status, meeting, held, debriefed


def _announcements(history: tuple[HistoryEntry, ...]) -> tuple[Meeting | None, int]:
    """The meeting last told of, and how often the telling changed its time or standing after there first was one.

    Counting event names instead goes wrong as soon as one is corrected or told late.
    """
    announced: Meeting | None = None
    sequence = 0
    before: object = None
    for length in range(1, len(history) + 1):
        status, meeting, _, _ = _outcome(_counting(history[:length]))
        now = meeting and (instant_and_zone(meeting.start), meeting.duration, status in STANDING)
        if announced is not None and now != before:
            sequence += 1
        announced, before = meeting or announced, now
    return announced, sequence
