"""Names and places: nothing outside the vault is reached, no link is followed, and no name troubles another system."""

import os
import unicodedata
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, strategies as st
from infoint_vault import names
from infoint_vault.disk import Disk, Entry, Stat
from infoint_vault.storage import VaultStorage

from infoint.errors import Corrupt, InfointError, InvalidValue, StorageError
from infoint.storage.contract import Query, StorageUrl, Write
from infoint.testing.storage_case import MOMENT, WORKSPACE, got, id_of, put, write

BAD = set('<>:"/\\|?*') | {chr(code) for code in range(32)}
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
HOSTILE = (
    "../x",
    "..\\x",
    "C:\\x",
    "/etc/passwd",
    "a/b",
    "NUL",
    "con",
    "COM1.txt",
    "x.",
    "x ",
    " ",
    ".",
    "..",
    "",
    "-",
    "工作",
    "é" * 300,
    "a" * 300,
    'a<b>c:"d|e?f*',
    "\u202egnp.exe",
    ".git",
    ".infoint",
    "~",
    "$HOME",
    "%2e%2e",
    "a\x00b".replace("\x00", ""),
    "ﬀ",
    "İ",
    "ß",
)


def good(name: str) -> bool:
    stem = name.partition(".")[0].lower()
    return (
        bool(name)
        and name.isascii()
        and not set(name) & BAD
        and not name.endswith((".", " "))
        and not name.startswith((".", "-", "~"))
        and stem not in RESERVED
        and len(name.encode()) <= 130
        and name == name.casefold() == unicodedata.normalize("NFD", name)
    )


@given(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=300)), st.uuids())
def test_names_are_good_everywhere(text: str, id: UUID) -> None:
    """A name that Windows, macOS, git or a shell stumbles over."""
    assert len(names.slug(text).encode()) <= 80
    words = names.slug(text) or "note"
    assert good(names.file_name(words, id))
    assert good(names.file_name(words, id, whole=True))
    if text:
        assert good(names.folder_of_workspace(text))


@pytest.mark.parametrize("kind", ["con", "nul", "com1", "removed", "note", "follow-up"])
def test_kinds_have_good_folders(kind: str) -> None:
    """A kind whose name is a device of Windows."""
    assert good(names.folder_of_kind(kind))
    assert names.folder_of_kind(kind) != "removed"


def test_workspaces_do_not_fall_together() -> None:
    """Two workspaces share a folder where names differ in case, or in what a slug leaves out."""
    keys = ["a", "A", "a-", "-a", "a b", "a_b", "é", "e\u0301", "工", "作", "x" * 40, "x" * 41, "con", "CON", "..", "../x"]
    assert len({names.folded(names.folder_of_workspace(key)) for key in keys}) == len(keys)


def titled(number: int, name: str, kind: str = "note") -> Write:
    return Write(kind=kind, id=id_of(number), expect=0, updated_at=MOMENT, schema=(1, 0), data={"name": name}, index={})


def test_hostile_titles_stay_in_the_folder(tmp_path: Path) -> None:
    """A record's name became a path."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, *(titled(number, text, "con" if number % 2 else "note") for number, text in enumerate(HOSTILE, start=1)))
    found = [path for path in tmp_path.rglob("*") if path.is_file() and ".infoint" not in path.parts]
    assert all(good(path.name) for path in found if path.name not in {".gitignore", "_vault.md", "_workspace.md"})
    assert {path.parent.name for path in found if len(path.relative_to(tmp_path).parts) == 4} == {"note", "con_"}
    for number, text in enumerate(HOSTILE, start=1):
        record = got(storage, number, kind="con" if number % 2 else "note")
        assert record is not None
        assert record.data == {"name": text}
    assert list(storage.check(deep=True)) == []
    storage.close()


def test_equal_names_have_files_of_their_own(tmp_path: Path) -> None:
    """Two people of one name, whose ids end alike, share a file."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    for number in (1, 1 + (1 << 40), 1 + (1 << 50)):
        put(storage, titled(number, "Ana Ruiz"))
    assert len(list((tmp_path / "vault").rglob("ana-ruiz-*.md"))) == 3
    storage.close()


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "a//b", "", ".", "a/./b", "a\x00b"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    """A path from a journal, or from anywhere, reaches a file outside."""
    (tmp_path / "root").mkdir()
    disk = Disk(tmp_path / "root")
    (tmp_path / "x").write_text("outside")
    for call in (
        disk.read,
        disk.stat,
        disk.remove,
        lambda path: disk.write_new(path, b""),
        lambda path: disk.replace(path, "y"),
    ):
        with pytest.raises(StorageError, match="leads out"):
            call(path)
    disk.close()


def test_link_that_appears_at_the_last_moment_is_not_followed(tmp_path: Path) -> None:
    """Between a listing and an access a file, or a folder, became a link to somewhere else."""
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_text("outside")
    (tmp_path / "root" / "x.md").symlink_to(tmp_path / "outside" / "x.md")
    (tmp_path / "root" / "folder").symlink_to(tmp_path / "outside")
    disk = Disk(tmp_path / "root")
    for call in (
        lambda: disk.read("x.md"),
        lambda: disk.write_new("x.md", b"ours"),
        lambda: disk.read("folder/x.md"),
        lambda: disk.write_new("folder/y.md", b"ours"),
        lambda: disk.remove("folder/x.md"),
        lambda: disk.entries("folder"),
    ):
        with pytest.raises(OSError, match=r"Too many|exists|Not a directory"):
            call()
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["x.md"]
    assert (tmp_path / "outside" / "x.md").read_text() == "outside"
    disk.close()


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link put into the vault makes infoint read, or overwrite, what lies outside."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(
        "---\nname: Secret\ninfoint: {kind: note, id: 00000000-0000-0000-0000-0000000000ff, version: 1}\n---\n"
    )
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, write(1), titled(2, "x", "other"))
    (folder,) = [path.parent for path in (tmp_path / "vault").glob("*/note")]
    (folder / "note" / "link.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "note" / "pipe.md")
    assert got(storage, 0xFF) is None
    problems = list(storage.check())
    assert len(problems) == 3
    assert all("not followed" in problem for problem in problems)
    # A file, then a folder, replaced by a link to one with the same content.
    (record,) = (folder / "other").glob("*.md")
    (outside / "copy.md").write_bytes(record.read_bytes())
    record.unlink()
    record.symlink_to(outside / "copy.md")
    before = (outside / "copy.md").read_bytes()
    assert got(storage, 2, kind="other").deleted
    moved = tmp_path / "moved"
    (folder / "note").rename(moved)
    (folder / "note").symlink_to(moved)
    for number in (1, 7):
        with pytest.raises(InfointError):
            put(storage, write(number, 1 if number == 1 else 0))
    assert sorted(
        path.name for path in moved.iterdir() if path.suffix == ".md" and not path.is_symlink() and path.is_file()
    ) == ["note-00000001.md"]
    assert (outside / "copy.md").read_bytes() == before
    storage.close()


def test_linked_workspace_and_index_are_refused(tmp_path: Path) -> None:
    """A whole workspace, or the place of the index, is a link to somewhere else."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, write(1), workspace="ana")
    (tmp_path / "vault" / "ana").rename(tmp_path / "ana")
    (tmp_path / "vault" / "ana").symlink_to(tmp_path / "ana")
    assert list(storage.workspaces()) == []
    assert any("not followed" in problem for problem in storage.check())
    put(storage, write(2), workspace="ana")
    assert [path.name for path in (tmp_path / "vault" / "ana-2" / "note").iterdir()] == ["note-00000002.md"]
    assert [path.name for path in (tmp_path / "ana" / "note").iterdir()] == ["note-00000001.md"]
    storage.close()
    (tmp_path / "vault" / ".infoint").rename(tmp_path / "hidden")
    (tmp_path / "vault" / ".infoint").symlink_to(tmp_path / "hidden")
    with pytest.raises(InfointError):
        storage.open()


def test_journal_that_is_none_is_not_obeyed(tmp_path: Path) -> None:
    """A journal from somewhere else moves files about."""
    storage = VaultStorage(tmp_path / "vault")
    storage.open(create=True)
    put(storage, write(1))
    storage.close()
    journal = tmp_path / "vault" / ".infoint-journal"
    for content in ("", "{}", "[]", '{"magic": "infoint-vault-journal-1", "steps": [1], "seqs": {}}'):
        journal.write_text(content)
        with pytest.raises(Corrupt):
            storage.open()
    victim = tmp_path / "victim"
    victim.write_text("x")
    step = '{"path": "../victim", "expect": null, "temporary": null, "sha": null, "version": 1}'
    journal.write_text(f'{{"magic": "infoint-vault-journal-1", "steps": [{step}], "seqs": {{}}}}')
    with pytest.raises(StorageError):
        storage.open()
    assert victim.read_text() == "x"


def test_urls(tmp_path: Path) -> None:
    """A URL means another folder than it says, or an option that does not exist is passed over."""
    storage = VaultStorage(StorageUrl.parse(f"vault:{tmp_path}/a b"))
    storage.open(create=True)
    put(storage, write(1), workspace=WORKSPACE)
    storage.close()
    assert (tmp_path / "a b" / "_vault.md").exists()
    for url in ("vault:", "vault:x?timeout=3", "vault:a\x00b"):
        with pytest.raises(InvalidValue):
            VaultStorage(StorageUrl.parse(url))


class FoldingDisk(Disk):
    """As on macOS: names that differ in case or in composition are one, and are told decomposed."""

    def _actual(self, path: str) -> str:
        above, found = path.split("/"), ""
        for name in above:
            there = {names.folded(entry.path.rpartition("/")[2]): entry.path for entry in super().entries(found)}
            found = there.get(names.folded(name), f"{found}/{name}" if found else name)
        return found

    def entries(self, folder: str) -> list[Entry]:
        found = super().entries(self._actual(folder) if folder else "")
        return [entry._replace(path=unicodedata.normalize("NFD", entry.path)) for entry in found]

    def stat(self, path: str) -> Stat | None:
        return super().stat(self._actual(path))

    def read(self, path: str) -> bytes | None:
        return super().read(self._actual(path))

    def write_new(self, path: str, content: bytes) -> None:
        super().write_new(self._actual(path), content)

    def link(self, source: str, target: str) -> None:
        super().link(self._actual(source), self._actual(target))

    def replace(self, source: str, target: str) -> None:
        super().replace(self._actual(source), self._actual(target))

    def remove(self, path: str) -> None:
        super().remove(self._actual(path))

    def make_folder(self, path: str) -> None:
        super().make_folder(self._actual(path))


def test_vault_lives_where_names_are_folded(tmp_path: Path) -> None:
    """On a disk that tells names otherwise than they were given, files are taken for new or deleted ones, or fall together."""
    storage = VaultStorage(tmp_path / "vault", disk=FoldingDisk)
    storage.open(create=True)
    for workspace in ("a", "A", "é", "e\u0301"):
        put(storage, titled(1, "Zoë Ångström"), titled(1 + (1 << 40), "ZOË ÅNGSTRÖM"), workspace=workspace)
    assert sorted(storage.workspaces()) == sorted(["a", "A", "é", "e\u0301"])
    (path,) = (tmp_path / "vault" / "a" / "note").glob("*-00000001.md")
    path.rename(path.with_name("Zoë.md"))
    assert got(storage, 1, workspace="a").version == 1
    (tmp_path / "vault" / "a" / "contact").mkdir()
    (tmp_path / "vault" / "a" / "contact" / "Renée.md").write_text("New.")
    with storage.session("a") as session:
        (renee,) = session.query(Query(kind="contact")).items
    assert renee.data["name"] == "Renée"
    path.with_name("Zoë.md").rename(path.with_name("ZOË.md"))
    put(storage, write(1, 1), workspace="a")
    assert got(storage, 1, workspace="a").version == 2
    assert len(list((tmp_path / "vault" / "a" / "note").iterdir())) == 2
    assert list(storage.check(deep=True)) == []
    storage.close()
    storage.open()
    assert got(storage, 1, workspace="a").version == 2
    storage.close()
