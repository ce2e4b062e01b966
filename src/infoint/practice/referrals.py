"""Who named whom, and what came of it. What is owed for it is `follow_up_planner`'s."""

from collections.abc import Iterator
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Referral, ReferralOutcome
from infoint.model.events import Debriefed, HistoryEntry
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus


@frozen(kw_only=True)
class Introduction:
    """A referral with the people on both ends."""

    referral: Referral
    interview: Interview
    """The talk in which it was given."""
    entry: HistoryEntry
    """The debrief that first names it."""
    giver: Contact
    contact: Contact | None
    """Who was named, once known as a contact."""

    @property
    def key(self) -> str:
        """The name as it is compared: case and spacing do not make another person."""
        return _key(self.referral.name)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def introductions(interview: Interview, campaign: Campaign) -> Iterator[Introduction]:
    """The referrals of a talk, each name once. Raises NotFound for a giver the campaign does not hold."""
    seen: set[str] = set()
    for referral in interview.referrals:
        if (key := _key(referral.name)) in seen:
            continue
        seen.add(key)
        giver = campaign.contact(referral.given_by or interview.met[0])
        yield Introduction(
            referral=referral,
            interview=interview,
            entry=_first_named(interview, key),
            giver=giver,
            contact=_contact(referral, giver, campaign),
        )


def _first_named(interview: Interview, key: str) -> HistoryEntry:
    return next(
        entry
        for entry in interview.story.told
        if isinstance(entry.event, Debriefed) and any(_key(referral.name) == key for referral in entry.event.debrief.referrals)
    )


def _contact(referral: Referral, giver: Contact, campaign: Campaign) -> Contact | None:
    """By id where the referral has one; else whoever bears the name *and* was referred by the giver. Never by name alone."""
    if referral.contact_id is not None:
        return campaign.contact(referral.contact_id)
    return next(
        (one for one in campaign.contacts if one.referred_by == giver.id and _key(one.name) == _key(referral.name)), None
    )


def is_taken_up(introduction: Introduction, campaign: Campaign) -> bool:
    """Whether the person named was asked for a talk, or the explorer has said what became of it."""
    if introduction.referral.outcome is not ReferralOutcome.PENDING:
        return True
    return introduction.contact is not None and any(
        talk.status is not InterviewStatus.IDENTIFIED for talk in campaign.interviews_with(introduction.contact)
    )


def resulting_talk(introduction: Introduction, campaign: Campaign) -> Interview | None:
    """The first standing talk with the person named that ends after the one they were named in."""
    if introduction.contact is None:
        return None
    given = introduction.interview.meeting
    talks = [
        (talk.meeting.end, talk)
        for talk in campaign.interviews_with(introduction.contact)
        if talk.id != introduction.interview.id and talk.meeting is not None and talk.story.stands
    ]
    later = [(end, talk) for end, talk in talks if given is None or end > given.end]
    return min(later, key=lambda pair: (pair[0], pair[1].id), default=(None, None))[1]


def referral_root(contact: Contact, campaign: Campaign) -> UUID:
    """Whoever started the chain of introductions that led here; someone nobody referred is their own root (practice §8)."""
    seen = {contact.id}
    root, before = contact.id, contact.referred_by
    while before is not None and before not in seen:
        seen.add(before)
        root = before
        before = next((one.referred_by for one in campaign.contacts if one.id == root), None)
    return root
