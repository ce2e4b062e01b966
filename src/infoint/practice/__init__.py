"""What the craft says: pure functions over plain values. Time is an argument; none of them reads a clock, none keeps anything.

The shape of every function here: `verb(subject, campaign, *, at=…, policy=None)`; policy None = `default_policy()`.
"""

from infoint.practice.agenda import choose_agenda as choose_agenda
from infoint.practice.due import DueItem as DueItem, due as due
from infoint.practice.evidence import (
    Comparison as Comparison,
    EvidenceWarning as EvidenceWarning,
    TopicEvidence as TopicEvidence,
    Verdict as Verdict,
    Voice as Voice,
    WarningCode as WarningCode,
    compare as compare,
)
from infoint.practice.evidence_matrix import (
    CellState as CellState,
    EvidenceCell as EvidenceCell,
    EvidenceMatrix as EvidenceMatrix,
    EvidenceRow as EvidenceRow,
)
from infoint.practice.follow_up_planner import FollowUpPlan as FollowUpPlan, plan_follow_ups as plan_follow_ups
from infoint.practice.follow_up_rule import (
    Anchor as Anchor,
    BusinessDays as BusinessDays,
    Deadline as Deadline,
    FollowUpRule as FollowUpRule,
    Offset as Offset,
    Per as Per,
)
from infoint.practice.labels import Labels as Labels, label as label, read_labels as read_labels
from infoint.practice.lifecycle import advance as advance, legal_events as legal_events
from infoint.practice.policy import Mix as Mix, Policy as Policy, default_policy as default_policy
from infoint.practice.question_bank import (
    QuestionBank as QuestionBank,
    load_question_sets as load_question_sets,
    read_question_sets as read_question_sets,
    read_question_wordings as read_question_wordings,
    topic_phrases as topic_phrases,
)
from infoint.practice.question_wordings import QuestionWording as QuestionWording, QuestionWordings as QuestionWordings
from infoint.practice.review import (
    Finding as Finding,
    FindingCode as FindingCode,
    Severity as Severity,
    review as review,
    review_letter as review_letter,
    review_question as review_question,
)
from infoint.practice.rule_files import read_rules as read_rules
from infoint.practice.settling import complete as complete, postpone as postpone, waive as waive
from infoint.practice.sides import Sides as Sides
from infoint.practice.step import Step as Step, record as record
