"""Rules read from TOML."""

import re

import pytest
from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import MET, InterviewStatus
from infoint.practice import Anchor, Deadline, FollowUpRule, Offset, Per, default_policy, read_rules

GOOD = """
[[rule]]
kind = "acme:gift"
anchor = "referred-talk-end"
offset = { business_days = 1 }
otherwise = { anchor = "debriefed", offset = { days = 14 } }
during = ["held", "debriefed", "closed"]
per = "referral"
summary = "A gift for {contact}"
obligatory = true
reaches_out = true
rapport = -1
replaces = true
"""


def test_a_table_becomes_the_rule_it_describes() -> None:
    """A key of a rule file was read as something else."""
    assert read_rules(GOOD, "gifts.toml") == (
        FollowUpRule(
            kind=FollowUpKind("acme:gift"),
            anchor=Anchor.REFERRED_TALK_END,
            offset=Offset(business_days=1),
            otherwise=Deadline(Anchor.DEBRIEFED, Offset(days=14)),
            during=MET,
            per=Per.REFERRAL,
            summary="A gift for {contact}",
            obligatory=True,
            reaches_out=True,
            rapport=-1,
            replaces=True,
        ),
    )


def test_an_empty_file_has_no_rules() -> None:
    """A file of comments was refused."""
    assert read_rules("# nothing yet\n", "empty.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "acme:gift"', 'kind = "gift"', ["kind", "gift", "carry an owner"]),
        ('kind = "acme:gift"', 'kind = "thankyou"', ["kind", "did you mean 'thank-you'"]),
        ('kind = "acme:gift"', "kind = 7", ["kind", "needs text"]),
        ('kind = "acme:gift"', "", ["lacks the key 'kind'"]),
        ('summary = "A gift for {contact}"', "", ["lacks the key 'summary'"]),
        ('summary = "A gift for {contact}"', 'summary = "{contact.name}"', ["summary", "{contact.name}"]),
        ('summary = "A gift for {contact}"', 'summary = "{whom}"', ["summary", "{whom}", "{contact}"]),
        ('anchor = "referred-talk-end"', 'anchor = "stop"', ["anchor", "stop"]),
        ('anchor = "referred-talk-end"', 'anchor = ["end"]', ["anchor", "end"]),
        ("{ business_days = 1 }", "{ business_days = 1, days = 2 }", ["offset", "one unit"]),
        ("{ business_days = 1 }", "{ weeks = 1 }", ["offset", "'weeks'", "business_days"]),
        ("{ business_days = 1 }", '{ days = "1" }', ["offset", "days", "whole number"]),
        ("{ business_days = 1 }", "3", ["offset", "needs a table"]),
        ('{ anchor = "debriefed", offset = { days = 14 } }', "{ offset = { days = 14 } }", ["otherwise", "'anchor'"]),
        ('{ anchor = "debriefed", offset = { days = 14 } }', "{}", ["otherwise", "'anchor', 'offset'"]),
        ("offset = { days = 14 } }", "offset = { days = 14 }, by = 1 }", ["otherwise", "'by'"]),
        ('{ anchor = "debriefed", offset = { days = 14 } }', "14", ["otherwise", "needs a table"]),
        ('["held", "debriefed", "closed"]', '"held"', ["during", "list of states"]),
        ('["held", "debriefed", "closed"]', '["had"]', ["during", "had"]),
        ('["held", "debriefed", "closed"]', "[[1]]", ["during"]),
        ('per = "referral"', 'per = "head"', ["per", "head"]),
        ("obligatory = true", "obligatory = 1", ["obligatory"]),
        ("rapport = -1", "rapport = 5", ["rapport"]),
        ("rapport = -1", "colour = 5", ["'colour'", "rapport"]),
        ("rapport = -1", 'applies = "always"', ["applies"]),
    ],
)
def test_an_error_names_source_rule_and_key(old: str, new: str, words: list[str]) -> None:
    """Whoever wrote the file had to guess which rule and which key was meant."""
    assert old in GOOD
    with pytest.raises(InvalidValue, match=re.escape("rules.gifts.toml, rule 2: ")) as refused:
        read_rules(GOOD + GOOD.replace(old, new), "gifts.toml")
    for word in words:
        assert word in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[rule]\n", "is not TOML"),
        ("rule = 3\n", "needs [[rule]] tables"),
        ("rule = [1, 2]\n", "needs [[rule]] tables"),
        ('[rule]\nkind = "nudge"\n', "needs [[rule]] tables"),
        ('[[rules]]\nkind = "nudge"\n', "'rules'"),
        ("version = 1\n", "'version'"),
    ],
)
def test_a_file_that_holds_no_rules_says_so(toml: str, words: str) -> None:
    """A misspelt table name gave no rules and no error."""
    with pytest.raises(InvalidValue, match=re.escape(words)) as refused:
        read_rules(toml, "gifts.toml")
    assert str(refused.value).startswith("rules.gifts.toml: ")


def test_the_shipped_rules_are_those_of_the_practice() -> None:
    """A number of the practice was changed in the file."""
    met = {"held", "debriefed", "closed"}
    said = {
        rule.kind: (rule.anchor, rule.offset, {*rule.during}, rule.per, rule.obligatory)
        for rule in default_policy().follow_up_rules
    }
    assert said == {
        "nudge": (Anchor.REQUESTED, Offset(business_days=7), {"requested"}, Per.INTERVIEW, False),
        "prepare": (Anchor.START, Offset(days=-2), {"scheduled", "confirmed"}, Per.INTERVIEW, False),
        "confirm": (Anchor.START, Offset(business_days=-1), {"scheduled"}, Per.INTERVIEW, False),
        "debrief": (Anchor.END, Offset(), {"held"}, Per.INTERVIEW, False),
        "thank-you": (Anchor.END, Offset(hours=24), met, Per.PERSON, True),
        "contact-referral": (Anchor.DEBRIEFED, Offset(business_days=3), {"debriefed", "closed"}, Per.REFERRED, False),
        "report-back": (Anchor.REFERRED_TALK_END, Offset(business_days=1), {"debriefed", "closed"}, Per.REFERRAL, False),
        "keep-in-touch": (Anchor.LAST_TOUCH, Offset(months=3), met, Per.PERSON, False),
    }


def test_all_but_what_is_done_alone_reaches_out() -> None:
    """A message was wanted to somebody who must not be contacted."""
    alone = {rule.kind for rule in default_policy().follow_up_rules if not rule.reaches_out}
    assert alone == {FollowUpKind.PREPARE, FollowUpKind.DEBRIEF}


def test_a_shipped_rule_can_be_changed_with_evolve() -> None:
    """An app could not wait ten days instead of seven."""
    rules = tuple(
        evolve(rule, offset=Offset(business_days=10)) if rule.kind == FollowUpKind.NUDGE else rule
        for rule in default_policy().follow_up_rules
    )
    policy = evolve(default_policy(), follow_up_rules=rules)
    nudge = policy.rule(FollowUpKind.NUDGE)
    assert nudge is not None
    assert nudge.offset == Offset(business_days=10)
    assert nudge.during == {InterviewStatus.REQUESTED}
