"""Questions to a storage, and what they mean: `run_query` and `run_changes` are normative for every storage. They are also the
whole implementation of one that keeps its records in memory.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

from attrs import Attribute, field, frozen

from infoint.errors import InvalidCursor, InvalidValue, ResyncRequired
from infoint.storage.records import SLUG, IndexField, IndexValue, Record, check_kind, index_problem

T = TypeVar("T")

MAX_LIMIT: Final = 10_000
MAX_CONDITIONS: Final = 32
_MAX_CURSOR: Final = 16_384
_CURSORS: Final = 1
"""Goes into every mark: a cursor of another version of this module is refused instead of misread."""

Rank: TypeAlias = tuple[int, Any]


class Op(StrEnum):
    """How a value is compared. Where a record has several, one that fits is enough; a record without a value fits IS_NULL only."""

    EQ = "="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    PREFIX = "prefix"
    IS_NULL = "is-null"


@frozen
class Condition:
    """One field compared. Raises InvalidValue: IS_NULL takes no value, PREFIX a text, all others a text or an integer."""

    field: IndexField
    op: Op
    value: IndexValue = None

    def __attrs_post_init__(self) -> None:
        """Looks at the fields together."""
        if not isinstance(self.field, IndexField):
            raise InvalidValue("Condition", "field", "must be of IndexField", value=self.field)
        if not isinstance(self.op, Op):
            raise InvalidValue("Condition", "op", "must be of Op", value=self.op)
        if problem := self._value_problem():
            raise InvalidValue("Condition", "value", problem, value=self.value)

    def _value_problem(self) -> str:
        if self.op is Op.IS_NULL:
            return "" if self.value is None else "must be left out with IS_NULL"
        if self.value is None:
            return f"is missing: {self.op.name} compares with one (IS_NULL asks for those without)"
        if self.op is Op.PREFIX and not isinstance(self.value, str):
            return "must be text with PREFIX"
        return index_problem(self.value)


def check_limit(entity: str, limit: object) -> None:
    """Raises InvalidValue unless `limit` is 1 to 10,000."""
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise InvalidValue(entity, "limit", f"must be 1 to {MAX_LIMIT}", value=limit)


@frozen(kw_only=True)
class Query:
    """Records of one kind for which all conditions hold, a page at a time; raises InvalidValue.

    Order: by the smallest value of `sort`, then by id. Records without a value stand first, then integers, then text by code
    point (never by a language's rules). `descending` turns the whole order round.
    """

    kind: str = field()
    where: tuple[Condition, ...] = field(default=())
    sort: IndexField | None = field(default=None)
    descending: bool = False
    limit: int = field(default=500)
    """1 to 10,000 records."""
    cursor: str = field(default="", repr=False)
    """Where the page before ended; "" = the first page. The limit may change from page to page, nothing else."""

    @kind.validator
    def _check_kind(self, _attribute: "Attribute[str]", kind: str) -> None:
        check_kind("Query", kind)

    @where.validator
    def _check_where(self, _attribute: "Attribute[tuple[Condition, ...]]", where: Any) -> None:
        if not isinstance(where, tuple) or not all(isinstance(condition, Condition) for condition in where):
            raise InvalidValue("Query", "where", "must be a tuple of Conditions", value=where)
        if len(where) > MAX_CONDITIONS:
            raise InvalidValue("Query", "where", f"has more than {MAX_CONDITIONS} conditions", value=where)

    @sort.validator
    def _check_sort(self, _attribute: "Attribute[IndexField | None]", sort: IndexField | None) -> None:
        if sort is not None and not isinstance(sort, IndexField):
            raise InvalidValue("Query", "sort", "must be of IndexField", value=sort)

    @limit.validator
    def _check_limit(self, _attribute: "Attribute[int]", limit: int) -> None:
        check_limit("Query", limit)

    @cursor.validator
    def _check_cursor(self, _attribute: "Attribute[str]", cursor: str) -> None:
        if not isinstance(cursor, str):
            raise InvalidValue("Query", "cursor", f"must be text, not a {type(cursor).__name__}", value=cursor)


@frozen
class Page(Generic[T]):
    """Some of what was asked for, in order."""

    items: tuple[T, ...]
    cursor: str = field(repr=False)
    """"" = that was all."""


@frozen
class ChangePage:
    """Some of what changed, in the order it was committed."""

    items: tuple[Record, ...]
    """Each record as it is now, tombstones too, in order of seq, kind, id."""
    cursor: str = field(repr=False)
    """Where to go on from, now or at any later time."""
    more: bool


@frozen
class Position:
    """Where a page of a query ended."""

    value: IndexValue
    id: UUID


@frozen
class ChangePosition:
    """Where a page of changes ended. Not the seq alone: a commit that is cut in two would lose its second half."""

    seq: int
    kind: str
    id: UUID


BEGINNING: Final = ChangePosition(0, "", UUID(int=0))


# ── the meaning ──────────────────────────────────────────────────────────────────────────────────
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


def rank(value: IndexValue) -> Rank:
    """Makes values of several types comparable: nulls, then integers, then text by code point."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int) else (2, value)


def smallest(record: Record, sort: IndexField | None) -> IndexValue:
    """What a record is sorted by."""
    return min(record.index.get(sort, ()), key=rank, default=None) if sort else None


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


# ── pages and cursors, for storages that push queries down ───────────────────────────────────────
def page_of(rows: list[Record], query: Query, workspace: str) -> Page[Record]:
    """A page of the first `limit` rows; one row more says that there is another page."""
    items = tuple(rows[: query.limit])
    if len(rows) <= query.limit:
        return Page(items, "")
    return Page(items, _encoded(_asked(query, workspace), [smallest(items[-1], query.sort), items[-1].id.hex]))


def position_after(query: Query, workspace: str) -> Position | None:
    """Where the page begins; None = at the beginning. Raises InvalidCursor for whatever `page_of` did not make for this very query,
    apart from its limit, and this workspace.
    """
    if not query.cursor:
        return None
    value, id = _decoded(query.cursor, _asked(query, workspace), 2)
    if value is not None and (query.sort is None or index_problem(value)):
        raise InvalidCursor
    return Position(value, _uuid(id))


def change_page_of(rows: list[Record], since: str, limit: int, workspace: str) -> ChangePage:
    """As `page_of`."""
    items = tuple(rows[:limit])
    if not items:
        return ChangePage((), since, more=False)
    last = items[-1]
    cursor = _encoded(["changes", workspace], [last.seq, last.kind, last.id.hex])
    return ChangePage(items, cursor, more=len(rows) > limit)


def change_position(since: str, workspace: str) -> ChangePosition:
    """Where the changes go on; "" = from the beginning. Raises InvalidCursor."""
    if since == "":
        return BEGINNING
    seq, kind, id = _decoded(since, ["changes", workspace], 3)
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**63:
        raise InvalidCursor
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise InvalidCursor
    return ChangePosition(seq, kind, _uuid(id))


def check_reach(after: ChangePosition, seq: int) -> None:
    """Raises ResyncRequired for a cursor of commits that the workspace, now at commit `seq`, does not have."""
    if after.seq > seq:
        raise ResyncRequired


def _asked(query: Query, workspace: str) -> list[Any]:
    where = [[condition.field, condition.op, condition.value] for condition in query.where]
    return ["query", workspace, query.kind, where, query.sort, query.descending]


def _mark(made_for: list[Any], position: list[Any]) -> str:
    """Ties a position to what was asked, and shows damage. Not a secret: whoever forges one only moves within what they may ask for."""
    return hashlib.sha256(json.dumps([_CURSORS, made_for, position]).encode()).hexdigest()[:16]


def _encoded(made_for: list[Any], position: list[Any]) -> str:
    text = json.dumps([_mark(made_for, position), *position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: object, made_for: list[Any], length: int) -> list[Any]:
    if not isinstance(cursor, str) or len(cursor) > _MAX_CURSOR:
        raise InvalidCursor
    try:
        content = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        position = content[1:] if isinstance(content, list) else []
        # Made anew it must be the same, letter by letter: nothing was cut, damaged, or meant for something else.
        sound = len(position) == length and _encoded(made_for, position) == cursor
    except (ValueError, RecursionError):
        raise InvalidCursor from None
    if not sound:
        raise InvalidCursor
    return position


def _uuid(text: object) -> UUID:
    try:
        return UUID(hex=text)  # type: ignore[arg-type]  # whatever a cursor held is tried
    except (ValueError, AttributeError, TypeError):
        raise InvalidCursor from None
