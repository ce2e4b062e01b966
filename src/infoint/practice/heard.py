"""What an exploration has heard of each topic so far, and what one more voice would bring. What several talks say together, for
people to read, is `evidence`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from enum import IntEnum
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration
from infoint.model.interview import MET, Interview
from infoint.model.question import Topic
from infoint.practice.labels import label
from infoint.practice.languages import OURS, primary_language, shipped
from infoint.practice.question_bank import QuestionBank, topic_phrases
from infoint.practice.referrals import referral_roots
from infoint.practice.sentences import listed, sentence
from infoint.practice.sides import Sides, weigh

ENOUGH: Final = 3
"""Independent people who agree on a topic; a fourth would add little (practice §4)."""


class Gain(IntEnum):
    """What one more voice on a topic would bring; the lower, the more."""

    UNHEARD = 0
    ONE_SOURCE = 1
    CONTESTED = 2
    OPEN = 3
    """Several have spoken, and no three independent people agree."""
    ECHO = 4
    """One source, and whoever is asked now is part of it."""
    SETTLED = 5


@frozen(kw_only=True)
class Heard:
    """What the exploration's other talks say about one topic."""

    gain: Gain = Gain.UNHEARD
    people: tuple[Contact, ...] = ()
    """Who spoke about it; where they disagree, those who do."""
    asked: bool = False
    """Whether it was on the agenda of a talk that took place."""
    roots: frozenset[UUID] = frozenset()
    """The independent sources among all who spoke."""


NOTHING: Final = Heard()
"""What has been heard of a topic nobody has touched."""


def heard_elsewhere(interview: Interview, campaign: Campaign, bank: QuestionBank) -> Mapping[Topic, Heard]:
    """By topic: what the other talks of the same exploration have brought, insights and answers alike; for a talk without
    exploration, those without one. The bank says what an answer is about whose question is not on the agenda.

    Raises NotFound for people the campaign does not hold.
    """
    talks = (
        talk for talk in campaign.interviews if talk.exploration_id == interview.exploration_id and talk.id != interview.id
    )
    return _heard(talks, campaign, bank, now=campaign.people(interview))


def heard_so_far(exploration: Exploration, campaign: Campaign, bank: QuestionBank) -> Mapping[Topic, Heard]:
    """By topic: what all talks of an exploration have brought, whoever is asked next. Raises MissingId, and NotFound for people
    the campaign does not hold.
    """
    return _heard(campaign.interviews_in(exploration), campaign, bank, now=())


def _heard(
    talks: Iterable[Interview], campaign: Campaign, bank: QuestionBank, *, now: Sequence[Contact]
) -> Mapping[Topic, Heard]:
    """`now`: those to be asked; none = whoever it will be."""
    voices: defaultdict[Topic, list[tuple[UUID, Valence | None]]] = defaultdict(list)
    asked: set[Topic] = set()
    topics = {question.id: question.topic for question in bank}
    for talk in talks:
        if talk.status not in MET:
            continue
        first = talk.met[0]
        on_agenda = {item.question.id: item.question.topic for item in talk.agenda}
        asked.update(on_agenda.values())
        for insight in talk.insights:
            voices[insight.topic].append((insight.said_by or first, insight.valence))
        for answer in talk.debrief.answers if talk.debrief else ():
            topic = on_agenda.get(answer.question_id) or topics.get(answer.question_id)
            if topic is not None:
                voices[topic].append((answer.said_by or first, None))
    by_name = sorted(map(campaign.contact, {id for said in voices.values() for id, _ in said}), key=_name_first)
    place = {person.id: number for number, person in enumerate(by_name)}
    roots = referral_roots((*by_name, *now), campaign)
    root_at = [roots[person.id] for person in by_name]
    to_be_asked = frozenset(roots[person.id] for person in now)

    def weighed(topic: Topic) -> Heard:
        said = [(place[id], valence) for id, valence in voices[topic]]
        sides = weigh((root_at[speaker], valence) for speaker, valence in said)
        gain = _gain(sides, to_be_asked)
        telling = {speaker for speaker, valence in said if gain is not Gain.CONTESTED or valence in _SIDED}
        people = tuple(by_name[speaker] for speaker in sorted(telling))
        return Heard(gain=gain, people=people, asked=topic in asked, roots=sides.sources)

    return {topic: weighed(topic) for topic in asked | voices.keys()}


_SIDED: Final = frozenset({Valence.POSITIVE, Valence.NEGATIVE})


def _name_first(person: Contact) -> tuple[str, UUID]:
    return person.name, person.id


def _gain(sides: Sides, now: AbstractSet[UUID]) -> Gain:
    """`now`: the referral roots of those to be asked, as far as that is settled."""
    if not sides.sources:
        return Gain.UNHEARD
    if len(sides.sources) == 1:
        return Gain.ECHO if now and now <= sides.sources else Gain.ONE_SOURCE
    if sides.contested:
        return Gain.CONTESTED
    return Gain.SETTLED if sides.agreeing >= ENOUGH else Gain.OPEN


def gain_in_words(topic: Topic, so_far: Heard, language: str = OURS) -> str:
    """Why to ask about it, in one sentence."""
    match so_far.gain:
        case Gain.UNHEARD:
            key = "unheard-asked" if so_far.asked else "unheard"
        case Gain.ONE_SOURCE | Gain.ECHO:
            key = "one-person" if len(so_far.people) == 1 else "one-circle"
        case Gain.CONTESTED:
            key = "contested"
        case _:
            key = "open"
    return sentence(f"why.{key}", language, topic=phrase(topic, language), names=named(so_far.people, language))


def named(people: Sequence[Contact], language: str = OURS) -> str:
    """As in: Ana Ruiz, Bo Li, Cy Dee and 2 more."""
    names = [person.name for person in people]
    if len(names) > 3:
        names = [*names[:3], sentence("list.more", language, count=str(len(names) - 3))]
    return listed(names, language) if names else ""


def phrase(topic: Topic, language: str = OURS) -> str:
    """How a sentence speaks of the topic: "a typical day"."""
    known = primary_language(language)
    return topic_phrases(known if known in shipped("questions") else OURS).get(topic, label(topic, language).lower())
