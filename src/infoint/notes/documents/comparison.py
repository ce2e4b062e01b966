"""What several talks say together, to read and to print: how far it goes first, then what agrees, what is disputed, who was asked
what, what is still open and whom to ask it (practice §8, §9). The weighing is `infoint.practice.evidence`'s.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.model.interview import UPCOMING
from infoint.notes.contract import Block, Bullets, Checklist, Document, Fields, Paragraph, Section, Strong, Table, Text
from infoint.notes.documents.evidence_words import SIGNS, EvidenceWords, belief_text, quoted, who
from infoint.notes.figures.coverage import coverage_of
from infoint.notes.figures.sayings import Sayings
from infoint.notes.phrases import Phrases, stem
from infoint.notes.wordings import Wordings
from infoint.practice.conclusion import conclusion
from infoint.practice.evidence import Comparison, compare
from infoint.practice.evidence_matrix import CellState, EvidenceCell, EvidenceMatrix, EvidenceRow
from infoint.practice.next_steps import next_steps
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.voices import heard_in, in_time

SIDE_BY_SIDE: Final = 6
"""The most people a table has a column for each of: more would fit neither a phone nor a sheet of paper."""
_MARKS: Final = {CellState.ANSWERED: "●", CellState.ASKED: "○", CellState.NOT_ASKED: "–"}


def comparison(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Document:
    """An exploration's talks side by side. The policy's bank gives the wording of questions answered that were on no agenda.
    `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    words = Phrases.of("comparison", campaign, wordings)
    found = compare(identified(exploration), campaign, policy=policy)
    title = "title.nobody" if not found.people else f"title.{'one' if len(found.people) == 1 else 'other'}"
    return Document(
        name="comparison",
        title=words.say(title, count=str(len(found.people)), subject=exploration.subject),
        language=words.language,
        filename=stem("comparison", exploration.subject, exploration.id.hex[-8:]),
        sections=tuple(_Page(found, campaign, policy_or_default(policy), EvidenceWords(words, campaign)).sections()),
    )


@frozen
class _Page:
    """One comparison, section by section."""

    found: Comparison
    campaign: Campaign
    policy: Policy
    told: EvidenceWords

    @property
    def words(self) -> Phrases:
        return self.told.words

    def sections(self) -> Iterator[Section]:
        parts: tuple[tuple[str, Callable[[], Iterator[Block]]], ...] = (
            ("warnings", lambda: self.told.warnings(self.found, self.policy)),
            ("people", self._people),
            ("verdicts", self._verdicts),
            ("preview", lambda: self.told.preview(self.found)),
            ("peaks", lambda: self.told.peaks(self.found.peaks)),
            ("topics", self._topics),
            ("questions", self._questions),
            ("answers", self._answers),
            ("open", self._open),
            ("beliefs", self._beliefs),
            ("stance", lambda: self.told.stances(self.found.exploration.stances)),
            ("decision", lambda: self.told.decision(conclusion(self.found.exploration, self.campaign))),
        )
        for key, make in parts:
            if blocks := tuple(make()):
                yield Section(key=key, title=self.words.say(key), blocks=blocks)

    # ── who ──────────────────────────────────────────────────────────────────────────────────────
    def _people(self) -> Iterator[Block]:
        found = self.found
        if not found.people:
            return
        yield Paragraph(self.told.sources(len(found.people), len(set(found.roots))))
        days: defaultdict[UUID, list[str]] = defaultdict(list)
        for talk in found.talks:
            for id in heard_in(talk):
                days[id].append(self.told.day_of(talk) or self.words.say("people.no-day"))
        yield Bullets(
            tuple(
                (Strong(person.name), self._about(person, days[person.id], self._how_found(person, root)))
                for person, root in zip(found.people, found.roots, strict=True)
            )
        )

    def _about(self, person: Contact, days: Iterable[str], how_found: str) -> str:
        work = "".join(f", {part}" for part in (person.title, person.organization) if part)
        heard = self.words.say("people.heard", work=work, days=", ".join(days))
        return f"{heard} {how_found}" if how_found else heard

    def _how_found(self, person: Contact, root: UUID) -> str:
        if person.referred_by is None:
            return self.words.say("people.source", source=self.words.label(person.source).lower()) if person.source else ""
        key = "people.introduced" if root in (person.referred_by, person.id) else "people.introduced.chain"
        return self.words.say(key, name=self.told.name_of(person.referred_by), first=self.told.name_of(root))

    # ── what they say ────────────────────────────────────────────────────────────────────────────
    def _verdicts(self) -> Iterator[Block]:
        say = self.words.say
        if self.found.topics:
            rows = tuple(
                (self.words.label(one.topic), f"{self.told.verdict(one, one.verdict)}\n{who(one)}") for one in self.found.topics
            )
            yield Table((say("verdicts.topic"), say("verdicts.together")), rows, say("verdicts.caption"))
        elif self.found.people:
            yield Paragraph(say("verdicts.none"))

    def _topics(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.topics, 1):
            said = tuple((Strong(sign), f" {quoted(voice)}") for valence, sign in SIGNS.items() for voice in one.on(valence))
            yield Section(key=f"topic-{number}", title=self.words.label(one.topic), blocks=(Bullets(said),))

    # ── who was asked what ───────────────────────────────────────────────────────────────────────
    def _questions(self) -> Iterator[Block]:
        matrix = self.found.matrix
        if matrix.rows:
            yield self._matrix()
            yield coverage_of(self.found, Sayings(self.words.wordings, "figure.coverage")).figure(brief=True)

    def _matrix(self) -> Table:
        matrix, say = self.found.matrix, self.words.say
        if len(matrix.people) > SIDE_BY_SIDE:
            return Table(
                tuple(say(f"questions.{one}") for one in ("question", "answered", "asked", "not-asked")),
                tuple((row.wording, *(str(_reached(row, state)) for state in CellState)) for row in matrix.rows),
            )
        return Table(
            (say("questions.question"), *(person.name for person in matrix.people)),
            tuple((row.wording, *(_MARKS[cell.state] for cell in row.cells)) for row in matrix.rows),
            say("questions.caption"),
        )

    def _answers(self) -> Iterator[Block]:
        matrix = self.found.matrix
        answered = (row for row in matrix.rows if not row.open)
        for number, row in enumerate(answered, 1):
            pairs = [
                (person.name, self._answer(cell, row))
                for person, cell in zip(matrix.people, row.cells, strict=True)
                if cell.state is CellState.ANSWERED
            ]
            silent = _silent(row, matrix)
            if silent and len(matrix.people) > SIDE_BY_SIDE:
                pairs.append((self.words.say("answers.none"), (self.words.names(silent),)))
            yield Section(key=f"answer-{number}", title=row.wording, blocks=(Fields(tuple(pairs)),))

    def _answer(self, cell: EvidenceCell, row: EvidenceRow) -> Text:
        otherwise = [wording for wording in cell.wordings if wording != row.wording]
        asked = self.words.say("answers.asked-as", wordings=" / ".join(otherwise)) if otherwise else ""
        return ("\n".join(filter(None, (*(answer.text for answer in cell.answers), asked))),)

    # ── what is open ─────────────────────────────────────────────────────────────────────────────
    def _open(self) -> Iterator[Block]:
        found, say = self.found, self.words.say
        to_do = [
            *self._people_to_hear(),
            *self.told.topics_to_hear(next_steps(found.exploration, self.campaign, policy=self.policy)),
            *(
                say("open.question", question=row.wording, names=self.words.names(_silent(row, found.matrix)))
                for row in found.matrix.rows
                if row.open
            ),
            *(say("open.write-up", talk=self.told.talk_with(talk)) for talk in found.talks if talk.debrief is None),
        ]
        if to_do:
            yield Checklist(tuple((False, line) for line in to_do))

    def _people_to_hear(self) -> Iterator[str]:
        heard, target = len(self.found.people), self.found.exploration.target_talks
        if target > heard:
            yield self.words.say("open.hear", count=str(target - heard), heard=str(heard), target=str(target))
        coming = [talk for talk in self.campaign.interviews_in(self.found.exploration) if talk.status in UPCOMING]
        for talk in sorted(coming, key=in_time):
            yield self.words.say("open.talk", talk=self.told.talk_with(talk))

    # ── beliefs, stance and decision ─────────────────────────────────────────────────────────────
    def _beliefs(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.beliefs, 1):
            yield Section(key=f"belief-{number}", title=belief_text(one), blocks=tuple(self.told.ledger(one)))


def _reached(row: EvidenceRow, state: CellState) -> int:
    return sum(cell.state is state for cell in row.cells)


def _silent(row: EvidenceRow, matrix: EvidenceMatrix) -> list[Contact]:
    return [person for person, cell in zip(matrix.people, row.cells, strict=True) if cell.state is CellState.ASKED]
