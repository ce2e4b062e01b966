"""`python -m infoint.testing storage URL`: what it reports, and what it leaves alone."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infoint.errors import InvalidValue
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.storage_case import KIND, MOMENT, WORKSPACE, got, put, write
from infoint.testing.storage_command import main
from infoint.testing.storage_places import Places

PLUGIN = """
from infoint import hookimpl
from infoint.errors import StorageError
from infoint.storage.contract import Capability
from infoint.storage.memory import MemorySession, MemoryStorage

PLACES = {}

class Forgetful(MemoryStorage):
    def __init__(self, url):
        super().__init__()
        self.url = url

    def session(self, workspace, *, write=False):
        return super().session(workspace, write=False)

class Talkative(MemoryStorage):
    def __init__(self, url):
        super().__init__()
        self.url = url

    def open(self, **how):
        raise StorageError(f"cannot reach {self.url.rest} with {self.url.options['token']}")

class Sticky(MemoryStorage):
    '''Keeps its workspaces whatever is dropped, for everybody who gives the same name.'''

    def __init__(self, url):
        super().__init__()
        self._shelves = PLACES.setdefault(url.rest, self._shelves)

    def drop_workspace(self, workspace):
        pass

class Acme:
    @hookimpl
    def infoint_register_storages(self, storages):
        storages.add("forgetful", Forgetful)
        storages.add("talkative", Talkative)
        storages.add("sticky", Sticky)
        storages.add("none", lambda url: None)

acme = Acme()
"""


def run(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    (folder / "acme_storages.py").write_text(PLUGIN, encoding="utf-8")
    # Settings of the project from where it is called must not reach it.
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path]), "PYTEST_ADDOPTS": "--maxfail=1"}
    done = subprocess.run(
        [sys.executable, "-m", "infoint.testing", "storage", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert not done.stderr, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def outcomes(report: dict[str, Any], outcome: str) -> dict[str, str]:
    return {test["name"]: test["reason"] for test in report["tests"] if test["outcome"] == outcome}


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite:{folder}/a.db", "sqlite:shared.db", "memory:"])
def test_our_own_storages_pass(tmp_path: Path, url: str) -> None:
    """The command finds fault with what the contract's tests pass, or tests less than they do."""
    code, report = run(tmp_path, url)
    assert (code, outcomes(report, "failed"), outcomes(report, "not run")) == (0, {}, {})
    assert report["counts"]["passed"] > 120


def test_report_says_what_was_tested(tmp_path: Path) -> None:
    """Whoever reads a report does not know of which storage it is, what was skipped, or why."""
    code, report = run(tmp_path, "sqlite:{folder}/a.db", "--only", "tombstone or workspaces or later_versions", "--strict")
    assert code == 0
    assert report["storage"]["scheme"] == "sqlite"
    assert report["storage"]["type"] == "infoint.storage.sqlite.storage.SqliteStorage"
    assert report["storage"]["contract"] == report["contract"] == [1, 0]
    assert set(report["storage"]["capabilities"]) >= {"DURABLE", "SNAPSHOT_READS"}
    assert (report["strict"], report["shared_place"]) == (True, False)
    counts = report["counts"]
    assert counts == {outcome: len(outcomes(report, outcome)) for outcome in counts}
    assert counts["passed"] >= 3
    assert all(test["says"] for test in report["tests"])
    assert all(reason for reason in outcomes(report, "skipped").values())
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".db"]


def test_broken_storage_is_convicted(tmp_path: Path) -> None:
    """The command passes a storage that writes nothing, or does not say what is wrong with it."""
    code, report = run(tmp_path, "forgetful:", "--plugin", "acme_storages:acme", "--only", "tombstone or nothing_has_changed")
    assert code == 1
    failed = outcomes(report, "failed")
    assert (
        "cannot be written" in failed["test_tombstone_is_got_but_empty"]
        or "only reads" in failed["test_tombstone_is_got_but_empty"]
    )
    assert "test_nothing_has_changed_in_the_beginning" in outcomes(report, "passed")
    says = {test["name"]: test["says"] for test in report["tests"]}
    assert says["test_tombstone_is_got_but_empty"].startswith("A deleted record vanished")


@pytest.mark.slow
def test_failure_tells_values(tmp_path: Path) -> None:
    """An author reads "AssertionError" and nothing else."""
    _, report = run(tmp_path, "sticky:{random}", "--plugin", "acme_storages:acme", "--only", "dropped_workspace_is_gone")
    assert "== ['ben']" in outcomes(report, "failed")["test_dropped_workspace_is_gone"]


def test_place_with_records_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tests wrote among somebody's records, or took them away."""
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open(create=True)
    put(storage, write(1), workspace="ana")
    storage.close()
    before = (tmp_path / "a.db").read_bytes()
    assert main(["storage", f"sqlite:{tmp_path}/a.db"]) == 2
    assert "holds workspaces already" in json.loads(capsys.readouterr().out)["problem"]["message"]
    assert (tmp_path / "a.db").read_bytes() == before


@pytest.mark.slow
def test_shared_place_is_empty_again(tmp_path: Path) -> None:
    """What a test left in a shared place made the next one fail, or stayed there for ever."""
    code, report = run(tmp_path, "sqlite:a.db", "--only", "workspaces_are_apart or commits_are_counted or nothing_is_there")
    assert (code, report["shared_place"], report["counts"]["passed"]) == (0, True, 2)
    storage = SqliteStorage(tmp_path / "a.db")
    storage.open()
    assert list(storage.workspaces()) == []
    storage.close()


def test_only_what_a_test_made_is_taken_away(tmp_path: Path) -> None:
    """Somebody who writes into the shared place meanwhile loses it."""
    places = Places(f"sqlite:{tmp_path}/a.db", [], strict=False)
    places.checked(tmp_path)
    watched = places.storage(tmp_path)
    watched.open(create=True)
    put(watched, write(1), workspace="of a test")
    theirs = SqliteStorage(tmp_path / "a.db")
    theirs.open()
    put(theirs, write(1), workspace="theirs")
    watched.close()
    assert places.left(tmp_path) == []
    assert list(theirs.workspaces()) == ["theirs"]
    assert got(theirs, 1, workspace="theirs", kind=KIND) is not None
    theirs.close()


def test_workspace_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """Somebody who makes a workspace meanwhile, under a key that the tests use, has their words in it, or loses it."""
    places = Places(f"sqlite:{tmp_path}/a.db", [], strict=False)
    places.checked(tmp_path)
    theirs = SqliteStorage(tmp_path / "a.db")
    theirs.open()
    put(theirs, write(1))
    watched = places.storage(tmp_path)
    watched.open(create=True)
    (record,) = put(theirs, write(2))
    for call in (
        lambda: put(watched, write(3)),
        lambda: got(watched, 1),
        lambda: watched.load(WORKSPACE, [record]),
        lambda: watched.erase(WORKSPACE, [(KIND, record.id)], updated_at=MOMENT),
        lambda: watched.drop_workspace(WORKSPACE),
    ):
        with pytest.raises(AssertionError, match="somebody else"):
            call()
    put(watched, write(1), workspace="of a test")
    watched.drop_workspace("of a test")
    put(watched, write(1), workspace="of a test")
    watched.close()
    assert places.left(tmp_path) == []
    assert list(theirs.workspaces()) == [WORKSPACE]
    assert [got(theirs, number) is not None for number in (1, 2, 3)] == [True, True, False]
    theirs.close()


@pytest.mark.slow
def test_place_that_cannot_be_cleared_ends_the_run(tmp_path: Path) -> None:
    """Every further test is judged by what an earlier one left."""
    code, report = run(
        tmp_path, "sticky:place", "--plugin", "acme_storages:acme", "--only", "workspaces_are_apart or tombstone"
    )
    assert code == 1
    assert "drop_workspace left" in " ".join(outcomes(report, "failed").values())
    assert report["counts"]["not run"] >= 1


def test_secrets_of_the_url_are_not_reported() -> None:
    """A report that is passed on holds a password."""
    places = Places("memory://kim:tr0ub4dor@db.example/talks?token=s3cr3t-token", [], strict=False)
    text = places.discreet("cannot reach //kim:tr0ub4dor@db.example/talks: kim:tr0ub4dor, tr0ub4dor, s3cr3t-token")
    assert not [secret for secret in ("tr0ub4dor", "s3cr3t", "kim:", "db.example") if secret in text], text


@pytest.mark.parametrize(
    "words",
    [
        ["{url}"],
        ["storage", "memory:", "{url}"],
        ["storage", "memory:", "--plugin", "{url}"],
        ["storage", "{url}"],
        ["storage", "memory:", "--{url}"],
    ],
)
@pytest.mark.parametrize("url", ["postgresql://app:s3cr3t@db/x", "postgresql//app:s3cr3t@db/x", "nope://app:s3cr3t/x"])
def test_url_in_the_wrong_place_tells_no_password(words: list[str], url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen puts a password into the log of whatever runs the tests."""
    with suppress(SystemExit):
        assert main([word.format(url=url) for word in words]) == 2
    told = capsys.readouterr()
    assert told.out + told.err
    assert "s3cr3t" not in told.out + told.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nope:x"], "no-provider"),
        (["sqlite"], "invalid-value"),
        (["none:", "--plugin", "acme_storages:acme"], "plugin"),
        (["memory:", "--plugin", "no_such_module"], "plugin"),
        (["memory:", "--plugin", "acme_storages:nothing"], "plugin"),
        (["sqlite:no-such-folder/a.db"], "not-found"),
        (["talkative:x?token=s3cr3t-token", "--plugin", "acme_storages:acme"], "storage"),
    ],
)  # fmt: skip  # a table
def test_what_cannot_be_tested_says_why(
    tmp_path: Path, words: list[str], code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong command line ends in a traceback, or looks like a storage that passed; or the report holds a secret of the URL."""
    (tmp_path / "acme_storages.py").write_text(PLUGIN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_storages", raising=False)
    assert main(["storage", *words]) == 2
    told = capsys.readouterr().out
    assert json.loads(told)["problem"]["code"] == code
    assert "s3cr3t" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_full_device_is_said(tmp_path: Path) -> None:
    """A report that could not be written is a page of Python, or a success."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "infoint.testing", "storage", "nope:x"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr.decode().count("\n")) == (2, 1)
    assert "standard output" in done.stderr.decode()


@pytest.mark.parametrize("moment", ["infoint.testing.storage_command", "infoint.hooks.host", "pytest"])
def test_interruption_is_no_traceback(tmp_path: Path, moment: str) -> None:
    """Ctrl-C while the command is being loaded prints a page of Python."""
    code = (
        "import runpy, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {moment!r}:\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "sys.argv[1:] = ['storage', 'memory:', '--only', 'workspaces_are_apart']\n"
        "runpy.run_module('infoint.testing', run_name='__main__', alter_sys=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (130, b"", b"")


@pytest.mark.slow
def test_no_test_of_this_name_is_no_success(tmp_path: Path) -> None:
    """A mistyped name of a test looks like a storage that passed."""
    code, report = run(tmp_path, "memory:", "--only", "no_test_has_this_name")
    assert (code, report["problem"]["code"]) == (2, "invalid-value")


def test_places_of_a_url() -> None:
    """Two tests share a place though the URL gave each one of its own, or one test has two places."""
    places = Places("sqlite:{folder}/{random}.db", [], strict=False)
    one, again, other = (places.storage(Path(name)) for name in ("/a", "/a", "/b"))
    assert (places.has_folders, places.shared) == (True, False)
    assert one._path == again._path != other._path  # type: ignore[attr-defined]  # where it is
    with pytest.raises(InvalidValue):
        Places("no url", [], strict=False)
