"""Questions to a storage, and pages of answers. What a question means is in `meaning`."""

from typing import Any, Final, Generic, TypeVar

from attrs import Attribute, field, field as attribute, frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.storage.records import IndexField, IndexValue, Record, check_kind, index_problem

T = TypeVar("T")

MAX_LIMIT: Final = 10_000
MAX_CONDITIONS: Final = 32


class Op(ClosedName):
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
    value: IndexValue = attribute(default=None, repr=False)

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
