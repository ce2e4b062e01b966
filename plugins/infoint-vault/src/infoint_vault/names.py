"""What files and folders are called: names that every file system, git and sync tool takes, whatever they are made of."""

import hashlib
import re
import unicodedata
from typing import Final
from uuid import UUID

MAX_SLUG: Final = 80
"""Bytes of the words in a name."""
SUFFIX: Final = ".md"
WORKSPACE_FILE: Final = "_workspace.md"
"""Makes a folder a workspace."""
VAULT_FILE: Final = "_vault.md"
"""Makes a folder a vault."""
HIDDEN: Final = ".infoint"
"""The folder of what can be made anew."""
JOURNAL: Final = ".infoint-journal"
REMOVED: Final = "removed"
"""The folder of tombstones; no kind may be called so, for then it is `removed_`."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
)
_SIMPLE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_TEMPORARY: Final = re.compile(r"\.infoint-[0-9a-f]{16}\.tmp")


def slug(text: str) -> str:
    """Words of a-z and 0-9 joined by hyphens, at most 80 bytes; "" where the text has none."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return joined[:MAX_SLUG].strip("-")


def file_name(words: str, id: UUID, *, whole: bool = False) -> str:
    """Of a record. `whole`: with all of the id, where the short name is taken."""
    # The last digits: the first of a UUIDv7 are the time, and the same for all that were made together.
    return f"{words}-{id.hex if whole else id.hex[-8:]}{SUFFIX}"


def folder_of_kind(kind: str) -> str:
    """Where new files of a kind are put. The file itself says its kind, so two may share a folder."""
    return f"{kind}_" if kind in _RESERVED or kind == REMOVED else kind


def folder_of_workspace(key: str) -> str:
    """The key itself where that is a name for every file system; else its words and a sum of it."""
    if _SIMPLE.fullmatch(key) and key not in _RESERVED:
        return key
    return f"{slug(key)[:40].strip('-') or 'workspace'}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def conflict_name(path: str, version: int, number: int = 0) -> str:
    """Beside `path`, for what could not be saved there."""
    stem = path.removesuffix(SUFFIX)
    return f"{stem} (conflict {version}{f'-{number}' if number else ''}){SUFFIX}"


def is_conflict_copy(path: str, of: str | None = None) -> bool:
    """Whether a name is one that `conflict_name` gives, for the path `of` or for any."""
    found = re.search(r" \(conflict [0-9]+(?:-[0-9]+)?\)\.md\Z", path)
    return found is not None and (of is None or path[: found.start()] == of.removesuffix(SUFFIX))


def is_temporary(name: str) -> bool:
    """Whether a file is one that a crash has left behind."""
    return _TEMPORARY.fullmatch(name) is not None


def folded(path: str) -> str:
    """By which paths are one on file systems that do not tell letters' case, or composed letters from decomposed ones."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
