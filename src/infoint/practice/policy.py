"""How this app or university does it: question bank, rules, days, mix. Facts are in the Campaign; only preferences are here."""

from datetime import time, timedelta
from functools import cache
from typing import Any, Final

import attrs
from attrs import evolve, field, frozen

from infoint.errors import InvalidValue, NameClash
from infoint.model import fields
from infoint.model.follow_up import FollowUpKind
from infoint.model.question import QuestionSet
from infoint.practice.follow_up_rule import BusinessDays, FollowUpRule
from infoint.practice.question_bank import QuestionBank, load_question_sets
from infoint.practice.rule_files import shipped_rules

BY_HAND: Final = frozenset({FollowUpKind.SHARE_ARTICLE, FollowUpKind.ASK_ADVICE, FollowUpKind.GIVE_BACK})
"""Kinds without a rule that are messages to the person."""


@frozen
class Mix:
    """How many questions of each domain; 2-1-2 is the balanced one (practice §3)."""

    # `attrs.field` in full: below the attribute named `field` the short name would mean that attribute.
    person: int = attrs.field(default=2, validator=fields.whole(0, 50))
    field: int = attrs.field(default=1, validator=fields.whole(0, 50))
    advice: int = attrs.field(default=2, validator=fields.whole(0, 50))

    @property
    def total(self) -> int:
        """Questions in all."""
        return self.person + self.field + self.advice


def _one_rule_a_kind(instance: object, attribute: Any, value: tuple[FollowUpRule, ...]) -> None:
    kinds = [rule.kind for rule in value]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise InvalidValue(
                type(instance).__name__, attribute.name, f"holds two rules for {kind}; with_rules(…) replaces one"
            )


def _time_of_day(instance: object, attribute: Any, value: time) -> None:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise InvalidValue(type(instance).__name__, attribute.name, "needs a time of day without zone, as time(9)", value=value)


def _after_earliest(policy: "Policy", attribute: Any, value: time) -> None:
    if value <= policy.earliest:
        raise InvalidValue("Policy", attribute.name, "must be later than earliest", value=value)


@frozen(kw_only=True)
class Policy:
    """Take `default_policy()` and `evolve` it, or let a PluginHost add to it."""

    bank: QuestionBank = field(validator=fields.a(QuestionBank))
    follow_up_rules: tuple[FollowUpRule, ...] = field(validator=[fields.tuple_of(FollowUpRule), _one_rule_a_kind])
    business_days: BusinessDays = field(default=BusinessDays(), validator=fields.a(BusinessDays))
    mix: Mix = field(default=Mix(), validator=fields.a(Mix))
    opening_and_close: timedelta = field(default=timedelta(minutes=5), validator=fields.length(longest=timedelta(hours=1)))
    """Kept free of questions in every talk."""
    earliest: time = field(default=time(8), validator=_time_of_day)
    """No meeting starts before, on either side."""
    latest: time = field(default=time(18), validator=[_time_of_day, _after_earliest])
    """No meeting ends after, on either side."""

    def rule(self, kind: FollowUpKind) -> FollowUpRule | None:
        """The rule of a kind; None for kinds made by hand, and those of a plugin that is not here."""
        return next((rule for rule in self.follow_up_rules if rule.kind == kind), None)

    def reaches_out(self, kind: FollowUpKind) -> bool:
        """Whether doing it is a message to the person, and so a touch: as the kind's rule says; of the kinds made by hand, the
        article shared, the advice asked for and the favour returned (practice §7).
        """
        rule = self.rule(kind)
        return rule.reaches_out if rule else kind in BY_HAND

    def with_rules(self, *rules: FollowUpRule) -> "Policy":
        """Rules added; one that `replaces` takes its kind's place. Raises NameClash where it does not say so."""
        kept = {rule.kind: rule for rule in self.follow_up_rules}
        for rule in rules:
            if rule.kind in kept and not rule.replaces:
                raise NameClash(rule.kind, ("a rule that is there", "a rule without replaces=True"))
            kept[rule.kind] = rule
        return evolve(self, follow_up_rules=tuple(kept.values()))

    def with_questions(self, *sets: QuestionSet) -> "Policy":
        """Sets added to the bank. Raises NameClash."""
        return evolve(self, bank=self.bank.including(*sets))

    def in_language(self, language: str) -> "Policy":
        """The same preferences, with the bank in the words of a language (a BCP 47 tag) as far as infoint ships it."""
        bank = self.bank.in_language(language)
        return self if bank is self.bank else evolve(self, bank=bank)


def default_policy(language: str = "en") -> Policy:
    """The shipped one, its bank in a language (a BCP 47 tag), in English where infoint does not ship that. Data files are read once."""
    return _shipped().in_language(language)


@cache
def _shipped() -> Policy:
    return Policy(bank=QuestionBank(load_question_sets()), follow_up_rules=shipped_rules())
