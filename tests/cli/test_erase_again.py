"""`infoint erase-again` and `infoint check --erasures`: what is done after a backup was put back."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infoint import Contact, Engine
from infoint.cli import main
from infoint.testing import Clock

NAME = "Xiomara Canarybird"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        return code, *capfd.readouterr()

    return run


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def brought_back(tmp_path: Path, ledger: Path) -> tuple[Path, str]:
    """A database that a backup was put back to, and the id of who had been erased."""
    (folder := tmp_path / "data").mkdir()
    place, backup = folder / "ws.db", tmp_path / "backup.db"
    with Engine(f"sqlite:{place}", clock=Clock(datetime(2026, 11, 16, 15, tzinfo=UTC)), erasures=ledger) as engine:
        ws = engine.workspace("default", zone="America/Chicago")
        person = ws.contacts.add(Contact(name=NAME))
        ws.contacts.add(Contact(name="Dee Dove", notes="Ask Xiomara"))
        with backup.open("wb") as file:
            engine.storage.backup(file)
        ws.contacts.erase(person)
    shutil.copy(backup, place)
    return place, str(person.id)


def test_whom_a_backup_brought_back_is_erased(brought_back: tuple[Path, str], ledger: Path, run: Run) -> None:
    """Whoever puts a backup back would need to write a program to keep a promise, or not be told that one is broken."""
    place, id = brought_back
    before = place.read_bytes()
    code, out, _ = run("check", place, "--erasures", ledger)
    assert (code, out.count("erased on 2026-11-16"), out.count(id)) == (4, 1, 1)
    assert run("check", place)[0] == 0
    code, out, err = run("erase-again", place, ledger, "--dry-run")
    assert (code, out, err) == (4, f"default: contact {id}, erased on 2026-11-16, is here again\n", "")
    assert place.read_bytes() == before
    code, out, err = run("erase-again", place, ledger)
    lines = out.splitlines()
    assert (code, err, lines[0]) == (0, "", f"default: contact {id}, erased on 2026-11-16, was here again and is erased")
    assert "may mention" in lines[1]
    assert any("backups" in line for line in lines[2:])
    assert b"canarybird" not in b"".join(path.read_bytes() for path in place.parent.iterdir()).lower()
    assert run("erase-again", place, ledger) == (0, "", "")
    assert run("check", place, "--erasures", ledger) == (0, "", "")


def test_scripts_are_told(brought_back: tuple[Path, str], ledger: Path, run: Run) -> None:
    """A script could not know whom to look for, nor that a line of the ledger is damaged."""
    place, id = brought_back
    someone = '{"contact": "00000000-0000-4000-8000-000000000001", "erased": "2026-11-16", "workspace": "%s"}\n'
    ledger.write_text(ledger.read_text() + someone % "default" + someone % "lee" + "half a li")
    code, out, err = run("erase-again", place, ledger, "--json")
    told = json.loads(out)
    assert (code, told["dry_run"], told["unknown_workspaces"], told["unreadable_lines"]) == (4, False, ["lee"], [5])
    assert told["found"] == [{"workspace": "default", "contact": id, "erased": "2026-11-16"}]
    assert [one["contact"][-1] for one in told["absent"]] == ["1"]
    assert [one["kind"] for one in told["may_mention"]] == ["contact"]
    assert told["remains"]
    assert err == "infoint: line 5 of the ledger cannot be read: somebody may stand in it\n"
    code, out, err = run("erase-again", place, ledger)
    assert (code, len(out.splitlines())) == (4, 2)
    assert run("erase-again", place, ledger, "--quiet")[1] == ""
    code, out, _ = run("check", place, "--erasures", ledger)
    assert (code, out) == (4, "line 5 of the ledger of erasures cannot be read: somebody may stand in it\n")


def test_slips_are_errors(brought_back: tuple[Path, str], ledger: Path, run: Run) -> None:
    """A mistyped path would look as if nobody had to be erased, or a database be made, or written over."""
    place, _ = brought_back
    for words in ((place, ledger.with_name("erasure.jsonl")), (place, place), (place.with_name("w.db"), ledger)):
        code, out, err = run("erase-again", *words)
        assert (code, out, err.count("\n")) == (1, "", 1)
    assert not place.with_name("w.db").exists()
    with pytest.raises(SystemExit):
        main(["erase-again", str(place), "postgresql://a:b@c.example/d"])
