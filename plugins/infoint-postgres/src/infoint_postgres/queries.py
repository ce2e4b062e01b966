"""A Query in SQL. Every part walks one index in the order that is asked for and stops when the page is full.

Two things are told here instead: values of 300 characters and more, which are looked up by their beginning only, and what the session
itself has put, which is in no table yet. Both go through `run_query`, over all that it may take.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from attrs import frozen

from infoint.storage.contract import ChangePage, Condition, IndexField, Key, Op, Page, Query, Record, run_query, run_search
from infoint.storage.cursors import (
    Asked,
    Position,
    change_page_of,
    change_position,
    check_reach,
    found_page_of,
    found_position,
    page_of,
    position_after,
)
from infoint.storage.queries import check_limit
from infoint_postgres.rows import COLUMNS, Traits, bit, encoded, question, record_of
from infoint_postgres.schema import FIELDS
from infoint_postgres.wire import Wire

FEW: Final = 200
"""Records that are rather sorted here than looked for along an index."""
_LAST_POINT: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


@frozen
class Place:
    """Which workspace, in which schema, and on which server (for messages)."""

    workspace: str
    schema: str
    server: str


@frozen
class Part:
    """One walk along an index."""

    sql: str
    parameters: tuple[Any, ...]


def run(wire: Wire, query: Query, place: Place, traits: Traits, put: Mapping[Key, Record]) -> Page[Record]:
    """What `run_query` gives. `put` is what the session has put."""
    after = position_after(query, place.workspace)
    mine = [record for record in put.values() if record.kind == query.kind]
    rows: list[Record] = []
    wanted = None if unpushed(query, traits) else query.limit + 1 + len(mine)
    if wanted is not None and (few := _few(wire, query, place)) is not None:
        rows, wanted = few, None
        walks: Iterator[Part] = iter(())
    else:
        walks = parts(query, after, place, traits, limit=wanted)
    for part in walks:
        if wanted is None or len(rows) < wanted:
            rows += [record_of(row, place.server) for row in wire.rows(part.sql, *part.parameters)]
    if wanted is not None and not mine:
        return page_of(rows[: query.limit + 1], query, place.workspace)
    # Of what was read, as many as were put may be stale, so as many more were read.
    stored = [record for record in rows if record.key not in put]
    return run_query([*stored, *mine], query, workspace=place.workspace)


def _few(wire: Wire, query: Query, place: Place) -> list[Record] | None:
    """All that can be meant, where an equality leaves so few (the follow-ups of one interview) that sorting them here is less work than
    walking along the order in search of them; else None. Asked for and counted in one go.
    """
    condition = next((condition for condition in query.where if condition.op is Op.EQ), None)
    if query.sort is None or condition is None:
        return None
    asked = (place.workspace, query.kind, FIELDS[condition.field], encoded(condition.value))
    is_it = "d.workspace_id = %s AND d.kind = %s AND d.field = %s AND d.value = %s"
    sql = (
        f"SELECT n.count, f.* FROM (SELECT count(*) FROM (SELECT 1 FROM {place.schema}.entry AS d WHERE {is_it} LIMIT {FEW + 1}) AS c)"  # noqa: S608  # constants
        f" AS n LEFT JOIN LATERAL (SELECT {COLUMNS} FROM {place.schema}.entry AS d JOIN {place.schema}.record AS r"
        f" ON r.workspace_id = d.workspace_id AND r.kind = d.kind AND r.id = d.id WHERE n.count <= {FEW} AND {is_it} LIMIT {FEW + 1}) AS f ON true"
    )
    rows = wire.rows(sql, *asked, *asked)
    if rows[0][0] > FEW:
        return None
    return [record_of(row[1:], place.server) for row in rows if row[0]]


def unpushed(query: Query, traits: Traits) -> list[str]:
    """What the server is not asked to do, in words; nothing for nearly all queries."""
    said = [
        f"{condition.field} {condition.op.value}: some values are too long for the index; compared here"
        for condition in query.where
        if _is_long(condition.field, traits)
    ]
    if query.sort and _is_long(query.sort, traits):
        said.append(f"sort by {query.sort}: some values are too long for the index; sorted here")
    return said


def _is_long(field: IndexField, traits: Traits) -> bool:
    return bool(traits.long & bit(field))


def parts(query: Query, after: Position | None, place: Place, traits: Traits, *, limit: int | None) -> Iterator[Part]:
    """The walks that give the answer, one after the other. Without a limit: whatever may be in the answer, in any order."""
    if limit is None:
        yield _by_id(query, None, place, traits, None)
        return
    if query.sort is None:
        yield _by_id(query, after, place, traits, limit)
        return
    asked = {condition.op for condition in query.where if condition.field is query.sort}
    in_valueless = after is not None and after.value is None
    in_valued = after is not None and after.value is not None
    valueless, valued = [], []
    # What compares a value is not held by a record without one; and a part that lies behind the cursor is done.
    if traits.lacking & bit(query.sort) and asked <= {Op.IS_NULL} and not (in_valued and not query.descending):
        valueless = [_by_id(query, after if in_valueless else None, place, traits, limit)]
    if Op.IS_NULL not in asked and not (in_valueless and query.descending):
        valued = [_by_value(query, query.sort, after if in_valued else None, place, traits, limit=limit)]
    yield from (*valued, *valueless) if query.descending else (*valueless, *valued)


class _Clauses:
    """Conditions and their parameters, kept together."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parameters: list[Any] = []

    def add(self, text: str, *parameters: Any) -> None:
        self.texts.append(text)
        self.parameters += parameters

    def __str__(self) -> str:
        return " AND ".join(self.texts)


def _by_value(query: Query, sort: IndexField, after: Position | None, place: Place, traits: Traits, *, limit: int) -> Part:
    """Those with a value, in its order."""
    clauses = _Clauses()
    clauses.add("d.workspace_id = %s AND d.kind = %s AND d.field = %s AND d.first", place.workspace, query.kind, FIELDS[sort])
    for condition in query.where:
        if condition.field is sort and not traits.several & bit(sort):
            _compare(clauses, "d.value", condition)
        else:
            _holds(clauses, condition, "d", place)
    if after:
        clauses.add(f"(d.value, d.id) {_beyond(query)} (%s, %s)", encoded(after.value), after.id)
    order = _ordered(query, "d.value", "d.id")
    # Cut first and looked up then: the planner cannot come to think of reading all records.
    walk = f"SELECT d.id, d.value FROM {place.schema}.entry AS d WHERE {clauses} ORDER BY {order} LIMIT {limit}"  # noqa: S608  # constants
    return Part(
        f"SELECT {COLUMNS} FROM ({walk}) AS d JOIN {place.schema}.record AS r"  # noqa: S608  # constants
        f" ON r.workspace_id = %s AND r.kind = %s AND r.id = d.id ORDER BY {order}",
        (*clauses.parameters, place.workspace, query.kind),
    )


def _by_id(query: Query, after: Position | None, place: Place, traits: Traits, limit: int | None) -> Part:
    """All, or with `sort` those without a value, in order of id."""
    pushed = [condition for condition in query.where if not _is_long(condition.field, traits)]
    leader = next((condition for condition in pushed if condition.op is Op.EQ), None)
    clauses = _Clauses()
    source = f"{place.schema}.record AS r"
    if leader:
        # One value of the index, which stands there in order of id.
        source = (
            f"{place.schema}.entry AS d JOIN {source} ON r.workspace_id = d.workspace_id AND r.kind = d.kind AND r.id = d.id"
        )
        clauses.add("d.workspace_id = %s AND d.kind = %s AND d.field = %s", place.workspace, query.kind, FIELDS[leader.field])
        _compare(clauses, "d.value", leader)
    name = "d" if leader else "r"
    clauses.add("r.workspace_id = %s AND r.kind = %s AND NOT r.deleted", place.workspace, query.kind)
    if query.sort and limit is not None:
        clauses.add("(r.valued & %s::integer) = 0", bit(query.sort))
    for condition in pushed:
        if condition is not leader:
            _holds(clauses, condition, name, place)
    if after:
        clauses.add(f"{name}.id {_beyond(query)} %s", after.id)
    cut = f" ORDER BY {_ordered(query, f'{name}.id')} LIMIT {limit}" if limit is not None else ""
    return Part(f"SELECT {COLUMNS} FROM {source} WHERE {clauses}{cut}", tuple(clauses.parameters))  # noqa: S608  # constants


def _beyond(query: Query) -> str:
    return "<" if query.descending else ">"


def _ordered(query: Query, *columns: str) -> str:
    return ", ".join(f"{column} DESC" if query.descending else column for column in columns)


def _holds(clauses: _Clauses, condition: Condition, name: str, place: Place) -> None:
    """`name` is the table that leads; one value of the record that fits is enough."""
    if condition.op is Op.IS_NULL and name == "r":
        clauses.add("(r.valued & %s::integer) = 0", bit(condition.field))
        return
    # OFFSET 0, and a value instead of EXISTS: the planner shall look up each record it comes by, not join all there are beforehand.
    same = f"c.workspace_id = %s AND c.kind = {name}.kind AND c.id = {name}.id"
    if condition.op is Op.IS_NULL:
        lookup = f"(SELECT (c.valued & %s::integer) = 0 FROM {place.schema}.record AS c WHERE {same})"  # noqa: S608  # constants
        clauses.add(lookup, bit(condition.field), place.workspace)
        return
    inner = _Clauses()
    inner.add(f"{same} AND c.field = %s", place.workspace, FIELDS[condition.field])
    _compare(inner, "c.value", condition)
    clauses.add(f"EXISTS (SELECT 1 FROM {place.schema}.entry AS c WHERE {inner} OFFSET 0)", *inner.parameters)  # noqa: S608  # constants


def _compare(clauses: _Clauses, column: str, condition: Condition) -> None:
    if condition.op is not Op.PREFIX:
        clauses.add(f"{column} {condition.op.value} %s", encoded(condition.value))
        return
    prefix = encoded(condition.value)
    clauses.add(f"{column} >= %s AND {column} < %s", prefix, prefix_end(prefix))


def prefix_end(prefix: str) -> str:
    """The first text after all that begin with `prefix`, which is an encoded one: it begins with a digit, so that there is such a text."""
    stem = prefix.rstrip(chr(_LAST_POINT))
    following = ord(stem[-1]) + 1
    if following in _SURROGATES:
        following = _SURROGATES.stop
    return stem[:-1] + chr(following)


# ── changes and words ────────────────────────────────────────────────────────────────────────────
def changes(wire: Wire, since: str, limit: int, place: Place, *, seq: int) -> ChangePage:
    """What `run_changes` gives over what is committed, up to commit `seq`."""
    check_limit("Session.changes", limit)
    after = change_position(since, place.workspace)
    check_reach(after, seq)
    sql = (
        f"SELECT {COLUMNS} FROM {place.schema}.record AS r WHERE r.workspace_id = %s AND (r.seq, r.kind, r.id) > (%s, %s, %s)"  # noqa: S608  # constants
        f" ORDER BY r.seq, r.kind, r.id LIMIT {limit + 1}"
    )
    found = wire.rows(sql, place.workspace, after.seq, after.kind, after.id)
    return change_page_of([record_of(row, place.server) for row in found], since, limit, place.workspace)


def last_time(wire: Wire, place: Place) -> datetime | None:
    """The `updated_at` of the last record in the order of changes."""
    sql = f"SELECT updated_at FROM {place.schema}.record WHERE workspace_id = %s ORDER BY seq DESC, kind DESC, id DESC LIMIT 1"  # noqa: S608  # constants
    row = wire.row(sql, place.workspace)
    return row[0].replace(tzinfo=UTC) if row else None


def search(
    wire: Wire,
    text: str,
    place: Place,
    put: Mapping[Key, Record],
    *,
    kinds: Collection[str],
    limit: int,
    cursor: str,
) -> Page[Record]:
    """What `run_search` gives. `put` is what the session has put."""
    check_limit("Session.search", limit)
    asked = Asked.of(text, kinds)
    after = found_position(asked, cursor, place.workspace)
    if not asked.words:
        return Page((), "")
    clauses = _Clauses()
    clauses.add("r.workspace_id = %s AND r.words @@ %s::tsquery", place.workspace, question(asked.words, place.workspace))
    if asked.kinds:
        clauses.add("r.kind = ANY(%s)", sorted(asked.kinds))
    if after:
        clauses.add("(r.seq < %s OR (r.seq = %s AND (r.kind, r.id) > (%s, %s)))", after.seq, after.seq, after.kind, after.id)
    sql = (
        f"SELECT {COLUMNS} FROM {place.schema}.record AS r WHERE {clauses}"  # noqa: S608  # constants
        f" ORDER BY r.seq DESC, r.kind, r.id LIMIT {limit + 1 + len(put)}"
    )
    rows = [record_of(row, place.server) for row in wire.rows(sql, *clauses.parameters)]
    if not put:
        return found_page_of(rows, asked, limit, place.workspace)
    stored = [record for record in rows if record.key not in put]
    return run_search([*stored, *put.values()], text, kinds=kinds, limit=limit, cursor=cursor, workspace=place.workspace)
