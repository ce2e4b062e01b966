"""Records in PostgreSQL: opening, sessions, and what is done to a place as a whole. The format is in `schema`."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock, get_ident
from typing import ClassVar, Final

from infoint.errors import ReadOnly, StorageError
from infoint.storage.contract import (
    Capability,
    Erasure,
    Key,
    Progress,
    Record,
    Report,
    Session,
    Storage,
    StorageUrl,
    check_workspace,
)
from infoint.storage.moving import tombstone_of
from infoint_postgres import citus
from infoint_postgres.address import Address
from infoint_postgres.check import check_set_up, check_workspace_rows
from infoint_postgres.connections import CITUS, Connections, connect
from infoint_postgres.erasing import clean_up
from infoint_postgres.keeping import claimed, reading, seen, writing
from infoint_postgres.loading import load
from infoint_postgres.queries import Place
from infoint_postgres.rows import WorkspaceRow
from infoint_postgres.schema import Found, demand_current, look, not_found
from infoint_postgres.session import PostgresSession
from infoint_postgres.setting_up import change_over, index_words, may_make
from infoint_postgres.wire import Wire

_LIST: Final = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL infoint.listing = 'on'",
)


class PostgresStorage(Storage):
    """`postgresql://user@host:port/database?options`: what libpq takes, and of our own `schema` ("infoint"), `role` (of apps, which
    set-up grants to: "infoint_app"), `timeout` (seconds to wait for another writer, 5) and `pool` (connections at most, 10).

    Any number of threads, processes and machines may write; of one workspace one writes at a time, of different ones all at once. A
    reading session sees one state and waits for nobody. A process that forks may go on using the storage on both sides, though not a
    session that was open then.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    capabilities: ClassVar[Capability] = (
        Capability.DURABLE
        | Capability.CONCURRENT_WRITERS
        | Capability.MULTIPROCESS
        | Capability.SNAPSHOT_READS
        | Capability.SEARCH
        | Capability.PARTIAL_ERASE
        | Capability.MIGRATE
        | Capability.BULK_LOAD
    )

    def __init__(self, place: StorageUrl | str) -> None:
        """`place` is a URL. No I/O. Raises InvalidValue, which shows nothing of it."""
        self._address = Address.of(place if isinstance(place, StorageUrl) else StorageUrl.parse(place))
        self._connections: Connections | None = None
        self._read_only = False
        self._writing: set[tuple[int, str]] = set()
        self._lock = Lock()

    # ── opening ──────────────────────────────────────────────────────────────────────────────────
    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage. With `create` a role that may make what is missing makes it, as `set_up`; an app's may not, and gets NotFound.
        Raises also Retryable where the server cannot be reached, and StorageError where it refuses the user.
        """
        self.close()
        with self._connected() as wire:
            if create and not read_only and look(wire, self._address) is Found.NOTHING and may_make(wire, self._address):
                change_over(wire, self._address, dry_run=False)
            demand_current(wire, self._address)
            settings = [CITUS] if citus.has_citus(wire) else []
        self._read_only = read_only
        self._connections = Connections(self._address, settings=settings)

    def close(self) -> None:
        """See Storage."""
        if self._connections is not None:
            self._connections.close()
            self._connections = None

    def set_up(self, *, dry_run: bool = False) -> Sequence[str]:
        """Makes tables, policies and the role of apps, or changes over what is older; by the owner of the database, once per version. The
        steps in words: those taken, or with `dry_run` those to be taken. All of them or none.
        """
        with self._connected() as wire:
            return change_over(wire, self._address, dry_run=dry_run)

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        """See Storage. By the owner of the tables. Where there is nothing yet it is `set_up` that makes it."""
        with self._connected() as wire:
            if look(wire, self._address) is Found.NOTHING:
                raise not_found(self._address)
            steps = change_over(wire, self._address, dry_run=dry_run)
        if progress and steps and not dry_run:
            progress(Progress(len(steps), len(steps), "steps"))
        return steps

    def index_words(self) -> None:
        """Makes searches of a workspace with very many records fast; by a superuser. Without it a search reads the words of all records of
        the workspace, which takes milliseconds for thousands; with it each save takes longer, as all the words are indexed.
        """
        with self._connected() as wire:
            demand_current(wire, self._address)
            index_words(wire, self._address)

    def distribute(self) -> Sequence[str]:
        """Spreads the tables over an existing Citus cluster, by the workspace; by the owner, on the coordinator. Open the storage
        again after it. The tables that were spread: none where all are. Raises Unsupported where there is no Citus.
        """
        with self._connected() as wire:
            demand_current(wire, self._address)
            return citus.distribute(wire, self._address)

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        """See Storage. A writer waits for another one of the same workspace, `timeout` seconds, and then raises Busy."""
        check_workspace(workspace)
        with self._written(workspace) if write else self._read(workspace) as (wire, row):
            session = PostgresSession(wire, self._place(workspace), row)
            try:
                yield session
            finally:
                session._end()  # noqa: SLF001  # the two are one implementation

    def workspaces(self) -> Sequence[str]:
        """See Storage."""
        select = f"SELECT workspace_id FROM {self._address.schema}.workspace ORDER BY workspace_id"  # noqa: S608  # checked by Address
        with self._opened().begun(*_LIST, select, workspace="") as (_, rows):
            return [key for (key,) in rows]

    def drop_workspace(self, workspace: str) -> None:
        """See Storage. Its bytes remain in the data files until VACUUM, samples of them in the server's statistics until ANALYZE, and
        all of it in backups and the write-ahead log.
        """
        check_workspace(workspace)
        with self._written(workspace) as (wire, _):
            for table in ("entry", "record", "workspace"):
                wire.do(f"DELETE FROM {self._address.schema}.{table} WHERE workspace_id = %s", workspace)  # noqa: S608  # constants
            wire.script("COMMIT")

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        """See Storage. Waits for whoever writes to the workspace, since that may be the very commit. Raises Busy where it takes longer
        than `timeout`: ask again.
        """
        check_workspace(workspace)
        with self._read(workspace) if self._read_only else self._written(workspace) as (wire, row):
            return (row or seen(wire, self._place(workspace))).was_committed(commit_id)

    # ── moving, erasing, checking ────────────────────────────────────────────────────────────────
    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        """See Storage. By COPY, a commit for each 10,000 records."""
        check_workspace(workspace)
        self._demand_writable()
        return load(self._opened(), self._place(workspace), records, progress)

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        """See Storage. What the server alone can take away is told in `remains`: it keeps older versions of rows until VACUUM and samples
        of values until ANALYZE, which are run here where the role may, and beyond that in places that no client reaches.
        """
        with self.session(workspace, write=True) as session:
            live = [record for record in session.get_many(keys).values() if not record.deleted]
            session.put_many([tombstone_of(record, updated_at) for record in live])
            commit = session.commit()
        with self._opened().borrowed() as wire:
            return Erasure(tuple(record.key for record in live), commit, tuple(clean_up(wire, self._address)))

    def check(self, *, deep: bool = False) -> Sequence[str]:
        """Problems of the set-up; `deep` also compares every record with what it is found by, a workspace at a time."""
        connections = self._opened()
        with connections.borrowed() as wire:
            problems = list(check_set_up(wire, self._address))
        for key in self.workspaces() if deep else ():
            with connections.begun(*reading(), workspace=key) as (wire, _):
                problems += check_workspace_rows(wire, seen(wire, self._place(key)), self._place(key))
        return problems

    # ── connections ──────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def _connected(self) -> Iterator[Wire]:
        wire = connect(self._address)
        try:
            yield wire
        finally:
            wire.connection.close()

    def _opened(self) -> Connections:
        if self._connections is None:
            raise StorageError("is not open: call open() first", place=self._address.place)
        self._connections = connections = self._connections.of_this_process()
        return connections

    def _place(self, workspace: str) -> Place:
        return Place(workspace, self._address.schema, self._address.place)

    def _demand_writable(self) -> None:
        self._opened()
        if self._read_only:
            raise ReadOnly(place=self._address.place)

    @contextmanager
    def _read(self, workspace: str) -> Iterator[tuple[Wire, WorkspaceRow | None]]:
        with self._opened().begun(*reading(), workspace=workspace) as (wire, _):
            yield wire, None

    @contextmanager
    def _written(self, workspace: str) -> Iterator[tuple[Wire, WorkspaceRow | None]]:
        self._demand_writable()
        me = (get_ident(), workspace)
        with self._lock:
            if me in self._writing:
                raise StorageError(
                    "this thread is writing to this workspace already: finish that session before beginning another",
                    place=self._address.place,
                )
            self._writing.add(me)
        try:
            begin = writing(self._address.schema, self._address.timeout)
            with self._opened().begun(*begin, workspace=workspace) as (wire, rows):
                yield wire, claimed(wire, rows, self._place(workspace))
        finally:
            self._writing.discard(me)
