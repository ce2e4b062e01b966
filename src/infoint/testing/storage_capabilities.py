"""The contract's sentences about opening, closing and declared capabilities."""

import io
from pathlib import Path

import pytest

from infoint.errors import Conflict, ReadOnly, Unsupported
from infoint.storage.contract import Capability, Storage
from infoint.testing.storage_case import (
    KIND,
    MOMENT,
    WORKSPACE,
    StorageCase,
    got,
    key_of,
    put,
    refused,
    refuses,
    tombstone,
    write,
)


class CapabilityContract(StorageCase):
    """Mixed into StorageContract."""

    def test_contract_is_one_we_know(self, tmp_path: Path) -> None:
        """It was written for another major version of the contract."""
        assert self.make_storage(tmp_path).contract[0] == Storage.contract[0]

    @pytest.mark.parametrize(
        "capability",
        [Capability.SEARCH, Capability.SECURE_ERASE, Capability.MIGRATE, Capability.BACKUP, Capability.BULK_LOAD],
        ids=str,
    )
    def test_undeclared_capability_is_unsupported(self, tmp_path: Path, capability: Capability) -> None:
        """Something that is not declared seems to work, or ends in a native error."""
        # One method, promised in one of two ways.
        either = Capability.SECURE_ERASE | Capability.PARTIAL_ERASE if capability is Capability.SECURE_ERASE else capability
        if declared := self.make_storage(tmp_path).capabilities & either:
            pytest.skip(f"Capability.{declared.name} is declared")
        with (
            self.opened(tmp_path) as storage,
            storage.session(WORKSPACE, write=True) as session,
            refuses(Unsupported, f"what {capability} stands for"),
        ):
            match capability:
                case Capability.SEARCH:
                    session.search("words", kinds=[KIND])
                case Capability.SECURE_ERASE:
                    storage.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)
                case Capability.MIGRATE:
                    storage.migrate(dry_run=True)
                case Capability.BULK_LOAD:
                    storage.load(WORKSPACE, [])
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
            with refuses(ReadOnly, "put_many in a place opened with read_only"):
                put(storage, write(2))
            with refuses(ReadOnly, "drop_workspace in a place opened with read_only"):
                storage.drop_workspace(WORKSPACE)
            assert list(storage.workspaces()) == [WORKSPACE]

    def test_closed_storage_is_refused(self, tmp_path: Path) -> None:
        """strict: a closed storage still answers, or says so with a native error."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
        refused("a session that reads in a closed storage", lambda: got(storage, 1))
        refused("a session that writes in a closed storage", lambda: put(storage, write(2)))
        refused("workspaces of a closed storage", lambda: list(storage.workspaces()))

    def test_two_storages_share_one_place(self, tmp_path: Path) -> None:
        """What one process commits another does not see, or overwrites."""
        self.needs(tmp_path, Capability.MULTIPROCESS, Capability.DURABLE)
        with self.opened(tmp_path) as one, self.opened(tmp_path) as other:
            put(one, write(1))
            assert got(other, 1) is not None
            put(other, write(1, 1))
            with refuses(Conflict, "put_many with a version that another opener of the place has changed meanwhile"):
                put(one, write(1, 1))
            assert put(one, write(2))[0].seq == 3
