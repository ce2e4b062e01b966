"""What an app may prefer."""

from datetime import UTC, time, timedelta
from typing import Any

import pytest
from attrs import evolve

from infoint.errors import InvalidValue, NameClash
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import MET
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Topic
from infoint.practice import Anchor, FollowUpRule, Mix, Offset, default_policy

GIFT = FollowUpRule(
    kind=FollowUpKind("acme:gift"), anchor=Anchor.END, offset=Offset(days=1), during=MET, summary="A gift for {contact}"
)
NUDGE = evolve(GIFT, kind=FollowUpKind.NUDGE)


def test_the_shipped_policy_is_read_once() -> None:
    """Every call read the data files again."""
    assert default_policy() is default_policy()


def test_a_rule_of_a_new_kind_is_added_behind() -> None:
    """An added rule was lost, or took another's place."""
    policy = default_policy().with_rules(GIFT)
    assert policy.follow_up_rules == (*default_policy().follow_up_rules, GIFT)
    assert policy.rule(GIFT.kind) is GIFT
    assert default_policy().rule(GIFT.kind) is None


def test_a_rule_of_a_known_kind_clashes() -> None:
    """Two rules for one kind, or the shipped one silently gone."""
    with pytest.raises(NameClash, match="nudge"):
        default_policy().with_rules(NUDGE)
    with pytest.raises(NameClash, match=r"'nudge' is offered by .* give the new one replaces=True"):
        default_policy().with_rules(NUDGE)
    with pytest.raises(NameClash, match="acme:gift"):
        default_policy().with_rules(GIFT, GIFT)


def test_a_rule_that_says_so_takes_the_others_place() -> None:
    """A rule that replaces was refused, or came second."""
    slower = evolve(NUDGE, replaces=True)
    policy = default_policy().with_rules(slower)
    assert policy.rule(FollowUpKind.NUDGE) is slower
    assert len(policy.follow_up_rules) == len(default_policy().follow_up_rules)


def test_a_policy_never_holds_two_rules_for_a_kind() -> None:
    """Two rules for one kind would make two follow-ups with one id."""
    with pytest.raises(InvalidValue, match="two rules for nudge"):
        evolve(default_policy(), follow_up_rules=(*default_policy().follow_up_rules, NUDGE))


def test_question_sets_are_added_to_the_bank() -> None:
    """A plugin's questions were not in the bank, or one set could stand there twice."""
    question = Question(
        id="acme:badge",
        text="Who gets a badge, and when?",
        topic=Topic("acme:badge"),
        category=QuestionCategory.ORGANIZATION,
        domain=Domain.FIELD,
    )
    extra = QuestionSet(name="acme:first", title="First talk", questions=(question,))
    policy = default_policy().with_questions(extra)
    assert policy.bank.question("acme:badge") == question
    with pytest.raises(NameClash):
        policy.with_questions(evolve(extra, questions=(evolve(question, text="What is the badge for?"),)))


@pytest.mark.parametrize(
    "field",
    [
        {"bank": None},
        {"follow_up_rules": GIFT},
        {"follow_up_rules": ("nudge",)},
        {"business_days": None},
        {"mix": (2, 1, 2)},
        {"opening_and_close": timedelta(hours=2)},
        {"earliest": 8},
        {"earliest": time(8, tzinfo=UTC)},
        {"latest": "18:00"},
        {"latest": time(8)},
        {"latest": time(18, tzinfo=UTC)},
        {"resume": "enclosed"},
    ],
)
def test_a_policy_refuses_what_it_cannot_mean(field: dict[str, Any]) -> None:
    """A preference of the wrong kind failed far from where it was given."""
    with pytest.raises(InvalidValue, match=rf"Policy\.{next(iter(field))}"):
        evolve(default_policy(), **field)


def test_the_balanced_mix_is_two_one_two() -> None:
    """The shipped mix is not the balanced one of the practice."""
    assert default_policy().mix == Mix(person=2, field=1, advice=2)
    assert Mix(1, 2, 3).total == 6
    with pytest.raises(InvalidValue, match="field"):
        Mix(field=-1)
