"""Records as rows, and back. Knows the columns; asks nothing."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Any, Final, NoReturn, TypeAlias, cast
from uuid import UUID

from infoint.errors import Corrupt
from infoint.storage.cursors import rank
from infoint.storage.records import IndexField, IndexValue, Record
from infoint.storage.sqlite.schema import FIELD_BITS, NEWER_BITS

Row: TypeAlias = tuple[Any, ...]

COLUMNS: Final = (
    "r.kind, r.id, r.version, r.seq, r.updated_at, r.schema_major, r.schema_minor, r.indexed, r.data, r.deleted, r.text"
)
"""What `record_of` takes, of `record AS r`."""

SAVE: Final = """
    INSERT INTO record (workspace, kind, id, version, seq, updated_at, schema_major, schema_minor, indexed, data, deleted, valued, text, place)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (workspace, kind, id) DO UPDATE SET
        version = excluded.version, seq = excluded.seq, updated_at = excluded.updated_at,
        schema_major = excluded.schema_major, schema_minor = excluded.schema_minor, indexed = excluded.indexed,
        data = excluded.data, deleted = excluded.deleted, valued = excluded.valued | (record.valued & ?), text = excluded.text,
        place = excluded.place
"""
"""The last parameter: bits of fields that are kept as they are."""
FORGET_ENTRIES: Final = "DELETE FROM entry WHERE workspace = ? AND kind = ? AND id = ?"
ADD_ENTRY: Final = "INSERT INTO entry (workspace, kind, id, field, value, first) VALUES (?, ?, ?, ?, ?, ?)"


_compact: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")).encode
"""Not a cycle is looked for: what was frozen has none."""


def row_of(record: Record, workspace: int, place: int | None) -> Row:
    """For SAVE."""
    return (
        workspace,
        record.kind,
        record.id.bytes,
        record.version,
        record.seq,
        record.updated_at.isoformat(timespec="microseconds"),
        *record.schema,
        _compact(_fields_of(record)),
        _compact(record.data),
        int(record.deleted),
        valued_of(record),
        record.text,
        place,
        NEWER_BITS if record.newer_index else 0,
    )


def _fields_of(record: Record) -> Mapping[str, tuple[IndexValue, ...]]:
    """All it is found by, here or by a newer infoint."""
    # For mypy a mapping of names is not one of texts, though its keys are only read.
    known = cast("Mapping[str, tuple[IndexValue, ...]]", record.index)
    return {**known, **record.newer_index} if record.newer_index else known


def valued_of(record: Record) -> int:
    """Which fields have a value, of those that are known here."""
    return sum([FIELD_BITS[field] for field, values in record.index.items() if values])


def entries_of(record: Record) -> Iterator[tuple[str, IndexValue, int]]:
    """Field, value, and whether it is the smallest: the one that is sorted by. A value given twice counts once."""
    for name, values in _fields_of(record).items():
        field = str(name)
        if len(values) == 1:
            yield field, values[0], 1
            continue
        for number, value in enumerate(sorted(set(values), key=rank)):
            yield field, value, int(number == 0)


def entry_rows(record: Record, workspace: int) -> list[Row]:
    """For ADD_ENTRY."""
    kind, id = record.kind, record.id.bytes
    return [(workspace, kind, id, *entry) for entry in entries_of(record)]


def record_of(row: Row, place: str) -> Record:
    """Raises Corrupt, naming kind and id, where a row is not what `row_of` made."""
    kind, id, version, seq, updated_at, major, minor, indexed, data, deleted, text = row
    try:
        if not (
            type(kind) is type(text) is type(data) is type(indexed) is str
            and type(version) is type(seq) is type(major) is type(minor) is int
            and version > 0 < seq
            and major >= 0
            and minor >= 0
        ):
            raise TypeError  # noqa: TRY301  # one way out for all of them
        found = _object(indexed)
        index = {_FIELDS[name]: _values(values) for name, values in found.items() if name in _FIELDS}
        return Record(
            kind=kind,
            id=UUID(bytes=id),
            version=version,
            seq=seq,
            updated_at=_moment(updated_at),
            schema=(major, minor),
            data=_object(data),
            index=index,
            text=text,
            deleted=bool(deleted),
            newer_index=_NOTHING if len(index) == len(found) else _unknown(found),
        )
    except (ValueError, TypeError, RecursionError):
        shown = id.hex() if isinstance(id, bytes) else "of unknown id"
        # Their messages quote what they could not read, which may be somebody's words.
        raise Corrupt(f"the {kind} {shown} cannot be read", place=place) from None


def moment_of(text: str, place: str) -> datetime:
    """A column `updated_at`. Raises Corrupt where it is none."""
    try:
        return _moment(text)
    except (ValueError, TypeError):
        raise Corrupt("holds a time that is none", place=place) from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _finite(number: str) -> float:
    value = float(number)
    if not isfinite(value):
        raise ValueError
    return value


_decode: Final = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode
"""Without NaN and what is infinite: Python alone would write that."""


def _object(text: str) -> dict[str, Any]:
    found = _decode(text)
    if type(found) is not dict:
        raise TypeError
    return found


def _values(values: object) -> tuple[IndexValue, ...]:
    if type(values) is not list:
        raise TypeError
    for value in values:
        if type(value) is not str and type(value) is not int:
            raise TypeError
    return tuple(values)


def _unknown(found: dict[str, Any]) -> dict[str, tuple[IndexValue, ...]]:
    return {name: _values(values) for name, values in found.items() if name not in _FIELDS}


_FIELDS: Final = {field.value: field for field in IndexField}
_NOTHING: Final[dict[str, tuple[IndexValue, ...]]] = {}
