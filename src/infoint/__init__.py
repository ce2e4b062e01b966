"""Informational interviews as an engine for other software.

Every name loads its module on first use: whoever needs two values does not pay for calendars and storage. The loader is hidden
from type checkers, or every misspelt `infoint.Contcat` would pass as an `object`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoint import (
        calendar as calendar,
        codec as codec,
        errors as errors,
        hooks as hooks,
        model as model,
        notes as notes,
        people as people,
        practice as practice,
        storage as storage,
    )
    from infoint.errors import InfointError as InfointError
    from infoint.hooks.host import PluginHost as PluginHost
    from infoint.model import events as events
    from infoint.model.campaign import Campaign as Campaign
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
    from infoint.model.identity import derive_id as derive_id
    from infoint.model.interview import AgendaItem as AgendaItem, Interview as Interview, Purpose as Purpose
    from infoint.model.interview_status import (
        FALLEN_THROUGH as FALLEN_THROUGH,
        MET as MET,
        UPCOMING as UPCOMING,
        InterviewStatus as InterviewStatus,
    )
    from infoint.model.meeting import Meeting as Meeting, MeetingFormat as MeetingFormat
    from infoint.model.obstacle import Obstacle as Obstacle
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
    from infoint.plugin import hookimpl as hookimpl
    from infoint.workspace.engine import Engine as Engine, OpenWorkspace as OpenWorkspace, open as open
    from infoint.workspace.workspace import Workspace as Workspace
else:
    from infoint.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "infoint.errors": ("InfointError",),
            "infoint.hooks.host": ("PluginHost",),
            "infoint.model.campaign": ("Campaign",),
            "infoint.model.contact": ("Contact", "ContactRole", "ContactSource", "ExternalId", "Seniority"),
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
            "infoint.model.exploration": ("Belief", "Decision", "Exploration", "Goal", "Outcome", "Scope", "Stance"),
            "infoint.model.follow_up": ("FollowUp", "FollowUpKind", "FollowUpStatus"),
            "infoint.model.identity": ("derive_id",),
            "infoint.model.interview": ("AgendaItem", "Interview", "Purpose"),
            "infoint.model.interview_status": ("FALLEN_THROUGH", "MET", "UPCOMING", "InterviewStatus"),
            "infoint.model.meeting": ("Meeting", "MeetingFormat"),
            "infoint.model.obstacle": ("Obstacle",),
            "infoint.model.peaks": ("Peaks", "Strength"),
            "infoint.model.profile": ("Profile",),
            "infoint.model.question": ("Domain", "Question", "QuestionCategory", "QuestionSet", "Tone", "Topic"),
            "infoint.model.touch": ("Direction", "Touch", "TouchKind"),
            "infoint.plugin": ("hookimpl",),
            "infoint.workspace.engine": ("Engine", "OpenWorkspace", "open"),
            "infoint.workspace.workspace": ("Workspace",),
        },
        {
            room: f"infoint.{room}"
            for room in ("calendar", "codec", "errors", "hooks", "model", "notes", "people", "practice", "storage")
        }
        | {"events": "infoint.model.events"},
    )
