"""Which questions to ask this person now, and why (practice §4). What a careful adviser says of the result is `review`'s."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from itertools import islice, product
from math import inf
from typing import Final, TypeAlias

from attrs import define, field

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.interview import FALLEN_THROUGH, MET, AgendaItem, Interview
from infoint.model.obstacle import Obstacle
from infoint.model.question import Domain, Question, Tone, Topic
from infoint.practice.arguments import demand, demand_talk
from infoint.practice.heard import NOTHING, Gain, Heard, gain_in_words, heard_elsewhere, phrase
from infoint.practice.labels import label
from infoint.practice.obstacles import answers
from infoint.practice.policy import Mix, Policy, default_policy
from infoint.practice.question_bank import QuestionBank
from infoint.practice.sentences import sentence

_MINUTE: Final = timedelta(minutes=1)

_Room: TypeAlias = dict[Domain, int]
"""Places on the agenda, by domain."""


def choose_agenda(
    interview: Interview, campaign: Campaign, *, mix: Mix | None = None, policy: Policy | None = None
) -> tuple[AgendaItem, ...]:
    """The questions for this talk, each with its reason, in the explorer's language. The same facts give the same agenda.

    What always holds:

    - The mix (the policy's, unless one is given), or what time and bank allow of it, keeping one of each domain.
    - All answers together fit into the talk less opening and close, and there is a question in five minutes at most.
    - At least one challenge, unless no question that fits is one; at the end the referral question, unless the mix has no place
      for it, or there is one question only. `explain_mix` says what of this, or of the mix, a talk has no room for.
    - Nothing that is on the agenda of another talk with any of these people, or was answered there. Talks that fell through asked
      nothing.
    - Nothing meant for a role or seniority that none of these people is known to have; nothing on a topic that three independent
      people agree on.

    Among what is left, each obstacle of the exploration takes one question that answers it on a topic nobody has spoken of; of
    those without such a topic, one gets another voice on what was heard. The other places go to topics nobody has spoken of, then
    to those that one source has spoken of, then to those people disagree about (a source that would only be heard again comes
    late); within these to topics that no other talk has on its agenda, then to questions meant for these very people. Only
    questions in the explorer's language are taken, if the bank has any.

    Raises NotFound for people or an exploration that the campaign does not hold, InvalidValue for what is no interview, campaign, mix
    or policy.
    """
    demand_talk("choose_agenda", interview, campaign)
    demand("choose_agenda", "mix", mix, Mix, type(None))
    demand("choose_agenda", "policy", policy, Policy, type(None))
    policy = policy or default_policy()
    heard = heard_elsewhere(interview, campaign, policy.bank)
    length = talk_length(interview)
    obstacles = _obstacles(interview, campaign)
    language = campaign.profile.language
    choice = _Choice(
        candidates=_ranked(interview, campaign, policy.bank, heard),
        minutes=(length - policy.opening_and_close) // _MINUTE,
        obstacles=obstacles,
        gain=partial(_gain, heard=heard),
        language=language,
    )
    choice.lay_out(mix or policy.mix, most=most_questions(length))
    news = [question for question in choice.askable if choice.gain(question) is Gain.UNHEARD]
    waiting = [one for one in obstacles if not choice.take(_answering(one, news), _obstacle_in_words(one, language))]
    # A second voice for one of them only: the other places are for what nobody has spoken of.
    any(choice.take(_answering(one, choice.askable), _obstacle_in_words(one, language)) for one in waiting)
    while choice.take(choice.askable, partial(_gain_in_words, heard=heard, language=language)):
        pass
    return choice.agenda()


# ── what others use too ──────────────────────────────────────────────────────────────────────────
def suitable_questions(interview: Interview, campaign: Campaign, bank: QuestionBank) -> list[Question]:
    """What this talk may ask, the most worth asking first: what `choose_agenda` chooses from, obstacles left aside."""
    return _ranked(interview, campaign, bank, heard_elsewhere(interview, campaign, bank))


def talk_length(interview: Interview) -> timedelta:
    """How long the talk will be: as agreed where a meeting stands, else as asked for."""
    meeting = interview.meeting
    return meeting.duration if meeting is not None and interview.story.stands else interview.duration


def most_questions(length: timedelta) -> int:
    """One in five minutes: three in 15 minutes, six in 30 (practice §4)."""
    return length // timedelta(minutes=5)


def shrunk(mix: Mix, total: int) -> Mix:
    """The mix with at most `total` questions: the largest domain gives first, and each keeps one as long as that is possible."""
    room = _room(mix)
    while sum(room.values()) > max(total, 0):
        room = _smaller(room)
    return Mix(person=room[Domain.PERSON], field=room[Domain.FIELD], advice=room[Domain.ADVICE])


def asked_elsewhere(interview: Interview, campaign: Campaign) -> Mapping[str, tuple[Interview, ...]]:
    """By question id: the other talks with any of the same people that have it on their agenda, or got an answer to it.

    A talk that fell through asked nothing. Raises NotFound for people the campaign does not hold.
    """
    talks = {
        talk.id: talk
        for person in campaign.people(interview)
        for talk in campaign.interviews_with(person)
        if talk.id != interview.id
    }
    asked: defaultdict[str, list[Interview]] = defaultdict(list)
    for id in sorted(talks):
        for question_id in _asked_in(talks[id]):
            asked[question_id].append(talks[id])
    return {question_id: tuple(others) for question_id, others in asked.items()}


def _asked_in(talk: Interview) -> set[str]:
    planned = {item.question.id for item in talk.agenda} if talk.status not in FALLEN_THROUGH else set()
    return planned | {answer.question_id for answer in (talk.debrief.answers if talk.debrief else ())}


# ── what may be asked, the best first ────────────────────────────────────────────────────────────
def _ranked(interview: Interview, campaign: Campaign, bank: QuestionBank, heard: Mapping[Topic, Heard]) -> list[Question]:
    """Sorting is stable, so the bank's order decides between equals."""
    people = campaign.people(interview)
    asked = asked_elsewhere(interview, campaign)
    settled = {topic for topic, so_far in heard.items() if so_far.gain is Gain.SETTLED} - {Topic.WHO_ELSE}

    allowed = [
        question
        for question in bank.spoken(campaign.profile.language) or bank
        if question.id not in asked
        and question.topic not in settled
        and (not _is_for_some(question) or any(suits(question, person) for person in people))
    ]
    planned = _planned_elsewhere(interview, campaign)

    def rank(question: Question) -> tuple[Gain, bool, bool]:
        return _gain(question, heard=heard), question.topic in planned, not _is_for_some(question)

    return sorted(allowed, key=rank)


def _planned_elsewhere(interview: Interview, campaign: Campaign) -> set[Topic]:
    """What the exploration's talks still to come will ask: several planned at once should not all ask the same."""
    return {
        item.question.topic
        for talk in campaign.interviews
        if talk.exploration_id == interview.exploration_id
        and talk.id != interview.id
        and talk.status not in MET | FALLEN_THROUGH
        for item in talk.agenda
    }


def _is_for_some(question: Question) -> bool:
    return bool(question.roles or question.seniorities)


def suits(question: Question, person: Contact) -> bool:
    """Whether the question is meant for somebody of this role and seniority."""
    return (not question.roles or person.role in question.roles) and (
        not question.seniorities or person.seniority in question.seniorities
    )


def _leads_on(question: Question) -> bool:
    return question.topic == Topic.WHO_ELSE


def _obstacles(interview: Interview, campaign: Campaign) -> list[Obstacle]:
    if interview.exploration_id is None:
        return []
    return sorted(campaign.exploration(interview.exploration_id).obstacles)


def _answering(obstacle: Obstacle, questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if answers(question, obstacle)]


def _obstacle_in_words(obstacle: Obstacle, language: str) -> Callable[[Question], str]:
    return lambda _: sentence("why.obstacle", language, obstacle=label(obstacle, language).lower())


def _gain(question: Question, *, heard: Mapping[Topic, Heard]) -> Gain:
    return heard.get(question.topic, NOTHING).gain


def _gain_in_words(question: Question, *, heard: Mapping[Topic, Heard], language: str) -> str:
    return gain_in_words(question.topic, heard.get(question.topic, NOTHING), language)


def _minutes(question: Question) -> int:
    return question.minutes


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────
@define
class _Choice:
    """An agenda being put together: places by domain, minutes left, and whether a challenge is still owed.

    Nothing is taken that would leave the other places impossible to fill in the minutes left.
    """

    candidates: list[Question]
    """The best first."""
    minutes: int
    obstacles: list[Obstacle]
    gain: Callable[[Question], Gain]
    language: str
    """Of the reasons."""
    room: _Room = field(factory=dict)
    owes_challenge: bool = False
    challenges: frozenset[str] = frozenset()
    """Ids of those that would do: the ones that bring most, as far as the minutes allow."""
    referral: Question | None = None
    taken: dict[str, AgendaItem] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.candidates = [question for question in self.candidates if question.minutes <= self.minutes]

    @cached_property
    def askable(self) -> list[Question]:
        """Without referral questions, the best first."""
        return [question for question in self.candidates if not _leads_on(question)]

    @cached_property
    def _cheapest(self) -> Mapping[Domain, list[Question]]:
        return {domain: sorted((one for one in self.askable if one.domain is domain), key=_minutes) for domain in Domain}

    def lay_out(self, mix: Mix, *, most: int) -> None:
        """Settle how many questions of each domain there will be, and reserve the referral question."""
        wanted = _room(mix)
        referrals = [question for question in self.candidates if _leads_on(question) and wanted[question.domain]]
        referrals.sort(key=lambda question: question.obstacle not in self.obstacles)
        challenges = [
            one for domain in Domain if wanted[domain] for one in self._cheapest[domain] if one.tone is Tone.CHALLENGE
        ]
        self.owes_challenge = bool(challenges)
        gains = sorted({self.gain(one) for one in challenges}) or [Gain.UNHEARD]
        led_from = {question.domain for question in referrals}
        there_is = {domain: len(self._cheapest[domain]) + (domain in led_from) for domain in Domain}
        for room in _rooms({domain: min(wanted[domain], there_is[domain]) for domain in Domain}, most):
            alone = sum(room.values()) == 1
            choices = [question for question in referrals if room[question.domain]]
            for referral, least_gain in product([None, *choices] if alone or not referrals else choices, gains):
                self.challenges = frozenset(one.id for one in challenges if self.gain(one) <= least_gain)
                rest = _without(room, referral)
                left = self.minutes - (referral.minutes if referral else 0)
                if self._least_minutes(rest, owes_challenge=self.owes_challenge) <= left:
                    self.room, self.minutes, self.referral = rest, left, referral
                    return

    def take(self, among: Sequence[Question], why: Callable[[Question], str]) -> bool:
        """Take the first of these askable questions that fits; one on a topic the agenda has not touched goes before. False: there
        is none.
        """
        if not any(self.room.values()):
            return False
        touched = {item.question.topic for item in self.taken.values()}
        for again in (False, True):
            gave_way = False
            for question in among:
                if not self.room[question.domain] or (question.topic in touched) is not again or question.id in self.taken:
                    continue
                if not self._fits(question, owes_challenge=self.owes_challenge):
                    gave_way = gave_way or self._fits(question, owes_challenge=False)
                    continue
                self._put(question, self._reason(question, why, again=again, gave_way=gave_way))
                return True
        return False

    def agenda(self) -> tuple[AgendaItem, ...]:
        """The person first, then the field, then advice; in each the challenge last, when the talk has warmed up."""
        order = list(Domain)
        items = sorted(
            self.taken.values(), key=lambda item: (order.index(item.question.domain), item.question.tone is Tone.CHALLENGE)
        )
        if self.referral is not None:
            items.append(AgendaItem(self.referral, self._why_last(self.referral)))
        return tuple(items)

    def _why_last(self, referral: Question) -> str:
        if referral.obstacle in self.obstacles:
            return sentence("why.last-obstacle", self.language, obstacle=label(referral.obstacle, self.language).lower())
        return sentence("why.last", self.language)

    def _reason(self, question: Question, why: Callable[[Question], str], *, again: bool, gave_way: bool) -> str:
        if gave_way and question.tone is Tone.CHALLENGE:
            return sentence("why.challenge", self.language)
        if again:
            return sentence("why.further", self.language, topic=phrase(question.topic, self.language))
        return why(question)

    def _fits(self, question: Question, *, owes_challenge: bool) -> bool:
        # The rest may count this very question once more; but then it belongs to the cheapest way to fill all places, which fits.
        still_owed = owes_challenge and question.tone is not Tone.CHALLENGE
        rest = self._least_minutes(_without(self.room, question), owes_challenge=still_owed)
        return question.minutes + rest <= self.minutes

    def _put(self, question: Question, why: str) -> None:
        self.taken[question.id] = AgendaItem(question, why)
        self.room = _without(self.room, question)
        self.minutes -= question.minutes
        self.owes_challenge = self.owes_challenge and question.tone is not Tone.CHALLENGE

    def _least_minutes(self, room: _Room, *, owes_challenge: bool) -> float:
        """What filling these places takes at least; infinite where it cannot be done."""
        total, for_challenge = 0, inf
        for domain, places in room.items():
            free = (question for question in self._cheapest[domain] if question.id not in self.taken)
            cheapest = list(islice(free, places))
            if len(cheapest) < places:
                return inf
            total += sum(question.minutes for question in cheapest)
            if places and owes_challenge:
                for_challenge = min(for_challenge, self._extra_for_challenge(cheapest, free))
        return total + (for_challenge if owes_challenge else 0)

    def _extra_for_challenge(self, chosen: list[Question], others: Iterator[Question]) -> float:
        """Minutes more that it takes to have a challenge among the chosen: it stands in for the dearest of them."""
        if any(question.id in self.challenges for question in chosen):
            return 0
        return next((question.minutes - chosen[-1].minutes for question in others if question.id in self.challenges), inf)


def _room(mix: Mix) -> _Room:
    return {Domain.PERSON: mix.person, Domain.FIELD: mix.field, Domain.ADVICE: mix.advice}


def _without(room: _Room, question: Question | None) -> _Room:
    return room if question is None else {**room, question.domain: room[question.domain] - 1}


def _smaller(room: _Room) -> _Room:
    """One place less, from the largest domain.

    Among equals the person gives before advice, which holds the referral question; of the last ones, the field goes first.
    """
    largest = max(room.values())
    order = (Domain.PERSON, Domain.FIELD, Domain.ADVICE) if largest > 1 else (Domain.FIELD, Domain.ADVICE, Domain.PERSON)
    gives = next(domain for domain in order if room[domain] == largest)
    return {**room, gives: room[gives] - 1}


def _rooms(limits: _Room, most: int) -> Iterator[_Room]:
    """From the largest down. Where not every domain has a place any more, any other share of the places will do."""
    room = limits
    while (total := sum(room.values())) > 0:
        if total <= most:
            yield room
            if total < len(Domain):
                yield from _shares(limits, total)
        room = _smaller(room)


def _shares(limits: _Room, total: int) -> list[_Room]:
    counts = product(*(range(min(limit, total) + 1) for limit in limits.values()))
    return sorted(
        (dict(zip(limits, count, strict=True)) for count in counts if sum(count) == total), key=lambda room: max(room.values())
    )
