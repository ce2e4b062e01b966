"""Who named whom, and what came of it. What is owed for it is `follow_up_planner`'s."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from unicodedata import normalize
from uuid import UUID

from attrs import frozen

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Referral, ReferralOutcome
from infoint.model.events import Debriefed, HistoryEntry
from infoint.model.interview import Interview
from infoint.model.interview_status import FALLEN_THROUGH, InterviewStatus
from infoint.practice.formerly import former_names


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

    @cached_property
    def key(self) -> str:
        """The name as it is compared."""
        return name_key(self.referral.name)

    @property
    def name(self) -> str:
        """As it was given; whoever was called so as a contact, and is not any more, by the name of now."""
        person = self.contact
        return person.name if person and self.key in map(name_key, former_names(person)) else self.referral.name

    @property
    def given_at(self) -> datetime:
        """When the name was given: at the talk, or when it was first written down where the talk has no time. In UTC."""
        meeting = self.interview.meeting
        return (meeting.end if meeting else self.entry.at).astimezone(UTC)

    def ever_said_to_be(self) -> Iterator[UUID]:
        """Every contact a debrief of the talk ever gave the name to, amended since or not."""
        for entry in self.interview.history:
            for referral in entry.event.debrief.referrals if isinstance(entry.event, Debriefed) else ():
                if referral.contact_id is not None and name_key(referral.name) == self.key:
                    yield referral.contact_id


def name_key(name: str) -> str:
    """A name as names are compared: neither case, nor spacing, nor how an accent is encoded makes another person."""
    return normalize("NFC", " ".join(name.casefold().split()))


def people_named(campaign: Campaign) -> Mapping[tuple[UUID, str], Contact]:
    """Whom each referrer brought in, by referrer and name; by a former name where nobody bears it now; of two alike the one with the lower id."""
    contacts = sorted(campaign.contacts, key=lambda contact: contact.id, reverse=True)
    brought = [(one.referred_by, one) for one in contacts if one.referred_by is not None]
    by_former = {(giver, name_key(name)): one for giver, one in brought for name in former_names(one)}
    return by_former | {(giver, name_key(one.name)): one for giver, one in brought}


def introductions(
    interview: Interview, campaign: Campaign, named: Mapping[tuple[UUID, str], Contact]
) -> Iterator[Introduction]:
    """The referrals of a talk, each name once. `named`: see `people_named`. Raises NotFound for people the campaign does not hold."""
    there = interview.met or interview.contact_ids
    for key, referral in {name_key(one.name): one for one in reversed(interview.referrals)}.items():
        giver = campaign.contact(referral.given_by or there[0])
        yield Introduction(
            referral=referral,
            interview=interview,
            entry=_first_named(interview, key),
            giver=giver,
            contact=_contact(referral, giver, campaign, named),
        )


def _first_named(interview: Interview, key: str) -> HistoryEntry:
    return next(
        entry
        for entry in interview.story.told
        if isinstance(entry.event, Debriefed)
        and any(name_key(referral.name) == key for referral in entry.event.debrief.referrals)
    )


def _contact(
    referral: Referral, giver: Contact, campaign: Campaign, named: Mapping[tuple[UUID, str], Contact]
) -> Contact | None:
    """By id where the referral has one; else whoever bears the name *and* was referred by the giver. Never by name alone."""
    if referral.contact_id is not None:
        return campaign.contact(referral.contact_id)
    return named.get((giver.id, name_key(referral.name)))


def is_taken_up(introduction: Introduction, campaign: Campaign) -> bool:
    """Whether the person named was asked for a talk, or the explorer has said what became of it. A talk that had fallen through
    before the name was given says nothing: the referral is a new reason to ask.
    """
    if introduction.referral.outcome is not ReferralOutcome.PENDING:
        return True
    return introduction.contact is not None and any(
        talk.status is not InterviewStatus.IDENTIFIED and not fell_through_before(talk, introduction)
        for talk in campaign.interviews_with(introduction.contact)
    )


def fell_through_before(talk: Interview, introduction: Introduction) -> bool:
    """Whether the talk had come to nothing by the time the name was given."""
    return talk.status in FALLEN_THROUGH and talk.story.told[-1].at < introduction.given_at


def resulting_talk(introduction: Introduction, campaign: Campaign) -> Interview | None:
    """The first standing talk with the person named, or that they were met in, that ends after the name was given."""
    person = introduction.contact
    if person is None:
        return None
    talks = [
        (talk.meeting.end.astimezone(UTC), talk.id, talk)
        for talk in campaign.interviews_with(person)
        if talk.id != introduction.interview.id
        and talk.meeting is not None
        and talk.story.stands
        and (not talk.met or person.id in talk.met)
    ]
    return min((one for one in talks if one[0] > introduction.given_at), default=(None, None, None))[2]


def referral_root(contact: Contact, campaign: Campaign) -> UUID:
    """Whoever started the chain of introductions that led here; someone nobody referred is their own root (practice §8)."""
    return referral_roots((contact,), campaign)[contact.id]


def referral_roots(people: Iterable[Contact], campaign: Campaign) -> Mapping[UUID, UUID]:
    """The referral root of each, by id, and of all between: each link of the chains is gone along once."""
    roots: dict[UUID, UUID] = {}
    for person in people:
        chain: dict[UUID, None] = {}
        here, before = person.id, person.referred_by
        while here not in roots and here not in chain:
            chain[here] = None
            if before is None:
                roots[here] = here
            else:
                here, before = before, _referrer(before, campaign)
        if here not in roots:
            # A ring has no start: all in it share the one with the lowest id.
            ring = list(chain)[list(chain).index(here) :]
            roots[here] = min(ring)
        roots.update(dict.fromkeys(chain, roots[here]))
    return roots


def _referrer(id: UUID, campaign: Campaign) -> UUID | None:
    try:
        return campaign.contact(id).referred_by
    except NotFound:  # somebody the campaign does not hold may have referred several of those it does
        return None
