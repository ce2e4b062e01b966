"""What a push may do, what it did, and what it left alone."""

from enum import StrEnum

from attrs import field, frozen

from infoint_caldav.errors import PushFailed
from infoint_caldav.state import PushState


class Removal(StrEnum):
    """What becomes of something that is off."""

    TOMBSTONE = "tombstone"
    """It stays, with STATUS:CANCELLED: everybody who reads the calendar takes it away, and the record is kept."""
    DELETE = "delete"
    LEAVE = "leave"
    """The server's copy stays as it is."""


class RemoteChanges(StrEnum):
    """What becomes of an entry that somebody changed or deleted on the server."""

    REPORT = "report"
    """It stays as they left it, and stands in `PushReport.conflicts`."""
    OVERWRITE = "overwrite"
    """Ours is written again."""


@frozen(kw_only=True)
class PushPolicy:
    """What a push may do on its own."""

    cancelled: Removal = field(default=Removal.TOMBSTONE, converter=Removal)
    """Entries whose status is CANCELLED."""
    vanished: Removal = field(default=Removal.LEAVE, converter=Removal)
    """What was pushed before and is not among the entries now. LEAVE, since an export of a span of time loses what is past."""
    remote_changes: RemoteChanges = field(default=RemoteChanges.REPORT, converter=RemoteChanges)


class ConflictKind(StrEnum):
    """What somebody else did."""

    CHANGED = "changed"
    DELETED = "deleted"
    EXISTS = "exists"
    """Something that was not pushed with this state stands there, and says something else."""
    UID_TAKEN = "uid-taken"
    """The calendar holds this UID at another address. OVERWRITE does not help; delete one of the two there."""


@frozen(kw_only=True)
class Conflict:
    """An entry that was left alone, because the server's copy is not as we left it."""

    uid: str
    kind: ConflictKind
    href: str
    remote: bytes = field(default=b"", repr=False)
    """The server's copy, as iCalendar; empty where it is gone or was not looked at."""


class Outcome(StrEnum):
    """What became of one entry."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    CONFLICT = "conflict"
    FAILED = "failed"


@frozen
class Progress:
    """One step of a push: `done` of `total`."""

    done: int
    total: int
    uid: str
    outcome: Outcome


@frozen(kw_only=True)
class PushReport:
    """What a push did. UIDs, in the order they were dealt with."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    """Seen anew by each push, until they are settled: on the server, by OVERWRITE, or by ours saying the same."""
    failures: tuple[PushFailed, ...] = ()
    """Entries the server did not take. Tried again by each push."""
    state: PushState = field(factory=PushState, repr=False)
    """To give to the next push."""

    @property
    def ok(self) -> bool:
        """Whether the server holds all that it was to hold."""
        return not self.conflicts and not self.failures

    def __str__(self) -> str:
        counts = {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "deleted": self.deleted,
            "changed by others": self.conflicts,
            "refused": self.failures,
        }
        return ", ".join(f"{len(some)} {what}" for what, some in counts.items() if some) or "nothing to push"
