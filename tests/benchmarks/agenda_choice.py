"""What choosing an agenda costs, with twenty earlier talks and a bank of five hundred, against merely going through the bank and
the talks once, in one run.

    python tests/benchmarks/agenda_choice.py
"""

from random import Random
from statistics import median
from time import perf_counter

from infoint import Campaign, Domain, Question, QuestionCategory, QuestionSet, Topic
from infoint.practice import Policy, choose_agenda, default_policy
from infoint.testing import sample_campaign

ROUNDS = 50


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
            minutes=random.randint(2, 6),
        )
        for number in range(size - len(shipped.bank))
    )
    return shipped.with_questions(QuestionSet(name="acme:many", title="Many", questions=more))


def once_through(campaign: Campaign, policy: Policy) -> int:
    """The floor: every question and every question asked so far, looked at once."""
    asked = sum(item.question.minutes for talk in campaign.interviews for item in talk.agenda)
    return asked + sum(question.minutes for question in policy.bank)


def main() -> None:
    """Print the table."""
    campaign, policy = sample_campaign(talks=21), policy_of(500)
    talk = campaign.interviews[-1]
    choices, floors = [], []
    for _ in range(ROUNDS):
        start = perf_counter()
        choose_agenda(talk, campaign, policy=policy)
        middle = perf_counter()
        once_through(campaign, policy)
        choices.append(middle - start)
        floors.append(perf_counter() - middle)
    print(
        f"choose_agenda, 20 talks, 500 questions: {median(choices) * 1000:.2f} ms, {median(choices) / median(floors):.0f} × once through"
    )


if __name__ == "__main__":
    main()
