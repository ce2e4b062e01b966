"""Whatever is put in by mistake, a function of the practice says so by name."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from infoint.errors import InfointError, InvalidValue, NaiveTime
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.events import Requested
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.identity import NIL, derive_id
from infoint.model.interview import Interview, InterviewStatus
from infoint.model.profile import Profile
from infoint.practice import (
    BusinessDays,
    Policy,
    advance,
    compare,
    complete,
    conclusion,
    default_policy,
    due,
    legal_events,
    next_steps,
    plan_follow_ups,
    postpone,
    propose_times,
    read_rules,
    read_tag_rules,
    record,
    referral_tree,
    ruled_out,
    settle,
    stance_over_time,
    waive,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = date(2026, 3, 2)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
UX = Exploration(id=derive_id("ux"), subject="UX research")
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id,), exploration_id=UX.id)
SHARE = FollowUp(id=derive_id("article"), kind=FollowUpKind.SHARE_ARTICLE, due=DAY, contact_id=ANA.id)
CAMPAIGN = Campaign(profile=Profile(zone="UTC")).including(ANA, UX, TALK)
POLICY = default_policy()
MATRIX = compare(UX, CAMPAIGN).matrix

CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "plan_follow_ups": (plan_follow_ups, {"campaign": CAMPAIGN, "policy": POLICY}),
    "due": (due, {"campaign": CAMPAIGN, "on": DAY, "within": timedelta(7)}),
    "settle": (settle, {"follow_up": SHARE, "campaign": CAMPAIGN, "at": NOW, "policy": POLICY}),
    "complete": (complete, {"follow_up": SHARE, "at": NOW}),
    "waive": (waive, {"follow_up": SHARE, "reason": "no need", "at": NOW}),
    "postpone": (postpone, {"follow_up": SHARE, "until": date(2026, 4, 1), "at": NOW}),
    "compare": (compare, {"exploration": UX, "campaign": CAMPAIGN, "policy": POLICY}),
    "next_steps": (next_steps, {"exploration": UX, "campaign": CAMPAIGN, "policy": POLICY}),
    "stance_over_time": (stance_over_time, {"exploration": UX, "campaign": CAMPAIGN}),
    "conclusion": (conclusion, {"exploration": UX, "campaign": CAMPAIGN}),
    "ruled_out": (ruled_out, {"exploration": UX, "campaign": CAMPAIGN}),
    "referral_tree": (referral_tree, {"campaign": CAMPAIGN}),
    "record": (record, {"interview": TALK, "event": Requested(), "campaign": CAMPAIGN, "at": NOW, "policy": POLICY}),
    "advance": (advance, {"interview": TALK, "event": Requested(), "at": NOW}),
    "legal_events": (legal_events, {"interview": TALK}),
    "propose_times": (propose_times, {"interview": TALK, "campaign": CAMPAIGN, "busy": (), "after": NOW, "until": DAY}),
    "read_rules": (partial(read_rules, source="mine.toml"), {"toml": ""}),
    "read_tag_rules": (partial(read_tag_rules, source="mine.toml"), {"toml": ""}),
    "Policy.rule": (POLICY.rule, {"kind": FollowUpKind.NUDGE}),
    "Policy.rules_during": (POLICY.rules_during, {"status": InterviewStatus.HELD}),
    "Policy.in_language": (POLICY.in_language, {"language": "es"}),
    "BusinessDays.shift": (BusinessDays().shift, {"day": DAY, "by": 3}),
    "ReferralTree.dangling": (referral_tree(CAMPAIGN).dangling, {"before": NOW}),
}
WRONG: tuple[Any, ...] = (
    0, -1, 1.5, "", "x" * 2_000, b"", [], {}, [ANA], object(), type, DAY, date.max, NOW.replace(tzinfo=None), timedelta.max, NIL, UUID(int=1),
    ANA, UX, TALK, SHARE, CAMPAIGN, evolve(UX, id=NIL), evolve(TALK, id=NIL), evolve(SHARE, id=NIL),
)  # fmt: skip


@pytest.mark.parametrize(("name", "argument"), [(name, argument) for name, (_, good) in CALLS.items() for argument in good])
def test_nothing_but_our_own_errors_comes_out(name: str, argument: str) -> None:
    """An app's slip ended in an AttributeError from deep inside, which no `except InfointError` catches."""
    function, good = CALLS[name]
    function(**good)
    refused = 0
    for wrong in WRONG:
        try:
            function(**good | {argument: wrong})
        except InfointError:
            refused += 1
    assert refused > 1


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: compare(CAMPAIGN, UX), "compare.exploration: needs Exploration, got Campaign"),  # type: ignore[arg-type]  # the slip
        (lambda: plan_follow_ups([TALK]), "plan_follow_ups.campaign: needs Campaign, got list"),  # type: ignore[arg-type]
        (lambda: plan_follow_ups(CAMPAIGN, policy=""), "practice.policy: needs Policy, got str"),  # type: ignore[arg-type]
        (lambda: complete(TALK, at=NOW), "complete.follow_up: needs FollowUp, got Interview"),  # type: ignore[arg-type]
        (lambda: read_rules(b"", "mine.toml"), "rules.mine.toml: needs str, got bytes"),  # type: ignore[arg-type]
        (lambda: due(CAMPAIGN, on=NOW), "due.on: needs a date without time, got datetime"),
        (lambda: MATRIX.row([]), "EvidenceMatrix.question_id: needs str, got list"),  # type: ignore[arg-type]
        (lambda: POLICY.with_rules("nudge"), "Policy.with_rules: needs FollowUpRule, got str"),  # type: ignore[arg-type]
    ],
)
def test_the_slip_is_named(call: Callable[[], object], problem: str) -> None:
    """The message spoke of an attribute, not of what was put in."""
    with pytest.raises(InvalidValue) as caught:
        call()
    assert str(caught.value) == problem


def test_a_time_without_zone_is_named() -> None:
    """A time of the machine's zone was taken for the explorer's."""
    with pytest.raises(NaiveTime, match=r"complete\.at"):
        complete(SHARE, at=NOW.replace(tzinfo=None))


def test_no_policy_is_the_shipped_one() -> None:
    """An empty text passed for it, and the app's preferences were silently ours."""
    assert isinstance(POLICY, Policy)
    assert plan_follow_ups(CAMPAIGN, policy=None) == plan_follow_ups(CAMPAIGN, policy=POLICY)


def test_the_days_looked_ahead_may_be_any() -> None:
    """`within=timedelta.max`, for everything there is, ended in an OverflowError."""
    campaign = CAMPAIGN.including(SHARE)
    assert [item.follow_up for item in due(campaign, on=DAY, within=timedelta.max)] == [SHARE]
    assert due(campaign, on=DAY, within=timedelta.min) == ()
