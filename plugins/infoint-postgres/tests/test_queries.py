"""What is asked of the server, and what is told here instead, add up to the same answers."""
# ruff: noqa: S608 - the names of schemas in these statements are made here

import random
from collections.abc import Callable

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.queries import FEW, prefix_end
from infoint_postgres.rows import LONGEST, encoded, question
from infoint_postgres.storage import PostgresStorage

from infoint.storage.contract import Condition, IndexField, Op, Page, Query, Record, Session, run_query, run_search
from infoint.testing.storage_case import KIND, WORKSPACE, put, tombstone, write

Opened = Callable[..., PostgresStorage]
NAME, DUE, STATUS, EMAIL = IndexField.NAME, IndexField.DUE, IndexField.STATUS, IndexField.EMAIL


def pages(session: Session, query: Query) -> list[Record]:
    """All of them."""
    found: list[Record] = []
    cursor = ""
    while True:
        page: Page[Record] = session.query(
            Query(
                kind=query.kind,
                where=query.where,
                sort=query.sort,
                descending=query.descending,
                limit=query.limit,
                cursor=cursor,
            )
        )
        found += page.items
        if not page.cursor:
            return found
        cursor = page.cursor


LONG = ("x" * 298, "x" * 299, "x" * 300, "x" * 301, "x" * 301 + "y", "x" * 1_000, "𝄞" * 1_000, "𝄞" * 999 + "a", "é" * 400)


def some_query(rng: random.Random, values: tuple[str | int, ...]) -> Query:
    """Of any shape."""
    where = []
    for _ in range(rng.randint(0, 3)):
        op = rng.choice(list(Op))
        value = None if op is Op.IS_NULL else rng.choice(values)
        where.append(Condition(rng.choice([NAME, DUE, STATUS]), op, str(value) if op is Op.PREFIX else value))
    return Query(
        kind=KIND,
        where=tuple(where),
        sort=rng.choice([None, NAME, DUE, STATUS]),
        descending=rng.random() < 0.5,
        limit=rng.choice([1, 3, 50]),
    )


@pytest.mark.parametrize("values", [LONG, (1, 2, -1, "1", "", "a", "ab", "é", "\uffff", "𝄞")], ids=["long", "short"])
@pytest.mark.parametrize("pending", [False, True], ids=["stored", "pending"])
def test_any_query_equals_run_query(opened: Opened, values: tuple[str | int, ...], pending: bool) -> None:
    """Long values, several values, values of both types, or what the session has put: a page is not what `run_query` gives."""
    rng = random.Random(4)
    storage = opened()

    def some(number: int, expect: int | None) -> object:
        return write(
            number,
            expect,
            name=tuple(rng.choices(values, k=rng.randint(0, 2))),
            due=rng.choice(values),
            status=rng.choice([(), *values]),
        )

    put(storage, *(some(number, 0) for number in range(1, 40)))  # type: ignore[arg-type]
    put(storage, *(tombstone(number) for number in range(1, 40, 7)))
    with storage.session(WORKSPACE, write=True) as session:
        if pending:
            session.put_many(
                [some(number, None) for number in range(30, 50)] + [tombstone(number) for number in range(2, 40, 9)]
            )  # type: ignore[list-item]
        records = list(session.get_many([write(n).key for n in range(1, 50)]).values())
        for _ in range(60):
            query = some_query(rng, values)
            whole = Query(kind=KIND, where=query.where, sort=query.sort, descending=query.descending)
            assert pages(session, query) == list(run_query(records, whole).items), query
        session.commit()
    assert storage.check(deep=True) == []


def test_long_values_are_told_to_be_compared_here(opened: Opened) -> None:
    """explain() says nothing of what the server is not asked for, or says it of what it is asked for."""
    storage = opened()
    put(storage, write(1, name="a", due="2026-04-01"))
    query = Query(kind=KIND, where=(Condition(NAME, Op.EQ, "a"),), sort=DUE)
    with storage.session(WORKSPACE) as session:
        assert not any("here" in line for line in session.explain(query))
    put(storage, write(2, name="a" * LONGEST))
    with storage.session(WORKSPACE) as session:
        assert [line for line in session.explain(query) if "here" in line] == [
            "name =: some values are too long for the index; compared here"
        ]


@pytest.mark.parametrize("query", [
    Query(kind=KIND, where=(Condition(DUE, Op.LT, "2026-03"),), sort=DUE, limit=50),
    Query(kind=KIND, where=(Condition(DUE, Op.LT, "2026-03"), Condition(STATUS, Op.EQ, "open")), sort=DUE, limit=50),
    Query(kind=KIND, sort=DUE, descending=True, limit=50),
    Query(kind=KIND, where=(Condition(EMAIL, Op.IS_NULL),), sort=DUE, limit=50),
    Query(kind=KIND, where=(Condition(STATUS, Op.EQ, "open"),), limit=50),
    Query(kind=KIND, where=(Condition(NAME, Op.PREFIX, "n1"),), sort=NAME, limit=50),
    Query(kind=KIND, limit=50),
], ids=lambda query: f"{query.sort} {len(query.where)}")  # fmt: skip  # a list
def test_pages_are_walked_along_an_index(opened: Opened, query: Query) -> None:
    """Under row-level security a page is found by reading or sorting all records: an index is not used, as its comparison may leak."""
    storage = opened()
    put(storage, *(
        write(number, name=f"n{number}", due=f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}", status=("open", "done")[number % 2])
        for number in range(1, 1_500)
    ))  # fmt: skip  # one list
    with storage.session(WORKSPACE) as session:
        plan = "\n".join(session.explain(query))
    assert "Index" in plan
    assert not any(word in plan for word in ("Seq Scan", "Sort ", "Hash")), plan


def test_many_and_few_give_the_same(opened: Opened) -> None:
    """At the number from which records are walked and no longer fetched, some are lost."""
    storage = opened()
    numbers = range(1, FEW + 2)
    for last in (FEW, FEW + 1):
        put(storage, *(write(number, None, name="same", due=f"{number % 7}") for number in numbers[:last]))
        with storage.session(WORKSPACE) as session:
            query = Query(kind=KIND, where=(Condition(NAME, Op.EQ, "same"),), sort=DUE, limit=13)
            assert len({record.id for record in pages(session, query)}) == last
            assert session.query(Query(kind=KIND, where=(Condition(NAME, Op.EQ, "none"),), sort=DUE)).items == ()


def test_encoded_values_stand_in_their_order() -> None:
    """The text that stands for a value in the index has another order than the values."""
    order = (-(2**53), -10, -9, 0, 1, 9, 10, 2**53, "", "0", "1", "a", "é", "\uffff", "𝄞")
    texts = [encoded(value) for value in order]
    assert sorted(texts) == texts
    assert len(set(map(len, texts[:8]))) == 1


@pytest.mark.parametrize(
    ("prefix", "end"),
    [("1", "2"), ("1a", "1b"), ("1\ud7ff", "1\ue000"), ("1\U0010ffff", "2"), ("1a\U0010ffff\U0010ffff", "1b")],
)
def test_prefix_has_an_end(prefix: str, end: str) -> None:
    """A range of texts with a prefix ends too early or too late."""
    assert prefix_end(prefix) == end


def test_words_of_different_workspaces_stand_apart() -> None:
    """In the index of words, which knows no workspace, a search goes through the words of everybody."""
    marks = {question(["oak"], f"student {number}") for number in range(100)}
    assert len(marks) > 95
    assert all(mark.endswith("oak':*") for mark in marks)


@pytest.mark.parametrize("indexed", [False, True])
def test_search_finds_the_same_with_and_without_index(server: object, schema: str, opened: Opened, indexed: bool) -> None:
    """With the index of words a search finds other records; or the index is not used, though PostgreSQL was told that it may be."""
    storage = opened()
    rng = random.Random(2)
    words = [f"w{number}" for number in range(300)]
    for key in (WORKSPACE, "ben"):
        put(storage, *(write(number, text=" ".join(rng.choices(words, k=8))) for number in range(1, 1_500)), workspace=key)
    if indexed:
        PostgresStorage(server.url(schema, "postgres")).index_words()  # type: ignore[attr-defined]
        with server.admin() as admin:  # type: ignore[attr-defined]
            admin.execute(f"ANALYZE {schema}.record")
    try:
        with storage.session(WORKSPACE) as session:
            records = session.query(Query(kind=KIND, limit=10_000)).items
            for asked in ("w1 w2", "w17", "w299 w2", "none"):
                expected = run_search(records, asked, limit=500)
                assert session.search(asked, limit=500).items == expected.items
            plan = session._wire.rows(
                f"EXPLAIN SELECT 1 FROM {schema}.record WHERE workspace_id = %s AND words @@ %s::tsquery",
                WORKSPACE,
                question(["w17"], WORKSPACE),
            )
        assert ("record_words" in str(plan)) is indexed
    finally:
        with server.admin() as admin:  # type: ignore[attr-defined]
            admin.execute("ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) NOT LEAKPROOF")
