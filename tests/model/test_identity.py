"""Ids: derived ones never change and never meet, time-ordered ones are what RFC 9562 says."""

from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import assume, given, strategies as st

from infoint.errors import InvalidValue, MissingId, NaiveTime
from infoint.model import NIL, Contact, FollowUpKind, derive_id, time_ordered_id
from infoint.model.identity import NAMESPACE, identified

PARTS = st.one_of(st.text(st.characters(), max_size=4), st.integers(), st.uuids())


@pytest.mark.parametrize(
    ("parts", "id"),
    [
        (("profile",), "f4d38c2d-4376-5ae7-91db-e27f40c90159"),
        (("crm.example", "contact", 17), "c331ad08-a15d-5658-9895-18a64f061bac"),
        (("follow-up", "thank-you", UUID("00000000-0000-0000-0000-000000000005"), 0), "a9a7a68b-2085-54e4-9587-0f0339cfb162"),
        (("añb\n",), "1b509dee-09e8-5e1d-bdfa-c73f87d79d68"),
        ((0,), "9a085604-76ab-5084-a681-b1eb54ae9ef5"),
        ((-5, "x"), "9050bc7b-5683-53b3-8165-7863cad952ab"),
        ((18446744073709551616,), "b29f36d9-1296-5874-ad48-565960b42033"),
        (("",), "a5ef8983-f30f-5828-8ae8-8677e178a962"),
    ],
)
def test_derived_ids_never_change(parts: tuple[Any, ...], id: str) -> None:
    """Every stored record and every calendar entry would get a second one beside it."""
    assert str(derive_id(*parts)) == id


def test_derived_ids_are_uuid5_of_the_parts_with_type_and_length() -> None:
    """Another language could not derive the same ids from the documented form."""
    assert derive_id("añb", 7) == uuid5(NAMESPACE, "s3:añbi1:7")
    assert (derive_id("a").version, derive_id("a").variant) == (5, "specified in RFC 4122")


@given(st.lists(PARTS, min_size=1, max_size=3), st.lists(PARTS, min_size=1, max_size=3))
def test_other_parts_give_another_id(one: list[Any], other: list[Any]) -> None:
    """Two rows of a host's database would become one contact."""
    assume([(type(part), part) for part in one] != [(type(part), part) for part in other])
    assert derive_id(*one) != derive_id(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((1,), ("1",)),
        ((UUID(int=1),), (UUID(int=1).hex,)),
        (("a\x1fb",), ("ab",)),
        (("a\r\nb",), ("a\nb",)),
        (("a ",), ("a",)),
        (("\ud800",), ("\ufffd",)),
        (("a", ""), ("a",)),
        (("s1:a",), ("a",)),
        ((-1,), (1,)),
    ],
)
def test_near_misses(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    """Parts that look alike when put together, or after cleaning, would share an id."""
    assert derive_id(*one) != derive_id(*other)


def test_enumerations_and_names_count_as_what_they_hold() -> None:
    """An id would depend on how a Python version prints a member."""

    class Old(str, Enum):  # noqa: UP042  # the old form is what is tested
        A = "a"

    class New(StrEnum):
        A = "a"

    class Number(IntEnum):
        ONE = 1

    assert derive_id("a", 1) == derive_id(Old.A, Number.ONE) == derive_id(New.A, 1)
    assert derive_id(FollowUpKind.NUDGE) == derive_id("nudge")


@pytest.mark.parametrize("parts", [(), (None,), (True,), (1.0,), (b"a",), ("a", ["b"]), (10**5_000,)])
def test_parts_of_no_name(parts: tuple[Any, ...]) -> None:
    """An id would be derived from something that prints differently tomorrow; a huge number would raise Python's own error."""
    with pytest.raises(InvalidValue, match=r"derive_id\.parts"):
        derive_id(*parts)


def test_nil_is_no_identity() -> None:
    """Two drafts would be taken for one thing."""
    assert UUID("00000000-0000-0000-0000-000000000000") == NIL
    with pytest.raises(MissingId, match=r"Contact\.id: has no identity yet; save it first"):
        identified(Contact(name="Ana"))
    ana = Contact(name="Ana", id=UUID(int=1))
    assert identified(ana) is ana


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)), st.binary(min_size=10, max_size=12))
def test_time_ordered_ids_are_uuid7(at: datetime, entropy: bytes) -> None:
    """Databases that sort by id, and readers of the time in it, would be misled (RFC 9562 §5.7)."""
    made = time_ordered_id(at, entropy)
    assert (made.int >> 76 & 0xF, made.int >> 62 & 0b11) == (7, 0b10)
    assert made.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert time_ordered_id(at + timedelta(milliseconds=1), bytes(10)) > made if at.year < 9999 else True
    assert made == time_ordered_id(at, entropy)


def test_entropy_is_used_up() -> None:
    """Ids of one millisecond would meet sooner than they must: 74 bits are free."""
    at = datetime(2026, 12, 1, tzinfo=UTC)
    # The first 6 of 80 bits have no place.
    ids = {time_ordered_id(at, (1 << bit).to_bytes(10, "big")) for bit in range(80)}
    assert len(ids) == 74 + 1


def test_time_ordered_ids_follow_the_moment_not_the_clock_face() -> None:
    """Two zones would disagree about order."""
    at = datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert time_ordered_id(at, bytes(10)) == time_ordered_id(at.astimezone(timezone(timedelta(hours=9))), bytes(10))
    assert time_ordered_id(datetime(1970, 1, 1, 0, tzinfo=UTC), bytes(10)).int >> 80 == 0


def test_time_ordered_ids_refuse() -> None:
    """A bad clock or poor randomness would make ids that clash."""
    at = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(NaiveTime):
        time_ordered_id(datetime(2026, 12, 1), bytes(10))
    with pytest.raises(InvalidValue, match="10 bytes, got 9"):
        time_ordered_id(at, bytes(9))
    with pytest.raises(InvalidValue, match="before 1970"):
        time_ordered_id(datetime(1969, 12, 31, tzinfo=UTC), bytes(10))
    with pytest.raises(InvalidValue, match="before 1970"):
        time_ordered_id(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), bytes(10))
    with pytest.raises(InvalidValue, match="needs a datetime"):
        time_ordered_id("2026", bytes(10))  # type: ignore[arg-type]  # the mistake under test
