"""Identity, and what every stored value carries. Ids are made from what is given; nothing here reads a clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

from attrs import field, frozen

from infoint.errors import InvalidValue, MissingId, NaiveTime
from infoint.model import fields
from infoint.model.frozen_json import EMPTY
from infoint.plain import JSON

NIL: Final = fields.NIL
"""RFC 9562 §5.9. An entity with this id has no identity yet; whatever needs one raises MissingId."""

NAMESPACE: Final = UUID("6f0d3a52-8c1e-5b7f-9a44-2d9c1e7b5f30")
"""Every derived id is a name in here (RFC 9562 §5.5). It never changes: stored ids depend on it."""


@frozen(kw_only=True)
class Value:
    """Everything that is stored, nested or not."""

    extra: Mapping[str, JSON] = field(default=EMPTY, converter=fields.as_json, validator=fields.json(), hash=False, repr=False)
    """Keys a newer infoint wrote: carried through every change, never read."""


@frozen(kw_only=True)
class Entity(Value):
    """What contacts, profiles, explorations, interviews, follow-ups and touches have in common."""

    id: UUID = field(default=NIL, validator=fields.a(UUID))
    custom: Mapping[str, JSON] = field(default=EMPTY, converter=fields.as_json, validator=fields.owned_json(), hash=False)
    """Fields of apps and plugins, keys "owner:name". `CustomField` reads and writes them typed."""
    edited_at: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True), eq=False
    )
    """Last direct edit after it was added; None = never. Hosts with their own database: their own column."""
    version: int = field(default=0, validator=fields.whole(0, 2**53), eq=False)
    """What the store counted; 0 = not stored there. Hosts with their own database leave it alone."""


E = TypeVar("E", bound=Entity)


def identified(entity: E) -> E:
    """The entity itself, if it has an identity. Raises MissingId, and InvalidValue for what is no entity."""
    if not isinstance(entity, Entity):
        problem = f"needs a contact, interview …, got {type(entity).__name__}: look it up first, and give the value"
        raise InvalidValue("entity", "type", problem, value=entity)
    if entity.id == NIL:
        raise MissingId(type(entity).__name__, value=entity)
    return entity


def derive_id(*parts: str | int | UUID) -> UUID:
    """The same parts give the same id, always and everywhere; other parts give another (a UUIDv5, RFC 9562 §5.5).

    `derive_id("crm.example", "contact", row.pk)`. Raises InvalidValue for no part, a part of another type, or a whole number
    past 1,024 bits.
    """
    if not parts:
        raise InvalidValue("derive_id", "parts", "needs at least one part")
    from hashlib import sha1  # loads OpenSSL, which most who import a value do without

    # What uuid.uuid5 does, which refuses half characters: file names may hold them.
    name = "".join(map(_named, parts)).encode("utf-8", "surrogatepass")
    return UUID(bytes=sha1(NAMESPACE.bytes + name, usedforsecurity=False).digest()[:16], version=5)


def _named(part: str | int | UUID) -> str:
    # Type and length stand before each part, so that ("ab", "c") and ("a", "bc"), or 1 and "1", never meet.
    match part:
        case str():
            tag, text = "s", str.__str__(part)  # uncleaned: every difference counts
        case UUID():
            tag, text = "u", part.hex
        case int() if not isinstance(part, bool) and part.bit_length() <= 1_024:
            tag, text = "i", int.__repr__(part)
        case _:
            raise InvalidValue(
                "derive_id", "parts", f"takes text, whole numbers and UUIDs, got {type(part).__name__}", value=part
            )
    return f"{tag}{len(text)}:{text}"


def time_ordered_id(at: datetime, entropy: bytes) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7) from the caller's clock (zoned, to the millisecond) and randomness (10 bytes or more).

    Raises NaiveTime, or InvalidValue for too little entropy or a time before 1970.
    """
    if not isinstance(at, datetime):
        raise InvalidValue("time_ordered_id", "at", f"needs a datetime with a zone, got {type(at).__name__}", value=at)
    if at.utcoffset() is None:
        raise NaiveTime("time_ordered_id", "at", value=at)
    if len(entropy) < 10:
        raise InvalidValue("time_ordered_id", "entropy", f"needs 10 bytes, got {len(entropy)}")
    since_1970 = at - datetime(1970, 1, 1, tzinfo=UTC)
    milliseconds = (since_1970.days * 86_400 + since_1970.seconds) * 1_000 + since_1970.microseconds // 1_000
    if not 0 <= milliseconds < 2**48:
        raise InvalidValue("time_ordered_id", "at", "lies before 1970 or too far ahead", value=at)
    random = int.from_bytes(entropy[:10], "big")
    version_and_a = 0x7000 | random >> 62 & 0x0FFF
    variant_and_b = 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | version_and_a << 64 | variant_and_b)
