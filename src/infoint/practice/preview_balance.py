"""Whether a picture of the work has both its sides: rewards against challenges, as asked and as heard (practice §8)."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.question import Tone
from infoint.practice.evidence_matrix import EvidenceMatrix
from infoint.practice.voices import Voice


@frozen(kw_only=True)
class PreviewSide:
    """What is good about the work, or what is hard."""

    asked: tuple[Contact, ...]
    """To whom a question of this tone was put, or who answered one."""
    heard: tuple[Voice, ...]
    """What was noted on this side, asked for or not."""

    @property
    def people(self) -> int:
        """How many spoke on this side."""
        return len({voice.person.id for voice in self.heard})

    @property
    def referral_roots(self) -> int:
        """How many independent sources they are."""
        return len({voice.root for voice in self.heard})


@frozen(kw_only=True)
class PreviewBalance:
    """Both sides of the work. An honest preview has something on each."""

    rewards: PreviewSide
    challenges: PreviewSide

    @property
    def nobody_asked_what_is_bad(self) -> bool:
        """Whether no question about the hard side was put to anybody. What comes up unasked may still be in `challenges.heard`."""
        return not self.challenges.asked

    @property
    def one_sided(self) -> bool:
        """Whether something was heard, and all of it on one side."""
        return bool(self.rewards.heard) is not bool(self.challenges.heard)


def preview_balance(voices: Sequence[Voice], matrix: EvidenceMatrix) -> PreviewBalance:
    """Questions count by their tone, insights by their valence."""
    return PreviewBalance(
        rewards=_side(Tone.REWARD, Valence.POSITIVE, voices, matrix),
        challenges=_side(Tone.CHALLENGE, Valence.NEGATIVE, voices, matrix),
    )


def _side(tone: Tone, valence: Valence, voices: Iterable[Voice], matrix: EvidenceMatrix) -> PreviewSide:
    asked = {person.id: person for person in _asked(tone, matrix)}
    return PreviewSide(
        asked=tuple(person for person in matrix.people if person.id in asked),
        heard=tuple(voice for voice in voices if voice.insight.valence is valence),
    )


def _asked(tone: Tone, matrix: EvidenceMatrix) -> Iterator[Contact]:
    for row in matrix.rows:
        if row.question is not None and row.question.tone is tone:
            yield from (person for person, _ in row.reached)
