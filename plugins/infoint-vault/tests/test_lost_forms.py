"""Files that have lost the form by which they are read: their records stay what they were, and nobody writes over them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from attrs import evolve
from infoint_vault.storage import VaultStorage

import infoint
from infoint.errors import Conflict, Corrupt

Edit = Callable[[bytes], bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def ws(folder: Path) -> Iterator[infoint.Workspace]:
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as opened:
        yield opened


def ana(ws: infoint.Workspace) -> infoint.Contact:
    return ws.contacts.add(
        infoint.Contact(
            name="Ana Ruiz", organization="Oak Labs", emails=["ana@oak.example"], rapport=2, notes="Met at the fair."
        )
    )


def talk(ws: infoint.Workspace) -> infoint.Interview:
    return ws.interviews.schedule(
        ws.interviews.plan(ana(ws)), datetime(2026, 12, 2, 10), format=infoint.MeetingFormat.VIDEO, at=datetime(2026, 10, 30)
    )


def file_in(folder: Path, kind: str) -> Path:
    (path,) = (folder / "default" / kind).glob("*.md")
    return path


FRONTS: dict[str, Edit] = {
    "a blank line above": lambda content: b"\n" + content,
    "a heading above": lambda content: b"# Ana\n\n" + content,
    "a space before it": lambda content: b" " + content,
    "four dashes": lambda content: b"-" + content,
    "its first line gone": lambda content: content.partition(b"\n")[2],
    "line ends of old": lambda content: content.replace(b"\n", b"\r"),
    "both of its lines gone": lambda content: content.replace(b"---\n", b""),
    "a heading above, and written anew by an editor": lambda content: (
        b"# Ana\n" + content.replace(b"infoint: {kind", b"infoint:\n  kind")
    ),
}
GONE: dict[str, Edit] = {
    "all of it": lambda content: content.split(b"\n---\n", 1)[1],
    "all between its lines": lambda content: b"---\n---\n" + content.split(b"\n---\n", 1)[1],
    "its id": lambda content: b"\n".join(line for line in content.split(b"\n") if not line.startswith(b"id:")),
}
PARTS: dict[str, Edit] = {
    "the line above the fences gone": lambda content: content.replace(b"<!-- infoint: data follows.", b""),
    "that line indented": lambda content: content.replace(b"<!-- infoint", b" <!-- infoint"),
    "that line broken in two": lambda content: content.replace(b"data follows. ", b"data follows.\n"),
    "yml": lambda content: content.replace(b"```yaml agenda", b"```yml agenda"),
    "tildes": lambda content: content.replace(b"```", b"~~~"),
    "an indented fence": lambda content: content.replace(b"```yaml agenda", b" ```yaml agenda"),
    "a space in the fence": lambda content: content.replace(b"```yaml agenda", b"``` yaml agenda"),
    "another name": lambda content: content.replace(b"```yaml agenda", b"```yaml Questions"),
    "a fence of four": lambda content: content.replace(b"```yaml agenda", b"````yaml agenda"),
    "the fence gone": lambda content: content[: content.index(b"## Agenda")],
}
MERGE = b"<<<<<<< HEAD\nMet at the fair, liked her.\n=======\nMet at the market.\n>>>>>>> other"
MERGES: dict[str, Edit] = {
    "in the notes": lambda content: content.replace(b"Met at the fair.", MERGE),
    "half mended": lambda content: content.replace(b"Met at the fair.", MERGE.partition(b"\n")[2]),
    "with the line ends of Windows": lambda content: content.replace(b"Met at the fair.", MERGE).replace(b"\n", b"\r\n"),
    "in one of its lines": lambda content: content.replace(b"Met at the fair.", MERGE.replace(b"\n", b"\r\n")),
    "in a remark": lambda content: content + b"\n<!-- infoint: x -->\n<<<<<<< HEAD\n",
    "around the front matter": lambda content: (
        content.replace(b"---\n", b"<<<<<<< HEAD\n---\n", 1) + b"\n=======\n>>>>>>> other\n"
    ),
}


def check_kept(folder: Path, edit: Edit, *, kind: str, problem: str) -> None:
    """With a file so edited: the record is what it was, the file is reported, and nothing that infoint does changes it."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        entity = ana(ws) if kind == "contact" else talk(ws)
        find = ws.contacts.get if kind == "contact" else ws.interviews.get
        path = file_in(folder, kind)
        sound = path.read_bytes()
        broken = edit(sound)
        assert broken != sound
        path.write_bytes(broken)
        assert find(entity.id) == entity
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        (told,) = ws.engine.storage.check()
        assert told.startswith(f"default/{kind}/{path.name}: ")
        assert problem in told
        with pytest.raises(Corrupt, match=path.name):
            (ws.contacts.remove if kind == "contact" else ws.interviews.remove)(entity)  # type: ignore[operator]  # one for each
        assert path.read_bytes() == broken
        path.write_bytes(sound)
        assert (find(entity.id), list(ws.engine.storage.check(deep=True))) == (entity, [])


@pytest.mark.parametrize("form", FRONTS)
def test_front_matter_that_is_none_any_more_keeps_its_record(folder: Path, form: str) -> None:
    """Something above the front matter made text of it: name, e-mails and rapport were gone, and it got a second one on top."""
    check_kept(folder, FRONTS[form], kind="contact", problem="does not begin with its front matter")


@pytest.mark.parametrize("form", FRONTS)
def test_lost_front_matter_is_seen_without_an_index(folder: Path, form: str) -> None:
    """As above, in a clone, or after the index was deleted: a new person came of the file, with another id."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        ana(ws)
    path = file_in(folder, "contact")
    path.write_bytes(FRONTS[form](path.read_bytes()))
    broken = path.read_bytes()
    shutil.rmtree(folder / ".infoint")
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        assert list(ws.contacts.find()) == []
        ws.contacts.add(infoint.Contact(name="Bo Li"))
        (told,) = ws.engine.storage.check()
        assert "does not begin with its front matter" in told
    assert path.read_bytes() == broken


@pytest.mark.parametrize("form", GONE)
def test_front_matter_that_was_deleted_keeps_its_record(folder: Path, form: str) -> None:
    """Whose file it is was deleted with its properties: the record was one that says next to nothing."""
    check_kept(folder, GONE[form], kind="contact", problem="has lost its")


def test_line_that_tells_the_kind_may_be_lost_of_our_own_kinds_alone(folder: Path) -> None:
    """A record of a plugin, whose folder tells no kind, was a deletion when its line was deleted; a contact says enough without."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        entity = ana(ws)
        path = file_in(folder, "contact")
        path.write_bytes(b"\n".join(line for line in path.read_bytes().split(b"\n") if not line.startswith(b"infoint:")))
        assert ws.contacts.get(entity.id) == entity
        assert list(ws.engine.storage.check()) == []
        elsewhere = path.parents[1] / "people" / path.name
        elsewhere.parent.mkdir()
        elsewhere.write_bytes(path.read_bytes().replace(b"---\n\nMet", b"infoint: {kind: contact}\n---\n\nMet"))
        path.unlink()
        assert ws.contacts.get(entity.id).name == "Ana Ruiz"
        elsewhere.write_bytes(elsewhere.read_bytes().replace(b"infoint: {kind: contact}\n", b""))
        assert ws.contacts.get(entity.id).name == "Ana Ruiz"
        (told,) = ws.engine.storage.check()
        assert "has lost its id, or its line infoint" in told


@pytest.mark.parametrize("form", PARTS)
def test_part_that_is_none_any_more_keeps_its_record(folder: Path, form: str) -> None:
    """A formatter or a slip changed a fence: the agenda was empty, or had become notes, and nobody was told."""
    check_kept(
        folder,
        PARTS[form],
        kind="interview",
        problem="a fence without an end" if form == "a fence of four" else "has lost a part, agenda",
    )


@pytest.mark.parametrize("form", MERGES)
def test_merge_that_was_not_finished_keeps_its_record(folder: Path, form: str) -> None:
    """Both sides of a merge, and its marks, became the notes of a talk."""
    check_kept(
        folder,
        MERGES[form],
        kind="contact",
        problem="marks of a merge",
    )


def test_part_may_be_emptied_and_moved(ws: infoint.Workspace, folder: Path) -> None:
    """What a hand did on purpose, in the form that is asked for, is taken for damage."""
    planned = talk(ws)
    path = file_in(folder, "interview")
    content = path.read_bytes()
    fence = content[content.index(b"```yaml agenda\n") + 15 : content.rindex(b"```")]
    path.write_bytes(content.replace(fence, b"[]\n"))
    assert ws.interviews.get(planned.id).agenda == ()
    path.write_bytes(content.replace(b"purpose:", b"agenda: []\npurpose:").split(b"<!--")[0])
    assert ws.interviews.get(planned.id).agenda == ()
    assert list(ws.engine.storage.check()) == []


def test_marks_of_a_merge_may_be_notes(folder: Path) -> None:
    """Somebody's notes about git made their own file one that is not read."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        kept = ana(ws)
        kept = ws.contacts.update(evolve(kept, notes=MERGE.decode(), location=MERGE.decode()))
    shutil.rmtree(folder / ".infoint")
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        assert ws.contacts.get(kept.id) == kept
        path = file_in(folder, "contact")
        path.write_bytes(path.read_bytes().replace(b"rapport: 2", b"rapport: 1"))
        assert (ws.contacts.get(kept.id).rapport, ws.contacts.get(kept.id).notes) == (1, MERGE.decode())
        assert list(ws.engine.storage.check()) == []


def test_file_made_by_hand_may_break_and_be_mended(ws: infoint.Workspace, folder: Path) -> None:
    """A file that never had an id is asked for the one it lost."""
    ana(ws)
    path = file_in(folder, "contact").with_name("Bo Li.md")
    path.write_text("---\nrapport: 1\n---\n")
    (bo,) = [one for one in ws.contacts.find() if one.name == "Bo Li"]
    path.write_text("---\nrapport: [\n---\n")
    assert ws.contacts.get(bo.id).rapport == 1
    path.write_text("A friend.\n")
    assert (ws.contacts.get(bo.id).notes, list(ws.engine.storage.check())) == ("A friend.", [])


def huge(path: Path) -> None:
    """Of eight tebibytes, in no block of the disk: whoever reads it all gets no memory for it."""
    with path.open("wb") as file:
        file.truncate(1 << 43)


def test_huge_file_is_reported_and_all_others_are_read(folder: Path) -> None:
    """One file that memory cannot take, dropped into the folder or grown there, ended every session in a native error."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        entity = ana(ws)
        path = file_in(folder, "contact")
        sound = path.read_bytes()
        huge(path.with_name("video.md"))
        huge(path)
        for _ in range(2):
            assert list(ws.contacts.find()) == [entity]
            assert [problem.partition(": ")[2] for problem in ws.engine.storage.check(deep=True)] == [
                "is larger than 128 MiB"
            ] * 2
        with pytest.raises(Corrupt, match="larger than"):
            ws.contacts.remove(entity)
        bo = ws.contacts.add(infoint.Contact(name="Bo Li"))
        path.write_bytes(sound)
    shutil.rmtree(folder / ".infoint")
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        assert set(ws.contacts.find()) == {entity, bo}


def test_file_that_grew_huge_since_is_a_conflict(folder: Path) -> None:
    """A file that was replaced by a huge one between look and save was written over, or ended in a native error."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        entity = ana(ws)
        path = file_in(folder, "contact")
        with pytest.raises(Conflict), ws.transaction() as unit:
            unit.contacts.update(evolve(entity, organization="Elm Labs"))
            huge(path)
        assert path.stat().st_size == 1 << 43


def test_huge_marks_of_a_vault_are_named(folder: Path) -> None:
    """A native error where the file that is too large is not a record's."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        ana(ws)
        huge(folder / "default" / "_workspace.md")
        assert [problem.partition(" MiB")[0] for problem in ws.engine.storage.check()] == [
            "default/_workspace.md: is larger than 128"
        ]
    huge(folder / "_vault.md")
    with pytest.raises(Corrupt, match="larger than"):
        VaultStorage(folder).open()


def test_move_into_a_vault_writes_over_no_lost_form(folder: Path) -> None:
    """Records that came from another storage were written over a file that had lost its front matter."""
    with infoint.open(VaultStorage(folder), zone="Europe/Madrid") as ws:
        entity = ana(ws)
        path = file_in(folder, "contact")
        with ws.engine.storage.session("default") as session:
            (record,) = [one for one in session.changes("").items if one.kind == "contact"]
        path.write_bytes(GONE["all of it"](path.read_bytes()))
        broken = path.read_bytes()
        for newer in (evolve(record, version=7), evolve(record, version=8, data={}, index={}, text="", deleted=True)):
            with pytest.raises(Corrupt, match="lost its front matter"):
                ws.engine.storage.load("default", [newer])
        assert path.read_bytes() == broken
        assert ws.contacts.get(entity.id) == entity


MENDED = {
    "name emptied": (b"name: Bo Li", b"name:", "has lost its name: write one into its front matter"),
    "name taken away": (b"name: Bo Li\n", b"", "has lost its name: write one into its front matter"),
    "notes above": (b"name: Bo Li\n", b"name: Bo Li\nnotes: Call.\n", "has notes in its front matter as a property: write it below the second '---'"),
    "no YAML": (b"name: Bo Li", b"name: [Bo", "has a part that is no YAML"),
    "merge": (b"name: Bo Li\n", b"<<<<<<< HEAD\nname: Bo Li\n=======\nname: Bo\n>>>>>>> other\n", "<<<<<<<"),
}  # fmt: skip  # one edit a line


@pytest.mark.parametrize("way", MENDED)
def test_edit_that_went_wrong_says_what_to_mend(way: str, tmp_path: Path) -> None:
    """A person without a name was called like the file, digits and all; and who had mistyped was told to restore a backup."""
    old, new, told = MENDED[way]
    with infoint.open(VaultStorage(tmp_path / "vault"), zone="Europe/Madrid") as ws:
        bo = ws.contacts.add(infoint.Contact(name="Bo Li"))
        (path,) = (tmp_path / "vault" / "default" / "contact").glob("bo-li-*.md")
        content = path.read_bytes()
        assert content.count(old) == 1
        path.write_bytes(content.replace(old, new))
        assert [one.name for one in ws.contacts.find()] == ["Bo Li"]
        (problem,) = ws.engine.storage.check()
        assert told in problem
        with pytest.raises(Corrupt, match=r"; mend it by hand; until then it is not overwritten$") as error:
            ws.contacts.update(evolve(bo, title="UX lead"))
        assert told in str(error.value)
        assert "backup" not in str(error.value)
        path.write_bytes(content)
        assert ws.contacts.update(evolve(bo, title="UX lead")).version == 2
