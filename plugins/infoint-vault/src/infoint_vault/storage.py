"""A vault: records as Markdown files in a folder. The form of a file is `page`'s, how it is written `journal`'s, how edits are seen
`settling`'s; here they come together.
"""

import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from infoint.errors import Busy, CommitUnknown, InvalidValue, NotFound, NotOurs, ReadOnly, StorageError, Unsupported
from infoint.storage.contract import (
    Capability,
    CommitInfo,
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
from infoint_vault.commits import Committing, happened, in_batches
from infoint_vault.disk import SUPPORTED, Disk, sync_folder, translated
from infoint_vault.erasing import remains_of
from infoint_vault.index import Index, copy_of
from infoint_vault.journal import Change, Decided, commit, finish, pending, recover, sha_at
from infoint_vault.locks import Turn
from infoint_vault.names import HIDDEN, VAULT_FILE, WORKSPACE_FILE, folder_of_workspace
from infoint_vault.session import VaultSession, not_readable
from infoint_vault.settling import Place, Settling, listing_of, problems_of
from infoint_vault.workspaces import IGNORED, check_format, vault_page, workspaces_in

_BATCH: Final = 500
"""Records that are loaded in one commit."""


class VaultStorage(Storage):
    """`vault:folder`, or simply a path: a folder that is a vault, or an empty one, or none yet.

    Files are the truth. What is in `.infoint` can be made again from them, but for how the commits were counted: whoever follows the
    changes is then asked to begin anew (ResyncRequired). A session looks at the folder when it begins, and takes up what was edited.
    Threads and processes of one machine may share a vault; one changes it at a time. Needs a system with `openat`, so not Windows.

    Opened with `read_only`, nothing in the folder changes: edits are seen, and are counted for this storage alone. A commit that was cut
    short is seen as it will be once somebody opens the vault to write, which finishes it.
    """

    contract: ClassVar[tuple[int, int]] = (1, 0)
    capabilities: ClassVar[Capability] = (
        Capability.DURABLE
        | Capability.MULTIPROCESS
        | Capability.SNAPSHOT_READS
        | Capability.SEARCH
        | Capability.BULK_LOAD
        | Capability.EXTERNAL_EDITS
        | Capability.PARTIAL_ERASE
    )

    def __init__(self, place: StorageUrl | str | os.PathLike[str], *, disk: Callable[[Path], Disk] = Disk) -> None:
        """`place` is a URL, or a path (never a URL as text: `StorageUrl.parse` reads those). `disk`: another way to the files, for tests.
        No I/O. Raises InvalidValue.
        """
        url = place if isinstance(place, StorageUrl) else StorageUrl("vault", os.fspath(place))
        if url.options:
            raise InvalidValue("VaultStorage", "options", f"there is no option {min(url.options)!r}")
        if not url.rest or "\x00" in url.rest:
            raise InvalidValue("VaultStorage", "path", "is missing, as in 'vault:interviews'", value=url.rest)
        self._root = Path(os.path.abspath(url.rest))  # noqa: PTH100  # Path.absolute leaves ".." in; resolve() would do I/O
        self._make_disk = disk
        self._resources = ExitStack()
        self._disk: Disk | None = None
        self._read_only = False
        self._settled: set[str] = set()

    # ── opening ──────────────────────────────────────────────────────────────────────────────────
    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage. Raises also Unsupported where the system cannot do what it takes."""
        self.close()
        if not SUPPORTED:
            raise Unsupported("needs a system that opens files within a folder it holds (POSIX openat)", place=str(self._root))
        with translated(str(self._root)), ExitStack() as held:
            self._find_root(create=create and not read_only)
            disk = self._make_disk(self._root)
            held.callback(disk.close)
            if not check_format(disk):
                self._begin(disk, create=create and not read_only)
            hidden = self._root / HIDDEN
            if read_only:
                private = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="infoint-vault-")))
                self._turn = Turn(hidden / "lock", place=str(self._root), shared=True)
                self._index = self._private_index(hidden, private)
                disk = Decided(disk)
            else:
                self._make_hidden(disk, hidden)
                self._turn = Turn(hidden / "lock", place=str(self._root), shared=False)
                with self._turn.taken():
                    self._index = Index(hidden)
            held.callback(lambda: self._index.close())  # noqa: PLW0108  # it may be another by then
            self._disk, self._read_only, self._settled = disk, read_only, set()
            self._resources = held.pop_all()
        try:
            if not read_only:
                self._recover()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """See Storage. Sessions that are still open end."""
        self._disk = None
        self._resources.close()

    def _find_root(self, *, create: bool) -> None:
        if self._root.is_dir():
            return
        if self._root.exists():
            raise NotOurs("is a file; a vault is a folder", place=str(self._root))
        if not self._root.parent.is_dir():
            raise NotFound("folder", self._root.parent, remedy="make it first, or check the spelling")
        if not create:
            raise NotFound(
                "vault", self._root, remedy="check the spelling, or let it be made: without read_only, and with create=True"
            )
        with suppress(FileExistsError):  # somebody else was faster
            self._root.mkdir()

    def _begin(self, disk: Disk, *, create: bool) -> None:
        if not create:
            raise NotFound(
                "vault", self._root, remedy=f"it has no {VAULT_FILE}; check the spelling, or let it be made with create=True"
            )
        if any(not entry.path.startswith(".") for entry in disk.entries("")):
            # Two that begin at once: the other one's files are there.
            if check_format(disk):
                return
            raise NotOurs("is a folder with other things in it; name one within it", place=str(self._root))
        with suppress(PermissionError):  # a folder that was there, in one that we may not look into
            sync_folder(self._root.parent)
        with suppress(FileExistsError):
            disk.write_new(".gitignore", IGNORED.encode())
        commit(disk, [Change(VAULT_FILE, None, vault_page(), tentative=True)])

    def _make_hidden(self, disk: Disk, hidden: Path) -> None:
        disk.make_folder(HIDDEN)
        hidden.mkdir(exist_ok=True)
        if hidden.is_symlink():
            raise NotOurs("is a link; take it away, and it is made anew", place=str(hidden))
        with suppress(FileExistsError), (hidden / ".gitignore").open("x") as file:
            file.write("*\n")

    def _private_index(self, hidden: Path, private: Path) -> Index:
        try:
            with self._turn.taken():
                copy_of(hidden, private)
        except (FileNotFoundError, PermissionError):
            pass  # none there yet, or not for us: it is made anew
        return Index(private)

    def _recover(self) -> None:
        """Finishes what was cut short, and sweeps away what was never begun."""
        with self._changing() as disk, translated(str(self._root)):
            for path in listing_of(disk, "").temporary:
                disk.remove(path)

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def session(self, workspace: str, *, write: bool = False) -> Iterator[Session]:
        """See Storage. What was edited by hand is taken up first, but within a write session of this thread."""
        check_workspace(workspace)
        with ExitStack() as held:
            if write:
                held.enter_context(self._changing())
                self._settle(workspace)
            else:
                self._look(workspace)
            self._opened()
            inner = held.enter_context(self._index.records.session(workspace, write=write))
            with translated(str(self._root)):
                epoch = self._index.epoch(workspace)
            yield VaultSession(self, inner, workspace, epoch)

    def workspaces(self) -> Sequence[str]:
        """See Storage."""
        with translated(str(self._root)):
            return sorted(workspaces_in(self._opened())[0])

    def was_committed(self, workspace: str, commit_id: str) -> bool:
        """See Storage."""
        check_workspace(workspace)
        self._look(workspace)
        if commit_id.startswith("file:"):
            with self._index.records.session(workspace) as session:
                return happened(commit_id, session)
        counted = re.fullmatch(r"([0-9a-f]{12})-([0-9a-f.-]+)", commit_id)
        if counted is None:
            return False
        with translated(str(self._root)):
            epoch = self._index.epoch(workspace)
        if counted[1] != epoch:
            raise CommitUnknown(commit_id)
        return self._index.records.was_committed(workspace, counted[2])

    def drop_workspace(self, workspace: str) -> None:
        """See Storage. Files that are no records stay, and git may remember the others."""
        check_workspace(workspace)
        with self._changing() as disk, translated(str(self._root)):
            self._settle(workspace)
            folder = self._folders(disk).get(workspace)
            if folder is None:
                return
            marker = f"{folder}/{WORKSPACE_FILE}"
            rows = self._index.rows(workspace).values()
            changes = [Change(row.path, row.sha, None, tentative=True) for row in rows if row.id is not None]
            # Without its marker the folder is no workspace: what is left of it, should this be cut short, is nobody's record.
            commit(disk, [Change(marker, sha_at(disk, marker), None), *changes])
            self._index.forget(workspace)
            finish(disk)
            for entry in disk.entries(folder):
                disk.remove_folder(entry.path)
            disk.remove_folder(folder)

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        """See Storage. A commit for every 500 records."""
        check_workspace(workspace)
        done = 0
        with self._changing() as disk:
            self._settle(workspace)
            for batch in in_batches(records, _BATCH):
                with translated(str(self._root)):
                    committing = Committing(disk, self._index, self._place(disk, workspace), now=self._turn.now)
                    done += committing.load(batch)
                if progress:
                    progress(Progress(done, None, "records"))
        return done

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        """See Storage. Files of these records go, and what they said goes from the index. What others have made of them is left and named."""
        check_workspace(workspace)
        with self.session(workspace, write=True) as session:
            live = [record for record in session.get_many(keys).values() if not record.deleted]
            session.put_many([tombstone_of(record, updated_at) for record in live])
            commit = session.commit()
        with self._changing() as disk, translated(str(self._root)):
            Committing(disk, self._index, self._place(disk, workspace), now=self._turn.now).seal(keys)
            swept = self._index.sweep(workspace, updated_at)
            remains = remains_of(disk, self._root, self._index.rows(workspace).values(), keys)
        return Erasure(tuple(record.key for record in live), commit, (*remains, *swept))

    def check(self, *, deep: bool = False) -> Sequence[str]:
        """Files that cannot be read, copies with the id of another, what could not be saved, links. `deep` reads every file again."""
        disk = self._opened()
        problems: list[str] = []
        with translated(str(self._root)):
            folders, wrong = workspaces_in(disk)
            problems += wrong
            for workspace, folder in sorted(folders.items()):
                self._look(workspace)
                rows = self._index.rows(workspace)
                listing = listing_of(disk, folder)
                problems += [f"{path}: is a link, or no file: not followed" for path in listing.links]
                problems += [f"{path}: has a name that is not UTF-8: not read" for path in listing.unnamed]
                problems += problems_of(rows.values())
                if deep:
                    problems += [
                        f"{row.path}: has changed without its size or times telling so; delete the folder {HIDDEN}"
                        for row in rows.values()
                        if sha_at(disk, row.path) not in {None, row.sha}
                    ]
        return [*problems, *self._index.records.check(deep=deep)]

    # ── what sessions need ───────────────────────────────────────────────────────────────────────
    def _check_readable(self, workspace: str, keys: Collection[Key]) -> None:
        with translated(str(self._root)):
            rows = [row for key in keys if (row := self._index.main(workspace, key)) is not None and row.problem]
        if rows:
            raise not_readable(str(self._root / rows[0].path), rows[0].problem)

    def _commit(self, workspace: str, records: Sequence[Record], inner: Session) -> CommitInfo:
        disk = self._opened()
        with translated(str(self._root)):
            committing = Committing(disk, self._index, self._place(disk, workspace), now=self._turn.now)
            return committing.commit(records, inner)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────
    def _opened(self) -> Disk:
        if self._disk is None:
            raise StorageError("is not open: call open() first", place=str(self._root))
        return self._disk

    @contextmanager
    def _changing(self) -> Iterator[Disk]:
        """The turn, with everything finished that was begun."""
        disk = self._opened()
        if self._read_only:
            raise ReadOnly(place=str(self._root))
        with ExitStack() as held:
            with translated(str(self._root)):
                held.enter_context(self._turn.taken())
                self._make_sound(disk)
            yield disk

    def _make_sound(self, disk: Disk) -> None:
        """An index that was deleted is made anew, and a commit that was cut short finished."""
        if not self._index.is_there():
            hidden = self._root / HIDDEN
            self._make_hidden(disk, hidden)
            self._index.close()
            self._index = Index(hidden)
            self._settled.clear()
        if pending(disk):
            seqs = recover(disk)
            for workspace in self._folders(disk):
                self._settle(workspace, seqs)
            finish(disk)

    def _look(self, workspace: str) -> None:
        """Takes up edits, unless somebody who is writing just did."""
        disk = self._opened()
        if self._read_only:
            with translated(str(self._root)):
                self._settle(workspace)
            return
        if self._turn.is_ours:
            return
        try:
            with ExitStack() as held:
                with translated(str(self._root)):
                    held.enter_context(self._turn.taken(patience=0 if workspace in self._settled else 5))
                    self._make_sound(disk)
                self._settle(workspace)
        except Busy:
            if workspace not in self._settled:
                raise

    def _settle(self, workspace: str, seqs: Mapping[str, int] | None = None) -> None:
        disk = self._opened()
        with translated(str(self._root)):
            folder = self._folders(disk).get(workspace)
            if folder is not None:
                place = Place(workspace, folder)
                Settling(disk, self._index, place, now=self._now, seqs=seqs or {}, write=not self._read_only).run()
            elif self._index.rows(workspace):
                # The folder was taken away by hand, with all that is in it.
                self._index.begin_anew(workspace)
        self._settled.add(workspace)

    def _now(self) -> int:
        # A reader may not touch anything: everything counts as new, and is read again.
        return 0 if self._read_only else self._turn.now()

    def _folders(self, disk: Disk) -> dict[str, str]:
        return workspaces_in(disk)[0]

    def _place(self, disk: Disk, workspace: str) -> Place:
        folder = self._folders(disk).get(workspace)
        if folder is None:
            folder, number = folder_of_workspace(workspace), 1
            while disk.stat(f"{folder}") is not None:
                # Somebody's own folder has the name.
                number += 1
                folder = f"{folder_of_workspace(workspace)}-{number}"
        return Place(workspace, folder)
