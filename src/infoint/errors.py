"""Every error infoint raises. Facts are plain fields (text, numbers, ids), so this module imports no other room.

`str(error)` says what, where and what to do. A value that was refused sits in an attribute no message, repr or fact shows:
it may be a person's private words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self
from uuid import UUID


def _restore(kind: type["InfointError"], args: tuple[Any, ...], fields: dict[str, Any]) -> "InfointError":
    error = kind.__new__(kind, *args)
    Exception.__init__(error, *args)
    error.__dict__.update(fields)
    return error


class InfointError(Exception):
    """Root of the family."""

    code: ClassVar[str] = "infoint"
    """Stable slug for programs: "conflict", "illegal-event" …"""
    shown: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that `facts` gives out."""

    @property
    def facts(self) -> Mapping[str, str | int]:
        """The fields as plain data, for a log line or an HTTP problem body. Never a secret, never note text."""
        return {name: _plain(getattr(self, name)) for name in self.shown}

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are rebuilt from `args` by default, and ours take other arguments than the message they end up with.
        # Not the refused value: it may be private, or unfit for another process.
        return _restore, (type(self), self.args, self.__dict__ | {"value": None} if "value" in self.__dict__ else self.__dict__)


def _plain(value: object) -> str | int:
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return ", ".join(str(_plain(item)) for item in value)
    return str(value)


# ── values and the practice ──────────────────────────────────────────────────────────────────────
class InvalidValue(InfointError, ValueError):
    """A field was given what it cannot hold."""

    code = "invalid-value"
    shown = ("entity", "field", "problem")

    def __init__(self, entity: str, field: str, problem: str, *, value: object = None) -> None:
        """`value` is kept for a debugger; nothing prints it."""
        self.entity, self.field, self.problem, self.value = entity, field, problem, value
        super().__init__(f"{entity}.{field}: {problem}")


class MissingId(InvalidValue):
    """A value without identity reached a function that needs one."""

    code = "missing-id"

    def __init__(self, entity: str, *, value: object = None) -> None:
        """`entity` is the type's name."""
        super().__init__(
            entity,
            "id",
            "has no identity yet; save it first (`add` and `plan` return it with one) or give it `derive_id(…)`",
            value=value,
        )


class NaiveTime(InvalidValue):
    """A datetime without a zone reached a place that has no default zone."""

    code = "naive-time"

    def __init__(self, entity: str, field: str, *, value: object = None) -> None:
        """`entity` and `field` say where it was."""
        super().__init__(entity, field, "needs a time zone, as in datetime(…, tzinfo=ZoneInfo('Europe/Madrid'))", value=value)


class IllegalEvent(InfointError):
    """The lifecycle has no such step: names the state, the event and what is legal there (practice §6)."""

    code = "illegal-event"
    shown = ("state", "event", "legal")

    def __init__(self, state: str, event: str, legal: Sequence[str], *, problem: str = "") -> None:
        """`problem` adds what the table cannot say, as which later step an entry told late would break."""
        self.state, self.event, self.legal = state, event, tuple(legal)
        allowed = ", ".join(self.legal) or "nothing"
        super().__init__(
            f"an interview that is {state} cannot take {event!r}; legal there: {allowed}{problem and '. '}{problem}"
        )


class ObligationsOpen(InfointError):
    """An interview cannot be closed while something obligatory is open (practice §6)."""

    code = "obligations-open"
    shown = ("kinds", "people")

    def __init__(self, open_ones: Sequence[tuple[str, str]]) -> None:
        """`open_ones`: kind and person's name, one pair each."""
        self.kinds = tuple(kind for kind, _ in open_ones)
        self.people = tuple(person for _, person in open_ones)
        what = ", ".join(f"{kind} for {person}" if person else kind for kind, person in open_ones)
        super().__init__(f"cannot be closed while this is open: {what}. Complete it, or waive it with a reason")


class ReadOnlyInterview(InfointError):
    """The history holds an event this infoint does not know."""

    code = "read-only-interview"
    shown = ("id", "event")

    def __init__(self, id: UUID, event: str) -> None:
        """`event` is the unknown one's name."""
        self.id, self.event = id, event
        super().__init__(
            f"interview {id} holds the event {event!r}, unknown to this infoint: read it, or update infoint to change it"
        )


class HistoryRewritten(InfointError):
    """An update tried to change or shorten an append-only history."""

    code = "history-rewritten"
    shown = ("id",)

    def __init__(self, id: UUID) -> None:
        """`id` is the interview's."""
        self.id = id
        super().__init__(f"the history of interview {id} is append-only: record a `correct` event instead of editing it")


class NotFound(InfointError, LookupError):
    """No such thing in this workspace, campaign, bank or place."""

    code = "not-found"
    shown = ("kind", "id")

    def __init__(self, kind: str, id: object, *, remedy: str = "") -> None:
        """`remedy` says how it might get there."""
        self.kind, self.id = kind, str(id)
        super().__init__(f"no {kind} {self.id}{remedy and ': '}{remedy}")


class InUse(InfointError):
    """Removing this would leave something pointing at nothing."""

    code = "in-use"
    shown = ("kind", "id", "by")

    def __init__(self, kind: str, id: UUID, by: Sequence[str]) -> None:
        """`by` names what still refers to it."""
        self.kind, self.id, self.by = kind, id, tuple(by)
        super().__init__(f"{kind} {id} is still referred to by {', '.join(self.by)}: remove those first")


class SeveralMatch(InfointError, LookupError):
    """`one(…)` met more than one."""

    code = "several-match"
    shown = ("kind", "where")

    def __init__(self, kind: str, where: Sequence[str]) -> None:
        """`where` names the conditions used, not their values."""
        self.kind, self.where = kind, tuple(where)
        super().__init__(
            f"more than one {kind} has this {' and '.join(self.where) or 'kind'}: narrow the search, or use find()"
        )


class ImportRejected(InfointError):
    """The source as a whole cannot be read; single rows that cannot are listed in the import plan instead."""

    code = "import-rejected"
    shown = ("format", "problem")

    def __init__(self, format: str, problem: str) -> None:
        """`format` is what it was read as."""
        self.format, self.problem = format, problem
        super().__init__(f"cannot be read as {format}: {problem}")


class CannotWrite(InfointError):
    """A file could not be written; what was there before is still there, whole."""

    code = "cannot-write"
    shown = ("path", "problem")

    def __init__(self, path: str, problem: str) -> None:
        """`problem` is the system's word for it."""
        self.path, self.problem = path, problem
        super().__init__(f"{path} could not be written ({problem}); what was there before is unchanged")


# ── storage ──────────────────────────────────────────────────────────────────────────────────────
class StorageError(InfointError):
    """Root of what a storage may raise. Native errors never escape."""

    code = "storage"
    shown: ClassVar[tuple[str, ...]] = ("place", "problem")
    default: ClassVar[str] = "the storage failed"
    remedy: ClassVar[str] = ""

    def __init__(self, problem: str = "", *, place: str = "", remedy: str | None = None) -> None:
        """`place` is a path or a URL without secrets; `problem` and `remedy` replace the class's own sentences."""
        self.problem, self.place = problem or self.default, place
        remedy = self.remedy if remedy is None else remedy
        super().__init__(f"{place}{place and ': '}{self.problem}{remedy and '; '}{remedy}")


class Conflict(StorageError):
    """Somebody else saved first."""

    code = "conflict"
    shown = ("kind", "id", "expected", "actual")

    def __init__(self, kind: str, id: UUID, *, expected: int, actual: int) -> None:
        """Versions: the one the writer had seen, and the one that is stored (0 = none)."""
        self.kind, self.id, self.expected, self.actual = kind, id, expected, actual
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        return (
            f"{self.kind} {self.id} was changed meanwhile (version {self.expected} expected, {self.actual} stored): "
            "load it again, look, and repeat the step"
        )


class AlreadyExists(Conflict):
    """Expected to be new (version 0), found one."""

    code = "already-exists"

    def _sentence(self) -> str:
        return f"{self.kind} {self.id} exists already, at version {self.actual}: update that one, or take another id"


class Busy(StorageError):
    """Another writer holds the place and did not let go in time."""

    code = "busy"
    default = "another writer holds it"
    remedy = "try again, or close the other program"


class Retryable(StorageError):
    """The transaction lost a race that says nothing about its content."""

    code = "retryable"
    default = "the transaction has to be repeated"
    remedy = "run the whole step again"


class ReadOnly(StorageError):
    """Opened read-only, or on a medium that cannot be written."""

    code = "read-only"
    default = "cannot be written"
    remedy = "open it without read_only, and check the file's permissions"


class StorageFull(StorageError):
    """No room; what was acknowledged before is kept."""

    code = "storage-full"
    default = "there is no room left"
    remedy = "free some space and repeat the step; nothing of it was kept"


class Corrupt(StorageError):
    """The place is damaged."""

    code = "corrupt"
    default = "is damaged"
    remedy = "work on a copy, and restore a backup"


class NotOurs(StorageError):
    """A database, folder or file that something else made."""

    code = "not-ours"
    default = "holds data of another program"
    remedy = "give another path; nothing was changed"


class NotEmpty(StorageError):
    """Copying there would mix two histories."""

    code = "not-empty"
    shown = ("workspace", "problem")

    def __init__(self, workspace: str, what: str) -> None:
        """`workspace` is its key; `what` names records that are there and did not come from the source."""
        self.workspace = workspace
        problem = f"workspace {workspace!r} of the target holds what did not come from the source ({what})"
        super().__init__(f"{problem}; nothing was changed: copy into an empty place, or take that workspace away first")


class Unsupported(StorageError):
    """A capability this storage or format does not declare."""

    code = "unsupported"
    default = "is not offered here"


class FormatTooNew(StorageError):
    """Written by a newer infoint in a way this one cannot keep."""

    code = "format-too-new"
    default = "was written by a newer infoint"
    remedy = "update infoint; nothing was changed"


class MigrationRequired(StorageError):
    """Written by an older infoint; changing it over is the owner's decision."""

    code = "migration-required"
    default = "was written by an older infoint"
    remedy = "make a backup and call migrate()"


class InvalidRecord(StorageError):
    """A record that no storage could give back unchanged (a NUL, a lone surrogate, a number past 2^53 …)."""

    code = "invalid-record"
    default = "the record cannot be kept unchanged"


class InvalidCursor(StorageError):
    """A cursor of another query, workspace or version of infoint."""

    code = "invalid-cursor"
    default = "the cursor does not belong to this query"
    remedy = "begin again with the first page"


class ResyncRequired(StorageError):
    """The change feed no longer reaches back that far."""

    code = "resync-required"
    default = "changes since this cursor are no longer kept"
    remedy = "read everything once and go on from the new cursor"


class CommitUnknown(StorageError):
    """The connection was lost during the commit: it may or may not have happened."""

    code = "commit-unknown"
    shown = ("commit_id",)

    def __init__(self, commit_id: str) -> None:
        """`commit_id` tells it apart when the place can be asked again."""
        self.commit_id = commit_id
        super().__init__(f"it is unknown whether commit {commit_id} happened: look before repeating the step")


# ── plugins ──────────────────────────────────────────────────────────────────────────────────────
class PluginError(InfointError):
    """A plugin's hook raised; what it raised is `__cause__`."""

    code = "plugin"
    shown = ("plugin", "hook", "problem")

    def __init__(self, plugin: str, hook: str, problem: str = "") -> None:
        """`hook` is "" where the plugin could not even be loaded."""
        self.plugin, self.hook, self.problem = plugin, hook, problem or "failed"
        super().__init__(f"plugin {plugin}{hook and ', '}{hook}: {self.problem}")


class PluginErrors(InfointError, ExceptionGroup[PluginError]):
    """All that failed when every plugin was asked; the others' answers were good."""

    code = "plugins"
    shown = ("plugins",)

    def __new__(cls, message: str, errors: Sequence[PluginError]) -> Self:
        """As ExceptionGroup."""
        return super().__new__(cls, message, errors)

    @property
    def plugins(self) -> tuple[str, ...]:
        """Names, in the order they were asked."""
        return tuple(error.plugin for error in self.exceptions if isinstance(error, PluginError))

    def derive(self, excs: Sequence[PluginError]) -> "PluginErrors":  # type: ignore[override]
        """For `except*`: the part of the group that matched is a PluginErrors too."""
        return PluginErrors(self.message, excs)


class NameClash(InfointError):
    """Two plugins offer the same name, or one offers it twice."""

    code = "name-clash"
    shown = ("name", "owners")

    def __init__(self, name: str, owners: tuple[str, str], *, remedy: str = "leave one of them out, or rename") -> None:
        """`owners`: who has it, who wanted it; what has no owner is its own. `remedy`: what to do, where more can be done."""
        self.name, self.owners = name, owners
        there, more = owners
        who = f"by {there} and by {more}" if there != more else "twice" if there == name else f"twice by {there}"
        super().__init__(f"{name!r} is offered {who}: {remedy}")


class UnknownHook(PluginError):
    """A misspelt `infoint_…` function, or one of a newer infoint."""

    code = "unknown-hook"


class NoProvider(InfointError, LookupError):
    """No plugin offers this format or URL scheme."""

    code = "no-provider"
    shown = ("kind", "name", "available")

    def __init__(
        self,
        name: str,
        available: Sequence[str],
        *,
        kind: str = "provider",
        failed: Sequence[str] = (),
        waiting: Sequence[str] | None = None,
    ) -> None:
        """`kind` is what was looked for: "storage", "note renderer" … `failed`: plugins that could not be loaded and may offer it;
        `waiting`: those installed, where none of them was taken in (None: they were, or may not be).
        """
        self.kind, self.name, self.available = kind, name, tuple(available)
        missing = f" ({', '.join(failed)} could not be loaded: see the host's `failures`)" if failed else ""
        if waiting is not None:
            whose = f" ({', '.join(waiting)})" if waiting else ""
            missing += f"; installed plugins{whose} are taken in with discover=True, or --plugins on the command line"
        super().__init__(f"no {kind} named {name!r}; there are: {', '.join(self.available) or 'none'}{missing}")
