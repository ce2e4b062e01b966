"""Records as sheets of a file, and what a sheet says as a record. Files are `settling`'s and `storage`'s."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.errors import InfointError, InvalidValue
from infoint.plain import JSON
from infoint.storage.contract import IndexField, IndexValue, Record, Write
from infoint_vault.entities import completed, found_by, lost_name, schema_of
from infoint_vault.page import Sheet
from infoint_vault.splices import same
from infoint_vault.yaml_text import NotReadable

_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS: Final = frozenset(field.value for field in IndexField)


def sheet_of(record: Record) -> Sheet:
    """What a record's file says. Index values and text are told only where they are not what is made of the data."""
    data = thawed(record.data)
    index: dict[str, list[JSON]] | None = {name.value: list(values) for name, values in record.index.items()}
    text: str | None = record.text
    try:
        found = found_by(record.kind, data)
    except InvalidValue:
        found = None
    if (found and found.index == record.index and found.text == record.text) or (not index and not text and not found):
        index = text = None
    return Sheet(
        data=data, kind=record.kind, id=record.id, version=record.version, schema=record.schema, saved=record.updated_at,
        deleted=record.deleted, index=index, text=text,
    )  # fmt: skip  # field by field would hide that it is the record


def thawed(data: Mapping[str, JSON]) -> dict[str, JSON]:
    """Plain dicts and lists."""

    def plain(value: JSON) -> JSON:
        match value:
            case dict():
                return {key: plain(inner) for key, inner in value.items()}
            case list():
                return [plain(inner) for inner in value]
            case _:
                return value

    return {key: plain(value) for key, value in data.items()}


@frozen
class Seen:
    """A file as it was found."""

    sheet: Sheet
    kind: str
    id: UUID
    stem: str
    """Its name without the end."""
    mtime: int
    """Nanoseconds since 1970."""


def record_of(seen: Seen, have: Record | None, seq: int) -> Record | None:
    """The record that a file has become, on top of the one that is known; None where that is the same. Raises NotReadable.

    What infoint saved elsewhere, as on another machine, keeps the version it was saved at; what was edited by hand is the next one, at the
    time of the file.
    """
    sheet, base = seen.sheet, have.version if have else 0
    if sheet.version and not sheet.untouched and (lost := lost_name(seen.kind, sheet.data)):
        # Not that of the file, as for a new one: infoint has given it, and it ends in digits.
        raise NotReadable(f"has lost its {lost}: write one into its front matter")
    data = sheet.data if sheet.untouched or sheet.deleted else completed(seen.kind, sheet.data, seen.id, seen.stem)
    as_saved = sheet.untouched and sheet.version > base
    if have is not None and have.deleted == sheet.deleted and same(thawed(have.data), data) and not as_saved:
        return None
    index, text = _found(seen, data)
    updated_at = sheet.saved if as_saved and sheet.saved else moment_of(seen.mtime)
    try:
        write = Write(
            kind=seen.kind, id=seen.id, expect=None, updated_at=updated_at, schema=sheet.schema or schema_of(seen.kind),
            data={} if sheet.deleted else data, index=index, text=text, deleted=sheet.deleted,
        )  # fmt: skip  # as above
    except InfointError as error:
        raise NotReadable(f"cannot be kept: {error}") from None
    return Record(
        kind=write.kind, id=write.id, version=sheet.version if as_saved else max(base, sheet.version) + 1, seq=seq,
        updated_at=write.updated_at, schema=write.schema, data=write.data, index=write.index, text=write.text, deleted=write.deleted,
    )  # fmt: skip  # as above


def _found(seen: Seen, data: dict[str, JSON]) -> tuple[dict[IndexField, tuple[IndexValue, ...]], str]:
    sheet = seen.sheet
    if sheet.deleted:
        return {}, ""
    told = sheet.index is not None or sheet.text is not None
    try:
        found = None if told and sheet.untouched else found_by(seen.kind, data)
    except InvalidValue as error:
        if not sheet.untouched:
            raise NotReadable(f"cannot be understood: {error}") from None
        found = None
    if found is not None:
        return dict(found.index), found.text
    index: dict[IndexField, tuple[IndexValue, ...]] = {
        IndexField(name): tuple(value for value in values if isinstance(value, str | int))
        for name, values in (sheet.index or {}).items()
        if name in _FIELDS
    }
    return index, sheet.text or ""


def tombstone_of(record: Record, at: int, seq: int) -> Record:
    """What a record becomes whose file was deleted, at about `at` (nanoseconds since 1970)."""
    return Record(
        kind=record.kind, id=record.id, version=record.version + 1, seq=seq, updated_at=moment_of(at), schema=record.schema,
        data={}, index={}, deleted=True,
    )  # fmt: skip  # as above


def moment_of(nanoseconds: int) -> datetime:
    """A file's time."""
    try:
        return _1970 + timedelta(microseconds=nanoseconds // 1_000)
    except OverflowError:
        return _1970
