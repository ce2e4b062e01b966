"""A letter that offers times for a talk. Which times are open is `practice.meeting_times`'s; the letter's words are `letter`'s."""

from collections.abc import Iterable
from typing import Protocol

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.identity import derive_id, identified
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.notes.contract import Document
from infoint.notes.documents.letter import letter
from infoint.notes.documents.letters.case import slots_of
from infoint.notes.wordings import Wordings
from infoint.practice.meeting_times import Slot


class TimeOffer(Protocol):
    """A builder for one talk."""

    def __call__(self, interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
        """The letter."""
        ...


def time_offer(times: Iterable[Slot]) -> TimeOffer:
    """A builder for one talk: `render(time_offer(slots)(talk, campaign), "text")`. The times come in their order, on the clocks of both.

    Raises InvalidValue where there are no times, or what is none, and, when it builds, for a talk that has taken place; as `letter`.
    """
    offered = slots_of(times, "time_offer")
    if not offered:
        raise InvalidValue("time_offer", "times", "needs at least one; `why_no_times` says why there is none", value=times)

    def build(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
        if identified(interview).status in MET:
            raise InvalidValue("Interview", "status", f"is {interview.status}: the talk has taken place", value=interview)
        ask = FollowUp(
            id=derive_id(interview.id, "time-offer"),
            kind=FollowUpKind.PICK_TIME,
            due=offered[0].start.date(),
            interview_id=interview.id,
        )
        return letter(ask, campaign.including(interview), times=offered, wordings=wordings)

    return build
