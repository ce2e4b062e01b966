"""How this app or university does it: question bank, rules, days, mix. Facts are in the Campaign; only preferences are here."""

from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache, cached_property
from typing import Any, Final

import attrs
from attrs import evolve, field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue, NameClash, NotFound
from infoint.model import fields
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview_status import InterviewStatus
from infoint.model.question import QuestionSet
from infoint.practice.arguments import demand
from infoint.practice.follow_up_rule import BusinessDays, FollowUpRule
from infoint.practice.question_bank import QuestionBank, load_question_sets
from infoint.practice.rule_files import shipped_rules
from infoint.practice.tag_rule import TagRule

BY_HAND: Final = frozenset({FollowUpKind.SHARE_ARTICLE, FollowUpKind.ASK_ADVICE, FollowUpKind.GIVE_BACK})
"""Kinds without a rule that are messages to the person."""

BIAS_TAGS: Final = frozenset({"biased", "competitor", "just-left"})
"""What the shipped policy takes for a known bias (practice §8)."""


REPLACE_OR_RENAME: Final = "give the new one replaces=True, if it is to take the other's place; else a kind of its own"
"""What to do about two rules of one kind."""


class ResumePolicy(ClosedName):
    """What becomes of the résumé in a first letter; the texts conflict (practice §9)."""

    ON_REQUEST = "on-request"
    """The letter offers it."""
    ENCLOSED = "enclosed"
    """The letter brings it along."""
    LEFT_OUT = "left-out"
    """The letter need not speak of it."""


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


def _applicable(policy: "Policy", _attribute: Any, value: tuple[TagRule, ...]) -> None:
    for one in value:
        rule = policy.rule(one.kind)
        if rule is not None:  # a plugin's may not be here
            one.applied_to(rule)


def _as_rules(value: tuple[FollowUpRule, ...] | list[FollowUpRule]) -> tuple[FollowUpRule, ...]:
    return fields.as_tuple(value)


def _as_tag_rules(value: tuple[TagRule, ...] | list[TagRule]) -> tuple[TagRule, ...]:
    return fields.as_tuple(value)


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
    follow_up_rules: tuple[FollowUpRule, ...] = field(
        converter=_as_rules, validator=[fields.tuple_of(FollowUpRule), _one_rule_a_kind]
    )
    tag_rules: tuple[TagRule, ...] = field(
        default=(), converter=_as_tag_rules, validator=[fields.tuple_of(TagRule), _applicable]
    )
    """What is different for people with a tag. Of several that fit one person and kind, the first decides alone."""
    business_days: BusinessDays = field(default=BusinessDays(), validator=fields.a(BusinessDays))
    mix: Mix = field(default=Mix(), validator=fields.a(Mix))
    opening_and_close: timedelta = field(default=timedelta(minutes=5), validator=fields.length(longest=timedelta(hours=1)))
    """Kept free of questions in every talk."""
    earliest: time = field(default=time(8), validator=_time_of_day)
    """No meeting starts before, on either side."""
    latest: time = field(default=time(18), validator=[_time_of_day, _after_earliest])
    """No meeting ends after, on either side."""
    bias_tags: frozenset[str] = field(
        default=BIAS_TAGS, converter=fields.as_line_set, validator=fields.set_of(str, each=fields.line(required=True))
    )
    """A contact with one of these tags, in whatever case, is known not to be impartial: comparisons say so."""
    resume: ResumePolicy = field(default=ResumePolicy.ON_REQUEST, validator=fields.a(ResumePolicy))
    """What first letters should say about the résumé."""

    @cached_property
    def _rule_by_kind(self) -> Mapping[FollowUpKind, FollowUpRule]:
        return {rule.kind: rule for rule in self.follow_up_rules}

    @cached_property
    def _rules_during(self) -> Mapping[InterviewStatus, tuple[FollowUpRule, ...]]:
        tagged = {one.kind for one in self.tag_rules if one.wanted}
        live = [rule for rule in self.follow_up_rules if rule.enabled or rule.kind in tagged]
        return {status: tuple(rule for rule in live if status in rule.during) for status in InterviewStatus}

    def rule(self, kind: FollowUpKind) -> FollowUpRule | None:
        """The rule of a kind, switched on or off; None for kinds made by hand, and those of a plugin that is not here."""
        demand("Policy", "kind", kind, str)
        return self._rule_by_kind.get(kind)

    def rules_during(self, status: InterviewStatus) -> tuple[FollowUpRule, ...]:
        """The rules that may want something while a talk is there, for everybody or for who bears a tag."""
        demand("Policy", "status", status, InterviewStatus)
        return self._rules_during[status]

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
            demand("Policy", "with_rules", rule, FollowUpRule)
            if rule.kind in kept and not rule.replaces:
                raise NameClash(
                    str(rule.kind), ("a rule that is there", "a rule without replaces=True"), remedy=REPLACE_OR_RENAME
                )
            kept[rule.kind] = rule
        return evolve(self, follow_up_rules=tuple(kept.values()))

    def turn_on(self, *kinds: FollowUpKind) -> "Policy":
        """These kinds are wanted: `default_policy().turn_on(FollowUpKind.ALTERNATE)`. Raises NotFound for one without a rule."""
        return self._turned(kinds, on=True)

    def turn_off(self, *kinds: FollowUpKind) -> "Policy":
        """These kinds are not wanted; those planned and still open become obsolete. Raises NotFound for one without a rule."""
        return self._turned(kinds, on=False)

    def _turned(self, kinds: tuple[FollowUpKind, ...], *, on: bool) -> "Policy":
        for kind in kinds:
            if self.rule(kind) is None:
                raise NotFound("follow-up rule", kind, remedy="give one with with_rules(…)")
        rules = (evolve(rule, enabled=on) if rule.kind in kinds else rule for rule in self.follow_up_rules)
        return evolve(self, follow_up_rules=tuple(rules))

    def with_tag_rules(self, *tag_rules: TagRule) -> "Policy":
        """Tag rules before those that are there, so that they decide. Raises InvalidValue for an offset a rule cannot have."""
        return evolve(self, tag_rules=(*tag_rules, *self.tag_rules))

    def with_questions(self, *sets: QuestionSet) -> "Policy":
        """Sets added to the bank. Raises NameClash."""
        return evolve(self, bank=self.bank.including(*sets))

    def in_language(self, language: str) -> "Policy":
        """The same preferences, with the bank in the words of a language (a BCP 47 tag) as far as infoint ships it."""
        demand("Policy", "language", language, str)
        bank = self.bank.in_language(language)
        return self if bank is self.bank else evolve(self, bank=bank)


def default_policy(language: str = "en") -> Policy:
    """The shipped one, its bank in a language (a BCP 47 tag), in English where infoint does not ship that. Data files are read once."""
    return _shipped().in_language(language)


def policy_or_default(policy: Policy | None) -> Policy:
    """What `policy=None` means everywhere. Raises InvalidValue for what is no policy."""
    if policy is None:
        return default_policy()
    demand("practice", "policy", policy, Policy)
    return policy


@cache
def _shipped() -> Policy:
    return Policy(bank=QuestionBank(load_question_sets()), follow_up_rules=shipped_rules())
