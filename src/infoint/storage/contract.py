"""What a storage is. Knows no entity: a storage plugin imports this module and `infoint.errors` only."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import Flag, auto
from typing import BinaryIO, ClassVar, Final, TypeAlias

from attrs import frozen

from infoint.errors import InvalidValue, Unsupported
from infoint.plugin import Registrar
from infoint.storage.meaning import run_changes, run_query, run_search
from infoint.storage.queries import ChangePage, Condition, Op, Page, Query
from infoint.storage.records import IndexField, IndexValue, Key, Record, Write
from infoint.storage.urls import StorageUrl

__all__ = [
    "Capability",
    "ChangePage",
    "CommitInfo",
    "Condition",
    "Erasure",
    "IndexField",
    "IndexValue",
    "Key",
    "Op",
    "Page",
    "Progress",
    "Query",
    "Record",
    "Report",
    "Session",
    "Storage",
    "StorageFactory",
    "StorageRegistrar",
    "StorageUrl",
    "Write",
    "check_workspace",
    "run_changes",
    "run_query",
    "run_search",
]

MAX_WORKSPACE: Final = 200


class Capability(Flag):
    """What a storage declares that it can do beyond the required. `infoint.testing` tests what is declared, and that the rest says
    Unsupported.
    """

    NONE = 0
    DURABLE = auto()
    """What commit() acknowledged is there after a crash or a power cut, and whoever else opens the place. Without MULTIPROCESS a second
    opener, of this process or another, is owed Busy: by `Storage.open`, or at the latest by its first session that writes.
    """
    CONCURRENT_WRITERS = auto()
    """Several threads may write; versions keep them from overwriting each other."""
    MULTIPROCESS = auto()
    """Several processes may have the place open, all of them writing."""
    SNAPSHOT_READS = auto()
    """A session reads one state from its beginning to its end, whatever others commit."""
    SEARCH = auto()
    """`Session.search`."""
    BACKUP = auto()
    """`Storage.backup`."""
    SECURE_ERASE = auto()
    """`Storage.erase`, after which nothing of what was there is left in the place."""
    MIGRATE = auto()
    """`Storage.migrate`."""
    BULK_LOAD = auto()
    """`Storage.load`: records of another storage, versions and counts as they are."""
    EXTERNAL_EDITS = auto()
    """Records may be changed by other programs, as files in an editor."""
    PARTIAL_ERASE = auto()
    """`Storage.erase`, which takes away what it can reach and names in `remains` what it cannot. Not beside SECURE_ERASE."""


@frozen
class CommitInfo:
    """What a commit is known by."""

    id: str
    """What CommitUnknown would name. No other commit of this workspace has it, be it made after an older state was restored."""
    seq: int
    """The workspace's commits so far; every record of this one carries it."""
    at: datetime | None = None
    """The `updated_at` of the last of its records, in the order of `changes`; None where nothing was put. `last_commit` tells it,
    `commit` need not.
    """


@frozen
class Progress:
    """How far something long has come."""

    done: int
    total: int | None
    """None = not known beforehand."""
    unit: str
    """What is counted: "records", "pages"."""


Report: TypeAlias = Callable[[Progress], None]
"""Called now and then, in the thread that works. What it raises ends the work, as any interruption would."""


@frozen
class Erasure:
    """What became of what should leave no trace."""

    erased: tuple[Key, ...]
    """Records that held something until now."""
    commit: CommitInfo
    """The commit that made tombstones of them; the last one before where there was nothing to do."""
    remains: tuple[str, ...]
    """Where copies may be that the storage cannot reach, in words: for whoever has to answer for it. A file is named by its name."""


def check_workspace(key: str) -> str:
    """The key again. Raises InvalidValue unless it is text of 1 to 200 characters without control characters and lone surrogates.
    It is never parsed: "../x" and "a'b" are keys like any other.
    """
    if not isinstance(key, str):
        raise InvalidValue("Storage", "workspace", f"must be text, not a {type(key).__name__}", value=key)
    if not 1 <= len(key) <= MAX_WORKSPACE:
        raise InvalidValue("Storage", "workspace", f"must have 1 to {MAX_WORKSPACE} characters, not {len(key)}", value=key)
    if not key.isprintable() and any(_is_control(ord(character)) for character in key):
        raise InvalidValue("Storage", "workspace", "must not hold control characters or lone surrogates", value=key)
    return key


def _is_control(point: int) -> bool:
    return point < 0x20 or 0x7F <= point < 0xA0 or 0xD800 <= point <= 0xDFFF


class Session(ABC):
    """One workspace, one transaction: left without commit() = nothing happened. Five methods are required."""

    @abstractmethod
    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        """Those there are, tombstones included; what this session has put counts."""

    @abstractmethod
    def query(self, query: Query) -> Page[Record]:
        """No tombstones; what this session has put counts. `run_query` is the meaning. Raises InvalidCursor."""

    @abstractmethod
    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        """All or none, one after the other. `Record.kept` is the meaning. Raises Conflict, AlreadyExists, ReadOnly (not a write session)."""

    @abstractmethod
    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        """What was committed after `since` ("" = from the beginning), without what this session has put. `run_changes` is the meaning.
        Raises InvalidCursor, ResyncRequired.
        """

    @abstractmethod
    def commit(self) -> CommitInfo:
        """The last thing done in a session. Returned = durable (as far as DURABLE is declared). Where nothing was put, nothing is
        counted. Raises CommitUnknown.
        """

    def last_commit(self) -> CommitInfo:
        """The last one there was when this session began, with `at`; `seq` 0 where there was none. What this session has put does not
        count. Two equal answers mean equal content, so whoever kept something made of it need not make it again. By default every change
        is gone through; a storage that keeps the number answers at once.
        """
        seq, at, cursor, more = 0, None, "", True
        while more:
            page = self.changes(cursor)
            if page.items:
                seq, at = page.items[-1].seq, page.items[-1].updated_at
            cursor, more = page.cursor, page.more
        return CommitInfo(str(seq), seq, at)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:  # noqa: ARG002  # the default of an optional method
        """Records found by the words of their `text`; what this session has put counts. `run_search` is the meaning.
        Capability.SEARCH; else Unsupported. Raises InvalidCursor, InvalidValue.
        """
        raise _undeclared(self, Capability.SEARCH)


class Storage(ABC):
    """A place for records. Override what you declare; what you do not declare raises Unsupported by itself.

    The smallest keeps a dict per workspace and answers with `Record.kept`, `run_query` and `run_changes`; subclass
    `infoint.testing.StorageContract` to know that yours is right.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    """Major, minor of the contract it was written for."""
    capabilities: ClassVar[Capability] = Capability.NONE

    @abstractmethod
    def session(self, workspace: str, *, write: bool = False) -> AbstractContextManager[Session]:
        """A transaction on one workspace, which need not exist: it begins with its first commit. Keys are those that
        `check_workspace` passes. Raises Busy, and ReadOnly where the place cannot be written.
        """

    @abstractmethod
    def workspaces(self) -> Iterable[str]:
        """Keys, by code point."""

    @abstractmethod
    def drop_workspace(self, workspace: str) -> None:
        """Take a workspace away with all its records and counts. Where there is none, nothing happens."""

    def open(self, *, create: bool = False, read_only: bool = False) -> None:  # noqa: B027  # optional, and nothing by default
        """Called once before anything else. `read_only` never creates, whatever `create` says. Where the place lasts and others may not
        have it open too (DURABLE without MULTIPROCESS), whoever opened it first keeps it until `close`, or until its process ends.
        Raises NotFound, NotOurs, FormatTooNew, MigrationRequired, Corrupt, Busy, ReadOnly.
        """

    def close(self) -> None:  # noqa: B027  # as open
        """Give everything back. May be called twice."""

    def was_committed(self, workspace: str, commit_id: str) -> bool:  # noqa: ARG002  # the default of an optional method
        """What became of a commit that ended in CommitUnknown. Ask soon: a storage remembers the latest commits, at least ten, and
        raises CommitUnknown again where it can no longer tell. One whose commits cannot end so need not answer: Unsupported.
        """
        raise Unsupported(f"{type(self).__name__} does not keep the ids of commits")

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:  # noqa: ARG002  # the default of an optional method
        """Take records of another storage as they are, version, seq and tombstones too: how a workspace moves house. They come in the
        order of `changes`, and a workspace that is loaded has no commits of its own. A record that is here already at its version or
        a later one is passed over, so after an interruption the same call goes on: it may commit on the way. Gives how many were
        written. The workspace's count becomes the highest seq. Capability.BULK_LOAD; else Unsupported.
        Raises InvalidValue where the order is another.
        """
        raise _undeclared(self, Capability.BULK_LOAD)

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:  # noqa: ARG002  # the default of an optional method
        """One commit that makes tombstones of these records, and then leaves nothing of what they held in the place, older versions
        included: not in its search index, its log or its free pages. Keys of nothing are passed over; tombstones stay as they are, and
        traces they may have left go too. Capability.SECURE_ERASE.

        A storage that cannot promise as much (a history, copies that other programs make) takes away what it can, and names in `remains`
        each file and place in which an older state may still be, of any record: others were changed just before, because they spoke of
        these. Capability.PARTIAL_ERASE; with neither, Unsupported.
        """
        raise _undeclared(self, Capability.SECURE_ERASE)

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:  # noqa: ARG002  # the default of an optional method
        """Change over what an older infoint wrote; called before `open`, which raises MigrationRequired. The steps in words: those taken,
        or with `dry_run`, which changes nothing, those to be taken; none where all is of today. Cut short it goes on where it was.
        Capability.MIGRATE; else Unsupported. Raises what `open` raises.
        """
        raise _undeclared(self, Capability.MIGRATE)

    def check(self, *, deep: bool = False) -> Sequence[str]:  # noqa: ARG002  # the default of an optional method
        """Problems found, in words; `deep` takes longer and looks at every record."""
        return ()

    def backup(self, destination: BinaryIO, *, progress: Report | None = None) -> None:  # noqa: ARG002  # the default of an optional method
        """One state of the whole place, while others go on writing. Saved as a file it is a storage of the same kind.
        Capability.BACKUP; else Unsupported.
        """
        remedy = "use the database's own tool (as pg_dump), copy the folder, or `infoint copy` it to a SQLite file"
        raise _undeclared(self, Capability.BACKUP, remedy)


def _undeclared(owner: object, capability: Capability, remedy: str = "") -> Unsupported:
    return Unsupported(f"{type(owner).__name__} does not declare {capability.name}{remedy and ': '}{remedy}")


StorageFactory: TypeAlias = Callable[[StorageUrl], Storage]
StorageRegistrar: TypeAlias = Registrar[StorageFactory]
