"""The SQLite storage's search: the same answers as `run_search` whatever happened before, and how much is read for them."""

import random
import sqlite3
import string
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from infoint.errors import InfointError, Unsupported
from infoint.storage import Page, Record, Session, Write
from infoint.storage.contract import Capability
from infoint.storage.meaning import run_search
from infoint.storage.memory import MemoryStorage
from infoint.storage.sqlite import SqliteStorage, search
from infoint.storage.words import words_of
from infoint.testing.storage_case import MOMENT, WORKSPACE, key_of, numbers, put, tombstone, write

PROFILE = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SYNTAX = (
    '"', '""', "'", "*", "a*", "^a", "a AND", "AND", "OR b", "NOT", "NEAR(a b)", "a NEAR b", "tokens:a", "{tokens}: a", "-a", "a + b", "(", ")",
    "a)", '"a', "a;DROP TABLE words", "%", "_", "\\", "?1", "a\x00b", "¦a", "a¦note", "0¦a", "1¦", "rank", "words", "delete", "optimize",
)  # fmt: skip  # a list of oddities, not a table


@contextmanager
def opened(path: Path) -> Iterator[SqliteStorage]:
    storage = SqliteStorage(path)
    storage.open(create=True)
    try:
        yield storage
    finally:
        storage.close()


def outcome(call: Any, *arguments: Any, **named: Any) -> Any:
    try:
        return call(*arguments, **named)
    except InfointError as error:
        return type(error), str(error)


def found(session: Session, text: str, kinds: tuple[str, ...] = (), limit: int = 500) -> list[Page[Record]]:
    """All pages."""
    pages = [session.search(text, kinds=kinds, limit=limit)]
    while pages[-1].cursor:
        pages.append(session.search(text, kinds=kinds, limit=limit, cursor=pages[-1].cursor))
    return pages


def found_in(storage: SqliteStorage, text: str, *kinds: str) -> list[int]:
    with storage.session(WORKSPACE) as session:
        return numbers(found(session, text, kinds)[0].items)


# ── the same as the meaning ──────────────────────────────────────────────────────────────────────
vocabulary = st.sampled_from(["a", "ab", "abc", "b", "Ä", "東京", "note", "x" * 70, "¦", "''", "-", *SYNTAX[:8], "AND", "1"])
texts = st.lists(vocabulary, max_size=4).map(" ".join)


@st.composite
def writes(draw: st.DrawFn) -> Write:
    number, kind = draw(st.integers(1, 6)), draw(st.sampled_from(["note", "note-s", "n_o"]))
    if draw(st.integers(0, 4)) == 0:
        return tombstone(number, kind=kind)
    return write(number, None, kind=kind, text=draw(texts))


commits = st.tuples(
    st.sampled_from(["ana", "ben"]), st.lists(st.lists(writes(), max_size=4), max_size=3), st.sampled_from([True, True, False])
)
questions = st.tuples(texts, st.sampled_from([(), ("note",), ("note-s", "n_o"), ("other",)]), st.sampled_from([1, 2, 500]))


def told_after(storage: Any, story: list[Any], asked: list[Any]) -> list[Any]:
    answers: list[Any] = []
    for workspace, calls, committed in story:
        with storage.session(workspace, write=True) as session:
            for call in calls:
                session.put_many(call)
                answers += [outcome(found, session, *question) for question in asked]
            if committed:
                session.commit()
    for workspace in ("ana", "ben", "nobody"):
        with storage.session(workspace) as session:
            answers += [outcome(found, session, *question) for question in asked]
    return [*answers, list(storage.check(deep=True))]


@PROFILE
@given(st.lists(commits, max_size=5), st.lists(questions, min_size=1, max_size=4), st.sampled_from([1, 3, 13]))
def test_sqlite_finds_as_memory_does(
    tmp_path_factory: pytest.TempPathFactory, story: list[Any], asked: list[Any], bits: int
) -> None:
    """Records are missing from an answer, or in another order or on another page than the normative storage gives them."""
    memory = MemoryStorage()
    memory.open()
    with opened(tmp_path_factory.mktemp("law") / "a.db") as sqlite, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_SPAN_BITS", bits)
        assert told_after(sqlite, story, asked) == told_after(memory, story, asked)


@PROFILE
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_words_are_kept_as_they_are(text: str) -> None:
    """SQLite's tokenizer cuts or changes one of our words: what was put is not found."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(search.TABLE)
        connection.execute("CREATE VIRTUAL TABLE kept USING fts5vocab(words, row)")
        connection.execute("INSERT INTO words (rowid, tokens) VALUES (1, ?)", (search._tokens(1, "a-b_c", text),))
        lead = search._lead(0, 0)
        assert {term for term, *_ in connection.execute("SELECT term FROM kept")} == {
            f"{lead}¦a-b_c",
            *(lead + word for word in words_of(text)),
        }


@pytest.mark.parametrize("text", [*SYNTAX, " ".join(SYNTAX), " ".join(string.ascii_letters), "a" * 10_000])
def test_syntax_is_no_syntax(tmp_path: Path, text: str) -> None:
    """What somebody typed is taken for FTS or SQL: an error, or other answers."""
    with opened(tmp_path / "a.db") as storage:
        kept = [one.replace("\x00", "") for one in (*SYNTAX, text)]
        records = put(storage, *(write(number, text=one) for number, one in enumerate(kept, start=1)))
        with storage.session(WORKSPACE) as session:
            assert session.search(text) == run_search(records, text, workspace=WORKSPACE)
            assert session.search(text, kinds=[f"k{number}" for number in range(3_000)]).items == ()


def test_other_workspaces_are_not_found(tmp_path: Path) -> None:
    """A search gives somebody else's records, or the pages of one workspace go on in another."""
    with opened(tmp_path / "a.db") as storage:
        for number, workspace in enumerate(["ana", "ben", "cleo"], start=1):
            put(storage, write(number, text="oak"), workspace=workspace)
        with storage.session("ben") as session:
            assert numbers(session.search("o").items) == [2]


def test_page_goes_on_where_its_last_record_was_changed(tmp_path: Path) -> None:
    """Whoever turns the page after somebody saved the last record of it gets records twice, or misses some."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, text="oak") for number in range(1, 8)))
        with storage.session(WORKSPACE) as session:
            first = session.search("oak", limit=3)
        put(storage, write(3, None, text="oak"))
        put(storage, tombstone(2))
        with storage.session(WORKSPACE) as session:
            assert numbers(session.search("oak", limit=9, cursor=first.cursor).items) == [4, 5, 6, 7]


# ── how much it reads ────────────────────────────────────────────────────────────────────────────
def test_common_word_costs_what_is_given(tmp_path: Path) -> None:
    """A word that stands everywhere reads every record there is (5,000 instructions of SQLite are a few hundred rows)."""
    with opened(tmp_path / "a.db") as storage:
        rng = random.Random(1)
        put(
            storage,
            *(write(number, text=f"manager {rng.randrange(900)}", kind=rng.choice("abc")) for number in range(1, 12_001)),
        )
        with storage.session(WORKSPACE) as session:
            hundreds: list[None] = []
            session._connection.set_progress_handler(lambda: hundreds.append(None), 100)  # type: ignore[attr-defined]  # counts work
            first = session.search("manager", limit=10)
            second = session.search("MAN", limit=10, kinds=["b"])
            third = session.search("manager", limit=10, cursor=session.search("manager", limit=5_000).cursor)
            session._connection.set_progress_handler(None, 0)  # type: ignore[attr-defined]  # as above
    assert [len(page.items) for page in (first, second, third)] == [10, 10, 10]
    assert len(hundreds) < 50 + 5_000 * 30 // 100


# ── without FTS5, and after it ───────────────────────────────────────────────────────────────────
@pytest.fixture
def without_fts5(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A Python whose SQLite lacks it: the virtual table is not touched."""
    monkeypatch.setattr(search, "TABLE", "CREATE VIRTUAL TABLE words USING fts55(tokens)")
    search.has_fts5.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    search.has_fts5.cache_clear()


def again(patch: pytest.MonkeyPatch) -> None:
    patch.undo()
    search.has_fts5.cache_clear()


def test_without_fts5_everything_else_works(tmp_path: Path, without_fts5: pytest.MonkeyPatch) -> None:
    """A Python without FTS5 cannot open the storage at all, or declares a search that raises; or what it wrote is never found again."""
    with opened(tmp_path / "a.db") as storage:
        assert not storage.capabilities & (Capability.SEARCH | Capability.SECURE_ERASE)
        put(storage, write(1, text="oak"))
        with storage.session(WORKSPACE) as session, pytest.raises(Unsupported):
            session.search("oak")
        with pytest.raises(Unsupported):
            storage.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)
        assert storage.check(deep=True) == []
    again(without_fts5)
    with opened(tmp_path / "a.db") as storage:
        assert Capability.SEARCH in storage.capabilities
        assert found_in(storage, "oak") == [1]
        assert storage.check(deep=True) == []


def test_file_with_an_index_is_kept_right_without_fts5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a Python without FTS5 changed in a file with a search index is found by its old words, or in another workspace."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, text="oak"), write(2, text="ash"), write(3, text="elm"))
        put(storage, write(4, text="oak"), workspace="ben")
        assert type(storage).capabilities == storage.capabilities
        with monkeypatch.context() as patch:
            patch.setattr(search, "TABLE", "CREATE VIRTUAL TABLE words USING fts55(tokens)")
            search.has_fts5.cache_clear()
            with opened(tmp_path / "a.db") as other:
                put(other, write(1, 1, text="beech"), tombstone(2, 1))
                put(other, write(5, text="oak"))
                other.drop_workspace("ben")
                put(other, write(6), workspace="cleo")  # in the row that ben had
                assert other.check(deep=True) == []
        search.has_fts5.cache_clear()
        put(storage, write(7, text="elm"), workspace="cleo")
        for place in range(2):
            assert found_in(storage, "oak") == [5], f"round {place}: the second time all is in a new index"
            assert found_in(storage, "beech") == [1]
            assert found_in(storage, "ash") == []
            with storage.session("cleo") as session:
                assert session.search("oak").items == ()
            assert storage.check(deep=True) == []
            storage.open()


def test_reader_of_a_file_without_index_searches(tmp_path: Path, without_fts5: pytest.MonkeyPatch) -> None:
    """A file that was only ever written without FTS5 is opened for reading, and the search fails or finds nothing."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, *(write(number, text="oak") for number in range(1, 4)))
    again(without_fts5)
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open(read_only=True)
    with storage.session(WORKSPACE) as session:
        assert [numbers(page.items) for page in found(session, "oak", limit=2)] == [[1, 2], [3]]
    storage.close()


# ── damage ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE record SET text = 'secret' WHERE text = 'oak'", "does not hold its words"),
        ("UPDATE record SET place = NULL WHERE text = 'oak'", "words of records that are gone"),
        ("DELETE FROM words_data WHERE id > 10", "is damaged"),
        ("UPDATE record SET place = 9 + (2 << 40) WHERE text = 'oak'", "another workspace"),
        ("UPDATE record SET seq = 9 WHERE text = 'ash'", "wrong order"),
        ("UPDATE record SET seq = 0 WHERE text = 'elm'", "wrong order"),
    ],
)
def test_deep_check_looks_at_the_index(tmp_path: Path, damage: str, problem: str) -> None:
    """Records that are found no more, or by words they no longer have, go unnoticed."""
    with opened(tmp_path / "a.db") as storage:
        put(storage, write(1, text="ash"))
        put(storage, write(2, text="oak"))
        put(storage, write(3, text="elm"))
        assert storage.check(deep=True) == []
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
            connection.execute(damage)
        problems = storage.check(deep=True)
        assert any(problem in line for line in problems), problems
        assert "secret" not in "".join(problems)
