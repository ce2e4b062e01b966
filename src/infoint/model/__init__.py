"""What is: frozen values, from the explorer's profile to the last follow-up. No I/O, no clock, no randomness; what the craft
makes of them is in `infoint.practice`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoint.model.campaign import Campaign as Campaign, Fact as Fact
    from infoint.model.contact import (
        Contact as Contact,
        ContactRole as ContactRole,
        ContactSource as ContactSource,
        ExternalId as ExternalId,
        Seniority as Seniority,
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
    from infoint.model.interview_status import (
        FALLEN_THROUGH as FALLEN_THROUGH,
        MET as MET,
        UPCOMING as UPCOMING,
        InterviewStatus as InterviewStatus,
    )
    from infoint.model.meeting import Meeting as Meeting, MeetingFormat as MeetingFormat
    from infoint.model.obstacle import Obstacle as Obstacle
    from infoint.model.open_name import OpenName as OpenName
    from infoint.model.peaks import Peaks as Peaks, Strength as Strength
    from infoint.model.profile import Profile as Profile
    from infoint.model.question import (
        Domain as Domain,
        Question as Question,
        QuestionCategory as QuestionCategory,
        QuestionSet as QuestionSet,
        Tone as Tone,
        Topic as Topic,
    )
    from infoint.model.touch import Direction as Direction, Touch as Touch, TouchKind as TouchKind
    from infoint.plain import JSON as JSON
else:
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "infoint.model.campaign": ("Campaign", "Fact"),
            "infoint.model.profile": ("Profile",),
            "infoint.model.touch": ("Direction", "Touch", "TouchKind"),
            "infoint.model.obstacle": ("Obstacle",),
            "infoint.model.contact": (
                "Contact",
                "ContactRole",
                "ContactSource",
                "ExternalId",
                "Seniority",
            ),
            "infoint.model.custom_field": ("CustomField",),
            "infoint.model.debrief": (
                "Answer",
                "Debrief",
                "Insight",
                "Party",
                "Promise",
                "Referral",
                "ReferralKind",
                "ReferralOutcome",
                "Valence",
            ),
            "infoint.model.events": ("Event", "HistoryEntry", "UnknownEvent"),
            "infoint.model.exploration": (
                "Belief",
                "Decision",
                "Exploration",
                "Goal",
                "Outcome",
                "Scope",
                "Stance",
            ),
            "infoint.model.follow_up": ("FollowUp", "FollowUpKind", "FollowUpStatus"),
            "infoint.model.identity": ("NIL", "Entity", "Value", "derive_id", "time_ordered_id"),
            "infoint.model.interview": ("AgendaItem", "Interview", "Purpose"),
            "infoint.model.interview_status": ("FALLEN_THROUGH", "MET", "UPCOMING", "InterviewStatus"),
            "infoint.model.meeting": ("Meeting", "MeetingFormat"),
            "infoint.model.open_name": ("OpenName",),
            "infoint.model.peaks": ("Peaks", "Strength"),
            "infoint.model.question": ("Domain", "Question", "QuestionCategory", "QuestionSet", "Tone", "Topic"),
            "infoint.plain": ("JSON",),
        },
    )
