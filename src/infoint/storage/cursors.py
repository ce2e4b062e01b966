"""Where a page ended, as text that only fits the question it was made for. Storages that answer queries themselves use it too."""

import base64
import hashlib
import json
from collections.abc import Collection
from typing import Any, Final, Self, TypeAlias
from uuid import UUID

from attrs import frozen

from infoint.errors import InvalidCursor, InvalidValue, ResyncRequired
from infoint.storage.queries import ChangePage, Page, Query
from infoint.storage.records import SLUG, IndexField, IndexValue, Record, check_kind, index_problem
from infoint.storage.words import asked_words

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


@frozen
class Asked:
    """What a search asks for: words, and kinds (none = all)."""

    words: tuple[str, ...]
    kinds: frozenset[str]

    @classmethod
    def of(cls, text: str, kinds: Collection[str]) -> Self:
        """Raises InvalidValue."""
        if not isinstance(text, str):
            raise InvalidValue("Session.search", "text", f"must be text, not a {type(text).__name__}", value=text)
        if isinstance(kinds, str) or not isinstance(kinds, Collection):
            raise InvalidValue("Session.search", "kinds", "must be a collection of kinds", value=kinds)
        for kind in kinds:
            check_kind("Session.search", kind)
        return cls(asked_words(text), frozenset(kinds))

    def mark(self, workspace: str) -> list[Any]:
        """What its cursors are tied to."""
        return ["search", workspace, list(self.words), sorted(self.kinds)]


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
    return _change_position(_decoded(since, ["changes", workspace], 3))


def _change_position(position: list[Any]) -> ChangePosition:
    seq, kind, id = position
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**63:
        raise InvalidCursor
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise InvalidCursor
    return ChangePosition(seq, kind, _uuid(id))


def found_page_of(rows: list[Record], asked: Asked, limit: int, workspace: str) -> Page[Record]:
    """As `page_of`, for a search."""
    items = tuple(rows[:limit])
    if len(rows) <= limit:
        return Page(items, "")
    last = items[-1]
    return Page(items, _encoded(asked.mark(workspace), [last.seq, last.kind, last.id.hex]))


def found_position(asked: Asked, cursor: str, workspace: str) -> ChangePosition | None:
    """Where a page of a search begins; None = at the beginning. Raises InvalidCursor."""
    return _change_position(_decoded(cursor, asked.mark(workspace), 3)) if cursor != "" else None


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
