"""What the work asks of people, letter by letter of PEAKS and by how many independent people, against what the explorer brings
(practice §8).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.contact import Contact
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.practice.evidence_matrix import EvidenceMatrix
from infoint.practice.voices import Voice

_NO_LETTER: Final = Peaks(0)


@frozen(kw_only=True)
class PeaksNeed:
    """One letter: who says the work asks for it, and what the explorer has to show under it."""

    letter: Peaks
    voices: tuple[Voice, ...]
    """Insights that bear the letter, whatever they say for or against the work: what is asked for may be welcome or not."""
    answered_by: tuple[Contact, ...]
    """Who answered a question that bears the letter."""
    roots: frozenset[UUID]
    """Referral roots of all of these: the independent sources."""
    strengths: tuple[Strength, ...]
    """The explorer's own, from the profile."""

    @property
    def people(self) -> int:
        """How many spoke of it, in an insight or an answer."""
        return len({voice.person.id for voice in self.voices} | {person.id for person in self.answered_by})

    @property
    def referral_roots(self) -> int:
        """How many independent sources they are."""
        return len(self.roots)

    @property
    def is_gap(self) -> bool:
        """Whether somebody spoke of it, and the explorer has nothing to show."""
        return bool(self.roots) and not self.strengths


def peaks_gap(
    voices: Iterable[Voice], matrix: EvidenceMatrix, profile: Profile, roots: Mapping[UUID, UUID]
) -> tuple[PeaksNeed, ...]:
    """All five letters in their order. `roots`: of the people in the matrix, by id (see `referral_roots`)."""
    told: defaultdict[Peaks, list[Voice]] = defaultdict(list)
    for voice in voices:
        if voice.insight.peaks is not _NO_LETTER:  # the usual case, told apart without a flag's slow arithmetic
            for letter in voice.insight.peaks:
                told[letter].append(voice)
    answered: defaultdict[Peaks, dict[UUID, Contact]] = defaultdict(dict)
    for row in matrix.rows:
        for letter in row.question.peaks if row.question else ():
            answered[letter].update((person.id, person) for person, cell in row.reached if cell.answers)
    return tuple(
        PeaksNeed(
            letter=letter,
            voices=tuple(told[letter]),
            answered_by=tuple(answered[letter].values()),
            roots=frozenset({voice.root for voice in told[letter]} | {roots[id] for id in answered[letter]}),
            strengths=tuple(strength for strength in profile.strengths if letter in strength.peaks),
        )
        for letter in Peaks
    )
