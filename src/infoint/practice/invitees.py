"""Whether there is a meeting to invite to or to call off, and whom to tell. What they are told is for calendars and letters."""

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import Interview
from infoint.model.interview_status import UPCOMING, InterviewStatus
from infoint.model.meeting import Meeting


def invitees(interview: Interview, campaign: Campaign) -> tuple[Contact, ...]:
    """Those who were asked and can be written to: they have an address, and nobody said not to contact them. Of several who share a
    first address, the first. Raises NotFound for people the campaign does not hold.
    """
    asked = [campaign.contact(id) for id in interview.contact_ids]
    by_address: dict[str, Contact] = {}
    for person in asked:
        if person.emails and not person.do_not_contact:
            by_address.setdefault(person.emails[0].lower(), person)
    return tuple(by_address.values())


def some_invitees(interview: Interview, campaign: Campaign) -> tuple[Contact, ...]:
    """As `invitees`. Raises InvalidValue where there is nobody."""
    people = invitees(interview, campaign)
    if not people:
        problem = "names nobody who can be invited: give one of them an address in `emails`, and see `do_not_contact`"
        raise InvalidValue("Interview", "contact_ids", problem, value=interview)
    return people


def meeting_ahead(interview: Interview) -> Meeting:
    """What to invite to. Raises InvalidValue where no meeting is agreed, it was called off, or the talk has taken place."""
    if interview.meeting is None or interview.status not in UPCOMING:
        problem = f"tells of no meeting to come (it is {interview.status}): record Scheduled with one first"
        raise InvalidValue("Interview", "history", problem, value=interview)
    return interview.meeting


def meeting_called_off(interview: Interview) -> Meeting:
    """What to cancel. Raises InvalidValue where no meeting was agreed, or the one agreed was not called off."""
    announced, story = interview.story.announced, interview.story
    # Without a bump there was never a moment in which the meeting stood, so nobody was told of it.
    if announced is None or story.stands or not story.sequence or story.status is InterviewStatus.NO_SHOW:
        problem = f"tells of no meeting that was called off (it is {interview.status}): record Cancelled first"
        raise InvalidValue("Interview", "history", problem, value=interview)
    return announced
