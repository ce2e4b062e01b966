"""`infoint copy`, `check`, `backup`, `migrate` and `plugins`: what keeps a database well, for people and for scripts."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, ClassVar

import pytest

import infoint
from infoint import Contact, Engine, hookimpl
from infoint.cli import main
from infoint.errors import InfointError, MigrationRequired, NotFound, StorageFull
from infoint.hooks import host
from infoint.storage import Capability, MemoryStorage, Progress, Report, StorageUrl
from infoint.storage.contract import Query, StorageRegistrar, Write
from infoint.storage.sqlite import SqliteStorage
from infoint.testing import Clock

SECRET = "hunter2-canary"


class Run:
    """What `main` did."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *words: object) -> int:
        code = main([str(word) for word in words])
        self.out, self.err = self.capture.readouterr()
        return code


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "campaign.db"
    with Engine(f"sqlite:{path}", clock=Clock(datetime(2026, 12, 2, 15, tzinfo=UTC))) as engine:
        for key in ("default", "kim"):
            ws = engine.workspace(key, zone="America/Chicago")
            ws.interviews.request(ws.interviews.plan(ws.contacts.add(Contact(name="Ana Ruiz"))))
    return path


class Shed(MemoryStorage):
    """A place of a plugin's, whose state is the class's, as that of a server would be."""

    capabilities: ClassVar[Capability] = MemoryStorage.capabilities | Capability.BACKUP | Capability.MIGRATE
    problems: ClassVar[list[str]] = []
    steps: ClassVar[list[str]] = []
    failure: ClassVar[InfointError | None] = None

    def __init__(self, url: StorageUrl) -> None:
        super().__init__()

    def check(self, *, deep: bool = False) -> Sequence[str]:
        return self.problems if deep else self.problems[:1]

    def migrate(self, *, dry_run: bool = False, progress: Report | None = None) -> Sequence[str]:
        taken = list(self.steps)
        if not dry_run:
            self.steps.clear()
        return taken

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        if self.steps:
            raise MigrationRequired(place="shed:")
        super().open(create=create, read_only=read_only)

    def backup(self, destination: BinaryIO, *, progress: Report | None = None) -> None:
        destination.write(b"half of it")
        if progress:
            progress(Progress(1, 2, "pages"))
        if self.failure:
            raise self.failure
        destination.write(b", and the other")


class ShedPlugin:
    @hookimpl
    def infoint_register_storages(self, storages: StorageRegistrar) -> None:
        storages.add("shed", Shed)


class Candidate:
    name, source, revision = "shed", "infoint-shed", "1"

    def load(self) -> object:
        return ShedPlugin()


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin with a storage, as if it were installed."""
    monkeypatch.setattr(host, "candidates", lambda: [Candidate()])
    monkeypatch.setattr(Shed, "problems", [])
    monkeypatch.setattr(Shed, "steps", [])
    monkeypatch.setattr(Shed, "failure", None)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


# ── copy ─────────────────────────────────────────────────────────────────────────────────────────
def test_copy_moves_house(database: Path, tmp_path: Path, run: Run) -> None:
    """A person could not take their history along without writing a program, or a script not read what was done."""
    target = tmp_path / "new.db"
    assert run("copy", database, target, "--json") == 0, run.err
    told = json.loads(run.out)["workspaces"]
    assert [one["workspace"] for one in told] == ["default", "kim"]
    assert all(one["records"] == one["written"] >= 3 and len(one["sha256"]) == 64 for one in told)
    assert run("copy", database, target) == 0
    first = run.out.splitlines()[0]
    assert first.startswith(
        f"default: {told[0]['records']} records, 0 of them written, the same in both (sha256 {told[0]['sha256']})"
    )
    with infoint.open(str(f"sqlite:{target}"), read_only=True) as ws:
        assert [one.name for one in ws.contacts] == ["Ana Ruiz"]
    assert run("copy", database, tmp_path / "some.db", "--workspace", "kim", "--quiet") == 0
    assert (run.out, run.err) == ("", "")
    with Engine(f"sqlite:{tmp_path / 'some.db'}", read_only=True) as engine:
        assert list(engine.workspaces()) == ["kim"]


def test_copy_refuses_what_has_its_own(database: Path, tmp_path: Path, run: Run) -> None:
    """Two histories would be mixed."""
    with infoint.open(f"sqlite:{tmp_path / 'own.db'}", zone="Europe/Madrid") as ws:
        ws.contacts.add(Contact(name="Bo Li"))
    assert run("copy", database, tmp_path / "own.db") == 1
    assert run.err.startswith("infoint: workspace 'default' of the target holds what did not come from the source (")
    assert run.err.count("\n") == 1


def test_a_mistyped_source_leaves_no_target(tmp_path: Path, run: Run) -> None:
    """An empty database would lie about, and be taken for the copy."""
    assert run("copy", tmp_path / "nothing.db", tmp_path / "new.db") == 1
    assert "check the spelling" in run.err
    assert not (tmp_path / "new.db").exists()
    assert run("copy", tmp_path / "nothing.db", tmp_path / "new.db", "--workspace", "x\ny") == 1


def test_what_would_pass_for_a_copy_is_refused(
    database: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody would believe to have a copy: of a file in itself, or in a place that is gone when the command ends."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.db").symlink_to(database)
    (tmp_path / "hard.db").hardlink_to(database)
    for target in (database, f"sqlite:{database}?timeout=1", database.name, f"./x/../{database.name}", "link.db", "hard.db"):
        (tmp_path / "x").mkdir(exist_ok=True)
        assert run("copy", database, target) == 1, target
        assert "is the source itself" in run.err
    assert run("copy", database, "memory:") == 1
    assert "is gone when this command ends" in run.err


@pytest.mark.parametrize(
    ("source", "target", "is_same"),
    [
        ("nowhere://h/db?schema=old", "nowhere://h/db?schema=new", False),
        ("nowhere://h/db", "nowhere://h/db?schema=new", False),
        ("nowhere:///db?host=/a", "nowhere:///db?host=/b", False),
        ("nowhere://h/db?branch=a&timeout=1", "nowhere://h/db?branch=b&timeout=1", False),
        ("nowhere://h/db?schema=s&pool=3", "nowhere://h/db?timeout=9&schema=s", True),
        ("nowhere://h/db?sslmode=require", "nowhere://h/db?user=ana&password=x&keepalives_idle=1", True),
        ("nowhere:folder?schema=old", "nowhere:folder?schema=new", True),
    ],
)
def test_places_on_a_server_are_told_apart_by_their_options(run: Run, source: str, target: str, is_same: bool) -> None:
    """Two places of one server are taken for one, and cannot be copied; or one that is written twice for two."""
    assert run("copy", source, target) == 1
    assert ("is the source itself" in run.err) is is_same, run.err


def test_a_mistyped_workspace_leaves_no_target(database: Path, tmp_path: Path, run: Run) -> None:
    """An empty database would lie about, and be taken for the copy."""
    assert run("copy", database, tmp_path / "new.db", "--workspace", "nope") == 1
    assert "nope" in run.err
    assert not (tmp_path / "new.db").exists()


def test_copy_shows_how_far_it_is_on_a_terminal_only(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log would fill with carriage returns, or somebody at a terminal think it hangs."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert main(["copy", str(database), str(tmp_path / "new.db"), "--quiet"]) == 0
    assert terminal.getvalue() == ""
    assert main(["copy", str(database), str(tmp_path / "newer.db")]) == 0
    assert " records" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("word", ["check", "backup", "migrate", "copy", "due", "export"])
def test_a_secret_in_a_url_is_never_printed(word: str, tmp_path: Path, run: Run, database: Path) -> None:
    """A password would stand in the log of a scheduler."""
    for url in (f"shed://kim:{SECRET}@db.example/x?password={SECRET}&a", f"nothing-like-it://kim:{SECRET}@db.example/x"):
        more = {"backup": [tmp_path / "b"], "copy": [tmp_path / "c.db"]}.get(word, [])
        assert run(word, url, *more, "--plugins") == 1
        assert SECRET not in run.out + run.err
        if word == "copy":
            assert run("copy", database, url, "--plugins") == 1
            assert SECRET not in run.out + run.err
    assert run(word, f"shed:{SECRET}", *more, "--plugins") in {0, 1}
    assert SECRET not in run.out + run.err


# ── check ────────────────────────────────────────────────────────────────────────────────────────
def test_check_says_what_is_wrong(database: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script could not tell a sound database from a damaged one."""
    assert (run("check", database, "--deep"), run.out, run.err) == (0, "", "")
    assert (run("check", database, "--json"), json.loads(run.out)) == (0, {"problems": []})
    monkeypatch.setattr(Shed, "problems", ["one\x1b[31m\nline", "deep down"])
    assert run("check", "shed:", "--plugins") == 4
    assert run.out == "one [31m line\n"
    assert run("check", "shed:", "--plugins", "--deep", "--json") == 4
    assert json.loads(run.out) == {"problems": ["one\x1b[31m\nline", "deep down"]}
    assert run("check", database.with_name("nothing.db")) == 1


def test_check_names_records_that_are_missing(database: Path, run: Run) -> None:
    """Nobody who works from the shell would learn why "[missing]" stands in the calendar, or export would give up because of it."""
    storage = SqliteStorage(str(database))
    storage.open()
    with storage.session("kim", write=True) as session:
        (ana,) = session.query(Query(kind="contact")).items
        key = {"kind": ana.kind, "id": ana.id, "expect": ana.version}
        write = Write(**key, updated_at=ana.updated_at, schema=(1, 0), data={}, index={}, deleted=True)
        session.put_many([write])
        session.commit()
    storage.close()
    assert (run("check", database, "--json"), run.err) == (4, "")
    (problem,) = json.loads(run.out)["problems"]
    assert problem.startswith(f"workspace 'kim': contact {ana.id} is not here, and is named by interview ")
    assert (run("check", database), run.out) == (4, f"{problem}\n")
    assert (run("export", database, "--workspace", "kim"), run.err) == (0, "")
    assert run("due", database, "--workspace", "kim", "--within", "99") == 0
    assert "Ana Ruiz" in run.out


def test_check_of_what_cannot_even_be_opened(database: Path, run: Run) -> None:
    """Damage at the beginning of a file would look like a mistake on the command line."""
    whole = database.read_bytes()
    database.write_bytes(whole[:4_096] + b"\xff" * 4_096 + whole[8_192:])
    assert run("check", database, "--deep") == 4
    assert run.out


# ── backup ───────────────────────────────────────────────────────────────────────────────────────
def test_a_backup_is_whole_or_not_there(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a backup would be taken for one, or take the place of a good one."""
    file = tmp_path / "new" / "b.db"
    assert (run("backup", "shed:", file, "--plugins"), run.out, run.err) == (0, "", "")
    assert file.read_bytes() == b"half of it, and the other"
    assert file.stat().st_mode & 0o077 == 0, "private words, for its owner alone"
    assert run("backup", "shed:", file, "--plugins") == 1
    assert "there is a file already" in run.err
    file.write_bytes(b"good")
    monkeypatch.setattr(Shed, "failure", StorageFull(place="shed:"))
    for more in ([file, "--replace"], [tmp_path / "other.db"]):
        assert run("backup", "shed:", "--plugins", *more) == 1
        assert "no room" in run.err
    assert [one.name for one in sorted(tmp_path.rglob("*")) if one.is_file()] == ["b.db"]
    assert file.read_bytes() == b"good"
    monkeypatch.setattr(Shed, "failure", None)
    assert run("backup", "shed:", file, "--plugins", "--replace") == 0
    assert file.read_bytes() != b"good"


def test_a_backup_of_a_real_database(database: Path, tmp_path: Path, run: Run) -> None:
    """What is needed most on the worst day would be no database, or an older one's log lie beside it."""
    saved = tmp_path / "b.db"
    with infoint.open(f"sqlite:{database}") as ws:  # while it is open, with all of it still in the log
        ws.contacts.add(Contact(name="Bo Li"))
        assert run("backup", f"sqlite:{database}?timeout=1", saved) == 0, run.err
    assert (run("check", saved, "--deep"), run.out) == (0, "")
    with infoint.open(f"sqlite:{saved}", read_only=True) as ws:
        assert [one.name for one in ws.contacts] == ["Ana Ruiz", "Bo Li"]
    assert (run("migrate", saved), run("migrate", saved, "--dry-run"), run.out) == (0, 0, "")
    assert run("copy", saved, tmp_path / "again.db", "--quiet") == 0


def test_a_backup_never_takes_the_place_of_a_database_in_use(database: Path, tmp_path: Path, run: Run) -> None:
    """The file would be changed under its log, and be damaged."""
    for place in (database, f"sqlite:{database}", f"sqlite:{database}?timeout=1"):
        assert run("backup", place, database, "--replace") == 1
        assert "the database itself" in run.err
    other = tmp_path / "other.db"
    with infoint.open(f"sqlite:{other}", zone="Europe/Madrid") as ws:
        assert run("backup", database, other, "--replace") == 1
        assert "somebody has open" in run.err
        assert not list(ws.contacts)
    assert run("backup", database, other, "--replace") == 0


PAUSED = """
import sys, time
from infoint.cli import main
from infoint.cli import progress
from contextlib import contextmanager

@contextmanager
def shown(*, quiet):
    def show(name, done):
        print("now", flush=True)
        time.sleep(0.2 if done.done < done.total else 30)
    yield show

from infoint.cli import upkeep
upkeep.shown = shown
sys.exit(main(sys.argv[1:]))
"""


def test_a_backup_that_is_told_to_end_leaves_nothing(database: Path, tmp_path: Path) -> None:
    """Each time a scheduler's time is up, a copy of all words stays in a folder that nobody looks at, for everybody to read."""
    temporary, there = tmp_path / "temporary", tmp_path / "there"
    temporary.mkdir()
    there.mkdir()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(temporary)}
    words = [sys.executable, "-c", PAUSED, "backup", database, there / "b.db"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, umask=0o022) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"now\n"
        made = [one for folder in (temporary, there) for one in folder.rglob("*") if one.is_file()]
        open_to_others = [one.name for one in made if one.stat().st_mode & 0o077]
        running.send_signal(signal.SIGTERM)
        told = running.stderr.read()
    assert len(made) > 1, "too late to see anything"
    assert (open_to_others, running.returncode, told) == ([], 143, b"")
    assert [*temporary.iterdir(), *there.iterdir()] == []


def test_an_app_keeps_its_way_to_end(run: Run) -> None:
    """A command within a server would change how the server is stopped."""
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert run("plugins") == 0
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    codes = []
    thread = Thread(target=lambda: codes.append(main(["plugins", "--json"])))
    thread.start()
    thread.join()
    assert codes == [0]


def test_a_link_to_a_database_in_use_is_that_database(database: Path, tmp_path: Path, run: Run) -> None:
    """A backup through a link takes the file away under a log that does not lie beside the link."""
    (tmp_path / "real").mkdir()
    other, link = tmp_path / "real" / "other.db", tmp_path / "link.db"
    link.symlink_to(other)
    with infoint.open(f"sqlite:{other}", zone="Europe/Madrid") as ws:
        ws.contacts.add(Contact(name="Bo Li"))
        assert run("backup", database, link, "--replace") == 1
        assert "somebody has open" in run.err
    (tmp_path / "real" / "other.db-journal").write_bytes(b"half a commit")
    assert run("backup", database, link, "--replace") == 1
    with infoint.open(f"sqlite:{other}") as ws:
        assert [one.name for one in ws.contacts] == ["Bo Li"]


def test_a_name_with_a_question_mark_is_the_database_itself(database: Path, tmp_path: Path, run: Run) -> None:
    """What a URL means were read in another way than for opening, and a database be replaced by its own backup."""
    path = database.rename(tmp_path / "q?b.db")
    for place in (path, f"sqlite:{path}?", f"sqlite:{path}?timeout=1"):
        assert run("backup", place, path, "--replace") == 1
        assert "the database itself" in run.err


def test_a_storage_without_backup_says_so(tmp_path: Path, run: Run) -> None:
    """An empty file would be taken for a backup."""
    assert run("backup", "memory:", tmp_path / "b.db") == 1
    assert (
        "does not declare BACKUP: use the database's own tool (as pg_dump), copy the folder, or `infoint copy` it to" in run.err
    )
    assert not list(tmp_path.iterdir())


# ── migrate ──────────────────────────────────────────────────────────────────────────────────────
def test_migrate_says_what_it_does(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older database could not be changed over without a program, or would be by a mere look."""
    monkeypatch.setattr(Shed, "steps", ["index of days", "counts"])
    words = ("migrate", "shed:", "--plugins")
    assert run("check", "shed:", "--plugins") == 1
    assert "migrate" in run.err
    assert (run(*words, "--dry-run"), run.out) == (4, "index of days\ncounts\n")
    assert (run(*words, "--dry-run", "--json"), json.loads(run.out)["steps"]) == (4, ["index of days", "counts"])
    assert (run(*words), run.out) == (0, "index of days\ncounts\n")
    assert (run(*words), run.out) == (0, "")
    assert (run(*words, "--dry-run", "--quiet"), run.out) == (0, "")


# ── plugins ──────────────────────────────────────────────────────────────────────────────────────
def test_who_types_is_told_what_to_type(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at a terminal would be told to call a method of Python."""
    monkeypatch.setattr(Shed, "steps", ["one"])
    for words in (["check"], ["due"], ["backup", tmp_path / "b.db"]):
        assert run(words[0], f"shed://kim:{SECRET}@h/x", *words[1:], "--plugins") == 1
        assert run.err == (
            "infoint: shed:: was written by an older infoint; make a backup and run `infoint migrate shed://…@h/x --plugins`\n"
        )
    assert run("copy", "shed:", tmp_path / "c.db", "--plugins") == 1
    assert "run `infoint migrate DATABASE --plugins`" in run.err
    monkeypatch.setattr(Shed, "steps", [])

    def no_such_shed(self: Shed, **how: bool) -> None:
        raise NotFound("shed", "x", remedy="let it be made with create=True")

    monkeypatch.setattr(Shed, "open", no_such_shed)
    assert run("due", "shed:", "--plugins") == 1
    assert run.err == "infoint: no shed x: check the spelling; a command reads, and makes none\n"


def test_plugins_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could see from outside what is installed, what it offers, or why one is not there."""
    assert run("plugins") == 0
    lines = run.out.splitlines()
    assert lines[0] == "infoint (built in)"
    assert lines[-2:] == ["shed (infoint-shed)", "  storages: shed"]
    assert run("plugins", "--json") == 0
    told = json.loads(run.out)
    assert told["offers"]["storages"] == {"memory": "infoint", "shed": "shed", "sqlite": "infoint"}
    assert told["plugins"][1] == {"name": "shed", "source": "infoint-shed", "hooks": ["infoint_register_storages"]}

    def broken(self: Candidate) -> object:
        raise infoint.errors.PluginError("shed", "", "could not be loaded: ImportError")

    monkeypatch.setattr(Candidate, "load", broken)
    assert run("plugins") == 4
    assert run.out.splitlines()[-1] == "shed (infoint-shed): left out: plugin shed: could not be loaded: ImportError"
    assert run("plugins", "--json") == 4
    assert json.loads(run.out)["failures"][0]["name"] == "shed"


@pytest.mark.parametrize(
    "words",
    ["copy x", "copy x y z", "check", "backup x", "migrate x y", "plugins x", "check x --quick", "copy x y --workspace"],
)
def test_wrong_command_lines_are_told_apart(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen would look like a missing database."""
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    assert "usage: infoint" in capsys.readouterr().err


def test_everything_at_once(database: Path, tmp_path: Path, run: Run) -> None:
    """The commands would each work, and not together: a copy that cannot be checked, or be copied on."""
    steps: list[Callable[[], Any]] = [
        lambda: run("copy", database, tmp_path / "two.db", "--quiet"),
        lambda: run("check", tmp_path / "two.db", "--deep"),
        lambda: run("copy", tmp_path / "two.db", tmp_path / "three.db", "--quiet"),
        lambda: run("due", tmp_path / "three.db", "--today", "2027-01-01"),
    ]
    assert [step() for step in steps] == [0] * 4
    assert "Ana Ruiz" in run.out
    assert SqliteStorage.contract == (1, 0)
