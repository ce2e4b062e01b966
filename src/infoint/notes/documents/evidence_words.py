"""How evidence is put in words and tables: the same in the comparison and in the field report, in the texts of the comparison. The
weighing is the practice's, and what stands in which document is the document's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Self
from uuid import UUID

from attrs import frozen

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.debrief import Valence
from infoint.model.exploration import Stance
from infoint.model.fields import instant
from infoint.model.interview import Interview
from infoint.notes.contract import Block, Bullets, Fields, Paragraph, Strong, Table, Text
from infoint.notes.phrases import Phrases, capitalised
from infoint.practice.belief_ledger import BeliefEvidence, BeliefStanding
from infoint.practice.conclusion import Conclusion
from infoint.practice.evidence import FOUR_TOPICS, Comparison, TopicEvidence
from infoint.practice.evidence_warnings import EvidenceWarning
from infoint.practice.heard import Gain, phrase
from infoint.practice.next_steps import NextStep
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.policy import Policy
from infoint.practice.preview_balance import PreviewSide
from infoint.practice.sides import Sides
from infoint.practice.voices import Testimony, Verdict, Voice

_MISSING: Final = {Gain.UNHEARD: "unheard", Gain.ONE_SOURCE: "one-source", Gain.CONTESTED: "contested"}
_AT_ONCE: Final = 5
"""Topics named in one line; more would not be read."""
SIGNS: Final = {Valence.POSITIVE: "+", Valence.NEGATIVE: "−", Valence.NEUTRAL: "0"}


@frozen
class EvidenceWords:
    """What evidence says in one language, with the people and talks of one campaign."""

    words: Phrases
    """Of the comparison."""
    campaign: Campaign

    @classmethod
    def of(cls, words: Phrases, campaign: Campaign) -> Self:
        """In the wordings of whichever document asks."""
        return cls(words.within("comparison"), campaign)

    # ── talks and people ─────────────────────────────────────────────────────────────────────────
    def day_of(self, talk: Interview) -> str:
        """The day of a talk in the explorer's zone; "" where it has none."""
        return self.words.day(talk.meeting.start.astimezone(self.campaign.profile.zone).date()) if talk.meeting else ""

    def talk_with(self, talk: Interview) -> str:
        """As in: Ana Ruiz (Tue 1 Dec 2026)."""
        people, when = self.words.names(self.campaign.people(talk)), self.day_of(talk)
        return self.words.say("talk", names=people, day=when) if when else people

    def name_of(self, id: UUID) -> str:
        """Of somebody in a chain of introductions."""
        try:
            return self.campaign.contact(id).name
        except NotFound:  # whoever only stands in a chain need not be in the campaign
            return self.words.say("people.unknown")

    def sources(self, people: int, independent: int) -> str:
        """How many were heard, and how many sources they are."""
        if people == 1:
            return self.words.say("people.single")
        return self.words.counted("people.sources", independent, people=str(people))

    def people(self, people: int, independent: int) -> str:
        """`independent`: how many sources they are, where that is to be said; 0 = it is not."""
        if people == 0:
            return self.words.say("count.nobody")
        if people == 1 or independent in {0, people}:
            return self.words.counted("count", people)
        return self.words.counted("count.sources", independent, people=str(people))

    def warnings(self, found: Comparison, policy: Policy) -> Iterator[Block]:
        """Why what was heard may mislead."""
        if found.warnings:
            yield Bullets(tuple(self._warning(warning, found, policy) for warning in found.warnings))

    def _warning(self, warning: EvidenceWarning, found: Comparison, policy: Policy) -> str:
        people = found.people
        if not people:
            return self.words.say("warning.nobody")
        known = {tag.casefold() for tag in policy.bias_tags}
        biased = (
            f"{one.name} ({', '.join(sorted(tag for tag in one.tags if tag.casefold() in known))})" for one in warning.people
        )
        return self.words.say(
            f"warning.{warning.code}", count=str(len(people)), organization=people[0].organization, people=", ".join(biased)
        )

    # ── verdicts ─────────────────────────────────────────────────────────────────────────────────
    def verdict(self, one: Testimony, verdict: Verdict | None) -> str:
        """The verdict with its n: how many independent people stand where, and how many people they are, if these are more."""
        sides, say = one.sides, self.words.say
        match verdict:
            case Verdict.CONTESTED:
                pro = self._counted("for", len(sides.for_it), one.on(Valence.POSITIVE))
                contra = self._counted("against", len(sides.against), one.on(Valence.NEGATIVE))
                return self._with_others(say("verdict.contested", pro=pro, contra=contra), sides)
            case Verdict.CORROBORATED:
                agreeing = next(said for valence in SIGNS if (said := one.on(valence)))
                sources = self._counted("independent", sides.agreeing, agreeing)
                return self._with_others(say("verdict.corroborated", sources=sources, stand=self._stand(sides)), sides)
            case _:
                key = "verdict.one-source.of" if one.referral_roots == 1 and one.people > 1 else "verdict.one-source"
                return self._with_others(say(key, count=str(one.people), stand=self._stand(sides)), sides)

    def _counted(self, side: str, roots: int, voices: Iterable[Voice]) -> str:
        people = len({voice.person.id for voice in voices})
        key = f"verdict.{side}" if people == roots else f"verdict.{side}.of"
        return self.words.say(key, count=str(roots), people=str(people))

    def _with_others(self, verdict: str, sides: Sides) -> str:
        """With those who see neither good nor bad in it, where others take a side."""
        sided = sides.for_it | sides.against
        more = len(sides.neither - sided) if sided else 0
        return self.words.say("verdict.others", verdict=verdict, count=str(more)) if more else verdict

    def _stand(self, sides: Sides) -> str:
        if sides.for_it and sides.against:
            return self.words.say("stand.both")
        return self.words.say(f"stand.{'for' if sides.for_it else 'against' if sides.against else 'neither'}")

    # ── the two sides, and what is asked for ─────────────────────────────────────────────────────
    def preview(self, found: Comparison) -> Iterator[Block]:
        """Both sides of the work, as asked and as heard; nothing where neither was touched."""
        say = self.words.say
        sides = (("rewards", found.preview.rewards), ("challenges", found.preview.challenges))
        if any(side.asked or side.heard for _, side in sides):
            rows = tuple((say(f"preview.{name}"), self.people(len(side.asked), 0), self._heard(side)) for name, side in sides)
            yield Table((say("preview.side"), say("preview.asked"), say("preview.heard")), rows)

    def _heard(self, side: PreviewSide) -> str:
        if not side.heard:
            return self.words.say("preview.nothing")
        people = self.people(side.people, side.referral_roots)
        return self.words.counted("preview.insights", len(side.heard), people=people)

    def peaks(self, needs: Iterable[PeaksNeed]) -> Iterator[Block]:
        """What the work asks for, letter by letter, against what the explorer brings; nothing where nobody spoke of any."""
        needs, say = tuple(needs), self.words.say
        if any(need.roots for need in needs):
            rows = tuple(
                (self.words.label(need.letter), self.people(need.people, need.referral_roots), self._brought(need))
                for need in needs
            )
            yield Table((say("peaks.letter"), say("peaks.spoken"), say("peaks.brought")), rows)

    def _brought(self, need: PeaksNeed) -> str:
        return "; ".join(strength.text for strength in need.strengths) or (self.words.say("peaks.gap") if need.is_gap else "–")

    # ── what to ask next ─────────────────────────────────────────────────────────────────────────
    def topics_to_hear(self, steps: Iterable[NextStep]) -> Iterator[str]:
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

    # ── beliefs, stance and decision ─────────────────────────────────────────────────────────────
    def ledger(self, one: BeliefEvidence) -> Iterator[Block]:
        """The verdict on a belief, and each voice on it."""
        if one.standing is BeliefStanding.UNTESTED:
            yield Paragraph(self.words.say("beliefs.nothing"))
            return
        verdict = self.verdict(one, one.verdict)
        yield Paragraph(f"{capitalised(verdict)}.")
        sides = {
            Valence.POSITIVE: self.words.say("beliefs.supports"),
            Valence.NEGATIVE: self.words.say("beliefs.rebuts"),
        }
        yield Bullets(tuple((Strong(sides[side]), f" {quoted(voice)}") for voice in one.voices for side in one.stands(voice)))

    def stances(self, held: Iterable[Stance]) -> Iterator[Block]:
        """How the explorer leaned, the earliest first."""
        if told := tuple(map(self._stance, sorted(held, key=lambda stance: instant(stance.at)))):
            yield Bullets(told)

    def _stance(self, stance: Stance) -> Text:
        when = self.words.day(stance.at.astimezone(self.campaign.profile.zone).date())
        return (f"{when}: ", Strong(self.leaning(stance.leaning)), f". {stance.note}" if stance.note else "")

    def leaning(self, figure: int) -> str:
        """As in: +1, rather for."""
        return f"{signed(figure)}, {self.words.say(f'leaning.{figure}')}"

    def decision(self, ended: Conclusion | None) -> Iterator[Block]:
        """What was decided, why, and on which talks it rests; nothing before there is a decision."""
        if ended is None:
            return
        say, decided = self.words.say, ended.decision
        rests_on = [self.talk_with(talk) for talk in ended.talks]
        rests_on += [say("decision.not-held", talk=self.talk_with(talk)) for talk in ended.not_held]
        if ended.missing:
            rests_on.append(say("decision.missing", count=str(len(ended.missing))))
        pairs = [
            ("outcome", self.words.label(decided.outcome).lower()),
            ("on", self.words.day(decided.at.astimezone(self.campaign.profile.zone).date())),
            ("because", decided.because),
            ("rests-on", "; ".join(rests_on)),
        ]
        yield Fields(tuple((say(f"decision.{key}"), (value,)) for key, value in pairs if value))


def who(one: TopicEvidence) -> str:
    """Who stands on which side of a topic, a line for each side."""
    sides = ((sign, dict.fromkeys(voice.person.name for voice in one.on(valence))) for valence, sign in SIGNS.items())
    return "\n".join(f"{sign} {', '.join(people)}" for sign, people in sides if people)


def quoted(voice: Voice) -> str:
    """As in: A product changes because of what you found (Ana Ruiz)."""
    return f"{voice.insight.text} ({voice.person.name})"


def belief_text(one: BeliefEvidence) -> str:
    """What was believed, and where it came from."""
    # What speaks for or against something that is no longer among the beliefs is shown under its key.
    if one.belief is None:
        return one.key
    return f"{one.belief.text} ({one.belief.source})" if one.belief.source else one.belief.text


def signed(figure: int) -> str:
    """As in: +1, −2, 0."""
    return f"{figure:+d}".replace("-", "−") if figure else "0"
