"""What an exploration should hear about next, and whom to ask it (practice §8). What a talk that is planned should ask is `agenda`'s,
which goes by the same gain.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final, TypeAlias
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactRole
from infoint.model.exploration import Exploration
from infoint.model.interview_status import FALLEN_THROUGH
from infoint.model.question import Question, Topic
from infoint.practice.agenda import suits
from infoint.practice.arguments import demand
from infoint.practice.evidence import FOUR_TOPICS
from infoint.practice.evidence_matrix import topic_order
from infoint.practice.heard import NOTHING, Gain, Heard, heard_so_far, named, phrase
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.question_bank import QuestionBank
from infoint.practice.referrals import referral_roots
from infoint.practice.voices import organization_key, people_heard, talks_that_took_place

MOST: Final = 3
"""People proposed for one topic."""
_ROLES: Final = {ContactRole.PRACTITIONER: 0, ContactRole.SUPERVISOR: 0, ContactRole.RECRUITER: 2}
"""Whoever does the work knows it; personnel staff knows the vacancies (practice §2)."""
_WORTH_ASKING: Final = (Gain.UNHEARD, Gain.ONE_SOURCE, Gain.CONTESTED)


@frozen(kw_only=True)
class NextStep:
    """A topic to ask about, and whom. `print(step)` gives one readable line."""

    topic: Topic
    gain: Gain
    """What one more voice would bring."""
    so_far: Heard
    """What there is on it already."""
    people: tuple[Contact, ...]
    """Up to three of those one knows and has not heard, the best first; none where it takes somebody new."""

    def __str__(self) -> str:
        return f"{self._whom()} about {phrase(self.topic)}: {self._why()}."

    def _whom(self) -> str:
        apart = f"independent of {named(self.so_far.people)}" if self.so_far.roots else ""
        if self.people:
            return f"Ask {self.people[0].name}{apart and f' ({apart})'}"
        return f"Find somebody {apart and f'{apart} '}to ask"

    def _why(self) -> str:
        match self.gain:
            case Gain.CONTESTED:
                return "they disagree"
            case Gain.ONE_SOURCE:
                return "only one source so far"
            case _:
                return "nothing has been noted yet" if self.so_far.asked else "nobody has been asked yet"


def next_steps(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> tuple[NextStep, ...]:
    """What to ask next, and whom: first what nobody has spoken of, then what one source has, then what people disagree about;
    within these in the bank's order.

    Of the topics nobody has touched only the four that every exploration should hear about are named; `choose_agenda` finds the
    others. Nor is named what independent people agree on, or speak of without taking sides against one another.

    Proposed are people who are independent of whoever has spoken on the topic, and whom a question of the policy's bank about it
    suits. First come those of a chain of introductions nobody was heard from, then those with a talk under way, then those who do
    the work, then those who stand on a level or work in an organisation nobody was heard from. Nobody is proposed who was heard in
    this exploration, whose talks all fell through or belong to others, or who is not to be contacted.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    demand("next_steps", "exploration", exploration, Exploration)
    demand("next_steps", "campaign", campaign, Campaign)
    bank = policy_or_default(policy).bank
    so_far = heard_so_far(exploration, campaign, bank)
    heard = people_heard(talks_that_took_place(exploration, campaign), campaign)
    known = _known(exploration, campaign, heard)
    roots = referral_roots((*heard, *known), campaign)
    ranked = sorted(known, key=_rank(heard, roots, campaign))
    questions = _questions_by_topic(bank)

    def step(topic: Topic) -> NextStep:
        on_it = so_far.get(topic, NOTHING)
        may_tell = (one for one in ranked if roots[one.id] not in on_it.roots and _may_say(one, questions.get(topic)))
        return NextStep(topic=topic, gain=on_it.gain, so_far=on_it, people=tuple(islice(may_tell, MOST)))

    steps = map(step, {*FOUR_TOPICS, *so_far} - {Topic.WHO_ELSE})
    return tuple(
        sorted((one for one in steps if one.gain in _WORTH_ASKING), key=lambda one: (one.gain, topic_order(one.topic)))
    )


def _known(exploration: Exploration, campaign: Campaign, heard: Iterable[Contact]) -> list[Contact]:
    """Whom one might ask: people with a talk of this exploration that is under way, and people without any."""
    have_spoken = {person.id for person in heard}

    def may_be_asked(person: Contact) -> bool:
        talks = campaign.interviews_with(person)
        here = [talk for talk in talks if talk.exploration_id == exploration.id and talk.status not in FALLEN_THROUGH]
        return bool(here) or not talks

    return [one for one in campaign.contacts if one.id not in have_spoken and not one.do_not_contact and may_be_asked(one)]


_Rank: TypeAlias = tuple[bool, bool, int, bool, bool, str, UUID]


def _rank(heard: Iterable[Contact], roots: Mapping[UUID, UUID], campaign: Campaign) -> Callable[[Contact], _Rank]:
    heard_roots = {roots[person.id] for person in heard}
    seniorities = {person.seniority for person in heard} | {None}
    organizations = {organization_key(person) for person in heard} | {""}

    def rank(person: Contact) -> _Rank:
        return (
            roots[person.id] in heard_roots,
            not campaign.interviews_with(person),
            1 if person.role is None else _ROLES.get(person.role, 1),
            person.seniority in seniorities,
            organization_key(person) in organizations,
            person.name,
            person.id,
        )

    return rank


def _questions_by_topic(bank: QuestionBank) -> Mapping[Topic, list[Question]]:
    by_topic: defaultdict[Topic, list[Question]] = defaultdict(list)
    for question in bank:
        by_topic[question.topic].append(question)
    return by_topic


def _may_say(person: Contact, questions: list[Question] | None) -> bool:
    return questions is None or any(suits(question, person) for question in questions)
