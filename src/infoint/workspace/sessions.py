"""Sessions of one workspace: who reads, who writes, and when observers hear of it. What is read and written is decided by the
collections; how entities become records by the unit of work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import get_ident
from typing import TYPE_CHECKING
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.errors import CommitUnknown, Retryable, StorageError
from infoint.hooks.host import PluginHost
from infoint.practice.policy import Policy
from infoint.storage.contract import Session, Storage
from infoint.workspace.repeating import Patience
from infoint.workspace.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from infoint.workspace.erasure_ledger import ErasureLedger


@frozen(kw_only=True)
class Sessions:
    """What a workspace and its collections work with: its key, and what the engine lends."""

    key: str
    storage: Callable[[], Storage]
    """The storage, opened when first asked for."""
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    policy: Callable[[], Policy]
    plugins: PluginHost
    shared: UnitOfWork | None = field(default=None)
    """The transaction that all calls are part of, if there is one."""
    thread: int = 0
    """The one in which it began."""
    patience: Patience = field(factory=Patience)
    """With a storage that is asked what became of a commit."""
    erasures: "ErasureLedger | None" = None
    """Where it is noted who was erased, if the app keeps that."""

    def policy_in(self, language: str) -> Policy:
        """The policy for who speaks a language: what is shown of its question bank is in that language, as far as there is one."""
        return self.policy().in_language(language)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """One snapshot, or what the transaction sees."""
        if self.shared is not None:
            self._demand_own_thread()
            yield self.shared
            return
        with self.storage().session(self.key) as session:
            yield self._over(session)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """One commit, then the observers; or a part of the transaction, which is committed and told by whoever began it. Raises Retryable
        where the connection was lost during the commit and nothing was kept, CommitUnknown where that cannot be found out.
        """
        if self.shared is not None:
            self._demand_own_thread()
            before = self.shared.puts
            try:
                yield self.shared
            except BaseException:
                # Whoever began it may pass over the failure and go on; half a step must not be kept then.
                self.shared.torn |= self.shared.puts > before
                raise
            return
        committing = False
        try:
            with self.storage().session(self.key, write=True) as session:
                unit = self._over(session)
                yield unit
                committing = True
                unit.commit()
        except CommitUnknown as unknown:
            if not committing:  # another storage's, in which the caller did something too
                raise
            self._settle(unknown)
        try:
            if unit.revived and self.erasures is not None:
                self.erasures.note_added_again(self.key, unit.revived, self.now().astimezone(UTC).date())
        finally:
            for tell in unit.news:
                tell()

    @contextmanager
    def transaction(self) -> Iterator["Sessions"]:
        """Sessions that are all one commit."""
        with self.writing() as unit:
            yield evolve(self, shared=unit, thread=get_ident())

    def _settle(self, unknown: CommitUnknown) -> None:
        """Returns where the commit happened after all."""
        storage = self.storage()
        if not self.patience.settled(unknown, lambda: storage.was_committed(self.key, unknown.commit_id)):
            raise Retryable("the connection was lost during the commit, and nothing of it was kept") from unknown

    def _demand_own_thread(self) -> None:
        if self.thread != get_ident():
            problem = (
                "this transaction belongs to another thread: give each thread a workspace of its own, `engine.workspace(key)`"
            )
            raise StorageError(problem)

    def _over(self, session: Session) -> UnitOfWork:
        return UnitOfWork(session, workspace=self.key, now=self.now, policy=self.policy)
