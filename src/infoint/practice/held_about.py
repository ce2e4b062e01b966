"""What is held about one person, for whoever asks to see it or to take it along. Forgetting them is `forgetting`'s."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.model import fields
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Debrief, Referral
from infoint.model.events import Debriefed, Held, HistoryEntry
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import E, Entity, Value, identified
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.touch import Touch
from infoint.practice.arguments import demand
from infoint.practice.concerned import Concerned
from infoint.practice.rewriting import leaves_of

_KINDS: Final[dict[type[Entity], str]] = {
    Contact: "contact",
    Profile: "profile",
    Exploration: "exploration",
    Interview: "interview",
    FollowUp: "follow-up",
    Touch: "touch",
}


@frozen(kw_only=True)
class NamedIn(Value):
    """A talk with somebody else in which this person was named."""

    interview_id: UUID = field(validator=fields.identity())
    referral: Referral = field(validator=fields.a(Referral))


@frozen(kw_only=True)
class Mention(Value):
    """Lines about this person in what is about something else."""

    kind: str = field(converter=fields.as_line, validator=fields.line(required=True))
    """Of the record: "contact", "interview", "exploration" …"""
    id: UUID = field(validator=fields.a(UUID))
    lines: tuple[str, ...] = field(default=())


@frozen(kw_only=True)
class HeldAbout(Value):
    """Everything that is held about one person. A Value like those it holds, so `codec.dump` and `codec.load` know it."""

    contact: Contact = field(validator=fields.a(Contact))
    """With what was taken over from those who were merged into them."""
    interviews: tuple[Interview, ...] = ()
    """Talks they were asked for, took part in or are quoted in, with what they said and not what others did."""
    follow_ups: tuple[FollowUp, ...] = ()
    """What is or was owed to them, or to others for having named them."""
    touches: tuple[Touch, ...] = ()
    named_in: tuple[NamedIn, ...] = ()
    """Who named them, as the id of the talk, and with what words."""
    introduced: tuple[UUID, ...] = ()
    """Ids of people whom they named or introduced."""
    mentions: tuple[Mention, ...] = ()
    """Other lines that hold their full name, a former one, an address, number or link of theirs."""


def held_about(person: Contact, campaign: Campaign) -> HeldAbout:
    """What the explorer holds about this person (GDPR Art. 15 and 20): whatever `forget` takes away, and what it leaves without their name.

    *Others* are ids: of a talk with several, answers, insights and names given by another are left out. What is nobody's alone (notes, promises,
    surprises, reasons, summaries; events of a newer infoint) is in it as it stands, and so are names that this person gave: whoever passes it
    on looks through it before, since others may stand there (Art. 15 (4)). The explorer's profile, explorations and decisions are not in it, nor other
    people's records, but for the lines in which this person is named. Raises InvalidValue, MissingId.
    """
    demand("held_about", "person", person, Contact)
    demand("held_about", "campaign", campaign, Campaign)
    concerned = Concerned(identified(person), campaign)
    talks = tuple(_of_theirs(talk, concerned) for talk in campaign.interviews if _takes_part(talk, concerned))
    alone = {talk.id for talk in talks if concerned.alone(talk)}
    held = HeldAbout(
        contact=person,
        interviews=_by_id(talks),
        follow_ups=_by_id(tuple(one for one in campaign.follow_ups if one.interview_id in alone or _is_about(one, concerned))),
        touches=_by_id(tuple(one for one in campaign.touches if one.contact_id == person.id)),
        named_in=tuple(_named_in(campaign, concerned)),
        introduced=tuple(sorted(one.id for one in campaign.contacts if one.referred_by == person.id)),
    )
    return evolve(held, mentions=tuple(_mentions(campaign, concerned, told=set(leaves_of(held)))))


def _by_id(entities: tuple[E, ...]) -> tuple[E, ...]:
    return tuple(sorted(entities, key=lambda one: one.id))


# ── talks ────────────────────────────────────────────────────────────────────────────────────────
def _takes_part(talk: Interview, concerned: Concerned) -> bool:
    if concerned.id in {*talk.contact_ids, *talk.met}:
        return True
    for entry in talk.history:
        match entry.event:
            case Held(met) if concerned.id in met:
                return True
            case Debriefed(debrief) if any(one.said_by == concerned.id for one in debrief.said):
                return True
            case Debriefed(debrief) if any(one.given_by == concerned.id for one in debrief.referrals):
                return True
    return False


def _of_theirs(talk: Interview, concerned: Concerned) -> Interview:
    if concerned.alone(talk):
        return talk
    return evolve(talk, history=tuple(_entry(entry, talk, concerned) for entry in talk.history))


def _entry(entry: HistoryEntry, talk: Interview, concerned: Concerned) -> HistoryEntry:
    if not isinstance(entry.event, Debriefed):
        return entry
    return evolve(entry, event=evolve(entry.event, debrief=_debrief(entry.event.debrief, talk, concerned)))


def _debrief(debrief: Debrief, talk: Interview, concerned: Concerned) -> Debrief:
    return evolve(
        debrief,
        answers=tuple(one for one in debrief.answers if concerned.said(one, talk)),
        insights=tuple(one for one in debrief.insights if concerned.said(one, talk)),
        referrals=tuple(one for one in debrief.referrals if concerned.gave(one, talk) or concerned.is_meant(one, talk)),
    )


def _named_in(campaign: Campaign, concerned: Concerned) -> Iterator[NamedIn]:
    for talk in _by_id(campaign.interviews):
        given = [
            referral
            for entry in talk.history
            if isinstance(entry.event, Debriefed)
            for referral in entry.event.debrief.referrals
            if concerned.is_meant(referral, talk)
        ]
        for place, referral in enumerate(given):
            if referral not in given[:place]:  # a debrief that was amended says it again
                yield NamedIn(interview_id=talk.id, referral=referral)


def _is_about(follow_up: FollowUp, concerned: Concerned) -> bool:
    if follow_up.contact_id == concerned.id or concerned.says_so(follow_up):
        return True
    return str(concerned.id) in follow_up.anchor


# ── elsewhere ────────────────────────────────────────────────────────────────────────────────────
def _mentions(campaign: Campaign, concerned: Concerned, *, told: set[object]) -> Iterator[Mention]:
    for one in (
        campaign.profile,
        *_by_id(campaign.contacts),
        *_by_id(campaign.explorations),
        *_by_id(campaign.interviews),
        *_by_id(campaign.follow_ups),
        *_by_id(campaign.touches),
    ):
        texts = dict.fromkeys(leaf for leaf in leaves_of(one) if type(leaf) is str and leaf not in told)
        lines = tuple(dict.fromkeys(line for text in texts for line in _lines(text, concerned)))
        if lines:
            yield Mention(kind=_KINDS[type(one)], id=one.id, lines=lines)


def _lines(text: str, concerned: Concerned) -> Iterator[str]:
    for found in concerned.naming.whole.finditer(text):
        end = text.find("\n", found.end())
        yield text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else None]
