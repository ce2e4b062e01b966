"""The memory storage: the contract, and what is its own."""

import pickle
import threading
from pathlib import Path

import pytest

from infoint.errors import Busy, InvalidValue, ReadOnly, StorageError
from infoint.storage import MemoryStorage, Storage, StorageUrl
from infoint.storage.guards import WriteTurn
from infoint.testing.storage_case import KIND, got, key_of, put, write
from infoint.testing.storage_contract import StorageContract


class TestMemoryStorage(StorageContract):
    """It is normative, so it is held to everything."""

    strict = True

    def make_storage(self, folder: Path) -> Storage:
        return MemoryStorage(StorageUrl.parse("memory:"))


def test_two_are_two_places() -> None:
    """Tests that make a storage each find each other's records."""
    one, other = MemoryStorage(), MemoryStorage()
    put(one, write(1))
    assert got(other, 1) is None


@pytest.mark.parametrize("url", ["memory:shared", "memory:?size=1"])
def test_name_and_options_are_refused(url: str) -> None:
    """A name suggests that others can find the place, an option that it does something."""
    with pytest.raises(InvalidValue):
        MemoryStorage(StorageUrl.parse(url))


def test_read_only_refuses_to_write() -> None:
    """An engine that was opened for reading changed something."""
    storage = MemoryStorage()
    put(storage, write(1))
    storage.open(read_only=True)
    with pytest.raises(ReadOnly):
        put(storage, write(2))
    with pytest.raises(ReadOnly):
        storage.drop_workspace("ana")
    assert got(storage, 1) is not None


def test_opened_again_it_has_its_records() -> None:
    """Closing threw away what a second open() should find."""
    storage = MemoryStorage()
    put(storage, write(1))
    storage.close()
    storage.open()
    assert got(storage, 1) is not None


def test_what_was_read_cannot_change_what_is_stored() -> None:
    """A reader that changes the data it was given changes the storage."""
    storage = MemoryStorage()
    put(storage, write(1, data={"a": {"b": [1]}}))
    record = got(storage, 1)
    assert record is not None
    with pytest.raises(TypeError):
        record.data["a"]["b"].append(2)  # type: ignore[index, call-overload, union-attr]  # what a careless reader does
    with pytest.raises(TypeError):
        record.data["a"] = 1  # type: ignore[index]  # as above
    with pytest.raises(TypeError):
        record.index.clear()  # type: ignore[attr-defined]  # as above
    assert pickle.loads(pickle.dumps(record)) == record  # our own bytes


def test_readers_may_be_nested_in_one_thread() -> None:
    """A step that reads while it writes waits for itself, or reads half of what is being written."""
    storage = MemoryStorage()
    put(storage, write(1))
    with storage.session("ana@oak.example", write=True) as writer:
        writer.put_many([write(2)])
        assert got(storage, 2) is None
        writer.commit()
        assert got(storage, 2) is not None


def test_writer_within_a_writer_is_refused_at_once() -> None:
    """A thread waits five seconds, or for ever, for a turn that it holds itself."""
    storage = MemoryStorage()
    with storage.session("a", write=True), pytest.raises(StorageError, match="this thread"), storage.session("b", write=True):
        pass


def test_second_commit_of_a_session_is_refused() -> None:
    """A session goes on after its commit, outside of any turn to write."""
    storage = MemoryStorage()
    with storage.session("a", write=True) as session:
        session.put_many([write(1)])
        session.commit()
        with pytest.raises(StorageError, match="was committed"):
            session.commit()
        with pytest.raises(StorageError):
            session.put_many([write(2)])
    assert got(storage, 1, workspace="a") is not None


def test_reading_session_knows_the_count() -> None:
    """A reader cannot learn which state it reads."""
    storage = MemoryStorage()
    put(storage, write(1))
    with storage.session("ana@oak.example") as session:
        assert session.commit().seq == 1


def test_storage_closed_meanwhile_takes_nothing() -> None:
    """A commit after close() was acknowledged."""
    storage = MemoryStorage()
    with storage.session("a", write=True) as session:
        session.put_many([write(1)])
        storage.close()
        with pytest.raises(StorageError, match="closed"):
            session.commit()
    storage.open()
    assert got(storage, 1, workspace="a") is None


def test_put_many_gives_one_record_per_write() -> None:
    """Two writes to one record came back as one."""
    storage = MemoryStorage()
    records = put(storage, write(1, 0), write(1, 1))
    assert [(record.key, record.version) for record in records] == [(key_of(1), 1), (key_of(1), 2)]
    assert records[0].kind == KIND


def test_writer_that_waits_too_long_is_told() -> None:
    """A writer waits for ever for one that never ends."""
    turn = WriteTurn(timeout=0.05, place="memory:")
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turn.taken():
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    with pytest.raises(Busy, match="memory:"), turn.taken():
        pass
    done.set()
    holder.join()
    with turn.taken():
        pass
