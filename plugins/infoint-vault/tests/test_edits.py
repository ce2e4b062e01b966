"""What people do to the files while infoint has them open, and while it has not."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import EIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from infoint_vault import entities
from infoint_vault.disk import Disk, Entry, Stat
from infoint_vault.storage import VaultStorage

from infoint import codec
from infoint.errors import Conflict, Corrupt, FormatTooNew, NotFound, NotOurs, ResyncRequired, StorageError, StorageFull
from infoint.model.contact import Contact
from infoint.storage.contract import IndexField, Key, Query, Record, Write
from infoint.testing.storage_case import MOMENT, WORKSPACE, asked, followed, got, id_of, key_of, put, tombstone, write
from infoint.workspace.unit_of_work import KINDS, PROFILE_ID


@contextmanager
def vault(folder: Path, *, read_only: bool = False) -> Iterator[VaultStorage]:
    storage = VaultStorage(folder / "vault")
    storage.open(create=True, read_only=read_only)
    try:
        yield storage
    finally:
        storage.close()


def of_entity(entity: Contact, expect: int | None = 0) -> Write:
    return Write(
        kind="contact", id=entity.id, expect=expect, updated_at=MOMENT, schema=codec.SCHEMA, data=codec.dump(entity),
        index={IndexField(name): values for name, values in codec.index(entity).items()}, text=codec.text(entity),
    )  # fmt: skip  # field by field would hide that it is the entity


ANA = Contact(id=id_of(1), name="Ana Ruiz", organization="Oak Labs", emails=("ana@oak.example",), notes="Met at the fair.")


def contacts(storage: VaultStorage) -> list[Record]:
    with storage.session(WORKSPACE) as session:
        return list(session.query(Query(kind="contact", sort=IndexField.NAME)).items)


def contact(storage: VaultStorage) -> Record:
    (record,) = contacts(storage)
    return record


def found(storage: VaultStorage, words: str) -> list[int]:
    with storage.session(WORKSPACE) as session:
        return [record.id.int for record in session.search(words).items]


def files(folder: Path, pattern: str = "*/*/*.md") -> list[Path]:
    return sorted((folder / "vault").glob(pattern))


def file_of(folder: Path, stem: str = "ana-ruiz") -> Path:
    (path,) = files(folder, f"*/*/{stem}-*.md")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_edit_by_hand_is_the_next_version(tmp_path: Path) -> None:
    """An edit while the vault is open is not seen, not told to followers, or found by its old words."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        _, cursor = followed(storage, 10)
        edit(file_of(tmp_path), "Met at the fair.", "Met at the harbour.\n\nTall.")
        edit(file_of(tmp_path), "name: Ana Ruiz", "name: Ana Ruiz Gil")
        record = contact(storage)
        assert (record.version, record.seq) == (2, 2)
        assert record.data["notes"] == "Met at the harbour.\n\nTall."
        assert record.index[IndexField.NAME] == ("ana ruiz gil",)
        assert (found(storage, "harbour"), found(storage, "fair")) == ([1], [])
        told, _ = followed(storage, 10, since=cursor)
        assert [(one.id, one.version) for one in told] == [(ANA.id, 2)]
        seconds = file_of(tmp_path).stat().st_mtime
        assert abs(record.updated_at.timestamp() - seconds) < 0.001, "the time of an edit is the file's"
        assert list(storage.check(deep=True)) == []
        with pytest.raises(Conflict):
            put(storage, of_entity(ANA, 1))
        put(storage, of_entity(evolve(ANA, title="UX lead"), 2))
        assert contact(storage).version == 3


def test_edits_while_it_was_closed_are_seen(tmp_path: Path) -> None:
    """What was done between two runs of a program is lost or overwritten."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
    edit(file_of(tmp_path), "Met at the fair.", "Met.")
    with vault(tmp_path) as storage:
        assert (contact(storage).data["notes"], contact(storage).version) == ("Met.", 2)
        kept = got(storage, 1)
        assert kept is not None
        assert kept.version == 1


def test_edit_of_the_same_size_within_one_tick_is_seen(tmp_path: Path) -> None:
    """A file is taken for unchanged because its size and its times are those of before."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        contact(storage)
        path = file_of(tmp_path)
        status = path.stat()
        edit(path, "fair", "lake")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert contact(storage).data["notes"] == "Met at the lake."


class CoarseDisk(Disk):
    """Its times stand still, as they do within a tick, and its files have no numbers."""

    time = 0

    def entries(self, folder: str) -> list[Entry]:
        return [entry._replace(stat=self._still(entry.stat)) for entry in super().entries(folder)]

    def stat(self, path: str) -> Stat | None:
        found = super().stat(path)
        return self._still(found) if found else None

    def _still(self, stat: Stat) -> Stat:
        return Stat(stat.size, self.time, self.time, 0)


def test_edit_that_times_do_not_show_is_seen(tmp_path: Path) -> None:
    """Two edits within one tick of the file system's clock look alike, and the second is never read."""
    CoarseDisk.time = time.time_ns()
    storage = VaultStorage(tmp_path / "vault", disk=CoarseDisk)
    storage.open(create=True)
    put(storage, of_entity(ANA))
    for word, new in (("fair", "lake"), ("lake", "cafe")):
        edit(file_of(tmp_path), word, new)
        assert contact(storage).data["notes"] == f"Met at the {new}."
    storage.close()


def test_edit_around_the_data_is_no_new_version(tmp_path: Path) -> None:
    """A comment, other quotes, another order or line ends of Windows count as a change of the record."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path)
        edit(path, "organization: Oak Labs\n", "# where\norganization: 'Oak Labs'  # since 2020\n")
        assert contact(storage).version == 1
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert contact(storage).version == 1
        put(storage, of_entity(evolve(ANA, title="UX lead"), 1))
        content = path.read_bytes()
        assert b"# where\r\norganization: 'Oak Labs'  # since 2020\r\n" in content
        assert content.count(b"\n") == content.count(b"\r\n")


def test_properties_rewritten_by_an_editor_are_read(tmp_path: Path) -> None:
    """An editor that writes all of front matter anew, as Obsidian does, makes the file unreadable or changes the record."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path)
        text = path.read_text()
        own = text[text.index("infoint: {") :].partition("\n")[0]
        pairs = own.removeprefix("infoint: {").removesuffix("}").split(", ")
        edit(path, own, "infoint:\n" + "\n".join(f"  {pair}" for pair in pairs).replace("'", '"'))
        edit(path, "emails:\n  - ana@oak.example", "emails:\n  - ana@oak.example\n  - ruiz@oak.example\ncssclass:")
        edit(path, "location: ''", "location:")
        record = contact(storage)
        assert (record.version, record.index[IndexField.EMAIL]) == (2, ("ana@oak.example", "ruiz@oak.example"))
        assert "location" not in record.data, "an emptied property is one that says nothing"
        put(storage, of_entity(evolve(ANA, title="UX lead"), 2))
        assert "infoint:\n  kind: contact\n" in path.read_text(), "what an editor made a block stays one"
        assert contact(storage).version == 3


def test_deleted_file_is_a_tombstone(tmp_path: Path) -> None:
    """A record whose file was deleted is still found, or forgotten without a word to followers."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
        _, cursor = followed(storage, 10)
        file_of(tmp_path).unlink()
        assert contacts(storage) == []
        told, _ = followed(storage, 10, since=cursor)
        assert [(one.kind, one.version, one.deleted, dict(one.data)) for one in told] == [("contact", 2, True, {})]
        assert [path.name for path in files(tmp_path, "*/removed/*")] == [f"contact-{ANA.id.hex}.md"]
        assert list(storage.check(deep=True)) == []
        put(storage, of_entity(ANA, 2))
        assert contact(storage).version == 3
        assert files(tmp_path, "*/removed/*") == []


def test_restored_file_is_the_record_again(tmp_path: Path) -> None:
    """A file that somebody brings back from git stays dead, or begins at version 1."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path)
        content = path.read_bytes()
        put(storage, tombstone(1, 1, kind="contact"))
        assert not path.exists()
        path.write_bytes(content)
        assert contact(storage).version == 3
        assert files(tmp_path, "*/removed/*") == []
        assert list(storage.check(deep=True)) == []


def test_renamed_and_moved_files_stay_what_they_are(tmp_path: Path) -> None:
    """A new name makes a new record, or a deletion."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        new = tmp_path / "vault" / file_of(tmp_path).parent / "oak" / "Aña – UX.md"
        new.parent.mkdir()
        file_of(tmp_path).rename(new)
        assert contact(storage).version == 1
        put(storage, of_entity(evolve(ANA, title="UX lead"), 1))
        assert "UX lead" in new.read_text()
        assert files(tmp_path) == []


def test_new_file_is_adopted(tmp_path: Path) -> None:
    """A file that a person made is not seen, is not found, or has another id each time."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path).with_name("Cy Dee.md")
        path.write_text("---\norganization: Elm  # new\n---\nA friend of Ana.\n")
        bare = path.with_name("Bo Li.md")
        bare.write_text("Only words.")
        path.with_name("Untitled.md").write_text("")
        _, bo, cy = contacts(storage)
        assert (cy.version, cy.data["name"], cy.data["notes"], cy.schema) == (1, "Cy Dee", "A friend of Ana.", codec.SCHEMA)
        assert codec.load(Contact, cy.data).organization == "Elm"
        assert codec.load(Contact, bo.data).notes == "Only words."
        assert "infoint" not in path.read_text(), "nothing is written into a file that somebody has open"
        path.rename(path.with_name("Cy.md"))
        assert contacts(storage)[2].id == cy.id, "renamed before it had an id of its own"
        put(storage, write(5))
        text = path.with_name("Cy.md").read_text()
        assert text.startswith(f"---\norganization: Elm  # new\nid: {cy.id}\n")
        assert text.endswith("---\nA friend of Ana.\n")
        named = contacts(storage)[2]
        assert (named.version, named.data["name"]) == (2, "Cy"), "a file that says no name is one by its own"
        put(storage, of_entity(evolve(codec.load(Contact, named.data), title="Editor"), 2))
        assert [record.version for record in contacts(storage)] == [1, 1, 3]
    shutil.rmtree(tmp_path / "vault" / ".infoint")
    with vault(tmp_path) as storage:
        assert [record.id for record in contacts(storage)] == [ANA.id, bo.id, cy.id]


def test_new_file_of_a_path_that_was_used_before_is_somebody_else(tmp_path: Path) -> None:
    """A new person takes the id, and with it the talks, of one who was deleted."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path).with_name("Cy Dee.md")
        path.write_text("One.")
        first = contacts(storage)[1]
        path.unlink()
        assert len(contacts(storage)) == 1
        path.write_text("Another.")
        assert contacts(storage)[1].id != first.id


def test_profile_written_by_hand_is_the_profile(tmp_path: Path) -> None:
    """A profile made in an editor is not the workspace's."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        folder = file_of(tmp_path).parents[1] / "profile"
        folder.mkdir()
        (folder / "Kim Doe.md").write_text("---\nzone: Europe/Madrid\n---\nI teach.\n")
        record = got(storage, PROFILE_ID.int, kind="profile")
        assert record is not None
        assert (record.data["introduction"], record.data["name"]) == ("I teach.", "Kim Doe")


@pytest.mark.parametrize(
    "content",
    ["---\nname: [\n---\n", "---\nname: Ana\n", "\xff\xfe\x00", "", "---\nname: &a Ana\nx: *a\n---\n", "<<<<<<< HEAD\n---\nname: [Ana\n---\n"],
)  # fmt: skip
def test_unreadable_file_is_reported_and_never_overwritten(tmp_path: Path, content: str) -> None:
    """A file that cannot be read, as in the middle of a merge, was overwritten, or hid all others."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
        path = file_of(tmp_path)
        sound = path.read_bytes()
        path.write_bytes(content.encode("latin-1"))
        if content.startswith("<<<"):
            path.write_bytes(b"---\n" + path.read_bytes() + b"---\n")
        broken = path.read_bytes()
        assert contact(storage).version == 1, "what was known of it is still there"
        (problem,) = storage.check()
        assert path.name in problem
        for change in (of_entity(ANA, 1), tombstone(1, 1, kind="contact")):
            with pytest.raises(Corrupt, match=path.name):
                put(storage, change)
        put(storage, write(1, 1), write(2))
        assert path.read_bytes() == broken
        path.write_bytes(sound.replace(b"Oak Labs", b"Pine Labs"))
        assert (contact(storage).data["organization"], list(storage.check(deep=True))) == ("Pine Labs", [])


def test_values_that_are_none_are_reported(tmp_path: Path) -> None:
    """A word where a number belongs makes the whole workspace unreadable."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        edit(file_of(tmp_path), "rapport: null", "rapport: a lot")
        assert contact(storage).data["rapport"] is None
        (problem,) = storage.check()
        assert "Contact.rapport" in problem
        assert "a lot" not in problem
        with pytest.raises(Corrupt, match="rapport"):
            put(storage, of_entity(ANA, 1))
        edit(file_of(tmp_path), "rapport: a lot", "rapport: 2")
        assert contact(storage).data["rapport"] == 2


def test_same_id_twice_is_reported(tmp_path: Path) -> None:
    """A copy that a sync tool made takes the record's place, or makes it flicker."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        path = file_of(tmp_path)
        for name in (
            "a (Kim's conflicted copy 2026-11-02).md",
            f"{path.stem}.sync-conflict-20261102-081530-ABCDEFG.md",
            f"{path.stem} 2.md",
        ):
            path.with_name(name).write_bytes(path.read_bytes().replace(b"Oak", b"Elm"))
        assert (contact(storage).data["organization"], contact(storage).version) == ("Oak Labs", 1)
        problems = list(storage.check())
        assert len(problems) == 3
        assert all(path.name in problem.partition(": ")[2] for problem in problems)
    shutil.rmtree(tmp_path / "vault" / ".infoint")
    with vault(tmp_path) as storage:
        assert contact(storage).data["organization"] == "Oak Labs", "of several, the one that is named as we name them"
        assert len(storage.check()) == 3
        path.unlink()
        assert contact(storage).data["organization"] == "Elm Labs", "the next one takes its place"
        assert len(storage.check()) == 2


def test_conflict_keeps_both(tmp_path: Path) -> None:
    """Between a look and a save somebody edited the file: one of the two was lost."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1), write(2))
        path = file_of(tmp_path)
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([write(1, 1), of_entity(evolve(ANA, title="UX lead"), 1), write(3)])
            edit(path, "Oak Labs", "Elm Labs")
            with pytest.raises(Conflict) as caught:
                session.commit()
        assert (caught.value.kind, caught.value.id, caught.value.expected, caught.value.actual) == ("contact", ANA.id, 1, 2)
        assert (contact(storage).version, contact(storage).data["organization"]) == (2, "Elm Labs")
        assert (got(storage, 3), got(storage, 1).version) == (None, 1), "half a commit"
        copy = path.with_name(f"{path.stem} (conflict 2).md")
        assert "title: UX lead" in copy.read_text()
        assert "Oak Labs" in copy.read_text()
        (problem,) = storage.check()
        assert copy.name in problem
        assert not list((tmp_path / "vault").rglob("*.tmp"))
        copy.unlink()
        assert list(storage.check(deep=True)) == []


def test_file_deleted_while_it_is_saved_is_a_conflict(tmp_path: Path) -> None:
    """Between a look and a save somebody deleted the file, and it came back."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([of_entity(evolve(ANA, title="UX lead"), 1)])
            file_of(tmp_path).unlink()
            with pytest.raises(Conflict):
                session.commit()
        assert contacts(storage) == []


def test_index_can_be_deleted(tmp_path: Path) -> None:
    """Without the folder `.infoint` records, versions, tombstones, index values or texts are lost, or a follower misses something."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1, name=("b", "a"), due=7, text="some words"), write(2))
        put(storage, of_entity(evolve(ANA, title="UX lead"), 1), write(2, 1), tombstone(1, kind="other"))
        put(storage, tombstone(2, 2))
        before, cursor = followed(storage, 10)
    edit(file_of(tmp_path), "Oak Labs", "Elm Labs")
    shutil.rmtree(tmp_path / "vault" / ".infoint")
    with vault(tmp_path) as storage:
        now, _ = followed(storage, 10)
        assert {one.key: evolve(one, seq=0) for one in now if one.key != contact(storage).key} == {
            one.key: evolve(one, seq=0) for one in before if one.key != contact(storage).key
        }
        assert (contact(storage).version, contact(storage).data["organization"]) == (3, "Elm Labs")
        assert (asked(storage, Query(kind="note", sort=IndexField.DUE)), found(storage, "words")) == ([1], [1])
        with storage.session(WORKSPACE) as session, pytest.raises(ResyncRequired):
            session.changes(cursor)


def test_index_can_be_deleted_while_it_is_open(tmp_path: Path) -> None:
    """From then on nothing can be read or saved, or the next program knows nothing of it."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
        _, cursor = followed(storage, 10)
        shutil.rmtree(tmp_path / "vault" / ".infoint")
        put(storage, write(1, 1), write(2))
        assert (contact(storage).version, asked(storage, Query(kind="note"))) == (1, [1, 2])
        with storage.session(WORKSPACE) as session, pytest.raises(ResyncRequired):
            session.changes(cursor)
        shutil.rmtree(tmp_path / "vault" / ".infoint")
        assert asked(storage, Query(kind="note")) == [1, 2]
        assert (tmp_path / "vault" / ".infoint" / ".gitignore").exists()
        with vault(tmp_path) as other:
            assert asked(other, Query(kind="note")) == [1, 2]
        assert list(storage.check(deep=True)) == []


def test_damaged_index_is_made_anew(tmp_path: Path) -> None:
    """A broken file in `.infoint` keeps a vault from being opened."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
    for broken in ("records-*.db", "files-*.db"):
        for path in (tmp_path / "vault" / ".infoint").glob(broken):
            path.write_bytes(b"no database" * 1_000)
        with vault(tmp_path) as storage:
            assert (contact(storage).version, asked(storage, Query(kind="note"))) == (1, [1])
            assert list(storage.check(deep=True)) == []


@contextmanager
def failing_index(path: Path, code: str, *, at: str) -> Iterator[None]:
    """SQLite answers a statement that begins like `at` with an error, once."""
    real, left = sqlite3.connect, 1

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
            self._fail(sql)
            return super().execute(sql, *arguments)

        def executescript(self, sql: str) -> sqlite3.Cursor:
            self._fail(sql)
            return super().executescript(sql)

        def _fail(self, sql: str) -> None:
            nonlocal left
            if sql.strip().startswith(at) and left:
                left -= 1
                error = sqlite3.DatabaseError("planted")
                error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, code), code
                raise error

    def connect(place: Any, **options: Any) -> sqlite3.Connection:
        return real(place, **options, **({"factory": Failing} if place == path else {}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        yield
    assert left == 0, "the statement was never reached"


def indexed(folder: Path) -> tuple[Path, list[Record], str]:
    """A vault whose commits were counted: the database of files, the changes, and a cursor after them."""
    with vault(folder) as storage:
        put(storage, of_entity(ANA), write(1))
        put(storage, write(1, 1))
        changes, cursor = followed(storage, 10)
    (path,) = (folder / "vault" / ".infoint").glob("files-*.db")
    return path, changes, cursor


def check_counted(folder: Path, changes: list[Record], cursor: str) -> None:
    """It goes on counting where it was."""
    with vault(folder) as storage, storage.session(WORKSPACE) as session:
        assert (followed(storage, 10)[0], list(session.changes(cursor).items)) == (changes, [])


@pytest.mark.parametrize("code", ["SQLITE_IOERR_READ", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_FULL"])
@pytest.mark.parametrize("at", ["PRAGMA journal_mode", "CREATE TABLE", "SELECT"])
def test_index_that_could_not_be_read_once_is_kept(tmp_path: Path, at: str, code: str) -> None:
    """One read that fails while a vault is opened has its commits counted from the beginning."""
    path, changes, cursor = indexed(tmp_path)
    with failing_index(path, code, at=at), pytest.raises(StorageError) as caught, vault(tmp_path):
        pass
    assert caught.value.place == str(path)
    assert isinstance(caught.value, StorageFull) == (code == "SQLITE_FULL")
    check_counted(tmp_path, changes, cursor)


def test_unreadable_page_that_sqlite_calls_damage_costs_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be read, once or ever, is taken for a damaged index: commits are counted from the beginning."""
    path, changes, cursor = indexed(tmp_path)
    with failing_index(path, "SQLITE_CORRUPT", at="SELECT"):
        check_counted(tmp_path, changes, cursor)
    real = Path.open

    def unreadable(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == path:
            raise OSError(EIO, "planted")
        return real(self, *arguments, **options)

    with failing_index(path, "SQLITE_CORRUPT", at="SELECT"), monkeypatch.context() as patch:
        patch.setattr(Path, "open", unreadable)
        with pytest.raises(StorageError, match="planted"), vault(tmp_path):
            pass
    check_counted(tmp_path, changes, cursor)


def test_reader_changes_nothing(tmp_path: Path) -> None:
    """Opened for reading, something in the folder was made or changed, or edits are not seen."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA), write(1))
    edit(file_of(tmp_path), "Oak Labs", "Elm Labs")
    file_of(tmp_path).with_name("Cy.md").write_text("New.")
    next(iter(files(tmp_path, "*/note/*.md"))).unlink()

    def state() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (tmp_path / "vault").rglob("*") if path.is_file()
        }

    before = state()
    with vault(tmp_path, read_only=True) as storage:
        assert [record.data.get("organization", "") for record in contacts(storage)] == ["Elm Labs", ""]
        assert got(storage, 1).deleted
        edit(file_of(tmp_path), "Elm Labs", "Ash Labs")
        assert contacts(storage)[0].data["organization"] == "Ash Labs"
        edit(file_of(tmp_path), "Ash Labs", "Elm Labs")
    path = file_of(tmp_path)
    assert {key: value for key, value in state().items() if key != path} == {
        key: value for key, value in before.items() if key != path
    }
    shutil.rmtree(tmp_path / "vault" / ".infoint")
    with vault(tmp_path, read_only=True) as storage:
        assert len(contacts(storage)) == 2
    assert not (tmp_path / "vault" / ".infoint").exists()


def test_workspace_folder_taken_away_is_a_workspace_less(tmp_path: Path) -> None:
    """A deleted folder makes errors, or its old cursors count in what comes in its place."""
    with vault(tmp_path) as storage:
        put(storage, write(1))
        put(storage, write(1), workspace="ben")
        _, cursor = followed(storage, 10)
        (folder,) = [path.parent for path in (tmp_path / "vault").glob("*/_workspace.md") if "ben" not in path.parent.name]
        shutil.rmtree(folder)
        assert list(storage.workspaces()) == ["ben"]
        assert got(storage, 1) is None
        put(storage, write(7), write(8))
        assert followed(storage, 10)[0][0].seq == 1
        with storage.session(WORKSPACE) as session, pytest.raises(ResyncRequired):
            session.changes(cursor)


def test_what_lies_around_is_left_alone(tmp_path: Path) -> None:
    """Templates, attachments and settings of an editor are taken for records, or deleted with a workspace."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        root = tmp_path / "vault"
        workspace = file_of(tmp_path).parents[1]
        for path in (
            root / ".obsidian" / "app.json",
            root / "Templates" / "t.md",
            workspace / "contact" / "photo.jpg",
            workspace / "Plans" / "p.md",
        ):
            path.parent.mkdir(exist_ok=True)
            path.write_text("# mine")
        assert len(contacts(storage)) == 1
        assert list(storage.check(deep=True)) == []
        storage.drop_workspace(WORKSPACE)
        assert sorted(str(path.relative_to(workspace)) for path in workspace.rglob("*") if path.is_file()) == [
            "Plans/p.md",
            "contact/photo.jpg",
        ]
        assert (root / "Templates" / "t.md").exists()
        put(storage, write(1))
        assert list(storage.workspaces()) == [WORKSPACE]


def test_open_says_what_it_finds(tmp_path: Path) -> None:
    """A mistyped path became a vault, or a folder with other things in it, or one of a newer infoint."""
    for create, read_only in ((False, False), (True, True)):
        with pytest.raises(NotFound):
            VaultStorage(tmp_path / "none").open(create=create, read_only=read_only)
    with pytest.raises(NotFound):
        VaultStorage(tmp_path / "none" / "deeper").open(create=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(NotOurs):
        VaultStorage(tmp_path / "file").open(create=True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.md").write_text("mine")
    with pytest.raises(NotOurs):
        VaultStorage(tmp_path / "full").open(create=True)
    assert sorted(path.name for path in (tmp_path / "full").iterdir()) == ["notes.md"]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".git").mkdir()
    with pytest.raises(NotFound):
        VaultStorage(tmp_path / "empty").open()
    storage = VaultStorage(tmp_path / "empty")
    storage.open(create=True)
    storage.close()
    marker = tmp_path / "empty" / "_vault.md"
    for version, refusal in (("2.0", FormatTooNew), ("x", Corrupt)):
        edit(marker, "'1.0'", f"'{version}'")
        with pytest.raises(refusal):
            storage.open()
        edit(marker, f"'{version}'", "'1.0'")
    edit(marker, "'1.0'", "'1.7'")
    storage.open()
    storage.close()


def test_kinds_are_those_of_the_engine() -> None:
    """A kind of entity has no index values once it was edited by hand."""
    assert {kind: name for name, kind in entities.TYPES.items()} == KINDS
    assert entities.id_for("any", "profile", "x", 3) == PROFILE_ID


def test_moment_is_in_utc(tmp_path: Path) -> None:
    """The time of a save comes back in another zone, or by the clock of this machine."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        assert contact(storage).updated_at == MOMENT
        assert contact(storage).updated_at.tzinfo is UTC
        assert isinstance(contact(storage).updated_at, datetime)
        assert Key("contact", UUID(int=1)) == key_of(1, "contact")


def test_deletion_has_the_time_of_its_folder(tmp_path: Path) -> None:
    """Whoever only reads tells followers that somebody was removed in 1970."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
    folder = file_of(tmp_path).parent
    file_of(tmp_path).unlink()
    for read_only in (True, False):
        with vault(tmp_path, read_only=read_only) as storage:
            dead = got(storage, 1, kind="contact")
            assert dead is not None
            assert abs(dead.updated_at.timestamp() - folder.stat().st_mtime) < 0.001


def test_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 ended in a native error, for every session from then on."""
    with vault(tmp_path) as storage:
        put(storage, of_entity(ANA))
        folder = os.fsencode(file_of(tmp_path).parent)
        with open(os.path.join(folder, b"caf\xe9.md"), "wb") as file:  # noqa: PTH123, PTH118  # bytes
            file.write(b"name")
        assert len(contacts(storage)) == 1
        (problem,) = storage.check()
        assert problem.encode()
        assert "name" in problem


def test_private_words_are_in_no_message(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An error, a report or a log line quotes what somebody wrote about somebody."""
    caplog.set_level("DEBUG")
    told: list[str] = []
    with vault(tmp_path) as storage:
        put(storage, of_entity(evolve(ANA, notes="canary", title="canary", tags={"canary"})))
        path = file_of(tmp_path)
        sound = path.read_text()
        for broken in (
            "rapport: canary",
            "rapport: *canary",
            "rapport: !canary 1",
            "rapport: [canary",
            "zone: canary",
            "emails: canary",
        ):
            name = broken.partition(":")[0]
            path.write_text("\n".join(broken if line.startswith(f"{name}:") else line for line in sound.split("\n")))
            told += storage.check(deep=True)
            with pytest.raises(Corrupt) as caught:
                put(storage, of_entity(ANA, None))
            told += [str(caught.value), repr(caught.value), str(dict(caught.value.facts))]
        path.write_text(sound)
        with storage.session(WORKSPACE, write=True) as session:
            session.put_many([of_entity(evolve(ANA, notes="canary again"), None)])
            edit(path, "canary", "other canary")
            with pytest.raises(Conflict) as conflict:
                session.commit()
        told += [str(conflict.value), repr(conflict.value), *storage.check(), repr(storage.workspaces())]
    assert len(told) > 20
    assert "canary" not in "\n".join([*told, caplog.text])
