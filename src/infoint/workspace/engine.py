"""The engine: one storage, one set of plugins, one clock, any number of workspaces."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from infoint.errors import Corrupt, InvalidValue, NaiveTime, NotFound, PluginError, ReadOnly, StorageError
from infoint.hooks.host import OnPluginError, PluginHost
from infoint.model.identity import time_ordered_id
from infoint.model.profile import Profile
from infoint.practice.policy import Policy
from infoint.storage.contract import Storage, StorageUrl, check_workspace
from infoint.workspace.erasure_ledger import ErasureLedger
from infoint.workspace.sessions import Sessions
from infoint.workspace.workspace import Workspace

if TYPE_CHECKING:
    from infoint.workspace.erasing_again import ErasedAgain

T = TypeVar("T")

DEFAULT_WORKSPACE: Final = "default"
"""The key of the one workspace that `infoint.open` opens."""


class Engine:
    """Share one among threads; workspaces are made per request and cost nothing. Opens its storage at the first call that needs
    it, or in `with` and `open()` for who wants to fail early: making one in a settings module does no I/O.
    """

    def __init__(
        self,
        storage: str | Storage,
        *,
        plugins: Iterable[object] | PluginHost = (),
        discover: bool = False,
        strict: bool = False,
        on_plugin_error: OnPluginError = "raise",
        style: str = "",
        policy: Policy | None = None,
        clock: Callable[[], datetime] | None = None,
        new_id: Callable[[datetime], UUID] | None = None,
        create: bool = True,
        read_only: bool = False,
        erasures: str | os.PathLike[str] | None = None,
    ) -> None:
        """`storage`: a URL ("sqlite:interviews.db", "memory:") or a Storage. `plugins` to `style`: see PluginHost.

        `policy`: yours, to which plugins add; None = the shipped one. `clock` gives a zoned now, `new_id` an id for a new entity.
        `create=False`: what does not exist is an error; `read_only` also changes nothing.
        `erasures`: a file beside the database, and not in its backups, in which `contacts.erase` and `purge` note ids before they commit, so
        that `erase_again` knows them after an older state was restored. It is made at the first one.
        Raises NoProvider for an unknown scheme, and what PluginHost raises.
        """
        if style and isinstance(plugins, PluginHost):
            raise InvalidValue("Engine", "style", "is the PluginHost's to know: give it to that one", value=style)
        self.plugins = (
            plugins
            if isinstance(plugins, PluginHost)
            else PluginHost(plugins, discover=discover, strict=strict, on_plugin_error=on_plugin_error, style=style)
        )
        if policy is not None and not isinstance(policy, Policy):
            raise InvalidValue("Engine", "policy", f"needs a Policy, got {type(policy).__name__}", value=policy)
        self.storage = self._made(storage)
        self._base_policy = policy
        self._policy: Policy | None = None
        self._clock = clock or _now
        self._new_id = new_id or TimeOrderedIds()
        self._create, self._read_only = create and not read_only, read_only
        self._erasures = None if erasures is None else ErasureLedger(erasures)
        self._lock = Lock()
        self._state = "new"

    def _made(self, storage: str | Storage) -> Storage:
        if isinstance(storage, Storage):
            return storage
        if not isinstance(storage, str):
            raise InvalidValue("Engine", "storage", f"needs a URL or a Storage, got {type(storage).__name__}", value=storage)
        parsed = StorageUrl.parse(storage)
        made = self.plugins.storages.make(parsed.scheme, parsed)
        if not isinstance(made, Storage):
            owner = self.plugins.storages.owner(parsed.scheme)
            raise PluginError(owner, "", f"its storage {parsed.scheme!r} is a {type(made).__name__}, not a Storage")
        return made

    @property
    def policy(self) -> Policy:
        """Question bank, rules and days, with what plugins add. Made once, when first asked for. Raises NameClash, PluginErrors."""
        if self._policy is None:
            self._policy = self.plugins.policy(self._base_policy)
        return self._policy

    def now(self) -> datetime:
        """The engine's clock. Raises NaiveTime where it has no zone."""
        now = self._clock()
        if now.utcoffset() is None:
            raise NaiveTime("Engine", "clock")
        return now

    def new_id(self) -> UUID:
        """An id for something new."""
        return self._new_id(self.now())

    def workspace(self, key: str, *, zone: str | ZoneInfo | None = None) -> Workspace:
        """One explorer's. `key`: any text of 1 to 200 characters without control characters; storages never parse it.

        Nothing is opened for it, but for `zone`, which makes the profile of a new workspace; where there is one, leave it out or give the
        same (else InvalidValue).
        """
        workspace = Workspace(self.sessions(key))
        if zone is not None:
            _settle_zone(workspace, zone, read_only=self._read_only)
        return workspace

    def run(
        self,
        key: str,
        work: Callable[[Workspace], T],
        *,
        attempts: int = 10,
        sleep: Callable[[float], object] = time.sleep,
    ) -> T:
        """`work(tx)` in one transaction on the workspace of this key, repeated where it lost a race: see `Workspace.run`."""
        return self.workspace(key).run(work, attempts=attempts, sleep=sleep)

    def sessions(self, key: str) -> Sessions:
        """What the workspace of this key works with. Raises InvalidValue for a key that is none."""
        return Sessions(
            key=check_workspace(key),
            storage=self.opened,
            now=self.now,
            new_id=self.new_id,
            policy=lambda: self.policy,
            plugins=self.plugins,
            erasures=self._erasures,
        )

    def workspaces(self) -> Iterator[str]:
        """Their keys."""
        return iter(self.opened().workspaces())

    def check(self, *, deep: bool = False) -> tuple[str, ...]:
        """Problems found, in words: damage to the storage, for which `deep` looks longer, and what `Workspace.check` finds in each workspace.
        Raises what opening the storage raises.
        """
        storage = self.opened()
        problems = list(storage.check(deep=deep))
        try:
            for key in storage.workspaces():
                problems += (f"workspace {key!r}: {problem}" for problem in self.workspace(key).check())
        except Corrupt as error:  # what the storage found goes before, and the records cannot be gone through
            problems.append(str(error))
        return tuple(problems)

    def open(self) -> Self:
        """Open the storage now and make the policy, so that what is wrong shows now."""
        self.opened()
        _ = self.policy
        return self

    def erase_again(self, *, dry_run: bool = False) -> "ErasedAgain":
        """After an older state of the place was restored: erase those whom the ledger (`erasures`) names and who are here again, in every
        workspace, as `contacts.erase` does, one commit and one sweep for each workspace. Where nobody is, nothing is committed, and the sweep for
        traces is done all the same. `dry_run` changes nothing and tells who would be.

        People are found by id, so who was added since the restored state was saved is not found: `absent` in the report, and may still be
        named in texts. Raises InvalidValue without a ledger, NotFound where its file is not there, NotOurs, FormatTooNew, ReadOnly, and what
        storages raise.
        """
        from infoint.workspace.erasing_again import erase_again

        if self._erasures is None:
            raise InvalidValue("Engine", "erasures", "is needed to know who was erased: give the path of the ledger")
        if self._read_only and not dry_run:
            raise ReadOnly
        return erase_again(self._erasures, self.opened(), self.sessions, dry_run=dry_run)

    def opened(self) -> Storage:
        """The storage, open. Raises what `Storage.open` raises, and StorageError after `close`; NotOurs where `erasures` is no ledger."""
        with self._lock:
            if self._state == "closed":
                raise StorageError("the engine is closed; make another one")
            if self._state == "new":
                if self._erasures is not None:
                    self._erasures.demand_ours()  # and not when somebody asks to be forgotten
                self.storage.open(create=self._create, read_only=self._read_only)
                self._state = "open"
        return self.storage

    def close(self) -> None:
        """May be called twice."""
        with self._lock:
            if self._state == "open":
                self.storage.close()
            self._state = "closed"

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class TimeOrderedIds:
    """UUIDv7s that never go back, also when the clock does or many are made within a millisecond (RFC 9562 §6.2)."""

    def __init__(self, entropy: Callable[[int], bytes] = os.urandom) -> None:
        """`entropy` gives so many random bytes."""
        self._entropy = entropy
        self._last = 0
        self._lock = Lock()

    def __call__(self, at: datetime) -> UUID:
        """The next one."""
        made = time_ordered_id(at, self._entropy(10))
        with self._lock:
            self._last = max(made.int, self._last + 1)
            return UUID(int=self._last)


def _now() -> datetime:
    return datetime.now(UTC)


def _settle_zone(workspace: Workspace, zone: str | ZoneInfo, *, read_only: bool) -> None:
    wanted = Profile(zone=zone)
    try:
        zone_there = workspace.profile().zone
    except NotFound:
        if read_only:
            raise
        workspace.set_profile(wanted)
        return
    if zone_there != wanted.zone:
        problem = f"is {wanted.zone}, the workspace's is {zone_there}; leave it out, or change the profile with set_profile(…)"
        raise InvalidValue("Engine", "zone", problem)


class OpenWorkspace(Workspace):
    """A workspace that owns its engine: close it, or use `with`."""

    def __init__(self, engine: Engine) -> None:
        """Made by `open`."""
        super().__init__(engine.sessions(DEFAULT_WORKSPACE))
        self.engine = engine

    def close(self) -> None:
        """May be called twice."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open(
    storage: str | Storage,
    *,
    zone: str | ZoneInfo | None = None,
    plugins: Iterable[object] | PluginHost = (),
    discover: bool = False,
    strict: bool = False,
    on_plugin_error: OnPluginError = "raise",
    style: str = "",
    policy: Policy | None = None,
    clock: Callable[[], datetime] | None = None,
    create: bool = True,
    read_only: bool = False,
    erasures: str | os.PathLike[str] | None = None,
) -> OpenWorkspace:
    """One explorer's workspace and the engine under it; for scripts and notebooks. The arguments are the Engine's.

    `zone` makes the profile of a new workspace; where there is one, leave it out or give the same (else InvalidValue).
    `read_only` never creates: a mistyped path in a cron job is an error, not an empty calendar.
    """
    engine = Engine(
        storage,
        plugins=plugins,
        discover=discover,
        strict=strict,
        on_plugin_error=on_plugin_error,
        style=style,
        policy=policy,
        clock=clock,
        create=create,
        read_only=read_only,
        erasures=erasures,
    )
    try:
        engine.open()
        workspace = OpenWorkspace(engine)
        if zone is not None:
            _settle_zone(workspace, zone, read_only=read_only)
    except BaseException:
        engine.close()
        raise
    return workspace
