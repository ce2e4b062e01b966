"""What is asked to be kept and what was kept. Finding records again is in `queries`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Self, TypeAlias
from uuid import UUID

from attrs import Attribute, field, frozen

from infoint.closed_name import ClosedName
from infoint.errors import AlreadyExists, Conflict, InvalidRecord, InvalidValue, NaiveTime
from infoint.plain import JSON
from infoint.storage.frozen import MAX_BYTES, MAX_INT, FrozenDict, frozen_json, text_problem

IndexValue: TypeAlias = str | int | None
"""Times as "2026-12-01T16:00:00.000000Z", days as "2026-12-01": text order is time order."""

MAX_INDEX_TEXT: Final = 1_000
"""Characters of one index value. The codec cuts what is longer: an index finds, `data` keeps."""
MAX_INDEX_VALUES: Final = 1_000
"""Values of one field of one record."""
SLUG: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")


_NOTHING: Final[FrozenDict[str, tuple[IndexValue, ...]]] = FrozenDict()


class IndexField(ClosedName):
    """All that can be asked for; closed, so a storage can make its indexes once."""

    STATUS = "status"
    KIND = "kind"
    START = "start"
    DUE = "due"
    NAME = "name"
    EMAIL = "email"
    ORGANIZATION = "organization"
    CONTACT = "contact"
    INTERVIEW = "interview"
    EXPLORATION = "exploration"
    EXTERNAL_ID = "external_id"
    TAG = "tag"
    UPDATED_AT = "updated_at"


class Key(NamedTuple):
    """What a record is found by within its workspace."""

    kind: str
    id: UUID


def index_problem(value: object) -> str:
    """What keeps a value out of an index; "" if nothing does."""
    if isinstance(value, str):
        too_long = f"is longer than {MAX_INDEX_TEXT:_} characters" if len(value) > MAX_INDEX_TEXT else ""
        return too_long or text_problem(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return "is an integer beyond 2^53" if abs(value) > MAX_INT else ""
    return f"is a {type(value).__name__}, not text or an integer"


def check_kind(entity: str, kind: object) -> None:
    """Raises InvalidValue where `kind` is not a slug."""
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise InvalidValue(entity, "kind", "must be a slug: 1 to 64 of a-z, 0-9, '-', '_', a letter first", value=kind)


def _in_utc(moment: datetime) -> datetime:
    if type(moment) is datetime and moment.tzinfo is UTC:
        return moment
    if not isinstance(moment, datetime):
        raise InvalidValue("Write", "updated_at", f"must be a datetime, not a {type(moment).__name__}", value=moment)
    if moment.utcoffset() is None:
        raise NaiveTime("Write", "updated_at", value=moment)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidValue("Write", "updated_at", "is outside the years 1 to 9999 in UTC", value=moment) from None


def _frozen_index(index: Mapping[IndexField, tuple[IndexValue, ...]]) -> Mapping[IndexField, tuple[IndexValue, ...]]:
    if not isinstance(index, Mapping):
        raise InvalidRecord(f"must be a mapping, not a {type(index).__name__}", place="index")
    return FrozenDict({_index_field(name): _index_values(name, values) for name, values in index.items()})


def _index_field(name: object) -> IndexField:
    if not isinstance(name, IndexField):
        raise InvalidRecord(f"has a {type(name).__name__} as a key; keys are of IndexField", place="index")
    return name


def _index_values(name: IndexField, values: object) -> tuple[IndexValue, ...]:
    if type(values) is tuple and len(values) == 1:
        # What most are, and every record that is saved has some: nothing more is done for it.
        only = values[0]
        if type(only) is str and len(only) <= MAX_INDEX_TEXT and only.isascii() and "\x00" not in only:
            return values
    place = f"index.{name.value}"
    if not isinstance(values, tuple | list):
        raise InvalidRecord(f"must be a tuple of values, not a {type(values).__name__}", place=place)
    if len(values) > MAX_INDEX_VALUES:
        raise InvalidRecord(f"has more than {MAX_INDEX_VALUES:_} values", place=place)
    for number, value in enumerate(values):
        if value is not None and (problem := index_problem(value)):
            raise InvalidRecord(problem, place=f"{place}[{number}]")
    return tuple([_plain(value) for value in values if value is not None])


def _plain(value: str | int) -> str | int:
    return str.__str__(value) if isinstance(value, str) else int(value)


def _check_text(_write: object, _attribute: object, text: str) -> None:
    if not isinstance(text, str):
        raise InvalidRecord(f"must be text, not a {type(text).__name__}", place="text")
    problem = text_problem(text)
    if not problem and len(text) > MAX_BYTES // 4 and len(text.encode()) > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES // 1024 // 1024} MiB"
    if problem:
        raise InvalidRecord(problem, place="text")


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


@frozen(kw_only=True)
class Write:
    """What the engine asks a storage to keep. Raises InvalidValue, and InvalidRecord (see `frozen_json`) for what no storage could
    give back unchanged. Its data and index are deep copies that cannot change: what the caller does later to the originals does
    not reach what is stored.
    """

    kind: str = field()
    id: UUID = field()
    expect: int | None = field()
    """The version the storage must find: 0 = none yet, None = whatever is there."""
    updated_at: datetime = field(converter=_in_utc)
    """By the engine's clock; a storage keeps it and reads no clock of its own. Any zone; kept in UTC."""
    schema: tuple[int, int] = field()
    """Major, minor of the data's shape."""
    data: Mapping[str, JSON] = field(repr=False, converter=frozen_json)
    index: Mapping[IndexField, tuple[IndexValue, ...]] = field(repr=False, converter=_frozen_index)
    """Made by the codec; several values (two e-mails) match if one does. None among them says "no value" and is left out."""
    text: str = field(default="", repr=False, validator=_check_text)
    """For full-text search, if the storage declares it."""
    deleted: bool = False
    """A tombstone: data, index and text are empty."""

    @property
    def key(self) -> Key:
        """Kind and id."""
        return Key(self.kind, self.id)

    @kind.validator
    def _check_kind(self, _attribute: "Attribute[str]", kind: str) -> None:
        check_kind("Write", kind)

    @id.validator
    def _check_id(self, _attribute: "Attribute[UUID]", id: UUID) -> None:
        if not isinstance(id, UUID):
            raise InvalidValue("Write", "id", f"must be a UUID, not a {type(id).__name__}", value=id)

    @expect.validator
    def _check_expect(self, _attribute: "Attribute[int | None]", expect: int | None) -> None:
        if expect is not None and not _counts(expect):
            raise InvalidValue("Write", "expect", "must be a version (0, 1, 2 …) or None", value=expect)

    @schema.validator
    def _check_schema(self, _attribute: "Attribute[tuple[int, int]]", schema: Any) -> None:
        if not isinstance(schema, tuple) or len(schema) != 2 or not all(map(_counts, schema)):
            raise InvalidValue("Write", "schema", "must be two integers, major and minor, not negative", value=schema)

    def __attrs_post_init__(self) -> None:
        """Looks at the fields together."""
        if self.deleted and (self.data or any(self.index.values()) or self.text):
            raise InvalidValue("Write", "deleted", "a tombstone keeps nothing: leave data, index and text empty")


@frozen(kw_only=True)
class Record:
    """What a storage kept: the write, and what the storage counted. Storages make it, so it checks nothing; `Storage.load` takes those
    of another storage.
    """

    kind: str
    id: UUID
    version: int
    """1 at first, +1 per save of this record, tombstones counted."""
    seq: int
    """The commit that wrote it; per workspace, from 1, gapless, in commit order."""
    updated_at: datetime
    """In UTC."""
    schema: tuple[int, int]
    data: Mapping[str, JSON] = field(repr=False)
    index: Mapping[IndexField, tuple[IndexValue, ...]] = field(repr=False)
    text: str = field(default="", repr=False)
    """Given back as it was put, whether or not it can be searched: whoever moves house takes it along."""
    deleted: bool = False
    newer_index: Mapping[str, tuple[IndexValue, ...]] = field(default=_NOTHING, repr=False)
    """Index values of fields that only a newer infoint knows, by their names: it put them, and asks by them. They stay through saves of
    this one, and a tombstone has none. A storage that cannot keep them leaves them out, and a copy into it says so.
    """

    @property
    def key(self) -> Key:
        """Kind and id."""
        return Key(self.kind, self.id)

    @classmethod
    def kept(cls, write: Write, *, after: "Record | None", seq: int) -> Self:
        """The record that `write` becomes on top of `after`, in commit `seq`.

        Raises AlreadyExists where a new one was expected and one is there (a tombstone is one too: expect its version to bring the
        record back), and Conflict where another version was.
        """
        have = after.version if after else 0
        if write.expect is not None and write.expect != have:
            refusal = Conflict if write.expect else AlreadyExists
            raise refusal(write.kind, write.id, expected=write.expect, actual=have)
        return cls(
            kind=write.kind, id=write.id, version=have + 1, seq=seq, updated_at=write.updated_at, schema=write.schema,
            data=write.data, index=write.index, text=write.text, deleted=write.deleted,
            newer_index=after.newer_index if after and not write.deleted else _NOTHING,
        )  # fmt: skip  # field by field would hide that it is the write and two counts
