"""What an exploration has come to, to keep and to show an adviser: the work as it is, what it asks for, what became of one's beliefs,
how far all that goes, and what was decided (practice §8, §9). Every answer side by side is the comparison's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.fields import instant
from infoint.model.identity import identified
from infoint.model.peaks import Strength
from infoint.model.question import Topic
from infoint.notes.contract import Block, Bullets, Document, Fields, Paragraph, Section, Strong, Table
from infoint.notes.documents.evidence_words import EvidenceWords, belief_text, quoted
from infoint.notes.figures.coverage import coverage_of
from infoint.notes.figures.peaks import peaks_of
from infoint.notes.figures.pipeline import draw_pipeline
from infoint.notes.figures.preview import preview_of
from infoint.notes.figures.sayings import Sayings
from infoint.notes.phrases import Phrases, described, stem
from infoint.notes.wordings import Wordings
from infoint.practice.belief_ledger import BeliefEvidence
from infoint.practice.conclusion import Conclusion, RuledOut, conclusion, ruled_out, stance_over_time
from infoint.practice.evidence import Comparison, compare
from infoint.practice.evidence_matrix import EvidenceRow, topic_order
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.voices import Voice


def field_report(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Document:
    """An exploration at any time, decided or not. What nothing is known of takes no room. `wordings`: others than those shipped for
    the explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    words = Phrases.of("field-report", campaign, wordings)
    found = compare(identified(exploration), campaign, policy=policy)
    report = _Report(
        found,
        campaign,
        conclusion(exploration, campaign),
        ruled_out(exploration, campaign, policy=policy),
        next_steps(exploration, campaign, policy=policy),
        policy_or_default(policy),
        words,
    )
    return Document(
        name="field-report",
        title=words.say("title", subject=exploration.subject),
        language=words.language,
        filename=stem("field-report", exploration.subject, exploration.id.hex[-8:]),
        sections=tuple(report.sections()),
    )


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
    policy: Policy
    words: Phrases

    @property
    def told(self) -> EvidenceWords:
        return EvidenceWords.of(self.words, self.campaign)

    def sections(self) -> Iterator[Section]:
        yield from self._section("summary", self._summary())
        yield from self._section("warnings", self.told.warnings(self.found, self.policy))
        yield from self._section("preview", self._preview())
        yield from self._section("peaks", self._peaks())
        yield from self._section("beliefs", self._beliefs())
        yield from self._section("evidence", self._evidence())
        yield from self._section("open", self._open())
        yield from self._section("stance", self._stance())
        yield from self._section("decision", self.told.decision(self.ended))
        if self.ruled_out:
            yield from self._section("kept", self._kept(self.ruled_out))

    def _section(self, key: str, blocks: Iterable[Block]) -> Iterator[Section]:
        """Nothing where there is nothing to say."""
        if filled := tuple(blocks):
            yield Section(key=key.replace(".", "-"), title=self.words.say(key), blocks=filled)

    def _summary(self) -> Iterator[Block]:
        about, found = self.found.exploration, self.found
        people = self.told.people(len(found.people), len(set(found.roots)))
        latest = max(about.stances, key=lambda stance: instant(stance.at), default=None)
        outcome = self.ended.decision.outcome if self.ended else None
        pairs = (
            ("subject", about.subject),
            ("goal", self.words.label(about.goal).lower() if about.goal else ""),
            ("heard", self.words.say("summary.heard.people", people=people, target=about.target_talks)),
            ("talks", self._talks()),
            ("leaning", self.told.leaning(latest.leaning) if latest else ""),
            ("decision", self.words.label(outcome).lower() if outcome else self.words.say("summary.decision.open")),
        )
        yield Fields(tuple((self.words.say(f"summary.{name}"), (value,)) for name, value in pairs if value))
        if self.campaign.interviews_in(about):
            yield draw_pipeline(about, self.campaign, wordings=self.words.wordings).figure(graph=False)

    def _says(self, picture: str) -> Sayings:
        return Sayings(self.words.wordings, f"figure.{picture}")

    def _talks(self) -> str:
        days = [on for talk in self.found.talks if (on := self.told.day_of(talk))]
        number = len(self.found.talks)
        if not days:
            return str(number)
        key = "summary.talks.day" if days[0] == days[-1] else "summary.talks.days"
        return self.words.say(key, number=number, first=days[0], last=days[-1])

    # ── the work ─────────────────────────────────────────────────────────────────────────────────
    def _preview(self) -> Iterator[Block]:
        balance = self.found.preview
        if table := tuple(self.told.preview(self.found)):
            yield from (*table, preview_of(self.found, self._says("preview")).figure(brief=True))
        yield from self._section("rewards", _bullets(balance.rewards.heard))
        hard = tuple(_bullets(balance.challenges.heard))
        unasked = (Paragraph(self.words.say("preview.unasked")),) if hard and balance.nobody_asked_what_is_bad else ()
        yield from self._section("challenges", (*unasked, *hard))

    def _peaks(self) -> Iterator[Block]:
        if table := tuple(self.told.peaks(self.found.peaks)):
            yield from (*table, peaks_of(self.found, self._says("peaks")).figure(brief=True))
        if gap := [self.words.label(need.letter).lower() for need in self.found.peaks if need.is_gap]:
            yield Paragraph(self.words.say("peaks.gap", letters=self.words.listed(gap)))
        told = [(need, voice) for need in self.found.peaks for voice in need.voices]
        if told:
            lines = ((Strong(f"{self.words.label(need.letter)}:"), f" {quoted(voice)}") for need, voice in told)
            yield Bullets(tuple(lines))

    def _beliefs(self) -> Iterator[Block]:
        for number, one in enumerate(self.found.beliefs, 1):
            yield Section(key=f"belief-{number}", title=belief_text(one), blocks=tuple(self.told.ledger(one)))

    # ── how far it goes ──────────────────────────────────────────────────────────────────────────
    def _evidence(self) -> Iterator[Block]:
        rows = self.found.matrix.rows
        if rows:
            answered = sum(not row.open for row in rows)
            key = "evidence.questions" if answered else "evidence.questions.unanswered"
            yield Paragraph(self.words.say(key, asked=len(rows), answered=answered))
        by_topic: dict[Topic | None, list[EvidenceRow]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row)
        verdicts = {one.topic: self.told.verdict(one, one.verdict) for one in self.found.topics}
        lines = [
            self._topic(topic, by_topic.get(topic, []), verdicts) for topic in sorted({*by_topic, *verdicts}, key=topic_order)
        ]
        if lines:
            header = tuple(self.words.say(f"evidence.{column}") for column in ("topic", "asked", "answered", "together"))
            yield Table(header, tuple(lines), self.words.say("evidence.caption"))
            yield coverage_of(self.found, self._says("coverage")).figure(brief=True)

    def _topic(
        self, topic: Topic | None, rows: Iterable[EvidenceRow], verdicts: Mapping[Topic, str]
    ) -> tuple[str, str, str, str]:
        reached = [(person.id, bool(cell.answers)) for row in rows for person, cell in row.reached]
        return (
            self.words.label(topic) if topic else self.words.say("evidence.no-topic"),
            str(len({id for id, _ in reached})),
            str(len({id for id, answered in reached if answered})),
            (verdicts.get(topic) if topic else None) or "–",
        )

    def _open(self) -> Iterator[Block]:
        if not self.ended and (lines := tuple(self.told.topics_to_hear(self.steps))):
            yield Bullets(lines)

    # ── what it came to ──────────────────────────────────────────────────────────────────────────
    def _stance(self) -> Iterator[Block]:
        changes = stance_over_time(self.found.exploration, self.campaign)
        if any(change.before or change.after for change in changes):
            unknown = "–"
            rows = tuple(
                (
                    self.told.talk_with(change.interview),
                    self.told.leaning(change.before.leaning) if change.before else unknown,
                    self.told.leaning(change.after.leaning) if change.after else unknown,
                )
                for change in changes
            )
            yield Table(tuple(self.words.say(f"stance.{column}") for column in ("talk", "before", "after")), rows)
        yield from self.told.stances(self.found.exploration.stances)

    def _kept(self, ruled: RuledOut) -> Iterator[Block]:
        yield from self._section("kept.against", _bullets(ruled.against))
        yield from self._section("kept.corrected", _corrected(ruled.corrected))
        yield from self._section("kept.liked", _bullets(ruled.liked))
        if ruled.strengths:
            lines = ((Strong(f"{self.words.label(need.letter)}:"), _mine(need.strengths)) for need in ruled.strengths)
            yield from self._section("kept.strengths", [Bullets(tuple(lines))])
        yield from self._section("kept.people", _people(ruled.people))


def _mine(strengths: Iterable[Strength]) -> str:
    return f" {'; '.join(one.text for one in strengths)}"


def _corrected(beliefs: Sequence[BeliefEvidence]) -> Iterator[Block]:
    if beliefs:
        yield Bullets(tuple(belief_text(one) for one in beliefs))


def _people(people: Sequence[Contact]) -> Iterator[Block]:
    if people:
        yield Bullets(tuple(map(described, people)))
