"""Who was removed or erased stays away, whatever copies there are; and an erasure leaves nothing that it does not name."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import evolve
from infoint_vault.index import Index
from infoint_vault.storage import VaultStorage

import infoint
from infoint.errors import Conflict

SECRET = "zyxwvut"
"""Stands nowhere else."""
TOMBSTONE = "is an older state of what was removed"


@contextmanager
def opened(tmp_path: Path) -> Iterator[infoint.Workspace]:
    with infoint.open(VaultStorage(tmp_path / "vault"), zone="Europe/Madrid") as ws:
        yield ws


def ana(ws: infoint.Workspace) -> infoint.Contact:
    return ws.contacts.add(infoint.Contact(name=f"Ana {SECRET}", emails=[f"ana@{SECRET}.example"], notes=f"Likes {SECRET}."))


def file_of(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "vault" / "default" / "contact").glob("ana-zyxwvut-????????.md")
    return path


def names(ws: infoint.Workspace) -> list[str]:
    return sorted(contact.name for contact in ws.contacts.find())


def without_index(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "vault" / ".infoint")


def traces(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes().lower())


@pytest.mark.parametrize("way", ["remove", "erase"])
@pytest.mark.parametrize("edited", [False, True])
def test_copy_brings_nobody_back(tmp_path: Path, way: str, edited: bool) -> None:
    """A person who asked to be forgotten was there again once the index was made anew, out of a copy that a sync tool had made."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        copy = file_of(tmp_path).with_name(f"{file_of(tmp_path).stem} (1).md")
        shutil.copy(file_of(tmp_path), copy)
        if edited:
            copy.write_bytes(copy.read_bytes().replace(b"Likes", b"Loves"))
            os.utime(copy, (time.time() - 60, time.time() - 60))
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        assert len(ws.engine.storage.check()) == 1
        getattr(ws.contacts, way)(entity)
        told = list(ws.engine.storage.check())
        copy.write_bytes(copy.read_bytes().replace(b"rapport: null", b"rapport: null  # ?"))
        if edited:
            os.utime(copy, (time.time() - 50, time.time() - 50))
        assert (names(ws), list(ws.engine.storage.check())) == (["Bo Li"], told)
    without_index(tmp_path)
    with opened(tmp_path) as ws:
        ws.contacts.add(infoint.Contact(name="Cy Dee"))
        assert names(ws) == ["Bo Li", "Cy Dee"]
        assert list(ws.engine.storage.check()) == told
        assert told[0].startswith(f"default/contact/{copy.name}: {TOMBSTONE}")
        (grave,) = (tmp_path / "vault" / "default" / "removed").glob("*.md")
        assert grave.name in told[0]
        grave.unlink()
        assert len(names(ws)) == 3, "it comes back as the report says"


def later(tmp_path: Path, content: bytes) -> bytes:
    """Saved on another machine, at a later version than the tombstone's."""
    with infoint.open(VaultStorage(tmp_path / "other"), zone="Europe/Madrid") as ws:
        place = tmp_path / "other" / "default" / "contact" / "ana.md"
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        place.write_bytes(content)
        (entity,) = [one for one in ws.contacts.find() if one.name != "Bo Li"]
        for number in range(3):
            entity = ws.contacts.update(evolve(entity, title=f"{number}"))
        return place.read_bytes()


def test_copy_that_comes_late_brings_nobody_back(tmp_path: Path) -> None:
    """A sync tool delivered the copy when the person was gone already, before the eyes of an open vault."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        ws.contacts.erase(entity)
        path.with_name(f"{path.stem} (1).md").write_bytes(content)
        assert names(ws) == []
        (told,) = ws.engine.storage.check()
        assert TOMBSTONE in told


BACK: dict[str, tuple[str, Callable[[Path, bytes], bytes], bool]] = {
    "to its own place": ("{stem}.md", lambda _, content: content, False),
    "edited since": ("{stem} (1).md", lambda _, content: content.replace(b"Likes", b"Loves"), True),
    "saved elsewhere since": ("Ana.md", later, True),
}


@pytest.mark.parametrize("way", BACK)
def test_what_came_back_on_purpose_is_back(tmp_path: Path, way: str) -> None:
    """A file restored from git, edited or saved elsewhere after the removal, stays dead."""
    name, made, survives = BACK[way]
    with opened(tmp_path) as ws:
        entity = ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        ws.contacts.remove(entity)
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        back = path.with_name(name.format(stem=path.stem))
        content = made(tmp_path, content)
        if not survives:
            back.write_bytes(content)
            assert len(names(ws)) == 2
            assert list(ws.engine.storage.check()) == []
            return
    back.write_bytes(content)
    without_index(tmp_path)
    with opened(tmp_path) as ws:
        assert len(names(ws)) == 2
        (told,) = ws.engine.storage.check()
        assert told.startswith("default/removed/"), "the tombstone is what is left over"


def test_erasing_names_what_it_left(tmp_path: Path) -> None:
    """The report told nothing of copies, of what could not be saved, of an editor's and a sync tool's older states, or of git."""
    with opened(tmp_path) as ws:
        entity, bo = ana(ws), ws.contacts.add(infoint.Contact(name="Bo Li"))
        path = file_of(tmp_path)
        with pytest.raises(Conflict), ws.transaction() as unit:
            entity = unit.contacts.update(evolve(entity, title="UX lead"))
            path.write_bytes(path.read_bytes().replace(b"Likes", b"Loves"))
        shutil.copy(path, path.with_name(f"{path.stem} (1).md"))
        shutil.copy(path, path.with_name(f"{path.name}~"))
        for folder in (".git", ".stversions"):
            (tmp_path / "vault" / folder / "default").mkdir(parents=True)
        shutil.copy(path, tmp_path / "vault" / ".stversions" / "default" / f"{path.stem}~20261102-081530.md")
        report = ws.contacts.erase(next(one for one in ws.contacts.find() if one.id == entity.id))
        told = "\n".join(report.remains)
        left = traces(tmp_path)
        assert len(left) > 3
        # The index of files has the paths of those that are there.
        assert [name for name in left if name not in told and not name.startswith("files-")] == []
        assert f"{tmp_path / 'vault' / '.git'}: " in told
        assert path.name not in told.replace(f"{path.name}~", ""), "that one is gone"
        assert list(ws.contacts.find()) == [bo]


def test_erasing_leaves_nothing_in_the_index(tmp_path: Path) -> None:
    """Name, address and notes stood in free pages and logs of `.infoint`, in the names of files too."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        with ws.transaction() as unit:
            others = [unit.contacts.add(infoint.Contact(name=f"{SECRET} {number}")) for number in range(150)]
        with ws.transaction() as unit:
            for other in others:
                unit.contacts.remove(other)
        for number in range(20):
            entity = ws.contacts.update(evolve(entity, notes=f"{SECRET} {number} " * 200))
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        assert len(traces(tmp_path)) >= 3
        report = ws.contacts.erase(entity)
        assert traces(tmp_path) == []
        assert not [words for words in report.remains if ".infoint" in words]
        ws.contacts.add(infoint.Contact(name="Cy Dee"))
        assert names(ws) == ["Bo Li", "Cy Dee"]
    assert traces(tmp_path) == []


@pytest.mark.slow
def test_index_that_somebody_reads_is_named(tmp_path: Path) -> None:
    """What was erased stays in a log for as long as another reads an older state, and the report calls it clean."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        other = Index(tmp_path / "vault" / ".infoint")
        with other.records.session("default") as reading:
            assert reading.changes("").items
            report = ws.contacts.erase(entity)
            assert [words for words in report.remains if words.startswith(f".infoint/records-{other.name}.db: ")]
        other.close()
        assert not [words for words in ws.contacts.erase(entity).remains if ".infoint" in words]
        assert traces(tmp_path) == []


def versions(ws: infoint.Workspace) -> list[int]:
    with ws.engine.storage.session("default") as session:
        return [change.version for change in session.changes("").items if change.kind == "contact" and not change.deleted]


@pytest.mark.parametrize("unread", [False, True])
@pytest.mark.parametrize("another_session", [False, True])
def test_file_put_back_stays_back(tmp_path: Path, unread: bool, another_session: bool) -> None:
    """A deleted file that was put back was a record for one session, and a tombstone again for the next."""
    with opened(tmp_path) as ws:
        ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        path.unlink()
        assert names(ws) == []
        if not unread:
            path.write_bytes(content)
    with opened(tmp_path) as ws, opened(tmp_path) as other:
        if unread:
            path.write_bytes(content)
        told = [(names(one), versions(one)) for one in ([ws, other] * 3 if another_session else [ws] * 4)]
        assert told == [([f"Ana {SECRET}"], [3])] * len(told), "above the tombstone's version, and no further"
        assert list(ws.engine.storage.check()) == []
        assert not list((tmp_path / "vault" / "default" / "removed").glob("*.md"))
        (entity,) = ws.contacts.find()
        assert ws.contacts.update(evolve(entity, title="UX lead")).version == 4
    without_index(tmp_path)
    with opened(tmp_path) as ws:
        assert names(ws) == [f"Ana {SECRET}"]


def test_file_put_back_is_seen_by_who_only_reads(tmp_path: Path) -> None:
    """Who only reads leaves the tombstone where it is, and took it for the record every other time."""
    with opened(tmp_path) as ws:
        ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        path.unlink()
        assert names(ws) == []
    path.write_bytes(content)
    with infoint.open(VaultStorage(tmp_path / "vault"), zone="Europe/Madrid", read_only=True) as ws:
        assert [names(ws) for _ in range(4)] == [[f"Ana {SECRET}"]] * 4
        assert list(ws.engine.storage.check()) == []


def test_file_put_back_while_there_was_no_index_is_back(tmp_path: Path) -> None:
    """Whether a file came back hung on the index, which may be deleted at any time; a copy beside it comes back with neither."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        ws.contacts.remove(entity)
    without_index(tmp_path)
    copy = path.with_name(f"{path.stem} (1).md")
    copy.write_bytes(content)
    with opened(tmp_path) as ws:
        assert names(ws) == []
    without_index(tmp_path)
    path.write_bytes(content)
    with opened(tmp_path) as ws:
        assert [names(ws), names(ws)] == [[f"Ana {SECRET}"]] * 2


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("removed_before", [False, True])
@pytest.mark.parametrize("way", ["own name", "copy", "edited", "saved elsewhere"])
def test_no_file_brings_back_who_was_erased(tmp_path: Path, way: str, removed_before: bool, index: bool) -> None:
    """Who asked to be erased was there again with a file out of git, an edit of it, or what another machine had saved."""
    with opened(tmp_path) as ws:
        entity = ana(ws)
        path = file_of(tmp_path)
        content = path.read_bytes()
        if removed_before:
            ws.contacts.remove(entity)
        ws.contacts.erase(entity)
        content = (
            later(tmp_path, content)
            if way == "saved elsewhere"
            else content.replace(b"Likes", b"Loves")
            if way == "edited"
            else content
        )
        back = path.with_name(f"{path.stem} (1).md") if way == "copy" else path
        back.parent.mkdir(exist_ok=True)
        back.write_bytes(content)
        if index:
            assert [names(ws), names(ws)] == [[], []]
    if not index:
        without_index(tmp_path)
    with opened(tmp_path) as ws:
        assert [names(ws), names(ws)] == [[], []]
        (told,) = ws.engine.storage.check()
        assert TOMBSTONE in told
        (grave,) = (tmp_path / "vault" / "default" / "removed").glob("*.md")
        assert SECRET.encode() not in grave.read_bytes()
