"""What questions mean, in plain Python: normative for every storage, and the whole implementation of one that keeps its records in
memory.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from infoint.storage.cursors import (
    Rank,
    change_page_of,
    change_position,
    check_reach,
    page_of,
    position_after,
    rank,
    smallest,
)
from infoint.storage.queries import ChangePage, Condition, Op, Page, Query, check_limit
from infoint.storage.records import Record


def run_query(records: Iterable[Record], query: Query, *, workspace: str = "") -> Page[Record]:
    """The meaning of a Query, in plain Python: what the memory storage does and every other must equal. A storage that cannot push
    a query down passes it its records of that kind. Given the workspace's key, cursors of other workspaces are refused too.
    Raises InvalidCursor.
    """
    after = position_after(query, workspace)
    rows = sorted((record for record in records if _matches(record, query)), key=_place(query), reverse=query.descending)
    if after:
        last = (rank(after.value), after.id.int)
        place = _place(query)
        rows = [row for row in rows if (place(row) < last if query.descending else place(row) > last)]
    return page_of(rows[: query.limit + 1], query, workspace)


def run_changes(records: Iterable[Record], since: str, limit: int, *, workspace: str = "") -> ChangePage:
    """The meaning of `Session.changes`, over all records that are committed: each once, as it is now, where its last commit stands.
    Raises InvalidCursor, InvalidValue, and ResyncRequired where the workspace is younger than the cursor (it was dropped, or an
    older state was restored).
    """
    check_limit("Session.changes", limit)
    after = change_position(since, workspace)
    rows = sorted(records, key=_change_place)
    check_reach(after, rows[-1].seq if rows else 0)
    last = (after.seq, after.kind, after.id.int)
    return change_page_of([row for row in rows if _change_place(row) > last][: limit + 1], since, limit, workspace)


def _place(query: Query) -> Callable[[Record], tuple[Rank, int]]:
    return lambda record: (rank(smallest(record, query.sort)), record.id.int)


def _change_place(record: Record) -> tuple[int, str, int]:
    return record.seq, record.kind, record.id.int


_COMPARE: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: lambda value, asked: rank(value) == rank(asked),
    Op.LT: lambda value, asked: rank(value) < rank(asked),
    Op.LE: lambda value, asked: rank(value) <= rank(asked),
    Op.GT: lambda value, asked: rank(value) > rank(asked),
    Op.GE: lambda value, asked: rank(value) >= rank(asked),
    Op.PREFIX: lambda value, asked: isinstance(value, str) and value.startswith(asked),
}


def _matches(record: Record, query: Query) -> bool:
    return record.kind == query.kind and not record.deleted and all(_holds(record, condition) for condition in query.where)


def _holds(record: Record, condition: Condition) -> bool:
    values = [value for value in record.index.get(condition.field, ()) if value is not None]
    if condition.op is Op.IS_NULL:
        return not values
    compare = _COMPARE[condition.op]
    return any(compare(value, condition.value) for value in values)
