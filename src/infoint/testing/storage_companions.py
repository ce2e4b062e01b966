"""Two storages that go the same way: each step of a walk is taken on both, and the answers are compared. The steps are made in
`storage_steps`.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from attrs import evolve, frozen

from infoint.errors import Conflict, InfointError, InvalidValue, Unsupported
from infoint.storage.contract import (
    Capability,
    ChangePage,
    Condition,
    Erasure,
    IndexField,
    Key,
    Op,
    Page,
    Query,
    Record,
    Session,
    Storage,
)
from infoint.storage.memory import MemoryStorage
from infoint.testing.storage_case import MOMENT, id_of
from infoint.testing.storage_steps import COPIES, KEPT, KINDS, OWN, Part, Put, Step

Answer: TypeAlias = Any


class Differs(Exception):
    """Two storages gave two answers. Never leaves the walk."""


@frozen
class _Mark:
    """Where a page ended, on both sides."""

    workspace: str
    asked: Any
    cursors: tuple[str, str]


@frozen
class _Pair:
    """Two sessions of one workspace."""

    workspace: str
    one: Session
    other: Session

    def asked(self, call: Callable[[Session, int], Answer]) -> tuple[Answer, Answer]:
        """What both of them say; the call is told which side it is on."""
        return _outcome(lambda: call(self.one, 0)), _outcome(lambda: call(self.other, 1))


class Walk(AbstractContextManager["Walk"]):
    """The memory storage and another, and what is remembered on the way."""

    def __init__(self, make: Callable[[Path], Storage], folder: Path, *, strict: bool) -> None:
        """Opens it, in an empty folder. Raises InvalidValue where there is something in its place."""
        self._make, self._folder, self._strict = make, folder, strict
        self._memory = MemoryStorage()
        self._other = make(folder)
        self._other.open(create=True)
        if list(self._other.workspaces()):
            self._other.close()
            raise InvalidValue(
                "walk_storage", "make", "made a storage that is not empty: a walk writes to it, and drops workspaces"
            )
        self._declared = self._other.capabilities
        self.operations = 0
        self._queries: deque[_Mark] = deque(maxlen=KEPT)
        self._searches: deque[_Mark] = deque(maxlen=KEPT)
        self._followers: deque[_Mark] = deque(maxlen=KEPT)
        self._lives: set[str] = set()
        """Copies that have commits of their own, or whose original is another one now."""
        self._told: dict[str, deque[str]] = {}
        """Of each workspace, the ids of its last commits."""

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Takes away what it made, and closes the storage."""
        # After a difference the storage may refuse even that.
        with suppress(InfointError) if kind else nullcontext():
            for key in (*OWN, *COPIES):
                self._other.drop_workspace(key)
            self._other.close()

    def take(self, step: Step) -> None:
        """Raises Differs."""
        try:
            self._take(step)
        except Differs:
            raise
        except Exception as error:
            raise Differs(f"{step.what} ended in {type(error).__name__}: {error}") from error

    def _take(self, step: Step) -> None:
        workspace = step.workspace
        match step.what:
            case "write" | "read":
                self._session(step)
            case "load" | "cut load" | "refused load" if (
                Capability.BULK_LOAD in self._declared and workspace not in self._lives
            ):
                self._load(step)
            case "erase" if self._declared & (Capability.SECURE_ERASE | Capability.PARTIAL_ERASE):
                keys, (hours,) = step.parts
                moment = MOMENT + timedelta(hours=hours)
                self._both("erase", lambda storage: _erasure(storage.erase(workspace, keys, updated_at=moment)))
                self._lives.add(workspace)
                self._told.pop(workspace, None)
            case "drop":
                self._both("drop_workspace", lambda storage: storage.drop_workspace(workspace))
                self._lives.discard(workspace)
                self._lives.update(copy for copy, of in COPIES.items() if of == workspace)
                self._told.pop(workspace, None)
            case "reopen" if Capability.DURABLE in self._declared:
                self._other.close()
                self._other = self._make(self._folder)
                self._other.open()
                self.operations += 1
            case "workspaces":
                # Where there is nothing in it, a workspace need not be told of, but may be.
                self._both("workspaces", lambda storage: [key for key in storage.workspaces() if _seq(storage, key)])
            case "check":
                self._both("check", lambda storage: list(storage.check(deep=True)))
            case "asked again":
                self._ask_again(workspace)
            case _:
                pass

    # ── calls of the storage ─────────────────────────────────────────────────────────────────────
    def _both(self, what: str, call: Callable[[Storage], Answer]) -> Answer:
        self.operations += 1
        return self._same(what, _outcome(lambda: call(self._memory)), _outcome(lambda: call(self._other)))

    def _same(self, what: str, expected: Answer, found: Answer) -> Answer:
        if expected != found:
            raise Differs(f"{what}\n  memory: {_cut(expected)}\n  here:   {_cut(found)}")
        return expected

    def _load(self, step: Step) -> None:
        ((count,),) = step.parts
        with self._memory.session(COPIES[step.workspace]) as session:
            records = session.changes("", limit=10_000).items
        if step.what == "load":
            self._both("load", lambda storage: storage.load(step.workspace, records[:count] if count < 50 else records))
            return
        # What it keeps of a load that fails is its own business; after the next one it is the same again.
        wrong = _cut_short(records[:count]) if step.what == "cut load" else iter(records[: count + 2][::-1])
        refused = _outcome(lambda: self._other.load(step.workspace, wrong))
        if step.what == "cut load" or len(records) > 1:
            expected = ("native error", "_CutShort", "") if step.what == "cut load" else ("refused", "invalid-value")
            self._same("load", expected, refused)
        for storage in (self._memory, self._other):
            storage.load(step.workspace, records)
        self.operations += 2
        self._both("changes", lambda storage: _all_changes(storage, step.workspace))

    def _ask_again(self, workspace: str) -> None:
        self.operations += 1
        with suppress(Unsupported):
            for id in self._told.get(workspace, ()):
                self._same(f"was_committed({id!r})", expected=True, found=self._other.was_committed(workspace, id))

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────
    def _session(self, step: Step) -> None:
        write, workspace = step.what == "write", step.workspace
        with self._memory.session(workspace, write=write) as one, self._other.session(workspace, write=write) as other:
            pair = _Pair(workspace, one, other)
            for part in step.parts:
                self._take_part(part, pair)
            if not (write and step.commits):
                return
            self.operations += 1
            self._same("commit", *pair.asked(lambda session, side: self._committed(session, side, workspace)))
        if workspace in COPIES and any(part[0] == "put" for part in step.parts):
            self._lives.add(workspace)

    def _committed(self, session: Session, side: int, workspace: str) -> int:
        before = session.last_commit().seq
        info = session.commit()
        if side == 1 and info.seq > before:
            self._told.setdefault(workspace, deque(maxlen=3)).append(info.id)
        return info.seq

    def _take_part(self, part: Part, pair: _Pair) -> None:
        self.operations += 1
        what, *rest = part
        match what, rest:
            case "put", _:
                self._put(rest, pair)
            case "get", _:
                self._same(f"get_many({rest})", *pair.asked(lambda session, _side: _by_key(session.get_many(rest))))
            case "query", [query]:
                self._page(query, ("", ""), pair)
            case "page", [number, limit, twist]:
                self._next_page(self._mark(self._queries, number, pair, twist), limit, twist, pair)
            case "search", [text, kinds, limit] if Capability.SEARCH in self._declared:
                self._found(_Question(text, kinds, limit), ("", ""), pair)
            case "found", [number, limit, twist] if Capability.SEARCH in self._declared:
                self._next_found(self._mark(self._searches, number, pair, twist), limit, twist, pair)
            case "changes", [number, limit, twist]:
                self._changes(self._mark(self._followers, number, pair, twist) if number >= 0 else None, limit, twist, pair)
            case "last", _:
                self._same("last_commit()", *pair.asked(lambda session, _side: _info(session)))
            case _:
                pass

    def _put(self, puts: list[Put], pair: _Pair) -> None:
        have = dict(pair.one.get_many([Key(put.kind, id_of(put.number)) for put in puts]))
        writes = []
        for put in puts:
            write = put.write(have.get(Key(put.kind, id_of(put.number))))
            writes.append(write)
            with suppress(Conflict):
                have[write.key] = Record.kept(write, after=have.get(write.key), seq=0)
        self._same(f"put_many({writes})", *pair.asked(lambda session, _side: self._kept(session.put_many(writes))))

    def _kept(self, records: Sequence[Record]) -> Answer:
        told = [_exact(record) for record in records]
        # A record that was put twice in one call is told twice, or as it is in the end: who is not strict may do either.
        return told if self._strict else {record.key: one for record, one in zip(records, told, strict=True)}

    def _page(self, query: Query, cursors: tuple[str, str], pair: _Pair) -> None:
        pages = pair.asked(lambda session, side: session.query(evolve(query, cursor=cursors[side])))
        self._same(f"query({query}, after a page: {bool(cursors[0])})", *map(_page_shown, pages))
        self._remember(self._queries, query, pages, pair)

    def _found(self, question: "_Question", cursors: tuple[str, str], pair: _Pair) -> None:
        pages = pair.asked(lambda session, side: question.asked(session, cursors[side]))
        self._same(f"search: {question}, after a page: {bool(cursors[0])}", *map(_page_shown, pages))
        self._remember(self._searches, question, pages, pair)

    def _remember(self, marks: deque[_Mark], asked: Any, pages: tuple[Any, Any], pair: _Pair) -> None:
        if isinstance(pages[0], Page | ChangePage) and pages[0].cursor:
            marks.append(_Mark(pair.workspace, asked, (pages[0].cursor, pages[1].cursor)))

    def _mark(self, marks: deque[_Mark], number: int, pair: _Pair, twist: str) -> _Mark | None:
        foreign = twist == "workspace" and self._strict
        fitting = [mark for mark in marks if (mark.workspace == pair.workspace) is not foreign]
        return fitting[number % len(fitting)] if fitting else None

    def _next_page(self, mark: _Mark | None, limit: int, twist: str, pair: _Pair) -> None:
        if mark is None:
            return
        query: Query = evolve(mark.asked, limit=limit)
        match twist:
            case "kind":
                query = evolve(query, kind=next(kind for kind in KINDS if kind != query.kind))
            case "where":
                query = evolve(query, where=(*query.where, Condition(IndexField.NAME, Op.GE, "")))
            case "order":
                query = evolve(query, descending=not query.descending)
            case _:
                pass
        self._page(query, _damaged(mark.cursors, twist), pair)

    def _next_found(self, mark: _Mark | None, limit: int, twist: str, pair: _Pair) -> None:
        if mark is None:
            return
        question: _Question = evolve(mark.asked, limit=limit)
        if twist == "words":
            question = evolve(question, text=f"{question.text} oak")
        elif twist == "kinds":
            question = evolve(question, kinds=() if question.kinds else KINDS[:1])
        self._found(question, _damaged(mark.cursors, twist), pair)

    def _changes(self, mark: _Mark | None, limit: int, twist: str, pair: _Pair) -> None:
        since = _damaged(mark.cursors, twist) if mark else ("", "")
        pages = pair.asked(lambda session, side: session.changes(since[side], limit=limit))
        self._same(f"changes(limit={limit}, from the beginning: {not since[0]})", *map(_changes_shown, pages))
        self._remember(self._followers, None, pages, pair)


@frozen
class _Question:
    """What is searched for."""

    text: str
    kinds: tuple[str, ...]
    limit: int

    def asked(self, session: Session, cursor: str) -> Page[Record]:
        return session.search(self.text, kinds=self.kinds, limit=self.limit, cursor=cursor)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────
class _CutShort(Exception):
    """A load that ends in the middle."""


def _cut_short(records: tuple[Record, ...]) -> Iterator[Record]:
    yield from records
    raise _CutShort


def _damaged(cursors: tuple[str, str], twist: str) -> tuple[str, str]:
    return (cursors[0][:-1], cursors[1][:-1]) if twist == "garbage" else cursors


def _outcome(call: Callable[[], Answer]) -> Answer:
    """What is given, or what is refused, and how. A native error is an outcome too: one that the memory storage never has."""
    try:
        return call()
    except InfointError as error:
        facts = (error.expected, error.actual) if isinstance(error, Conflict) else ()
        return ("refused", error.code, *facts)
    except Exception as error:  # noqa: BLE001  # told, with the way to it
        return ("native error", type(error).__name__, str(error))


def _exact(record: Record) -> tuple[Any, ...]:
    """Equal only where the types are too: 1, 1.0 and true differ."""
    index = {name.value: values for name, values in record.index.items() if values}
    inner = json.dumps([record.data, index], sort_keys=True)
    return (
        record.kind, record.id.hex, record.version, record.seq, record.updated_at.isoformat(), record.schema, record.deleted, record.text, inner,
    )  # fmt: skip  # one thing


def _by_key(found: Any) -> list[tuple[Any, ...]]:
    return sorted((*key, *_exact(record)) for key, record in found.items())


def _page_shown(page: Any) -> Answer:
    return ([_exact(record) for record in page.items], bool(page.cursor)) if isinstance(page, Page) else page


def _changes_shown(page: Any) -> Answer:
    return ([_exact(record) for record in page.items], page.more) if isinstance(page, ChangePage) else page


def _info(session: Session) -> Answer:
    info = session.last_commit()
    return info.seq, info.at


def _seq(storage: Storage, workspace: str) -> int:
    with storage.session(workspace) as session:
        return session.last_commit().seq


def _all_changes(storage: Storage, workspace: str) -> Answer:
    with storage.session(workspace) as session:
        return _changes_shown(session.changes("", limit=10_000))


def _erasure(erasure: Erasure) -> Answer:
    return sorted(erasure.erased), len(erasure.erased), erasure.commit.seq


def _cut(answer: Answer) -> str:
    text = repr(answer)
    return text if len(text) <= 2_000 else f"{text[:2_000]}…"
