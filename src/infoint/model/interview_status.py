"""The states of an interview. What leads from one to the next is `infoint.practice.lifecycle`'s."""

from typing import Final

from infoint.closed_name import ClosedName


class InterviewStatus(ClosedName):
    """Read off the history, never set by hand (practice §6)."""

    IDENTIFIED = "identified"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    HELD = "held"
    DEBRIEFED = "debriefed"
    CLOSED = "closed"
    DECLINED = "declined"
    NO_RESPONSE = "no-response"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


UPCOMING: Final = frozenset({InterviewStatus.SCHEDULED, InterviewStatus.CONFIRMED})
"""A meeting is agreed and still to come."""
MET: Final = frozenset({InterviewStatus.HELD, InterviewStatus.DEBRIEFED, InterviewStatus.CLOSED})
"""The talk took place."""
FALLEN_THROUGH: Final = frozenset(
    {InterviewStatus.DECLINED, InterviewStatus.NO_RESPONSE, InterviewStatus.CANCELLED, InterviewStatus.NO_SHOW}
)
"""There was no talk; it can be taken up again."""
