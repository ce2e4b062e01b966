"""Erased stays erased after an older state was restored: the ledger outside the database, and the step that goes by it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

import infoint
from infoint import Contact, Engine, Insight, MeetingFormat, Topic, derive_id
from infoint.errors import CannotWrite, FormatTooNew, InvalidValue, NotFound, NotOurs, ReadOnly
from infoint.storage import Erasure, Key, MemoryStorage
from infoint.testing import Clock
from infoint.workspace.erasure_ledger import ErasureLedger, Forgotten
from infoint.workspace.unit_of_work import UnitOfWork

NAME = "Xiomara Canarybird"
SECRETS = (b"canarybird", b"xiomara", b"their own words", b"likes tea")
DAY = date(2026, 11, 16)
HEAD = '{"infoint": "erasures", "schema": [1, 0]}\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database's own folder, so that all its bytes can be looked at."""
    (folder := tmp_path / "data").mkdir()
    return folder / "ws.db"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger" / "erasures.jsonl"


def engine_on(place: Path, ledger: Path | None, *, read_only: bool = False, plugins: tuple[object, ...] = ()) -> Engine:
    clock = Clock(datetime(2026, 11, 16, 15, tzinfo=UTC))
    return Engine(f"sqlite:{place}", clock=clock, erasures=ledger, read_only=read_only, create=not read_only, plugins=plugins)


def person_in(ws: infoint.Workspace) -> Contact:
    person = ws.contacts.add(
        Contact(name=NAME, emails=["xiomara@canary.example"], notes="Their own words " * 99), external_id="xio"
    )
    talk = ws.interviews.plan(person, notes=f"{NAME} likes tea")
    talk = ws.interviews.hold(
        ws.interviews.schedule(talk, datetime(2026, 11, 10, 10), format=MeetingFormat.PHONE, at=datetime(2026, 11, 9)),
        at=datetime(2026, 11, 10, 11),
    )
    ws.interviews.debrief(
        talk,
        insights=[Insight(f"{NAME} says: writing", Topic.TYPICAL_DAY)],
        surprises="Their own words",
        at=datetime(2026, 11, 10, 12),
    )
    return person


def put_back(backup: Path, place: Path) -> None:
    for beside in place.parent.iterdir():
        beside.unlink()
    shutil.copy(backup, place)


def left_in(folder: Path) -> list[bytes]:
    held = b"".join(path.read_bytes() for path in folder.iterdir()).lower()
    return [secret for secret in SECRETS if secret in held]


@pytest.fixture
def restored(place: Path, ledger: Path, tmp_path: Path) -> UUID:
    """Somebody was saved in a backup and erased, and the backup was put back. Their id."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        person = person_in(ws)
        with (tmp_path / "backup.db").open("wb") as file:
            engine.storage.backup(file)
        ws.contacts.erase(ws.contacts.get(person.id))
    assert left_in(place.parent) == []
    put_back(tmp_path / "backup.db", place)
    assert len(left_in(place.parent)) == len(SECRETS)
    return person.id


def test_erased_stays_erased(place: Path, ledger: Path, restored: UUID) -> None:
    """Somebody who was forgotten would be back with the next backup, and nobody know."""
    before = [path.read_bytes() for path in place.parent.iterdir()]
    with engine_on(place, ledger, read_only=True) as engine:
        assert engine.erase_again(dry_run=True).found == (Forgotten("kim", restored, DAY),)
        with pytest.raises(ReadOnly):
            engine.erase_again()
    assert [path.read_bytes() for path in place.parent.iterdir() if path == place] == before[:1]
    written = ledger.read_bytes()
    with engine_on(place, ledger) as engine:
        report = engine.erase_again()
        assert ledger.read_bytes() == written, "it is noted once"
        assert (report.found, report.absent, report.unknown, report.unreadable) == (
            (Forgotten("kim", restored, DAY),),
            (),
            (),
            (),
        )
        assert any("backups" in place for place in report.remains)
        ws = engine.workspace("kim")
        assert [one.name for one in ws.contacts] == ["[erased]"]
        (talk,) = ws.interviews
        assert [one.text for one in talk.insights] == ["[erased] says: writing"]
        again = engine.erase_again()
        assert (again.found, again.absent) == ((), ())
        assert not engine.storage.check(deep=True)
    assert left_in(place.parent) == []
    assert not [secret for secret in SECRETS if secret in ledger.read_bytes().lower()]


def test_the_ledger_holds_ids_alone(place: Path, ledger: Path, restored: UUID) -> None:
    """What is kept for ever of somebody who asked to be forgotten would be more than it takes."""
    assert (
        ledger.read_text() == HEAD + json.dumps({"contact": str(restored), "erased": "2026-11-16", "workspace": "kim"}) + "\n"
    )
    if os.name == "posix":
        assert ledger.stat().st_mode & 0o077 == 0


def test_it_is_noted_before_it_is_done(place: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the commit and the note: somebody was told that they are erased, and the ledger does not know."""

    def cut_short(_: UnitOfWork) -> None:
        raise KeyboardInterrupt

    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        person = person_in(ws)
        with monkeypatch.context() as patched:
            patched.setattr(UnitOfWork, "commit", cut_short)
            with pytest.raises(KeyboardInterrupt):
                ws.contacts.erase(person)
        assert ws.contacts.get(person.id) == person
        assert [one.contact for one in engine.erase_again().found] == [person.id], "what was begun is finished"
    assert left_in(place.parent) == []


def test_what_cannot_be_noted_is_not_done(place: Path, ledger: Path) -> None:
    """Somebody would be erased until the next backup is put back."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        person = person_in(ws)
        ledger.parent.write_text("in the way")
        with pytest.raises(CannotWrite, match=ledger.name):
            ws.contacts.erase(person)
        assert ws.contacts.get(person.id) == person
        ledger.parent.unlink()
        ws.contacts.erase(person)
        assert [one.contact for one in ErasureLedger(ledger).read().forgotten] == [person.id]


def test_who_was_merged_is_found_by_either_id(place: Path, ledger: Path, tmp_path: Path) -> None:
    """A backup from before the merge would bring back the half that has another id."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        person, double = person_in(ws), ws.contacts.add(Contact(name="Canarybird, Xiomara", notes="Their own words"))
        with (tmp_path / "backup.db").open("wb") as file:
            engine.storage.backup(file)
        ws.contacts.erase(ws.contacts.merge(person, double))
    put_back(tmp_path / "backup.db", place)
    with engine_on(place, ledger) as engine:
        assert {one.contact for one in engine.erase_again().found} == {person.id, double.id}
    assert left_in(place.parent) == []


def test_states_the_ledger_cannot_reach_are_told(place: Path, ledger: Path, tmp_path: Path) -> None:
    """Somebody who is only named in the restored state, or a workspace that is not there, would be passed over without a word."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        ws.contacts.add(Contact(name="Dee Dove", notes=f"Knows {NAME}"))
        with (tmp_path / "backup.db").open("wb") as file:
            engine.storage.backup(file)
        person = person_in(ws)
        ws.contacts.erase(person)
        other = engine.workspace("lee", zone="America/Chicago")
        other.contacts.erase(other.contacts.add(Contact(name=NAME)))
    put_back(tmp_path / "backup.db", place)
    written = ledger.read_bytes()
    with engine_on(place, ledger) as engine:
        report = engine.erase_again()
        assert ledger.read_bytes() == written, "it is noted once"
        assert (report.found, report.unknown) == ((), ("lee",))
        assert [one.contact for one in report.absent] == [person.id]
        assert list(engine.workspaces()) == ["kim"], "asking after a workspace makes none"


def test_who_was_added_again_stays(place: Path, ledger: Path, restored: UUID) -> None:
    """Somebody who came back of their own will, and whom a script adds by the same name, would be erased with the next restored state."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim")
        assert ws.contacts.add(Contact(name=NAME), external_id="xio").id == restored, "what was restored is not added"
        assert len(engine.erase_again().found) == 1
        ws.contacts.add(Contact(name=NAME), external_id="xio")
        assert (engine.erase_again().found, ws.contacts.get(restored).name) == ((), NAME)
        with pytest.raises(ZeroDivisionError), ws.transaction() as tx:
            tx.contacts.remove(ws.contacts.get(restored))
            tx.contacts.add(Contact(name=NAME), external_id="xio")
            raise ZeroDivisionError
        ws.contacts.erase(ws.contacts.get(restored))
        assert [one.contact for one in ErasureLedger(ledger).read().forgotten] == [restored]
    told = [json.loads(line) for line in ledger.read_text().splitlines()[1:]]
    assert [("erased" in line, "added_again" in line) for line in told] == [(True, False), (False, True), (True, False)]


def test_who_was_only_removed_is_nothing_to_the_ledger(place: Path, ledger: Path) -> None:
    """A ledger would be made, or read, for people whom nobody ever erased."""
    with engine_on(place, ledger) as engine:
        ws = engine.workspace("kim", zone="America/Chicago")
        for _ in range(2):
            ws.contacts.remove(ws.contacts.add(Contact(name="Dee Dove"), external_id="dee"))
    assert not ledger.exists()


class Swept(MemoryStorage):
    keys: Collection[Key] = ()

    def erase(self, workspace: str, keys: Collection[Key], *, updated_at: datetime) -> Erasure:
        self.keys = keys
        return super().erase(workspace, keys, updated_at=updated_at)


def test_traces_of_who_is_gone_go_too(ledger: Path) -> None:
    """A backup that was made between the commit and the sweep holds somebody who is in no record any more."""
    with infoint.open(storage := Swept(), zone="America/Chicago", erasures=ledger) as ws:
        person = ws.contacts.add(Contact(name=NAME))
        ws.contacts.erase(person)
        storage.keys = ()
        assert ws.engine.erase_again().found == ()
    assert storage.keys == (Key("contact", person.id),)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────
def ids(number: int) -> list[UUID]:
    return [derive_id("somebody", one) for one in range(number)]


def test_half_a_line_costs_nobody_else(ledger: Path) -> None:
    """An append that was cut short would take the next one with it, or make the whole ledger unreadable, or go unsaid."""
    first, second, third = ids(3)
    book = ErasureLedger(ledger)
    book.note_erased("kim", [first, second], DAY)
    whole = ledger.read_bytes()
    start = whole.rindex(b"{")
    for cut in range(start, len(whole)):
        ledger.write_bytes(whole[:cut])
        noted = book.read()
        kept = [first, second] if cut == len(whole) - 1 else [first]
        assert [one.contact for one in noted.forgotten] == kept
        assert noted.unreadable == ((3,) if start < cut < len(whole) - 1 else ())
        book.note_erased("kim", [third], DAY)
        assert [one.contact for one in book.read().forgotten] == [*kept, third]
        assert book.read().unreadable == noted.unreadable


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"\xff\xfe",
        b'{"workspace": "kim", "erased": "2026-11-16"}',
        b'{"contact": "4711", "erased": "2026-11-16", "workspace": "kim"}',
        b'{"contact": "00000000-0000-4000-8000-000000000000", "erased": "yesterday", "workspace": "kim"}',
        b'{"contact": "00000000-0000-4000-8000-000000000000", "erased": "2026-11-16", "workspace": "k\\u0000"}',
        b"[" * 100_000,
    ],
)
def test_damaged_lines_are_told(ledger: Path, line: bytes) -> None:
    """Damage would end the step before anybody is erased, or be passed over as if nobody had stood there."""
    book = ErasureLedger(ledger)
    book.note_erased("kim", ids(1), DAY)
    ledger.write_bytes(ledger.read_bytes() + line + b"\n\n")
    book.note_erased("kim", ids(2), DAY)
    assert book.read().forgotten == tuple(Forgotten("kim", id, DAY) for id in ids(2)), "each once"
    assert book.read().unreadable == (3,)


@pytest.mark.parametrize("content", [b"", b"{\n", b"SQLite format 3\0", b'{"infoint": "backup"}\n', b"x" * 10_000, b"\xff"])
def test_a_file_of_something_else_is_left_alone(place: Path, ledger: Path, content: bytes) -> None:
    """A slip in the path would write into somebody's file; or show only when somebody asks to be forgotten."""
    ledger.parent.mkdir()
    ledger.write_bytes(content)
    with pytest.raises(NotOurs, match="ledger"):
        engine_on(place, ledger).open()
    book = ErasureLedger(ledger)
    for step in (book.read, lambda: book.note_erased("kim", ids(1), DAY)):
        with pytest.raises(NotOurs):
            step()
    assert ledger.read_bytes() == content
    assert not place.exists()


def test_a_newer_ledger_is_left_alone(ledger: Path) -> None:
    """Lines of a form that means something else would be read, or written among them."""
    ledger.parent.mkdir()
    ledger.write_text(HEAD.replace("1, 0", "2, 0"))
    with pytest.raises(FormatTooNew):
        ErasureLedger(ledger).note_erased("kim", ids(1), DAY)
    ledger.write_text(HEAD.replace("1, 0", "1, 7"))
    ErasureLedger(ledger).note_erased("kim", ids(1), DAY)
    assert len(ErasureLedger(ledger).read().forgotten) == 1


def test_a_ledger_that_is_not_there(place: Path, ledger: Path) -> None:
    """After a restore a mistyped path would mean that nobody was ever erased."""
    with engine_on(place, ledger) as engine, pytest.raises(NotFound, match="erasures"):
        engine.erase_again()
    with engine_on(place, None) as engine, pytest.raises(InvalidValue, match="erasures"):
        engine.erase_again()
    assert not ledger.exists()
    ledger.mkdir(parents=True)
    for step in (ErasureLedger(ledger).read, lambda: ErasureLedger(ledger).note_erased("kim", ids(1), DAY)):
        with pytest.raises(CannotWrite):
            step()
    with pytest.raises(InvalidValue):
        ErasureLedger(b"erasures")  # type: ignore[arg-type]
    with pytest.raises(CannotWrite, match="character"):
        ErasureLedger("erasures\0").demand_ours()


def test_one_ledger_wherever_the_process_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that leaves its folder once it has started would begin another ledger, which nobody looks for."""
    monkeypatch.chdir(tmp_path)
    book = ErasureLedger("erasures.jsonl")
    monkeypatch.chdir(tmp_path.parent)
    book.note_erased("kim", ids(1), DAY)
    assert (tmp_path / "erasures.jsonl").is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_no_ledger(ledger: Path) -> None:
    """Opening it would wait for ever."""
    ledger.parent.mkdir()
    os.mkfifo(ledger)
    with pytest.raises(CannotWrite, match="plain"):
        ErasureLedger(ledger).note_erased("kim", ids(1), DAY)


@pytest.mark.parametrize("step", ["write", "fsync", "open"])
def test_a_disk_that_fails_is_told(ledger: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A note that never reached the disk would pass for one that did."""
    book = ErasureLedger(ledger)
    book.note_erased("kim", ids(1), DAY)

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(CannotWrite, match="No space"):
        book.note_erased("kim", ids(2), DAY)


def test_a_part_that_was_written_is_no_note(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may take a part of what it is given, and say so by a number only."""
    book = ErasureLedger(ledger)
    book.note_erased("kim", ids(1), DAY)
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda handle, piece: write(handle, piece[:20]))
        with pytest.raises(CannotWrite, match="part"):
            book.note_erased("kim", ids(2)[1:], DAY)
    book.note_erased("kim", ids(3)[2:], DAY)
    assert [one.contact for one in book.read().forgotten] == [ids(3)[0], ids(3)[2]]


def test_notes_are_synced(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut after the commit would keep the erasure and lose the note."""
    calls: list[str] = []
    for name in ("write", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: (calls.append(name), real(*given))[1])
    ErasureLedger(ledger).note_erased("kim", ids(1), DAY)
    assert calls[-2:] == ["write", "fsync"]


def test_whoever_appends_meanwhile_is_not_written_over(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the end is would be known before the write, and by then be in the middle."""
    book = ErasureLedger(ledger)
    book.note_erased("kim", ids(1), DAY)
    write = os.write

    def after_another(handle: int, piece: bytes) -> int:
        monkeypatch.setattr(os, "write", write)
        book.note_erased("kim", ids(2), DAY)
        return write(handle, piece)

    monkeypatch.setattr(os, "write", after_another)
    book.note_erased("kim", ids(3)[2:], DAY)
    assert ([one.contact for one in book.read().forgotten], book.read().unreadable) == (ids(3), ())


APPEND = """
import sys
from datetime import date
from infoint import derive_id
from infoint.workspace.erasure_ledger import ErasureLedger
book = ErasureLedger(sys.argv[1])
for number in range(25):
    book.note_erased("kim", [derive_id(sys.argv[2], number)], date(2026, 11, 16))
"""


def test_processes_append_beside_each_other(ledger: Path) -> None:
    """A line of one would be written over by another's, or in the middle of it, or a second head begin the file anew."""
    several = [subprocess.Popen([sys.executable, "-c", APPEND, ledger, name]) for name in "ab"]
    assert [one.wait() for one in several] == [0, 0]
    noted = ErasureLedger(ledger).read()
    assert {one.contact for one in noted.forgotten} == {derive_id(name, number) for name in "ab" for number in range(25)}
    assert (noted.unreadable, ledger.read_text().count("infoint")) == ((), 1)


def test_a_switch_that_is_not_set_erases_nobody(place: Path, ledger: Path, restored: UUID) -> None:
    """An app hands on a setting that is not there, and what was only to be looked at is done."""
    with engine_on(place, ledger) as engine:
        with pytest.raises(InvalidValue, match=r"dry_run: needs bool"):
            engine.erase_again(dry_run=None)  # type: ignore[arg-type]
        assert engine.erase_again(dry_run=True).found == (Forgotten("kim", restored, DAY),)
