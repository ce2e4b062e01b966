"""Where older states of records may still be, when they were erased: files that are no record's own, and what keeps histories."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from infoint.storage.contract import Key
from infoint_vault.disk import Disk
from infoint_vault.index import Row
from infoint_vault.names import HIDDEN
from infoint_vault.settling import problems_of

_MAX_DEPTH: Final = 12
_HISTORIES: Final = {
    ".git": "the history of git keeps what files said",
    ".stversions": "Syncthing keeps files here that were changed or deleted",
    ".trash": "Obsidian keeps notes here that were deleted",
}
ELSEWHERE: Final = "what git, sync tools, backups and editors keep elsewhere of files that were changed or deleted"


def remains_of(disk: Disk, root: Path, rows: Iterable[Row], keys: Collection[Key]) -> tuple[str, ...]:
    """In words, the files by their paths in the vault. `rows` of the workspace: those that are a copy, or cannot be read, may say what any
    record said. Native errors come out.
    """
    rows = list(rows)
    own = {row.path for row in rows}
    ends = {key.id.hex[-8:] for key in keys}
    named = [path for path in _paths(disk) if path not in own and any(end in path.rpartition("/")[2] for end in ends)]
    return (
        *problems_of(rows),
        *(f"{path}: has a name as the file of what was erased" for path in named),
        *_histories(root),
        ELSEWHERE,
    )


def _paths(disk: Disk, folder: str = "", depth: int = 0) -> Iterable[str]:
    """Of all files, hidden ones too: what editors and sync tools put aside. Not git's own, which are named otherwise."""
    for entry in disk.entries(folder):
        if entry.kind == "file":
            yield entry.path.encode("utf-8", "backslashreplace").decode()
        elif entry.kind == "folder" and depth < _MAX_DEPTH and entry.path not in {HIDDEN, ".git"}:
            yield from _paths(disk, entry.path, depth + 1)


def _histories(root: Path) -> Iterable[str]:
    for name, words in _HISTORIES.items():
        above = (root, *root.parents) if name == ".git" else (root,)
        yield from (f"{folder / name}: {words}" for folder in above if (folder / name).exists())
