"""What choosing an agenda costs, with twenty earlier talks and a bank of five hundred, against merely going through the bank and
the talks once, in one run. Each earlier talk was held and written down, with an answer and an insight to each question; the explorer
has every obstacle there is. Ends with 1 where it takes longer than it may.

    python tests/benchmarks/agenda_choice.py
"""

import sys
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter

from attrs import evolve

from infoint import (
    Campaign,
    Domain,
    Insight,
    Interview,
    MeetingFormat,
    Question,
    QuestionCategory,
    QuestionSet,
    Topic,
    derive_id,
)
from infoint.model import Debrief, HistoryEntry, Meeting, Obstacle, Tone, Valence, events
from infoint.practice import Mix, Policy, choose_agenda, default_policy
from infoint.testing import sample_campaign

ROUNDS = 50
BAR = 5.0
"""Milliseconds."""


def policy_of(size: int) -> Policy:
    """The shipped bank, filled up with invented questions."""
    random = Random(7)  # the same questions in every run
    shipped = default_policy()
    more = tuple(
        Question(
            id=f"acme:q{number}",
            text=f"How do you go about part {number} of your work?",
            category=QuestionCategory.DESCRIBE_THE_JOB,
            topic=random.choice(Topic.known),
            domain=random.choice(list(Domain)),
            tone=random.choice(list(Tone)),
            minutes=random.randint(2, 6),
        )
        for number in range(size - len(shipped.bank))
    )
    return shipped.with_questions(QuestionSet(name="acme:many", title="Many", questions=more))


def once_through(campaign: Campaign, policy: Policy) -> int:
    """The floor: every question and every question asked so far, looked at once."""
    asked = sum(item.question.minutes for talk in campaign.interviews for item in talk.agenda)
    return asked + sum(question.minutes for question in policy.bank)


def campaign_of(talks: int, policy: Policy) -> Campaign:
    """So many talks that brought something, and one to come."""
    random = Random(7)
    sample = sample_campaign(talks=talks + 1)
    exploration = evolve(sample.explorations[0], obstacles=frozenset(Obstacle.known))
    campaign = Campaign(profile=sample.profile).including(exploration, *sample.contacts)
    for number, person in enumerate(sample.contacts[:talks]):
        talk = Interview(id=derive_id("talk", number), contact_ids=(person.id,), exploration_id=exploration.id)
        agenda = choose_agenda(talk, campaign, policy=policy)
        debrief = Debrief(
            answers=tuple(item.answered("It depends.") for item in agenda),
            insights=tuple(Insight("So it is.", item.question.topic, random.choice(list(Valence))) for item in agenda),
        )
        at = datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(days=number)
        told = (events.Scheduled(Meeting(start=at, format=MeetingFormat.PHONE)), events.Held(), events.Debriefed(debrief))
        campaign = campaign.including(evolve(talk, agenda=agenda, history=tuple(HistoryEntry(at, event) for event in told)))
    last = sample.contacts[talks]
    return campaign.including(Interview(id=derive_id("next"), contact_ids=(last.id,), exploration_id=exploration.id))


def main() -> None:
    """Print the table."""
    policy = policy_of(500)
    campaign = campaign_of(20, policy)
    talk = campaign.interview(derive_id("next"))
    usual = 0.0
    for name, asked, mix in (
        ("half an hour", talk, None),
        ("four hours", evolve(talk, duration=timedelta(hours=4)), Mix(16, 16, 16)),
    ):
        choices, floors = [], []
        for _ in range(ROUNDS):
            start = perf_counter()
            choose_agenda(asked, campaign, mix=mix, policy=policy)
            middle = perf_counter()
            once_through(campaign, policy)
            choices.append(middle - start)
            floors.append(perf_counter() - middle)
        figure = median(choices) * 1000
        usual = usual or figure  # the bar is for the usual talk
        print(
            f"choose_agenda, 20 talks, 500 questions, {name}: {figure:.2f} ms, {median(choices) / median(floors):.0f} × once through"
        )
    print(f"the bar for half an hour is {BAR:g} ms")
    sys.exit(usual > BAR)


if __name__ == "__main__":
    main()
