"""The write protocol on a modelled disk that forgets at a power cut what was not brought down to it: at every step of every commit."""

import random

import pytest
from infoint_vault.disk import Disk, Entry, Stat
from infoint_vault.journal import Change, InTheWay, commit, finish, pending, recover, sha_of
from infoint_vault.names import folded

from infoint.errors import Corrupt


class PowerCut(Exception):
    """Now."""


class ModelDisk(Disk):
    """Files and names in memory, each as it is seen and as it would be found after a cut.

    Content that was not synced may be there, be torn, or be missing; names that were not synced may be as before or as now, each folder's
    in the order in which they were changed, as a journalling file system keeps them.
    """

    def __init__(self, *, syncs_files: bool = True, syncs_folders: bool = True) -> None:
        self.syncs_files, self.syncs_folders = syncs_files, syncs_folders
        self.contents: dict[int, bytes] = {}
        self.durable: dict[int, bytes] = {}
        self.names: dict[str, int] = {}
        self.durable_names: dict[str, int] = {}
        self.unsynced: list[tuple[str, int | None]] = []
        self.calls = 0
        self.cut_at = -1

    def _step(self) -> None:
        self.calls += 1
        if 0 <= self.cut_at <= self.calls:
            raise PowerCut  # and whoever goes on regardless changes nothing more

    def cut(self, rng: random.Random) -> None:
        """What is found when the power is back."""
        by_folder: dict[str, list[tuple[str, int | None]]] = {}
        for path, file in self.unsynced:
            by_folder.setdefault(path.rpartition("/")[0], []).append((path, file))
        names = dict(self.durable_names)
        for steps in by_folder.values():
            for path, file in steps[: rng.randint(0, len(steps))]:
                names.pop(path, None)
                if file is not None:
                    names[path] = file
        for file in set(names.values()):
            if self.durable.get(file) != self.contents[file]:
                whole = self.contents[file]
                torn = whole[: rng.randint(0, len(whole))] + b"\x00" * rng.randint(0, 3)
                self.contents[file] = rng.choice([self.durable.get(file, b""), torn, whole])
        self.names, self.durable_names, self.unsynced = dict(names), dict(names), []
        self.durable = dict(self.contents)
        self.cut_at = -1

    def _set(self, path: str, file: int | None) -> None:
        self.names.pop(path, None)
        if file is not None:
            self.names[path] = file
        self.unsynced.append((path, file))

    # What Disk can do.
    def close(self) -> None:
        """Nothing."""

    def entries(self, folder: str) -> list[Entry]:
        return [Entry(path, self._stat(path), "file") for path in sorted(self.names) if path.rpartition("/")[0] == folder]

    def _stat(self, path: str) -> Stat:
        return Stat(len(self.contents[self.names[path]]), 0, 0, self.names[path])

    def stat(self, path: str) -> Stat | None:
        return self._stat(path) if path in self.names else None

    def read(self, path: str) -> bytes | None:
        return self.contents[self.names[path]] if path in self.names else None

    def write_new(self, path: str, content: bytes) -> None:
        self._step()
        if path in self.names:
            raise FileExistsError
        file = len(self.contents) + 1
        self.contents[file] = content
        self._set(path, file)
        self._step()
        if self.syncs_files:
            self.durable[file] = content

    def link(self, source: str, target: str) -> None:
        self._step()
        if target in self.names:
            raise FileExistsError
        self._set(target, self.names[source])

    def replace(self, source: str, target: str) -> None:
        self._step()
        file = self.names[source]
        self._set(target, file)
        self._set(source, None)

    def remove(self, path: str) -> None:
        self._step()
        if path in self.names:
            self._set(path, None)

    def make_folder(self, path: str) -> None:
        """All are there."""

    def remove_folder(self, path: str) -> None:
        """None goes."""

    def sync_folder(self, path: str) -> None:
        self._step()
        if self.syncs_folders:
            for name, file in [step for step in self.unsynced if step[0].rpartition("/")[0] == path]:
                self.durable_names.pop(name, None)
                if file is not None:
                    self.durable_names[name] = file
            self.unsynced = [step for step in self.unsynced if step[0].rpartition("/")[0] != path]


PATHS = ("a/x.md", "a/y.md", "b/z.md", "b/w.md")
State = dict[str, bytes]


def plan(rng: random.Random, state: State, number: int) -> tuple[list[Change], State]:
    """A commit of one to four files, and what it makes of the state."""
    after = dict(state)
    changes = []
    for path in rng.sample(PATHS, rng.choice([1, 1, 2, 3, 4])):
        have = state.get(path)
        content = None if have is not None and rng.random() < 0.25 else f"{path} {number} ".encode() * rng.randint(1, 40)
        changes.append(Change(path, None if have is None else sha_of(have), content, number))
        after.pop(path, None)
        if content is not None:
            after[path] = content
    return changes, after


def records(disk: ModelDisk) -> State:
    return {path: disk.contents[file] for path, file in disk.names.items() if path.endswith(".md")}


def mounted_again(disk: ModelDisk) -> None:
    recover(disk)
    finish(disk)


def cuts(seed: int, **planted: bool) -> dict[str, int]:
    """Commits until the power goes at a random step, many times; what was wrong afterwards."""
    rng = random.Random(seed)
    disk = ModelDisk(**planted)
    state: State = {}
    wrong = {"lost": 0, "half": 0, "cuts": 0}
    number = 0
    while wrong["cuts"] < 400:
        disk.cut_at = disk.calls + rng.randint(1, 60)
        before, after = state, state
        try:
            while True:
                number += 1
                changes, after = plan(rng, state, number)
                before = state
                commit(disk, changes)
                finish(disk)
                state = before = after  # acknowledged
        except PowerCut:
            wrong["cuts"] += 1
        disk.cut(rng)
        if rng.random() < 0.5:
            # And again while it is being mended.
            disk.cut_at = disk.calls + rng.randint(1, 6)
            try:
                mounted_again(disk)
            except PowerCut:
                disk.cut(rng)
            except Corrupt:
                pass  # told below
            disk.cut_at = -1
        try:
            mounted_again(disk)
        except Corrupt:
            # A journal that is torn: the planted bugs make some.
            wrong["half"] += 1
            disk = ModelDisk(**planted)
            state = {}
            continue
        assert not pending(disk)
        found = records(disk)
        if found not in (before, after):
            wrong["lost" if found.keys() <= before.keys() | after.keys() else "half"] += 1
        state = found
        for path in [path for path in disk.names if path.endswith(".tmp")]:
            disk.remove(path)
    return wrong


@pytest.mark.parametrize("seed", range(3))
def test_power_cut_loses_nothing_and_halves_nothing(seed: int) -> None:
    """What was acknowledged is gone, torn or half there after the power went at some step."""
    assert cuts(seed) == {"lost": 0, "half": 0, "cuts": 400}


@pytest.mark.slow
def test_power_cuts_at_length() -> None:
    """As above, for ten thousand cuts."""
    for seed in range(100, 125):
        assert cuts(seed) == {"lost": 0, "half": 0, "cuts": 400}


@pytest.mark.parametrize("planted", [{"syncs_files": False}, {"syncs_folders": False}], ids=str)
def test_missing_sync_is_convicted(planted: dict[str, bool]) -> None:
    """The model would pass a protocol that leaves out a sync: it proves nothing."""
    found = cuts(1, **planted)
    assert found["lost"] + found["half"] > 20, found


class OtherNamesDisk(ModelDisk):
    """As on macOS: names that differ in case or in composition are one, and are told decomposed."""

    def _actual(self, path: str) -> str:
        return next((name for name in self.names if folded(name) == folded(path)), path)

    def stat(self, path: str) -> Stat | None:
        return super().stat(self._actual(path))

    def read(self, path: str) -> bytes | None:
        return super().read(self._actual(path))

    def link(self, source: str, target: str) -> None:
        super().link(source, self._actual(target))


def test_names_that_are_one_are_not_overwritten() -> None:
    """A file whose name differs in case only is taken for another, and replaced."""
    disk = OtherNamesDisk()
    commit(disk, [Change("a/Ana.md", None, b"one")])
    with pytest.raises(InTheWay):
        commit(disk, [Change("a/ana.md", None, b"other")])
    assert records(disk) == {"a/Ana.md": b"one"}


def test_what_is_tentative_gives_way() -> None:
    """A change that was only offered stops the commit it is part of, or overwrites what is there by now."""
    disk = ModelDisk()
    commit(disk, [Change("a/x.md", None, b"theirs")])
    changes = [Change("a/x.md", sha_of(b"older"), b"offered", tentative=True), Change("a/y.md", None, b"meant")]
    assert commit(disk, changes) == (changes[1],)
    finish(disk)
    assert records(disk) == {"a/x.md": b"theirs", "a/y.md": b"meant"}


class EditedDisk(ModelDisk):
    """Somebody saves a file at a certain step."""

    edit_at = -1

    def _step(self) -> None:
        super()._step()
        if self.calls == self.edit_at:
            self.contents[999] = b"by hand"
            self.names["a/x.md"] = 999


def test_edit_between_two_steps_is_kept() -> None:
    """Somebody saved while a commit was being written: their words, or ours, were overwritten."""
    overwritten, refused, beside = 0, 0, 0
    for when in range(1, 40):
        disk = EditedDisk()
        commit(disk, [Change("a/x.md", None, b"first"), Change("a/y.md", None, b"first")])
        finish(disk)
        disk.edit_at = disk.calls + when
        changes = [Change(path, sha_of(b"first"), b"ours", 2) for path in ("a/x.md", "a/y.md")]
        try:
            commit(disk, changes)
        except InTheWay:
            refused += 1
            assert records(disk) == {"a/x.md": b"by hand", "a/y.md": b"first"}
            assert not pending(disk)
            continue
        finish(disk)
        found = records(disk)
        assert found["a/y.md"] == b"ours"
        assert set(found.values()) <= {b"ours", b"by hand"}
        if disk.edit_at <= disk.calls:
            overwritten += found["a/x.md"] == b"ours"
            beside += "a/x (conflict 2).md" in found
    assert refused >= 5
    assert beside > 0
    # No system call replaces a file only if it is still what it was. So one instant is left: within the renaming itself.
    assert overwritten <= 1


def test_disk_of_names_is_the_real_ones_kind() -> None:
    """The model has fallen behind: the real disk can do something that it cannot."""
    public = {name for name in vars(Disk) if not name.startswith("_")}
    assert public <= {name for name in vars(ModelDisk) if not name.startswith("_")}
