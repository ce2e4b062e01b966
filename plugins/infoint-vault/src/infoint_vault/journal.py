"""How files are changed so that all of a commit is there or nothing, whenever the power goes.

One file: a temporary one beside it, down to the disk; a look whether the target is still what it was; then it takes the target's
place, and the folder goes down to the disk. Several: the same, but between writing and placing stands a journal that names them. It
is the commit; whoever finds it finishes the work. An edit by hand is never overwritten: what cannot take its place stays beside it.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from attrs import asdict, field, frozen

from infoint.errors import Corrupt
from infoint_vault.disk import Disk, Entry, Stat, TooLarge
from infoint_vault.names import JOURNAL, conflict_name

_MAGIC: Final = "infoint-vault-journal-1"

UNREAD: Final = "larger than is read"
"""Instead of the sum of a file."""


def sha_of(content: bytes) -> str:
    """By which two states of a file are told apart."""
    return hashlib.sha256(content).hexdigest()


@frozen
class Change:
    """One file that is to be written, or (`content` None) to go."""

    path: str
    expect: str | None
    """The `sha_of` what must be there; None = nothing."""
    content: bytes | None = field(repr=False)
    version: int = 0
    """What a copy is called by, if an edit by hand is in the way."""
    tentative: bool = False
    """Left out, without a word, where something else is there by now."""


class InTheWay(Exception):
    """Never leaves the plugin. Files are no longer what was expected; nothing was changed."""

    def __init__(self, paths: Sequence[str]) -> None:
        """`paths` of those files."""
        self.paths = tuple(paths)
        super().__init__(*paths)


class _NoJournal(Corrupt):
    """Made by something else, or damaged."""

    default = "is no journal of this plugin"
    remedy = "look at it, and take it away"


class Uncertain(OSError):
    """Never leaves the plugin. The disk failed after the commit was decided: it may be done, or be done when somebody looks again."""


@frozen
class _Step:
    path: str
    expect: str | None
    temporary: str | None
    sha: str | None
    version: int


def commit(disk: Disk, changes: Sequence[Change], seqs: Mapping[str, int] | None = None) -> tuple[Change, ...]:
    """Those that were made: all but tentative ones. Raises InTheWay, Uncertain. With several, or with `seqs`, a journal is left; `finish` it once the
    rest of the world knows. `seqs`: the number of the commit for each path, where a recovery is to use it.
    """
    wanted, blocked = [], []
    for change in changes:
        if sha_at(disk, change.path) == change.expect:
            wanted.append(change)
        elif not change.tentative:
            blocked.append(change.path)
    if blocked:
        raise InTheWay(blocked)
    steps: list[_Step] = []
    journalled = len(wanted) > 1 or bool(seqs)
    try:
        for change in wanted:
            steps.append(_prepared(disk, change))  # noqa: PERF401  # those made before one fails are undone
        if journalled:
            _write_journal(disk, steps, seqs or {})
        else:
            _recheck(disk, steps)
    except BaseException:
        _undo(disk, steps, journalled=journalled)
        raise
    try:
        _apply(disk, steps)
    except OSError as error:
        raise Uncertain(error.errno, error.strerror) from error
    return tuple(wanted)


def _undo(disk: Disk, steps: Sequence[_Step], *, journalled: bool) -> None:
    """No file was touched yet. Whatever was prepared goes again, unless a journal may be found that names it."""
    try:
        if journalled and pending(disk):
            disk.remove(JOURNAL)
            disk.sync_folder("")
    except OSError as error:
        raise Uncertain(error.errno, error.strerror) from error
    for step in steps:
        if step.temporary:
            _forget(disk, step.temporary)


def _forget(disk: Disk, path: str) -> None:
    try:
        disk.remove(path)
    except OSError:
        return  # a temporary file more; the next who opens sweeps it away


def _prepared(disk: Disk, change: Change) -> _Step:
    folder = change.path.rpartition("/")[0]
    if change.content is None:
        return _Step(change.path, change.expect, None, None, change.version)
    if folder:
        disk.make_folder(folder)
    name = f".infoint-{secrets.token_hex(8)}.tmp"
    temporary = f"{folder}/{name}" if folder else name
    disk.write_new(temporary, change.content)
    return _Step(change.path, change.expect, temporary, sha_of(change.content), change.version)


def _recheck(disk: Disk, steps: Sequence[_Step]) -> None:
    if moved := [step.path for step in steps if sha_at(disk, step.path) != step.expect]:
        raise InTheWay(moved)


def _write_journal(disk: Disk, steps: Sequence[_Step], seqs: Mapping[str, int]) -> None:
    for folder in sorted({step.path.rpartition("/")[0] for step in steps}):
        disk.sync_folder(folder)  # the journal names files that have to be there
    _recheck(disk, steps)
    text = json.dumps({"magic": _MAGIC, "steps": [asdict(step) for step in steps], "seqs": dict(seqs)})
    temporary = f".infoint-{secrets.token_hex(8)}.tmp"
    disk.write_new(temporary, text.encode())
    disk.replace(temporary, JOURNAL)
    disk.sync_folder("")


def _apply(disk: Disk, steps: Sequence[_Step]) -> None:
    """Does what is not done yet: also the way a commit goes on after a crash."""
    for step in steps:
        _apply_one(disk, step)
    for folder in sorted({step.path.rpartition("/")[0] for step in steps}):
        disk.sync_folder(folder)


def _apply_one(disk: Disk, step: _Step) -> None:
    now = sha_at(disk, step.path)
    if step.temporary is None:
        if now is not None and now == step.expect:
            disk.remove(step.path)
        return
    if now == step.sha and now != step.expect:
        disk.remove(step.temporary)
    elif sha_at(disk, step.temporary) != step.sha:
        return  # placed before, and edited by hand since
    elif now != step.expect or not _placed(disk, step):
        _set_aside(disk, step.temporary, step.path, step.version)


def _placed(disk: Disk, step: _Step) -> bool:
    assert step.temporary is not None  # noqa: S101  # narrows the type
    if step.expect is not None:
        disk.replace(step.temporary, step.path)
        return True
    try:
        disk.link(step.temporary, step.path)
    except FileExistsError:
        return False
    disk.remove(step.temporary)
    return True


def _set_aside(disk: Disk, temporary: str, path: str, version: int) -> None:
    number = 0
    while True:
        try:
            disk.link(temporary, conflict_name(path, version, number))
        except FileExistsError:
            number += 1
            continue
        disk.remove(temporary)
        return


def keep_beside(disk: Disk, changes: Collection[Change]) -> None:
    """What could not be written where it belongs, as copies that say so."""
    for change in changes:
        if change.content is not None:
            step = _prepared(disk, change)
            assert step.temporary is not None  # noqa: S101  # narrows the type
            _set_aside(disk, step.temporary, change.path, change.version)
            disk.sync_folder(change.path.rpartition("/")[0])


def pending(disk: Disk) -> bool:
    """Whether a commit was begun and not finished."""
    return disk.stat(JOURNAL) is not None


def recover(disk: Disk) -> Mapping[str, int]:
    """Finishes the files of a commit that was cut short. Its `seqs`; then `finish`. Raises Corrupt."""
    steps, seqs = _journal(disk)
    _apply(disk, steps)
    return seqs


def _journal(disk: Disk) -> tuple[list[_Step], Mapping[str, int]]:
    content = disk.read(JOURNAL)
    if content is None:
        return [], {}
    try:
        said: Any = json.loads(content)
        if said["magic"] != _MAGIC:
            raise ValueError  # noqa: TRY301  # one of the ways not to be a journal
        steps = [_Step(**step) for step in said["steps"]]
        seqs = {str(path): int(seq) for path, seq in said["seqs"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _NoJournal(place=JOURNAL) from None
    return steps, seqs


class Decided(Disk):
    """For who may only read: the files as they are once the commit that was cut short is finished. Nothing is written."""

    def __init__(self, disk: Disk) -> None:
        """Of the journal that is there now; whoever finishes it meanwhile changes nothing of what is seen. Raises Corrupt."""
        self._disk = disk
        self._steps = {step.path: step for step in _journal(disk)[0]}

    def close(self) -> None:
        """See Disk."""
        self._disk.close()

    def entries(self, folder: str) -> list[Entry]:
        """See Disk."""
        found = {entry.path: entry for entry in self._disk.entries(folder)}
        for path in self._steps:
            if path.rpartition("/")[0] == folder and (place := self._place(path)) != path:
                stat = self._disk.stat(place) if place else None
                found.pop(path, None)
                found |= {path: Entry(path, stat, "file")} if stat else {}
        return [found[path] for path in sorted(found)]

    def stat(self, path: str) -> Stat | None:
        """See Disk."""
        place = self._place(path)
        return self._disk.stat(place) if place else None

    def read(self, path: str) -> bytes | None:
        """See Disk."""
        place = self._place(path)
        return self._disk.read(place) if place else None

    def _place(self, path: str) -> str:
        """Where its content lies; "" for one that is to go."""
        step = self._steps.get(path)
        if step is None or sha_at(self._disk, path) != step.expect:
            return path
        if step.temporary is None:
            return ""
        return step.temporary if sha_at(self._disk, step.temporary) == step.sha else path


def finish(disk: Disk) -> None:
    """The commit is known everywhere: its journal goes."""
    if pending(disk):
        disk.remove(JOURNAL)
        disk.sync_folder("")


def sha_at(disk: Disk, path: str) -> str | None:
    """Of what is there; None where nothing is."""
    try:
        content = disk.read(path)
    except TooLarge:
        return UNREAD
    return None if content is None else sha_of(content)
