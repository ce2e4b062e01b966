"""What was believed beforehand, and what speaks for and against it by now (practice §8): a preview of the work adds to what one
thought, and takes from it. What was said on a topic is `evidence`'s.
"""

from collections import defaultdict
from collections.abc import Iterable

from attrs import frozen

from infoint.closed_name import ClosedName
from infoint.model.debrief import Valence
from infoint.model.exploration import Belief, Exploration
from infoint.practice.voices import Testimony, Verdict, Voice, verdict_of


class BeliefStanding(ClosedName):
    """What has become of a belief. How far to go by it is the verdict's to say."""

    UNTESTED = "untested"
    """Nobody has said anything for or against it."""
    SUPPORTED = "supported"
    REBUTTED = "rebutted"
    DISPUTED = "disputed"
    """Something speaks for it and something against, be it from one circle of people."""


@frozen(kw_only=True)
class BeliefEvidence(Testimony):
    """One belief, and the voices on it. Positive is what supports it, negative what rebuts it, whether that is good news or not."""

    key: str
    """What insights name it by."""
    belief: Belief | None
    """None where an insight names one the exploration does not hold, or no longer."""

    def stands(self, voice: Voice) -> tuple[Valence, ...]:
        """Whether the voice supports it, rebuts it, or does both."""
        insight = voice.insight
        return (Valence.POSITIVE,) * (insight.supports == self.key) + (Valence.NEGATIVE,) * (insight.rebuts == self.key)

    @property
    def supports(self) -> tuple[Voice, ...]:
        """What speaks for it."""
        return self.on(Valence.POSITIVE)

    @property
    def rebuts(self) -> tuple[Voice, ...]:
        """What speaks against it."""
        return self.on(Valence.NEGATIVE)

    @property
    def standing(self) -> BeliefStanding:
        """Which sides were heard at all."""
        if self.sides.for_it and self.sides.against:
            return BeliefStanding.DISPUTED
        if self.sides.for_it:
            return BeliefStanding.SUPPORTED
        return BeliefStanding.REBUTTED if self.sides.against else BeliefStanding.UNTESTED

    @property
    def verdict(self) -> Verdict | None:
        """How far that goes, by independent sources; None while it is untested."""
        return verdict_of(self.sides) if self.voices else None


def belief_ledger(exploration: Exploration, voices: Iterable[Voice]) -> tuple[BeliefEvidence, ...]:
    """The exploration's beliefs in their order; behind them what insights name that is no belief of it any more, as it first came
    up.
    """
    held = {belief.key: belief for belief in exploration.beliefs}
    told: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        # Each key once: what supports and rebuts one belief is one voice on it.
        for key in dict.fromkeys((voice.insight.supports, voice.insight.rebuts)):
            if key:
                told[key].append(voice)
    keys = dict.fromkeys((*held, *told))
    return tuple(BeliefEvidence(key=key, belief=held.get(key), voices=tuple(told[key])) for key in keys)
