"""One thing settled, and all that follows from it. What `ws.follow_ups.complete` saves, hosts save themselves."""

from datetime import datetime

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id, identified
from infoint.model.touch import Touch, TouchKind
from infoint.practice.arguments import demand
from infoint.practice.follow_up_planner import FollowUpPlan, plan_follow_ups
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.settling import complete, waive


@frozen(kw_only=True)
class Settlement:
    """Keep all of it, or nothing."""

    follow_up: FollowUp
    """Done or waived: update."""
    touch: Touch | None
    """The message it was: insert, unless there is one of this id."""
    follow_ups: FollowUpPlan
    """What has come of it for the others."""


def settle(
    follow_up: FollowUp, campaign: Campaign, *, at: datetime, reason: str | None = None, policy: Policy | None = None
) -> Settlement:
    """`complete`, or with a reason `waive`; then the touch, where it was a message to somebody; then `plan_follow_ups` for the
    campaign with both.

    Settled so already, by the follow-up given or the campaign's: the follow-up unchanged, no touch. Raises what these raise; nothing settled is undone.
    """
    demand("settle", "follow_up", follow_up, FollowUp)
    demand("settle", "campaign", campaign, Campaign)
    chosen = policy_or_default(policy)
    # An old copy of what the campaign knows to be settled, as from a second click, undoes nothing.
    settled_already = (one for one in campaign.follow_ups if one.id == follow_up.id and one.status in SETTLED)
    before = next(settled_already, identified(follow_up))
    settled = complete(before, at=at) if reason is None else waive(before, reason=reason, at=at)
    touch = None if settled is before else touch_of(settled, chosen)
    after = campaign.including(settled, *([touch] if touch else ()))
    return Settlement(follow_up=settled, touch=touch, follow_ups=plan_follow_ups(after, policy=chosen))


def touch_of(settled: FollowUp, policy: Policy) -> Touch | None:
    """What doing it was to the person; None for what is no message, was let be, or concerns nobody."""
    done_at = settled.settled_at if settled.status is FollowUpStatus.DONE else None
    if done_at is None or settled.contact_id is None or not policy.reaches_out(settled.kind):
        return None
    return Touch(
        id=derive_id(settled.id, "touch"),  # derived, so that the same follow-up done in two runs is one touch
        contact_id=settled.contact_id,
        at=done_at,
        kind=TouchKind.GAVE_BACK if settled.kind == FollowUpKind.GIVE_BACK else TouchKind.MESSAGE,
        note=settled.summary,
    )
