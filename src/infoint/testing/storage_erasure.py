"""The contract's sentences about erasing: tombstones that everybody is told of, and no trace of what was there."""

from datetime import timedelta
from pathlib import Path

import pytest

from infoint.errors import InvalidValue, ReadOnly
from infoint.storage.contract import Capability, Condition, Erasure, IndexField, Key, Op, Query, Storage
from infoint.testing.storage_case import (
    KIND,
    MOMENT,
    WORKSPACE,
    StorageCase,
    asked,
    followed,
    got,
    key_of,
    put,
    refuses,
    searched,
    tombstone,
    write,
)
from infoint.testing.storage_sessions import last_commit

LATER = MOMENT + timedelta(hours=5)
CANARIES = ("zyxwvutone", "zyxwvuttwo", "zyxwvutthree", "zyxwvutfour")
"""Words that stand nowhere else: of a record, of an older version of it, of one deleted before, and of one changed last."""
CHANGED = "zyxwvutfive"
"""Of an older version of a record that stays."""


def erase(storage: Storage, *keys: Key, workspace: str = WORKSPACE) -> Erasure:
    """At a time of its own."""
    return storage.erase(workspace, keys, updated_at=LATER)


def leave_traces(storage: Storage) -> None:
    """The canaries into the records 1 to 3 and their older versions; 3 is a tombstone."""
    one, two, three, four = CANARIES
    put(storage, write(1, data={"a": two}, text=two, name=two), write(3, data={three: 1}, text=three, due=three))
    put(storage, *(write(number, text=f"oak{number} " * 50, name=f"n{number}") for number in range(10, 60)))
    put(storage, write(1, 1, data={"a": one * 2_000}, text=one, email=(one, "b")), tombstone(3))
    put(storage, write(2, data={"a": four}, text=f"oak {four}"))
    put(storage, write(2, 1, data={"a": [four, "x"]}))


def traces(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Files that hold one of these words, and which."""
    files = [(file, file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file()]
    return [(file.name, word) for file, content in files for word in words if word.encode() in content]


def _unnamed(folder: Path, erasure: Erasure) -> list[tuple[str, str]]:
    told = "\n".join(erasure.remains)
    return [(file, word) for file, word in traces(folder, (*CANARIES, CHANGED)) if file not in told]


class ErasureContract(StorageCase):
    """Mixed into StorageContract."""

    def _needs_erasing(self, folder: Path) -> None:
        if not self.make_storage(folder).capabilities & (Capability.SECURE_ERASE | Capability.PARTIAL_ERASE):
            pytest.skip("neither Capability.SECURE_ERASE nor Capability.PARTIAL_ERASE is declared")

    def test_erasing_ends_in_a_report(self, tmp_path: Path) -> None:
        """Whoever has to answer for it got no report, or one that tells nothing: other types, a text letter by letter, empty words."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana"))
            for erasure in (erase(storage, key_of(1)), erase(storage, key_of(1)), erase(storage)):
                assert isinstance(erasure, Erasure)
                assert isinstance(erasure.remains, tuple), f"remains is a {type(erasure.remains).__name__}"
                assert all(isinstance(words, str) and words.strip() for words in erasure.remains)
                assert all(isinstance(key, Key) for key in erasure.erased)

    def test_what_erasing_left_is_named(self, tmp_path: Path) -> None:
        """A file of the place still holds what was erased, or an older state of what was changed, and the report does not name it."""
        self.needs(tmp_path, Capability.PARTIAL_ERASE)
        with self.opened(tmp_path) as storage:
            leave_traces(storage)
            put(storage, write(4, data={"a": CHANGED}, text=CHANGED, name=CHANGED))
            put(storage, write(4, 1, data={"a": "b"}))
            erasure = erase(storage, key_of(1), key_of(2), key_of(3))
            assert _unnamed(tmp_path, erasure) == []
        assert _unnamed(tmp_path, erasure) == []

    def test_erased_records_are_tombstones(self, tmp_path: Path) -> None:
        """An erased record kept something, vanished so that no calendar can cancel it, or has another time than it was given."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"a": "b"}, text="ana", name="Ana"), write(2), write(3))
            put(storage, write(1, 1, data={"a": "c"}, text="ana", name="Ana"))
            erasure = erase(storage, key_of(1), key_of(2))
            assert set(erasure.erased) == {key_of(1), key_of(2)}
            assert len(erasure.erased) == 2
            for number, version in ((1, 3), (2, 2)):
                record = got(storage, number)
                assert record is not None, "the tombstone is gone"
                assert (record.deleted, record.version, record.updated_at) == (True, version, LATER)
                assert (record.data, dict(record.index), record.text) == ({}, {}, "")
            kept = got(storage, 3)
            assert kept is not None
            assert not kept.deleted, "a record that was not named was erased"

    def test_erasing_is_one_commit(self, tmp_path: Path) -> None:
        """Records were erased in several commits, so that somebody sees half of it; or the report names another commit."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, text="ana") for number in range(1, 1_201)))
            erasure = erase(storage, *(key_of(number) for number in range(1, 1_200)))
            assert len(erasure.erased) == 1_199
            assert (erasure.commit.seq, bool(erasure.commit.id)) == (2, True)
            assert last_commit(storage) == (2, LATER)
            found, _ = followed(storage, 10_000)
            assert [record.seq for record in found] == [1] + [2] * 1_199
            assert put(storage, write(2_000))[0].seq == 3

    def test_erasing_is_told_in_the_feed(self, tmp_path: Path) -> None:
        """A follower keeps what was erased, because nobody told it."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2), write(3, kind="a"))
            _, cursor = followed(storage, 500)
            erase(storage, key_of(2), key_of(3, "a"))
            found, _ = followed(storage, 1, since=cursor)
            assert [(record.kind, record.id.int, record.deleted) for record in found] == [("a", 3, True), (KIND, 2, True)]

    def test_erased_content_is_found_no_more(self, tmp_path: Path) -> None:
        """A query or a search still finds what was erased."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana oak", name="Ana"), write(2, text="oak", name="Ana"))
            erase(storage, key_of(1))
            assert asked(storage, Query(kind=KIND)) == [2]
            assert asked(storage, Query(kind=KIND, where=(Condition(IndexField.NAME, Op.EQ, "Ana"),))) == [2]
            if Capability.SEARCH in storage.capabilities:
                assert (searched(storage, "ana"), searched(storage, "oak")) == ([], [(KIND, 2)])
            assert list(storage.check(deep=True)) == []

    def test_erasing_passes_over_what_is_not_there(self, tmp_path: Path) -> None:
        """A key of nothing raised, made a tombstone or a commit; or a tombstone was made anew."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2))
            put(storage, tombstone(2))
            before = got(storage, 2)
            erasure = erase(storage, key_of(2), key_of(7), key_of(1, "other"), key_of(1, "\ud800"))
            assert (erasure.erased, erasure.commit.seq) == ((), 2)
            assert got(storage, 2) == before
            assert got(storage, 7) is None
            assert last_commit(storage)[0] == 2
            erasure = erase(storage, key_of(7), key_of(1), key_of(2))
            assert (erasure.erased, erasure.commit.seq) == ((key_of(1),), 3)
            assert got(storage, 2) == before

    def test_erasing_twice_is_erasing_once(self, tmp_path: Path) -> None:
        """A second erasure, as after one whose report was lost, counted a commit or named another one than the last."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(2))
            first = erase(storage, key_of(1))
            second = erase(storage, key_of(1))
            assert (first.erased, second.erased) == ((key_of(1),), ())
            assert (second.commit.id, second.commit.seq) == (first.commit.id, first.commit.seq) == (first.commit.id, 2)
            record = got(storage, 1)
            assert record is not None
            assert record.version == 2

    def test_erasing_is_of_one_workspace(self, tmp_path: Path) -> None:
        """The same record of another workspace was erased too."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana"), workspace="ana")
            (kept,) = put(storage, write(1, text="ana"), workspace="ben")
            erase(storage, key_of(1), workspace="ana")
            assert got(storage, 1, workspace="ben") == kept
            if Capability.SEARCH in storage.capabilities:
                assert searched(storage, "ana", workspace="ben") == [(KIND, 1)]

    def test_erased_record_comes_back_at_its_version(self, tmp_path: Path) -> None:
        """The count of an erased record began anew, so that an old copy looks current."""
        self._needs_erasing(tmp_path)
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            erase(storage, key_of(1))
            (record,) = put(storage, write(1, 2))
            assert (record.version, record.deleted, record.seq) == (3, False, 3)

    def test_erased_content_leaves_no_trace(self, tmp_path: Path) -> None:
        """A word of an erased record, of an older version of it or of what was deleted before still stands in some file of the place."""
        self.needs(tmp_path, Capability.SECURE_ERASE)
        with self.opened(tmp_path) as storage:
            leave_traces(storage)
            erasure = erase(storage, key_of(1), key_of(2), key_of(3))
            assert set(erasure.erased) == {key_of(1), key_of(2)}
            assert traces(tmp_path, CANARIES) == []
            put(storage, write(99, text="goes on"))
        assert traces(tmp_path, CANARIES) == []

    def test_erasing_goes_on_from_a_deletion(self, tmp_path: Path) -> None:
        """Where all the records are tombstones already, what they held stays in the place."""
        self.needs(tmp_path, Capability.SECURE_ERASE)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"a": CANARIES[0]}, text=CANARIES[0], name=CANARIES[0]), write(2))
            put(storage, tombstone(1))
            assert erase(storage, key_of(1)).erased == ()
            assert traces(tmp_path, CANARIES) == []

    def test_erasing_needs_a_place_that_can_be_written(self, tmp_path: Path) -> None:
        """A storage opened with read_only erased something."""
        self._needs_erasing(tmp_path)
        self.needs(tmp_path, Capability.DURABLE)
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
        with self.opened(tmp_path, read_only=True) as storage:
            with refuses(ReadOnly, "erase in a place opened with read_only"):
                erase(storage, key_of(1))
            record = got(storage, 1)
            assert record is not None
            assert not record.deleted

    def test_erasing_in_no_workspace_makes_none(self, tmp_path: Path) -> None:
        """strict: erasing nothing left an empty workspace behind, or a key that is none was taken."""
        self._needs_erasing(tmp_path)
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            erasure = erase(storage, key_of(1))
            assert (erasure.erased, erasure.commit.seq) == ((), 0)
            with refuses(InvalidValue, "erase in a workspace whose key is none"):
                erase(storage, key_of(1), workspace="a\nb")
            assert list(storage.workspaces()) == []
