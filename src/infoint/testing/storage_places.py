"""Where `python -m infoint.testing storage URL` lets its tests write: new places, or one shared place that was empty before."""

import hashlib
import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final

from infoint.errors import InvalidValue, NotFound, PluginError
from infoint.hooks.host import PluginHost
from infoint.storage.contract import Erasure, Key, Record, Report, Session, Storage, StorageUrl

_FOLDER: Final = "{folder}"
_RANDOM: Final = "{random}"
_SECRET_AT_LEAST: Final = 4
"""Shorter option values are no secrets, and stand in any text."""


class Places:
    """Storages of one URL."""

    def __init__(self, url: str, plugins: Sequence[object], *, strict: bool) -> None:
        """Raises InvalidValue, PluginError, NoProvider."""
        self._url = StorageUrl.parse(url)
        self._host = PluginHost(plugins, discover=True)
        self._nonce = os.urandom(8).hex()
        self._host.storages.get(self._url.scheme)
        self.strict = strict
        self.made = Made()

    @property
    def scheme(self) -> str:
        """Of the URL: all of it that is ever shown."""
        return self._url.scheme

    @property
    def has_folders(self) -> bool:
        """Whether the place is in a folder that we make."""
        return _FOLDER in self._texts

    @property
    def shared(self) -> bool:
        """Whether there is one place for all tests."""
        return not self.has_folders and _RANDOM not in self._texts

    @property
    def _texts(self) -> str:
        return "\n".join([self._url.rest, *self._url.options.values()])

    def storage(self, folder: Path) -> Storage:
        """For this folder; the same place each time. Not opened. Raises PluginError where what is offered is no Storage."""
        word = "t" + hashlib.sha256(f"{self._nonce} {folder}".encode()).hexdigest()[:16]

        def filled(text: str) -> str:
            return text.replace(_FOLDER, str(folder)).replace(_RANDOM, word)

        options = {name: filled(value) for name, value in self._url.options.items()}
        made = self._host.storages.make(self.scheme, StorageUrl(self.scheme, filled(self._url.rest), options))
        if not isinstance(made, Storage):
            owner = self._host.storages.owner(self.scheme)
            raise PluginError(owner, "", f"its storage {self.scheme!r} is a {type(made).__name__}, not a Storage")
        return Watched(made, self.made) if self.shared else made

    def checked(self, folder: Path) -> Storage:
        """One of them, after a look whether its place may be written to. Raises InvalidValue where it holds something already, and what
        `Storage.open` raises.
        """
        storage = self.storage(folder)
        try:
            storage.open(read_only=True)
        except NotFound:
            storage.open(create=True)
        try:
            there = next(iter(storage.workspaces()), None)
        finally:
            storage.close()
        if there is not None:
            problem = (
                "holds workspaces already, and tests would write among them: name an empty place, or use {folder} or {random}"
            )
            raise InvalidValue("infoint.testing", "url", problem)
        return storage.storage if isinstance(storage, Watched) else storage

    def left(self, folder: Path) -> list[str]:
        """Take away what a test made in the shared place. Gives what could not be taken away."""
        if not self.made.keys:
            return []
        storage = self.storage(folder)
        storage.open(create=True)
        try:
            for key in self.made.keys.intersection(storage.workspaces()):
                storage.drop_workspace(key)
            return sorted(self.made.keys.intersection(storage.workspaces()))
        finally:
            storage.close()
            self.made.keys.clear()

    def discreet(self, text: str) -> str:
        """Without what in the URL may be a secret."""
        _, at, _ = self._url.rest.rpartition("@")
        secrets = [self._url.rest, *self._url.rest.rpartition("@")[0].removeprefix("//").split(":", 1)] if at else []
        secrets += [value for value in self._url.options.values() if len(value) >= _SECRET_AT_LEAST]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, "…")
        return text


class Made:
    """The workspaces of the shared place that a test made."""

    def __init__(self) -> None:
        """None yet."""
        self.keys: set[str] = set()
        self._one_at_a_time = Lock()

    def demand(self, key: str, storage: Storage, *, makes: bool = True) -> None:
        """Before a test does anything in a workspace, or, without `makes`, drops it. Raises AssertionError, which no test expects, where it was there before the test:
        somebody has come to the place meanwhile.
        """
        with self._one_at_a_time:
            if key in self.keys:
                return
            if key in list(storage.workspaces()):
                raise AssertionError(
                    f"somebody else has made the workspace {key!a}, and it was left alone: name a place that nobody uses, or use {_RANDOM}"
                )
            if makes:
                self.keys.add(key)


class Watched(Storage):
    """A storage, and a note of each workspace that is written to through it. Those of others are not written to, nor dropped."""

    def __init__(self, storage: Storage, made: Made) -> None:
        """`made` is added to."""
        self.storage, self._made = storage, made
        self.contract = storage.contract  # type: ignore[misc]  # as that one has it
        self.capabilities = storage.capabilities  # type: ignore[misc]  # as above

    def session(self, workspace: str, *, write: bool = False) -> AbstractContextManager[Session]:
        """See Storage."""
        # Some make a workspace as soon as somebody reads in it.
        self._made.demand(workspace, self.storage)
        return self.storage.session(workspace, write=write)

    def workspaces(self) -> Iterable[str]:
        """See Storage."""
        return self.storage.workspaces()

    def drop_workspace(self, workspace: str) -> None:
        """See Storage."""
        self._made.demand(workspace, self.storage, makes=False)
        self.storage.drop_workspace(workspace)

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage."""
        self.storage.open(create=create, read_only=read_only)

    def close(self) -> None:
        """See Storage."""
        self.storage.close()

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        """See Storage."""
        return self.storage.was_committed(workspace, commit_id)

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        """See Storage."""
        self._made.demand(workspace, self.storage)
        return self.storage.load(workspace, records, progress=progress)

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        """See Storage."""
        self._made.demand(workspace, self.storage)
        return self.storage.erase(workspace, keys, updated_at=updated_at)

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        """See Storage."""
        return self.storage.migrate(dry_run=dry_run, progress=progress)

    def check(self, *, deep: bool = False) -> Sequence[str]:
        """See Storage."""
        return self.storage.check(deep=deep)

    def backup(self, destination: BinaryIO, *, progress: Report | None = None) -> None:
        """See Storage."""
        self.storage.backup(destination, progress=progress)
