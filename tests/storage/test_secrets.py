"""What a URL holds and what a person wrote stays out of messages, reprs, tracebacks and logs, whatever goes wrong."""

import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import infoint
from infoint.errors import Busy, Corrupt, InfointError, StorageError, StorageFull
from infoint.storage import Query, StorageUrl
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import KIND, WORKSPACE, put, write
from infoint.testing.storage_hostile import CANARY, overheard, told_by

PASSWORD = "tr0ub4dor-7f3a"
URLS = (
    f"acme://kim:{PASSWORD}@db.example/talks",
    f"acme://db.example/talks?password={PASSWORD}",
    f"memory:{PASSWORD}",
    f"memory:?token={PASSWORD}",
    f"sqlite:a.db?timeout={PASSWORD}",
    f"sqlite:a.db?key={PASSWORD}&key={PASSWORD}",
    f"sqlite:a.db?{PASSWORD}",
    f"{PASSWORD} :x",
    f"://{PASSWORD}",
    f"sqlite:\x00{PASSWORD}",
)


def ended(call: Callable[[], Any]) -> InfointError:
    with pytest.raises(InfointError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("url", URLS, ids=lambda url: url.replace(PASSWORD, "…"))
def test_url_is_not_repeated(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that came in a URL stands in a message or a log."""
    monkeypatch.chdir(tmp_path)
    with overheard() as lines:
        error = ended(lambda: infoint.open(url))
    assert PASSWORD not in told_by(error)
    assert not [line for line in lines if PASSWORD in line]


def test_url_shows_its_scheme_alone() -> None:
    """Whoever prints a URL that was read prints the password with it."""
    url = StorageUrl.parse(URLS[0] + f"?token={PASSWORD}")
    assert (url.options["token"], PASSWORD in url.rest) == (PASSWORD, True)
    assert repr(url) == str(url) == "StorageUrl(scheme='acme')"
    assert PASSWORD not in "".join(traceback.format_exception(ValueError(url)))


def filled(number: int, size: int = 1) -> Any:
    return write(number, data={CANARY: CANARY * size}, text=CANARY, name=CANARY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open(create=True)
    put(storage, filled(1))
    storage.close()
    return tmp_path / "a.db"


def opened(path: Path) -> SqliteStorage:
    storage = SqliteStorage(StorageUrl.parse(f"sqlite:{path}?timeout=0.05"))
    storage.open()
    return storage


def read_all(storage: SqliteStorage) -> None:
    with storage.session(WORKSPACE) as session:
        session.query(Query(kind=KIND))


def told(storage: SqliteStorage, call: Callable[[], Any], expected: type[StorageError]) -> None:
    try:
        with overheard() as lines:
            error = ended(call)
    finally:
        storage.close()
    assert isinstance(error, expected), repr(error)
    assert CANARY not in told_by(error)
    assert not [line for line in lines if CANARY in line]


@pytest.mark.parametrize(
    "damage",
    [
        f"data = '{{{CANARY}'",
        f"updated_at = '{CANARY}'",
        f"indexed = '{{\"{CANARY}'",
        f'indexed = \'{{"name":"{CANARY}"\'',
        f"id = '{CANARY}'",
    ],
)
def test_damaged_record_is_not_repeated(path: Path, damage: str) -> None:
    """What is left of a damaged record stands in the error, or in one that caused it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE record SET {damage}")  # noqa: S608  # our own words
    told(storage := opened(path), lambda: read_all(storage), Corrupt)
    storage = opened(path)
    problems = storage.check(deep=True)
    storage.close()
    assert problems
    assert not [problem for problem in problems if CANARY in problem]


def test_what_found_no_room_is_not_repeated(path: Path) -> None:
    """A full disk is told with the record that found no room."""
    storage = opened(path)

    def fill() -> None:
        with storage.session(WORKSPACE, write=True) as session:
            session._connection.execute("PRAGMA max_page_count = 20")  # type: ignore[attr-defined]  # the same error as a full disk
            session.put_many([filled(2, 100_000)])

    told(storage, fill, StorageFull)


def test_who_waits_is_not_told_for_what(path: Path) -> None:
    """A lock is told with the statement, and its values, that waits for it."""
    storage = opened(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE record SET text = ?", (CANARY,))
        told(storage, lambda: put(storage, filled(2)), Busy)


def test_lost_tables_are_told_without_values(path: Path) -> None:
    """SQLite's own words, which may quote what was bound, go through."""
    storage = opened(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE entry")
    told(storage, lambda: put(storage, filled(2)), StorageError)


def test_session_after_its_end_says_nothing_of_what_it_held(path: Path) -> None:
    """A session that is used too late tells what it had put."""
    storage = opened(path)
    with storage.session(WORKSPACE, write=True) as session:
        session.put_many([filled(2)])
    told(storage, lambda: session.put_many([filled(3)]), StorageError)
