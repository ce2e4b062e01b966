"""The contract's sentences about the change feed."""

from pathlib import Path

import pytest

from infoint.errors import InvalidCursor, InvalidValue
from infoint.storage.contract import Query
from infoint.testing.storage_case import (
    GARBAGE,
    KIND,
    WORKSPACE,
    StorageCase,
    followed,
    id_of,
    numbers,
    put,
    refuses,
    tombstone,
    write,
)


class ChangesContract(StorageCase):
    """Mixed into StorageContract."""

    def test_changes_come_in_the_order_of_commits(self, tmp_path: Path) -> None:
        """The feed is out of order, leaves out a tombstone, or tells an overwritten version."""
        with self.opened(tmp_path) as storage:
            put(storage, write(3), write(1))
            put(storage, write(2), write(2, kind="a"))
            put(storage, tombstone(3, 1))
            found, _ = followed(storage, 500)
            told = [(record.seq, record.kind, record.id.int, record.version, record.deleted) for record in found]
            assert told == [(1, KIND, 1, 1, False), (2, "a", 2, 1, False), (2, KIND, 2, 1, False), (3, KIND, 3, 2, True)]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 20, 21, 500])
    def test_commit_cut_at_any_place_loses_nothing(self, tmp_path: Path, limit: int) -> None:
        """The feed remembers only the commit's number: what stands behind the cut is never told."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number) for number in range(1, 11)))
            put(storage, *(write(number, kind="other") for number in range(1, 11)))
            put(storage, *(write(number, 1) for number in range(2, 5)))
            found, _ = followed(storage, limit)
            assert len(found) == len({record.key for record in found}) == 20
            assert [record.seq for record in found] == [1] * 7 + [2] * 10 + [3] * 3

    def test_follower_is_told_only_what_is_new(self, tmp_path: Path) -> None:
        """The cursor at the end is of no use: everything is told again, or what comes later is not."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2))
            _, cursor = followed(storage, 1)
            assert followed(storage, 1, since=cursor) == ([], cursor)
            put(storage, write(3), write(1, 1))
            found, cursor = followed(storage, 1, since=cursor)
            assert numbers(tuple(found)) == [1, 3]
            assert followed(storage, 500, since=cursor) == ([], cursor)

    def test_follower_loses_nothing_while_others_write(self, tmp_path: Path) -> None:
        """A record that moves to a later commit between two pages is told at neither place."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number) for number in range(1, 9)))
            latest: dict[int, int] = {}
            cursor, step = "", 0
            while True:
                with storage.session(WORKSPACE) as session:
                    page = session.changes(cursor, limit=2)
                latest.update({record.id.int: record.version for record in page.items})
                cursor, step = page.cursor, step + 1
                if not page.more:
                    break
                if step <= 4:
                    put(storage, write(step, None), write(9 - step, None), write(100 + step))
            with storage.session(WORKSPACE) as session:
                stored = {record.id.int: record.version for record in session.query(Query(kind=KIND)).items}
            assert latest == stored

    def test_nothing_has_changed_in_the_beginning(self, tmp_path: Path) -> None:
        """An empty workspace has changes, or none can be asked for."""
        with self.opened(tmp_path) as storage:
            assert followed(storage, 1) == ([], "")

    def test_uncommitted_is_not_told(self, tmp_path: Path) -> None:
        """The feed tells what may still be undone; a follower would keep what never happened."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(3), write(1, 1), tombstone(2)])
                told = [(record.id.int, record.version) for record in session.changes("", limit=10).items]
                assert told == [(1, 1), (2, 1)], "a session's own writes belong to the feed once they are committed"

    def test_writing_session_follows_what_was_committed(self, tmp_path: Path) -> None:
        """In a session that has put something the feed skips, repeats or alters what was committed before."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2), write(3))
            put(storage, write(4), write(2, 1))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1, 1), tombstone(2)])
                session.put_many([write(1, 2), write(9)])
                told, cursor = [], ""
                for _ in range(4):
                    page = session.changes(cursor, limit=1)
                    told += [(record.seq, record.id.int, record.version) for record in page.items]
                    cursor = page.cursor
                assert told == [(1, 1, 1), (1, 3, 1), (2, 2, 2), (2, 4, 1)]
                assert (page.more, session.changes(cursor).items) == (False, ())
                session.commit()
            found, _ = followed(storage, 1, since=cursor)
            assert [(record.id.int, record.version) for record in found] == [(1, 3), (2, 3), (9, 1)]

    def test_garbage_is_no_change_cursor(self, tmp_path: Path) -> None:
        """A cursor that came from outside ended in a native error, or in changes."""
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, due=f"2026-04-0{number}") for number in range(1, 8)))
            with storage.session(WORKSPACE) as session:
                real = session.changes("", limit=2).cursor
                foreign = session.query(Query(kind=KIND, limit=2)).cursor
                for cursor in (*GARBAGE, real[:-1], real[1:], real + "A", real * 2, real.swapcase(), foreign):
                    with refuses(InvalidCursor, f"changes with the cursor {cursor[:40]!a}"):
                        session.changes(cursor, limit=2)

    @pytest.mark.parametrize("limit", [0, -1, 10_001])
    def test_limit_of_changes_is_checked(self, tmp_path: Path, limit: int) -> None:
        """A page of no changes, or of all there are, was promised."""
        with (
            self.opened(tmp_path) as storage,
            storage.session(WORKSPACE) as session,
            refuses(InvalidValue, f"changes with limit={limit}"),
        ):
            session.changes("", limit=limit)

    def test_change_tells_the_id_it_has(self, tmp_path: Path) -> None:
        """Ids with their highest bit set stand at the wrong place of the feed, and are lost at a cut."""
        with self.opened(tmp_path) as storage:
            large = (1 << 128) - 1
            put(storage, write(large), write(1), write(1 << 127))
            found, _ = followed(storage, 1)
            assert [record.id for record in found] == [id_of(1), id_of(1 << 127), id_of(large)]
