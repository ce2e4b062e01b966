"""One transaction on a SQLite file. Queries are in `queries`, searches in `search`."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from infoint.errors import CommitUnknown, StorageError
from infoint.storage.contract import ChangePage, CommitInfo, Key, Page, Query, Record, Write
from infoint.storage.guards import GuardedSession
from infoint.storage.records import SLUG
from infoint.storage.sqlite import queries, search
from infoint.storage.sqlite.commits import Head
from infoint.storage.sqlite.connections import Connections
from infoint.storage.sqlite.errors import primary_code, storage_error
from infoint.storage.sqlite.rows import COLUMNS, moment_of, record_of
from infoint.storage.sqlite.writes import save

_FIND: Final = f"SELECT {COLUMNS} FROM record AS r WHERE r.workspace = ? AND r.kind = ? AND r.id = ?"  # noqa: S608  # constants


class SqliteSession(GuardedSession):
    """One transaction of one connection."""

    def __init__(
        self, connection: sqlite3.Connection, connections: Connections, workspace: str, *, write: bool, place: str
    ) -> None:
        """Begins it. `place` is the path. Native errors come out."""
        super().__init__(write=write, place=place)
        self._connection, self._connections, self._workspace = connection, connections, workspace
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        if write:
            connections.check_place()
        # The first read also fixes the snapshot of a reader: BEGIN alone does not.
        self._head = Head.read(connection, workspace, path=place)
        self._replaced: dict[Key, Record | None] = {}
        self._placed: list[search.Placed] = []
        """What was put once and has its place already. Most sessions put once; so they need not touch each row again to commit."""

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        """See Session."""
        with self._using():
            return self._get(keys)

    def query(self, query: Query) -> Page[Record]:
        """See Session."""
        with self._using():
            return queries.run(self._connection, query, self._where)

    def explain(self, query: Query) -> Sequence[str]:
        """What of a query is not left to SQLite, and how it walks for the rest: the lines of its EXPLAIN QUERY PLAN. Raises InvalidCursor."""
        with self._using():
            return list(queries.explain(self._connection, query, self._where))

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        """See Session."""
        if not search.has_fts5():
            return super().search(text, kinds=kinds, limit=limit, cursor=cursor)
        with self._using():
            self._unsettle()
            return search.find(self._connection, text, kinds=kinds, limit=limit, cursor=cursor, place=self._where)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        """See Session."""
        self._check_writable()
        with self._using():
            keys = [write.key for write in writes]
            before = self._get(keys)
            put: list[Record] = []
            last: dict[Key, Record] = {}
            for key, write in zip(keys, writes, strict=True):
                after = last.get(key) or (before.get(key) if before else None)
                record = Record.kept(write, after=after, seq=self._head.count + 1)
                last[key] = record
                put.append(record)
            if last:
                self._save(last, before)
        return put

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        """See Session."""
        with self._using():
            return queries.run_changes(
                self._connection, since, limit, place=self._where, seq=self._head.count, put=self._replaced
            )

    def last_commit(self) -> CommitInfo:
        """See Session."""
        with self._using():
            sql = "SELECT kind, id, updated_at FROM record WHERE workspace = ? AND seq = ? ORDER BY kind DESC, id DESC LIMIT 1"
            row = self._connection.execute(sql, (self._head.row, self._head.count)).fetchone()
            records = [(row[0], row[1], moment_of(row[2], self._place))] if row else []
            # Where this session has put something, the row says so already; what stood there belongs to the commit still.
            before = (record for record in self._replaced.values() if record and record.seq == self._head.count)
            records += [(record.kind, record.id.bytes, record.updated_at) for record in before]
            return CommitInfo(self._head.id, self._head.count, max(records)[-1] if records else None)

    def commit(self) -> CommitInfo:
        """See Session."""
        with self._using():
            if self._replaced:
                self._finish()
            info = CommitInfo(self._head.id, self._head.count)
            if self._write:
                self._connections.check_place()
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if primary_code(error) == sqlite3.SQLITE_IOERR:
                    # What reached the disk is known only when the log is read again.
                    raise CommitUnknown(info.id) from error
                raise
            self._end("was committed")
        return info

    @property
    def _where(self) -> queries.Place:
        return queries.Place(self._head.row, self._workspace, self._place)

    @contextmanager
    def _using(self) -> Iterator[None]:
        self._check_usable()
        if self._connections.closed:
            raise StorageError("was closed while this session was open", place=self._place)
        try:
            yield
        except sqlite3.Error as error:
            # SQLite may have undone the whole transaction by itself: nothing more can be built on it.
            self._end("failed")
            raise storage_error(error, self._place) from error

    def _get(self, keys: Collection[Key]) -> dict[Key, Record]:
        # What is no slug is in no row; a lone surrogate in it could not even be asked for.
        found: dict[Key, Record] = {}
        for key in keys:
            if SLUG.fullmatch(key.kind):
                row = self._connection.execute(_FIND, (self._head.row, key.kind, key.id.bytes)).fetchone()
                if row:
                    found[key] = record_of(row, self._place)
        return found

    def _save(self, records: Mapping[Key, Record], before: Mapping[Key, Record]) -> None:
        self._head = self._head.made(self._connection, self._workspace)
        placed: dict[Key, search.Placed] = {}
        if self._replaced:
            self._unsettle()
        elif self._has_index():
            placed = search.next_places(self._connection, self._head.row, self._head.places, records)
        if before or self._replaced:
            for key in records:
                self._replaced.setdefault(key, before.get(key))
        else:
            self._replaced = dict.fromkeys(records)
        save(self._connection, self._head.row, records, before, places=placed)
        self._placed = list(placed.values())

    def _unsettle(self) -> None:
        """Places hold for a whole commit: where more is put, or asked for, they are given when all is there."""
        if self._placed:
            search.unplace(self._connection, [number for number, _, _ in self._placed])
            self._placed = []

    def _has_index(self) -> bool:
        # Once there it stays, so it is looked for until it is found.
        self._connections.indexed = self._connections.indexed or search.has_index(self._connection)
        return self._connections.indexed

    def _finish(self) -> None:
        """All that a commit does before it is one."""
        places = self._head.places
        if self._placed:
            search.add(self._connection, self._placed)
            places += len(self._placed)
        elif self._has_index():
            places = search.place(self._connection, self._head.row, places)
        self._head = self._head.committing(self._head.count + 1, places=places)
        self._head.write(self._connection)
