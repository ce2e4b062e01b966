"""What an exploration has heard of a topic so far, and so what one more voice would bring. What several talks say together, for
people to read, is `evidence`'s.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.interview import MET, Interview
from infoint.model.question import Topic
from infoint.practice.question_bank import QuestionBank, topic_phrases
from infoint.practice.referrals import referral_root

ENOUGH: Final = 3
"""Independent people who agree on a topic; a fourth would add little (practice §4)."""


class Gain(IntEnum):
    """What one more voice on a topic would bring; the lower, the more."""

    UNHEARD = 0
    ONE_SOURCE = 1
    CONTESTED = 2
    OPEN = 3
    SETTLED = 4


@frozen(kw_only=True)
class Heard:
    """What the exploration's other talks say about one topic."""

    gain: Gain = Gain.UNHEARD
    people: tuple[Contact, ...] = ()
    """Who spoke about it; where they disagree, those who do."""
    asked: bool = False
    """Whether it was on the agenda of a talk that took place."""


def heard_elsewhere(interview: Interview, campaign: Campaign, bank: QuestionBank) -> Mapping[Topic, Heard]:
    """By topic: what the other talks of the same exploration have brought, insights and answers alike; for a talk without
    exploration, those without one. The bank says what an answer is about whose question is not on the agenda.

    Raises NotFound for people the campaign does not hold.
    """
    voices: defaultdict[Topic, list[tuple[UUID, Valence | None]]] = defaultdict(list)
    asked: set[Topic] = set()
    topics = {question.id: question.topic for question in bank}
    for talk in campaign.interviews:
        if talk.exploration_id != interview.exploration_id or talk.id == interview.id or talk.status not in MET:
            continue
        on_agenda = {item.question.id: item.question.topic for item in talk.agenda}
        asked.update(on_agenda.values())
        for insight in talk.insights:
            voices[insight.topic].append((insight.said_by or talk.met[0], insight.valence))
        for answer in talk.debrief.answers if talk.debrief else ():
            topic = on_agenda.get(answer.question_id) or topics.get(answer.question_id)
            if topic is not None:
                voices[topic].append((talk.met[0], None))
    roots = {id: referral_root(campaign.contact(id), campaign) for id in {id for said in voices.values() for id, _ in said}}
    return {topic: _weighed(voices[topic], roots, campaign, asked=topic in asked) for topic in asked | voices.keys()}


def _weighed(said: list[tuple[UUID, Valence | None]], roots: Mapping[UUID, UUID], campaign: Campaign, *, asked: bool) -> Heard:
    sides = {valence: {roots[id] for id, its in said if its is valence} for valence in Valence}
    sources = {roots[id] for id, _ in said}
    for_it, against = sides[Valence.POSITIVE], sides[Valence.NEGATIVE]
    speakers = {id for id, _ in said}
    if not said:
        gain = Gain.UNHEARD
    elif len(sources) == 1:
        gain = Gain.ONE_SOURCE
    elif for_it and against and len(for_it | against) > 1:
        gain = Gain.CONTESTED
        speakers = {id for id, valence in said if valence in (Valence.POSITIVE, Valence.NEGATIVE)}
    elif max(map(len, sides.values())) >= ENOUGH and not (for_it and against):
        gain = Gain.SETTLED
    else:
        gain = Gain.OPEN
    people = sorted(map(campaign.contact, speakers), key=lambda person: (person.name, person.id))
    return Heard(gain=gain, people=tuple(people), asked=asked)


def gain_in_words(topic: Topic, so_far: Heard) -> str:
    """Why to ask about it, in one sentence."""
    about = phrase(topic)
    names = _names(so_far.people)
    match so_far.gain:
        case Gain.UNHEARD if so_far.asked:
            return f"Nothing has been noted about {about} yet."
        case Gain.UNHEARD:
            return f"Nobody has been asked about {about} yet."
        case Gain.ONE_SOURCE if len(so_far.people) == 1:
            return f"Only {names} has spoken about {about}."
        case Gain.ONE_SOURCE:
            return f"Only one circle of people has spoken about {about}: {names}."
        case Gain.CONTESTED:
            return f"{names} disagree about {about}."
        case _:
            return f"{names} have spoken about {about}, but no three independent people agree on it."


def _names(people: Sequence[Contact]) -> str:
    names = [person.name for person in people]
    if len(names) > 3:
        names = [*names[:3], f"{len(names) - 3} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def phrase(topic: Topic) -> str:
    """How a sentence speaks of the topic: "a typical day"."""
    return topic_phrases().get(topic, topic.label.lower())
