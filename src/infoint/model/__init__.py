"""What is: frozen values, from the explorer's profile to the last follow-up. No I/O, no clock, no randomness; what the craft
makes of them is in `infoint.practice`.
"""

from infoint.model.campaign import Campaign as Campaign, Fact as Fact
from infoint.model.contact import (
    Contact as Contact,
    ContactRole as ContactRole,
    ContactSource as ContactSource,
    Direction as Direction,
    ExternalId as ExternalId,
    Profile as Profile,
    Seniority as Seniority,
    Touch as Touch,
    TouchKind as TouchKind,
)
from infoint.model.custom_field import CustomField as CustomField
from infoint.model.debrief import (
    Answer as Answer,
    Debrief as Debrief,
    Insight as Insight,
    Party as Party,
    Promise as Promise,
    Referral as Referral,
    ReferralKind as ReferralKind,
    ReferralOutcome as ReferralOutcome,
    Valence as Valence,
)
from infoint.model.events import Event as Event, HistoryEntry as HistoryEntry, UnknownEvent as UnknownEvent
from infoint.model.exploration import (
    Belief as Belief,
    Decision as Decision,
    Exploration as Exploration,
    Goal as Goal,
    Obstacle as Obstacle,
    Outcome as Outcome,
    Scope as Scope,
    Stance as Stance,
)
from infoint.model.follow_up import FollowUp as FollowUp, FollowUpKind as FollowUpKind, FollowUpStatus as FollowUpStatus
from infoint.model.identity import (
    NIL as NIL,
    Entity as Entity,
    Value as Value,
    derive_id as derive_id,
    time_ordered_id as time_ordered_id,
)
from infoint.model.interview import AgendaItem as AgendaItem, Interview as Interview, Purpose as Purpose
from infoint.model.interview_status import MET as MET, UPCOMING as UPCOMING, InterviewStatus as InterviewStatus
from infoint.model.meeting import Meeting as Meeting, MeetingFormat as MeetingFormat
from infoint.model.open_name import OpenName as OpenName
from infoint.model.peaks import Peaks as Peaks, Strength as Strength
from infoint.model.question import (
    Domain as Domain,
    Question as Question,
    QuestionCategory as QuestionCategory,
    QuestionSet as QuestionSet,
    Tone as Tone,
    Topic as Topic,
)
from infoint.plain import JSON as JSON
