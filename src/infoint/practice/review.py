"""What a careful adviser would remark on in a planned talk (practice §5). Nothing is refused, and every remark says what to do
instead. What is looked at, subject by subject, is in the modules named `…_review`.
"""

from collections.abc import Iterator
from datetime import datetime

from infoint.model.campaign import Campaign
from infoint.model.follow_up import FollowUpStatus
from infoint.model.identity import NIL
from infoint.model.interview import Interview
from infoint.practice.agenda_review import agenda_findings
from infoint.practice.arguments import demand, demand_moment, demand_talk
from infoint.practice.arrangement_review import arrangement_findings
from infoint.practice.finding import Finding, FindingCode, Severity
from infoint.practice.letter_review import OUTREACH_WORDS, review_letter
from infoint.practice.policy import Policy, default_policy
from infoint.practice.wording_review import review_question, wording_findings

__all__ = ["OUTREACH_WORDS", "Finding", "FindingCode", "Severity", "review", "review_letter", "review_question"]


def review(interview: Interview, campaign: Campaign, *, at: datetime, policy: Policy | None = None) -> tuple[Finding, ...]:
    """Everything worth a remark about a planned talk at a time (zoned): the wording of its agenda and notes, then the agenda as a
    whole, then whom, how and when, then the letters that are drafted for it and still open.

    Each question is judged by the rules of its own language, notes and drafts by those of the explorer's. Raises NaiveTime,
    InvalidValue for what is no interview, campaign or time, and NotFound for people or an exploration that the campaign does not hold.
    """
    demand_talk("review", interview, campaign)
    demand("review", "policy", policy, Policy, type(None))
    at = demand_moment("review", "at", at)
    policy = policy or default_policy()
    return (
        *wording_findings(interview, campaign),
        *agenda_findings(interview, campaign, policy),
        *arrangement_findings(interview, campaign, policy, at),
        *_drafts(interview, campaign, policy),
    )


def _drafts(interview: Interview, campaign: Campaign, policy: Policy) -> Iterator[Finding]:
    for follow_up in campaign.follow_ups_of(interview) if interview.id != NIL else ():
        if follow_up.status is FollowUpStatus.OPEN and follow_up.draft.strip():
            yield from review_letter(
                follow_up.draft,
                kind=follow_up.kind,
                language=campaign.profile.language,
                purpose=interview.purpose,
                policy=policy,
                talk=interview,
            )
