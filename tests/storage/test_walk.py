"""Seeded walks: every storage answers as the memory storage does, and one that does not is convicted by a short way.

`INFOINT_WALK=1000000 pytest -m slow tests/storage/test_walk.py` goes so many operations instead of a hundred thousand;
`INFOINT_WALK_SEED` is the first seed.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infoint.errors import InvalidValue
from infoint.storage import MemoryStorage, Record, Storage
from infoint.storage.sqlite import SqliteStorage
from infoint.testing import WalkFailed, walk_storage
from infoint.testing.storage_case import put, write
from infoint.testing.storage_steps import step_of

Make = Callable[[Path], Storage]


def in_memory(folder: Path) -> Storage:
    return MemoryStorage()


def in_a_file(folder: Path) -> Storage:
    return SqliteStorage(folder / "a.db")


@pytest.mark.parametrize("make", [in_memory, in_a_file])
@pytest.mark.parametrize("seed", range(3))
def test_walk_finds_nothing(make: Make, seed: int) -> None:
    """A storage of ours differs from the memory storage, or the walk finds what is not there."""
    assert walk_storage(make, seed=seed, operations=1_000, strict=True) > 200


@pytest.mark.slow
@pytest.mark.parametrize("make", [in_memory, in_a_file])
def test_long_walk_finds_nothing(make: Make) -> None:
    """A difference that is rare."""
    operations = int(os.environ.get("INFOINT_WALK", "100000"))
    walk_storage(make, seed=int(os.environ.get("INFOINT_WALK_SEED", "100")), operations=operations, strict=True)


def test_same_seed_is_the_same_walk() -> None:
    """A seed that somebody reports leads nowhere."""
    assert [step_of(3, number) for number in range(50)] == [step_of(3, number) for number in range(50)]
    assert [step_of(3, number) for number in range(50)] != [step_of(4, number) for number in range(50)]


def test_place_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    """A walk on somebody's storage drops their workspaces."""
    storage = MemoryStorage()
    put(storage, write(1), workspace="ana")
    with pytest.raises(InvalidValue, match="not empty"):
        walk_storage(lambda _folder: storage)
    storage.open()
    assert list(storage.workspaces()) == ["ana"]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────
def beside(name: str) -> ModuleType:
    """Another file of tests, for the faults that are planted there."""
    spec = spec_from_file_location(f"walk_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    # Its storages are pickled, by the name of their module.
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OLDER, NEWER = beside("test_storage_contract"), beside("test_declared_capabilities")
UNSEEN = {
    "PutsNullsLast": "sorts by a field that the walk gives several values: seen by the contract",
    "SwallowsErrors": "no step of the walk raises within a session",
    "LocksNobody": "a walk is one thread",
    "FoldsKeys": "keys of the walk do not differ by case",
    "KeepsALog": "a walk looks at answers, not at files",
    "KeepsItsOldTexts": "as above",
    "LoadsInSilence": "a walk asks for no reports",
    "SearchesTheDataToo": "words of the data are not those of the texts",
    "TakesNativeErrors": "no text of the walk is half a character",
    "LogsWhatItPuts": "a walk looks at answers, not at logs",
    "TellsWhatItFound": "of an error its code is compared",
    "ShowsItself": "a walk looks at answers, not at reprs",
    "RepeatsCursors": "of an error its code is compared",
    "CutsTexts": "no text of the walk is so long",
    "RepeatsItsIds": "a walk restores no backup",
    "BacksUpOneWorkspace": "as above",
    "BacksUpWhatIsPut": "as above",
    "SwallowsWriteErrors": "as above",
    "SaysYes": "a walk asks for commits that were",
    "MigratesOnOpening": "a walk migrates nothing",
    "MigratesInADryRun": "as above",
    "MigratesTheMissing": "as above",
    "MigratesAgain": "as above",
    "NamesNothing": "what remains after erasing is each storage's own: of an erasure its keys are compared",
    "NamesNoFile": "as above",
    "NamesTheErasedOnly": "as above",
    "ReportsInOneText": "as above",
}
"""Planted faults of the contract's own tests that a walk does not see, and why."""


def planted() -> Iterable[tuple[str, Make]]:
    for faulty in OLDER.FAULTS:
        yield faulty.__name__, lambda _folder, faulty=faulty: OLDER.storage_of(faulty)
    for faulty in NEWER.FAULTS:
        yield faulty.__name__, lambda folder, faulty=faulty: NEWER.contract_for(faulty).make_storage(folder)


FAULTS = dict(planted())


class LosesTheSeventh(MemoryStorage):
    """Keeps no more than six records of a kind."""

    def _keep(self, workspace: str, records: Any) -> Any:
        have: list[Record] = list(self._snapshot(workspace)[0].values())
        kinds = [record.kind for record in have]
        return super()._keep(
            workspace, {key: record for key, record in records.items() if kinds.count(key.kind) < 6 or record.version > 1}
        )


def test_walk_tells_a_short_way() -> None:
    """A difference is told with thousands of steps that have nothing to do with it, or by a way that does not lead there."""
    with pytest.raises(WalkFailed) as caught:
        walk_storage(lambda _folder: LosesTheSeventh(), seed=1, operations=5_000)
    failed = caught.value
    assert failed.at >= len(failed.steps)
    assert 2 <= len(failed.steps) <= 12, str(failed)
    assert str(failed).startswith(f"seed 1, step {failed.at}: not as the memory storage has it.")
    assert re.search(r"\n  memory: .*\n  here:   ", str(failed))


def test_sound_ones_are_not_convicted(tmp_path: Path) -> None:
    """The walk finds fault with storages that the contract passes."""
    walk_storage(lambda _folder: OLDER.DrawerStorage(None), seed=2)
    walk_storage(lambda folder: NEWER.Cabinet(folder / "cabinet"), seed=2)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(FAULTS) - set(UNSEEN)))
def test_fault_is_convicted(name: str) -> None:
    """Two walks pass a storage that has this fault; what one of them meets is chance."""
    with pytest.raises(WalkFailed):
        for seed in (1, 2):
            walk_storage(FAULTS[name], seed=seed, operations=5_000, shrink=False)


def test_every_exception_is_a_fault() -> None:
    """A fault was renamed, and its exception is still listed."""
    assert set(UNSEEN) <= set(FAULTS)
