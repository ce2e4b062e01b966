"""A disk that fails: each call to the system in turn, once or from there on, while a storage does one thing. Run under the trap by
`fail_each_call`; what it may answer is one of our errors, and what it acknowledged must be there.
"""

import io
import json
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import frozen

from infoint.errors import CommitUnknown, InfointError, Unsupported
from infoint.storage.contract import Key, Query, Storage, Write
from infoint.testing.faults.story import KINDS, WORKSPACE, Found, go_round, look, rounds_in
from infoint.testing.faults.trap import ERRORS, OTHERS, READS, WRITES, Trap, trapped
from infoint.testing.storage_command import loaded_plugin
from infoint.testing.storage_places import Places

BEFORE: Final = 3
"""Rounds that were gone when the disk begins to fail."""
_OTHER: Final = "somebody else"
_COPIED: Final = BEFORE * len(KINDS) + 1
"""Records of theirs: they are there, or in the end erased or dropped, all of them."""
_MOST: Final = 2_000
"""Calls of one operation, at most: a storage that never ends is wrong too."""


@frozen
class Mode:
    """How calls fail."""

    error: str
    on: bool
    """All calls from the one that is told, or that one alone."""
    short: bool = False
    """It writes half instead: the system may, at any time."""

    def __str__(self) -> str:
        """In words."""
        return "half a write" if self.short else f"{self.error} {'from call' if self.on else 'at call'}"


MODES: Final = (
    Mode("EIO", on=False), Mode("EIO", on=True), Mode("ENOSPC", on=False), Mode("ENOSPC", on=True), Mode("EIO", on=False, short=True),
)  # fmt: skip  # a list


@frozen
class Cost:
    """What failing disks have cost: all but the first are lists of cases, and must be empty."""

    calls: int
    """That failed, one at a time."""
    wrong: Mapping[str, Sequence[str]]
    """By what was wrong: "native error", "lost", "damaged", "kept though refused", "of no use afterwards"."""

    def __str__(self) -> str:
        """Counts, and the first cases."""
        lines = [
            f"{self.calls} calls failed; "
            + (", ".join(f"{what}: {len(cases)}" for what, cases in self.wrong.items()) or "nothing wrong")
        ]
        return "\n  ".join([*lines, *(f"{what}: {case}" for what, cases in self.wrong.items() for case in cases[:2])])


# ── what a storage does ──────────────────────────────────────────────────────────────────────────
def _commit(storage: Storage) -> None:
    go_round(storage, BEFORE + 1)


def _read(storage: Storage) -> None:
    with storage.session(WORKSPACE) as session:
        for kind in KINDS:
            session.query(Query(kind=kind))
        session.changes("")
    storage.check(deep=True)


def _load(storage: Storage) -> None:
    with storage.session(WORKSPACE) as session:
        records = session.changes("").items
    storage.load(_OTHER, records)


def _erase(storage: Storage) -> None:
    with storage.session(_OTHER) as session:
        keys = [Key(record.kind, record.id) for record in session.changes("").items]
    storage.erase(_OTHER, keys, updated_at=datetime(2026, 3, 3, tzinfo=UTC))


def _drop(storage: Storage) -> None:
    storage.drop_workspace(_OTHER)


def _back_up(storage: Storage) -> None:
    storage.backup(io.BytesIO())


OPERATIONS: Final[Mapping[str, Callable[[Storage], None] | None]] = {
    "create": None, "open": None, "commit": _commit, "read": _read, "close": None, "load": _load, "erase": _erase, "drop": _drop, "backup": _back_up,
}  # fmt: skip  # a table


class _Bench:
    """A place for each call that fails."""

    def __init__(self, places: Places, trap: Trap, root: Path) -> None:
        self.places, self.trap, self.root = places, trap, root
        self.calls = 0
        self.wrong: dict[str, list[str]] = {}

    def note(self, what: str, case: str) -> None:
        self.wrong.setdefault(what, []).append(case)

    def try_all(self, operation: str, mode: Mode) -> None:
        for index in range(_MOST):
            with TemporaryDirectory(prefix="place-", dir=self.root) as folder:
                if not self.try_one(operation, mode, index, Path(folder)):
                    return
        self.note("damaged", f"{operation}, {mode}: after {_MOST} calls it had not come to its end")

    def try_one(self, operation: str, mode: Mode, index: int, folder: Path) -> bool:
        """Gives whether there was such a call."""
        case = f"{operation}, {mode} {index}"
        storage = self.places.storage(folder)
        rounds = 0 if operation == "create" else BEFORE
        if rounds:
            storage.open(create=True)
            for number in range(1, rounds + 1):
                go_round(storage, number)
            _copy(storage)
            if operation == "open":
                storage.close()
        refused, calls = self._done(operation, mode, index, storage)
        if calls <= index:
            self._close(storage, case)
            return False
        self.calls += 1
        if refused is not None and not isinstance(refused, InfointError):
            self.note("native error", f"{case}: {''.join(traceback.format_exception(refused)[-3:])}")
        told = rounds + (operation == "commit" and refused is None)
        case = f"{case} ({refused!r})"
        with TemporaryDirectory(prefix="copy-") as copy:
            # As it is now: what comes next could mend it.
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            self._judge(look(lambda: self.places.storage(Path(copy))), told, refused, case)
        if operation not in {"close", "create", "open"}:
            self._go_on(storage, case)
        self._close(storage, case)
        found = look(lambda: self.places.storage(folder))
        if found.problem or found.rounds < told:
            self.note("damaged", f"{case}, afterwards: {found}")
        return True

    def _judge(self, found: Found, told: int, refused: Exception | None, case: str) -> None:
        if found.problem:
            self.note("damaged", f"{case}: {found.problem}")
        elif found.beside not in {0, _COPIED} or (told and not found.beside and not case.startswith(("erase", "drop"))):
            self.note("damaged", f"{case}: {found.beside} of {_COPIED} records of another workspace are there")
        elif found.rounds < told:
            self.note("lost", f"{case}: {found.rounds} rounds there, {told} acknowledged")
        elif found.rounds > told and not isinstance(refused, CommitUnknown):
            self.note("kept though refused", f"{case}: {found.rounds} rounds there, {told} acknowledged")

    def _done(self, operation: str, mode: Mode, index: int, storage: Storage) -> tuple[Exception | None, int]:
        """What it ended in, and how many calls that could fail it was."""
        kinds = WRITES if mode.error == "ENOSPC" or mode.short else READS | WRITES | OTHERS
        self.trap.arm(index, ERRORS[mode.error], kinds=kinds, on=mode.on, short=mode.short)
        refused: Exception | None = None
        try:
            if operation in {"create", "open"}:
                storage.open(create=operation == "create")
            elif call := OPERATIONS[operation]:
                call(storage)
            else:
                storage.close()
        except Exception as error:  # noqa: BLE001  # judged by its kind
            refused = error
        return refused, self.trap.disarm()

    def _go_on(self, storage: Storage, case: str) -> None:
        """With the disk sound again: the next commit."""
        try:
            go_round(storage, rounds_in(storage) + 1)
        except Exception as error:  # noqa: BLE001  # as above
            self.note("of no use afterwards", f"{case}: {type(error).__name__}: {error}")

    def _close(self, storage: Storage, case: str) -> None:
        try:
            storage.close()
        except Exception as error:  # noqa: BLE001  # as above
            self.note("of no use afterwards", f"{case}, close: {type(error).__name__}: {error}")


def _copy(storage: Storage) -> None:
    with storage.session(WORKSPACE) as session:
        records = session.changes("").items
    with storage.session(_OTHER, write=True) as session:
        session.put_many(
            [
                Write(
                    kind=one.kind,
                    id=one.id,
                    expect=0,
                    updated_at=one.updated_at,
                    schema=one.schema,
                    data=one.data,
                    index=one.index,
                    text=one.text,
                )
                for one in records
            ]
        )
        session.commit()


def _offered(places: Places, root: Path) -> Iterator[str]:
    """Operations that the storage declares."""
    with TemporaryDirectory(prefix="place-", dir=root) as folder:
        storage = places.storage(Path(folder))
        storage.open(create=True)
        go_round(storage, 1)
        for operation, call in OPERATIONS.items():
            try:
                if call is not None and operation in {"load", "erase", "backup"}:
                    call(storage)
            except Unsupported:
                continue
            yield operation
        storage.close()


def fail_each_call(url: str, *, plugins: Sequence[str] = (), operations: Sequence[str] = ()) -> Cost:
    """Each call that each operation makes fails once, in each mode. `url` with {folder}; `operations`: of `OPERATIONS`, () = those that
    the storage declares. Raises CalledProcessError where the trap itself failed.
    """
    with TemporaryDirectory(prefix="infoint-") as folder:
        told = trapped(__name__, [folder, url, ",".join(operations), *plugins], root=Path(folder))
    report = json.loads(told.splitlines()[-1])
    return Cost(report["calls"], report["wrong"])


def main(root: str, url: str, operations: str, *plugins: str) -> dict[str, Any]:
    """In the process that the trap was loaded into."""
    places = Places(url, [loaded_plugin(plugin) for plugin in plugins], strict=False)
    bench = _Bench(places, Trap(), Path(root))
    for operation in operations.split(",") if operations else list(_offered(places, Path(root))):
        for mode in MODES:
            bench.try_all(operation, mode)
    return {"calls": bench.calls, "wrong": bench.wrong}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
