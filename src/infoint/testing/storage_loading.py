"""The contract's sentences about moving house: records of another storage, taken as they are."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from attrs import evolve

from infoint.errors import AlreadyExists, Conflict, InvalidValue, ReadOnly
from infoint.storage.contract import Capability, Condition, IndexField, Op, Progress, Query, Record, Storage
from infoint.storage.memory import MemoryStorage
from infoint.testing.storage_case import (
    KIND,
    MOMENT,
    WORKSPACE,
    StorageCase,
    asked,
    followed,
    got,
    numbers,
    put,
    refuses,
    searched,
    tombstone,
    write,
)
from infoint.testing.storage_sessions import last_commit


def source() -> MemoryStorage:
    """Another storage's workspace with a history: changed and deleted records, commits of which nothing is left, a newer schema."""
    storage = MemoryStorage()
    put(storage, *(write(number, text="oak", name=f"n{number}") for number in range(1, 9)))
    put(storage, write(1, 1), write(1, kind="talk", data={"工": [1.0, None]}, due=("b", "a", 7), text=" Ana's café "))
    put(storage, write(2, 1, data={"by": "second"}))
    put(storage, write(2, 2, data={"by": "third"}, name=("x", "y")), tombstone(3, 1))
    put(storage, evolve(write(9), schema=(7, 3), updated_at=MOMENT + timedelta(days=1)), tombstone(4, 1))
    put(storage, write(4, 2, text="back again"), tombstone(5))
    return storage


def all_of(storage: Storage, workspace: str = WORKSPACE) -> list[Record]:
    """Its records, in the order in which they are loaded."""
    return followed(storage, 10_000, workspace=workspace)[0]


class LoadingContract(StorageCase):
    """Mixed into StorageContract."""

    def test_loaded_records_are_as_they_were(self, tmp_path: Path) -> None:
        """A record was counted anew, a tombstone, a text or a schema left behind, or the feed tells another story."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        records = all_of(source())
        with self.opened(tmp_path) as storage:
            assert storage.load(WORKSPACE, iter(records)) == len(records) == 10
            assert all_of(storage) == records
            for record in records:
                assert got(storage, record.id.int, kind=record.kind) == record
            assert list(storage.workspaces()) == [WORKSPACE]
            assert last_commit(storage) == (6, MOMENT)
            assert list(storage.check(deep=True)) == []

    def test_loaded_records_are_found(self, tmp_path: Path) -> None:
        """What was loaded is there, but no query or search finds it; or tombstones are found."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        with self.opened(tmp_path) as storage:
            storage.load(WORKSPACE, all_of(source()))
            assert asked(storage, Query(kind=KIND)) == [1, 2, 4, 6, 7, 8, 9]
            assert asked(storage, Query(kind=KIND, where=(Condition(IndexField.NAME, Op.GE, "n7"),))) == [2, 7, 8]
            assert asked(storage, Query(kind="talk", where=(Condition(IndexField.DUE, Op.EQ, "a"),))) == [1]
            if Capability.SEARCH in storage.capabilities:
                assert searched(storage, "oak") == [(KIND, 6), (KIND, 7), (KIND, 8)]
                assert searched(storage, "cafe ana") == [("talk", 1)]

    def test_loaded_workspace_goes_on(self, tmp_path: Path) -> None:
        """After a move the count began anew, or a writer is asked for another version than the one that was loaded."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        with self.opened(tmp_path) as storage:
            storage.load(WORKSPACE, all_of(source()))
            with refuses(Conflict, "put_many with a version older than the loaded one") as caught:
                put(storage, write(2, 1))
            assert caught.value.actual == 3
            with refuses(AlreadyExists, "put_many that expects nothing where a tombstone was loaded"):
                put(storage, write(3))
            _, cursor = followed(storage, 3)
            (changed, back, new) = put(storage, write(2, 3), write(3, 2), write(10))
            assert [(record.version, record.seq) for record in (changed, back, new)] == [(4, 7), (3, 7), (1, 7)]
            assert numbers(tuple(followed(storage, 1, since=cursor)[0])) == [2, 3, 10]
            assert last_commit(storage)[0] == 7

    def test_loading_again_changes_nothing(self, tmp_path: Path) -> None:
        """A second load of the same records wrote them again, or counted a commit."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        records = all_of(source())
        with self.opened(tmp_path) as storage:
            storage.load(WORKSPACE, records)
            _, cursor = followed(storage, 500)
            assert storage.load(WORKSPACE, records) == 0
            assert followed(storage, 500, since=cursor) == ([], cursor)
            assert all_of(storage) == records
            assert last_commit(storage)[0] == 6

    def test_load_goes_on_after_an_interruption(self, tmp_path: Path) -> None:
        """A load that was cut short cannot be finished, loses what lay at the cut, or its error is replaced by another."""
        self.needs(tmp_path, Capability.BULK_LOAD)

        def cut_short(records: Sequence[Record], after: int) -> Iterator[Record]:
            yield from records[:after]
            raise ZeroDivisionError

        records = all_of(source())
        with self.opened(tmp_path) as storage:
            for after in range(len(records)):
                workspace = f"cut {after}"
                with refuses(ZeroDivisionError, f"load of records that end in an error after {after}"):
                    storage.load(workspace, cut_short(records, after))
                assert storage.load(workspace, records) <= len(records)
                assert all_of(storage, workspace) == records, f"cut after {after}"
            assert list(storage.check(deep=True)) == []

    def test_load_takes_the_rest(self, tmp_path: Path) -> None:
        """A load in parts loses what lies at a seam, or takes what overlaps twice."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        records = all_of(source())
        with self.opened(tmp_path) as storage:
            for cut in range(1, len(records)):
                workspace = f"cut {cut}"
                assert storage.load(workspace, records[:cut]) == cut
                assert storage.load(workspace, records[max(0, cut - 2) :]) == len(records) - cut
                assert all_of(storage, workspace) == records, f"cut at {cut}"
            assert list(storage.check(deep=True)) == []

    def test_load_takes_later_versions_only(self, tmp_path: Path) -> None:
        """What changed since the last load is not taken, its old values are still found, or an older version came back."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        origin = source()
        before = all_of(origin)
        with self.opened(tmp_path) as storage:
            storage.load(WORKSPACE, before)
            _, cursor = followed(storage, 500)
            put(origin, write(6, 1, name="later", text="elm"), tombstone(7), write(20))
            later = [record for record in all_of(origin) if record.seq > 6]
            assert storage.load(WORKSPACE, later) == 3
            assert followed(storage, 1, since=cursor)[0] == later
            assert asked(storage, Query(kind=KIND, where=(Condition(IndexField.NAME, Op.EQ, "n6"),))) == []
            assert asked(storage, Query(kind=KIND, where=(Condition(IndexField.NAME, Op.EQ, "later"),))) == [6]
            if Capability.SEARCH in storage.capabilities:
                assert (searched(storage, "elm"), searched(storage, "oak")) == ([(KIND, 6)], [(KIND, 8)])
            assert storage.load(WORKSPACE, before) == 0
            assert all_of(storage) == all_of(origin)

    def test_load_of_another_order_is_refused(self, tmp_path: Path) -> None:
        """Records in the wrong order were taken: a load that goes on after them would pass over what it has not got."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        records = all_of(source())
        swapped = [*records[:4], records[5], records[4], *records[6:]]
        with self.opened(tmp_path) as storage:
            for number, wrong in enumerate((records[::-1], swapped, [*records, records[-1]], [records[0], *records])):
                with refuses(InvalidValue, "load of records that are not in the order of changes"):
                    storage.load(f"wrong {number}", wrong)
                storage.load(f"wrong {number}", records)
                assert all_of(storage, f"wrong {number}") == records, "what was refused stands in the way"

    def test_many_are_loaded(self, tmp_path: Path) -> None:
        """Where a load is done in batches, what lies between two of them is lost; or nobody is told how far it has come."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        origin = MemoryStorage()
        put(origin, *(write(number, name=f"n{number}", text="oak") for number in range(1, 1_301)))
        put(origin, *(write(number, 1, name=f"n{number}", text="oak") for number in range(1, 1_300, 2)))
        records = all_of(origin)
        reports: list[Progress] = []
        with self.opened(tmp_path) as storage:
            assert storage.load(WORKSPACE, records, progress=reports.append) == 1_300
            assert all_of(storage) == records
        assert reports, "whoever waits is told nothing"
        assert [report.done for report in reports] == sorted(report.done for report in reports)
        assert all(report.unit and (report.total is None or report.done <= report.total) for report in reports)

    def test_load_ended_by_its_report_can_go_on(self, tmp_path: Path) -> None:
        """Whoever breaks a load off by an error in its report gets another error, or cannot go on."""
        self.needs(tmp_path, Capability.BULK_LOAD)

        def broken_off(_progress: Progress) -> None:
            raise ZeroDivisionError

        records = all_of(source())
        with self.opened(tmp_path) as storage:
            with refuses(ZeroDivisionError, "load whose report raises"):
                storage.load(WORKSPACE, records, progress=broken_off)
            storage.load(WORKSPACE, records)
            assert all_of(storage) == records

    def test_load_touches_one_workspace(self, tmp_path: Path) -> None:
        """Loading into one workspace changed another."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"of": "ben"}), write(2), workspace="ben")
            before = all_of(storage, "ben")
            storage.load(WORKSPACE, all_of(source()))
            assert all_of(storage, "ben") == before
            assert last_commit(storage, "ben")[0] == 1

    def test_load_needs_a_place_that_can_be_written(self, tmp_path: Path) -> None:
        """A storage opened with read_only was loaded into."""
        self.needs(tmp_path, Capability.BULK_LOAD, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
        with self.opened(tmp_path, read_only=True) as storage:
            with refuses(ReadOnly, "load in a place opened with read_only"):
                storage.load("ben", all_of(source()))
            assert list(storage.workspaces()) == [WORKSPACE]

    def test_loaded_is_there_when_opened_again(self, tmp_path: Path) -> None:
        """What was loaded is gone after close() and open()."""
        self.needs(tmp_path, Capability.BULK_LOAD, Capability.DURABLE)
        records = all_of(source())
        with self.opened(tmp_path) as storage:
            storage.load(WORKSPACE, records)
        with self.opened(tmp_path, create=False) as storage:
            assert all_of(storage) == records
            assert put(storage, write(30))[0].seq == 7

    def test_loading_nothing_makes_no_workspace(self, tmp_path: Path) -> None:
        """strict: a move of nothing left an empty workspace behind, or a key that is none was taken."""
        self.needs(tmp_path, Capability.BULK_LOAD)
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            assert storage.load(WORKSPACE, []) == 0
            with refuses(InvalidValue, "load in a workspace whose key is none"):
                storage.load("a\nb", all_of(source()))
            assert list(storage.workspaces()) == []
