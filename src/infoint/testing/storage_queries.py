"""The contract's sentences about queries: conditions, order, pages, cursors."""

import random
from pathlib import Path

import pytest

from infoint.errors import InvalidCursor
from infoint.storage.contract import Condition, IndexField, IndexValue, Op, Query, Record, Storage, Write, run_query
from infoint.testing.storage_case import (
    GARBAGE,
    KIND,
    WORKSPACE,
    StorageCase,
    asked,
    numbers,
    put,
    refuses,
    tombstone,
    walked,
    write,
)

DUE, EMAIL, NAME, STATUS = IndexField.DUE, IndexField.EMAIL, IndexField.NAME, IndexField.STATUS


def several_values(storage: Storage) -> None:
    """1 without, 2 and 3 with one, 4 and 5 with two, 6 with integers."""
    put(
        storage,
        write(1),
        write(2, due="2026-04-02"),
        write(3, due="2026-04-03"),
        write(4, due=("2026-04-04", "2026-04-01")),
        write(5, due=("2026-04-09", "2026-04-03")),
        write(6, due=(7, -7)),
    )


def samples(rng: random.Random, count: int) -> list[Write]:
    """Records whose values meet often."""

    def values(most: int, *pool: IndexValue) -> tuple[IndexValue, ...]:
        return tuple(rng.choice(pool) for _ in range(rng.randint(0, most)))

    return [
        write(
            number,
            due=values(1, *(f"2026-04-0{day}" for day in range(1, 6))),
            email=values(3, "a@oak.example", "b@oak.example", "ab@oak.example", "é@oak.example"),
            status=values(2, 1, 2, 10, "1", "", "𝄞", "\uffff"),
        )
        for number in rng.sample(range(1, 1_000), count)
    ]


def any_query(rng: random.Random) -> Query:
    """A query over `samples`."""
    pools: dict[IndexField, tuple[IndexValue, ...]] = {
        DUE: ("2026-04-03", "2026-04", "2026-05", ""),
        EMAIL: ("a", "a@oak.example", "ab@oak.example", "é"),
        STATUS: (1, 2, 9, "1", "", "\uffff", "𝄞"),
    }
    where = []
    for _ in range(rng.randint(0, 3)):
        field, op = rng.choice(list(pools)), rng.choice(list(Op))
        value: IndexValue = None if op is Op.IS_NULL else rng.choice(pools[field])
        where.append(Condition(field, op, str(value) if op is Op.PREFIX else value))
    return Query(
        kind=KIND,
        where=tuple(where),
        sort=rng.choice([None, DUE, EMAIL, STATUS, NAME]),
        descending=rng.random() < 0.5,
        limit=rng.choice([1, 2, 7, 500]),
    )


def next_page(query: Query, cursor: str) -> Query:
    """The same query, further on."""
    return Query(
        kind=query.kind, where=query.where, sort=query.sort, descending=query.descending, limit=query.limit, cursor=cursor
    )  # fmt: skip  # one thing


class QueryContract(StorageCase):
    """Mixed into StorageContract."""

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (Condition(DUE, Op.EQ, "2026-04-03"), [3, 5]),
            (Condition(DUE, Op.EQ, "2026-04"), []),
            (Condition(DUE, Op.EQ, 7), [6]),
            (Condition(DUE, Op.EQ, "7"), []),
            (Condition(DUE, Op.LT, "2026-04-03"), [2, 4, 6]),
            (Condition(DUE, Op.LE, "2026-04-03"), [2, 3, 4, 5, 6]),
            (Condition(DUE, Op.GT, "2026-04-03"), [4, 5]),
            (Condition(DUE, Op.GE, "2026-04-03"), [3, 4, 5]),
            (Condition(DUE, Op.GT, 0), [2, 3, 4, 5, 6]),
            (Condition(DUE, Op.LT, 0), [6]),
            (Condition(DUE, Op.PREFIX, "2026-04-0"), [2, 3, 4, 5]),
            (Condition(DUE, Op.PREFIX, "2026-04-03"), [3, 5]),
            (Condition(DUE, Op.PREFIX, ""), [2, 3, 4, 5]),
            (Condition(DUE, Op.IS_NULL), [1]),
            (Condition(NAME, Op.IS_NULL), [1, 2, 3, 4, 5, 6]),
            (Condition(NAME, Op.GE, ""), []),
        ],
        ids=lambda value: f"{value.field} {value.op} {value.value}" if isinstance(value, Condition) else "",
    )
    def test_condition_means_what_it_says(self, tmp_path: Path, condition: Condition, expected: list[int]) -> None:
        """An Op finds too much or too little: with several values one that fits is enough, and integers stand before text."""
        with self.opened(tmp_path) as storage:
            several_values(storage)
            assert asked(storage, Query(kind=KIND, where=(condition,))) == expected

    def test_prefix_is_no_pattern(self, tmp_path: Path) -> None:
        """% and _ were taken for wildcards, letters for their other case, or a prefix missed the last characters there are."""
        with self.opened(tmp_path) as storage:
            names = ("100%", "100 %", "a_b", "axb", "A_B", "\ud7ff", "\ue000", "\U0010ffff", "\U0010ffff\U0010ffff")
            put(storage, *(write(number, name=name) for number, name in enumerate(names, start=1)))
            for prefix, expected in (
                ("100%", [1]), ("a_", [3]), ("a", [3, 4]), ("\ud7ff", [6]), ("\ue000", [7]), ("\U0010ffff", [8, 9]),
            ):  # fmt: skip  # a table
                found = asked(storage, Query(kind=KIND, where=(Condition(NAME, Op.PREFIX, prefix),)))
                assert found == expected, f"prefix {prefix!a}"

    def test_all_conditions_must_hold(self, tmp_path: Path) -> None:
        """One condition of several was enough; or two on one field had to be met by the same value."""
        with self.opened(tmp_path) as storage:
            put(
                storage,
                write(1, due="2026-04-01", status="open"),
                write(2, due="2026-04-01"),
                write(3, email=("a", "z"), status="open"),
            )
            both = (Condition(DUE, Op.LE, "2026-04-01"), Condition(STATUS, Op.EQ, "open"))
            assert asked(storage, Query(kind=KIND, where=both)) == [1]
            apart = (Condition(EMAIL, Op.LT, "b"), Condition(EMAIL, Op.GT, "y"))
            assert asked(storage, Query(kind=KIND, where=apart)) == [3]

    def test_kinds_are_apart(self, tmp_path: Path) -> None:
        """A query finds records of another kind."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2, kind="other"))
            assert asked(storage, Query(kind=KIND)) == [1]
            assert asked(storage, Query(kind="other")) == [2]
            assert asked(storage, Query(kind="none")) == []

    # ── order ────────────────────────────────────────────────────────────────────────────────────
    def test_order_is_nulls_then_integers_then_text_by_code_point(self, tmp_path: Path) -> None:
        """The order is a language's or UTF-16's, nulls come last, or 10 stands before 9."""
        with self.opened(tmp_path) as storage:
            order: tuple[IndexValue, ...] = (
                None, -(2**53), -1, 9, 10, 2**53, "", " ", "10", "9", "A", "Z", "_", "a", "ab", "b", "z", "\u00e9", "工", "\uffff", "𝄞",
            )  # fmt: skip  # an order, not a table
            shuffled = list(enumerate(order, start=1))
            random.Random(1).shuffle(shuffled)  # noqa: S311  # seeded on purpose
            put(storage, *(write(number, name=value) for number, value in shuffled))
            expected = list(range(1, len(order) + 1))
            assert asked(storage, Query(kind=KIND, sort=NAME)) == expected
            assert asked(storage, Query(kind=KIND, sort=NAME, descending=True)) == expected[::-1]

    def test_equal_values_are_ordered_by_id(self, tmp_path: Path) -> None:
        """Records with equal values stand as they were written, and pages of them lose some; descending left the ids ascending."""
        with self.opened(tmp_path) as storage:
            high = 1 << 127
            put(storage, *(write(number, name="same") for number in (high + 1, 5, 300, 2, high)))
            expected = [2, 5, 300, high, high + 1]
            for sort in (None, NAME, DUE):
                assert asked(storage, Query(kind=KIND, sort=sort)) == expected
                assert asked(storage, Query(kind=KIND, sort=sort, descending=True)) == expected[::-1]

    def test_several_values_are_sorted_by_the_smallest(self, tmp_path: Path) -> None:
        """A record with two values stands where its larger one would, or stands there twice."""
        with self.opened(tmp_path) as storage:
            several_values(storage)
            assert asked(storage, Query(kind=KIND, sort=DUE)) == [1, 6, 4, 2, 3, 5]
            assert asked(storage, Query(kind=KIND, sort=DUE, descending=True)) == [5, 3, 2, 4, 6, 1]

    def test_changed_and_removed_values_are_found_no_more(self, tmp_path: Path) -> None:
        """An index kept the values of an older version."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, name=("old", "both")), write(2, name="old"), write(3, name="old"))
            put(storage, write(1, 1, name=("new", "both")), tombstone(2, 1), write(3, 1))
            for value, expected in (("old", []), ("new", [1]), ("both", [1])):
                assert asked(storage, Query(kind=KIND, where=(Condition(NAME, Op.EQ, value),))) == expected
            assert asked(storage, Query(kind=KIND, sort=NAME)) == [3, 1]

    # ── pages ────────────────────────────────────────────────────────────────────────────────────
    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("sort", [None, DUE, EMAIL, NAME])
    def test_pages_of_every_size_give_each_record_once(
        self, tmp_path: Path, sort: IndexField | None, *, descending: bool
    ) -> None:
        """A page begins too early or too late: a record is given twice or never."""
        with self.opened(tmp_path) as storage:
            put(storage, *samples(random.Random(2), 30))  # noqa: S311  # seeded on purpose
            whole = asked(storage, Query(kind=KIND, sort=sort, descending=descending))
            assert sorted(whole) == sorted(set(whole))
            assert len(whole) == 30
            for limit in (1, 2, 7, 29, 30, 31):
                query = Query(kind=KIND, sort=sort, descending=descending, limit=limit)
                with storage.session(WORKSPACE) as session:
                    assert numbers(tuple(walked(session, lambda cursor, query=query: next_page(query, cursor)))) == whole, limit  # type: ignore[misc]  # mypy does not see the default

    def test_last_page_says_so(self, tmp_path: Path) -> None:
        """A full last page has a cursor, so that every list ends with an empty page; or a page is larger than its limit."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number) for number in range(1, 5)))
            with storage.session(WORKSPACE) as session:
                first = session.query(Query(kind=KIND, limit=2))
                assert numbers(first.items) == [1, 2]
                second = session.query(Query(kind=KIND, limit=2, cursor=first.cursor))
                assert (numbers(second.items), second.cursor) == ([3, 4], "")
                assert session.query(Query(kind=KIND, limit=4)).cursor == ""
                assert session.query(Query(kind="none", limit=1)).cursor == ""

    def test_cursor_holds_while_others_write(self, tmp_path: Path) -> None:
        """Pages are counted, not remembered: a record inserted or deleted before the cursor shifts the next page."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, name=f"n{number:02}") for number in range(10, 20)))
            query = Query(kind=KIND, sort=NAME, limit=4)
            with storage.session(WORKSPACE) as session:
                first = session.query(query)
            put(storage, write(1, name="n01"), write(99, name="n99"), tombstone(11), tombstone(13), write(2, name="n15"))
            with storage.session(WORKSPACE) as session:
                rest = session.query(Query(kind=KIND, sort=NAME, limit=100, cursor=first.cursor))
            assert numbers(first.items) == [10, 11, 12, 13]
            assert numbers(rest.items) == [14, 2, 15, 16, 17, 18, 19, 99]

    def test_cursor_of_another_query_is_refused(self, tmp_path: Path) -> None:
        """A cursor was taken for a position in another order, and the page it gives is wrong without a word."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, due=f"2026-04-0{number}", name="x") for number in range(1, 8)))
            where = (Condition(DUE, Op.GT, "2026-04-01"),)
            with storage.session(WORKSPACE) as session:
                cursor = session.query(Query(kind=KIND, where=where, sort=DUE, limit=2)).cursor
                session.query(Query(kind=KIND, where=where, sort=DUE, limit=3, cursor=cursor))
                for other in (
                    Query(kind="other", where=where, sort=DUE, cursor=cursor),
                    Query(kind=KIND, sort=DUE, cursor=cursor),
                    Query(kind=KIND, where=(Condition(DUE, Op.GE, "2026-04-01"),), sort=DUE, cursor=cursor),
                    Query(kind=KIND, where=(Condition(DUE, Op.GT, "2026-04-02"),), sort=DUE, cursor=cursor),
                    Query(kind=KIND, where=where, sort=NAME, cursor=cursor),
                    Query(kind=KIND, where=where, cursor=cursor),
                    Query(kind=KIND, where=where, sort=DUE, descending=True, cursor=cursor),
                ):
                    with refuses(InvalidCursor, f"query with the cursor of another query, {other}"):
                        session.query(other)

    def test_garbage_is_no_cursor(self, tmp_path: Path) -> None:
        """A cursor that came from outside ended in a native error, or in a page."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, due=f"2026-04-0{number}") for number in range(1, 8)))
            with storage.session(WORKSPACE) as session:
                real = session.query(Query(kind=KIND, sort=DUE, limit=2)).cursor
                for cursor in (*GARBAGE, real[:-1], real[1:], real + "A", real * 2, real.swapcase()):
                    with refuses(InvalidCursor, f"query with the cursor {cursor[:40]!a}"):
                        session.query(Query(kind=KIND, sort=DUE, limit=2, cursor=cursor))

    def test_random_queries_equal_run_query(self, tmp_path: Path) -> None:
        """A query that the storage answers itself has another answer than `run_query`, which is its meaning."""
        rng = random.Random(3)  # noqa: S311  # seeded on purpose
        with self.opened(tmp_path) as storage:
            records: dict[object, Record] = {record.key: record for record in put(storage, *samples(rng, 60))}
            changed = [write(record.id.int, 1, email="b@oak.example", status=2) for record in list(records.values())[:10]]
            gone = [tombstone(record.id.int) for record in list(records.values())[10:15]]
            records.update({record.key: record for record in put(storage, *changed, *gone)})
            with storage.session(WORKSPACE) as session:
                for _ in range(200):
                    query = any_query(rng)
                    whole = Query(kind=query.kind, where=query.where, sort=query.sort, descending=query.descending)
                    expected = numbers(run_query(records.values(), whole).items)
                    found = numbers(tuple(walked(session, lambda cursor, query=query: next_page(query, cursor))))  # type: ignore[misc]  # as above
                    assert found == expected, f"{query}"
