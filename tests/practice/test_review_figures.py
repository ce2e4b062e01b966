"""How often the findings on wording are right: measured on sentences and letters that say what an adviser would find."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from infoint.model.follow_up import FollowUpKind
from infoint.practice.finding import FindingCode
from infoint.practice.review import review_letter, review_question

FOLDER: Final = Path(__file__).parent
PAGE: Final = FOLDER.parents[1] / "docs" / "explanation" / "review-figures.md"
HEAD: Final = "| finding | judged | with it | precision | recall |\n|---|---|---|---|---|\n"
FOOT: Final = "\n- **judged**"


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line]


SENTENCES: Final = rows("labelled_sentences.tsv")
"""Label, half, sentence."""
LETTERS: Final = rows("labelled_letters.tsv")
"""Kind, half, faults, letter with ¶ for line breaks."""

LABELS: Final = {
    FindingCode.CLOSED_QUESTION: ("closed", "open"),
    FindingCode.LEADING: ("leading", "fair"),
    FindingCode.DOUBLE_BARRELLED: ("double", "single"),
    FindingCode.JOB_ASK: ("job-ask", "clean"),
    FindingCode.SEARCHABLE_FACT: ("searchable", "worth-asking"),
}
"""What a sentence with the fault is labelled, and one that was written to be without it."""
FAULTS: Final = {
    "outreach": (
        FindingCode.OUTREACH_WITHOUT_QUESTION,
        FindingCode.OUTREACH_WITHOUT_CONNECTION,
        FindingCode.NO_RESUME_DECISION,
        FindingCode.JOB_ASK,
    ),
    "thank-you": (FindingCode.THANK_YOU_WITHOUT_TAKEAWAY, FindingCode.JOB_ASK),
}
"""What letters of each kind are judged by."""
JUDGED: Final = tuple(code for code in FindingCode.known if code in LABELS or any(code in codes for codes in FAULTS.values()))


class Judgement(NamedTuple):
    """One text held against one rule."""

    text: str
    has_it: bool
    found: bool


def judgements(code: FindingCode, half: str) -> Iterator[Judgement]:
    has, has_not = LABELS.get(code, ("", ""))
    for label, its_half, sentence in SENTENCES:
        if its_half == half and label in {has, has_not}:
            codes = {finding.code for finding in review_question(sentence)}
            yield Judgement(sentence, label == has, code in codes)
    for kind, its_half, faults, text in LETTERS:
        if its_half == half and code in FAULTS[kind]:
            findings = review_letter(text.replace("¶", "\n"), kind=FollowUpKind.THANK_YOU if kind == "thank-you" else None)
            yield Judgement(text, code in faults.split(), code in {finding.code for finding in findings})


class Figures(NamedTuple):
    """What the judgements on one code come to."""

    judged: int
    with_it: int
    right: float
    precision: float
    recall: float


def figures(code: FindingCode, half: str = "held") -> Figures:
    made = list(judgements(code, half))
    with_it, found = sum(one.has_it for one in made), sum(one.found for one in made)
    both = sum(one.has_it and one.found for one in made)
    right = sum(one.has_it is one.found for one in made)
    return Figures(len(made), with_it, right / len(made), both / found, both / with_it)


def wrong(code: FindingCode, half: str) -> list[Judgement]:
    return [one for one in judgements(code, half) if one.has_it is not one.found]


# ── how good they are ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("half", ["tune", "held"])
@pytest.mark.parametrize("code", [FindingCode.CLOSED_QUESTION, FindingCode.JOB_ASK])
def test_the_two_that_matter_most_are_right(code: FindingCode, half: str) -> None:
    """Explorers would stop reading findings that are wrong more than once in twenty."""
    assert figures(code, half).right >= 0.95, wrong(code, half)


@pytest.mark.parametrize("code", JUDGED)
def test_there_are_few_false_alarms(code: FindingCode) -> None:
    """Whoever is corrected for what is right stops listening: rather silent than wrong."""
    assert figures(code).precision >= 0.9, [one for one in wrong(code, "held") if one.found]


@pytest.mark.parametrize(
    ("code", "least"),
    [
        (FindingCode.CLOSED_QUESTION, 0.95),
        (FindingCode.LEADING, 0.75),
        (FindingCode.DOUBLE_BARRELLED, 0.65),
        (FindingCode.JOB_ASK, 0.9),
        (FindingCode.SEARCHABLE_FACT, 0.3),
        (FindingCode.OUTREACH_WITHOUT_QUESTION, 0.9),
        (FindingCode.OUTREACH_WITHOUT_CONNECTION, 0.9),
        (FindingCode.NO_RESUME_DECISION, 0.9),
        (FindingCode.THANK_YOU_WITHOUT_TAKEAWAY, 0.8),
    ],
)
def test_they_find_what_they_are_for(code: FindingCode, least: float) -> None:
    """A rule could be made silent for good without anything turning red."""
    assert figures(code).recall >= least, [one for one in wrong(code, "held") if one.has_it]


@pytest.mark.parametrize("code", JUDGED)
def test_what_was_tuned_on_is_found(code: FindingCode) -> None:
    """A change to a rule would lose what another one had won."""
    assert figures(code, "tune").right >= 0.97, wrong(code, "tune")


# ── what they are measured on ────────────────────────────────────────────────────────────────────
def test_each_text_is_there_once() -> None:
    """A figure measured on the same sentence in both halves would say nothing."""
    texts = [sentence for _, _, sentence in SENTENCES] + [text for *_, text in LETTERS]
    assert len(SENTENCES) >= 160
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_labels_are_known() -> None:
    """A slip in a label would take a sentence out of the count."""
    known = {label for pair in LABELS.values() for label in pair}
    assert {label for label, _, _ in SENTENCES} == known
    assert {half for _, half, *_ in (*SENTENCES, *LETTERS)} == {"tune", "held"}
    for kind, _, faults, text in LETTERS:
        assert faults == "-" or set(faults.split()) <= set(FAULTS[kind]), text


@pytest.mark.parametrize("code", JUDGED)
def test_both_sides_are_there(code: FindingCode) -> None:
    """Precision and recall on a handful of texts would be luck. Letters without a question are rare."""
    for half in ("tune", "held"):
        measured = figures(code, half)
        assert measured.judged >= 20
        assert measured.with_it >= (4 if code == FindingCode.OUTREACH_WITHOUT_QUESTION else 10)
        assert measured.judged - measured.with_it >= 5


# ── what is said of them ─────────────────────────────────────────────────────────────────────────
def test_the_page_gives_these_figures() -> None:
    """Readers would trust figures of rules that are no longer there (`INFOINT_REGENERATE_GOLDEN=1` writes them anew)."""
    lines = []
    for code in JUDGED:
        measured = figures(code)
        lines.append(
            f"| `{code}` | {measured.judged} | {measured.with_it} | {measured.precision:.2f} | {measured.recall:.2f} |\n"
        )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(HEAD)
    there, foot, after = rest.partition(FOOT)
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        there = "".join(lines)
        PAGE.write_text(before + HEAD + there + foot + after, encoding="utf-8")
    assert there == "".join(lines)
