"""The word of the day before: when, where and how, with the questions (practice §9). What it says is the letter's for CONFIRM; this
makes it of a talk, for who keeps no follow-ups.
"""

from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind
from infoint.model.identity import derive_id, identified
from infoint.model.interview import Interview
from infoint.model.interview_status import MET
from infoint.notes.contract import Document
from infoint.notes.documents.letter import letter
from infoint.notes.phrases import stem
from infoint.notes.wordings import Wordings


def confirmation(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """The meeting that was agreed, on the clocks of both, with the agenda's questions in their order. The explorer's own draft, in
    the follow-up that asks for the confirmation, stands in place of ours. `wordings`: others than those shipped for the explorer's
    language.

    Raises InvalidValue where no meeting is agreed, where it has taken place, and where nobody may be written to; MissingId;
    NotFound for what the campaign does not hold.
    """
    meeting = identified(interview).meeting
    if meeting is None or not interview.story.stands:
        raise InvalidValue("Interview", "status", f"is {interview.status}: there is no meeting to confirm", value=interview)
    if interview.status in MET:
        raise InvalidValue("Interview", "status", f"is {interview.status}: the talk has taken place", value=interview)
    owed = [one for one in campaign.follow_ups_of(interview) if one.kind == FollowUpKind.CONFIRM and one.status not in SETTLED]
    asked = FollowUp(
        id=derive_id(interview.id, "confirmation"),
        kind=FollowUpKind.CONFIRM,
        due=meeting.start.astimezone(campaign.profile.zone).date(),
        interview_id=interview.id,
        draft=next((one.draft for one in owed if one.draft.strip()), ""),
    )
    made = letter(asked, campaign.including(interview), wordings=wordings)
    people = (person.name for person in campaign.people(interview) if not person.do_not_contact)
    return evolve(made, name="confirmation", filename=stem("confirmation", *people, interview.id.hex[-8:]))
