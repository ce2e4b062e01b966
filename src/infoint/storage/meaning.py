"""What questions mean, in plain Python: normative for every storage, and the whole implementation of one that keeps its records in
memory.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from infoint.storage.cursors import (
    Asked,
    Rank,
    change_page_of,
    change_position,
    check_reach,
    found_page_of,
    found_position,
    page_of,
    position_after,
    rank,
    smallest,
)
from infoint.storage.queries import ChangePage, Condition, Op, Page, Query, check_limit
from infoint.storage.records import Record
from infoint.storage.words import has_words


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


def run_search(
    records: Iterable[Record], text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "", workspace: str = ""
) -> Page[Record]:
    """The meaning of `Session.search`: live records of these kinds (none = all) that have, for each word that is asked for, a word
    beginning with it; what was committed last comes first, within a commit in order of kind and id. What a word is, `words` tells.
    Raises InvalidCursor, InvalidValue.
    """
    check_limit("Session.search", limit)
    asked = Asked.of(text, kinds)
    after = found_position(asked, cursor, workspace)
    if not asked.words:
        return Page((), "")
    found = [record for record in records if not record.deleted and (not asked.kinds or record.kind in asked.kinds)]
    rows = sorted((record for record in found if has_words(record.text, asked.words)), key=_found_place)
    if after:
        last = (-after.seq, after.kind, after.id.int)
        rows = [row for row in rows if _found_place(row) > last]
    return found_page_of(rows[: limit + 1], asked, limit, workspace)


def _found_place(record: Record) -> tuple[int, str, int]:
    return -record.seq, record.kind, record.id.int


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
