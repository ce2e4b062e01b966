"""The page about the practice says what ships: its tables and numbers are compared with the rules, and each name in it exists."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from infoint import FollowUpKind, QuestionCategory
from infoint.model import Obstacle
from infoint.practice import Anchor, Course, FollowUpRule, Offset, Per, ResumePolicy, Verdict, default_policy
from infoint.practice.agenda import most_questions
from infoint.practice.evidence import FOUR_TOPICS
from infoint.practice.evidence_warnings import LEAST, WarningCode
from infoint.practice.finding import FindingCode
from infoint.practice.heard import ENOUGH
from infoint.practice.letter_review import BETTER_WORDS, OUTREACH_WORDS
from infoint.practice.lifecycle import TABLE
from infoint.practice.obstacles import OBSTACLE_CATEGORIES
from infoint.practice.question_bank import topic_phrases

PAGE = (Path(__file__).parents[1] / "docs" / "explanation" / "practice.md").read_text(encoding="utf-8")
SPOKEN = re.sub(r"\s+", " ", PAGE)
"""The page with its lines joined: where a line breaks is nobody's business."""
POLICY = default_policy()

ANCHORS = {
    Anchor.REQUESTED: "the request",
    Anchor.ACCEPTED: "the yes",
    Anchor.START: "the start",
    Anchor.END: "the end",
    Anchor.DEBRIEFED: "the debrief",
    Anchor.REFERRED_TALK_END: "the talk with the person named",
    Anchor.LAST_TOUCH: "the last touch",
    Anchor.DECISION: "the decision",
    Anchor.MET: "the first talk with them",
    Anchor.FOLLOW_UP: "the {after} was done",
    Anchor.PROMISE_DUE: "its date",
    Anchor.TOUCH: "the lead",
}
RECIPIENTS = {
    Per.INTERVIEW: "the talk",
    Per.PERSON: "each person met",
    Per.REFERRAL: "whoever gave a name, for each name",
    Per.REFERRED: "each person named",
    Per.MY_PROMISE: "each thing I promised",
    Per.THEIR_PROMISE: "each thing promised to me",
    Per.TOUCH: "each lead received",
}
COURSES = {
    Course.DECIDING: "nothing is decided",
    Course.PURSUE: "it is pursued",
    Course.KEEP_OPEN: "it is kept open",
}


def table(*header: str) -> list[tuple[str, ...]]:
    """The rows of the page's table with this header."""
    head = f"| {' | '.join(header)} |\n|{'---|' * len(header)}\n"
    assert PAGE.count(head) == 1, f"there is no table, or more than one, with the header {header}"
    rows = PAGE.split(head)[1].split("\n\n")[0].splitlines()
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]


def slugs(names: object) -> str:
    """Slugs as the page writes them."""
    assert isinstance(names, list | tuple | frozenset)
    return ", ".join(f"`{name}`" for name in names)


# ── what the tables should say ───────────────────────────────────────────────────────────────────
def lifecycle_rows() -> list[tuple[str, ...]]:
    """The states, and what leads on from each."""
    return [
        (f"`{status}`", ", ".join(f"`{event.name}` → {event.leads_to}" for event in events) or "nothing: it is done")
        for status, events in TABLE.items()
    ]


def rule_rows() -> list[tuple[str, ...]]:
    """The follow-ups that have a rule."""
    return [
        (f"`{rule.kind}`", due(rule), ", ".join(one for one in TABLE if one in rule.during) or "no matter", recipient(rule))
        for rule in POLICY.follow_up_rules
    ]


def due(rule: FollowUpRule) -> str:
    """When, in words."""
    words = deadline(rule.offset, rule.anchor).format(after=f"`{rule.after}`")
    if rule.in_person:
        words += f"; in person {deadline(rule.in_person, rule.anchor)}"
    if rule.repeats:
        words += ", and so on"
    return f"{words}; failing that, {deadline(rule.otherwise.offset, rule.otherwise.anchor)}" if rule.otherwise else words


def deadline(offset: Offset, anchor: Anchor) -> str:
    """An offset from an anchor, in words."""
    for unit in ("minutes", "hours", "days", "business_days", "months"):
        if count := getattr(offset, unit):
            length = f"{abs(count)} {unit.removesuffix('s').replace('_', ' ')}{'s' if abs(count) > 1 else ''}"
            return f"{length} {'before' if count < 0 else 'after'} {ANCHORS[anchor]}"
    return f"the day of {ANCHORS[anchor]}"


def recipient(rule: FollowUpRule) -> str:
    """What it is for, and what is special about it."""
    rapport = f", with rapport {rule.rapport} or better, or not judged" if rule.rapport is not None else ""
    said = " who gave advice" if rule.said else ""
    course = (
        f", while {' or '.join(words for course, words in COURSES.items() if course in rule.course)}" if rule.course else ""
    )
    marks = [
        ("; **obligatory**", rule.obligatory),
        ("; once only", rule.once),
        (f"; until `{'`, `'.join(rule.settled_by)}` is logged", bool(rule.settled_by)),
        ("; *off*", not rule.enabled),
    ]
    return f"{RECIPIENTS[rule.per]}{said}{rapport}{course}{''.join(mark for mark, shown in marks if shown)}"


def obstacle_rows() -> list[tuple[str, ...]]:
    """What answers each obstacle; the one without questions is answered by other people."""
    return [
        (f"`{obstacle}`", slugs(OBSTACLE_CATEGORIES.get(obstacle, ())) or "nobody's answers: ask those who do the work instead")
        for obstacle in Obstacle.known
    ]


def set_rows() -> list[tuple[str, ...]]:
    """The shipped question sets but the one that is the whole bank."""
    return [(f"`{one.name}`", one.title, str(len(one.questions))) for one in POLICY.bank.sets if one.name != "infoint"]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (("state", "what may happen, and where it leads"), lifecycle_rows()),
        (("kind", "due", "while the talk is", "for"), rule_rows()),
        (("obstacle", "answered by questions from"), obstacle_rows()),
        (("set", "for", "questions"), set_rows()),
    ],
    ids=["lifecycle", "follow-ups", "obstacles", "sets"],
)
def test_tables_say_what_ships(header: tuple[str, ...], wanted: list[tuple[str, ...]]) -> None:
    """A reader would go by a rule that infoint no longer has."""
    assert table(*header) == wanted


def test_evidence_tables_are_whole() -> None:
    """A verdict or a warning would come up that the page does not explain."""
    assert [name for name, _ in table("verdict", "when")] == [f"`{verdict}`" for verdict in Verdict]
    assert [name for name, _ in table("warning", "when")] == [f"`{code}`" for code in WarningCode.known]


def test_tags_for_a_bias_are_named() -> None:
    """A reader would tag people in a way that nothing comes of."""
    assert f"somebody bears a tag for a bias: {slugs(sorted(POLICY.bias_tags))} |" in SPOKEN


def test_findings_are_all_there() -> None:
    """A finding would come up that the page does not explain."""
    assert [name for name, _, _ in table("finding", "in", "when")] == [f"`{code}`" for code in FindingCode.known]


def test_kinds_without_a_rule_are_named() -> None:
    """A kind would seem to come by itself, or would not be known to be there."""
    ruled = {rule.kind for rule in POLICY.follow_up_rules}
    by_hand = [kind for kind in FollowUpKind.known if kind not in ruled]
    assert f"you add them by hand, or give a rule: {slugs(by_hand)}." in SPOKEN


@pytest.mark.parametrize(
    "sentence",
    [
        f"holds {len(POLICY.bank)} questions in {len(QuestionCategory.known)} categories",
        f"| the mix | {POLICY.mix.person} about the person, {POLICY.mix.field} about the field, {POLICY.mix.advice} for advice |",
        f"| time for opening and close | {POLICY.opening_and_close // timedelta(minutes=1)} minutes are kept free |",
        f"{most_questions(timedelta(minutes=15))} in 15 minutes, {most_questions(timedelta(minutes=30))} in 30 |",
        f"| what {ENOUGH} independent people agree on;",
        f"it has more than {OUTREACH_WORDS} words; {BETTER_WORDS} are better",
        f"not between {POLICY.earliest:%H:%M} and {POLICY.latest:%H:%M} on both sides' clocks",
        "`{}` (as shipped), `{}` or `{}`".format(POLICY.resume, *(one for one in ResumePolicy if one is not POLICY.resume)),
        f"fewer than {LEAST} people were heard",
        "should at least hear about {}, {}, {} and {}.".format(*(topic_phrases()[topic] for topic in FOUR_TOPICS)),
    ],
)
def test_numbers_are_those_that_ship(sentence: str) -> None:
    """A number on the page would differ from the one infoint goes by."""
    assert sentence in SPOKEN


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(infoint(?:\.\w+)+)`", PAGE))))
def test_names_exist(name: str) -> None:
    """The page would send its reader to a function or class that is not there."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(import_module(module), attribute)
