"""What the tests of `StorageContract` stand on: making and opening a storage, short ways to write, threads that cannot hang."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

import pytest

from infoint.errors import InfointError
from infoint.storage.contract import (
    Capability,
    ChangePage,
    IndexField,
    IndexValue,
    Key,
    Page,
    Query,
    Record,
    Session,
    Storage,
    Write,
)

R = TypeVar("R")
E = TypeVar("E", bound=Exception)

KIND: Final = "note"
WORKSPACE: Final = "ana@oak.example"
MOMENT: Final = datetime(2026, 3, 2, 8, 15, 30, 123456, tzinfo=UTC)
PATIENCE: Final = 30.0
"""Seconds after which a thread of a test counts as stuck."""
A_MOMENT: Final = 0.3
"""Seconds that a thread is given to get ahead, where it may also have to wait."""

GARBAGE: Final = (
    "x", "=", "é", " ", "\x00", "\ud800", "e30", "bnVsbA", "MQ", "W10", "WyIiXQ", "WzEsMiwzXQ", "A" * 100_000, "WwoK" * 4_000, "../..",
)  # fmt: skip  # a list of oddities, not a table
"""What is no cursor."""

Values = tuple[IndexValue, ...] | IndexValue


def id_of(number: int) -> UUID:
    """Ids in the order of their numbers."""
    return UUID(int=number)


def key_of(number: int, kind: str = KIND) -> Key:
    """The key of `write(number)`."""
    return Key(kind, id_of(number))


def write(number: int, expect: int | None = 0, *, kind: str = KIND, data: Any = None, text: str = "", **index: Values) -> Write:
    """A Write; index values by the field's name."""
    return Write(
        kind=kind,
        id=id_of(number),
        expect=expect,
        updated_at=MOMENT,
        schema=(1, 0),
        data={"number": str(number)} if data is None else data,
        index={IndexField(name): values if isinstance(values, tuple) else (values,) for name, values in index.items()},
        text=text,
    )


def tombstone(number: int, expect: int | None = None, *, kind: str = KIND) -> Write:
    """The Write that deletes."""
    return Write(kind=kind, id=id_of(number), expect=expect, updated_at=MOMENT, schema=(1, 0), data={}, index={}, deleted=True)


class Background(Generic[R]):
    """A call in a thread of its own, whose outcome is not lost."""

    def __init__(self, call: Callable[[], R]) -> None:
        """Starts it."""
        self._call, self._outcome, self._error = call, [], None  # type: tuple[Callable[[], R], list[R], BaseException | None]
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._outcome.append(self._call())
        except BaseException as error:  # noqa: BLE001  # raised again by result()
            self._error = error

    def wait(self, seconds: float) -> None:
        """Gives it so much time, no more."""
        self._thread.join(seconds)

    def result(self) -> R:
        """What it returned, or raises what it raised."""
        self.wait(PATIENCE)
        if self._error:
            raise self._error
        assert self._outcome, f"a thread was still stuck after {PATIENCE} seconds"
        return self._outcome[0]


class StorageCase(ABC):
    """How a test gets its storage."""

    strict: ClassVar[bool] = False
    """True: also hold it to what protects a storage that is used without infoint's engine: it refuses keys of workspaces that are none,
    cursors of other workspaces, and sessions that have ended.
    """

    @abstractmethod
    def make_storage(self, folder: Path) -> Storage:
        """A storage over what is in `folder` (called twice with one folder: the same data, where DURABLE is declared; also in a forked
        process). Not opened.
        """

    def restored(self, content: bytes, folder: Path) -> Storage:
        """A storage over what `backup` gave, in an empty `folder`. Not opened. By default `make_storage` is asked for a place there, and
        the one file that it makes is written over; override it where that does not fit.
        """
        with self.opened(folder):
            pass
        files = [file for file in folder.rglob("*") if file.is_file()]
        assert len(files) == 1, f"the place is {len(files)} files: override restored() to say where a backup goes"
        files[0].write_bytes(content)
        return self.make_storage(folder)

    def older(self, folder: Path) -> Storage | None:  # noqa: ARG002  # for those who override it
        """A storage over a place that an older infoint wrote, for `migrate`. Not opened. None = there is no older format yet."""
        return None

    # ── short ways ───────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def opened(self, folder: Path, *, create: bool = True, read_only: bool = False) -> Iterator[Storage]:
        """The storage of `folder`, open."""
        storage = self.make_storage(folder)
        storage.open(create=create, read_only=read_only)
        try:
            yield storage
        finally:
            storage.close()

    def needs(self, folder: Path, *capabilities: Capability) -> None:
        """Skips the test, and says why, where a capability is not declared."""
        declared = self.make_storage(folder).capabilities
        for capability in capabilities:
            if capability not in declared:
                pytest.skip(f"Capability.{capability.name} is not declared")

    def needs_strict(self) -> None:
        """Skips the test where the class did not ask to be held to it."""
        if not self.strict:
            pytest.skip("strict is not set")


def put(storage: Storage, *writes: Write, workspace: str = WORKSPACE) -> tuple[Record, ...]:
    """One commit."""
    with storage.session(workspace, write=True) as session:
        records = tuple(session.put_many(writes))
        session.commit()
    return records


def got(storage: Storage, number: int, *, workspace: str = WORKSPACE, kind: str = KIND) -> Record | None:
    """One record, in a session of its own."""
    key = key_of(number, kind)
    with storage.session(workspace) as session:
        return session.get_many([key]).get(key)


def numbers(records: "tuple[Record, ...]") -> list[int]:
    """Which records they are."""
    return [record.id.int for record in records]


def asked(storage: Storage, query: Query, *, workspace: str = WORKSPACE) -> list[int]:
    """What one page of a query finds, in order."""
    with storage.session(workspace) as session:
        return numbers(session.query(query).items)


def walked(session: Session, make: Callable[[str], Query]) -> list[Record]:
    """All pages of a query, made anew for each cursor."""
    found: list[Record] = []
    cursor = ""
    while True:
        page = session.query(make(cursor))
        found += page.items
        if not page.cursor:
            return found
        assert page.items, "an empty page says that there is another: whoever follows the cursor never ends"
        cursor = page.cursor


def searched(
    storage: Storage, text: str, *, kinds: Collection[str] = (), limit: int = 500, workspace: str = WORKSPACE
) -> list[tuple[str, int]]:
    """What a search finds, all pages of it: kind and number."""
    with storage.session(workspace) as session:
        found = [record for page in found_pages(session, text, kinds=kinds, limit=limit) for record in page.items]
    return [(record.kind, record.id.int) for record in found]


def found_pages(session: Session, text: str, *, kinds: Collection[str] = (), limit: int = 500) -> Iterator[Page[Record]]:
    """The pages of a search."""
    cursor = ""
    while True:
        page = session.search(text, kinds=kinds, limit=limit, cursor=cursor)
        yield page
        if not page.cursor:
            return
        assert page.items, "an empty page says that there is another: whoever follows the cursor never ends"
        cursor = page.cursor


def followed(storage: Storage, limit: int, *, since: str = "", workspace: str = WORKSPACE) -> tuple[list[Record], str]:
    """All changes since a cursor, each page in a session of its own, and the cursor after them."""
    found: list[Record] = []
    while True:
        with storage.session(workspace) as session:
            page: ChangePage = session.changes(since, limit=limit)
        found += page.items
        since = page.cursor
        if not page.more:
            return found, since
        assert page.items, "an empty page of changes says that there is more: whoever follows it never ends"


class Refused(Generic[E]):
    """What `refuses` caught."""

    value: E


@contextmanager
def refuses(kind: type[E] | tuple[type[E], ...], call: str) -> Iterator[Refused[E]]:
    """As pytest.raises; where nothing is raised, or something else, the reason says of which call, in words."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    owed = " or ".join(one.__name__ for one in kinds)
    caught = Refused[E]()
    try:
        yield caught
    except kinds as error:
        caught.value = error
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{call} raised {type(error).__name__}, and owes {owed}: {error}") from error
    else:
        pytest.fail(f"{call} raised nothing, and owes {owed}")


def refused(what: str, call: Callable[[], object]) -> None:
    """That a call ends in one of our errors, whichever; a native one fails the test, and so does an answer."""
    with refuses(InfointError, what):
        call()
