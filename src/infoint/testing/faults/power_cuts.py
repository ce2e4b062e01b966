"""Power cuts, played: what a process did to its files was written down, and is stopped anywhere. What was not synced is kept, gone or
torn, each piece by itself; names come back up to some change of their folder. More than a real disk does, and nothing less.
"""

import random
import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import define, field, frozen

from infoint.testing.faults.recorded import TOLD
from infoint.testing.faults.story import Toll, look
from infoint.testing.faults.trap import trapped
from infoint.testing.storage_command import loaded_plugin
from infoint.testing.storage_places import Places

_HEAD: Final = struct.Struct("<IIIqQ")
_SECTOR: Final = 512


class What(IntEnum):
    """As io_trap.c has it."""

    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    CREATE = 4
    RENAME = 5
    LINK = 6
    UNLINK = 7
    MAKE_FOLDER = 8


@frozen
class Change:
    """One thing done."""

    what: What
    path: str
    other: str
    offset: int
    data: bytes = field(repr=False)


@define(eq=False)
class _File:
    """What is on the disk, and what is on its way there."""

    content: bytearray = field(factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(factory=list)
    """Offset and what is written there; None = cut off there, or made longer."""
    is_folder: bool = False

    def sync(self) -> None:
        for offset, data in self.pending:
            _apply(self.content, offset, data)
        self.pending.clear()

    def after_a_cut(self, rng: random.Random, mood: str) -> bytes:
        content = bytearray(self.content)
        for offset, data in self.pending:
            fate = mood if mood != "each" else rng.choice(("kept", "kept", "gone", "gone", "torn"))
            if fate == "torn" and data is not None:
                # A sector is written or it is not; which of them came first is the disk's business.
                for start in range(0, len(data), _SECTOR):
                    if rng.random() < 0.5:
                        _apply(content, offset + start, data[start : start + _SECTOR])
            elif fate == "kept":
                _apply(content, offset, data)
        return bytes(content)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    end = offset + len(data or b"")
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:end] = data


class Disk:
    """A file system of which only what was synced is sure: contents by fsync of the file, names by fsync of their folder."""

    def __init__(self) -> None:
        """Empty, but for its root."""
        self._names: dict[str, _File] = {"": _File(is_folder=True)}
        self._sure: dict[str, _File] = dict(self._names)
        self._waiting: dict[str, list[tuple[str, _File | None]]] = {}
        """By folder: names that were given or taken, in order."""

    def apply(self, change: Change) -> None:
        """What the process did next."""
        match change.what:
            case What.CREATE:
                self._name(change.path, _File())
            case What.MAKE_FOLDER:
                self._name(change.path, _File(is_folder=True))
            case What.UNLINK:
                self._name(change.path, None)
            case _:
                self._apply_to(self._names[change.path], change)

    def _apply_to(self, file: _File, change: Change) -> None:
        match change.what:
            case What.WRITE:
                file.pending.append((change.offset, change.data))
            case What.TRUNCATE:
                file.pending.append((change.offset, None))
            case What.SYNC if file.is_folder:
                for name, there in self._waiting.pop(change.path, ()):
                    _rename(self._sure, name, there)
            case What.SYNC:
                file.sync()
            case _:
                self._name(change.other, file)
                if change.what is What.RENAME:
                    self._name(change.path, None)

    def _name(self, path: str, file: _File | None) -> None:
        _rename(self._names, path, file)
        self._waiting.setdefault(path.rpartition("/")[0], []).append((path, file))

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes | None]:
        """Contents by path; None = a folder."""
        mood = rng.choice(("each", "each", "each", "each", "gone", "kept", "torn"))
        names = dict(self._sure)
        for waiting in self._waiting.values():
            come = {"gone": 0, "kept": len(waiting)}.get(mood, rng.randint(0, len(waiting)))
            for path, file in waiting[:come]:
                _rename(names, path, file)
        whole = {path for path in names if all(parent in names for parent in _parents(path))}
        return {
            path: None if file.is_folder else file.after_a_cut(rng, mood)
            for path, file in sorted(names.items())
            if path and path in whole
        }


def _rename(names: dict[str, _File], path: str, file: _File | None) -> None:
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def recorded(url: str, *, plugins: Sequence[str] = (), cycles: int = 3, rounds: int = 8, size: int = 9_000) -> list[Change]:
    """What a storage did, going so many rounds each time that it was opened. `url` with {folder}; `plugins` as the command has them."""
    with TemporaryDirectory(prefix="infoint-") as folder, TemporaryDirectory(prefix="infoint-") as beside:
        log = Path(beside, "log")
        arguments = [folder, url, str(cycles), str(rounds), str(size), *plugins]
        trapped("infoint.testing.faults.recorded", arguments, root=Path(folder), log=log)
        return list(_read(log.read_bytes(), str(Path(folder).resolve())))


def _read(log: bytes, root: str) -> Iterator[Change]:
    at = 0
    while at < len(log):
        what, path_length, other_length, offset, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        path, other = log[at : at + path_length].decode(), log[at + path_length : at + path_length + other_length].decode()
        at += path_length + other_length
        data = log[at : at + length] if what == What.WRITE else b""
        at += len(data)
        yield Change(What(what), path[len(root) + 1 :], other[len(root) + 1 :], offset, data)


def cut_power(changes: Sequence[Change], url: str, *, plugins: Sequence[str] = (), cuts: int, seed: int = 0) -> Toll:
    """Stop at `cuts` random places of what was done, and look at what is left each time."""
    rng = random.Random(seed)  # noqa: S311  # seeded on purpose
    places = Places(url, [loaded_plugin(plugin) for plugin in plugins], strict=False)
    stops = sorted(rng.choices(range(len(changes) + 1), k=cuts))
    disk, done, told = Disk(), 0, 0
    lost, damaged = list[str](), list[str]()
    for number, stop in enumerate(stops):
        for change in changes[done:stop]:
            if change.path != TOLD:
                disk.apply(change)
            elif change.what is What.WRITE:
                told = int(change.data)
        done = stop
        with TemporaryDirectory(prefix="infoint-") as folder:
            _lay_out(disk.after_a_cut(rng), Path(folder))
            found = look(lambda folder=Path(folder): places.storage(folder))  # type: ignore[misc]  # mypy does not see the default
        what = f"cut {number} of seed {seed}, before change {stop} of {len(changes)}"
        if found.problem:
            damaged.append(f"{what}: {found.problem}")
        elif found.rounds < told:
            lost.append(f"{what}: {found.rounds} rounds there, {told} acknowledged")
        elif found.rounds > told + 1:
            damaged.append(f"{what}: {found.rounds} rounds there, {told} acknowledged and at most one under way")
    return Toll(cuts, told, tuple(lost), tuple(damaged))


def _lay_out(contents: dict[str, bytes | None], folder: Path) -> None:
    for path, content in contents.items():
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)
