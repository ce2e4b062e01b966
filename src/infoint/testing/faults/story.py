"""What a process does until it is stopped, and what must be there afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.errors import InfointError
from infoint.storage.contract import Capability, IndexField, Query, Storage, Write

WORKSPACE: Final = "ana@oak.example"
KINDS: Final = ("a", "b", "c")
"""Each round puts one new record of each of these kinds, and counts one up in a fourth, all in one commit."""
_COUNT: Final = UUID(int=1 << 64)
_MOMENT: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)


@frozen
class Found:
    """What is there after a fault."""

    rounds: int
    """That are there, whole."""
    problem: str = ""
    """What is damaged or half, in words; "" = nothing."""
    beside: int = 0
    """Records in other workspaces."""


@frozen
class Toll:
    """What faults have cost; all but the first two must be 0."""

    faults: int
    commits: int
    """Acknowledged."""
    lost: tuple[str, ...] = ()
    """Acknowledged commits that were gone."""
    damaged: tuple[str, ...] = ()
    """Places that could not be opened, were damaged, or held half a commit or one that nobody made."""

    @property
    def nothing(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost or self.damaged)

    def __str__(self) -> str:
        """One line, and the first cases."""
        head = f"{self.faults} faults, {self.commits} commits acknowledged: {len(self.lost)} lost, {len(self.damaged)} damaged"
        return "\n  ".join([head, *self.lost[:3], *self.damaged[:3]])


def go_round(storage: Storage, number: int, *, size: int = 9_000) -> None:
    """The commit of round `number`, the first is 1; raises what the storage raises. `size`: letters of a record, at most."""
    notes = "x" * (number * 997 % size)
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([_write(kind, UUID(int=number), 0, notes, f"n{number}") for kind in KINDS])
        session.put_many([_write("count", _COUNT, number - 1, "", f"n{number}")])
        session.commit()


def _write(kind: str, id: UUID, expect: int, notes: str, name: str) -> Write:
    index = {IndexField.NAME: (name,)}
    return Write(
        kind=kind, id=id, expect=expect, updated_at=_MOMENT, schema=(1, 0), data={"notes": notes, "name": name}, index=index, text=name
    )  # fmt: skip  # one thing


def rounds_in(storage: Storage) -> int:
    """How many were gone; for whoever goes on."""
    with storage.session(WORKSPACE) as session:
        return len(session.query(Query(kind=KINDS[0], limit=10_000)).items)


def look(make: Callable[[], Storage]) -> Found:
    """Opens the place, as whoever comes next does, and looks at all of it."""
    try:
        storage = make()
        storage.open(create=True)
    except InfointError as error:
        return Found(0, f"cannot be opened: {type(error).__name__}: {error}")
    try:
        return _look_at(storage)
    except InfointError as error:
        return Found(0, f"cannot be read: {type(error).__name__}: {error}")
    finally:
        storage.close()


def _look_at(storage: Storage) -> Found:
    problems = list(storage.check(deep=True))
    with storage.session(WORKSPACE) as session:
        ids = [[record.id.int for record in session.query(Query(kind=kind, limit=10_000)).items] for kind in KINDS]
        counters = session.query(Query(kind="count")).items
        changes = session.changes("", limit=10_000).items
        rounds = len(ids[0])
        if any(numbers != list(range(1, rounds + 1)) for numbers in ids):
            problems.append(
                f"half a commit, or a hole: {[len(numbers) for numbers in ids]} records, the last {[numbers[-1:] for numbers in ids]}"
            )
        if [record.version for record in counters] != [rounds] * bool(rounds):
            problems.append(f"the counter stands at {[record.version for record in counters]} after {rounds} rounds")
        expected = [seq for seq in range(1, rounds + 1) for _ in KINDS] + [rounds] * bool(rounds)
        if [record.seq for record in changes] != expected:
            problems.append("the feed of changes does not fit what is there")
        if rounds and Capability.SEARCH in storage.capabilities and len(session.search(f"n{rounds}").items) < len(KINDS) + 1:
            problems.append("the last round is not found by its word")
    return Found(rounds, "; ".join(problems), sum(_live(storage, key) for key in storage.workspaces() if key != WORKSPACE))


def _live(storage: Storage, workspace: str) -> int:
    with storage.session(workspace) as session:
        return sum(len(session.query(Query(kind=kind, limit=10_000)).items) for kind in (*KINDS, "count"))
