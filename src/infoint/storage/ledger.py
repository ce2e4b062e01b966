"""What a workspace holds, record by record, as fingerprints: to know whether two storages hold the same. Copying is in `house_move`."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from infoint.storage.records import Key, Record

_WHOLE: Final = 2.0**53
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


class Line(NamedTuple):
    """What is noted of one record."""

    version: int
    seq: int
    updated_at: datetime
    content: bytes
    """A SHA-256 of `content_of`."""


class Ledger:
    """Every record of a workspace, tombstones too, as it was last noted."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Begins with these, a later one in place of an earlier one."""
        self._lines: dict[Key, Line] = {}
        for record in records:
            self.note(record)

    def note(self, record: Record) -> Line:
        """The record, as it is by now."""
        line = Line(record.version, record.seq, record.updated_at, hashlib.sha256(content_of(record)).digest())
        self._lines[record.key] = line
        return line

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._lines)

    def get(self, key: Key) -> Line | None:
        """None where there is none of this key."""
        return self._lines.get(key)

    @property
    def end(self) -> tuple[int, str, int]:
        """The last place in the feed that was noted; zeros where there is none."""
        return max(((line.seq, key.kind, key.id.int) for key, line in self._lines.items()), default=(0, "", -1))

    def digest(self) -> str:
        """One for all of them, whatever order they came in and whatever their storages counted: SHA-256, in hexadecimal."""
        return hashlib.sha256(b"".join(sorted(line.content for line in self._lines.values()))).hexdigest()

    def differing(self, other: "Ledger", *, counts: bool) -> list[Key]:
        """Keys of records that one of the two has not, or has otherwise; with `counts` also where versions or commits differ."""
        return sorted(key for key in {*self, *other} if not self._agrees(other, key, counts=counts))

    def _agrees(self, other: "Ledger", key: Key, *, counts: bool) -> bool:
        mine, theirs = self.get(key), other.get(key)
        if mine is None or theirs is None:
            return False
        return mine.content == theirs.content and (not counts or (mine.version, mine.seq) == (theirs.version, theirs.seq))


def content_of(record: Record) -> bytes:
    """All that was given to be kept, as canonical JSON: what a storage counts (version, seq) is left out. Equal for equal content, in
    whatever order keys or index values come back, and whether a whole number is written 1 or 1.0.
    """
    # As a newer infoint says it, which knows the names of both.
    index = {
        str(name): sorted(values, key=repr) for name, values in (*record.index.items(), *record.newer_index.items()) if values
    }
    told = {
        "kind": record.kind,
        "id": record.id.hex,
        "updated_at": record.updated_at.isoformat(),
        "schema": list(record.schema),
        "data": _plain(record.data),
        "index": index,
        "text": record.text,
        "deleted": record.deleted,
    }
    return _CANONICAL.encode(told).encode()


def _plain(value: Any) -> Any:
    match value:
        case float() if value.is_integer() and abs(value) <= _WHOLE:
            return int(value)
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
