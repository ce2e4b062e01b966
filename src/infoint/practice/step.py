"""One step of a campaign: an event, and all that follows from it. What `ws.interviews.record` saves, hosts save themselves."""

from datetime import datetime

from attrs import frozen

from infoint.errors import ObligationsOpen
from infoint.model.campaign import Campaign
from infoint.model.events import Event
from infoint.model.follow_up import FollowUp, FollowUpStatus
from infoint.model.identity import identified
from infoint.model.interview import Interview
from infoint.model.interview_status import InterviewStatus
from infoint.practice.arguments import demand
from infoint.practice.follow_up_planner import FollowUpPlan, plan_follow_ups
from infoint.practice.lifecycle import advance, refuse_conversion
from infoint.practice.policy import Policy


@frozen(kw_only=True)
class Step:
    """Keep both or neither."""

    interview: Interview
    follow_ups: FollowUpPlan


def record(
    interview: Interview,
    event: Event,
    campaign: Campaign,
    *,
    at: datetime,
    recorded_at: datetime | None = None,
    policy: Policy | None = None,
) -> Step:
    """`advance`, then `plan_follow_ups` for the campaign with the talk as it is now.

    What leads to CLOSED is refused (ObligationsOpen) while an obligatory follow-up is neither done nor waived; one the campaign
    does not hold counts as not done. Raises what `advance` and `plan_follow_ups` raise, and InvalidValue where the campaign holds
    this talk with a history and another purpose: it is never converted.
    """
    demand("record", "interview", interview, Interview)
    demand("record", "campaign", campaign, Campaign)
    known = next((one for one in campaign.interviews if one.id == interview.id), None)
    if known is not None:
        refuse_conversion(known, interview)
    advanced = advance(identified(interview), event, at=at, recorded_at=recorded_at)
    after = campaign.including(advanced)
    plan = plan_follow_ups(after, policy=policy, before=known)
    # By where it leads, not by the event: taking back the correction of a `close` closes too.
    if advanced.status is InterviewStatus.CLOSED and interview.status is not InterviewStatus.CLOSED:
        _refuse_open_obligations(advanced, after.including(*plan.new, *plan.changed))
    return Step(interview=advanced, follow_ups=plan)


def _refuse_open_obligations(interview: Interview, campaign: Campaign) -> None:
    open_ones = [one for one in campaign.follow_ups_of(interview) if one.obligatory and one.status is FollowUpStatus.OPEN]
    if open_ones:
        raise ObligationsOpen([(one.kind, _name(one, campaign)) for one in open_ones])


def _name(follow_up: FollowUp, campaign: Campaign) -> str:
    return campaign.contact(follow_up.contact_id).name if follow_up.contact_id else ""
