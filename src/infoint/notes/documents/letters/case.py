"""A follow-up with all that its letter may speak of: to whom, about which talk and which exploration. What a letter says is in the
modules beside this one.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Insight, Referral, Valence
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.interview import MET, Interview, Purpose
from infoint.notes.documents.letters.asked_for import about, length, looking, offered_formats
from infoint.notes.phrases import Phrases
from infoint.practice.agenda import talk_length
from infoint.practice.anchors import exploration_in, referral_anchor
from infoint.practice.meeting_times import Slot
from infoint.practice.policy import Policy
from infoint.practice.referrals import Introduction, introductions, people_named


@frozen
class Addressee:
    """Whom a letter goes to, contact or not."""

    name: str
    email: str = ""
    zone: ZoneInfo | None = None


@frozen(kw_only=True)
class Case:
    """A follow-up with all that its letter may speak of."""

    follow_up: FollowUp
    campaign: Campaign
    words: Phrases
    to: tuple[Addressee, ...]
    person: Contact | None
    """The first of them, where known as a contact."""
    interview: Interview | None
    """The talk it belongs to; for what may come long after, else the last one with them."""
    introduction: Introduction | None = field(default=None)
    times: tuple[Slot, ...] = field(default=())
    policy: Policy

    @property
    def names(self) -> str:
        """Of all it goes to."""
        return self.words.listed(one.name for one in self.to)

    @cached_property
    def exploration(self) -> Exploration | None:
        """What the talk was for."""
        id = exploration_in(self.follow_up.anchor) or (self.interview.exploration_id if self.interview else None)
        return self.campaign.exploration(id) if id else None

    @property
    def about(self) -> str:
        """What the talks are about, as a sentence speaks of it."""
        return about(self.exploration, self.words)

    @property
    def purpose(self) -> Purpose:
        """What the talk is asked for."""
        return self.interview.purpose if self.interview else Purpose.INFORMATIONAL

    def by_purpose(self, key: str) -> str:
        """The key of a text; of another one (`key.employment`) where the talk is about employment, which is asked for openly."""
        return f"{key}.employment" if self.purpose is Purpose.EMPLOYMENT else key

    def weekday(self, at: datetime) -> str:
        """The day on the calendar of whoever reads it."""
        return self.words.weekday(at.astimezone(self.zones[0]).date())

    @property
    def zones(self) -> tuple[ZoneInfo, ...]:
        """Theirs, and the explorer's behind."""
        return (*(one.zone for one in self.to if one.zone), self.campaign.profile.zone)

    @property
    def talked(self) -> str:
        """The day of the talk; "" where it has no time or has not taken place."""
        talk = self.interview
        return self.weekday(talk.meeting.start) if talk and talk.meeting and talk.status in MET else ""

    def say_on(self, key: str, **fields: str | int) -> str:
        """The text; where the day of the talk is known, the one that tells it (`key.on`)."""
        return self.words.say(f"{key}.on", day=self.talked, **fields) if self.talked else self.words.say(key, **fields)

    def length(self, duration: timedelta) -> str:
        """As in: half an hour."""
        return length(duration, self.words)

    def asked_for(self, interview: Interview | None) -> dict[str, str]:
        """How long, and which formats are offered: what is agreed, else what was asked for; where nothing was said, all."""
        return {
            "length": self.length(talk_length(interview) if interview else timedelta(minutes=30)),
            "formats": offered_formats(interview, self.words),
        }

    @property
    def of_the_talk(self) -> dict[str, str]:
        """What a letter that asks for the talk says of it: what it is about by its purpose, how long, in which format."""
        openly = self.purpose is Purpose.EMPLOYMENT
        return {
            "about": self.words.say("about.employment") if openly else self.about,
            "looking": looking(self.exploration, self.words),
            **self.asked_for(self.interview),
        }


def slots_of(times: Iterable[Slot], function: str) -> tuple[Slot, ...]:
    """Them all. Raises InvalidValue, in the name of the `function` that was given something else."""
    offered = tuple(times) if isinstance(times, Iterable) else None
    if offered is None or any(not isinstance(time, Slot) for time in offered):
        raise InvalidValue(function, "times", "needs Slots, as propose_times finds them", value=times)
    return offered


def _offered(times: Iterable[Slot], follow_up: FollowUp) -> tuple[Slot, ...]:
    """In order of time: a letter does not rank them."""
    offered = slots_of(times, "letter")
    if offered and follow_up.kind != FollowUpKind.PICK_TIME:
        raise InvalidValue("letter", "times", f"are offered by a PICK_TIME letter, not by {follow_up.kind}", value=offered)
    return tuple(sorted(offered, key=lambda time: time.start.astimezone(UTC)))


def case_of(follow_up: FollowUp, campaign: Campaign, words: Phrases, times: Iterable[Slot] = (), *, policy: Policy) -> Case:
    """Raises InvalidValue where there is nobody to write to, or somebody who must not be, and for times that are none; NotFound."""
    kind, offered = follow_up.kind, _offered(times, follow_up)
    interview = campaign.interview(follow_up.interview_id) if follow_up.interview_id else None
    introduction = _introduction(follow_up, interview, campaign)
    people = _people(follow_up, interview, introduction, campaign)
    writable = [person for person in people if not person.do_not_contact]
    if people and not writable:
        raise InvalidValue("FollowUp", "contact_id", "is somebody who must not be contacted", value=follow_up)
    to = tuple(Addressee(one.name, next(iter(one.emails), ""), one.zone) for one in writable)
    if not to and introduction and kind == FollowUpKind.CONTACT_REFERRAL:
        to = (_named(introduction.referral),)
    if not to:
        raise InvalidValue("FollowUp", "contact_id", "is needed for a letter: there is nobody to write to", value=follow_up)
    person = writable[0] if writable else None
    if interview is None and person and kind not in _TO_ALL:
        interview = _last_talk(person, campaign)
    return Case(
        follow_up=follow_up,
        campaign=campaign,
        words=words,
        to=to,
        person=person,
        interview=interview,
        introduction=introduction,
        times=offered,
        policy=policy,
    )


_TO_ALL: Final = frozenset({FollowUpKind.NUDGE, FollowUpKind.PICK_TIME, FollowUpKind.CONFIRM})
"""One for the talk, not one for each person: all who were asked get it."""


def _people(
    follow_up: FollowUp, interview: Interview | None, introduction: Introduction | None, campaign: Campaign
) -> tuple[Contact, ...]:
    if interview and follow_up.kind in _TO_ALL:
        return tuple(campaign.contact(id) for id in interview.contact_ids)
    if follow_up.contact_id:
        return (campaign.contact(follow_up.contact_id),)
    if introduction and introduction.contact and follow_up.kind == FollowUpKind.CONTACT_REFERRAL:
        return (introduction.contact,)
    return ()


def _named(referral: Referral) -> Addressee:
    """Somebody who is no contact yet; how to reach them may be an address, or anything else."""
    reach = referral.how_to_reach
    mailbox, at, domain = reach.partition("@")
    return Addressee(referral.name, reach if mailbox and at and "." in domain and " " not in reach else "")


def _introduction(follow_up: FollowUp, interview: Interview | None, campaign: Campaign) -> Introduction | None:
    if interview is None or follow_up.kind not in {FollowUpKind.CONTACT_REFERRAL, FollowUpKind.REPORT_BACK}:
        return None
    there = introductions(interview, campaign, people_named(campaign))
    return next((one for one in there if _hangs_on(follow_up, one)), None)


def _hangs_on(follow_up: FollowUp, introduction: Introduction) -> bool:
    if follow_up.anchor == referral_anchor(introduction):
        return True
    by_hand = not follow_up.anchor and follow_up.kind == FollowUpKind.CONTACT_REFERRAL
    return by_hand and introduction.contact is not None and introduction.contact.id == follow_up.contact_id


def _last_talk(person: Contact, campaign: Campaign) -> Interview | None:
    talks = [talk for talk in campaign.interviews_with(person) if person.id in talk.met]
    return max(talks, key=lambda talk: (took_place(talk), talk.id), default=None)


def was_held(talk: Interview | None) -> bool:
    """Whether there is a talk, and it took place."""
    return talk is not None and talk.status in MET


def took_place(talk: Interview) -> datetime:
    """When, as far as that is told."""
    return (talk.meeting.start if talk.meeting else talk.story.told[-1].at).astimezone(UTC)


def takeaway(talk: Interview | None, person: Contact | None, among: tuple[Valence, ...]) -> Insight | None:
    """What this person said comes before what nobody in particular said; what somebody else said never comes. The valences come
    in the order given.
    """
    if talk is None or person is None:
        return None

    def is_theirs(insight: Insight) -> bool:
        return insight.said_by == person.id or (insight.said_by is None and talk.met == (person.id,))

    fitting = [one for one in talk.insights if one.valence in among and (one.said_by is None or is_theirs(one))]
    # The hard side last, whoever spoke of it.
    order = [(one.valence is Valence.NEGATIVE, not is_theirs(one), among.index(one.valence)) for one in fitting]
    return fitting[order.index(min(order))] if fitting else None
