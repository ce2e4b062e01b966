"""The contract's sentences about transactions: commits, what others see, two writers."""

from datetime import datetime, timedelta
from pathlib import Path

from attrs import evolve

from infoint.errors import Conflict, ReadOnly
from infoint.storage.contract import Capability, IndexField, Query, Storage
from infoint.testing.storage_case import (
    A_MOMENT,
    KIND,
    MOMENT,
    WORKSPACE,
    Background,
    StorageCase,
    asked,
    got,
    key_of,
    put,
    refused,
    refuses,
    tombstone,
    write,
)


class TransactionContract(StorageCase):
    """Mixed into StorageContract."""

    def test_left_without_commit_nothing_happened(self, tmp_path: Path) -> None:
        """What was not committed is there."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"by": "first"}, name="old"), write(2))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1, 1, data={"by": "second"}, name="new"), write(3), tombstone(2)])
            record = got(storage, 1)
            assert record is not None
            assert (record.version, record.data) == (1, {"by": "first"})
            assert asked(storage, Query(kind=KIND)) == [1, 2]
            assert got(storage, 3) is None

    def test_exception_undoes(self, tmp_path: Path) -> None:
        """A step that failed half way left its first half; or its exception was swallowed or replaced."""
        with self.opened(tmp_path) as storage:
            with (
                refuses(ZeroDivisionError, "a session in which an error was raised"),
                storage.session(WORKSPACE, write=True) as session,
            ):
                session.put_many([write(1)])
                raise ZeroDivisionError
            assert got(storage, 1) is None
            put(storage, write(1))

    def test_session_sees_its_own_writes(self, tmp_path: Path) -> None:
        """A step that builds on what it has just put does not find it."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, name="b"), write(2, name="a"), write(3, name="c"))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(4, name="aa"), write(1, 1, name="z"), tombstone(3)])
                found = session.get_many([key_of(1), key_of(3), key_of(4)])
                assert [found[key_of(number)].version for number in (1, 3, 4)] == [2, 2, 1]
                by_name = session.query(Query(kind=KIND, sort=IndexField.NAME))
                assert [record.id.int for record in by_name.items] == [2, 4, 1]

    def test_commits_are_counted_without_gaps(self, tmp_path: Path) -> None:
        """A commit that was undone, refused or empty took a number: a follower waits for it for ever, or tells nothing new."""
        with self.opened(tmp_path) as storage:
            assert put(storage, write(1))[0].seq == 1
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(2)])
            with refuses(Conflict, "put_many with a version that was never there"):
                put(storage, write(1, 7))
            with storage.session(WORKSPACE, write=True) as session:
                assert session.commit().seq == 1
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([])
                assert session.commit().seq == 1
            with storage.session(WORKSPACE, write=True) as session:
                (record,) = session.put_many([write(2)])
                info = session.commit()
            assert (record.seq, info.seq) == (2, 2)
            assert info.id, "a commit without an id cannot be asked for again"
            assert put(storage, write(3))[0].seq == 3

    def test_no_two_commits_have_one_id(self, tmp_path: Path) -> None:
        """Whoever asks what became of a commit is told of another one."""
        with self.opened(tmp_path) as storage:
            ids = [commit_id(storage, number) for number in range(1, 13)]
            assert len(set(ids)) == 12

    def test_last_commit_is_told(self, tmp_path: Path) -> None:
        """A feed would say "unchanged" after a change, or answer anew each time though nothing happened."""
        with self.opened(tmp_path) as storage:
            assert last_commit(storage) == (0, None)
            put(storage, write(1), write(2))
            assert last_commit(storage) == (1, MOMENT)
            later, latest = MOMENT + timedelta(hours=2), MOMENT + timedelta(hours=3)
            put(storage, evolve(write(3), updated_at=later), evolve(write(1, 1), updated_at=latest))
            assert last_commit(storage) == (2, later), "the last in the order of changes, whatever was put first"
            put(
                storage,
                evolve(write(1, kind="a"), updated_at=latest),
                evolve(write(9, kind="a"), updated_at=latest),
                tombstone(1),
            )
            assert last_commit(storage) == (3, MOMENT)
            put(storage, evolve(tombstone(3), updated_at=latest))
            assert last_commit(storage) == (4, latest)
            assert last_commit(storage, "another workspace") == (0, None)

    def test_last_commit_is_that_of_others(self, tmp_path: Path) -> None:
        """What a session has put counts before it is kept: somebody would keep an answer for a state that never was."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([evolve(write(number, None), updated_at=MOMENT + timedelta(1)) for number in (1, 2, 3)])
                before = session.last_commit()
                assert (before.seq, before.at) == (1, MOMENT)
            assert last_commit(storage) == (1, MOMENT)

    def test_one_commit_has_one_number(self, tmp_path: Path) -> None:
        """Two put_many of one session were counted as two commits."""
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1)])
                session.put_many([write(2)])
                info = session.commit()
            first, second = got(storage, 1), got(storage, 2)
            assert first is not None
            assert second is not None
            assert (first.seq, second.seq, info.seq) == (1, 1, 1)

    def test_reading_session_refuses_to_write(self, tmp_path: Path) -> None:
        """A session that was begun for reading changed something."""
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE) as session, refuses(ReadOnly, "put_many in a session that only reads"):
                session.put_many([write(1)])
            assert got(storage, 1) is None

    def test_ended_session_is_refused(self, tmp_path: Path) -> None:
        """strict: a session that has ended still reads or writes, outside of any transaction."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE, write=True) as session:
                pass
            refused("get_many after the session's end", lambda: session.get_many([key_of(1)]))
            refused("query after the session's end", lambda: session.query(Query(kind=KIND)))
            refused("put_many after the session's end", lambda: session.put_many([write(1)]))
            refused("changes after the session's end", lambda: session.changes(""))
            refused("last_commit after the session's end", session.last_commit)
            refused("commit after the session's end", session.commit)
            if Capability.SEARCH in storage.capabilities:
                refused("search after the session's end", lambda: session.search("words"))
            assert got(storage, 1) is None

    def test_other_threads_do_not_see_what_is_not_committed(self, tmp_path: Path) -> None:
        """Somebody else reads what may still be undone."""
        self.needs(tmp_path, Capability.CONCURRENT_WRITERS)
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1)])
                other = Background(lambda: got(storage, 1))
                other.wait(A_MOMENT)  # it may read now, or wait until the writer has ended
            assert other.result() is None

    def test_concurrent_increments_are_all_counted(self, tmp_path: Path) -> None:
        """Two writers read the same version, both saved, and one of them was lost."""
        self.needs(tmp_path, Capability.CONCURRENT_WRITERS)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"count": 0}))
            for worker in [Background(lambda: increment(storage, 25)) for _ in range(2)]:
                worker.result()
            record = got(storage, 1)
            assert record is not None
            assert (record.data, record.version, record.seq) == ({"count": 50}, 51, 51)

    def test_reader_keeps_to_one_state(self, tmp_path: Path) -> None:
        """Two reads of one session saw different states: a list and its details do not fit together."""
        self.needs(tmp_path, Capability.SNAPSHOT_READS)
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            with storage.session(WORKSPACE) as session:
                before = session.query(Query(kind=KIND)).items
                other = Background(lambda: put(storage, write(2), write(1, 1)))
                other.wait(A_MOMENT)  # it may write now, or wait until the reader has ended
                assert session.query(Query(kind=KIND)).items == before
                assert session.get_many([key_of(1), key_of(2)]) == {before[0].key: before[0]}
                assert session.changes("").items == before
            other.result()
            assert asked(storage, Query(kind=KIND)) == [1, 2]


def commit_id(storage: Storage, number: int, workspace: str = WORKSPACE) -> str:
    """Puts a record, whatever is there, and gives the commit's id."""
    with storage.session(workspace, write=True) as session:
        session.put_many([write(number, None)])
        return session.commit().id


def last_commit(storage: Storage, workspace: str = WORKSPACE) -> tuple[int, datetime | None]:
    """Its number and its time."""
    with storage.session(workspace) as session:
        info = session.last_commit()
    return info.seq, info.at


def increment(storage: Storage, times: int) -> None:
    """Adds to a count by reading it in one session and writing it in another, as two browsers do."""
    done = 0
    while done < times:
        record = got(storage, 1)
        assert record is not None
        count = record.data["count"]
        assert isinstance(count, int)
        try:
            put(storage, write(1, record.version, data={"count": count + 1}))
        except Conflict:
            continue
        done += 1
