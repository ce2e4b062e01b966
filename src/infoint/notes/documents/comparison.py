"""What several talks say together, to read and to print: how far it goes first, then what agrees, what is disputed, who was asked
what, what is still open and whom to ask it (practice §8, §9). The weighing is `infoint.practice.evidence`'s.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration, Stance
from infoint.model.fields import instant
from infoint.model.identity import identified
from infoint.model.interview import UPCOMING, Interview
from infoint.notes.contract import Block, Bullets, Checklist, Document, Fields, Paragraph, Section, Strong, Table, Text
from infoint.notes.documents.phrases import Phrases, stem
from infoint.notes.documents.voices_in_words import people_in_words, verdict_in_words
from infoint.notes.wordings import Wordings
from infoint.practice.belief_ledger import BeliefEvidence, BeliefStanding
from infoint.practice.conclusion import conclusion
from infoint.practice.evidence import FOUR_TOPICS, Comparison, TopicEvidence, compare
from infoint.practice.evidence_matrix import CellState, EvidenceCell, EvidenceMatrix, EvidenceRow
from infoint.practice.evidence_warnings import EvidenceWarning
from infoint.practice.heard import Gain, phrase
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.preview_balance import PreviewSide
from infoint.practice.voices import Voice, heard_in, in_time

SIDE_BY_SIDE: Final = 6
"""The most people a table has a column for each of: more would fit neither a phone nor a sheet of paper."""
_SIGNS: Final = {Valence.POSITIVE: "+", Valence.NEGATIVE: "−", Valence.NEUTRAL: "0"}
_MARKS: Final = {CellState.ANSWERED: "●", CellState.ASKED: "○", CellState.NOT_ASKED: "–"}
_MISSING: Final = {Gain.UNHEARD: "unheard", Gain.ONE_SOURCE: "one-source", Gain.CONTESTED: "contested"}
_AT_ONCE: Final = 5
"""Topics named in one line; more would not be read."""


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
        sections=tuple(_Page(found, campaign, policy_or_default(policy), words).sections()),
    )


@frozen
class _Page:
    """One comparison, section by section."""

    found: Comparison
    campaign: Campaign
    policy: Policy
    words: Phrases

    def sections(self) -> Iterator[Section]:
        parts: tuple[tuple[str, Callable[[], Iterator[Block]]], ...] = (
            ("warnings", self._warnings),
            ("people", self._people),
            ("verdicts", self._verdicts),
            ("preview", self._preview),
            ("peaks", self._peaks),
            ("topics", self._topics),
            ("questions", self._questions),
            ("answers", self._answers),
            ("open", self._open),
            ("beliefs", self._beliefs),
            ("stance", self._stances),
            ("decision", self._decision),
        )
        for key, make in parts:
            if blocks := tuple(make()):
                yield Section(key=key, title=self.words.say(key), blocks=blocks)

    def _warnings(self) -> Iterator[Block]:
        if self.found.warnings:
            yield Bullets(tuple(map(self._warning, self.found.warnings)))

    def _warning(self, warning: EvidenceWarning) -> str:
        people = self.found.people
        if not people:
            return self.words.say("warning.nobody")
        known = {tag.casefold() for tag in self.policy.bias_tags}
        biased = (
            f"{one.name} ({', '.join(sorted(tag for tag in one.tags if tag.casefold() in known))})" for one in warning.people
        )
        return self.words.say(
            f"warning.{warning.code}", count=str(len(people)), organization=people[0].organization, people=", ".join(biased)
        )

    # ── who ──────────────────────────────────────────────────────────────────────────────────────
    def _people(self) -> Iterator[Block]:
        found = self.found
        if not found.people:
            return
        yield Paragraph(self._sources(len(found.people), len(set(found.roots))))
        days: defaultdict[UUID, list[str]] = defaultdict(list)
        for talk in found.talks:
            for id in heard_in(talk):
                days[id].append(self._on(talk) or self.words.say("people.no-day"))
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

    def _sources(self, people: int, independent: int) -> str:
        if people == 1:
            return self.words.say("people.single")
        return self.words.counted("people.sources", independent, people=str(people))

    def _on(self, talk: Interview) -> str:
        return self.words.day(talk.meeting.start.astimezone(self.campaign.profile.zone).date()) if talk.meeting else ""

    def _how_found(self, person: Contact, root: UUID) -> str:
        if person.referred_by is None:
            return self.words.say("people.source", source=self.words.label(person.source).lower()) if person.source else ""
        key = "people.introduced" if root in (person.referred_by, person.id) else "people.introduced.chain"
        return self.words.say(key, name=self._name(person.referred_by), first=self._name(root))

    def _name(self, id: UUID) -> str:
        try:
            return self.campaign.contact(id).name
        except NotFound:  # whoever only stands in a chain need not be in the campaign
            return self.words.say("people.unknown")

    # ── what they say ────────────────────────────────────────────────────────────────────────────
    def _verdicts(self) -> Iterator[Block]:
        say = self.words.say
        if self.found.topics:
            rows = tuple(
                (self.words.label(one.topic), f"{verdict_in_words(one, one.verdict, self.words)}\n{_who(one)}")
                for one in self.found.topics
            )
            yield Table((say("verdicts.topic"), say("verdicts.together")), rows, say("verdicts.caption"))
        elif self.found.people:
            yield Paragraph(say("verdicts.none"))

    def _preview(self) -> Iterator[Block]:
        say = self.words.say
        sides = (("rewards", self.found.preview.rewards), ("challenges", self.found.preview.challenges))
        if any(side.asked or side.heard for _, side in sides):
            rows = tuple(
                (say(f"preview.{name}"), people_in_words(len(side.asked), 0, self.words), self._heard(side))
                for name, side in sides
            )
            yield Table((say("preview.side"), say("preview.asked"), say("preview.heard")), rows)

    def _heard(self, side: PreviewSide) -> str:
        if not side.heard:
            return self.words.say("preview.nothing")
        people = people_in_words(side.people, side.referral_roots, self.words)
        return self.words.counted("preview.insights", len(side.heard), people=people)

    def _peaks(self) -> Iterator[Block]:
        say = self.words.say
        if any(need.roots for need in self.found.peaks):
            rows = tuple(
                (
                    self.words.label(need.letter),
                    people_in_words(need.people, need.referral_roots, self.words),
                    self._brought(need),
                )
                for need in self.found.peaks
            )
            yield Table((say("peaks.letter"), say("peaks.spoken"), say("peaks.brought")), rows)

    def _brought(self, need: PeaksNeed) -> str:
        return "; ".join(strength.text for strength in need.strengths) or (self.words.say("peaks.gap") if need.is_gap else "–")

    def _topics(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.topics, 1):
            said = tuple(_said(voice) for valence in _SIGNS for voice in one.on(valence))
            yield Section(key=f"topic-{number}", title=self.words.label(one.topic), blocks=(Bullets(said),))

    # ── who was asked what ───────────────────────────────────────────────────────────────────────
    def _questions(self) -> Iterator[Block]:
        matrix, say = self.found.matrix, self.words.say
        if not matrix.rows:
            return
        if len(matrix.people) > SIDE_BY_SIDE:
            yield Table(
                tuple(say(f"questions.{one}") for one in ("question", "answered", "asked", "not-asked")),
                tuple((row.wording, *(str(_reached(row, state)) for state in CellState)) for row in matrix.rows),
            )
            return
        yield Table(
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
            *self._topics_to_hear(next_steps(found.exploration, self.campaign, policy=self.policy)),
            *(
                say("open.question", question=row.wording, names=self.words.names(_silent(row, found.matrix)))
                for row in found.matrix.rows
                if row.open
            ),
            *(say("open.write-up", talk=self._with(talk)) for talk in found.talks if talk.debrief is None),
        ]
        if to_do:
            yield Checklist(tuple((False, line) for line in to_do))

    def _people_to_hear(self) -> Iterator[str]:
        heard, target = len(self.found.people), self.found.exploration.target_talks
        if target > heard:
            yield self.words.say("open.hear", count=str(target - heard), heard=str(heard), target=str(target))
        coming = [talk for talk in self.campaign.interviews_in(self.found.exploration) if talk.status in UPCOMING]
        for talk in sorted(coming, key=in_time):
            yield self.words.say("open.talk", talk=self._with(talk))

    def _topics_to_hear(self, steps: Iterable[NextStep]) -> Iterator[str]:
        """One line for what is to be asked of the same person for the same reason."""
        together: defaultdict[tuple[Gain, str], list[str]] = defaultdict(list)
        for step in steps:
            # What was asked and not answered has a line of its own, with the question.
            if not (step.so_far.asked and step.gain is Gain.UNHEARD and step.topic not in FOUR_TOPICS):
                whom = step.people[0].name if step.people else ""
                together[step.gain, whom].append(phrase(step.topic, self.words.language))
        for (gain, name), topics in together.items():
            more = [self.words.say("open.more", count=str(len(topics) - _AT_ONCE))] if len(topics) > _AT_ONCE else []
            told = self.words.listed([*topics[:_AT_ONCE], *more])
            why = self.words.say(f"open.{_MISSING[gain]}")
            yield self.words.say("open.ask" if name else "open.find", name=name, topics=told, why=why)

    def _with(self, talk: Interview) -> str:
        people, when = self.words.names(self.campaign.people(talk)), self._on(talk)
        return self.words.say("talk", names=people, day=when) if when else people

    # ── beliefs, stance and decision ─────────────────────────────────────────────────────────────
    def _beliefs(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.beliefs, 1):
            yield Section(key=f"belief-{number}", title=_belief(one), blocks=tuple(self._ledger(one)))

    def _ledger(self, one: BeliefEvidence) -> Iterator[Block]:
        if one.standing is BeliefStanding.UNTESTED:
            yield Paragraph(self.words.say("beliefs.nothing"))
            return
        verdict = verdict_in_words(one, one.verdict, self.words)
        yield Paragraph(f"{verdict[:1].upper()}{verdict[1:]}.")
        sides = {
            Valence.POSITIVE: self.words.say("beliefs.supports"),
            Valence.NEGATIVE: self.words.say("beliefs.rebuts"),
        }
        yield Bullets(
            tuple(
                (Strong(sides[side]), f" {voice.insight.text} ({voice.person.name})")
                for voice in one.voices
                for side in one.stands(voice)
            )
        )

    def _stances(self) -> Iterator[Block]:
        told = tuple(map(self._leaning, sorted(self.found.exploration.stances, key=lambda stance: instant(stance.at))))
        if told:
            yield Bullets(told)

    def _leaning(self, stance: Stance) -> Text:
        when = self.words.day(stance.at.astimezone(self.campaign.profile.zone).date())
        figure = f"{stance.leaning:+d}".replace("-", "−") if stance.leaning else "0"
        leaning = Strong(f"{figure}, {self.words.say(f'leaning.{stance.leaning}')}")
        return (f"{when}: ", leaning, f". {stance.note}" if stance.note else "")

    def _decision(self) -> Iterator[Block]:
        ended = conclusion(self.found.exploration, self.campaign)
        if ended is None:
            return
        say, decision = self.words.say, ended.decision
        rests_on = [self._with(talk) for talk in ended.talks]
        rests_on += [say("decision.not-held", talk=self._with(talk)) for talk in ended.not_held]
        if ended.missing:
            rests_on.append(say("decision.missing", count=str(len(ended.missing))))
        pairs = [
            ("outcome", self.words.label(decision.outcome).lower()),
            ("on", self.words.day(decision.at.astimezone(self.campaign.profile.zone).date())),
            ("because", decision.because),
            ("rests-on", "; ".join(rests_on)),
        ]
        yield Fields(tuple((say(f"decision.{key}"), (value,)) for key, value in pairs if value))


def _who(one: TopicEvidence) -> str:
    sides = ((sign, dict.fromkeys(voice.person.name for voice in one.on(valence))) for valence, sign in _SIGNS.items())
    return "\n".join(f"{sign} {', '.join(people)}" for sign, people in sides if people)


def _said(voice: Voice) -> Text:
    return (Strong(_SIGNS[voice.insight.valence]), f" {voice.insight.text} ({voice.person.name})")


def _reached(row: EvidenceRow, state: CellState) -> int:
    return sum(cell.state is state for cell in row.cells)


def _silent(row: EvidenceRow, matrix: EvidenceMatrix) -> list[Contact]:
    return [person for person, cell in zip(matrix.people, row.cells, strict=True) if cell.state is CellState.ASKED]


def _belief(one: BeliefEvidence) -> str:
    # What speaks for or against something that is no longer among the beliefs is shown under its key.
    if one.belief is None:
        return one.key
    return f"{one.belief.text} ({one.belief.source})" if one.belief.source else one.belief.text
