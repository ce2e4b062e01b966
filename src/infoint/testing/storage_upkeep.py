"""The contract's sentences about what is done to a place as a whole: commits asked for again, backups, older formats."""

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from infoint.errors import InfointError, MigrationRequired, NotFound, Unsupported
from infoint.storage.contract import Capability, Progress, Query, Record, Storage
from infoint.testing.storage_case import (
    KIND,
    WORKSPACE,
    Background,
    StorageCase,
    asked,
    followed,
    put,
    refuses,
    searched,
    tombstone,
    write,
)
from infoint.testing.storage_sessions import commit_id

REMEMBERED = 10
"""Commits that a storage remembers at least."""


def needs_answers(storage: Storage) -> None:
    """Skips the test where the storage does not keep the ids of commits."""
    try:
        storage.was_committed(WORKSPACE, "1")
    except Unsupported:
        pytest.skip("was_committed is not offered")
    except InfointError:
        return


def whole(storage: Storage) -> dict[str, Sequence[Record]]:
    """All that is in a place."""
    return {key: followed(storage, 500, workspace=key)[0] for key in storage.workspaces()}


def saved(storage: Storage) -> bytes:
    """A backup."""
    content = io.BytesIO()
    storage.backup(content)
    return content.getvalue()


class UpkeepContract(StorageCase):
    """Mixed into StorageContract."""

    # ── what became of a commit ──────────────────────────────────────────────────────────────────
    def test_latest_commits_are_remembered(self, tmp_path: Path) -> None:
        """Whoever lost the connection during a commit is told that it did not happen, does it again, and it is there twice."""
        with self.opened(tmp_path) as storage:
            needs_answers(storage)
            ids = [commit_id(storage, number) for number in range(1, REMEMBERED + 1)]
            assert [storage.was_committed(WORKSPACE, id) for id in ids] == [True] * REMEMBERED
            ids = [*ids, *(commit_id(storage, 1) for _ in range(5))]
            assert [storage.was_committed(WORKSPACE, id) for id in ids[-REMEMBERED:]] == [True] * REMEMBERED

    def test_commit_that_never_was_is_not_remembered(self, tmp_path: Path) -> None:
        """Whoever lost the connection is told that a commit happened which did not, and the step is lost."""
        with self.opened(tmp_path) as storage:
            needs_answers(storage)
            other = [commit_id(storage, number, "ben") for number in range(1, 4)]
            mine = commit_id(storage, 1)
            assert storage.was_committed(WORKSPACE, mine) is True
            for id in (*other[1:], "", "x", "0", "-1", "' OR 1=1 --", "\x00", "\ud800", "9" * 40):
                assert storage.was_committed(WORKSPACE, id) is False, ascii(id)
            assert storage.was_committed("nobody", mine) is False

    def test_dropped_workspace_gives_no_id_again(self, tmp_path: Path) -> None:
        """After a workspace was dropped, its new commits are taken for the old ones."""
        with self.opened(tmp_path) as storage:
            needs_answers(storage)
            before = {commit_id(storage, number) for number in range(1, 4)}
            storage.drop_workspace(WORKSPACE)
            after = {commit_id(storage, number) for number in range(1, 4)}
            assert not before & after

    def test_commits_are_remembered_when_opened_again(self, tmp_path: Path) -> None:
        """A program that starts anew cannot learn what became of its last commit."""
        self.needs(tmp_path, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            needs_answers(storage)
            id = commit_id(storage, 1)
        with self.opened(tmp_path, create=False) as storage:
            assert storage.was_committed(WORKSPACE, id) is True

    # ── backup ───────────────────────────────────────────────────────────────────────────────────
    def test_backup_is_the_whole_place(self, tmp_path: Path) -> None:
        """A backup lacks a workspace, a tombstone or an index, or cannot be written to."""
        self.needs(tmp_path, Capability.BACKUP)
        with self.opened(emptied(tmp_path / "a")) as storage:
            put(storage, write(1, text="ana", name="Ana", data={"工": [1.0]}), write(2))
            put(storage, tombstone(2), write(3, text="oak"))
            put(storage, write(1), workspace="ben")
            content, before = saved(storage), whole(storage)
            put(storage, write(4), write(1, 1))
        restored = self.restored(content, emptied(tmp_path / "b"))
        restored.open()
        try:
            assert whole(restored) == before
            assert list(restored.check(deep=True)) == []
            assert asked(restored, Query(kind=KIND)) == [1, 3]
            if Capability.SEARCH in restored.capabilities:
                assert searched(restored, "ana") == [(KIND, 1)]
            assert [record.seq for record in put(restored, write(1, 1), write(5))] == [3, 3]
        finally:
            restored.close()

    def test_restored_place_gives_no_id_again(self, tmp_path: Path) -> None:
        """A commit made after a backup was restored has the id of one that was lost: whoever asks for that one is told it is there."""
        self.needs(tmp_path, Capability.BACKUP)
        with self.opened(emptied(tmp_path / "a")) as storage:
            put(storage, write(1))
            content = saved(storage)
            lost = commit_id(storage, 2)
        restored = self.restored(content, emptied(tmp_path / "b"))
        restored.open()
        try:
            assert commit_id(restored, 3) != lost
        finally:
            restored.close()

    def test_backup_while_others_write_is_one_state(self, tmp_path: Path) -> None:
        """A backup taken while somebody wrote holds half a commit, or what was never committed; or one waits for the other for ever."""
        self.needs(tmp_path, Capability.BACKUP, Capability.CONCURRENT_WRITERS)
        with self.opened(emptied(tmp_path / "a")) as storage:
            put(storage, *(write(number, data={"notes": "x" * 2_000}) for number in range(1_000, 1_200)))
            enough = Event()

            def write_on() -> int:
                done = 0
                while not enough.is_set() and done < 2_000:
                    done += 1
                    put(storage, *(write(done, kind=kind, data={"notes": "x" * 500}) for kind in "abc"))
                return done

            writer = Background(write_on)
            try:
                contents = [saved(storage) for _ in range(3)]
            finally:
                enough.set()
                writer.result()
        for number, content in enumerate(contents):
            restored = self.restored(content, emptied(tmp_path / f"b{number}"))
            restored.open()
            try:
                found = [asked(restored, Query(kind=kind, limit=10_000)) for kind in "abc"]
                assert found[0] == found[1] == found[2] == list(range(1, len(found[0]) + 1)), "half a commit"
                assert list(restored.check(deep=True)) == []
            finally:
                restored.close()

    def test_backup_leaves_out_what_is_not_committed(self, tmp_path: Path) -> None:
        """What a session had put and might undo is in the backup."""
        self.needs(tmp_path, Capability.BACKUP, Capability.CONCURRENT_WRITERS)
        with self.opened(emptied(tmp_path / "a")) as storage:
            put(storage, write(1))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(2), write(1, 1)])
                taken = Background(lambda: saved(storage))
                taken.wait(1.0)  # it may read now, or wait until the writer has ended
            content = taken.result()
        restored = self.restored(content, emptied(tmp_path / "b"))
        restored.open()
        try:
            assert [(record.id.int, record.version) for record in whole(restored)[WORKSPACE]] == [(1, 1)]
        finally:
            restored.close()

    def test_backup_tells_how_far_it_is(self, tmp_path: Path) -> None:
        """Whoever waits for a backup is told nothing, or cannot break it off; or the storage is of no use after that."""
        self.needs(tmp_path, Capability.BACKUP)
        reports: list[Progress] = []

        def broken_off(_progress: Progress) -> None:
            raise ZeroDivisionError

        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, data={"notes": "x" * 5_000}) for number in range(1, 101)))
            content = io.BytesIO()
            storage.backup(content, progress=reports.append)
            assert reports
            assert [report.done for report in reports] == sorted(report.done for report in reports)
            assert all(report.unit and (report.total is None or report.done <= report.total) for report in reports)
            with refuses(ZeroDivisionError, "backup whose report raises"):
                storage.backup(io.BytesIO(), progress=broken_off)
            assert put(storage, write(200))[0].seq == 2
            assert list(storage.check(deep=True)) == []

    def test_backup_that_cannot_be_written_says_so(self, tmp_path: Path) -> None:
        """A backup onto a full disk looks like one that was made; or the storage is of no use after it."""
        self.needs(tmp_path, Capability.BACKUP)
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            with refuses((OSError, InfointError), "backup to a file on a full disk"):
                storage.backup(Full())
            assert put(storage, write(2))[0].seq == 2
            assert saved(storage)

    # ── older formats ────────────────────────────────────────────────────────────────────────────
    def test_place_of_today_needs_no_migration(self, tmp_path: Path) -> None:
        """A place of today is changed over again and again, or is another one after it."""
        self.needs(tmp_path, Capability.MIGRATE, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana", name="Ana"))
            before = whole(storage)
        for dry_run in (True, False, False):
            assert list(self.make_storage(tmp_path).migrate(dry_run=dry_run)) == []
        with self.opened(tmp_path, create=False) as storage:
            assert whole(storage) == before

    def test_nothing_is_there_to_migrate(self, tmp_path: Path) -> None:
        """Changing over a mistyped path made a place there, or went well."""
        self.needs(tmp_path, Capability.MIGRATE, Capability.DURABLE)
        with refuses(NotFound, "migrate where nothing is"):
            self.make_storage(tmp_path).migrate()
        with refuses(NotFound, "open without create where nothing is"), self.opened(tmp_path, create=False):
            pass

    def test_older_place_is_changed_over_when_told(self, tmp_path: Path) -> None:
        """An older place is changed over without its owner's word, a dry run changes it, or it cannot be opened after it."""
        self.needs(tmp_path, Capability.MIGRATE)
        storage = self.older(tmp_path)
        if storage is None:
            pytest.skip("there is no older format: older() is not overridden")
        with closing(storage):
            with refuses(MigrationRequired, "open of a place that an older version wrote"):
                storage.open()
            steps = list(storage.migrate(dry_run=True))
            assert steps
            assert list(storage.migrate(dry_run=True)) == steps
            with refuses(MigrationRequired, "open of a place that an older version wrote, after a migrate with dry_run"):
                storage.open()
            assert list(storage.migrate()) == steps
            assert list(storage.migrate()) == []
            storage.open()
            assert list(storage.check(deep=True)) == []
            list(storage.workspaces())


class Full(io.BytesIO):
    """A disk without room."""

    def write(self, _content: object) -> int:
        """Takes nothing."""
        raise OSError(28, "No space left on device")


def emptied(folder: Path) -> Path:
    """A new folder."""
    folder.mkdir()
    return folder
