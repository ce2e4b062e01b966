"""One transaction on one workspace. What is put is kept here until commit() writes it, all in one go; queries are in `queries`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from infoint.errors import CommitUnknown, InfointError
from infoint.storage.contract import ChangePage, CommitInfo, Key, Page, Query, Record, Write
from infoint.storage.guards import GuardedSession
from infoint_postgres import queries
from infoint_postgres.keeping import Kept, Newer, get, keep, new_commit, seen
from infoint_postgres.queries import Place
from infoint_postgres.rows import Traits, WorkspaceRow
from infoint_postgres.wire import Wire


class PostgresSession(GuardedSession):
    """One transaction of one connection."""

    def __init__(self, wire: Wire, place: Place, claimed: WorkspaceRow | None) -> None:
        """On a transaction that has begun. Who writes has claimed the workspace's row; who reads may never need it."""
        super().__init__(write=claimed is not None, place=place.server)
        self._wire, self._where, self._known = wire, place, claimed
        self._put: dict[Key, Record] = {}
        self._before: dict[Key, Record] = {}
        self._newer: Newer = {}

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        """See Session."""
        with self._using():
            stored = get(self._wire, {key for key in keys if key not in self._put}, self._where)
        return {key: found for key in keys if (found := self._put.get(key) or stored.get(key))}

    def query(self, query: Query) -> Page[Record]:
        """See Session."""
        with self._using():
            return queries.run(self._wire, query, self._where, self._traits(query.kind), self._put)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        """See Session."""
        with self._using():
            return queries.search(self._wire, text, self._where, self._put, kinds=kinds, limit=limit, cursor=cursor)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        """See Session."""
        self._check_writable()
        with self._using():
            keys = {write.key for write in writes if write.key not in self._put}
            stored = get(self._wire, keys, self._where, newer=self._newer)
        put: list[Record] = []
        last: dict[Key, Record] = {}
        for write in writes:
            after = last.get(write.key) or self._put.get(write.key) or stored.get(write.key)
            record = Record.kept(write, after=after, seq=self._row.seq + 1)
            last[write.key] = record
            put.append(record)
        self._before.update(stored)
        self._put.update(last)
        return put

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        """See Session."""
        with self._using():
            return queries.changes(self._wire, since, limit, self._where, seq=self._row.seq)

    def last_commit(self) -> CommitInfo:
        """See Session."""
        with self._using():
            return CommitInfo(self._last_id, self._row.seq, queries.last_time(self._wire, self._where))

    def commit(self) -> CommitInfo:
        """See Session. A connection that is lost before the commit was asked for is Retryable: nothing was kept."""
        with self._using():
            info = CommitInfo(self._last_id, self._row.seq)
        if self._put:
            info = self._keep()
        self._wire.undo()
        self._end("was committed")
        return info

    def explain(self, query: Query) -> Sequence[str]:
        """What of a query the server is not asked to do, and how it walks for the rest."""
        with self._using():
            traits = self._traits(query.kind)
            said = queries.unpushed(query, traits)
            for part in queries.parts(query, None, self._where, traits, limit=None if said else query.limit + 1):
                said += [line for (line,) in self._wire.rows(f"EXPLAIN {part.sql}", *part.parameters)]
        return said

    @contextmanager
    def _using(self) -> Iterator[None]:
        self._check_usable()
        try:
            yield
        finally:
            if not self._wire.is_in_transaction:
                # It was undone as a whole: nothing more can be built on it.
                self._end("failed")

    @property
    def _row(self) -> WorkspaceRow:
        if self._known is None:
            self._known = seen(self._wire, self._where)
        return self._known

    @property
    def _last_id(self) -> str:
        return self._row.commits[-1] if self._row.commits else str(self._row.seq)

    def _traits(self, kind: str) -> Traits:
        return self._row.traits.get(kind, Traits())

    def _keep(self) -> CommitInfo:
        seq = self._row.seq + 1
        id = new_commit(seq)
        row = self._row.after(self._put.values(), seq, id)
        with self._using():
            keep(self._wire, Kept(list(self._put.values()), self._before, self._newer), self._where, row)
        unknown = False
        try:
            self._wire.script("COMMIT")
        except InfointError:
            self._end("failed")
            if not self._wire.is_lost:
                raise
            unknown = True
        if unknown:
            raise CommitUnknown(id)
        return CommitInfo(id, seq)
