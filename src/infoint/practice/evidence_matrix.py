"""Who was asked what, and who answered: questions by people. What the answers come to is `evidence`'s."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final
from uuid import UUID

from attrs import field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import NotFound
from infoint.model.contact import Contact
from infoint.model.debrief import Answer
from infoint.model.interview import Interview
from infoint.model.question import Question, Topic
from infoint.practice.arguments import demand
from infoint.practice.question_bank import QuestionBank


class CellState(ClosedName):
    """How far one question got with one person."""

    ANSWERED = "answered"
    ASKED = "asked"
    """It was on the agenda of a talk with them that took place; no answer of theirs was noted."""
    NOT_ASKED = "not-asked"


@frozen(kw_only=True)
class EvidenceCell:
    """One question and one person, over all talks with them."""

    answers: tuple[Answer, ...] = ()
    """In the order of the talks."""
    wordings: tuple[str, ...] = ()
    """As it was put to them: each wording once, the earliest first; none where it came up without being on the agenda."""
    interview_ids: tuple[UUID, ...] = ()
    """The talks in which it was asked or answered, in their order."""

    @property
    def state(self) -> CellState:
        """Answered, asked without a noted answer, or not asked."""
        if self.answers:
            return CellState.ANSWERED
        return CellState.ASKED if self.wordings else CellState.NOT_ASKED


NOT_ASKED: Final = EvidenceCell()
"""What most cells are."""


@frozen(kw_only=True)
class EvidenceRow:
    """One question and everybody heard."""

    question_id: str
    question: Question | None
    """As it was last asked, or else as the bank has it; None where neither knows it."""
    reached: tuple[tuple[Contact, EvidenceCell], ...]
    """Those it was put to, or who answered it, as it first came up with each."""
    people: tuple[Contact, ...] = field(repr=False)
    """Everybody heard, as in the matrix."""

    @cached_property
    def _cell_by_id(self) -> Mapping[UUID, EvidenceCell]:
        return {person.id: cell for person, cell in self.reached}

    @cached_property
    def cells(self) -> tuple[EvidenceCell, ...]:
        """One per person, in the matrix's order of people."""
        # Laid out when asked for: most cells are empty, and as many talks with questions of their own have as many again.
        return tuple(self._cell_by_id.get(person.id, NOT_ASKED) for person in self.people)

    def cell(self, contact_id: UUID) -> EvidenceCell:
        """How far it got with a person, in O(1)."""
        return self._cell_by_id.get(contact_id, NOT_ASKED)

    @property
    def wording(self) -> str:
        """As it was last asked; the id where no wording is known."""
        return self.question.text if self.question else self.question_id

    @property
    def topic(self) -> Topic | None:
        """What it is about; None where that is not known."""
        return self.question.topic if self.question else None

    @property
    def open(self) -> bool:
        """Whether nobody's answer was noted."""
        return not any(cell.answers for _, cell in self.reached)


@frozen(kw_only=True)
class EvidenceMatrix:
    """Questions as rows, people heard as columns. A question is known by its id, whatever its wording."""

    people: tuple[Contact, ...]
    """In the order of their first talks."""
    rows: tuple[EvidenceRow, ...]
    """In the bank's order of topics, a plugin's behind; within a topic as first asked."""

    @cached_property
    def _row_by_id(self) -> Mapping[str, EvidenceRow]:
        return {row.question_id: row for row in self.rows}

    @cached_property
    def _heard(self) -> frozenset[UUID]:
        return frozenset(person.id for person in self.people)

    def row(self, question_id: str) -> EvidenceRow:
        """One question, in O(1). Raises NotFound for one that never came up."""
        demand("EvidenceMatrix", "question_id", question_id, str)
        if (row := self._row_by_id.get(question_id)) is None:
            raise NotFound("question", question_id, remedy="the matrix holds those that were asked or answered")
        return row

    def cell(self, question_id: str, contact_id: UUID) -> EvidenceCell:
        """What became of a question with a person, in O(1). Raises NotFound for a question that never came up, and for somebody
        who was not heard.
        """
        row = self.row(question_id)
        demand("EvidenceMatrix", "contact_id", contact_id, UUID)
        if contact_id not in self._heard:
            raise NotFound("contact", contact_id, remedy="the matrix holds the people heard")
        return row.cell(contact_id)


def lay_out(talks: Iterable[Interview], people: Sequence[Contact], bank: QuestionBank) -> EvidenceMatrix:
    """The matrix of `talks` that took place, in this order, with everybody heard in them.

    The bank tells what an answer was about whose question was on no agenda.
    """
    everybody = tuple(people)
    place = {person.id: number for number, person in enumerate(everybody)}
    questions: dict[str, Question | None] = {}
    collected: defaultdict[str, defaultdict[int, _Collected]] = defaultdict(lambda: defaultdict(_Collected))
    for talk in talks:
        there = [place[id] for id in talk.met]
        for item in talk.agenda:
            questions[item.question.id] = item.question
            for person in there:
                collected[item.question.id][person].asked(item.question.text, talk)
        for answer in talk.debrief.answers if talk.debrief else ():
            questions.setdefault(answer.question_id, None)
            person = place[answer.said_by] if answer.said_by else there[0]
            collected[answer.question_id][person].answered(answer, talk)
    known = {question.id: question for question in bank}
    rows = [
        EvidenceRow(
            question_id=id,
            question=question or known.get(id),
            reached=tuple((everybody[person], cell.cell()) for person, cell in cells.items()),
            people=everybody,
        )
        for (id, question), cells in zip(questions.items(), collected.values(), strict=True)
    ]
    return EvidenceMatrix(people=everybody, rows=tuple(sorted(rows, key=lambda row: topic_order(row.topic))))


class _Collected:
    """A cell while the talks are gone through. Tuples, since nearly every cell has one of each: lists and dicts would be thrown away."""

    __slots__ = ("_answers", "_talks", "_wordings")

    def __init__(self) -> None:
        self._answers: tuple[Answer, ...] = ()
        self._wordings: tuple[str, ...] = ()
        self._talks: tuple[UUID, ...] = ()

    def asked(self, wording: str, talk: Interview) -> None:
        if wording not in self._wordings:
            self._wordings += (wording,)
        self._came_up(talk)

    def answered(self, answer: Answer, talk: Interview) -> None:
        self._answers += (answer,)
        self._came_up(talk)

    def _came_up(self, talk: Interview) -> None:
        if self._talks[-1:] != (talk.id,):
            self._talks += (talk.id,)

    def cell(self) -> EvidenceCell:
        return EvidenceCell(answers=self._answers, wordings=self._wordings, interview_ids=self._talks)


_PLACE: Final = {topic: place for place, topic in enumerate(Topic.known)}


def topic_order(topic: Topic | None) -> tuple[int, str]:
    """A sort key: the bank's order of topics, a plugin's by name behind them, and what is about nothing known last."""
    if topic is None:
        return len(_PLACE) + 1, ""
    return _PLACE.get(topic, len(_PLACE)), topic
