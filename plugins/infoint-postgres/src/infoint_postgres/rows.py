"""Records as rows, and back. Knows the columns; asks nothing."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Final, NamedTuple, Self

from attrs import evolve, frozen

from infoint.errors import CommitUnknown, Corrupt, InvalidRecord
from infoint.storage.contract import IndexField, IndexValue, Record
from infoint.storage.frozen import MAX_INT
from infoint.storage.words import words_of
from infoint_postgres.schema import FIELDS
from infoint_postgres.wire import Row

COLUMNS: Final = (
    "r.kind, r.id, r.version, r.seq, r.updated_at, r.schema_major, r.schema_minor, r.indexed, r.data, r.deleted, r.text"
)
"""What `record_of` takes, of `record AS r`."""
_INDEXED: Final = COLUMNS.split(", ").index("r.indexed")
SAVED: Final = (
    "workspace_id, kind, id, version, seq, updated_at, schema_major, schema_minor, indexed, data, deleted, text, valued, words"
)
"""What `row_of` gives."""
NONE: Final[Mapping[str, Any]] = {}
"""Index values of a newer minor, where there are none."""
ENTERED: Final = "workspace_id, kind, id, field, value, first"
"""What a workspace and the fields of an Entry give."""

LONGEST: Final = 300
"""Characters of an index value that are looked up, with the one that tells its type: what a key of an index has room for, beside the
longest workspace (2,704 bytes in all).
"""
_DIGITS: Final = 14
"""Hexadecimal, of 2^54."""
KNOWN: Final = sum(1 << number for number in FIELDS.values())
"""Bits of all fields there are. Those beyond belong to fields of a newer minor."""
_EVERY: Final = (1 << 31) - 1
"""All that `valued` and the traits have room for."""
_NAMES: Final = {field.value: field for field in IndexField}


class Entry(NamedTuple):
    """An index value of a live record."""

    kind: str
    id: Any
    field: int
    value: str
    first: bool
    """The smallest of its field: the one that is sorted by."""


def encoded(value: IndexValue) -> str:
    """Text whose order by code point is the order of values: integers, then text."""
    return f"0{value + MAX_INT:0{_DIGITS}x}" if isinstance(value, int) else f"1{value}"


def bit(field: IndexField) -> int:
    """Of `valued`, and of the traits."""
    return 1 << FIELDS[field]


def valued(record: Record) -> int:
    """Which fields have a value."""
    return sum(bit(field) for field, values in record.index.items() if values)


def entries_of(record: Record) -> frozenset[Entry]:
    """What a live record is found by; a tombstone has none."""
    found = set()
    for field, values in record.index.items():
        shortened = sorted({encoded(value)[:LONGEST] for value in values})
        found |= {Entry(record.kind, record.id, FIELDS[field], value, number == 0) for number, value in enumerate(shortened)}
    return frozenset(found)


def row_of(record: Record, workspace: str, newer: Mapping[str, Any] = NONE) -> Row:
    """For SAVED, with index values of a newer minor that stay. Raises InvalidRecord for what was never a Write, and no database takes."""
    try:
        data = _compact(record.data)
        indexed = _compact(
            record.index if not newer else {**newer, **{field.value: kept for field, kept in record.index.items()}}
        )
    except (ValueError, TypeError, RecursionError):
        raise InvalidRecord("is no JSON", place=f"{record.kind} {record.id}") from None
    return (
        workspace,
        record.kind,
        record.id,
        record.version,
        record.seq,
        record.updated_at.astimezone(UTC).replace(tzinfo=None),
        *record.schema,
        indexed,
        data,
        record.deleted,
        record.text,
        valued(record),
        lexemes(record.text, workspace),
    )


def record_of(row: Row, place: str) -> Record:
    """Raises Corrupt, naming kind and id, where a row is not what `row_of` made. Index fields of a newer minor are left out."""
    kind, id, version, seq, updated_at, major, minor, indexed, data, deleted, text = row
    try:
        return Record(
            kind=kind,
            id=id,
            version=version,
            seq=seq,
            updated_at=updated_at.replace(tzinfo=UTC),
            schema=(major, minor),
            data=_mapping(data),
            index={_NAMES[name]: tuple(values) for name, values in _mapping(indexed).items() if name in _NAMES},
            text=text,
            deleted=deleted,
        )
    except (ValueError, TypeError, AttributeError):
        failed = Corrupt(f"the {kind} {id} cannot be read", place=place)
    raise failed


def newer_of(row: Row) -> Mapping[str, Any]:
    """Index values of a newer minor, which `record_of` leaves out."""
    indexed = row[_INDEXED]
    return {name: indexed[name] for name in indexed.keys() - _NAMES.keys()} if isinstance(indexed, dict) else NONE


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


# ── words ────────────────────────────────────────────────────────────────────────────────────────
def _mark(workspace: str) -> str:
    """Stands before each word, so that the words of different workspaces stand apart in an index that knows no workspace. Three
    letters are what even the text with the most words has room for.
    """
    return base64.b64encode(hashlib.sha256(workspace.encode()).digest()).decode()[:3]


def marked(text: str, workspace: str) -> list[str]:
    """The words of a text as they stand in its row."""
    mark = _mark(workspace)
    return [f"{mark}{word}" for word in words_of(text)]


def lexemes(text: str, workspace: str) -> str | None:
    """The words of a text as a tsvector is written; None = there are none. A word is letters and digits, so nothing in it needs care."""
    return " ".join(f"'{word}'" for word in marked(text, workspace)) or None


def question(asked: Iterable[str], workspace: str) -> str:
    """A tsquery for texts that have, for each word, a word beginning with it."""
    mark = _mark(workspace)
    return " & ".join(f"'{mark}{word}':*" for word in asked)


# ── what is known of a workspace ─────────────────────────────────────────────────────────────────
@frozen
class Traits:
    """What records of a kind have ever been like, as bits of fields: it tells a query what need not be looked for. A trait never goes
    again, and one too many makes a query slower, not wrong.
    """

    lacking: int = 0
    """Some live record has no value."""
    several: int = 0
    """Some record has more than one."""
    long: int = 0
    """Some record has one that is longer than is looked up."""

    def after(self, record: Record) -> Self:
        """With a record that is put."""
        if record.deleted:
            return self
        several, long = self.several, self.long
        for field, values in record.index.items():
            if len(values) > 1:
                several |= bit(field)
            if any(isinstance(value, str) and len(value) >= LONGEST for value in values):
                long |= bit(field)
        # A field of a newer minor has no value in what is written here.
        return evolve(self, lacking=self.lacking | (_EVERY & ~valued(record)), several=several, long=long)

    def cover(self, record: Record) -> bool:
        """Whether they tell of a record, as far as its fields are known."""
        after = self.after(record)
        return evolve(after, lacking=after.lacking & KNOWN) == evolve(self, lacking=self.lacking & KNOWN)


class WorkspaceRow(NamedTuple):
    """A workspace's own row."""

    seq: int
    commits: tuple[str, ...]
    """Ids of the latest commits, the last one last."""
    traits: dict[str, Traits]

    @classmethod
    def of(cls, rows: list[Row]) -> "WorkspaceRow | None":
        """From `seq, commits, traits`."""
        for seq, commits, traits in rows:
            return cls(seq, tuple(commits), {kind: Traits(*bits) for kind, bits in traits.items()})
        return None

    def after(self, records: Iterable[Record], seq: int, commit: str) -> "WorkspaceRow":
        """The row with another commit."""
        traits = dict(self.traits)
        for record in records:
            traits[record.kind] = traits.get(record.kind, Traits()).after(record)
        return WorkspaceRow(seq, (*self.commits, commit)[-REMEMBERED:], traits)

    def was_committed(self, commit: str) -> bool:
        """Raises CommitUnknown for one that stood before all that are remembered."""
        if commit in self.commits:
            return True
        seq, dot, rest = commit.partition(".") if isinstance(commit, str) else ("", "", "")
        if not (dot and rest and seq.isascii() and seq.isdigit() and len(seq) < 20):
            return False  # never one of ours
        first = min((int(known.partition(".")[0]) for known in self.commits), default=self.seq + 1)
        if int(seq) > self.seq or int(seq) >= first:
            return False
        raise CommitUnknown(commit)

    def knows_its_commits(self) -> bool:
        """Whether the ids are those of commits, the last one last."""
        numbers = [str(id).partition(".")[0] for id in self.commits]
        if not all(number.isascii() and number.isdigit() for number in numbers) or len(numbers) > REMEMBERED:
            return False
        counted = [int(number) for number in numbers]
        return counted == sorted(counted) and counted[-1:] == ([self.seq] if self.seq else [])

    def parameters(self) -> Row:
        """For `seq, commits, traits`."""
        return (
            self.seq,
            list(self.commits),
            _compact({kind: [bits.lacking, bits.several, bits.long] for kind, bits in self.traits.items()}),
        )


REMEMBERED: Final = 16
"""Commits."""
NO_WORKSPACE: Final = WorkspaceRow(0, (), {})


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
