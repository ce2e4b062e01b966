"""What an exploration has come to, to keep and to show an adviser: the work as it is, what it asks for, what became of one's beliefs,
how far all that goes, and what was decided (practice §8, §9). Every answer side by side is the comparison's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.fields import instant
from infoint.model.identity import identified
from infoint.model.peaks import Strength
from infoint.model.question import Topic
from infoint.notes.contract import Block, Bullets, Document, Fields, Paragraph, Section, Strong, Table
from infoint.notes.documents.evidence_words import (
    belief_text,
    day_of,
    decision,
    in_words,
    leaning,
    ledger,
    letter,
    peaks,
    people_in_words,
    preview,
    quoted,
    stances,
    talk_with,
    topics_to_hear,
)
from infoint.notes.documents.phrases import described, listed, stem
from infoint.practice.belief_ledger import BeliefEvidence
from infoint.practice.conclusion import Conclusion, RuledOut, conclusion, ruled_out, stance_over_time
from infoint.practice.evidence import Comparison, compare
from infoint.practice.evidence_matrix import EvidenceRow, topic_order
from infoint.practice.labels import label
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.policy import Policy
from infoint.practice.voices import Voice

_WORDING: Final[Mapping[str, str]] = {
    "title": "Field report: {subject}",
    "summary": "In short",
    "summary.subject": "Under study",
    "summary.goal": "Goal",
    "summary.heard": "Heard",
    "summary.heard.people": "{people}, of {target} aimed at",
    "summary.talks": "Talks",
    "summary.talks.day": "{number}, on {first}",
    "summary.talks.days": "{number}, from {first} to {last}",
    "summary.leaning": "How I lean",
    "summary.decision": "Decision",
    "summary.decision.open": "none yet",
    "warnings": "Before you rely on this",
    "preview": "The work as it is",
    "rewards": "What is good",
    "challenges": "What is hard",
    "preview.unasked": "Nobody was asked what is hard. What is told here came up unasked.",
    "peaks": "What the work asks for",
    "peaks.voice": "{letters}:",
    "peaks.gap": "Asked for, and nothing of mine to show yet: {letters}.",
    "beliefs": "What I believed before",
    "evidence": "How far this goes",
    "evidence.questions": "Questions that came up: {asked}; with an answer noted: {answered}.",
    "evidence.questions.0": "Questions that came up: {asked}; no answer was noted.",
    "evidence.topic": "Topic",
    "evidence.asked": "Asked",
    "evidence.answered": "Answered",
    "evidence.together": "Together",
    "evidence.caption": "How many people were asked and have answered, and what their insights come to together",
    "evidence.no-insight": "–",
    "evidence.no-topic": "Other",
    "open": "Still open",
    "stance": "How I leaned",
    "stance.talk": "Talk with",
    "stance.before": "Before",
    "stance.after": "After",
    "stance.unknown": "–",
    "decision": "What I decided",
    "kept": "What stays of it",
    "kept.against": "What speaks against it",
    "kept.corrected": "What I believed, and somebody spoke against",
    "kept.liked": "What I liked, to look for elsewhere",
    "kept.strengths": "Strengths of mine that were asked for",
    "kept.strength": " {strengths}",
    "kept.people": "People I have come to know",
}
"""All that the report says of its own."""


def field_report(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Document:
    """An exploration at any time, decided or not. What nothing is known of takes no room.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    report = _Report(
        found,
        campaign,
        conclusion(exploration, campaign),
        ruled_out(exploration, campaign, policy=policy),
        next_steps(exploration, campaign, policy=policy),
    )
    return Document(
        name="field-report",
        title=_say("title", subject=exploration.subject),
        language="en",
        filename=stem("field-report", exploration.subject, exploration.id.hex[-8:]),
        sections=tuple(report.sections()),
    )


def _say(key: str, **words: object) -> str:
    return _WORDING[key].format(**words)


def _section(key: str, blocks: Iterable[Block]) -> Iterator[Section]:
    """Nothing where there is nothing to say."""
    if filled := tuple(blocks):
        yield Section(key=key.replace(".", "-"), title=_say(key), blocks=filled)


def _bullets(voices: Sequence[Voice]) -> Iterator[Bullets]:
    if voices:
        yield Bullets(tuple(quoted(voice) for voice in voices))


@frozen
class _Report:
    """One exploration, section by section."""

    found: Comparison
    campaign: Campaign
    ended: Conclusion | None
    ruled_out: RuledOut | None
    steps: Sequence[NextStep]

    def sections(self) -> Iterator[Section]:
        yield from _section("summary", self._summary())
        yield from _section("warnings", self._warnings())
        yield from _section("preview", self._preview())
        yield from _section("peaks", self._peaks())
        yield from _section("beliefs", self._beliefs())
        yield from _section("evidence", self._evidence())
        yield from _section("open", self._open())
        yield from _section("stance", self._stance())
        yield from _section("decision", decision(self.ended, self.campaign))
        if self.ruled_out:
            yield from _section("kept", _kept(self.ruled_out))

    @property
    def _language(self) -> str:
        return self.campaign.profile.language

    def _summary(self) -> Iterator[Block]:
        about, found = self.found.exploration, self.found
        people = people_in_words(len(found.people), len(set(found.roots)))
        latest = max(about.stances, key=lambda stance: instant(stance.at), default=None)
        outcome = self.ended.decision.outcome if self.ended else None
        pairs = (
            ("subject", about.subject),
            ("goal", label(about.goal, self._language).lower() if about.goal else ""),
            ("heard", _say("summary.heard.people", people=people, target=about.target_talks)),
            ("talks", self._talks()),
            ("leaning", leaning(latest.leaning) if latest else ""),
            ("decision", label(outcome, self._language).lower() if outcome else _say("summary.decision.open")),
        )
        yield Fields(tuple((_say(f"summary.{name}"), (value,)) for name, value in pairs if value))

    def _talks(self) -> str:
        days = [on for talk in self.found.talks if (on := day_of(talk, self.campaign))]
        number = len(self.found.talks)
        if not days:
            return str(number)
        key = "summary.talks.day" if days[0] == days[-1] else "summary.talks.days"
        return _say(key, number=number, first=days[0], last=days[-1])

    def _warnings(self) -> Iterator[Block]:
        if self.found.warnings:
            yield Bullets(tuple(str(warning) for warning in self.found.warnings))

    # ── the work ─────────────────────────────────────────────────────────────────────────────────
    def _preview(self) -> Iterator[Block]:
        balance = self.found.preview
        yield from preview(self.found)
        yield from _section("rewards", _bullets(balance.rewards.heard))
        hard = tuple(_bullets(balance.challenges.heard))
        unasked = (Paragraph(_say("preview.unasked")),) if hard and balance.nobody_asked_what_is_bad else ()
        yield from _section("challenges", (*unasked, *hard))

    def _peaks(self) -> Iterator[Block]:
        yield from peaks(self.found.peaks)
        if gap := [letter(need.letter).lower() for need in self.found.peaks if need.is_gap]:
            yield Paragraph(_say("peaks.gap", letters=listed(gap)))
        told = [(need, voice) for need in self.found.peaks for voice in need.voices]
        if told:
            lines = ((Strong(_say("peaks.voice", letters=letter(need.letter))), f" {quoted(voice)}") for need, voice in told)
            yield Bullets(tuple(lines))

    def _beliefs(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.beliefs, 1):
            yield Section(key=f"belief-{number}", title=belief_text(one), blocks=tuple(ledger(one)))

    # ── how far it goes ──────────────────────────────────────────────────────────────────────────
    def _evidence(self) -> Iterator[Block]:
        rows = self.found.matrix.rows
        if rows:
            answered = sum(not row.open for row in rows)
            key = "evidence.questions" if answered else "evidence.questions.0"
            yield Paragraph(_say(key, asked=len(rows), answered=answered))
        by_topic: dict[Topic | None, list[EvidenceRow]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row)
        verdicts = {one.topic: in_words(one, one.verdict) for one in self.found.topics}
        lines = [
            self._topic(topic, by_topic.get(topic, []), verdicts) for topic in sorted({*by_topic, *verdicts}, key=topic_order)
        ]
        if lines:
            header = tuple(_say(f"evidence.{column}") for column in ("topic", "asked", "answered", "together"))
            yield Table(header, tuple(lines), _say("evidence.caption"))

    def _topic(
        self, topic: Topic | None, rows: Iterable[EvidenceRow], verdicts: Mapping[Topic, str]
    ) -> tuple[str, str, str, str]:
        reached = [(person.id, bool(cell.answers)) for row in rows for person, cell in row.reached]
        return (
            label(topic, self._language) if topic else _say("evidence.no-topic"),
            str(len({id for id, _ in reached})),
            str(len({id for id, answered in reached if answered})),
            (verdicts.get(topic) if topic else None) or _say("evidence.no-insight"),
        )

    def _open(self) -> Iterator[Block]:
        if not self.ended and (lines := tuple(topics_to_hear(self.steps))):
            yield Bullets(lines)

    # ── what it came to ──────────────────────────────────────────────────────────────────────────
    def _stance(self) -> Iterator[Block]:
        changes = stance_over_time(self.found.exploration, self.campaign)
        if any(change.before or change.after for change in changes):
            unknown = _say("stance.unknown")
            rows = tuple(
                (
                    talk_with(change.interview, self.campaign),
                    leaning(change.before.leaning) if change.before else unknown,
                    leaning(change.after.leaning) if change.after else unknown,
                )
                for change in changes
            )
            yield Table(tuple(_say(f"stance.{column}") for column in ("talk", "before", "after")), rows)
        yield from stances(self.found.exploration.stances, self.campaign)


def _kept(ruled: RuledOut) -> Iterator[Block]:
    yield from _section("kept.against", _bullets(ruled.against))
    yield from _section("kept.corrected", _corrected(ruled.corrected))
    yield from _section("kept.liked", _bullets(ruled.liked))
    if ruled.strengths:
        lines = ((Strong(_say("peaks.voice", letters=letter(need.letter))), _mine(need.strengths)) for need in ruled.strengths)
        yield from _section("kept.strengths", [Bullets(tuple(lines))])
    yield from _section("kept.people", _people(ruled.people))


def _mine(strengths: Iterable[Strength]) -> str:
    return _say("kept.strength", strengths="; ".join(one.text for one in strengths))


def _corrected(beliefs: Sequence[BeliefEvidence]) -> Iterator[Block]:
    if beliefs:
        yield Bullets(tuple(belief_text(one) for one in beliefs))


def _people(people: Sequence[Contact]) -> Iterator[Block]:
    if people:
        yield Bullets(tuple(map(described, people)))
