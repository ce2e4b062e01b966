"""Memory and SQLite give the same answers to the same story, whatever it is. (The memory storage answers with run_query.)"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from infoint.errors import InfointError
from infoint.storage import (
    Condition,
    IndexField,
    IndexValue,
    MemoryStorage,
    Op,
    Query,
    Record,
    Session,
    Storage,
    Write,
)
from infoint.storage.meaning import run_query
from infoint.storage.sqlite import SqliteStorage, queries as sqlite_queries
from infoint.storage.sqlite.queries import prefix_end
from infoint.testing.storage_case import MOMENT, id_of

KINDS = ("note", "talk")
FIELDS = (IndexField.DUE, IndexField.EMAIL, IndexField.NAME)
PROFILE = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

# Few values, so that they meet; among them those at which orders differ.
texts = st.sampled_from(
    ["", "a", "ab", "b", "A", "é", "e\u0301", "\ud7ff", "\ue000", "\uffff", "𝄞", "\U0010ffff", "%", "_", "1", "10", "9"]
)
integers = st.sampled_from([0, -1, 1, 2, 9, 10, 2**53, -(2**53)])
values: st.SearchStrategy[IndexValue] = st.one_of(texts, integers, st.none())
indexes = st.dictionaries(st.sampled_from(FIELDS), st.lists(values, max_size=3).map(tuple), max_size=3)
ids = st.one_of(st.integers(1, 8), st.sampled_from([1 << 127, (1 << 128) - 1])).map(id_of)
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abé"), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def writes(draw: st.DrawFn) -> Write:
    deleted = draw(st.integers(0, 4)) == 0
    return Write(
        kind=draw(st.sampled_from(KINDS)),
        id=draw(ids),
        expect=draw(st.one_of(st.none(), st.integers(0, 3))),
        updated_at=MOMENT + timedelta(hours=draw(st.integers(0, 3))),
        schema=(1, draw(st.integers(0, 2))),
        data={} if deleted else draw(st.dictionaries(st.sampled_from("xyz"), json_values, max_size=2)),
        index={} if deleted else draw(indexes),
        deleted=deleted,
    )


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    op = draw(st.sampled_from(Op))
    of_op = st.none() if op is Op.IS_NULL else texts if op is Op.PREFIX else st.one_of(texts, integers)
    return Condition(draw(st.sampled_from(FIELDS)), op, draw(of_op))


queries = st.builds(
    Query,
    kind=st.sampled_from(KINDS),
    where=st.lists(conditions(), max_size=3).map(tuple),
    sort=st.one_of(st.none(), st.sampled_from(FIELDS)),
    descending=st.booleans(),
    limit=st.sampled_from([1, 2, 3, 5, 500]),
)
commits = st.tuples(
    st.sampled_from(["ana", "ben"]), st.lists(st.lists(writes(), max_size=5), min_size=1, max_size=3), st.booleans()
)


@contextmanager
def both() -> Iterator[tuple[Storage, Storage]]:
    with TemporaryDirectory() as folder:
        storages = MemoryStorage(), SqliteStorage(Path(folder, "a.db"))
        for storage in storages:
            storage.open(create=True)
        try:
            yield storages
        finally:
            for storage in storages:
                storage.close()


def outcome(call: Any, *arguments: Any, **named: Any) -> Any:
    try:
        return call(*arguments, **named)
    except InfointError as error:
        return type(error), str(error)


def told(session: Session, asked: list[Query], limit: int) -> list[Any]:
    """All pages of all queries, and all changes."""
    answers: list[Any] = []
    for query in asked:
        page = session.query(query)
        answers.append(page)
        while page.cursor:
            page = session.query(attrs.evolve(query, cursor=page.cursor))
            answers.append(page)
    last = session.last_commit()
    answers.append((last.seq, last.at))
    changes = session.changes("", limit=limit)
    answers.append(changes)
    while changes.more:
        changes = session.changes(changes.cursor, limit=limit)
        answers.append(changes)
    return answers


def told_after(storage: Storage, story: list[Any], asked: list[Query], limit: int) -> list[Any]:
    answers: list[Any] = []
    for workspace, calls, committed in story:
        with storage.session(workspace, write=True) as session:
            answers += [outcome(session.put_many, call) for call in calls]
            answers += told(session, asked, limit)
            answers.append(session.get_many([write.key for call in calls for write in call]))
            if committed:
                answers.append(session.commit().seq)
    for workspace in ("ana", "ben", "nobody"):
        with storage.session(workspace) as session:
            answers += told(session, asked, limit)
    answers.append(list(storage.workspaces()))
    answers.append(list(storage.check(deep=True)))
    return answers


def compare(story: list[Any], asked: list[Query], limit: int, few: int) -> None:
    """`few`: how many SQLite sorts itself; with 0 it always walks an index."""
    with both() as (memory, sqlite), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_queries, "FEW", few)
        expected, found = told_after(memory, story, asked, limit), told_after(sqlite, story, asked, limit)
    assert len(expected) == len(found)
    for one, other in zip(expected, found, strict=True):
        assert one == other
        assert repr(one) == repr(other), "equal, but of other types"


@PROFILE
@given(
    st.lists(commits, max_size=4), st.lists(queries, max_size=4), st.sampled_from([1, 2, 5, 500]), st.sampled_from([0, 2, 200])
)
def test_sqlite_answers_as_memory_does(story: list[Any], asked: list[Query], limit: int, few: int) -> None:
    """SQLite keeps, finds, orders, pages or tells something else than the normative storage."""
    compare(story, asked, limit, few)


@pytest.mark.slow
@settings(PROFILE, max_examples=1_000)
@given(
    st.lists(commits, max_size=6), st.lists(queries, max_size=6), st.sampled_from([1, 2, 5, 500]), st.sampled_from([0, 2, 200])
)
def test_sqlite_answers_as_memory_does_at_length(story: list[Any], asked: list[Query], limit: int, few: int) -> None:
    """As above, for differences that are rare."""
    compare(story, asked, limit, few)


@PROFILE
@given(st.lists(st.tuples(ids, indexes), unique_by=lambda pair: pair[0], max_size=12), queries, st.integers(1, 12))
def test_pages_are_the_whole_cut_up(rows: list[Any], query: Query, limit: int) -> None:
    """Pages give a record twice or never, or in another order than the whole."""
    storage = MemoryStorage()
    with storage.session("ana", write=True) as session:
        records = session.put_many(
            [
                Write(kind=query.kind, id=id, expect=0, updated_at=MOMENT, schema=(1, 0), data={}, index=index)
                for id, index in rows
            ]
        )
    whole = run_query(records, attrs.evolve(query, limit=10_000)).items
    cut: list[Record] = []
    cursor = ""
    while True:
        page = run_query(records, attrs.evolve(query, limit=limit, cursor=cursor))
        assert len(page.items) <= limit
        cut += page.items
        cursor = page.cursor
        if not cursor:
            break
    assert tuple(cut) == whole


@PROFILE
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_prefix_is_a_range(prefix: str, rest: str) -> None:
    """The range that SQLite walks for a prefix holds too much or too little."""
    end = prefix_end(prefix)
    assert prefix <= prefix + rest
    assert not end or prefix + rest < end
    for text in (rest, prefix[:-1] + rest):
        assert text.startswith(prefix) == (prefix <= text and (not end or text < end))
