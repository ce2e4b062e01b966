"""What several talks say together, to read and to print: how far it goes first, then what agrees, what is disputed, who was asked
what, what is still open and whom to ask it (practice §8, §9). The weighing is `infoint.practice.evidence`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.model.interview import UPCOMING
from infoint.notes.contract import Block, Bullets, Checklist, Document, Fields, Paragraph, Section, Strong, Table, Text
from infoint.notes.documents.evidence_words import (
    SIGNS,
    belief_text,
    day_of,
    decision,
    in_words,
    ledger,
    name_of,
    peaks,
    preview,
    quoted,
    sources,
    stances,
    talk_with,
    topics_to_hear,
    who,
)
from infoint.notes.documents.phrases import names, stem
from infoint.practice.conclusion import conclusion
from infoint.practice.evidence import Comparison, TopicEvidence, compare
from infoint.practice.evidence_matrix import CellState, EvidenceCell, EvidenceMatrix, EvidenceRow
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.policy import Policy
from infoint.practice.voices import heard_in, in_time

SIDE_BY_SIDE: Final = 6
"""The most people a table has a column for each of: more would fit neither a phone nor a sheet of paper."""
_MARKS: Final = {CellState.ANSWERED: "●", CellState.ASKED: "○", CellState.NOT_ASKED: "–"}


def comparison(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Document:
    """An exploration's talks side by side. The policy's bank gives the wording of questions answered that were on no agenda.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    return Document(
        name="comparison",
        title=f"{_headline(len(found.people))} about {exploration.subject}",
        filename=stem("comparison", exploration.subject, exploration.id.hex[-8:]),
        sections=tuple(_sections(found, campaign, policy)),
    )


def _headline(people: int) -> str:
    match people:
        case 0:
            return "Nobody heard yet"
        case 1:
            return "What 1 person says"
        case _:
            return f"What {people} people say"


def _sections(found: Comparison, campaign: Campaign, policy: Policy | None) -> Iterator[Section]:
    parts: tuple[tuple[str, str, Iterator[Block]], ...] = (
        ("warnings", "Before you rely on this", _warnings(found)),
        ("people", "Who was heard", _people(found, campaign)),
        ("verdicts", "What they say together", _verdicts(found)),
        ("preview", "The good and the hard side", preview(found)),
        ("peaks", "What the work asks for", peaks(found.peaks)),
        ("topics", "Topic by topic", _topics(found.topics)),
        ("questions", "Who was asked what", _questions(found.matrix)),
        ("answers", "Answers side by side", _answers(found.matrix)),
        ("open", "Still open", _open(found, next_steps(found.exploration, campaign, policy=policy), campaign)),
        ("beliefs", "What I believed before", _beliefs(found)),
        ("stance", "How I lean", stances(found.exploration.stances, campaign)),
        ("decision", "What I decided", decision(conclusion(found.exploration, campaign), campaign)),
    )
    for key, title, made in parts:
        if blocks := tuple(made):
            yield Section(key=key, title=title, blocks=blocks)


def _warnings(found: Comparison) -> Iterator[Block]:
    if found.warnings:
        yield Bullets(tuple(str(warning) for warning in found.warnings))


# ── who ──────────────────────────────────────────────────────────────────────────────────────────
def _people(found: Comparison, campaign: Campaign) -> Iterator[Block]:
    if not found.people:
        return
    yield Paragraph(sources(len(found.people), len(set(found.roots))))
    days: defaultdict[UUID, list[str]] = defaultdict(list)
    for talk in found.talks:
        for id in heard_in(talk):
            days[id].append(day_of(talk, campaign) or "on a day not noted")
    yield Bullets(
        tuple(
            (Strong(person.name), _about(person, days[person.id], _how_found(person, root, campaign)))
            for person, root in zip(found.people, found.roots, strict=True)
        )
    )


def _about(person: Contact, days: Iterable[str], how_found: str) -> str:
    work = "".join(f", {part}" for part in (person.title, person.organization) if part)
    return f"{work}. Heard {', '.join(days)}.{how_found and f' {how_found}.'}"


def _how_found(person: Contact, root: UUID, campaign: Campaign) -> str:
    if person.referred_by is None:
        return f"Source: {person.source.label.lower()}" if person.source else ""
    further = "" if root in (person.referred_by, person.id) else f"; the chain began with {name_of(root, campaign)}"
    return f"Introduced by {name_of(person.referred_by, campaign)}{further}"


# ── what they say ────────────────────────────────────────────────────────────────────────────────
def _verdicts(found: Comparison) -> Iterator[Block]:
    if found.topics:
        rows = tuple((one.topic.label, f"{in_words(one, one.verdict)}\n{who(one)}") for one in found.topics)
        yield Table(("Topic", "Together"), rows, "+ speaks for it, − against it, 0 neither")
    elif found.people:
        yield Paragraph("No insight has been noted yet.")


def _topics(topics: Iterable[TopicEvidence]) -> Iterator[Block]:
    for number, one in enumerate(topics, 1):
        said = tuple((Strong(sign), f" {quoted(voice)}") for valence, sign in SIGNS.items() for voice in one.on(valence))
        yield Section(key=f"topic-{number}", title=one.topic.label, blocks=(Bullets(said),))


# ── who was asked what ───────────────────────────────────────────────────────────────────────────
def _questions(matrix: EvidenceMatrix) -> Iterator[Block]:
    if not matrix.rows:
        return
    if len(matrix.people) > SIDE_BY_SIDE:
        yield Table(
            ("Question", "Answered", "Asked, nothing noted", "Not asked"),
            tuple((row.wording, *(str(_reached(row, state)) for state in CellState)) for row in matrix.rows),
        )
        return
    yield Table(
        ("Question", *(person.name for person in matrix.people)),
        tuple((row.wording, *(_MARKS[cell.state] for cell in row.cells)) for row in matrix.rows),
        "● answered, ○ asked and nothing noted, – not asked",
    )


def _reached(row: EvidenceRow, state: CellState) -> int:
    return sum(cell.state is state for cell in row.cells)


def _answers(matrix: EvidenceMatrix) -> Iterator[Block]:
    answered = (row for row in matrix.rows if not row.open)
    for number, row in enumerate(answered, 1):
        pairs = [
            (person.name, _answer(cell, row))
            for person, cell in zip(matrix.people, row.cells, strict=True)
            if cell.state is CellState.ANSWERED
        ]
        silent = _silent(row, matrix)
        if silent and len(matrix.people) > SIDE_BY_SIDE:
            pairs.append(("Nothing noted", (names(silent),)))
        yield Section(key=f"answer-{number}", title=row.wording, blocks=(Fields(tuple(pairs)),))


def _answer(cell: EvidenceCell, row: EvidenceRow) -> Text:
    otherwise = [wording for wording in cell.wordings if wording != row.wording]
    asked = f"(asked as: {' / '.join(otherwise)})" if otherwise else ""
    return ("\n".join(filter(None, (*(answer.text for answer in cell.answers), asked))),)


def _silent(row: EvidenceRow, matrix: EvidenceMatrix) -> list[Contact]:
    return [person for person, cell in zip(matrix.people, row.cells, strict=True) if cell.state is CellState.ASKED]


# ── what is open ─────────────────────────────────────────────────────────────────────────────────
def _open(found: Comparison, steps: Iterable[NextStep], campaign: Campaign) -> Iterator[Block]:
    to_do = [
        *_people_to_hear(found, campaign),
        *topics_to_hear(steps),
        *(
            f"{row.wording} Asked of {names(_silent(row, found.matrix))}; no answer noted"
            for row in found.matrix.rows
            if row.open
        ),
        *(f"Write up the talk with {talk_with(talk, campaign)}" for talk in found.talks if talk.debrief is None),
    ]
    if to_do:
        yield Checklist(tuple((False, line) for line in to_do))


def _people_to_hear(found: Comparison, campaign: Campaign) -> Iterator[str]:
    missing = found.exploration.target_talks - len(found.people)
    if missing > 0:
        yield f"Hear {missing} more ({len(found.people)} of the {found.exploration.target_talks} people aimed at so far)"
    coming = [talk for talk in campaign.interviews_in(found.exploration) if talk.status in UPCOMING]
    for talk in sorted(coming, key=in_time):
        yield f"Talk with {talk_with(talk, campaign)}"


# ── beliefs, stance and decision ─────────────────────────────────────────────────────────────────
def _beliefs(found: Comparison) -> Iterator[Block]:
    for number, one in enumerate(found.beliefs, 1):
        yield Section(key=f"belief-{number}", title=belief_text(one), blocks=tuple(ledger(one)))
