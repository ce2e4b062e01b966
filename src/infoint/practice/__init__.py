"""What the craft says: pure functions over plain values. Time is an argument; none of them reads a clock, none keeps anything.

The shape of every function here: `verb(subject, campaign, *, at=…, policy=None)`; policy None = `default_policy()`.
"""

from infoint.practice.agenda import choose_agenda as choose_agenda
from infoint.practice.belief_ledger import BeliefEvidence as BeliefEvidence, BeliefStanding as BeliefStanding
from infoint.practice.conclusion import (
    Conclusion as Conclusion,
    RuledOut as RuledOut,
    StanceChange as StanceChange,
    conclusion as conclusion,
    ruled_out as ruled_out,
    stance_over_time as stance_over_time,
)
from infoint.practice.course import Course as Course
from infoint.practice.due import DueItem as DueItem, due as due
from infoint.practice.evidence import Comparison as Comparison, TopicEvidence as TopicEvidence, compare as compare
from infoint.practice.evidence_matrix import (
    CellState as CellState,
    EvidenceCell as EvidenceCell,
    EvidenceMatrix as EvidenceMatrix,
    EvidenceRow as EvidenceRow,
)
from infoint.practice.evidence_warnings import EvidenceWarning as EvidenceWarning, WarningCode as WarningCode
from infoint.practice.follow_up_planner import FollowUpPlan as FollowUpPlan, plan_follow_ups as plan_follow_ups
from infoint.practice.follow_up_rule import (
    Anchor as Anchor,
    BusinessDays as BusinessDays,
    Deadline as Deadline,
    FollowUpRule as FollowUpRule,
    Offset as Offset,
    Per as Per,
    Said as Said,
)
from infoint.practice.forgetting import Forgetting as Forgetting, forget as forget
from infoint.practice.formerly import remember_former as remember_former
from infoint.practice.heard import Gain as Gain, Heard as Heard
from infoint.practice.held_about import HeldAbout as HeldAbout, Mention as Mention, NamedIn as NamedIn, held_about as held_about
from infoint.practice.labels import Labels as Labels, label as label, read_labels as read_labels
from infoint.practice.lifecycle import advance as advance, legal_events as legal_events
from infoint.practice.meeting_times import (
    Busy as Busy,
    Slot as Slot,
    SlotRules as SlotRules,
    open_starts as open_starts,
    propose_times as propose_times,
    why_no_times as why_no_times,
)
from infoint.practice.mix_check import explain_mix as explain_mix
from infoint.practice.next_steps import NextStep as NextStep, next_steps as next_steps
from infoint.practice.obstacles import OBSTACLE_CATEGORIES as OBSTACLE_CATEGORIES, OBSTACLE_ROLES as OBSTACLE_ROLES
from infoint.practice.one_person import ContactMerge as ContactMerge, merge_contacts as merge_contacts
from infoint.practice.peaks_gap import PeaksNeed as PeaksNeed
from infoint.practice.policy import (
    Mix as Mix,
    Policy as Policy,
    ResumePolicy as ResumePolicy,
    default_policy as default_policy,
)
from infoint.practice.preview_balance import PreviewBalance as PreviewBalance, PreviewSide as PreviewSide
from infoint.practice.question_bank import (
    QuestionBank as QuestionBank,
    load_question_sets as load_question_sets,
    read_question_sets as read_question_sets,
    read_question_wordings as read_question_wordings,
    topic_phrases as topic_phrases,
)
from infoint.practice.question_wordings import QuestionWording as QuestionWording, QuestionWordings as QuestionWordings
from infoint.practice.referral_tree import (
    DoorOpener as DoorOpener,
    ReferralEdge as ReferralEdge,
    ReferralStage as ReferralStage,
    ReferralTree as ReferralTree,
    referral_tree as referral_tree,
)
from infoint.practice.referrals import Introduction as Introduction
from infoint.practice.retention import Dormant as Dormant, dormant as dormant
from infoint.practice.review import (
    Finding as Finding,
    FindingCode as FindingCode,
    Severity as Severity,
    review as review,
    review_letter as review_letter,
    review_question as review_question,
)
from infoint.practice.rule_files import read_rules as read_rules, read_tag_rules as read_tag_rules
from infoint.practice.settlement import Settlement as Settlement, settle as settle
from infoint.practice.settling import complete as complete, postpone as postpone, waive as waive
from infoint.practice.sides import Sides as Sides
from infoint.practice.step import Step as Step, record as record
from infoint.practice.tag_rule import TagRule as TagRule
from infoint.practice.voices import Testimony as Testimony, Verdict as Verdict, Voice as Voice
