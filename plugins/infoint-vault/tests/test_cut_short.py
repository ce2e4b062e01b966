"""A commit that was cut short is seen whole by who may only read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from infoint_vault.disk import Disk
from infoint_vault.names import JOURNAL
from infoint_vault.storage import VaultStorage

from infoint.storage.contract import Record
from infoint.testing.storage_case import WORKSPACE, got, put, tombstone, write


class Killed(BaseException):
    """As by kill -9: nothing is tidied up."""


def dying(calls: int) -> Callable[[Path], Disk]:
    """A disk whose process dies once the journal is there, after so many calls that place or remove files."""

    class Dying(Disk):
        left = calls

        def _step(self) -> None:
            if self.stat(JOURNAL):
                if Dying.left == 0:
                    raise Killed
                Dying.left -= 1

        def link(self, source: str, target: str) -> None:
            self._step()
            super().link(source, target)

        def replace(self, source: str, target: str) -> None:
            self._step()
            super().replace(source, target)

        def remove(self, path: str) -> None:
            self._step()
            super().remove(path)

    return Dying


def states(storage: VaultStorage) -> list[tuple[int, bool, object] | None]:
    def state(record: Record | None) -> tuple[int, bool, object] | None:
        return (record.version, record.deleted, dict(record.data)) if record else None

    return [state(got(storage, number)) for number in (1, 2, 3, 4)]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("calls", range(6))
def test_who_reads_sees_all_of_it(tmp_path: Path, calls: int, index: bool) -> None:
    """After a kill check, export, due and copy refused, and said to open it for writing, which none of them can."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, write(1), write(2), write(3))
    storage.close()
    storage = VaultStorage(tmp_path / "vault", disk=dying(calls))
    storage.open()
    with pytest.raises(Killed):
        put(storage, write(1, 1, data={"step": 2}), tombstone(2, 1), write(4))
    storage.close()
    assert (tmp_path / "vault" / JOURNAL).exists()
    if not index:
        for path in (tmp_path / "vault" / ".infoint").glob("*.db*"):
            path.unlink()
    before = files(tmp_path / "vault")
    reading = VaultStorage(tmp_path / "vault")
    reading.open(read_only=True)
    seen = states(reading)
    assert [state and state[:2] for state in seen] == [(2, False), (2, True), (1, False), (1, False)]
    assert seen[0] is not None
    assert seen[0][2] == {"step": 2}
    assert list(reading.check(deep=True)) == []
    assert list(reading.workspaces()) == [WORKSPACE]
    assert files(tmp_path / "vault") == before, "nothing is written"
    writing = VaultStorage(tmp_path / "vault")
    writing.open()
    assert states(writing) == seen == states(reading), "nor does it change when it is finished"
    assert not (tmp_path / "vault" / JOURNAL).exists()
    reading.close()
    writing.close()
