"""Index fields that only a newer infoint knows: kept through saves, check, copy and erasing. What a newer minor may be like is made up
here, since there is none yet: a field "mood", with the next bit.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import infoint
from infoint.errors import FormatTooNew, StorageError
from infoint.storage import Capability, MemoryStorage, Query, Record, Report, Storage, copy_workspaces
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, asked, got, key_of, put, tombstone, write

MOOD = {"mood": ("calm", 7)}
BIT = 1 << 13
NAME_BIT = 1 << 4


def grow(path: Path, *, version: int = 2_001) -> None:
    """What a newer infoint would have added to every live record of a file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for row, indexed in connection.execute("SELECT row, indexed FROM record WHERE deleted = 0").fetchall():
            grown = json.dumps({**json.loads(indexed), **MOOD})
            connection.execute("UPDATE record SET indexed = ?, valued = valued | ? WHERE row = ?", (grown, BIT, row))
        for number, value in enumerate((7, "calm")):
            sql = "INSERT INTO entry SELECT workspace, kind, 'mood', ?, id, ? FROM record WHERE deleted = 0"
            connection.execute(sql, (value, int(number == 0)))
        connection.execute(f"PRAGMA user_version = {version}")


def rows(path: Path) -> list[tuple[Mapping[str, Any], int, list[tuple[str, Any, int]]]]:
    """Of each record: what it is found by, its bits, its entries."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            (
                json.loads(indexed),
                valued,
                connection.execute("SELECT field, value, first FROM entry WHERE id = ? ORDER BY 1, 2", (id,)).fetchall(),
            )
            for id, indexed, valued in connection.execute("SELECT id, indexed, valued FROM record ORDER BY id")
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newer.db"


@pytest.fixture
def newer(path: Path) -> Iterator[SqliteStorage]:
    """A file of 2.1."""
    storage = SqliteStorage(path)
    storage.open(create=True)
    put(storage, write(1, name="Ana", text="oak"), write(2))
    storage.close()
    grow(path)
    storage.open()
    yield storage
    storage.close()


def with_mood(name: str) -> tuple[Mapping[str, Any], int, list[tuple[str, Any, int]]]:
    return {"name": [name], "mood": ["calm", 7]}, BIT | NAME_BIT, [("mood", 7, 1), ("mood", "calm", 0), ("name", name, 1)]


def test_they_are_read_and_nothing_is_wrong_with_them(newer: SqliteStorage) -> None:
    """A sound file of a newer minor would be called damaged, and its owner restore an old backup over it."""
    assert newer.check(deep=True) == []
    record = got(newer, 1)
    assert record is not None
    assert (dict(record.newer_index), {str(field) for field in record.index}) == (MOOD, {"name"})
    assert "calm" not in repr(record)


def test_a_save_keeps_them(newer: SqliteStorage, path: Path) -> None:
    """Whoever saves with an older infoint takes from the newer one what it finds the record by."""
    put(newer, write(1, 1, name="Ana", text="ash"))
    assert rows(path)[0] == with_mood("Ana")
    with newer.session(WORKSPACE, write=True) as session:
        session.put_many([write(1, 2, name="Anna"), write(1, 3, name="Bo")])
        session.put_many([write(1, 4, name="Cy", text="elm")])
        session.commit()
    assert rows(path)[0] == with_mood("Cy")
    assert newer.check(deep=True) == []
    assert asked(newer, Query(kind=KIND, sort=infoint.storage.IndexField.NAME)) == [2, 1]


def test_a_new_record_has_none(newer: SqliteStorage, path: Path) -> None:
    """The bits of one record would be given to the next."""
    put(newer, write(1, 1, name="Bo"), write(3, name="Cy"))
    assert rows(path)[2] == ({"name": ["Cy"]}, NAME_BIT, [("name", "Cy", 1)])


def test_what_is_deleted_or_erased_has_none(newer: SqliteStorage, path: Path) -> None:
    """A tombstone would tell in what mood somebody was, and a newer infoint find it by that."""
    put(newer, tombstone(1))
    assert newer.erase(WORKSPACE, [key_of(2)], updated_at=MOMENT).erased == (key_of(2),)
    assert rows(path) == [({}, 0, [])] * 2
    assert b"calm" not in path.read_bytes()
    put(newer, write(1, 2, name="Ana"))
    assert rows(path)[0] == ({"name": ["Ana"]}, NAME_BIT, [("name", "Ana", 1)])
    assert newer.check(deep=True) == []


@pytest.mark.parametrize(
    ("damage", "version", "found"),
    [
        ("UPDATE entry SET value = 'else' WHERE field = 'name'", 2_001, True),
        ("UPDATE entry SET value = 'else' WHERE field = 'mood' AND first", 2_001, False),
        ("UPDATE entry SET value = 'else' WHERE field = 'mood' AND first", 2_000, True),
        ("INSERT INTO entry SELECT workspace, kind, 'sense', 1, id, 1 FROM record", 2_000, True),
        ("UPDATE record SET valued = 0", 2_001, True),
    ],
)
def test_the_check_sees_what_it_can_know(newer: SqliteStorage, path: Path, damage: str, version: int, *, found: bool) -> None:
    """Damage to what is known passes in a file of a newer minor; or what only the newer one can judge is called damage."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
        connection.execute(f"PRAGMA user_version = {version}")
    assert bool(newer.check(deep=True)) is found


@pytest.mark.parametrize("place", ["memory", "sqlite"])
def test_a_copy_keeps_them(newer: SqliteStorage, tmp_path: Path, place: str) -> None:
    """What a newer infoint finds people by would be gone after a move, under a digest that says that all arrived."""
    target: Storage = MemoryStorage() if place == "memory" else SqliteStorage(tmp_path / "target.db")
    target.open(create=True)
    (copied,) = copy_workspaces(newer, target)
    assert got(target, 1) == got(newer, 1)
    put(target, write(1, 1, name="Bo"))
    record = got(target, 1)
    assert record is not None
    assert record.newer_index == MOOD
    assert list(target.check(deep=True)) == []
    bare, other = MemoryStorage(), MemoryStorage()
    bare.load(WORKSPACE, [attrs.evolve(one, newer_index={}) for one in everything(newer)])
    assert copy_workspaces(bare, other)[0].digest != copied.digest
    target.close()


class Dropping(MemoryStorage):
    """As a plugin that was written before there was such a thing."""

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        return super().load(workspace, [attrs.evolve(one, newer_index={}) for one in records], progress=progress)


class Plain(MemoryStorage):
    """Without `load`."""

    capabilities: ClassVar[Capability] = MemoryStorage.capabilities & ~Capability.BULK_LOAD


class Losing(Dropping):
    """It loses more than that."""

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        return super().load(workspace, [attrs.evolve(one, text="") for one in records], progress=progress)


@pytest.mark.parametrize(("target", "told"), [(Dropping, True), (Plain, True), (Losing, False)])
def test_a_copy_that_cannot_keep_them_says_so(newer: SqliteStorage, target: type[MemoryStorage], *, told: bool) -> None:
    """A copy that lost something is called whole; or this is blamed for another loss."""
    with pytest.raises(StorageError, match="did not arrive") as caught:
        copy_workspaces(newer, target())
    assert ("only a newer infoint knows" in str(caught.value)) is told


def test_they_are_not_brought_into_a_file_of_the_newer(newer: SqliteStorage, tmp_path: Path) -> None:
    """Records would stand there without their bits, so that the newer infoint finds them among those without a value."""
    target = SqliteStorage(tmp_path / "target.db")
    target.open(create=True)
    put(target, write(9), workspace="ben")
    target.close()
    grow(tmp_path / "target.db")
    target.open()
    with pytest.raises(FormatTooNew, match="by that one"):
        copy_workspaces(newer, target, workspaces=[WORKSPACE])
    assert list(target.workspaces()) == ["ben"]
    bare = [attrs.evolve(one, newer_index={}) for one in everything(newer)]
    assert target.load(WORKSPACE, bare) == 2
    assert target.load("ben", [attrs.evolve(bare[0], id=key_of(9).id, version=2, seq=2)]) == 1
    assert rows(tmp_path / "target.db")[-1][1] == NAME_BIT, "the bits of what it took the place of"
    target.close()


def test_people_are_edited_with_an_older_infoint(tmp_path: Path) -> None:
    """Editing a name at a machine with an older infoint would take the person out of lists of the newer one."""
    path = tmp_path / "a.db"
    with infoint.open(f"sqlite:{path}", zone="America/Chicago") as ws:
        ws.contacts.add(infoint.Contact(name="Ana Ruiz"))
    grow(path)
    with infoint.open(f"sqlite:{path}") as ws:
        (ana,) = ws.contacts
        ws.contacts.update(attrs.evolve(ana, name="Ana Oak"))
        assert [one.name for one in ws.contacts.search("oak")] == ["Ana Oak"]
    assert all(indexed["mood"] == ["calm", 7] and valued & BIT for indexed, valued, _ in rows(path))


def everything(storage: Storage) -> Sequence[Record]:
    with storage.session(WORKSPACE) as session:
        return session.changes("").items
