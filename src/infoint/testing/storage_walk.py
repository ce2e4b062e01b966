"""A walk of random operations, the same for the same seed, on a storage and on the memory storage: every answer must be the same. What
it does at each step is in `storage_companions`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infoint.storage.contract import Storage
from infoint.testing.storage_companions import Differs, Walk
from infoint.testing.storage_steps import step_of

_SHRINKING: Final = 30
"""How many times the length of the walk may be gone again in search of a shorter one."""
_SHRINKING_AT_LEAST: Final = 20_000
"""Operations, where a walk was short."""


class WalkFailed(AssertionError):
    """A storage answered something else than the memory storage does."""

    def __init__(self, seed: int, at: int, steps: Sequence[object], difference: str) -> None:
        """`at`: the step of the walk at which it was seen; `steps`: fewer that lead there too, to be printed."""
        self.seed, self.at, self.steps, self.difference = seed, at, tuple(steps), difference
        way = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.steps, start=1))
        super().__init__(
            f"seed {seed}, step {at}: not as the memory storage has it. {len(self.steps)} steps that lead there:\n{way}\n{difference}"
        )


def walk_storage(
    make: Callable[[Path], Storage], *, seed: int = 0, operations: int = 1_000, strict: bool = False, shrink: bool = True
) -> int:
    """Go about `operations` operations (a call of a session or of the storage is one) on what `make` makes in an empty folder, as
    `StorageContract.make_storage` does. Raises WalkFailed at the first answer that is not the memory storage's, after a search for a
    shorter way there. Gives how many steps it took. `strict`: see StorageContract.

    Puts, stale puts, deletions, reads, queries and searches page by page, changes from old cursors, cursors of other questions (and,
    if strict, of other workspaces), loads, cut short and repeated, erasures, drops, and opening again; of capabilities, those that
    are declared.
    """
    steps = _going(make, seed, operations, strict=strict)
    if isinstance(steps, int):
        return steps
    at, difference, done = steps
    way: list[int] = list(range(at + 1))
    if shrink:
        way = _shortened(make, seed, way, strict=strict, budget=max(_SHRINKING * done, _SHRINKING_AT_LEAST))
        difference = _difference(make, seed, way, strict=strict)[0] or difference
    raise WalkFailed(seed, at, [step_of(seed, number) for number in way], difference)


def _going(make: Callable[[Path], Storage], seed: int, operations: int, *, strict: bool) -> int | tuple[int, str, int]:
    with TemporaryDirectory(prefix="infoint-") as folder, Walk(make, Path(folder), strict=strict) as walk:
        number = 0
        while walk.operations < operations:
            try:
                walk.take(step_of(seed, number))
            except Differs as difference:
                return number, str(difference), walk.operations
            number += 1
        return number


def _difference(make: Callable[[Path], Storage], seed: int, way: Sequence[int], *, strict: bool) -> tuple[str, int]:
    """What is seen at the end of this way, "" = nothing; and how many operations it was."""
    with TemporaryDirectory(prefix="infoint-") as folder, Walk(make, Path(folder), strict=strict) as walk:
        try:
            for number in way:
                walk.take(step_of(seed, number))
        except Differs as difference:
            return str(difference), walk.operations
        return "", walk.operations


def _shortened(make: Callable[[Path], Storage], seed: int, way: list[int], *, strict: bool, budget: int) -> list[int]:
    """Leaves out halves, quarters … of the way, as long as it leads to a difference without them."""
    size = max(1, (len(way) - 1) // 2)
    while budget > 0:
        shorter = False
        # From its end: what was done last matters most, so the beginning goes in large pieces.
        for start in range(0, len(way) - 1, size):
            attempt = way[:start] + way[min(start + size, len(way) - 1) :]
            difference, done = _difference(make, seed, attempt, strict=strict)
            budget -= done
            if difference:
                way, shorter = attempt, True
                break
            if budget <= 0:
                break
        if not shorter:
            if size == 1:
                break
            size = max(1, size // 2)
        else:
            size = min(size, max(1, (len(way) - 1) // 2))
    return way
