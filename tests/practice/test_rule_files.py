"""Rules read from TOML."""

import re

import pytest
from attrs import evolve

from infoint.errors import InvalidValue
from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import MET, InterviewStatus
from infoint.model.question import Domain, Topic
from infoint.model.touch import TouchKind
from infoint.practice import (
    Anchor,
    Course,
    Deadline,
    FollowUpRule,
    Offset,
    Per,
    Said,
    TagRule,
    default_policy,
    read_rules,
    read_tag_rules,
)

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
    met, written = {"held", "debriefed", "closed"}, {"debriefed", "closed"}
    one, each = Per.INTERVIEW, Per.PERSON
    said = {
        rule.kind: (rule.anchor, rule.offset, {*rule.during}, rule.per, rule.obligatory)
        for rule in default_policy().follow_up_rules
    }
    assert said == {
        "nudge": (Anchor.REQUESTED, Offset(business_days=7), {"requested"}, one, False),
        "alternate": (Anchor.REQUESTED, Offset(business_days=3), {"requested"}, one, False),
        "give-up": (Anchor.FOLLOW_UP, Offset(business_days=7), {"requested"}, one, False),
        "pick-time": (Anchor.ACCEPTED, Offset(business_days=2), {"accepted"}, one, False),
        "prepare": (Anchor.START, Offset(days=-2), {"scheduled", "confirmed"}, one, False),
        "confirm": (Anchor.START, Offset(business_days=-1), {"scheduled"}, one, False),
        "arrive": (Anchor.START, Offset(minutes=-5), {"scheduled", "confirmed"}, one, False),
        "debrief": (Anchor.END, Offset(), {"held"}, one, False),
        "thank-you": (Anchor.END, Offset(hours=24), met, each, True),
        "contact-referral": (Anchor.DEBRIEFED, Offset(business_days=3), written, Per.REFERRED, False),
        "report-back": (Anchor.REFERRED_TALK_END, Offset(business_days=1), written, Per.REFERRAL, False),
        "keep-promise": (Anchor.PROMISE_DUE, Offset(), written, Per.MY_PROMISE, False),
        "await-promise": (Anchor.PROMISE_DUE, Offset(business_days=3), written, Per.THEIR_PROMISE, False),
        "progress": (Anchor.DEBRIEFED, Offset(days=7), written, each, False),
        "update": (Anchor.MET, Offset(months=1), met, each, False),
        "keep-in-touch": (Anchor.LAST_TOUCH, Offset(months=3), met, each, False),
        "decision-news": (Anchor.DECISION, Offset(), met, each, False),
        "give-back": (Anchor.MET, Offset(months=1), met, each, False),
        "thank-lead": (Anchor.TOUCH, Offset(days=1), set(), Per.TOUCH, False),
    }


def test_opt_in_kinds_are_shipped_but_off() -> None:
    """What is a matter of taste came by itself, or could not be switched on."""
    off = {rule.kind for rule in default_policy().follow_up_rules if not rule.enabled}
    assert off == {FollowUpKind.ALTERNATE, FollowUpKind.ARRIVE, FollowUpKind.GIVE_BACK}


def test_all_but_what_is_done_alone_reaches_out() -> None:
    """A message was wanted to somebody who must not be contacted."""
    alone = {rule.kind for rule in default_policy().follow_up_rules if not rule.reaches_out}
    assert alone == {"alternate", "give-up", "prepare", "arrive", "debrief", "await-promise"}


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


WHOLE = """
[[rule]]
kind = "acme:ring"
anchor = "follow-up"
after = "nudge"
offset = { minutes = -5 }
in_person = { minutes = -15 }
during = ["requested"]
course = ["deciding", "pursue"]
summary = "Ring {contact}"
enabled = false
once = true
settled_by = ["phone"]

[[rule]]
kind = "acme:thank"
anchor = "touch"
per = "touch"
touches = ["lead-received", "acme:fax"]
offset = { days = 1 }
summary = "Thank {contact}"

[[rule]]
kind = "acme:news"
anchor = "met"
per = "person"
offset = { months = 2 }
repeats = true
during = ["held"]
summary = "Write to {contact}: {promise}"
said = { domains = ["advice"], topics = ["way-in", "acme:pay"], except_topics = ["who-else"] }

[[tag]]
tag = "mentor"
kind = "keep-in-touch"
offset = { months = 1 }

[[tag]]
tag = "quiet"
kind = "keep-in-touch"
wanted = false
"""


def test_every_key_of_a_rule_can_stand_in_a_file() -> None:
    """What a rule can say could be said in code only."""
    ring, thank, news = read_rules(WHOLE, "whole.toml")
    assert (ring.after, ring.in_person, ring.enabled, ring.once) == (FollowUpKind.NUDGE, Offset(minutes=-15), False, True)
    assert ring.course == {Course.DECIDING, Course.PURSUE}
    assert ring.settled_by == {TouchKind.PHONE}
    assert (thank.touches, thank.during) == ({TouchKind.LEAD_RECEIVED, TouchKind("acme:fax")}, set())
    assert news.repeats
    assert news.said == Said(domains={Domain.ADVICE}, topics={Topic.WAY_IN, Topic("acme:pay")}, except_topics={Topic.WHO_ELSE})


def test_tag_rules_are_read_in_their_order() -> None:
    """Which of two tags decides was chance; or a file of rules alone was refused."""
    assert read_tag_rules(WHOLE, "whole.toml") == (
        TagRule(tag="mentor", kind=FollowUpKind.KEEP_IN_TOUCH, offset=Offset(months=1)),
        TagRule(tag="quiet", kind=FollowUpKind.KEEP_IN_TOUCH, wanted=False),
    )
    assert read_tag_rules(GOOD, "gifts.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('after = "nudge"', 'after = "nudg"', ["rule 1", "after", "did you mean"]),
        ('course = ["deciding", "pursue"]', 'course = "deciding"', ["rule 1", "course", "needs a list"]),
        ('course = ["deciding", "pursue"]', 'course = ["done"]', ["rule 1", "course", "done"]),
        ('touches = ["lead-received", "acme:fax"]', 'touches = ["fax"]', ["rule 2", "touches", "none of ours"]),
        ('except_topics = ["who-else"]', "except = []", ["rule 3", "said", "'except'"]),
        ('domains = ["advice"]', 'domains = ["advise"]', ["rule 3", "said", "domains", "advise"]),
        ("in_person = { minutes = -15 }", "in_person = 15", ["rule 1", "in_person", "needs a table"]),
        ('tag = "mentor"', "", ["tag 1", "lacks the key 'tag'"]),
        ("wanted = false", "", ["tag 2", "wanted"]),
        ("wanted = false", 'wants = "no"', ["tag 2", "'wants'"]),
    ],
)
def test_an_error_in_the_newer_keys_names_them_too(old: str, new: str, words: list[str]) -> None:
    """Whoever wrote the file had to guess which rule and which key was meant."""
    assert old in WHOLE
    with pytest.raises(InvalidValue, match=r"rules\.whole\.toml, ") as refused:
        for read in (read_rules, read_tag_rules):
            read(WHOLE.replace(old, new), "whole.toml")
    for word in words:
        assert word in str(refused.value)
