"""Where a page ended, as text that only fits the question it was made for. Storages that answer queries themselves use it too."""

import base64
import hashlib
import json
from typing import Any, Final, TypeAlias
from uuid import UUID

from attrs import frozen

from infoint.errors import InvalidCursor, ResyncRequired
from infoint.storage.queries import ChangePage, Page, Query
from infoint.storage.records import SLUG, IndexField, IndexValue, Record, index_problem

_MAX_CURSOR: Final = 16_384
_CURSORS: Final = 1
"""Goes into every mark: a cursor of another version of this module is refused instead of misread."""

Rank: TypeAlias = tuple[int, Any]


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


def rank(value: IndexValue) -> Rank:
    """Makes values of several types comparable: nulls, then integers, then text by code point."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int) else (2, value)


def smallest(record: Record, sort: IndexField | None) -> IndexValue:
    """What a record is sorted by."""
    return min(record.index.get(sort, ()), key=rank, default=None) if sort else None


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
