"""Pushing entries: what is new is created, what has changed is updated, what others changed is reported. Nothing is read back into
infoint.
"""

import os
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final, TypeAlias

from attrs import evolve, frozen

from infoint.calendar import CalendarEntry, EntryStatus, resource_name
from infoint.errors import InvalidValue
from infoint_caldav.calendars import RemoteCalendar, Resource
from infoint_caldav.errors import EntryRefused, PushFailed, PushInterrupted, UnsupportedComponent
from infoint_caldav.report import (
    Conflict,
    ConflictKind,
    Outcome,
    Progress,
    PushPolicy,
    PushReport,
    RemoteChanges,
    Removal,
)
from infoint_caldav.resources import digest, fingerprint, is_tombstone, resource_body, tombstone
from infoint_caldav.server import Answer
from infoint_caldav.state import Pushed, PushState, read_state, write_state

OnProgress: TypeAlias = Callable[[Progress], object]

_STORED: Final = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)
_GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_UID_TAKEN: Final = {"no-uid-conflict", "unique-scheduling-object-resource"}
_ASKED_AT_ONCE: Final = 50
_MOST_FINGERPRINTS: Final = 8
"""Tries in a row that never heard an answer; more of them are no use to anybody."""


def push(
    entries: Iterable[CalendarEntry],
    calendar: RemoteCalendar,
    state: PushState = PushState(),  # noqa: B008 - a frozen value, shared without harm
    *,
    policy: PushPolicy = PushPolicy(),  # noqa: B008 - as above
    on_progress: OnProgress | None = None,
) -> PushReport:
    """Bring `entries` to the calendar, one resource each. `state` is what the last push gave back; keep what this one gives.

    Only what differs is written, and only in place of what we wrote: each write names the ETag it replaces. Entries are dealt with
    by uid; one that the server refuses does not stop the others. Where the connection breaks off, the login is refused or the
    server fails for good, PushInterrupted holds the report so far; before the first entry, the error itself comes.
    A push that was killed, or whose state is lost, finds its own entries again by what they say.

    Raises InvalidValue where two entries have one uid, or where `state` is of another calendar.
    """
    run = _Push(calendar, state, policy, on_progress)
    run.carry_out(entries)
    return run.report()


def push_with_state_file(
    entries: Iterable[CalendarEntry],
    calendar: RemoteCalendar,
    path: str | os.PathLike[str],
    *,
    policy: PushPolicy = PushPolicy(),  # noqa: B008 - as above
    on_progress: OnProgress | None = None,
) -> PushReport:
    """`push`, with the state kept in a file between runs. It is written however the push ends, and holds what was done until then.

    Raises, besides, ImportRejected for a file that is no state, and CannotWrite.
    """
    run = _Push(calendar, read_state(path), policy, on_progress)
    try:
        run.carry_out(entries)
    finally:
        write_state(run.state(), path)
    return run.report()


@frozen
class _Task:
    uid: str
    href: str
    entry: CalendarEntry | None
    """None: it has vanished."""


@frozen
class _Remote:
    """What stands on the server, and whether we put it there."""

    etag: str
    """"" where nothing stands."""
    ours: bool
    body: bytes = b""
    """Only where it had to be looked at."""


class _Push:
    def __init__(self, calendar: RemoteCalendar, state: PushState, policy: PushPolicy, on_progress: OnProgress | None) -> None:
        if state.calendar not in {"", calendar.url}:
            raise InvalidValue("push", "state", "is what was pushed to another calendar: keep one state for each", value=state)
        self._calendar, self._policy, self._on_progress = calendar, policy, on_progress
        self._rows = dict(state.resources)
        self._etags: dict[str, str] = {}
        self._read: dict[str, Resource] = {}
        self._unconfirmed: dict[str, str] = {}
        self._outcomes: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
        self._conflicts: list[Conflict] = []
        self._failures: list[PushFailed] = []

    def state(self) -> PushState:
        return PushState(calendar=self._calendar.url, resources=self._rows)

    def report(self) -> PushReport:
        return PushReport(
            created=tuple(self._outcomes[Outcome.CREATED]),
            updated=tuple(self._outcomes[Outcome.UPDATED]),
            unchanged=tuple(self._outcomes[Outcome.UNCHANGED]),
            deleted=tuple(self._outcomes[Outcome.DELETED]),
            conflicts=tuple(self._conflicts),
            failures=tuple(self._failures),
            state=self.state(),
        )

    def carry_out(self, entries: Iterable[CalendarEntry]) -> None:
        tasks = self._tasks(entries)
        self._look(tasks)
        done = 0
        try:
            for task in tasks:
                outcome = self._deal_with(task)
                self._outcomes[outcome].append(task.uid)
                done += 1
                if self._on_progress:
                    self._on_progress(Progress(done, len(tasks), task.uid, outcome))
                if len(self._unconfirmed) >= _ASKED_AT_ONCE:
                    self._confirm()
            self._confirm()
        except PushFailed as error:
            raise PushInterrupted(error, self.report(), done=done, total=len(tasks)) from error

    # ── before ───────────────────────────────────────────────────────────────────────────────────
    def _tasks(self, entries: Iterable[CalendarEntry]) -> list[_Task]:
        given: dict[str, CalendarEntry] = {}
        for entry in entries:
            if entry.uid in given:
                raise InvalidValue("CalendarEntry", "uid", f"{entry.uid!r} stands for two entries of one push", value=entry)
            given[entry.uid] = entry
        uids = set(given) | (set() if self._policy.vanished is Removal.LEAVE else set(self._rows))
        return [_Task(uid, self._href(uid), given.get(uid)) for uid in sorted(uids)]

    def _href(self, uid: str) -> str:
        return self._rows[uid].href if uid in self._rows else self._calendar.href(resource_name(uid))

    def _look(self, tasks: list[_Task]) -> None:
        """Ask for the ETags of all, and for the text of those that are not as we left them."""
        self._etags = self._calendar.etags([task.href for task in tasks])
        unknown = [task.href for task in tasks if self._has_to_be_read(task)]
        self._read = self._calendar.read(unknown)
        self._etags |= {href: resource.etag for href, resource in self._read.items()}

    def _has_to_be_read(self, task: _Task) -> bool:
        etag = self._etags.get(task.href)
        row = self._rows.get(task.uid)
        becomes_tombstone = task.entry is None and self._policy.vanished is Removal.TOMBSTONE
        return etag is not None and (row is None or row.etag != etag or becomes_tombstone)

    # ── one entry ────────────────────────────────────────────────────────────────────────────────
    def _deal_with(self, task: _Task) -> Outcome:
        if task.entry is None:
            return self._remove(task, self._policy.vanished)
        if task.entry.status is EntryStatus.CANCELLED and self._policy.cancelled is not Removal.TOMBSTONE:
            return self._remove(task, self._policy.cancelled)
        if not self._calendar.takes(task.entry.component):
            return self._fail(UnsupportedComponent(task.uid, task.entry.component, self._calendar.components))
        return self._write(task, task.entry)

    def _remote(self, task: _Task) -> _Remote:
        etag = self._etags.get(task.href, "")
        row = self._rows.get(task.uid)
        if not etag or task.href not in self._read:
            return _Remote(etag, ours=bool(etag))
        body = self._read[task.href].body
        untouched = row is not None and (row.etag == etag or fingerprint(body) in row.fingerprints)
        return _Remote(etag, untouched, body)

    def _write(self, task: _Task, entry: CalendarEntry) -> Outcome:
        body, remote, row = resource_body(entry), self._remote(task), self._rows.get(task.uid)
        if not remote.etag and row and row.etag:
            if entry.status is EntryStatus.CANCELLED:
                return Outcome.UNCHANGED  # off here and gone there: nothing is left to say
            if not self._overwrites:
                return self._conflict(task, ConflictKind.DELETED)
        if remote.etag and row and row.etag == remote.etag and row.digest == digest(body):
            return Outcome.UNCHANGED
        if remote.body and fingerprint(remote.body) == fingerprint(body):
            self._rows[task.uid] = _held(task, remote.etag, body)
            return Outcome.UNCHANGED
        if remote.etag and not remote.ours and not self._overwrites:
            return self._conflict(task, _somebody_wrote(row), remote.body)
        return self._put(task, body, remote.etag, entry.component)

    @property
    def _overwrites(self) -> bool:
        return self._policy.remote_changes is RemoteChanges.OVERWRITE

    def _remove(self, task: _Task, removal: Removal) -> Outcome:
        if removal is Removal.LEAVE:
            return Outcome.UNCHANGED
        remote, row = self._remote(task), self._rows.get(task.uid)
        if not remote.etag:
            self._rows.pop(task.uid, None)
            return Outcome.UNCHANGED
        if not remote.ours and not self._overwrites:
            return self._conflict(task, _somebody_wrote(row), remote.body)
        if removal is Removal.DELETE:
            return self._delete(task, remote.etag)
        if is_tombstone(remote.body):
            return Outcome.UNCHANGED
        return self._put(task, tombstone(remote.body), remote.etag, "entry")

    # ── requests ─────────────────────────────────────────────────────────────────────────────────
    def _put(self, task: _Task, body: bytes, etag: str, component: str) -> Outcome:
        before = self._rows.get(task.uid)
        # Told before it is sent: should no answer come, the next push knows its own work.
        known = dict.fromkeys((*(before.fingerprints if before else ()), fingerprint(body)))
        self._rows[task.uid] = Pushed(
            href=task.href, etag=before.etag if before else "", fingerprints=tuple(known)[-_MOST_FINGERPRINTS:]
        )
        answer = self._calendar.put(task.href, body, instead_of=etag)
        outcome = Outcome.UPDATED if etag else Outcome.CREATED
        if answer.status in _STORED:
            self._rows[task.uid] = _held(task, answer.etag, body)
            if not answer.etag:
                self._unconfirmed[task.href] = task.uid
            return outcome
        self._restore(task.uid, before)
        if answer.conditions & _UID_TAKEN:
            return self._conflict(task, ConflictKind.UID_TAKEN)
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            now = self._calendar.read([task.href]).get(task.href)
            if now and fingerprint(now.body) == fingerprint(body):
                # A first try was stored, and only its answer lost.
                self._rows[task.uid] = _held(task, now.etag, body)
                return outcome
            return self._overtaken(task, before, now)
        return self._refused(task, answer, component)

    def _delete(self, task: _Task, etag: str) -> Outcome:
        answer = self._calendar.delete(task.href, etag=etag)
        if answer.status in {*_STORED, *_GONE}:
            self._rows.pop(task.uid, None)
            return Outcome.DELETED
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            now = self._calendar.read([task.href]).get(task.href)
            if now is None:
                self._rows.pop(task.uid, None)
                return Outcome.DELETED
            return self._overtaken(task, self._rows.get(task.uid), now)
        return self._refused(task, answer, "entry")

    def _restore(self, uid: str, row: Pushed | None) -> None:
        if row is None:
            del self._rows[uid]
        else:
            self._rows[uid] = row

    def _confirm(self) -> None:
        """Learn the ETags that answers did not tell: the server may have written the entry in its own way (RFC 4791 §5.3.4)."""
        if not self._unconfirmed:
            return
        found = self._calendar.read(self._unconfirmed)
        for href, uid in self._unconfirmed.items():
            resource = found.get(href)
            if resource:
                row = self._rows[uid]
                as_they_say_it = dict.fromkeys((*row.fingerprints, fingerprint(resource.body)))
                self._rows[uid] = evolve(row, etag=resource.etag, fingerprints=tuple(as_they_say_it))
        self._unconfirmed = {}

    # ── what was not done ────────────────────────────────────────────────────────────────────────
    def _overtaken(self, task: _Task, row: Pushed | None, now: Resource | None) -> Outcome:
        """Somebody wrote between our looking and our writing. Left alone, whatever the policy: the next push sees what it is."""
        if now is None:
            return self._conflict(task, ConflictKind.DELETED)
        return self._conflict(task, _somebody_wrote(row), now.body)

    def _conflict(self, task: _Task, kind: ConflictKind, remote: bytes = b"") -> Outcome:
        self._conflicts.append(Conflict(uid=task.uid, kind=kind, href=task.href, remote=remote))
        return Outcome.CONFLICT

    def _refused(self, task: _Task, answer: Answer, component: str) -> Outcome:
        if "supported-calendar-component" in answer.conditions:
            return self._fail(UnsupportedComponent(task.uid, component, self._calendar.components, status=answer.status))
        why = ", ".join(sorted(answer.conditions))
        problem = "the server does not take this entry" + (f" ({why})" if why else "")
        return self._fail(EntryRefused(problem, status=answer.status, uid=task.uid))

    def _fail(self, error: PushFailed) -> Outcome:
        self._failures.append(error)
        return Outcome.FAILED


def _held(task: _Task, etag: str, body: bytes) -> Pushed:
    return Pushed(href=task.href, etag=etag, digest=digest(body), fingerprints=(fingerprint(body),))


def _somebody_wrote(row: Pushed | None) -> ConflictKind:
    return ConflictKind.CHANGED if row and row.etag else ConflictKind.EXISTS
