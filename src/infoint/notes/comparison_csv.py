"""A comparison as a table for spreadsheet programs: a question a row, a person a column. What it comes to is told by the document
`comparison`; any format can hold that.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.notes.cleaning import clean
from infoint.notes.phrases import Phrases, described
from infoint.notes.wordings import Wordings
from infoint.practice.evidence import compare
from infoint.practice.evidence_matrix import CellState, EvidenceCell
from infoint.practice.policy import Policy

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def comparison_csv(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> bytes:
    """Who was asked what, and what they answered (RFC 4180, UTF-8 with the mark that Excel tells it by). A cell holds a person's
    answers, a line each, or that nothing was noted; it is empty where they were not asked. What a spreadsheet would take for a formula has
    an apostrophe before it, which shows it as text. `policy`, `wordings`: as for `comparison`.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    words = Phrases.of("comparison", campaign, wordings)
    matrix = compare(identified(exploration), campaign, policy=policy).matrix
    written = StringIO(newline="")
    table = csv.writer(written)
    table.writerow(_safe((words.say("questions.question"), words.say("verdicts.topic"), *map(described, matrix.people))))
    for row in matrix.rows:
        topic = words.label(row.question.topic) if row.question else ""
        table.writerow(_safe((row.wording, topic, *(_cell(cell, words) for cell in row.cells))))
    return written.getvalue().encode("utf-8-sig")


def _cell(cell: EvidenceCell, words: Phrases) -> str:
    answers = "\n".join(answer.text for answer in cell.answers)
    return answers or (words.say("questions.asked") if cell.state is CellState.ASKED else "")


def _safe(cells: Iterable[str]) -> Iterator[str]:
    for cell in map(clean, cells):
        yield f"'{cell}" if cell.startswith(_FORMULA) else cell
