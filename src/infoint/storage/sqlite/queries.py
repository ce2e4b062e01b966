"""A Query in SQL. Every part walks one index in the order that is asked for and stops when the page is full; only what an equality
has made few is sorted.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from infoint.storage.cursors import Position, change_page_of, change_position, check_reach, page_of, position_after
from infoint.storage.meaning import run_query
from infoint.storage.queries import ChangePage, Condition, Op, Page, Query, check_limit
from infoint.storage.records import IndexField, Key, Record
from infoint.storage.sqlite.rows import COLUMNS, record_of
from infoint.storage.sqlite.schema import FIELD_BITS

FEW: Final = 200
"""Records that are rather sorted here than looked for along an index."""
_LAST_POINT: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


@frozen
class Place:
    """Which workspace, by its row and by its key, and in which file (for messages)."""

    row: int
    key: str
    path: str


@frozen
class Part:
    """One walk along an index."""

    sql: str
    parameters: tuple[Any, ...]


def run(connection: sqlite3.Connection, query: Query, place: Place) -> Page[Record]:
    """What `run_query` gives, read from the tables. Native errors come out."""
    few = _few(connection, query, place)
    if few:
        found = connection.execute(few.sql, few.parameters)
        return run_query([record_of(row, place.path) for row in found], query, workspace=place.key)
    rows: list[Record] = []
    for part in _walks(connection, query, place):
        wanted = query.limit + 1 - len(rows)
        if wanted:
            found = connection.execute(f"{part.sql} LIMIT ?", (*part.parameters, wanted))
            rows += [record_of(row, place.path) for row in found]
    return page_of(rows, query, place.key)


def explain(connection: sqlite3.Connection, query: Query, place: Place) -> Iterator[str]:
    """What of a query is not left to SQLite, and how it walks for the rest. Native errors come out."""
    few = _few(connection, query, place)
    if few:
        yield f"{few.parameters[2]} =: leaves at most {FEW} records; compared and sorted here"
        yield from _plan(connection, few.sql, few.parameters)
    else:
        for part in _walks(connection, query, place):
            yield from _plan(connection, f"{part.sql} LIMIT ?", (*part.parameters, query.limit + 1))


def _plan(connection: sqlite3.Connection, sql: str, parameters: tuple[Any, ...]) -> Iterator[str]:
    return (line for *_, line in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))


def _few(connection: sqlite3.Connection, query: Query, place: Place) -> Part | None:
    """Gives all that can be meant, where an equality leaves so few (the follow-ups of one interview) that sorting them is less work than
    walking along the order in search of them; else None.
    """
    if query.sort is None:
        return None
    for condition in query.where:
        if condition.op is Op.EQ:
            asked = (place.row, query.kind, condition.field.value, condition.value)
            counted = connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM {_ENTRY_IS} LIMIT ?)", (*asked, FEW + 1))  # noqa: S608  # constants
            if counted.fetchone()[0] <= FEW:
                return Part(f"SELECT {COLUMNS} FROM {_RECORD_OF_ENTRY} WHERE {_IS}", asked)  # noqa: S608  # constants
    return None


def _walks(connection: sqlite3.Connection, query: Query, place: Place) -> Iterator[Part]:
    after = position_after(query, place.key)
    return parts(query, after, place.row, one_value=_has_one_value(connection, query, place.row))


def run_changes(
    connection: sqlite3.Connection, since: str, limit: int, *, place: Place, seq: int, put: Mapping[Key, Record | None]
) -> ChangePage:
    """What `run_changes` of the contract gives over the records of commits up to `seq`. `put` is what stood where the session has put
    something: its own commit is not told before it has happened. Native errors come out.
    """
    check_limit("Session.changes", limit)
    after = change_position(since, place.key)
    check_reach(after, seq)
    found = connection.execute(
        f"SELECT {COLUMNS} FROM record AS r WHERE r.workspace = ? AND (r.seq, r.kind, r.id) > (?, ?, ?) AND r.seq <= ?"  # noqa: S608  # constants
        " ORDER BY r.seq, r.kind, r.id LIMIT ?",
        (place.row, after.seq, after.kind, after.id.bytes, seq, limit + 1),
    )
    last = (after.seq, after.kind, after.id.int)
    rows = [record_of(row, place.path) for row in found]
    rows += [record for record in put.values() if record and (record.seq, record.kind, record.id.int) > last]
    rows.sort(key=lambda record: (record.seq, record.kind, record.id.int))
    return change_page_of(rows[: limit + 1], since, limit, place.key)


def parts(query: Query, after: Position | None, workspace: int, *, one_value: bool) -> Iterator[Part]:
    """The walks that give the whole answer, one after the other. `one_value`: no record of this kind has several values to sort by, so
    that a condition on this field bounds the walk itself.
    """
    if query.sort is None:
        yield _by_id(query, after, workspace)
        return
    asked = {condition.op for condition in query.where if condition.field is query.sort}
    in_valueless = after is not None and after.value is None
    in_valued = after is not None and after.value is not None
    valueless, valued = [], []
    # What compares a value is not held by a record without one; and a part that lies behind the cursor is done.
    if asked <= {Op.IS_NULL} and not (in_valued and not query.descending):
        valueless = [_by_id(query, after if in_valueless else None, workspace)]
    if Op.IS_NULL not in asked and not (in_valueless and query.descending):
        valued = [_by_value(query, query.sort, after if in_valued else None, workspace, one_value=one_value)]
    yield from (*valued, *valueless) if query.descending else (*valueless, *valued)


def _has_one_value(connection: sqlite3.Connection, query: Query, workspace: int) -> bool:
    if all(condition.field is not query.sort for condition in query.where):
        return False  # it would make no difference
    further = connection.execute(
        "SELECT 1 FROM entry INDEXED BY entry_further WHERE workspace = ? AND kind = ? AND field = ? AND first = 0 LIMIT 1",
        (workspace, query.kind, query.sort),
    )
    return further.fetchone() is None


class _Clauses:
    """Conditions and their parameters, kept together."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parameters: list[Any] = []

    def add(self, text: str, *parameters: Any) -> None:
        self.texts.append(text)
        self.parameters += parameters

    def part(self, source: str, order: str) -> Part:
        return Part(f"SELECT {COLUMNS} FROM {source} WHERE {' AND '.join(self.texts)} ORDER BY {order}", tuple(self.parameters))  # noqa: S608  # constants


_IS: Final = "d.workspace = ? AND d.kind = ? AND d.field = ? AND d.value = ?"
_ENTRY_IS: Final = f"entry AS d WHERE {_IS}"
_RECORD_OF_ENTRY: Final = "entry AS d CROSS JOIN record AS r ON r.workspace = d.workspace AND r.kind = d.kind AND r.id = d.id"
"""CROSS JOIN is SQLite's way to say which table leads."""


def _by_value(query: Query, sort: IndexField, after: Position | None, workspace: int, *, one_value: bool) -> Part:
    """Those with a value, in its order."""
    clauses = _Clauses()
    clauses.add("d.workspace = ? AND d.kind = ? AND d.field = ? AND d.first = 1", workspace, query.kind, sort.value)
    for condition in query.where:
        if condition.field is sort and one_value:
            _compare(clauses, "d.value", condition)
        else:
            _holds(clauses, condition, "d", workspace, query.kind)
    if after:
        clauses.add(f"(d.value, d.id) {_beyond(query)} (?, ?)", after.value, after.id.bytes)
    return clauses.part(_RECORD_OF_ENTRY, _ordered(query, "d.value", "d.id"))


def _by_id(query: Query, after: Position | None, workspace: int) -> Part:
    """All, or with `sort` those without a value, in order of id."""
    leader = next((condition for condition in query.where if condition.op is Op.EQ), None)
    clauses = _Clauses()
    if leader:
        name, source = "d", _RECORD_OF_ENTRY
        clauses.add(
            "d.workspace = ? AND d.kind = ? AND d.field = ? AND d.value = ?",
            workspace,
            query.kind,
            leader.field.value,
            leader.value,
        )
    else:
        name, source = "r", "record AS r INDEXED BY record_live"
        clauses.add("r.workspace = ? AND r.kind = ? AND r.deleted = 0", workspace, query.kind)
    if query.sort:
        clauses.add("(r.valued & ?) = 0", FIELD_BITS[query.sort])
    for condition in query.where:
        if condition is not leader:
            _holds(clauses, condition, name, workspace, query.kind)
    if after:
        clauses.add(f"{name}.id {_beyond(query)} ?", after.id.bytes)
    return clauses.part(source, _ordered(query, f"{name}.id"))


def _beyond(query: Query) -> str:
    return "<" if query.descending else ">"


def _ordered(query: Query, *columns: str) -> str:
    return ", ".join(f"{column} DESC" if query.descending else column for column in columns)


def _holds(clauses: _Clauses, condition: Condition, name: str, workspace: int, kind: str) -> None:
    """`name` is the table that leads; one value of the record that fits is enough."""
    if condition.op is Op.IS_NULL:
        clauses.add("(r.valued & ?) = 0", FIELD_BITS[condition.field])
        return
    inner = _Clauses()
    inner.add("c.workspace = ? AND c.kind = ?", workspace, kind)
    inner.add(f"c.id = {name}.id AND c.field = ?", condition.field.value)
    _compare(inner, "c.value", condition)
    found = f"SELECT 1 FROM entry AS c INDEXED BY entry_record WHERE {' AND '.join(inner.texts)}"  # noqa: S608  # constants
    clauses.add(f"EXISTS ({found})", *inner.parameters)


def _compare(clauses: _Clauses, column: str, condition: Condition) -> None:
    if condition.op is not Op.PREFIX:
        clauses.add(f"{column} {condition.op.value} ?", condition.value)
        return
    prefix = str(condition.value)
    clauses.add(f"{column} >= ?", prefix)
    if end := prefix_end(prefix):
        clauses.add(f"{column} < ?", end)


def prefix_end(prefix: str) -> str:
    """The first text after all that begin with `prefix`; "" where there is none."""
    stem = prefix.rstrip(chr(_LAST_POINT))
    if not stem:
        return ""
    following = ord(stem[-1]) + 1
    if following in _SURROGATES:
        following = _SURROGATES.stop
    return stem[:-1] + chr(following)
