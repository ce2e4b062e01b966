"""The contract's sentences about transactions, workspaces, opening and declared capabilities."""

import io
from pathlib import Path

import pytest

from infoint.errors import Conflict, InfointError, InvalidCursor, InvalidValue, ReadOnly, Unsupported
from infoint.storage.contract import Capability, IndexField, Query, Storage
from infoint.testing.storage_case import (
    A_MOMENT,
    KIND,
    WORKSPACE,
    Background,
    StorageCase,
    asked,
    followed,
    got,
    key_of,
    put,
    refusal,
    tombstone,
    write,
)

ODD_KEYS = (
    "../x", "/etc/passwd", "..", ".", "a/b", "a\\b", "C:", "a'b", 'a"b', "a;b", "%", "%s", "_", "*", " ", " a ", "工", "𝄞", "é", "e\u0301",
    "A", "a", "NUL", "null", "None", "0", "-1", "x" * 200, "𝄞" * 200, "{}", "${HOME}", "--", "\u2028", "\u00a0", "\ufeff",
)  # fmt: skip  # a list of oddities, not a table


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
            with pytest.raises(ZeroDivisionError), storage.session(WORKSPACE, write=True) as session:
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
            with pytest.raises(Conflict):
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
            with storage.session(WORKSPACE) as session, pytest.raises(ReadOnly):
                session.put_many([write(1)])
            assert got(storage, 1) is None

    def test_ended_session_is_refused(self, tmp_path: Path) -> None:
        """strict: a session that has ended still reads or writes, outside of any transaction."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE, write=True) as session:
                pass
            for call in (
                lambda: session.get_many([key_of(1)]),
                lambda: session.query(Query(kind=KIND)),
                lambda: session.put_many([write(1)]),
                lambda: session.changes(""),
                session.commit,
            ):
                refusal(call)
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


class WorkspaceContract(StorageCase):
    """Mixed into StorageContract."""

    def test_workspaces_are_apart(self, tmp_path: Path) -> None:
        """One explorer sees, changes or counts another's records."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"of": "ana"}), write(2), workspace="ana")
            (record,) = put(storage, write(1, data={"of": "ben"}), workspace="ben")
            assert (record.version, record.seq) == (1, 1)
            assert asked(storage, Query(kind=KIND), workspace="ben") == [1]
            assert got(storage, 2, workspace="ben") is None
            assert [found.id.int for found in followed(storage, 10, workspace="ben")[0]] == [1]
            kept = got(storage, 1, workspace="ana")
            assert kept is not None
            assert kept.data == {"of": "ana"}

    def test_workspaces_are_listed_by_code_point(self, tmp_path: Path) -> None:
        """A workspace with records is not listed, is listed twice, or the order is a language's."""
        with self.opened(tmp_path) as storage:
            keys = ["b", "𝄞", "a", "B", "\uffff", "ab", "é"]
            for key in keys:
                put(storage, write(1), workspace=key)
                put(storage, write(2), workspace=key)
            assert list(storage.workspaces()) == sorted(keys)

    def test_odd_keys_are_keys(self, tmp_path: Path) -> None:
        """A key was taken for a path, a pattern or syntax, was trimmed, or two keys fell together."""
        with self.opened(tmp_path) as storage:
            for key in ODD_KEYS:
                put(storage, write(1, data={"of": key}), workspace=key)
            assert list(storage.workspaces()) == sorted(ODD_KEYS)
            for key in ODD_KEYS:
                record = got(storage, 1, workspace=key)
                assert record is not None, f"{key!a}"
                assert record.data == {"of": key}

    def test_dropped_workspace_is_gone(self, tmp_path: Path) -> None:
        """Something of a dropped workspace can still be found, or its numbers go on counting."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, name="x"), write(2), workspace="ana")
            put(storage, write(1), workspace="ben")
            storage.drop_workspace("ana")
            assert list(storage.workspaces()) == ["ben"]
            assert got(storage, 1, workspace="ana") is None
            assert asked(storage, Query(kind=KIND), workspace="ana") == []
            assert followed(storage, 10, workspace="ana") == ([], "")
            (record,) = put(storage, write(1), workspace="ana")
            assert (record.version, record.seq) == (1, 1)
            assert asked(storage, Query(kind=KIND), workspace="ben") == [1]

    def test_dropping_what_is_not_there_does_nothing(self, tmp_path: Path) -> None:
        """A second drop raised, or took something else away."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), workspace="ana")
            storage.drop_workspace("an")
            storage.drop_workspace("%")
            assert list(storage.workspaces()) == ["ana"]

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\x00", "\x7f", "\x85", "\ud800"], ids=ascii)
    def test_key_that_is_none_is_refused(self, tmp_path: Path, key: str) -> None:
        """strict: a key that some storage cannot keep was accepted."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            for write_session in (False, True):
                with pytest.raises(InvalidValue), storage.session(key, write=write_session):
                    pass
            with pytest.raises(InvalidValue):
                storage.drop_workspace(key)
            assert list(storage.workspaces()) == []

    def test_reading_makes_no_workspace(self, tmp_path: Path) -> None:
        """strict: a mistyped key in a reader, or a step that was undone, left an empty workspace behind."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            assert got(storage, 1, workspace="ana") is None
            with storage.session("ana", write=True) as session:
                session.put_many([write(1)])
            with storage.session("ana", write=True) as session:
                session.commit()
            assert list(storage.workspaces()) == []

    def test_cursor_of_another_workspace_is_refused(self, tmp_path: Path) -> None:
        """strict: a cursor carried a position, and with it a value, from one workspace to another."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            for key in ("ana", "ben"):
                put(storage, write(1), write(2), write(3), workspace=key)
            with storage.session("ana") as session:
                page = session.query(Query(kind=KIND, limit=1)).cursor
                changes = session.changes("", limit=1).cursor
            with storage.session("ben") as session:
                with pytest.raises(InvalidCursor):
                    session.query(Query(kind=KIND, limit=1, cursor=page))
                with pytest.raises(InvalidCursor):
                    session.changes(changes)


class CapabilityContract(StorageCase):
    """Mixed into StorageContract."""

    def test_contract_is_one_we_know(self, tmp_path: Path) -> None:
        """It was written for another major version of the contract."""
        assert self.make_storage(tmp_path).contract[0] == Storage.contract[0]

    @pytest.mark.parametrize(
        "capability", [Capability.SEARCH, Capability.SECURE_ERASE, Capability.MIGRATE, Capability.BACKUP], ids=str
    )
    def test_undeclared_capability_is_unsupported(self, tmp_path: Path, capability: Capability) -> None:
        """Something that is not declared seems to work, or ends in a native error."""
        if capability in self.make_storage(tmp_path).capabilities:
            pytest.skip(f"Capability.{capability.name} is declared")
        with (
            self.opened(tmp_path) as storage,
            storage.session(WORKSPACE, write=True) as session,
            pytest.raises(Unsupported),
        ):
            match capability:
                case Capability.SEARCH:
                    session.search("words", kinds=[KIND])
                case Capability.SECURE_ERASE:
                    session.erase([key_of(1)])
                case Capability.MIGRATE:
                    storage.migrate(dry_run=True)
                case _:
                    storage.backup(io.BytesIO())

    def test_nothing_is_wrong_with_what_was_just_written(self, tmp_path: Path) -> None:
        """check() reports problems of a sound storage."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, name=("a", "b"), due=()), write(2))
            put(storage, write(1, 1), tombstone(2))
            assert list(storage.check()) == []
            assert list(storage.check(deep=True)) == []

    def test_close_may_be_called_twice(self, tmp_path: Path) -> None:
        """A second close() raised."""
        storage = self.make_storage(tmp_path)
        storage.close()
        storage.open(create=True)
        storage.close()
        storage.close()

    def test_committed_is_there_when_opened_again(self, tmp_path: Path) -> None:
        """What was acknowledged is gone after close() and open()."""
        self.needs(tmp_path, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            records = put(storage, write(1, data={"text": "工𝄞"}, name=("b", "a"), due=7), write(2))
            put(storage, write(1), workspace="ben")
        with self.opened(tmp_path, create=False) as storage:
            assert got(storage, 1) == records[0]
            assert list(storage.workspaces()) == sorted([WORKSPACE, "ben"])
            assert put(storage, write(3))[0].seq == 2, "the count of commits began anew"

    def test_opened_for_reading_refuses_to_write(self, tmp_path: Path) -> None:
        """A storage opened with read_only was changed, or could not be read."""
        self.needs(tmp_path, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            records = put(storage, write(1))
        with self.opened(tmp_path, read_only=True) as storage:
            assert got(storage, 1) == records[0]
            with pytest.raises(ReadOnly):
                put(storage, write(2))
            with pytest.raises(ReadOnly):
                storage.drop_workspace(WORKSPACE)
            assert list(storage.workspaces()) == [WORKSPACE]

    def test_closed_storage_is_refused(self, tmp_path: Path) -> None:
        """strict: a closed storage still answers, or says so with a native error."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
        for call in (lambda: got(storage, 1), lambda: put(storage, write(2)), lambda: list(storage.workspaces())):
            assert isinstance(refusal(call), InfointError)

    def test_two_storages_share_one_place(self, tmp_path: Path) -> None:
        """What one process commits another does not see, or overwrites."""
        self.needs(tmp_path, Capability.MULTIPROCESS, Capability.DURABLE)
        with self.opened(tmp_path) as one, self.opened(tmp_path) as other:
            put(one, write(1))
            assert got(other, 1) is not None
            put(other, write(1, 1))
            with pytest.raises(Conflict):
                put(one, write(1, 1))
            assert put(one, write(2))[0].seq == 3
