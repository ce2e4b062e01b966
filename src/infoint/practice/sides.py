"""Who stands where on a topic, weighed by referral root: people who came by one another are one source (practice §8). What was
said, and by whom, is not kept here.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from attrs import frozen

from infoint.model.debrief import Valence


@frozen
class Sides:
    """Referral roots by where they stand; one may stand on several sides."""

    sources: frozenset[UUID]
    """All who spoke, those included of whom no side is known."""
    for_it: frozenset[UUID]
    against: frozenset[UUID]
    neither: frozenset[UUID]

    @property
    def contested(self) -> bool:
        """Whether independent people disagree: one circle of people that says both is no second source."""
        return bool(self.for_it and self.against) and len(self.for_it | self.against) > 1

    @property
    def agreeing(self) -> int:
        """How many who do not depend on one another say the same, and nobody the contrary. Whoever sees neither good nor bad in it
        agrees only with the like, and only as long as nobody takes a side.
        """
        if self.for_it and self.against:
            return 0
        return len(self.for_it or self.against or self.neither)


def weigh(said: Iterable[tuple[UUID, Valence | None]]) -> Sides:
    """`said`: by which referral root, on which side (None: none was noted)."""
    roots: defaultdict[Valence | None, set[UUID]] = defaultdict(set)
    for root, valence in said:
        roots[valence].add(root)
    return Sides(
        sources=frozenset().union(*roots.values()),
        for_it=frozenset(roots[Valence.POSITIVE]),
        against=frozenset(roots[Valence.NEGATIVE]),
        neither=frozenset(roots[Valence.NEUTRAL]),
    )
