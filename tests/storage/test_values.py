"""What may be written, asked and named: the values of the contract, and what they refuse."""

import base64
import json
import pickle
import random
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from infoint.errors import InfointError, InvalidCursor, InvalidRecord, InvalidValue, NaiveTime, ResyncRequired
from infoint.storage import (
    Condition,
    IndexField,
    MemoryStorage,
    Op,
    Query,
    StorageUrl,
    Write,
    check_workspace,
    run_changes,
    run_query,
)
from infoint.storage.cursors import _asked, _encoded
from infoint.storage.frozen import frozen_json
from infoint.testing.storage_case import KIND, MOMENT, id_of, put, tombstone, write

GOOD: dict[str, Any] = {
    "kind": "note", "id": id_of(1), "expect": 0, "updated_at": MOMENT, "schema": (1, 0), "data": {"a": 1}, "index": {},
}  # fmt: skip
SECRET = "a person's words"  # private, not a password


# ── Write ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("kind", kind) for kind in ("", "Note", "1note", "no te", "no/te", "nöte", "note\n", "x" * 65, None, 7)),
        *(("id", id) for id in (None, 1, "00000000-0000-0000-0000-000000000001")),
        *(("expect", expect) for expect in (-1, True, 1.0, "1", 2**31)),
        *(("updated_at", moment) for moment in (None, "2026-03-02", MOMENT.date())),
        ("updated_at", datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-5)))),
        *(("schema", schema) for schema in (1, (1,), (1, 0, 0), (1, -1), (1, "0"), [1, 0], (True, 0), None)),
    ],
    ids=ascii,
)
def test_field_that_is_wrong_is_named(field: str, value: Any) -> None:
    """A mistake of the caller reaches a storage, and each storage makes something else of it."""
    with pytest.raises(InvalidValue, match=rf"Write\.{field}: "):
        Write(**{**GOOD, field: value})


def test_naive_time_is_refused() -> None:
    """A time without a zone is stored as if it were UTC."""
    with pytest.raises(NaiveTime):
        Write(**{**GOOD, "updated_at": MOMENT.replace(tzinfo=None)})


def test_time_is_kept_in_utc() -> None:
    """Two storages give back equal times that do not look equal."""
    moment = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert Write(**{**GOOD, "updated_at": moment}).updated_at.tzinfo is UTC


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 2):
        value = [value]
    return {"a": value}


def endless() -> Any:
    value: dict[str, Any] = {}
    value["again"] = value
    return value


def bomb() -> Any:
    value: Any = "x" * 1_000
    for _ in range(30):
        value = [value, value]
    return {"a": value}


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        ({"notes": [{"text": f"{SECRET}\x00"}]}, "data.notes[0].text", "NUL"),
        ({"notes": (f"{SECRET}\ud800",)}, "data.notes[0]", "surrogate"),
        ({"notes": f"é{SECRET}\udfff"}, "data.notes", "surrogate"),
        ({"a": {f"{SECRET}\x00": 1}}, "data.a.(key 1)", "NUL"),
        ({"a": {"ok": 1, SECRET: float("nan")}}, "data.a.(key 2)", "finite"),
        ({"a": float("inf")}, "data.a", "finite"),
        ({"a": -float("inf")}, "data.a", "finite"),
        ({"a": 2**53 + 1}, "data.a", "2^53"),
        ({"a": -(2**53) - 1}, "data.a", "2^53"),
        ({"a": {1: 2}}, "data.a", "int as key 1"),
        ({"a": {1, 2}}, "data.a", "set"),
        ({"a": b"x"}, "data.a", "bytes"),
        ({"owner:name": MOMENT}, "data.owner:name", "datetime"),
        ({"a": id_of(1)}, "data.a", "UUID"),
        (nested(65), "data.a" + "[0]" * 63, "deeper than 64"),
        (endless(), "data" + ".again" * 64, "deeper than 64"),
        (bomb(), "data.a", "larger than 16 MiB"),
        ({"a": "x" * (16 * 1024 * 1024)}, "data.a", "larger than 16 MiB"),
        ({"a": "𝄞" * (4 * 1024 * 1024)}, "data", "larger than 16 MiB"),
        ([("a", 1)], "data", "must be a mapping, not a list"),
        (None, "data", "must be a mapping"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_data_that_no_storage_gives_back_is_refused(data: Any, place: str, problem: str) -> None:
    """Something is stored that one storage changes and another refuses; or the message tells what a person wrote."""
    with pytest.raises(InvalidRecord) as caught:
        Write(**{**GOOD, "data": data})
    assert caught.value.place.startswith(place)
    assert problem in str(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value) + str(caught.value.facts)
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    "data", [{"a": 2**53}, nested(64), {"a": "x" * (16 * 1024 * 1024 - 8)}, {"a": "\x01\x7f\n"}, {"": 1e308}]
)
def test_data_at_the_limits_is_taken(data: Any) -> None:
    """A limit was drawn one step too early."""
    assert Write(**{**GOOD, "data": data}).data == data


@pytest.mark.parametrize(
    ("index", "place"),
    [
        ({"due": ("x",)}, "index"),
        ([], "index"),
        ({IndexField.DUE: "2026-04-01"}, "index.due"),
        ({IndexField.DUE: None}, "index.due"),
        ({IndexField.DUE: ("x", True)}, "index.due[1]"),
        ({IndexField.DUE: (1.5,)}, "index.due[0]"),
        ({IndexField.DUE: (2**53 + 1,)}, "index.due[0]"),
        ({IndexField.EMAIL: (f"{SECRET}\x00",)}, "index.email[0]"),
        ({IndexField.EMAIL: ("\ud800",)}, "index.email[0]"),
        ({IndexField.NAME: ("x" * 1_001,)}, "index.name[0]"),
        ({IndexField.NAME: tuple(range(1_001))}, "index.name"),
        ({IndexField.NAME: (MOMENT,)}, "index.name[0]"),
    ],
    ids=ascii,
)
def test_index_that_cannot_be_asked_for_is_refused(index: Any, place: str) -> None:
    """A value is indexed that one storage sorts elsewhere than another, or not at all."""
    with pytest.raises(InvalidRecord) as caught:
        Write(**{**GOOD, "index": index})
    assert caught.value.place == place
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text", [None, 7, "a\x00", "\ud800", "x" * (16 * 1024 * 1024 + 1), "𝄞" * (4 * 1024 * 1024 + 1)], ids=lambda text: ""
)
def test_text_that_cannot_be_searched_is_refused(text: Any) -> None:
    """A text reaches the full-text search that ends it in a native error."""
    with pytest.raises(InvalidRecord, match=r"^text: "):
        Write(**{**GOOD, "text": text})


def test_nothing_among_index_values_is_left_out() -> None:
    """ "No value" stands among values, and storages sort it differently."""
    kept = Write(**{**GOOD, "index": {IndexField.DUE: (None, "b", None, "a"), IndexField.NAME: [None]}})
    assert kept.index == {IndexField.DUE: ("b", "a"), IndexField.NAME: ()}


@pytest.mark.parametrize("field", [{"data": {"a": 1}}, {"index": {IndexField.DUE: ("x",)}}, {"text": "words"}])
def test_tombstone_keeps_nothing(field: dict[str, Any]) -> None:
    """A deleted record goes on keeping a person's words."""
    with pytest.raises(InvalidValue, match="tombstone"):
        attrs.evolve(tombstone(1), **field)


def test_repr_shows_no_content() -> None:
    """A log line tells a person's words or address."""
    record = put(MemoryStorage(), write(1, data={"notes": SECRET}, text=SECRET, email=SECRET))[0]
    for value in (
        record,
        write(1, data={"notes": SECRET}, text=SECRET, email=SECRET),
        StorageUrl("x", SECRET, {"password": SECRET}),
    ):
        assert SECRET not in repr(value)


def test_labels_become_plain() -> None:
    """A label of a closed set comes back from memory as such, and from a file as text."""

    class Mood(StrEnum):
        CALM = "calm"

    class Level(IntEnum):
        ONE = 1

    kept = write(1, data={Mood.CALM: [Mood.CALM, Level.ONE]}, status=(Mood.CALM, Level.ONE))
    assert repr(kept.data) == "{'calm': ['calm', 1]}"
    assert repr(kept.index[IndexField.STATUS]) == "('calm', 1)"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(b=1),
        lambda data: data.pop("a"),
        lambda data: data.setdefault("b", 1),
        lambda data: data.__setitem__("b", 1),
        lambda data: data.__delitem__("a"),
        lambda data: data.__ior__({"b": 1}),
        lambda data: data.popitem(),
        lambda data: data.clear(),
        lambda data: data["a"].append(1),
        lambda data: data["a"].extend([1]),
        lambda data: data["a"].insert(0, 1),
        lambda data: data["a"].pop(),
        lambda data: data["a"].remove(1),
        lambda data: data["a"].clear(),
        lambda data: data["a"].sort(),
        lambda data: data["a"].reverse(),
        lambda data: data["a"].__setitem__(0, 1),
        lambda data: data["a"].__delitem__(0),
        lambda data: data["a"].__iadd__([1]),
        lambda data: data["a"].__imul__(2),
    ],
)
def test_frozen_data_cannot_change(change: Callable[[Any], object]) -> None:
    """One of the ways to change a dict or a list was left open."""
    data = frozen_json({"a": [1, 2]})
    with pytest.raises(TypeError, match="cannot be changed"):
        change(data)
    assert data == {"a": [1, 2]}


def test_frozen_data_can_be_copied_and_written() -> None:
    """Frozen data cannot be pickled, copied or written as JSON, or is no longer frozen afterwards."""
    data = frozen_json({"a": [1, {"b": None}]})
    for copy in (pickle.loads(pickle.dumps(data)), deepcopy(data)):  # our own bytes
        assert copy == data
        assert type(copy["a"]) is type(data["a"])
    assert json.loads(json.dumps(data)) == data


# ── workspaces ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("key", [None, 7, b"a", UUID(int=1)], ids=ascii)
def test_workspace_key_is_text(key: Any) -> None:
    """A number or an id is taken for a key by one storage and refused by another."""
    with pytest.raises(InvalidValue, match=r"Storage\.workspace"):
        check_workspace(key)


@settings(derandomize=True)
@given(st.text(max_size=201))
def test_workspace_key_has_no_controls(key: str) -> None:
    """A key that breaks a log line or a file name got through, or a harmless one did not."""
    bad = not 1 <= len(key) <= 200 or any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in key)
    try:
        assert check_workspace(key) == key
        assert not bad
    except InvalidValue:
        assert bad


# ── queries ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("op", "value"),
    [
        (Op.EQ, None), (Op.LT, None), (Op.PREFIX, None), (Op.PREFIX, 1), (Op.IS_NULL, "x"), (Op.EQ, True), (Op.EQ, 1.0),
        (Op.EQ, 2**53 + 1), (Op.EQ, "a\x00"), (Op.EQ, "\ud800"), (Op.PREFIX, "x" * 1_001), ("=", "x"),
    ],
)  # fmt: skip
def test_condition_that_means_nothing_is_refused(op: Any, value: Any) -> None:
    """A condition that cannot hold, or that a storage cannot ask, is answered with an empty page."""
    with pytest.raises(InvalidValue, match="Condition"):
        Condition(IndexField.DUE, op, value)


def test_condition_on_an_unknown_field_is_refused() -> None:
    """A misspelt field is answered with an empty page."""
    with pytest.raises(InvalidValue, match=r"Condition\.field"):
        Condition("due", Op.EQ, "x")  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "Note"), ("limit", 0), ("limit", 10_001), ("limit", True), ("limit", 1.0), ("sort", "due"), ("cursor", None),
        ("where", [Condition(IndexField.DUE, Op.IS_NULL)]), ("where", ("due",)), ("where", (Condition(IndexField.DUE, Op.IS_NULL),) * 33),
    ],
    ids=lambda value: "",
)  # fmt: skip
def test_query_that_means_nothing_is_refused(field: str, value: Any) -> None:
    """A wrong query reaches a storage, and each storage makes something else of it."""
    with pytest.raises(InvalidValue, match=rf"Query\.{field}: "):
        Query(**{"kind": KIND, field: value})


# ── cursors ──────────────────────────────────────────────────────────────────────────────────────
ROWS = put(MemoryStorage(), *(write(number, due=f"2026-04-0{number}") for number in range(1, 8)))
BY_DUE = Query(kind=KIND, sort=IndexField.DUE, limit=3)


def test_cursor_of_another_workspace_is_refused() -> None:
    """A position, and a value with it, is carried from one person to another."""
    cursor = run_query(ROWS, BY_DUE, workspace="ana").cursor
    assert run_query(ROWS, attrs.evolve(BY_DUE, cursor=cursor), workspace="ana").items == ROWS[3:6]
    with pytest.raises(InvalidCursor):
        run_query(ROWS, attrs.evolve(BY_DUE, cursor=cursor), workspace="ben")
    since = run_changes(ROWS, "", 3, workspace="ana").cursor
    with pytest.raises(InvalidCursor):
        run_changes(ROWS, since, 3, workspace="ben")


@pytest.mark.parametrize(
    "position",
    [
        [], [None], [1, 2, 3], [None, None], [None, 7], [None, "x"], [None, id_of(1).hex + "0"], [True, id_of(1).hex], [1.5, id_of(1).hex],
        [[], id_of(1).hex], [2**60, id_of(1).hex], ["\x00", id_of(1).hex],
    ],
)  # fmt: skip
def test_cursor_with_a_forged_position_is_refused(position: list[Any]) -> None:
    """Whoever knows how a cursor is made gets a native error out of a storage."""
    cursor = _encoded(_asked(BY_DUE, ""), position)
    with pytest.raises(InvalidCursor):
        run_query(ROWS, attrs.evolve(BY_DUE, cursor=cursor))


def test_cursor_written_in_another_way_is_refused() -> None:
    """One position has many cursors: caches and logs take them for different ones."""
    real = run_query(ROWS, BY_DUE).cursor
    content = json.loads(base64.urlsafe_b64decode(real + "=" * (-len(real) % 4)))
    spaced = base64.urlsafe_b64encode(json.dumps(content, indent=1).encode()).decode().rstrip("=")
    for cursor in (spaced, real + "=" * (-len(real) % 4 or 4)):
        with pytest.raises(InvalidCursor):
            run_query(ROWS, attrs.evolve(BY_DUE, cursor=cursor))


def test_cursor_without_order_has_no_value() -> None:
    """A position in an order that was not asked for is accepted."""
    query = Query(kind=KIND)
    with pytest.raises(InvalidCursor):
        run_query(ROWS, attrs.evolve(query, cursor=_encoded(_asked(query, ""), ["x", id_of(1).hex])))


@pytest.mark.parametrize(
    "position",
    [[], [1, KIND], [0, KIND, id_of(1).hex], [True, KIND, id_of(1).hex], ["1", KIND, id_of(1).hex], [1, 7, id_of(1).hex],
     [1, "\x00", id_of(1).hex], [1, KIND, None], [2**70, KIND, id_of(1).hex]],
)  # fmt: skip
def test_change_cursor_with_a_forged_position_is_refused(position: list[Any]) -> None:
    """As above, for changes."""
    with pytest.raises(InvalidCursor):
        run_changes(ROWS, _encoded(["changes", ""], position), 3)


@pytest.mark.parametrize("since", [None, 7, b"x"])
def test_change_cursor_is_text(since: Any) -> None:
    """A cursor of another type ends in a native error."""
    with pytest.raises(InvalidCursor):
        run_changes(ROWS, since, 3)


def test_damaged_cursors_end_in_our_error() -> None:
    """Some damage of a cursor gives a native error or a wrong page."""
    rng = random.Random(4)
    real = run_query(ROWS, BY_DUE).cursor
    for _ in range(2_000):
        letters = list(real)
        for _ in range(rng.randint(1, 3)):
            letters[rng.randrange(len(letters))] = chr(rng.choice([rng.randrange(128), rng.randrange(0x110000)]))
        cursor = "".join(letters)
        if cursor != real:
            with pytest.raises(InfointError):
                run_query(ROWS, attrs.evolve(BY_DUE, cursor=cursor))


def test_cursor_of_an_older_life_asks_for_a_new_start() -> None:
    """A workspace was dropped and begun again, and a follower of the old one is told nothing for a long time."""
    storage = MemoryStorage()
    for number in range(1, 4):
        put(storage, write(number), workspace="ana")
    with storage.session("ana") as session:
        cursor = session.changes("").cursor
    storage.drop_workspace("ana")
    put(storage, write(1), workspace="ana")
    with storage.session("ana") as session, pytest.raises(ResyncRequired):
        session.changes(cursor)


# ── URLs ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "scheme", "rest", "options"),
    [
        ("memory:", "memory", "", {}),
        ("sqlite:interviews.db", "sqlite", "interviews.db", {}),
        ("sqlite:/home/ana/my talks/日本 50%.db", "sqlite", "/home/ana/my talks/日本 50%.db", {}),
        ("sqlite:C:\\talks\\a.db", "sqlite", "C:\\talks\\a.db", {}),
        ("SQLite:a.db?timeout=2.5", "sqlite", "a.db", {"timeout": "2.5"}),
        ("sqlite:what?.db?", "sqlite", "what?.db", {}),
        ("sqlite:what?.db?timeout=1", "sqlite", "what?.db", {"timeout": "1"}),
        ("xx:a%20b?c=%20%3F%26+&d==", "xx", "a%20b", {"c": " ?&+", "d": "="}),
        (
            "postgresql://app:pw@db.oak.example/infoint?sslmode=require",
            "postgresql",
            "//app:pw@db.oak.example/infoint",
            {"sslmode": "require"},
        ),
    ],
)
def test_url_is_read_as_it_stands(text: str, scheme: str, rest: str, options: dict[str, str]) -> None:
    """A path is unescaped, cut at a question mark of its own, or an option gets lost."""
    url = StorageUrl.parse(text)
    assert (url.scheme, url.rest, url.options) == (scheme, rest, options)
    assert url == StorageUrl(scheme, rest, options)
    assert hash(url) == hash(StorageUrl(scheme, rest, options))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "interviews.db",
        "/a/b.db",
        "C:\\talks\\a.db",
        ":a",
        "1x:a",
        "a b:c",
        "xx:a?b",
        "xx:a?=b",
        "xx:a?b=1&b=2",
        "xx:a?&",
        "xx:what?.db",
        None,
        7,
    ],
)
def test_url_that_is_none_is_refused(text: Any) -> None:
    """A path without a scheme, or a misspelt option, is taken for something else; or the message tells a password."""
    with pytest.raises(InvalidValue, match=r"StorageUrl\.text: ") as caught:
        StorageUrl.parse(text)
    assert "what?.db" not in str(caught.value)
